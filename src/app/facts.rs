//! What the header and the panels say about the world, counted once.

use crate::history::{Revision, Step};
use crate::network::needs;
use crate::topology::Endpoint;
use crate::topology::timing::{Basis, spoken};
use crate::world::{Phase, World};

pub use crate::report::parties::{endpoint_title, need_title};
pub use crate::report::run::clock_assumed;
pub use crate::report::standing::{Standing, is_over, shown_links, standing};

/// A duration in the reader's terms, with `~` in front where a part of it has no source.
pub fn lasting(seconds: u64, assumed: bool) -> String {
    format!("{}{}", if assumed { "~" } else { "" }, spoken(seconds))
}

/// How long a step took.
pub fn took(step: &Step) -> String {
    lasting(step.finished.saturating_sub(step.started), step.basis == Some(Basis::Assumed))
}

/// How many VMs Site Recovery could fail over or back now, and how many moved and are replicated nowhere since (D10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Protection {
    /// VMs that could move.
    pub ready: usize,
    /// VMs that moved, and whose failover or failback is not committed yet.
    pub to_commit: usize,
    /// VMs that are committed and wait to be re-protected.
    pub to_re_protect: usize,
}

impl Protection {
    /// Counts the VMs of a world.
    pub fn of(world: &World) -> Self {
        let mut found = Self::default();
        for (_, state) in world.vms() {
            match state.phase {
                Phase::Protected | Phase::ReProtected => found.ready += 1,
                Phase::FailedOver | Phase::FailedBack => found.to_commit += 1,
                Phase::Committed | Phase::FailedBackCommitted => found.to_re_protect += 1,
                Phase::Unprotected | Phase::Protecting => {}
            }
        }
        found
    }

    /// VMs that moved and are replicated nowhere.
    pub fn bare(self) -> usize {
        self.to_commit + self.to_re_protect
    }

    /// What is missing in one sentence; nothing where everything that moved is replicated again.
    pub fn missing(self) -> Option<String> {
        let vms = |count: usize| if count == 1 { "1 VM".to_owned() } else { format!("{count} VMs") };
        let is = |count: usize| if count == 1 { "is" } else { "are" };
        let bare = self.bare();
        match (bare, self.ready) {
            (0, 0) => Some("Nothing is replicated: no VM could fail over. P protects.".to_owned()),
            (0, _) => None,
            _ => {
                let next = match (self.to_commit, self.to_re_protect) {
                    (0, _) => "R re-protects".to_owned(),
                    (_, 0) => "K commits, then R re-protects".to_owned(),
                    (commit, _) => format!("K commits {commit} of them, R re-protects"),
                };
                Some(format!("{} moved and {} replicated nowhere until re-protected: {next}.", vms(bare), is(bare)))
            }
        }
    }
}

/// How many needs are met, of how many.
pub fn needs_met(revision: &Revision) -> (usize, usize) {
    (revision.needs.iter().filter(|need| need.met).count(), revision.needs.len())
}

/// Whether each VM runs and reaches everyone it needs, in the order of the topology.
pub fn reachable(revision: &Revision) -> Vec<bool> {
    let world = &revision.world;
    let topology = world.topology();
    let mut fine: Vec<bool> = world.vms().map(|(vm, _)| world.runs(vm)).collect();
    let broken = topology.needs.iter().zip(&revision.needs).filter(|(_, record)| !record.met);
    for (need, _) in broken {
        let met = |from, to| needs::first_failing_on(&revision.world, &revision.network, from, to, need.port).is_none();
        for vm in world.vms_of(need.from) {
            fine[vm.at()] &= met(Endpoint::Vm(vm), need.to);
        }
        for vm in world.vms_of(need.to) {
            fine[vm.at()] &= met(need.from, Endpoint::Vm(vm));
        }
    }
    fine
}
