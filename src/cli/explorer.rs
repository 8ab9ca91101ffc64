//! `failscope [TOPOLOGY]` and `failscope show`: the explorer, and one frame of it as text.

use std::io::{IsTerminal, stdout};
use std::sync::Arc;

use anstream::{AutoStream, ColorChoice};

use super::args::{Color, ExplorerArgs, ShowArgs};
use super::open::{prepared, topology};
use super::output::{self, Exit, Failure};
use crate::app::App;
use crate::report::describe;
use crate::runtime::{self, Options};
use crate::ui;

/// Opens the explorer.
///
/// # Errors
/// Standard output is no terminal, the topology cannot be opened, or the terminal fails.
pub fn explore(args: &ExplorerArgs) -> Result<Exit, Failure> {
    if !stdout().is_terminal() {
        let name = args.topology.as_deref().unwrap_or("TOPOLOGY");
        return Err(Failure::misused(format!(
            "the explorer needs a terminal, and standard output is none; `failscope show {name}` prints one frame as text"
        )));
    }
    let topology = args.topology.as_deref().map(topology).transpose()?.map(Arc::new);
    let options = Options { topology, learn: None, ascii: args.look.ascii, color: wanted(args.look.color) };
    runtime::explore(options).map_err(|error| Failure::failed(format!("{error:#}")))?;
    Ok(Exit::Fine)
}

/// Prints one frame of the explorer, or the state in sentences.
///
/// # Errors
/// The topology cannot be opened, or standard output cannot be written.
pub fn show(args: &ShowArgs) -> Result<Exit, Failure> {
    let (history, exit) = prepared(&args.prepared)?;
    if args.describe {
        output::coloured(&describe::text(&describe::describe(&history, None)), Color::Never)?;
        return Ok(exit);
    }
    let mut app = App::exploring(Arc::clone(history.now().world.topology()));
    if let Some(session) = &mut app.session {
        session.adopt(history);
    }
    let color = args.look.color;
    let coloured = wanted(color).unwrap_or_else(|| AutoStream::choice(&stdout()) != ColorChoice::Never);
    let look = runtime::look(args.look.ascii, Some(coloured));
    let (width, height) = args.size;
    let frame = ui::frame(&app, &look, width, height);
    // The text carries colour only where it is wanted, so nothing is left to decide.
    output::coloured(&ui::print::text(&frame, coloured), if coloured { Color::Always } else { Color::Never })?;
    Ok(exit)
}

/// Whether the call asks for colour; nothing where the environment decides.
pub fn wanted(color: Color) -> Option<bool> {
    match color {
        Color::Auto => None,
        Color::Always => Some(true),
        Color::Never => Some(false),
    }
}
