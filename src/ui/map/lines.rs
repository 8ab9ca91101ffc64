//! Links as lines: kind by weight, state by dashes, crossings at right angles, labels with kind word and state mark.

use std::collections::HashMap;

use ratatui::style::Style;

use super::MapView;
use crate::app::facts::standing;
use crate::diagram::{Cell, Item, Label, Layout, Route, Variant, kind_word};
use crate::topology::{LinkIx, LinkKind, LinkState};
use crate::ui::canvas::Canvas;
use crate::ui::glyphs::Line;

#[derive(Clone, Copy)]
struct Stroke {
    kind: LinkKind,
    line: Line,
    style: Style,
}

/// The strokes that leave a cell: up, down, left, right.
type Arms = [Option<Stroke>; 4];

impl MapView<'_> {
    /// How a link is drawn now; nothing if this state does not know it.
    pub(super) fn line(&self, link: LinkIx) -> Option<Line> {
        let now = self.world.links().get(link.at())?;
        let declared = self.world.topology().links.get(link.at());
        let standing = self.before.and_then(|before| before.links().get(link.at()));
        Some(match now.state {
            LinkState::Connected if !self.world.carries(link) || self.world.is_shadowed(link) => Line::Blocked,
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
    fn line_style(&self, link: LinkIx, line: Line, is_text: bool) -> Style {
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
            Line::Half | Line::Blocked => standing(self.world, link).short(),
            _ => line.word(),
        }
    }

    fn kind(&self, link: LinkIx) -> LinkKind {
        self.world.link(link).kind
    }
}

/// The routes that can be seen whole: where two that exclude each other share a track, the one that is up.
fn visible<'l>(view: &MapView, layout: &'l Layout) -> Vec<(&'l Route, LinkIx, Line, Vec<Cell>)> {
    let mut taken: HashMap<Cell, u8> = HashMap::new();
    let mut out = Vec::new();
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
        let hidden = (0..cells.len()).any(|at| taken.get(&cells[at]).is_some_and(|used| used & uses(at) != 0));
        if hidden {
            continue;
        }
        for (at, cell) in cells.iter().enumerate() {
            *taken.entry(*cell).or_default() |= uses(at);
        }
        out.push((route, link, line, cells));
    }
    out
}

