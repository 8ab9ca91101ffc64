//! Test failover and its clean-up: copies of replicated machines in a test network (A29 to A35, D12).

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::Operation;
use crate::topology::timing::Duration;
use crate::topology::{Scope, VmIx, VnetIx};
use crate::world::targets::grow_stale;
use crate::world::{
    Assignment, Card, Change, Destinations, Done, Place, Refusal, RefusalCode, Subject, TestCopy, TestNetwork, World,
    assign::assign_test,
};

/// `test-fail-over SCOPE into V`
///
/// Neither the machines nor their replication notice (D12). A VM that finds no address gets no copy and an error finding;
/// refused only when none gets one. The network named is the one tested in (A32).
pub(in crate::world) fn test_fail_over(world: &World, scope: &Scope, into: &str) -> Result<Done, Refusal> {
    tested(world, scope, into, TestNetwork::Named)
}

/// The same as a step of a plan: the network it asks for is that of the machines without one of their own (A33).
pub(in crate::world) fn test_fail_over_in_plan(world: &World, scope: &Scope, into: &str) -> Result<Done, Refusal> {
    tested(world, scope, into, TestNetwork::StoredFirst)
}

fn tested(world: &World, scope: &Scope, into: &str, network: TestNetwork) -> Result<Done, Refusal> {
    let vms = world.ready(Operation::TestFailOver, scope)?;
    let into = world.vnet_named(into)?;
    world.region_answers(into)?;
    let mut destinations = Destinations::of(world);
    for vm in &vms {
        can_be_tested_in(world, &mut destinations, *vm, into)?;
    }
    started(world, &vms, |vms| assign_test(world, vms, into, network))
}

/// `leave-test SCOPE`: somebody tested into the failover network and forgot about it (A35).
pub(in crate::world) fn leave_test(world: &World, scope: &Scope) -> Result<Done, Refusal> {
    let vms = world.ready(Operation::TestFailOver, scope)?;
    let mut destinations = Destinations::of(world);
    let mut by_network: Vec<(VnetIx, Vec<VmIx>)> = Vec::new();
    for vm in &vms {
        let Some(goal) = destinations.of_vm(*vm) else { continue };
        let network = world.subnet(goal.subnet).vnet;
        match by_network.iter_mut().find(|(known, _)| *known == network) {
            Some((_, members)) => members.push(*vm),
            None => by_network.push((network, vec![*vm])),
        }
    }
    if by_network.is_empty() {
        let message = format!("nothing of {scope} has a failover network, so nobody can have tested it there");
        return Err(Refusal::new(RefusalCode::NoFailoverNetwork, "A12", message));
    }
    started(world, &vms, |_| {
        let mut all = Assignment { vms: Vec::new(), cards: BTreeMap::new() };
        for (network, members) in &by_network {
            let mut part = assign_test(world, members, *network, TestNetwork::Named);
            all.vms.append(&mut part.vms);
            all.cards.append(&mut part.cards);
        }
        all.vms.sort_by_key(|(vm, _)| *vm);
        all
    })
}

fn started(world: &World, vms: &[VmIx], assign: impl FnOnce(&[VmIx]) -> Assignment) -> Result<Done, Refusal> {
    let Assignment { vms: outcomes, cards } = assign(vms);
    let none = outcomes.iter().all(|(_, outcome)| outcome.is_err());
    if let Some((_, Err(unassigned))) = outcomes.first().filter(|_| none) {
        return Err(unassigned.refusal(world));
    }
    let mut next = world.clone();
    let mut changes = Vec::with_capacity(outcomes.len());
    let mut filled = BTreeSet::new();
    let tried: HashSet<&str> = vms.iter().map(|vm| world.vm_id(*vm)).collect();
    let incidents = Arc::make_mut(&mut next.incidents);
    incidents.retain(|finding| finding.at.first().is_none_or(|id| !tried.contains(id.as_str())));
    let copies = Arc::make_mut(&mut next.copies);
    for (vm, outcome) in outcomes {
        match outcome {
            Ok(assigned) => {
                copies.insert(vm, TestCopy { at: assigned.to, rule: assigned.rule });
                next.vms[vm.at()].testing = true;
                changes.push(Change::copied(vm, None, Some(assigned.to)));
                filled.insert(assigned.to.subnet);
            }
            Err(unassigned) => incidents.push(unassigned.finding(world, vm)),
        }
    }
    for (vm, cards) in &cards {
        let told = cards.iter().filter_map(|(card, assigned)| {
            let card = world.cards(*vm)?.get(*card)?;
            Some(Change::new(Subject::Copy(*vm), None, Some(card_words(world, card, assigned.to))))
        });
        changes.extend(told);
    }
    if !cards.is_empty() {
        let own = Arc::make_mut(&mut next.cards);
        for (vm, cards) in &cards {
            filled.extend(cards.iter().map(|(_, assigned)| assigned.to.subnet));
            own.entry(*vm).and_modify(|own| own.copied(cards));
        }
    }
    grow_stale(&mut next, filled);
    Ok(Done::lasting(next, changes, Duration::TestFailOverVm))
}

/// A further NIC or secondary address of a test copy, in the words of a change.
fn card_words(world: &World, card: &Card, at: Place) -> String {
    format!("{}: {}", card.title(), world.place_words(at))
}

/// A test copy starts in the region the VM would fail over to, from the disks that are there.
fn can_be_tested_in(world: &World, destinations: &mut Destinations<'_>, vm: VmIx, into: VnetIx) -> Result<(), Refusal> {
    let region = world.vnet(into).region;
    let goal = destinations.of_vm(vm).map(|goal| world.vnet(world.subnet(goal.subnet).vnet).region);
    let own = world.vnet(world.vnet_of(vm)).region;
    if region != own && goal.is_none_or(|goal| goal == region) {
        return Ok(());
    }
    let title = &world.vnet(into).title;
    let where_to = goal.map_or("another region", |goal| world.region_title(goal));
    let message = format!(
        "{title} is in {}, but the copy of {} starts in {where_to}, where its replica is",
        world.region_title(region),
        world.vm_id(vm)
    );
    Err(Refusal::new(RefusalCode::NoFailoverNetwork, "A30, A33", message))
}

/// `clean-up SCOPE`: the test copies are deleted with their NICs (D12).
pub(in crate::world) fn clean_up(world: &World, scope: &Scope) -> Result<Done, Refusal> {
    let vms = world.ready(Operation::CleanUp, scope)?;
    let mut next = world.clone();
    let mut changes = Vec::with_capacity(vms.len());
    let mut freed = BTreeSet::new();
    let copies = Arc::make_mut(&mut next.copies);
    for vm in vms {
        let Some(copy) = copies.remove(&vm) else { continue };
        world.region_answers(world.subnet(copy.at.subnet).vnet)?;
        next.vms[vm.at()].testing = false;
        changes.push(Change::copied(vm, Some(copy.at), None));
        freed.insert(copy.at.subnet);
        if let Some(cards) = world.cards(vm) {
            freed.extend(cards.copies().map(|(_, copy)| copy.at.subnet));
            let gone = cards.copies().map(|(card, copy)| card_words(world, card, copy.at));
            changes.extend(gone.map(|words| Change::new(Subject::Copy(vm), Some(words), None)));
            Arc::make_mut(&mut next.cards).entry(vm).and_modify(|own| own.copied(&[]));
        }
    }
    grow_stale(&mut next, freed);
    Ok(Done::lasting(next, changes, Duration::Disconnect))
}
