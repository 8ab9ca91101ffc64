//! `compare --json`: runs of one failover side by side.

use serde::Serialize;

use super::time::{self, OutageJson, RtoJson};
use crate::plan::compare::{Comparison, Run};
use crate::plan::{Plan, PlannedLink};
use crate::topology::{Command, LinkKind, Severity};
use crate::world::World;

/// What `compare --json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CompareJson {
    /// What fails over, as commands write it.
    pub scope: String,
    /// In what the runs differ: `timing`, `kind` or `gateways`.
    pub compares: String,
    /// The runs.
    pub runs: Vec<ComparedJson>,
}

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComparedJson {
    /// Its word on the command line.
    pub run: String,
    /// Commands that make the world as the run takes it; none where it is so.
    pub first: Vec<String>,
    /// Why it cannot be; null where it can.
    pub refused: Option<RefusedJson>,
    /// What it does; null where it cannot be.
    pub plan: Option<OutlineJson>,
}

/// Why a run cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedJson {
    /// The stable code.
    pub code: String,
    /// A sentence.
    pub message: String,
}

/// What a run does, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutlineJson {
    /// How long the plan takes.
    pub seconds: u64,
    /// Whether a duration in it has no source.
    pub assumed: bool,
    /// The recovery time.
    pub rto: RtoJson,
    /// Who is cut off meanwhile.
    pub outages: Vec<OutageJson>,
    /// Links that change and links that stay, by kind.
    pub links: CountedLinksJson,
    /// Gateways the plan creates.
    pub gateways: usize,
    /// Machines that move and those of them that keep their address.
    pub addresses: KeptJson,
    /// Findings by severity.
    pub findings: CountJson,
    /// What is charged, in words.
    pub charged: Vec<String>,
}

/// Links by what happens to them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CountedLinksJson {
    /// Links that are cut.
    pub cut: Vec<KindJson>,
    /// Links that are made.
    pub made: Vec<KindJson>,
    /// Links that stay.
    pub kept: Vec<KindJson>,
}

/// How many links of a kind there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KindJson {
    /// `vpn`, `peering` or `expressroute`.
    pub kind: LinkKind,
    /// How many.
    pub count: usize,
}

/// Machines that move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeptJson {
    /// Those that keep their address.
    pub kept: usize,
    /// All of them.
    pub all: usize,
}

/// Findings by severity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CountJson {
    /// What will not work.
    pub error: usize,
    /// What will not be as hoped.
    pub warning: usize,
    /// What is worth knowing.
    pub note: usize,
}

/// What `compare --json` prints for a comparison made in `world`.
pub fn compare(world: &World, comparison: &Comparison) -> CompareJson {
    let run = |run: &Run| ComparedJson {
        run: run.variant.word(),
        first: run.first.iter().map(Command::to_string).collect(),
        refused: run
            .plan
            .as_ref()
            .err()
            .map(|refusal| RefusedJson { code: refusal.code.to_string(), message: refusal.message.clone() }),
        plan: run.plan.as_ref().ok().map(|plan| outline(world, plan)),
    };
    CompareJson {
        scope: comparison.scope.to_string(),
        compares: comparison.aspect.to_string(),
        runs: comparison.runs.iter().map(run).collect(),
    }
}

fn outline(world: &World, plan: &Plan) -> OutlineJson {
    let counted = |links: &[PlannedLink]| -> Vec<KindJson> {
        Plan::by_kind(links).into_iter().map(|(kind, count)| KindJson { kind, count }).collect()
    };
    OutlineJson {
        seconds: plan.seconds,
        assumed: plan.assumed,
        rto: time::rto(world, &plan.rto),
        outages: time::outages(world, plan),
        links: CountedLinksJson { cut: counted(&plan.cut), made: counted(&plan.made), kept: counted(&plan.kept) },
        gateways: plan.commands().filter(|command| matches!(command, Command::CreateGateway { .. })).count(),
        addresses: KeptJson { kept: plan.retained(), all: plan.given().count() },
        findings: CountJson {
            error: plan.count(Severity::Error),
            warning: plan.count(Severity::Warning),
            note: plan.count(Severity::Note),
        },
        charged: plan.charged(),
    }
}
