//! Targets of the file that a failover would miss: of the derived plans, and of the plans written in the file (F23).

use super::Outlook;
use crate::plan::{Rto, Scheduled, gaps, schedule};
use crate::topology::{Command, Finding, FindingCode, Severity};
use crate::world::World;

/// What takes longer than the file allows.
pub(super) fn findings(world: &World, outlooks: &[Outlook]) -> Vec<Finding> {
    let topology = world.topology();
    let no_target = topology.objective.rto.is_none() && topology.apps.iter().all(|app| app.rto.is_none());
    if no_target {
        return Vec::new();
    }
    let mut found = Vec::new();
    for outlook in outlooks {
        let title = &world.regions()[outlook.region.at()].title;
        let missed = outlook.plan.iter().flat_map(|plan| &plan.findings).filter(|finding| is_missed(finding));
        found.extend(missed.map(|finding| Finding {
            message: format!("the failover of {title}: {}", finding.message),
            ..finding.clone()
        }));
    }
    for (at, plan) in topology.plans.iter().enumerate() {
        for finding in of_plan(world, &plan.id).into_iter().filter(is_missed) {
            let mut finding = Finding { message: format!("plan `{}`: {}", plan.id, finding.message), ..finding };
            finding.at.insert(0, plan.id.clone());
            finding.position = topology.places.plans.get(at).copied();
            found.push(finding);
        }
    }
    found
}

fn is_missed(finding: &Finding) -> bool {
    finding.code == FindingCode::RtoMissed && finding.severity == Severity::Warning
}

/// What a plan of the file misses, where it would move machines from here. A refused step stops none of the others (E8), so
/// it is measured with what is left.
fn of_plan(world: &World, plan: &str) -> Vec<Finding> {
    let Ok(groups) = world.groups_of(plan) else { return Vec::new() };
    let placed = schedule(world, &groups).placed;
    let moves = |part: &Scheduled| matches!(part.command, Command::FailOver { .. }) && part.seconds > 0;
    if !placed.iter().any(moves) {
        return Vec::new();
    }
    Rto::of(world, &placed, &gaps::gaps(world, &placed)).findings(world)
}
