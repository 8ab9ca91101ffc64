//! Whether the topology's needs are met.

use super::Network;
use crate::topology::{Endpoint, VmIx};
use crate::world::World;

/// Whether each need of the topology is met, in file order.
pub fn met(_world: &World, _network: &Network) -> Vec<bool> {
    todo!()
}

/// The first pair of VMs that keeps two parties from reaching each other; a site has no VM.
pub fn first_failing(
    _world: &World,
    _network: &Network,
    _from: Endpoint,
    _to: Endpoint,
) -> Option<(Option<VmIx>, Option<VmIx>)> {
    todo!()
}
