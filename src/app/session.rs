//! One topology being explored: its history, the plan in play, and where the reader looks.

use std::rc::Rc;
use std::sync::Arc;

use super::action::Keymap;
use super::checking::Checked;
use super::facts::{clock_assumed, lasting, need_title, took};
use super::naming;
use super::networks::{Networks, Remembered};
use super::playback::Playback;
use super::{ground, interest};
use crate::diagram::{Item, Level};
use crate::history::{Attempt, History, Revision};
use crate::plan::Plan;
use crate::topology::{Command, Node, RegionIx, Side, Topology, VnetIx};
use crate::world::{Refusal, World};

/// How an event reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something was done.
    Done,
    /// Something was refused or broke.
    Bad,
    /// Something is well again.
    Good,
    /// Something else happened.
    Plain,
}

/// Something that happened, for the events panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// World seconds at which it happened.
    pub seconds: u64,
    /// Whether a duration before it has no source, so that the moment is assumed too.
    pub assumed: bool,
    /// How it reads.
    pub tone: Tone,
    /// What happened.
    pub text: String,
    /// The revision the reader stood on afterwards.
    pub position: usize,
    /// The command it tells of, and what became of it; none for what is only worth a line.
    pub outcome: Option<Outcome>,
}

/// What became of a command.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It was done.
    Done {
        /// The command.
        command: Command,
        /// World seconds at which it was done.
        finished: u64,
        /// What it changed, in words: a later world may not know what was undone.
        told: String,
    },
    /// It was refused, and nothing changed.
    Refused(Box<Refusal>),
}

/// What the marks on the map compare the present with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// The last step.
    LastStep,
    /// The moment the plan began.
    Plan,
    /// The start.
    Start,
}

/// What a map that was laid out anew takes as there from the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// How many VNets there were.
    pub vnets: usize,
    /// How many VMs.
    pub vms: usize,
    /// How many links.
    pub links: usize,
    /// The step it was done at: where machines were before it keeps no place any more.
    pub position: usize,
}

/// How many events are kept: more than a session of a day has.
const KEPT: usize = 10_000;

/// One topology being explored.
#[derive(Debug, Clone)]
pub struct Session {
    /// What happened so far.
    pub history: History,
    /// The plan in play.
    pub playback: Option<Playback>,
    /// What the reader points at.
    pub selection: Option<Item>,
    /// How far the map is scrolled, in cells.
    pub offset: (i32, i32),
    /// How much more or less detail the reader wishes than fits by itself.
    pub zoom: i8,
    /// Whether the marks compare with the start instead of with the step before.
    pub from_start: bool,
    /// What was searched for.
    pub search: String,
    /// What happened, the latest last.
    pub events: Vec<Event>,
    /// How many events are too old to be kept.
    pub forgotten: usize,
    /// What would go wrong at a failover, as it was looked for last.
    pub checked: Option<Checked>,
    /// Whether the map gives up detail so that all of it can be seen at once.
    pub snug: bool,
    /// What is drawn larger on a map of rows: it changes when the reader does something, never by itself.
    pub focus: Vec<(VnetIx, Level)>,
    /// Whether only what the search found, and what that is linked to, is drawn.
    pub only_found: bool,
    /// What was there when the map was laid out anew.
    pub settled: Option<Settled>,
    /// Which keys mean what, for texts that name keys.
    pub keymap: Arc<Keymap>,
    /// The layout of the map as it was asked for last.
    pub map: ground::Cache,
    /// How its networks fare.
    fares: Remembered,
}

impl Session {
    /// A topology as it is at the start.
    pub fn start(topology: Arc<Topology>) -> Self {
        let history = History::start(topology);
        let title = history.now().world.topology().title.clone();
        let mut session = Self {
            history,
            playback: None,
            selection: None,
            offset: (0, 0),
            zoom: 0,
            from_start: false,
            search: String::new(),
            events: Vec::new(),
            forgotten: 0,
            checked: None,
            snug: false,
            focus: Vec::new(),
            only_found: false,
            settled: None,
            keymap: Arc::default(),
            map: ground::Cache::default(),
            fares: Remembered::default(),
        };
        session.selection = session.first_item();
        session.focus = interest::focus(&session, &[]);
        let about = session.world().topology().about.split_whitespace().collect::<Vec<_>>().join(" ");
        if !about.is_empty() {
            session.note(Tone::Plain, about);
        }
        session.note(Tone::Plain, format!("opened {title}"));
        session
    }

    /// The world the reader looks at.
    pub fn world(&self) -> &World {
        &self.history.now().world
    }

    /// How the networks of the world the reader looks at fare.
    pub fn networks(&self) -> Rc<Networks> {
        self.fares.of(self.history.now())
    }

    /// What the marks compare with.
    pub fn since(&self) -> Since {
        let plan = self.playback.as_ref().filter(|playback| playback.as_one(&self.history));
        match plan {
            _ if self.from_start => Since::Start,
            Some(_) => Since::Plan,
            None => Since::LastStep,
        }
    }

