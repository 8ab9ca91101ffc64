//! `failscope lesson`: the author's proof of lessons, and lessons written by playing them.

use std::path::Path;
use std::sync::Arc;

use super::args::{LessonTask, RecordArgs};
use super::learn::source;
use super::open::topology;
use super::output::{self, Exit, Failure, complain};
use super::session;
use crate::lesson::proof::prove;
use crate::lesson::record::{Recording, record};
use crate::lesson::shelf::SHELF;
use crate::lesson::{Draw, draws, parse};
use crate::report::json::{self, ProofsJson};
use crate::report::lesson as text;
use crate::report::problems;
use crate::topology::Command;
use crate::topology::builtin::BUILTINS;

/// Does what `failscope lesson …` asks for.
///
/// # Errors
/// What the task says.
pub fn perform(task: &LessonTask) -> Result<Exit, Failure> {
    match task {
        LessonTask::Check { files, json } => check(files, *json),
        LessonTask::Record(args) => write(args),
        LessonTask::Export { session, out } => session::export(session, out.as_deref()),
        LessonTask::Replay { session } => session::again(session),
        LessonTask::Progress { export, import } => session::carry(*export, import.as_deref()),
    }
}

/// Proves lessons one after the other, also those after one that fails.
fn check(files: &[String], as_json: bool) -> Result<Exit, Failure> {
    let all: Vec<String> = match files.is_empty() {
        true => SHELF.iter().map(|lesson| lesson.id.to_owned()).collect(),
        false => files.to_vec(),
    };
    let (mut exit, mut lessons) = (Exit::Fine, Vec::new());
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
                    lessons.push(json::proof(name, draw, &lines));
                    if !as_json {
                        output::result(&text::proof(name, draw, draws(&source), &lines))?;
                    }
                }
                Err(error) => {
                    exit = exit.max(Exit::Failed);
                    let findings = error.problems.iter().map(|problem| &problem.finding);
                    lessons.push(json::no_lesson(name, draw, findings));
                    complain(&problems::render_as(&error, "lesson", false));
                    // Another draw would have the same problems.
                    break;
                }
            }
        }
    }
    if as_json {
        output::json(&ProofsJson { lessons })?;
    }
    Ok(exit)
}

/// Writes a lesson by playing it.
fn write(args: &RecordArgs) -> Result<Exit, Failure> {
    let commands = |texts: &[String]| -> Result<Vec<Command>, Failure> {
        let parsed = texts
            .iter()
            .map(|text| text.parse().map_err(|wrong| Failure::misused(format!("`{text}` is no command: {wrong}"))));
        parsed.collect()
    };
    let topology = topology(&args.topology)?;
    let origin = args.out.clone().unwrap_or_else(|| Path::new("recorded.toml").to_owned());
    let recording = Recording {
        scenario: scenario(&args.topology, &origin),
        origin: origin.to_string_lossy().into_owned(),
        topology: Arc::new(topology),
        title: args.title.clone(),
        start: commands(&args.start)?,
        solution: commands(&args.solution)?,
        mistakes: commands(&args.mistake)?,
    };
    let text = record(&recording).map_err(Failure::failed)?;
    session::write(&text, args.out.as_deref())?;
    Ok(Exit::Fine)
}

/// How a lesson names a topology: by its name, or by a path that counts from the lesson's own folder.
fn scenario(name_or_path: &str, lesson: &Path) -> String {
    let path = Path::new(name_or_path);
    if BUILTINS.iter().any(|builtin| builtin.name == name_or_path) {
        return name_or_path.to_owned();
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match (std::path::absolute(path), std::path::absolute(lesson)) {
        (Ok(topology), Ok(lesson)) if topology.parent() == lesson.parent() => name,
        (Ok(topology), _) => topology.to_string_lossy().into_owned(),
        _ => name_or_path.to_owned(),
    }
}
