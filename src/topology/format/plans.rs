//! The tables of recovery plans and of the time they may take.

use schemars::JsonSchema;
use serde::Deserialize;

use super::At;
use super::shorthand::Shorthand;
use crate::topology::recovery_plan::{FailoverDirection, FailoverType};
use crate::topology::timing::Span;

/// A recovery plan.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Plan {
    /// Its name on the screen; the id without one.
    pub title: Option<String>,
    /// Actions before and after the source machines are shut down.
    pub shutdown: Option<Hook>,
    /// Actions before all machines fail over, and after that before the first group starts.
    pub failover: Option<Hook>,
    /// Its groups, in order.
    pub group: Vec<At<Group>>,
}

/// Actions around a part of a plan that has no group of its own.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Hook {
    /// The kinds of failover its steps are enabled for, unless they say so themselves; all without the key.
    pub types: Option<Vec<FailoverType>>,
    /// The directions its steps are enabled for, unless they say so themselves; both without the key.
    pub directions: Option<Vec<FailoverDirection>>,
    /// Commands before it.
    #[serde(default)]
    pub before: Vec<At<Step>>,
    /// Commands after it.
    #[serde(default)]
    pub after: Vec<At<Step>>,
}

/// One group of a recovery plan: lists of commands, run in the order before, do, after.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Group {
    /// Its name on the screen; `Group N` without one.
    pub title: Option<String>,
    /// The kinds of failover its steps are enabled for, unless they say so themselves; all without the key.
    pub types: Option<Vec<FailoverType>>,
    /// The directions its steps are enabled for, unless they say so themselves; both without the key.
    pub directions: Option<Vec<FailoverDirection>>,
    /// Commands before the group.
    #[serde(default)]
    pub before: Vec<At<Step>>,
    /// What the group does.
    #[serde(default, rename = "do")]
    pub run: Vec<At<Step>>,
    /// Commands after the group.
    #[serde(default)]
    pub after: Vec<At<Step>>,
}

/// A step of a plan: its command, or a table that also says when it is enabled.
#[derive(Debug, Clone)]
pub struct Step {
    /// The command.
    pub run: String,
    /// The kinds of failover.
    pub types: Option<Vec<FailoverType>>,
    /// The directions.
    pub directions: Option<Vec<FailoverDirection>>,
}

/// A step that is not enabled always.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct StepTable {
    /// The command.
    pub run: String,
    /// The kinds of failover it is enabled for; those of its group without the key.
    pub types: Option<Vec<FailoverType>>,
    /// The directions it is enabled for; those of its group without the key.
    pub directions: Option<Vec<FailoverDirection>>,
}

impl Shorthand for Step {
    type Long = StepTable;
    type Short = String;
    const EXPECTING: &'static str = "a command, or a table with `run`";
}

impl From<StepTable> for Step {
    fn from(table: StepTable) -> Self {
        Self { run: table.run, types: table.types, directions: table.directions }
    }
}

impl From<String> for Step {
    fn from(run: String) -> Self {
        Self { run, types: None, directions: None }
    }
}

/// How fast everything has to work again.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Objective {
    /// The longest time from the disaster until everything works again, for every plan.
    pub rto: Option<Span>,
}
