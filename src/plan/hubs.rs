//! Hubs that fail with a region, and what stands in for them on the recovery side (INV-11, D18, H-FULL step 4, G.4).
//!
//! When a region fails, whatever in it does not move is gone: a hub with its gateway, its firewall, its services. A link to
//! it is not repeated. What hung on it takes a hub of the recovery side instead, the one that is joined to the same
//! networks; peerings and settings for that are proposed only where a need is unmet without them.

use std::collections::{BTreeMap, BTreeSet};

use super::relink::{Source, connect_command};
use crate::topology::overlap::Wanted;
use crate::topology::{Command, Link, LinkKind, LinkState, Node, PeeringFlag, RegionIx, Scope, VnetIx};
use crate::world::World;

/// A link to a hub that fails, which is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut {
    /// The VNet whose machines leave.
    pub source: VnetIx,
    /// Where they go.
    pub target: VnetIx,
    /// The VNet that fails with the region.
    pub hub: VnetIx,
    /// The hub on the recovery side, if there is one.
    pub instead: Option<VnetIx>,
    /// Whether the target hangs on it already as the source does on its hub.
    pub ready: bool,
}

/// The regions that a failover takes as failed: that of the scope, and those that are down.
pub(super) fn failing(world: &World, scope: &Scope, homeward: bool) -> BTreeSet<RegionIx> {
    if homeward {
        return BTreeSet::new();
    }
    let Scope::Region(id) = scope else { return BTreeSet::new() };
    let down = (0..world.regions().len()).map(RegionIx::new).filter(|region| !world.is_up(*region));
    down.chain(world.region_named(id).ok()).collect()
}

/// Whether a network is gone when these regions have failed: a VNet there that no machine goes to.
pub(super) fn fails(
    world: &World,
    regions: &BTreeSet<RegionIx>,
    sources: &BTreeMap<VnetIx, Source>,
    node: Node,
) -> Option<VnetIx> {
    let vnet = node.vnet().filter(|vnet| regions.contains(&world.vnet(*vnet).region))?;
    let goal = sources.values().any(|source| source.moving.iter().any(|(_, target)| *target == vnet));
    (!goal).then_some(vnet)
}

/// The links to hubs that fail, for each VNet that hangs on one and goes elsewhere; in the order of the links.
pub(super) fn left_out(
    world: &World,
    regions: &BTreeSet<RegionIx>,
    sources: &BTreeMap<VnetIx, Source>,
    links: &[Link],
) -> Vec<LeftOut> {
    let mut found = Vec::new();
    for (_, link) in world.live_links() {
        for [here, far] in [link.between, [link.between[1], link.between[0]]] {
            let Some((vnet, source)) = here.vnet().and_then(|vnet| Some((vnet, sources.get(&vnet)?))) else { continue };
            let Some(hub) = fails(world, regions, sources, far).filter(|hub| !sources.contains_key(hub)) else {
                continue;
            };
            for target in source.targets() {
                let instead = stand_in(world, regions, links, hub, target);
                let ready = instead.is_some_and(|instead| settings(links, link, hub, instead, target).is_none());
                found.push(LeftOut { source: vnet, target, hub, instead, ready });
            }
        }
    }
    found
}

/// The VNet that does for a target what the hub did: it recovers the hub, or it is joined to a site or VNet the hub is
/// joined to; one the target is joined to already comes first.
fn stand_in(
    world: &World,
    regions: &BTreeSet<RegionIx>,
    links: &[Link],
    hub: VnetIx,
    target: VnetIx,
) -> Option<VnetIx> {
    let around = |vnet: VnetIx| {
        let there = links.iter().filter(|link| link.state != LinkState::Absent);
        there.filter_map(move |link| link.other(Node::Vnet(vnet))).collect::<BTreeSet<Node>>()
    };
    let near_hub: BTreeSet<Node> = around(hub).into_iter().filter(|node| *node != Node::Vnet(target)).collect();
    let able = |vnet: &VnetIx| {
        let here = world.vnet(*vnet);
        let useful = here.recovers == Some(hub) || !near_hub.is_disjoint(&around(*vnet));
        *vnet != target
            && !regions.contains(&here.region)
            && useful
            && (here.recovers.is_none() || here.recovers == Some(hub))
    };
    let joined =
        |vnet: &VnetIx| links.iter().any(|link| is_there(link) && link.joins(Node::Vnet(*vnet), Node::Vnet(target)));
    (0..world.vnets().len()).map(VnetIx::new).filter(able).min_by_key(|vnet| !joined(vnet))
}

