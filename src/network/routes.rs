//! Effective routes of a VNet and of a subnet, as Azure lists them (C1 to C8), and those of a site.
//!
//! `judge` is the one place where routes are selected. Reachability looks up the longest active prefix of what it
//! leaves, which gives the same winner as Azure's selection for every address: a gateway route that an own or peered
//! prefix covers is out (C8, C11), and of equal prefixes only the best rank stays (C7, C10).

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use strum::Display;

use super::offers;
use super::router::{Arrival, Router};
use super::wiring::Wiring;
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
    /// Another one wins, or its link carries nothing now.
    Invalid,
}

/// How a route ranks among those of the same prefix, the lower first.
pub(super) type Rank = (u8, u32);

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
    /// The address of the appliance it is handed to.
    pub appliance: Option<Ipv4Addr>,
    /// Who made it.
    pub origin: Origin,
    /// Whether it is used.
    pub state: RouteState,
    /// The network that owns the prefix, as far as the route knows.
    pub owner: Option<Node>,
    /// User-defined first, then the system's own and peered ranges, then ExpressRoute, then VPN, then the rest of the
    /// system's (C7 to C11).
    pub(super) rank: Rank,
}

impl Route {
    /// A system route without a link.
    pub(super) fn system(prefix: Ipv4Net, next_hop: NextHop) -> Self {
        let rank = if next_hop == NextHop::VnetLocal { rank::LOCAL } else { rank::LAST };
        Self {
            prefix,
            next_hop,
            to: None,
            link: None,
            appliance: None,
            origin: Origin::Default,
            state: RouteState::Active,
            owner: None,
            rank,
        }
    }

    /// By what link it leaves, where the type of its next hop leaves that open: `VPN`, `ExpressRoute over Hong Kong`.
    pub fn means(&self, world: &World) -> Option<String> {
        let link = self.link.filter(|_| self.next_hop == NextHop::VirtualNetworkGateway)?;
        let link = world.link(link);
        Some(world.means(link.kind, link.circuit))
    }

    /// Whether it wins for its prefix.
    pub fn is_active(&self) -> bool {
        self.state == RouteState::Active
    }
}

/// The ranks of routes (C7 to C11).
pub(super) mod rank {
    use super::Rank;
    use crate::topology::{Link, LinkKind};

    /// A route of a table, or of a site.
    pub const USER: Rank = (0, 0);
    /// A route of a table for a tag: an explicit one of the same prefix comes before it (C9).
    pub const TAG: Rank = (0, 1);
    /// An own range of the VNet.
    pub const LOCAL: Rank = (1, 0);
    /// A range of a peer (C8, C11).
    pub const PEERED: Rank = (2, 0);
    /// The class of what ExpressRoute brings.
    pub const EXPRESSROUTE: u8 = 3;
    /// What the system does with the rest.
    pub const LAST: Rank = (5, 0);

    /// What a gateway learned: ExpressRoute first, of several the one of the highest weight (B56); then VPN, of several
    /// the one with the shortest AS path (C10).
    pub fn learned(link: &Link, steps: u32) -> Rank {
        match link.kind {
            LinkKind::Expressroute => (EXPRESSROUTE, u32::MAX - link.weight),
            _ => (4, steps),
        }
    }
}

/// The ranges a VNet drops unless it owns them (C1).
pub(super) fn reserved() -> [Ipv4Net; 4] {
    [([10, 0, 0, 0], 8), ([172, 16, 0, 0], 12), ([192, 168, 0, 0], 16), ([100, 64, 0, 0], 10)]
        .map(|(network, length)| Ipv4Net::new_assert(network.into(), length))
}

/// The effective routes of a VNet, or of one of its subnets.
///
/// Listed in this order: the VNet's own ranges, peerings, gateways, the Internet, what is dropped, and the routes of a
/// table; within each the order of the file. Links that do not exist now give no route. A link that is still being made,
/// or that leads to a region that is down, gives an invalid one. Without a subnet they are those of the subnets that
/// have no route table (C1 to C5).
pub fn effective_routes(world: &World, vnet: VnetIx, subnet: Option<SubnetIx>) -> Vec<Route> {
    let router = match subnet {
        Some(subnet) if !world.subnet(subnet).hosts_vms() && world.subnet(subnet).route_table.is_some() => {
            Router::Gateway(vnet, Arrival::Inside)
        }
        Some(subnet) => Router::of_subnet(world, subnet),
        None => Router::Network(Node::Vnet(vnet)),
    };
    of_router(&Wiring::of(world), router)
}

/// The routes a router asks, judged.
pub(super) fn of_router(wiring: &Wiring<'_>, router: Router) -> Vec<Route> {
    let mut routes = offers::of(wiring, router);
    judge(&mut routes);
    routes
}

/// Whether nothing a gateway brings can win inside this route's prefix (C8, C11). On premises the longer prefix wins (B11).
pub(super) fn shields(route: &Route) -> bool {
    let of_site = route.owner.is_some_and(|owner| owner.site().is_some());
    route.origin == Origin::Default && !of_site && matches!(route.next_hop, NextHop::VnetLocal | NextHop::VnetPeering)
}

