//! Revisions of the world with the command that made each: undo, redo, jump, and the difference of two.
//!
//! Every need is judged at every revision. This room knows no screens and no files.

mod difference;

use std::sync::Arc;

use crate::network::{Network, needs};
use crate::plan::schedule::{Scheduled, schedule};
use crate::topology::timing::Basis;
use crate::topology::{Command, Group, Topology};
use crate::world::{Change, Done, Refusal, World, apply, apply_step};

pub use difference::difference;

/// A command that was done.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The command.
    pub command: Command,
    /// What it changed.
    pub changes: Vec<Change>,
    /// World seconds at which it began.
    pub started: u64,
    /// World seconds at which it was done.
    pub finished: u64,
    /// Where its duration comes from; an instant change needs none.
    pub basis: Option<Basis>,
}

/// Whether a need is met, and since when that is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NeedRecord {
    /// Whether it is met.
    pub met: bool,
    /// The revision whose step made it so; 0 is the start.
    pub since: usize,
    /// The world's seconds at that moment: the start of a step that broke it, the end of one that mended it.
    pub since_seconds: u64,
}

/// One state of the world and the step that led to it.
#[derive(Debug, Clone)]
pub struct Revision {
    /// The world.
    pub world: World,
    /// Its forwarding state.
    pub network: Arc<Network>,
    /// The step that made it; none for the start.
    pub step: Option<Step>,
    /// Each need of the topology, in file order.
    pub needs: Vec<NeedRecord>,
}

/// All revisions from the start, and where the reader stands.
#[derive(Debug, Clone)]
pub struct History {
    revisions: Vec<Revision>,
    position: usize,
}

/// What became of one command of a run.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The command.
    pub command: Command,
    /// The revision it made, or why it was refused.
    pub outcome: Result<usize, Refusal>,
}

impl History {
    /// A history that begins with the world as the topology declares it.
    pub fn start(topology: Arc<Topology>) -> Self {
        Self::from(World::start(topology))
    }

    /// A history that begins with a given world, to see what a plan would do from there.
    pub fn from(world: World) -> Self {
        let network = Network::of(&world);
        let since_seconds = world.seconds();
        let record = |met| NeedRecord { met, since: 0, since_seconds };
        let needs = needs::met(&world, &network).into_iter().map(record).collect();
        let first = Revision { world, network: Arc::new(network), step: None, needs };
        Self { revisions: vec![first], position: 0 }
    }

    /// The revision the reader stands on.
    pub fn now(&self) -> &Revision {
        &self.revisions[self.position]
    }

    /// The revisions, the start first; those after [`Self::position`] were undone.
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// Where the reader stands.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Runs one command after everything before it; what was undone is dropped if it is done.
    ///
    /// # Errors
    /// The refusal; nothing has changed.
    pub fn execute(&mut self, command: &Command) -> Result<(), Refusal> {
        self.execute_at(command, self.now().world.seconds())
    }

    /// Runs one command that begins at `start` world seconds, as a schedule placed it.
    ///
    /// # Errors
    /// The refusal; nothing has changed.
    pub fn execute_at(&mut self, command: &Command, start: u64) -> Result<(), Refusal> {
        self.place(command, start, None, apply)
    }

    /// Runs a command of a plan that began at `begin` world seconds, in the time its schedule gives it.
    ///
    /// # Errors
    /// The refusal; nothing has changed.
    pub fn execute_part(&mut self, part: &Scheduled, begin: u64) -> Result<(), Refusal> {
        // One that was foreseen to be refused has no time of its own.
        let seconds = part.refused.is_none().then_some(part.seconds);
        self.place(&part.command, begin + part.start, seconds, apply_step)
    }

    fn place(
        &mut self,
        command: &Command,
        start: u64,
        seconds: Option<u64>,
        apply: impl FnOnce(&World, &Command) -> Result<Done, Refusal>,
    ) -> Result<(), Refusal> {
        let done = apply(&self.now().world, command)?;
        let finished = start + seconds.unwrap_or(done.seconds);
        // Commands that overlap may end before an earlier one does; the clock never goes back.
        let world = done.world.at_seconds(self.now().world.seconds().max(finished));
        let network = self.now().network.updated(&world, &done.changes);
        let position = self.position + 1;
        let judge = |(met, before): (bool, &NeedRecord)| match (before.met, met) {
            (true, false) => NeedRecord { met, since: position, since_seconds: start },
            (false, true) => NeedRecord { met, since: position, since_seconds: world.seconds() },
            _ => *before,
        };
        let before: Vec<bool> = self.now().needs.iter().map(|need| need.met).collect();
        let met = needs::met_after(&world, &network, &before, &done.changes);
        let needs = met.into_iter().zip(&self.now().needs).map(judge).collect();
        let step =
            Step { command: command.clone(), changes: done.changes, started: start, finished, basis: done.basis };
        self.revisions.truncate(position);
        self.revisions.push(Revision { world, network: Arc::new(network), step: Some(step), needs });
        self.position = position;
        Ok(())
    }

    /// Runs a command to its end and says what became of each part: `run PLAN` becomes the commands of the plan, which
    /// overlap in time as its groups say. A refused part does not stop the rest (E8).
    pub fn run(&mut self, command: &Command) -> Vec<Attempt> {
        let Command::Run(plan) = command else {
            let outcome = self.execute(command).map(|()| self.position);
            return vec![Attempt { command: command.clone(), outcome }];
        };
        match self.now().world.groups_of(plan) {
            Ok(groups) => self.run_groups(&groups),
            Err(refusal) => vec![Attempt { command: command.clone(), outcome: Err(refusal) }],
        }
    }

    /// Runs the groups of a plan from where the reader stands.
    pub fn run_groups(&mut self, groups: &[Group]) -> Vec<Attempt> {
        let begin = self.now().world.seconds();
        let placed = schedule(&self.now().world, groups).placed;
        let mut attempts = Vec::with_capacity(placed.len());
        for part in placed {
            let outcome = self.execute_part(&part, begin).map(|()| self.position);
            attempts.push(Attempt { command: part.command, outcome });
        }
        attempts
    }

    /// Goes one step back; false at the start.
    pub fn undo(&mut self) -> bool {
        self.position.checked_sub(1).is_some_and(|position| self.jump(position))
    }

    /// Goes one step forward again; false at the end.
    pub fn redo(&mut self) -> bool {
        self.jump(self.position + 1)
    }

    /// Goes to a revision, if there is one.
    pub fn jump(&mut self, position: usize) -> bool {
        let there = position < self.revisions.len();
        if there {
            self.position = position;
        }
        there
    }

    /// What differs between two revisions; see [`difference`].
    pub fn difference(&self, from: usize, to: usize) -> Vec<Change> {
        match (self.revisions.get(from), self.revisions.get(to)) {
            (Some(from), Some(to)) => difference(&from.world, &to.world),
            _ => Vec::new(),
        }
    }
}
