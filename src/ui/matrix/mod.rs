//! The matrix: who reaches whom, and which networks are linked or can never be, from regions down to machines.
//!
//! Only the cells that can be seen are judged.

mod cells;
mod explain;

use std::collections::HashSet;
use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::canvas::shortened;
use super::doc::{Doc, Piece, piece};
use super::{Look, sheet};
use crate::app::grid::{Depth, Grid, Part};
use crate::app::pointing::{Hit, Means};
use crate::app::{Action, Session};
use crate::world::World;
use cells::{Judge, WIDE};

/// Up to so many columns each names the kind of its link.
const NAMED: usize = 12;
/// Columns of a number or tag, with the space behind it.
const NUMBER: usize = 5;
/// So many pairs of machines are judged for the sheet, and for the matrix under the map, which is drawn in every frame.
const BUDGET: usize = 60_000;
const DOCKED_BUDGET: usize = 4_000;
/// Columns of a narrow cell: change, reach and link.
const NARROW: usize = 4;
/// Rows of the sheet that are not rows of the matrix: what is above it, its legend, and the marked cell.
const AROUND: u16 = 11;

/// Writes the matrix into a sheet of so many rows, with the marked cell explained below it.
pub fn write(grid: &Grid, session: &Session, height: u16, doc: &mut Doc) {
    let here = grid.here();
    trail(grid, session, doc);
    let rows = usize::from(height.saturating_sub(AROUND)).max(4);
    let shape = Shape::of(here, session.world(), doc.width, rows);
    let judge = Judge::of(session, grid, &shape.seen(here), shape.cells(), BUDGET);
    table(session, here, &judge, &shape, (Some(here.row), Some(here.column)), doc);
    doc.gap();
    doc.para(&judge.legend(here.parts[0]), doc.theme.dim);
    explain::cell(grid, session, &judge, doc);
}

/// The matrix of all networks under the map of a large screen, with the selected network marked; a click opens it.
pub fn docked(session: &Session, look: &Look, buffer: &mut Buffer, area: Rect) -> Vec<Hit> {
    let world = session.world();
    if area.width < 24 || area.height < 5 {
        return Vec::new();
    }
    let Some(grid) = Grid::networks(world, session.node()) else { return Vec::new() };
    let here = grid.here();
    let rows = usize::from(area.height) - 4;
    let shape = Shape::of(here, world, usize::from(area.width) - 4, rows);
    let judge = Judge::of(session, &grid, &shape.seen(here), shape.cells(), DOCKED_BUDGET);
    let partial = shape.pairs(here).any(|[a, b]| a != b && judge.is_partial([a, b]));
    let title = if partial { "Who reaches whom, by samples" } else { "Who reaches whom" };
    let inner = sheet(buffer, area, title, look.theme.dim);
    let mut doc = Doc::new(inner.width, &look.theme);
    let marked = session.node().map(|_| here.row);
    table(session, here, &judge, &shape, (marked, marked), &mut doc);
    let key = session.keymap.told("{matrix} opens it");
    doc.para(&format!("● both ways  ◑ some  × none  ✓✗ link  ≠ same address · {key}"), look.theme.dim);
    doc.draw(buffer, inner, 0);
    let hit = |y: u16| Hit { x: area.x, y, width: area.width, means: Means::Act(Action::Matrix) };
    (area.y..area.bottom()).map(hit).collect()
}

/// What of a matrix can be seen, and how it is divided.
struct Shape {
    /// Cells of a name, and of a place behind it.
    name: usize,
    place: usize,
    wide: bool,
    count: usize,
    rows: Range<usize>,
    columns: Range<usize>,
}

impl Shape {
    /// What fits `width` cells and so many rows, with the marked cell in view.
    fn of(here: &Depth, world: &World, width: usize, rows: usize) -> Self {
        let count = here.parts.len();
        let name = here.parts.iter().map(|part| part.title(world).width()).max().unwrap_or(0).clamp(6, 24);
        let lead = name + NUMBER + 1;
        let wide = count <= NAMED && width >= lead + count * WIDE;
        let least = count.min(NAMED) * if wide { WIDE } else { NARROW };
        // Two subnets of one name are told apart by where they lie.
        let place = here.parts.iter().map(|part| part.place(world).width() + 1).max().unwrap_or(0);
        let place = if lead + place + least <= width { place } else { 0 };
        let cell = if wide { WIDE } else { NARROW };
        let columns = window(here.column, count, width.saturating_sub(lead + place) / cell);
        Self { name, place, wide, count, rows: window(here.row, count, rows), columns }
    }

    fn lead(&self) -> usize {
        self.name + NUMBER + 1 + self.place
    }

    fn cell(&self) -> usize {
        if self.wide { WIDE } else { NARROW }
    }

