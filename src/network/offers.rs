//! The routes a router is offered, before one of them is selected (C1 to C4, C9, C12).

use ipnet::Ipv4Net;

use super::learned::{self, Learned};
use super::router::{Arrival, Router};
use super::routes::{NextHop, Origin, Route, RouteState, rank, reserved};
use super::wiring::Wiring;
use crate::topology::overlap::Spaces;
use crate::topology::twice::{Twice, learned_twice};
use crate::topology::{
    Destination, GatewayKind, LinkIx, LinkKind, Node, RouteTable, SiteIx, UserNextHop, UserRoute, VnetIx,
};
use crate::world::World;

/// The routes of a router in the order they are listed.
pub(super) fn of(wiring: &Wiring<'_>, router: Router) -> Vec<Route> {
    let world = wiring.world;
    match router {
        Router::Network(Node::Vnet(vnet)) => of_vnet(wiring, vnet, None),
        Router::Network(Node::Site(site)) => of_site(wiring, site),
        Router::Subnet(subnet) => {
            let here = world.subnet(subnet);
            let table = here.route_table.map(|table| &world.topology().route_tables[table.at()]);
            of_vnet(wiring, here.vnet, table)
        }
        Router::Gateway(vnet, arrival) => of_gateway(wiring, vnet, arrival),
    }
}

fn state(live: bool) -> RouteState {
    if live { RouteState::Active } else { RouteState::Invalid }
}

fn own_ranges(wiring: &Wiring<'_>, vnet: VnetIx) -> impl Iterator<Item = Route> {
    let own = Node::Vnet(vnet);
    let space = wiring.world.space(own).iter();
    space.map(move |range| Route { owner: Some(own), ..Route::system(*range, NextHop::VnetLocal) })
}

/// What a peering brings; it carries the traffic also where a VPN joins the same two VNets (B20).
fn peered(wiring: &Wiring<'_>, far: VnetIx, link: LinkIx) -> impl Iterator<Item = Route> {
    let to = Some(Node::Vnet(far));
    let state = state(wiring.world.carries(link));
    wiring.world.space(Node::Vnet(far)).iter().map(move |prefix| Route {
        to,
        link: Some(link),
        state,
        owner: to,
        rank: rank::PEERED,
        ..Route::system(*prefix, NextHop::VnetPeering)
    })
}

/// The route for what a gateway learned; `over` is the peering to the VNet whose gateway it is, where it is not one's own.
fn from_gateway(wiring: &Wiring<'_>, learned: &Learned, over: Option<(VnetIx, LinkIx)>) -> Route {
    let live = learned.live && over.is_none_or(|(_, peering)| wiring.world.carries(peering));
    Route {
        prefix: learned.prefix,
        next_hop: NextHop::VirtualNetworkGateway,
        to: Some(over.map_or(learned.next, |(hub, _)| Node::Vnet(hub))),
        link: Some(over.map_or(learned.link, |(_, peering)| peering)),
        appliance: None,
        origin: Origin::Gateway,
        state: state(live),
        owner: Some(learned.owner),
        rank: rank::learned(wiring.world.link(learned.link), learned.steps),
    }
}

/// What the gateways of a VNet bring its machines, and those of the VNet whose gateways it uses (C3, B21).
pub(super) fn brought(wiring: &Wiring<'_>, vnet: VnetIx) -> Vec<Route> {
    let own = learned::learned(wiring, vnet);
    let mut routes: Vec<Route> = own.iter().map(|learned| from_gateway(wiring, learned, None)).collect();
    if let Some((hub, peering)) = wiring.hub(vnet) {
        let borrowed = learned::learned(wiring, hub).into_iter().filter(|learned| {
            let kind = wiring.world.link(learned.link).kind;
            learned.owner != Node::Vnet(vnet) && wiring.is_full_gateway(hub, kind)
        });
        routes.extend(borrowed.map(|learned| from_gateway(wiring, &learned, Some((hub, peering)))));
    }
    routes
}

