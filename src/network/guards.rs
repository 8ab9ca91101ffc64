//! Security groups as a filter after routing (C13 to C17).
//!
//! A connection passes what filters its first machine going out, NIC before subnet, and what filters the second coming in,
//! subnet before NIC (C16). In each group the first rule that matches decides (C13), the default rules last (C14).
//! Replies are free. The tag `VirtualNetwork` means the VNet's own ranges, those of peers with access, and what gateways
//! bring (C15); what a peer forwards belongs to it where the peering allows forwarded traffic (B17).

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

use ipnet::Ipv4Net;

use super::offers;
use super::routes::reserved;
use super::seats::Seat;
use super::wiring::Wiring;
use crate::topology::overlap::Spaces;
use crate::topology::{Direction, Node, Peers, SecurityGroup, SecurityGroupIx, SecurityRule, SubnetIx, VmIx, VnetIx};
use crate::world::NicGroups;

/// Disjoint ranges in order.
#[derive(Debug, Clone, Default, PartialEq)]
struct Ranges(Vec<(u32, u32)>);

impl Ranges {
    fn of(prefixes: impl IntoIterator<Item = Ipv4Net>) -> Self {
        let mut all: Vec<(u32, u32)> =
            prefixes.into_iter().map(|prefix| (prefix.network().into(), prefix.broadcast().into())).collect();
        all.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(all.len());
        for (first, last) in all {
            match merged.last_mut() {
                Some(open) if first <= open.1.saturating_add(1) => open.1 = open.1.max(last),
                _ => merged.push((first, last)),
            }
        }
        Self(merged)
    }

    fn contains(&self, address: u32) -> bool {
        let at = self.0.partition_point(|(first, _)| *first <= address);
        at > 0 && self.0[at - 1].1 >= address
    }
}

/// What filters the machines of a subnet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Gate {
    vnet: VnetIx,
    group: Option<SecurityGroupIx>,
    /// A rule of a drill drops what comes in.
    blocked: bool,
}

/// One end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seated {
    /// The VM, unless this is a host of a site.
    pub vm: Option<(VmIx, SubnetIx, VnetIx)>,
    /// Its address.
    pub ip: u32,
}

impl Seated {
    /// A VM on its seat.
    pub fn vm(vm: VmIx, seat: Seat) -> Self {
        Self { vm: Some((vm, seat.subnet, seat.vnet)), ip: seat.ip }
    }
}

/// Machines that every rule treats alike: subnet and group of the NIC, and the stretch between two borders of rules in
/// which the address lies.
pub(super) type Class = (Option<SubnetIx>, Option<SecurityGroupIx>, usize);

/// What stands at a place where a group can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Post {
    Subnet(SubnetIx),
    Nic(VmIx),
}

/// A rule that drops a connection.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Denial {
    pub post: Post,
    pub direction: Direction,
    /// The group; none for the rule of a drill.
    pub group: Option<SecurityGroupIx>,
    pub rule: SecurityRule,
}

/// What all security groups of a world say.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Guards {
    /// The rules of each group by direction, own ones first.
    groups: Vec<[Vec<SecurityRule>; 2]>,
    subnets: BTreeMap<SubnetIx, Gate>,
    /// The groups of first NICs in the networks where they have one (A15, C17).
    nics: Arc<NicGroups>,
    /// What `VirtualNetwork` means in each VNet where something is filtered.
    tags: BTreeMap<VnetIx, Ranges>,
    /// Where an address begins to matter differently to some rule.
    borders: Vec<u32>,
}

/// What `VirtualNetwork` means in a VNet (B17, C15).
fn tag(wiring: &Wiring<'_>, vnet: VnetIx) -> Ranges {
    let world = wiring.world;
    let space = |vnet: VnetIx| world.space(Node::Vnet(vnet)).iter().copied();
    let gateways = |vnet: VnetIx| {
        let brought = offers::brought(wiring, vnet).into_iter();
        brought.filter(|route| route.is_active()).map(|route| route.prefix)
    };
    let mut prefixes: Vec<Ipv4Net> = space(vnet).chain(gateways(vnet)).collect();
    for (ix, far, here, _) in wiring.peerings(vnet).filter(|(ix, ..)| world.carries(*ix)) {
        if !here.access {
            continue;
        }
        prefixes.extend(space(far));
        if here.forwarded_traffic {
            let beyond = wiring.peerings(far).filter(|(other, ..)| *other != ix && world.carries(*other));
            prefixes.extend(beyond.flat_map(|(_, peer, ..)| space(peer)));
            prefixes.extend(gateways(far));
        }
    }
    Ranges::of(prefixes)
}

