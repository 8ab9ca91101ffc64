//! Everything any state of a scenario can show: the slots of VMs and the links that like-for-like twins would need.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use super::Later;
use crate::topology::overlap::{Wanted, clashes, direct_overlap};
use crate::topology::{CircuitIx, Link, LinkIx, LinkKind, LinkState, Node, SubnetIx, Topology, VmIx, VnetIx};

/// A link of some state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Foreseen {
    /// Its ends.
    pub ends: [Node; 2],
    /// Its kind, or the kind of the link it would replace.
    pub kind: LinkKind,
    /// Its circuit.
    pub circuit: Option<CircuitIx>,
    /// The link, once somebody declared or made it.
    pub link: Option<LinkIx>,
    /// Who gets space first: 0 connected by declaration, 1 planned, 2 a twin of those, 3 a guess, 4 made by hand.
    pub rank: u8,
}

impl Foreseen {
    /// Whether somebody made it by hand, so that nothing may move for it.
    pub fn by_hand(&self) -> bool {
        self.rank == BY_HAND
    }
}

const BY_HAND: u8 = 4;

/// The union of all states.
#[derive(Debug)]
pub(crate) struct Union {
    /// Links, the declared ones first.
    pub links: Vec<Foreseen>,
    /// The VMs that have a slot in each subnet, in file order.
    pub slots: Vec<Vec<VmIx>>,
    /// Whether something fails over from or to a VNet.
    pub protected: Vec<bool>,
    /// The failover networks of each VNet in file order.
    pub twins: Vec<Vec<VnetIx>>,
    /// How many VNets and VMs there were at the start, and how many slots each subnet had then.
    pub first: First,
    /// Whether a VNet is left out, by a filter.
    pub hidden: Vec<bool>,
}

/// What a map has room for from the start; whatever came later takes the room that is left.
#[derive(Debug)]
pub(crate) struct First {
    /// VNets, which are the first of all.
    pub vnets: usize,
    /// VMs, which are the first of all.
    pub vms: usize,
    /// Slots by subnet, which are the first of each.
    pub slots: Vec<usize>,
}

impl Union {
    /// Collects the union of a topology, every link known so far and what came after the start.
    ///
    /// Machines that came later have slots only where `all` of them get one.
    /// VNets that are `hidden` have no link either.
    pub fn new(topology: &Topology, known: &[Link], later: &Later, all: bool, hidden: &BTreeSet<VnetIx>) -> Self {
        let (vnets, vms) = later.first.unwrap_or((topology.vnets.len(), topology.vms.len()));
        let mut first = vec![0; topology.subnets.len()];
        let twins = twins(topology);
        let mut slots = vec![Vec::new(); topology.subnets.len()];
        let mut elsewhere = vec![Vec::new(); topology.vnets.len()];
        let mut protected: Vec<bool> = topology.vnets.iter().map(|vnet| vnet.recovers.is_some()).collect();
        for (at, vm) in topology.vms.iter().enumerate() {
            if at >= vms && !all {
                break;
            }
            slots[vm.subnet.at()].push(VmIx::new(at));
            first[vm.subnet.at()] += usize::from(at < vms);
            let home = topology.subnets[vm.subnet.at()].vnet;
            protected[home.at()] |= vm.protected;
            let Some(target) = target_subnet(topology, &twins, VmIx::new(at)) else { continue };
            if target != vm.subnet {
                slots[target.at()].push(VmIx::new(at));
                first[target.at()] += usize::from(at < vms);
            }
            let abroad = topology.subnets[target.at()].vnet;
            protected[abroad.at()] |= vm.protected;
            if !twins[home.at()].contains(&abroad) && !elsewhere[home.at()].contains(&abroad) && abroad != home {
                elsewhere[home.at()].push(abroad);
            }
        }
        let places = later.places.iter().filter(|(_, subnet)| all && subnet.at() < topology.subnets.len());
        for (vm, subnet) in places {
            if !slots[subnet.at()].contains(vm) {
                slots[subnet.at()].push(*vm);
            }
        }
        let mut links = links(topology, known, &twins, &elsewhere, later.links);
        let hidden: Vec<bool> = (0..topology.vnets.len()).map(|at| hidden.contains(&VnetIx::new(at))).collect();
        links.retain(|link| link.ends.iter().filter_map(|end| end.vnet()).all(|vnet| !hidden[vnet.at()]));
        Self { links, slots, protected, twins, first: First { vnets, vms, slots: first }, hidden }
    }
}

