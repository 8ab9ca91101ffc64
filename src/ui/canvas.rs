//! The one way to write into a buffer: clipped on all sides, scrolled, in the glyph set the reader chose.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::glyphs::Glyphs;

/// A window onto a plane of cells; whatever falls outside is not written, wherever it begins.
#[derive(Debug)]
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    area: Rect,
    offset: (i32, i32),
    glyphs: &'a Glyphs,
}

impl<'a> Canvas<'a> {
    /// A canvas over the part of `area` that lies in the buffer; `offset` is the cell of the plane at its top left.
    pub fn new(buffer: &'a mut Buffer, area: Rect, offset: (i32, i32), glyphs: &'a Glyphs) -> Self {
        let area = area.intersection(buffer.area);
        Self { buffer, area, offset, glyphs }
    }

    /// The cells of the plane that can be seen: left, top, columns, rows.
    pub fn window(&self) -> (i32, i32, i32, i32) {
        (self.offset.0, self.offset.1, i32::from(self.area.width), i32::from(self.area.height))
    }

    fn cell(&self, x: i32, y: i32) -> Option<(u16, u16)> {
        let column = u16::try_from(x.checked_sub(self.offset.0)?).ok().filter(|column| *column < self.area.width)?;
        let row = u16::try_from(y.checked_sub(self.offset.1)?).ok().filter(|row| *row < self.area.height)?;
        Some((self.area.x + column, self.area.y + row))
    }

    /// Whether nothing stands in a cell that can be seen.
    pub fn is_blank(&self, x: i32, y: i32) -> bool {
        self.cell(x, y).is_some_and(|cell| self.buffer[cell].symbol() == " ")
    }

    /// Writes one character that is one cell wide.
    pub fn put(&mut self, x: i32, y: i32, symbol: char, style: Style) {
        if let Some(cell) = self.cell(x, y) {
            self.buffer[cell].set_char(self.glyphs.project(symbol)).set_style(style);
        }
    }

    /// Changes the style of a run of cells and leaves what they show.
    pub fn restyle(&mut self, x: i32, y: i32, width: i32, style: Style) {
        for x in x..x.saturating_add(width) {
            if let Some(cell) = self.cell(x, y) {
                self.buffer[cell].set_style(style);
            }
        }
    }

    /// Writes text into at most `room` cells, with `…` where it does not fit; returns the cells it took.
    pub fn text(&mut self, x: i32, y: i32, room: i32, text: &str, style: Style) -> i32 {
        let text = shortened(text, room);
        let mut at = x;
        for letter in text.chars() {
            let width = i32::try_from(letter.width().unwrap_or(0)).unwrap_or(0);
            match width {
                0 => {
                    // Marks that combine belong to the letter before them.
                    if let Some(cell) = self.cell(at - 1, y).filter(|_| at > x && !letter.is_control()) {
                        let together = format!("{}{letter}", self.buffer[cell].symbol());
                        self.buffer[cell].set_symbol(&together);
                    }
                }
                1 => self.put(at, y, letter, style),
                _ => match (self.cell(at, y), self.cell(at + 1, y)) {
                    (Some(first), Some(second)) => {
                        self.buffer[first].set_char(letter).set_style(style);
                        self.buffer[second].reset();
                        self.buffer[second].set_symbol("").set_style(style);
                    }
                    // Half a wide letter cannot be drawn.
                    (Some(one), None) | (None, Some(one)) => {
                        self.buffer[one].set_char(' ').set_style(style);
                    }
                    (None, None) => {}
                },
            }
            at += width;
        }
        at - x
    }
}

/// The text itself, or as much of it as fits before `…`.
pub fn shortened(text: &str, room: i32) -> Cow<'_, str> {
    let room = usize::try_from(room).unwrap_or(0);
    if text.width() <= room && !text.chars().any(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut used = 0;
    let clean = || text.chars().filter(|letter| !letter.is_control());
    let whole: usize = clean().map(|letter| letter.width().unwrap_or(0)).sum();
    let limit = if whole <= room { room } else { room.saturating_sub(1) };
    for letter in clean() {
        let width = letter.width().unwrap_or(0);
        if used + width > limit {
            break;
        }
        used += width;
        out.push(letter);
    }
    if whole > room && room > 0 {
        out.push('…');
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis() {
        assert_eq!(shortened("Recovery", 8), "Recovery");
        assert_eq!(shortened("Recovery", 5), "Reco…");
        assert_eq!(shortened("Recovery", 1), "…");
        assert_eq!(shortened("Recovery", 0), "");
        assert_eq!(shortened("東京リージョン", 5), "東京…");
    }

    #[test]
    fn nothing_is_written_outside_the_area() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 3));
        let glyphs = Glyphs::unicode();
        let mut canvas = Canvas::new(&mut buffer, Rect::new(1, 1, 4, 1), (10, 10), &glyphs);
        canvas.text(8, 10, 40, "abcdefghijk", Style::new());
        canvas.text(8, 9, 40, "above", Style::new());
        canvas.put(-5, i32::MAX, 'x', Style::new());
        let rows: Vec<String> = (0..3).map(|y| (0..6).map(|x| buffer[(x, y)].symbol()).collect()).collect();
        assert_eq!(rows, ["      ", " cdef ", "      "]);
    }
}
