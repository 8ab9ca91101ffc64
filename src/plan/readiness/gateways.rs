//! Gateways the recovery side would need: there, large enough, of a kind that can still be made, and known apart by BGP
//! (F9, B30 to B32, B39, B40, B55).

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::Outlook;
use crate::topology::address::assignable_range;
use crate::topology::timing::{Duration, spoken};
use crate::topology::{
    Command, Finding, FindingCode, GATEWAY_SUBNET, Gateway, GatewayKind, Link, LinkKind, Node, Severity, Subnet, VnetIx,
};
use crate::world::World;

/// The ASN of a gateway that is given none (B39).
const DEFAULT_ASN: u32 = 65515;
/// The longest prefix a `GatewaySubnet` may have that holds both kinds of gateway (B55).
const BOTH_KINDS: u8 = 27;

/// Everything about gateways.
pub(super) fn findings(world: &World, outlooks: &[Outlook]) -> Vec<Finding> {
    let mut found = missing(world, outlooks);
    for (at, vnet) in world.vnets().iter().enumerate() {
        let at = VnetIx::new(at);
        let old = vnet.gateways.iter().filter_map(|gateway| outdated(world, at, gateway));
        found.extend(old);
        found.extend(too_small(world, at, &found));
        found.extend(same_peer(world, at));
    }
    found.extend(world.links().iter().filter_map(|link| same_asn(world, link)));
    found
}

/// A finding about a VNet, with its place.
fn about(world: &World, vnet: VnetIx, severity: Severity, code: FindingCode, message: String) -> Finding {
    let place = world.topology().place_of_node(Node::Vnet(vnet));
    Finding::new(severity, code, message, vec![world.vnet(vnet).id.clone()]).placed(place)
}

/// Gateways the derived plans would have to create (A15, F9, INV-6).
fn missing(world: &World, outlooks: &[Outlook]) -> Vec<Finding> {
    let mut wanted: BTreeMap<(VnetIx, bool), (GatewayKind, Command)> = BTreeMap::new();
    for command in outlooks.iter().filter_map(|outlook| outlook.plan.as_ref()).flat_map(|plan| plan.commands()) {
        if let Command::CreateGateway { vnet, kind, .. } = command
            && let Ok(at) = world.vnet_named(vnet)
        {
            wanted.entry((at, *kind == GatewayKind::Vpn)).or_insert_with(|| (*kind, command.clone()));
        }
    }
    let said = |((vnet, _), (kind, command)): ((VnetIx, bool), (GatewayKind, Command))| {
        let here = world.vnet(vnet);
        let takes = spoken(world.topology().timing.seconds(Duration::of_gateway(kind)));
        let message = format!("{} has no {} gateway, and Site Recovery makes none (A15)", here.title, kind.title());
        about(world, vnet, Severity::Warning, FindingCode::GatewayMissing, message)
            .because("A15, B28, F9", format!("the failover waits {takes} for it before a link can be made"))
            .changed_by(format!("write `gateways = [\"{kind}\"]` in [vnet.{}]", here.id))
            .mended_by(command)
    };
    wanted.into_iter().map(said).collect()
}

/// A SKU that cannot be created or edited any more, or that cannot do what the others can (B31, B32, H23).
fn outdated(world: &World, vnet: VnetIx, gateway: &Gateway) -> Option<Finding> {
    let sku = gateway.sku.as_deref()?;
    let here = world.vnet(vnet);
    let (rule, consequence) = match sku {
        "Basic" => ("B32", "it knows no BGP, stands beside no ExpressRoute gateway, and its peers cannot use it"),
        "VpnGw1" | "VpnGw2" | "VpnGw3" | "VpnGw4" | "VpnGw5" => {
            ("B31, H23", "no new one can be created since November 2025, and a step that changes this one is refused")
        }
        _ => return None,
    };
    let better = if sku == "Basic" { "VpnGw1AZ".to_owned() } else { format!("{sku}AZ") };
    let message = format!("the VPN gateway of {} is a {sku} ({rule})", here.title);
    let finding = about(world, vnet, Severity::Warning, FindingCode::GatewaySku, message);
    Some(
        finding
            .because(rule, consequence)
            .changed_by(format!("write `sku = \"{better}\"` for it in [vnet.{}]", here.id)),
    )
}

