//! The net difference of two worlds of one history.

use std::collections::BTreeSet;

use crate::topology::{AppIx, CircuitIx, GatewayKind, LinkIx, LinkState, RegionIx, SiteIx, SubnetIx, VmIx, VnetIx};
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
    for at in 0..from.vnets().len().max(to.vnets().len()) {
        let id = |world: &World| world.vnets().get(at).map(|vnet| vnet.id.clone());
        differ(&mut changes, Subject::Vnet(VnetIx::new(at)), id(from), id(to));
    }
    for at in 0..from.vnets().len().min(to.vnets().len()) {
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
    for at in 0..from.subnets().len().min(to.subnets().len()) {
        let id = |world: &World| Some(world.subnets()[at].id.clone());
        differ(&mut changes, Subject::Subnet(SubnetIx::new(at)), id(from), id(to));
    }
    for at in 0..from.subnets().len().min(to.subnets().len()) {
        let subnet = SubnetIx::new(at);
        if from.subnet(subnet).route_table != to.subnet(subnet).route_table {
            let [before, after] = [from, to].map(|world| world.route_table_words(subnet));
            differ(&mut changes, Subject::RouteTable(subnet), before, after);
        }
        let security = |world: &World| (world.subnet(subnet).security_group, world.blocked().contains(&subnet));
        if security(from) != security(to) {
            let [before, after] = [from, to].map(|world| world.security_words(subnet));
            differ(&mut changes, Subject::SecurityGroup(subnet), before, after);
        }
    }
    for at in 0..from.topology().circuits.len() {
        let circuit = CircuitIx::new(at);
        let down = |world: &World| world.faults().circuits.contains(&circuit);
        let word = |world: &World| Some(if down(world) { "down" } else { "up" }.to_owned());
        differ(&mut changes, Subject::Circuit(circuit), word(from), word(to));
    }
    for at in 0..from.topology().apps.len() {
        let app = AppIx::new(at);
        let lag = |world: &World| Some(world.lag_minutes(app)).filter(|lag| *lag > 0).map(|lag| format!("{lag} min"));
        differ(&mut changes, Subject::Lag(app), lag(from), lag(to));
    }
    machines(from, to, &mut changes);
    let addresses = from.occupied().union(to.occupied());
    for (subnet, ip) in addresses {
        let word = |world: &World| world.occupied().contains(&(*subnet, *ip)).then(|| ip.to_string());
        differ(&mut changes, Subject::Address(*subnet, *ip), word(from), word(to));
    }
    changes
}

/// What differs between the machines of two worlds.
fn machines(from: &World, to: &World, changes: &mut Vec<Change>) {
    for ((vm, before), (_, after)) in from.vms().zip(to.vms()) {
        if before.at != after.at {
            differ(changes, Subject::Vm(vm), Some(from.place_words(before.at)), Some(to.place_words(after.at)));
        }
        if (before.phase, before.point) != (after.phase, after.point) {
            let words = |state: &crate::world::VmState| {
                let point = state.point.map(|point| format!(" at {point}")).unwrap_or_default();
                Some(format!("{}{point}", state.phase))
            };
            differ(changes, Subject::Phase(vm), words(before), words(after));
        }
        if before.behind != after.behind {
            let words = |world: &World| {
                let behind = world.vm(vm).behind?;
                let runs = if behind.shut_down { "stopped" } else { "running" };
                Some(format!("{} {runs}", world.place_words(behind.at)))
            };
            differ(changes, Subject::Source(vm), words(from), words(to));
        }
        if before.testing || after.testing {
            let words = |world: &World| world.test_copy(vm).map(|copy| world.place_words(copy.at));
            differ(changes, Subject::Copy(vm), words(from), words(to));
        }
        if from.nic_groups() != to.nic_groups() {
            differ(changes, Subject::NicGroup(vm), from.nic_group_words(vm), to.nic_group_words(vm));
        }
        let settings = |world: &World| (world.target_of(vm), world.test_target(vm), world.vm(vm).verified);
        if settings(from) != settings(to) {
            differ(changes, Subject::Target(vm), from.target_words(vm), to.target_words(vm));
        }
    }
    let (old, new) = (from.vms().count(), to.vms().count());
    for vm in (old.min(new)..old.max(new)).map(VmIx::new) {
        let words = |world: &World, count: usize| (vm.at() < count).then(|| world.place_words(world.vm(vm).at));
        differ(changes, Subject::Vm(vm), words(from, old), words(to, new));
    }
}

fn differ(changes: &mut Vec<Change>, subject: Subject, from: Option<String>, to: Option<String>) {
    if from != to {
        changes.push(Change::new(subject, from, to));
    }
}
