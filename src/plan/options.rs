//! What can join two networks: VPN, peering and ExpressRoute side by side (B14 to B30, B48 to B52, F18 to F21).

use crate::network::{Network, findings, needs};
use crate::topology::timing::{Basis, Duration};
use crate::topology::{Command, GatewayKind, LinkKind, Node, VnetIx};
use crate::world::{Refusal, World, apply};

/// A gateway a link needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GatewayNeed {
    /// The VNet it has to be in.
    pub vnet: VnetIx,
    /// Its kind.
    pub kind: GatewayKind,
    /// Whether it is there now.
    pub present: bool,
    /// Whether it has to speak BGP, as the link it would replace does.
    pub bgp: bool,
}

/// One way to join two networks.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkOption {
    /// The kind of link.
    pub kind: LinkKind,
    /// The two networks.
    pub between: [Node; 2],
    /// The gateways it needs.
    pub gateways: Vec<GatewayNeed>,
    /// Seconds until it is up with the gateways there are now.
    pub seconds: u64,
    /// Seconds until it is up where every gateway is there already.
    pub warm_seconds: u64,
    /// Seconds until it is up where no gateway is there yet; they are created side by side.
    pub cold_seconds: u64,
    /// Whether one of these figures has no source.
    pub assumed: bool,
    /// Seconds it is up sooner than a VPN would be; zero for the VPN itself and for whatever is not faster.
    pub saves: u64,
    /// Gateways a packet passes on its way.
    pub gateway_hops: usize,
    /// What it needs in public addresses.
    pub public_addresses: &'static str,
    /// The limits of Azure that matter.
    pub limits: &'static [&'static str],
    /// What is charged.
    pub charged: &'static [&'static str],
    /// Whether it is the kind of the link it would replace (article, lines 69 and 121; F20).
    pub like_for_like: bool,
    /// The command that makes it.
    pub command: Command,
    /// Whether the rules allow it now.
    pub allowed: Result<(), Refusal>,
    /// Whether the rules would allow it once the missing gateways are there; none where none is missing.
    pub with_gateways: Option<Result<(), Refusal>>,
}

impl LinkOption {
    /// The commands that create the missing gateways.
    pub fn missing(&self, world: &World) -> Vec<Command> {
        let missing = self.gateways.iter().filter(|gateway| !gateway.present);
        missing.map(|gateway| create(world, gateway)).collect()
    }
}

fn create(world: &World, gateway: &GatewayNeed) -> Command {
    world.gateway_command(gateway.vnet, gateway.kind, gateway.bgp)
}

const VPN_LIMITS: &[&str] = &[
    "10 to 100 tunnels a gateway, by its SKU (B30)",
    "100 Mbps to 10 Gbps shared by all tunnels, by the SKU (B30)",
    "one VPN gateway a VNet (B29)",
];
const PEERING_LIMITS: &[&str] =
    &["500 peerings a VNet (B23)", "no bandwidth cap of its own (B22)", "not transitive (B16)"];
const EXPRESSROUTE_LIMITS: &[&str] = &[
    "10 VNets a circuit, up to 100 with Premium (B49)",
    "4 to 16 circuits a gateway, by its SKU (B50)",
    "1,000 prefixes a connection (B52)",
];
const VPN_CHARGES: &[&str] =
    &["each gateway by the hour, by SKU (F19)", "traffic between regions, at the sending side (F19)"];
const PEERING_CHARGES: &[&str] = &["the link itself is free (F18)", "data in and out, at both ends (F18)"];
const EXPRESSROUTE_CHARGES: &[&str] =
    &["the circuit, and its outgoing data unless unlimited (F21)", "each gateway by the hour (F21)"];

/// What a link of a kind costs, in words: amounts differ from region to region (F18, F19, F21).
pub fn charges(kind: LinkKind) -> &'static [&'static str] {
    match kind {
        LinkKind::Vpn => VPN_CHARGES,
        LinkKind::Peering => PEERING_CHARGES,
        LinkKind::Expressroute => EXPRESSROUTE_CHARGES,
    }
}

