//! Test failover and its clean-up: copies of replicated machines in a test network (A30 to A35, D12).

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::Operation;
use crate::topology::timing::Duration;
use crate::topology::{Scope, VmIx, VnetIx};
use crate::world::targets::grow_stale;
use crate::world::{
    Change, Destinations, Done, Refusal, RefusalCode, TestCopy, World, assign::Unassigned, assign::assign_test,
};

/// `test-fail-over SCOPE into V`
///
/// Neither the machines nor their replication notice (D12). A VM that finds no address gets no copy and an error finding;
/// refused only when none gets one.
pub(in crate::world) fn test_fail_over(world: &World, scope: &Scope, into: &str) -> Result<Done, Refusal> {
    let vms = world.ready(Operation::TestFailOver, scope)?;
    let into = world.vnet_named(into)?;
    world.region_answers(into)?;
    let mut destinations = Destinations::of(world);
    for vm in &vms {
        can_be_tested_in(world, &mut destinations, *vm, into)?;
    }
    started(world, &vms, |vms| assign_test(world, vms, into))
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
        let mut all: Vec<_> =
            by_network.iter().flat_map(|(network, members)| assign_test(world, members, *network)).collect();
        all.sort_by_key(|(vm, _)| *vm);
        all
    })
}

type Outcomes = Vec<(VmIx, Result<crate::world::Assigned, Unassigned>)>;

fn started(world: &World, vms: &[VmIx], assign: impl FnOnce(&[VmIx]) -> Outcomes) -> Result<Done, Refusal> {
    let outcomes = assign(vms);
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
    grow_stale(&mut next, filled);
    Ok(Done::lasting(next, changes, Duration::TestFailOverVm))
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
    }
    grow_stale(&mut next, freed);
    Ok(Done::lasting(next, changes, Duration::Disconnect))
}
