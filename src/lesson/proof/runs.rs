//! The runs of a lesson's file, played.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Line;
use crate::lesson::content::{Flawed, Lesson, Trial, WrongTurn};
use crate::lesson::{Deed, Feedback, Mode, Play};

/// What was seen over all runs.
#[derive(Debug, Default)]
pub(super) struct Seen {
    goals_true: BTreeSet<(usize, usize)>,
    goals_false: BTreeSet<(usize, usize)>,
    invariants_false: BTreeSet<String>,
}

impl Seen {
    fn note(&mut self, play: &Play) {
        let lesson = Arc::clone(play.attempt.lesson());
        for step in 0..lesson.steps.len() {
            for (at, goal) in play.attempt.goals(step, &play.history).iter().enumerate() {
                let list = if goal.unmet.is_none() { &mut self.goals_true } else { &mut self.goals_false };
                list.insert((step, at));
            }
        }
        self.invariants_false.extend(play.attempt.broken().iter().cloned());
    }

    /// Every goal is false at some time and true at another.
    pub fn goals(&self, lesson: &Lesson, lines: &mut Vec<Line>) {
        let before = lines.len();
        for (step, of) in lesson.steps.iter().enumerate() {
            for (at, goal) in of.goals.iter().enumerate() {
                let place = format!("the goal \"{}\" of step {}", goal.label, of.id);
                match (self.goals_true.contains(&(step, at)), self.goals_false.contains(&(step, at))) {
                    (true, true) => {}
                    (true, false) => lines.push(Line::bad(format!("{place} is never false: it asks for nothing"))),
                    (false, _) => lines.push(Line::bad(format!("{place} is never true: no run reaches it"))),
                }
            }
        }
        if lines.len() == before {
            let goals = counted(lesson.goals().count(), "goal");
            lines.push(Line::good(format!("{goals}, each seen false and true")));
        }
    }

    /// Every invariant breaks in some run, or is a declared guard.
    pub fn invariants(&self, lesson: &Lesson, lines: &mut Vec<Line>) {
        let before = lines.len();
        for always in &lesson.always {
            match (self.invariants_false.contains(&always.id), always.guard) {
                (false, false) => lines.push(Line::bad(format!(
                    "the invariant {} never breaks: give a run that breaks it, or say `guard = true`",
                    always.id
                ))),
                (true, true) => {
                    lines.push(Line::bad(format!("the invariant {} is a guard, and a run breaks it", always.id)));
                }
                _ => {}
            }
        }
        if !lesson.always.is_empty() && lines.len() == before {
            let invariants = counted(lesson.always.len(), "invariant");
            lines.push(Line::good(format!("{invariants}, each broken by a run or a guard")));
        }
    }
}

/// `1 goal`, `2 goals`.
fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// The lesson at its start: it begins, and it is not solved.
pub(super) fn start(lesson: &Arc<Lesson>, seen: &mut Seen, lines: &mut Vec<Line>) -> Option<Play> {
    let play = match Play::begin(Arc::clone(lesson), Mode::Guided) {
        Ok(play) => play,
        Err((command, refusal)) => {
            lines.push(Line::bad(format!("the event `{command}` of the start is refused: {}", refusal.message)));
            return None;
        }
    };
    seen.note(&play);
    for (quiz, why) in play.attempt.unanswerable() {
        lines.push(Line::bad(format!("the model has no answer to the question {quiz}: {why}")));
    }
    let first = play.attempt.goals(0, &play.history);
    match first.iter().all(|goal| goal.unmet.is_none()) {
        true => {
            let labels: Vec<String> = first.iter().map(|goal| format!("\"{}\"", goal.label)).collect();
            let step = lesson.steps.first().map_or("", |step| step.id.as_str());
            let is = if labels.len() == 1 { "is" } else { "are" };
            lines.push(Line::bad(format!(
                "the step {step} is passed at the start already: {} {is} true then",
                labels.join(", ")
            )));
        }
        false => lines.push(Line::good("the start is not solved")),
    }
    for broken in play.attempt.broken() {
        lines.push(Line::bad(format!("the invariant {broken} is false at the start")));
    }
    Some(play)
}

/// Plays deeds from the start; what was told comes with each.
fn played<'d>(start: &Play, deeds: impl IntoIterator<Item = &'d Deed>, seen: &mut Seen) -> (Play, Vec<Feedback>) {
    let mut play = start.clone();
    let mut told = Vec::new();
    for deed in deeds {
        let feedback = play.take(deed);
        let broke = feedback.iter().filter_map(|one| match one {
            Feedback::Broken { id, .. } => Some(id.clone()),
            _ => None,
        });
        seen.invariants_false.extend(broke);
        told.extend(feedback);
        seen.note(&play);
    }
    (play, told)
}

/// What a run still lacks.
fn lacks(play: &Play) -> String {
    if let Some(quiz) = play.attempt.questions().first().filter(|_| play.attempt.step().is_none()) {
        return format!("the question {} is not answered", quiz.id);
    }
    let Some((at, step)) = play.attempt.step() else {
        return play
            .attempt
            .questions()
            .first()
            .map_or_else(String::new, |quiz| format!("{} is not answered", quiz.id));
    };
    let goals = play.attempt.goals(at, &play.history);
    let open = goals.iter().find_map(|goal| Some((goal.label.clone(), goal.unmet.as_ref()?.because.clone())));
    let (label, because) = open.unwrap_or_default();
    format!("step {}: \"{label}\" is not reached. {because}", step.id)
}

