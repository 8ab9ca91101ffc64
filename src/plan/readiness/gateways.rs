//! Gateways the recovery side would need: there, with room for both kinds, and known apart by BGP (F9, B40, B55).
//!
//! SKUs that cannot be made any more (B31, H23) and limits (B30) are found when the file is read.

use std::collections::BTreeMap;

use super::Outlook;
use crate::topology::limits::too_small_for_both;
use crate::topology::timing::{Duration, spoken};
use crate::topology::{
    Command, Finding, FindingCode, GATEWAY_SUBNET, GatewayKind, Link, LinkKind, Node, Severity, VnetIx,
};
use crate::world::World;

/// Everything about gateways.
pub(super) fn findings(world: &World, outlooks: &[Outlook]) -> Vec<Finding> {
    let mut found = missing(world, outlooks);
    for at in (0..world.vnets().len()).map(VnetIx::new) {
        found.extend(too_small(world, at, &found));
        found.extend(same_peer(world, at));
    }
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
            .because("A15, B28, F9", format!("the failover waits {takes} for it before a link can be made; a ready one costs by the hour all the time (F19, F22)"))
            .changed_by(format!("write `gateways = [\"{kind}\"]` in [vnet.{}]", here.id))
            .mended_by(command)
    };
    wanted.into_iter().map(said).collect()
}

/// A `GatewaySubnet` in which the two kinds of gateway cannot stand side by side, where both are or will be (B55).
fn too_small(world: &World, vnet: VnetIx, missing: &[Finding]) -> Option<Finding> {
    let here = world.vnet(vnet);
    let source = here.recovers.map(|source| world.vnet(source));
    let comes =
        missing.iter().any(|finding| finding.code == FindingCode::GatewayMissing && finding.at.contains(&here.id));
    let kinds = |vnet: &crate::topology::Vnet| vnet.gateways.len();
    let both = kinds(here) + usize::from(comes) > 1 || source.is_some_and(|source| kinds(source) > 1);
    let small =
        world.gateway_subnet(vnet).filter(|subnet| both && too_small_for_both(subnet.prefix.prefix_len(), false))?;
    let message = format!(
        "the {GATEWAY_SUBNET} of {}, {}, is too small for a VPN and an ExpressRoute gateway (B55)",
        here.title, small.prefix
    );
    let consequence = "the second gateway cannot be added without deleting and creating the first anew";
    let finding = about(world, vnet, Severity::Error, FindingCode::GatewayTooSmall, message);
    Some(
        finding
            .because("B55, INV-6", consequence)
            .changed_by(format!("give `{GATEWAY_SUBNET}` of [vnet.{}.subnets] a /27", here.id)),
    )
}

/// A failover network whose gateway speaks BGP from the same address as that of its source (B40, H24, INV-10).
fn same_peer(world: &World, vnet: VnetIx) -> Option<Finding> {
    let source = world.vnet(vnet).recovers?;
    let speaks = |link: &&Link| link.bgp && link.kind == LinkKind::Vpn && link.between.contains(&Node::Vnet(source));
    let link = world.links().iter().find(speaks)?;
    let peer = world.peer_address(source)?;
    if world.peer_address(vnet) != Some(peer) {
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
