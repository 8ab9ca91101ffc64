//! VNets in one row each, and the links of the selected one as a spine through the gutter.

use ratatui::style::Style;

use super::MapView;
use super::strokes::{self, Stroke};
use crate::app::networks::{Condition, Network};
use crate::diagram::{Branch, Counts, Item, Layout, Shows, Spine, kind_word, space_text, width};
use crate::topology::{LinkIx, Node, VnetIx};
use crate::ui::canvas::Canvas;
use crate::ui::glyphs::Line;
use crate::ui::theme::Theme;

/// The style of a condition.
pub fn tone(theme: &Theme, condition: Condition) -> Style {
    match condition {
        Condition::CutOff | Condition::Isolated | Condition::Down | Condition::Blocked => theme.blocked,
        Condition::Pending => theme.pending,
        Condition::Hub | Condition::Running => theme.connected,
        Condition::Waiting | Condition::Empty => theme.cut,
    }
}

/// Every VNet that has a row and no box.
pub(super) fn draw(canvas: &mut Canvas, layout: &Layout, view: &MapView) {
    let (_, top, _, height) = canvas.window();
    let seen =
        layout.rows.iter().filter(|row| row.shows == Shows::Summary && (top..top + height).contains(&row.rect.y));
    let before = view.before.map(|before| serving(before, layout));
    for row in seen {
        let Item::Vnet(vnet) = row.item else { continue };
        let network = view.networks.vnet(vnet);
        let condition = network.condition();
        let changed = before.as_ref().and_then(|before| match network.serving.cmp(&before[vnet.at()]) {
            std::cmp::Ordering::Greater => Some('+'),
            std::cmp::Ordering::Less => Some('−'),
            std::cmp::Ordering::Equal => None,
        });
        let (x, y) = (row.rect.x, row.rect.y);
        match (view.selected(row.item), changed) {
            (true, _) => canvas.put(x, y, '▶', view.theme.title),
            (false, Some(mark)) => canvas.put(x, y, mark, view.theme.changed),
            (false, None) => {}
        }
        canvas.put(x + 1, y, condition.mark(), view.dimmed(row.item, tone(view.theme, condition)));
        let declared = view.world.vnet(vnet);
        let columns = layout.table;
        let counts = counts(view, vnet, network, columns.counts);
        let end = row.rect.width - if counts.is_empty() { 0 } else { width(&counts) + 1 };
        let name_room = columns.range.unwrap_or(end) - columns.name - i32::from(columns.range.is_some());
        canvas.text(x + columns.name, y, name_room, &declared.title, view.style(row.item, view.theme.text));
        if let Some(range) = columns.range {
            canvas.text(
                x + range,
                y,
                end - range,
                &space_text(&declared.address_space),
                view.dimmed(row.item, view.theme.dim),
            );
        }
        let style = view.dimmed(row.item, view.theme.text);
        canvas.text(x + end, y, row.rect.width - end, &counts, style);
    }
}

/// How many machines serve in each VNet.
fn serving(world: &crate::world::World, layout: &Layout) -> Vec<usize> {
    let most = layout.boxes.iter().filter_map(|boxed| boxed.node.vnet()).map(VnetIx::at).max();
    let mut found = vec![0; most.map_or(0, |most| most + 1).max(world.vnets().len())];
    world.vms().for_each(|(vm, _)| found[world.vnet_of(vm).at()] += 1);
    found
}

/// `3sn 2vm ↔4 ✗1`, with its end at the same place where nothing is wrong.
fn counts(view: &MapView, vnet: VnetIx, network: Network, counts: Counts) -> String {
    let bad = network.cut + network.blocked;
    let bad = if bad > 0 { format!("✗{bad}") } else { String::new() };
    let links = format!("↔{} {bad:<2}", network.there);
    match counts {
        Counts::None => String::new(),
        Counts::Links => links,
        Counts::All => {
            let subnets = view.world.vnet(vnet).subnets.iter().filter(|at| view.world.subnet(**at).hosts_vms()).count();
            format!("{subnets}sn {}vm {links}", network.serving)
        }
    }
}

