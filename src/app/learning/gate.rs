//! The one way of every deed of a learner: a command is asked for first, and told about afterwards.

use super::super::{App, Tone};
use super::{Keep, Showing};
use crate::app::Effect;
use crate::lesson::{Deed, Feedback};
use crate::topology::Command;
use crate::world::Refusal;

impl App {
    /// Whether the lesson, if one runs, leaves a command open; where it does not, the learner is told.
    pub(in crate::app) fn lesson_lets(&mut self, command: &Command) -> bool {
        let Some(learning) = &mut self.learning else { return true };
        if learning.attempt.solved() || learning.attempt.allows(command) {
            return true;
        }
        let open = open_questions(&learning.attempt);
        learning.tell(None, vec![Feedback::Closed { command: command.to_string() }], &open);
        self.with_session(super::super::Session::stop);
        false
    }

    /// Lets the lesson, if one runs, know of a deed that was done, or refused, when the history stood at `before`.
    pub(in crate::app) fn lesson_takes(&mut self, deed: &Deed, refused: Option<&Refusal>, before: usize) {
        let (Some(learning), Some(session)) = (&mut self.learning, &mut self.session) else { return };
        if learning.attempt.solved() {
            return;
        }
        let open = open_questions(&learning.attempt);
        let paid: u32 = learning.attempt.marks(&session.history).costs.iter().map(|(_, cost)| cost).sum();
        let told = learning.attempt.after(deed, refused, before, &mut session.history);
        for one in &told {
            if let Feedback::Injected { brief, .. } = one {
                let brief = brief.split_whitespace().collect::<Vec<_>>().join(" ");
                session.note(Tone::Bad, format!("from outside: {brief}"));
            }
        }
        if told.iter().any(|one| matches!(one, Feedback::Injected { .. })) {
            session.forget_what_is_gone();
        }
        learning.idled = match deed {
            Deed::Idle(seconds) => learning.idled + seconds,
            _ => 0,
        };
        if !matches!(deed, Deed::Look(_) | Deed::Idle(_)) && !learning.shows(deed) {
            learning.showing = Showing::No;
        }
        learning.tell(Some(deed), told, &open);
        if learning.warns() {
            session.stop();
        }
        if matches!(deed, Deed::Undo) && paid > 0 && !learning.undo_told {
            learning.undo_told = true;
            self.tell(Tone::Plain, "undone; undo takes back the action, and never the points it cost");
        }
    }

    /// One step back, as far as the lesson lets it.
    pub(in crate::app) fn undo(&mut self) {
        let (before, shut) = match (&self.session, &self.learning) {
            (Some(session), Some(learning)) => {
                let way = learning.attempt.solved() || learning.attempt.may_undo(&session.history);
                (session.history.position(), !way)
            }
            (Some(session), None) => (session.history.position(), false),
            (None, _) => return,
        };
        if let Some(learning) = self.learning.as_mut().filter(|_| shut) {
            let open = open_questions(&learning.attempt);
            learning.tell(None, vec![Feedback::NoWayBack], &open);
            return;
        }
        if self.with_session(super::super::Session::undo) == Some(true) {
            self.lesson_takes(&Deed::Undo, None, before);
        }
    }

    /// One undone step forward.
    pub(in crate::app) fn redo(&mut self) {
        let Some(before) = self.session.as_ref().map(|session| session.history.position()) else { return };
        if self.with_session(super::super::Session::redo) == Some(true) {
            self.lesson_takes(&Deed::Redo, None, before);
        }
    }

    /// Goes to a revision; in a lesson step by step, so that each is a deed, and no further back than it lets.
    pub(in crate::app) fn jump(&mut self, position: usize) {
        if self.learning.is_none() {
            self.with_session(|session| session.jump(position));
            return;
        }
        let here = |app: &Self| app.session.as_ref().map(|session| session.history.position());
        while let Some(before) = here(self).filter(|at| *at != position) {
            if before > position {
                self.undo();
            } else {
                self.redo();
            }
            let moved = here(self).is_some_and(|now| now.abs_diff(position) < before.abs_diff(position));
            if !moved {
                return;
            }
        }
    }

    /// Nothing was done for so many seconds.
    pub(in crate::app) fn idle(&mut self, seconds: u64) {
        let before = self.session.as_ref().map_or(0, |session| session.history.position());
        self.lesson_takes(&Deed::Idle(seconds), None, before);
    }

    /// After how many seconds without a key the explorer wants to be told; none where it does not.
    pub fn idle_due(&self) -> Option<u64> {
        self.learning.as_ref().and_then(|learning| learning.idle_due())
    }

    /// What has to be kept of the lesson since it was asked last.
    pub(in crate::app) fn lesson_effects(&mut self) -> Vec<Effect> {
        let (Some(learning), Some(session)) = (&mut self.learning, &self.session) else { return Vec::new() };
        learning.take_kept(&session.history).into_iter().map(|keep: Keep| Effect::Keep(keep)).collect()
    }
}

/// The questions that are open, by id.
fn open_questions(attempt: &crate::lesson::Attempt) -> Vec<String> {
    attempt.questions().iter().map(|quiz| quiz.id.clone()).collect()
}
