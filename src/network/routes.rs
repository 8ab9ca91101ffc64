//! Effective routes of a VNet and of a subnet, as Azure lists them (C1 to C8), and those of a site.
//!
//! `judge` is the one place where routes are selected. Reachability looks up the longest active prefix of what it
//! leaves, which gives the same winner as Azure's selection for every address: a gateway route that an own or peered
//! prefix covers is out (C8, C11), and of equal prefixes only the best rank stays (C7, C10).

use ipnet::Ipv4Net;
use strum::Display;

use super::wiring::{self, Wiring};
use crate::topology::{LinkIx, LinkKind, Node, SiteIx, SubnetIx, VnetIx};
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
    /// Another one wins, or its link carries nothing now.
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

impl Route {
    /// A system route without a link.
    fn system(prefix: Ipv4Net, next_hop: NextHop) -> Self {
        Self { prefix, next_hop, to: None, link: None, origin: Origin::Default, state: RouteState::Active }
    }

    /// Whether it wins for its prefix.
    pub fn is_active(&self) -> bool {
        self.state == RouteState::Active
    }
}

/// The ranges a VNet drops unless it owns them (C1).
pub(super) fn reserved() -> [Ipv4Net; 4] {
    [([10, 0, 0, 0], 8), ([172, 16, 0, 0], 12), ([192, 168, 0, 0], 16), ([100, 64, 0, 0], 10)]
        .map(|(network, length)| Ipv4Net::new_assert(network.into(), length))
}

/// The effective routes of a VNet, or of one of its subnets.
///
/// Listed in this order: the VNet's own ranges, peerings, gateways, the Internet, and what is dropped; within each the
/// order of the file. Links that do not exist now give no route. A link that is still being made, or that leads to a
/// region that is down, gives an invalid one. As no route tables are modelled, every subnet has the routes of its VNet
/// (C1, C3).
pub fn effective_routes(world: &World, vnet: VnetIx, _subnet: Option<SubnetIx>) -> Vec<Route> {
    of_node(&Wiring::of(world), Node::Vnet(vnet))
}

/// The routes of a network, judged.
pub(super) fn of_node(wiring: &Wiring<'_>, node: Node) -> Vec<Route> {
    let mut routes = match node {
        Node::Vnet(vnet) => of_vnet(wiring, vnet),
        Node::Site(site) => of_site(wiring, site),
    };
    judge(wiring.world, &mut routes);
    routes
}

fn of_vnet(wiring: &Wiring<'_>, vnet: VnetIx) -> Vec<Route> {
    let (world, node) = (wiring.world, Node::Vnet(vnet));
    let own = &world.vnet(vnet).address_space;
    let mut routes: Vec<Route> = own.iter().map(|range| Route::system(*range, NextHop::VnetLocal)).collect();
    let links: Vec<_> = wiring.links(node).filter_map(|(ix, link)| Some((ix, link, link.other(node)?))).collect();
    let mut offer = |to: Node, link: LinkIx, next_hop: NextHop, live: bool| {
        let origin = if next_hop == NextHop::VnetPeering { Origin::Default } else { Origin::Gateway };
        let state = if live { RouteState::Active } else { RouteState::Invalid };
        let space = crate::topology::overlap::Spaces::space(world, to);
        routes.extend(space.iter().map(|prefix| Route {
            prefix: *prefix,
            next_hop,
            to: Some(to),
            link: Some(link),
            origin,
            state,
        }));
    };
    for (ix, link, far) in links.iter().filter(|(_, link, _)| link.kind == LinkKind::Peering) {
        offer(*far, *ix, NextHop::VnetPeering, wiring::live(world, link));
    }
    for (ix, link, far) in links.iter().filter(|(_, link, _)| link.kind != LinkKind::Peering) {
        let live = wiring::live(world, link);
        offer(*far, *ix, NextHop::VirtualNetworkGateway, live);
        if world.topology().policy.expressroute_vnet_to_vnet {
            for (mate, other) in wiring.circuit_mates(node, link) {
                offer(mate, *ix, NextHop::VirtualNetworkGateway, live && wiring::live(world, other));
            }
        }
    }
    routes.push(Route::system(Ipv4Net::default(), NextHop::Internet));
    // A range that equals or contains a reserved one takes its place (C2).
    let dropped = reserved().into_iter().filter(|reserved| !own.iter().any(|range| range.contains(reserved)));
    routes.extend(dropped.map(|reserved| Route::system(reserved, NextHop::None)));
    routes
}

