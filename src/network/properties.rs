//! What holds in every world: properties over random topologies, their links and machines.

use std::net::Ipv4Addr;

use proptest::prelude::*;

use super::party::{self, Party};
use super::sample::Sample;
use super::{Delivery, Network, Route, VerdictCode, effective_routes, explain, needs, path};
use crate::topology::policy::ForwardedTrafficOff;
use crate::topology::{
    Destination, Direction, Peers, RouteTable, RouteTableIx, SecurityGroup, SecurityGroupIx, SecurityRule, UserNextHop,
    UserRoute,
};
use crate::topology::{
    Endpoint, LinkIx, LinkKind, LinkState, Node, RegionIx, SiteIx, SubnetIx, Topology, VmIx, VnetIx,
};
use crate::world::{Change, Subject, World};

/// Address spaces that nest, repeat and lie apart, public and reserved ones among them.
const SPACES: [&str; 8] = [
    "10.1.0.0/16",
    "10.2.0.0/16",
    "10.1.0.0/16",
    "10.0.0.0/8",
    "10.2.128.0/17",
    "192.168.0.0/16",
    "20.0.0.0/16",
    "172.16.0.0/12",
];
const STATES: [LinkState; 4] = [LinkState::Connected, LinkState::Connected, LinkState::Pending, LinkState::Absent];
const KINDS: [LinkKind; 3] = [LinkKind::Vpn, LinkKind::Peering, LinkKind::Expressroute];

/// What a random topology is made of; numbers are taken modulo what they choose from.
#[derive(Debug, Clone)]
struct Seeds {
    vnets: Vec<(usize, usize)>,
    sites: Vec<usize>,
    links: Vec<(usize, usize, usize, usize)>,
    routes: Vec<(usize, usize, usize)>,
    vms: Vec<(usize, u8)>,
    across_circuit: bool,
}

fn seeds() -> impl Strategy<Value = Seeds> {
    let n = 0..64usize;
    (
        prop::collection::vec((n.clone(), n.clone()), 1..6),
        prop::collection::vec(n.clone(), 0..3),
        prop::collection::vec((n.clone(), n.clone(), n.clone(), n.clone()), 0..10),
        prop::collection::vec((n.clone(), n.clone(), n.clone()), 0..4),
        prop::collection::vec((n, 4..9u8), 1..10),
        any::<bool>(),
    )
        .prop_map(|(vnets, sites, links, routes, vms, across_circuit)| Seeds {
            vnets,
            sites,
            links,
            routes,
            vms,
            across_circuit,
        })
}

fn topology(seeds: &Seeds) -> Topology {
    let mut sample = Sample::new();
    sample.0.policy.expressroute_vnet_to_vnet = seeds.across_circuit;
    for (at, (space, region)) in seeds.vnets.iter().enumerate() {
        sample.vnet(&format!("vnet-{at}"), region % 2, &[SPACES[space % SPACES.len()]]);
    }
    for (at, space) in seeds.sites.iter().enumerate() {
        sample.site(&format!("site-{at}"), &[SPACES[space % SPACES.len()]]);
    }
    let (vnets, sites) = (seeds.vnets.len(), seeds.sites.len());
    let node = |at: usize| match at % (vnets + sites) {
        at if at < vnets => Node::Vnet(VnetIx::new(at)),
        at => Node::Site(SiteIx::new(at - vnets)),
    };
    for (a, b, kind, state) in &seeds.links {
        let (a, b) = (node(*a), node(*b));
        if a != b {
            sample.link_in(STATES[state % 4], KINDS[kind % 3], a, b);
        }
    }
    for (site, space, via) in seeds.routes.iter().filter(|_| sites > 0) {
        sample.route(SiteIx::new(site % sites), SPACES[space % SPACES.len()], VnetIx::new(via % vnets));
    }
    for (at, (vnet, host)) in seeds.vms.iter().enumerate() {
        let vnet = VnetIx::new(vnet % vnets);
        let range = sample.0.vnets[vnet.at()].address_space[0];
        let ip = Ipv4Addr::from(u32::from(range.network()) + u32::from(*host));
        let subnet = sample.0.vnets[vnet.at()].subnets[0];
        if sample.0.vms.iter().all(|vm| (vm.subnet, vm.ip) != (subnet, ip)) {
            sample.vm(&format!("vm-{at}"), vnet, &ip.to_string());
        }
    }
    sample.0
}

