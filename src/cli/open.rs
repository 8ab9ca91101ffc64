//! Opening a topology for a subcommand, and running commands on it first.

use std::path::Path;
use std::sync::Arc;

use super::args::Prepared;
use super::output::{Exit, Failure, complain};
use crate::history::{Attempt, History};
use crate::report::run::Ran;
use crate::topology::load::{OpenError, open};
use crate::topology::{Command, Topology};
use crate::world::{Refusal, RefusalCode};

/// Opens a built-in topology or a file.
///
/// # Errors
/// The call is wrong where there is none, and has failed where the file is no topology.
pub fn topology(name_or_path: &str) -> Result<Topology, Failure> {
    open(name_or_path).map_err(failure)
}

/// What to say about a topology that cannot be opened.
pub fn failure(error: OpenError) -> Failure {
    match error {
        OpenError::UnknownName(message) | OpenError::Unreadable(message) => Failure::misused(message),
        OpenError::Invalid(error) => {
            let problems = error.problems.iter().map(|problem| &problem.finding);
            let problems = crate::report::json::checked(&called(&error.origin), problems);
            Failure::failed(crate::report::problems::render(&error, true)).with(problems)
        }
    }
}

/// The name a topology would have: a file's name without `.toml`.
fn called(name_or_path: &str) -> String {
    let path = Path::new(name_or_path);
    path.file_stem().map_or_else(|| name_or_path.to_owned(), |stem| stem.to_string_lossy().into_owned())
}

/// Opens a topology and starts its history.
///
/// # Errors
/// As [`topology`].
pub fn history(name_or_path: &str) -> Result<History, Failure> {
    topology(name_or_path).map(|topology| History::start(Arc::new(topology)))
}

/// Opens a topology and applies the commands of `--do`; refused ones are said on standard error.
///
/// # Errors
/// As [`topology`].
pub fn prepared(prepared: &Prepared) -> Result<(History, Exit), Failure> {
    let mut history = history(&prepared.topology)?;
    let mut exit = Exit::Fine;
    for command in &prepared.commands {
        for complaint in execute(&mut history, command, None).iter().filter_map(Ran::complaint) {
            complain(&complaint);
            exit = Exit::Failed;
        }
    }
    Ok((history, exit))
}

/// Runs the text of one command; `run PLAN` becomes the commands of the plan. `place` says where it was written.
pub fn execute(history: &mut History, text: &str, place: Option<&str>) -> Vec<Ran> {
    let place = place.map(str::to_owned);
    let command: Command = match text.parse() {
        Ok(command) => command,
        Err(wrong) => {
            let refusal = Refusal::new(RefusalCode::Syntax, "", format!("{wrong}"));
            return vec![Ran { command: text.trim().to_owned(), place, outcome: Err(refusal) }];
        }
    };
    let attempts = history.run(&command).into_iter();
    attempts.map(|attempt| ran(history, attempt, place.clone())).collect()
}

fn ran(history: &History, attempt: Attempt, place: Option<String>) -> Ran {
    let Attempt { command, outcome } = attempt;
    let step = |position: usize| history.revisions().get(position).and_then(|revision| revision.step.clone());
    let outcome = outcome.map(|position| {
        step(position).unwrap_or_else(|| crate::history::Step {
            command: command.clone(),
            changes: Vec::new(),
            started: 0,
            finished: 0,
            basis: None,
        })
    });
    Ran { command: command.to_string(), place, outcome }
}
