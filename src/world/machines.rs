//! Failing over VMs, the addresses of source VMs, and addresses that someone else takes (A5, A6, A19, D.2).

use std::collections::{BTreeSet, HashSet};
use std::net::Ipv4Addr;
use std::sync::Arc;

use super::assign::assign;
use super::targets::grow_stale;
use super::{Behind, Change, Done, Phase, Place, Refusal, RefusalCode, Subject, World};
use crate::topology::address::{assignable_range, reserved};
use crate::topology::command::{Scope, SubnetName};
use crate::topology::timing::Duration;
use crate::topology::{Allocation, SubnetIx};

/// `fail-over SCOPE`
///
/// A VM that finds no address stays where it is with an error finding; refused only when no VM can move. The source VM
/// is shut down where its region is up (D8) and keeps its NIC (A6).
pub(super) fn fail_over(world: &World, scope: &Scope) -> Result<Done, Refusal> {
    let movable = world.movable(scope)?;
    let outcomes = assign(world, &movable);
    if let Some(first) = outcomes.iter().all(|(_, outcome)| outcome.is_err()).then(|| outcomes.first()).flatten()
        && let Err(unassigned) = &first.1
    {
        return Err(Refusal::new(unassigned.code, unassigned.rule, unassigned.message.clone()));
    }
    let mut next = world.clone();
    let mut changes = Vec::with_capacity(outcomes.len());
    let mut filled = BTreeSet::new();
    let incidents = Arc::make_mut(&mut next.incidents);
    if !incidents.is_empty() {
        let tried: HashSet<&str> = movable.iter().map(|vm| world.vm_id(*vm)).collect();
        incidents.retain(|finding| finding.at.first().is_none_or(|id| !tried.contains(id.as_str())));
    }
    // The outcomes are in file order, so one walk over the VMs meets them all.
    let mut states = next.vms.iter_mut().enumerate();
    for (vm, outcome) in outcomes {
        let assigned = match outcome {
            Ok(assigned) => assigned,
            Err(unassigned) => {
                incidents.push(unassigned.finding(world, vm));
                continue;
            }
        };
        let home = world.vnet(world.subnet(assigned.from.subnet).vnet);
        let Some((_, state)) = states.find(|(at, _)| *at == vm.at()) else { continue };
        state.behind = Some(Behind { at: assigned.from, shut_down: world.is_up(home.region) });
        state.at = assigned.to;
        state.phase = Phase::FailedOver;
        state.rule = Some(assigned.rule);
        changes.push(Change::moved(vm, assigned.from, assigned.to));
        filled.insert(assigned.to.subnet);
    }
    drop(states);
    grow_stale(&mut next, &filled.into_iter().collect::<Vec<_>>());
    Ok(Done::lasting(next, changes, Duration::FailOverVm))
}

/// `set-ip VM IP|dynamic`; a dynamic NIC keeps the address it has (A6).
pub(super) fn set_ip(world: &World, vm: &str, ip: Option<Ipv4Addr>) -> Result<Done, Refusal> {
    let vm = world.vm_named(vm)?;
    let state = *world.vm(vm);
    if state.phase == Phase::FailedOver {
        let message = format!("{} has failed over; `set-ip` changes the address of a source VM", world.vm_id(vm));
        return Err(Refusal::new(RefusalCode::AlreadyFailedOver, "A8", message));
    }
    world.region_up(world.vnet_of(vm))?;
    let mut place = state.at;
    match ip {
        Some(ip) if ip == place.ip => place.allocation = Allocation::Static,
        Some(ip) => {
            world.can_take(place.subnet, ip)?;
            place = Place { ip, allocation: Allocation::Static, ..place };
        }
        None => place.allocation = Allocation::Dynamic,
    }
    let mut next = world.clone();
    next.vms[vm.at()].at = place;
    next.vms[vm.at()].verified = false;
    grow_stale(&mut next, &[place.subnet]);
    Ok(Done::instantly(next, vec![Change::moved(vm, state.at, place)]))
}

