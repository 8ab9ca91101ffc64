//! Machines beside the one that serves: test copies, source machines left running, and NICs nobody deleted.
//!
//! They are few, so they stand in sparse tables beside the compact state of all VMs.

use std::net::Ipv4Addr;

use super::{AddressRule, Card, Cards, Place, VmState, World};
use crate::topology::{SubnetIx, VmIx};

/// The copy of a VM that a test failover started (D12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestCopy {
    /// Where it runs; its address is always pinned (A30).
    pub at: Place,
    /// The rule that gave its address.
    pub rule: AddressRule,
}

/// What a second machine with the identity of a VM is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InstanceKind {
    /// The machine that served before the last failover, still running or running again (D8, D18).
    LeftRunning,
    /// A test copy (D12).
    TestCopy,
}

/// A second machine that runs with the identity of a VM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instance {
    /// What it is.
    pub kind: InstanceKind,
    /// Where it runs.
    pub at: Place,
}

impl World {
    /// Where the machine that served before runs beside the VM, if it does: a second machine with one identity (D8).
    pub fn twin_instance(&self, vm: VmIx) -> Option<Place> {
        self.left_running(self.vm(vm))
    }

    fn left_running(&self, state: &VmState) -> Option<Place> {
        let behind = state.behind?;
        (!behind.shut_down && self.is_up_at(behind.at.subnet)).then_some(behind.at)
    }

    /// The test copy of a VM, whether its region is up or not.
    pub fn test_copy(&self, vm: VmIx) -> Option<&TestCopy> {
        if self.vm(vm).testing { self.copies.get(&vm) } else { None }
    }

    /// All test copies, in the order of the VMs.
    pub fn test_copies(&self) -> impl Iterator<Item = (VmIx, &TestCopy)> {
        self.copies.iter().map(|(vm, copy)| (*vm, copy))
    }

    /// The other machines that run with the identity of a VM.
    pub fn instances(&self, vm: VmIx) -> impl Iterator<Item = Instance> + use<> {
        self.instances_of(vm, self.vm(vm))
    }

    /// The same for a VM whose state is at hand.
    pub fn instances_of(&self, vm: VmIx, state: &VmState) -> impl Iterator<Item = Instance> + use<> {
        let left = self.left_running(state).map(|at| Instance { kind: InstanceKind::LeftRunning, at });
        let copy =
            self.copies.get(&vm).filter(|_| state.testing).map(|copy| copy.at).filter(|at| self.is_up_at(at.subnet));
        left.into_iter().chain(copy.map(|at| Instance { kind: InstanceKind::TestCopy, at }))
    }

    /// The further NICs and secondary addresses of another machine of a VM (A29).
    pub fn instance_cards(&self, vm: VmIx, kind: InstanceKind) -> impl Iterator<Item = (&Card, Place)> {
        self.cards(vm).into_iter().flat_map(Cards::iter).filter_map(move |card| {
            let place = match kind {
                InstanceKind::LeftRunning => card.behind,
                InstanceKind::TestCopy => card.copy.map(|copy| copy.at),
            };
            Some((card, place?))
        })
    }

    /// NICs that outlived replication: their machine is off, but they hold their address (A6, A39).
    pub fn leftovers(&self) -> impl Iterator<Item = (SubnetIx, Ipv4Addr, VmIx)> {
        self.leftovers.iter().map(|((subnet, ip), vm)| (*subnet, *ip, *vm))
    }

    /// Whether the region of a subnet is up.
    pub fn is_up_at(&self, subnet: SubnetIx) -> bool {
        self.is_up(self.vnet(self.subnet(subnet).vnet).region)
    }
}
