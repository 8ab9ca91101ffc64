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

use std::sync::Arc;

pub use action::{Action, Context, Keymap};
pub use choosing::{nodes as all_nodes, scope_title, space};
pub use key::{Code, Key};
pub use overlay::Overlay;
pub use session::{Event, Session, Since, Tone};

use areas::Areas;
use chooser::{Chooser, Pick, Purpose, Row};
use learning::{Keep, Learning, Opened};
use pointing::Hit;
use prompt::{Prompt, PromptKind, PromptOutcome};

use crate::diagram::Level;
use crate::lesson::Mode;
use crate::lesson::progress::Progress;
use crate::topology::builtin::BUILTINS;
use crate::topology::{Command, Topology, load};

/// Something that happened outside.
#[derive(Debug, Clone)]
pub enum Message {
    /// A key was pressed.
    Key(Key),
    /// The mouse was clicked at a cell: column and row of the screen.
    Click(u16, u16),
    /// It was clicked there again at once.
    DoubleClick(u16, u16),
    /// The wheel was turned over a cell; down is positive.
    Wheel(u16, u16, i16),
    /// The mouse was moved from one cell to another while it was pressed.
    Drag {
        /// Where it was.
        from: (u16, u16),
        /// Where it is.
        to: (u16, u16),
    },
    /// Text was pasted.
    Paste(String),
    /// The terminal has another size.
    Resize(u16, u16),
    /// A moment passed while a plan plays.
    Tick,
    /// A topology was read, or not.
    Loaded(Result<Arc<Topology>, Failure>),
    /// A frame was drawn; holds how far its sheet and the panel of the lesson can be scrolled.
    Drawn(Limits),
    /// A lesson was opened, or not.
    Lesson(Box<Result<Opened, Failure>>),
    /// What the learner has done so far, and the lessons that were left unfinished.
    Progress(Box<Progress>, Vec<String>),
    /// Progress could not be kept; says why.
    NotKept(String),
    /// Something about what is kept that the reader should know.
    Said(String),
    /// No key came for so many seconds.
    Idle(u64),
    /// Another theme is shown; holds its name.
    Themed(String),
}

/// What a frame that was drawn says about itself: how far it can be scrolled, in rows, and what can be clicked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// The topmost sheet.
    pub sheet: u16,
    /// The panel of the lesson.
    pub lesson: u16,
    /// What can be clicked besides the map.
    pub hits: Vec<Hit>,
}

/// Why no topology was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// In one sentence.
    pub summary: String,
    /// Every problem with its place; empty where there is nothing to add.
    pub report: String,
}

/// Something that has to happen outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Leave the program.
    Quit,
    /// Give the terminal back until the shell resumes the program.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Read a topology by name or path, and answer with [`Message::Loaded`].
    Load(String),
    /// Take the mouse, or leave it to the terminal.
    SetMouse(bool),
    /// Open a lesson that comes with the program, and answer with [`Message::Lesson`].
    Learn {
        /// Its id.
        lesson: String,
        /// How to play it; its own mode where none is given.
        mode: Option<Mode>,
        /// Whether an attempt that was left is given up.
        anew: bool,
    },
    /// Keep what was done in the lesson.
    Keep(Keep),
    /// Show another theme, and answer with [`Message::Themed`] or [`Message::Said`].
    Theme(String),
}