    /// The revision the marks compare with.
    pub fn before(&self) -> &Revision {
        let position = match (self.since(), &self.playback) {
            (Since::Start, _) => 0,
            (Since::Plan, Some(playback)) => playback.began,
            _ => self.history.position().saturating_sub(1),
        };
        let revisions = self.history.revisions();
        revisions.get(position).unwrap_or_else(|| self.history.now())
    }

    /// The region a failover starts from when none is selected.
    pub fn source_region(&self) -> Option<RegionIx> {
        let regions = self.world().regions();
        regions.iter().position(|region| region.side == Side::Source).map(RegionIx::new)
    }

    /// The first VNet of the first source region, where the reader begins.
    fn first_item(&self) -> Option<Item> {
        let region = self.source_region()?;
        let vnets = self.world().vnets();
        let first = vnets.iter().position(|vnet| vnet.region == region);
        Some(first.map_or(Item::Region(region), |at| Item::Vnet(VnetIx::new(at))))
    }

    /// The network of the selection.
    pub fn node(&self) -> Option<Node> {
        self.selection.and_then(|item| naming::node_of(self.world(), item))
    }

    /// The region of the selection.
    pub fn region(&self) -> Option<RegionIx> {
        self.selection.and_then(|item| naming::region_of(self.world(), item))
    }

    /// Remembers something that happened.
    pub fn note(&mut self, tone: Tone, text: impl Into<String>) {
        self.note_at(self.world().seconds(), tone, text, None);
    }

    /// Remembers what became of a command.
    fn note_outcome(&mut self, text: String, outcome: &Result<usize, Refusal>) {
        let (tone, outcome) = match outcome {
            Err(refusal) => (Tone::Bad, Some(Outcome::Refused(Box::new(refusal.clone())))),
            Ok(revision) => {
                let made = self.history.revisions().get(*revision);
                (Tone::Done, made.and_then(Outcome::of))
            }
        };
        self.note_at(self.world().seconds(), tone, text, outcome);
    }

    fn note_at(&mut self, seconds: u64, tone: Tone, text: impl Into<String>, outcome: Option<Outcome>) {
        let position = self.history.position();
        let assumed = clock_assumed(&self.history, position);
        self.remember([Event { seconds, assumed, tone, text: text.into(), position, outcome }]);
    }

    /// Puts events behind those that are kept, and counts what is too old to be kept beside them.
    fn remember(&mut self, events: impl IntoIterator<Item = Event>) {
        self.events.extend(events);
        let old = self.events.len().saturating_sub(KEPT);
        self.events.drain(..old);
        self.forgotten += old;
    }

    /// Loads a derived plan to be played.
    pub fn load(&mut self, title: &str, plan: &Plan) {
        self.search.clear();
        self.playback = Some(Playback::new(&self.history, title.to_owned(), &plan.groups, plan.gaps.clone()));
        self.note(Tone::Plain, format!("plan ready: {title}"));
    }

    /// Takes over what was done elsewhere, as if it had been done here.
    pub fn adopt(&mut self, history: History) {
        let done = history.revisions().iter().enumerate();
        let done = done.filter_map(|(at, revision)| revision.step.as_ref().map(|step| (at, step)));
        let events = done.map(|(at, step)| Event {
            seconds: step.finished,
            assumed: clock_assumed(&history, at),
            tone: Tone::Done,
            text: step.command.to_string(),
            position: at,
            outcome: history.revisions().get(at).and_then(Outcome::of),
        });
        self.remember(events);
        self.history = history;
        // What was done elsewhere is looked at as a whole.
        self.from_start = self.history.position() > 1;
    }

    /// Runs one command after everything before it; the next command of the plan counts as its step.
    ///
    /// # Errors
    /// The refusal; nothing has changed.
    pub fn run(&mut self, command: &Command) -> Result<(), Refusal> {
        self.search.clear();
        let next = |playback: &Playback, history: &History| {
            playback.steps.get(playback.done(history)).is_some_and(|step| step.command == *command)
        };
        if self.playback.as_ref().is_some_and(|playback| next(playback, &self.history)) {
            return self.step().unwrap_or(Ok(()));
        }
        let before = self.history.position();
        let outcome = self.history.execute(command).map(|_| ());
        self.report(command, before, &outcome);
        outcome
    }

    /// Runs a command to its end and says what became of each part: a plan of the file is one command too.
    pub fn run_whole(&mut self, command: &Command) -> Vec<Attempt> {
        self.search.clear();
        let before = self.history.position();
        let parts = self.history.run(command);
        for part in &parts {
            let text = match &part.outcome {
                Err(refusal) => format!("refused: {} ({})", part.command, refusal.code),
                Ok(_) => part.command.to_string(),
            };
            self.note_outcome(text, &part.outcome);
        }
        self.from_start |= self.history.position() > before + 1;
        parts
    }

    /// Runs the next step of the plan in play; nothing where none is left.
    pub fn step(&mut self) -> Option<Result<(), Refusal>> {
        self.search.clear();
        let before = self.history.position();
        let playback = self.playback.as_mut()?;
        let command = playback.steps.get(playback.done(&self.history))?.command.clone();
        let outcome = playback.step(&mut self.history)?;
        let finished = playback.finished(&self.history);
        if finished {
            playback.playing = false;
        }
        self.report(&command, before, &outcome);
        Some(outcome)
    }

