//! What an attempt came to: the score with what cost what, what was done when, and what was not tried.

use super::blocks;
use crate::app::learning::Learning;
use crate::app::{Action, Session};
use crate::lesson::{article, parts};
use crate::topology::timing::spoken;
use crate::ui::doc::Doc;

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
    let points = parts(lesson, &marks).into_iter().map(|part| format!("{} {} of {}", part.name, part.got, part.of));
    let mut parts: Vec<String> = points.collect();
    parts.push(format!("{} actions, a good run has {}", marks.actions, lesson.par()));
    let target = lesson.scoring.rto_target_minutes.map(|minutes| format!(", the target is {minutes} min"));
    parts.push(format!("{} on the clock{}", spoken(marks.seconds), target.unwrap_or_default()));
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
    let mut rows: Vec<(u64, String)> = Vec::new();
    for logged in attempt.log() {
        let came = match (&logged.refused, logged.turns.as_slice()) {
            (None, []) => String::new(),
            (Some(code), []) => format!("refused: {code}"),
            (None, turns) => format!("✗ {}", turns.join(", ")),
            (Some(code), turns) => format!("refused: {code}  ✗ {}", turns.join(", ")),
        };
        rows.push((logged.seconds, format!("{}   {came}", logged.deed).trim_end().to_owned()));
    }
    for (seconds, id) in attempt.happened() {
        let inject = lesson.injects.iter().find(|inject| inject.id == *id);
        rows.extend(inject.map(|inject| (*seconds, format!("▲ {}", blocks(&inject.brief).join(" ")))));
    }
    rows.sort_by_key(|(seconds, _)| *seconds);
    for (seconds, text) in rows {
        doc.item(&format!("{:>12}", spoken(seconds)), theme.dim, &text, theme.text);
    }
    let talk: Vec<&str> = lesson
        .injects
        .iter()
        .filter(|inject| attempt.has_happened(&inject.id) && !inject.note.is_empty())
        .map(|inject| inject.note.as_str())
        .collect();
    if !talk.is_empty() {
        doc.heading("To talk about");
        talk.iter().for_each(|note| doc.item("·", theme.dim, &blocks(note).join(" "), theme.text));
    }
    let mut left: Vec<String> = Vec::new();
    for turn in lesson.wrong_turns.iter().filter(|turn| !attempt.turns().contains(&turn.id)) {
        left.push(format!("a mistake you did not make: {}", blocks(&turn.say).join(" ")));
    }
    for inject in lesson.injects.iter().filter(|inject| !attempt.has_happened(&inject.id)) {
        left.push(format!("this did not happen: {}", blocks(&inject.brief).join(" ")));
    }
    for (at, step) in lesson.steps.iter().enumerate().filter(|(at, step)| step.optional && !attempt.is_passed(*at)) {
        left.push(format!("the optional step {}: {}", at + 1, blocks(&step.say).join(" ")));
    }
    let other = if learning.is_guided() { "as a challenge" } else { "guided" };
    left.push(format!("the lesson {other} ({} in the list of lessons)", session.keymap.first(Action::TakeChallenge)));
    doc.gap();
    doc.para(
        &format!("`failscope lesson export {}` writes it all down, with outages and findings.", lesson.id),
        theme.dim,
    );
    doc.heading("What was not tried");
    left.iter().for_each(|text| doc.item("·", theme.dim, text, theme.text));
}
