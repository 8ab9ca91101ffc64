//! What a terminal too small for the map shows: the size it needs, and the networks as a list with the links of the
//! selected one in words.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Look;
use super::doc::{Doc, Piece, piece};
use super::map::tone;
use super::theme::Theme;
use crate::app::areas::SMALLEST;
use crate::app::networks::{Networks, links_of};
use crate::app::{Session, ground, naming};
use crate::diagram::{Item, kind_word, space_text};
use crate::topology::Node;

/// Draws the networks as a list.
pub fn draw(session: &Session, look: &Look, buffer: &mut Buffer, area: Rect) {
    if area.is_empty() {
        return;
    }
    let theme = &look.theme;
    let world = session.world();
    let networks = session.networks();
    let mut doc = Doc::new(area.width, theme);
    doc.para(&format!("{}x{} for the map", SMALLEST.0, SMALLEST.1), theme.pending);
    for item in ground::listed(session) {
        let node = match item {
            Item::Vnet(vnet) => Node::Vnet(vnet),
            Item::Site(site) => Node::Site(site),
            Item::Region(region) => {
                let selected = session.selection == Some(item);
                let style = if selected { theme.title.patch(theme.selected) } else { theme.title };
                let title = &world.regions()[region.at()].title;
                let down =
                    if world.answers(region) { String::new() } else { format!(" ⊘ {}", world.region_word(region)) };
                let pointer = if selected { "▶" } else { "" };
                doc.row(vec![piece(pointer, theme.title), piece(title, style), piece(down, theme.blocked)]);
                if selected {
                    doc.mark_here();
                }
                continue;
            }
            _ => continue,
        };
        let selected = session.node() == Some(node);
        doc.row(line(session, &networks, node, selected, theme));
        if selected {
            doc.mark_here();
            links(session, &networks, node, &mut doc);
        }
    }
    // The beginning of the list stays in view as long as it can.
    doc.mark = doc.mark.filter(|line| line + 1 >= usize::from(area.height));
    doc.draw(buffer, area, 0);
}

/// `● Source VNet 10.1.0.0/16 3vm ↔2 ✗1`
fn line(session: &Session, networks: &Networks, node: Node, selected: bool, theme: &Theme) -> Vec<Piece> {
    let world = session.world();
    let style = if selected { theme.selected } else { theme.text };
    let pointer = piece(if selected { "▶" } else { " " }, theme.title);
    let title = piece(world.node_title(node), style);
    let range = |prefixes| piece(format!(" {}", space_text(prefixes)), theme.dim);
    match node {
        Node::Site(site) => {
            let links = piece(format!(" ↔{}", naming::links_of(world, node).len()), theme.text);
            vec![pointer, piece("⌂ ", theme.text), title, links, range(&world.site(site).prefixes)]
        }
        Node::Vnet(vnet) => {
            let network = networks.vnet(vnet);
            let bad = network.cut + network.blocked;
            let bad = if bad > 0 { format!(" ✗{bad}") } else { String::new() };
            let condition = network.condition();
            vec![
                pointer,
                piece(format!("{} ", condition.mark()), tone(theme, condition)),
                title,
                piece(format!(" {}vm ↔{}{bad}", network.serving, network.there), theme.text),
                range(&world.vnet(vnet).address_space),
            ]
        }
    }
}

/// The links of a network, one line each.
fn links(session: &Session, networks: &Networks, node: Node, doc: &mut Doc) {
    let world = session.world();
    let theme = doc.theme;
    for (link, other) in links_of(world, node) {
        let (mark, style) = super::links::mark(networks.standing(link), theme);
        let text = format!("   {mark} {} {}", kind_word(world.link(link).kind), world.node_title(other));
        doc.row(vec![piece(text, style)]);
    }
}
