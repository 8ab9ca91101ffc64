//! Route tables: routes a person gives to subnets, as the file declares them (C4, C9).

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::{SecurityGroupIx, Subnet};

/// Where a route of a table sends packets (C4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UserNextHop {
    /// To the machine with this address, which must forward.
    Appliance(Ipv4Addr),
    /// To the VPN gateway.
    Gateway,
    /// Stays in the VNet.
    VnetLocal,
    /// Leaves for the Internet.
    Internet,
    /// Dropped.
    None,
}

/// What a route of a table is for: a prefix, or a tag that stands for prefixes (C9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Destination {
    /// A prefix.
    Prefix(Ipv4Net),
    /// The `VirtualNetwork` tag.
    VirtualNetwork,
}

impl Destination {
    /// How the file writes it.
    pub fn words(&self) -> String {
        match self {
            Self::Prefix(prefix) => prefix.to_string(),
            Self::VirtualNetwork => "VirtualNetwork".to_owned(),
        }
    }
}

/// One route of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserRoute {
    /// What it is for.
    pub destination: Destination,
    /// Where to.
    pub next_hop: UserNextHop,
}

/// A route table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteTable {
    /// Its id in the file.
    pub id: String,
    /// Its name on the screen.
    pub title: String,
    /// Its routes in file order.
    pub routes: Vec<UserRoute>,
    /// Whether subnets with this table learn what the gateways of their VNet learn (C3).
    pub propagates: bool,
}

/// What Azure refuses on the subnet of the gateways (B28): a default route, a table that does not propagate, a group.
pub fn on_gateway_subnet(
    subnet: &Subnet,
    table: Option<&RouteTable>,
    group: Option<SecurityGroupIx>,
) -> Option<&'static str> {
    if subnet.hosts_vms() {
        return None;
    }
    let default =
        |route: &UserRoute| matches!(route.destination, Destination::Prefix(prefix) if prefix.prefix_len() == 0);
    match table {
        Some(table) if table.routes.iter().any(default) => Some("takes no route for 0.0.0.0/0 (B28)"),
        Some(table) if !table.propagates => Some("must learn what its gateways learn, so propagation stays on (B28)"),
        _ if group.is_some() => Some("takes no security group (B28)"),
        _ => None,
    }
}
