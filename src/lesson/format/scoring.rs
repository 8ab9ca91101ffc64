//! How a lesson is scored.

use schemars::JsonSchema;
use serde::Deserialize;

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
