//! Target settings of further NICs and secondary addresses (A24, A25, A28, A29).

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use super::cards::Way;
use super::targets::{
    grow_stale, no_failover_network, promised_to_nobody, replicated, target_subnet, test_subnet, words,
};
use super::{Card, Cards, Change, Destination, Destinations, Done, Holding, Refusal, RefusalCode, Subject, World};
use crate::topology::command::{TargetSubnet, did_you_mean};
use crate::topology::{CardName, Target, VmIx};

/// `set-target VM nic NAME [SUBNET | VNET/SUBNET] [IP]` or `set-target VM secondary ADDRESS IP`.
///
/// A secondary address is selected for failover by giving it a target (A28). The way home has settings of its own (A37).
pub(super) fn set(
    world: &World,
    vm: VmIx,
    name: &CardName,
    subnet: Option<&TargetSubnet>,
    ip: Option<Ipv4Addr>,
) -> Result<Done, Refusal> {
    let holding = holding_named(world, vm, name)?;
    let chosen = subnet.map(|name| target_subnet(world, vm, name)).transpose()?;
    replicated(world, vm)?;
    let (way, old) = (Way::next(world.vm(vm).phase.goes_home()), world.wish_of(holding));
    let Some(goal) = Destinations::of(world).of_vm(vm) else {
        return Err(no_failover_network(world, world.vnet_of(vm)));
    };
    let network = world.subnet(goal.subnet).vnet;
    if let Some(elsewhere) = chosen.map(|subnet| world.subnet(subnet).vnet).filter(|vnet| *vnet != network) {
        let message = format!(
            "all NICs of a VM are in one VNet: {} goes to {}, not to {}",
            world.vm_id(vm),
            world.vnet(network).title,
            world.vnet(elsewhere).title
        );
        return Err(Refusal::new(RefusalCode::AddressOutsideSubnet, "A29", message));
    }
    let target = Target { subnet: chosen.or(old.subnet), ip };
    let mut next = with_wish(world, holding, target, way);
    next.vms[vm.at()].verified = false;
    let goal = match (next.cards(vm), next.card(holding)) {
        (Some(cards), Some(card)) => Destinations::of(&next).of_card(goal, cards, card, way).unwrap_or(goal),
        _ => goal,
    };
    if let Some(ip) = ip {
        world.can_hand_out(goal.subnet, ip)?;
        promised_to_nobody(&next, holding, goal.subnet, ip)?;
    }
    grow_stale(&mut next, [goal.subnet]);
    let said = |target| words(world, target).map(|words| format!("{name} {words}"));
    let change = Change::new(Subject::Target(vm), said(old), said(target));
    Ok(Done::instantly(next, vec![change]))
}

/// `set-test-target VM nic NAME [SUBNET | VNET/SUBNET] [IP]` or `set-test-target VM secondary ADDRESS IP`: the same for
/// test failovers; a secondary address with a test address goes along in a test (A28, A34).
pub(super) fn set_test(
    world: &World,
    vm: VmIx,
    name: &CardName,
    subnet: Option<&TargetSubnet>,
    ip: Option<Ipv4Addr>,
) -> Result<Done, Refusal> {
    let holding = holding_named(world, vm, name)?;
    let chosen = subnet.map(|name| test_subnet(world, vm, name)).transpose()?;
    replicated(world, vm)?;
    let way = Way::Test { home: world.vm(vm).phase.goes_home() };
    let old = world.card(holding).map(|card| card.wish(way)).unwrap_or_default();
    let target = Target { subnet: chosen.or(old.subnet), ip };
    let next = with_wish(world, holding, target, way);
    if let Some(ip) = ip {
        // A test may go to any network, so the address is checked where it would be tested if none were named.
        let mut destinations = Destinations::of(&next);
        let stored = next.test_target(vm).subnet.map(|subnet| Destination { subnet, misnamed: false });
        let goal = stored.or_else(|| destinations.of_vm(vm));
        let goal = match (next.cards(vm), next.card(holding)) {
            (Some(cards), Some(card)) => goal.and_then(|goal| destinations.of_card(goal, cards, card, way)),
            _ => goal,
        };
        let subnet = target.subnet.or(goal.map(|goal| goal.subnet));
        let Some(subnet) = subnet else { return Err(no_failover_network(world, world.vnet_of(vm))) };
        world.can_hand_out(subnet, ip)?;
    }
    let said = |target| words(world, target).map(|words| format!("test {name} {words}"));
    let change = Change::new(Subject::Target(vm), said(old), said(target));
    Ok(Done::instantly(next, vec![change]))
}

/// The NIC or address of this name.
fn holding_named(world: &World, vm: VmIx, name: &CardName) -> Result<Holding, Refusal> {
    let position = world.cards(vm).and_then(|cards| cards.named(name)).ok_or_else(|| unknown(world, vm, name))?;
    Ok(Holding { vm, card: Some(position) })
}

/// The world in which a NIC or address has this target for a way.
fn with_wish(world: &World, holding: Holding, target: Target, way: Way) -> World {
    let mut next = world.clone();
    if let (Some(cards), Some(position)) = (Arc::make_mut(&mut next.cards).get_mut(&holding.vm), holding.card) {
        cards.set(position, target, way);
    }
    next
}

/// The refusal of a NIC or address the VM does not have, with those it has.
fn unknown(world: &World, vm: VmIx, name: &CardName) -> Refusal {
    let id = world.vm_id(vm);
    let cards: Vec<&Card> = world.cards(vm).into_iter().flat_map(Cards::iter).collect();
    let (what, wanted) = match name {
        CardName::Nic(name) => ("further NIC", name.clone()),
        CardName::Secondary(ip) => ("secondary address", ip.to_string()),
    };
    let known = cards.iter().filter(|card| card.secondary == matches!(name, CardName::Secondary(_)));
    let known: Vec<String> = known
        .filter_map(|card| match (card.secondary, card.before) {
            (false, _) => Some(card.nic.clone()),
            (true, IpAddr::V4(ip)) => Some(ip.to_string()),
            (true, IpAddr::V6(_)) => None,
        })
        .collect();
    let message = match known.is_empty() {
        true => format!("{id} has no {what}"),
        false => {
            let hint = did_you_mean(&wanted, known.iter().map(String::as_str));
            format!("{id} has no {what} `{wanted}`{hint}; it has {}", known.join(", "))
        }
    };
    Refusal::new(RefusalCode::UnknownId, "A28, A29", message)
}

/// The target settings of the further cards of a VM in words.
pub(super) fn all_words(world: &World, vm: VmIx) -> Vec<String> {
    let home = world.vm(vm).phase.goes_home();
    let cards = || world.cards(vm).into_iter().flat_map(Cards::iter);
    let said = |card: &Card, way| Some(format!("{} {}", card.name()?, words(world, card.wish(way))?));
    let real = cards().filter_map(|card| said(card, Way::next(home)));
    let tested = cards().filter_map(|card| Some(format!("test {}", said(card, Way::Test { home })?)));
    real.chain(tested).collect()
}
