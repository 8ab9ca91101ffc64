//! Whether the topology's needs are met.

use std::collections::BTreeSet;

use super::Network;
use super::party::{self, Party};
use crate::topology::address::first_overlap;
use crate::topology::overlap::Spaces;
use crate::topology::{Endpoint, Link, LinkKind, Need, Node, VmIx};
use crate::world::{Change, Subject, World};

/// Whether each need of the topology is met, in file order: every VM of the one side and every VM of the other reach
/// each other both ways. A VM that does not run reaches nobody. A site stands for any host in its prefixes: a packet
/// to each of them must be delivered at the site, and the site's answer must come back to the very VM.
pub fn met(world: &World, network: &Network) -> Vec<bool> {
    let needs = world.topology().needs.iter();
    needs.map(|need| first_failing(world, network, need.from, need.to).is_none()).collect()
}

/// [`met`] for a world that came by `changes` from one with the verdicts `before`: only needs that the changes can
/// concern are judged again.
pub fn met_after(world: &World, network: &Network, before: &[bool], changes: &[Change]) -> Vec<bool> {
    let Some(links) = changed_links(world, changes) else { return met(world, network) };
    let judge = |(need, before): (&Need, &bool)| {
        let concerned = !links.is_empty() && {
            let (from, to) = (network.nodes_of(need.from), network.nodes_of(need.to));
            links.iter().any(|link| concerns(world, link, &from, &to) || concerns(world, link, &to, &from))
        };
        if concerned { first_failing(world, network, need.from, need.to).is_none() } else { *before }
    };
    world.topology().needs.iter().zip(before).map(judge).collect()
}

/// The links among the changes; none where something else changed that any need may depend on. ExpressRoute links are
/// such a thing: VNets on one circuit may reach each other (B54).
fn changed_links<'a>(world: &'a World, changes: &[Change]) -> Option<Vec<&'a Link>> {
    let mut links = Vec::new();
    for change in changes {
        match change.subject {
            Subject::Link(link) if world.link(link).kind != LinkKind::Expressroute => links.push(world.link(link)),
            Subject::Sku(_) => {}
            _ => return None,
        }
    }
    Some(links)
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
    let (from, to) = (Party::all(world, network, from), Party::all(world, network, to));
    party::first_failing(network, &from, &to).map(|(a, b)| (from[a].vm, to[b].vm))
}
