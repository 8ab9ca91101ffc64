//! The map: one state of the world painted onto its layout.

mod boxes;
mod goals;
mod legend;
mod lines;
mod slots;
mod subnets;
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
use crate::diagram::{Item, Layout};
use crate::topology::{LinkIx, LinkState, VmIx};
use crate::world::World;

pub use goals::{goals, listed};
pub use legend::{legend, meanings};
pub use trail::{rows as trail_rows, trail};

/// What is painted onto a layout.
pub struct MapView<'a> {
    /// The state to show.
    pub world: &'a World,
    /// The state that changes are marked against.
    pub before: Option<&'a World>,
    /// Whether a VM reaches what it needs; asked for running VMs only.
    pub reachable: &'a dyn Fn(VmIx) -> bool,
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
    let mut canvas = Canvas::new(buffer, area, view.offset, view.glyphs);
    boxes::frames(&mut canvas, layout, view);
    boxes::borders(&mut canvas, layout, view);
    lines::routes(&mut canvas, layout, view);
    boxes::rows(&mut canvas, layout, view);
    lines::labels(&mut canvas, layout, view);
    lines::stubs(&mut canvas, layout, view);
    off_screen(&mut canvas, layout, view);
}

/// How many boxes lie above and below the window.
fn off_screen(canvas: &mut Canvas, layout: &Layout, view: &MapView) {
    let (left, top, width, height) = canvas.window();
    let (above, below) = layout.hidden(top, height);
    for (count, arrow, y) in [(above, '▲', top), (below, '▼', top + height - 1)] {
        if count > 0 {
            let text = format!("{arrow}{count} more");
            let wide = i32::try_from(text.chars().count()).unwrap_or(0);
            // On the border of the frame at the left, where no link runs.
            canvas.text(left, y, wide.min(width), &text, view.theme.changed);
        }
    }
}
