//! Why A reaches B, or why not: the path there, the path back, the routes that lost, and every blocker with its mend.

use super::{Network, Route, VerdictCode};
use crate::topology::{Command, Endpoint, Node};
use crate::world::World;

/// One network on a path and what it did with the packet.
#[derive(Debug, Clone, PartialEq)]
pub struct Hop {
    /// The network asked.
    pub at: Node,
    /// The route that won; none where no route matched or the packet was delivered by a site.
    pub route: Option<Route>,
    /// The routes that matched and lost.
    pub losers: Vec<Loser>,
}

/// A route that matched and lost.
#[derive(Debug, Clone, PartialEq)]
pub struct Loser {
    /// The route.
    pub route: Route,
    /// Why it lost.
    pub why: WhyLost,
}

/// Why a matching route lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyLost {
    /// A longer prefix won (C6).
    ShorterPrefix,
    /// A better source won: user-defined, then gateway, then system (C7).
    LowerSource,
    /// A system route is preferred over what a gateway brings (C8, C11).
    SystemPreferred,
    /// The link is not up.
    LinkDown,
}

/// Something that keeps the parties apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Blocker {
    /// What it is.
    pub code: VerdictCode,
    /// A sentence for the reader.
    pub message: String,
    /// The commands that would mend it, in order; none where no command helps.
    pub mend: Vec<Command>,
}

/// The answer to "why can A reach B, or why not?".
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The parties asked about, narrowed to the first pair that fails (`formats.md` section 2).
    pub from: Endpoint,
    /// The other party.
    pub to: Endpoint,
    /// The code; `reachable` or the first thing that goes wrong.
    pub code: VerdictCode,
    /// A sentence for the reader.
    pub message: String,
    /// The path there.
    pub forward: Vec<Hop>,
    /// The path back; empty where the way there fails.
    pub back: Vec<Hop>,
    /// Everything in the way.
    pub blockers: Vec<Blocker>,
}

/// Explains whether two parties reach each other.
pub fn explain(_world: &World, _network: &Network, _from: Endpoint, _to: Endpoint) -> Explanation {
    todo!()
}
