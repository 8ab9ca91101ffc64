//! Regions, VNets, subnets, twins and gateways.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use ipnet::Ipv4Net;

use super::names::{At, Names};
use super::sink::Sink;
use super::tables::{Declared, Item, checked_id};
use super::{FindingCode, format, shown};
use crate::topology::address::{LONGEST_SUBNET, SHORTEST_SUBNET, last_free_27, refused_in_space};
use crate::topology::{GATEWAY_SUBNET, Node, Region, RegionIx, Severity, Subnet, SubnetIx, Topology, Vnet, VnetIx};

/// A subnet as declared, before it has a place in the topology.
#[derive(Clone)]
struct Draft {
    id: String,
    title: String,
    prefix: Ipv4Net,
    span: Range<usize>,
}

/// The failover network of every VNet: the first VNet of the file that recovers it, and where it says so.
pub(super) type Twins = HashMap<VnetIx, (VnetIx, Range<usize>)>;

/// The VNets that a broken VNet says it recovers: nobody knows yet whether they have a failover network. None where a VNet
/// cannot be read at all, and so may recover any.
pub(super) fn unsure(declared: &Declared, names: &Names) -> Option<HashSet<VnetIx>> {
    let mut found = HashSet::new();
    for vnet in &declared.vnets {
        let table = vnet.table.as_ref()?;
        if names.vnets.get(&vnet.id).is_none() {
            found.extend(table.recovers.as_ref().and_then(|recovers| names.vnets.get(&recovers.value)));
        }
    }
    Some(found)
}

/// Resolves regions and VNets with all that lives in them.
pub(super) fn resolve(declared: &Declared, topology: &mut Topology, names: &mut Names, sink: &mut Sink) -> Twins {
    for region in &declared.regions {
        let item = region.table.as_ref().map(|table| {
            topology.regions.push(Region {
                id: region.id.clone(),
                title: table.title.clone().unwrap_or_else(|| region.id.clone()),
                side: table.side,
                area: table.area.clone(),
            });
            RegionIx::new(topology.regions.len() - 1)
        });
        names.regions.declare(&region.id, item, At { what: "a region", byte: region.id_span.start });
    }
    let origins = origins(&declared.vnets, sink);
    let drafts = Drafts { vnets: &declared.vnets, origins: &origins };
    let mut numbers: Vec<Option<VnetIx>> = Vec::with_capacity(declared.vnets.len());
    for (position, vnet) in declared.vnets.iter().enumerate() {
        let number = build(vnet, drafts.space(position), drafts.subnets(position), topology, names, sink);
        let at = At { what: "a VNet", byte: vnet.id_span.start };
        names.vnets.declare(&vnet.id, number, at);
        names.nodes.declare(&vnet.id, number.map(Node::Vnet), at);
        numbers.push(number);
    }
    twins(declared, &origins, &numbers, topology, sink)
}

/// The place in the file's list of the VNet each one recovers; circles and unknown names are problems.
fn origins(vnets: &[Item<format::Vnet>], sink: &mut Sink) -> Vec<Option<usize>> {
    let places: HashMap<&str, usize> =
        vnets.iter().enumerate().map(|(place, vnet)| (vnet.id.as_str(), place)).collect();
    let mut origins = vec![None; vnets.len()];
    for (place, vnet) in vnets.iter().enumerate() {
        let Some(recovers) = vnet.table.as_ref().and_then(|table| table.recovers.as_ref()) else { continue };
        origins[place] = places.get(recovers.value.as_str()).copied();
        if origins[place].is_none() {
            let hint = sink.hint(&recovers.value, places.keys().copied());
            let message = format!("no VNet is called `{}`{hint}", shown(&recovers.value));
            sink.error(FindingCode::UnknownId, &recovers.span, message, &[&vnet.id]);
        }
    }
    // Each VNet points at one other at most, so a walk either ends or runs into a circle; each is walked once.
    let mut walk_of = vec![usize::MAX; vnets.len()];
    for start in 0..vnets.len() {
        let mut at = Some(start);
        while let Some(place) = at.filter(|place| walk_of[*place] == usize::MAX) {
            walk_of[place] = start;
            at = origins[place];
        }
        if let Some(place) = at.filter(|place| walk_of[*place] == start) {
            cut_circle(place, vnets, &mut origins, sink);
        }
    }
    origins
}

