//! A lesson being played in the explorer: the attempt beside the session's history, and what the panel shows of it.
//!
//! Every deed of the learner, whatever way it came, goes through the attempt and comes back as cards to be read
//! (`walkthroughs.md` 4, `picture.md` 3.7). A card never stops the learner: whoever acts has read it.

mod acting;
mod gate;
mod goals;
mod list;
mod looks;
mod showing;

use std::sync::Arc;

pub(in crate::app) use acting::is_of_lesson;
pub use goals::{GoalMark, Wanted};
pub use list::{LessonRow, track_title};

use crate::history::History;
use crate::lesson::protocol::{End, Protocol};
use crate::lesson::{Attempt, Deed, Feedback, Lesson, Logged, Mode, Quiz, Score, ShowGoal, Tone, Trigger};

/// How much of the screen the panel takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Room {
    /// Its share, beside or under the map.
    #[default]
    Share,
    /// A line of text, so that the map has the rest.
    Folded,
    /// All of the map's room.
    Whole,
}

/// Something to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Card {
    /// The situation, and what is asked.
    Brief,
    /// The attempt goes on where it was left, after so many deeds.
    Resumed(usize),
    /// What came of one deed.
    Told(Vec<Feedback>),
    /// A step is passed: the debrief of it.
    Passed {
        /// Which.
        step: usize,
        /// How many hints it took.
        hints: usize,
        /// The wrong turns taken on the way.
        turns: usize,
    },
}

impl Card {
    /// Whether it says that something was wrong.
    fn warns(&self) -> bool {
        match self {
            Self::Told(told) => told.iter().any(|one| matches!(one.tone(), Tone::Bad | Tone::Coach)),
            _ => false,
        }
    }
}

/// What the panel shows now.
#[derive(Debug, Clone, PartialEq)]
pub enum Page<'a> {
    /// A card.
    Card(&'a Card),
    /// The open step: what is asked, and the goals.
    Step(usize),
    /// Why the goals of the open step are not reached.
    Missing(usize),
    /// An open question, its place, and how many are open.
    Question(QuizRef<'a>),
    /// A warning before the solution is shown.
    AskedToShow,
    /// The solution is shown: the next deed, its place, and how many there are.
    Showing(&'a Deed, usize, usize),
    /// The lesson is solved.
    End,
}

/// An open question.
#[derive(Debug, Clone)]
pub struct QuizRef<'a> {
    /// The question.
    pub quiz: &'a Quiz,
    /// Its place among the open ones, from 1.
    pub at: usize,
    /// How many are open.
    pub of: usize,
}

impl PartialEq for QuizRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        (&self.quiz.id, self.at, self.of) == (&other.quiz.id, other.at, other.of)
    }
}

/// The solution being shown.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Showing {
    /// It is not.
    #[default]
    No,
    /// It was asked for; a second time shows it.
    Asked,
    /// The deeds, and how many of them are done.
    Deeds(Vec<Deed>, usize),
}

/// A lesson as it is opened: anew, or where a log leads to.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The lesson.
    pub lesson: Arc<Lesson>,
    /// How it is played.
    pub mode: Mode,
    /// The log of the attempt that goes on; none where one begins.
    pub log: Option<Protocol>,
}

/// What has to be kept of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keep {
    /// It began: the first deed was done.
    Begun(Mode),
    /// A deed.
    Deed(Logged),
    /// It ended: with a score, or without one where the solution was shown or it was given up.
    Ended(End, Option<Score>),
}

/// A lesson being played.
#[derive(Debug, Clone)]
pub struct Learning {
    /// The attempt.
    pub attempt: Attempt,
    /// How much of the screen the panel takes.
    pub room: Room,
    /// Rows its text is scrolled by.
    pub scroll: u16,
    /// How far it can be scrolled, as it was drawn last.
    pub limit: u16,
    /// Whether the goals are drawn on the map.
    pub goals_drawn: bool,
    /// What the last deed reached, in the words of the goals.
    pub reached: Vec<String>,
    /// The solution being shown.
    pub showing: Showing,
    cards: Vec<Card>,
    at: usize,
    question: usize,
    missing: bool,
    undo_told: bool,
    turns_before: usize,
    idled: u64,
    kept: usize,
    begun: bool,
    ended: bool,
    given_up: bool,
}

impl Learning {
    /// An attempt that is about to begin.
    pub fn begin(attempt: Attempt) -> Self {
        let lesson = attempt.lesson();
        let goals_drawn = attempt.mode == Mode::Guided && lesson.show_goal != ShowGoal::None;
        Self {
            room: Room::default(),
            scroll: 0,
            limit: 0,
            goals_drawn,
            reached: Vec::new(),
            showing: Showing::No,
            cards: vec![Card::Brief],
            at: 0,
            question: 0,
            missing: false,
            undo_told: false,
            turns_before: 0,
            idled: 0,
            kept: 0,
            begun: false,
            ended: false,
            given_up: false,
            attempt,
        }
    }

