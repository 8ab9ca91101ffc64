//! What a link needs from its ends beside their addresses: BGP and its numbers, redundant tunnels, the reach of a
//! circuit, and the settings of peerings (B17, B21, B32, B39, B41, B49).

use super::limits::{DEFAULT_ASN, Networks, is_basic};
use super::{GatewayKind, Link, LinkKind, Node, VnetIx};

/// Why a link does not fit its ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// What kind of reason it is.
    pub why: Why,
    /// The reason, in a sentence.
    pub message: String,
    /// The rule.
    pub rule: &'static str,
}

/// The kinds of reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A gateway or an option without which BGP cannot be spoken.
    Bgp,
    /// Two sides with one autonomous system number.
    Asn,
    /// A circuit that does not reach the region.
    Reach,
    /// A setting of a peering that the other side does not allow.
    Flag,
}

fn misfit(why: Why, rule: &'static str, message: String) -> Result<(), Misfit> {
    Err(Misfit { why, message, rule })
}

/// Whether a link fits its ends by itself.
///
/// # Errors
/// The first reason why not.
pub fn fits(networks: &impl Networks, link: &Link) -> Result<(), Misfit> {
    match link.kind {
        LinkKind::Vpn => vpn(networks, link),
        LinkKind::Expressroute => reach(networks, link),
        LinkKind::Peering => Ok(()),
    }
}

fn vpn(networks: &impl Networks, link: &Link) -> Result<(), Misfit> {
    if link.tunnels > 1 && !link.bgp {
        let message = format!("{} tunnels to one far end need BGP on both sides", link.tunnels);
        return misfit(Why::Bgp, "B41", message);
    }
    if !link.bgp {
        return Ok(());
    }
    let basic = |vnet: &VnetIx| networks.gateway_of(*vnet, GatewayKind::Vpn).is_some_and(is_basic);
    if let Some(vnet) = link.vnets().find(basic) {
        let message = format!("the VPN gateway of {} is Basic, which knows no BGP", networks.title(Node::Vnet(vnet)));
        return misfit(Why::Bgp, "B32", message);
    }
    let [a, b] = link.between;
    match (networks.asn(a), networks.asn(b)) {
        (Some(one), Some(other)) if one == other => {
            let whose = if one == DEFAULT_ASN { ", Azure’s own default" } else { "" };
            let message = format!(
                "{} and {} both have the number {one}{whose}; BGP needs two different ones",
                networks.title(a),
                networks.title(b)
            );
            misfit(Why::Asn, "B39", message)
        }
        _ => Ok(()),
    }
}

/// A Standard circuit reaches the regions of its own geopolitical area (B49).
fn reach(networks: &impl Networks, link: &Link) -> Result<(), Misfit> {
    let Some(circuit) = link.circuit.map(|circuit| networks.circuit(circuit)) else { return Ok(()) };
    let Some(area) = circuit.area.as_ref().filter(|_| !circuit.premium) else { return Ok(()) };
    for region in link.vnets().map(|vnet| networks.region(vnet)) {
        if let Some(other) = region.area.as_ref().filter(|other| *other != area) {
            let message = format!(
                "{} is a Standard circuit of the area {area}, and {} is in {other}; only a Premium circuit reaches it",
                circuit.title, region.title
            );
            return misfit(Why::Reach, "B49", message);
        }
    }
    Ok(())
}

/// Whether the settings of one half of a peering fit, beside the `others` at its VNet (B17, B21).
///
/// # Errors
/// The first reason why not.
pub fn half_fits<'l>(
    networks: &impl Networks,
    mut others: impl Iterator<Item = &'l Link>,
    link: &Link,
    side: usize,
) -> Result<(), Misfit> {
    let (half, far) = (&link.halves[side], &link.halves[1 - side]);
    let (Node::Vnet(here), Node::Vnet(there)) = (link.between[side], link.between[1 - side]) else { return Ok(()) };
    let [own, peer] = [here, there].map(|vnet| networks.title(Node::Vnet(vnet)));
    let usable = |vnet: VnetIx| networks.gateways(vnet).iter().any(|gateway| !is_basic(gateway));
    if half.gateway_transit && !networks.gateways(here).is_empty() && !usable(here) {
        return misfit(Why::Flag, "B21", format!("{own} has a Basic gateway only, and Basic offers no transit"));
    }
    if !half.remote_gateways {
        return Ok(());
    }
    if !networks.gateways(here).is_empty() {
        let message = format!("{own} has a gateway of its own, so it cannot use that of {peer}");
        return misfit(Why::Flag, "B17", message);
    }
    if !far.gateway_transit || !far.exists {
        let message = format!("{peer} does not offer its gateway to {own}: set gateway-transit there first");
        return misfit(Why::Flag, "B17", message);
    }
    if !usable(there) {
        let why = if networks.gateways(there).is_empty() { "no gateway" } else { "a Basic gateway only" };
        return misfit(Why::Flag, "B17, B21", format!("{peer} has {why}, so {own} cannot use one there"));
    }
    let uses = |other: &&Link| {
        other.kind == LinkKind::Peering
            && !other.joins(link.between[0], link.between[1])
            && other.stands_at(Node::Vnet(here))
            && other.half(Node::Vnet(here)).is_some_and(|half| half.remote_gateways)
    };
    if let Some(other) = others.find(uses).and_then(|other| other.other(Node::Vnet(here))) {
        let message = format!("{own} uses the gateway of {} already, and only one peering may", networks.title(other));
        return misfit(Why::Flag, "B17", message);
    }
    Ok(())
}
