//! Palettes: dark, light, sixteen colours, and none. No meaning rests on colour alone.

use ratatui::style::{Color, Modifier, Style};

/// The styles of everything on the screen; the default foreground and background are the terminal's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Plain text.
    pub text: Style,
    /// What matters less: borders of regions, hints, units.
    pub dim: Style,
    /// Titles.
    pub title: Style,
    /// Borders of boxes.
    pub border: Style,
    /// A connected link, a running machine.
    pub connected: Style,
    /// Something being made.
    pub pending: Style,
    /// A cut link, a machine that waits or stands still.
    pub cut: Style,
    /// What is refused, down or cut off.
    pub blocked: Style,
    /// Marks of what changed.
    pub changed: Style,
    /// What is selected, on top of its own style.
    pub selected: Style,
}

impl Theme {
    fn new(connected: Color, pending: Color, cut: Color, blocked: Color) -> Self {
        let plain = Style::new();
        Self {
            text: plain,
            dim: plain.fg(cut),
            title: plain.add_modifier(Modifier::BOLD),
            border: plain,
            connected: plain.fg(connected),
            pending: plain.fg(pending),
            cut: plain.fg(cut),
            blocked: plain.fg(blocked).add_modifier(Modifier::BOLD),
            changed: plain.fg(pending).add_modifier(Modifier::BOLD),
            selected: plain.add_modifier(Modifier::REVERSED),
        }
    }

    /// For dark terminals.
    pub fn dark() -> Self {
        Self::new(
            Color::Rgb(0x56, 0xB4, 0xE9),
            Color::Rgb(0xF0, 0xE4, 0x42),
            Color::Rgb(0xA8, 0xA8, 0xA8),
            Color::Rgb(0xFF, 0x8A, 0x5C),
        )
    }

    /// For light terminals.
    pub fn light() -> Self {
        Self::new(
            Color::Rgb(0x00, 0x72, 0xB2),
            Color::Rgb(0x94, 0x6C, 0x00),
            Color::Rgb(0x6B, 0x6B, 0x6B),
            Color::Rgb(0x7A, 0x00, 0x00),
        )
    }

    /// For terminals of sixteen colours.
    pub fn sixteen() -> Self {
        Self::new(Color::LightBlue, Color::Yellow, Color::Gray, Color::LightRed)
    }

    /// Without colours: weight, underline and reverse.
    pub fn mono() -> Self {
        let plain = Style::new();
        Self {
            text: plain,
            dim: plain.add_modifier(Modifier::DIM),
            title: plain.add_modifier(Modifier::BOLD),
            border: plain,
            connected: plain,
            pending: plain.add_modifier(Modifier::UNDERLINED),
            cut: plain.add_modifier(Modifier::DIM),
            blocked: plain.add_modifier(Modifier::BOLD),
            changed: plain.add_modifier(Modifier::BOLD),
            selected: plain.add_modifier(Modifier::REVERSED),
        }
    }
}
