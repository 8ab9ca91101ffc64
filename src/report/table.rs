//! Aligned columns, and sentences wrapped to a readable width.

use unicode_width::UnicodeWidthStr;

use super::style::Tone;

/// How wide a line of sentences may become.
const LINE: usize = 100;

/// One cell: text and its tone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    text: String,
    tone: Tone,
}

impl Cell {
    /// A cell in a tone.
    pub fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::new(text, Tone::Plain)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::new(text, Tone::Plain)
    }
}

/// Rows of cells whose columns are aligned when printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table with a quiet row of column titles.
    pub fn titled<const N: usize>(titles: [&str; N]) -> Self {
        Self { rows: vec![titles.iter().map(|title| Cell::new(*title, Tone::Quiet)).collect()] }
    }

    /// A table without titles.
    pub fn bare() -> Self {
        Self::default()
    }

    /// Adds a row; rows may be of different lengths.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The table, each line indented, two spaces between columns, no spaces at the ends of lines.
    pub fn print(&self, indent: usize) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |at: usize| self.rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.text.width()).max();
        let widths: Vec<usize> = (0..columns).map(|at| width(at).unwrap_or(0)).collect();
        let mut out = String::new();
        for row in &self.rows {
            let last = row.iter().rposition(|cell| !cell.text.is_empty()).map_or(0, |last| last + 1);
            let mut gap = indent;
            for (cell, width) in row[..last].iter().zip(&widths) {
                out.push_str(&" ".repeat(gap));
                out.push_str(&cell.tone.paint(&cell.text));
                gap = width.saturating_sub(cell.text.width()) + 2;
            }
            out.push('\n');
        }
        out
    }
}

/// A sentence wrapped to a readable width, every line indented.
pub fn sentence(text: &str, indent: usize, tone: Tone) -> String {
    let margin = " ".repeat(indent);
    let lines = textwrap::wrap(text, LINE.saturating_sub(indent));
    lines.iter().map(|line| format!("{margin}{}\n", tone.paint(line))).collect()
}

/// A heading over a part of a result, with an empty line above it.
pub fn heading(text: &str) -> String {
    format!("\n{}\n", Tone::Strong.paint(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_the_width_on_the_screen_and_lines_end_without_spaces() {
        let mut table = Table::titled(["VM", "address", ""]);
        table.row(["wéb-1".into(), "10.1.1.4".into(), "kept".into()]);
        table.row(["sql-replica".into(), Cell::new("10.3.4.4", Tone::Bad), Cell::default()]);
        let plain = anstream::adapter::strip_str(&table.print(2)).to_string();
        assert_eq!(plain, "  VM           address\n  wéb-1        10.1.1.4  kept\n  sql-replica  10.3.4.4\n");
    }

    #[test]
    fn sentences_are_wrapped_and_indented() {
        let text = "word ".repeat(40);
        let plain = anstream::adapter::strip_str(&sentence(&text, 4, Tone::Plain)).to_string();
        assert!(
            plain.lines().count() > 1 && plain.lines().all(|line| line.len() <= LINE && line.starts_with("    word"))
        );
    }
}
