//! `failscope check`: load topologies and report what is worth knowing about them.

use std::path::Path;
use std::sync::Arc;

use super::args::CheckArgs;
use super::open::failure;
use super::output::{self, Exit, Failure, complain};
use crate::report::run::{findings_of_file, has_errors};
use crate::report::{check as text, json};
use crate::topology::load::{OpenError, open};
use crate::world::World;

/// Checks every topology of the call, also those after one that fails.
///
/// # Errors
/// Standard output cannot be written.
pub fn check(args: &CheckArgs) -> Result<Exit, Failure> {
    let (mut exit, mut texts, mut documents) = (Exit::Fine, Vec::new(), Vec::new());
    for name in &args.topologies {
        match open(name) {
            Ok(topology) => {
                let world = World::start(Arc::new(topology));
                let (topology, found) = (world.topology(), findings_of_file(&world));
                exit = exit.max(Exit::failed_if(has_errors(&found)));
                texts.push(text::check(&topology.name, &topology.title, &found));
                documents.push(json::checked(&topology.name, &found));
            }
            Err(error) => {
                if let OpenError::Invalid(error) = &error {
                    let problems = error.problems.iter().map(|problem| &problem.finding);
                    documents.push(json::checked(&called(name), problems));
                }
                let failure = failure(error);
                exit = exit.max(failure.exit);
                complain(&failure.message);
            }
        }
    }
    if args.json {
        output::json(&json::check(documents))?;
    } else {
        output::result(&texts.join("\n"))?;
    }
    Ok(exit)
}

/// The name a topology would have: a file's name without `.toml`.
fn called(name_or_path: &str) -> String {
    let path = Path::new(name_or_path);
    path.file_stem().map_or_else(|| name_or_path.to_owned(), |stem| stem.to_string_lossy().into_owned())
}
