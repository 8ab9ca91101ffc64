//! What happens from outside.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::lesson::predicate::Is;
use crate::topology::format::At;

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
