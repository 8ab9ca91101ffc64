//! What goes wrong in a drill beside links and gateways, and what keeps a link from carrying traffic.

use std::collections::BTreeSet;

use crate::topology::{CircuitIx, RegionIx, VnetIx};

/// What goes wrong, as injects left it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    /// Regions whose control plane does not answer.
    pub degraded: BTreeSet<RegionIx>,
    /// Circuits that carry nothing.
    pub circuits: BTreeSet<CircuitIx>,
    /// VNets in which gateways take twice as long to create.
    pub slow: BTreeSet<VnetIx>,
    /// Gateway SKUs that cannot be had now.
    pub short: BTreeSet<String>,
}

/// What keeps a link from carrying traffic although it is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// The region of one end is down (D18).
    Region(RegionIx),
    /// A gateway at this end does not work.
    Gateway(VnetIx),
    /// Its circuit is down.
    Circuit(CircuitIx),
    /// It comes and goes.
    Flapping,
}
