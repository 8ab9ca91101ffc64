//! Text that flows into a width: headings, paragraphs, marked items and tables, as lines to be scrolled.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::theme::Theme;
use crate::app::pointing::{Hit, Means};

/// A piece of text with its style.
pub type Piece = (String, Style);

/// A piece of text.
pub fn piece(text: impl Into<String>, style: Style) -> Piece {
    (text.into(), style)
}

/// Lines of a given width.
pub struct Doc<'a> {
    /// Columns.
    pub width: usize,
    /// The styles.
    pub theme: &'a Theme,
    /// The lines so far.
    pub lines: Vec<Line<'static>>,
    /// The line to keep in view.
    pub mark: Option<usize>,
    /// The first lines of the rows one can choose, in order, and which of them is marked.
    choices: Vec<usize>,
    chosen: usize,
}

impl<'a> Doc<'a> {
    /// Nothing yet.
    pub fn new(width: u16, theme: &'a Theme) -> Self {
        Self { width: usize::from(width), theme, lines: Vec::new(), mark: None, choices: Vec::new(), chosen: 0 }
    }

    /// An empty line, unless one is there already.
    pub fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| line.width() > 0) {
            self.lines.push(Line::default());
        }
    }

    /// A heading, set off from what stands above.
    pub fn heading(&mut self, text: impl Into<String>) {
        self.gap();
        self.lines.push(Line::styled(text.into(), self.theme.title));
    }

    /// A paragraph, wrapped.
    pub fn para(&mut self, text: &str, style: Style) {
        self.item("", style, text, style);
    }

    /// A paragraph behind a mark, wrapped under its first word.
    pub fn item(&mut self, mark: &str, mark_style: Style, text: &str, style: Style) {
        let indent = if mark.is_empty() { 0 } else { mark.width() + 1 };
        let room = self.width.saturating_sub(indent).max(8);
        for (at, part) in wrap(text, room).into_iter().enumerate() {
            let lead = match (at, indent) {
                (_, 0) => String::new(),
                (0, _) => format!("{mark} "),
                _ => " ".repeat(indent),
            };
            self.lines.push(Line::from(vec![Span::styled(lead, mark_style), Span::styled(part, style)]));
        }
    }

    /// One line of pieces, clipped at the edge.
    pub fn row(&mut self, pieces: Vec<Piece>) {
        self.lines
            .push(Line::from(pieces.into_iter().map(|(text, style)| Span::styled(text, style)).collect::<Vec<_>>()));
    }

    /// Keeps the line last written in view.
    pub fn mark_here(&mut self) {
        self.mark = self.lines.len().checked_sub(1);
    }

    /// The lines from `first` on are a row one can choose; the marked one stays in view.
    pub fn choice_from(&mut self, first: usize, is_marked: bool) {
        if is_marked {
            self.mark = Some(first);
            self.chosen = self.choices.len();
        }
        self.choices.push(first);
    }

    /// The line last written is a row one can choose; the marked one stays in view.
    pub fn choice(&mut self, is_marked: bool) {
        self.choice_from(self.lines.len().saturating_sub(1), is_marked);
    }

    /// Rows of cells in aligned columns; the last column takes what is left and wraps under itself.
    pub fn table(&mut self, rows: Vec<Vec<Piece>>) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        // The last cell of a row runs on to the right, so it does not widen its column.
        let inner = |row: &&Vec<Piece>, column: usize| column + 1 < row.len();
        let width_of =
            |column: usize| rows.iter().filter(|row| inner(row, column)).map(|row| row[column].0.width()).max();
        let widths: Vec<usize> = (0..columns.saturating_sub(1)).map(|column| width_of(column).unwrap_or(0)).collect();
        for row in rows {
            let mut pieces = Vec::new();
            let last = row.len().saturating_sub(1);
            for (column, (text, style)) in row.into_iter().enumerate() {
                if column < last {
                    let pad = widths.get(column).map_or(0, |width| width.saturating_sub(text.width())) + 2;
                    pieces.push((text, style));
                    pieces.push((" ".repeat(pad), style));
                    continue;
                }
                let indent: usize = widths.iter().take(column).map(|width| width + 2).sum();
                let room = self.width.saturating_sub(indent);
                if room < 16 {
                    pieces.push((text, style));
                    continue;
                }
                let mut parts = wrap(&text, room).into_iter();
                pieces.push((parts.next().unwrap_or_default(), style));
                self.row(std::mem::take(&mut pieces));
                for part in parts {
                    self.row(vec![(" ".repeat(indent), style), (part, style)]);
                }
            }
            if !pieces.is_empty() {
                self.row(pieces);
            }
        }
    }

    /// Draws the lines into an area from line `scroll` on.
    pub fn draw(self, buffer: &mut Buffer, area: Rect, scroll: u16) -> Shown {
        let limit = u16::try_from(self.lines.len()).unwrap_or(u16::MAX).saturating_sub(area.height);
        let scroll = match self.mark {
            // A marked line stays in the middle third of what is shown.
            Some(mark) => u16::try_from(mark).unwrap_or(u16::MAX).saturating_sub(area.height / 2).min(limit),
            None => scroll.min(limit),
        };
        for (row, line) in self.lines.iter().skip(usize::from(scroll)).take(usize::from(area.height)).enumerate() {
            let y = area.y + u16::try_from(row).unwrap_or(0);
            buffer.set_line(area.x, y, line, area.width);
            if line.width() > usize::from(area.width) && area.width > 0 {
                buffer[(area.right() - 1, y)].set_symbol("…");
            }
        }
        let row = |(nth, line): (usize, &usize)| {
            let y = u16::try_from(*line).ok()?.checked_sub(scroll).filter(|row| *row < area.height)?;
            let by = isize::try_from(nth).ok()? - isize::try_from(self.chosen).ok()?;
            Some(Hit { x: area.x, y: area.y + y, width: area.width, means: Means::Mark(by) })
        };
        let hits = self.choices.iter().enumerate().filter_map(row).collect();
        Shown { scroll, limit, hits }
    }
}

