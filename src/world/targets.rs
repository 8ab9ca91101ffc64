//! The address sheet: assigning target subnets and addresses, and verifying them (A24, A25; article, line 56).

use std::net::Ipv4Addr;

use super::assign::{AddressRule, Destinations, assign};
use super::{Change, Done, Phase, Refusal, RefusalCode, Subject, VmState, World};
use crate::topology::command::{Scope, TargetSubnet};
use crate::topology::{Side, SubnetIx, Target, VmIx};

/// `set-target VM SUBNET [IP]` or `set-target VM IP`
pub(super) fn set(
    world: &World,
    vm: &str,
    subnet: Option<&TargetSubnet>,
    ip: Option<Ipv4Addr>,
) -> Result<Done, Refusal> {
    let vm = world.vm_named(vm)?;
    let old = world.vm(vm).target;
    let chosen = subnet.map(|name| target_subnet(world, vm, name)).transpose()?;
    match world.vm(vm).phase {
        Phase::Protected => {}
        Phase::Unprotected => {
            let message = format!("Site Recovery does not protect {}, so it has no target settings", world.vm_id(vm));
            return Err(Refusal::new(RefusalCode::NotProtected, "A24", message));
        }
        Phase::FailedOver => {
            let message = format!("{} has failed over already", world.vm_id(vm));
            return Err(Refusal::new(RefusalCode::AlreadyFailedOver, "A24", message));
        }
    }
    let target = Target { subnet: chosen.or(old.subnet), ip };
    let mut next = world.clone();
    next.vms[vm.at()].target = target;
    next.vms[vm.at()].verified = false;
    let Some(destination) = Destinations::of(&next).of_vm(vm) else {
        let vnet = &world.vnet(world.vnet_of(vm)).title;
        let message = format!("{vnet} has no failover network; name the subnet as VNET/SUBNET");
        return Err(Refusal::new(RefusalCode::NoFailoverNetwork, "A12", message));
    };
    if let Some(ip) = ip {
        world.can_hand_out(destination.subnet, ip)?;
        if let Some(rival) = same_target(&next, vm, destination.subnet, ip) {
            let message = format!("{ip} is the target address of {} already", world.vm_id(rival));
            return Err(Refusal::new(RefusalCode::AddressTaken, "A25", message));
        }
    }
    grow_stale(&mut next, &[destination.subnet]);
    let change = Change::new(Subject::Target(vm), words(world, old), words(world, target));
    Ok(Done::instantly(next, vec![change]))
}

/// `verify-targets SCOPE`: every VM of the scope would get the address it wants if all failed over now.
pub(super) fn verify(world: &World, scope: &Scope) -> Result<Done, Refusal> {
    let vms = world.movable(scope)?;
    for (vm, outcome) in assign(world, &vms) {
        let assigned =
            outcome.map_err(|unassigned| Refusal::new(unassigned.code, unassigned.rule, unassigned.message))?;
        if !matches!(assigned.within, AddressRule::Row(2 | 5 | 8 | 10)) {
            continue;
        }
        let wished = world.vm(vm).target.ip.unwrap_or(assigned.from.ip);
        world.can_take(assigned.to.subnet, wished)?;
        // Nobody holds it now: another VM of the scope would get it first.
        let subnet = world.subnet_name(assigned.to.subnet);
        let message = format!("another VM of {scope} would take {wished} in {subnet} before {}", world.vm_id(vm));
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
pub(super) fn grow_stale(world: &mut World, subnets: &[SubnetIx]) {
    let mut destinations = Destinations::of(world);
    let waits = |vm: &VmState| vm.verified && vm.phase == Phase::Protected;
    let verified = world.vms().filter(|(_, vm)| waits(vm)).map(|(vm, _)| vm).collect::<Vec<_>>();
    let goes_there = |vm: &VmIx| destinations.of_vm(*vm).is_some_and(|goal| subnets.contains(&goal.subnet));
    let stale: Vec<VmIx> = verified.into_iter().filter(goes_there).collect();
    for vm in stale {
        world.vms[vm.at()].verified = false;
    }
}

fn target_subnet(world: &World, vm: VmIx, name: &TargetSubnet) -> Result<SubnetIx, Refusal> {
    let home = world.vnet_of(vm);
    let subnet = match name {
        TargetSubnet::InFailoverNetwork(name) => {
            let Some(network) = Destinations::of(world).failover_network(home) else {
                let message =
                    format!("{} has no failover network; name the subnet as VNET/SUBNET", world.vnet(home).title);
                return Err(Refusal::new(RefusalCode::NoFailoverNetwork, "A12", message));
            };
            world.subnet_in(network, name)?
        }
        TargetSubnet::Elsewhere(name) => world.subnet_named(name)?,
    };
    let network = world.vnet(world.subnet(subnet).vnet);
    let region = network.region;
    if region == world.vnet(home).region || world.regions()[region.at()].side != Side::Recovery {
        let message = format!(
            "{} is in {}, which is no recovery region for {}",
            network.title,
            world.region_title(region),
            world.vm_id(vm)
        );
        return Err(Refusal::new(RefusalCode::NoFailoverNetwork, "A24", message));
    }
    if !world.subnet(subnet).hosts_vms() {
        let message = format!("the GatewaySubnet of {} takes gateways only", network.title);
        return Err(Refusal::new(RefusalCode::AddressOutsideSubnet, "B28", message));
    }
    Ok(subnet)
}

/// Another replicated VM with the same explicit target address in the same subnet (A25).
fn same_target(world: &World, vm: VmIx, subnet: SubnetIx, ip: Ipv4Addr) -> Option<VmIx> {
    let mut destinations = Destinations::of(world);
    world
        .vms()
        .filter(|(other, state)| *other != vm && state.phase == Phase::Protected && state.target.ip == Some(ip))
        .map(|(other, _)| other)
        .find(|other| destinations.of_vm(*other).is_some_and(|destination| destination.subnet == subnet))
}

impl World {
    /// A VM's target settings in words: explicit subnet and address, and whether they are verified.
    pub fn target_words(&self, vm: VmIx) -> Option<String> {
        let state = self.vm(vm);
        let verified = state.verified.then(|| "verified".to_owned());
        let words: Vec<String> = words(self, state.target).into_iter().chain(verified).collect();
        (!words.is_empty()).then(|| words.join(" "))
    }
}

fn words(world: &World, target: Target) -> Option<String> {
    let subnet = target.subnet.map(|subnet| world.subnet_name(subnet));
    let ip = target.ip.map(|ip| ip.to_string());
    match (subnet, ip) {
        (None, None) => None,
        (subnet, ip) => Some(subnet.into_iter().chain(ip).collect::<Vec<_>>().join(" ")),
    }
}
