//! What a lesson holds once its file was read and checked.

use std::sync::Arc;

use super::format::{AnswerTable, EngineWord, Offer, Scoring, Severity, ShowGoal, Tense, Track};
use super::{Deed, Draw, Mode, Predicate};
use crate::topology::{Command, Topology};

/// A lesson.
#[derive(Debug, Clone)]
pub struct Lesson {
    /// Its id.
    pub id: String,
    /// Its name on the screen.
    pub title: String,
    /// The track it belongs to.
    pub track: Track,
    /// The topology it is played on.
    pub topology: Arc<Topology>,
    /// The lines of the article it covers, each from first to last.
    pub covers: Vec<(usize, usize)>,
    /// The lessons that come before it.
    pub needs: Vec<String>,
    /// The mistakes it plants.
    pub mistakes: Vec<String>,
    /// How long it takes, about.
    pub minutes: u32,
    /// From 1 to 5.
    pub difficulty: u32,
    /// The lesson it is a variant of.
    pub variant_of: Option<String>,
    /// Which draw of its random words this is.
    pub draw: Draw,
    /// How many draws there are.
    pub draws: usize,
    /// Commands that were done before it begins.
    pub events: Vec<Command>,
    /// What the clock shows when it begins, in seconds.
    pub clock: u64,
    /// The situation, and what is asked.
    pub brief: String,
    /// How much of the goal is drawn on the map.
    pub show_goal: ShowGoal,
    /// The commands that are open; all where it is empty.
    pub allow: Vec<String>,
    /// The mode it begins in.
    pub mode: Mode,
    /// The steps.
    pub steps: Vec<Step>,
    /// What must stay true.
    pub always: Vec<Always>,
    /// Turns that are wrong.
    pub wrong_turns: Vec<WrongTurn>,
    /// Questions.
    pub quizzes: Vec<Quiz>,
    /// What happens from outside.
    pub injects: Vec<Inject>,
    /// How it is scored.
    pub scoring: Scoring,
    /// Runs that solve it.
    pub solutions: Vec<Trial>,
    /// Runs that do not.
    pub not_solutions: Vec<Trial>,
    /// Runs that end in the right picture and must cost.
    pub flawed: Vec<Flawed>,
    /// A number that changes whenever the file does.
    pub hash: u64,
}

/// A step.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its id.
    pub id: String,
    /// What the learner is told.
    pub say: String,
    /// What is said once it is passed.
    pub after_say: String,
    /// The line of the article it leans on.
    pub why: Option<String>,
    /// What must become true.
    pub goals: Vec<Goal>,
    /// Hints, from a nudge to the answer.
    pub hints: Vec<String>,
    /// Whether the lesson is solved without it.
    pub optional: bool,
}

/// A goal.
#[derive(Debug, Clone)]
pub struct Goal {
    /// How it reads.
    pub label: String,
    /// What must be true.
    pub is: Predicate,
    /// How much it counts.
    pub weight: u32,
    /// When it must be true.
    pub tense: Tense,
}

/// What must stay true.
#[derive(Debug, Clone)]
pub struct Always {
    /// Its id.
    pub id: String,
    /// How it reads.
    pub label: String,
    /// What must be true.
    pub is: Predicate,
    /// Whether no run of the file breaks it.
    pub guard: bool,
}

/// What makes a turn a wrong one.
#[derive(Debug, Clone)]
pub enum Trigger {
    /// A command that fits one of the patterns, while something was true before it.
    Action(Vec<String>, Option<Predicate>),
    /// An invariant that just broke.
    Violates(String),
    /// A refusal with this code, while something was true.
    Refused(String, Option<Predicate>),
    /// Something that just became true through a command.
    Becomes(Predicate),
    /// A question answered wrongly.
    AnsweredWrong(String),
    /// So many seconds without anything done.
    Idle(u64),
}

/// A turn that is wrong.
#[derive(Debug, Clone)]
pub struct WrongTurn {
    /// Its id.
    pub id: String,
    /// When it is taken.
    pub when: Trigger,
    /// At which time it happens it counts.
    pub times: u32,
    /// How much it matters.
    pub severity: Severity,
    /// What the learner is told.
    pub say: String,
    /// The line of the article or the rule it leans on.
    pub why: Option<String>,
    /// What is offered.
    pub offer: Offer,
    /// The mistake it recognises.
    pub mistake: Option<String>,
    /// A run from the start that takes it.
    pub demo: Vec<Deed>,
}

/// A right answer.
#[derive(Debug, Clone)]
pub enum Answer {
    /// One answer.
    Text(String),
    /// All of these, in any order.
    All(Vec<String>),
    /// These, in this order.
    Order(Vec<String>),
    /// The model knows it.
    Engine(EngineWord, AnswerTable),
}

/// A question.
#[derive(Debug, Clone)]
pub struct Quiz {
    /// Its id.
    pub id: String,
    /// The step after which it is asked.
    pub after: Option<String>,
    /// The question.
    pub ask: String,
    /// The answers to choose from.
    pub choices: Vec<String>,
    /// The right answer.
    pub answer: Answer,
    /// Why it is right.
    pub why: String,
    /// How much it counts.
    pub points: u32,
}

/// When an inject happens.
#[derive(Debug, Clone)]
pub enum Fire {
    /// By hand.
    Manual,
    /// So many seconds after the start.
    At(u64),
    /// When this is true.
    When(Predicate),
    /// After a command, with so many chances of a hundred, drawn from a seed.
    Chance(u32, u64),
}

/// What happens from outside.
#[derive(Debug, Clone)]
pub struct Inject {
    /// Its id.
    pub id: String,
    /// When it happens.
    pub fire: Fire,
    /// The command that happens.
    pub event: Command,
    /// What the learner is told.
    pub brief: String,
    /// What a good answer to it says.
    pub expect: String,
    /// What to talk about afterwards.
    pub note: String,
    /// The command that takes it back.
    pub retract: Option<Command>,
}

/// A run of deeds.
#[derive(Debug, Clone)]
pub struct Trial {
    /// What it shows.
    pub name: String,
    /// The deeds.
    pub deeds: Vec<Deed>,
}

/// A run that ends in the right picture and must cost.
#[derive(Debug, Clone)]
pub struct Flawed {
    /// The run.
    pub run: Trial,
    /// The wrong turns it must take.
    pub turns: Vec<String>,
}

impl Quiz {
    /// Whether more than one thing has to be said.
    pub fn wants_several(&self) -> bool {
        matches!(self.answer, Answer::All(_) | Answer::Order(_))
    }
}

impl Lesson {
    /// All goals with the step they belong to.
    pub fn goals(&self) -> impl Iterator<Item = (&Step, &Goal)> {
        self.steps.iter().flat_map(|step| step.goals.iter().map(move |goal| (step, goal)))
    }

    /// A question by its id.
    pub fn quiz(&self, id: &str) -> Option<&Quiz> {
        self.quizzes.iter().find(|quiz| quiz.id == id)
    }

    /// The number of actions of a good run.
    pub fn par(&self) -> u32 {
        let actions = |trial: &Trial| trial.deeds.iter().filter(|deed| matches!(deed, Deed::Do(_))).count();
        let shortest = self.solutions.iter().map(actions).min().unwrap_or(0);
        self.scoring.par_actions.unwrap_or(u32::try_from(shortest).unwrap_or(u32::MAX)).max(1)
    }
}