/// Which part of a text is on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Lines that are above it.
    scroll: u16,
    /// The most lines it can be scrolled.
    pub limit: u16,
    /// The rows one can choose.
    pub hits: Vec<Hit>,
}

impl Shown {
    /// Marks in the bottom border of `frame` where there is more.
    pub fn mark(&self, buffer: &mut Buffer, frame: Rect, style: Style) {
        if self.limit == 0 || frame.height < 3 {
            return;
        }
        let (above, below) = (self.scroll > 0, self.scroll < self.limit);
        let more = format!(" {}{} ", if above { "▲" } else { "" }, if below { "▼" } else { "" });
        let x = frame.right().saturating_sub(6).max(frame.x);
        buffer.set_stringn(x, frame.bottom() - 1, more, usize::from(frame.right() - x), style);
    }
}

/// Breaks a text into lines of at most `width` cells, at spaces where it can. What stands in backticks is a command to be
/// typed and stays on one line if it fits there; a word that fits on no line is broken behind a hyphen or a slash.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in words(paragraph, width) {
            if !line.is_empty() && line.width() + 1 + word.width() > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&word);
            while line.width() > width.max(1) {
                let rest = line.split_off(break_at(&line, width.max(1)));
                lines.push(std::mem::replace(&mut line, rest));
            }
        }
        lines.push(line);
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// The words of a paragraph; a command in backticks is one of them as long as it fits on a line.
fn words(paragraph: &str, width: usize) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut open: Option<String> = None;
    for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
        let turns = word.matches('`').count() % 2 == 1;
        match open.take() {
            None if turns => open = Some(word.to_owned()),
            None => found.push(word.to_owned()),
            Some(begun) => {
                let joined = format!("{begun} {word}");
                match (joined.width() > width, turns) {
                    (true, _) => found.extend(joined.split(' ').map(str::to_owned)),
                    (false, true) => found.push(joined),
                    (false, false) => open = Some(joined),
                }
            }
        }
    }
    found.extend(open.into_iter().flat_map(|begun| begun.split(' ').map(str::to_owned).collect::<Vec<_>>()));
    found
}

/// Where a word too long for a line is broken: behind its last hyphen or slash that fits, else at the edge.
fn break_at(word: &str, width: usize) -> usize {
    let (mut edge, mut soft, mut cells) = (0, None, 0);
    for (at, letter) in word.char_indices() {
        cells += unicode_width::UnicodeWidthChar::width(letter).unwrap_or(0);
        if cells > width && edge > 0 {
            break;
        }
        edge = at + letter.len_utf8();
        if matches!(letter, '-' | '/') {
            soft = Some(edge);
        }
    }
    soft.unwrap_or(edge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_wraps_at_spaces_and_a_long_word_is_broken() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(wrap("already-connected", 10), ["already-", "connected"]);
        assert_eq!(wrap("pin it with `set-target a 1`", 20), ["pin it with", "`set-target a 1`"]);
        assert!(wrap("ab cd", 0).iter().all(|line| line.width() <= 1));
    }
}
