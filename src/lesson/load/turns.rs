//! Wrong turns, injects and runs of a file, checked.

use std::str::FromStr;

use strum::IntoEnumIterator;

use super::{Reading, mistakes, tidy};
use crate::lesson::content::{Fire, Flawed, Inject, Trial, Trigger, WrongTurn};
use crate::lesson::format::{self, RawFire, When};
use crate::lesson::predicate::Is;
use crate::topology::FindingCode;
use crate::topology::command::did_you_mean;
use crate::topology::format::At;
use crate::world::RefusalCode;

pub(super) fn trial(trial: format::Trial, reading: &mut Reading) -> Trial {
    Trial { name: trial.name, deeds: reading.deeds(&trial.r#do) }
}

pub(super) fn flawed(run: format::Flawed, turns: &[String], reading: &mut Reading) -> Flawed {
    for turn in &run.turns {
        reading.known("wrong turn or invariant", turn, turns);
    }
    Flawed {
        run: Trial { name: run.name, deeds: reading.deeds(&run.r#do) },
        turns: run.turns.into_iter().map(|turn| turn.value).collect(),
    }
}

pub(super) fn wrong_turn(
    turn: format::WrongTurn,
    always: &[String],
    quizzes: &[String],
    reading: &mut Reading,
) -> Option<WrongTurn> {
    if let Some(mistake) = &turn.mistake {
        mistakes(mistake, reading);
    }
    if turn.demo.is_empty() {
        reading.error(&turn.id.span, format!("the wrong turn `{}` has no demo that takes it", turn.id.value));
    }
    let demo = reading.deeds(&turn.demo);
    Some(WrongTurn {
        id: turn.id.value,
        when: trigger(turn.when, always, quizzes, reading)?,
        times: turn.times.unwrap_or(1),
        severity: turn.severity,
        say: tidy(&turn.say.value),
        why: reading.source(turn.why),
        offer: turn.offer,
        mistake: turn.mistake.map(|mistake| mistake.value),
        demo,
    })
}

fn trigger(when: At<When>, always: &[String], quizzes: &[String], reading: &mut Reading) -> Option<Trigger> {
    let span = when.span;
    let When { action, r#while, violates, refused, becomes, answered_wrong, idle } = when.value;
    let predicate = |is: Option<Is>, reading: &mut Reading| match is {
        Some(is) => reading.predicate(At { value: is, span: span.clone() }).map(Some),
        None => Some(None),
    };
    let during = predicate(r#while, reading)?;
    let becomes = predicate(becomes, reading)?;
    let mut found = Vec::new();
    found.extend(action.map(|patterns| Trigger::Action(patterns.into(), during.clone())));
    if let Some(id) = &violates {
        reading.known("invariant", id, always);
    }
    found.extend(violates.map(|id| Trigger::Violates(id.value)));
    if let Some(code) = refused {
        if RefusalCode::from_str(&code.value).is_err() {
            let known: Vec<String> = RefusalCode::iter().map(|code| code.to_string()).collect();
            let hint = did_you_mean(&code.value, known.iter().map(String::as_str));
            reading.error(&code.span, format!("no command is ever refused with `{}`{hint}", code.value));
        }
        found.push(Trigger::Refused(code.value, during.clone()));
    }
    found.extend(becomes.map(Trigger::Becomes));
    if let Some(id) = &answered_wrong {
        reading.known("question", id, quizzes);
    }
    found.extend(answered_wrong.map(|id| Trigger::AnsweredWrong(id.value)));
    found.extend(idle.map(|span| Trigger::Idle(span.0)));
    if during.is_some() && !found.iter().any(|one| matches!(one, Trigger::Action(..) | Trigger::Refused(..))) {
        reading.error(&span, "`while` stands beside `action` or `refused`");
    }
    match (found.pop(), found.len()) {
        (Some(only), 0) => Some(only),
        _ => {
            let keys = "action, violates, refused, becomes, answered-wrong and idle";
            reading.error(&span, format!("`when` has exactly one of {keys}"));
            None
        }
    }
}

pub(super) fn inject(inject: format::Inject, reading: &mut Reading) -> Option<Inject> {
    let event = reading.command(&inject.event);
    let retract = inject.retract.as_ref().and_then(|text| reading.command(text));
    let fire = fire(inject.fire, reading);
    Some(Inject {
        id: inject.id.value,
        fire: fire?,
        event: event?,
        brief: tidy(&inject.brief.value),
        expect: tidy(&inject.expect),
        note: tidy(&inject.note),
        retract,
    })
}

fn fire(fire: At<RawFire>, reading: &mut Reading) -> Option<Fire> {
    let span = fire.span;
    let RawFire { manual, at, when, chance, random_seed } = fire.value;
    let mut found = Vec::new();
    found.extend(manual.then_some(Fire::Manual));
    if let Some(text) = at {
        match seconds(&text) {
            Some(seconds) => found.push(Fire::At(seconds)),
            None => {
                reading.sink.error(
                    FindingCode::InvalidValue,
                    &span,
                    format!("`{text}` is no time after the start; write it like +04:00"),
                    &[],
                );
                return None;
            }
        }
    }
    if let Some(is) = when {
        found.push(Fire::When(reading.predicate(At { value: is, span: span.clone() })?));
    }
    found.extend(chance.map(|of_hundred| Fire::Chance(of_hundred, random_seed)));
    match (found.pop(), found.len()) {
        (Some(only), 0) => Some(only),
        _ => {
            reading.error(&span, "`fire` has exactly one of manual, at, when and chance");
            None
        }
    }
}

/// `+MM:SS` in seconds.
fn seconds(text: &str) -> Option<u64> {
    let (minutes, seconds) = text.strip_prefix('+')?.split_once(':')?;
    let (minutes, seconds): (u64, u64) = (minutes.parse().ok()?, seconds.parse().ok()?);
    (seconds < 60 && minutes < 60 * 24 * 7).then_some(minutes * 60 + seconds)
}
