//! Whether the topology's needs are met.

use std::collections::BTreeSet;

use super::Network;
use super::party::{self, Party};
use crate::topology::address::first_overlap;
use crate::topology::overlap::Spaces;
use crate::topology::{Endpoint, Link, LinkKind, Need, Node, VmIx};
use crate::world::{Change, Subject, Value, World};

/// Whether each need of the topology is met, in file order: every VM of the one side and every VM of the other reach
/// each other both ways, and each of the first side may open a connection to each of the other: on the need's port, or
/// where it names none on any port at all. Replies are free (C13). A VM that does not run reaches nobody. A site stands for any host in its prefixes: a packet
/// to each of them must be delivered at the site, and the site's answer must come back to the very VM.
pub fn met(world: &World, network: &Network) -> Vec<bool> {
    let needs = world.topology().needs.iter();
    needs.map(|need| is_met(world, network, need)).collect()
}

/// Whether one need is met.
fn is_met(world: &World, network: &Network, need: &Need) -> bool {
    first_failing_on(world, network, need.from, need.to, need.port).is_none()
}

/// [`met`] for a world that came by `changes` from one with the verdicts `before`: only needs that the changes can
/// concern are judged again.
pub fn met_after(world: &World, network: &Network, before: &[bool], changes: &[Change]) -> Vec<bool> {
    let links = changed_links(world, changes).filter(|_| network.is_plain() && !has_transit(world));
    let Some(links) = links else { return met(world, network) };
    let judge = |(need, before): (&Need, &bool)| {
        let concerned = !links.is_empty() && {
            let (from, to) = (network.nodes_of(need.from), network.nodes_of(need.to));
            links.iter().any(|link| concerns(world, link, &from, &to) || concerns(world, link, &to, &from))
        };
        if concerned { is_met(world, network, need) } else { *before }
    };
    world.topology().needs.iter().zip(before).map(judge).collect()
}

/// The links among the changes; none where something else changed that any need may depend on. ExpressRoute links are
/// such a thing: VNets on one circuit may reach each other (B54).
fn changed_links<'a>(world: &'a World, changes: &[Change]) -> Option<Vec<&'a Link>> {
    let mut links = Vec::new();
    for change in changes {
        match change.subject {
            Subject::Link(link) if world.link(link).kind == LinkKind::Expressroute => return None,
            // A peering that stands as it stood had its settings changed (B17).
            Subject::Link(link) if world.link(link).kind == LinkKind::Peering && !came_or_went(change) => return None,
            Subject::Link(link) => links.push(world.link(link)),
            Subject::Sku(_) => {}
            _ => return None,
        }
    }
    Some(links)
}

/// Whether a change of a link is about whether it is there.
fn came_or_went(change: &Change) -> bool {
    let absent = |value: &Option<Value>| matches!(value, Some(Value::Word(word)) if word == "absent");
    absent(&change.from) != absent(&change.to) || (change.from.is_none() && change.to.is_none())
}

/// Whether gateways pass on what they learn, or did before a link was cut: then a need may depend on any link.
fn has_transit(world: &World) -> bool {
    world
        .links()
        .iter()
        .any(|link| link.bgp || link.halves.iter().any(|half| half.gateway_transit || half.remote_gateways))
}

/// Whether the link changes what a network of `from` does with packets to a network of `to`: a VNet learns the far
/// end's space over it; a site may send anything that way, as its routes say.
fn concerns(world: &World, link: &Link, from: &BTreeSet<Node>, to: &BTreeSet<Node>) -> bool {
    let [a, b] = link.between;
    [(a, b), (b, a)].into_iter().filter(|(at, _)| from.contains(at)).any(|(at, far)| {
        at.site().is_some() || to.iter().any(|node| first_overlap(world.space(*node), world.space(far)).is_some())
    })
}

/// The first pair of VMs that keeps two parties from reaching each other; a site has no VM. None where all reach each
/// other.
pub fn first_failing(
    world: &World,
    network: &Network,
    from: Endpoint,
    to: Endpoint,
) -> Option<(Option<VmIx>, Option<VmIx>)> {
    first_failing_on(world, network, from, to, None)
}

/// [`first_failing`] for connections from the one to the other on a port; on any port where none is named.
pub fn first_failing_on(
    world: &World,
    network: &Network,
    from: Endpoint,
    to: Endpoint,
    port: Option<u16>,
) -> Option<(Option<VmIx>, Option<VmIx>)> {
    let (from, to) = (Party::all(world, network, from), Party::all(world, network, to));
    party::first_failing(network, &from, &to, port).map(|(a, b)| (from[a].vm, to[b].vm))
}
