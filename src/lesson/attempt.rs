//! One learner's play of a lesson: every deed goes through it and comes back as feedback.

mod goals;
mod injects;
mod questions;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::content::{Always, Lesson, Step, Trigger, WrongTurn};
use super::deed::fits;
use super::format::{Mode, Offer, Severity};
use super::judge::Moment;
use super::quiz::Right;
use super::watch::{self, Happened};
use super::{Deed, Feedback, Look, Marks, Score, Unmet};
use crate::history::History;
use crate::topology::Command;
use crate::world::Refusal;

pub use goals::GoalState;

/// A deed in the protocol of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// The deed.
    pub deed: Deed,
    /// World seconds since the lesson began, after it.
    pub seconds: u64,
    /// The code with which it was refused.
    pub refused: Option<String>,
    /// The wrong turns it took and the invariants it broke, by id.
    pub turns: Vec<String>,
}

/// A learner's play of a lesson, beside the history it is played on.
#[derive(Debug, Clone)]
pub struct Attempt {
    lesson: Arc<Lesson>,
    /// How it is played.
    pub mode: Mode,
    began: usize,
    floor: usize,
    answered: BTreeSet<String>,
    tries: BTreeMap<String, u32>,
    at_once: BTreeSet<String>,
    rights: BTreeMap<String, Result<Right, String>>,
    looked: BTreeSet<Look>,
    refused: Vec<(String, String)>,
    ran: Vec<String>,
    once: BTreeSet<(usize, usize)>,
    announced: BTreeSet<(usize, usize)>,
    passed: Vec<Option<usize>>,
    broken: BTreeSet<String>,
    paid: BTreeSet<String>,
    counts: BTreeMap<String, u32>,
    turns: Vec<String>,
    costs: Vec<(String, u32)>,
    hints: Vec<usize>,
    fired: Vec<String>,
    happened: Vec<(u64, String)>,
    actions: u32,
    idle: u64,
    shown: bool,
    failed: bool,
    solved: bool,
    log: Vec<Logged>,
}

/// Why a lesson cannot begin: what was to happen before it is refused.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the lesson cannot begin: `{event}` is refused: {refusal}")]
pub struct CannotBegin {
    /// The event of the start.
    pub event: Command,
    /// Why it is refused.
    pub refusal: Refusal,
}

/// A history with the attempt that is played on it.
#[derive(Debug, Clone)]
pub struct Play {
    /// The world's history.
    pub history: History,
    /// The attempt.
    pub attempt: Attempt,
}

impl Play {
    /// Begins a lesson: its events were done, and its clock stands where the file says.
    ///
    /// # Errors
    /// The first event that is refused, with why.
    pub fn begin(lesson: Arc<Lesson>, mode: Mode) -> Result<Self, Box<CannotBegin>> {
        let mut history = History::start(Arc::clone(&lesson.topology));
        for event in &lesson.events {
            for part in history.run(event) {
                part.outcome.map_err(|refusal| Box::new(CannotBegin { event: part.command, refusal }))?;
            }
        }
        let world = history.now().world.clone().at_seconds(lesson.clock);
        let history = History::from(world);
        let attempt = Attempt::new(lesson, mode, &history);
        Ok(Self { history, attempt })
    }

    /// Takes one deed.
    pub fn take(&mut self, deed: &Deed) -> Vec<Feedback> {
        let before = self.history.position();
        match deed {
            Deed::Do(command) => {
                if !self.attempt.allows(command) {
                    return vec![Feedback::Closed { command: command.to_string() }];
                }
                let refused = self.history.run(command).into_iter().find_map(|part| part.outcome.err());
                self.attempt.after(deed, refused.as_ref(), before, &mut self.history)
            }
            Deed::Undo if !self.attempt.may_undo(&self.history) => vec![Feedback::NoWayBack],
            Deed::Undo => {
                self.history.undo();
                self.attempt.after(deed, None, before, &mut self.history)
            }
            Deed::Redo => {
                if self.history.redo() {
                    return self.attempt.after(deed, None, before, &mut self.history);
                }
                vec![Feedback::NoWayBack]
            }
            _ => self.attempt.after(deed, None, before, &mut self.history),
        }
    }
}

