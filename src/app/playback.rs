//! A plan that was loaded to be played: which of its commands are done, which comes next.

use super::facts::lasting;
use crate::history::History;
use crate::plan::{Gap, Rto, Scheduled, schedule};
use crate::topology::timing::Basis;
use crate::topology::{Command, Group};
use crate::world::Refusal;

/// A plan being played.
#[derive(Debug, Clone)]
pub struct Playback {
    /// Its name on the screen.
    pub title: String,
    /// The titles of its groups.
    pub groups: Vec<String>,
    /// Its commands with their places in time.
    pub steps: Vec<Scheduled>,
    /// Who is cut off meanwhile, as the plan foresaw it.
    pub gaps: Vec<Gap>,
    /// The recovery time, as the plan foresaw it (F23).
    pub rto: Rto,
    /// Whether it plays by itself, one step a tick.
    pub playing: bool,
    /// Whether it was run in one go, so that its steps are looked at together.
    pub at_once: bool,
    /// The revision it began at.
    pub began: usize,
    /// World seconds at which it began, later by whatever was done in between.
    base: u64,
    /// What became of each step, as far as it went.
    made: Vec<Made>,
    /// What goes on when the person it waits for has confirmed.
    pub(super) then: Option<Resume>,
}

/// What became of a step: the revision it made, or where the reader stood when it was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Made {
    revision: usize,
    refused: bool,
}

/// What goes on after a manual action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resume {
    /// It plays on.
    Playing,
    /// It runs to its end.
    AtOnce,
}

/// How a step of a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Done.
    Done,
    /// Refused when its turn came; the plan went on (E8).
    Refused,
    /// Its turn now.
    Next,
    /// Later.
    Waiting,
}

impl Playback {
    /// A plan made ready at the revision the reader stands on.
    pub fn new(history: &History, title: String, groups: &[Group], gaps: Vec<Gap>) -> Self {
        let world = &history.now().world;
        let steps = schedule(world, groups).placed;
        Self {
            title,
            groups: groups.iter().map(|group| group.title.clone()).collect(),
            rto: Rto::of(world, &steps, &gaps),
            steps,
            gaps,
            playing: false,
            at_once: false,
            began: history.position(),
            base: world.seconds(),
            made: Vec::new(),
            then: None,
        }
    }

    /// How many of its steps are over where the reader stands: done, or refused (E8).
    pub fn done(&self, history: &History) -> usize {
        self.made.iter().filter(|made| made.revision <= history.position()).count()
    }

    /// How many of its steps were refused where the reader stands.
    pub fn refused(&self, history: &History) -> usize {
        self.made[..self.done(history)].iter().filter(|made| made.refused).count()
    }

    /// The person's part it waits for, where the next step is a manual action that was not confirmed yet (E5).
    pub fn awaits(&self, history: &History) -> Option<&Command> {
        let done = self.done(history);
        let again = self.made.get(done).is_some_and(|made| made.revision == history.position() + 1);
        let next = self.steps.get(done).map(|step| &step.command);
        next.filter(|command| !again && matches!(command, Command::Manual(_)))
    }

    /// How a step stands.
    pub fn state(&self, history: &History, step: usize) -> StepState {
        match step.cmp(&self.done(history)) {
            std::cmp::Ordering::Less if self.made[step].refused => StepState::Refused,
            std::cmp::Ordering::Less => StepState::Done,
            std::cmp::Ordering::Equal => StepState::Next,
            std::cmp::Ordering::Greater => StepState::Waiting,
        }
    }

    /// Whether all of it is done.
    pub fn finished(&self, history: &History) -> bool {
        self.done(history) >= self.steps.len()
    }

    /// Whether the reader stands at the end of what was done of it as one: run in one go, or finished.
    pub fn as_one(&self, history: &History) -> bool {
        let done = self.done(history);
        let last = done.checked_sub(1).and_then(|last| self.made.get(last));
        last.map(|made| made.revision) == Some(history.position()) && (self.at_once || self.finished(history))
    }

    /// How long what is done of it took, from the start of its first step to the end of its last.
    pub fn took(&self, history: &History) -> String {
        let done = self.made.iter().take(self.done(history)).filter(|made| !made.refused);
        let done = done.filter_map(|made| history.revisions().get(made.revision));
        let steps: Vec<_> = done.filter_map(|revision| revision.step.as_ref()).collect();
        let start = steps.iter().map(|step| step.started).min().unwrap_or(0);
        let end = steps.iter().map(|step| step.finished).max().unwrap_or(start);
        lasting(end.saturating_sub(start), steps.iter().any(|step| step.basis == Some(Basis::Assumed)))
    }

    /// World seconds at which it began.
    pub fn base(&self) -> u64 {
        self.base
    }

    /// When the last step is done, in seconds from its start.
    pub fn seconds(&self) -> u64 {
        crate::plan::schedule::total(&self.steps)
    }

    /// Runs the next step; nothing is left to run where it returns none. A refused one is over too (E8).
    pub fn step(&mut self, history: &mut History) -> Option<Result<(), Refusal>> {
        let done = self.done(history);
        let step = self.steps.get(done)?;
        let last = self.made[..done].last().map_or(self.began, |made| made.revision);
        let position = history.position();
        // Commands given by hand in between push the rest back: it cannot begin before they are done.
        if last != position {
            self.base = self.base.max(history.now().world.seconds().saturating_sub(step.start));
        }
        let again = Made { revision: position + 1, refused: false };
        if history.revisions().get(position + 1).is_some() && self.made.get(done) == Some(&again) {
            history.redo();
            return Some(Ok(()));
        }
        let outcome = history.execute_part(step, self.base);
        self.made.truncate(done);
        self.made.push(Made { revision: history.position(), refused: outcome.is_err() });
        Some(outcome)
    }
}
