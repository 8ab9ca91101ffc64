//! The explorer's state and how messages change it.
//!
//! The state changes only through [`App::update`]; what has to happen outside is returned as [`Effect`]s. This room
//! knows no terminal, no files and no clock: time enters as [`Message::Tick`].

pub mod action;
pub mod areas;
pub mod checking;
pub mod chooser;
mod choosing;
mod comparing;
pub mod completion;
mod connecting;
pub mod differing;
mod doing;
pub mod facts;
pub mod grid;
pub mod ground;
pub mod interest;
mod key;
pub mod learning;
pub mod life;
mod log;
mod message;
pub mod naming;
pub mod networks;
pub mod order;
pub mod overlay;
pub mod playback;
mod playing;
pub mod pointing;
pub mod prompt;
mod session;
pub mod trail;
mod typing;

use std::sync::Arc;

pub use action::{Action, Context, Keymap};
pub use choosing::{nodes as all_nodes, scope_title, space};
pub use key::{Code, Key};
pub use message::{Effect, Failure, Limits, Message, Notice};
pub use overlay::Overlay;
pub use session::{Event, Session, Since, Tone};

use areas::Areas;
use chooser::{Chooser, Pick, Purpose, Row};
use learning::Learning;
use pointing::Hit;
use prompt::{Prompt, PromptKind};

use crate::diagram::Level;
use crate::lesson::progress::Progress;
use crate::topology::builtin::BUILTINS;
use crate::topology::{Topology, load};

/// A sheet with how far it is scrolled.
#[derive(Debug, Clone)]
pub struct Layer {
    /// The sheet.
    pub overlay: Overlay,
    /// Rows it is scrolled by.
    pub scroll: u16,
}

/// The explorer's state.
#[derive(Debug, Clone)]
pub struct App {
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The scenarios to choose from.
    pub picker: Chooser,
    /// What each built-in topology says about itself, in the order of the picker.
    pub abouts: Vec<String>,
    /// The topology being explored; none while the picker is open.
    pub session: Option<Box<Session>>,
    /// The lesson being played on the session.
    pub learning: Option<Box<Learning>>,
    /// What the learner has done so far.
    pub progress: Progress,
    /// The lessons that were left unfinished, by id.
    pub unfinished: Vec<String>,
    /// What covers the map, the topmost last.
    pub layers: Vec<Layer>,
    /// The line for typing, where it is open.
    pub prompt: Option<Prompt>,
    /// What the reader was told last.
    pub notice: Option<Notice>,
    /// Whether the mouse is taken.
    pub mouse: bool,
    /// What can be clicked besides the map.
    hits: Vec<Hit>,
    /// Which keys mean what.
    pub keymap: Arc<Keymap>,
    /// The themes that can be shown, by name; none where the screen cannot change.
    pub themes: Vec<String>,
    /// Whether an explanation covers the map with its words instead of showing the way on it.
    pub words: bool,
    /// What is being read.
    pub loading: Option<String>,
    /// Whether the topology was opened from the picker, so that leaving it goes back there.
    from_picker: bool,
    /// The path being read, to be typed anew where it cannot be.
    path: Option<String>,
    typed: Vec<String>,
}

impl Default for App {
    fn default() -> Self {
        Self::new()
    }
}

impl App {
    /// The picker of built-in topologies.
    pub fn new() -> Self {
        let known = BUILTINS.iter().map(|builtin| (builtin.name, load::parse(builtin.name, builtin.text).ok()));
        let (mut rows, mut abouts) = (Vec::new(), Vec::new());
        for (name, topology) in known {
            let title = topology.as_ref().map_or(name, |topology| topology.title.as_str());
            rows.push(Row::new(Pick::Builtin(name.to_owned()), title, name));
            abouts.push(topology.map(|topology| topology.about.trim().to_owned()).unwrap_or_default());
        }
        Self {
            size: (80, 24),
            picker: Chooser::new("Scenarios", Purpose::Open, rows),
            abouts,
            session: None,
            learning: None,
            progress: Progress::new(0),
            unfinished: Vec::new(),
            layers: Vec::new(),
            prompt: None,
            notice: None,
            mouse: true,
            hits: Vec::new(),
            keymap: Arc::default(),
            themes: Vec::new(),
            words: false,
            loading: None,
            from_picker: false,
            path: None,
            typed: Vec::new(),
        }
    }

    /// The explorer on a topology.
    pub fn exploring(topology: Arc<Topology>) -> Self {
        let mut app = Self::new();
        app.open(topology);
        app
    }

    /// Takes other keys than those of the table.
    pub fn use_keys(&mut self, keymap: Keymap) {
        self.keymap = Arc::new(keymap);
        if let Some(session) = &mut self.session {
            session.keymap = Arc::clone(&self.keymap);
        }
    }

    fn open(&mut self, topology: Arc<Topology>) {
        let mut session = Session::start(topology);
        session.keymap = Arc::clone(&self.keymap);
        self.session = Some(Box::new(session));
        self.learning = None;
        self.layers.clear();
        self.prompt = None;
        self.notice = None;
    }

    /// The parts of the screen.
    pub fn areas(&self) -> Areas {
        let areas = Areas::of(self.size.0, self.size.1);
        match &self.learning {
            Some(learning) if !areas.cramped() => areas.with_lesson(learning.room),
            _ => areas,
        }
    }

