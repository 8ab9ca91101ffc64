//! Where a failover would take each VM: what the file says about it, and what a reader should know beforehand.

use std::collections::{HashMap, HashSet};
use std::net::Ipv4Addr;

use super::machines::Machines;
use super::names::Names;
use super::networks::{Twins, unsure};
use super::sink::Sink;
use super::tables::Declared;
use super::{FindingCode, format};
use crate::topology::address::reserved;
use crate::topology::command::TargetSubnet;
use crate::topology::policy::DynamicSource;
use crate::topology::{Allocation, Severity, Side, Subnet, SubnetIx, Topology, VmIx, VnetIx};

/// What is asked of every VM table.
struct Targets<'t> {
    twins: &'t Twins,
    unsure: HashSet<VnetIx>,
    names: &'t Names,
    /// The VM that lives at an address before any failover.
    living: HashMap<(SubnetIx, Ipv4Addr), VmIx>,
    /// The VM that a target address is promised to (A25).
    promised: HashMap<(SubnetIx, Ipv4Addr), VmIx>,
    /// Source subnets whose fate was told already: it is the same for all their VMs.
    told: HashSet<SubnetIx>,
}

/// Resolves `protected` and `target` of every VM.
pub(super) fn resolve(
    declared: &Declared,
    machines: &[Machines<'_>],
    twins: &Twins,
    topology: &mut Topology,
    names: &Names,
    sink: &mut Sink,
) {
    // Where the networks are broken nobody knows where a VM would go.
    let Some(unsure) = unsure(declared, names) else { return };
    let living = topology.vms.iter().enumerate().map(|(at, vm)| ((vm.subnet, vm.ip), VmIx::new(at))).collect();
    let mut targets = Targets { twins, unsure, names, living, promised: HashMap::new(), told: HashSet::new() };
    for machine in machines {
        targets.table(machine, topology, sink);
    }
}

impl Targets<'_> {
    fn table(&mut self, machine: &Machines<'_>, topology: &mut Topology, sink: &mut Sink) {
        let (table, at) = (machine.table, [machine.item.id.as_str()]);
        let path = &table.subnet.value.0;
        let known = self.names.vnets.get(&path.vnet).and_then(|vnet| self.names.subnets.get(&vnet)?.get(&path.subnet));
        let Some(home) = known else { return };
        let source = &topology.subnets[home.at()];
        if self.unsure.contains(&source.vnet) {
            return;
        }
        let twin = self.twins.get(&source.vnet).map(|(twin, _)| *twin);
        let explicit = table.target.as_ref().and_then(|target| target.subnet.as_ref());
        let chosen = match explicit {
            None => None,
            Some(path) => match chosen(self.names, path, source, twin, topology, &at, sink) {
                Some(subnet) => Some(subnet),
                None => return,
            },
        };
        // A VM whose own address is wrong has no place, but what its target says can be wrong as well.
        if machine.vms.is_empty() {
            return;
        }
        let elsewhere = chosen.filter(|subnet| Some(topology.subnets[subnet.at()].vnet) != twin);
        let protected = table.protected.as_ref().map_or(twin.is_some() || elsewhere.is_some(), |flag| flag.value);
        if protected && twin.is_none() && elsewhere.is_none() {
            let span = table.protected.as_ref().map_or(&machine.item.id_span, |flag| &flag.span);
            let message = format!(
                "`{}` is protected, but nothing recovers {}: it has nowhere to go",
                machine.item.id,
                topology.vnets[source.vnet.at()].title
            );
            sink.finding(Severity::Warning, FindingCode::NoFailoverNetwork, span, message, &at);
        }
        let goal = chosen.or_else(|| twin.and_then(|twin| default_subnet(topology, twin, source)));
        let pinned = table.target.as_ref().and_then(|target| target.ip.as_ref());
        for (offset, number) in machine.vms.clone().enumerate() {
            let ip = pinned.and_then(|pinned| self.pinned(pinned, offset, VmIx::new(number), goal, topology, sink));
            let vm = &mut topology.vms[number];
            vm.protected = protected;
            vm.target.subnet = chosen;
            vm.target.ip = ip;
        }
        if let Some(goal) = goal.filter(|_| protected && pinned.is_none()) {
            self.foresee(machine, home, goal, explicit.is_some(), topology, sink);
        }
    }

    /// The target address of one VM, checked as the portal would (A25).
    fn pinned(
        &mut self,
        pinned: &format::At<format::Ip>,
        offset: usize,
        vm: VmIx,
        goal: Option<SubnetIx>,
        topology: &Topology,
        sink: &mut Sink,
    ) -> Option<Ipv4Addr> {
        let ip = Ipv4Addr::from(u32::from(pinned.value.0).checked_add(u32::try_from(offset).ok()?)?);
        let goal = goal?;
        let subnet = &topology.subnets[goal.at()];
        let network = &topology.vnets[subnet.vnet.at()].title;
        let id = topology.vms[vm.at()].id.as_str();
        let problem = if !subnet.prefix.contains(&ip) {
            Some(format!("{ip} lies outside {} of {network}, {}", subnet.title, subnet.prefix))
        } else if let Some(purpose) = reserved(&subnet.prefix, ip) {
            Some(format!("{ip} is reserved in {}: it is {purpose} (A1)", subnet.prefix))
        } else {
            let other = self.promised.insert((goal, ip), vm);
            other.map(|other| format!("{ip} is the target address of `{}` already", topology.vms[other.at()].id))
        };
        if let Some(problem) = problem {
            sink.error(FindingCode::InvalidAddress, &pinned.span, format!("{problem} (A25)"), &[id]);
            return None;
        }
        if let Some(other) = self.living.get(&(goal, ip)).filter(|other| **other != vm) {
            let other = &topology.vms[other.at()].id;
            let message = format!(
                "`{id}` shall get {ip} in {network}, but `{other}` has it there: it will get the next one (A26)"
            );
            sink.finding(Severity::Warning, FindingCode::AddressTaken, &pinned.span, message, &[id, other]);
        }
        Some(ip)
    }

    /// What will become of the addresses of a table without target address (A13, A19, A23).
    fn foresee(
        &mut self,
        machine: &Machines<'_>,
        home: SubnetIx,
        goal: SubnetIx,
        explicit: bool,
        topology: &Topology,
        sink: &mut Sink,
    ) {
        let (source, subnet) = (&topology.subnets[home.at()], &topology.subnets[goal.at()]);
        let (from, network) = (&topology.vnets[source.vnet.at()], &topology.vnets[subnet.vnet.at()]);
        let recovers = self.twins.get(&source.vnet).map_or(&machine.item.id_span, |(_, span)| span);
        let new = !explicit && self.told.insert(home);
        if new && !source.id.eq_ignore_ascii_case(&subnet.id) {
            let message = format!(
                "{} has no subnet called `{}`: VMs of that subnet of {} go to `{}`, the alphabetically first (A13)",
                network.title, source.id, from.title, subnet.id
            );
            let at = [network.id.as_str(), source.id.as_str()];
            sink.finding(Severity::Warning, FindingCode::SubnetNameMismatch, recovers, message, &at);
        }
        if new && !subnet.prefix.contains(&source.prefix) {
            let message = format!(
                "VMs of `{}` of {}, {}, go to `{}` of {}, {}: addresses outside that range are not kept (A19)",
                source.id, from.title, source.prefix, subnet.id, network.title, subnet.prefix
            );
            let at = [from.id.as_str(), network.id.as_str()];
            sink.finding(Severity::Warning, FindingCode::AddressLost, recovers, message, &at);
        }
        let taken = topology.vms[machine.vms.clone()]
            .iter()
            .find_map(|vm| self.living.get(&(goal, vm.ip)).map(|other| (vm, &topology.vms[other.at()])));
        if let Some((vm, other)) = taken {
            let message =
                format!("`{}` cannot keep {} in {}: `{}` has it there (A19)", vm.id, vm.ip, network.title, other.id);
            let span = &machine.item.id_span;
            sink.finding(Severity::Warning, FindingCode::AddressTaken, span, message, &[&vm.id, &other.id]);
        }
        let dynamic = topology.vms[machine.vms.start].allocation == Allocation::Dynamic;
        if dynamic && subnet.prefix.contains(&topology.vms[machine.vms.start].ip) {
            let outcome = match topology.policy.dynamic_source {
                DynamicSource::RetainIfFree => "is kept only if nobody takes it first",
                DynamicSource::NotRetained => "is not kept",
            };
            let message =
                format!("the address of `{}` is dynamic and {outcome}; pin it to be sure (A23)", machine.item.id);
            let span = machine.table.ip.as_ref().map_or(&machine.item.id_span, |ip| &ip.span);
            sink.finding(Severity::Warning, FindingCode::DynamicAddress, span, message, &[&machine.item.id]);
        }
    }
}

