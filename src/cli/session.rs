//! `failscope lesson export`, `replay` and `progress`: what was done, written down, played again, and carried elsewhere.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::learn::{all, lesson, progress, source};
use super::output::{self, Exit, Failure, complain};
use crate::lesson::progress::Progress;
use crate::lesson::protocol::{Protocol, Replay, replay};
use crate::report::exercise::exercise;
use crate::report::lesson as text;
use crate::runtime::state::{Listed, State, StateError};

/// Writes an exercise down as Markdown.
///
/// # Errors
/// There is no such session, its lesson is not there any more, or the result cannot be written.
pub fn export(session: &str, out: Option<&Path>) -> Result<Exit, Failure> {
    let (_, protocol, replay) = replayed(session)?;
    write(&exercise(&protocol, &replay), out)?;
    Ok(Exit::Fine)
}

/// Plays a session again and says whether it comes out the same.
///
/// # Errors
/// There is no such session, its lesson is not there any more, or standard output cannot be written.
pub fn again(session: &str) -> Result<Exit, Failure> {
    let (name, protocol, replay) = replayed(session)?;
    output::result(&text::replayed(&name, &protocol, &replay))?;
    Ok(Exit::failed_if(!replay.differences.is_empty()))
}

/// Shows what was done so far, prints it as one line, or takes such a line over.
///
/// # Errors
/// The state directory cannot be read or written, or the line is no progress.
pub fn carry(export: bool, import: Option<&str>) -> Result<Exit, Failure> {
    let state = State::of_user().map_err(failed)?;
    if let Some(line) = import {
        let line = if line == "-" { standard_input()? } else { line.to_owned() };
        let other = Progress::parse(&line).map_err(|wrong| Failure::misused(wrong.to_string()))?;
        let kept = state.change(|progress| progress.merge(&other)).map_err(failed)?;
        if let Some(message) = kept.message {
            complain(&message);
        }
        output::result(&text::progress(&all(&kept.progress)?, &kept.progress))?;
        return Ok(Exit::Fine);
    }
    let progress = progress(Some(&state));
    if export {
        output::result(&format!("{}\n", progress.line()))?;
        return Ok(Exit::Fine);
    }
    let sessions = state.sessions().map_err(failed)?;
    let rows =
        sessions.iter().map(|session| (session.name.as_str(), session.protocol.as_ref().map_err(String::as_str)));
    let table = text::progress(&all(&progress)?, &progress);
    output::result(&[table, text::sessions(rows)].concat())?;
    Ok(Exit::Fine)
}

fn failed(error: StateError) -> Failure {
    match error {
        StateError::NoSession(message) => Failure::misused(message),
        other => Failure::failed(other.to_string()),
    }
}

/// A session played again with its lesson.
fn replayed(session: &str) -> Result<(String, Protocol, Replay), Failure> {
    let state = State::of_user().map_err(failed)?;
    let Listed { name, path, protocol } = state.session(session).map_err(failed)?;
    let protocol = protocol.map_err(|why| Failure::failed(format!("{}: {why}", path.display())))?;
    let opening = &protocol.opening;
    let from = opening.file.as_deref().unwrap_or(&opening.lesson);
    let lesson = lesson(from, &source(from)?, opening.draw())?;
    let replay = replay(&protocol, Arc::new(lesson)).map_err(Failure::failed)?;
    Ok((name, protocol, replay))
}

/// Writes a result into a file, or on standard output.
///
/// # Errors
/// It cannot be written.
pub fn write(text: &str, out: Option<&Path>) -> Result<(), Failure> {
    match out {
        None => output::coloured(text, super::args::Color::Never),
        Some(path) => crate::runtime::state::write(path, text)
            .map_err(|error| Failure::misused(format!("{} cannot be written: {error}", path.display()))),
    }
}

fn standard_input() -> Result<String, Failure> {
    let mut text = String::new();
    let wrong = |error| Failure::misused(format!("the line on standard input cannot be read: {error}"));
    std::io::stdin().read_to_string(&mut text).map_err(wrong)?;
    Ok(text)
}
