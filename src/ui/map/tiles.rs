//! The map of tiles: one glyph per VNet, totals of links through the gutter, and under it what is wrong, worst first.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line as TextLine, Span};
use strum::IntoEnumIterator;

use super::MapView;
use super::rows::{free_rows, tone};
use crate::app::facts::Standing;
use crate::app::networks::{Condition, Network, links_of};
use crate::diagram::{Item, Layout, Level, Overview, width};
use crate::topology::{Node, VnetIx};
use crate::ui::canvas::{Canvas, shortened};
use crate::ui::links;

/// The mark of a tile.
pub(super) const fn mark(condition: Condition) -> char {
    match condition {
        // A full cell is easier to see among hundreds.
        Condition::Running => '■',
        other => other.mark(),
    }
}

/// The tiles with their numbers and counts.
pub(super) fn draw(canvas: &mut Canvas, layout: &Layout, view: &MapView) {
    let Some(overview) = &layout.overview else { return };
    let digits = usize::try_from(overview.digits).unwrap_or(3);
    for ((x, y), number) in &overview.numbers {
        canvas.text(*x, *y, overview.digits, &format!("{number:0digits$}"), view.theme.dim);
    }
    for boxed in layout.boxes.iter().filter(|boxed| boxed.level == Level::Tiles) {
        let Node::Vnet(vnet) = boxed.node else { continue };
        let item = Item::Vnet(vnet);
        let condition = view.networks.vnet(vnet).condition();
        let chosen = view.node() == Some(boxed.node);
        let style = view.dimmed(item, tone(view.theme, condition));
        let style = if chosen { style.patch(view.theme.selected) } else { style };
        canvas.put(boxed.rect.x, boxed.rect.y, mark(condition), style);
        if chosen && overview.spaced {
            canvas.put(boxed.rect.x - 1, boxed.rect.y, '▶', view.theme.title);
        }
    }
    for (region, rect) in &overview.counts {
        let here = layout.boxes.iter().filter_map(|boxed| boxed.node.vnet());
        let here: Vec<Condition> = here
            .filter(|vnet| view.world.vnet(*vnet).region == *region)
            .map(|vnet| view.networks.vnet(vnet).condition())
            .collect();
        let counted = |words: bool| {
            let count = |kind: Condition| here.iter().filter(|other| **other == kind).count();
            let each = Condition::iter().map(|kind| (kind, count(kind))).filter(|(_, count)| *count > 0);
            let text = |(kind, count): (Condition, usize)| match words {
                true => format!("{} {} {count}", mark(kind), kind.word()),
                false => format!("{}{count}", mark(kind)),
            };
            each.map(text).collect::<Vec<_>>().join("  ")
        };
        let text = Some(counted(true)).filter(|text| width(text) <= rect.width).unwrap_or_else(|| counted(false));
        canvas.text(rect.x, rect.y, rect.width, &text, view.theme.text);
    }
    totals(canvas, layout, view);
}

/// How many links lead from one side to the other, by state.
fn totals(canvas: &mut Canvas, layout: &Layout, view: &MapView) {
    let (first, last) = layout.gutter;
    let side = |node: Node| layout.boxed(node).map(|boxed| boxed.left);
    let mut found: Vec<(Standing, usize)> = Vec::new();
    for (link, standing) in view.networks.links.iter().copied() {
        let [a, b] = view.world.link(link).between;
        let (Some(a), Some(b)) = (side(a), side(b)) else { continue };
        if a == b {
            continue;
        }
        let same =
            |other: &&mut (Standing, usize)| links::mark(other.0, view.theme).0 == links::mark(standing, view.theme).0;
        match found.iter_mut().find(same) {
            Some((_, count)) => *count += 1,
            None => found.push((standing, 1)),
        }
    }
    found.sort_by_key(|(standing, _)| order(*standing));
    let (top, bottom) = free_rows(canvas, layout);
    let (_, window_top, _, _) = canvas.window();
    for ((standing, count), y) in found.into_iter().zip(window_top.max(1)..) {
        if y < top || y > bottom || last - first < 5 {
            continue;
        }
        let (mark, style) = links::mark(standing, view.theme);
        let stroke = match standing {
            Standing::Cut => '┄',
            Standing::Pending => '╌',
            Standing::Planned => '·',
            _ => '─',
        };
        for x in first..=last {
            canvas.put(x, y, stroke, style);
        }
        for x in [first - 1, last + 1] {
            canvas.put(x, y, '╂', view.theme.dim);
        }
        let text = format!(" {count} {mark} ");
        let room = last - first + 1;
        canvas.text(first + (room - width(&text)).max(0) / 2, y, room, &text, style);
    }
}

/// The order in which totals stand.
const fn order(standing: Standing) -> u8 {
    match standing {
        Standing::Carries => 0,
        Standing::Cut => 1,
        Standing::Pending => 2,
        Standing::Planned => 4,
        _ => 3,
    }
}

