//! Links as lines: where each one runs, how they cross, and what their labels say.

use std::collections::{HashMap, HashSet};

use ratatui::style::Style;

use super::MapView;
use super::strokes::{Arms, Stroke, cell, direction, gaps, inked, port, through};
use crate::app::facts::Standing;
use crate::diagram::{Boxed, Cell, Item, Label, Layout, Level, Rect, Route, Variant, kind_word};
use crate::topology::{LinkIx, LinkKind, LinkState, Node};
use crate::ui::canvas::Canvas;
use crate::ui::glyphs::Line;

impl MapView<'_> {
    /// How a link is drawn now; nothing if this state does not know it.
    pub(super) fn line(&self, link: LinkIx) -> Option<Line> {
        let now = self.world.links().get(link.at())?;
        let declared = self.world.topology().links.get(link.at());
        let standing = self.before.and_then(|before| before.links().get(link.at()));
        Some(match now.state {
            LinkState::Connected if self.networks.standing(link) != Standing::Carries => Line::Blocked,
            LinkState::Connected => Line::Connected,
            LinkState::Pending => Line::Pending,
            _ if now.is_half() => Line::Half,
            LinkState::Initiated | LinkState::Disconnected | LinkState::NotConnected => Line::Blocked,
            LinkState::Absent
                if declared.is_some_and(|link| link.state == LinkState::Absent)
                    && standing.is_none_or(|link| link.state == LinkState::Absent) =>
            {
                Line::Planned
            }
            // What came and went again leaves no line, once nothing compares with it any more.
            LinkState::Absent if declared.is_none() && standing.is_none_or(|link| link.state == LinkState::Absent) => {
                return None;
            }
            LinkState::Absent => Line::Cut,
        })
    }

    /// The style of a link's label, or of its line, which may be fainter than text.
    pub(super) fn line_style(&self, link: LinkIx, line: Line, is_text: bool) -> Style {
        let own = match line {
            Line::Connected => self.theme.connected,
            Line::Blocked | Line::Half => self.theme.blocked,
            Line::Pending => self.theme.pending,
            Line::Cut | Line::Planned if is_text => self.theme.cut,
            Line::Cut | Line::Planned => self.theme.cut_line,
        };
        match self.matches {
            Some(matches) if !matches.contains(&Item::Link(link)) => self.theme.dim,
            _ => own,
        }
    }

    /// The routes to draw with their state, what is up last and so on top.
    fn drawn<'l>(&self, layout: &'l Layout) -> Vec<(&'l Route, LinkIx, Line)> {
        let known = layout.routes.iter().filter_map(|route| Some((route, route.link?)));
        let mut drawn: Vec<_> = known.filter_map(|(route, link)| Some((route, link, self.line(link)?))).collect();
        drawn.sort_by_key(|(_, _, line)| *line);
        drawn
    }

    /// The state of a link in a word or two, as far as its line says it.
    fn state_word(&self, link: LinkIx, line: Line) -> &'static str {
        match line {
            Line::Half | Line::Blocked => self.networks.standing(link).short(),
            _ => line.word(),
        }
    }

    pub(super) fn kind(&self, link: LinkIx) -> LinkKind {
        self.world.link(link).kind
    }
}

/// A link that is drawn.
struct Drawn<'l> {
    route: &'l Route,
    link: LinkIx,
    line: Line,
    cells: Vec<Cell>,
}

/// The links of a state that can be seen whole, and how many others end at each box.
#[derive(Default)]
pub(super) struct Seen<'l> {
    drawn: Vec<Drawn<'l>>,
    /// The cells in which two of them cross.
    crossed: HashSet<Cell>,
    counts: HashMap<Node, usize>,
}

impl<'l> Seen<'l> {
    /// Where two links that exclude each other share a track, the one that is up is seen, and the other is counted.
    pub fn of(layout: &'l Layout, view: &MapView) -> Self {
        let mut taken: HashMap<Cell, u8> = HashMap::new();
        let mut seen = Self::default();
        if layout.level == Level::Rows {
            return seen;
        }
        for (route, link, line) in view.drawn(layout).into_iter().rev() {
            let cells = route.cells();
            let uses = |at: usize| -> u8 {
                let before = at.checked_sub(1).map(|at| cells[at]);
                match (before, cells.get(at + 1)) {
                    (Some(before), Some(after)) if before.1 == after.1 => 1,
                    (Some(before), Some(after)) if before.0 == after.0 => 2,
                    _ => 3,
                }
            };
            let shared = (0..cells.len()).any(|at| taken.get(&cells[at]).is_some_and(|used| used & uses(at) != 0));
            if shared || cells.is_empty() {
                for end in route.ends {
                    *seen.counts.entry(end).or_default() += 1;
                }
                continue;
            }
            for (at, cell) in cells.iter().enumerate() {
                let used = taken.entry(*cell).or_default();
                if *used != 0 {
                    seen.crossed.insert(*cell);
                }
                *used |= uses(at);
            }
            seen.drawn.push(Drawn { route, link, line, cells });
        }
        seen
    }

    /// How many cells text on a border may take, from the beginning of its row: all, or as many as leave a cell of border
    /// before the first port or the count of links.
    pub fn room(&self, rect: Rect, boxed: &Boxed) -> i32 {
        let ports = self.drawn.iter().flat_map(|drawn| drawn.cells.first().into_iter().chain(drawn.cells.last()));
        let ports = ports.filter(|port| port.1 == rect.y && rect.contains(port.0, port.1)).map(|port| port.0);
        let count = self.counts.get(&boxed.node).map(|_| count_place(boxed)).filter(|place| place.1 == rect.y);
        ports.chain(count.map(|place| place.0)).min().map_or(rect.width, |first| first - rect.x - 1)
    }
}

