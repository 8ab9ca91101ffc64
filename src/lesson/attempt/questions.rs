//! Questions of an attempt: which are open, and what an answer comes to.

use std::sync::Arc;

use super::Attempt;
use crate::history::History;
use crate::lesson::content::Quiz;
use crate::lesson::watch::Happened;
use crate::lesson::{Feedback, quiz};

/// After so many wrong answers the right one is said.
const MOST_TRIES: u32 = 2;

impl Attempt {
    /// The questions that can be answered now.
    pub fn questions(&self) -> Vec<&Quiz> {
        let open = |quiz: &&Quiz| self.rights.contains_key(&quiz.id) && !self.answered.contains(&quiz.id);
        self.lesson.quizzes.iter().filter(open).collect()
    }

    /// Why the model has no answer to a question, where it has none.
    pub fn unanswerable(&self) -> impl Iterator<Item = (&str, &str)> {
        self.rights.iter().filter_map(|(id, right)| Some((id.as_str(), right.as_ref().err()?.as_str())))
    }

    /// The right answer to a question that was asked.
    pub fn right_answer(&self, quiz: &str) -> Option<String> {
        self.rights.get(quiz)?.as_ref().ok().map(quiz::Right::shown)
    }

    /// Asks every question whose time has come; its right answer is that of this moment.
    pub(super) fn open_questions(&mut self, history: &History) {
        let lesson = Arc::clone(&self.lesson);
        for asked in &lesson.quizzes {
            let passed =
                |id: &String| lesson.steps.iter().position(|step| step.id == *id).is_some_and(|at| self.is_passed(at));
            if self.rights.contains_key(&asked.id) || !asked.after.as_ref().is_none_or(passed) {
                continue;
            }
            let right = quiz::right(asked, &self.now(history));
            self.rights.insert(asked.id.clone(), right);
        }
    }

    pub(super) fn answer(&mut self, id: &str, said: &str, happened: &mut Happened, told: &mut Vec<Feedback>) {
        let lesson = Arc::clone(&self.lesson);
        let Some(asked) = lesson.quiz(id).filter(|_| !self.answered.contains(id)) else { return };
        let Some(Ok(right)) = self.rights.get(id) else { return };
        let (is_right, shown) = (quiz::means(asked, right, said), right.shown());
        let tries = self.tries.entry(id.to_owned()).or_default();
        *tries += 1;
        let closed = is_right || *tries >= MOST_TRIES;
        if is_right && *tries == 1 {
            self.at_once.insert(id.to_owned());
        }
        if closed {
            self.answered.insert(id.to_owned());
        }
        if !is_right {
            happened.answered_wrong = Some(id.to_owned());
        }
        told.push(Feedback::Answered {
            quiz: id.to_owned(),
            right: is_right,
            shown: closed.then_some(shown),
            why: closed.then(|| asked.why.clone()),
        });
    }

    /// The points of the questions answered rightly at the first try, of all.
    pub(super) fn quiz_points(&self) -> (u32, u32) {
        let points = |quiz: &Quiz| if self.at_once.contains(&quiz.id) { quiz.points } else { 0 };
        self.lesson.quizzes.iter().fold((0, 0), |sum, quiz| (sum.0 + points(quiz), sum.1 + quiz.points))
    }
}
