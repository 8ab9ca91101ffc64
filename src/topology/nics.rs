//! Further NICs and secondary addresses of a VM, and groups of VMs that fail over together (A17, A28, A29, D5).

use std::net::{IpAddr, Ipv4Addr};

use super::{Allocation, SubnetIx, Target, VmIx};

/// How many VMs a multi-VM group holds (D5).
pub const MOST_IN_GROUP: usize = 16;

/// A further NIC of a VM, beside the one the VM's own keys describe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nic {
    /// Its name in the file.
    pub id: String,
    /// Where it lives: a subnet of the VNet of the VM.
    pub subnet: SubnetIx,
    /// Its address.
    pub ip: Ipv4Addr,
    /// Whether the address is pinned.
    pub allocation: Allocation,
    /// Its target settings (A24, A29).
    pub target: Target,
    /// Its settings for test failovers (A34).
    pub test_target: Target,
    /// Its secondary addresses.
    pub secondary: Vec<SecondaryAddress>,
}

/// A secondary address of a NIC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondaryAddress {
    /// The address; one of IPv6 is never carried (A27, A.7 row 23).
    pub ip: IpAddr,
    /// The address it gets at failover; without one it is not selected and not carried (A28).
    pub target: Option<Ipv4Addr>,
    /// The address it gets in a test failover, if not by the rules (A28, A34).
    pub test_target: Option<Ipv4Addr>,
}

/// A multi-VM consistency group: its VMs fail over together or not at all (D5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VmGroup {
    /// Its name.
    pub id: String,
    /// Its VMs, in file order.
    pub vms: Vec<VmIx>,
}
