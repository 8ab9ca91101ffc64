//! `failscope [TOPOLOGY]` and `failscope show`: the explorer, and one frame of it as a file.

use std::io::{IsTerminal, stdout};
use std::sync::Arc;

use anstream::{AutoStream, ColorChoice};

use super::args::{Color, ExplorerArgs, Format, Look, Manner, ShowArgs, Width};
use super::open::{prepared, topology};
use super::output::{self, Exit, Failure};
use crate::app::{App, Keymap};
use crate::report::describe;
use crate::runtime::look::{AmbiguousWidth, Appearance, Environment, Wish};
use crate::runtime::settings::{Config, ConfigError, Settings};
use crate::runtime::{self, Options};
use crate::ui;
use crate::ui::print::About;

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
    let Settled { appearance, settings, keymap } = settled(&args.look, None)?;
    let settings = args.manner.within(settings);
    let options = Options { topology, learn: None, appearance, settings, keymap };
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
    let coloured = match (args.format, color) {
        (Format::Text, _) => wanted(color).unwrap_or_else(|| AutoStream::choice(&stdout()) != ColorChoice::Never),
        // No terminal shows a file, so only the call itself can do without colours.
        (_, color) => color != Color::Never,
    };
    let Settled { appearance, keymap, .. } = settled(&args.look, Some(coloured))?;
    app.use_keys(keymap);
    let is_picture = matches!(args.format, Format::Svg | Format::Html);
    let mut look = appearance.look.clone();
    if is_picture && coloured {
        look.theme = appearance.in_full().map_err(misconfigured)?;
    }
    let (width, height) = args.size;
    let frame = ui::frame(&app, &look, width, height);
    let text = match args.format {
        Format::Text | Format::Ansi => ui::print::text(&frame, coloured),
        Format::Svg => ui::print::svg(&frame, &look.theme, &about(&app, args)),
        Format::Html => ui::print::html(&frame, &look.theme, &about(&app, args)),
    };
    // The text carries colour only where it is wanted, so nothing is left to decide.
    output::coloured(&text, if coloured && !is_picture { Color::Always } else { Color::Never })?;
    Ok(exit)
}

impl Manner {
    /// What the user set, and what the call and the environment ask for beyond that.
    pub fn within(self, mut settings: Settings) -> Settings {
        settings.reduced_motion |= self.reduced_motion || Environment::of_process().reduced_motion;
        if self.no_mouse {
            settings.mouse = Some(false);
        }
        settings
    }
}

/// Whether the call asks for colour; nothing where the environment decides.
pub fn wanted(color: Color) -> Option<bool> {
    match color {
        Color::Auto => None,
        Color::Always => Some(true),
        Color::Never => Some(false),
    }
}

/// What a picture says about itself.
fn about(app: &App, args: &ShowArgs) -> About {
    let title = app.session.as_ref().map_or("", |session| session.world().topology().title.as_str());
    let done = match &args.prepared.commands[..] {
        [] => "before anything is done".to_owned(),
        commands => format!("after {}", commands.join(", ")),
    };
    let (width, height) = args.size;
    let description = format!(
        "The networks of {} as failscope draws them in {width} columns and {height} rows, {done}.",
        args.prepared.topology
    );
    About { title: format!("{title}, {done}"), description }
}

/// What the user set and the call asks for.
pub struct Settled {
    /// How the screen looks.
    pub appearance: Appearance,
    /// What the user set.
    pub settings: Settings,
    /// The user's keys.
    pub keymap: Keymap,
}

/// Reads what the user set, and how a screen looks then. `color` says whether there are colours where the call leaves it
/// to the environment.
///
/// # Errors
/// A file of the configuration or the theme has problems: the call cannot be carried out as it is meant.
pub fn settled(look: &Look, color: Option<bool>) -> Result<Settled, Failure> {
    let config = Config::of_user();
    let settings = config.settings().map_err(misconfigured)?;
    let keymap = config.keymap().map_err(misconfigured)?;
    let wish = Wish {
        theme: look.theme.clone(),
        ascii: look.ascii,
        color: color.or(wanted(look.color)),
        ambiguous_width: look.ambiguous_width.map(|width| match width {
            Width::Auto => AmbiguousWidth::Auto,
            Width::Narrow => AmbiguousWidth::Narrow,
            Width::Wide => AmbiguousWidth::Wide,
        }),
    };
    let environment = Environment::of_process();
    let appearance = Appearance::new(&wish, &environment, config, &settings).map_err(misconfigured)?;
    Ok(Settled { appearance, settings, keymap })
}

fn misconfigured(error: ConfigError) -> Failure {
    Failure::misused(error.text)
}
