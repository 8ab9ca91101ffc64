//! Steps, goals, invariants and questions of a file, checked.

use super::{Reading, tidy};
use crate::lesson::content::{Always, Answer, Goal, Quiz, Step};
use crate::lesson::format::{self, RawAnswer};

pub(super) fn step(step: format::Step, reading: &mut Reading) -> Step {
    if step.goal.is_empty() {
        reading.error(&step.id.span, format!("the step `{}` has no goal, so it can never be passed", step.id.value));
    }
    Step {
        id: step.id.value,
        say: tidy(&step.say.value),
        after_say: tidy(&step.after_say),
        why: reading.source(step.why),
        goals: step.goal.into_iter().filter_map(|goal| self::goal(goal, reading)).collect(),
        hints: step.hint.into_iter().map(|hint| tidy(&hint.text.value)).collect(),
        optional: step.optional,
    }
}

fn goal(goal: format::Goal, reading: &mut Reading) -> Option<Goal> {
    if goal.weight == Some(0) {
        reading.error(&goal.label.span, "a goal that weighs nothing is none; leave `weight` out or make it 1 or more");
    }
    Some(Goal {
        label: goal.label.value,
        is: reading.predicate(goal.is)?,
        weight: goal.weight.unwrap_or(1),
        tense: goal.tense,
    })
}

pub(super) fn always(always: format::Always, reading: &mut Reading) -> Option<Always> {
    Some(Always {
        id: always.id.value,
        label: always.label.value,
        is: reading.predicate(always.is)?,
        guard: always.guard,
    })
}

pub(super) fn quiz(quiz: format::Quiz, steps: &[String], reading: &mut Reading) -> Quiz {
    if let Some(after) = &quiz.after {
        reading.known("step", after, steps);
    }
    let span = quiz.answer.span.clone();
    let answer = match quiz.answer.value {
        RawAnswer::Text(text) => Answer::Text(text),
        RawAnswer::List(all) => Answer::All(all),
        RawAnswer::Table(table) => match (table.engine, table.order.is_empty()) {
            (Some(engine), true) => Answer::Engine(engine, table),
            (None, false) => Answer::Order(table.order),
            _ => {
                reading.error(&span, "an answer is text, a list, { order = […] } or { engine = \"…\", … }");
                Answer::Text(String::new())
            }
        },
    };
    let said: &[String] = match &answer {
        Answer::Text(text) => std::slice::from_ref(text),
        Answer::All(all) | Answer::Order(all) => all,
        Answer::Engine(..) => &[],
    };
    for word in said.iter().filter(|word| !quiz.choices.is_empty() && !quiz.choices.contains(word)) {
        reading.error(&span, format!("the answer `{word}` is none of the choices"));
    }
    Quiz {
        id: quiz.id.value,
        after: quiz.after.map(|after| after.value),
        ask: tidy(&quiz.ask.value),
        choices: quiz.choices,
        answer,
        why: tidy(&quiz.why.value),
        points: quiz.points.unwrap_or(1),
    }
}