impl Guards {
    /// What the groups of a world say; none where nothing is filtered.
    pub fn of(wiring: &Wiring<'_>) -> Option<Self> {
        let world = wiring.world;
        let nics = world.nic_groups();
        if world.topology().security_groups.is_empty() && world.blocked().is_empty() {
            return None;
        }
        let numbered = world.subnets().iter().enumerate().map(|(at, subnet)| (SubnetIx::new(at), subnet));
        let subnets: BTreeMap<SubnetIx, Gate> = numbered
            .filter(|(_, subnet)| subnet.hosts_vms())
            .map(|(ix, subnet)| {
                let blocked = world.blocked().contains(&ix);
                (ix, Gate { vnet: subnet.vnet, group: subnet.security_group, blocked })
            })
            .filter(|(_, gate)| gate.group.is_some() || gate.blocked)
            .collect();
        if subnets.is_empty() && nics.is_empty() {
            return None;
        }
        let by_nic = nics.keys().map(|(_, vnet)| *vnet);
        let mut filtered: Vec<VnetIx> = subnets.values().map(|gate| gate.vnet).chain(by_nic).collect();
        filtered.sort_unstable();
        filtered.dedup();
        let tags: BTreeMap<VnetIx, Ranges> = filtered.into_iter().map(|vnet| (vnet, tag(wiring, vnet))).collect();
        let rules = |group: &SecurityGroup| {
            [Direction::Inbound, Direction::Outbound].map(|direction| group.rules_of(direction).collect())
        };
        let groups: Vec<[Vec<SecurityRule>; 2]> = world.topology().security_groups.iter().map(rules).collect();
        let mut borders: Vec<u32> = tags.values().flat_map(|ranges| ranges.0.iter()).copied().flat_map(ends).collect();
        for peers in groups.iter().flatten().flatten().flat_map(|rule| [&rule.source, &rule.destination]) {
            if let Peers::Ranges(ranges) = peers {
                borders
                    .extend(ranges.iter().flat_map(|range| ends((range.network().into(), range.broadcast().into()))));
            }
        }
        borders.extend(reserved().iter().flat_map(|range| ends((range.network().into(), range.broadcast().into()))));
        borders.sort_unstable();
        borders.dedup();
        Some(Self { groups, subnets, nics: nics.clone(), tags, borders })
    }

    /// The addresses of a range that stand for all of it: one between each two borders.
    pub fn samples(&self, first: u32, last: u32) -> impl Iterator<Item = u32> {
        let from = self.borders.partition_point(|border| *border <= first);
        let until = self.borders.partition_point(|border| *border <= last);
        std::iter::once(first).chain(self.borders[from..until].iter().copied())
    }

    /// What every rule knows a machine by.
    pub fn class(&self, end: &Seated) -> Class {
        let stretch = self.borders.partition_point(|border| *border <= end.ip);
        let subnet = end.vm.map(|(_, subnet, _)| subnet);
        (subnet, self.nic(end).map(|(_, group)| group), stretch)
    }

    fn nic(&self, end: &Seated) -> Option<(VmIx, SecurityGroupIx)> {
        let (vm, _, vnet) = end.vm?;
        Some((vm, *self.nics.get(&(vm, vnet))?))
    }

    /// Whether a connection from one to the other passes all groups; without a port whether it does on any port.
    pub fn lets_through(&self, from: &Seated, to: &Seated, port: Option<u16>) -> bool {
        match port {
            Some(port) => self.denials_on(from, to, port).next().is_none(),
            None => self.candidates(from, to).into_iter().any(|port| self.denials_on(from, to, port).next().is_none()),
        }
    }

