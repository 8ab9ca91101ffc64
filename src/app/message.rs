//! What comes into the explorer from outside, what has to happen outside, and what the reader is told.

use std::sync::Arc;

use super::learning::{Keep, Opened};
use super::pointing::Hit;
use super::{Key, Tone};
use crate::lesson::Mode;
use crate::lesson::progress::Progress;
use crate::topology::{Command, Topology};

/// Something that happened outside.
#[derive(Debug, Clone)]
pub enum Message {
    /// A key was pressed.
    Key(Key),
    /// The mouse was clicked at a cell: column and row of the screen.
    Click(u16, u16),
    /// It was clicked there again at once.
    DoubleClick(u16, u16),
    /// The wheel was turned over a cell; down is positive.
    Wheel(u16, u16, i16),
    /// The mouse was moved from one cell to another while it was pressed.
    Drag {
        /// Where it was.
        from: (u16, u16),
        /// Where it is.
        to: (u16, u16),
    },
    /// Text was pasted.
    Paste(String),
    /// The terminal has another size.
    Resize(u16, u16),
    /// A moment passed while a plan plays.
    Tick,
    /// A topology was read, or not.
    Loaded(Result<Arc<Topology>, Failure>),
    /// A frame was drawn; holds how far its sheet and the panel of the lesson can be scrolled.
    Drawn(Limits),
    /// A lesson was opened, or not.
    Lesson(Box<Result<Opened, Failure>>),
    /// What the learner has done so far, and the lessons that were left unfinished.
    Progress(Box<Progress>, Vec<String>),
    /// Progress could not be kept; says why.
    NotKept(String),
    /// Something the reader should know: how it reads, and what it is.
    Said(Tone, String),
    /// No key came for so many seconds.
    Idle(u64),
    /// Another theme is shown; holds its name.
    Themed(String),
}

/// What a frame that was drawn says about itself: how far it can be scrolled, in rows, and what can be clicked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// The topmost sheet.
    pub sheet: u16,
    /// The panel of the lesson.
    pub lesson: u16,
    /// What can be clicked besides the map.
    pub hits: Vec<Hit>,
}

/// Why no topology was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// In one sentence.
    pub summary: String,
    /// Every problem with its place; empty where there is nothing to add.
    pub report: String,
}

/// Something that has to happen outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Leave the program.
    Quit,
    /// Give the terminal back until the shell resumes the program.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Read a topology by name or path, and answer with [`Message::Loaded`].
    Load(String),
    /// Take the mouse, or leave it to the terminal.
    SetMouse(bool),
    /// Open a lesson that comes with the program, and answer with [`Message::Lesson`].
    Learn {
        /// Its id.
        lesson: String,
        /// How to play it; its own mode where none is given.
        mode: Option<Mode>,
        /// Whether an attempt that was left is given up.
        anew: bool,
    },
    /// Keep what was done in the lesson.
    Keep(Keep),
    /// Show another theme, and answer with [`Message::Themed`] or [`Message::Said`].
    Theme(String),
}

/// A message to the reader, until the next key that matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How it reads.
    pub tone: Tone,
    /// The stable code of a refusal.
    pub code: Option<String>,
    /// The sentence.
    pub text: String,
    /// Commands that would help.
    pub mend: Vec<Command>,
}
