//! How many colours a terminal has, and what becomes of a colour where it has fewer.

use ratatui::style::Color;

/// How many colours a terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Any of 16.7 million.
    Full,
    /// The 256 of xterm.
    Indexed,
    /// Sixteen, which look as the terminal likes.
    Sixteen,
    /// None.
    None,
}

/// The steps of each colour in the cube of xterm's 256 colours.
const STEPS: [u8; 6] = [0x00, 0x5F, 0x87, 0xAF, 0xD7, 0xFF];

/// The sixteen colours as xterm shows them, from black to bright white.
const SIXTEEN: [(u8, u8, u8); 16] = [
    (0x00, 0x00, 0x00),
    (0xCD, 0x00, 0x00),
    (0x00, 0xCD, 0x00),
    (0xCD, 0xCD, 0x00),
    (0x00, 0x00, 0xEE),
    (0xCD, 0x00, 0xCD),
    (0x00, 0xCD, 0xCD),
    (0xE5, 0xE5, 0xE5),
    (0x7F, 0x7F, 0x7F),
    (0xFF, 0x00, 0x00),
    (0x00, 0xFF, 0x00),
    (0xFF, 0xFF, 0x00),
    (0x5C, 0x5C, 0xFF),
    (0xFF, 0x00, 0xFF),
    (0x00, 0xFF, 0xFF),
    (0xFF, 0xFF, 0xFF),
];

/// The names of the sixteen colours, in the order of their numbers.
pub(super) const NAMES: [(&str, Color); 16] = [
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("white", Color::Gray),
    ("bright-black", Color::DarkGray),
    ("bright-red", Color::LightRed),
    ("bright-green", Color::LightGreen),
    ("bright-yellow", Color::LightYellow),
    ("bright-blue", Color::LightBlue),
    ("bright-magenta", Color::LightMagenta),
    ("bright-cyan", Color::LightCyan),
    ("bright-white", Color::White),
];

/// A colour as red, green and blue; the sixteen as xterm shows them. None for the terminal's own.
pub fn rgb(colour: Color) -> Option<(u8, u8, u8)> {
    match colour {
        Color::Reset => None,
        Color::Rgb(red, green, blue) => Some((red, green, blue)),
        Color::Indexed(index) => Some(of_index(index)),
        named => NAMES.iter().position(|(_, known)| *known == named).map(|at| SIXTEEN[at]),
    }
}

fn of_index(index: u8) -> (u8, u8, u8) {
    match index {
        0..=15 => SIXTEEN[usize::from(index)],
        16..=231 => {
            let step = |by: u8| STEPS[usize::from((index - 16) / by % 6)];
            (step(36), step(6), step(1))
        }
        232..=255 => {
            let grey = 8 + 10 * (index - 232);
            (grey, grey, grey)
        }
    }
}

/// The colour of xterm's cube and greys nearest to one of full depth. The first sixteen are not taken: their looks are
/// the terminal's own.
pub(super) fn indexed(colour: Color) -> Color {
    let Color::Rgb(red, green, blue) = colour else { return colour };
    let away = |index: &u8| {
        let (r, g, b) = of_index(*index);
        let part = |one: u8, other: u8| i32::from(one.abs_diff(other)).pow(2);
        // Weighted as the eye is: https://www.compuphase.com/cmetric.htm, with the mean of the weights of red.
        5 * part(red, r) + 8 * part(green, g) + 5 * part(blue, b)
    };
    (16..=u8::MAX).min_by_key(away).map_or(colour, Color::Indexed)
}
