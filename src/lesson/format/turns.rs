//! What must stay true, and the turns that are wrong.

use schemars::JsonSchema;
use serde::Deserialize;
use strum::Display;

use crate::lesson::predicate::Is;
use crate::topology::format::At;
use crate::topology::timing::Span;

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