/// A solution solves, costs nothing, passes, and needs each of its deeds.
pub(super) fn solution(start: &Play, run: &Trial, seen: &mut Seen, lines: &mut Vec<Line>) {
    let name = &run.name;
    let (play, told) = played(start, &run.deeds, seen);
    if !play.attempt.solved() {
        lines.push(Line::bad(format!("the solution \"{name}\" does not solve it: {}", lacks(&play))));
        return;
    }
    let marks = play.attempt.marks(&play.history);
    for one in &told {
        match one {
            Feedback::Refused { message, .. } => {
                lines.push(Line::bad(format!("the solution \"{name}\" is refused: {message}")));
            }
            Feedback::Closed { command } => {
                lines.push(Line::bad(format!(
                    "the solution \"{name}\" uses `{command}`, which the lesson keeps closed"
                )));
            }
            Feedback::Answered { right: false, quiz, .. } => {
                let right = play.attempt.right_answer(quiz).unwrap_or_default();
                lines.push(Line::bad(format!("the solution \"{name}\" answers {quiz} wrongly; right is {right}")));
            }
            _ => {}
        }
    }
    for (quiz, why) in play.attempt.unanswerable() {
        lines.push(Line::bad(format!("the model has no answer to the question {quiz} when it is asked: {why}")));
    }
    for (what, cost) in &marks.costs {
        lines.push(Line::bad(format!("the solution \"{name}\" pays {cost} for {what}")));
    }
    let score = play.attempt.score(&play.history);
    if !score.is_some_and(|score| score.passed) {
        let points = score.map_or(0, |score| score.points);
        lines.push(Line::bad(format!("the solution \"{name}\" solves it with {points} points and does not pass")));
    }
    let mut spare = Vec::new();
    for left_out in 0..run.deeds.len() {
        let deeds = run.deeds.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, deed)| deed);
        if played(start, deeds, seen).0.attempt.solved() {
            spare.push(run.deeds[left_out].to_string());
        }
    }
    for deed in &spare {
        lines.push(Line::bad(format!("the solution \"{name}\" solves it without `{deed}` too")));
    }
    if spare.is_empty() {
        lines.push(Line::good(format!(
            "the solution \"{name}\" solves it, and needs {}",
            if run.deeds.len() == 1 {
                "its one deed".to_owned()
            } else {
                format!("each of its {} deeds", run.deeds.len())
            }
        )));
    }
}

pub(super) fn not_solution(start: &Play, run: &Trial, seen: &mut Seen, lines: &mut Vec<Line>) {
    let (play, _) = played(start, &run.deeds, seen);
    lines.push(match play.attempt.solved() {
        true => Line::bad(format!("the non-solution \"{}\" solves it", run.name)),
        false => Line::good(format!("the non-solution \"{}\" does not solve it: {}", run.name, lacks(&play))),
    });
}

/// A flawed run ends right and costs, by the turns it names.
pub(super) fn flawed(start: &Play, flawed: &Flawed, seen: &mut Seen, lines: &mut Vec<Line>) {
    let name = &flawed.run.name;
    let (play, _) = played(start, &flawed.run.deeds, seen);
    let marks = play.attempt.marks(&play.history);
    let paid: u32 = marks.costs.iter().map(|(_, cost)| cost).sum();
    let lost_quiz = marks.quizzes.0 < marks.quizzes.1;
    let missing: Vec<&str> =
        flawed.turns.iter().filter(|turn| !play.attempt.turns().contains(turn)).map(String::as_str).collect();
    lines.push(if !play.attempt.solved() {
        Line::bad(format!("the flawed run \"{name}\" does not end right: {}", lacks(&play)))
    } else if paid == 0 && !marks.failed && !lost_quiz {
        Line::bad(format!("the flawed run \"{name}\" costs nothing"))
    } else if !missing.is_empty() {
        let took = play.attempt.turns().join(", ");
        Line::bad(format!("the flawed run \"{name}\" does not take {}; it takes {took}", missing.join(", ")))
    } else {
        Line::good(format!("the flawed run \"{name}\" ends right and costs {paid}"))
    });
}

/// A wrong turn is taken by its demo.
pub(super) fn demo(start: &Play, turn: &WrongTurn, seen: &mut Seen, lines: &mut Vec<Line>) {
    let (play, told) = played(start, &turn.demo, seen);
    let id = &turn.id;
    if play.attempt.turns().contains(id) {
        lines.push(Line::good(format!("the demo of {id} takes it")));
        return;
    }
    let refused = told.iter().find_map(|one| match one {
        Feedback::Refused { message, .. } => Some(format!("; refused: {message}")),
        _ => None,
    });
    let took = match play.attempt.turns() {
        [] => "nothing".to_owned(),
        turns => turns.join(", "),
    };
    lines.push(Line::bad(format!("the demo of {id} does not take it but {took}{}", refused.unwrap_or_default())));
}
