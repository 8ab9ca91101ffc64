//! `failscope learn`: a lesson in the explorer, or the list of all; and lessons opened by name for the other calls.

use std::io::{IsTerminal, stdout};
use std::path::Path;
use std::sync::Arc;

use super::args::LearnArgs;
use super::explorer::{Settled, settled};
use super::open::failure;
use super::output::{self, Exit, Failure, complain};
use crate::lesson::progress::Progress;
use crate::lesson::shelf::{self, SHELF};
use crate::lesson::{Draw, Lesson, Mode, parse};
use crate::report::lesson as text;
use crate::report::problems;
use crate::runtime::state::{State, StateError};
use crate::runtime::{self, Learn, Options};
use crate::topology::command::did_you_mean;
use crate::topology::load::LoadError;
use crate::topology::load::read;

/// Opens a lesson, or the list of lessons; prints the list where there is no terminal to open it in.
///
/// # Errors
/// The lesson is unknown or no lesson, there is no terminal to play it in, or the terminal fails.
pub fn learn(args: &LearnArgs) -> Result<Exit, Failure> {
    let source = args.lesson.as_deref().map(|name| source(name).map(|text| (name, text))).transpose()?;
    let first = source.as_ref().map(|(name, text)| lesson(name, text, Draw::default())).transpose()?;
    let state = State::of_user().inspect_err(said).ok();
    if !stdout().is_terminal() {
        return match first {
            Some(lesson) => Err(Failure::misused(format!(
                "a lesson needs a terminal, and standard output is none; `failscope lesson check {}` plays its solutions",
                args.lesson.as_ref().unwrap_or(&lesson.id)
            ))),
            None => {
                let progress = progress(state.as_ref());
                output::result(&text::listed(&all(&progress)?, &progress))?;
                Ok(Exit::Fine)
            }
        };
    }
    let mut learn = Learn { lesson: None, file: None, mode: mode(args), state, notice: None };
    if let (Some((name, text)), Some(first)) = (source, first) {
        // Which words are drawn hangs on what was passed before; from now on the seed of the draws is kept.
        let kept = learn.state.as_ref().map(|state| state.change(|_| ()));
        let draw = match kept {
            Some(Ok(kept)) => {
                learn.notice = kept.message;
                kept.progress.draw(&first)
            }
            Some(Err(error)) => {
                learn.notice = Some(error.to_string());
                Draw::default()
            }
            None => Draw::default(),
        };
        learn.lesson = Some(Arc::new(if draw == first.draw { first } else { lesson(name, &text, draw)? }));
        // The session is found again from wherever it is taken up.
        let whole = || std::path::absolute(name).map_or_else(|_| name.to_owned(), |path| path.display().to_string());
        learn.file = shelf::find(name).is_none().then(whole);
    }
    let Settled { appearance, settings, keymap } = settled(&args.look, None)?;
    let settings = args.manner.within(settings);
    let options = Options { topology: None, learn: Some(learn), appearance, settings, keymap };
    runtime::explore(options).map_err(|error| Failure::failed(format!("{error:#}")))?;
    Ok(Exit::Fine)
}

/// The mode the call asks for; that of the lesson where it asks for none.
fn mode(args: &LearnArgs) -> Option<Mode> {
    match (args.guided, args.challenge) {
        (true, _) => Some(Mode::Guided),
        (_, true) => Some(Mode::Challenge),
        _ => None,
    }
}

/// Says what is wrong with the state directory; lessons can be played without it.
fn said(error: &StateError) {
    complain(&error.to_string());
}

/// What was done so far, or nothing where it cannot be read, which is said.
pub fn progress(state: Option<&State>) -> Progress {
    let Some(state) = state else { return Progress::new(0) };
    match state.progress() {
        Ok(kept) => {
            if let Some(message) = kept.message {
                complain(&message);
            }
            kept.progress
        }
        Err(error) => {
            said(&error);
            Progress::new(0)
        }
    }
}

/// Every lesson of the shelf, each with the draw that is played next.
///
/// # Errors
/// A lesson of the shelf is none; tests see to it that this does not happen.
pub fn all(progress: &Progress) -> Result<Vec<Lesson>, Failure> {
    SHELF.iter().map(|shelved| shelved.next(progress).map_err(|error| no_lesson(&error))).collect()
}

/// A lesson from its text.
///
/// # Errors
/// Everything wrong with it.
pub fn lesson(name: &str, text: &str, draw: Draw) -> Result<Lesson, Failure> {
    parse(name, text, draw).map_err(|error| no_lesson(&error))
}

fn no_lesson(error: &LoadError) -> Failure {
    Failure::failed(problems::render_as(error, "lesson", true))
}

/// The text of a built-in lesson, or of a file.
///
/// # Errors
/// There is none of this name, which the nearest is named for, or the file cannot be read.
pub fn source(name: &str) -> Result<String, Failure> {
    if let Some(lesson) = shelf::find(name) {
        return Ok(lesson.text.to_owned());
    }
    if !name.ends_with(".toml") && !name.contains(std::path::is_separator) {
        let hint = did_you_mean(name, SHELF.iter().map(|lesson| lesson.id));
        return Err(Failure::misused(format!(
            "no built-in lesson is called `{name}`, and a file is named by its path{hint}"
        )));
    }
    read(Path::new(name)).map_err(failure)
}
