//! Gateways the recovery side would need: there, with room for both kinds, and known apart by BGP (F9, B40, B55).
//!
//! SKUs that cannot be made any more (B31, H23) and limits (B30) are found when the file is read.

use std::collections::BTreeMap;

use super::Outlook;
use crate::topology::limits::{circuits, is_basic, is_retired, too_small_for_both, tunnels, tunnels_of, usual_sku};
use crate::topology::timing::{Duration, spoken};
use crate::topology::{
    Command, Finding, FindingCode, GATEWAY_SUBNET, Gateway, GatewayKind, Link, LinkKind, Node, Severity, VnetIx,
};
use crate::world::{World, apply};

/// Everything about gateways.
pub(super) fn findings(world: &World, outlooks: &[Outlook]) -> Vec<Finding> {
    let mut found = missing(world, outlooks);
    for at in (0..world.vnets().len()).map(VnetIx::new) {
        found.extend(too_small(world, at, &found));
        found.extend(same_peer(world, at));
        found.extend(smaller(world, at));
        found.extend(no_bgp(world, at));
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
    if world.gateway(vnet, GatewayKind::Vpn).is_some_and(is_basic) {
        return None;
    }
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

/// A recovery gateway of a smaller SKU than that of its source: too few tunnels or circuits, no BGP and no transit where it is
/// Basic, or less throughput (B30, B32, B50, B51, INV-6).
fn smaller(world: &World, vnet: VnetIx) -> Vec<Finding> {
    let Some(source) = world.vnet(vnet).recovers else { return Vec::new() };
    let (here, there) = (world.vnet(vnet), world.vnet(source));
    let one = |kind: GatewayKind| {
        let (own, theirs) = (world.gateway(vnet, kind)?, world.gateway(source, kind)?);
        let sku = |gateway: &Gateway| gateway.sku.clone().unwrap_or_else(|| usual_sku(kind).to_owned());
        let (small, large) = (sku(own), sku(theirs));
        if size(&small) >= size(&large) {
            return None;
        }
        let most = |sku: &str| match kind {
            GatewayKind::Vpn => (tunnels(Some(sku)), "tunnels"),
            GatewayKind::Expressroute => (circuits(Some(sku)), "circuits"),
        };
        let uses = |link: &&Link| link.kind.gateway() == Some(kind) && link.between.contains(&Node::Vnet(source));
        let used: usize = world.links().iter().filter(uses).map(|link| tunnels_of(world, link)).sum();
        let (room, what) = most(&small);
        let (severity, lacks) = match () {
            () if used > room => {
                (Severity::Error, format!("it holds {room} {what}, and the links of {} need {used}", there.title))
            }
            () if is_basic(own) => {
                (Severity::Warning, "Basic knows no BGP, no transit and no ExpressRoute beside it".to_owned())
            }
            () if room < most(&large).0 => {
                (Severity::Warning, format!("it holds {room} {what} instead of {}", most(&large).0))
            }
            () => (Severity::Note, "it passes less traffic".to_owned()),
        };
        let message = format!(
            "the {} gateway of {} is {small}, while {} has {large}: {lacks} (B30, B50)",
            kind.title(),
            here.title,
            there.title
        );
        let again = if is_retired(&large) { format!("{large}AZ") } else { large };
        let bgp = theirs.asn.is_some() && kind == GatewayKind::Vpn;
        let [_, create] = world.vpn_gateway_anew(vnet, Some(&again));
        let create = match own.asn.is_none() && bgp {
            true => create,
            false => Command::CreateGateway { vnet: here.id.clone(), kind, sku: Some(again.clone()), asn: own.asn },
        };
        let finding = about(world, vnet, severity, FindingCode::SmallerGateway, message)
            .because("B30, B32, B50, B51", "what the source had does not fit, or is slower, on the recovery side")
            .changed_by(format!("give the gateway in [vnet.{}] `sku = \"{again}\"`", here.id));
        let delete = Command::DeleteGateway { vnet: here.id.clone(), kind };
        Some(Finding { mend: accepted(world, [delete, create]), ..finding })
    };
    [GatewayKind::Vpn, GatewayKind::Expressroute].into_iter().filter_map(one).collect()
}

/// How large a SKU is among those of its kind.
fn size(sku: &str) -> usize {
    match sku {
        "Basic" => 0,
        "ErGwScale" | "UltraPerformance" => 3,
        "HighPerformance" => 2,
        _ => sku.chars().find_map(|digit| digit.to_digit(10)).map_or(1, |digit| digit as usize),
    }
}

/// A failover network whose gateway cannot speak BGP with a neighbour its source speaks it with: it is Basic, or both have
/// one number (B30, B32, B39, INV-10).
fn no_bgp(world: &World, vnet: VnetIx) -> Vec<Finding> {
    let Some(source) = world.vnet(vnet).recovers.filter(|_| world.gateway(vnet, GatewayKind::Vpn).is_some()) else {
        return Vec::new();
    };
    let (here, there) = (world.vnet(vnet), world.vnet(source));
    let speaks = |link: &&Link| link.bgp && link.kind == LinkKind::Vpn;
    let mut found: Vec<Finding> = Vec::new();
    for far in world.links().iter().filter(speaks).filter_map(|link| link.other(Node::Vnet(source))) {
        let between = [Node::Vnet(vnet), far];
        let Some(misfit) = world.no_bgp(between).filter(|_| far != Node::Vnet(vnet)) else { continue };
        let far_title = world.node_title(far);
        let message = format!(
            "{} speaks BGP with {far_title}, and {} cannot: {} ({})",
            there.title, here.title, misfit.message, misfit.rule
        );
        let culprit = world.bgp_culprit(between).unwrap_or(vnet);
        let commands = world.vpn_gateway_anew(culprit, world.sku_for_bgp(culprit));
        let basic = world.gateway(culprit, GatewayKind::Vpn).is_some_and(is_basic);
        let sku = if basic { "give a SKU other than Basic and " } else { "give " };
        let asn = match &commands[1] {
            Command::CreateGateway { asn: Some(asn), .. } => format!("asn = {asn}"),
            _ => "asn = 65010".to_owned(),
        };
        let finding = about(world, vnet, Severity::Warning, FindingCode::BgpLost, message)
            .because(
                "B32, B39, INV-10",
                "the link is made without BGP, and what lies beyond it is not reached any more",
            )
            .changed_by(format!("{sku}`{asn}` to the gateway in [vnet.{}]", world.vnet(culprit).id));
        found.push(Finding { mend: accepted(world, commands), ..finding });
    }
    found
}

/// Two commands where the world takes one after the other.
fn accepted(world: &World, [first, second]: [Command; 2]) -> Vec<Command> {
    let takes = apply(world, &first).is_ok_and(|done| apply(&done.world, &second).is_ok());
    if takes { vec![first, second] } else { Vec::new() }
}
