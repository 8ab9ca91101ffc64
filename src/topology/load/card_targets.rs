//! What VM tables say about failovers beyond the first NIC: targets of further NICs and of secondary addresses, test
//! settings, and multi-VM groups (A25, A28, A29, A34, D5).

use std::collections::HashMap;
use std::net::Ipv4Addr;

use super::FindingCode;
use super::cards::problem;
use super::machines::Machines;
use super::names::Names;
use super::networks::{Twins, unsure};
use super::sink::Sink;
use super::tables::Declared;
use super::targets::{chosen, default_subnet};
use crate::topology::format::{self, Secondary};
use crate::topology::format::{At, Ip};
use crate::topology::{MOST_IN_GROUP, SecondaryAddress, SubnetIx, Target, Topology, Vm, VmGroup, VmIx, VnetIx};

/// Resolves what VM tables say beyond the first NIC.
pub(super) fn resolve(
    declared: &Declared,
    machines: &[Machines<'_>],
    twins: &Twins,
    topology: &mut Topology,
    names: &Names,
    sink: &mut Sink,
) {
    let more = |machine: &&Machines<'_>| !machine.table.nic.0.is_empty() || !machine.table.secondary.is_empty();
    // Where the networks are broken nobody knows where a NIC would go.
    let known = unsure(declared, names).is_some_and(|unsure| unsure.is_empty());
    if known {
        machines.iter().for_each(|machine| test_target(machine, twins, topology, names, sink));
    }
    if known && machines.iter().any(|machine| more(&machine)) {
        let mut targets = Targets { twins, names, promised: HashMap::new() };
        targets.promise(topology);
        for machine in machines.iter().filter(more).filter(|machine| machine.vms.len() == 1) {
            targets.table(machine, topology, sink);
        }
    }
    for machine in machines {
        group(machine, topology, sink);
        if machine.table.protecting.as_ref().is_some_and(|flag| flag.value) {
            topology.vms[machine.vms.clone()].iter_mut().for_each(|vm| vm.protecting = vm.protected);
        }
    }
}

/// What is asked of every target of a further NIC or a secondary address.
struct Targets<'t> {
    twins: &'t Twins,
    names: &'t Names,
    /// Whose target an address is (A25).
    promised: HashMap<(SubnetIx, Ipv4Addr), String>,
}

