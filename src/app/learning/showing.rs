//! Showing the solution, deed by deed, from wherever the learner stands; nothing counts any more then.

use super::super::{App, Tone};
use super::{Learning, Showing};
use crate::history::History;
use crate::lesson::{Deed, Play};

impl Learning {
    /// Whether a deed is the one that is shown next.
    pub(super) fn shows(&self, deed: &Deed) -> bool {
        match &self.showing {
            Showing::Deeds(deeds, done) => done.checked_sub(1).and_then(|last| deeds.get(last)) == Some(deed),
            _ => false,
        }
    }

    /// The deeds that lead from here to the end, as short as the file's solutions have them; where they lead nowhere from
    /// here, what can be undone is undone first. None where nothing leads there.
    fn way(&self, history: &History) -> Option<Vec<Deed>> {
        let here = Play { history: history.clone(), attempt: self.attempt.clone() };
        let back = history.position().saturating_sub(self.attempt.floor());
        let undone = vec![Deed::Undo; back];
        [Vec::new(), undone].into_iter().find_map(|first| {
            let mut from = here.clone();
            for deed in &first {
                from.take(deed);
            }
            let solutions = &self.lesson().solutions;
            let tails = solutions.iter().flat_map(|run| (0..=run.deeds.len()).rev().map(|at| &run.deeds[at..]));
            let solves = |deeds: &&[Deed]| {
                let mut play = from.clone();
                deeds.iter().for_each(|deed| drop(play.take(deed)));
                play.attempt.solved()
            };
            let tail = tails.filter(solves).min_by_key(|deeds| deeds.len())?;
            Some(first.iter().chain(tail).cloned().collect())
        })
    }
}

impl App {
    /// Shows the solution: asks the first time, then does one deed of it each time.
    pub(in crate::app) fn show_solution(&mut self) {
        let (Some(learning), Some(session)) = (&mut self.learning, &self.session) else { return };
        match &learning.showing {
            Showing::No if learning.attempt.score(&session.history).is_some() => {
                learning.showing = Showing::Asked;
                learning.scroll = 0;
            }
            Showing::Deeds(..) => self.show_next(),
            Showing::No | Showing::Asked => self.begin_to_show(),
        }
    }

    fn begin_to_show(&mut self) {
        let (Some(learning), Some(session)) = (&mut self.learning, &self.session) else { return };
        let Some(way) = learning.way(&session.history) else {
            learning.showing = Showing::No;
            self.tell(Tone::Plain, "no solution leads on from here; {begin-again} begins again");
            return;
        };
        let before = session.history.position();
        self.lesson_takes(&Deed::Reveal, None, before);
        if let Some(learning) = &mut self.learning {
            learning.showing = Showing::Deeds(way, 0);
            learning.read_all();
        }
    }

    /// Does the next deed of the solution.
    pub(super) fn show_next(&mut self) {
        let Some(learning) = &mut self.learning else { return };
        let Showing::Deeds(deeds, done) = &mut learning.showing else { return };
        let Some(deed) = deeds.get(*done).cloned() else {
            learning.showing = Showing::No;
            return;
        };
        *done += 1;
        self.layers.clear();
        let before = self.session.as_ref().map_or(0, |session| session.history.position());
        match &deed {
            Deed::Do(command) => self.run(command),
            Deed::Undo => self.undo(),
            Deed::Redo => self.redo(),
            _ => self.lesson_takes(&deed, None, before),
        }
    }
}
