//! The cells of a frame as a picture has them: runs of one look, in colours of red, green and blue.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Modifier;
use unicode_width::UnicodeWidthStr;

use super::shown;
use super::strokes::strokes;
use crate::ui::theme::{Theme, rgb};

/// Red, green and blue.
pub(super) type Rgb = (u8, u8, u8);

/// What a run of cells looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ink {
    pub fg: Rgb,
    /// None where the ground of the theme shows.
    pub bg: Option<Rgb>,
    pub bold: bool,
    pub italic: bool,
    pub underlined: bool,
}

/// How a run has to be placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, each as wide as a cell in any font of one width.
    Letters,
    /// Lines of boxes and links, which must meet the next cell.
    Lines,
    /// A sign that fonts may draw wider or narrower than a cell, alone.
    Sign,
}

/// Cells of one row that look alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    /// The first column.
    pub column: usize,
    /// How many cells it covers.
    pub width: usize,
    pub text: String,
    pub ink: Ink,
    pub kind: Kind,
}

/// The runs of every row, from its first cell to the last that shows something.
pub(super) fn runs(buffer: &Buffer, theme: &Theme) -> Vec<Vec<Run>> {
    let width = usize::from(buffer.area.width).max(1);
    buffer.content.chunks(width).map(|row| of_row(row, theme)).collect()
}

fn of_row(row: &[Cell], theme: &Theme) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut column = 0;
    for cell in shown(row) {
        let text: String = cell.symbol().chars().filter(|letter| !letter.is_control()).collect();
        let text = if text.is_empty() { " ".to_owned() } else { text };
        let (ink, kind, width) = (ink(cell, theme), kind(&text), text.width().max(1));
        match runs.last_mut().filter(|last| last.ink == ink && last.kind == kind && kind != Kind::Sign) {
            Some(last) => {
                last.text.push_str(&text);
                last.width += width;
            }
            None => runs.push(Run { column, width, text, ink, kind }),
        }
        column += width;
    }
    while runs.last().is_some_and(|run| run.text.trim().is_empty() && run.ink.bg.is_none() && !run.ink.underlined) {
        runs.pop();
    }
    if let Some(last) = runs.last_mut().filter(|run| run.ink.bg.is_none() && !run.ink.underlined) {
        let kept = last.text.trim_end().to_owned();
        last.width -= last.text.width() - kept.width();
        last.text = kept;
    }
    runs
}

fn kind(text: &str) -> Kind {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if strokes(letter).is_some() => Kind::Lines,
        (Some(letter), _) if !letter.is_ascii() => Kind::Sign,
        _ => Kind::Letters,
    }
}

fn ink(cell: &Cell, theme: &Theme) -> Ink {
    let has = |modifier| cell.modifier.contains(modifier);
    let (mut fg, mut bg) = (rgb(cell.fg).unwrap_or(theme.ink), rgb(cell.bg).unwrap_or(theme.ground));
    if has(Modifier::REVERSED) {
        (fg, bg) = (bg, fg);
    }
    if has(Modifier::DIM) {
        // Three fifths of the way from the ground, which keeps text of the themes at 4.5:1.
        let mix = |one: u8, other: u8| u8::try_from((u16::from(one) * 3 + u16::from(other) * 2) / 5).unwrap_or(one);
        fg = (mix(fg.0, bg.0), mix(fg.1, bg.1), mix(fg.2, bg.2));
    }
    Ink {
        fg,
        bg: (bg != theme.ground).then_some(bg),
        bold: has(Modifier::BOLD),
        italic: has(Modifier::ITALIC),
        underlined: has(Modifier::UNDERLINED),
    }
}
