//! Further NICs, secondary addresses, test settings and multi-VM groups of VMs (A28, A29, A34, D5).

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr};
use std::ops::Range;

use super::machines::Machines;
use super::names::Names;
use super::networks::Twins;
use super::sink::Sink;
use super::targets::chosen;
use super::{FindingCode, format};
use crate::topology::address::{assignable_range, reserved};
use crate::topology::nic_format::Secondary;
use crate::topology::{
    Allocation, MOST_IN_GROUP, Nic, SecondaryAddress, SubnetIx, Target, Topology, VmGroup, VmIx, VnetIx,
};

/// Resolves what VM tables say beyond the first NIC.
pub(super) fn resolve(
    machines: &[Machines<'_>],
    twins: &Twins,
    topology: &mut Topology,
    names: &Names,
    sink: &mut Sink,
) {
    let more = |table: &format::Vm| !table.nic.0.is_empty() || !table.secondary.is_empty();
    if machines.iter().any(|machine| more(machine.table)) {
        let taken = topology.vms.iter().map(|vm| (vm.subnet, vm.ip)).collect();
        let mut cards = Cards { twins, names, taken };
        for machine in machines.iter().filter(|machine| more(machine.table)) {
            cards.table(machine, topology, sink);
        }
    }
    for machine in machines {
        group(machine, topology, sink);
        test_target(machine, twins, topology, names, sink);
        if machine.table.protecting.as_ref().is_some_and(|flag| flag.value) {
            topology.vms[machine.vms.clone()].iter_mut().for_each(|vm| vm.protecting = vm.protected);
        }
    }
}

fn group(machine: &Machines<'_>, topology: &mut Topology, sink: &mut Sink) {
    let Some(name) = &machine.table.group else { return };
    if !super::tables::checked_id(&name.value, &name.span, sink) {
        return;
    }
    let at = topology.groups.iter().position(|group| group.id == name.value).unwrap_or_else(|| {
        topology.groups.push(VmGroup { id: name.value.clone(), vms: Vec::new() });
        topology.groups.len() - 1
    });
    let before = topology.groups[at].vms.len();
    topology.groups[at].vms.extend(machine.vms.clone().map(VmIx::new));
    if before <= MOST_IN_GROUP && topology.groups[at].vms.len() > MOST_IN_GROUP {
        let message = format!("the group `{}` holds more than {MOST_IN_GROUP} VMs, Azure's limit (D5)", name.value);
        sink.error(FindingCode::InvalidValue, &name.span, message, &[&machine.item.id]);
    }
}

fn test_target(machine: &Machines<'_>, twins: &Twins, topology: &mut Topology, names: &Names, sink: &mut Sink) {
    let Some(table) = &machine.table.test_target else { return };
    let at = [machine.item.id.as_str()];
    let Some(first) = topology.vms.get(machine.vms.start).filter(|_| !machine.vms.is_empty()) else { return };
    let source = &topology.subnets[first.subnet.at()];
    let twin = twins.get(&source.vnet).map(|(twin, _)| *twin);
    let subnet = match &table.subnet {
        None => None,
        Some(path) => match chosen(names, path, source, twin, topology, &at, sink) {
            Some(subnet) => Some(subnet),
            None => return,
        },
    };
    for (offset, number) in machine.vms.clone().enumerate() {
        let ip = table.ip.as_ref().and_then(|ip| {
            let ip = u32::from(ip.value.0).checked_add(u32::try_from(offset).ok()?);
            ip.map(Ipv4Addr::from)
        });
        if let (Some(ip), Some(subnet), Some(written)) = (ip, subnet, &table.ip)
            && let Some(problem) = problem(ip, subnet, topology)
        {
            sink.error(FindingCode::InvalidAddress, &written.span, format!("{problem} (A25)"), &at);
        }
        topology.vms[number].test_target = Target { subnet, ip };
    }
}

/// Why a subnet does not hand out an address.
fn problem(ip: Ipv4Addr, subnet: SubnetIx, topology: &Topology) -> Option<String> {
    let subnet = &topology.subnets[subnet.at()];
    if !subnet.prefix.contains(&ip) {
        return Some(format!("{ip} lies outside {}, {}", subnet.title, subnet.prefix));
    }
    reserved(&subnet.prefix, ip).map(|purpose| format!("{ip} is reserved in {}: it is {purpose} (A1)", subnet.prefix))
}

struct Cards<'t> {
    twins: &'t Twins,
    names: &'t Names,
    taken: HashSet<(SubnetIx, Ipv4Addr)>,
}