    fn cells(&self) -> usize {
        self.rows.len() * self.columns.len()
    }

    /// The parts in these rows and columns.
    fn seen(&self, here: &Depth) -> HashSet<Part> {
        self.rows.clone().chain(self.columns.clone()).map(|at| here.parts[at]).collect()
    }

    fn pairs<'a>(&'a self, here: &'a Depth) -> impl Iterator<Item = [Part; 2]> + 'a {
        self.rows
            .clone()
            .flat_map(move |row| self.columns.clone().map(move |column| [here.parts[row], here.parts[column]]))
    }
}

/// Writes the header and the rows that can be seen; a marked row and column stand out.
fn table(
    session: &Session,
    here: &Depth,
    judge: &Judge,
    shape: &Shape,
    (marked, across): (Option<usize>, Option<usize>),
    doc: &mut Doc,
) {
    let theme = doc.theme;
    let world = session.world();
    let (lead, cell) = (shape.lead(), shape.cell());
    let number = |part: Part, at: usize| if shape.wide { tag(session, part, at) } else { (at + 1).to_string() };
    let seen = hidden(&shape.rows, &shape.columns, shape.count);
    let mut head: Vec<Piece> = vec![piece(format!("{seen:<lead$}"), theme.dim)];
    for at in shape.columns.clone() {
        let style = if Some(at) == across { theme.selected } else { theme.title };
        let tag = number(here.parts[at], at);
        let pad = " ".repeat(cell.saturating_sub(tag.width()));
        head.extend([piece(tag, style), piece(pad, theme.text)]);
    }
    doc.row(head);
    for at in shape.rows.clone() {
        let part = here.parts[at];
        let style = if Some(at) == marked { theme.selected } else { theme.text };
        let title = shortened(part.title(world), i32::try_from(shape.name).unwrap_or(i32::MAX)).into_owned();
        let pad = " ".repeat(shape.name.saturating_sub(title.width()) + 1);
        let number = format!("{:<1$} ", number(part, at), NUMBER - 1);
        let mut line = vec![piece(number, theme.title), piece(title, style), piece(pad, theme.text)];
        if shape.place > 0 {
            line.push(piece(format!("{:<1$}", part.place(world), shape.place), theme.dim));
        }
        for other in shape.columns.clone() {
            let (text, mut style) = judge.cell([part, here.parts[other]], shape.wide, theme);
            if Some(at) == marked && Some(other) == across {
                style = style.patch(theme.selected);
            }
            let pad = cell.saturating_sub(text.width());
            line.extend([piece(text, style), piece(" ".repeat(pad), theme.text)]);
        }
        doc.row(line);
    }
}

/// How the present level was reached.
fn trail(grid: &Grid, session: &Session, doc: &mut Doc) {
    let world = session.world();
    let networks = world.vnets().len() + world.sites().len();
    // The level of all networks is reached without choosing a region.
    let whole = |level: &Depth| matches!(level.parts[..], [Part::Network(_), ..]) && level.parts.len() == networks;
    let skipped = usize::from(grid.levels.get(1).is_some_and(whole));
    let mut text = if skipped > 0 { "all networks" } else { "all regions" }.to_owned();
    for level in grid.levels.iter().take(grid.levels.len() - 1).skip(skipped) {
        let [row, column] = level.cell().map(|part| part.title(world));
        text += &match row == column {
            true => format!(" › {row}"),
            false => format!(" › {row} × {column}"),
        };
    }
    doc.para(&text, doc.theme.title);
}

/// The part of a long list that can be seen, with the marked one in the middle.
fn window(marked: usize, count: usize, room: usize) -> Range<usize> {
    let room = room.max(1);
    let first = if count <= room { 0 } else { marked.saturating_sub(room / 2).min(count - room) };
    first..count.min(first + room)
}

/// How much of the matrix is seen, where that is not all.
fn hidden(rows: &Range<usize>, columns: &Range<usize>, count: usize) -> String {
    match rows.len() < count || columns.len() < count {
        true => format!("{}–{} of {count}", rows.start + 1, rows.end),
        false => String::new(),
    }
}

/// A short name for a column: a letter for what it is, and its place.
fn tag(session: &Session, part: Part, at: usize) -> String {
    use crate::topology::{Node, Side};
    let world = session.world();
    let letter = match part {
        Part::Region(_) => 'G',
        Part::Network(Node::Site(_)) => 'P',
        Part::Network(Node::Vnet(vnet)) if world.vnet(vnet).recovers.is_some() => 'R',
        Part::Network(Node::Vnet(vnet)) if world.regions()[world.vnet(vnet).region.at()].side == Side::Source => 'S',
        Part::Network(Node::Vnet(_)) => 'V',
        Part::Subnet(_) => 'N',
        Part::Vm(_) => 'M',
    };
    format!("{letter}{}", at + 1)
}