/// The subnet in which the map keeps a second slot for each VM: where it goes, or would once it is protected.
pub fn second_slots(topology: &Topology) -> Vec<Option<SubnetIx>> {
    let twins = twins(topology);
    (0..topology.vms.len()).map(|at| target_subnet(topology, &twins, VmIx::new(at))).collect()
}

/// The failover networks of each VNet in file order.
fn twins(topology: &Topology) -> Vec<Vec<VnetIx>> {
    let mut twins = vec![Vec::new(); topology.vnets.len()];
    for (at, vnet) in topology.vnets.iter().enumerate() {
        if let Some(source) = vnet.recovers {
            twins[source.at()].push(VnetIx::new(at));
        }
    }
    twins
}

/// Where a VM goes, or would once it is protected: its explicit target, else the same-named subnet of its failover
/// network, else the alphabetically first that takes VMs (A13).
fn target_subnet(topology: &Topology, twins: &[Vec<VnetIx>], vm: VmIx) -> Option<SubnetIx> {
    let vm = &topology.vms[vm.at()];
    if vm.target.subnet.is_some() {
        return vm.target.subnet;
    }
    let home = &topology.subnets[vm.subnet.at()];
    let network = &topology.vnets[twins[home.vnet.at()].first()?.at()];
    let hosts = || network.subnets.iter().copied().filter(|at| topology.subnets[at.at()].hosts_vms());
    hosts()
        .find(|at| topology.subnets[at.at()].id == home.id)
        .or_else(|| hosts().min_by_key(|at| &topology.subnets[at.at()].id))
}

fn links(
    topology: &Topology,
    known: &[Link],
    twins: &[Vec<VnetIx>],
    elsewhere: &[Vec<VnetIx>],
    settled: usize,
) -> Vec<Foreseen> {
    let mut seen = FxHashSet::default();
    let mut found: Vec<Foreseen> = Vec::new();
    for (at, link) in topology.links.iter().enumerate() {
        seen.insert((ordered(link.between), link.kind, link.circuit));
        found.push(Foreseen {
            ends: link.between,
            kind: link.kind,
            circuit: link.circuit,
            link: Some(LinkIx::new(at)),
            rank: u8::from(link.state == LinkState::Absent),
        });
    }
    for (twin_of, rank) in [(twins, 2), (elsewhere, 3)] {
        for link in &topology.links {
            let [a, b] = link.between.map(|end| stand_ins(end, twin_of));
            for ends in a.iter().flat_map(|a| b.iter().map(|b| [*a, *b])) {
                if ends[0] == ends[1] || direct_overlap(topology, ends).is_some() {
                    continue;
                }
                if seen.insert((ordered(ends), link.kind, link.circuit)) {
                    found.push(Foreseen { ends, kind: link.kind, circuit: link.circuit, link: None, rank });
                }
            }
        }
    }
    for (at, link) in known.iter().enumerate().skip(topology.links.len()) {
        let pair = ordered(link.between);
        let slot = found
            .iter_mut()
            .filter(|slot| slot.link.is_none() && ordered(slot.ends) == pair)
            .max_by_key(|slot| slot.kind == link.kind);
        match slot {
            Some(slot) => slot.link = Some(LinkIx::new(at)),
            None => found.push(Foreseen {
                ends: link.between,
                kind: link.kind,
                circuit: link.circuit,
                link: Some(LinkIx::new(at)),
                rank: if at < settled { 1 } else { BY_HAND },
            }),
        }
    }
    found
}

fn stand_ins(end: Node, of: &[Vec<VnetIx>]) -> Vec<Node> {
    let others = end.vnet().map(|vnet| of[vnet.at()].as_slice()).unwrap_or_default();
    std::iter::once(end).chain(others.iter().copied().map(Node::Vnet)).collect()
}

fn ordered([a, b]: [Node; 2]) -> [Node; 2] {
    if a <= b { [a, b] } else { [b, a] }
}

/// Whether two links can never be connected at the same time, so that they may share a track where space is short.
pub(crate) fn exclusive(topology: &Topology, a: &Foreseen, b: &Foreseen) -> bool {
    let other = Link { circuit: b.circuit, ..Link::new("", b.kind, b.ends, LinkState::Connected) };
    let wanted = Wanted { kind: a.kind, between: a.ends, circuit: a.circuit, bgp: false };
    !clashes(topology, std::slice::from_ref(&other), wanted).is_empty()
}
