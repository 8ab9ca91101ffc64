//! The way there and back drawn over the map: numbered networks, arrows along the links, and the place where it ends.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::{MapView, goals};
use crate::app::trail::{Leg, Trail};
use crate::diagram::{Cell, Item, Layout, Level};
use crate::topology::Node;
use crate::ui::canvas::Canvas;

/// Draws a trail over the map.
pub fn trail(buffer: &mut Buffer, area: Rect, layout: &Layout, view: &MapView, trail: &Trail) {
    let mut canvas = Canvas::new(buffer, area, view.offset, view.glyphs);
    for leg in &trail.legs {
        arrows(&mut canvas, layout, view, trail, leg);
    }
    if let Some((at, wanted)) = trail.blocked {
        cross(&mut canvas, layout, view.theme.blocked, [at, wanted]);
    }
    let (left, top, width, height) = canvas.window();
    let (mut above, mut below) = (Vec::new(), Vec::new());
    for boxed in &layout.boxes {
        let text = note(layout, view, trail, boxed.node);
        if text.is_empty() {
            continue;
        }
        let told = || format!("{text} {}", view.world.node_title(boxed.node));
        match boxed.rect.bottom() {
            row if row < top => above.push(told()),
            row if row >= top + height => below.push(told()),
            _ => {}
        }
        let blocked = trail.blocked.is_some_and(|(at, _)| at == boxed.node);
        let style = if blocked { view.theme.blocked } else { view.theme.changed };
        let item = match boxed.node {
            Node::Vnet(vnet) => Item::Vnet(vnet),
            Node::Site(site) => Item::Site(site),
        };
        goals::note(&mut canvas, layout, view, item, &text, style);
    }
    // What lies outside the window is named at its edge, over any count of boxes there.
    for (away, arrow, row) in [(above, '▲', top), (below, '▼', top + height - 1)] {
        if !away.is_empty() {
            let text = format!(" {arrow} {} ", away.join(", "));
            canvas.text(left, row, width, &text, view.theme.changed);
        }
    }
}

/// The rows of the map a trail needs to be seen: of the notes, the links and the ends.
pub fn rows(layout: &Layout, trail: &Trail) -> Option<(i32, i32)> {
    let nodes = trail.there.iter().chain(&trail.back).copied().chain(trail.blocked.iter().flat_map(|(a, b)| [*a, *b]));
    let notes = nodes.filter_map(|node| layout.boxed(node)).map(|boxed| boxed.rect.bottom());
    let links = trail.legs.iter().filter_map(|leg| layout.route(leg.link));
    let rows: Vec<i32> = notes.chain(links.flat_map(|route| route.path.iter().map(|cell| cell.1))).collect();
    Some((*rows.iter().min()?, *rows.iter().max()?))
}

/// What a network is told on the trail: `▶1` is the first on the way there, `◀1` the first on the way back.
fn note(layout: &Layout, view: &MapView, trail: &Trail, node: Node) -> String {
    let row = layout.boxed(node).is_none_or(|boxed| boxed.level == Level::Rows);
    let mut parts = Vec::new();
    for (way, mark, back) in [(&trail.there, '▶', false), (&trail.back, '◀', true)] {
        for at in way.iter().enumerate().filter(|(_, at)| **at == node).map(|(at, _)| at) {
            // Where the link has no line, a box says where it goes on; a row has room for the numbers only.
            let hidden = trail.legs.iter().find(|leg| {
                !row && leg.back == back
                    && leg.from == node
                    && way.get(at + 1) == Some(&leg.to)
                    && layout.route(leg.link).is_none_or(|route| route.path.is_empty())
            });
            let on = hidden.map(|leg| format!(" to {}", view.world.node_title(leg.to))).unwrap_or_default();
            parts.push(format!("{mark}{}{on}", at + 1));
        }
    }
    if trail.blocked.is_some_and(|(at, _)| at == node) {
        parts.push("⊘ ends here".to_owned());
    }
    parts.join(" ")
}

/// Arrows along a link, in the direction of the packet; the way back has its own, so that both can be seen.
fn arrows(canvas: &mut Canvas, layout: &Layout, view: &MapView, trail: &Trail, leg: &Leg) {
    let Some(route) = layout.route(leg.link).filter(|route| !route.path.is_empty()) else { return };
    let mut cells = route.cells();
    if route.ends[0] != leg.from {
        cells.reverse();
    }
    let style = view.theme.changed;
    for (x, y) in &cells {
        canvas.restyle(*x, *y, 1, style);
    }
    let label = |cell: &Cell| {
        route.label.is_some_and(|label| {
            let (y, x) = (label.rect.y, label.rect.x);
            cell.1 == y && (x - 1..=label.rect.right() + 1).contains(&cell.0)
        })
    };
    // On straight runs only, behind the port and the border it passes: a quarter of the way from where it leaves.
    let straight = |at: &usize| {
        let (before, here, after) = (cells[at - 1], cells[*at], cells[at + 1]);
        let even = before.0 == after.0 || before.1 == after.1;
        let border = layout.frames.iter().any(|frame| [frame.rect.x, frame.rect.right()].contains(&here.0));
        even && !border && !label(&here)
    };
    let fit: Vec<usize> = (1..cells.len().saturating_sub(1)).filter(straight).collect();
    let Some(at) = fit.get(fit.len() / 4).copied() else { return };
    let ((x, y), (to_x, to_y)) = (cells[at], cells[at + 1]);
    // Where there is room for one arrow only, it stands for both ways.
    let both = trail.legs.iter().any(|other| other.link == leg.link && other.back != leg.back);
    let narrow = both && fit.get(fit.len() - 1 - fit.len() / 4) == Some(&at);
    let arrow = match (to_x - x, to_y - y) {
        (0, _) if narrow => '↕',
        _ if narrow => '↔',
        (1.., _) => '▶',
        (..=-1, _) => '◀',
        (_, 1..) => '▼',
        _ => '▲',
    };
    canvas.put(x, y, arrow, style);
}

