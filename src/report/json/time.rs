//! The times of a plan in JSON: its steps, who is cut off, and the recovery time (F23).

use serde::Serialize;

use crate::plan::rto::Part;
use crate::plan::{Gap, Plan, Rto, Scheduled, schedule};
use crate::world::World;

/// One step with its place in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimedStepJson {
    /// The command.
    pub command: String,
    /// Its group, counted from 1.
    pub group: usize,
    /// Seconds from the start of the plan.
    pub start: u64,
    /// Seconds it takes.
    pub seconds: u64,
    /// `documented`, `assumed` or `declared`; null where it takes no time.
    pub basis: Option<String>,
    /// Whether it lies on the critical path.
    pub critical: bool,
}

/// How long a need is cut off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutageJson {
    /// One party.
    pub from: String,
    /// The other.
    pub to: String,
    /// Seconds from the start of the plan until it is first lost.
    pub lost: u64,
    /// Seconds from the start of the plan until it is back for good; null if it is not.
    pub back: Option<u64>,
    /// Seconds from the first loss to the return, or to the end of the plan.
    pub seconds: u64,
    /// Each time it is cut off.
    pub losses: Vec<LossJson>,
}

/// One time in which a need is cut off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LossJson {
    /// Seconds from the start of the plan.
    pub from: u64,
    /// Seconds from the start of the plan; null if it does not end.
    pub until: Option<u64>,
}

/// A part of the recovery time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartJson {
    /// Seconds.
    pub seconds: u64,
    /// Whether a figure in it has no source.
    pub assumed: bool,
}

/// The recovery time, from the disaster on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RtoJson {
    /// All of it in seconds.
    pub seconds: u64,
    /// Whether a figure in it has no source.
    pub assumed: bool,
    /// What the file asks for; null where it asks for nothing.
    pub target: Option<u64>,
    /// Whether it is met.
    pub met: Option<bool>,
    /// Finding out.
    pub detect: PartJson,
    /// Deciding.
    pub decide: PartJson,
    /// The failover of machines, from the first to the last.
    pub fail_over: PartJson,
    /// Gateways and links, from the first to the last.
    pub connect: PartJson,
    /// The plan up to its last machine, gateway and link.
    pub work: PartJson,
    /// What routes on premises add.
    pub routing: PartJson,
    /// Making sure.
    pub validate: PartJson,
    /// The apps that are concerned.
    pub apps: Vec<AppRtoJson>,
}

/// The recovery time of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppRtoJson {
    /// Its id.
    pub app: String,
    /// Seconds from the disaster until it works again; null if it does not.
    pub seconds: Option<u64>,
    /// What the file asks for.
    pub target: Option<u64>,
}

/// The steps of a plan in time.
pub(super) fn steps(world: &World, plan: &Plan) -> Vec<TimedStepJson> {
    let step = |part: &Scheduled| TimedStepJson {
        command: part.command.to_string(),
        group: part.group + 1,
        start: part.start,
        seconds: part.seconds,
        basis: part.basis.map(|basis| basis.to_string()),
        critical: part.critical,
    };
    schedule(world, &plan.groups).placed.iter().map(step).collect()
}

/// Who is cut off while a plan runs.
pub(super) fn outages(world: &World, plan: &Plan) -> Vec<OutageJson> {
    let topology = world.topology();
    let outage = |gap: &Gap| OutageJson {
        from: topology.endpoint_id(gap.need.from).to_owned(),
        to: topology.endpoint_id(gap.need.to).to_owned(),
        lost: gap.from,
        back: gap.until,
        seconds: gap.outage(plan.seconds),
        losses: gap.losses.iter().map(|loss| LossJson { from: loss.from, until: loss.until }).collect(),
    };
    plan.gaps.iter().map(outage).collect()
}

/// The recovery time.
pub(super) fn rto(world: &World, rto: &Rto) -> RtoJson {
    let part = |part: Part| PartJson { seconds: part.seconds, assumed: part.assumed };
    let topology = world.topology();
    let total = rto.total();
    let apps = rto.apps.iter().map(|app| AppRtoJson {
        app: topology.apps[app.app.at()].id.clone(),
        seconds: app.seconds,
        target: app.target,
    });
    RtoJson {
        seconds: total.seconds,
        assumed: total.assumed,
        target: rto.target,
        met: rto.met(),
        detect: part(rto.detect),
        decide: part(rto.decide),
        fail_over: part(rto.fail_over),
        connect: part(rto.connect),
        work: part(rto.work),
        routing: part(rto.routing),
        validate: part(rto.validate),
        apps: apps.collect(),
    }
}
