//! The JSON of the command line: names, order and nulls are a promise to scripts.
//!
//! One struct per object of the documentation; field order is the order of the output.

mod check;
mod compare;
mod lesson;
mod plan;
mod reach;
mod run;
mod time;
mod world;

use serde::Serialize;

use crate::topology::{CircuitIx, Command, Finding, Node};
use crate::world::World;

pub use check::{CheckJson, TopologyJson, check, checked, failed};
pub use compare::{CompareJson, compare};
pub use lesson::{ProofJson, ProofsJson, no_lesson, proof};
pub use plan::{PlanJson, plan, refused_plan};
pub use reach::{MatrixJson, PairJson, RoutesJson, matrix, pair, routes};
pub use run::{RunJson, StepJson, run};
pub use world::{WorldJson, world};

/// A finding of a plan or of the world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FindingJson {
    /// `note`, `warning` or `error`.
    pub severity: String,
    /// The stable code.
    pub code: String,
    /// A sentence.
    pub message: String,
    /// The ids it is about.
    pub at: Vec<String>,
    /// What would follow if nothing is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consequence: Option<String>,
    /// Commands that mend it, in this order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mend: Vec<String>,
}

impl From<&Finding> for FindingJson {
    fn from(finding: &Finding) -> Self {
        Self {
            severity: finding.severity.to_string(),
            code: finding.code.to_string(),
            message: finding.message.clone(),
            at: finding.at.clone(),
            consequence: finding.consequence.clone(),
            mend: texts(&finding.mend),
        }
    }
}

/// Commands as they are written.
fn texts(commands: &[Command]) -> Vec<String> {
    commands.iter().map(Command::to_string).collect()
}

/// The ids of two networks.
fn ids(world: &World, between: [Node; 2]) -> [String; 2] {
    between.map(|node| world.node_id(node).to_owned())
}

/// The id of a link's circuit, where it has one of its own.
fn circuit(world: &World, circuit: Option<CircuitIx>) -> Option<String> {
    circuit.map(|circuit| world.topology().circuits[circuit.at()].id.clone())
}
