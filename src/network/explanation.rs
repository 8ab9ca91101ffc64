//! An explanation as data, made of indices and rendered to text last: verdict, paths, lost routes, blockers.

use strum::Display;

use super::router::Router;
use super::{Route, VerdictCode};
use crate::topology::{Command, Endpoint, Node, SubnetIx, VmIx};
use crate::world::World;

/// One network on a path and what it did with the packet.
#[derive(Debug, Clone, PartialEq)]
pub struct Hop {
    /// The network asked.
    pub at: Node,
    /// Whose routes in it: its machines', those of a subnet with a route table, or those of its gateways.
    pub asked: Router,
    /// The machine that forwards here, where the packet came to an appliance.
    pub appliance: Option<VmIx>,
    /// The route that won; none where no route matched, where a site delivered the packet, or where it arrived over a
    /// link at a network that does not own the address.
    pub route: Option<Route>,
    /// The routes that matched and lost.
    pub losers: Vec<Loser>,
}

impl Hop {
    /// The subnet whose route table was asked.
    pub fn table_of(&self) -> Option<SubnetIx> {
        match self.asked {
            Router::Subnet(subnet) => Some(subnet),
            Router::Network(_) | Router::Gateway(..) => None,
        }
    }

    /// The name of the place on the screen: the network, the appliance in it, or its gateway.
    pub fn title(&self, world: &World) -> String {
        let at = world.node_title(self.at);
        match (self.appliance, self.asked) {
            (Some(vm), _) => format!("{} in {at}", world.vm_id(vm)),
            (None, Router::Gateway(..)) => format!("gateway of {at}"),
            (None, Router::Subnet(subnet)) => format!("{at}/{}", world.subnet(subnet).title),
            (None, Router::Network(_)) => at.to_owned(),
        }
    }
}

/// A route that matched and lost.
#[derive(Debug, Clone, PartialEq)]
pub struct Loser {
    /// The route.
    pub route: Route,
    /// Why it lost.
    pub why: WhyLost,
}

/// Why a matching route lost; prints as words for the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display)]
pub enum WhyLost {
    /// A longer prefix won (C6).
    #[strum(to_string = "a longer prefix wins")]
    ShorterPrefix,
    /// A better source won: user-defined, then gateway, then system (C7).
    #[strum(to_string = "a better source wins")]
    LowerSource,
    /// A system route is preferred over what a gateway brings (C8, C11).
    #[strum(to_string = "own and peered ranges win over what a gateway brings")]
    SystemPreferred,
    /// ExpressRoute is preferred over VPN (C10).
    #[strum(to_string = "ExpressRoute wins over VPN")]
    ExpressroutePreferred,
    /// It is as good as the winner: Azure prefers neither (C10).
    #[strum(to_string = "as good as the winner")]
    Tied,
    /// Of two ExpressRoute connections the one with the higher weight is preferred (B56).
    #[strum(to_string = "a connection of higher weight wins")]
    LowerWeight,
    /// Of two announcements the one that passed fewer gateways is preferred (C10).
    #[strum(to_string = "a shorter way through gateways wins")]
    LongerPath,
    /// A route of the table for the very prefix comes before one for a tag (C9).
    #[strum(to_string = "a route for the prefix itself wins over one for a tag")]
    TagLoses,
    /// The route table keeps what gateways bring from its subnet (C3).
    #[strum(to_string = "the route table does not take what gateways bring")]
    NotPropagated,
    /// The link is not up.
    #[strum(to_string = "its link is not up")]
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
