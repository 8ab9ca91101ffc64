//! Which of the commands that would help can be given now, and what has to come before them.
//!
//! Whoever refuses something knows what is missing, not whether that can be had at this moment: an object in a region that
//! does not answer cannot be removed, and a gateway cannot be created there. So what is offered is tried first.

use super::apply::attempt;
use super::{Refusal, RefusalCode, World};
use crate::topology::Command;

/// How far the help for a help is followed: a link is removed once it is repaired, once its region is back.
const MOST_STEPS: usize = 3;

/// The commands as they can be given one after the other from here: with what helps before one that would be refused, and
/// without one for what is so already. Nothing where one of them stays refused.
pub fn possible(world: &World, commands: &[Command]) -> Vec<Command> {
    let mut trial = world.clone();
    let mut taken = Vec::new();
    match take_all(&mut trial, commands, MOST_STEPS, &mut taken) {
        true => taken,
        false => Vec::new(),
    }
}

/// Whether all of the commands are accepted; `trial` is the world after them.
fn take_all(trial: &mut World, commands: &[Command], steps: usize, taken: &mut Vec<Command>) -> bool {
    commands.iter().all(|command| take(trial, command, steps, taken))
}

fn take(trial: &mut World, command: &Command, steps: usize, taken: &mut Vec<Command>) -> bool {
    match attempt(trial, command) {
        Ok(done) => {
            *trial = done.world;
            taken.push(command.clone());
            true
        }
        // A help for one command may have done what the next one asks for.
        Err(refusal) if matches!(refusal.code, RefusalCode::RegionUp | RefusalCode::NoChange) => true,
        Err(refusal) if steps > 0 && !refusal.mend.is_empty() && !refusal.mend.contains(command) => {
            take_all(trial, &refusal.mend, steps - 1, taken) && take(trial, command, steps - 1, taken)
        }
        Err(_) => false,
    }
}

impl Refusal {
    /// The same with the commands that would help as they can be given in this world.
    pub(super) fn possible_in(mut self, world: &World) -> Self {
        if !self.mend.is_empty() {
            self.mend = possible(world, &self.mend);
        }
        self
    }
}
