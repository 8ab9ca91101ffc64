//! Whether the terminal draws lines and marks one cell wide, or two as East Asian fonts do.

use std::io::{self, Write, stdout};

use ratatui::crossterm::cursor::{MoveTo, position};
use ratatui::crossterm::terminal::{Clear, ClearType};
use ratatui::crossterm::{execute, queue};

/// What to say where lines are two cells wide.
pub const WIDE: &str =
    "lines are two cells wide here, so ASCII is drawn (--ambiguous-width narrow: lines all the same)";

/// Draws a line at the upper left of the taken screen and asks where the cursor went. A terminal that does not answer
/// within two seconds draws narrow ones, as most do.
///
/// # Errors
/// The terminal cannot be written.
pub fn is_wide() -> io::Result<bool> {
    let mut out = stdout();
    queue!(out, MoveTo(0, 0))?;
    out.write_all("─".as_bytes())?;
    out.flush()?;
    let column = position().map(|(column, _)| column);
    execute!(out, MoveTo(0, 0), Clear(ClearType::All))?;
    Ok(column.is_ok_and(|column| column > 1))
}
