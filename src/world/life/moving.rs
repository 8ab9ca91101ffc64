//! Failover and failback: the machines of a scope move, each with the address the rules give it (A19, A37, D8, D14).

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::Operation;
use crate::topology::timing::{Basis, Duration};
use crate::topology::{Command, RecoveryPoint, Scope, VmIx};
use crate::world::assign::{Assignment, assign_all};
use crate::world::targets::grow_stale;
use crate::world::{Behind, Change, Done, Phase, Refusal, RefusalCode, World};

/// `fail-over SCOPE [without shutdown] [at POINT]`
///
/// A VM that finds no address stays where it is with an error finding; refused only when no VM can move. The source VM
/// is shut down where its region is up and nobody asked to leave it running (D8), and keeps its NIC (A6).
pub(in crate::world) fn fail_over(
    world: &World,
    scope: &Scope,
    shut_down: bool,
    point: Option<RecoveryPoint>,
) -> Result<Done, Refusal> {
    go(world, Operation::FailOver, scope, shut_down, point.unwrap_or(RecoveryPoint::Latest))
}

/// `fail-back SCOPE`: the same with the roles swapped (D14).
pub(in crate::world) fn fail_back(world: &World, scope: &Scope) -> Result<Done, Refusal> {
    go(world, Operation::FailBack, scope, true, RecoveryPoint::Latest)
}

fn go(
    world: &World,
    operation: Operation,
    scope: &Scope,
    shut_down: bool,
    point: RecoveryPoint,
) -> Result<Done, Refusal> {
    let movable = world.ready(operation, scope)?;
    owes_no_clean_up(world, scope, &movable)?;
    world.groups_together(&movable)?;
    let assignment = assign_all(world, &movable);
    let all_stay = assignment.vms.iter().all(|(_, outcome)| outcome.is_err());
    if let Some((_, Err(unassigned))) = assignment.vms.first().filter(|_| all_stay) {
        return Err(unassigned.refusal(world));
    }
    let phase = if operation == Operation::FailBack { Phase::FailedBack } else { Phase::FailedOver };
    let mut done = moved(world, &movable, assignment, phase, shut_down, point);
    let lag = if point == RecoveryPoint::Latest { world.longest_lag(&movable) } else { 0 };
    if lag > 0 {
        done.seconds = done.seconds.saturating_add(lag);
        done.basis = Some(Basis::Assumed);
    }
    Ok(done)
}

/// D12: whether a failover waits for the clean-up of a test is left open; the policy decides.
fn owes_no_clean_up(world: &World, scope: &Scope, movable: &[VmIx]) -> Result<(), Refusal> {
    if !world.topology().policy.clean_up_owed_blocks_failover {
        return Ok(());
    }
    let owing: Vec<VmIx> = world.states(movable).filter(|(_, state)| state.testing).map(|(vm, _)| vm).collect();
    if owing.is_empty() {
        return Ok(());
    }
    let names = world.some_names(&owing);
    let message = format!("a test copy of {names} is still there, and the policy has its clean-up come first");
    Err(Refusal::new(RefusalCode::CleanUpOwed, "D12", message).mended_by(Command::CleanUp(scope.clone())))
}

fn moved(
    world: &World,
    movable: &[VmIx],
    assignment: Assignment,
    phase: Phase,
    shut_down: bool,
    point: RecoveryPoint,
) -> Done {
    let mut next = world.clone();
    let mut changes = Vec::with_capacity(assignment.vms.len());
    let mut filled = FxHashSet::default();
    let incidents = Arc::make_mut(&mut next.incidents);
    if !incidents.is_empty() {
        let tried: HashSet<&str> = movable.iter().map(|vm| world.vm_id(*vm)).collect();
        incidents.retain(|finding| finding.at.first().is_none_or(|id| !tried.contains(id.as_str())));
    }
    let mut last = None;
    let mut gone = Vec::new();
    // The outcomes are in file order, so one walk over the VMs meets them all.
    let mut states = next.vms.iter_mut().enumerate();
    for (vm, outcome) in assignment.vms {
        let assigned = match outcome {
            Ok(assigned) => assigned,
            Err(unassigned) => {
                incidents.push(unassigned.finding(world, vm));
                continue;
            }
        };
        let Some((_, state)) = states.find(|(at, _)| *at == vm.at()) else { continue };
        // D8, D18: shutting down is tried, and fails where the region is down or does not answer.
        let answers = world.answers(world.vnet(world.subnet(assigned.from.subnet).vnet).region);
        state.behind = Some(Behind { at: assigned.from, shut_down: shut_down && answers });
        state.at = assigned.to;
        state.phase = phase;
        state.rule = Some(assigned.rule);
        state.point = Some(point);
        state.verified = false;
        changes.push(Change::moved(vm, assigned.from, assigned.to));
        // Machines of one subnet mostly stand together in the file.
        if last != Some(assigned.to.subnet) {
            last = Some(assigned.to.subnet);
            filled.insert(assigned.to.subnet);
        }
        if !world.cards.is_empty() {
            gone.push(vm);
        }
    }
    drop(states);
    next.move_cards(&gone, &assignment.cards);
    grow_stale(&mut next, filled);
    Done::lasting(next, changes, Duration::FailOverVm)
}

impl World {
    /// Puts the further cards of machines that moved where they were assigned; what was not carried is left behind (A28).
    fn move_cards(&mut self, gone: &[VmIx], assigned: &BTreeMap<VmIx, Vec<(usize, super::super::Assigned)>>) {
        if gone.iter().all(|vm| !self.cards.contains_key(vm)) {
            return;
        }
        let cards = Arc::make_mut(&mut self.cards);
        for vm in gone {
            if let Some(own) = cards.get_mut(vm) {
                own.moved(assigned.get(vm).map_or(&[], Vec::as_slice));
            }
        }
    }
}
