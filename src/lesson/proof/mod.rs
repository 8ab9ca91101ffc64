//! The author's proof (4.6): a lesson's solutions, mistakes and demos are played, and each check says in a line what it found.

mod runs;
mod texts;

use std::sync::Arc;

use super::content::Lesson;
use runs::Seen;

/// One check of a lesson.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Whether the lesson passes it.
    pub ok: bool,
    /// What was found.
    pub says: String,
}

impl Line {
    fn good(says: impl Into<String>) -> Self {
        Self { ok: true, says: says.into() }
    }

    fn bad(says: impl Into<String>) -> Self {
        Self { ok: false, says: says.into() }
    }
}

/// Everything a lesson has to prove, check by check.
pub fn prove(lesson: &Arc<Lesson>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut seen = Seen::default();
    let Some(start) = runs::start(lesson, &mut seen, &mut lines) else { return lines };
    for solution in &lesson.solutions {
        runs::solution(&start, solution, &mut seen, &mut lines);
    }
    for run in &lesson.not_solutions {
        runs::not_solution(&start, run, &mut seen, &mut lines);
    }
    for run in &lesson.flawed {
        runs::flawed(&start, run, &mut seen, &mut lines);
    }
    for turn in &lesson.wrong_turns {
        runs::demo(&start, turn, &mut seen, &mut lines);
    }
    seen.goals(lesson, &mut lines);
    seen.invariants(lesson, &mut lines);
    texts::check(lesson, &mut lines);
    lines
}
