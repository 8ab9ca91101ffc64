//! The strokes lines are drawn with: kind by weight, state by dashes, and the characters they make in a cell.

use std::collections::HashSet;

use ratatui::style::Style;

use crate::diagram::{Cell, Route};
use crate::topology::LinkKind;
use crate::ui::glyphs::{Glyphs, Line};

#[derive(Clone, Copy)]
pub(super) struct Stroke {
    pub kind: LinkKind,
    pub line: Line,
    pub style: Style,
    /// Whether a line with gaps has one here.
    pub gap: bool,
}

impl Stroke {
    /// The kind whose weight it has in a crossing; dots have none, so they cross like the lightest.
    fn weight(self) -> LinkKind {
        if self.line == Line::Planned { LinkKind::Vpn } else { self.kind }
    }
}

/// The strokes that leave a cell: up, down, left, right.
pub(super) type Arms = [Option<Stroke>; 4];

/// Whether a line has a gap in the so-manieth cell of a straight run. There is no dashed double line: gaps of one and two
/// cells say that it is pending or cut. What is there and carries nothing has a notch in every third cell.
pub(super) const fn has_gap(kind: LinkKind, line: Line, along: usize) -> bool {
    match (kind, line) {
        (_, Line::Blocked) => along % 3 == 2,
        (LinkKind::Peering, Line::Pending) => !along.is_multiple_of(2),
        (LinkKind::Peering, Line::Cut | Line::Half) => !along.is_multiple_of(3),
        _ => false,
    }
}

/// The gaps of a double line, as positions in its cells. There is no dashed double line: gaps of one and two cells say
/// that it is pending or cut. Beside corners, ports and its label there is none, so that no end hangs in the air; a line
/// that is short everywhere has one in the middle of its longest run, so that it never looks solid.
pub(super) fn gaps(route: &Route, stroke: Stroke, cells: &[Cell], crossed: &HashSet<Cell>) -> HashSet<usize> {
    let label = route.label.filter(|label| label.in_line).map(|label| label.rect);
    let beside =
        |cell: Cell| label.is_some_and(|rect| rect.y == cell.1 && [rect.x - 1, rect.right() + 1].contains(&cell.0));
    let straight = |at: usize| {
        let (before, after) = (cells[at - 1], cells[at + 1]);
        before.0 == after.0 || before.1 == after.1
    };
    let joint = |at: usize| at == 0 || at + 1 == cells.len() || !straight(at);
    let (mut found, mut since, mut is_seen) = (HashSet::new(), 0, false);
    let written = |cell: Cell| label.is_some_and(|rect| rect.contains(cell.0, cell.1));
    let (mut longest, mut run) = (0..0, 0..0);
    for (at, own) in cells.iter().enumerate().take(cells.len().saturating_sub(1)).skip(1) {
        since = if joint(at) || joint(at - 1) || beside(*own) { 0 } else { since + 1 };
        if has_gap(stroke.kind, stroke.line, since) && !joint(at + 1) && !written(*own) {
            found.insert(at);
            // At a crossing and beside it the line is drawn all the same.
            is_seen |= !cells[at - 1..=at + 1].iter().any(|cell| crossed.contains(cell));
        }
        let ends = joint(at) || written(*own) || crossed.contains(own);
        run = if ends { at + 1..at + 1 } else { run.start.max(1)..at + 1 };
        if run.len() > longest.len() {
            longest = run.clone();
        }
    }
    let broken = stroke.kind == LinkKind::Peering && has_gap(stroke.kind, stroke.line, 1);
    if broken && !is_seen && longest.len() >= SHORTEST_BROKEN {
        found.insert(longest.start.midpoint(longest.end - 1));
    }
    found
}

/// A run of fewer cells cannot be broken and still be seen to go on.
const SHORTEST_BROKEN: usize = 3;

/// The strokes of a cell, without a gap where the next cell is a crossing: what is crossed must be seen on both sides.
pub(super) fn inked(grid: &[Arms], at: usize, columns: usize) -> Arms {
    let crossing =
        |at: Option<usize>| at.and_then(|at| grid.get(at)).is_some_and(|arms| arms.iter().all(Option::is_some));
    let upright = crossing(at.checked_sub(columns)) || crossing(Some(at + columns));
    let across = crossing(at.checked_sub(1)) || crossing(Some(at + 1));
    let mut arms = grid[at];
    for (nth, arm) in arms.iter_mut().enumerate() {
        if let Some(stroke) = arm.as_mut().filter(|_| if nth < 2 { upright } else { across }) {
            stroke.gap = false;
        }
    }
    arms
}

/// The border of a region where a link runs through it.
pub(super) const fn through(kind: LinkKind, glyphs: &Glyphs) -> char {
    match kind {
        LinkKind::Vpn => '╂',
        LinkKind::Expressroute => '╋',
        LinkKind::Peering => glyphs.frame()[5],
    }
}

/// The arm that leads from one cell to the next, and the arm back.
pub(super) fn direction(from: Cell, to: Cell) -> (usize, usize) {
    match (to.0 - from.0, to.1 - from.1) {
        (0, dy) if dy < 0 => (0, 1),
        (0, _) => (1, 0),
        (dx, _) if dx < 0 => (2, 3),
        _ => (3, 2),
    }
}

pub(super) fn port(kind: LinkKind, towards: usize) -> char {
    let set = match kind {
        LinkKind::Vpn => ['┴', '┬', '┤', '├'],
        LinkKind::Peering => ['╨', '╥', '╡', '╞'],
        LinkKind::Expressroute => ['┸', '┰', '┥', '┝'],
    };
    set[towards]
}

