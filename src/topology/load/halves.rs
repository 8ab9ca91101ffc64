//! What a link is beside its ends: options of its kind, its two objects and their settings (B15, B17, B35, B41, B42,
//! B45, B56).

use std::ops::Range;

use super::sink::Sink;
use super::tables::Item;
use super::{FindingCode, format, shown};
use crate::topology::format::{At, DeclaredKey, DeclaredState};
use crate::topology::{GatewayKind, Link, LinkKind, LinkState, Node, Severity, Topology, fit};

/// Reads everything of a link that is not its kind and ends; false where that is wrong.
pub(super) fn settings(
    item: &Item<format::Link>,
    table: &format::Link,
    link: &mut Link,
    topology: &Topology,
    sink: &mut Sink,
) -> bool {
    let before = sink.count();
    let to_site = link.between.iter().any(|node| node.site().is_some());
    options(item, table, Some(to_site), sink);
    link.bgp = table.bgp.as_ref().is_some_and(|bgp| bgp.value);
    link.weight = table.weight.as_ref().map_or(0, |weight| weight.value);
    link.tunnels = table.tunnels.as_ref().map_or(1, |tunnels| tunnels.value);
    link.prefixes = table.prefixes.iter().flat_map(|list| list.value.iter().map(|prefix| prefix.value.0)).collect();
    nat(item, table, link, topology, sink);
    objects(item, table, link, topology, sink);
    flags(item, table, link, topology, sink);
    sink.count() == before
}

/// The options, each of which belongs to one kind of link; `to_site` is not known where an end is not.
pub(super) fn options(item: &Item<format::Link>, table: &format::Link, to_site: Option<bool>, sink: &mut Sink) {
    fn span<T>(key: &Option<At<T>>) -> Option<&Range<usize>> {
        key.as_ref().map(|key| &key.span)
    }
    let (to_site, vpn) = (to_site.unwrap_or(true), table.kind == LinkKind::Vpn);
    let keys = [
        ("bgp", span(&table.bgp), vpn, "a VPN; ExpressRoute always speaks BGP, peering never (B38)"),
        ("key", span(&table.key), vpn, "a VPN (B35)"),
        ("tunnels", span(&table.tunnels), vpn && to_site, "a VPN to a site (B41)"),
        ("prefixes", span(&table.prefixes), vpn && to_site, "a VPN to a site: its local network gateway (B45)"),
        ("weight", span(&table.weight), table.kind == LinkKind::Expressroute, "ExpressRoute (B34, B56)"),
        ("access", span(&table.access), table.kind == LinkKind::Peering, "peering (B17)"),
        ("forwarded-traffic", span(&table.forwarded_traffic), table.kind == LinkKind::Peering, "peering (B17)"),
    ];
    for (key, span, _, fits) in keys.into_iter().filter(|(_, _, fine, _)| !fine) {
        if let Some(span) = span {
            sink.error(FindingCode::InvalidLink, span, format!("`{key}` is for {fits}"), &[&item.id]);
        }
    }
    if let Some(tunnels) = table.tunnels.as_ref().filter(|tunnels| !(1..=100).contains(&tunnels.value)) {
        let message = format!("a link has 1 to 100 tunnels, not {}", tunnels.value);
        sink.error(FindingCode::InvalidValue, &tunnels.span, message, &[&item.id]);
    }
    if let Some(prefixes) = table.prefixes.as_ref().filter(|prefixes| prefixes.value.is_empty()) {
        let message = "an empty prefix list sends nothing into the tunnel; leave the key out (B45)";
        sink.error(FindingCode::InvalidValue, &prefixes.span, message, &[&item.id]);
    }
}

/// Gateways translate addresses only towards a site, and only the larger ones do (B42).
fn nat(item: &Item<format::Link>, table: &format::Link, link: &Link, topology: &Topology, sink: &mut Sink) {
    let Some(nat) = table.nat.as_ref().filter(|nat| nat.value) else { return };
    let to_site = link.between.iter().any(|node| node.site().is_some());
    if link.kind != LinkKind::Vpn || !to_site {
        let message = "a gateway translates addresses only on an IPsec connection to a site, not between VNets (B42)";
        sink.error(FindingCode::InvalidLink, &nat.span, message, &[&item.id]);
        return;
    }
    let sku = link.vnets().find_map(|vnet| {
        let gateways = &topology.vnets[vnet.at()].gateways;
        gateways.iter().find(|gateway| gateway.kind == GatewayKind::Vpn).map(|gateway| gateway.sku.clone())
    });
    let able = |sku: &str| ["VpnGw2", "VpnGw3", "VpnGw4", "VpnGw5"].iter().any(|large| sku.starts_with(large));
    match sku.map(|sku| sku.unwrap_or_else(|| "VpnGw1AZ".to_owned())).filter(|sku| !able(sku)) {
        Some(sku) => {
            let message = format!("a {sku} gateway translates no addresses; it takes VpnGw2AZ or larger (B42)");
            sink.error(FindingCode::InvalidLink, &nat.span, message, &[&item.id]);
        }
        None => {
            let message = "the site sees translated addresses, so keeping addresses gains it nothing; routes here are \
                           those without translation (B42, modelled)";
            sink.finding(Severity::Warning, FindingCode::Nat, &nat.span, message, &[&item.id]);
        }
    }
}

