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
        let share = |part: u32, (got, all): (u32, u32)| (all > 0).then(|| (part * got / all, part));
        let pace = share(scoring.pace, pace(marks.actions, lesson.par())).filter(|_| marks.solved);
        let parts = [share(scoring.goal, marks.goals), share(scoring.quiz, marks.quizzes), pace];
        let (got, all) = parts.into_iter().flatten().fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
        let all = if marks.solved { all } else { all + scoring.pace };
        let paid: u32 = marks.costs.iter().map(|(_, cost)| cost).sum();
        let in_time = scoring.rto_target_minutes.map(|minutes| marks.seconds <= minutes * 60);
        let points = (got * 100 / all.max(1)).saturating_sub(paid);
        let passed = marks.solved && !marks.failed && in_time != Some(false) && points >= scoring.pass;
        Some(Self { points, passed, in_time })
    }
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