/// Names a circle of `recovers` and takes it apart.
fn cut_circle(start: usize, vnets: &[Item<format::Vnet>], origins: &mut [Option<usize>], sink: &mut Sink) {
    let mut circle = Vec::new();
    let mut at = Some(start);
    while let Some(place) = at {
        circle.push(place);
        at = origins[place].take();
    }
    circle.pop();
    let first = circle.iter().min().copied().unwrap_or(start);
    let turn = circle.iter().position(|place| *place == first).unwrap_or(0);
    circle.rotate_left(turn);
    let Some(recovers) = vnets[first].table.as_ref().and_then(|table| table.recovers.as_ref()) else { return };
    let ids: Vec<&str> = circle.iter().map(|place| vnets[*place].id.as_str()).collect();
    let message = match ids.as_slice() {
        [id] => format!("`{id}` cannot recover itself"),
        ids => format!(
            "{} recover one another in a circle",
            ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
        ),
    };
    sink.error(FindingCode::InvalidTwin, &recovers.span, message, &ids);
}

/// Address spaces and subnets with what is copied from the VNet each one recovers.
struct Drafts<'d> {
    vnets: &'d [Item<format::Vnet>],
    origins: &'d [Option<usize>],
}

impl Drafts<'_> {
    /// The first VNet on the way to its origins, itself among them, that declares what is asked for.
    fn declaring(&self, mut place: usize, declares: impl Fn(&format::Vnet) -> bool) -> Option<&format::Vnet> {
        loop {
            let table = self.vnets[place].table.as_ref()?;
            if declares(table) {
                return Some(table);
            }
            place = self.origins[place]?;
        }
    }

    /// The address space of a VNet with its spans; none where it cannot be known.
    fn space(&self, place: usize) -> Option<Vec<(Ipv4Net, Range<usize>)>> {
        let own = self.vnets[place].table.as_ref()?;
        let space = self.declaring(place, |table| table.address_space.is_some())?.address_space.as_ref()?;
        let copied = own.recovers.as_ref().filter(|_| own.address_space.is_none());
        let span = |prefix: &format::At<format::Prefix>| copied.map_or(&prefix.span, |recovers| &recovers.span).clone();
        Some(space.value.iter().map(|prefix| (prefix.value.0, span(prefix))).collect())
    }

    /// The subnets of a VNet with their spans.
    fn subnets(&self, place: usize) -> Vec<Draft> {
        let Some(own) = self.vnets[place].table.as_ref() else { return Vec::new() };
        let declaring = self.declaring(place, |table| table.subnets.is_some());
        let Some(subnets) = declaring.and_then(|table| table.subnets.as_ref()) else { return Vec::new() };
        let copied = own.recovers.as_ref().filter(|_| own.subnets.is_none());
        let draft = |(id, subnet): &(format::At<String>, format::At<format::Subnet>)| Draft {
            id: id.value.clone(),
            title: subnet.value.title.clone().unwrap_or_else(|| id.value.clone()),
            prefix: subnet.value.prefix,
            span: copied.map_or(&subnet.span, |recovers| &recovers.span).clone(),
        };
        subnets.0.iter().map(draft).collect()
    }
}