    /// The topmost sheet.
    pub fn top(&self) -> Option<&Overlay> {
        self.layers.last().map(|layer| &layer.overlay)
    }

    /// Which keys are meant now.
    pub fn context(&self) -> Context {
        match (self.top(), &self.session) {
            (Some(overlay), _) => overlay.context(),
            (None, Some(_)) => Context::Map,
            (None, None) => Context::Picker,
        }
    }

    /// Whether a plan plays by itself, so that ticks are wanted.
    pub fn playing(&self) -> bool {
        let playback = self.session.as_ref().and_then(|session| session.playback.as_ref());
        playback.is_some_and(|playback| playback.playing)
    }

    /// Takes a message and says what has to happen outside.
    pub fn update(&mut self, message: Message) -> Vec<Effect> {
        let mut effects = self.take(message);
        effects.extend(self.lesson_effects());
        effects
    }

    fn take(&mut self, message: Message) -> Vec<Effect> {
        match message {
            Message::Key(key) => self.key(key),
            Message::Click(x, y) => self.click(x, y),
            Message::DoubleClick(x, y) => self.double_click(x, y),
            Message::Wheel(x, y, by) => self.wheel(x, y, by),
            Message::Drag { from, to } => self.drag(from, to),
            Message::Paste(text) => self.paste(&text),
            Message::Resize(width, height) => {
                self.size = (width, height);
                self.look_closer();
                Vec::new()
            }
            Message::Tick => self.tick(),
            Message::Loaded(result) => self.loaded(result),
            Message::Drawn(limits) => {
                if let Some(layer) = self.layers.last_mut() {
                    layer.scroll = layer.scroll.min(limits.sheet);
                }
                if let Some(learning) = &mut self.learning {
                    learning.limit = limits.lesson;
                    learning.scroll = learning.scroll.min(limits.lesson);
                }
                self.hits = limits.hits;
                Vec::new()
            }
            Message::Lesson(opened) => {
                self.loading = None;
                match *opened {
                    Ok(opened) => self.learn(opened),
                    Err(failure) => self.fail(failure),
                }
                Vec::new()
            }
            Message::Progress(progress, unfinished) => {
                (self.progress, self.unfinished) = (*progress, unfinished);
                Vec::new()
            }
            Message::NotKept(why) => {
                self.tell(Tone::Bad, format!("what you do is not kept: {why}"));
                Vec::new()
            }
            Message::Said(tone, text) => {
                self.tell(tone, text);
                Vec::new()
            }
            Message::Themed(name) => {
                self.tell(Tone::Done, format!("the theme is {name} now"));
                Vec::new()
            }
            Message::Idle(seconds) => {
                self.idle(seconds);
                Vec::new()
            }
        }
    }

    fn loaded(&mut self, result: Result<Arc<Topology>, Failure>) -> Vec<Effect> {
        self.loading = None;
        match result {
            Ok(topology) => {
                self.path = None;
                self.open(topology);
            }
            Err(failure) => {
                // A report of problems is read first; the line would take its keys.
                if let Some(path) = self.path.take().filter(|_| failure.report.is_empty()) {
                    self.prompt = Some(Prompt::new(PromptKind::Path, path));
                }
                self.fail(failure);
            }
        }
        Vec::new()
    }

    /// Says why something could not be opened, with its report where there is one.
    fn fail(&mut self, failure: Failure) {
        self.tell(Tone::Bad, failure.summary);
        if !failure.report.is_empty() {
            self.show(Overlay::Problems { text: failure.report });
        }
    }

    fn tick(&mut self) -> Vec<Effect> {
        if self.playing() {
            self.step(Some(playback::Resume::Playing));
        }
        Vec::new()
    }

    /// Scrolls the topmost sheet.
    fn scroll(&mut self, by: isize) {
        if let Some(layer) = self.layers.last_mut() {
            let by = i16::try_from(by).unwrap_or(if by < 0 { i16::MIN } else { i16::MAX });
            layer.scroll = layer.scroll.saturating_add_signed(by);
        }
    }

    /// Puts a sheet on top.
    fn show(&mut self, overlay: Overlay) {
        self.layers.push(Layer { overlay, scroll: 0 });
        self.note_look();
    }

    /// Tells the reader something; `{fail-over}` and the like become the keys of these actions.
    fn tell(&mut self, tone: Tone, text: impl Into<String>) {
        let text = self.keymap.told_in(&text.into(), self.context());
        self.notice = Some(Notice { tone, code: None, text, mend: Vec::new() });
    }

    /// Points at something and brings it into view.
    fn select(&mut self, item: crate::diagram::Item) {
        if let Some(session) = &mut self.session {
            session.selection = Some(item);
        }
        if ground::shown(self).is_some_and(|layout| layout.level == Level::Rows) {
            self.look_closer();
        }
        ground::reveal(self);
    }

    /// Searches the map and points at the first match.
    fn search(&mut self, text: String) {
        if let Some(session) = &mut self.session {
            session.search = text;
            session.only_found &= !session.search.is_empty();
        }
        self.look_closer();
        if let Some(first) = self.found().first().copied() {
            self.select(first);
        }
    }

    /// What the search finds.
    pub fn found(&self) -> Vec<crate::diagram::Item> {
        self.session.as_ref().map(|session| naming::matches(session.world(), &session.search)).unwrap_or_default()
    }
}
