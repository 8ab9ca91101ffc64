//! `check --json`: the findings of topology files with their places.

use serde::Serialize;

use crate::topology::Finding;

/// What `check --json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckJson {
    /// The topologies in the order they were asked for.
    pub topologies: Vec<TopologyJson>,
    /// What kept the call from an answer, or from a topology that could not be opened; left out where nothing did.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<String>,
}

/// One topology with what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TopologyJson {
    /// The built-in name, or the file's name without `.toml`.
    pub name: String,
    /// What was found; errors of a file that does not load among them.
    pub findings: Vec<PlacedJson>,
}

/// A finding with its place in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlacedJson {
    /// `note`, `warning` or `error`.
    pub severity: String,
    /// The stable code.
    pub code: String,
    /// A sentence.
    pub message: String,
    /// The ids it is about.
    pub at: Vec<String>,
    /// The line, counted from 1.
    pub line: Option<usize>,
    /// The column in characters, counted from 1.
    pub column: Option<usize>,
    /// The rule it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What would follow if nothing is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consequence: Option<String>,
    /// Commands that mend it, in this order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mend: Vec<String>,
    /// The change of the file that mends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<String>,
}

/// One topology of [`CheckJson`].
pub fn checked<'a>(name: &str, findings: impl IntoIterator<Item = &'a Finding>) -> TopologyJson {
    let findings = findings.into_iter().map(|finding| PlacedJson {
        severity: finding.severity.to_string(),
        code: finding.code.to_string(),
        message: finding.message.clone(),
        at: finding.at.clone(),
        line: finding.position.map(|place| place.line),
        column: finding.position.map(|place| place.column),
        rule: finding.rule.map(str::to_owned),
        consequence: finding.consequence.clone(),
        mend: finding.mend.iter().map(ToString::to_string).collect(),
        change: finding.change.clone(),
    });
    TopologyJson { name: name.to_owned(), findings: findings.collect() }
}

/// What `check --json` prints.
pub fn check(topologies: Vec<TopologyJson>, errors: Vec<String>) -> CheckJson {
    CheckJson { topologies, errors }
}

/// What any call prints with `--json` where it has no answer: the problems of a file that is no topology with their places,
/// as `check` says them, or why there is nothing to say.
pub fn failed(problems: Option<TopologyJson>, error: &str) -> CheckJson {
    CheckJson { topologies: problems.into_iter().collect(), errors: vec![error.to_owned()] }
}
