//! What the header and the panels say about the world, counted once.

use crate::history::Revision;
use crate::network::needs;
use crate::topology::{Endpoint, LinkState, Need, Topology, VmIx};
use crate::world::World;

/// How many links there are in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LinkCounts {
    /// Connected.
    pub connected: usize,
    /// Being made.
    pub pending: usize,
    /// Cut or planned.
    pub absent: usize,
}

/// The links by state.
pub fn links(world: &World) -> LinkCounts {
    let mut counts = LinkCounts::default();
    for link in world.links() {
        match link.state {
            LinkState::Connected => counts.connected += 1,
            LinkState::Pending => counts.pending += 1,
            LinkState::Absent => counts.absent += 1,
        }
    }
    counts
}

/// How many needs are met, of how many.
pub fn needs_met(revision: &Revision) -> (usize, usize) {
    (revision.needs.iter().filter(|need| need.met).count(), revision.needs.len())
}

/// Whether each VM runs and reaches everyone it needs, in the order of the topology.
pub fn reachable(revision: &Revision) -> Vec<bool> {
    let world = &revision.world;
    let topology = world.topology();
    let mut fine: Vec<bool> = world.vms().map(|(vm, _)| world.runs(vm)).collect();
    let broken = topology.needs.iter().zip(&revision.needs).filter(|(_, record)| !record.met);
    for (need, _) in broken {
        for (own, other) in [(need.from, need.to), (need.to, need.from)] {
            for vm in world.vms_of(own) {
                fine[vm.at()] &= reaches(revision, vm, other);
            }
        }
    }
    fine
}

/// Whether a VM reaches every VM of a party, or any host of a site, both ways.
fn reaches(revision: &Revision, vm: VmIx, other: Endpoint) -> bool {
    needs::first_failing(&revision.world, &revision.network, Endpoint::Vm(vm), other).is_none()
}

/// A need in the reader's terms: `App1 ↔ SQL replica`.
pub fn need_title(topology: &Topology, need: Need) -> String {
    format!("{} ↔ {}", endpoint_title(topology, need.from), endpoint_title(topology, need.to))
}

/// What a party is called on the screen.
pub fn endpoint_title(topology: &Topology, endpoint: Endpoint) -> &str {
    match endpoint {
        Endpoint::Vm(vm) => &topology.vms[vm.at()].id,
        Endpoint::App(app) => &topology.apps[app.at()].title,
        Endpoint::Site(site) => &topology.sites[site.at()].title,
    }
}
