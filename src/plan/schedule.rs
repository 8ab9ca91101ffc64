//! When each command of a plan runs: commands of one group overlap where they do not depend on one another.

use crate::topology::{Command, Group};
use crate::world::World;

/// A command of a plan with its place in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheduled {
    /// The command.
    pub command: Command,
    /// The position of its group.
    pub group: usize,
    /// Seconds from the start of the plan.
    pub start: u64,
    /// Seconds it takes.
    pub seconds: u64,
}

/// Places the commands of groups in time.
pub fn schedule(_world: &World, _groups: &[Group]) -> Vec<Scheduled> {
    todo!()
}
