//! The net difference of two worlds of one history.

use std::collections::BTreeSet;

use crate::topology::{CircuitIx, GatewayKind, LinkIx, LinkState, RegionIx, SiteIx, VnetIx};
use crate::world::{Change, Subject, World};

/// What differs between two worlds of one history, as the changes that lead from the first to the second.
pub fn difference(from: &World, to: &World) -> Vec<Change> {
    let mut changes = Vec::new();
    for at in 0..from.regions().len() {
        let region = RegionIx::new(at);
        let word = |world: &World| Some(world.region_word(region).to_owned());
        differ(&mut changes, Subject::Region(region), word(from), word(to));
    }
    for at in 0..from.links().len().max(to.links().len()) {
        let state = |world: &World| world.links().get(at).map_or(LinkState::Absent, |link| link.state).to_string();
        let settings = |world: &World| world.links().get(at).map(|link| world.link_words(link));
        match state(from) == state(to) {
            true => differ(&mut changes, Subject::Link(LinkIx::new(at)), settings(from), settings(to)),
            false => differ(&mut changes, Subject::Link(LinkIx::new(at)), Some(state(from)), Some(state(to))),
        }
    }
    for at in 0..from.vnets().len() {
        for kind in [GatewayKind::Vpn, GatewayKind::Expressroute] {
            let vnet = VnetIx::new(at);
            let word = |world: &World| world.gateway(vnet, kind).map(|_| kind.to_string());
            let state = |world: &World| world.gateway(vnet, kind).map(|gateway| gateway.state.to_string());
            match word(from) == word(to) {
                true => differ(&mut changes, Subject::Gateway(vnet, kind), state(from), state(to)),
                false => differ(&mut changes, Subject::Gateway(vnet, kind), word(from), word(to)),
            }
        }
    }
    for at in 0..from.sites().len() {
        let site = SiteIx::new(at);
        let routes = [from, to].into_iter().flat_map(|world| &world.site(site).routes);
        for prefix in routes.map(|route| route.prefix).collect::<BTreeSet<_>>() {
            differ(
                &mut changes,
                Subject::Route(site, prefix),
                from.route_words(site, prefix),
                to.route_words(site, prefix),
            );
        }
    }
    for ((vm, before), (_, after)) in from.vms().zip(to.vms()) {
        if before.at != after.at {
            differ(&mut changes, Subject::Vm(vm), Some(from.place_words(before.at)), Some(to.place_words(after.at)));
        }
        if (before.target, before.verified) != (after.target, after.verified) {
            differ(&mut changes, Subject::Target(vm), from.target_words(vm), to.target_words(vm));
        }
    }
    for at in 0..from.topology().circuits.len() {
        let circuit = CircuitIx::new(at);
        let down = |world: &World| world.faults().circuits.contains(&circuit);
        let word = |world: &World| Some(if down(world) { "down" } else { "up" }.to_owned());
        differ(&mut changes, Subject::Circuit(circuit), word(from), word(to));
    }
    let addresses = from.occupied().union(to.occupied());
    for (subnet, ip) in addresses {
        let word = |world: &World| world.occupied().contains(&(*subnet, *ip)).then(|| ip.to_string());
        differ(&mut changes, Subject::Address(*subnet, *ip), word(from), word(to));
    }
    changes
}

fn differ(changes: &mut Vec<Change>, subject: Subject, from: Option<String>, to: Option<String>) {
    if from != to {
        changes.push(Change::new(subject, from, to));
    }
}