/// A route table: the subnet that has it, whether it propagates, and its routes by destination and next hop.
type TableSeed = (usize, bool, Vec<(usize, usize)>);
/// A security group: where it is, whether that is a NIC, and its rules: inbound, allow, peers, ports.
type GroupSeed = (usize, bool, Vec<(bool, bool, usize, u16)>);

/// What a random topology has beyond links: route tables, security groups, settings of links, machines that forward.
#[derive(Debug, Clone)]
struct Extras {
    /// For each link in turn whether it uses BGP, and the settings of its halves, bit by bit.
    links: Vec<u16>,
    tables: Vec<TableSeed>,
    groups: Vec<GroupSeed>,
    forwards: u16,
    drops_forwarded: bool,
}

fn extras() -> impl Strategy<Value = Extras> {
    let n = 0..64usize;
    let route = (n.clone(), n.clone());
    let rule = (any::<bool>(), any::<bool>(), n.clone(), 1..4u16);
    (
        prop::collection::vec(any::<u16>(), 1..10),
        prop::collection::vec((n.clone(), any::<bool>(), prop::collection::vec(route, 0..4)), 0..3),
        prop::collection::vec((n, any::<bool>(), prop::collection::vec(rule, 0..3)), 0..3),
        any::<u16>(),
        any::<bool>(),
    )
        .prop_map(|(links, tables, groups, forwards, drops_forwarded)| Extras {
            links,
            tables,
            groups,
            forwards,
            drops_forwarded,
        })
}

fn rich(seeds: &Seeds, extras: &Extras) -> Topology {
    let mut topology = topology(seeds);
    topology.policy.forwarded_traffic_off =
        if extras.drops_forwarded { ForwardedTrafficOff::Blocks } else { ForwardedTrafficOff::NarrowsTag };
    for (at, vnet) in topology.vnets.iter_mut().enumerate() {
        vnet.gateways.iter_mut().for_each(|gateway| gateway.asn = (at % 3 > 0).then_some(65_000 + at as u32 / 2));
    }
    for (at, link) in topology.links.iter_mut().enumerate() {
        let bits = extras.links[at % extras.links.len()];
        let bit = |place: u32| bits >> place & 1 == 1;
        link.bgp = link.kind == LinkKind::Vpn && bit(0);
        link.weight = u32::from(bits >> 1 & 3);
        for (side, half) in link.halves.iter_mut().enumerate().filter(|_| link.kind == LinkKind::Peering) {
            half.access = bit(3);
            half.forwarded_traffic = bit(4);
            half.gateway_transit = bit(5) && (side == 0) == bit(7);
            half.remote_gateways = bit(6) && (side == 1) == bit(7);
        }
    }
    let hosts: Vec<Ipv4Addr> = topology.vms.iter().map(|vm| vm.ip).collect();
    for (at, vm) in topology.vms.iter_mut().enumerate() {
        vm.forwards = extras.forwards >> (at % 16) & 1 == 1;
    }
    for (subnet, propagates, routes) in &extras.tables {
        let hop = |at: usize| match at % 8 {
            0 => UserNextHop::Gateway,
            1 => UserNextHop::VnetLocal,
            2 => UserNextHop::None,
            3 => UserNextHop::Internet,
            _ => UserNextHop::Appliance(hosts[at % hosts.len()]),
        };
        let route = |(prefix, at): &(usize, usize)| UserRoute {
            destination: match prefix % (SPACES.len() + 2) {
                at if at < SPACES.len() => Destination::Prefix(SPACES[at].parse().unwrap()),
                8 => Destination::Prefix(ipnet::Ipv4Net::default()),
                _ => Destination::VirtualNetwork,
            },
            next_hop: hop(*at),
        };
        topology.route_tables.push(RouteTable {
            id: format!("table-{}", topology.route_tables.len()),
            title: String::new(),
            routes: routes.iter().map(route).collect(),
            propagates: *propagates,
        });
        let subnet = subnet % topology.subnets.len();
        topology.subnets[subnet].route_table = Some(RouteTableIx::new(topology.route_tables.len() - 1));
    }
    for (place, on_nic, rules) in &extras.groups {
        let group = SecurityGroupIx::new(topology.security_groups.len());
        let rule = |(at, (inbound, allow, prefix, ports)): (usize, &(bool, bool, usize, u16))| SecurityRule {
            name: format!("rule-{at}"),
            priority: 100 + at as u32,
            direction: if *inbound { Direction::Inbound } else { Direction::Outbound },
            source: if *inbound { Peers::Ranges(vec![SPACES[prefix % 8].parse().unwrap()]) } else { Peers::Any },
            destination: if *inbound { Peers::Any } else { Peers::Ranges(vec![SPACES[prefix % 8].parse().unwrap()]) },
            ports: if *ports == 1 { Vec::new() } else { vec![(1, *ports * 20_000)] },
            allow: *allow,
        };
        let mut rules: Vec<SecurityRule> = rules.iter().enumerate().map(rule).collect();
        rules.sort_by_key(|rule| (rule.direction, rule.priority));
        topology.security_groups.push(SecurityGroup { id: format!("{group:?}"), title: String::new(), rules });
        if *on_nic && !topology.vms.is_empty() {
            let vm = place % topology.vms.len();
            topology.vms[vm].security_group = Some(group);
        } else {
            let subnet = place % topology.subnets.len();
            topology.subnets[subnet].security_group = Some(group);
        }
    }
    topology
}