impl Attempt {
    /// An attempt that begins where a history stands.
    pub fn new(lesson: Arc<Lesson>, mode: Mode, history: &History) -> Self {
        let steps = lesson.steps.len();
        let mut attempt = Self {
            lesson,
            mode,
            began: history.position(),
            floor: history.position(),
            answered: BTreeSet::new(),
            tries: BTreeMap::new(),
            at_once: BTreeSet::new(),
            rights: BTreeMap::new(),
            looked: BTreeSet::new(),
            refused: Vec::new(),
            ran: Vec::new(),
            once: BTreeSet::new(),
            announced: BTreeSet::new(),
            passed: vec![None; steps],
            broken: BTreeSet::new(),
            paid: BTreeSet::new(),
            counts: BTreeMap::new(),
            turns: Vec::new(),
            costs: Vec::new(),
            hints: vec![0; steps],
            fired: Vec::new(),
            happened: Vec::new(),
            actions: 0,
            idle: 0,
            shown: false,
            failed: false,
            solved: false,
            log: Vec::new(),
        };
        attempt.broken = attempt.false_invariants(history, history.position());
        attempt.open_questions(history);
        attempt.announced = attempt.true_goals(history);
        attempt
    }

    /// The lesson.
    pub fn lesson(&self) -> &Arc<Lesson> {
        &self.lesson
    }

    /// Whether the lesson leaves a command open.
    pub fn allows(&self, command: &Command) -> bool {
        let text = command.to_string();
        self.lesson.allow.is_empty() || self.lesson.allow.iter().any(|pattern| fits(pattern, &text))
    }

    /// Whether one step can be taken back: neither what was there at the start nor what came from outside can.
    pub fn may_undo(&self, history: &History) -> bool {
        history.position() > self.floor
    }

    /// The revision below which nothing can be taken back.
    pub fn floor(&self) -> usize {
        self.floor
    }

    /// Whether the lesson is solved.
    pub fn solved(&self) -> bool {
        self.solved
    }

    /// The protocol.
    pub fn log(&self) -> &[Logged] {
        &self.log
    }

    /// The wrong turns taken so far, each once, in order.
    pub fn turns(&self) -> &[String] {
        &self.turns
    }

    /// Whether an inject happened; one that the rules refused did not.
    pub fn has_happened(&self, inject: &str) -> bool {
        self.happened.iter().any(|(_, id)| id == inject)
    }

    /// What came from outside, by id, each with the world seconds since the start.
    pub fn happened(&self) -> &[(u64, String)] {
        &self.happened
    }

    /// The step the learner is at, with its position; none once the lesson is solved.
    pub fn step(&self) -> Option<(usize, &Step)> {
        let open = |(at, step): &(usize, &Step)| self.passed[*at].is_none() && !step.optional;
        let numbered = || self.lesson.steps.iter().enumerate();
        numbered().find(open).or_else(|| numbered().find(|(at, _)| self.passed[*at].is_none())).filter(|_| !self.solved)
    }

    /// Whether a step is passed.
    pub fn is_passed(&self, step: usize) -> bool {
        self.passed.get(step).is_some_and(Option::is_some)
    }

    /// The invariants that are false now, by id.
    pub fn broken(&self) -> &BTreeSet<String> {
        &self.broken
    }

    /// How many hints of a step were given.
    pub fn hints_given(&self, step: usize) -> usize {
        self.hints.get(step).copied().unwrap_or(0)
    }

    /// What counts so far.
    pub fn marks(&self, history: &History) -> Marks {
        Marks {
            goals: self.goal_weights(history),
            quizzes: self.quiz_points(),
            actions: self.actions,
            costs: self.costs.clone(),
            seconds: self.now(history).seconds(),
            shown: self.shown,
            failed: self.failed,
            solved: self.solved,
        }
    }