/// Where a site keeps and sends packets: its own prefixes, then its routes in their order. A route has the link it
/// leaves by, ExpressRoute before VPN as in C10; without a live link it is invalid.
fn of_site(wiring: &Wiring<'_>, site: SiteIx) -> Vec<Route> {
    let (world, node) = (wiring.world, Node::Site(site));
    let site = world.site(site);
    let own = site.prefixes.iter().map(|prefix| Route::system(*prefix, NextHop::VnetLocal));
    let sent = site.routes.iter().map(|route| {
        let to = Node::Vnet(route.via);
        let leaving = wiring.links(node).filter(|(_, link)| link.joins(node, to));
        let best = leaving.min_by_key(|(_, link)| (!wiring::live(world, link), link.kind != LinkKind::Expressroute));
        let live = best.is_some_and(|(_, link)| wiring::live(world, link)) && !site.prefixes.contains(&route.prefix);
        Route {
            prefix: route.prefix,
            next_hop: NextHop::VirtualNetworkGateway,
            to: Some(to),
            link: best.map(|(ix, _)| ix),
            origin: Origin::User,
            state: if live { RouteState::Active } else { RouteState::Invalid },
        }
    });
    own.chain(sent).collect()
}

/// The rank of a route among those of the same prefix: user-defined, then the system's own and peered ranges, then
/// ExpressRoute, then VPN, then the rest of the system's (C7, C8, C10, C11).
pub(super) fn rank(world: &World, route: &Route) -> u8 {
    let over_expressroute = || route.link.is_some_and(|link| world.link(link).kind == LinkKind::Expressroute);
    match (route.origin, route.next_hop) {
        (Origin::User, _) => 0,
        (_, NextHop::VnetLocal) => 1,
        (_, NextHop::VnetPeering) => 2,
        (Origin::Gateway, _) if over_expressroute() => 3,
        (Origin::Gateway, _) => 4,
        (Origin::Default, _) => 5,
    }
}

/// Whether nothing a gateway brings can win inside this route's prefix (C8, C11).
pub(super) fn shields(route: &Route) -> bool {
    matches!(route.next_hop, NextHop::VnetLocal | NextHop::VnetPeering)
}

/// Orders prefixes by where they begin, the wider first.
pub(super) fn by_place(prefix: &Ipv4Net) -> u64 {
    (u64::from(u32::from(prefix.network())) << 8) | u64::from(prefix.prefix_len())
}