/// Every kind of link side by side, VPN first; one that cannot join the two at all says so in `allowed`.
pub fn options(world: &World, a: Node, b: Node) -> Vec<LinkOption> {
    let kinds: &[LinkKind] = match (a, b) {
        (Node::Site(_), Node::Site(_)) => &[],
        _ => &[LinkKind::Vpn, LinkKind::Peering, LinkKind::Expressroute],
    };
    let own = world.links().iter().find(|link| link.joins(a, b));
    let like = own.or_else(|| world.twin_link([a, b])).map(|link| link.kind);
    let mut found: Vec<LinkOption> = kinds.iter().map(|kind| option(world, *kind, [a, b], like)).collect();
    let vpn = found.iter().find(|option| option.kind == LinkKind::Vpn).map_or(0, |option| option.seconds);
    for option in &mut found {
        option.saves = vpn.saturating_sub(option.seconds);
    }
    found
}

fn option(world: &World, kind: LinkKind, between: [Node; 2], like: Option<LinkKind>) -> LinkOption {
    let timing = &world.topology().timing;
    let (link, gateway) = match kind {
        LinkKind::Vpn => (Duration::VpnConnection, Some(Duration::VpnGateway)),
        LinkKind::Peering => (Duration::Peering, None),
        LinkKind::Expressroute => (Duration::ExpressrouteConnection, Some(Duration::ExpressrouteGateway)),
    };
    let bgp = world.meant(between, Some(kind)).bgp;
    let gateways: Vec<GatewayNeed> = match kind.gateway() {
        None => Vec::new(),
        Some(kind) => {
            let need = |vnet| GatewayNeed { vnet, kind, present: world.gateway(vnet, kind).is_some(), bgp };
            between.iter().filter_map(|node| node.vnet()).map(need).collect()
        }
    };
    let warm_seconds = timing.seconds(link);
    let cold_seconds = warm_seconds.saturating_add(gateway.map_or(0, |gateway| timing.seconds(gateway)));
    let complete = gateways.iter().all(|gateway| gateway.present);
    let [a, b] = between.map(|node| world.node_id(node).to_owned());
    let command = Command::Connect { a, b, kind: Some(kind), circuit: None, bgp: false };
    let (limits, public_addresses) = match kind {
        LinkKind::Vpn => (VPN_LIMITS, "one a gateway (article, line 122)"),
        LinkKind::Peering => (PEERING_LIMITS, "none"),
        LinkKind::Expressroute => (EXPRESSROUTE_LIMITS, "none on the way; private peering"),
    };
    LinkOption {
        kind,
        between,
        seconds: if complete { warm_seconds } else { cold_seconds },
        warm_seconds,
        cold_seconds,
        assumed: [Some(link), gateway].into_iter().flatten().any(|what| timing.basis(what) == Basis::Assumed),
        saves: 0,
        gateway_hops: gateways.len(),
        public_addresses,
        limits,
        charged: charges(kind),
        like_for_like: like == Some(kind),
        allowed: apply(world, &command).map(|_| ()),
        with_gateways: (!complete).then(|| with_gateways(world, &gateways, &command)),
        gateways,
        command,
    }
}

/// What making a link would spoil although the rules allow it (B13): findings that come, needs that break. Nothing for a
/// link they refuse.
pub fn spoils(world: &World, option: &LinkOption) -> Vec<String> {
    let Ok(done) = apply(world, &option.command) else { return Vec::new() };
    let known = findings(world);
    let news = findings(&done.world).into_iter().filter(|finding| !known.contains(finding));
    let network = Network::of(world);
    let before = needs::met(world, &network);
    let after = needs::met_after(&done.world, &network.updated(&done.world, &done.changes), &before, &done.changes);
    let topology = world.topology();
    let broken = topology.needs.iter().zip(before.iter().zip(after)).filter(|(_, (before, after))| **before && !after);
    let broken = broken.map(|(need, _)| {
        let (from, to) = (topology.endpoint_id(need.from), topology.endpoint_id(need.to));
        format!("{from} and {to} would be cut off")
    });
    news.map(|finding| finding.message).chain(broken).collect()
}