/// Where the count of links without a line begins: on the bottom border, between the ports to the box below.
fn count_place(boxed: &Boxed) -> Cell {
    ((boxed.rect.right() - 10).max(boxed.rect.x), boxed.rect.bottom())
}

/// Draws every link that has a track.
pub(super) fn routes(canvas: &mut Canvas, layout: &Layout, view: &MapView, seen: &Seen) {
    let (left, top, width, height) = canvas.window();
    let columns = usize::try_from(width).unwrap_or(0);
    let mut grid: Vec<Arms> = vec![[None; 4]; columns * usize::try_from(height).unwrap_or(0)];
    let place = |x: i32, y: i32| -> Option<usize> {
        let (x, y) = (x - left, y - top);
        ((0..width).contains(&x) && (0..height).contains(&y))
            .then(|| usize::try_from(y).unwrap_or(0) * columns + usize::try_from(x).unwrap_or(0))
    };
    let mut ports = Vec::new();
    for Drawn { route, link, line, cells } in &seen.drawn {
        let (link, line) = (*link, *line);
        let style = emphasised(view, link, view.line_style(link, line, false));
        let stroke = Stroke { kind: view.kind(link), line, style, gap: false };
        let gaps = gaps(route, stroke, cells, &seen.crossed);
        for (nth, pair) in cells.windows(2).enumerate() {
            let (out, back) = direction(pair[0], pair[1]);
            for (nth, cell, arm) in [(nth, pair[0], out), (nth + 1, pair[1], back)] {
                if let Some(at) = place(cell.0, cell.1) {
                    grid[at][arm] = Some(Stroke { gap: gaps.contains(&nth), ..stroke });
                }
            }
        }
        if let [first, second, ..] = cells[..] {
            ports.push((first, direction(first, second).0, stroke));
        }
        if let [.., second, last] = cells[..] {
            ports.push((last, direction(last, second).0, stroke));
        }
    }
    let borders: Vec<i32> = layout.frames.iter().flat_map(|frame| [frame.rect.x, frame.rect.right()]).collect();
    for (at, arms) in grid.iter().enumerate() {
        if arms.iter().all(Option::is_none) {
            continue;
        }
        let x = left + i32::try_from(at % columns).unwrap_or(0);
        let y = top + i32::try_from(at / columns).unwrap_or(0);
        let on_border = borders.contains(&x)
            && layout
                .frames
                .iter()
                .any(|frame| frame.rect.contains(x, y) && [frame.rect.x, frame.rect.right()].contains(&x));
        let (symbol, style) = match (on_border, arms[2].or(arms[3])) {
            (true, Some(stroke)) => (through(stroke.kind, view.glyphs), view.theme.dim),
            _ => cell(&inked(&grid, at, columns), view.glyphs.is_ascii()),
        };
        canvas.put(x, y, symbol, style);
    }
    for ((x, y), towards, stroke) in ports {
        canvas.put(x, y, port(stroke.kind, towards), stroke.style);
    }
}

fn emphasised(view: &MapView, link: LinkIx, style: Style) -> Style {
    if view.selected(Item::Link(link)) { style.patch(view.theme.title) } else { style }
}

/// Writes kind, state and change of every link that can be seen.
pub(super) fn labels(canvas: &mut Canvas, view: &MapView, seen: &Seen) {
    for drawn in &seen.drawn {
        let Some(label) = drawn.route.label else { continue };
        let (link, line) = (drawn.link, drawn.line);
        let text = label_text(view, link, line, label);
        let style = view.style(Item::Link(link), view.line_style(link, line, true));
        let wide = i32::try_from(text.chars().count()).unwrap_or(0);
        let x = if label.from_right { label.rect.right() + 1 - wide } else { label.rect.x };
        let x = if label.in_line { label.rect.x + (label.rect.width - wide).max(0) / 2 } else { x };
        canvas.text(x, label.rect.y, label.rect.width, &text, style);
    }
}

fn label_text(view: &MapView, link: LinkIx, line: Line, label: Label) -> String {
    let (now, before) = view.live(link);
    let change = MapView::change(now, before);
    let mark = view.glyphs.link_mark(line);
    let word = kind_word(view.kind(link));
    let state = view.state_word(link, line);
    let body = match label.variant {
        Variant::Letter => format!("{}{mark}", &word[..1]),
        Variant::Short => format!("{word}{mark}"),
        Variant::Spaced => format!("{word} {mark}"),
        Variant::Long => format!("{word} {mark} {state}"),
    };
    let padded = label.in_line && label.variant >= Variant::Spaced;
    let end = if padded && !view.glyphs.is_ascii() { " " } else { "" };
    match change {
        Some(change) => format!("{change}{body}{end}"),
        None if padded => format!(" {body}{end}"),
        None => body,
    }
}

/// Counts the links without a line at the boxes they end in.
pub(super) fn stubs(canvas: &mut Canvas, layout: &Layout, view: &MapView, seen: &Seen) {
    for (node, count) in &seen.counts {
        let Some(boxed) = layout.boxed(*node).filter(|boxed| boxed.level > Level::Rows) else { continue };
        let (x, y) = count_place(boxed);
        canvas.text(x, y, boxed.rect.width.min(8), &format!("▼{count} more"), view.theme.changed);
    }
}