impl Targets<'_> {
    fn twin(&self, vnet: VnetIx) -> Option<VnetIx> {
        self.twins.get(&vnet).map(|(twin, _)| *twin)
    }

    /// Where the first NIC of a VM goes.
    fn goal(&self, vm: &Vm, topology: &Topology) -> Option<SubnetIx> {
        let source = &topology.subnets[vm.subnet.at()];
        vm.target.subnet.or_else(|| default_subnet(topology, self.twin(source.vnet)?, source))
    }

    /// Remembers the target addresses of first NICs, which are checked already.
    fn promise(&mut self, topology: &Topology) {
        for vm in &topology.vms {
            if let (Some(ip), Some(goal)) = (vm.target.ip, vm.target.ip.and_then(|_| self.goal(vm, topology))) {
                self.promised.insert((goal, ip), format!("`{}`", vm.id));
            }
        }
    }

    fn table(&mut self, machine: &Machines<'_>, topology: &mut Topology, sink: &mut Sink) {
        let number = machine.vms.start;
        let id = machine.item.id.as_str();
        let goal = self.goal(&topology.vms[number], topology);
        let mut secondary = std::mem::take(&mut topology.vms[number].secondary);
        // The test settings of the first NIC are read already, so they tell where its secondary addresses are tested.
        let tested = topology.vms[number].test_target.subnet.or(goal);
        self.select(&machine.table.secondary, &mut secondary, (goal, tested), id, topology, sink);
        topology.vms[number].secondary = secondary;
        let mut nics = std::mem::take(&mut topology.vms[number].nics);
        for nic in &mut nics {
            let Some((_, table)) = machine.table.nic.0.iter().find(|(name, _)| name.value == nic.id) else { continue };
            let there = self.nic(table, nic, goal, id, topology, sink);
            let tested = nic.test_target.subnet.or(there);
            self.select(&table.secondary, &mut nic.secondary, (there, tested), id, topology, sink);
        }
        topology.vms[number].nics = nics;
    }

    /// The target of a further NIC, and the subnet it goes to: one of the VNet its VM goes to (A29).
    fn nic(
        &mut self,
        table: &format::Nic,
        nic: &mut crate::topology::Nic,
        goal: Option<SubnetIx>,
        id: &str,
        topology: &Topology,
        sink: &mut Sink,
    ) -> Option<SubnetIx> {
        let source = &topology.subnets[nic.subnet.at()];
        let network = goal.map(|goal| topology.subnets[goal.at()].vnet);
        let by_name = network.and_then(|network| default_subnet(topology, network, source));
        self.nic_test(table, nic, (network, by_name), id, topology, sink);
        let Some(target) = &table.target else { return by_name };
        if let Some(path) = &target.subnet {
            let named = chosen(self.names, path, source, network, topology, &[id], sink)?;
            if Some(topology.subnets[named.at()].vnet) != network {
                let to = network.map_or("nowhere", |network| topology.vnets[network.at()].title.as_str());
                let message = format!("all NICs of a VM are in one VNet, and `{id}` goes to {to} (A29)");
                sink.error(FindingCode::InvalidValue, &path.span, message, &[id]);
                return None;
            }
            nic.target.subnet = Some(named);
        }
        let there = nic.target.subnet.or(by_name);
        if let Some(ip) = &target.ip {
            self.check(ip, there, format!("NIC `{}` of `{id}`", nic.id), id, topology, sink);
            nic.target.ip = Some(ip.value.0);
        }
        there
    }

    /// The test settings of a further NIC; the network of a test may be any, so only what is named here is checked (A34).
    fn nic_test(
        &self,
        table: &format::Nic,
        nic: &mut crate::topology::Nic,
        (network, by_name): (Option<VnetIx>, Option<SubnetIx>),
        id: &str,
        topology: &Topology,
        sink: &mut Sink,
    ) {
        let Some(target) = &table.test_target else { return };
        let source = &topology.subnets[nic.subnet.at()];
        if let Some(path) = &target.subnet {
            let Some(named) = chosen(self.names, path, source, network, topology, &[id], sink) else { return };
            nic.test_target.subnet = Some(named);
        }
        let Some(ip) = &target.ip else { return };
        self.check_test(ip, nic.test_target.subnet.or(by_name), id, topology, sink);
        nic.test_target.ip = Some(ip.value.0);
    }

    /// A test address the subnet would not hand out (A25); no two of them are at odds, for tests may go to many networks.
    fn check_test(&self, ip: &At<Ip>, there: Option<SubnetIx>, id: &str, topology: &Topology, sink: &mut Sink) {
        if let Some(problem) = there.and_then(|there| problem(ip.value.0, there, topology)) {
            sink.error(FindingCode::InvalidAddress, &ip.span, format!("{problem} (A25)"), &[id]);
        }
    }

    /// The targets of secondary addresses, which go where their NIC goes (A28).
    fn select(
        &mut self,
        tables: &[Secondary],
        addresses: &mut [SecondaryAddress],
        (there, tested): (Option<SubnetIx>, Option<SubnetIx>),
        id: &str,
        topology: &Topology,
        sink: &mut Sink,
    ) {
        for address in addresses {
            let Some(table) = tables.iter().find(|table| table.ip.value == address.ip) else { continue };
            if let (Some(ip), true) = (table.target.as_ref().or(table.test_target.as_ref()), address.ip.is_ipv6()) {
                let message = format!("{} is an IPv6 address, and Site Recovery carries IPv4 only (A27)", address.ip);
                sink.error(FindingCode::InvalidValue, &ip.span, message, &[id]);
                continue;
            }
            if let Some(ip) = &table.test_target {
                self.check_test(ip, tested, id, topology, sink);
                address.test_target = Some(ip.value.0);
            }
            let Some(ip) = &table.target else { continue };
            self.check(ip, there, format!("a secondary address of `{id}`"), id, topology, sink);
            address.target = Some(ip.value.0);
        }
    }

    /// What the portal would refuse: an address the subnet does not hand out, or that is promised already (A25).
    fn check(
        &mut self,
        ip: &At<Ip>,
        goal: Option<SubnetIx>,
        title: String,
        id: &str,
        topology: &Topology,
        sink: &mut Sink,
    ) {
        let Some(goal) = goal else { return };
        let problem = problem(ip.value.0, goal, topology).or_else(|| {
            let other = self.promised.insert((goal, ip.value.0), title)?;
            Some(format!("{} is the target address of {other} already", ip.value.0))
        });
        if let Some(problem) = problem {
            sink.error(FindingCode::InvalidAddress, &ip.span, format!("{problem} (A25)"), &[id]);
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