/// What is wrong, worst first, and the selected VNet, in the rows that do not scroll.
pub(super) fn below(buffer: &mut Buffer, area: Rect, overview: &Overview, layout: &Layout, view: &MapView) {
    let rows = u16::try_from(overview.pinned).unwrap_or(0).min(area.height);
    let area = Rect { y: area.bottom() - rows, height: rows, ..area };
    if rows < 2 {
        return;
    }
    let theme = view.theme;
    let worst = view.networks.worst_first();
    let room = usize::from(rows) - 2;
    let more = worst.len().saturating_sub(room);
    let title = match (worst.len(), more) {
        (0, _) => " nothing is wrong".to_owned(),
        (all, 0) => format!(" {all} with trouble, worst first"),
        (all, _) => format!(" {all} with trouble, the {room} worst first · N goes through all"),
    };
    let title = Span::styled(title, theme.title);
    let figures = figures(view);
    let gap = usize::from(area.width).saturating_sub(title.width() + figures.width() + 1);
    let mut spans = vec![title, Span::raw(" ".repeat(gap))];
    spans.extend(figures.spans);
    buffer.set_line(area.x, area.y, &TextLine::from(spans), area.width);
    let mut canvas = Canvas::new(buffer, area, (0, 0), view.glyphs);
    let name = worst.iter().take(room).map(|vnet| width(&view.world.vnet(*vnet).title)).max().unwrap_or(0).min(30);
    let wide = i32::from(area.width);
    for (vnet, y) in worst.iter().take(room).zip(1..) {
        let network = view.networks.vnet(*vnet);
        let declared = view.world.vnet(*vnet);
        let condition = network.condition();
        canvas.put(1, y, mark(condition), tone(theme, condition));
        canvas.text(3, y, name, &declared.title, view.style(Item::Vnet(*vnet), theme.text));
        let range = crate::diagram::space_text(&declared.address_space);
        canvas.text(3 + name + 2, y, 19, &range, theme.dim);
        let x = 3 + name + 2 + 20;
        canvas.text(x, y, wide - x, &wrong(view, *vnet, network), tone(theme, condition));
    }
    let last = i32::from(rows) - 1;
    // Where nothing else is to be said, what the marks mean.
    if worst.len() < room {
        let mut shown: Vec<Condition> = layout
            .boxes
            .iter()
            .filter_map(|boxed| boxed.node.vnet())
            .map(|vnet| view.networks.vnet(vnet).condition())
            .collect();
        shown.sort_unstable();
        shown.dedup();
        let marks: Vec<String> = shown.into_iter().map(|kind| format!("{} {}", mark(kind), kind.word())).collect();
        canvas.text(1, last - 1, wide - 1, &marks.join("   "), theme.dim);
    }
    canvas.text(0, last, wide, &cursor(layout, view), theme.text);
}

fn wrong(view: &MapView, vnet: VnetIx, network: Network) -> String {
    network.wrong(&view.world.regions()[view.world.vnet(vnet).region.at()].title)
}

/// All links by state.
fn figures(view: &MapView) -> TextLine<'static> {
    let mut spans = vec![Span::styled("links", view.theme.text)];
    let figures =
        [Standing::Carries, Standing::Cut, Standing::Pending, Standing::Blocked, Standing::Half, Standing::Planned];
    for kind in figures {
        let (mark, style, count) = links::counted(view.networks, kind, view.theme);
        if count > 0 {
            spans.push(Span::styled(format!("  {mark}{count}"), style));
        }
    }
    TextLine::from(spans)
}

/// The selected tile in words.
fn cursor(layout: &Layout, view: &MapView) -> String {
    let Some(node) = view.node() else {
        return match view.selection {
            Some(item) => format!(" selected: {}", crate::app::naming::title(view.world, item)),
            None => " nothing is selected".to_owned(),
        };
    };
    let title = view.world.node_title(node);
    let Node::Vnet(vnet) = node else { return format!(" selected: {title}") };
    let network = view.networks.vnet(vnet);
    let declared = view.world.vnet(vnet);
    let beside = layout.boxes.iter().filter_map(|boxed| boxed.node.vnet());
    let number =
        beside.filter(|other| view.world.vnet(*other).region == declared.region).position(|other| other == vnet);
    let number = number.map_or(String::new(), |number| format!("{number:03} "));
    let subnets = declared.subnets.iter().filter(|at| view.world.subnet(**at).hosts_vms()).count();
    let count = |count: usize, one: &str| if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") };
    let others = links_of(view.world, node);
    let hub = others
        .iter()
        .find(|(_, other)| other.vnet().is_some_and(|vnet| view.networks.vnet(vnet).condition() == Condition::Hub));
    let linked = match (&others[..], hub) {
        ([], _) => "no link".to_owned(),
        ([(_, one)], _) => format!("linked to {}", shortened(view.world.node_title(*one), 24)),
        (many, Some((_, hub))) => {
            format!("{} · hub {}", count(many.len(), "link"), shortened(view.world.node_title(*hub), 20))
        }
        (many, _) => count(many.len(), "link"),
    };
    let parts = [count(subnets, "subnet"), count(network.serving, "VM"), linked, wrong(view, vnet, network)];
    format!(" selected: {number}{title} · {}", parts.join(" · "))
}

/// The style of a tile on a map in small.
pub(super) fn cell(condition: Condition, view: &MapView) -> (char, Style) {
    (mark(condition), tone(view.theme, condition))
}