    /// The score so far; none where the solution was shown.
    pub fn score(&self, history: &History) -> Option<Score> {
        Score::of(&self.lesson, &self.marks(history))
    }

    /// The moment where a history stands.
    fn now<'a>(&'a self, history: &'a History) -> Moment<'a> {
        self.moment(history, history.position())
    }

    fn moment<'a>(&'a self, history: &'a History, at: usize) -> Moment<'a> {
        Moment {
            history,
            at,
            answered: &self.answered,
            looked: &self.looked,
            refused: &self.refused,
            ran: &self.ran,
            began: self.began,
        }
    }

    /// Takes note of a deed that was done on `history`, or refused there, when it stood at revision `before`; may run what
    /// comes from outside on it.
    pub fn after(
        &mut self,
        deed: &Deed,
        refused: Option<&Refusal>,
        before: usize,
        history: &mut History,
    ) -> Vec<Feedback> {
        let mut told = Vec::new();
        if self.solved {
            return told;
        }
        let mut happened = Happened::default();
        if !matches!(deed, Deed::Idle(_)) {
            self.idle = 0;
        }
        match deed {
            Deed::Do(command) => {
                happened.command = Some(command.to_string());
                happened.refused = refused.map(|refusal| refusal.code.to_string());
                if let Some(refusal) = refused {
                    self.refused.push((command.to_string(), refusal.code.to_string()));
                    told.push(Feedback::Refused { code: refusal.code.to_string(), message: refusal.message.clone() });
                }
                if history.position() > before {
                    if let Command::Run(_) = command {
                        self.ran.push(command.to_string());
                    }
                    self.actions += 1;
                }
            }
            Deed::Undo => self.step_back(history, before),
            Deed::Redo => self.actions += 1,
            Deed::Answer(quiz, said) => self.answer(quiz, said, &mut happened, &mut told),
            Deed::Look(look) => {
                self.looked.insert(look.clone());
            }
            Deed::Hint => self.hint(&mut told),
            Deed::Reveal => self.shown = true,
            Deed::Idle(seconds) => {
                self.idle += seconds;
                happened.idle = self.idle;
            }
            Deed::Inject(id) => self.inject(id, history, &mut told),
        }
        let learner = matches!(deed, Deed::Do(_) | Deed::Redo);
        let now = history.position();
        let broke = if learner { self.broke(history, before) } else { Vec::new() };
        happened.broke = broke.iter().map(|(at, _)| self.lesson.always[*at].id.clone()).collect();
        let turns = self.watch(&happened, broke, before, history, &mut told);
        self.broken = self.false_invariants(history, now);
        let seconds = self.now(history).seconds();
        let code = happened.refused.clone();
        // News after a mistake would be in the way of taking it back: it comes after the next deed.
        let calm = turns.is_empty();
        self.log.push(Logged { deed: deed.clone(), seconds, refused: code, turns });
        self.note_goals(history, before.min(now), &mut told);
        if matches!(deed, Deed::Do(_)) && calm {
            self.inject_due(history, &mut told);
        }
        self.advance(history, &mut told);
        if !self.may_undo(history) {
            for one in &mut told {
                if let Feedback::Turn { offer, .. } = one
                    && *offer == Offer::Undo
                {
                    *offer = Offer::None;
                }
            }
        }
        told
    }

    /// The invariants that are false at a revision.
    fn false_invariants(&self, history: &History, at: usize) -> BTreeSet<String> {
        let moment = self.moment(history, at);
        let broken = self.lesson.always.iter().filter(|always| always.is.judge(&moment).is_err());
        broken.map(|always| always.id.clone()).collect()
    }