fn is_there(link: &Link) -> bool {
    link.state == LinkState::Connected
}

/// What of the old link's settings the peering of the target with the stand-in lacks: transit, and what is let in; none where
/// it lacks nothing. A link that is not there lacks all of them.
fn settings(
    links: &[Link],
    old: &Link,
    hub: VnetIx,
    instead: VnetIx,
    target: VnetIx,
) -> Option<Vec<(VnetIx, VnetIx, PeeringFlag)>> {
    let [there, here] = [Node::Vnet(instead), Node::Vnet(target)];
    let present = links.iter().find(|link| is_there(link) && link.joins(there, here));
    if old.kind != LinkKind::Peering {
        return present.is_none().then(Vec::new);
    }
    let [hub, spoke] =
        [old.half(Node::Vnet(hub)).copied(), old.other(Node::Vnet(hub)).and_then(|far| old.half(far)).copied()];
    let (Some(mut hub), Some(mut spoke)) = (hub, spoke) else { return None };
    if present.is_some_and(|link| link.kind != LinkKind::Peering) {
        return None;
    }
    let mut lacking = Vec::new();
    for flag in [PeeringFlag::GatewayTransit, PeeringFlag::RemoteGateways, PeeringFlag::ForwardedTraffic] {
        for (at, peer, node, wanted) in
            [(instead, target, there, *hub.flag(flag)), (target, instead, here, *spoke.flag(flag))]
        {
            let has = present.and_then(|link| link.half(node)).copied().is_some_and(|mut half| *half.flag(flag));
            if wanted && !has {
                lacking.push((at, peer, flag));
            }
        }
    }
    (present.is_none() || !lacking.is_empty()).then_some(lacking)
}

/// Joins the targets to the stand-ins as their sources were joined to the hubs, on the copy `links`; the commands for it.
pub(super) fn join_stand_ins(world: &World, left_out: &[LeftOut], links: &mut Vec<Link>) -> Vec<Command> {
    let mut commands = Vec::new();
    for left in left_out.iter().filter(|left| !left.ready) {
        let Some(instead) = left.instead else { continue };
        let ends = [Node::Vnet(instead), Node::Vnet(left.target)];
        let joins = |link: &&Link| link.joins(Node::Vnet(left.hub), Node::Vnet(left.source));
        let Some(old) = world.live_links().map(|(_, link)| link).find(joins) else { continue };
        let Some(lacking) = settings(links, old, left.hub, instead, left.target) else { continue };
        if !links.iter().any(|link| is_there(link) && link.joins(ends[0], ends[1])) {
            let wanted = Wanted { between: ends, circuit: None, bgp: false, kind: old.kind };
            let bgp = old.bgp && world.can_speak_bgp(ends);
            let wanted = Wanted { bgp, ..wanted };
            commands.push(connect_command(world, wanted));
            links.push(world.candidate(wanted));
        }
        for (at, peer, flag) in lacking {
            let [at_id, peer] = [at, peer].map(|vnet| world.vnet(vnet).id.clone());
            let link = links.iter_mut().rfind(|link| is_there(link) && link.joins(ends[0], ends[1]));
            if let Some(link) = link
                && let Some(side) = link.side(Node::Vnet(at))
                && !std::mem::replace(link.halves[side].flag(flag), true)
            {
                commands.push(Command::SetPeering { at: at_id, peer, flag, on: true });
            }
        }
    }
    commands
}
