//! Whether the topology's needs are met.

use super::Network;
use super::party::{self, Party};
use crate::topology::{Endpoint, VmIx};
use crate::world::World;

/// Whether each need of the topology is met, in file order: every VM of the one side and every VM of the other reach
/// each other both ways. A VM that does not run reaches nobody. A site stands for any host in its prefixes: a packet
/// to each of them must be delivered at the site, and the site's answer must come back to the very VM.
pub fn met(world: &World, network: &Network) -> Vec<bool> {
    let needs = world.topology().needs.iter();
    needs.map(|need| first_failing(world, network, need.from, need.to).is_none()).collect()
}

/// The first pair of VMs that keeps two parties from reaching each other; a site has no VM. None where all reach each
/// other.
pub fn first_failing(
    world: &World,
    network: &Network,
    from: Endpoint,
    to: Endpoint,
) -> Option<(Option<VmIx>, Option<VmIx>)> {
    let (from, to) = (Party::all(world, network, from), Party::all(world, network, to));
    party::first_failing(network, &from, &to).map(|(a, b)| (from[a].vm, to[b].vm))
}