/// Which of the two objects are there, and the state that follows (B15, B35, B44).
fn objects(item: &Item<format::Link>, table: &format::Link, link: &mut Link, topology: &Topology, sink: &mut Sink) {
    let mut wrong = |span: &Range<usize>, message: &str| {
        sink.error(FindingCode::InvalidLink, span, message, &[&item.id]);
    };
    let differs = table.key.as_ref().is_some_and(|key| key.value == DeclaredKey::Differs);
    let state = table.state.as_ref().map(|state| state.value);
    if let Some(key) = &table.key {
        if state == Some(DeclaredState::Absent) {
            wrong(&key.span, "a planned link has no keys yet; leave out `key`, or the state `absent` (B35)");
        }
        if table.half.is_some() {
            wrong(
                &key.span,
                "with half a VPN there is only one key, so none to compare it with; leave out `key` or `half` (B35)",
            );
        }
        if key.value == DeclaredKey::Same && state == Some(DeclaredState::NotConnected) && table.half.is_none() {
            wrong(
                &key.span,
                "a VPN with both objects and one key is connected; say `differs`, or which end lacks its object with `half` (B35)",
            );
            return;
        }
    }
    link.faults.wrong_key = differs && state != Some(DeclaredState::Absent);
    if let Some(half) = &table.half {
        let site = link.between.iter().any(|node| node.site().is_some());
        let side = link.between.iter().position(|node| name(topology, *node) == half.value);
        let Some(side) = side else {
            return wrong(&half.span, &format!("`{}` is no end of this link", shown(&half.value)));
        };
        if site {
            return wrong(&half.span, "a link to a site has one object in Azure, so it has no half");
        }
        link.halves[1 - side].exists = false;
        let (peering, span) = (link.kind == LinkKind::Peering, table.state.as_ref().map_or(&half.span, |at| &at.span));
        link.state = match (state, peering) {
            (None | Some(DeclaredState::Initiated), true) => LinkState::Initiated,
            (Some(DeclaredState::Disconnected), true) => LinkState::Disconnected,
            (None | Some(DeclaredState::NotConnected), false) => LinkState::NotConnected,
            (_, true) => return wrong(span, "half a peering is initiated or disconnected (B15)"),
            (_, false) => return wrong(span, "half a VPN is not-connected (B44)"),
        };
        return;
    }
    let Some(at) = &table.state else {
        link.state = link.settled(LinkState::Connected);
        return;
    };
    match at.value {
        DeclaredState::Connected if differs => wrong(&at.span, "with two different keys a VPN is not-connected (B35)"),
        DeclaredState::Connected => {}
        DeclaredState::NotConnected if differs => link.state = LinkState::NotConnected,
        DeclaredState::Absent => {
            link.state = LinkState::Absent;
            link.halves.iter_mut().for_each(|half| half.exists = false);
        }
        _ => wrong(&at.span, "say with `half` which end has its object; the other has none"),
    }
}

/// The settings of the halves of a peering (B17).
fn flags(item: &Item<format::Link>, table: &format::Link, link: &mut Link, topology: &Topology, sink: &mut Sink) {
    for half in &mut link.halves {
        half.access = table.access.as_ref().is_none_or(|access| access.value);
        half.forwarded_traffic = table.forwarded_traffic.as_ref().is_some_and(|forwarded| forwarded.value);
    }
    for (end, own) in &table.at.0 {
        let mut wrong = |message: String| sink.error(FindingCode::InvalidLink, &end.span, message, &[&item.id]);
        let Some(side) = link.between.iter().position(|node| name(topology, *node) == end.value) else {
            wrong(format!("`{}` is no end of this link", shown(&end.value)));
            continue;
        };
        if link.kind != LinkKind::Peering {
            wrong("only the halves of a peering have settings of their own (B17)".to_owned());
            continue;
        }
        if table.half.as_ref().is_some_and(|half| half.value != end.value) {
            wrong(format!("`{}` has no half of this link, so there is nothing to set there (B15)", shown(&end.value)));
            continue;
        }
        let half = &mut link.halves[side];
        half.access = own.access.unwrap_or(half.access);
        half.forwarded_traffic = own.forwarded_traffic.unwrap_or(half.forwarded_traffic);
        half.gateway_transit = own.gateway_transit.as_ref().is_some_and(|on| on.value);
        half.remote_gateways = own.remote_gateways.as_ref().is_some_and(|on| on.value);
    }
}

fn name(topology: &Topology, node: Node) -> &str {
    match node {
        Node::Vnet(vnet) => &topology.vnets[vnet.at()].id,
        Node::Site(site) => &topology.sites[site.at()].id,
    }
}

/// Checks the settings of every half against the gateways and the other peerings of its VNet (B17, B21).
pub(super) fn beside_one_another(spans: &[&Range<usize>], topology: &Topology, sink: &mut Sink) {
    let users = |link: &Link| link.kind == LinkKind::Peering && link.halves.iter().any(|half| half.remote_gateways);
    for (place, link) in topology.links.iter().enumerate().filter(|(_, link)| link.state != LinkState::Absent) {
        for side in [0, 1].into_iter().filter(|side| link.halves[*side].exists) {
            let earlier = topology.links[..place].iter().filter(|other| users(other));
            if let Err(misfit) = fit::half_fits(topology, earlier, link, side) {
                let message = format!("{} ({})", misfit.message, misfit.rule);
                sink.error(FindingCode::InvalidLink, spans[place], message, &[&link.id]);
            }
        }
    }
}
