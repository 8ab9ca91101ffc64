//! The state of one VM: where Site Recovery stands with it, where it serves, and what a failover left behind (D.2).

use std::net::Ipv4Addr;

use strum::Display;

use super::AddressRule;
use crate::topology::{Allocation, RecoveryPoint, SubnetIx, Target, Vm};

/// Where Site Recovery stands with a VM (D.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Phase {
    /// Not replicated.
    Unprotected,
    /// Copied for the first time: no failover yet (D3).
    Protecting,
    /// Replicated, ready to fail over.
    Protected,
    /// Runs in the recovery region; its recovery points are still there (D11).
    FailedOver,
    /// The failover is accepted; nothing replicates it.
    Committed,
    /// Replicated to where it came from, ready to fail back (D13).
    ReProtected,
    /// Runs where it came from again; its recovery points are still there.
    FailedBack,
    /// The failback is accepted; nothing replicates it.
    FailedBackCommitted,
}

impl Phase {
    /// Whether a failover, a failback or a test failover can start now.
    pub fn replicated(self) -> bool {
        matches!(self, Self::Protected | Self::ReProtected)
    }

    /// Whether the next move leads home.
    pub fn goes_home(self) -> bool {
        matches!(self, Self::FailedOver | Self::Committed | Self::ReProtected)
    }

    /// The phase in words for a reader.
    pub fn words(self) -> &'static str {
        match self {
            Self::Unprotected => "not replicated",
            Self::Protecting => "copied for the first time, not ready to fail over",
            Self::Protected => "replicated, ready to fail over",
            Self::FailedOver => "failed over, to be committed",
            Self::Committed => "failed over and committed, not replicated",
            Self::ReProtected => "replicated back, ready to fail back",
            Self::FailedBack => "failed back, to be committed",
            Self::FailedBackCommitted => "failed back and committed, not replicated",
        }
    }
}

/// Where a NIC is and which address it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The subnet.
    pub subnet: SubnetIx,
    /// The address.
    pub ip: Ipv4Addr,
    /// Whether the address is pinned.
    pub allocation: Allocation,
}

/// What a failover leaves behind: the machine that served before keeps its NIC, and so its address, until re-protect
/// deletes it (A6, A36).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behind {
    /// Where that machine is.
    pub at: Place,
    /// Whether it was shut down; a region that was down at failover brings it back running (D8, D18).
    pub shut_down: bool,
}

/// The state of a VM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VmState {
    /// Where Site Recovery stands.
    pub phase: Phase,
    /// Where it serves now.
    pub at: Place,
    /// The machine that served before the last failover or failback.
    pub behind: Option<Behind>,
    /// The target settings of its replicated item (A24).
    pub target: Target,
    /// Whether the target was verified and nothing changed since (article, line 56).
    pub verified: bool,
    /// The rule that gave the address at the last failover or failback; none while it is as the file put it.
    pub rule: Option<AddressRule>,
    /// The recovery point it was started from, while another can still be chosen (D7, D11).
    pub point: Option<RecoveryPoint>,
    /// Whether a test copy of it is still there, so that a clean-up is owed (D12).
    pub testing: bool,
}

impl VmState {
    /// A VM as the file declares it.
    pub(super) fn declared(vm: &Vm) -> Self {
        Self {
            phase: match (vm.protected, vm.protecting) {
                (true, false) => Phase::Protected,
                (true, true) => Phase::Protecting,
                (false, _) => Phase::Unprotected,
            },
            at: Place { subnet: vm.subnet, ip: vm.ip, allocation: vm.allocation },
            behind: None,
            target: vm.target,
            verified: false,
            rule: None,
            point: None,
            testing: false,
        }
    }

    /// The phase as files and reports name it; `testing` while a test copy stands beside the replicated VM.
    pub fn phase_word(&self) -> String {
        if self.testing && self.phase.replicated() { "testing".to_owned() } else { self.phase.to_string() }
    }

    /// The phase in words for a reader.
    pub fn phase_words(&self) -> String {
        let owed = if self.testing { "; a test copy is there, clean-up owed" } else { "" };
        format!("{}{owed}", self.phase.words())
    }
}
