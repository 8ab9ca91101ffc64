//! Multi-VM consistency groups: all of a group fail over together, or none (D5).

use std::collections::BTreeSet;

use super::assign::{Assignment, Unassigned};
use super::{Refusal, RefusalCode, World};
use crate::topology::{Command, Scope, VmGroup, VmIx};

impl World {
    /// The multi-VM group of a VM.
    pub fn group_of(&self, vm: VmIx) -> Option<&VmGroup> {
        self.topology.groups.iter().find(|group| group.vms.contains(&vm))
    }

    /// Refuses to move a part of a group (D5).
    pub(super) fn groups_together(&self, movable: &[VmIx]) -> Result<(), Refusal> {
        if self.topology.groups.is_empty() {
            return Ok(());
        }
        let moving: BTreeSet<VmIx> = movable.iter().copied().collect();
        for group in &self.topology.groups {
            let (going, staying): (Vec<VmIx>, Vec<VmIx>) = group.vms.iter().partition(|vm| moving.contains(vm));
            // Members somebody stopped replicating, or never did, are no members any more.
            let waiting = |vm: &VmIx| going.first().is_some_and(|first| self.vm(*first).phase == self.vm(*vm).phase);
            let staying: Vec<VmIx> = staying.into_iter().filter(waiting).collect();
            if !going.is_empty() && !staying.is_empty() {
                let message = format!(
                    "{} belongs to the multi-VM group {}, which fails over together or not at all: {} would stay",
                    self.some_names(&going),
                    group.id,
                    self.some_names(&staying)
                );
                let mut refusal = Refusal::new(RefusalCode::MultiVmGroup, "D5", message);
                if let Some(scope) = self.scope_of_all(&group.vms) {
                    refusal = refusal.mended_by(Command::fail_over(scope));
                }
                return Err(refusal);
            }
        }
        Ok(())
    }

    /// The narrowest scope of the command language that holds all of these VMs.
    fn scope_of_all(&self, vms: &[VmIx]) -> Option<Scope> {
        let first = *vms.first()?;
        let app = self.app_of(first).filter(|app| vms.iter().all(|vm| self.app_of(*vm) == Some(*app)));
        let vnet = self.vnet_of(first);
        let region = self.vnet(vnet).region;
        match app {
            Some(app) => Some(Scope::App(self.topology.apps[app.at()].id.clone())),
            None if vms.iter().all(|vm| self.vnet_of(*vm) == vnet) => Some(Scope::Vnet(self.vnet(vnet).id.clone())),
            None => Some(Scope::Region(self.regions()[region.at()].id.clone())),
        }
    }

    /// Up to three VMs by name, and how many more.
    pub fn some_names(&self, vms: &[VmIx]) -> String {
        let names: Vec<&str> = vms.iter().take(3).map(|vm| self.vm_id(*vm)).collect();
        let more = vms.len().saturating_sub(3);
        if more == 0 { names.join(", ") } else { format!("{} and {more} more", names.join(", ")) }
    }

    /// The scope that is one VM.
    pub fn vm_scope(&self, vm: VmIx) -> Scope {
        Scope::Vm(self.vm_id(vm).to_owned())
    }
}

/// Where one of a group finds no address, none of the group moves (D5).
pub(super) fn hold_back(world: &World, assignment: &mut Assignment) {
    for group in &world.topology().groups {
        let stuck = assignment.vms.iter().find(|(vm, outcome)| outcome.is_err() && group.vms.contains(vm));
        let Some(stuck) = stuck.map(|(vm, _)| *vm) else { continue };
        for (vm, outcome) in assignment.vms.iter_mut().filter(|(vm, _)| *vm != stuck && group.vms.contains(vm)) {
            if outcome.is_ok() {
                let message = format!(
                    "{} stays where it is, because {} of its multi-VM group {} cannot move",
                    world.vm_id(*vm),
                    world.vm_id(stuck),
                    group.id
                );
                *outcome = Err(Unassigned { code: RefusalCode::MultiVmGroup, rule: "D5", message, waits_for: None });
                assignment.cards.remove(vm);
            }
        }
    }
}