/// The subnet `target.subnet` names.
pub(super) fn chosen(
    names: &Names,
    path: &format::At<format::TargetPath>,
    source: &Subnet,
    twin: Option<VnetIx>,
    topology: &Topology,
    at: &[&str],
    sink: &mut Sink,
) -> Option<SubnetIx> {
    let subnet = match (&path.value.0, twin) {
        (TargetSubnet::InFailoverNetwork(name), Some(twin)) => {
            names.subnet_of(twin, &topology.vnets[twin.at()].id, name, &path.span, sink)?
        }
        (TargetSubnet::InFailoverNetwork(name), None) => {
            let vnet = &topology.vnets[source.vnet.at()].title;
            let message = format!("nothing recovers {vnet}, so `{name}` is in no failover network; write VNET/SUBNET");
            sink.error(FindingCode::InvalidValue, &path.span, message, at);
            return None;
        }
        (TargetSubnet::Elsewhere(name), _) => names.subnet(&name.vnet, &name.subnet, &path.span, sink)?,
    };
    let goal = &topology.subnets[subnet.at()];
    let (vnet, home) = (&topology.vnets[goal.vnet.at()], &topology.vnets[source.vnet.at()]);
    let region = &topology.regions[vnet.region.at()];
    let problem = if !goal.hosts_vms() {
        format!("no VM can live in the {} of {} (B28)", goal.title, vnet.title)
    } else if vnet.region == home.region {
        format!("{} lies in {}, where the VM is already", vnet.title, region.title)
    } else if region.side != Side::Recovery {
        format!("{} lies in {}, which is no recovery region", vnet.title, region.title)
    } else {
        return Some(subnet);
    };
    sink.error(FindingCode::InvalidValue, &path.span, problem, at);
    None
}

/// The subnet Site Recovery picks: the one of the same name, else the alphabetically first (A13).
pub(super) fn default_subnet(topology: &Topology, network: VnetIx, source: &Subnet) -> Option<SubnetIx> {
    let usable = || {
        let own = topology.vnets[network.at()].subnets.iter().copied();
        own.filter(|subnet| topology.subnets[subnet.at()].hosts_vms())
    };
    let name = |subnet: SubnetIx| topology.subnets[subnet.at()].id.as_str();
    usable()
        .find(|subnet| name(*subnet).eq_ignore_ascii_case(&source.id))
        .or_else(|| usable().min_by_key(|subnet| name(*subnet).to_ascii_lowercase()))
}
