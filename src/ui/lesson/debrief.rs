//! What an attempt came to: the score with what cost what, what was done when, and what was not tried.

use super::{blocks, key};
use crate::app::learning::Learning;
use crate::app::{Action, Session};
use crate::lesson::article;
use crate::topology::timing::spoken;
use crate::ui::doc::{Doc, piece};

/// Points, and whether the lesson is passed.
pub(super) fn verdict(learning: &Learning, session: &Session, doc: &mut Doc<'_>) {
    let theme = doc.theme;
    let needed = learning.lesson().scoring.pass;
    match learning.attempt.score(&session.history) {
        None => doc.item("✓", theme.connected, "Completed. The solution was shown, so there is no score.", theme.title),
        Some(score) => {
            let (mark, style, word) = match score.passed {
                true => ("✓", theme.connected, "passed"),
                false => ("✗", theme.blocked, "not passed"),
            };
            let late = if score.in_time == Some(false) { ", later than the target time" } else { "" };
            let text = format!("{} of 100 points: {word}{late} ({needed} are needed).", score.points);
            doc.item(mark, style, &text, theme.title);
        }
    }
}

/// What the points are made of, and what was paid.
pub(super) fn costs(learning: &Learning, session: &Session, doc: &mut Doc<'_>) {
    let theme = doc.theme;
    let marks = learning.attempt.marks(&session.history);
    let lesson = learning.lesson();
    let mut parts = vec![format!("goals {}/{}", marks.goals.0, marks.goals.1)];
    if marks.quizzes.1 > 0 {
        parts.push(format!("questions {}/{}", marks.quizzes.0, marks.quizzes.1));
    }
    parts.push(format!("{} actions, a good run has {}", marks.actions, lesson.par()));
    parts.push(format!("{} on the clock", spoken(marks.seconds)));
    doc.para(&parts.join(" · "), theme.text);
    for (what, cost) in &marks.costs {
        let words = lesson.always.iter().find(|always| always.id == *what).map(|always| always.label.clone());
        let words = words.map(|label| format!("no longer true: {label}"));
        let turn = lesson.wrong_turns.iter().find(|turn| turn.id == *what);
        let words = words.or_else(|| turn.map(|turn| format!("wrong turn: {}", blocks(&turn.say).join(" "))));
        doc.item(&format!("−{cost}"), theme.blocked, &words.unwrap_or_else(|| what.clone()), theme.text);
    }
    if marks.failed {
        doc.item("✗", theme.blocked, "a turn was taken that fails the lesson", theme.text);
    }
}

/// Writes the debrief.
pub(in crate::ui) fn write(learning: &Learning, session: &Session, doc: &mut Doc<'_>) {
    let theme = doc.theme;
    let (lesson, attempt) = (learning.lesson(), &learning.attempt);
    verdict(learning, session, doc);
    costs(learning, session, doc);
    doc.heading("What the steps were about");
    for (at, step) in lesson.steps.iter().enumerate() {
        let (mark, style) = if attempt.is_passed(at) { ("✓", theme.connected) } else { ("○", theme.pending) };
        let hints = match attempt.hints_given(at) {
            0 => String::new(),
            given => format!(" ({given} of {} hints)", step.hints.len()),
        };
        let said = blocks(&step.after_say).join(" ");
        let why = step.why.as_ref().map(|why| format!(" ({})", article::shown(why))).unwrap_or_default();
        doc.item(mark, style, &format!("{said}{why}{hints}"), theme.text);
    }
    doc.heading("What was done, by the world's clock");
    let rows = attempt.log().iter().map(|logged| {
        let came = match (&logged.refused, logged.turns.as_slice()) {
            (None, []) => String::new(),
            (Some(code), []) => format!("refused: {code}"),
            (None, turns) => format!("✗ {}", turns.join(", ")),
            (Some(code), turns) => format!("refused: {code}  ✗ {}", turns.join(", ")),
        };
        let text = format!("{}   {came}", logged.deed);
        vec![piece(spoken(logged.seconds), theme.dim), piece(text.trim_end().to_owned(), theme.text)]
    });
    doc.table(rows.collect());
    let mut left: Vec<String> = Vec::new();
    for turn in lesson.wrong_turns.iter().filter(|turn| !attempt.turns().contains(&turn.id)) {
        left.push(format!("a mistake you did not make: {}", blocks(&turn.say).join(" ")));
    }
    for inject in lesson.injects.iter().filter(|inject| !attempt.fired().contains(&inject.id)) {
        left.push(format!("this did not happen: {}", blocks(&inject.brief).join(" ")));
    }
    for (at, step) in lesson.steps.iter().enumerate().filter(|(at, step)| step.optional && !attempt.is_passed(*at)) {
        left.push(format!("the optional step {}: {}", at + 1, blocks(&step.say).join(" ")));
    }
    let other = if learning.is_guided() { "as a challenge" } else { "guided" };
    left.push(format!("the lesson {other} ({} in the list of lessons)", key(Action::TakeChallenge)));
    doc.heading("What was not tried");
    left.iter().for_each(|text| doc.item("·", theme.dim, text, theme.text));
}