/// A message to the reader, until the next key that matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How it reads.
    pub tone: Tone,
    /// The stable code of a refusal.
    pub code: Option<String>,
    /// The sentence.
    pub text: String,
    /// Commands that would help.
    pub mend: Vec<Command>,
}

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
    /// The first line of what each built-in topology says about itself, in the order of the picker.
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
            Message::Said(text) => {
                self.tell(Tone::Bad, text);
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

    fn key(&mut self, key: Key) -> Vec<Effect> {
        if let Some(action @ (Action::QuitNow | Action::Suspend | Action::Redraw)) =
            self.keymap.meaning(Context::Everywhere, key)
        {
            return self.act(action);
        }
        if self.prompt.is_some() {
            return self.prompt_key(key);
        }
        let context = self.context();
        if context == Context::List && self.list_key(key) {
            return Vec::new();
        }
        match self.keymap.meaning(context, key) {
            Some(Action::Choice) => self.choose_answer(key),
            Some(action) => self.act(action),
            None => {
                // What was refused, and what would help, stays until somebody answers it.
                if self.notice.as_ref().is_none_or(|notice| notice.code.is_none()) {
                    let help = if context == Context::List { "{back} goes back" } else { "{help} shows the keys" };
                    self.tell(Tone::Plain, format!("no action on {key} here; {help}"));
                }
                Vec::new()
            }
        }
    }

    /// Gives a key to the filter of the topmost list; arrows stay for moving.
    fn list_key(&mut self, key: Key) -> bool {
        match self.layers.last_mut() {
            Some(Layer { overlay: Overlay::List(list), .. }) => list.type_key(key),
            _ => false,
        }
    }

    fn prompt_key(&mut self, key: Key) -> Vec<Effect> {
        let Some(mut prompt) = self.prompt.take() else { return Vec::new() };
        let world = self.session.as_ref().map(|session| session.world().clone());
        let kind = prompt.kind;
        let themes = &self.themes;
        let complete = |text: &str| match (&world, kind) {
            (Some(world), PromptKind::Command) => completion::command(world, themes, text),
            _ => Vec::new(),
        };
        let history: &[String] = if kind == PromptKind::Command { &self.typed } else { &[] };
        let outcome = prompt.key(key, complete, history);
        match outcome {
            PromptOutcome::Open => {
                if kind == PromptKind::Search {
                    self.search(prompt.input.value().to_owned());
                }
                self.prompt = Some(prompt);
                Vec::new()
            }
            PromptOutcome::Left => {
                if kind == PromptKind::Search {
                    self.search(String::new());
                }
                Vec::new()
            }
            PromptOutcome::Done(text) => self.entered(kind, text),
        }
    }

    fn entered(&mut self, kind: PromptKind, text: String) -> Vec<Effect> {
        if text.is_empty() {
            return Vec::new();
        }
        match kind {
            PromptKind::Search => {
                if self.found().is_empty() {
                    self.tell(Tone::Bad, format!("nothing on the map is called `{text}`"));
                }
                Vec::new()
            }
            PromptKind::Path => {
                self.loading = Some(text.clone());
                self.path = Some(text.clone());
                vec![Effect::Load(text)]
            }
            PromptKind::Answer => {
                self.answer(&text);
                Vec::new()
            }
            PromptKind::Command => {
                if self.typed.last() != Some(&text) {
                    self.typed.push(text.clone());
                }
                let words: Vec<&str> = text.split_whitespace().collect();
                match (action::ACTIONS.iter().find(|entry| entry.name() == text), &words[..]) {
                    (Some(entry), _) => self.act(entry.action),
                    (None, [completion::THEME, rest @ ..]) => self.theme(rest),
                    (None, _) => self.command(&text),
                }
            }
        }
    }

    /// Asks for another theme, or says which there are.
    fn theme(&mut self, words: &[&str]) -> Vec<Effect> {
        match words {
            [name] => vec![Effect::Theme((*name).to_owned())],
            _ => {
                self.tell(Tone::Plain, format!("theme NAME, or the path of a file: {}", self.themes.join(", ")));
                Vec::new()
            }
        }
    }

    fn paste(&mut self, text: &str) -> Vec<Effect> {
        let letters = text.chars().filter(|letter| !letter.is_control());
        let keys: Vec<Key> = letters.map(|letter| Key::plain(Code::Char(letter))).collect();
        // Pasted text is text: outside a text field it must not turn into a row of key presses.
        for key in keys {
            if self.prompt.is_some() {
                self.prompt_key(key);
            } else if !self.list_key(key) {
                break;
            }
        }
        Vec::new()
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
