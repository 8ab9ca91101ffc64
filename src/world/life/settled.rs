//! What follows a failover: another recovery point, the commit, and replication in the other direction (D11, D13).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Operation;
use crate::topology::timing::Duration;
use crate::topology::{Command, RecoveryPoint, RegionIx, Scope, VmIx};
use crate::world::targets::grow_stale;
use crate::world::{Change, Done, Phase, Refusal, RefusalCode, World};

/// `change-point SCOPE POINT` (D11): the machines start again from another point.
pub(in crate::world) fn change_point(world: &World, scope: &Scope, point: RecoveryPoint) -> Result<Done, Refusal> {
    let vms = world.ready(Operation::ChangePoint, scope)?;
    let mut next = world.clone();
    let mut changes = Vec::new();
    for vm in vms {
        let state = &mut next.vms[vm.at()];
        if state.point != Some(point) {
            changes.push(Change::point(vm, state.point, point));
            state.point = Some(point);
        }
    }
    Ok(Done::lasting(next, changes, Duration::FailOverVm))
}

/// `commit SCOPE`: all recovery points are deleted (D11).
pub(in crate::world) fn commit(world: &World, scope: &Scope) -> Result<Done, Refusal> {
    let vms = world.ready(Operation::Commit, scope)?;
    let mut next = world.clone();
    let mut changes = Vec::with_capacity(vms.len());
    for vm in vms {
        let state = &mut next.vms[vm.at()];
        let to = if state.phase == Phase::FailedBack { Phase::FailedBackCommitted } else { Phase::Committed };
        changes.push(Change::phase(vm, state.phase, to));
        state.phase = to;
        state.point = None;
    }
    Ok(Done::lasting(next, changes, Duration::Commit))
}

/// `re-protect SCOPE` (D13): replication runs the other way. The machine left behind is deleted with its NICs, which frees
/// its address (A36); on the way out again the recovery side is cleaned up only where the policy says so (A39).
pub(in crate::world) fn re_protect(world: &World, scope: &Scope) -> Result<Done, Refusal> {
    let vms = world.ready(Operation::ReProtect, scope)?;
    reachable(world, scope, &vms)?;
    let keeps = !world.topology().policy.recovery_side_cleaned_after_failback;
    let mut next = world.clone();
    let mut changes = Vec::with_capacity(vms.len());
    let mut freed = BTreeSet::new();
    for vm in &vms {
        let outward = world.vm(*vm).phase == Phase::FailedBackCommitted;
        let to = if outward { Phase::Protected } else { Phase::ReProtected };
        if outward && keeps {
            next.leave_over(*vm);
        }
        let declared = world.topology().vms[vm.at()].ip;
        let state = &mut next.vms[vm.at()];
        freed.extend(state.behind.take().map(|behind| behind.at.subnet));
        changes.push(Change::phase(*vm, state.phase, to));
        state.phase = to;
        state.verified = false;
        if outward && next.home_targets.contains_key(vm) {
            Arc::make_mut(&mut next.home_targets).remove(vm);
        }
        if outward {
            next.end_way_home_of_cards(*vm);
        }
        let state = &mut next.vms[vm.at()];
        // Back where the file put it, it has left no more; an address it lost on the way is still told about.
        if outward && state.at.ip == declared {
            state.rule = None;
        }
    }
    next.drop_cards_behind(&vms);
    grow_stale(&mut next, freed);
    Ok(Done::lasting(next, changes, Duration::ReProtect))
}

/// D13: the region the machines came from is up, and nobody deleted what they left there (A40).
fn reachable(world: &World, scope: &Scope, vms: &[VmIx]) -> Result<(), Refusal> {
    let mut deleted = Vec::new();
    let mut down: BTreeSet<RegionIx> = BTreeSet::new();
    for vm in vms {
        let state = world.vm(*vm);
        match state.behind {
            Some(behind) => {
                let region = world.vnet(world.subnet(behind.at.subnet).vnet).region;
                if !world.answers(region) {
                    down.insert(region);
                }
            }
            None => deleted.push(*vm),
        }
        if state.phase == Phase::Committed {
            let region = world.vnet(world.home_of(*vm)).region;
            if !world.answers(region) {
                down.insert(region);
            }
        }
    }
    if let Some(region) = down.first() {
        let title = world.region_title(*region);
        let (code, state) = match world.is_up(*region) {
            true => (RefusalCode::RegionDegraded, "does not answer"),
            false => (RefusalCode::RegionDown, "is down"),
        };
        let message = format!("{title} {state}, and re-protect copies the machines of {scope} back there");
        let restore = Command::Restore(world.regions()[region.at()].id.clone());
        return Err(Refusal::new(code, "D13, D18", message).mended_by(restore));
    }
    if deleted.is_empty() {
        return Ok(());
    }
    let (names, scopes) = (world.some_names(&deleted), deleted.iter().map(|vm| world.vm_scope(*vm)));
    let message = format!(
        "somebody deleted the source of {names} by hand, so re-protect fails; stop replication and start it anew"
    );
    let mut refusal = Refusal::new(RefusalCode::SourceDeleted, "A40", message);
    for vm in scopes.take(3) {
        refusal =
            refusal.mended_by(Command::Unprotect(vm.clone())).mended_by(Command::Protect { scope: vm, into: None });
    }
    Err(refusal)
}

impl World {
    /// Deletes what the further cards of some machines left behind (A36).
    pub(in crate::world) fn drop_cards_behind(&mut self, vms: &[VmIx]) {
        if vms.iter().any(|vm| self.cards.contains_key(vm)) {
            let cards = Arc::make_mut(&mut self.cards);
            for vm in vms {
                if let Some(own) = cards.get_mut(vm) {
                    own.drop_behind();
                }
            }
        }
    }

    /// The way home of the further cards of a machine is gone (A37).
    pub(in crate::world) fn end_way_home_of_cards(&mut self, vm: VmIx) {
        if self.cards.contains_key(&vm)
            && let Some(own) = Arc::make_mut(&mut self.cards).get_mut(&vm)
        {
            own.end_way_home();
        }
    }

    /// What a machine left behind stays for good: it is off, but its NICs hold their addresses (A39).
    pub(in crate::world) fn leave_over(&mut self, vm: VmIx) {
        let own = self.vm(vm).behind.map(|behind| behind.at).into_iter();
        let cards = self.cards.get(&vm).into_iter().flat_map(|cards| cards.behind());
        let places: Vec<_> = own.chain(cards).collect();
        Arc::make_mut(&mut self.leftovers).extend(places.iter().map(|place| ((place.subnet, place.ip), vm)));
    }
}
