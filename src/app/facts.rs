//! What the header and the panels say about the world, counted once.

use crate::history::{History, Revision, Step};
use crate::network::needs;
use crate::topology::timing::{Basis, spoken};
use crate::topology::{Endpoint, LinkIx, LinkState, Need, Topology};
use crate::world::{Obstacle, Phase, World};

/// How a link stands, as far as a reader cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Connected, and it carries traffic.
    Carries,
    /// Connected, but one end lies in a region that is down (D18).
    Blocked,
    /// Connected, but a peering takes its traffic (B13).
    Shadowed,
    /// Connected, but a gateway at one end is broken.
    GatewayBroken,
    /// Connected, but its circuit is down.
    CircuitDown,
    /// It comes and goes.
    Flapping,
    /// Both its objects are there, with different keys (B35).
    WrongKey,
    /// One half was made and waits for the other (B15).
    Half,
    /// One half was removed, and the other blocks (B8, B15).
    Stale,
    /// Being made.
    Pending,
    /// Not made yet: the file plans it.
    Planned,
    /// Cut.
    Cut,
}

impl Standing {
    /// How it reads.
    pub fn word(self) -> &'static str {
        match self {
            Self::Carries => "connected",
            Self::Blocked => "blocked: an end is in a region that is down",
            Self::Shadowed => "shadowed: a peering takes its traffic",
            Self::GatewayBroken => "blocked: a gateway at one end is broken",
            Self::CircuitDown => "blocked: its circuit is down",
            Self::Flapping => "flapping: it comes and goes",
            Self::WrongKey => "not connected: the keys differ",
            Self::Half => "half made: the other half is missing",
            Self::Stale => "stale: one half is left, and it blocks",
            Self::Pending => "being made",
            Self::Planned => "planned, not made yet",
            Self::Cut => "cut",
        }
    }

    /// The same in a word or two, for the map.
    pub fn short(self) -> &'static str {
        match self {
            Self::Carries => "connected",
            Self::Blocked => "blocked",
            Self::Shadowed => "shadowed",
            Self::GatewayBroken => "gateway broken",
            Self::CircuitDown => "circuit down",
            Self::Flapping => "flapping",
            Self::WrongKey => "wrong key",
            Self::Half => "half",
            Self::Stale => "stale half",
            Self::Pending => "pending",
            Self::Planned => "planned",
            Self::Cut => "disconnected",
        }
    }
}

/// How a link stands.
pub fn standing(world: &World, at: LinkIx) -> Standing {
    let link = world.link(at);
    match link.state {
        LinkState::Connected => match world.obstacle(at) {
            None if world.is_shadowed(at) => Standing::Shadowed,
            None => Standing::Carries,
            Some(Obstacle::Region(_)) => Standing::Blocked,
            Some(Obstacle::Gateway(_)) => Standing::GatewayBroken,
            Some(Obstacle::Circuit(_)) => Standing::CircuitDown,
            Some(Obstacle::Flapping) => Standing::Flapping,
        },
        LinkState::Pending => Standing::Pending,
        LinkState::Initiated => Standing::Half,
        LinkState::Disconnected => Standing::Stale,
        LinkState::NotConnected if link.is_half() => Standing::Stale,
        LinkState::NotConnected => Standing::WrongKey,
        LinkState::Absent if world.is_planned(at) => Standing::Planned,
        LinkState::Absent => Standing::Cut,
    }
}

/// Whether a link came after the start and is gone again, so that nothing tells of it but what compares two states.
pub fn is_over(world: &World, at: LinkIx) -> bool {
    at.at() >= world.topology().links.len() && world.link(at).state == LinkState::Absent
}

/// Every link that is there, was there at the start, or is planned.
pub fn shown_links(world: &World) -> impl Iterator<Item = LinkIx> + '_ {
    (0..world.links().len()).map(LinkIx::new).filter(|at| !is_over(world, *at))
}

/// How many links stand so.
pub fn links(world: &World, standing_so: Standing) -> usize {
    shown_links(world).filter(|at| standing(world, *at) == standing_so).count()
}

/// A duration in the reader's terms, with `~` in front where a part of it has no source.
pub fn lasting(seconds: u64, assumed: bool) -> String {
    format!("{}{}", if assumed { "~" } else { "" }, spoken(seconds))
}

/// How long a step took.
pub fn took(step: &Step) -> String {
    lasting(step.finished.saturating_sub(step.started), step.basis == Some(Basis::Assumed))
}

/// Whether a step in a history up to a revision took a time without a source, so that its clock is assumed too.
pub fn clock_assumed(history: &History, position: usize) -> bool {
    let steps = history.revisions().iter().take(position + 1).filter_map(|revision| revision.step.as_ref());
    steps.map(|step| step.basis).any(|basis| basis == Some(Basis::Assumed))
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

/// A need in the reader's terms: `App1 → SQL replica`.
pub fn need_title(topology: &Topology, need: Need) -> String {
    let port = need.port.map(|port| format!(" on port {port}")).unwrap_or_default();
    format!("{} → {}{port}", endpoint_title(topology, need.from), endpoint_title(topology, need.to))
}

/// What a party is called on the screen.
pub fn endpoint_title(topology: &Topology, endpoint: Endpoint) -> &str {
    match endpoint {
        Endpoint::Vm(vm) => &topology.vms[vm.at()].id,
        Endpoint::App(app) => &topology.apps[app.at()].title,
        Endpoint::Site(site) => &topology.sites[site.at()].title,
    }
}
