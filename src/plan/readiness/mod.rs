//! What would go wrong at a failover, said before it: every finding with its place, its rule, what would follow, and the
//! commands or the change of the file that mends it (INV-4, INV-5, INV-6).
//!
//! Computed from the world as it is whenever somebody asks, because every command can change the answer. A finding whose
//! commands are run is gone when it is asked for again.

mod addresses;
mod gateways;
mod needs;
mod networks;
mod nics;
mod time;

use super::schedule::schedule;
use super::{Plan, Timing, derive};
use crate::topology::{Finding, FindingCode, RegionIx, Scope, Severity};
use crate::world::{Assignment, World, assign_all};

/// The codes that are decided here; what the loader said about them is said again, for the world as it is now.
pub const DECIDED_HERE: [FindingCode; 7] = [
    FindingCode::NoFailoverNetwork,
    FindingCode::SubnetNameMismatch,
    FindingCode::AddressLost,
    FindingCode::AddressTaken,
    FindingCode::DynamicAddress,
    FindingCode::SubnetFull,
    FindingCode::NotVerified,
];

/// What a failover of one region would do.
struct Outlook {
    region: RegionIx,
    scope: Scope,
    /// Every machine that would move, with the addresses it would get.
    assignment: Assignment,
    /// The plan, where something can move at all.
    plan: Option<Plan>,
}

/// Everything that would go wrong if a region failed over now, the gravest first.
pub fn readiness(world: &World) -> Vec<Finding> {
    let outlooks: Vec<Outlook> = outlooks(world).collect();
    let mut found = needs::unmet(world);
    for outlook in &outlooks {
        found.extend(addresses::findings(world, outlook));
        found.extend(nics::findings(world, outlook));
        let Some(plan) = &outlook.plan else { continue };
        let after = schedule(world, &plan.groups).after;
        found.extend(needs::findings(world, outlook, plan, &after));
        found.extend(networks::findings(world, outlook, &after));
    }
    found.extend(gateways::findings(world, &outlooks));
    found.extend(time::findings(world, &outlooks));
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found
}

fn outlooks(world: &World) -> impl Iterator<Item = Outlook> + '_ {
    world.regions().iter().enumerate().filter_map(|(at, region)| {
        let scope = Scope::Region(region.id.clone());
        let assignment = assign_all(world, &world.movable(&scope).ok()?);
        let plan = derive(world, &scope, Timing::default()).ok();
        Some(Outlook { region: RegionIx::new(at), scope, assignment, plan })
    })
}

/// How ready a world is, as the mark of the header says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Findings that mean something will not work.
    pub errors: usize,
    /// Findings that mean something will not be as hoped.
    pub warnings: usize,
}

impl Count {
    /// Counts findings.
    pub fn of(findings: &[Finding]) -> Self {
        let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        Self { errors: of(Severity::Error), warnings: of(Severity::Warning) }
    }
}
