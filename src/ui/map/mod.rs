//! The map: one state of the world painted onto its layout.

mod boxes;
mod goals;
mod legend;
mod lines;
mod minimap;
mod off_screen;
mod rows;
mod slots;
mod strokes;
mod subnets;
mod tiles;
mod trail;

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::Canvas;
use super::glyphs::Glyphs;
use super::theme::Theme;
use crate::app::naming;
use crate::app::networks::Networks;
use crate::diagram::{Item, Layout, Level};
use crate::topology::{LinkIx, LinkState, Node};
use crate::world::World;

pub use goals::{goals, listed};
pub use legend::{legend, meanings};
pub use minimap::minimap;
pub use rows::tone;
pub use trail::{rows as trail_rows, trail};

/// What is painted onto a layout.
pub struct MapView<'a> {
    /// The state to show.
    pub world: &'a World,
    /// The state that changes are marked against.
    pub before: Option<&'a World>,
    /// How its networks and machines fare.
    pub networks: &'a Networks,
    /// What is selected.
    pub selection: Option<Item>,
    /// What a search found; everything else is dimmed.
    pub matches: Option<&'a HashSet<Item>>,
    /// The cell of the map at the top left of the area.
    pub offset: (i32, i32),
    /// Colours.
    pub theme: &'a Theme,
    /// Characters.
    pub glyphs: &'a Glyphs,
}

impl MapView<'_> {
    /// The style of an item: its own, reversed if it is selected, dim if a search passed it over.
    fn style(&self, item: Item, own: Style) -> Style {
        if self.selected(item) {
            return own.patch(self.theme.selected);
        }
        self.dimmed(item, own)
    }

    /// Its own style, or dim if a search passed the item over.
    fn dimmed(&self, item: Item, own: Style) -> Style {
        match self.matches {
            Some(matches) if !matches.contains(&item) => self.theme.dim,
            _ => own,
        }
    }

    /// The network of the selection.
    fn node(&self) -> Option<Node> {
        self.selection.and_then(|item| naming::node_of(self.world, item))
    }

    fn selected(&self, item: Item) -> bool {
        self.selection == Some(item)
    }

    /// Whether a link stands, in the world shown and in the one compared with.
    fn live(&self, link: LinkIx) -> (bool, Option<bool>) {
        let stands = |world: &World| world.links().get(link.at()).is_some_and(|link| link.state != LinkState::Absent);
        (stands(self.world), self.before.map(stands))
    }

    /// `+` for what came, `−` for what went, nothing for what stayed.
    fn change(now: bool, before: Option<bool>) -> Option<char> {
        match (now, before?) {
            (true, false) => Some('+'),
            (false, true) => Some('−'),
            _ => None,
        }
    }
}

/// Paints the map into an area; whatever does not fit is scrolled or clipped, never an error.
pub fn draw(buffer: &mut Buffer, area: Rect, layout: &Layout, view: &MapView) {
    let height = u16::try_from(layout.window(i32::from(area.height))).unwrap_or(area.height);
    let mut canvas = Canvas::new(buffer, Rect { height, ..area }, view.offset, view.glyphs);
    boxes::frames(&mut canvas, layout, view);
    boxes::borders(&mut canvas, layout, view);
    if layout.level > Level::Rows {
        let seen = lines::Seen::of(layout, view);
        lines::routes(&mut canvas, layout, view, &seen);
        boxes::rows(&mut canvas, layout, view, &seen);
        lines::labels(&mut canvas, view, &seen);
        lines::stubs(&mut canvas, layout, view, &seen);
        off_screen::draw(&mut canvas, layout, view);
        return;
    }
    // Links that end at boxes are drawn by the spine here.
    boxes::rows(&mut canvas, layout, view, &lines::Seen::default());
    match &layout.overview {
        Some(overview) => {
            tiles::draw(&mut canvas, layout, view);
            off_screen::draw(&mut canvas, layout, view);
            tiles::below(buffer, area, overview, layout, view);
        }
        None => {
            rows::draw(&mut canvas, layout, view);
            rows::spine(&mut canvas, layout, view);
            off_screen::draw(&mut canvas, layout, view);
        }
    }
}
