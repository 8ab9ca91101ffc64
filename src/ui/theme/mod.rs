//! Themes: what everything on the screen looks like, read from TOML. No meaning rests on colour alone.

mod depth;
mod format;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use ratatui::style::{Color, Modifier, Style};

use crate::topology::load::LoadError;

pub use depth::{Depth, rgb};
pub use format::schema;

/// A theme that comes with the program.
#[derive(Debug, Clone, Copy)]
pub struct Shelved {
    /// Its name, as `--theme NAME` takes it.
    pub name: &'static str,
    /// The file's text.
    pub text: &'static str,
}

/// Embeds the files of `assets/themes/` by name.
macro_rules! themes {
    ($($name:literal),* $(,)?) => {
        &[$(Shelved { name: $name, text: include_str!(concat!("../../../assets/themes/", $name, ".toml")) }),*]
    };
}

/// Every theme that comes with the program.
pub const THEMES: &[Shelved] = themes!["dark", "light", "contrast", "sixteen", "none"];

/// The styles of everything on the screen; where a style names no colour the terminal's own stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// What it is called, in a word or two.
    pub called: String,
    /// The foreground where a frame becomes a picture: red, green, blue.
    pub ink: (u8, u8, u8),
    /// The background where a frame becomes a picture, and what the colours were chosen for: red, green, blue.
    pub ground: (u8, u8, u8),
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
    /// The line of a cut link, which may be fainter than its label.
    pub cut_line: Style,
    /// What is refused, down or cut off.
    pub blocked: Style,
    /// Marks of what changed.
    pub changed: Style,
    /// What is selected, on top of its own style.
    pub selected: Style,
}

/// The themes of [`THEMES`] that can be read, in their order; tests see to it that all can.
static READ: LazyLock<Vec<(&'static str, Theme)>> = LazyLock::new(|| {
    THEMES.iter().filter_map(|theme| Some((theme.name, Theme::parse(theme.name, theme.text).ok()?))).collect()
});

impl Default for Theme {
    /// Nothing but the terminal's own colours, on white where a frame becomes a picture.
    fn default() -> Self {
        let plain = Style::new();
        Self {
            called: "Plain".to_owned(),
            ink: (0, 0, 0),
            ground: (0xFF, 0xFF, 0xFF),
            text: plain,
            dim: plain,
            title: plain,
            border: plain,
            connected: plain,
            pending: plain,
            cut: plain,
            cut_line: plain,
            blocked: plain,
            changed: plain,
            selected: plain.add_modifier(Modifier::REVERSED),
        }
    }
}

impl Theme {
    /// Reads a theme; `origin` is what the file is called in messages.
    ///
    /// # Errors
    /// Everything wrong with the text, each with its place.
    pub fn parse(origin: &str, text: &str) -> Result<Self, LoadError> {
        format::parse(origin, text)
    }

    /// A theme that comes with the program.
    pub fn named(name: &str) -> Option<Self> {
        READ.iter().find(|(known, _)| *known == name).map(|(_, theme)| theme.clone())
    }

    /// For dark terminals.
    pub fn dark() -> Self {
        Self::named("dark").unwrap_or_default()
    }

    /// Without colours: weight, underline and reverse.
    pub fn mono() -> Self {
        Self::named("none").unwrap_or_default()
    }

    /// Whether it is made for a dark ground.
    pub fn is_dark(&self) -> bool {
        let (red, green, blue) = self.ground;
        // The weights of the eye for the three colours, in thousandths (ITU-R BT.709).
        213 * u32::from(red) + 715 * u32::from(green) + 72 * u32::from(blue) < 500 * 0xFF
    }

    /// The same in as many colours as a terminal has.
    #[must_use]
    pub fn at(&self, depth: Depth) -> Self {
        let named = |name: &str| Self::named(name).unwrap_or_default();
        match depth {
            Depth::Full => self.clone(),
            Depth::Indexed => self.mapped(depth::indexed),
            // Nobody knows what a terminal makes of its sixteen colours: of those that are named, nothing is changed.
            Depth::Sixteen if self.has_rgb() && self.is_dark() => named("sixteen"),
            Depth::Sixteen if self.has_rgb() => named("none"),
            Depth::Sixteen => self.clone(),
            Depth::None => named("none"),
        }
    }

    fn has_rgb(&self) -> bool {
        let mut found = false;
        self.clone().each(|style| {
            let beyond = |colour: Option<Color>| matches!(colour, Some(Color::Rgb(..) | Color::Indexed(16..)));
            found |= beyond(style.fg) || beyond(style.bg);
        });
        found
    }

    fn mapped(&self, map: impl Fn(Color) -> Color) -> Self {
        let mut theme = self.clone();
        theme.each(|style| (style.fg, style.bg) = (style.fg.map(&map), style.bg.map(&map)));
        theme
    }

    fn each(&mut self, mut change: impl FnMut(&mut Style)) {
        let Self { called: _, ink: _, ground: _, text, dim, title, border, connected, pending, cut, .. } = self;
        [text, dim, title, border, connected, pending, cut].into_iter().for_each(&mut change);
        let Self { cut_line, blocked, changed, selected, .. } = self;
        [cut_line, blocked, changed, selected].into_iter().for_each(change);
    }
}