fn world(topology: Topology) -> World {
    Sample(topology).world()
}

fn endpoints(world: &World) -> Vec<Endpoint> {
    let vms = (0..world.topology().vms.len()).map(|at| Endpoint::Vm(VmIx::new(at)));
    vms.chain((0..world.sites().len()).map(|at| Endpoint::Site(SiteIx::new(at)))).collect()
}

/// Azure's selection as C.2 writes it, route by route, for one address; several where Azure prefers none.
fn selected(
    routes: &[Route],
    live: impl Fn(&Route) -> bool,
    rank: impl Fn(&Route) -> (u8, u32),
    ip: Ipv4Addr,
) -> Vec<Route> {
    let mut left: Vec<Route> =
        routes.iter().filter(|route| live(route) && route.prefix.contains(&ip)).copied().collect();
    let shielding = left.iter().filter(|route| super::routes::shields(route));
    if let Some(best) = shielding.max_by_key(|route| route.prefix.prefix_len()).copied() {
        left.retain(|route| route.origin != super::Origin::Gateway || !best.prefix.contains(&route.prefix));
    }
    let longest = left.iter().map(|route| route.prefix.prefix_len()).max();
    left.retain(|route| Some(route.prefix.prefix_len()) == longest);
    let best = left.iter().map(&rank).min();
    left.retain(|route| Some(rank(route)) == best);
    left
}

