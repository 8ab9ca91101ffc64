//! The lesson file as it is written (`walkthroughs.md` 4.2): one struct for each kind of table.

use schemars::JsonSchema;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use strum::{Display, EnumIter, EnumString};

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

/// What must stay true.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Always {
    /// Its id.
    pub id: At<String>,
    /// How it reads.
    pub label: At<String>,
    /// What must be true.
    pub is: At<Is>,
    /// Whether no run of this file breaks it: it guards against surprises.
    #[serde(default)]
    pub guard: bool,
}

/// How much a wrong turn matters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Display, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Severity {
    /// Worth a word, free of cost.
    #[default]
    Coach,
    /// It costs.
    Penalty,
    /// The lesson is not passed.
    Fail,
}

/// What is offered at a wrong turn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Offer {
    /// Nothing.
    #[default]
    None,
    /// One step back.
    Undo,
    /// A hint.
    Hint,
}

/// A turn that is wrong.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct WrongTurn {
    /// Its id.
    pub id: At<String>,
    /// When it is taken.
    pub when: At<When>,
    /// At which time it happens it counts; 1 when not given.
    pub times: Option<u32>,
    /// How much it matters.
    #[serde(default)]
    pub severity: Severity,
    /// What the learner is told.
    pub say: At<String>,
    /// Why: a line of the article like `article:114-115`, or a rule like `rule:B7`.
    pub why: Option<At<String>>,
    /// What is offered.
    #[serde(default)]
    pub offer: Offer,
    /// The mistake of section 6 it recognises, like `M7`.
    pub mistake: Option<At<String>>,
    /// A run from the start that takes it.
    pub demo: Vec<At<String>>,
}

/// One text, or several of which one is enough.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl From<OneOrMany> for Vec<String> {
    fn from(texts: OneOrMany) -> Self {
        match texts {
            OneOrMany::One(text) => vec![text],
            OneOrMany::Many(texts) => texts,
        }
    }
}

/// When a wrong turn is taken: exactly one of the keys, `while` beside `action` or `refused`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct When {
    /// A command, or several, done or refused; `*` stands for any letters.
    pub action: Option<OneOrMany>,
    /// What was true before it.
    pub r#while: Option<Is>,
    /// An invariant that just broke.
    pub violates: Option<At<String>>,
    /// The code of a refusal.
    pub refused: Option<At<String>>,
    /// Something that just became true through a command.
    pub becomes: Option<Is>,
    /// A question that was answered wrongly.
    pub answered_wrong: Option<At<String>>,
    /// So long without anything done.
    pub idle: Option<Span>,
}

/// A question.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Quiz {
    /// Its id.
    pub id: At<String>,
    /// The step after which it is asked; at the start when not given.
    pub after: Option<At<String>>,
    /// The question.
    pub ask: At<String>,
    /// The answers to choose from; free words when not given.
    #[serde(default)]
    pub choices: Vec<String>,
    /// The right answer.
    pub answer: At<RawAnswer>,
    /// Why it is right.
    pub why: At<String>,
    /// How much it counts; 1 when not given.
    pub points: Option<u32>,
}

/// A right answer as a file writes it.
#[derive(Debug, Clone, JsonSchema)]
#[serde(untagged)]
pub enum RawAnswer {
    /// One answer.
    Text(String),
    /// All of these, in any order.
    List(Vec<String>),
    /// The model knows it, or these in this order.
    Table(AnswerTable),
}

// Not derived: an untagged enum would not say which key of the table is unknown.
impl<'de> Deserialize<'de> for RawAnswer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnswerVisitor)
    }
}

struct AnswerVisitor;

