//! What holds in every world: properties over random topologies, their links and machines.

use std::net::Ipv4Addr;

use proptest::prelude::*;

use super::party::{self, Party};
use super::sample::Sample;
use super::{Delivery, Network, Route, VerdictCode, effective_routes, explain, needs, path};
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
    fn reaching_is_mutual_and_explained_as_reachable_exactly_where_it_holds(seeds in seeds(), down in 0..4usize) {
        let down: Vec<_> = (0..2).filter(|region| *region == down).map(RegionIx::new).collect();
        let world = world(topology(&seeds)).altered(&down, |_, _| ());
        let network = Network::of(&world);
        let ends = endpoints(&world);
        for a in &ends {
            for b in &ends {
                let there = explain(&world, &network, *a, *b);
                let met = needs::first_failing(&world, &network, *a, *b).is_none();
                let mutual = needs::first_failing(&world, &network, *b, *a).is_none();
                prop_assert_eq!(met, mutual);
                if a != b {
                    prop_assert_eq!(met, there.code == VerdictCode::Reachable, "{:?}", there);
                    prop_assert_eq!(met, there.blockers.is_empty());
                }
                if let (Endpoint::Vm(a), Endpoint::Vm(b)) = (a, b) {
                    prop_assert_eq!(network.reaches(*a, *b), network.reaches(*b, *a));
                    prop_assert_eq!(network.reaches(*a, *b), there.code == VerdictCode::Reachable);
                }
            }
        }
    }

    #[test]
    fn the_first_failing_pair_is_the_one_a_look_at_every_pair_finds(seeds in seeds(), cut in 0..8usize) {
        let world = world(topology(&seeds));
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
        states in prop::collection::vec(0..4usize, 10),
        moves in prop::collection::vec((0..64usize, 0..64usize), 0..4),
        reroute in any::<(u8, u8)>(),
    ) {
        let mut topology = topology(&before);
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
            topology.vms[vm % vms].subnet = SubnetIx::new(vnet % vnets);
            changed(Subject::Vm(VmIx::new(vm % vms)));
        }
        for (at, site) in topology.sites.iter_mut().enumerate() {
            if let Some(route) = site.routes.first_mut() {
                route.via = VnetIx::new(usize::from(reroute.0) % vnets);
                changed(Subject::Route(SiteIx::new(at), route.prefix));
            }
        }
        let mut after = world(topology);
        if reroute.1 % 4 == 0 {
            changed(Subject::Region(RegionIx(0)));
            after = after.altered(&[RegionIx(0)], |_, _| ());
        }
        prop_assert_eq!(network.updated(&after, &changes), Network::of(&after));
    }
}
