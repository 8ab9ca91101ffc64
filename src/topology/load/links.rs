//! Sites and links: which may stand beside one another, and the routes they give a site.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::circuits::Circuits;
use super::names::{At, Names, name_taken};
use super::sink::Sink;
use super::tables::{Declared, Item};
use super::{FindingCode, format, halves};
use crate::topology::overlap::{self, Clash, Wanted};
use crate::topology::{
    CircuitIx, GatewayKind, Link, LinkIx, LinkKind, LinkState, Node, Severity, Site, SiteIx, SiteRoute, Topology,
    VnetIx, fit, limits,
};

/// Resolves sites, links and the routes of sites.
pub(super) fn resolve(declared: &Declared, topology: &mut Topology, names: &mut Names, sink: &mut Sink) {
    for site in &declared.sites {
        let number = site.table.as_ref().map(|table| {
            topology.sites.push(self::site(site, table, sink));
            SiteIx::new(topology.sites.len() - 1)
        });
        let at = At { what: "a site", byte: site.id_span.start };
        let node = names.nodes.declare(&site.id, number.map(Node::Site), at);
        let endpoint = names.endpoints.declare(&site.id, number.map(crate::topology::Endpoint::Site), at);
        let others = if node.is_some() { "VNets and sites" } else { "apps, VMs and sites" };
        if let Some(other) = node.or(endpoint) {
            name_taken(&site.id, &site.id_span, other, others, sink);
        }
    }
    let mut spans = Vec::with_capacity(declared.links.len());
    let mut circuits = Circuits::declared(declared, topology);
    for (item, table) in Item::whole(&declared.links) {
        if let Some(link) = link(item, table, &mut circuits, topology, names, sink) {
            topology.links.push(link);
            spans.push(&item.id_span);
        }
    }
    beside_one_another(&spans, topology, sink);
    halves::beside_one_another(&spans, topology, sink);
    routes(declared, topology, names, sink);
}

fn site(site: &Item<format::Site>, table: &format::Site, sink: &mut Sink) -> Site {
    if table.prefixes.value.is_empty() {
        let message = format!("site `{}` has no prefix; nothing could be reached there", site.id);
        sink.error(FindingCode::InvalidPrefix, &table.prefixes.span, message, &[&site.id]);
    }
    Site {
        id: site.id.clone(),
        title: table.title.clone().unwrap_or_else(|| site.id.clone()),
        prefixes: table.prefixes.value.iter().map(|prefix| prefix.value.0).collect(),
        routes: Vec::new(),
        asn: table.asn.as_ref().map(|asn| {
            if limits::is_reserved_asn(asn.value) {
                let message = format!("Azure keeps the number {} for itself; a site takes another (B39)", asn.value);
                sink.error(FindingCode::InvalidValue, &asn.span, message, &[&site.id]);
            }
            asn.value
        }),
    }
}

/// Checks what a link is by itself.
fn link(
    item: &Item<format::Link>,
    table: &format::Link,
    circuits: &mut Circuits,
    topology: &mut Topology,
    names: &Names,
    sink: &mut Sink,
) -> Option<Link> {
    let [a, b] = table.between.value.as_slice() else {
        let message = format!("a link joins two networks, not {}", table.between.value.len());
        sink.error(FindingCode::InvalidLink, &table.between.span, message, &[&item.id]);
        return None;
    };
    let resolved = [a, b].map(|end| names.nodes.resolve(&end.value, &end.span, "VNet or site", sink));
    let span = a.span.start..b.span.end;
    if a.value == b.value {
        let message = format!("link `{}` joins `{}` to itself", item.id, a.value);
        sink.error(FindingCode::InvalidLink, &span, message, &[&item.id]);
        return None;
    }
    let [Some(first), Some(second)] = resolved else {
        halves::options(item, table, None, sink);
        return None;
    };
    let between = [first, second];
    let problem = match (between, table.kind) {
        ([Node::Site(_), Node::Site(_)], _) => Some("a link joins two VNets, or a VNet and a site; not two sites"),
        ([Node::Vnet(_), Node::Vnet(_)], LinkKind::Expressroute) => Some("ExpressRoute joins a VNet and a site"),
        ([Node::Site(_), _] | [_, Node::Site(_)], LinkKind::Peering) => Some("peering joins two VNets, not a site"),
        _ => None,
    };
    if let Some(problem) = problem {
        sink.error(FindingCode::InvalidLink, &span, problem, &[&item.id]);
        return None;
    }
    let circuit = match &table.circuit {
        Some(circuit) if table.kind != LinkKind::Expressroute => {
            sink.error(FindingCode::InvalidLink, &circuit.span, "only ExpressRoute runs over a circuit", &[&item.id]);
            return None;
        }
        Some(circuit) => Some(circuits.named(circuit, topology, sink)?),
        None => None,
    };
    let mut link = Link { circuit, ..Link::new(item.id.clone(), table.kind, between, LinkState::Connected) };
    let fine = halves::settings(item, table, &mut link, topology, sink);
    (gateways(&link, &span, topology, sink) && fine && fitting(&link, &span, topology, sink)).then_some(link)
}