impl<'de> Visitor<'de> for AnswerVisitor {
    type Value = RawAnswer;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an answer, a list of answers, or a table like { engine = \"predict-ip\", vm = \"x\" }")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<RawAnswer, E> {
        Ok(RawAnswer::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<RawAnswer, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list)).map(RawAnswer::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawAnswer, A::Error> {
        AnswerTable::deserialize(MapAccessDeserializer::new(map)).map(RawAnswer::Table)
    }
}

/// An answer that is more than words.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct AnswerTable {
    /// These, in this order.
    pub order: Vec<String>,
    /// What the model is asked.
    pub engine: Option<EngineWord>,
    /// A VM.
    pub vm: Option<String>,
    /// A network.
    pub net: Option<String>,
    /// A party.
    pub from: Option<String>,
    /// A party.
    pub to: Option<String>,
    /// A scope of the command language.
    pub scope: Option<String>,
    /// A command.
    pub command: Option<String>,
    /// When the links of a derived plan are made: `before`, `during` or `after`; `during` when not given.
    pub timing: Option<String>,
}

/// What the model can be asked for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumIter, EnumString, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum EngineWord {
    /// The address `vm` would get if it failed over now.
    PredictIp,
    /// The address its test copy would get in `net`.
    PredictTestIp,
    /// The subnet `vm` would go to.
    PredictSubnet,
    /// The address `vm` has now.
    Address,
    /// `yes` or `no`: whether `from` reaches `to`.
    Reaches,
    /// The code of the verdict between `from` and `to`.
    Verdict,
    /// The code with which `command` would be refused, or `accepted`.
    Refusal,
    /// How many minutes the derived plan of `scope` takes.
    PlanMinutes,
    /// How many minutes `from` cannot reach `to` while the derived plan of `scope` runs, for a need of the topology.
    GapMinutes,
    /// How many links the derived plan of `scope` cuts.
    LinksCut,
    /// How many links it makes.
    LinksMade,
    /// How many machines it moves.
    MachinesMoved,
    /// How many live links end at `net`.
    LinksAt,
    /// How many minutes `command` takes.
    Minutes,
}

/// What happens from outside.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Inject {
    /// Its id.
    pub id: At<String>,
    /// When it happens.
    pub fire: At<RawFire>,
    /// The command that happens.
    pub event: At<String>,
    /// What the learner is told.
    pub brief: At<String>,
    /// What a good answer to it says.
    #[serde(default)]
    pub expect: String,
    /// What to talk about afterwards.
    #[serde(default)]
    pub note: String,
    /// The command that takes it back.
    pub retract: Option<At<String>>,
}

/// When an inject happens: exactly one of `manual`, `at`, `when` and `chance`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct RawFire {
    /// By hand.
    pub manual: bool,
    /// At this time after the start, as `+MM:SS`.
    pub at: Option<String>,
    /// When this is true.
    pub when: Option<Is>,
    /// After a command, with so many chances of a hundred.
    pub chance: Option<u32>,
    /// What the chance is drawn from.
    pub random_seed: u64,
}

/// How a lesson is scored.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Scoring {
    /// Points for the goals.
    pub goal: u32,
    /// Points for the questions.
    pub quiz: u32,
    /// Points for the pace.
    pub pace: u32,
    /// The number of actions of a good run; that of the shortest solution when not given.
    pub par_actions: Option<u32>,
    /// The time everything must be back in.
    pub rto_target_minutes: Option<u64>,
    /// What things cost.
    pub cost: Costs,
    /// Whether the solution can be shown.
    pub show_solution: bool,
    /// The points of a hundred that pass it.
    pub pass: u32,
}

impl Default for Scoring {
    fn default() -> Self {
        Self {
            goal: 60,
            quiz: 25,
            pace: 15,
            par_actions: None,
            rto_target_minutes: None,
            cost: Costs::default(),
            show_solution: true,
            pass: 70,
        }
    }
}

/// What things cost, in points (4.4).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Costs {
    /// A hint.
    pub hint: u32,
    /// The last hint, which says it all.
    pub reveal: u32,
    /// A wrong turn.
    pub penalty: u32,
    /// An invariant that broke.
    pub invariant: u32,
}

impl Default for Costs {
    fn default() -> Self {
        Self { hint: 3, reveal: 10, penalty: 5, invariant: 5 }
    }
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
