//! The goals of a lesson on the map: which link is to be cut or made, and what is to stand where; by a sign and a word.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::MapView;
use crate::app::facts::shown_links;
use crate::app::learning::{GoalMark, Wanted};
use crate::app::naming;
use crate::diagram::{Item, Layout, Level, Route};
use crate::topology::{GatewayKind, LinkIx, LinkKind, LinkState, Node};
use crate::ui::canvas::{Canvas, shortened};
use crate::ui::doc::{Doc, piece};
use crate::ui::links;

/// The kinds of gateways a box may name.
const KINDS: [GatewayKind; 2] = [GatewayKind::Vpn, GatewayKind::Expressroute];

/// Cells for the machines and links of a network in one row.
const COUNTS: i32 = 9;

/// The sign of a goal.
const SIGN: char = '◎';

/// Draws the marks of the goals over the map, and says which of them found no place there.
pub fn goals(buffer: &mut Buffer, area: Rect, layout: &Layout, view: &MapView, marks: &[GoalMark]) {
    let mut canvas = Canvas::new(buffer, area, view.offset, view.glyphs);
    for mark in marks {
        match &mark.wanted {
            Wanted::Cut(a, b) => link(&mut canvas, layout, view, (*a, *b), false),
            Wanted::Make(a, b) => link(&mut canvas, layout, view, (*a, *b), true),
            Wanted::Here(item, what) => here(&mut canvas, layout, view, *item, what),
        }
    }
}

/// Whether a link that stands now joins two networks.
fn live(view: &MapView, (a, b): (Node, Node)) -> bool {
    view.world.live_links().any(|(_, link)| link.joins(a, b))
}

fn link(canvas: &mut Canvas, layout: &Layout, view: &MapView, ends: (Node, Node), make: bool) {
    let stands = live(view, ends);
    let word = match (make, stands) {
        (false, _) => "cut",
        (true, true) => "mend",
        (true, false) => "new",
    };
    let same = |route: &&Route| route.ends == [ends.0, ends.1] || route.ends == [ends.1, ends.0];
    let is_live = |link: LinkIx| view.world.links().get(link.at()).is_some_and(|link| link.state != LinkState::Absent);
    let routes = || layout.routes.iter().filter(same);
    let own = routes().find(|route| route.link.is_some_and(is_live) == stands).or_else(|| routes().next());
    let Some(route) = own else {
        // Without a line both ends say it.
        for (node, other) in [ends, (ends.1, ends.0)] {
            let item = match node {
                Node::Vnet(vnet) => Item::Vnet(vnet),
                Node::Site(site) => Item::Site(site),
            };
            here(canvas, layout, view, item, &format!("{word}: {}", view.world.node_title(other)));
        }
        return;
    };
    let style = view.theme.changed;
    if !stands {
        for (x, y) in route.cells() {
            canvas.put(x, y, '·', style);
        }
    }
    let text = format!("{SIGN}{word}");
    let wide = i32::try_from(text.width()).unwrap_or(0);
    match route.label {
        Some(label) => {
            // It takes the place of the whole label, which may be longer.
            let kind =
                route.link.and_then(|at| view.world.links().get(at.at())).map_or(LinkKind::Vpn, |link| link.kind);
            let was = if stands { label.variant.width(kind).min(label.rect.width) } else { wide };
            let room = wide.max(was);
            let x = if label.from_right { label.rect.right() + 1 - room } else { label.rect.x };
            let x = if label.in_line { label.rect.x + (label.rect.width - room).max(0) / 2 } else { x };
            let pad = " ".repeat(usize::try_from(room - wide).unwrap_or(0));
            let text = if label.from_right { format!("{pad}{text}") } else { format!("{text}{pad}") };
            canvas.text(x, label.rect.y, room, &text, style);
        }
        None => {
            if let Some((x, y)) = route.cells().get(route.cells().len() / 2) {
                canvas.text(*x, *y, wide, &text, style);
            }
        }
    }
}

