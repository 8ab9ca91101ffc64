//! What a terminal too small for the map shows: the size it needs, and the networks as text.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Look;
use super::doc::{Doc, piece};
use crate::app::areas::SMALLEST;
use crate::app::facts::standing;
use crate::app::{Session, naming};
use crate::diagram::Item;
use crate::topology::{RegionIx, VnetIx};

/// Draws the networks as a list.
pub fn draw(session: &Session, look: &Look, buffer: &mut Buffer, area: Rect) {
    if area.is_empty() {
        return;
    }
    let theme = &look.theme;
    let world = session.world();
    let mut doc = Doc::new(area.width, theme);
    doc.para(&format!("{}x{} for the map", SMALLEST.0, SMALLEST.1), theme.pending);
    let mut chosen = None;
    for (at, region) in world.regions().iter().enumerate() {
        doc.row(vec![piece(&region.title, theme.title)]);
        let region = RegionIx::new(at);
        if session.selection == Some(Item::Region(region)) {
            chosen = doc.lines.len().checked_sub(1);
        }
        let here = world.vnets().iter().enumerate().filter(|(_, vnet)| vnet.region == region);
        for (at, vnet) in here {
            let node = crate::topology::Node::Vnet(VnetIx::new(at));
            let count = world.vms().filter(|(vm, _)| world.vnet_of(*vm) == VnetIx::new(at) && world.runs(*vm)).count();
            let links = naming::links_of(world, node).len();
            let selected = session.node() == Some(node);
            let style = if selected { theme.selected } else { theme.text };
            doc.row(vec![
                piece(" ", theme.text),
                piece(&vnet.title, style),
                piece(format!(" ●{count} ↔{links}"), theme.dim),
            ]);
            if selected {
                chosen = doc.lines.len().checked_sub(1);
            }
        }
    }
    for (link, _) in world.live_links() {
        let (mark, style) = super::links::mark(standing(world, link), theme);
        doc.row(vec![piece(format!(" {mark} {}", naming::link_title(world, link)), style)]);
    }
    doc.mark = chosen.filter(|line| *line >= usize::from(area.height));
    doc.draw(buffer, area, 0);
}
