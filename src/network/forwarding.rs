//! The forwarding state of one world: where each network sends each address, and who has it.

use crate::topology::VmIx;
use crate::world::World;

/// The forwarding state of one world.
#[derive(Debug, Clone)]
pub struct Network {}

impl Network {
    /// The forwarding state of `world`.
    pub fn of(_world: &World) -> Self {
        todo!()
    }

    /// Whether two VMs reach each other, both ways; for a VM and itself whether it runs.
    pub fn reaches(&self, _a: VmIx, _b: VmIx) -> bool {
        todo!()
    }
}