/// Draws every link that has a track.
pub(super) fn routes(canvas: &mut Canvas, layout: &Layout, view: &MapView) {
    let (left, top, width, height) = canvas.window();
    let columns = usize::try_from(width).unwrap_or(0);
    let mut grid: Vec<Arms> = vec![[None; 4]; columns * usize::try_from(height).unwrap_or(0)];
    let place = |x: i32, y: i32| -> Option<usize> {
        let (x, y) = (x - left, y - top);
        ((0..width).contains(&x) && (0..height).contains(&y))
            .then(|| usize::try_from(y).unwrap_or(0) * columns + usize::try_from(x).unwrap_or(0))
    };
    let mut ports = Vec::new();
    for (_, link, line, cells) in visible(view, layout) {
        let stroke =
            Stroke { kind: view.kind(link), line, style: emphasised(view, link, view.line_style(link, line, false)) };
        for pair in cells.windows(2) {
            let (out, back) = direction(pair[0], pair[1]);
            if let Some(at) = place(pair[0].0, pair[0].1) {
                grid[at][out] = Some(stroke);
            }
            if let Some(at) = place(pair[1].0, pair[1].1) {
                grid[at][back] = Some(stroke);
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
            (true, Some(stroke)) => {
                let through = match stroke.kind {
                    LinkKind::Vpn => '╂',
                    LinkKind::Expressroute => '╋',
                    LinkKind::Peering => view.glyphs.frame()[5],
                };
                (through, view.theme.dim)
            }
            _ => cell(arms, x, y),
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

/// The arm that leads from one cell to the next, and the arm back.
fn direction(from: Cell, to: Cell) -> (usize, usize) {
    match (to.0 - from.0, to.1 - from.1) {
        (0, dy) if dy < 0 => (0, 1),
        (0, _) => (1, 0),
        (dx, _) if dx < 0 => (2, 3),
        _ => (3, 2),
    }
}

fn port(kind: LinkKind, towards: usize) -> char {
    let set = match kind {
        LinkKind::Vpn => ['┴', '┬', '┤', '├'],
        LinkKind::Peering => ['╨', '╥', '╡', '╞'],
        LinkKind::Expressroute => ['┸', '┰', '┥', '┝'],
    };
    set[towards]
}

/// The character of a cell by the strokes that leave it.
fn cell(arms: &Arms, x: i32, y: i32) -> (char, Style) {
    let [up, down, left, right] = *arms;
    match (up.or(down), left.or(right)) {
        (Some(upright), Some(across)) if up.is_some() && down.is_some() && left.is_some() && right.is_some() => {
            let style = if upright.line > across.line { upright.style } else { across.style };
            (crossing(upright.kind, across.kind), style)
        }
        (Some(stroke), Some(_)) => (corner(stroke.kind, down.is_some(), right.is_some()), stroke.style),
        (Some(stroke), None) => (straight(stroke, true, y), stroke.style),
        (None, Some(stroke)) => (straight(stroke, false, x), stroke.style),
        (None, None) => (' ', Style::new()),
    }
}

fn crossing(upright: LinkKind, across: LinkKind) -> char {
    use LinkKind::{Expressroute, Peering, Vpn};
    match (upright, across) {
        (Vpn, Vpn) => '┼',
        (Expressroute, Vpn) => '╂',
        (Vpn, Expressroute) => '┿',
        (Expressroute, Expressroute) => '╋',
        (Peering, Vpn) => '╫',
        (Vpn, Peering) => '╪',
        (Peering, Peering) => '╬',
        // No character joins heavy and double: the upright one is broken for a cell.
        (Peering, Expressroute) => '━',
        (Expressroute, Peering) => '═',
    }
}

fn corner(kind: LinkKind, down: bool, right: bool) -> char {
    let set = match kind {
        LinkKind::Vpn => ['┘', '└', '┐', '┌'],
        LinkKind::Peering => ['╝', '╚', '╗', '╔'],
        LinkKind::Expressroute => ['┛', '┗', '┓', '┏'],
    };
    set[usize::from(down) * 2 + usize::from(right)]
}

fn straight(stroke: Stroke, upright: bool, along: i32) -> char {
    let pick = |across: char, up: char| if upright { up } else { across };
    // What is there and carries nothing is a line with a notch in every third cell.
    let whole = along.rem_euclid(3) != 2;
    match (stroke.kind, stroke.line) {
        (LinkKind::Vpn, Line::Connected) => pick('─', '│'),
        (LinkKind::Vpn, Line::Blocked) if whole => pick('─', '│'),
        (LinkKind::Vpn, Line::Pending | Line::Blocked) => pick('╌', '╎'),
        (LinkKind::Vpn, Line::Cut | Line::Half) => pick('┄', '┆'),
        (LinkKind::Expressroute, Line::Connected) => pick('━', '┃'),
        (LinkKind::Expressroute, Line::Blocked) if whole => pick('━', '┃'),
        (LinkKind::Expressroute, Line::Pending | Line::Blocked) => pick('╍', '╏'),
        (LinkKind::Expressroute, Line::Cut | Line::Half) => pick('┅', '┇'),
        (_, Line::Planned) => '·',
        (LinkKind::Peering, line) => {
            // There is no dashed double line: gaps of one and two cells.
            let drawn = match line {
                Line::Connected => true,
                Line::Blocked => whole,
                Line::Pending => along.rem_euclid(2) == 0,
                _ => along.rem_euclid(3) == 0,
            };
            if drawn { pick('═', '║') } else { ' ' }
        }
    }
}

/// Writes kind, state and change of every link that can be seen.
pub(super) fn labels(canvas: &mut Canvas, layout: &Layout, view: &MapView) {
    for (route, link, line, _) in visible(view, layout) {
        let Some(label) = route.label else { continue };
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
        Variant::Mark => return mark.to_owned(),
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

/// Counts the links without a line at the box they end in.
pub(super) fn stubs(canvas: &mut Canvas, layout: &Layout, view: &MapView) {
    let seen: std::collections::HashSet<LinkIx> =
        visible(view, layout).into_iter().map(|(_, link, _, _)| link).collect();
    let mut hidden: Vec<(crate::topology::Node, usize)> = Vec::new();
    for (route, link, line) in view.drawn(layout) {
        if line == Line::Planned || seen.contains(&link) {
            continue;
        }
        for end in route.ends {
            match hidden.iter_mut().find(|(node, _)| *node == end) {
                Some((_, count)) => *count += 1,
                None => hidden.push((end, 1)),
            }
        }
    }
    for (node, count) in hidden {
        let Some(boxed) = layout.boxed(node) else { continue };
        if boxed.level == crate::diagram::Level::Rows {
            continue;
        }
        let text = format!("▼{count} more");
        let x = (boxed.rect.right() - 10).max(boxed.rect.x);
        canvas.text(x, boxed.rect.bottom(), boxed.rect.width.min(8), &text, view.theme.changed);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use strum::IntoEnumIterator;

    use super::*;
    use crate::ui::glyphs::Glyphs;

    const STATES: [Line; 4] = [Line::Connected, Line::Pending, Line::Cut, Line::Blocked];

    /// Six cells of a line, one after the other.
    fn drawn(kind: LinkKind, line: Line, upright: bool, glyphs: Glyphs) -> String {
        let stroke = Stroke { kind, line, style: Style::new() };
        (0..6).map(|along| glyphs.project(straight(stroke, upright, along))).collect()
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
