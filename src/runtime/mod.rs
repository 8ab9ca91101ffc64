//! The shell: the terminal guard, the event loop, and what happens outside the explorer's state.
//!
//! It sleeps until something comes or is due, lets the state change, carries out the effects, and draws only if something
//! happened. Only this room and the loader touch files, signals and time.

mod ambiguous;
mod events;
mod inbox;
mod learn;
pub mod look;
pub mod settings;
mod signals;
mod stage;
pub mod state;
pub mod terminal;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use ratatui::crossterm::style::force_color_output;

use crate::app::{App, Effect, Failure, Keymap, Message, Tone};
use crate::lesson::{Lesson, Mode};
use crate::report::problems;
use crate::topology::Topology;
use crate::topology::load::{self, OpenError};
use inbox::{Inbox, Incoming};
use learn::Keeper;
use look::Appearance;
use settings::Settings;
use stage::Stage;
use state::State;
use terminal::Guard;

/// How the explorer starts.
#[derive(Debug, Clone)]
pub struct Options {
    /// The topology to explore; without one the picker opens.
    pub topology: Option<Arc<Topology>>,
    /// What to learn; without it the explorer is for exploring.
    pub learn: Option<Learn>,
    /// How the screen looks.
    pub appearance: Appearance,
    /// What the user set.
    pub settings: Settings,
    /// The user's keys.
    pub keymap: Keymap,
}

/// How a lesson is opened.
#[derive(Debug, Clone, Default)]
pub struct Learn {
    /// The lesson; without one the list of lessons opens.
    pub lesson: Option<Arc<Lesson>>,
    /// The path of its file, where it does not come with the program.
    pub file: Option<String>,
    /// How it is played; as the lesson says where the call says nothing.
    pub mode: Option<Mode>,
    /// Where progress and sessions are kept; nothing is kept without it.
    pub state: Option<State>,
    /// What was said when the progress was read, to be shown on the screen.
    pub notice: Option<String>,
}

/// How long a step of a playing plan stays on the screen.
const STEP: Duration = Duration::from_millis(700);

/// Runs the explorer until its reader leaves it.
///
/// # Errors
/// A terminal that cannot be read or written; it is restored first.
pub fn explore(options: Options) -> anyhow::Result<()> {
    // With NO_COLOR crossterm would drop bold and reverse too, and with them the selection; the palette decides alone.
    force_color_output(true);
    let mut appearance = options.appearance;
    let mut app = match options.topology {
        Some(topology) => App::exploring(topology),
        None => App::new(),
    };
    app.use_keys(options.keymap);
    app.themes = appearance.themes();
    app.mouse = options.settings.mouse.unwrap_or(app.mouse);
    let (state, wanted) = match options.learn {
        Some(Learn { lesson, file, mode, state, notice }) => (state, Some((lesson, file, mode, notice))),
        None => (State::of_user().ok(), None),
    };
    let (mut keeper, first) = Keeper::of(state);
    let (mut news, known): (Vec<Message>, Vec<Message>) =
        first.into_iter().partition(|message| matches!(message, Message::NotKept(_) | Message::Said(..)));
    known.into_iter().for_each(|message| drop(app.update(message)));
    match wanted {
        None => {}
        Some((None, ..)) => app.show_lessons(),
        Some((Some(lesson), file, mode, notice)) => {
            let opened = keeper.take(lesson, mode, mode.is_some(), file);
            app.update(Message::Lesson(Box::new(Ok(opened))));
            news.extend(notice.map(|text| Message::Said(Tone::Bad, text)));
        }
    }
    // What is opened clears the line, so what must be read comes last.
    news.into_iter().for_each(|message| drop(app.update(message)));
    let inbox = Inbox::new();
    signals::listen(inbox.sender()).context("listening for signals")?;
    terminal::restore_on_panic();
    let guard = Guard::enter(app.mouse).context("taking the terminal")?;
    let mut stage = Stage::open(!options.settings.reduced_motion)?;
    if appearance.asks_width && ambiguous::is_wide().context("asking the terminal")? {
        appearance.use_ascii();
        app.update(Message::Said(Tone::Plain, ambiguous::WIDE.to_owned()));
    }
    inbox.read_terminal();
    let outcome = run(&mut app, &mut appearance, &mut stage, &inbox, &mut keeper);
    drop(guard);
    outcome
}

