//! The address sheet: assigning target subnets and addresses, and verifying them (A24, A25; article, line 56).

use std::net::Ipv4Addr;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::cards::Way;
use super::{
    Change, Destinations, Done, Holding, Operation, Phase, Refusal, RefusalCode, Subject, VmState, World, assign_all,
    nic_targets,
};
use crate::topology::command::{Scope, TargetSubnet};
use crate::topology::{CardName, Command, Side, SubnetIx, Target, VmIx, VnetIx};

/// `set-target VM SUBNET [IP]` or `set-target VM IP`: where the next failover, or once re-protected the failback, puts a VM.
///
/// The way home has settings of its own (A37), and leads to the VNet the VM came from (A38).
pub(super) fn set(
    world: &World,
    vm: &str,
    card: Option<&CardName>,
    subnet: Option<&TargetSubnet>,
    ip: Option<Ipv4Addr>,
) -> Result<Done, Refusal> {
    let vm = world.vm_named(vm)?;
    if let Some(name) = card {
        return nic_targets::set(world, vm, name, subnet, ip);
    }
    let old = world.target_of(vm);
    let chosen = subnet.map(|name| target_subnet(world, vm, name)).transpose()?;
    replicated(world, vm)?;
    let target = Target { subnet: chosen.or(old.subnet), ip };
    let mut next = world.clone();
    match world.vm(vm).phase {
        Phase::ReProtected => {
            Arc::make_mut(&mut next.home_targets).insert(vm, target);
        }
        _ => next.vms[vm.at()].target = target,
    }
    next.vms[vm.at()].verified = false;
    let Some(destination) = Destinations::of(&next).of_vm(vm) else {
        return Err(no_failover_network(world, world.vnet_of(vm)));
    };
    if let Some(ip) = ip {
        world.can_hand_out(destination.subnet, ip)?;
        promised_to_nobody(&next, vm.into(), destination.subnet, ip)?;
    }
    grow_stale(&mut next, [destination.subnet]);
    let change = Change::new(Subject::Target(vm), words(world, old), words(world, target));
    Ok(Done::instantly(next, vec![change]))
}

/// The refusal of a target without a network to look in.
pub(super) fn no_failover_network(world: &World, vnet: VnetIx) -> Refusal {
    let message = format!("{} has no failover network; name the subnet as VNET/SUBNET", world.vnet(vnet).title);
    Refusal::new(RefusalCode::NoFailoverNetwork, "A12", message)
}

/// `set-test-target VM [SUBNET | VNET/SUBNET] [IP]`: the same for test failovers; neither touches the other (A34).
pub(super) fn set_test(
    world: &World,
    vm: &str,
    card: Option<&CardName>,
    subnet: Option<&TargetSubnet>,
    ip: Option<Ipv4Addr>,
) -> Result<Done, Refusal> {
    let vm = world.vm_named(vm)?;
    if let Some(name) = card {
        return nic_targets::set_test(world, vm, name, subnet, ip);
    }
    let old = world.test_target(vm);
    let chosen = subnet.map(|name| test_subnet(world, vm, name)).transpose()?;
    replicated(world, vm)?;
    let target = Target { subnet: chosen.or(old.subnet), ip };
    if let Some(ip) = ip {
        let Some(subnet) = target.subnet.or_else(|| Destinations::of(world).of_vm(vm).map(|goal| goal.subnet)) else {
            return Err(no_failover_network(world, world.vnet_of(vm)));
        };
        world.can_hand_out(subnet, ip)?;
    }
    let mut next = world.clone();
    Arc::make_mut(&mut next.test_targets).insert(vm, target);
    let (from, to) = (words(world, old), words(world, target));
    let for_tests = |words: Option<String>| words.map(|words| format!("test {words}"));
    let change = Change::new(Subject::Target(vm), for_tests(from), for_tests(to));
    Ok(Done::instantly(next, vec![change]))
}

