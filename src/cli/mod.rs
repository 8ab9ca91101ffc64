//! The command line: it reads the words of a call, asks the model, and prints what `report` makes of the answer.
//!
//! Results go to standard output, errors to standard error. The exit status is 0 where all is fine, 1 where something
//! failed and 2 where the call itself is wrong.

mod args;
mod check;
mod explain;
mod explorer;
mod generate;
mod learn;
mod lesson;
mod open;
mod output;
mod question;
mod run;
mod session;

use std::ffi::OsString;

use clap::Parser;
use clap::error::ErrorKind;

use args::{Cli, Task};
use output::{Exit, Failure};

/// Runs one call and returns its exit status; the first of `words` is the program's own name.
pub fn run(words: impl IntoIterator<Item = OsString>) -> u8 {
    let cli = match Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(stop) => {
            // Whoever closes the stream does not want to read it.
            let _ = stop.print();
            let asked = matches!(stop.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            return if asked { Exit::Fine } else { Exit::Misused }.status();
        }
    };
    let json = cli.task.as_ref().is_some_and(Task::is_json);
    match perform(cli) {
        Ok(exit) => exit.status(),
        Err(failure) => {
            if json {
                // Where the document cannot be written either, the message below is all there is.
                let _ = failure.document();
            }
            output::complain(&failure.message);
            failure.exit.status()
        }
    }
}

fn perform(cli: Cli) -> Result<Exit, Failure> {
    match cli.task {
        None => explorer::explore(&cli.explorer),
        Some(Task::List) => explain::list(),
        Some(Task::Check(args)) => check::check(&args),
        Some(Task::Show(args)) => explorer::show(&args),
        Some(Task::Run(args)) => run::run(&args),
        Some(Task::Plan(args)) => question::plan(&args),
        Some(Task::Compare(args)) => question::compare(&args),
        Some(Task::Reach(args)) => question::reach(&args),
        Some(Task::Routes(args)) => question::routes(&args),
        Some(Task::Learn(args)) => learn::learn(&args),
        Some(Task::Lesson(task)) => lesson::perform(&task),
        Some(Task::Explain { code }) => explain::explain(code.as_deref()),
        Some(Task::Schema { of }) => generate::schema(of),
        Some(Task::Completions { shell }) => generate::completions(shell),
        Some(Task::Man) => generate::man(),
    }
}