fn gateway_subnet(world: &World, vnet: VnetIx) -> Option<&Subnet> {
    let own = world.vnet(vnet).subnets.iter().map(|subnet| world.subnet(*subnet));
    own.into_iter().find(|subnet| subnet.id == GATEWAY_SUBNET)
}

/// A `GatewaySubnet` in which the two kinds of gateway cannot stand side by side, where both are or will be (B55).
fn too_small(world: &World, vnet: VnetIx, missing: &[Finding]) -> Option<Finding> {
    let here = world.vnet(vnet);
    let source = here.recovers.map(|source| world.vnet(source));
    let comes =
        missing.iter().any(|finding| finding.code == FindingCode::GatewayMissing && finding.at.contains(&here.id));
    let kinds = |vnet: &crate::topology::Vnet| vnet.gateways.len();
    let both = kinds(here) + usize::from(comes) > 1 || source.is_some_and(|source| kinds(source) > 1);
    let small = gateway_subnet(world, vnet).filter(|subnet| both && subnet.prefix.prefix_len() > BOTH_KINDS)?;
    let message = format!(
        "the {GATEWAY_SUBNET} of {}, {}, is too small for a VPN and an ExpressRoute gateway (B55)",
        here.title, small.prefix
    );
    let consequence = "the second gateway cannot be added without deleting and creating the first anew";
    let finding = about(world, vnet, Severity::Error, FindingCode::GatewayTooSmall, message);
    Some(
        finding
            .because("B55, INV-6", consequence)
            .changed_by(format!("give `{GATEWAY_SUBNET}` of [vnet.{}.subnets] a /{BOTH_KINDS}", here.id)),
    )
}

/// The address a gateway speaks BGP from: the last usable one of its subnet (B40).
fn bgp_peer(world: &World, vnet: VnetIx) -> Option<Ipv4Addr> {
    assignable_range(&gateway_subnet(world, vnet)?.prefix).map(|(_, last)| last)
}

/// A failover network whose gateway speaks BGP from the same address as that of its source (B40, H24, INV-10).
fn same_peer(world: &World, vnet: VnetIx) -> Option<Finding> {
    let source = world.vnet(vnet).recovers?;
    let speaks = |link: &&Link| link.bgp && link.kind == LinkKind::Vpn && link.between.contains(&Node::Vnet(source));
    let link = world.links().iter().find(speaks)?;
    let peer = bgp_peer(world, source)?;
    if bgp_peer(world, vnet) != Some(peer) {
        return None;
    }
    let (here, there) = (world.vnet(vnet), world.vnet(source));
    let far = link.other(Node::Vnet(source)).map_or("the far end", |far| world.node_title(far));
    let message = format!(
        "the gateways of {} and {} speak BGP from the same address, {peer} (B40, modelled)",
        there.title, here.title
    );
    let consequence =
        format!("{far} cannot hold both as neighbours: at the cut-over the old one is replaced, not a new one added");
    let finding = about(world, vnet, Severity::Warning, FindingCode::SameBgpPeer, message);
    Some(finding.because("B40, H24, INV-10", consequence).changed_by(format!(
        "give `{GATEWAY_SUBNET}` of [vnet.{}.subnets] another range than in {}",
        here.id, there.title
    )))
}

/// Two VNets that would speak BGP with one number (B39, INV-10).
fn same_asn(world: &World, link: &Link) -> Option<Finding> {
    let [Node::Vnet(a), Node::Vnet(b)] = link.between else { return None };
    if !link.bgp || link.kind != LinkKind::Vpn {
        return None;
    }
    let number = |vnet| world.gateway(vnet, GatewayKind::Vpn).map(|gateway| gateway.asn.unwrap_or(DEFAULT_ASN));
    let asn = number(a).filter(|asn| number(b) == Some(*asn))?;
    let [one, other] = [a, b].map(|vnet| world.vnet(vnet));
    let message = format!("the gateways of {} and {} both have the ASN {asn} (B39)", one.title, other.title);
    let finding = about(world, a, Severity::Error, FindingCode::SameAsn, message)
        .because("B39, INV-10", "they learn no routes from each other, so the link carries nothing by BGP")
        .changed_by(format!("write `asn = 65010` for the gateway in [vnet.{}]", one.id));
    Some(Finding { at: vec![one.id.clone(), other.id.clone(), link.id.clone()], ..finding })
}
