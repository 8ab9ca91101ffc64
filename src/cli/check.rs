//! `failscope check`: load topologies and report what is worth knowing about them.

use std::sync::Arc;

use super::args::CheckArgs;
use super::open::failure;
use super::output::{self, Exit, Failure, complain};
use crate::report::run::{findings_of_file, has_errors};
use crate::report::{check as text, json};
use crate::topology::load::open;
use crate::world::World;

/// Checks every topology of the call, also those after one that fails.
///
/// # Errors
/// Standard output cannot be written.
pub fn check(args: &CheckArgs) -> Result<Exit, Failure> {
    let (mut exit, mut errors) = (Exit::Fine, Vec::new());
    let (mut texts, mut documents) = (Vec::new(), Vec::new());
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
                let failure = failure(error);
                exit = exit.max(failure.exit);
                complain(&failure.message);
                match failure.problems {
                    Some(problems) => documents.push(problems),
                    None => errors.push(failure.message),
                }
            }
        }
    }
    if args.json {
        output::json(&json::check(documents, errors))?;
    } else {
        output::result(&texts.join("\n"))?;
    }
    Ok(exit)
}
