//! The matrix: who reaches whom, and which networks are linked or can never be, from regions down to machines.
//!
//! Only the cells that can be seen are judged.

mod cells;
mod explain;

use std::ops::Range;

use unicode_width::UnicodeWidthStr;

use super::canvas::shortened;
use super::doc::{Doc, Piece, piece};
use crate::app::Session;
use crate::app::grid::{Depth, Grid, Part};
use cells::{Judge, WIDE};

/// Up to so many columns each names the kind of its link.
const NAMED: usize = 12;
/// Columns of a narrow cell: change, reach and link.
const NARROW: usize = 4;
/// Rows of the sheet that are not rows of the matrix: what is above it, its legend, and the marked cell.
const AROUND: u16 = 11;

/// Writes the matrix into a sheet of so many rows, with the marked cell explained below it.
pub fn write(grid: &Grid, session: &Session, height: u16, doc: &mut Doc) {
    let theme = doc.theme;
    let world = session.world();
    let here = grid.here();
    let count = here.parts.len();
    trail(grid, session, doc);
    let name = here.parts.iter().map(|part| part.title(world).width()).max().unwrap_or(0).clamp(6, 24);
    let lead = name + 6;
    let wide = count <= NAMED && doc.width >= lead + count * WIDE;
    let least = count.min(NAMED) * if wide { WIDE } else { NARROW };
    // Two subnets of one name are told apart by where they lie.
    let place = here.parts.iter().map(|part| part.place(world).width() + 1).max().unwrap_or(0);
    let place = if lead + place + least <= doc.width { place } else { 0 };
    let lead = lead + place;
    let cell_width = if wide { WIDE } else { NARROW };
    let columns = window(here.column, count, doc.width.saturating_sub(lead) / cell_width);
    let rows = window(here.row, count, usize::from(height.saturating_sub(AROUND)).max(4));
    let judge = Judge::of(session, grid, rows.len() * columns.len());
    let mut head: Vec<Piece> = vec![piece(format!("{:<lead$}", hidden(&rows, &columns, count)), theme.dim)];
    for at in columns.clone() {
        let style = if at == here.column { theme.selected } else { theme.title };
        let text = if wide { tag(session, here.parts[at], at) } else { (at + 1).to_string() };
        head.push(piece(format!("{text:<cell_width$}"), style));
    }
    doc.row(head);
    for at in rows {
        let part = here.parts[at];
        let style = if at == here.row { theme.selected } else { theme.text };
        let number = if wide { tag(session, part, at) } else { (at + 1).to_string() };
        let room = i32::try_from(name).unwrap_or(i32::MAX);
        let title = shortened(part.title(world), room).into_owned();
        let pad = " ".repeat(name.saturating_sub(title.width()) + 1);
        let mut line = vec![piece(format!("{number:<4} "), theme.title), piece(title, style), piece(pad, theme.text)];
        if place > 0 {
            line.push(piece(format!("{:<place$}", part.place(world)), theme.dim));
        }
        for other in columns.clone() {
            let (text, mut style) = judge.cell([part, here.parts[other]], wide, theme);
            if at == here.row && other == here.column {
                style = style.patch(theme.selected);
            }
            let pad = cell_width.saturating_sub(text.width());
            line.extend([piece(text, style), piece(" ".repeat(pad), theme.text)]);
        }
        doc.row(line);
    }
    doc.gap();
    doc.para(&judge.legend(here.parts[0]), theme.dim);
    explain::cell(grid, session, &judge, doc);
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