    /// The rules that drop a connection from one to the other: without a port those on the port where they are fewest;
    /// none where it passes.
    pub fn denials(&self, from: &Seated, to: &Seated, port: Option<u16>) -> Vec<Denial> {
        let candidates = port.map_or_else(|| self.candidates(from, to), |port| vec![port]);
        let all = candidates.into_iter().map(|port| self.denials_on(from, to, port).collect::<Vec<_>>());
        all.min_by_key(Vec::len).unwrap_or_default()
    }

    /// One port of each stretch of ports that the rules on the way treat alike.
    fn candidates(&self, from: &Seated, to: &Seated) -> Vec<u16> {
        let mut ports = vec![1];
        for (_, direction, group) in self.posts(from, to) {
            let Some(group) = group else { continue };
            let rules = &self.groups[group.at()][direction as usize];
            let ranges = rules.iter().flat_map(|rule| &rule.ports);
            ports.extend(ranges.flat_map(|(first, last)| [Some(*first), last.checked_add(1)]).flatten());
        }
        ports.sort_unstable();
        ports.dedup();
        ports
    }

    /// What a connection passes, in order (C16): place, direction, and the group; none is the rule of a drill.
    fn posts(&self, from: &Seated, to: &Seated) -> impl Iterator<Item = (Post, Direction, Option<SecurityGroupIx>)> {
        let nic = |end: &Seated, direction| self.nic(end).map(|(vm, group)| (Post::Nic(vm), direction, Some(group)));
        let gate = |end: &Seated| end.vm.and_then(|(_, subnet, _)| Some((subnet, *self.subnets.get(&subnet)?)));
        let group = |end: &Seated, direction| {
            let (subnet, gate) = gate(end)?;
            gate.group.map(|group| (Post::Subnet(subnet), direction, Some(group)))
        };
        let drill = gate(to).filter(|(_, gate)| gate.blocked);
        let drill = drill.map(|(subnet, _)| (Post::Subnet(subnet), Direction::Inbound, None));
        let (out, in_) = (Direction::Outbound, Direction::Inbound);
        [nic(from, out), group(from, out), drill, group(to, in_), nic(to, in_)].into_iter().flatten()
    }

    fn denials_on(&self, from: &Seated, to: &Seated, port: u16) -> impl Iterator<Item = Denial> {
        let (source, destination) = (from.ip, to.ip);
        let vnets = [from, to].map(|end| end.vm.map(|(.., vnet)| vnet));
        self.posts(from, to).filter_map(move |(post, direction, group)| {
            let Some(group) = group else {
                return Some(Denial { post, direction, group, rule: drill_rule() });
            };
            let vnet = match direction {
                Direction::Outbound => vnets[0],
                Direction::Inbound => vnets[1],
            };
            let tag = self.tags.get(&vnet?)?;
            let rules = &self.groups[group.at()][direction as usize];
            let first = rules.iter().find(|rule| {
                on_port(rule, port)
                    && is_among(&rule.source, source, tag)
                    && is_among(&rule.destination, destination, tag)
            })?;
            (!first.allow).then(|| Denial { post, direction, group: Some(group), rule: first.clone() })
        })
    }
}

/// The first address of a range and the first after it.
fn ends((first, last): (u32, u32)) -> impl Iterator<Item = u32> {
    std::iter::once(first).chain(last.checked_add(1))
}

fn on_port(rule: &SecurityRule, port: u16) -> bool {
    rule.ports.is_empty() || rule.ports.iter().any(|(first, last)| (*first..=*last).contains(&port))
}

fn is_among(peers: &Peers, address: u32, tag: &Ranges) -> bool {
    let ip = Ipv4Addr::from(address);
    match peers {
        Peers::Any => true,
        Peers::VirtualNetwork => tag.contains(address),
        Peers::Internet => !tag.contains(address) && !reserved().iter().any(|range| range.contains(&ip)),
        Peers::LoadBalancer => false,
        Peers::Ranges(ranges) => ranges.iter().any(|range| range.contains(&ip)),
    }
}

/// The rule that the inject `block` puts before all others.
fn drill_rule() -> SecurityRule {
    SecurityRule {
        name: "block".to_owned(),
        priority: 100,
        direction: Direction::Inbound,
        source: Peers::Any,
        destination: Peers::Any,
        ports: Vec::new(),
        allow: false,
    }
}