/// Checks one VNet and gives it its place in the topology.
fn build(
    vnet: &Item<format::Vnet>,
    space: Option<Vec<(Ipv4Net, Range<usize>)>>,
    mut subnets: Vec<Draft>,
    topology: &mut Topology,
    names: &mut Names,
    sink: &mut Sink,
) -> Option<VnetIx> {
    let table = vnet.table.as_ref()?;
    if table.address_space.is_none() && table.recovers.is_none() {
        let message = format!("vnet.{} lacks the key `address-space`", vnet.id);
        sink.error(FindingCode::MissingKey, &vnet.id_span, message, &[&vnet.id]);
    }
    let region = names.regions.resolve(&table.region.value, &table.region.span, "region", sink);
    let spelled: Vec<bool> = table
        .subnets
        .iter()
        .flat_map(|subnets| &subnets.0)
        .map(|(id, _)| id.value == GATEWAY_SUBNET || checked_subnet_id(id, sink))
        .collect();
    let space = space?;
    let title = table.title.clone().unwrap_or_else(|| vnet.id.clone());
    check_space(vnet, table, &space, &title, sink);
    check_subnets(vnet, &space, &subnets, &title, sink);
    let gateways = super::gateways::declared(vnet, table, sink);
    let space: Vec<Ipv4Net> = space.into_iter().map(|(prefix, _)| prefix).collect();
    if !gateways.is_empty() && !subnets.iter().any(|subnet| subnet.id == GATEWAY_SUBNET) {
        let taken: Vec<Ipv4Net> = subnets.iter().map(|subnet| subnet.prefix).collect();
        match last_free_27(&space, &taken) {
            Some(prefix) => subnets.push(Draft {
                id: GATEWAY_SUBNET.to_owned(),
                title: GATEWAY_SUBNET.to_owned(),
                prefix,
                span: vnet.id_span.clone(),
            }),
            None => {
                let span = table.gateways.first().map_or(&vnet.id_span, |gateway| &gateway.span);
                let message = format!("{title} has no free /27 left for the {GATEWAY_SUBNET} its gateway needs (B28)");
                sink.error(FindingCode::InvalidSubnet, span, message, &[&vnet.id]);
            }
        }
    }
    let number = VnetIx::new(topology.vnets.len());
    if !subnets.iter().any(|subnet| subnet.id != GATEWAY_SUBNET) && table.recovers.is_none() {
        let message = format!("{title} has no subnet a VM could use");
        sink.finding(Severity::Note, FindingCode::NoSubnet, &vnet.id_span, message, &[&vnet.id]);
    }
    let region = region.filter(|_| !spelled.contains(&false))?;
    let register = names.subnets.entry(number).or_default();
    let mut own = Vec::with_capacity(subnets.len());
    for subnet in subnets {
        let place = SubnetIx::new(topology.subnets.len());
        register.declare(&subnet.id, Some(place), At { what: "a subnet", byte: subnet.span.start });
        own.push(place);
        topology.subnets.push(Subnet { title: subnet.title, ..Subnet::new(subnet.id, number, subnet.prefix) });
    }
    topology.vnets.push(Vnet {
        id: vnet.id.clone(),
        title,
        region,
        address_space: space,
        subnets: own,
        recovers: None,
        gateways,
    });
    Some(number)
}

fn checked_subnet_id(id: &format::At<String>, sink: &mut Sink) -> bool {
    if id.value.eq_ignore_ascii_case(GATEWAY_SUBNET) {
        let message = format!("`{}` is spelled `{GATEWAY_SUBNET}` (B28)", shown(&id.value));
        sink.error(FindingCode::InvalidId, &id.span, message, &[]);
        return false;
    }
    checked_id(&id.value, &id.span, sink)
}

/// What Azure refuses in an address space (A3), and prefixes that overlap one another.
fn check_space(
    vnet: &Item<format::Vnet>,
    table: &format::Vnet,
    space: &[(Ipv4Net, Range<usize>)],
    title: &str,
    sink: &mut Sink,
) {
    // A copied space was checked where it is declared.
    let Some(declared) = &table.address_space else { return };
    if space.is_empty() {
        let message = format!("the address space of {title} is empty; it needs a prefix");
        sink.error(FindingCode::InvalidPrefix, &declared.span, message, &[&vnet.id]);
    }
    for (prefix, span) in space {
        if let Some(purpose) = refused_in_space(prefix) {
            let message = format!("Azure refuses {prefix} in an address space: it holds addresses for {purpose} (A3)");
            sink.error(FindingCode::InvalidPrefix, span, message, &[&vnet.id]);
        } else if prefix.prefix_len() > LONGEST_SUBNET {
            let message = format!("{prefix} is too small for a VNet: its smallest subnet is a /{LONGEST_SUBNET} (A2)");
            sink.error(FindingCode::InvalidPrefix, span, message, &[&vnet.id]);
        }
    }
    for (a, b) in overlapping(space, |(prefix, _)| *prefix) {
        let message = format!("{} overlaps {} of the same address space", b.0, a.0);
        sink.error(FindingCode::InvalidPrefix, &b.1, message, &[&vnet.id]);
    }
}

