//! Further NICs and secondary addresses of VMs, and where each has its address (A17, A28, A29).
//!
//! Whoever has a pinned address is seated first, whatever the order of the file: first NICs, then further ones and
//! secondary addresses; dynamic ones take what is left (A5).

use std::net::IpAddr;
use std::ops::Range;

use super::machines::{Machines, Taken};
use super::names::Names;
use super::sink::Sink;
use super::{FindingCode, format};
use crate::topology::address::reserved;
use crate::topology::format::Secondary;
use crate::topology::{Allocation, Nic, SecondaryAddress, SubnetIx, Target, Topology, VnetIx};

/// What the first NIC of a VM is called where it needs a name.
pub(super) const FIRST_NIC: &str = "primary";

/// Gives every further NIC and secondary address its place; dynamic ones wait for [`place_dynamic`].
pub(super) fn place_static(
    machines: &[Machines<'_>],
    topology: &mut Topology,
    names: &Names,
    taken: &mut Taken,
    sink: &mut Sink,
) {
    let mut seats = Seats { names, taken };
    for machine in machines {
        if !machine.table.nic.0.is_empty() || !machine.table.secondary.is_empty() {
            seats.table(machine, topology, sink);
        }
    }
}

/// Gives dynamic NICs the lowest free address each (A5).
pub(super) fn place_dynamic(machines: &[Machines<'_>], topology: &mut Topology, taken: &mut Taken, sink: &mut Sink) {
    for machine in machines.iter().filter(|machine| !machine.table.nic.0.is_empty() && machine.vms.len() == 1) {
        let number = machine.vms.start;
        for at in 0..topology.vms[number].nics.len() {
            let nic = &topology.vms[number].nics[at];
            if nic.allocation == Allocation::Static {
                continue;
            }
            let (title, subnet) = (title(&nic.id, &machine.item.id), nic.subnet);
            let prefix = topology.subnets[subnet.at()].prefix;
            match taken.lowest_free(subnet, &prefix) {
                Some(ip) => {
                    taken.seat(subnet, ip, number);
                    taken.name(subnet, ip, title);
                    topology.vms[number].nics[at].ip = ip;
                }
                None => {
                    let named = machine.table.nic.0.iter().find(|(name, _)| name.value == nic.id);
                    let span = named.map_or(&machine.item.id_span, |(name, _)| &name.span);
                    let message = format!("no address is left for {title} in {prefix}");
                    sink.error(FindingCode::InvalidAddress, span, message, &[&machine.item.id]);
                }
            }
        }
    }
}

/// Checks what the NICs of a VM without a place name, so that one broken key hides no other.
pub(super) fn check_names(table: &format::Vm, names: &Names, sink: &mut Sink) {
    for (_, nic) in &table.nic.0 {
        let path = &nic.subnet.value.0;
        names.subnet(&path.vnet, &path.subnet, &nic.subnet.span, sink);
    }
}

fn title(nic: &str, vm: &str) -> String {
    format!("NIC `{nic}` of `{vm}`")
}

/// Why a subnet does not hand out an address (A1).
pub(super) fn problem(ip: std::net::Ipv4Addr, subnet: SubnetIx, topology: &Topology) -> Option<String> {
    let subnet = &topology.subnets[subnet.at()];
    if !subnet.prefix.contains(&ip) {
        return Some(format!("{ip} lies outside {}, {}", subnet.title, subnet.prefix));
    }
    reserved(&subnet.prefix, ip).map(|purpose| format!("{ip} is reserved in {}: it is {purpose} (A1)", subnet.prefix))
}

struct Seats<'t> {
    names: &'t Names,
    taken: &'t mut Taken,
}

impl Seats<'_> {
    fn table(&mut self, machine: &Machines<'_>, topology: &mut Topology, sink: &mut Sink) {
        let (table, id) = (machine.table, machine.item.id.as_str());
        if table.count.is_some() {
            let message = format!("`{id}` has a count, so it can have neither further NICs nor secondary addresses");
            sink.error(FindingCode::InvalidValue, &machine.item.id_span, message, &[id]);
            return;
        }
        if machine.vms.len() != 1 {
            check_names(table, self.names, sink);
            return;
        }
        let number = machine.vms.start;
        let home = topology.vms[number].subnet;
        let secondary = self.secondary(&table.secondary, home, number, topology, sink);
        let mut nics = Vec::new();
        for (name, nic) in &table.nic.0 {
            if !super::tables::checked_id(&name.value, &name.span, sink) {
                continue;
            }
            if name.value == FIRST_NIC {
                let message = format!("`{FIRST_NIC}` is the first NIC of a VM, which the keys of [vm.{id}] describe");
                sink.error(FindingCode::InvalidId, &name.span, message, &[id]);
                continue;
            }
            nics.extend(self.nic(&name.value, nic, number, topology, sink));
        }
        let vm = &mut topology.vms[number];
        (vm.nics, vm.secondary) = (nics, secondary);
    }

    fn nic(
        &mut self,
        name: &str,
        nic: &format::Nic,
        number: usize,
        topology: &Topology,
        sink: &mut Sink,
    ) -> Option<Nic> {
        let (vm, path) = (&topology.vms[number], &nic.subnet.value.0);
        let subnet = self.names.subnet(&path.vnet, &path.subnet, &nic.subnet.span, sink)?;
        let vnet = |subnet: SubnetIx| -> VnetIx { topology.subnets[subnet.at()].vnet };
        if vnet(subnet) != vnet(vm.subnet) || !topology.subnets[subnet.at()].hosts_vms() {
            let message = format!(
                "all NICs of a VM are in one VNet: `{}` is in {}, and `{}` is not a subnet for VMs of it",
                vm.id,
                topology.vnets[vnet(vm.subnet).at()].title,
                nic.subnet.value.0
            );
            sink.error(FindingCode::InvalidSubnet, &nic.subnet.span, message, &[&vm.id]);
            return None;
        }
        let pinned = nic.ip.as_ref().and_then(|ip| ip.value.0.map(|address| (address, &ip.span)));
        let (ip, allocation) = match pinned {
            None => (std::net::Ipv4Addr::UNSPECIFIED, Allocation::Dynamic),
            Some((ip, span)) => {
                self.take(ip, span, subnet, (number, title(name, &vm.id)), topology, sink)?;
                (ip, Allocation::Static)
            }
        };
        let secondary = self.secondary(&nic.secondary, subnet, number, topology, sink);
        let (target, test_target) = (Target::default(), Target::default());
        Some(Nic { id: name.to_owned(), subnet, ip, allocation, target, test_target, secondary })
    }

    fn secondary(
        &mut self,
        tables: &[Secondary],
        subnet: SubnetIx,
        number: usize,
        topology: &Topology,
        sink: &mut Sink,
    ) -> Vec<SecondaryAddress> {
        let mut found = Vec::new();
        for table in tables {
            let fine = match table.ip.value {
                IpAddr::V4(ip) => {
                    let title = format!("a secondary address of `{}`", topology.vms[number].id);
                    self.take(ip, &table.ip.span, subnet, (number, title), topology, sink).is_some()
                }
                IpAddr::V6(_) => true,
            };
            if fine {
                found.push(SecondaryAddress { ip: table.ip.value, target: None, test_target: None });
            }
        }
        found
    }

    /// Takes an address, or says who has it.
    fn take(
        &mut self,
        ip: std::net::Ipv4Addr,
        span: &Range<usize>,
        subnet: SubnetIx,
        (number, title): (usize, String),
        topology: &Topology,
        sink: &mut Sink,
    ) -> Option<()> {
        let held = || Some(format!("{ip} is taken by {}", self.taken.holder(subnet, ip, topology)?));
        match problem(ip, subnet, topology).or_else(held) {
            None => {
                self.taken.seat(subnet, ip, number);
                self.taken.name(subnet, ip, title);
                Some(())
            }
            Some(message) => {
                sink.error(FindingCode::InvalidAddress, span, message, &[&topology.vms[number].id]);
                None
            }
        }
    }
}