/// Whether a link fits the gateways and circuits it needs: BGP and its numbers, tunnels, reach (B32, B39, B41, B49).
fn fitting(link: &Link, span: &Range<usize>, topology: &Topology, sink: &mut Sink) -> bool {
    let misfit = fit::fits(topology, link).err();
    if let Some(misfit) = &misfit {
        let message = format!("{} ({})", misfit.message, misfit.rule);
        sink.error(FindingCode::InvalidLink, span, message, &[&link.id]);
    }
    misfit.is_none()
}

/// Whether the VNets of a connected link have the gateways it needs.
fn gateways(link: &Link, span: &Range<usize>, topology: &Topology, sink: &mut Sink) -> bool {
    let Some(kind) = link.kind.gateway() else { return true };
    let mut complete = true;
    for vnet in link.vnets().filter(|vnet| link.stands_at(Node::Vnet(*vnet))) {
        let vnet = &topology.vnets[vnet.at()];
        if !vnet.gateways.iter().any(|gateway| gateway.kind == kind) {
            complete = false;
            let kind = match kind {
                GatewayKind::Vpn => "a VPN",
                GatewayKind::Expressroute => "an ExpressRoute",
            };
            let message = format!("link `{}` needs {kind} gateway in {}, which has none", link.id, vnet.title);
            sink.error(FindingCode::InvalidLink, span, message, &[&link.id, &vnet.id]);
        }
    }
    complete
}

/// Checks every connected link against those before it. Peerings come last, whatever the order of the file: one
/// beside a VPN with the same prefix is accepted, the other way round would be refused (B13).
fn beside_one_another(spans: &[&Range<usize>], topology: &Topology, sink: &mut Sink) {
    let mut twice: HashMap<([Node; 2], LinkKind, Option<CircuitIx>), usize> = HashMap::new();
    for (place, link) in topology.links.iter().enumerate() {
        let mut ends = link.between;
        ends.sort();
        if let Some(first) = twice.insert((ends, link.kind, link.circuit), place) {
            let message = format!(
                "link `{}` joins the same ends by {} as `{}`; one link a pair and kind is enough",
                link.id,
                link.kind.title(),
                topology.links[first].id
            );
            sink.error(FindingCode::InvalidLink, spans[place], message, &[&link.id, &topology.links[first].id]);
        }
    }
    let (peerings, others): (Vec<_>, Vec<_>) = topology
        .links
        .iter()
        .enumerate()
        .filter(|(_, link)| link.state != LinkState::Absent)
        .partition(|(_, link)| link.kind == LinkKind::Peering);
    // Only links that share an end can clash, so each is compared with those at its ends alone.
    let mut at_node: HashMap<Node, Vec<usize>> = HashMap::new();
    let transit = overlap::transit(topology.links.iter());
    for (place, link) in others.into_iter().chain(peerings) {
        let title = |node: Node| title(topology, node);
        let [a, b] = link.between;
        let wanted = Wanted::like(link);
        if let Some((p, q)) = overlap::ends_overlap(topology, std::slice::from_ref(link), wanted) {
            let message =
                format!("{} ({p}) and {} ({q}) share addresses, so nothing can join them", title(a), title(b));
            sink.error(FindingCode::InvalidLink, spans[place], message, &[&link.id]);
            continue;
        }
        let mut seen = HashSet::new();
        let near = link.between.iter().filter_map(|end| at_node.get(end)).flatten().copied();
        let near: Vec<usize> = near.filter(|near| seen.insert(*near)).collect();
        let neighbours: Vec<Link> = near.iter().map(|near| topology.links[*near].clone()).collect();
        let listed: Vec<Link> = neighbours.iter().chain([link]).cloned().collect();
        if let Some(Clash { at, neighbour, behind, link: LinkIx(other), prefixes, rule }) =
            overlap::clashes_beside(topology, &listed, &transit, wanted).into_iter().next()
        {
            let other = &listed[other as usize].id;
            let with = |name: &str, vnet: Option<VnetIx>| match vnet {
                Some(vnet) => format!("{name}, which brings {}", title(Node::Vnet(vnet))),
                None => name.to_owned(),
            };
            let newcomer = with(link.other(at).map_or("", title), behind[0]);
            let message = format!(
                "{} already reaches {} through link `{other}` to {}; {newcomer} with {} cannot be joined too ({rule})",
                title(at),
                prefixes.1,
                with(title(neighbour), behind[1]),
                prefixes.0,
            );
            sink.error(FindingCode::InvalidLink, spans[place], message, &[&link.id, other]);
            continue;
        }
        worth_knowing(link, spans[place], &neighbours, topology, sink);
        for end in link.between {
            at_node.entry(end).or_default().push(place);
        }
    }
}

