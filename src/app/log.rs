//! The event log: every command done or refused, what it changed or why not, and the way to its step.

use super::chooser::{Chooser, Pick, Purpose, Row};
use super::facts::{lasting, took};
use super::session::{Event, Outcome};
use super::{App, Tone};
use crate::history::Revision;
use crate::report::differences::change_words;
use crate::world::Refusal;

/// How many changes of one step are told; the rest is counted.
const TOLD: usize = 40;

impl Outcome {
    /// What the step of a revision did; nothing for the start.
    pub(super) fn of(revision: &Revision) -> Option<Self> {
        let step = revision.step.as_ref()?;
        let words = |change| change_words(change, &revision.world);
        let mut told: Vec<String> = step.changes.iter().take(TOLD).map(words).collect();
        if step.changes.len() > TOLD {
            told.push(format!("and {} more changes", step.changes.len() - TOLD));
        }
        let changed = if told.is_empty() { "nothing changed".to_owned() } else { told.join("; ") };
        let told = format!("took {}: {changed}", took(step));
        Some(Self::Done { command: step.command.clone(), finished: step.finished, told })
    }
}

impl App {
    /// Opens the log, the latest first.
    pub(super) fn show_events(&mut self) {
        let Some(session) = &self.session else { return };
        let clocks = session.events.iter().map(|event| lasting(event.seconds, event.assumed).chars().count());
        let wide = clocks.max().unwrap_or(0);
        let rows = session.events.iter().enumerate().rev();
        let rows = rows.map(|(number, event)| Row::new(Pick::Event(number), line(event, wide), note(event))).collect();
        let gone = match session.forgotten {
            0 => String::new(),
            gone => format!(" ({gone} older ones are not kept)"),
        };
        let title = format!("Events, latest first; enter goes to the step{gone}");
        self.show_list(Chooser::new(title, Purpose::Event, rows));
    }

    /// Goes to the step an event tells of, if the history still has it.
    pub(super) fn go_to_event(&mut self, number: usize) {
        let Some(session) = &self.session else { return };
        let Some(event) = session.events.get(number) else { return };
        let there = session.history.revisions().get(event.position);
        let same = match (&event.outcome, there) {
            (_, None) => false,
            (Some(Outcome::Done { command, finished, .. }), Some(revision)) => {
                revision.step.as_ref().is_some_and(|step| step.command == *command && step.finished == *finished)
            }
            (_, Some(_)) => true,
        };
        let position = event.position;
        if same {
            self.jump(position);
        } else {
            self.tell(
                Tone::Plain,
                "the history does not hold that step any more: it was undone and something else was done",
            );
        }
    }
}

/// `t+~6 min  ✓ step 2  fail-over app app2`, with clocks of so many characters.
fn line(event: &Event, wide: usize) -> String {
    let clock = lasting(event.seconds, event.assumed);
    let what = match &event.outcome {
        Some(Outcome::Done { command, .. }) => format!(" step {}  {command}", event.position),
        Some(Outcome::Refused(_)) => format!(" {}", event.text),
        // Told beside it, where there is room for a sentence.
        None => String::new(),
    };
    format!("t+{clock:<wide$}  {}{what}", mark(event))
}

/// How it went, in one character.
const fn mark(event: &Event) -> char {
    match (&event.outcome, event.tone) {
        (Some(Outcome::Refused(_)), _) => '⊘',
        (Some(Outcome::Done { .. }), _) | (None, Tone::Good) => '✓',
        (None, Tone::Bad) => '!',
        (None, Tone::Done | Tone::Plain) => '·',
    }
}

fn note(event: &Event) -> String {
    match &event.outcome {
        None => event.text.clone(),
        Some(Outcome::Done { told, .. }) => told.clone(),
        Some(Outcome::Refused(refusal)) => refused(refusal),
    }
}

fn refused(refusal: &Refusal) -> String {
    let mend: Vec<String> = refusal.mend.iter().map(|command| format!("`{command}`")).collect();
    let mend = if mend.is_empty() { String::new() } else { format!(" Would help: {}", mend.join(", then ")) };
    let message = refusal.message.trim_end_matches('.');
    format!("{message}.{mend}")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::app::{Key, Message, Overlay};
    use crate::topology::builtin::BUILTINS;
    use crate::topology::load;

    fn exploring(commands: &[&str]) -> App {
        let builtin =
            BUILTINS.iter().find(|builtin| builtin.name == "azure-isolated-app").expect("a built-in topology");
        let mut app = App::exploring(Arc::new(load::parse(builtin.name, builtin.text).expect("it stands")));
        for command in commands {
            app.command(command);
        }
        app
    }

    fn press(app: &mut App, keys: &str) {
        for key in keys.split(' ') {
            app.update(Message::Key(key.parse::<Key>().expect(key)));
        }
    }

    fn rows(app: &App) -> Vec<String> {
        let Some(Overlay::List(list)) = app.top() else { panic!("the log is open") };
        list.shown().iter().map(|row| format!("{} | {}", row.text, row.note)).collect()
    }

    #[test]
    fn the_log_has_every_command_with_its_step_its_time_its_changes_and_why_one_was_refused() {
        let mut app = exploring(&["connect recovery-2 azure", "disconnect source-2 azure"]);
        press(&mut app, "E");
        insta::assert_snapshot!(rows(&app).join("\n"));
    }

    #[test]
    fn typing_narrows_the_log_and_enter_goes_to_the_step() {
        let mut app = exploring(&["disconnect source-2 azure", "disconnect source-1 azure"]);
        press(&mut app, "E s o u r c e - 2 space d i s");
        assert_eq!(rows(&app).len(), 1, "{:?}", rows(&app));
        press(&mut app, "enter");
        assert_eq!(app.session.as_ref().unwrap().history.position(), 1);
    }

    #[test]
    fn a_step_that_was_undone_and_replaced_stays_in_the_log_and_cannot_be_gone_to() {
        let mut app = exploring(&["disconnect source-2 azure"]);
        app.session.as_mut().unwrap().undo();
        app.command("disconnect source-1 azure");
        press(&mut app, "E s t e p space 1 space s o u r c e - 2 enter");
        assert!(app.notice.as_ref().unwrap().text.contains("does not hold that step any more"), "{:?}", app.notice);
    }
}
