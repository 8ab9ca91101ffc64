//! Taking a plan step by step, at once, or by itself, and saying what became of it.

use super::overlay::{Overlay, Preview};
use super::playback::{Playback, Resume};
use super::{App, Tone};
use crate::lesson::Deed;
use crate::world::Refusal;

impl App {
    /// Runs the next step of the plan, or what was undone where no plan is loaded. At a manual action it stops and asks;
    /// `then` is what goes on when that is confirmed (E5).
    pub(super) fn step(&mut self, then: Option<Resume>) {
        let Some(session) = &mut self.session else { return };
        let Some(playback) = &mut session.playback else {
            self.redo();
            return;
        };
        if let Some(command) = playback.awaits(&session.history).cloned() {
            playback.playing = false;
            playback.then = then;
            let question = "The plan waits for a person (E5). Is this done?".to_owned();
            self.show(Overlay::Confirm { command, question });
            return;
        }
        let next = playback.steps.get(playback.done(&session.history)).map(|step| step.command.clone());
        if let Some(command) = &next
            && !self.lesson_lets(command)
        {
            return;
        }
        let Some(session) = &mut self.session else { return };
        let before = session.history.position();
        let outcome = session.step();
        if let (Some(command), Some(outcome)) = (next, &outcome) {
            self.lesson_takes(&Deed::Do(command), outcome.as_ref().err(), before);
        }
        match outcome {
            Some(Err(refusal)) => {
                self.refused(&refusal);
                self.say_when_done();
            }
            Some(Ok(())) => self.say_when_done(),
            None => {}
        }
    }

    /// Goes on with a plan that waited for a person.
    pub(super) fn resume(&mut self) {
        let Some(session) = &mut self.session else { return };
        let Some(playback) = &mut session.playback else { return };
        match playback.then.take() {
            Some(Resume::AtOnce) if !playback.finished(&session.history) => self.run_rest(),
            Some(Resume::AtOnce) | None => self.say_when_done(),
            Some(Resume::Playing) => {
                playback.playing = !playback.finished(&session.history);
                self.say_when_done();
            }
        }
    }

    pub(super) fn say_when_done(&mut self) {
        let Some(session) = &self.session else { return };
        let Some(playback) = session.playback.as_ref().filter(|playback| playback.finished(&session.history)) else {
            return;
        };
        let (met, all) = super::facts::needs_met(session.history.now());
        let needs = match all - met {
            _ if all == 0 => "the file names no needs".to_owned(),
            0 => "all needs met".to_owned(),
            1 => "1 need is not met".to_owned(),
            broken => format!("{broken} needs are not met"),
        };
        let text = format!("{} done in {}: {needs}", playback.title, playback.took(&session.history));
        match playback.refused(&session.history) {
            0 => self.tell(if met == all { Tone::Good } else { Tone::Bad }, text),
            refused => {
                let steps = playback.steps.len();
                let text =
                    format!("{text}. {refused} of {steps} steps refused; a plan runs to its end all the same (E8)");
                // The last refusal stays with what would help.
                match &mut self.notice {
                    Some(notice) if notice.code.is_some() => notice.text = format!("{}. {text}", notice.text),
                    _ => self.tell(Tone::Bad, text),
                }
            }
        }
    }

    pub(super) fn play(&mut self) {
        let Some(session) = &mut self.session else { return };
        match &mut session.playback {
            Some(playback) => playback.playing = !playback.playing,
            None => self.step(None),
        }
        if self.playing() {
            self.step(Some(Resume::Playing));
        }
    }

    /// Makes a plan of the file ready to be played.
    ///
    /// # Errors
    /// The refusal of a name that is no plan, or of a plan that runs itself.
    pub(super) fn load_plan(&mut self, id: &str) -> Result<(), Refusal> {
        let Some(session) = &mut self.session else { return Ok(()) };
        let groups = session.world().groups_of(id)?;
        let plans = &session.world().topology().plans;
        let title = plans.iter().find(|plan| plan.id == id).map_or(id.to_owned(), |plan| plan.title.clone());
        let placed = crate::plan::schedule(session.world(), &groups).placed;
        let gaps = crate::plan::gaps::gaps(session.world(), &placed);
        session.playback = Some(Playback::new(&session.history, title, &groups, gaps));
        Ok(())
    }

    /// Runs everything that is left of the plan, refused steps among it (E8), up to the next manual action.
    pub(super) fn run_rest(&mut self) {
        let over = |app: &Self| {
            let session = app.session.as_ref()?;
            let playback = session.playback.as_ref()?;
            (!playback.finished(&session.history)).then(|| playback.done(&session.history))
        };
        if let Some(playback) = self.session.as_mut().and_then(|session| session.playback.as_mut()) {
            playback.at_once = true;
        }
        let told = self.learning.as_ref().map(|learning| learning.told_so_far());
        while let Some(before) = over(self) {
            self.step(Some(Resume::AtOnce));
            if over(self) == Some(before) {
                break;
            }
        }
        if let (Some(learning), Some(told)) = (&mut self.learning, told) {
            learning.read_from(told);
        }
    }

    pub(super) fn run_all(&mut self) {
        if self.load_preview() {
            self.run_rest();
        }
    }

    /// Loads the plan of the preview sheet and closes the sheets; false where there is none.
    pub(super) fn load_preview(&mut self) -> bool {
        let Some(Overlay::Preview(preview)) = self.top() else { return false };
        let preview: Preview = (**preview).clone();
        match preview.shown() {
            Some(Ok(plan)) => {
                if let Some(session) = &mut self.session {
                    session.load(&preview.title, plan);
                }
                self.layers.clear();
                true
            }
            Some(Err(refusal)) => {
                let refusal = refusal.clone();
                self.refused(&refusal);
                false
            }
            None => false,
        }
    }
}
