//! Route tables and network security groups, and the subnets and machines that have them (B4, B28, B57, C4, C13).

use std::collections::HashSet;
use std::ops::Range;

use super::machines::Machines;
use super::names::{At, Names};
use super::sink::Sink;
use super::tables::{Declared, Item};
use super::{FindingCode, format};
use crate::topology::routing::on_gateway_subnet;
use crate::topology::traffic::{self, Access};
use crate::topology::{
    GATEWAY_SUBNET, GatewayKind, LinkKind, LinkState, Node, RouteTable, RouteTableIx, SecurityGroup, SecurityGroupIx,
    SecurityRule, Severity, Subnet, SubnetIx, Topology, UserNextHop, UserRoute, Vm, VnetIx,
};

/// How many routes a table holds (B4).
const MOST_ROUTES: usize = 400;
/// How many rules a security group holds (B4).
const MOST_RULES: usize = 1_000;
/// The priorities a rule of one's own may have (C13).
const PRIORITIES: std::ops::RangeInclusive<i64> = 100..=4096;

/// Resolves the tables and groups, then who has them.
pub(super) fn resolve(
    declared: &Declared,
    machines: &[Machines<'_>],
    topology: &mut Topology,
    names: &mut Names,
    sink: &mut Sink,
) {
    for item in &declared.route_tables {
        let number = item.table.as_ref().map(|table| {
            topology.route_tables.push(route_table(item, table, sink));
            RouteTableIx::new(topology.route_tables.len() - 1)
        });
        names.route_tables.declare(&item.id, number, At { what: "a route table", byte: item.id_span.start });
    }
    for item in &declared.security_groups {
        let number = item.table.as_ref().map(|table| {
            topology.security_groups.push(security_group(item, table, sink));
            SecurityGroupIx::new(topology.security_groups.len() - 1)
        });
        names.security_groups.declare(&item.id, number, At { what: "a group", byte: item.id_span.start });
    }
    // Also of a VM that has no place, so that one broken key hides no other.
    for nsg in Item::whole(&declared.vms).filter_map(|(_, table)| table.nsg.as_ref()) {
        names.security_groups.resolve(&nsg.value, &nsg.span, "security group", sink);
    }
    for machine in machines {
        let group = machine.table.nsg.as_ref().and_then(|nsg| names.security_groups.get(&nsg.value));
        for vm in &mut topology.vms[machine.vms.clone()] {
            vm.forwards = machine.table.forwards;
            vm.security_group = group;
        }
    }
    for (item, table) in Item::whole(&declared.vnets) {
        let Some(subnets) = &table.subnets else { continue };
        let Some(vnet) = topology.vnets.iter().position(|vnet| vnet.id == item.id).map(VnetIx::new) else { continue };
        for (id, subnet) in &subnets.0 {
            let place = topology.vnets[vnet.at()].subnets.iter();
            let Some(place) = place.copied().find(|place| topology.subnets[place.at()].id == id.value) else {
                continue;
            };
            attach(place, &subnet.value, topology, names, sink);
        }
    }
}

fn route_table(item: &Item<traffic::RouteTable>, table: &traffic::RouteTable, sink: &mut Sink) -> RouteTable {
    let at = [item.id.as_str()];
    if let Some(first_over) = table.routes.get(MOST_ROUTES) {
        let message =
            format!("a route table holds {MOST_ROUTES} routes at most; this one has {} (B4)", table.routes.len());
        sink.error(FindingCode::InvalidValue, &first_over.span, message, &at);
    }
    let mut seen = HashSet::new();
    let mut routes = Vec::with_capacity(table.routes.len());
    for route in &table.routes {
        let destination = route.value.prefix.value.0;
        if !seen.insert(destination) {
            let message = format!("{} has a route in this table already", destination.words());
            sink.error(FindingCode::InvalidValue, &route.value.prefix.span, message, &at);
        }
        routes.push(UserRoute { destination, next_hop: route.value.via.value.0 });
    }
    let title = table.title.clone().unwrap_or_else(|| item.id.clone());
    RouteTable { id: item.id.clone(), title, routes, propagates: table.propagate }
}

fn security_group(
    item: &Item<traffic::SecurityGroup>,
    table: &traffic::SecurityGroup,
    sink: &mut Sink,
) -> SecurityGroup {
    let at = [item.id.as_str()];
    if let Some(first_over) = table.rules.get(MOST_RULES) {
        let message =
            format!("a security group holds {MOST_RULES} rules at most; this one has {} (B4)", table.rules.len());
        sink.error(FindingCode::InvalidValue, &first_over.span, message, &at);
    }
    let mut seen = HashSet::new();
    let mut rules = Vec::with_capacity(table.rules.len());
    for rule in &table.rules {
        let declared = &rule.value;
        let (priority, span) = (declared.priority.value, &declared.priority.span);
        if !PRIORITIES.contains(&priority) {
            let message = format!("{priority} is no priority; own rules have one from 100 to 4096 (C13)");
            sink.error(FindingCode::InvalidValue, span, message, &at);
        } else if !seen.insert((declared.direction, priority)) {
            let message = format!("another {} rule has the priority {priority} already (C13)", declared.direction);
            sink.error(FindingCode::InvalidValue, span, message, &at);
        }
        let allow = declared.access == Access::Allow;
        let word = if allow { "allow" } else { "deny" };
        rules.push(SecurityRule {
            name: declared.name.clone().unwrap_or_else(|| format!("{word}-{priority}")),
            priority: u32::try_from(priority).unwrap_or_default(),
            direction: declared.direction,
            source: declared.source.0.clone(),
            destination: declared.destination.0.clone(),
            ports: declared.ports.iter().map(|ports| (ports.0, ports.1)).collect(),
            allow,
        });
    }
    rules.sort_by_key(|rule| (rule.direction, rule.priority));
    let title = table.title.clone().unwrap_or_else(|| item.id.clone());
    SecurityGroup { id: item.id.clone(), title, rules }
}

/// Gives a subnet the table and the group its declaration names.
fn attach(place: SubnetIx, declared: &format::Subnet, topology: &mut Topology, names: &Names, sink: &mut Sink) {
    if let Some(routes) = &declared.routes {
        let table = names.route_tables.resolve(&routes.value, &routes.span, "route table", sink);
        topology.subnets[place.at()].route_table = table;
        if let Some(table) = table {
            let subnet = &topology.subnets[place.at()];
            let table = &topology.route_tables[table.at()];
            let vnet = &topology.vnets[subnet.vnet.at()];
            if let Some(why) = on_gateway_subnet(subnet, Some(table), None) {
                let message = format!("the {GATEWAY_SUBNET} of {} {why}", vnet.title);
                sink.finding(Severity::Error, FindingCode::GatewaySubnetRules, &routes.span, message, &[&vnet.id]);
            }
            next_hops(subnet, table, &routes.span, topology, sink);
        }
    }
    if let Some(nsg) = &declared.nsg {
        let group = names.security_groups.resolve(&nsg.value, &nsg.span, "security group", sink);
        topology.subnets[place.at()].security_group = group;
        let subnet = &topology.subnets[place.at()];
        if let Some(why) = on_gateway_subnet(subnet, None, group) {
            let vnet = &topology.vnets[subnet.vnet.at()];
            let message = format!("the {GATEWAY_SUBNET} of {} {why}", vnet.title);
            sink.finding(Severity::Error, FindingCode::GatewaySubnetRules, &nsg.span, message, &[&vnet.id]);
        }
    }
}

/// Next hops that take nothing: an address no machine that forwards has, or a gateway that is not there (C4, B57).
fn next_hops(subnet: &Subnet, table: &RouteTable, span: &Range<usize>, topology: &Topology, sink: &mut Sink) {
    let vnet = &topology.vnets[subnet.vnet.at()];
    let place = format!("{}/{}", vnet.id, subnet.id);
    let mut say = |message: String| {
        let at = [place.as_str(), table.id.as_str()];
        sink.finding(Severity::Warning, FindingCode::DeadNextHop, span, message, &at);
    };
    let mut told = HashSet::new();
    for route in &table.routes {
        match route.next_hop {
            UserNextHop::Appliance(ip) if told.insert(route.next_hop) => {
                let own = Node::Vnet(subnet.vnet);
                let peers = topology.links.iter().filter(|link| link.kind == LinkKind::Peering);
                let peers = peers.filter(|link| link.state != LinkState::Absent).filter_map(|link| link.other(own));
                let near = std::iter::once(own).chain(peers);
                let home = near
                    .filter_map(Node::vnet)
                    .find(|near| topology.vnets[near.at()].address_space.iter().any(|range| range.contains(&ip)));
                let Some(home) = home else {
                    say(format!("{place} sends to {ip}, which is in no network it reaches directly (C4)"));
                    continue;
                };
                let there = |vm: &&Vm| vm.ip == ip && topology.subnets[vm.subnet.at()].vnet == home;
                match topology.vms.iter().find(there) {
                    None => say(format!("{place} sends to {ip}, and no machine has that address (C4)")),
                    Some(vm) if !vm.forwards => {
                        say(format!(
                            "{place} sends to {ip}, but {} does not forward: it lacks `forwards = true` (C4)",
                            vm.id
                        ));
                    }
                    Some(_) => {}
                }
            }
            UserNextHop::Gateway if told.insert(route.next_hop) => {
                let kinds: Vec<GatewayKind> = vnet.gateways.iter().map(|gateway| gateway.kind).collect();
                if kinds.contains(&GatewayKind::Expressroute) {
                    say(format!(
                        "{place} sends to the gateway, which as a next hop is never ExpressRoute, nor VPN beside it (B57)"
                    ));
                }
            }
            _ => {}
        }
    }
}
