//! Which wrong turns a deed takes.

use super::content::{Lesson, Trigger, WrongTurn};
use super::deed::fits;
use super::judge::Moment;

/// What just happened, for the triggers of wrong turns.
#[derive(Debug, Clone, Default)]
pub(super) struct Happened {
    /// The command, done or refused.
    pub command: Option<String>,
    /// The code with which it was refused.
    pub refused: Option<String>,
    /// The invariants it broke.
    pub broke: Vec<String>,
    /// The question that was answered wrongly.
    pub answered_wrong: Option<String>,
    /// How long nothing was done, in seconds.
    pub idle: u64,
}

/// The wrong turns that what happened between two moments takes, in the order of the file.
pub(super) fn taken<'l>(
    lesson: &'l Lesson,
    happened: &Happened,
    before: &Moment<'_>,
    after: &Moment<'_>,
) -> Vec<&'l WrongTurn> {
    lesson.wrong_turns.iter().filter(|turn| is_taken(&turn.when, happened, before, after)).collect()
}

fn is_taken(when: &Trigger, happened: &Happened, before: &Moment<'_>, after: &Moment<'_>) -> bool {
    match when {
        Trigger::Action(patterns, during) => {
            let fits_one = |command: &String| patterns.iter().any(|pattern| fits(pattern, command));
            happened.command.as_ref().is_some_and(fits_one) && during.as_ref().is_none_or(|is| is.judge(before).is_ok())
        }
        Trigger::Refused(code, during) => {
            happened.refused.as_ref() == Some(code) && during.as_ref().is_none_or(|is| is.judge(before).is_ok())
        }
        Trigger::Violates(always) => happened.broke.contains(always),
        Trigger::Becomes(is) => {
            happened.command.is_some()
                && happened.refused.is_none()
                && is.judge(before).is_err()
                && is.judge(after).is_ok()
        }
        Trigger::AnsweredWrong(quiz) => happened.answered_wrong.as_ref() == Some(quiz),
        Trigger::Idle(seconds) => happened.idle >= *seconds,
    }
}