/// The routes of a VNet's machines, with those of a route table.
fn of_vnet(wiring: &Wiring<'_>, vnet: VnetIx, table: Option<&RouteTable>) -> Vec<Route> {
    let own = wiring.world.space(Node::Vnet(vnet));
    let mut routes: Vec<Route> = own_ranges(wiring, vnet).collect();
    for (ix, far, ..) in wiring.peerings(vnet) {
        routes.extend(peered(wiring, far, ix));
    }
    // Without propagation a subnet learns nothing from gateways (C3).
    if table.is_none_or(|table| table.propagates) {
        routes.extend(brought(wiring, vnet));
    }
    let user = table.map(|table| user_routes(wiring, vnet, table, &routes)).unwrap_or_default();
    routes.push(Route::system(Ipv4Net::default(), NextHop::Internet));
    // A default route to an appliance or a gateway takes all that nothing else matches, private ranges too (C12).
    let forced = |route: &Route| {
        let taken = matches!(route.next_hop, NextHop::VirtualAppliance | NextHop::VirtualNetworkGateway);
        taken && route.prefix.prefix_len() == 0 && route.is_active()
    };
    if !routes.iter().chain(&user).any(forced) {
        // A range that equals or contains a reserved one takes its place (C2).
        let dropped = reserved().into_iter().filter(|reserved| !own.iter().any(|range| range.contains(reserved)));
        routes.extend(dropped.map(|reserved| Route::system(reserved, NextHop::None)));
    }
    routes.extend(user);
    routes
}

/// The routes of a table as they stand in a VNet; `others` are what the tag `VirtualNetwork` stands for (C9, C15).
fn user_routes(wiring: &Wiring<'_>, vnet: VnetIx, table: &RouteTable, others: &[Route]) -> Vec<Route> {
    let mut routes = Vec::with_capacity(table.routes.len());
    for route in &table.routes {
        match route.destination {
            Destination::Prefix(prefix) => routes.push(user_route(wiring, vnet, prefix, route, rank::USER)),
            Destination::VirtualNetwork => {
                let mut prefixes: Vec<Ipv4Net> =
                    others.iter().filter(|route| route.is_active()).map(|route| route.prefix).collect();
                prefixes.sort_unstable();
                prefixes.dedup();
                routes.extend(prefixes.into_iter().map(|prefix| user_route(wiring, vnet, prefix, route, rank::TAG)));
            }
        }
    }
    routes
}

fn user_route(
    wiring: &Wiring<'_>,
    vnet: VnetIx,
    prefix: Ipv4Net,
    route: &UserRoute,
    rank: super::routes::Rank,
) -> Route {
    let base = |next_hop| Route { origin: Origin::User, rank, ..Route::system(prefix, next_hop) };
    match route.next_hop {
        UserNextHop::VnetLocal => Route { owner: Some(Node::Vnet(vnet)), ..base(NextHop::VnetLocal) },
        UserNextHop::Internet => base(NextHop::Internet),
        UserNextHop::None => base(NextHop::None),
        UserNextHop::Gateway => {
            let (to, link) = match gateway_for(wiring, vnet) {
                Some((hub, link)) => (Some(Node::Vnet(hub)), link),
                None => (None, None),
            };
            Route { to, link, ..base(NextHop::VirtualNetworkGateway) }
        }
        UserNextHop::Appliance(ip) => {
            let (to, link) = match home_of(wiring, vnet, ip) {
                Some((home, link)) => (Some(Node::Vnet(home)), link),
                None => (None, None),
            };
            Route { to, link, appliance: Some(ip), ..base(NextHop::VirtualAppliance) }
        }
    }
}

/// The VNet whose VPN gateway "virtual network gateway" means as a next hop: one's own, or the one that is used through
/// a peering. None where there is no VPN gateway, or an ExpressRoute gateway beside it (B57).
fn gateway_for(wiring: &Wiring<'_>, vnet: VnetIx) -> Option<(VnetIx, Option<LinkIx>)> {
    let world = wiring.world;
    let alone = |vnet| {
        world.gateway(vnet, GatewayKind::Vpn).is_some() && world.gateway(vnet, GatewayKind::Expressroute).is_none()
    };
    if world.vnet(vnet).gateways.is_empty() {
        let (hub, peering) = wiring.hub(vnet)?;
        (alone(hub) && world.carries(peering)).then_some((hub, Some(peering)))
    } else {
        alone(vnet).then_some((vnet, None))
    }
}

/// The VNet in which the address of a next hop lies: it must be reached directly, inside the VNet or over a peering (C4).
fn home_of(wiring: &Wiring<'_>, vnet: VnetIx, ip: std::net::Ipv4Addr) -> Option<(VnetIx, Option<LinkIx>)> {
    let holds = |vnet| wiring.world.space(Node::Vnet(vnet)).iter().any(|range| range.contains(&ip));
    if holds(vnet) {
        return Some((vnet, None));
    }
    let mut peerings = wiring.peerings(vnet).filter(|(ix, ..)| wiring.world.carries(*ix));
    peerings.find(|(_, far, ..)| holds(*far)).map(|(ix, far, ..)| (far, Some(ix)))
}

