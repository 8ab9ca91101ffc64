//! Points: goals by weight, questions, pace, and what mistakes and hints cost (4.4).

use super::content::Lesson;

/// What an attempt did that counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// The weights of the goals reached, of all.
    pub goals: (u32, u32),
    /// The points of questions answered rightly at the first try, of all.
    pub quizzes: (u32, u32),
    /// Actions done and not undone.
    pub actions: u32,
    /// What was paid, with what for.
    pub costs: Vec<(String, u32)>,
    /// World seconds since the start.
    pub seconds: u64,
    /// Whether the solution was shown, so that nothing counts.
    pub shown: bool,
    /// Whether a turn was taken that fails the lesson.
    pub failed: bool,
    /// Whether the lesson is solved.
    pub solved: bool,
}

/// A score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Score {
    /// Points of a hundred.
    pub points: u32,
    /// Whether the lesson is passed.
    pub passed: bool,
    /// Whether the target time was kept; none where there is none.
    pub in_time: Option<bool>,
}

impl Score {
    /// The score of an attempt at a lesson; none where the solution was shown.
    pub fn of(lesson: &Lesson, marks: &Marks) -> Option<Self> {
        if marks.shown {
            return None;
        }
        let scoring = &lesson.scoring;
        let (got, all) = parts(lesson, marks).iter().fold((0, 0), |sum, part| (sum.0 + part.got, sum.1 + part.of));
        let paid: u32 = marks.costs.iter().map(|(_, cost)| cost).sum();
        let in_time = scoring.rto_target_minutes.map(|minutes| marks.seconds <= minutes * 60);
        let points = (got * 100 / all.max(1)).saturating_sub(paid);
        let passed = marks.solved && !marks.failed && in_time != Some(false) && points >= scoring.pass;
        Some(Self { points, passed, in_time })
    }
}

/// What one part of a lesson brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// `goals`, `questions` or `pace`.
    pub name: &'static str,
    /// The points it brought.
    pub got: u32,
    /// The points it can bring.
    pub of: u32,
}

/// The points of each part, before what was paid; they are scaled to a hundred. There is no pace before the end.
pub fn parts(lesson: &Lesson, marks: &Marks) -> Vec<Part> {
    let scoring = &lesson.scoring;
    let (kept, par) = pace(marks.actions, lesson.par());
    let shares = [
        ("goals", scoring.goal, marks.goals),
        ("questions", scoring.quiz, marks.quizzes),
        ("pace", scoring.pace, (if marks.solved { kept } else { 0 }, par)),
    ];
    let worth = |(name, points, (got, all)): (&'static str, u32, (u32, u32))| {
        (all > 0 && points > 0).then(|| Part { name, got: points * got / all, of: points })
    };
    shares.into_iter().filter_map(worth).collect()
}

/// Full up to par, nothing at twice par, evenly between (4.4).
fn pace(actions: u32, par: u32) -> (u32, u32) {
    ((2 * par).saturating_sub(actions).min(par), par)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pace_is_full_up_to_par_and_nothing_at_twice_par() {
        assert_eq!([3, 4, 6, 8, 20].map(|actions| pace(actions, 4)), [(4, 4), (4, 4), (2, 4), (0, 4), (0, 4)]);
    }
}
