//! One side of a question: a VM with its address, or a site that stands for any host in its prefixes.

use std::collections::HashMap;
use std::net::Ipv4Addr;

use super::forwarding::{Delivery, Network};
use super::guards::{Class, Denial, Guards, Seated};
use super::router::Router;
use super::table::Step;
use crate::topology::overlap::Spaces;
use crate::topology::{Endpoint, Node, SiteIx, SubnetIx, VmIx};
use crate::world::World;

/// One VM, or any host of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Party {
    /// The VM, unless this is a site.
    pub vm: Option<VmIx>,
    /// The network it is in.
    pub node: Node,
    /// Whose routes it asks.
    pub router: Router,
    /// Whether it runs; a site always does.
    pub runs: bool,
    subnet: Option<SubnetIx>,
    /// Its addresses: one for a VM; for a site those it delivers itself.
    hosts: Hosts,
}

/// The addresses of a party.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Hosts {
    One(u32),
    /// First and last address of each range.
    Ranges(Vec<(u32, u32)>),
}

impl Party {
    /// A VM where it serves now.
    pub fn vm(network: &Network, vm: VmIx) -> Self {
        let seat = network.seat(vm);
        Self {
            vm: Some(vm),
            node: Node::Vnet(seat.vnet),
            router: network.router_of(seat),
            runs: seat.runs,
            subnet: Some(seat.subnet),
            hosts: Hosts::One(seat.ip),
        }
    }

    /// Any host of a site. Where a prefix of the site contains a VNet's space (B11) and the site routes that part to
    /// the VNet, no host of the site is there.
    pub fn site(world: &World, network: &Network, site: SiteIx) -> Self {
        let (node, router) = (Node::Site(site), Router::Network(Node::Site(site)));
        let mut hosts = Vec::new();
        for prefix in world.space(node) {
            let table = network.table(router).map(|(_, table)| table);
            let kept =
                table.into_iter().flat_map(|table| table.intervals(prefix.network().into(), prefix.broadcast().into()));
            hosts.extend(kept.filter(|(.., step)| *step == Step::At(node)).map(|(from, to, _)| (from, to)));
        }
        Self { vm: None, node, router, runs: true, subnet: None, hosts: Hosts::Ranges(hosts) }
    }

    /// The parties of an endpoint, in file order: its VMs, or its one site.
    pub fn all(world: &World, network: &Network, endpoint: Endpoint) -> Vec<Self> {
        match endpoint {
            Endpoint::Site(site) => vec![Self::site(world, network, site)],
            _ => network.vms_of(endpoint).into_iter().map(|vm| Self::vm(network, vm)).collect(),
        }
    }

    /// This party as an endpoint.
    pub fn endpoint(&self) -> Option<Endpoint> {
        self.vm.map(Endpoint::Vm).or(self.node.site().map(Endpoint::Site))
    }

    /// Who a packet of this party asks for the way, and where it begins.
    pub fn sender(&self) -> (Router, Node) {
        (self.router, self.node)
    }

    /// An address of this party that packets of the sender do not reach, if there is one.
    pub fn missed_from(&self, network: &Network, (router, origin): (Router, Node)) -> Option<Ipv4Addr> {
        let delivered = Delivery::Delivered(self.node);
        match &self.hosts {
            Hosts::One(ip) => (network.walk(router, origin, *ip) != delivered).then(|| (*ip).into()),
            Hosts::Ranges(ranges) => ranges.iter().find_map(|range| {
                let ends = network.walk_range(router, origin, *range);
                let missed = ends.into_iter().find(|(.., fate)| *fate != delivered);
                missed.map(|(first, last, _)| host(first, last))
            }),
        }
    }

    /// An address that stands for the party: its own, or some host of the site.
    pub fn address(&self) -> Ipv4Addr {
        match &self.hosts {
            Hosts::One(ip) => (*ip).into(),
            Hosts::Ranges(ranges) => ranges.first().map_or(Ipv4Addr::UNSPECIFIED, |(first, last)| host(*first, *last)),
        }
    }

    /// What security groups see of it: the VM, or hosts of the site that stand for all of them.
    fn seated(&self, network: &Network, guards: &Guards) -> Vec<Seated> {
        match (&self.hosts, self.vm) {
            (Hosts::One(_), Some(vm)) => vec![Seated::vm(vm, network.seat(vm))],
            (Hosts::One(ip), None) => vec![Seated { vm: None, ip: *ip }],
            (Hosts::Ranges(ranges), _) => {
                let ips = ranges.iter().flat_map(|(first, last)| guards.samples(*first, *last));
                ips.map(|ip| Seated { vm: None, ip }).collect()
            }
        }
    }
}