    /// The invariants that held before and broke at a revision after `before`, by position, each with the first reason.
    fn broke(&self, history: &History, before: usize) -> Vec<(usize, Unmet)> {
        let held = self.lesson.always.iter().enumerate().filter(|(_, always)| !self.broken.contains(&always.id));
        let first = |always: &Always| {
            (before + 1..=history.position()).find_map(|at| always.is.judge(&self.moment(history, at)).err())
        };
        held.filter_map(|(at, always)| Some((at, first(always)?))).collect()
    }

    /// The wrong turns and the invariants that broke, told and paid for.
    fn watch(
        &mut self,
        happened: &Happened,
        broke: Vec<(usize, Unmet)>,
        before: usize,
        history: &History,
        told: &mut Vec<Feedback>,
    ) -> Vec<String> {
        let lesson = Arc::clone(&self.lesson);
        let moments = (self.moment(history, before), self.now(history));
        let taken = watch::taken(&lesson, happened, &moments.0, &moments.1);
        let mut ids = Vec::new();
        for turn in taken {
            let count = self.counts.entry(turn.id.clone()).or_default();
            *count += 1;
            if *count < turn.times {
                continue;
            }
            if happened.idle > 0 && self.turns.contains(&turn.id) {
                continue;
            }
            let cost = match turn.severity {
                Severity::Coach => 0,
                Severity::Penalty | Severity::Fail => self.pay(&turn.id, lesson.scoring.cost.penalty),
            };
            self.failed |= turn.severity == Severity::Fail;
            ids.push(turn.id.clone());
            told.push(Feedback::Turn {
                id: turn.id.clone(),
                severity: turn.severity,
                say: turn.say.clone(),
                why: turn.why.clone(),
                offer: turn.offer,
                cost,
            });
        }
        for (at, unmet) in broke {
            let always = &lesson.always[at];
            // A wrong turn that names it is the same mistake, and paid for there.
            let named = |turn: &WrongTurn| {
                turn.severity != Severity::Coach && matches!(&turn.when, Trigger::Violates(id) if *id == always.id)
            };
            let cost = match lesson.wrong_turns.iter().any(named) {
                true => 0,
                false => self.pay(&always.id, lesson.scoring.cost.invariant),
            };
            ids.push(always.id.clone());
            told.push(Feedback::Broken {
                id: always.id.clone(),
                label: always.label.clone(),
                because: unmet.because,
                fix: unmet.fix,
                cost,
            });
        }
        for id in &ids {
            if !self.turns.contains(id) {
                self.turns.push(id.clone());
            }
        }
        ids
    }

    /// Pays for a mistake, the first time it is made.
    fn pay(&mut self, what: &str, cost: u32) -> u32 {
        if !self.paid.insert(what.to_owned()) {
            return 0;
        }
        self.costs.push((what.to_owned(), cost));
        cost
    }

    /// Undo gives back the action, and what it passed, but never what was paid (4.4).
    fn step_back(&mut self, history: &History, before: usize) {
        let now = history.position();
        self.actions = self.actions.saturating_sub(u32::try_from(before.saturating_sub(now)).unwrap_or(0));
        for step in 0..self.passed.len() {
            if self.passed[step].is_some_and(|at| at > now) {
                self.passed[step] = self.holds(step, history).then_some(now);
            }
        }
    }

    fn hint(&mut self, told: &mut Vec<Feedback>) {
        let lesson = Arc::clone(&self.lesson);
        let next =
            self.step().and_then(|(at, step)| Some((at, step.hints.len(), step.hints.get(self.hints[at])?.clone())));
        let Some((at, count, text)) = next else {
            told.push(Feedback::NoHint);
            return;
        };
        self.hints[at] += 1;
        let costs = &lesson.scoring.cost;
        let is_last = self.hints[at] == count && count > 1;
        let cost = if is_last { costs.reveal } else { costs.hint };
        self.costs.push((format!("hint {} of {}", self.hints[at], lesson.steps[at].id), cost));
        told.push(Feedback::Hint { text, cost });
    }
}
