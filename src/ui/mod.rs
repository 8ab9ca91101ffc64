//! The screen: how the explorer's state and the picture are drawn with ratatui.

pub mod canvas;
pub mod glyphs;
pub mod map;
pub mod print;
pub mod theme;
