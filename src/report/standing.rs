//! How a link stands, as far as a reader cares: what its state comes to with everything around it.

use crate::topology::{LinkIx, LinkState};
use crate::world::{Obstacle, World};

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