/// Subnets outside their VNet, of a size Azure refuses, or overlapping a sibling (A2, A4).
fn check_subnets(
    vnet: &Item<format::Vnet>,
    space: &[(Ipv4Net, Range<usize>)],
    subnets: &[Draft],
    title: &str,
    sink: &mut Sink,
) {
    for Draft { id, prefix, span, .. } in subnets {
        let (code, at) = (FindingCode::InvalidSubnet, [vnet.id.as_str()]);
        if !(SHORTEST_SUBNET..=LONGEST_SUBNET).contains(&prefix.prefix_len()) {
            let message =
                format!("subnet {id} is {prefix}; Azure takes sizes from /{LONGEST_SUBNET} to /{SHORTEST_SUBNET} (A2)");
            sink.error(code, span, message, &at);
        } else if !space.iter().any(|(range, _)| range.contains(prefix)) {
            let space = space.iter().map(|(range, _)| range.to_string()).collect::<Vec<_>>().join(", ");
            let message = format!("subnet {id}, {prefix}, lies outside the address space of {title}, {space} (A4)");
            sink.error(code, span, message, &at);
        } else if id == GATEWAY_SUBNET {
            let gateways = vnet.table.as_ref().map_or(&[][..], |table| &table.gateways);
            super::gateways::subnet(*prefix, span, gateways, title, &vnet.id, sink);
        }
    }
    for (a, b) in overlapping(subnets, |subnet| subnet.prefix) {
        let message = format!("subnet {}, {}, overlaps {}, {}, of {title} (A4)", b.id, b.prefix, a.id, a.prefix);
        sink.error(FindingCode::InvalidSubnet, &b.span, message, &[&vnet.id]);
    }
}

/// Pairs of items that share an address, the one that stands first in the list first; at most one pair an item.
fn overlapping<T>(items: &[T], prefix: impl Fn(&T) -> Ipv4Net) -> Vec<(&T, &T)> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|place| (prefix(&items[*place]).network(), prefix(&items[*place]).prefix_len(), *place));
    let mut pairs = Vec::new();
    let mut widest: Option<usize> = None;
    for place in order {
        let range = prefix(&items[place]);
        if let Some(other) = widest.filter(|other| range.network() <= prefix(&items[*other]).broadcast()) {
            pairs.push((&items[other.min(place)], &items[other.max(place)]));
        }
        if widest.is_none_or(|other| range.broadcast() > prefix(&items[other]).broadcast()) {
            widest = Some(place);
        }
    }
    pairs
}

/// Connects failover networks with what they recover: another region, one a region (A12), and room for VMs.
fn twins(
    declared: &Declared,
    origins: &[Option<usize>],
    numbers: &[Option<VnetIx>],
    topology: &mut Topology,
    sink: &mut Sink,
) -> Twins {
    let mut twins = Twins::new();
    let mut in_region: HashMap<(VnetIx, RegionIx), VnetIx> = HashMap::new();
    for (place, vnet) in declared.vnets.iter().enumerate() {
        let Some(recovers) = vnet.table.as_ref().and_then(|table| table.recovers.as_ref()) else { continue };
        let (Some(own), Some(origin)) = (numbers[place], origins[place].and_then(|origin| numbers[origin])) else {
            continue;
        };
        topology.vnets[own.at()].recovers = Some(origin);
        let (twin, source) = (&topology.vnets[own.at()], &topology.vnets[origin.at()]);
        let at = [twin.id.as_str(), source.id.as_str()];
        let region = &topology.regions[twin.region.at()].title;
        if twin.region == source.region {
            let message = format!(
                "{} cannot recover {}: both are in {region}; a failover network lies in another region",
                twin.title, source.title
            );
            sink.error(FindingCode::InvalidTwin, &recovers.span, message, &at);
        } else if let Some(other) = in_region.insert((origin, twin.region), own) {
            let message = format!(
                "{} has a failover network in {region} already, {}; a region holds one (A12)",
                source.title,
                topology.vnets[other.at()].title
            );
            sink.error(FindingCode::InvalidTwin, &recovers.span, message, &at);
        }
        let usable = |vnet: &Vnet| vnet.subnets.iter().any(|subnet| topology.subnets[subnet.at()].hosts_vms());
        if !usable(twin) && usable(source) {
            let message = format!("{} has no subnet a VM of {} could use", twin.title, source.title);
            sink.error(FindingCode::NoSubnet, &recovers.span, message, &at);
        } else if !usable(twin) {
            let message = format!("{} has no subnet a VM could use", twin.title);
            sink.finding(Severity::Note, FindingCode::NoSubnet, &recovers.span, message, &at[..1]);
        }
        twins.entry(origin).or_insert_with(|| (own, recovers.span.clone()));
    }
    twins
}