/// Whether the rules would allow the link once its gateways are there, tried on a copy.
fn with_gateways(world: &World, gateways: &[GatewayNeed], command: &Command) -> Result<(), Refusal> {
    let mut trial = world.clone();
    for gateway in gateways.iter().filter(|gateway| !gateway.present) {
        trial = apply(&trial, &create(&trial, gateway))?.world;
    }
    apply(&trial, command).map(|_| ())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::topology::load;
    use crate::world::RefusalCode;

    const TEXT: &str = r#"
format = 1
title = "Two regions"
[region.near]
side = "source"
[region.far]
side = "recovery"
[vnet.source]
region = "near"
address-space = ["10.1.0.0/16"]
gateways = ["vpn"]
subnets = { one = "10.1.1.0/24" }
[vnet.recovery]
region = "far"
recovers = "source"
[vnet.other]
region = "far"
address-space = ["10.2.0.0/16"]
gateways = ["vpn"]
subnets = { two = "10.2.1.0/24" }
[site.office]
prefixes = ["192.168.0.0/16"]
[link.source--other]
kind = "vpn"
between = ["source", "other"]
"#;

    fn world() -> World {
        World::start(Arc::new(load::parse("test", TEXT).expect("the topology stands")))
    }

    fn between(a: &str, b: &str) -> Vec<LinkOption> {
        let world = world();
        options(&world, world.node_named(a).unwrap(), world.node_named(b).unwrap())
    }

    #[test]
    fn peering_saves_the_45_minutes_of_a_missing_gateway_f9_f12() {
        let found = between("recovery", "other");
        let [vpn, peering, expressroute] = found.as_slice() else { panic!("three kinds side by side") };
        assert_eq!(expressroute.allowed.as_ref().map_err(|refusal| refusal.code), Err(RefusalCode::WrongKind), "B.7");
        assert_eq!((vpn.seconds, vpn.warm_seconds, vpn.cold_seconds), (3000, 300, 3000));
        assert_eq!((peering.seconds, peering.saves), (10, 2990));
        assert!(peering.saves >= 45 * 60 && peering.gateways.is_empty() && peering.gateway_hops == 0);
        assert!(vpn.like_for_like && !peering.like_for_like, "F20");
    }

    #[test]
    fn what_each_kind_is_charged_for_is_said_with_its_rule_f18_f19_f21() {
        for option in between("source", "office") {
            let rule = match option.kind {
                LinkKind::Vpn => "F19",
                LinkKind::Peering => "F18",
                LinkKind::Expressroute => "F21",
            };
            assert!(option.charged.iter().all(|what| what.contains(rule)), "{:?}", option.charged);
        }
    }

    #[test]
    fn a_missing_gateway_is_named_and_the_link_tried_with_it_b28() {
        let found = between("recovery", "other");
        let world = world();
        assert_eq!(found[0].allowed.as_ref().map_err(|refusal| refusal.code), Err(RefusalCode::OverlapNeighbour));
        assert_eq!(found[0].missing(&world)[0].to_string(), "create-gateway recovery vpn");
    }

    #[test]
    fn a_peering_that_would_shadow_a_vpn_says_what_it_spoils_b13() {
        let world = world();
        let found = between("recovery", "other");
        let spoiled = spoils(&world, &found[1]);
        assert!(spoiled.iter().any(|sentence| sentence.contains("shadowed")), "{spoiled:?}");
        assert_eq!(spoils(&world, &found[0]), Vec::<String>::new(), "a refused link spoils nothing");
    }

    #[test]
    fn a_site_is_joined_by_vpn_or_expressroute_and_sites_by_nothing() {
        let wrong = |option: &LinkOption| option.allowed.as_ref().is_err_and(|why| why.code == RefusalCode::WrongKind);
        let found = between("source", "office");
        let kinds: Vec<_> = found.iter().filter(|option| !wrong(option)).map(|option| option.kind).collect();
        assert_eq!(kinds, [LinkKind::Vpn, LinkKind::Expressroute]);
        assert!(between("office", "office").is_empty());
    }

    #[test]
    fn twins_are_never_joined_whatever_the_kind_b5() {
        for option in between("source", "recovery").into_iter().filter(|option| option.kind != LinkKind::Expressroute) {
            assert_eq!(option.allowed.map_err(|refusal| refusal.code), Err(RefusalCode::Overlap), "{}", option.kind);
        }
    }
}
