//! Effective routes of a VNet and of a subnet, as Azure lists them (C1 to C8).

use ipnet::Ipv4Net;
use strum::Display;

use crate::topology::{LinkIx, Node, SubnetIx, VnetIx};
use crate::world::World;

/// What a route says to do with a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display)]
#[strum(serialize_all = "kebab-case")]
pub enum NextHop {
    /// Delivered inside the VNet.
    VnetLocal,
    /// Through a peering.
    VnetPeering,
    /// Through a VPN or ExpressRoute gateway.
    VirtualNetworkGateway,
    /// To an appliance.
    VirtualAppliance,
    /// To the Internet.
    Internet,
    /// Dropped.
    None,
}

/// Who made a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Origin {
    /// Azure's own system route.
    Default,
    /// A route table.
    User,
    /// Learned from a gateway.
    Gateway,
}

/// Whether a route is used (C5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display)]
#[strum(serialize_all = "kebab-case")]
pub enum RouteState {
    /// It wins for its prefix.
    Active,
    /// Another one wins.
    Invalid,
}

/// One effective route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// The destination.
    pub prefix: Ipv4Net,
    /// What happens with the packet.
    pub next_hop: NextHop,
    /// The network it is handed to.
    pub to: Option<Node>,
    /// The link it leaves by.
    pub link: Option<LinkIx>,
    /// Who made it.
    pub origin: Origin,
    /// Whether it is used.
    pub state: RouteState,
}

/// The effective routes of a VNet, or of one of its subnets, in the order Azure lists them.
pub fn effective_routes(_world: &World, _vnet: VnetIx, _subnet: Option<SubnetIx>) -> Vec<Route> {
    todo!()
}
