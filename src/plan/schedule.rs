//! When each command of a plan runs: commands of one group overlap where they do not depend on one another.
//!
//! Groups follow one another, and within a group its pre-actions, its own commands and its post-actions do.

use crate::topology::address::first_overlap;
use crate::topology::overlap::Spaces;
use crate::topology::timing::Basis;
use crate::topology::{Command, Group, Node};
use crate::world::{Refusal, World, apply};

/// A command of a plan with its place in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheduled {
    /// The command.
    pub command: Command,
    /// The position of its group.
    pub group: usize,
    /// Seconds from the start of the plan.
    pub start: u64,
    /// Seconds it takes; none where it is refused.
    pub seconds: u64,
    /// Where the figure comes from.
    pub basis: Option<Basis>,
    /// Why it is refused when its turn comes, if it is.
    pub refused: Option<Refusal>,
}

impl Scheduled {
    /// Seconds from the start of the plan until it is done.
    pub fn end(&self) -> u64 {
        self.start + self.seconds
    }
}

/// Places the commands of groups in time, trying each on a copy of the world. A refused one takes no time.
pub fn schedule(world: &World, groups: &[Group]) -> Vec<Scheduled> {
    let mut trial = world.clone();
    let mut placed: Vec<Scheduled> = Vec::new();
    let mut stage_start = 0;
    for (group, stages) in groups.iter().enumerate() {
        for stage in [&stages.before, &stages.run, &stages.after] {
            let first = placed.len();
            for command in stage {
                let (seconds, basis, refused) = match apply(&trial, command) {
                    Ok(done) => {
                        trial = done.world;
                        (done.seconds, done.basis, None)
                    }
                    Err(refusal) => (0, None, Some(refusal)),
                };
                let waits_for = placed[first..].iter().filter(|earlier| depends(&trial, command, &earlier.command));
                let start = waits_for.map(Scheduled::end).max().unwrap_or(stage_start);
                placed.push(Scheduled { command: command.clone(), group, start, seconds, basis, refused });
            }
            stage_start = placed[first..].iter().map(Scheduled::end).max().unwrap_or(stage_start).max(stage_start);
        }
    }
    placed
}

/// When everything is done, in seconds from the start.
pub fn total(placed: &[Scheduled]) -> u64 {
    placed.iter().map(Scheduled::end).max().unwrap_or(0)
}

/// Whether `later` has to wait for `earlier` within one group.
///
/// Links and gateways wait for those they need or follow; a failover waits for no link (D17). Whatever else changes the
/// world, and a person's confirmation, holds everything up.
fn depends(world: &World, later: &Command, earlier: &Command) -> bool {
    use Command::{Connect, CreateGateway, DeleteGateway, Disconnect, FailOver, Route, Unroute};
    match (earlier, later) {
        (FailOver(_), FailOver(_)) => false,
        (
            FailOver(_),
            Connect { .. } | Disconnect { .. } | CreateGateway { .. } | DeleteGateway { .. } | Route { .. },
        )
        | (
            Connect { .. } | Disconnect { .. } | CreateGateway { .. } | DeleteGateway { .. } | Route { .. },
            FailOver(_),
        ) => false,
        (
            Connect { a, b, .. } | Disconnect { a, b, .. },
            Connect { a: c, b: d, .. } | Disconnect { a: c, b: d, .. },
        ) => same_place(world, [a, b], [c, d]),
        (CreateGateway { vnet, .. } | DeleteGateway { vnet, .. }, Connect { a, b, .. } | Disconnect { a, b, .. })
        | (Connect { a, b, .. } | Disconnect { a, b, .. }, CreateGateway { vnet, .. } | DeleteGateway { vnet, .. }) => {
            vnet == a || vnet == b
        }
        (
            CreateGateway { vnet, .. } | DeleteGateway { vnet, .. },
            CreateGateway { vnet: other, .. } | DeleteGateway { vnet: other, .. },
        ) => vnet == other,
        (CreateGateway { .. } | DeleteGateway { .. }, Route { .. } | Unroute { .. })
        | (Route { .. } | Unroute { .. }, CreateGateway { .. } | DeleteGateway { .. }) => false,
        (Connect { a, b, .. } | Disconnect { a, b, .. }, Route { site, .. } | Unroute { site, .. })
        | (Route { site, .. } | Unroute { site, .. }, Connect { a, b, .. } | Disconnect { a, b, .. }) => {
            site == a || site == b
        }
        (
            Route { site, prefix, .. } | Unroute { site, prefix },
            Route { site: s, prefix: p, .. } | Unroute { site: s, prefix: p },
        ) => (site, prefix) == (s, p),
        _ => true,
    }
}

/// Whether two links concern the same pair, or meet in one network and bring it overlapping prefixes.
fn same_place(world: &World, first: [&String; 2], second: [&String; 2]) -> bool {
    let ends = |names: [&String; 2]| -> Option<[Node; 2]> {
        Some([world.node_named(names[0]).ok()?, world.node_named(names[1]).ok()?])
    };
    // Names that nothing has are refused anyway; waiting is the careful answer.
    let (Some(first), Some(second)) = (ends(first), ends(second)) else { return true };
    first.iter().zip(first.iter().rev()).any(|(at, far)| {
        second.iter().zip(second.iter().rev()).any(|(other, far_other)| {
            at == other && (far == far_other || first_overlap(world.space(*far), world.space(*far_other)).is_some())
        })
    })
}