/// The routes of what arrives at the gateways of a VNet: into it, to the VNets it is peered with (C6, C8), on over its links
/// as far as the arrival allows (B21, B37, B38), and those of the `GatewaySubnet`'s own table.
fn of_gateway(wiring: &Wiring<'_>, vnet: VnetIx, arrival: Arrival) -> Vec<Route> {
    let mut routes: Vec<Route> = own_ranges(wiring, vnet).collect();
    for (ix, far, ..) in wiring.peerings(vnet) {
        routes.extend(peered(wiring, far, ix));
    }
    let told_by_bgp = |learned: &Learned| {
        let link = wiring.world.link(learned.link);
        wiring.speaks_bgp(link) || (link.kind == LinkKind::Vpn && learned.next.site().is_some())
    };
    let onward = learned::learned(wiring, vnet).into_iter().filter(|learned| match arrival {
        Arrival::Inside => true,
        Arrival::Bgp => told_by_bgp(learned),
        Arrival::Listed => wiring.speaks_bgp(wiring.world.link(learned.link)),
        Arrival::Link => false,
    });
    routes.extend(onward.map(|learned| from_gateway(wiring, &learned, None)));
    if let Some(table) = wiring.gateway_table(vnet) {
        let table = &wiring.world.topology().route_tables[table.at()];
        let user = user_routes(wiring, vnet, table, &routes);
        routes.extend(user);
    }
    routes
}

/// Where a site keeps and sends packets: its own prefixes, then its routes in their order. A route has the link it
/// leaves by, ExpressRoute before VPN as in C10; without a live link it is invalid. What the site learns by BGP from beyond
/// its neighbours comes after its routes (B38).
fn of_site(wiring: &Wiring<'_>, ix: SiteIx) -> Vec<Route> {
    let (world, node) = (wiring.world, Node::Site(ix));
    let site = world.site(ix);
    let own = site.prefixes.iter();
    let own = own.map(|prefix| Route { owner: Some(node), ..Route::system(*prefix, NextHop::VnetLocal) });
    let sent = site.routes.iter().map(|route| {
        let to = Node::Vnet(route.via);
        let leaving = wiring.links(node).filter(|(_, link)| link.joins(node, to));
        // Of two circuits the device is set to prefer the one the VNet prefers (B56).
        let best = leaving.min_by_key(|(ix, link)| {
            (!world.carries(*ix), link.kind != LinkKind::Expressroute, std::cmp::Reverse(link.weight))
        });
        let live = best.is_some_and(|(ix, _)| world.carries(ix)) && !site.prefixes.contains(&route.prefix);
        Route {
            to: Some(to),
            link: best.map(|(ix, _)| ix),
            origin: Origin::User,
            state: state(live),
            rank: rank::USER,
            ..Route::system(route.prefix, NextHop::VirtualNetworkGateway)
        }
    });
    let told = wiring.told.get(&ix).into_iter().flatten().map(|learned| from_gateway(wiring, learned, None));
    let mut routes: Vec<Route> = own.chain(sent).chain(told).collect();
    let rivals = rivals(world, node, &routes);
    routes.extend(rivals);
    routes
}

/// The other way for a prefix that a site learns twice over one circuit or device: its own route cannot tell the two
/// apart, so both lead there (B12, INV-1).
fn rivals(world: &World, site: Node, routes: &[Route]) -> Vec<Route> {
    let mut found = Vec::new();
    for Twice(ways) in learned_twice(world, world.links(), |link| world.passes(link), site) {
        let [wide, narrow] = ways.map(|way| way.prefix);
        let narrow = if wide.prefix_len() > narrow.prefix_len() { wide } else { narrow };
        for [way, other] in [ways, [ways[1], ways[0]]] {
            let sent = |route: &&Route| route.is_active() && route.to == Some(Node::Vnet(other.hub));
            let around = |route: &&Route| route.prefix.contains(&narrow);
            let longest = routes.iter().filter(around).max_by_key(|route| route.prefix.prefix_len()).filter(sent);
            let inside = routes.iter().filter(sent).filter(|route| !around(route) && narrow.contains(&route.prefix));
            for route in longest.into_iter().chain(inside) {
                let prefix = if around(&route) { narrow } else { route.prefix };
                if prefix != route.prefix {
                    found.push(Route { prefix, ..*route });
                }
                found.push(Route { prefix, to: Some(Node::Vnet(way.hub)), link: Some(way.link), ..*route });
            }
        }
    }
    found
}