/// An address of a range that is not its network address, unless it has no other.
fn host(first: u32, last: u32) -> Ipv4Addr {
    first.saturating_add(1).min(last).into()
}

/// The rules that drop a connection from one party to another; of several hosts those of the first that is stopped.
pub(super) fn denials(network: &Network, from: &Party, to: &Party, port: Option<u16>) -> Vec<Denial> {
    let Some(guards) = network.guards() else { return Vec::new() };
    let (froms, tos) = (from.seated(network, guards), to.seated(network, guards));
    let pairs = froms.iter().flat_map(|from| tos.iter().map(move |to| (from, to)));
    let stopped = pairs.map(|(from, to)| guards.denials(from, to, port)).find(|denials| !denials.is_empty());
    stopped.unwrap_or_default()
}

/// The first pair, by the order of `from` and then of `to`, that does not reach each other both ways, or where the first
/// may not open a connection to the second on the port, on any where none is named.
///
/// Looks at every sender of one side with every party of the other, never at every pair: machines with the same routes
/// send alike, and machines of one class are filtered alike.
pub(super) fn first_failing(
    network: &Network,
    from: &[Party],
    to: &[Party],
    port: Option<u16>,
) -> Option<(usize, usize)> {
    let asleep = to.iter().position(|party| !party.runs);
    let mut entered: HashMap<(Router, Node), usize> = HashMap::new();
    for (at, party) in to.iter().enumerate() {
        entered.entry(party.sender()).or_insert(at);
    }
    let mut filter = network.guards().map(|guards| Filter::of(network, guards, to, port));
    let mut missed: HashMap<(Router, Node), Option<usize>> = HashMap::new();
    from.iter().enumerate().find_map(|(at, party)| {
        if !party.runs {
            return (!to.is_empty()).then_some((at, 0));
        }
        let there = *missed
            .entry(party.sender())
            .or_insert_with(|| to.iter().position(|far| far.missed_from(network, party.sender()).is_some()));
        let back = entered.iter().filter(|(far, _)| party.missed_from(network, **far).is_some()).map(|(_, at)| *at);
        let stopped = filter.as_mut().and_then(|filter| filter.first_stopped(party, to));
        let worst = asleep.into_iter().chain(there).chain(back).chain(stopped).min();
        worst.map(|far| (at, far))
    })
}

/// What security groups let through to one side, class by class.
struct Filter<'n> {
    network: &'n Network,
    guards: &'n Guards,
    port: Option<u16>,
    /// The classes of the side, each with one that stands for it and where its first two parties are.
    classes: Vec<(Seated, usize, Option<usize>)>,
    /// Whether each of them is stopped, by the class that asks.
    known: HashMap<Class, Vec<bool>>,
}

impl<'n> Filter<'n> {
    fn of(network: &'n Network, guards: &'n Guards, to: &[Party], port: Option<u16>) -> Self {
        let mut found: HashMap<Class, usize> = HashMap::new();
        let mut classes: Vec<(Seated, usize, Option<usize>)> = Vec::new();
        for (at, party) in to.iter().enumerate() {
            for end in party.seated(network, guards) {
                match found.get(&guards.class(&end)) {
                    Some(class) => classes[*class].2 = classes[*class].2.or(Some(at)),
                    None => {
                        found.insert(guards.class(&end), classes.len());
                        classes.push((end, at, None));
                    }
                }
            }
        }
        Self { network, guards, port, classes, known: HashMap::new() }
    }

    /// The first party to which a connection is stopped; a machine does not ask itself.
    fn first_stopped(&mut self, party: &Party, to: &[Party]) -> Option<usize> {
        let mut first: Option<usize> = None;
        for from in party.seated(self.network, self.guards) {
            let stopped = self.known.entry(self.guards.class(&from)).or_insert_with(|| {
                let stops =
                    |(end, ..): &(Seated, usize, Option<usize>)| !self.guards.lets_through(&from, end, self.port);
                self.classes.iter().map(stops).collect()
            });
            for ((_, at, second), stopped) in self.classes.iter().zip(stopped) {
                let itself = party.vm.is_some() && to[*at].vm == party.vm;
                let at = if itself { *second } else { Some(*at) };
                if *stopped {
                    first = first.into_iter().chain(at).min();
                }
            }
        }
        first
    }
}
