//! One side of a question: a VM with its address, or a site that stands for any host in its prefixes.

use std::collections::HashMap;
use std::net::Ipv4Addr;

use super::forwarding::{Delivery, Network};
use crate::topology::overlap::Spaces;
use crate::topology::{Endpoint, Node, SiteIx, VmIx};
use crate::world::World;

/// One VM, or any host of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Party {
    /// The VM, unless this is a site.
    pub vm: Option<VmIx>,
    /// The network it is in.
    pub node: Node,
    /// Whether it runs; a site always does.
    pub runs: bool,
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
        Self { vm: Some(vm), node: Node::Vnet(seat.vnet), runs: seat.runs, hosts: Hosts::One(seat.ip) }
    }

    /// Any host of a site. Where a prefix of the site contains a VNet's space (B11) and the site routes that part to
    /// the VNet, no host of the site is there.
    pub fn site(world: &World, network: &Network, site: SiteIx) -> Self {
        let node = Node::Site(site);
        let mut hosts = Vec::new();
        for prefix in world.space(node) {
            let kept = network.table(node).intervals(prefix.network().into(), prefix.broadcast().into());
            hosts.extend(kept.filter(|(.., fate)| *fate == Delivery::Delivered(node)).map(|(from, to, _)| (from, to)));
        }
        Self { vm: None, node, runs: true, hosts: Hosts::Ranges(hosts) }
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

    /// An address of this party that packets from `from` do not reach, if there is one.
    pub fn missed_from(&self, network: &Network, from: Node) -> Option<Ipv4Addr> {
        let table = network.table(from);
        let delivered = Delivery::Delivered(self.node);
        match &self.hosts {
            Hosts::One(ip) => (table.at(*ip) != delivered).then(|| (*ip).into()),
            Hosts::Ranges(ranges) => ranges.iter().find_map(|(first, last)| {
                let missed = table.intervals(*first, *last).find(|(.., fate)| *fate != delivered);
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
}

/// An address of a range that is not its network address, unless it has no other.
fn host(first: u32, last: u32) -> Ipv4Addr {
    first.saturating_add(1).min(last).into()
}

/// The first pair, by the order of `from` and then of `to`, that does not reach each other both ways.
///
/// Looks at every network of one side with every party of the other, never at every pair: machines of one network
/// send alike.
pub(super) fn first_failing(network: &Network, from: &[Party], to: &[Party]) -> Option<(usize, usize)> {
    let asleep = to.iter().position(|party| !party.runs);
    let mut entered: HashMap<Node, usize> = HashMap::new();
    for (at, party) in to.iter().enumerate() {
        entered.entry(party.node).or_insert(at);
    }
    let mut missed: HashMap<Node, Option<usize>> = HashMap::new();
    from.iter().enumerate().find_map(|(at, party)| {
        if !party.runs {
            return (!to.is_empty()).then_some((at, 0));
        }
        let there = *missed
            .entry(party.node)
            .or_insert_with(|| to.iter().position(|far| far.missed_from(network, party.node).is_some()));
        let back = entered.iter().filter(|(node, _)| party.missed_from(network, **node).is_some()).map(|(_, at)| *at);
        let worst = asleep.into_iter().chain(there).chain(back).min();
        worst.map(|far| (at, far))
    })
}