/// The links of the selected network through the gutter. Links without room are counted at the edge of the window.
pub(super) fn spine(canvas: &mut Canvas, layout: &Layout, view: &MapView) {
    let Some(node) = view.node() else { return };
    let known = (0..view.world.links().len()).map(LinkIx::new);
    let links: Vec<(LinkIx, Node)> = known
        .filter(|link| view.line(*link).is_some())
        .filter_map(|link| Some((link, view.world.link(link).other(node)?)))
        .collect();
    let Some(spine) = Spine::of(layout, node, &links) else { return };
    let (first, last) = free_rows(canvas, layout);
    let style = view.theme.text;
    let (top, bottom) = spine.span();
    for y in top.max(first)..=bottom.min(last) {
        let at =
            |left: bool| spine.branches.iter().chain([&spine.own]).any(|branch| branch.row == y && branch.left == left);
        canvas.put(spine.x, y, joint(y > top, y < bottom, at(true), at(false)), style);
    }
    for branch in spine.branches.iter().filter(|branch| (first..=last).contains(&branch.row)) {
        stub(canvas, view, branch);
    }
    if (first..=last).contains(&spine.own.row) {
        own(canvas, view, &spine.own);
    }
    let (above, below) = spine.hidden(first, last - first + 1);
    for (count, arrow, y) in [(above, '▲', first - 1), (below, '▼', last + 1)] {
        if count > 0 {
            canvas.text(spine.x, y, layout.gutter.1 - spine.x + 1, &format!("{arrow}{count}"), view.theme.changed);
        }
    }
}

/// The rows of the window whose gutter is free for links: at an edge beyond which the map goes on stands a count.
pub(super) fn free_rows(canvas: &Canvas, layout: &Layout) -> (i32, i32) {
    let (_, top, _, height) = canvas.window();
    let (above, below) = layout.hidden(top, height);
    (top + i32::from(above > 0), top + height - 1 - i32::from(below > 0))
}

/// The character where a spine and stubs meet.
const fn joint(up: bool, down: bool, left: bool, right: bool) -> char {
    match (up, down, left, right) {
        (true, true, true, true) => '┼',
        (true, true, true, false) => '┤',
        (true, true, false, true) => '├',
        (true, true, false, false) => '│',
        (true, false, true, true) => '┴',
        (false, true, true, true) => '┬',
        (true, false, true, false) => '┘',
        (true, false, false, _) => '└',
        (false, true, true, false) => '┐',
        (false, true, false, _) => '┌',
        (false, false, ..) => '─',
    }
}

fn own(canvas: &mut Canvas, view: &MapView, branch: &Branch) {
    let style = view.theme.text;
    for x in branch.cells.0..=branch.cells.1 {
        canvas.put(x, branch.row, '─', style);
    }
    let at = branch.cells.0.midpoint(branch.cells.1);
    canvas.put(at, branch.row, if branch.left { '▶' } else { '◀' }, view.theme.title);
    edges(canvas, view, branch, style, '╂', if branch.left { '├' } else { '┤' });
}

fn stub(canvas: &mut Canvas, view: &MapView, branch: &Branch) {
    let shown = |link: &LinkIx| view.line(*link).map(|line| (*link, line));
    // What is worst among several is told first.
    let Some((link, line)) = branch.links.iter().filter_map(shown).min_by_key(|(_, line)| rank(*line)) else { return };
    let kind = view.kind(link);
    let style = view.dimmed(Item::Link(link), view.line_style(link, line, true));
    let (from, to) = branch.cells;
    for (x, along) in (from..=to).zip(0..) {
        let stroke = Stroke { kind, line, style, gap: strokes::has_gap(kind, line, along) };
        canvas.put(x, branch.row, strokes::straight(stroke, false, view.glyphs.is_ascii()), style);
    }
    edges(
        canvas,
        view,
        branch,
        style,
        strokes::through(kind, view.glyphs),
        strokes::port(kind, if branch.left { 3 } else { 2 }),
    );
    let room = to - from + 1;
    let (now, before) = view.live(link);
    let change = MapView::change(now, before).map(String::from).unwrap_or_default();
    let more = match branch.links.len() {
        0 | 1 => String::new(),
        several => format!("+{}", several - 1),
    };
    let (word, mark) = (kind_word(kind), view.glyphs.link_mark(line));
    let texts = [format!("{change}{word}{mark}{more}"), format!("{change}{}{mark}{more}", &word[..1]), mark.to_owned()];
    let text = texts.iter().find(|text| width(text) <= room).map_or("", String::as_str);
    canvas.text(from + (room - width(text)) / 2, branch.row, room, text, style);
}

/// Which of several links is told first.
const fn rank(line: Line) -> u8 {
    match line {
        Line::Blocked => 0,
        Line::Half => 1,
        Line::Pending => 2,
        Line::Cut => 3,
        Line::Connected => 4,
        Line::Planned => 5,
    }
}

fn edges(canvas: &mut Canvas, view: &MapView, branch: &Branch, style: Style, through: char, port: char) {
    if let Some(border) = branch.border {
        canvas.put(border, branch.row, through, view.theme.dim);
    }
    if let Some(at) = branch.port {
        canvas.put(at, branch.row, port, style);
    }
}