/// Only the replicated item of a VM has target settings (A24).
pub(super) fn replicated(world: &World, vm: VmIx) -> Result<(), Refusal> {
    let (id, state) = (world.vm_id(vm), world.vm(vm));
    let scope = || world.vm_scope(vm);
    match state.phase {
        Phase::Protected | Phase::ReProtected => Ok(()),
        Phase::Unprotected | Phase::Protecting => {
            let message = format!("Site Recovery does not protect {id}, so it has no target settings");
            let protect = Command::Protect { scope: scope(), into: None };
            Err(Refusal::new(RefusalCode::NotProtected, "A24", message).mended_by(protect))
        }
        Phase::FailedOver | Phase::FailedBack => {
            let message = format!("{id} has failed over already");
            let refusal = Refusal::new(RefusalCode::AlreadyFailedOver, "A24", message);
            Err(refusal.mended_by(Command::Commit(scope())).mended_by(Command::ReProtect(scope())))
        }
        Phase::Committed | Phase::FailedBackCommitted => {
            let message = format!("{id} has failed over already, and nothing replicates it until it is re-protected");
            Err(Refusal::new(RefusalCode::AlreadyFailedOver, "A24", message).mended_by(Command::ReProtect(scope())))
        }
    }
}

/// `verify-targets SCOPE`: every VM of the scope would get the address it wants if all failed over, or back, now.
pub(super) fn verify(world: &World, scope: &Scope) -> Result<Done, Refusal> {
    let homeward = |why| world.ready(Operation::FailBack, scope).map_err(|_| why);
    let vms = world.movable(scope).or_else(homeward)?;
    let assignment = assign_all(world, &vms);
    if let Some(why) = assignment.vms.iter().find_map(|(_, outcome)| outcome.as_ref().err()) {
        return Err(why.clone().refusal(world));
    }
    if let Some((holding, assigned)) = assignment.given().find(|(_, assigned)| assigned.within.missed()) {
        let wished = world.wish_of(holding).ip.unwrap_or(assigned.from.ip);
        world.can_take(assigned.to.subnet, wished)?;
        // Nobody holds it now: another VM of the scope would get it first.
        let subnet = world.subnet_name(assigned.to.subnet);
        let message =
            format!("another VM of {scope} would take {wished} in {subnet} before {}", world.holding_title(holding));
        return Err(Refusal::new(RefusalCode::AddressTaken, "A25", message));
    }
    let mut next = world.clone();
    let mut changes = Vec::new();
    for vm in vms {
        if !next.vms[vm.at()].verified {
            next.vms[vm.at()].verified = true;
            let (from, to) = (Some("unverified".to_owned()), Some("verified".to_owned()));
            changes.push(Change::new(Subject::Target(vm), from, to));
        }
    }
    Ok(Done::instantly(next, changes))
}

/// Takes back the verified mark of every VM that still has to go to a subnet in which something changed.
pub(super) fn grow_stale(world: &mut World, subnets: impl IntoIterator<Item = SubnetIx>) {
    let subnets: FxHashSet<SubnetIx> = subnets.into_iter().collect();
    let mut destinations = Destinations::of(world);
    let waits = |vm: &VmState| vm.verified && vm.phase.replicated();
    let verified = world.vms().filter(|(_, vm)| waits(vm)).map(|(vm, _)| vm).collect::<Vec<_>>();
    let goes_there = |vm: &VmIx| destinations.of_vm(*vm).is_some_and(|goal| subnets.contains(&goal.subnet));
    let stale: Vec<VmIx> = verified.into_iter().filter(goes_there).collect();
    for vm in stale {
        world.vms[vm.at()].verified = false;
    }
}

pub(super) fn target_subnet(world: &World, vm: VmIx, name: &TargetSubnet) -> Result<SubnetIx, Refusal> {
    let here = world.vnet_of(vm);
    let homeward = world.vm(vm).phase == Phase::ReProtected;
    let subnet = match name {
        TargetSubnet::InFailoverNetwork(name) => {
            let network = if homeward { Some(world.home_of(vm)) } else { world.failover_network(here) };
            let Some(network) = network else {
                return Err(no_failover_network(world, here));
            };
            world.subnet_in(network, name)?
        }
        TargetSubnet::Elsewhere(name) => world.subnet_named(name)?,
    };
    let network = world.subnet(subnet).vnet;
    if homeward && network != world.home_of(vm) {
        let message = format!(
            "{} was re-protected to {}, and re-protect does not change the network; only a subnet of it can be chosen",
            world.vm_id(vm),
            world.vnet(world.home_of(vm)).title
        );
        return Err(Refusal::new(RefusalCode::NoFailoverNetwork, "A38", message));
    }
    let region = world.vnet(network).region;
    let recovers = region != world.vnet(here).region && world.regions()[region.at()].side == Side::Recovery;
    if !homeward && !recovers {
        return Err(wrong_region(world, vm, subnet));
    }
    takes_vms(world, subnet)?;
    Ok(subnet)
}