/// A sign in the middle of the link that would lead on, if there is a line for one.
fn cross(canvas: &mut Canvas, layout: &Layout, style: Style, [at, wanted]: [Node; 2]) {
    let joins = |ends: [Node; 2]| ends == [at, wanted] || ends == [wanted, at];
    let drawn = layout.routes.iter().find(|route| joins(route.ends) && route.link.is_some() && !route.path.is_empty());
    let Some(route) = drawn else { return };
    let cells = route.cells();
    if let Some((x, y)) = cells.get(cells.len() / 2) {
        let text = "⊘";
        canvas.text(*x, *y, i32::try_from(text.width()).unwrap_or(1), text, style);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::app::App;
    use crate::topology::load;
    use crate::ui::glyphs::Glyphs;
    use crate::ui::tests::{exploring, press, screen};
    use crate::ui::{Look, frame, print};

    #[test]
    fn the_way_there_and_back_stands_on_the_map_with_the_words_under_or_beside_it() {
        let mut app = exploring("azure-isolated-app");
        press(&mut app, "w \"app1\" enter \"replicas\" enter");
        insta::assert_snapshot!("reachable-80x24", screen(&app, 80, 24));
        insta::assert_snapshot!("reachable-140x45", screen(&app, 140, 45));
    }

    #[test]
    fn where_it_does_not_arrive_the_map_says_where_it_ends_and_tab_has_all_the_words() {
        let mut app = exploring("azure-isolated-app");
        press(&mut app, ": \"disconnect_source-2_azure\" enter w \"app2\" enter \"replicas\" enter");
        let shown = screen(&app, 80, 24);
        assert!(shown.contains("⊘ ends here") && shown.contains("mend: connect source-2 azure"), "{shown}");
        press(&mut app, "tab");
        let words = screen(&app, 80, 24);
        assert!(words.contains("What is in the way") && !words.contains("⊘ ends here"), "{words}");
        press(&mut app, "tab s");
        assert!(screen(&app, 80, 24).contains("Replicas → App2"));
    }

    #[test]
    fn the_ways_can_be_read_in_plain_ascii() {
        let mut app = exploring("azure-isolated-app");
        press(&mut app, "w \"app1\" enter \"replicas\" enter");
        app.size = (80, 24);
        let look = Look { glyphs: Glyphs::ascii(), ..Look::default() };
        let shown = print::text(&frame(&app, &look, 80, 24), false);
        assert!(shown.is_ascii() && shown.contains(">1 <2") && shown.contains(">2 <1"), "{shown}");
    }

    #[test]
    fn a_network_of_the_way_outside_the_window_is_named_at_its_edge() {
        let mut file = String::from(
            "format = 1\ntitle = \"Star\"\n[region.r]\ntitle = \"R\"\nside = \"source\"\n[app.a]\ntitle = \"A\"\n",
        );
        for at in 0..60 {
            file += &format!(
                "[vnet.n{at}]\ntitle = \"Net {at}\"\nregion = \"r\"\naddress-space = [\"10.{at}.0.0/16\"]\n\
                 [vnet.n{at}.subnets]\ns = {{ prefix = \"10.{at}.1.0/24\" }}\n\
                 [vm.v{at}]\napp = \"a\"\nsubnet = \"n{at}/s\"\nip = \"10.{at}.1.4\"\n"
            );
        }
        file += "[link.l]\nkind = \"peering\"\nbetween = [\"n0\", \"n50\"]\n";
        let mut app = App::exploring(Arc::new(load::parse("star", &file).expect("it stands")));
        press(&mut app, "z w \"v0\" enter \"v50\" enter");
        let shown = screen(&app, 80, 24);
        assert!(shown.lines().any(|line| line.contains("▼ ▶2 ◀1 Net 50")), "{shown}");
    }

    #[test]
    fn a_way_over_networks_in_rows_names_its_steps_on_them() {
        let mut app = exploring("hub-and-spokes");
        press(&mut app, "Z Z Z Z Z z w \"web\" enter \"data\" enter");
        let shown = screen(&app, 80, 24);
        assert!(shown.contains("▶1") && shown.contains("▶2") && shown.contains("▶3"), "{shown}");
    }
}
