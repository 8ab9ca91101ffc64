//! The screen, and the motion on it: the one place that draws.

use std::io::Stdout;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

use super::terminal;
use crate::app::{App, Limits, Message};
use crate::ui::motion::{Motion, Shown};
use crate::ui::{self, Look};

/// The time between two frames of a motion: thirty a second.
const FRAME: Duration = Duration::from_millis(33);
/// A terminal that takes longer for a frame of a motion gets no more of them.
const SLOW: Duration = Duration::from_millis(50);

/// What is on the screen.
pub struct Stage {
    screen: Terminal<CrosstermBackend<Stdout>>,
    moves: bool,
    shown: Option<Shown>,
    motion: Option<(Motion, Instant)>,
}

impl Stage {
    /// The screen of the terminal that was taken; nothing moves on it unless it `moves`.
    ///
    /// # Errors
    /// A terminal that says nothing about itself.
    pub fn open(moves: bool) -> anyhow::Result<Self> {
        let screen = Terminal::new(CrosstermBackend::new(std::io::stdout())).context("opening the screen")?;
        Ok(Self { screen, moves, shown: None, motion: None })
    }

    /// Tells the explorer how large the screen is.
    ///
    /// # Errors
    /// The terminal does not say it.
    pub fn measure(&self, app: &mut App) -> anyhow::Result<()> {
        let size = self.screen.size().context("asking for the size of the terminal")?;
        app.update(Message::Resize(size.width, size.height));
        Ok(())
    }

    /// Draws the explorer, or the beginning of the motion to what it shows now. A motion under way jumps to its end.
    ///
    /// # Errors
    /// The terminal cannot be written.
    pub fn draw(&mut self, app: &mut App, look: &Look) -> anyhow::Result<()> {
        let mut limits = Limits::default();
        let (moves, before) = (self.moves, self.shown.take());
        let (mut shown, mut motion) = (None, None);
        self.screen
            .draw(|frame| {
                let area = frame.area();
                if (area.width, area.height) != app.size {
                    app.update(Message::Resize(area.width, area.height));
                }
                limits = ui::paint(app, look, frame.buffer_mut());
                if moves {
                    let buffer = frame.buffer_mut();
                    motion = before.and_then(|before| Motion::between(&before, app, look, buffer));
                    shown = Shown::of(app, buffer);
                    motion.iter().for_each(|motion| motion.paint(0, buffer));
                }
            })
            .context("drawing")?;
        self.shown = shown;
        self.motion = motion.map(|motion| (motion, Instant::now()));
        app.update(Message::Drawn(limits));
        Ok(())
    }

    /// When the next frame of a motion is due; never where nothing moves.
    pub fn due(&self) -> Option<Instant> {
        self.motion.as_ref().map(|_| Instant::now() + FRAME)
    }

    /// Whether something moves.
    pub fn is_moving(&self) -> bool {
        self.motion.is_some()
    }

    /// Draws the next frame of a motion.
    ///
    /// # Errors
    /// The terminal cannot be written.
    pub fn go_on(&mut self) -> anyhow::Result<()> {
        let Some((motion, since)) = &self.motion else { return Ok(()) };
        let elapsed = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX);
        let begun = Instant::now();
        self.screen.draw(|frame| motion.paint(elapsed, frame.buffer_mut())).context("drawing")?;
        self.moves &= begun.elapsed() < SLOW;
        if elapsed >= motion.length() || !self.moves {
            let last = motion.length();
            self.screen.draw(|frame| motion.paint(last, frame.buffer_mut())).context("drawing")?;
            self.motion = None;
        }
        Ok(())
    }

    /// Forgets what is on the screen, so that the next drawing paints every cell.
    ///
    /// # Errors
    /// The terminal cannot be written.
    pub fn forget(&mut self, mouse: bool) -> anyhow::Result<()> {
        (self.shown, self.motion) = (None, None);
        terminal::enter(mouse).context("taking the terminal")?;
        // Through the backend: `Terminal::clear` would ask for the cursor, which some terminals never answer.
        ratatui::backend::Backend::clear(self.screen.backend_mut()).context("clearing the screen")?;
        self.screen.swap_buffers();
        Ok(())
    }
}