/// Addresses at and around every border of the spaces.
fn probes() -> Vec<Ipv4Addr> {
    let nets = SPACES.iter().map(|space| space.parse::<ipnet::Ipv4Net>().unwrap());
    let borders = nets.flat_map(|net| {
        let (first, last) = (u32::from(net.network()), u32::from(net.broadcast()));
        [first.wrapping_sub(1), first, first + 5, last, last.wrapping_add(1)]
    });
    borders.map(Ipv4Addr::from).chain([Ipv4Addr::UNSPECIFIED, Ipv4Addr::BROADCAST]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_tables_deliver_as_azures_selection_does_for_every_address_c6_to_c11(seeds in seeds()) {
        let world = world(topology(&seeds));
        let network = Network::of(&world);
        for vnet in (0..world.vnets().len()).map(VnetIx::new) {
            let routes = effective_routes(&world, vnet, None);
            let live = |route: &Route| {
                route.link.is_none_or(|link| world.carries(link))
                    && (route.state == super::RouteState::Active || !seeds.across_circuit)
            };
            for ip in probes() {
                let winners = selected(&routes, live, |route| route.rank, ip);
                let mut ends: Vec<_> = winners.iter().map(|route| route.to.unwrap_or(Node::Vnet(vnet))).collect();
                ends.dedup();
                match network.delivery(Node::Vnet(vnet), ip) {
                    Delivery::Delivered(to) => prop_assert_eq!(ends, vec![to]),
                    Delivery::Ambiguous => prop_assert!(ends.len() > 1),
                    Delivery::Dropped => prop_assert_eq!(winners[0].next_hop, super::NextHop::None),
                    Delivery::Internet => prop_assert_eq!(winners[0].next_hop, super::NextHop::Internet),
                    other => prop_assert!(false, "a VNet has a route for everything, but {:?}", other),
                }
                let winner = path::winner(&routes, ip).copied();
                prop_assert!(winner.is_some_and(|winner| winners.contains(&winner)));
            }
        }
    }

    #[test]
    fn reaching_is_explained_as_reachable_exactly_where_it_holds_and_mutual_where_nothing_filters(
        seeds in seeds(),
        extras in extras(),
        down in 0..4usize,
    ) {
        let down: Vec<_> = (0..2).filter(|region| *region == down).map(RegionIx::new).collect();
        let world = world(rich(&seeds, &extras)).altered(&down, |_, _| ());
        let network = Network::of(&world);
        let ends = endpoints(&world);
        for a in &ends {
            for b in &ends {
                let there = explain(&world, &network, *a, *b);
                let met = needs::first_failing(&world, &network, *a, *b).is_none();
                let mutual = needs::first_failing(&world, &network, *b, *a).is_none();
                prop_assert!(met == mutual || network.guards().is_some(), "replies are free, so only filters ask who asks");
                if a != b {
                    prop_assert_eq!(met, there.code == VerdictCode::Reachable, "{:?}", there);
                    prop_assert_eq!(met, there.blockers.is_empty());
                }
                if let (Endpoint::Vm(a), Endpoint::Vm(b)) = (a, b) {
                    prop_assert_eq!(network.reaches(*a, *b), there.code == VerdictCode::Reachable);
                }
            }
        }
    }

    #[test]
    fn the_first_failing_pair_is_the_one_a_look_at_every_pair_finds(
        seeds in seeds(),
        extras in extras(),
        cut in 0..8usize,
    ) {
        let world = world(rich(&seeds, &extras));
        let network = Network::of(&world);
        let all: Vec<Party> = (0..world.topology().vms.len()).map(|vm| Party::vm(&network, VmIx::new(vm))).collect();
        let (from, to) = all.split_at(cut.min(all.len()));
        let pairs = (0..from.len()).flat_map(|a| (0..to.len()).map(move |b| (a, b)));
        let reach = |(a, b): &(usize, usize)| from[*a].vm.zip(to[*b].vm).is_some_and(|(a, b)| network.reaches(a, b));
        let slow = pairs.into_iter().find(|pair| !reach(pair));
        prop_assert_eq!(party::first_failing(&network, from, to, None), slow);
    }

    #[test]
    fn an_updated_network_equals_a_full_recompute_cell_by_cell(
        before in seeds(),
        extras in extras(),
        states in prop::collection::vec(0..4usize, 10),
        moves in prop::collection::vec((0..64usize, 0..64usize), 0..4),
        reroute in any::<(u8, u8)>(),
    ) {
        let mut topology = rich(&before, &extras);
        let network = Network::of(&world(topology.clone()));
        let mut changes = Vec::new();
        let mut changed = |subject| changes.push(Change { subject, from: None, to: None });
        for (at, link) in topology.links.iter_mut().enumerate() {
            let state = STATES[states[at % states.len()]];
            if link.state != state {
                link.state = state;
                changed(Subject::Link(LinkIx::new(at)));
            }
        }
        let (vnets, vms) = (topology.vnets.len(), topology.vms.len());
        for (vm, vnet) in moves.into_iter().filter(|_| vms > 0) {
            // A moved machine leaves a NIC behind that has a group; the file's place for it never moves.
            if topology.vms[vm % vms].security_group.is_some() {
                continue;
            }
            topology.vms[vm % vms].subnet = SubnetIx::new(vnet % vnets);
            changed(Subject::Vm(VmIx::new(vm % vms)));
        }
        for (at, site) in topology.sites.iter_mut().enumerate() {
            if let Some(route) = site.routes.first_mut() {
                route.via = VnetIx::new(usize::from(reroute.0) % vnets);
                changed(Subject::Route(SiteIx::new(at), route.prefix));
            }
        }
        // A setting of a peering changes too.
        if let Some((at, link)) = topology.links.iter_mut().enumerate().find(|(_, link)| link.kind == LinkKind::Peering) {
            link.halves[usize::from(reroute.1 % 2)].gateway_transit ^= true;
            changed(Subject::Link(LinkIx::new(at)));
        }
        let mut after = world(topology);
        if reroute.1 % 4 == 0 {
            changed(Subject::Region(RegionIx(0)));
            after = after.altered(&[RegionIx(0)], |_, _| ());
        }
        prop_assert_eq!(network.updated(&after, &changes), Network::of(&after));
    }
}