/// What is accepted but should be known: a site prefix around the VNet's (B11), a peering that shadows (B13).
fn worth_knowing(link: &Link, span: &Range<usize>, neighbours: &[Link], topology: &Topology, sink: &mut Sink) {
    if let Some(excess) = limits::excess(topology, neighbours.iter(), link) {
        let message = format!("{} ({})", excess.message, excess.rule);
        sink.finding(Severity::Warning, FindingCode::OverLimit, span, message, &[&link.id]);
    }
    if let Some((site, vnet)) = overlap::superset(topology, link) {
        let message = format!("the site prefix {site} contains {vnet} of the VNet; the longer prefix wins (B11)");
        sink.finding(Severity::Warning, FindingCode::SupersetPrefix, span, message, &[&link.id]);
    }
    if link.kind != LinkKind::Peering {
        return;
    }
    for other in neighbours.iter().filter(|other| other.kind != LinkKind::Peering) {
        for end in link.between {
            let (Some(peer), Some(far)) = (link.other(end), other.other(end)) else { continue };
            let brought = overlap::brought(topology, other, far);
            let shared = crate::topology::address::first_overlap(topology.space(peer), brought);
            if let Some((prefix, _)) = shared.filter(|_| peer != far) {
                let message = format!(
                    "the peering with {} shadows {} of link `{}` at {}: {prefix} now leads to the peer (B13, modelled)",
                    title(topology, peer),
                    title(topology, far),
                    other.id,
                    title(topology, end),
                );
                sink.finding(Severity::Warning, FindingCode::Shadowed, span, message, &[&link.id, &other.id]);
            }
        }
    }
}

fn title(topology: &Topology, node: Node) -> &str {
    match node {
        Node::Vnet(vnet) => &topology.vnets[vnet.at()].title,
        Node::Site(site) => &topology.sites[site.at()].title,
    }
}

/// The routes of every site: those declared, or one a prefix of the VNets its connected links lead to.
fn routes(declared: &Declared, topology: &mut Topology, names: &Names, sink: &mut Sink) {
    let mut known: Vec<HashSet<ipnet::Ipv4Net>> = vec![HashSet::new(); topology.sites.len()];
    let mut given = vec![false; topology.sites.len()];
    for (number, (item, table)) in Item::whole(&declared.sites).enumerate() {
        let Some(routes) = &table.routes else { continue };
        given[number] = true;
        for route in routes {
            let via = names.vnets.resolve(&route.via.value, &route.via.span, "VNet", sink);
            let prefix = route.prefix.value.0;
            if !known[number].insert(prefix) {
                let message = format!("site `{}` has a route for {prefix} already", item.id);
                sink.error(FindingCode::InvalidValue, &route.prefix.span, message, &[&item.id]);
            } else if let Some(via) = via {
                topology.sites[number].routes.push(SiteRoute { prefix, via });
            }
        }
    }
    for link in topology.links.iter().filter(|link| link.state == LinkState::Connected) {
        let (Some(site), Some(vnet)) =
            (link.between.iter().find_map(|node| node.site()), link.between.iter().find_map(|node| node.vnet()))
        else {
            continue;
        };
        // With the VNet's own ranges come those of the VNets that use its gateway (B21, B52).
        let connected = topology.links.iter().filter(|link| link.state == LinkState::Connected);
        let behind = connected.filter_map(|link| link.spoke_of(vnet));
        let spaces = std::iter::once(vnet).chain(behind).map(|vnet| &topology.vnets[vnet.at()].address_space);
        for prefix in spaces.flatten().filter(|_| !given[site.at()]) {
            if known[site.at()].insert(*prefix) {
                topology.sites[site.at()].routes.push(SiteRoute { prefix: *prefix, via: vnet });
            }
        }
    }
}