/// Makes every route invalid that no address selects: one of equal prefix has a better rank (C7, C10), or it comes
/// from a gateway and an own or peered range covers it (C8, C11).
fn judge(world: &World, routes: &mut [Route]) {
    let mut order: Vec<(u64, u8, usize)> = routes
        .iter()
        .enumerate()
        .filter(|(_, route)| route.is_active())
        .map(|(at, route)| (by_place(&route.prefix), rank(world, route), at))
        .collect();
    order.sort_unstable();
    let mut covered_to = None;
    let mut best = None;
    for (place, rank, at) in order {
        let route = &mut routes[at];
        let last = u32::from(route.prefix.broadcast());
        let covered = covered_to.is_some_and(|end| last <= end) && route.origin == Origin::Gateway;
        let beaten = best.is_some_and(|(prefix, first)| prefix == place && first < rank);
        if covered || beaten {
            route.state = RouteState::Invalid;
            continue;
        }
        best = Some((place, rank));
        if shields(route) {
            covered_to = covered_to.max(Some(last));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::sample::Sample;
    use crate::topology::LinkState;

    /// The routes of a VNet as lines: prefix, next hop, where to, origin, state.
    fn listed(sample: &Sample, vnet: VnetIx) -> Vec<String> {
        let world = sample.world();
        let line = |route: &Route| {
            let to = route.to.map_or("-", |to| world.node_id(to));
            format!("{} {} {to} {} {}", route.prefix, route.next_hop, route.origin, route.state)
        };
        effective_routes(&world, vnet, None).iter().map(line).collect()
    }

    const TAIL: [&str; 5] = [
        "0.0.0.0/0 internet - default active",
        "10.0.0.0/8 none - default active",
        "172.16.0.0/12 none - default active",
        "192.168.0.0/16 none - default active",
        "100.64.0.0/10 none - default active",
    ];

    fn with_tail(head: &[&str]) -> Vec<String> {
        head.iter().chain(&TAIL).map(|line| (*line).to_owned()).collect()
    }

    /// Azure VNet beside the source and recovery VNets of one space, with the given links from it.
    fn phase(links: &[(LinkState, LinkKind, &str)]) -> Vec<String> {
        let mut sample = Sample::new();
        let source = sample.vnet("source", 0, &["10.1.0.0/16"]);
        let recovery = sample.vnet("recovery", 1, &["10.1.0.0/16"]);
        let azure = sample.vnet("azure", 1, &["10.2.0.0/16"]);
        for (state, kind, far) in links {
            let far = if *far == "source" { source } else { recovery };
            sample.link_in(*state, *kind, Node::Vnet(far), Node::Vnet(azure));
        }
        listed(&sample, azure)
    }

    #[test]
    fn the_four_phases_of_a_failover_have_the_routes_of_the_worked_table_c3() {
        use LinkState::{Absent, Connected};
        let local = "10.2.0.0/16 vnet-local - default active";
        assert_eq!(
            phase(&[(Connected, LinkKind::Vpn, "source")]),
            with_tail(&[local, "10.1.0.0/16 virtual-network-gateway source gateway active"])
        );
        assert_eq!(phase(&[(Absent, LinkKind::Vpn, "source")]), with_tail(&[local]));
        let peered = "10.1.0.0/16 vnet-peering recovery default active";
        assert_eq!(
            phase(&[(Absent, LinkKind::Vpn, "source"), (Connected, LinkKind::Peering, "recovery")]),
            with_tail(&[local, peered])
        );
        assert_eq!(
            phase(&[(Connected, LinkKind::Vpn, "source"), (Connected, LinkKind::Peering, "recovery")]),
            with_tail(&[local, peered, "10.1.0.0/16 virtual-network-gateway source gateway invalid"]),
            "B13"
        );
    }

    #[test]
    fn subnet_1_of_azures_routing_overview_has_its_system_peering_and_gateway_rows_c1_to_c5() {
        let mut sample = Sample::new();
        let vnet = sample.vnet("virtual-network-1", 0, &["10.0.0.0/16"]);
        let peer = sample.vnet("virtual-network-2", 0, &["10.1.0.0/16", "10.2.0.0/16"]);
        let site = sample.site("on-premises", &["10.10.0.0/16"]);
        sample.link(LinkKind::Peering, Node::Vnet(vnet), Node::Vnet(peer));
        sample.link(LinkKind::Vpn, Node::Vnet(vnet), Node::Site(site));
        let head = [
            "10.0.0.0/16 vnet-local - default active",
            "10.1.0.0/16 vnet-peering virtual-network-2 default active",
            "10.2.0.0/16 vnet-peering virtual-network-2 default active",
            "10.10.0.0/16 virtual-network-gateway on-premises gateway active",
        ];
        assert_eq!(listed(&sample, vnet), with_tail(&head));
        let subnet = sample.0.vnets[vnet.at()].subnets[0];
        let world = sample.world();
        assert_eq!(effective_routes(&world, vnet, Some(subnet)), effective_routes(&world, vnet, None));
    }

    #[test]
    fn a_space_equal_to_or_around_a_reserved_range_takes_its_place_and_one_inside_does_not_c2() {
        let dropped = |space: &[&str]| -> Vec<String> {
            let mut sample = Sample::new();
            let vnet = sample.vnet("only", 0, space);
            let routes = effective_routes(&sample.world(), vnet, None);
            let none = routes.iter().filter(|route| route.next_hop == NextHop::None);
            none.map(|route| route.prefix.to_string()).collect()
        };
        let all = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];
        assert_eq!(dropped(&["10.1.0.0/16"]), all, "inside");
        assert_eq!(dropped(&["20.0.0.0/16"]), all, "public");
        assert_eq!(dropped(&["10.0.0.0/8"]), all[1..], "equal");
        assert_eq!(dropped(&["192.0.0.0/8", "172.16.0.0/12"]), [all[0], all[3]], "around, and equal");
    }

    #[test]
    fn no_more_specific_gateway_route_pulls_traffic_out_of_an_own_or_peered_range_c8_c11() {
        let mut sample = Sample::new();
        let vnet = sample.vnet("hub", 0, &["10.1.0.0/16"]);
        let peer = sample.vnet("peer", 0, &["10.2.0.0/16"]);
        let site = sample.site("site", &["10.1.1.0/24", "10.2.3.0/24", "10.0.0.0/12", "192.168.0.0/16"]);
        sample.link(LinkKind::Vpn, Node::Vnet(vnet), Node::Site(site));
        sample.link(LinkKind::Peering, Node::Vnet(vnet), Node::Vnet(peer));
        let gateway: Vec<_> = listed(&sample, vnet).into_iter().filter(|line| line.contains("gateway")).collect();
        let states: Vec<_> = gateway.iter().map(|line| line.ends_with(" active")).collect();
        assert_eq!(states, [false, false, true, true], "{gateway:?}");
    }

    #[test]
    fn a_gateway_route_replaces_an_equal_system_route_c7_c12() {
        let mut sample = Sample::new();
        let vnet = sample.vnet("hub", 0, &["10.1.0.0/16"]);
        let site = sample.site("site", &["192.168.0.0/16"]);
        sample.link(LinkKind::Vpn, Node::Vnet(vnet), Node::Site(site));
        let lines = listed(&sample, vnet);
        assert!(lines.contains(&"192.168.0.0/16 virtual-network-gateway site gateway active".to_owned()));
        assert!(lines.contains(&"192.168.0.0/16 none - default invalid".to_owned()), "{lines:?}");
    }

    #[test]
    fn expressroute_beats_vpn_for_one_prefix_c10_b55() {
        let mut sample = Sample::new();
        let vnet = sample.vnet("hub", 0, &["10.1.0.0/16"]);
        let site = sample.site("site", &["192.168.0.0/16"]);
        sample.link(LinkKind::Vpn, Node::Vnet(vnet), Node::Site(site));
        sample.link(LinkKind::Expressroute, Node::Vnet(vnet), Node::Site(site));
        let world = sample.world();
        let routes = effective_routes(&world, vnet, None);
        let active: Vec<_> = routes.iter().filter(|route| route.link.is_some() && route.is_active()).collect();
        assert_eq!(active.len(), 1);
        assert_eq!(active[0].link, Some(LinkIx(1)));
    }

    #[test]
    fn a_link_that_is_being_made_gives_an_invalid_route_b15_b35() {
        let gateway = "10.1.0.0/16 virtual-network-gateway source gateway invalid";
        assert_eq!(phase(&[(LinkState::Pending, LinkKind::Vpn, "source")])[1], gateway);
    }

    #[test]
    fn vnets_on_one_circuit_see_each_other_only_where_the_policy_says_so_b54() {
        let mut sample = Sample::new();
        let (a, b) = (sample.vnet("a", 0, &["10.1.0.0/16"]), sample.vnet("b", 1, &["10.2.0.0/16"]));
        let site = sample.site("site", &["192.168.0.0/16"]);
        sample.link(LinkKind::Expressroute, Node::Vnet(a), Node::Site(site));
        sample.link(LinkKind::Expressroute, Node::Site(site), Node::Vnet(b));
        let across = "10.2.0.0/16 virtual-network-gateway b gateway active".to_owned();
        assert!(!listed(&sample, a).contains(&across));
        sample.0.policy.expressroute_vnet_to_vnet = true;
        assert!(listed(&sample, a).contains(&across));
    }
}
