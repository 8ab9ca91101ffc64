//! The lessons that come with the program, in the order they are taken.

use super::progress::Progress;
use super::random::Draw;
use super::{Lesson, load, parse};
use crate::topology::load::LoadError;

/// A lesson that comes with the program.
#[derive(Debug, Clone, Copy)]
pub struct Shelved {
    /// Its id, as `failscope learn ID` takes it.
    pub id: &'static str,
    /// The file's text.
    pub text: &'static str,
}

/// Embeds the files of `assets/lessons/` by id.
macro_rules! shelved {
    ($($id:literal),* $(,)?) => {
        &[$(Shelved { id: $id, text: include_str!(concat!("../../assets/lessons/", $id, ".toml")) }),*]
    };
}

/// A topology that only lessons are played on: one that is half built, or has other machines than the built-in ones.
#[derive(Debug, Clone, Copy)]
pub struct Board {
    /// Its name, as the `scenario` of a lesson writes it.
    pub name: &'static str,
    /// The file's text.
    pub text: &'static str,
}

/// Embeds the files of `assets/lessons/boards/` by name.
macro_rules! boards {
    ($($name:literal),* $(,)?) => {
        &[$(Board {
            name: concat!("boards/", $name, ".toml"),
            text: include_str!(concat!("../../assets/lessons/boards/", $name, ".toml")),
        }),*]
    };
}

/// Every board.
pub const BOARDS: &[Board] = boards![
    "first-addresses",
    "half-built",
    "split-half-done",
    "company-b-one-vnet",
    "company-b-replan",
    "drill",
    "cold-and-warm"
];

/// Every lesson, in the order they are taken.
pub const SHELF: &[Shelved] = shelved![
    "ori-00", "ori-01", "full-02", "full-03", "full-04", "full-05", "full-06", "iso-07", "iso-08", "iso-09", "iso-10",
    "iso-11", "hyb-12", "hyb-13", "hyb-13b", "hyb-14", "hyb-15", "hyb-16", "plan-17", "plan-18", "plan-19", "plan-20",
    "gd-1", "gd-2", "gd-3", "gd-4",
];

impl Shelved {
    /// The lesson with the words of a draw.
    ///
    /// # Errors
    /// Everything wrong with the file; the lessons of the shelf are tested to have nothing.
    pub fn lesson(&self, draw: Draw) -> Result<Lesson, LoadError> {
        parse(self.id, self.text, draw)
    }

    /// The lesson with the words of the draw that is played next.
    ///
    /// # Errors
    /// As [`Shelved::lesson`].
    pub fn next(&self, progress: &Progress) -> Result<Lesson, LoadError> {
        let first = self.lesson(Draw::default())?;
        match progress.draw(&first) {
            draw if draw == first.draw => Ok(first),
            draw => self.lesson(draw),
        }
    }

    /// How many draws its random words have.
    pub fn draws(&self) -> usize {
        load::draws(self.text)
    }
}

/// The lesson of this id.
pub fn find(id: &str) -> Option<&'static Shelved> {
    SHELF.iter().find(|lesson| lesson.id == id)
}