    /// Puts what became of a command into the events, with the needs it broke or mended.
    fn report(&mut self, command: &Command, before: usize, outcome: &Result<(), Refusal>) {
        if let Err(refusal) = outcome {
            self.note_outcome(format!("refused: {command} ({})", refusal.code), &Err(refusal.clone()));
            return;
        }
        let took = self.history.now().step.as_ref().map_or_else(|| lasting(0, false), took);
        let topology = Arc::clone(self.world().topology());
        let old = self.history.revisions()[before].needs.clone();
        let new = self.history.now().needs.clone();
        let changed = || topology.needs.iter().zip(old.iter().zip(&new));
        // A need is lost when the step begins, and met again when it ends: the timeline says the same.
        for (need, (_, record)) in changed().filter(|(_, (old, new))| old.met && !new.met) {
            self.note_at(record.since_seconds, Tone::Bad, format!("cut off: {}", need_title(&topology, *need)), None);
        }
        // A duration is read in one piece, so it never breaks over two lines.
        let position = self.history.position();
        self.note_outcome(format!("{command} · {}", took.replace(' ', "\u{a0}")), &Ok(position));
        for (need, (_, record)) in changed().filter(|(_, (old, new))| !old.met && new.met) {
            self.note_at(
                record.since_seconds,
                Tone::Good,
                format!("talks again: {}", need_title(&topology, *need)),
                None,
            );
        }
    }

    /// Goes one step back; false at the start.
    pub fn undo(&mut self) -> bool {
        self.stop();
        let command = self.history.now().step.as_ref().map(|step| step.command.to_string());
        let went = self.history.undo();
        if let Some(command) = command.filter(|_| went) {
            self.note(Tone::Plain, format!("undone: {command}"));
        }
        self.forget_what_is_gone();
        went
    }

    /// Goes one undone step forward; false at the end.
    pub fn redo(&mut self) -> bool {
        self.stop();
        let went = self.history.redo();
        let command = self.history.now().step.as_ref().map(|step| step.command.to_string());
        if let Some(command) = command.filter(|_| went) {
            self.note(Tone::Done, format!("done again: {command}"));
        }
        went
    }

    /// Goes to a revision; false where there is none.
    pub fn jump(&mut self, position: usize) -> bool {
        self.stop();
        let went = self.history.jump(position);
        if went {
            self.note(Tone::Plain, format!("went to step {position}"));
        }
        self.forget_what_is_gone();
        went
    }

    /// Points at nothing rather than at what this world does not have (yet): a VNet or VM that came later.
    pub(super) fn forget_what_is_gone(&mut self) {
        let world = self.world();
        let (vnets, subnets, vms) = ground::extent(world);
        let there = match self.selection {
            Some(Item::Vnet(vnet)) => vnet.at() < vnets,
            Some(Item::Subnet(subnet)) => subnet.at() < subnets,
            Some(Item::Vm(vm, subnet)) => vm.at() < vms && subnet.at() < subnets,
            Some(Item::Link(link)) => link.at() < world.links().len(),
            _ => true,
        };
        if !there {
            self.selection = self.source_region().map(Item::Region);
        }
    }

    /// Stops playing.
    pub fn stop(&mut self) {
        if let Some(playback) = &mut self.playback {
            playback.playing = false;
            playback.then = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::facts;
    use crate::topology::builtin::BUILTINS;
    use crate::topology::load;

    fn session() -> Session {
        let text = BUILTINS.iter().find(|builtin| builtin.name == "azure-isolated-app").expect("a built-in").text;
        Session::start(Arc::new(load::parse("app", text).expect("a topology")))
    }

    #[test]
    fn how_the_networks_fare_is_never_old_whatever_the_reader_does() {
        let mut session = session();
        let cut = |a: &str| Command::Disconnect { a: a.into(), b: "azure".into(), kind: None, circuit: None };
        let is_fresh = |session: &Session| {
            let now = session.history.now();
            assert_eq!(*session.networks(), Networks::of(&now.world, facts::reachable(now)));
        };
        is_fresh(&session);
        session.run(&cut("source-1")).expect("it is cut");
        is_fresh(&session);
        session.undo();
        is_fresh(&session);
        session.run(&cut("source-2")).expect("it is cut");
        is_fresh(&session);
        session.jump(0);
        is_fresh(&session);
        let mut other = History::start(Arc::clone(session.world().topology()));
        other.execute(&cut("source-1")).expect("it is cut");
        session.adopt(other);
        is_fresh(&session);
    }

    #[test]
    fn events_that_are_too_old_are_counted() {
        let mut session = session();
        let before = session.events.len();
        (0..KEPT).for_each(|at| session.note(Tone::Plain, format!("event {at}")));
        assert_eq!((session.events.len(), session.forgotten), (KEPT, before));
        assert_eq!(session.events[0].text, "event 0");
    }
}
