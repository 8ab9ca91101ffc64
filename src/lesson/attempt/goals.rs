//! Goals: what is reached, which step is passed, and when the lesson is solved.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Attempt;
use crate::history::History;
use crate::lesson::content::Goal;
use crate::lesson::format::Tense;
use crate::lesson::{Feedback, Unmet};

/// How a goal stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoalState {
    /// How it reads.
    pub label: String,
    /// Why it is not reached; none where it is.
    pub unmet: Option<Unmet>,
}

impl Attempt {
    /// The goals of a step as they stand now.
    pub fn goals(&self, step: usize, history: &History) -> Vec<GoalState> {
        let goals = self.lesson.steps.get(step).map_or(&[][..], |step| &step.goals);
        let state = |(at, goal): (usize, &Goal)| {
            let unmet = if self.passed[step].is_some() { None } else { self.unmet(step, at, goal, history) };
            GoalState { label: goal.label.clone(), unmet }
        };
        goals.iter().enumerate().map(state).collect()
    }

    fn unmet(&self, step: usize, at: usize, goal: &Goal, history: &History) -> Option<Unmet> {
        if goal.tense == Tense::Once && self.once.contains(&(step, at)) {
            return None;
        }
        goal.is.judge(&self.now(history)).err()
    }

    /// The goals that are true now, by step and place.
    pub(super) fn true_goals(&self, history: &History) -> BTreeSet<(usize, usize)> {
        let steps = self.lesson.steps.iter().enumerate();
        let all = steps.flat_map(|(step, of)| of.goals.iter().enumerate().map(move |(at, goal)| (step, at, goal)));
        all.filter(|(step, at, goal)| self.unmet(*step, *at, goal, history).is_none())
            .map(|(step, at, _)| (step, at))
            .collect()
    }

    /// Remembers what was true at any revision since `from`, and tells which goals of the open step became true.
    pub(super) fn note_goals(&mut self, history: &History, from: usize, told: &mut Vec<Feedback>) {
        let lesson = Arc::clone(&self.lesson);
        for (step, of) in lesson.steps.iter().enumerate() {
            for (at, goal) in of.goals.iter().enumerate().filter(|(_, goal)| goal.tense == Tense::Once) {
                let seen = (from..=history.position()).any(|at| goal.is.judge(&self.moment(history, at)).is_ok());
                if seen {
                    self.once.insert((step, at));
                }
            }
        }
        let now = self.true_goals(history);
        let open = self.step().map(|(at, _)| at);
        for (step, at) in now.iter().filter(|(step, _)| Some(*step) == open) {
            if !self.announced.contains(&(*step, *at)) {
                told.push(Feedback::Reached { label: lesson.steps[*step].goals[*at].label.clone() });
            }
        }
        self.announced = now;
    }

    /// Passes every step whose turn has come and whose goals are true, opens the questions behind it, and solves the
    /// lesson when nothing is left.
    pub(super) fn advance(&mut self, history: &History, told: &mut Vec<Feedback>) {
        let lesson = Arc::clone(&self.lesson);
        for (at, step) in lesson.steps.iter().enumerate() {
            if self.passed[at].is_some() {
                continue;
            }
            if self.holds(at, history) {
                self.passed[at] = Some(history.position());
                told.push(Feedback::Passed { step: step.id.clone(), after_say: step.after_say.clone() });
                self.open_questions(history);
            } else if !step.optional {
                break;
            }
        }
        let done = lesson.steps.iter().zip(&self.passed).all(|(step, passed)| step.optional || passed.is_some());
        if done && self.answered.len() == lesson.quizzes.len() && !self.solved {
            self.solved = true;
            told.push(Feedback::Solved);
        }
    }

    /// Whether all goals of a step are reached now.
    pub(super) fn holds(&self, step: usize, history: &History) -> bool {
        let goals = self.lesson.steps[step].goals.iter().enumerate();
        goals.into_iter().all(|(at, goal)| self.unmet(step, at, goal, history).is_none())
    }

    /// The weights of the goals reached, of all.
    pub(super) fn goal_weights(&self, history: &History) -> (u32, u32) {
        let mut weights = (0, 0);
        for (at, step) in self.lesson.steps.iter().enumerate() {
            for (nth, goal) in step.goals.iter().enumerate() {
                let reached = self.passed[at].is_some() || self.unmet(at, nth, goal, history).is_none();
                weights.0 += if reached { goal.weight } else { 0 };
                weights.1 += if step.optional && !reached { 0 } else { goal.weight };
            }
        }
        weights
    }
}
