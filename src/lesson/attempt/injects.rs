//! What comes from outside: injects by time, by condition, by chance and by hand.

use std::sync::Arc;

use super::Attempt;
use crate::history::History;
use crate::lesson::content::{Fire, Inject};
use crate::lesson::random::scatter;
use crate::lesson::{Feedback, Moment};

impl Attempt {
    /// Runs every inject that is due; one may make the next due.
    pub(super) fn inject_due(&mut self, history: &mut History, told: &mut Vec<Feedback>) {
        let lesson = Arc::clone(&self.lesson);
        let commands = self.log.len() as u64;
        for _ in 0..lesson.injects.len() {
            let due = lesson.injects.iter().find(|inject| {
                let moment = self.now(history);
                !self.fired.contains(&inject.id) && is_due(inject, &moment, commands)
            });
            match due {
                Some(inject) => self.happen(inject, history, told),
                None => break,
            }
        }
    }

    /// Runs one inject by its id, once.
    pub(super) fn inject(&mut self, id: &str, history: &mut History, told: &mut Vec<Feedback>) {
        let lesson = Arc::clone(&self.lesson);
        if let Some(inject) = lesson.injects.iter().find(|inject| inject.id == id && !self.fired.contains(&inject.id)) {
            self.happen(inject, history, told);
        }
    }

    /// What happens from outside is nobody's mistake, and nobody takes it back.
    fn happen(&mut self, inject: &Inject, history: &mut History, told: &mut Vec<Feedback>) {
        self.fired.push(inject.id.clone());
        // What it wants may not be possible any more: then it does not happen.
        if history.run(&inject.event).iter().any(|part| part.outcome.is_err()) {
            return;
        }
        self.floor = history.position();
        self.broken = self.false_invariants(history, history.position());
        self.happened.push((self.now(history).seconds(), inject.id.clone()));
        told.push(Feedback::Injected { id: inject.id.clone(), brief: inject.brief.clone() });
    }
}

fn is_due(inject: &Inject, moment: &Moment<'_>, commands: u64) -> bool {
    match &inject.fire {
        Fire::Manual => false,
        Fire::At(seconds) => moment.seconds() >= *seconds,
        Fire::When(is) => is.judge(moment).is_ok(),
        Fire::Chance(of_hundred, seed) => scatter(seed.wrapping_add(commands)) % 100 < u64::from(*of_hundred),
    }
}
