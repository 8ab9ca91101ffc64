//! One prefix that a VNet learns by BGP from beyond its neighbours and has from elsewhere too (C8, C10).

use ipnet::Ipv4Net;

use super::wiring::Wiring;
use super::{learned, words};
use crate::topology::overlap::Spaces;
use crate::topology::{Finding, FindingCode, LinkKind, Node, Severity, VnetIx};
use crate::world::World;

/// Everything a reader should know about a world: what it says itself, and prefixes that come to a VNet twice.
pub fn findings(world: &World) -> Vec<Finding> {
    let mut found = world.findings();
    // Only BGP carries a prefix past a neighbour, and what neighbours bring is the business of the rules for links.
    if world.live_links().any(|(_, link)| link.bgp) {
        let wiring = Wiring::of(world);
        found.extend(wiring.relayed.keys().filter_map(|vnet| learned_twice(&wiring, *vnet)));
    }
    found
}

/// The first prefix a VNet learns by BGP from beyond its neighbours while another network brings it as well, over a peering
/// or a gateway's own link: no rule for links refuses that, and only one of the two is reached (modelled).
fn learned_twice(wiring: &Wiring<'_>, vnet: VnetIx) -> Option<Finding> {
    let world = wiring.world;
    let beyond = wiring.relayed.get(&vnet)?.iter().filter(|learned| learned.live);
    let all = learned::learned(wiring, vnet);
    let (far, rival, prefix, link, why) = beyond
        .filter_map(|far| {
            let peer = wiring.peerings(vnet).find_map(|(ix, peer, ..)| {
                let space = world.space(Node::Vnet(peer)).iter();
                let covers = space.copied().find(|range: &Ipv4Net| range.contains(&far.prefix))?;
                let other = Node::Vnet(peer) != far.owner && world.carries(ix);
                other.then_some((far, Node::Vnet(peer), covers, ix, "a peering wins over what a gateway brings (C8)"))
            });
            let direct = || {
                let same = |other: &&learned::Learned| {
                    other.steps == 1 && other.live && other.prefix == far.prefix && other.owner != far.owner
                };
                let other = all.iter().find(same)?;
                let why = match world.link(other.link).kind {
                    LinkKind::Expressroute => "ExpressRoute wins over VPN (C10)",
                    _ => "the shorter way through gateways wins (C10)",
                };
                Some((far, other.owner, other.prefix, other.link, why))
            };
            peer.or_else(direct)
        })
        .next()?;
    let here = Node::Vnet(vnet);
    let message = format!(
        "{} reaches {prefix} of {} through {} and learns {} of {} by BGP over {}: {why}, so {} is not reached there (modelled)",
        world.node_title(here),
        world.node_title(rival),
        words::link(world, link),
        far.prefix,
        world.node_title(far.owner),
        world.node_title(far.next),
        world.node_title(far.owner),
    );
    let at = [here, rival, far.owner].map(|node| world.node_id(node).to_owned()).to_vec();
    Some(Finding::new(Severity::Warning, FindingCode::LearnedTwice, message, at))
}
