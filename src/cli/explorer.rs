//! `failscope [TOPOLOGY]` and `failscope show`: the explorer, and one frame of it as text.

use std::io::{IsTerminal, stdout};

use super::args::{ExplorerArgs, ShowArgs};
use super::output::{Exit, Failure};

/// Opens the explorer.
///
/// # Errors
/// Standard output is no terminal, or the topology cannot be opened.
pub fn explore(args: &ExplorerArgs) -> Result<Exit, Failure> {
    if !stdout().is_terminal() {
        let name = args.topology.as_deref().unwrap_or("TOPOLOGY");
        return Err(Failure::misused(format!(
            "the explorer needs a terminal, and standard output is none; `failscope show {name}` prints one frame as text"
        )));
    }
    Err(Failure::failed("the explorer's screen is not part of this build"))
}

/// Prints one frame of the explorer.
///
/// # Errors
/// The topology cannot be opened, or standard output cannot be written.
pub fn show(args: &ShowArgs) -> Result<Exit, Failure> {
    let (_, exit) = super::open::prepared(&args.prepared)?;
    Ok(exit)
}