    /// An attempt that goes on: what is in its log was kept already.
    pub fn resume(attempt: Attempt) -> Self {
        let deeds = attempt.log().len();
        let turns = attempt.turns().len();
        let news = attempt.happened().iter().filter_map(|(_, id)| {
            let inject = attempt.lesson().injects.iter().find(|inject| inject.id == *id)?;
            Some(Feedback::Injected { id: id.clone(), brief: inject.brief.clone() })
        });
        let mut cards = vec![Card::Brief];
        // What came from outside can be read again.
        cards.extend(news.map(|news| Card::Told(vec![news])));
        cards.push(Card::Resumed(deeds));
        Self {
            at: cards.len() - 1,
            cards,
            kept: deeds,
            begun: true,
            turns_before: turns,
            ended: attempt.solved(),
            ..Self::begin(attempt)
        }
    }

    /// The lesson.
    pub fn lesson(&self) -> &Arc<Lesson> {
        self.attempt.lesson()
    }

    /// What the panel shows now.
    pub fn page(&self) -> Page<'_> {
        if self.showing == Showing::Asked {
            return Page::AskedToShow;
        }
        if let Some(card) = self.cards.get(self.at) {
            return Page::Card(card);
        }
        if self.attempt.solved() {
            return Page::End;
        }
        if let Showing::Deeds(deeds, done) = &self.showing
            && let Some(deed) = deeds.get(*done)
        {
            return Page::Showing(deed, done + 1, deeds.len());
        }
        let questions = self.attempt.questions();
        let step = self.attempt.step().map(|(at, _)| at);
        let asked = match (self.question, step) {
            (0, Some(_)) => None,
            (at, _) => questions.get(at.saturating_sub(1)).or(questions.first()).copied(),
        };
        match (asked, step) {
            (Some(quiz), _) => {
                let at = questions.iter().position(|other| other.id == quiz.id).unwrap_or(0) + 1;
                Page::Question(QuizRef { quiz, at, of: questions.len() })
            }
            (None, Some(step)) if self.missing => Page::Missing(step),
            (None, Some(step)) => Page::Step(step),
            (None, None) => Page::End,
        }
    }

    /// The question that is shown.
    pub fn asked(&self) -> Option<&Quiz> {
        match self.page() {
            Page::Question(asked) => Some(asked.quiz),
            _ => None,
        }
    }

    /// How far the learner is: steps and questions that are over, of all.
    pub fn progress(&self) -> (usize, usize) {
        let lesson = self.lesson();
        let steps = lesson.steps.iter().enumerate().filter(|(at, step)| !step.optional || self.attempt.is_passed(*at));
        let (mut over, mut all) = (0, 0);
        for (at, _) in steps {
            all += 1;
            over += usize::from(self.attempt.is_passed(at));
        }
        (over, all)
    }

    /// Whether nothing was done yet, so that how it is played may still change.
    pub fn is_fresh(&self) -> bool {
        self.attempt.log().is_empty()
    }

    /// Goes on to what comes next in the panel; false where nothing does, so that something else must be done.
    pub(super) fn go_on(&mut self) -> bool {
        self.showing = match std::mem::take(&mut self.showing) {
            Showing::Asked => return true,
            other => other,
        };
        if self.scroll < self.limit {
            self.scroll = self.scroll.saturating_add(4).min(self.limit);
            return true;
        }
        self.scroll = 0;
        if self.at < self.cards.len() {
            self.at += 1;
            return true;
        }
        if self.missing {
            self.missing = false;
            return true;
        }
        let questions = self.attempt.questions().len();
        if matches!(self.showing, Showing::Deeds(..)) || questions == 0 || self.attempt.solved() {
            return false;
        }
        let pages = questions + 1;
        let here = match self.page() {
            Page::Question(asked) => asked.at,
            _ => 0,
        };
        self.question = (here + 1) % pages;
        true
    }

    /// Goes back to what was shown before; false at the beginning.
    pub(super) fn go_back(&mut self) -> bool {
        if self.showing == Showing::Asked {
            self.showing = Showing::No;
            return true;
        }
        if self.scroll > 0 {
            self.scroll = self.scroll.saturating_sub(4);
            return true;
        }
        if self.at == self.cards.len() && (self.missing || self.question > 0) {
            (self.missing, self.question) = (false, 0);
            return true;
        }
        let back = self.at.checked_sub(1);
        self.at = back.unwrap_or(0);
        back.is_some()
    }

    /// Shows why goals are not reached, or no longer.
    pub(super) fn toggle_missing(&mut self) {
        let shown = matches!(self.page(), Page::Missing(_));
        self.showing = Showing::No;
        (self.missing, self.question, self.at, self.scroll) = (!shown, 0, self.cards.len(), 0);
    }

    /// Takes what came of a deed: what must be read becomes cards, the first of them shown.
    pub(super) fn tell(&mut self, deed: Option<&Deed>, told: Vec<Feedback>, open_before: &[String]) {
        let acted = !matches!(deed, Some(Deed::Look(_) | Deed::Idle(_)));
        let live = self.cards.len();
        if acted {
            self.reached.clear();
            self.missing = false;
        }
        let mut loud = Vec::new();
        let mut passed = Vec::new();
        for one in told {
            match one {
                Feedback::Reached { label } => self.reached.push(label),
                Feedback::Passed { step, .. } => passed.push(step),
                Feedback::Solved => {}
                _ => loud.push(one),
            }
        }
        // A wrong turn comes before what was merely refused.
        loud.sort_by_key(|one| matches!(one, Feedback::Refused { .. }));
        let read = !loud.is_empty() || (!passed.is_empty() && self.attempt.mode == Mode::Guided);
        if !loud.is_empty() {
            self.cards.push(Card::Told(loud));
        }
        for id in passed {
            let Some(step) = self.lesson().steps.iter().position(|step| step.id == id) else { continue };
            let turns = self.attempt.turns().len().saturating_sub(self.turns_before);
            self.turns_before = self.attempt.turns().len();
            self.cards.push(Card::Passed { step, hints: self.attempt.hints_given(step), turns });
        }
        if read {
            (self.at, self.scroll, self.limit) = (live, 0, 0);
            if self.room == Room::Folded {
                self.room = Room::Share;
            }
        } else if acted {
            (self.at, self.scroll) = (self.cards.len(), 0);
        }
        let questions = self.attempt.questions();
        let new = questions.iter().position(|quiz| !open_before.contains(&quiz.id)).map(|at| at + 1);
        let answered = matches!(deed, Some(Deed::Answer(..)));
        self.question = match (new, answered) {
            (Some(new), _) => new,
            // The wrong answer may be mended, and what was asked with it comes next.
            (None, true) => self.question.clamp(1, questions.len().max(1)).min(questions.len()),
            (None, false) if acted => 0,
            (None, false) => self.question,
        };
    }

    /// Whether the card shown tells why a command was refused, so that no box need tell it.
    pub fn tells_refusal(&self) -> bool {
        match self.page() {
            Page::Card(Card::Told(told)) => told.iter().any(|one| matches!(one, Feedback::Refused { .. })),
            _ => false,
        }
    }

    /// Whether the card shown says something was wrong, so that a playing plan waits.
    pub fn warns(&self) -> bool {
        self.cards.get(self.at).is_some_and(Card::warns)
    }

    /// How many cards there are.
    pub(in crate::app) fn told_so_far(&self) -> usize {
        self.cards.len()
    }

    /// Shows the first of the cards from `first` on that says something was wrong: many deeds may have come in a row.
    pub(in crate::app) fn read_from(&mut self, first: usize) {
        let warns = self.cards.iter().skip(first).position(Card::warns);
        if let Some(at) = warns {
            (self.at, self.scroll) = (first + at, 0);
        }
    }

    /// After how many more seconds of doing nothing a turn is taken; none where no turn waits for that.
    pub fn idle_due(&self) -> Option<u64> {
        if self.attempt.solved() {
            return None;
        }
        let waits = self.lesson().wrong_turns.iter().filter_map(|turn| match turn.when {
            Trigger::Idle(seconds) if !self.attempt.turns().contains(&turn.id) => Some(seconds),
            _ => None,
        });
        waits.map(|seconds| seconds.saturating_sub(self.idled)).filter(|left| *left > 0).min()
    }

    /// Drops what has to be kept since it was asked last, in order.
    pub(super) fn take_kept(&mut self, history: &History) -> Vec<Keep> {
        let mut keep = Vec::new();
        let new = self.attempt.log().get(self.kept..).unwrap_or_default().to_vec();
        if !new.is_empty() && !self.begun {
            self.begun = true;
            keep.push(Keep::Begun(self.attempt.mode));
        }
        self.kept += new.len();
        keep.extend(new.into_iter().map(Keep::Deed));
        if self.begun && !self.ended && self.attempt.solved() {
            self.ended = true;
            keep.push(Keep::Ended(End::Solved, self.attempt.score(history)));
        }
        if self.begun && !self.ended && self.given_up {
            self.ended = true;
            keep.push(Keep::Ended(End::GivenUp, None));
        }
        keep
    }
}
