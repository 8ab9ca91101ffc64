//! What a VM's slot shows in a state of the world.

use std::net::Ipv4Addr;

use crate::topology::{SubnetIx, VmIx};
use crate::world::{Phase, World};

/// What stands in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// The VM serves here.
    Serving,
    /// Its source VM stands here, shut down.
    Stopped,
    /// Its source VM runs here although another one serves.
    SecondCopy,
    /// Site Recovery would create it here.
    Replica,
    /// Neither now.
    Empty,
}

/// The slot of a VM in a subnet.
pub(super) fn slot(world: &World, vm: VmIx, subnet: SubnetIx) -> Slot {
    let state = world.vm(vm);
    if state.at.subnet == subnet {
        return Slot::Serving;
    }
    if state.behind.is_some_and(|behind| behind.at.subnet == subnet) {
        return match world.twin_instance(vm) {
            Some(_) => Slot::SecondCopy,
            None => Slot::Stopped,
        };
    }
    match state.phase {
        Phase::Protected if state.target.subnet.is_none_or(|target| target == subnet) => Slot::Replica,
        _ => Slot::Empty,
    }
}

/// The address a slot holds or would hold; none where the platform will choose one.
pub(super) fn address(world: &World, vm: VmIx, subnet: SubnetIx) -> Option<Ipv4Addr> {
    let state = world.vm(vm);
    match slot(world, vm, subnet) {
        Slot::Serving => Some(state.at.ip),
        Slot::Stopped | Slot::SecondCopy => state.behind.map(|behind| behind.at.ip),
        Slot::Replica | Slot::Empty => {
            let wanted = state.target.ip.unwrap_or(state.at.ip);
            world.subnet(subnet).prefix.contains(&wanted).then_some(wanted)
        }
    }
}

/// Whether the region of a subnet is up.
pub(super) fn up(world: &World, subnet: SubnetIx) -> bool {
    world.is_up(world.vnet(world.subnet(subnet).vnet).region)
}

/// How a VM's address came through a failover: the mark for narrow boxes and the words for wide ones.
pub(super) fn retained(world: &World, vm: VmIx) -> Option<(char, String)> {
    world.retained(vm).map(|kept| match kept {
        true => ('=', "kept".to_owned()),
        false => ('≠', format!("was {}", world.topology().vms[vm.at()].ip)),
    })
}