/// Orders prefixes by where they begin, the wider first.
pub(super) fn by_place(prefix: &Ipv4Net) -> u64 {
    u64::from(u32::from(prefix.network())) << 8 | u64::from(prefix.prefix_len())
}

/// Decides among the routes whose links are up: the best rank of each prefix, and no gateway route inside an own or
/// peered prefix (C5 to C11), whether that prefix itself won or lost against a user-defined route.
fn judge(routes: &mut [Route]) {
    let mut order: Vec<(u64, Rank, usize)> = routes
        .iter()
        .enumerate()
        .filter(|(_, route)| route.is_active())
        .map(|(at, route)| (by_place(&route.prefix), route.rank, at))
        .collect();
    order.sort_unstable();
    let mut covered_to = None;
    let mut best = None;
    for (place, rank, at) in order {
        let route = &mut routes[at];
        let last = u32::from(route.prefix.broadcast());
        let covered = covered_to.is_some_and(|end| last <= end) && route.origin == Origin::Gateway;
        let beaten = best.is_some_and(|(prefix, first)| prefix == place && first < rank);
        if shields(route) {
            covered_to = covered_to.max(Some(last));
        }
        if covered || beaten {
            route.state = RouteState::Invalid;
        } else {
            best = Some((place, rank));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::sample::Sample;
    use crate::topology::{LinkKind, LinkState};

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
    fn of_two_circuits_the_connection_of_higher_weight_wins_b56() {
        let mut sample = Sample::new();
        let vnet = sample.vnet("hub", 0, &["10.1.0.0/16"]);
        let site = sample.site("site", &["192.168.0.0/16"]);
        for weight in [10, 100] {
            sample.link(LinkKind::Expressroute, Node::Vnet(vnet), Node::Site(site));
            sample.0.links.last_mut().expect("a link").weight = weight;
        }
        let world = sample.world();
        let routes = effective_routes(&world, vnet, None);
        let active: Vec<_> = routes.iter().filter(|route| route.link.is_some() && route.is_active()).collect();
        assert_eq!(active.iter().map(|route| route.link).collect::<Vec<_>>(), [Some(LinkIx(1))]);
    }

    #[test]
    fn gateways_learn_by_bgp_over_the_shortest_way_and_never_what_they_own_b38_c10() {
        let mut sample = Sample::new();
        let spaces = ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16", "10.4.0.0/16"];
        let vnets: Vec<VnetIx> = (0..4).map(|at| sample.vnet(&format!("v{at}"), 0, &[spaces[at]])).collect();
        for (at, vnet) in vnets.iter().enumerate() {
            sample.0.vnets[vnet.at()].gateways[0].asn = Some(65_010 + at as u32);
        }
        for (a, b) in [(0, 1), (1, 2), (2, 3), (3, 0)] {
            sample.link(LinkKind::Vpn, Node::Vnet(vnets[a]), Node::Vnet(vnets[b]));
            sample.0.links.last_mut().expect("a link").bgp = true;
        }
        let learned = |sample: &Sample| -> Vec<String> {
            listed(sample, vnets[0]).into_iter().filter(|line| line.contains("gateway")).collect()
        };
        let direct = [
            "10.2.0.0/16 virtual-network-gateway v1 gateway active",
            "10.4.0.0/16 virtual-network-gateway v3 gateway active",
        ];
        let beyond = "10.3.0.0/16 virtual-network-gateway v1 gateway active";
        assert_eq!(learned(&sample), [direct[0], direct[1], beyond], "its own range does not come back");
        sample.0.vnets[vnets[2].at()].gateways[0].asn = Some(65_010);
        assert_eq!(learned(&sample), direct, "an announcement never comes twice to one number (B39)");
        sample.0.vnets[vnets[2].at()].gateways[0].asn = Some(65_012);
        sample.0.links[1].bgp = false;
        sample.0.links[2].bgp = false;
        assert_eq!(learned(&sample), direct, "without BGP on all of them nothing is passed on (B37)");
    }

    #[test]
    fn a_basic_gateway_serves_no_spoke_b21_b32() {
        let mut sample = Sample::new();
        let hub = sample.vnet("hub", 0, &["10.1.0.0/16"]);
        let spoke = sample.vnet("spoke", 0, &["10.2.0.0/16"]);
        let site = sample.site("site", &["192.168.0.0/16"]);
        sample.0.vnets[spoke.at()].gateways.clear();
        sample.link(LinkKind::Vpn, Node::Vnet(hub), Node::Site(site));
        sample.link(LinkKind::Peering, Node::Vnet(hub), Node::Vnet(spoke));
        sample.0.links[1].halves[0].gateway_transit = true;
        sample.0.links[1].halves[1].remote_gateways = true;
        let borrowed = "192.168.0.0/16 virtual-network-gateway hub gateway active".to_owned();
        assert!(listed(&sample, spoke).contains(&borrowed));
        sample.0.vnets[hub.at()].gateways[0].sku = Some("Basic".into());
        assert!(!listed(&sample, spoke).contains(&borrowed));
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
