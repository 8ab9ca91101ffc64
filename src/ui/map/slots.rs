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
    /// A test copy of it runs here (D12).
    TestCopy,
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
    if world.test_copy(vm).is_some_and(|copy| copy.at.subnet == subnet) {
        return Slot::TestCopy;
    }
    if state.behind.is_some_and(|behind| behind.at.subnet == subnet) {
        return match world.twin_instance(vm) {
            Some(_) => Slot::SecondCopy,
            None => Slot::Stopped,
        };
    }
    match state.phase {
        Phase::Protected | Phase::ReProtected if goes_to(world, vm, subnet) => Slot::Replica,
        _ => Slot::Empty,
    }
}

/// Whether a VM that moves next goes to a subnet: the one chosen for it, else one of the network it goes to.
fn goes_to(world: &World, vm: VmIx, subnet: SubnetIx) -> bool {
    let state = world.vm(vm);
    let network = world.subnet(subnet).vnet;
    match (world.target_of(vm).subnet, state.phase.goes_home()) {
        (Some(chosen), _) => chosen == subnet,
        (None, true) => world.home_of(vm) == network,
        (None, false) => world.vnet(network).recovers == Some(world.subnet(state.at.subnet).vnet),
    }
}

/// The address a slot holds or would hold; none where the platform will choose one.
pub(super) fn address(world: &World, vm: VmIx, subnet: SubnetIx) -> Option<Ipv4Addr> {
    let state = world.vm(vm);
    match slot(world, vm, subnet) {
        Slot::Serving => Some(state.at.ip),
        Slot::Stopped | Slot::SecondCopy => state.behind.map(|behind| behind.at.ip),
        Slot::TestCopy => world.test_copy(vm).map(|copy| copy.at.ip),
        Slot::Replica | Slot::Empty => {
            let wanted = world.target_of(vm).ip.unwrap_or(state.at.ip);
            world.subnet(subnet).prefix.contains(&wanted).then_some(wanted)
        }
    }
}

/// Whether the region of a subnet is up.
pub(super) fn up(world: &World, subnet: SubnetIx) -> bool {
    world.is_up(world.vnet(world.subnet(subnet).vnet).region)
}

/// How a VM's address came through a failover, and how far the VM is on its way round: the mark for narrow boxes and the
/// words for wide ones. A VM that is replicated and has not moved says nothing.
pub(super) fn phase(world: &World, vm: VmIx) -> Option<(char, String)> {
    let state = world.vm(vm);
    let changed = world.retained(vm) == Some(false);
    let word = |mark: char, word: &str| {
        let lost = if changed { "≠ " } else { "" };
        Some((mark, format!("{lost}{word}")))
    };
    if state.testing && state.phase.replicated() {
        return word('t', "in test");
    }
    match state.phase {
        Phase::Unprotected if world.is_away(vm) => word('u', "unprotected"),
        Phase::Protecting => word('p', "copying"),
        Phase::Committed | Phase::FailedBackCommitted => word('c', "committed"),
        Phase::ReProtected => word('r', "re-protected"),
        Phase::FailedBack => word('b', "failed back"),
        Phase::FailedOver | Phase::Protected | Phase::Unprotected => world.retained(vm).map(|kept| match kept {
            true => ('=', "kept".to_owned()),
            false => ('≠', format!("was {}", world.topology().vms[vm.at()].ip)),
        }),
    }
}

/// The marks of the phases that occur, each with what it means, for the legend.
pub(super) fn phases(world: &World) -> String {
    let mut seen: Vec<(char, String)> = Vec::new();
    for (vm, _) in world.vms() {
        if let Some((mark, word)) = phase(world, vm).filter(|(mark, _)| mark.is_ascii_alphabetic())
            && seen.iter().all(|(known, _)| *known != mark)
        {
            seen.push((mark, word.trim_start_matches("≠ ").to_owned()));
        }
    }
    seen.into_iter().map(|(mark, word)| format!("{mark} {word}")).collect::<Vec<_>>().join("  ")
}