fn run(
    app: &mut App,
    appearance: &mut Appearance,
    stage: &mut Stage,
    inbox: &Inbox,
    keeper: &mut Keeper,
) -> anyhow::Result<()> {
    stage.measure(app)?;
    let mut pointer = events::Pointer::default();
    let mut dirty = true;
    let mut last_step = Instant::now();
    let mut last_input = Instant::now();
    loop {
        if dirty {
            stage.draw(app, &appearance.look)?;
            dirty = false;
        }
        let step = app.playing().then(|| last_step + STEP);
        let idle = app.idle_due().map(|seconds| last_input + Duration::from_secs(seconds));
        let mut effects = Vec::new();
        let mut next = inbox.next([step, idle, stage.due()].into_iter().flatten().min());
        if !app.playing() {
            last_step = Instant::now();
        }
        // Whatever waits is taken in before the next drawing: pasting and resizing stay quick.
        while let Some(incoming) = next.take() {
            match incoming {
                Incoming::Event(event) => {
                    if let Some(message) = events::message(event, &mut pointer, Instant::now()) {
                        effects.extend(app.update(message));
                        last_input = Instant::now();
                        dirty = true;
                    }
                }
                Incoming::Lost(error) => return Err(error).context("reading input"),
                Incoming::Resumed => {
                    stage.forget(app.mouse)?;
                    dirty = true;
                }
            }
            if effects.is_empty() {
                next = inbox.next(Some(Instant::now()));
            }
        }
        if app.playing() && last_step.elapsed() >= STEP {
            last_step = Instant::now();
            effects.extend(app.update(Message::Tick));
            dirty = true;
        }
        if let Some(seconds) = app.idle_due().filter(|seconds| last_input.elapsed().as_secs() >= *seconds) {
            last_input = Instant::now();
            effects.extend(app.update(Message::Idle(seconds)));
            dirty = true;
        }
        if stage.is_moving() && !dirty {
            stage.go_on()?;
        }
        for effect in effects {
            dirty = true;
            match effect {
                Effect::Quit => return Ok(()),
                Effect::Suspend => suspend(app, stage)?,
                Effect::Redraw => stage.forget(app.mouse)?,
                Effect::SetMouse(on) => terminal::set_mouse(on).context("changing the mouse")?,
                Effect::Learn { lesson, mode, anew } => {
                    let opened = keeper.open(&lesson, mode, anew);
                    app.update(opened);
                }
                Effect::Keep(keep) => {
                    for message in keeper.keep(keep) {
                        app.update(message);
                    }
                }
                Effect::Theme(name) => {
                    let answer = match appearance.take(&expand(&name)) {
                        Ok(()) => Message::Themed(name),
                        Err(wrong) => Message::Said(Tone::Bad, wrong.summary),
                    };
                    app.update(answer);
                }
                Effect::Load(name) => {
                    stage.draw(app, &appearance.look)?;
                    app.update(Message::Loaded(open(&name)));
                }
            }
        }
    }
}

fn suspend(app: &mut App, stage: &mut Stage) -> anyhow::Result<()> {
    terminal::restore();
    signals::stop_self().context("suspending")?;
    stage.forget(app.mouse)?;
    stage.measure(app)
}

/// Reads a topology by name or path.
fn open(name: &str) -> Result<Arc<Topology>, Failure> {
    let plain = |summary| Failure { summary, report: String::new() };
    let found = match Path::new(name).extension() {
        None if !name.contains(std::path::MAIN_SEPARATOR) => load::open(name),
        _ => load::open(&expand(name)),
    };
    found.map(Arc::new).map_err(|error| match error {
        OpenError::UnknownName(text) | OpenError::Unreadable(text) => plain(text),
        OpenError::Invalid(error) => {
            let summary = match error.problems.len() {
                1 => format!("{} is no topology: one problem", error.origin),
                count => format!("{} is no topology: {count} problems", error.origin),
            };
            Failure { summary, report: problems::render(&error, false) }
        }
    })
}

/// `~/` as the shell would read it.
fn expand(path: &str) -> String {
    match (path.strip_prefix("~/"), std::env::var("HOME")) {
        (Some(rest), Ok(home)) => format!("{home}/{rest}"),
        _ => path.to_owned(),
    }
}
