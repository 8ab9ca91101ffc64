//! What a file as a whole has too much of: VNets, subnets, route tables, security groups, addresses (A9, B4).
//!
//! A topology is one subscription (modelled), so what Azure counts for each subscription and region is counted here for
//! each region where things have one, and for the whole file where they have none.

use std::collections::BTreeMap;

use super::sink::Sink;
use super::tables::{Declared, Item};
use crate::topology::finding::{FindingCode, Severity};
use crate::topology::limits::{
    ADDRESSES_OF_PEERS, ADDRESSES_PER_NIC, NSGS, ROUTE_TABLES, SUBNETS_PER_VNET, VNETS_PER_REGION,
};
use crate::topology::{LinkKind, LinkState, SecondaryAddress, Topology, Vm, VnetIx};

/// Warns of everything there is too much of.
pub(super) fn check(declared: &Declared, topology: &Topology, sink: &mut Sink) {
    per_region(declared, topology, sink);
    too_many(&declared.route_tables, ROUTE_TABLES, "route tables", sink);
    too_many(&declared.security_groups, NSGS, "network security groups", sink);
    let of_vnets = topology.vnets.iter().zip(&declared.vnets);
    for (vnet, item) in of_vnets.clone().filter(|(vnet, _)| vnet.subnets.len() > SUBNETS_PER_VNET) {
        let message =
            format!("{} has {} subnets, and a VNet takes {SUBNETS_PER_VNET} (B4)", vnet.title, vnet.subnets.len());
        over(item, message, sink);
    }
    let addresses = addresses(topology);
    let mut grouped = addresses.clone();
    for link in &topology.links {
        if link.kind == LinkKind::Peering
            && link.state == LinkState::Connected
            && let [Some(a), Some(b)] = link.between.map(crate::topology::Node::vnet)
        {
            grouped[a.at()] += addresses[b.at()];
            grouped[b.at()] += addresses[a.at()];
        }
    }
    for (at, (vnet, item)) in of_vnets.enumerate().filter(|(at, _)| grouped[*at] > ADDRESSES_OF_PEERS) {
        let message = format!(
            "{} and its peers hold {} private addresses, and {ADDRESSES_OF_PEERS} is the most in a group of peered VNets (A9)",
            vnet.title, grouped[at]
        );
        over(item, message, sink);
    }
    per_machine(declared, topology, sink);
}

fn over<T>(item: &Item<T>, message: String, sink: &mut Sink) {
    sink.finding(Severity::Warning, FindingCode::OverLimit, &item.id_span, message, &[&item.id]);
}

/// More than a thousand VNets in one region (B4), said at the first that is too many.
fn per_region(declared: &Declared, topology: &Topology, sink: &mut Sink) {
    let mut counts = BTreeMap::new();
    for (vnet, item) in topology.vnets.iter().zip(&declared.vnets) {
        let count = counts.entry(vnet.region).or_insert(0usize);
        *count += 1;
        if *count == VNETS_PER_REGION + 1 {
            let region = &topology.regions[vnet.region.at()].title;
            let message =
                format!("more than {VNETS_PER_REGION} VNets are in {region}, the most of one subscription (B4)");
            over(item, message, sink);
        }
    }
}

/// Said at the first that is too many (B4).
fn too_many<T>(items: &[Item<T>], most: usize, what: &str, sink: &mut Sink) {
    if let Some(item) = items.get(most) {
        over(
            item,
            format!("{} {what} are more than the {most} of one subscription and region (B4)", items.len()),
            sink,
        );
    }
}

/// The private IPv4 addresses of a machine, one count for each NIC.
fn of_nics(vm: &Vm) -> impl Iterator<Item = usize> + '_ {
    let held = |secondary: &[SecondaryAddress]| 1 + secondary.iter().filter(|address| address.ip.is_ipv4()).count();
    std::iter::once(held(&vm.secondary)).chain(vm.nics.iter().map(move |nic| held(&nic.secondary)))
}

/// How many private addresses each VNet holds.
fn addresses(topology: &Topology) -> Vec<usize> {
    let mut counts = vec![0; topology.vnets.len()];
    for vm in &topology.vms {
        let home: VnetIx = topology.subnets[vm.subnet.at()].vnet;
        counts[home.at()] += of_nics(vm).sum::<usize>();
    }
    counts
}

/// Machines with more than 256 addresses, on one NIC or in all (A9).
fn per_machine(declared: &Declared, topology: &Topology, sink: &mut Sink) {
    for vm in topology.vms.iter().filter(|vm| of_nics(vm).sum::<usize>() > ADDRESSES_PER_NIC) {
        let Some(item) = declared.vms.iter().find(|item| item.id == vm.id) else { continue };
        let message = format!(
            "{} has {} private addresses, and {ADDRESSES_PER_NIC} is the most of a NIC and of a VM (A9)",
            vm.id,
            of_nics(vm).sum::<usize>()
        );
        over(item, message, sink);
    }
}
