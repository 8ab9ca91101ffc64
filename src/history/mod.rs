//! Revisions of the world with the command that made each: undo, redo, jump, and the difference of two.
//!
//! Every need is judged at every revision. This room knows no screens and no files.

use std::sync::Arc;

use crate::network::Network;
use crate::topology::{Command, Topology};
use crate::world::{Change, Refusal, World};

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

impl History {
    /// A history that begins with the world as the topology declares it.
    pub fn start(_topology: Arc<Topology>) -> Self {
        todo!()
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
    pub fn execute(&mut self, _command: &Command) -> Result<&Step, Refusal> {
        todo!()
    }

    /// Runs one command that begins at `start` world seconds, as a schedule placed it.
    ///
    /// # Errors
    /// The refusal; nothing has changed.
    pub fn execute_at(&mut self, _command: &Command, _start: u64) -> Result<&Step, Refusal> {
        todo!()
    }

    /// Goes one step back; false at the start.
    pub fn undo(&mut self) -> bool {
        todo!()
    }

    /// Goes one step forward again; false at the end.
    pub fn redo(&mut self) -> bool {
        todo!()
    }

    /// Goes to a revision, if there is one.
    pub fn jump(&mut self, _position: usize) -> bool {
        todo!()
    }

    /// What differs between two revisions: the net changes of links, VMs, gateways, routes, regions and addresses.
    pub fn difference(&self, _from: usize, _to: usize) -> Vec<Change> {
        todo!()
    }
}