/// `occupy V/S IP`
pub(super) fn occupy(world: &World, subnet: &SubnetName, ip: Ipv4Addr) -> Result<Done, Refusal> {
    let subnet = world.subnet_named(subnet)?;
    world.can_take(subnet, ip)?;
    Ok(set_occupied(world, subnet, ip, true))
}

/// `release V/S IP`
pub(super) fn release(world: &World, subnet: &SubnetName, ip: Ipv4Addr) -> Result<Done, Refusal> {
    let subnet = world.subnet_named(subnet)?;
    if !world.occupied.contains(&(subnet, ip)) {
        let holder = world.holder(subnet, ip).map(|id| format!("; {id} holds it")).unwrap_or_default();
        let message = format!("nobody else took {ip} in {}{holder}", world.subnet_name(subnet));
        return Err(Refusal::new(RefusalCode::NotOccupied, "A7", message));
    }
    Ok(set_occupied(world, subnet, ip, false))
}

fn set_occupied(world: &World, subnet: SubnetIx, ip: Ipv4Addr, taken: bool) -> Done {
    let mut next = world.clone();
    let occupied = Arc::make_mut(&mut next.occupied);
    match taken {
        true => occupied.insert((subnet, ip)),
        false => occupied.remove(&(subnet, ip)),
    };
    grow_stale(&mut next, &[subnet]);
    let words = Some(ip.to_string());
    let (from, to) = if taken { (None, words) } else { (words, None) };
    Done::instantly(next, vec![Change::new(Subject::Address(subnet, ip), from, to)])
}

impl World {
    /// `VNET/SUBNET IP`
    pub fn place_words(&self, place: Place) -> String {
        format!("{} {}", self.subnet_name(place.subnet), place.ip)
    }

    /// Who holds an address of a subnet: a VM's id, or "someone else".
    pub fn holder(&self, subnet: SubnetIx, ip: Ipv4Addr) -> Option<&str> {
        let here = |place: Place| place.subnet == subnet && place.ip == ip;
        let holds = |vm: &super::VmState| here(vm.at) || vm.behind.is_some_and(|behind| here(behind.at));
        let vm = self.vms().find(|(_, vm)| holds(vm)).map(|(vm, _)| self.vm_id(vm));
        vm.or_else(|| self.occupied.contains(&(subnet, ip)).then_some("someone else"))
    }

    /// Refuses an address that nobody can take: outside the subnet, withheld, or held (A1, A5).
    pub(super) fn can_take(&self, subnet: SubnetIx, ip: Ipv4Addr) -> Result<(), Refusal> {
        self.can_hand_out(subnet, ip)?;
        let Some(holder) = self.holder(subnet, ip) else { return Ok(()) };
        let message = format!("{ip} in {} is taken by {holder}", self.subnet_name(subnet));
        Err(Refusal::new(RefusalCode::AddressTaken, "A5", message))
    }

    /// Refuses an address a subnet does not hand out (A1, A25).
    pub(super) fn can_hand_out(&self, subnet: SubnetIx, ip: Ipv4Addr) -> Result<(), Refusal> {
        let (name, prefix) = (self.subnet_name(subnet), self.subnet(subnet).prefix);
        let Some((first, last)) = assignable_range(&prefix).filter(|_| self.subnet(subnet).hosts_vms()) else {
            let message = format!("{name} hosts no VMs");
            return Err(Refusal::new(RefusalCode::AddressOutsideSubnet, "B28", message));
        };
        if !prefix.contains(&ip) {
            let message = format!("{ip} is outside {name}, which has {prefix}; it hands out {first} to {last}");
            return Err(Refusal::new(RefusalCode::AddressOutsideSubnet, "A25", message));
        }
        if let Some(purpose) = reserved(&prefix, ip) {
            let message = format!("Azure withholds {ip} in {name} ({purpose}); it hands out {first} to {last}");
            return Err(Refusal::new(RefusalCode::AddressReserved, "A1", message));
        }
        Ok(())
    }
}