/// The character of a cell by the strokes that leave it.
pub(super) fn cell(arms: &Arms, ascii: bool) -> (char, Style) {
    let [up, down, left, right] = *arms;
    match (up.or(down), left.or(right)) {
        (Some(upright), Some(across)) if up.is_some() && down.is_some() && left.is_some() && right.is_some() => {
            let style = if upright.line > across.line { upright.style } else { across.style };
            // Without a common character the upright one is broken for a cell, unless the other has its gap there.
            let broken = || match (ascii, across.gap) {
                (true, _) => '+',
                (false, true) => straight(upright, true, ascii),
                (false, false) => straight(across, false, ascii),
            };
            (crossing(upright.weight(), across.weight()).unwrap_or_else(broken), style)
        }
        (Some(stroke), Some(_)) => (corner(stroke.kind, down.is_some(), right.is_some()), stroke.style),
        (Some(stroke), None) => (straight(stroke, true, ascii), stroke.style),
        (None, Some(stroke)) => (straight(stroke, false, ascii), stroke.style),
        (None, None) => (' ', Style::new()),
    }
}

/// The character in which two kinds cross; no character joins heavy and double.
fn crossing(upright: LinkKind, across: LinkKind) -> Option<char> {
    use LinkKind::{Expressroute, Peering, Vpn};
    Some(match (upright, across) {
        (Vpn, Vpn) => '┼',
        (Expressroute, Vpn) => '╂',
        (Vpn, Expressroute) => '┿',
        (Expressroute, Expressroute) => '╋',
        (Peering, Vpn) => '╫',
        (Vpn, Peering) => '╪',
        (Peering, Peering) => '╬',
        (Peering, Expressroute) | (Expressroute, Peering) => return None,
    })
}

fn corner(kind: LinkKind, down: bool, right: bool) -> char {
    let set = match kind {
        LinkKind::Vpn => ['┘', '└', '┐', '┌'],
        LinkKind::Peering => ['╝', '╚', '╗', '╔'],
        LinkKind::Expressroute => ['┛', '┗', '┓', '┏'],
    };
    set[usize::from(down) * 2 + usize::from(right)]
}

pub(super) fn straight(stroke: Stroke, upright: bool, ascii: bool) -> char {
    let pick = |across: char, up: char| if upright { up } else { across };
    match (stroke.kind, stroke.line) {
        (LinkKind::Vpn, Line::Blocked) if stroke.gap => pick('╌', '╎'),
        (LinkKind::Expressroute, Line::Blocked) if stroke.gap => pick('╍', '╏'),
        _ if stroke.gap => ' ',
        (LinkKind::Vpn, Line::Connected | Line::Blocked) => pick('─', '│'),
        (LinkKind::Vpn, Line::Pending) => pick('╌', '╎'),
        (LinkKind::Vpn, Line::Cut | Line::Half) => pick('┄', '┆'),
        (LinkKind::Expressroute, Line::Connected | Line::Blocked) => pick('━', '┃'),
        (LinkKind::Expressroute, Line::Pending) => pick('╍', '╏'),
        (LinkKind::Expressroute, Line::Cut | Line::Half) => pick('┅', '┇'),
        // Dots lead nowhere; only plain ASCII has another character for them upright.
        (_, Line::Planned) => {
            if upright && ascii {
                ':'
            } else {
                '·'
            }
        }
        (LinkKind::Peering, _) => pick('═', '║'),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use strum::IntoEnumIterator;

    use super::*;
    use crate::diagram::kind_word;

    const STATES: [Line; 4] = [Line::Connected, Line::Pending, Line::Cut, Line::Blocked];

    /// Six cells of a line, one after the other.
    fn drawn(kind: LinkKind, line: Line, upright: bool, glyphs: Glyphs) -> String {
        let stroke = |along| Stroke { kind, line, style: Style::new(), gap: has_gap(kind, line, along) };
        (0..6).map(|along| glyphs.project(straight(stroke(along), upright, glyphs.is_ascii()))).collect()
    }

    #[test]
    fn twelve_of_twelve_kinds_and_states_differ_in_label_and_in_line_in_both_glyph_sets_m14() {
        let mut table = String::new();
        for (set, glyphs) in [("unicode", Glyphs::unicode()), ("ascii", Glyphs::ascii())] {
            let mut seen: [BTreeMap<String, (LinkKind, Line)>; 3] = Default::default();
            for kind in LinkKind::iter() {
                for state in STATES {
                    let label = format!("{} {}", kind_word(kind), glyphs.link_mark(state));
                    let looks = [label, drawn(kind, state, false, glyphs), drawn(kind, state, true, glyphs)];
                    table += &format!("{set:8} {kind:12} {:13} {} {} {}\n", state.word(), looks[1], looks[2], looks[0]);
                    for (seen, look) in seen.iter_mut().zip(looks) {
                        assert_eq!(seen.insert(look, (kind, state)), None, "{table}");
                    }
                }
            }
            assert_eq!(seen.map(|seen| seen.len()), [12, 12, 12]);
        }
        insta::assert_snapshot!("lines", table);
    }

    #[test]
    fn in_ascii_no_line_of_a_link_looks_like_the_border_of_a_region() {
        let glyphs = Glyphs::ascii();
        let [_, _, _, _, across, upright] = glyphs.frame();
        for (state, is_upright, border) in STATES.into_iter().flat_map(|s| [(s, false, across), (s, true, upright)]) {
            assert!(!drawn(LinkKind::Expressroute, state, is_upright, glyphs).contains(border), "{state:?}");
        }
    }
}
