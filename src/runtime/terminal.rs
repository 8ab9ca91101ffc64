//! Taking the terminal and giving it back, whatever happens.

use std::io::{self, Write, stdout};
use std::sync::Once;

use ratatui::crossterm::cursor::{Hide, Show};
use ratatui::crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};

/// Holds the terminal; giving it back is its end.
#[derive(Debug)]
pub struct Guard(());

impl Guard {
    /// Takes the terminal.
    ///
    /// # Errors
    /// Where there is none; whatever was taken is given back.
    pub fn enter(mouse: bool) -> io::Result<Self> {
        enter(mouse).inspect_err(|_| restore())?;
        Ok(Self(()))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// Switches to the explorer's screen; doing it twice is harmless.
///
/// # Errors
/// Where the terminal cannot be written.
pub fn enter(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, Hide)?;
    set_mouse(mouse)
}

/// Takes the mouse or leaves it to the terminal.
///
/// # Errors
/// Where the terminal cannot be written.
pub fn set_mouse(on: bool) -> io::Result<()> {
    if on { execute!(stdout(), EnableMouseCapture) } else { execute!(stdout(), DisableMouseCapture) }
}

/// Writes what gives a terminal back.
///
/// # Errors
/// Where it cannot be written.
pub fn write_restore(out: &mut impl Write) -> io::Result<()> {
    execute!(out, DisableMouseCapture, DisableBracketedPaste, Show, LeaveAlternateScreen)
}

/// Gives the terminal back; doing it twice is harmless. A terminal that is gone needs nothing.
pub fn restore() {
    write_restore(&mut stdout()).ok();
    disable_raw_mode().ok();
}

/// Lets a panic give the terminal back before it is printed.
pub fn restore_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            restore();
            print(panic);
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn restoring_leaves_the_alternate_screen_the_mouse_and_the_paste_and_shows_the_cursor() {
        let mut written = Vec::new();
        write_restore(&mut written).unwrap();
        let written = String::from_utf8(written).unwrap();
        for part in ["\x1b[?1049l", "\x1b[?1000l", "\x1b[?2004l", "\x1b[?25h"] {
            assert!(written.contains(part), "{part:?} in {written:?}");
        }
    }
}
