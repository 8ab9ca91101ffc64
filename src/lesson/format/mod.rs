//! The lesson file as it is written (`walkthroughs.md` 4.2): one struct for each kind of table.

mod injects;
mod quiz;
mod scoring;
mod turns;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString};

pub use injects::{Inject, RawFire};
pub use quiz::{AnswerTable, EngineWord, Quiz, RawAnswer};
pub use scoring::Scoring;
pub use turns::{Always, Offer, Severity, When, WrongTurn};

use super::predicate::Is;
use crate::topology::format::At;
use crate::topology::timing::Span;

/// A lesson file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct File {
    /// The version of this format: 1.
    pub format: i64,
    /// Its id, as the file is called.
    pub id: At<String>,
    /// Its name on the screen.
    pub title: String,
    /// The track it belongs to.
    pub track: Track,
    /// The built-in topology it is played on.
    pub scenario: At<String>,
    /// The lines of the article it covers, like `62` or `114-115`.
    #[serde(default)]
    pub covers: Vec<At<String>>,
    /// The lessons that come before it.
    #[serde(default)]
    pub needs: Vec<At<String>>,
    /// The mistakes it plants, like `M7`.
    #[serde(default)]
    pub mistakes: Vec<At<String>>,
    /// How long it takes, about.
    pub minutes: u32,
    /// From 1 to 5.
    #[schemars(range(min = 1, max = 5))]
    pub difficulty: Option<u32>,
    /// The lesson it is a variant of.
    pub variant_of: Option<At<String>>,
    /// Words that differ from draw to draw: `{word}` in the file stands for the value of the draw, and is replaced before
    /// anything else is read.
    #[serde(default)]
    #[expect(dead_code, reason = "the words are in the text by the time it is read")]
    pub random: Vec<At<indexmap::IndexMap<String, String>>>,
    /// What differs from the topology when the lesson begins.
    #[serde(default)]
    pub start: Start,
    /// What the learner is told first.
    pub brief: Brief,
    /// The steps, in order.
    pub step: Vec<Step>,
    /// What must stay true.
    #[serde(default)]
    pub always: Vec<Always>,
    /// Turns that are wrong.
    #[serde(default)]
    pub wrong_turn: Vec<WrongTurn>,
    /// Questions.
    #[serde(default)]
    pub quiz: Vec<Quiz>,
    /// What happens from outside.
    #[serde(default)]
    pub inject: Vec<Inject>,
    /// How it is scored.
    #[serde(default)]
    pub score: Scoring,
    /// Runs that solve it.
    pub solution: Vec<Trial>,
    /// Runs that do not.
    #[serde(default)]
    pub not_solution: Vec<Trial>,
    /// Runs that end in the right picture and must cost all the same.
    #[serde(default)]
    pub flawed: Vec<Flawed>,
}

/// A row of lessons that belong together.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumString, EnumIter, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Track {
    /// Finding one's way.
    Orientation,
    /// A whole region of Company A.
    Full,
    /// One app alone.
    Isolated,
    /// With an on-premises datacenter.
    Hybrid,
    /// Plans, drills and the way home.
    Plans,
    /// Exercises.
    GameDays,
}

/// What differs from the topology when the lesson begins.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Start {
    /// Commands that were done before.
    pub events: Vec<At<String>>,
    /// What the clock shows.
    pub clock: Option<Span>,
}

/// How a lesson is played.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Display, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Mode {
    /// Step by step, with everything said.
    #[default]
    Guided,
    /// The brief and the goals only.
    Challenge,
}

/// How much of the goal is drawn on the map.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ShowGoal {
    /// Nothing.
    None,
    /// What differs from the board.
    #[default]
    Diff,
    /// All of it.
    Full,
}

/// What the learner is told first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Brief {
    /// The situation, and what is asked.
    pub text: At<String>,
    /// How much of the goal is drawn on the map.
    #[serde(default)]
    pub show_goal: ShowGoal,
    /// The commands that are open, `*` standing for any letters; all when not given.
    #[serde(default)]
    pub allow: Vec<String>,
    /// The mode it begins in.
    #[serde(default)]
    pub mode: Mode,
}

/// A step of a lesson.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Step {
    /// Its id.
    pub id: At<String>,
    /// What the learner is told.
    pub say: At<String>,
    /// What is said once it is passed.
    #[serde(default)]
    pub after_say: String,
    /// The line of the article it leans on, like `article:114`.
    pub why: Option<At<String>>,
    /// What must become true.
    pub goal: Vec<Goal>,
    /// Hints, from a nudge to the answer.
    #[serde(default)]
    pub hint: Vec<Hint>,
    /// Whether the lesson is solved without it.
    #[serde(default)]
    pub optional: bool,
}

/// Whether something must be true now, or must have been once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tense {
    /// Now.
    #[default]
    Now,
    /// At some time since the lesson began.
    Once,
}

/// A goal of a step.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Goal {
    /// How it reads.
    pub label: At<String>,
    /// What must be true.
    pub is: At<Is>,
    /// How much it counts; 1 when not given.
    pub weight: Option<u32>,
    /// When it must be true.
    #[serde(default)]
    pub tense: Tense,
}

/// A hint.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Hint {
    /// What it says.
    pub text: At<String>,
}

/// A run of deeds.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Trial {
    /// What it shows.
    pub name: String,
    /// Commands and other deeds, in order.
    pub r#do: Vec<At<String>>,
}

/// A run that ends in the right picture and must cost.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Flawed {
    /// What it shows.
    pub name: String,
    /// Commands and other deeds, in order.
    pub r#do: Vec<At<String>>,
    /// The wrong turns it must take.
    #[serde(default)]
    pub turns: Vec<At<String>>,
}
