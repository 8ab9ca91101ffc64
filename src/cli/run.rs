//! `failscope run`: apply commands without a screen and report every step.

use std::io::Read;
use std::path::Path;

use super::args::RunArgs;
use super::open::{execute, failure, history};
use super::output::{self, Exit, Failure};
use crate::report::run::{findings, has_errors};
use crate::report::{json, run as text};
use crate::topology::load::read;

/// Runs the commands of the call, of its script and of its plan, in this order.
///
/// # Errors
/// The topology or the script cannot be opened, or standard output cannot be written.
pub fn run(args: &RunArgs) -> Result<Exit, Failure> {
    let mut history = history(&args.topology)?;
    let script = args.file.as_deref().map(script).transpose()?.unwrap_or_default();
    let given = args.commands.iter().map(|command| (command.clone(), None));
    let plan = args.plan.iter().map(|plan| (format!("run {plan}"), None));
    let mut steps = Vec::new();
    for (command, place) in given.chain(script).chain(plan) {
        steps.extend(execute(&mut history, &command, place.as_deref()));
    }
    let end = history.now();
    if args.json {
        output::json(&json::run(&steps, end))?;
    } else {
        output::result(&text::run(&steps, end))?;
    }
    let refused = steps.iter().any(|ran| ran.outcome.is_err());
    Ok(Exit::failed_if(refused || has_errors(&findings(&end.world))))
}

/// The commands of a script, each with its place.
fn script(file: &str) -> Result<Vec<(String, Option<String>)>, Failure> {
    let (name, text) = match file {
        "-" => ("standard input", standard_input()?),
        path => (path, read(Path::new(path)).map_err(failure)?),
    };
    let lines = text.lines().map(str::trim).enumerate();
    let commands = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    Ok(commands.map(|(at, line)| (line.to_owned(), Some(format!("{name}:{}", at + 1)))).collect())
}

fn standard_input() -> Result<String, Failure> {
    let mut text = String::new();
    let wrong = |error| Failure::misused(format!("the script on standard input cannot be read: {error}"));
    std::io::stdin().read_to_string(&mut text).map_err(wrong)?;
    Ok(text)
}
