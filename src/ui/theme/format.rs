//! A theme as it is written in TOML.

use ratatui::style::{Color, Modifier, Style};
use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::Theme;
use super::depth::NAMES;
use crate::topology::command::did_you_mean;
use crate::topology::load::{self, LoadError};
use crate::topology::schema::schema_of;

/// A theme file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    /// What it is called.
    title: String,
    /// The foreground of pictures.
    ink: Rgb,
    /// The background of pictures.
    ground: Rgb,
    /// The styles; one that is left out is plain.
    styles: Styles,
}

/// How everything on the screen looks.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct Styles {
    /// Plain text.
    text: Paint,
    /// What matters less: borders of regions, hints, units.
    dim: Paint,
    /// Titles.
    title: Paint,
    /// Borders of boxes.
    border: Paint,
    /// A connected link, a running machine.
    connected: Paint,
    /// Something being made.
    pending: Paint,
    /// A cut link, a machine that waits or stands still.
    cut: Paint,
    /// The line of a cut link, which may be fainter than its label; as `cut` where it is left out.
    cut_line: Option<Paint>,
    /// What is refused, down or cut off.
    blocked: Paint,
    /// What changed.
    changed: Paint,
    /// What is selected.
    selected: Paint,
}

/// One style; where it names no colour the terminal's own stays.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct Paint {
    /// The colour of the text.
    fg: Option<Colour>,
    /// The colour behind it.
    bg: Option<Colour>,
    /// Whether it is bold.
    bold: bool,
    /// Whether it is faint.
    dim: bool,
    /// Whether it is slanted.
    italic: bool,
    /// Whether it is underlined.
    underlined: bool,
    /// Whether text and ground change places.
    reversed: bool,
}

impl Paint {
    fn style(self) -> Style {
        let Self { fg, bg, bold, dim, italic, underlined, reversed } = self;
        let marks = [
            (bold, Modifier::BOLD),
            (dim, Modifier::DIM),
            (italic, Modifier::ITALIC),
            (underlined, Modifier::UNDERLINED),
            (reversed, Modifier::REVERSED),
        ];
        let set = marks.into_iter().filter(|(set, _)| *set).fold(Modifier::empty(), |all, (_, mark)| all | mark);
        let style = Style { fg: fg.map(|colour| colour.0), bg: bg.map(|colour| colour.0), ..Style::new() };
        style.add_modifier(set)
    }
}

/// `#56B4E9`, the name of one of the sixteen colours, or the number of one of the 256.
#[derive(Debug, Clone, Copy, JsonSchema)]
struct Colour(#[schemars(with = "String")] Color);

/// `#56B4E9`.
#[derive(Debug, Clone, Copy, JsonSchema)]
struct Rgb(#[schemars(with = "String")] (u8, u8, u8));

/// Six hexadecimal digits behind `#`.
fn hexadecimal(text: &str) -> Option<(u8, u8, u8)> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let number =
        digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())??;
    let [_, red, green, blue] = number.to_be_bytes();
    Some((red, green, blue))
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let named = NAMES.iter().find(|(name, _)| *name == text).map(|(_, colour)| *colour);
        let full = || hexadecimal(&text).map(|(red, green, blue)| Color::Rgb(red, green, blue));
        let index = || text.parse().ok().map(Color::Indexed);
        named.or_else(full).or_else(index).map(Self).ok_or_else(|| {
            let hint = did_you_mean(&text, NAMES.iter().map(|(name, _)| *name));
            D::Error::custom(format!(
                "`{text}` is no colour: write six digits like #56B4E9, a number from 0 to 255 like 74 in quotes, or a name like bright-blue{hint}"
            ))
        })
    }
}

impl<'de> Deserialize<'de> for Rgb {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = || D::Error::custom(format!("`{text}` is no colour of a picture: write six digits like #1E1E1E"));
        hexadecimal(&text).map(Self).ok_or_else(wrong)
    }
}

/// The JSON Schema of the theme file.
pub fn schema() -> serde_json::Value {
    schema_of::<File>()
}

/// Reads a theme.
pub(super) fn parse(origin: &str, text: &str) -> Result<Theme, LoadError> {
    let File { title, ink, ground, styles } = load::one_table(origin, text, "theme")?;
    Ok(Theme {
        called: title,
        ink: ink.0,
        ground: ground.0,
        text: styles.text.style(),
        dim: styles.dim.style(),
        title: styles.title.style(),
        border: styles.border.style(),
        connected: styles.connected.style(),
        pending: styles.pending.style(),
        cut: styles.cut.style(),
        cut_line: styles.cut_line.unwrap_or(styles.cut).style(),
        blocked: styles.blocked.style(),
        changed: styles.changed.style(),
        selected: styles.selected.style(),
    })
}