/// What is to stand at a place: on the lower border of a box, at the end of a row.
fn here(canvas: &mut Canvas, layout: &Layout, view: &MapView, item: Item, what: &str) {
    note(canvas, layout, view, item, &format!("{SIGN}{what}"), view.theme.changed);
}

/// A note at the same place in a style of its own.
pub(super) fn note(canvas: &mut Canvas, layout: &Layout, view: &MapView, item: Item, text: &str, style: Style) {
    let Some(rect) = layout.rect(item) else { return };
    let wide = i32::try_from(text.width()).unwrap_or(0);
    if rect.height < 2 {
        // The counts of the network stand at the end of the row.
        let end = rect.right() - COUNTS;
        let wide = wide.min(end - rect.x);
        canvas.text(end - wide, rect.y, wide, text, style);
        return;
    }
    // The gateways have the left end of the border, links their ports on it.
    let y = rect.bottom();
    let taken = match item {
        Item::Vnet(vnet) if KINDS.iter().any(|kind| view.world.gateway(vnet, *kind).is_some()) => 11,
        _ => 2,
    };
    let ports = layout.routes.iter().flat_map(|route| route.path.first().into_iter().chain(route.path.last()));
    let start = rect.x + taken;
    let end = ports.filter(|port| port.1 == y && port.0 >= start).map(|port| port.0).min().unwrap_or(rect.right());
    let room = (end - start - 1).max(0);
    if room >= 5 {
        canvas.text(start, y, room.min(wide), text, style);
    }
}

/// The links in words below a map that has no lines for them, as far as there is room.
pub fn listed(buffer: &mut Buffer, area: Rect, layout: &Layout, view: &MapView, marks: &[GoalMark]) {
    let used = u16::try_from(layout.size.height).unwrap_or(u16::MAX).saturating_add(1);
    if layout.level > Level::Rows || used >= area.height {
        return;
    }
    let free = Rect { y: area.y + used, height: area.height - used, ..area };
    let (world, theme) = (view.world, view.theme);
    let mut lines = Vec::new();
    for (link, standing) in view.networks.links.iter().copied() {
        let (mark, style) = links::mark(standing, theme);
        let joined = world.link(link);
        let goal = marks.iter().find_map(|goal| match &goal.wanted {
            Wanted::Cut(a, b) if joined.joins(*a, *b) => Some("cut"),
            Wanted::Make(a, b) if joined.joins(*a, *b) => Some(if live(view, (*a, *b)) { "up" } else { "new" }),
            _ => None,
        });
        let goal = goal.map_or_else(String::new, |word| format!(" {SIGN}{word}"));
        lines.push((format!(" {mark} {}", naming::link_title(world, link)), style, goal));
    }
    for mark in marks {
        match &mark.wanted {
            Wanted::Make(a, b) if !shown_links(world).any(|link| world.link(link).joins(*a, *b)) => {
                let text = format!(" {SIGN} {} ─ {}", world.node_title(*a), world.node_title(*b));
                lines.push((text, theme.changed, format!(" {SIGN}new")));
            }
            _ => {}
        }
    }
    let columns = if area.width >= 78 && lines.len() > usize::from(free.height) { 2 } else { 1 };
    let mut docs: Vec<Doc<'_>> = (0..columns).map(|_| Doc::new(free.width / columns, theme)).collect();
    let rows = lines.len().div_ceil(usize::from(columns));
    for (at, (text, style, goal)) in lines.into_iter().enumerate() {
        let doc = &mut docs[at / rows.max(1)];
        // What is to be done is told whole; the names give way.
        let room = i32::try_from(doc.width.saturating_sub(goal.width())).unwrap_or(i32::MAX);
        doc.row(vec![piece(shortened(&text, room), style), piece(goal, theme.changed)]);
    }
    for (doc, x) in docs.into_iter().zip([free.x, free.x + free.width / columns]) {
        doc.draw(buffer, Rect { x, width: free.width / columns, ..free }, 0);
    }
}
