//! Effective routes as Azure lists them.

use super::style::Tone;
use super::table::{Cell, Table};
use crate::network::{NextHop, Origin, Route, RouteState};
use crate::world::World;

/// The effective routes of `at`, a VNet or `VNET/SUBNET`.
pub fn routes(world: &World, at: &str, routes: &[Route]) -> String {
    let mut table = Table::titled(["source", "state", "prefix", "next hop type", "leads to"]);
    for route in routes {
        let source = match route.origin {
            Origin::Default => "Default",
            Origin::User => "User",
            Origin::Gateway => "Virtual network gateway",
        };
        let state = match route.state {
            RouteState::Active => Cell::new("Active", Tone::Good),
            RouteState::Invalid => Cell::new("Invalid", Tone::Warn),
        };
        let network = route.to.map(|node| world.node_title(node)).unwrap_or_default();
        let to = match route.appliance {
            Some(ip) if network.is_empty() => format!("{ip}, out of reach"),
            Some(ip) => format!("{ip} in {network}"),
            None => match route.means(world) {
                Some(means) => format!("{network} by {means}"),
                None => network.to_owned(),
            },
        };
        table.row([source.into(), state, route.prefix.to_string().into(), next_hop(route.next_hop).into(), to.into()]);
    }
    format!("{}\n\n{}", Tone::Strong.paint(&format!("Effective routes of {at}")), table.print(2))
}

/// A next hop type as Azure's list writes it.
pub fn next_hop(next_hop: NextHop) -> &'static str {
    match next_hop {
        NextHop::VnetLocal => "Virtual network",
        NextHop::VnetPeering => "VNet peering",
        NextHop::VirtualNetworkGateway => "Virtual network gateway",
        NextHop::VirtualAppliance => "Virtual appliance",
        NextHop::Internet => "Internet",
        NextHop::None => "None (dropped)",
    }
}
