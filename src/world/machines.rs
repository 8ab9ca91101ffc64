//! The addresses of source VMs, and addresses that someone else takes (A5, A6, A8).

use std::net::Ipv4Addr;
use std::sync::Arc;

use super::targets::grow_stale;
use super::{Change, Done, Place, Refusal, RefusalCode, Subject, World};
use crate::topology::address::{assignable_range, reserved};
use crate::topology::command::SubnetName;
use crate::topology::{Allocation, SubnetIx};

/// `set-ip VM IP|dynamic`; a dynamic NIC keeps the address it has (A6).
pub(super) fn set_ip(world: &World, vm: &str, ip: Option<Ipv4Addr>) -> Result<Done, Refusal> {
    let vm = world.vm_named(vm)?;
    let state = *world.vm(vm);
    if world.is_away(vm) {
        let message = format!("{} has failed over; `set-ip` changes the address of a source VM", world.vm_id(vm));
        return Err(Refusal::new(RefusalCode::AlreadyFailedOver, "A8", message));
    }
    world.region_answers(world.vnet_of(vm))?;
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
    let changed = &mut next.vms[vm.at()];
    changed.at = place;
    changed.verified = false;
    changed.rule = None;
    grow_stale(&mut next, [place.subnet]);
    Ok(Done::instantly(next, vec![Change::moved(vm, state.at, place)]))
}

/// `occupy V/S IP`
pub(super) fn occupy(world: &World, subnet: &SubnetName, ip: Ipv4Addr) -> Result<Done, Refusal> {
    let subnet = world.subnet_named(subnet)?;
    world.can_take(subnet, ip)?;
    Ok(set_occupied(world, subnet, ip, true))
}

/// `release V/S IP`: someone else gives it back, or somebody deletes a NIC that nothing needs any more (A39).
pub(super) fn release(world: &World, subnet: &SubnetName, ip: Ipv4Addr) -> Result<Done, Refusal> {
    let subnet = world.subnet_named(subnet)?;
    if world.leftovers.contains_key(&(subnet, ip)) {
        let mut next = world.clone();
        Arc::make_mut(&mut next.leftovers).remove(&(subnet, ip));
        grow_stale(&mut next, [subnet]);
        let change = Change::new(Subject::Address(subnet, ip), Some(ip.to_string()), None);
        return Ok(Done::instantly(next, vec![change]));
    }
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
    grow_stale(&mut next, [subnet]);
    let words = Some(ip.to_string());
    let (from, to) = if taken { (None, words) } else { (words, None) };
    Done::instantly(next, vec![Change::new(Subject::Address(subnet, ip), from, to)])
}

impl World {
    /// `VNET/SUBNET IP`
    pub fn place_words(&self, place: Place) -> String {
        format!("{} {}", self.subnet_name(place.subnet), place.ip)
    }

    /// Who holds an address of a subnet: a VM, what a failover or a test left of one, or "someone else".
    pub fn holder(&self, subnet: SubnetIx, ip: Ipv4Addr) -> Option<String> {
        let here = |place: Place| place.subnet == subnet && place.ip == ip;
        let id = |vm| self.vm_id(vm);
        let serves = || self.vms().find(|(_, vm)| here(vm.at)).map(|(vm, _)| id(vm).to_owned());
        let left = || {
            let behind = |vm: &super::VmState| vm.behind.is_some_and(|behind| here(behind.at));
            self.vms().find(|(_, vm)| behind(vm)).map(|(vm, _)| format!("the machine {} left there", id(vm)))
        };
        let copy = || {
            let found = self.test_copies().find(|(_, copy)| here(copy.at));
            let first = found.map(|(vm, _)| format!("the test copy of {}", id(vm)));
            let further =
                || self.copied_card_at(subnet, ip).map(|held| format!("the test copy of {}", self.holding_title(held)));
            first.or_else(further)
        };
        let card = || self.card_holding(subnet, ip).map(|holding| self.holding_title(holding));
        let leftover = || {
            let left = self.leftovers.get(&(subnet, ip));
            left.map(|vm| format!("the NIC that {} left there", id(*vm)))
        };
        let other = || self.occupied.contains(&(subnet, ip)).then(|| "someone else".to_owned());
        serves().or_else(left).or_else(copy).or_else(card).or_else(leftover).or_else(other)
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
