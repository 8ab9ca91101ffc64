//! Keeping what a learner does: opening lessons, the log of the session, and the progress.

use std::path::Path;
use std::sync::Arc;

use super::state::{Session, State, StateError, today};
use crate::app::learning::{Keep, Opened};
use crate::app::{Failure, Message, Tone};
use crate::lesson::protocol::End;
use crate::lesson::{Draw, Lesson, Mode, parse, shelf};
use crate::report::problems;
use crate::topology::command::did_you_mean;
use crate::topology::load::read;

/// What is kept of the lesson that is played.
#[derive(Debug)]
pub(super) struct Keeper {
    state: Option<State>,
    lesson: Option<Arc<Lesson>>,
    /// The path of the lesson's file, where it does not come with the program.
    source: Option<String>,
    session: Option<Session>,
}

impl Keeper {
    /// Keeps in a state directory; without one nothing is kept. The messages say what was done so far.
    pub(super) fn of(state: Option<State>) -> (Self, Vec<Message>) {
        let keeper = Self { state, lesson: None, source: None, session: None };
        let first = keeper.progress();
        (keeper, first)
    }

    /// What the learner has done so far, for the list of lessons.
    fn progress(&self) -> Vec<Message> {
        let Some(state) = &self.state else { return Vec::new() };
        match state.progress() {
            Ok(kept) => {
                let unfinished = state.sessions().unwrap_or_default().into_iter();
                let mut latest: Vec<(String, bool)> = Vec::new();
                for listed in unfinished {
                    let Some(id) = listed.lesson().map(str::to_owned) else { continue };
                    let open = listed.protocol.as_ref().is_ok_and(|log| log.end.is_none() && !log.deeds.is_empty());
                    if latest.iter().all(|(known, _)| *known != id) {
                        latest.push((id, open));
                    }
                }
                let open = latest.into_iter().filter(|(_, open)| *open).map(|(id, _)| id).collect();
                let mut messages = vec![Message::Progress(Box::new(kept.progress), open)];
                messages.extend(kept.message.map(|text| Message::Said(Tone::Bad, text)));
                messages
            }
            Err(error) => vec![Message::NotKept(error.to_string())],
        }
    }

    /// Opens a lesson that comes with the program: where it was left, or anew.
    pub(super) fn open(&mut self, id: &str, mode: Option<Mode>, anew: bool) -> Message {
        let opened = self.named(id).map(|lesson| self.take(Arc::new(lesson), mode, anew, None));
        Message::Lesson(Box::new(opened))
    }

    fn named(&self, id: &str) -> Result<Lesson, Failure> {
        let Some(shelved) = shelf::find(id) else {
            let hint = did_you_mean(id, shelf::SHELF.iter().map(|lesson| lesson.id));
            return Err(Failure { summary: format!("no lesson is called `{id}`{hint}"), report: String::new() });
        };
        // Nothing is changed, but from now on the seed of the draws is kept.
        let kept = self.state.as_ref().and_then(|state| state.change(|_| ()).ok());
        let next = kept.map_or_else(|| shelved.lesson(Draw::default()), |kept| shelved.next(&kept.progress));
        next.map_err(|error| Failure {
            summary: format!("{id} is no lesson: {} problems", error.problems.len()),
            report: problems::render_as(&error, "lesson", false),
        })
    }

    /// Takes a lesson to be played: the session that was left goes on, unless it is to begin anew.
    pub(super) fn take(
        &mut self,
        lesson: Arc<Lesson>,
        mode: Option<Mode>,
        anew: bool,
        source: Option<String>,
    ) -> Opened {
        self.session = None;
        let left = self.state.as_ref().and_then(|state| state.unfinished(&lesson).ok().flatten());
        self.source = source;
        let mut lesson = lesson;
        let log = match left {
            Some((session, log)) if !anew => match self.drawn(&lesson, log.opening.draw()) {
                // What goes on has the words it began with.
                Some(as_begun) => {
                    lesson = as_begun;
                    self.session = Some(session);
                    Some(log)
                }
                None => None,
            },
            Some((mut session, _)) if anew => {
                // What was left is given up; that it cannot be written down changes nothing.
                let _ = session.end(End::GivenUp);
                None
            }
            _ => None,
        };
        self.lesson = Some(Arc::clone(&lesson));
        let mode = mode.or(log.as_ref().map(|log| log.opening.mode)).unwrap_or(lesson.mode);
        Opened { lesson, mode, log }
    }

    /// The same lesson with the words of another draw.
    fn drawn(&self, lesson: &Arc<Lesson>, draw: Draw) -> Option<Arc<Lesson>> {
        if lesson.draw == draw {
            return Some(Arc::clone(lesson));
        }
        let other = match &self.source {
            None => shelf::find(&lesson.id)?.lesson(draw),
            Some(path) => parse(path, &read(Path::new(path)).ok()?, draw),
        };
        other.ok().map(Arc::new)
    }

    /// Keeps what was done; what cannot be kept is said once.
    pub(super) fn keep(&mut self, keep: Keep) -> Vec<Message> {
        let changed = !matches!(keep, Keep::Deed(_));
        match self.write(keep) {
            Ok(()) if changed => self.progress(),
            Ok(()) => Vec::new(),
            Err(error) => {
                self.state = None;
                self.session = None;
                vec![Message::NotKept(error.to_string())]
            }
        }
    }

    fn write(&mut self, keep: Keep) -> Result<(), StateError> {
        let (Some(state), Some(lesson)) = (&self.state, &self.lesson) else { return Ok(()) };
        match keep {
            Keep::Begun(mode) => {
                self.session = Some(state.begin(lesson, mode, self.source.clone())?);
                state.change(|progress| progress.begin(lesson, today()))?;
            }
            Keep::Deed(logged) => {
                if let Some(session) = &mut self.session {
                    session.append(&logged)?;
                }
            }
            Keep::Ended(end, score) => {
                if let Some(mut session) = self.session.take() {
                    session.end(end)?;
                }
                if end == End::Solved {
                    state.change(|progress| progress.note(lesson, score, today()))?;
                }
            }
        }
        Ok(())
    }
}