/// A subnet for test copies of a VM: anywhere in the region its replica is in (A30, A33).
pub(super) fn test_subnet(world: &World, vm: VmIx, name: &TargetSubnet) -> Result<SubnetIx, Refusal> {
    let TargetSubnet::Elsewhere(full) = name else { return target_subnet(world, vm, name) };
    let subnet = world.subnet_named(full)?;
    let region = |subnet: SubnetIx| world.vnet(world.subnet(subnet).vnet).region;
    let replica = Destinations::of(world).of_vm(vm).map(|goal| region(goal.subnet));
    if replica.is_some_and(|replica| replica != region(subnet)) || region(subnet) == region(world.vm(vm).at.subnet) {
        return Err(wrong_region(world, vm, subnet));
    }
    takes_vms(world, subnet)?;
    Ok(subnet)
}

fn wrong_region(world: &World, vm: VmIx, subnet: SubnetIx) -> Refusal {
    let network = world.vnet(world.subnet(subnet).vnet);
    let message = format!(
        "{} is in {}, which is no recovery region for {}",
        network.title,
        world.region_title(network.region),
        world.vm_id(vm)
    );
    Refusal::new(RefusalCode::NoFailoverNetwork, "A24", message)
}

fn takes_vms(world: &World, subnet: SubnetIx) -> Result<(), Refusal> {
    if world.subnet(subnet).hosts_vms() {
        return Ok(());
    }
    let message = format!("the GatewaySubnet of {} takes gateways only", world.vnet(world.subnet(subnet).vnet).title);
    Err(Refusal::new(RefusalCode::AddressOutsideSubnet, "B28", message))
}

/// Refuses an address that is the explicit target of another replicated VM, NIC or secondary address in that subnet (A25).
pub(super) fn promised_to_nobody(
    world: &World,
    holding: Holding,
    subnet: SubnetIx,
    ip: Ipv4Addr,
) -> Result<(), Refusal> {
    let mut destinations = Destinations::of(world);
    let firsts = world.vms().filter(|(_, state)| state.phase.replicated()).map(|(vm, _)| Holding::from(vm));
    let cards = world.cards.iter().filter(|(vm, _)| world.vm(**vm).phase.replicated()).flat_map(|(vm, cards)| {
        let positions = 0..cards.iter().count();
        positions.map(|card| Holding { vm: *vm, card: Some(card) })
    });
    let wants = |other: &Holding| *other != holding && world.wish_of(*other).ip == Some(ip);
    let rival = firsts.chain(cards).filter(wants).find(|other| {
        let goal = destinations.of_vm(other.vm);
        let goal = match (world.cards(other.vm), world.card(*other)) {
            (Some(cards), Some(card)) => {
                let way = Way::next(world.vm(other.vm).phase.goes_home());
                goal.and_then(|goal| destinations.of_card(goal, cards, card, way))
            }
            _ => goal,
        };
        goal.is_some_and(|goal| goal.subnet == subnet)
    });
    let Some(rival) = rival else { return Ok(()) };
    let message = format!("{ip} is the target address of {} already", world.holding_title(rival));
    Err(Refusal::new(RefusalCode::AddressTaken, "A25", message))
}

impl World {
    /// A VM's target settings in words: explicit subnet and address, and whether they are verified.
    pub fn target_words(&self, vm: VmIx) -> Option<String> {
        let verified = self.vm(vm).verified.then(|| "verified".to_owned());
        let tested = words(self, self.test_target(vm)).map(|words| format!("test {words}"));
        let cards = nic_targets::all_words(self, vm);
        let first = words(self, self.target_of(vm)).into_iter();
        let words: Vec<String> = first.chain(cards).chain(tested).chain(verified).collect();
        (!words.is_empty()).then(|| words.join(" "))
    }
}

pub(super) fn words(world: &World, target: Target) -> Option<String> {
    let subnet = target.subnet.map(|subnet| world.subnet_name(subnet));
    let ip = target.ip.map(|ip| ip.to_string());
    match (subnet, ip) {
        (None, None) => None,
        (subnet, ip) => Some(subnet.into_iter().chain(ip).collect::<Vec<_>>().join(" ")),
    }
}
