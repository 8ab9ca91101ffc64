//! `failscope lesson`: the author's proof of lessons.

use std::path::Path;
use std::sync::Arc;

use super::args::LessonTask;
use super::open::failure;
use super::output::{self, Exit, Failure, complain};
use crate::lesson::proof::prove;
use crate::lesson::shelf::{self, SHELF};
use crate::lesson::{Draw, draws, parse};
use crate::report::lesson as text;
use crate::report::problems;
use crate::topology::command::did_you_mean;
use crate::topology::load::read;

/// Does what `failscope lesson …` asks for.
///
/// # Errors
/// Standard output cannot be written.
pub fn perform(task: &LessonTask) -> Result<Exit, Failure> {
    match task {
        LessonTask::Check { files } => check(files),
    }
}

/// Proves lessons one after the other, also those after one that fails.
fn check(files: &[String]) -> Result<Exit, Failure> {
    let all: Vec<String> = match files.is_empty() {
        true => SHELF.iter().map(|lesson| lesson.id.to_owned()).collect(),
        false => files.to_vec(),
    };
    let mut exit = Exit::Fine;
    for name in &all {
        let source = match source(name) {
            Ok(source) => source,
            Err(failure) => {
                exit = exit.max(failure.exit);
                complain(&failure.message);
                continue;
            }
        };
        for draw in (0..draws(&source)).map(Draw) {
            match parse(name, &source, draw) {
                Ok(lesson) => {
                    let lines = prove(&Arc::new(lesson));
                    exit = exit.max(Exit::failed_if(lines.iter().any(|line| !line.ok)));
                    output::result(&text::proof(name, draw, draws(&source), &lines))?;
                }
                Err(error) => {
                    exit = exit.max(Exit::Failed);
                    complain(&problems::render_as(&error, "lesson", false));
                }
            }
        }
    }
    Ok(exit)
}

/// The text of a built-in lesson, or of a file.
fn source(name: &str) -> Result<String, Failure> {
    if let Some(lesson) = shelf::find(name) {
        return Ok(lesson.text.to_owned());
    }
    if !name.ends_with(".toml") && !name.contains(std::path::is_separator) {
        let hint = did_you_mean(name, SHELF.iter().map(|lesson| lesson.id));
        return Err(Failure::misused(format!(
            "no built-in lesson is called `{name}`{hint}; a file is named by its path"
        )));
    }
    read(Path::new(name)).map_err(failure)
}
