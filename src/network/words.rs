//! How networks, machines and links are called in sentences.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::forwarding::Tenant;
use super::party::Party;
use crate::topology::overlap::Spaces;
use crate::topology::{LinkIx, Node};
use crate::world::World;

/// How many prefixes of a network a sentence can carry.
const PREFIXES: usize = 3;

/// A network by its title and prefixes: `Azure VNet (10.2.0.0/16)`.
pub(super) fn network(world: &World, node: Node) -> String {
    let space = world.space(node);
    let mut listed: Vec<String> = space.iter().take(PREFIXES).map(Ipv4Net::to_string).collect();
    if space.len() > PREFIXES {
        listed.push(format!("{} more", space.len() - PREFIXES));
    }
    format!("{} ({})", world.node_title(node), listed.join(", "))
}

/// A party: `web-1 (10.1.1.4)`, or `any host in 192.168.0.0/16`.
pub(super) fn party(world: &World, party: &Party) -> String {
    match party.vm {
        Some(vm) => format!("{} ({})", world.vm_id(vm), party.address()),
        None => format!("any host in {}", range(world, party.node, party.address())),
    }
}

/// The range of a network that holds an address, or the address alone.
pub(super) fn range(world: &World, node: Node, address: Ipv4Addr) -> Ipv4Net {
    let holding = world.space(node).iter().filter(|range| range.contains(&address));
    holding.max_by_key(|range| range.prefix_len()).copied().unwrap_or_else(|| address.into())
}

/// Who answers at an address.
pub(super) fn tenant(world: &World, tenant: Tenant) -> String {
    match tenant {
        Tenant::Vm(vm) => world.vm_id(vm).to_owned(),
        Tenant::LeftRunning(vm) => format!("the source machine of {}, which was left running,", world.vm_id(vm)),
        Tenant::TestCopy(vm) => format!("the test copy of {}, which was not cleaned up,", world.vm_id(vm)),
        Tenant::Card(vm) => format!("another NIC of {}", world.vm_id(vm)),
        Tenant::Stranger => "another machine".to_owned(),
    }
}

/// The kind of a link, and its circuit: `VPN`, `peering`, `ExpressRoute over Hong Kong`.
pub(super) fn link(world: &World, link: LinkIx) -> String {
    let link = world.link(link);
    world.means(link.kind, link.circuit)
}