impl Cards<'_> {
    fn table(&mut self, machine: &Machines<'_>, topology: &mut Topology, sink: &mut Sink) {
        let (table, id) = (machine.table, machine.item.id.as_str());
        if machine.vms.len() != 1 {
            if table.count.is_some() {
                let message =
                    format!("`{id}` has a count, so it can have neither further NICs nor secondary addresses");
                sink.error(FindingCode::InvalidValue, &machine.item.id_span, message, &[id]);
            }
            return;
        }
        let number = machine.vms.start;
        let home = topology.vms[number].subnet;
        let secondary = self.secondary(&table.secondary, home, id, topology, sink);
        let mut nics = Vec::new();
        for (name, nic) in &table.nic.0 {
            let path = &nic.subnet.value.0;
            let Some(subnet) = self.names.subnet(&path.vnet, &path.subnet, &nic.subnet.span, sink) else { continue };
            let vnet = |subnet: SubnetIx| topology.subnets[subnet.at()].vnet;
            if vnet(subnet) != vnet(home) || !topology.subnets[subnet.at()].hosts_vms() {
                let message = format!(
                    "all NICs of a VM are in one VNet: `{id}` is in {}, and `{}` is not a subnet for VMs of it",
                    topology.vnets[vnet(home).at()].title,
                    nic.subnet.value.0
                );
                sink.error(FindingCode::InvalidSubnet, &nic.subnet.span, message, &[id]);
                continue;
            }
            let pinned = nic.ip.as_ref().and_then(|ip| ip.value.0.map(|address| (address, &ip.span)));
            let ip = match pinned {
                Some((ip, span)) => self.take(ip, span, subnet, id, topology, sink),
                None => self.lowest(subnet, &name.span, id, topology, sink),
            };
            let Some(ip) = ip else { continue };
            let allocation = if pinned.is_some() { Allocation::Static } else { Allocation::Dynamic };
            let target = self.target(nic.target.as_ref(), subnet, id, topology, sink);
            let secondary = self.secondary(&nic.secondary, subnet, id, topology, sink);
            nics.push(Nic { id: name.value.clone(), subnet, ip, allocation, target, secondary });
        }
        let vm = &mut topology.vms[number];
        (vm.nics, vm.secondary) = (nics, secondary);
    }

    fn twin(&self, vnet: VnetIx) -> Option<VnetIx> {
        self.twins.get(&vnet).map(|(twin, _)| *twin)
    }

    fn target(
        &self,
        table: Option<&format::Target>,
        home: SubnetIx,
        id: &str,
        topology: &Topology,
        sink: &mut Sink,
    ) -> Target {
        let Some(table) = table else { return Target::default() };
        let source = &topology.subnets[home.at()];
        let named = table.subnet.as_ref();
        let twin = self.twin(source.vnet);
        let subnet = named.and_then(|path| chosen(self.names, path, source, twin, topology, &[id], sink));
        let ip = table.ip.as_ref().map(|ip| ip.value.0);
        Target { subnet, ip }
    }

    fn secondary(
        &mut self,
        tables: &[Secondary],
        subnet: SubnetIx,
        id: &str,
        topology: &Topology,
        sink: &mut Sink,
    ) -> Vec<SecondaryAddress> {
        let mut found = Vec::new();
        for table in tables {
            let target = table.target.as_ref().map(|ip| ip.value.0);
            let fine = match table.ip.value {
                IpAddr::V4(ip) => self.take(ip, &table.ip.span, subnet, id, topology, sink).is_some(),
                IpAddr::V6(_) => true,
            };
            if fine {
                found.push(SecondaryAddress { ip: table.ip.value, target });
            }
        }
        found
    }

    fn take(
        &mut self,
        ip: Ipv4Addr,
        span: &Range<usize>,
        subnet: SubnetIx,
        id: &str,
        topology: &Topology,
        sink: &mut Sink,
    ) -> Option<Ipv4Addr> {
        let wrong = problem(ip, subnet, topology);
        let wrong = wrong.or_else(|| (!self.taken.insert((subnet, ip))).then(|| format!("{ip} is taken already")));
        match wrong {
            None => Some(ip),
            Some(message) => {
                sink.error(FindingCode::InvalidAddress, span, message, &[id]);
                None
            }
        }
    }

    /// The lowest free address (A5).
    fn lowest(
        &mut self,
        subnet: SubnetIx,
        span: &Range<usize>,
        id: &str,
        topology: &Topology,
        sink: &mut Sink,
    ) -> Option<Ipv4Addr> {
        let prefix = topology.subnets[subnet.at()].prefix;
        let all = assignable_range(&prefix).into_iter().flat_map(|(first, last)| u32::from(first)..=u32::from(last));
        let free = all.map(Ipv4Addr::from).find(|ip| self.taken.insert((subnet, *ip)));
        if free.is_none() {
            sink.error(FindingCode::InvalidAddress, span, format!("no address is left in {prefix}"), &[id]);
        }
        free
    }
}
