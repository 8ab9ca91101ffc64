//! Where things are on the map, for moving and pointing: the one place that asks the diagram.

use super::App;
use crate::diagram::Item;

/// A direction to move in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toward {
    /// Up.
    Up,
    /// Down.
    Down,
    /// Left.
    Left,
    /// Right.
    Right,
}

/// What lies next to a thing in a direction.
pub fn neighbour(_app: &App, _item: Item, _toward: Toward) -> Option<Item> {
    None
}

/// What is at a cell of the screen.
pub fn hit(_app: &App, _x: u16, _y: u16) -> Option<Item> {
    None
}

/// Scrolls the map.
pub fn scroll(_app: &mut App, _columns: i32, _rows: i32) {}

/// Scrolls the map until the selection is in view.
pub fn reveal(_app: &mut App) {}
