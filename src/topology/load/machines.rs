//! Apps and VMs: `count` unrolled, every VM in its subnet with an address of its own.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::ops::Range;

use super::names::{At, Names, name_taken};
use super::sink::Sink;
use super::tables::{Declared, Item};
use super::{FindingCode, cards, format};
use crate::topology::address::{assignable_range, capacity, reserved};
use crate::topology::limits::ADDRESSES_PER_VNET;
use crate::topology::{Allocation, App, AppIx, Endpoint, GATEWAY_SUBNET, SubnetIx, Topology, Vm, VmIx, VnetIx};

/// How many VMs a topology holds: ten times the largest network the model is made for, so that a few words of
/// `count` cannot fill the memory.
const MOST_VMS: usize = 1_000_000;

/// What one VM table has become: its VMs stand side by side.
pub(super) struct Machines<'d> {
    pub item: &'d Item<format::Vm>,
    pub table: &'d format::Vm,
    pub vms: Range<usize>,
}

/// Resolves apps and VMs.
pub(super) fn resolve<'d>(
    declared: &'d Declared,
    topology: &mut Topology,
    names: &mut Names,
    sink: &mut Sink,
) -> Vec<Machines<'d>> {
    for app in &declared.apps {
        let item = app.table.as_ref().map(|table| {
            let title = table.title.clone().unwrap_or_else(|| app.id.clone());
            let rto = table.rto.map(|span| span.0);
            topology.apps.push(App { id: app.id.clone(), title, rto });
            AppIx::new(topology.apps.len() - 1)
        });
        let at = At { what: "an app", byte: app.id_span.start };
        names.apps.declare(&app.id, item, at);
        names.endpoints.declare(&app.id, item.map(Endpoint::App), at);
    }
    let mut taken = Taken::default();
    let mut in_vnet: HashMap<VnetIx, usize> = HashMap::new();
    let mut machines = Vec::with_capacity(declared.vms.len());
    for item in &declared.vms {
        let first = topology.vms.len();
        let placed = item
            .table
            .as_ref()
            .and_then(|table| place(item, table, topology, names, &mut in_vnet, &mut taken, sink).map(|()| table));
        match placed {
            Some(table) => machines.push(Machines { item, table, vms: first..topology.vms.len() }),
            // A broken table with a count stands for names nobody can know.
            None => {
                declare(&item.id, &item.id_span, None, names, sink);
                if let Some(table) = &item.table {
                    cards::check_names(table, names, sink);
                }
            }
        }
    }
    cards::place_static(&machines, topology, names, &mut taken, sink);
    place_dynamic(&machines, topology, &mut taken, sink);
    cards::place_dynamic(&machines, topology, &mut taken, sink);
    machines
}

/// Gives a VM its name in the space it shares with apps and sites.
fn declare(id: &str, span: &Range<usize>, vm: Option<VmIx>, names: &mut Names, sink: &mut Sink) {
    let at = At { what: "a VM", byte: span.start };
    let vm_of_the_name = names.vms.declare(id, vm, at);
    let other = names.endpoints.declare(id, vm.map(Endpoint::Vm), at);
    if let Some(other) = vm_of_the_name.or(other) {
        name_taken(id, span, other, "apps, VMs and sites", sink);
    }
}

/// Addresses that are given out: who has one, and how far the search for the lowest free one has come.
#[derive(Default)]
pub(super) struct Taken {
    by: HashMap<(SubnetIx, Ipv4Addr), usize>,
    /// What holds an address that is not a VM's first NIC.
    titles: HashMap<(SubnetIx, Ipv4Addr), String>,
    searched: HashMap<SubnetIx, u32>,
}

impl Taken {
    /// Gives an address to a VM by its number.
    pub fn seat(&mut self, subnet: SubnetIx, ip: Ipv4Addr, vm: usize) {
        self.by.insert((subnet, ip), vm);
    }

    /// Says what of its VM holds an address, where that is not the first NIC.
    pub fn name(&mut self, subnet: SubnetIx, ip: Ipv4Addr, title: String) {
        self.titles.insert((subnet, ip), title);
    }

    /// Who holds an address.
    pub fn holder(&self, subnet: SubnetIx, ip: Ipv4Addr, topology: &Topology) -> Option<String> {
        let vm = self.by.get(&(subnet, ip))?;
        let title = self.titles.get(&(subnet, ip)).cloned();
        Some(title.unwrap_or_else(|| format!("`{}`", topology.vms[*vm].id)))
    }

    /// The lowest free address; what was passed is taken for good, so the search goes on where it ended.
    pub fn lowest_free(&mut self, subnet: SubnetIx, prefix: &ipnet::Ipv4Net) -> Option<Ipv4Addr> {
        let range = assignable_range(prefix)?;
        let next = self.searched.entry(subnet).or_insert(range.0.into());
        while *next <= u32::from(range.1) {
            let candidate = Ipv4Addr::from(*next);
            *next += 1;
            if !self.by.contains_key(&(subnet, candidate)) {
                return Some(candidate);
            }
        }
        None
    }
}

/// Checks one VM table and appends its VMs; nothing if it is broken.
fn place(
    item: &Item<format::Vm>,
    table: &format::Vm,
    topology: &mut Topology,
    names: &mut Names,
    in_vnet: &mut HashMap<VnetIx, usize>,
    taken: &mut Taken,
    sink: &mut Sink,
) -> Option<()> {
    let at = [item.id.as_str()];
    let app = table.app.as_ref().map(|app| names.apps.resolve(&app.value, &app.span, "app", sink));
    let path = &table.subnet.value.0;
    let subnet = names.subnet(&path.vnet, &path.subnet, &table.subnet.span, sink)?;
    let home = &topology.subnets[subnet.at()];
    let vnet = &topology.vnets[home.vnet.at()];
    if !home.hosts_vms() {
        let message =
            format!("no VM can live in the {GATEWAY_SUBNET} of {}; it is for gateways alone (B28)", vnet.title);
        sink.error(FindingCode::InvalidSubnet, &table.subnet.span, message, &at);
        return None;
    }
    let count = table.count.as_ref().map_or(1, |count| count.value) as usize;
    if let Some(declared) = &table.count {
        let limits =
            [(ADDRESSES_PER_VNET, "a VNet (A9)"), (MOST_VMS - topology.vms.len().min(MOST_VMS), "this topology")];
        let problem = match limits.iter().find(|(most, _)| count > *most) {
            _ if count == 0 => Some("`count` is at least 1".to_owned()),
            Some((most, of)) => Some(format!("{count} VMs are too many: there is room for {most} in {of}")),
            None => None,
        };
        if let Some(message) = problem {
            sink.error(FindingCode::InvalidValue, &declared.span, message, &at);
            return None;
        }
    }
    let (subnet_title, prefix) = (home.title.clone(), home.prefix);
    let room = in_vnet.entry(home.vnet).or_default();
    *room += count;
    if *room > ADDRESSES_PER_VNET && *room - count <= ADDRESSES_PER_VNET {
        let message =
            format!("{} holds more than {ADDRESSES_PER_VNET} private addresses, Azure's limit (A9)", vnet.title);
        sink.error(FindingCode::InvalidValue, &table.subnet.span, message, &at);
        return None;
    }
    let start = table.ip.as_ref().and_then(|ip| ip.value.0.map(|start| (start, &ip.span)));
    for offset in 0..count {
        let number = topology.vms.len();
        let id = match table.count {
            Some(_) => format!("{}-{}", item.id, offset + 1),
            None => item.id.clone(),
        };
        let mut address = Ipv4Addr::UNSPECIFIED;
        if let Some((start, span)) = start {
            let wanted = u32::try_from(offset).ok().and_then(|offset| u32::from(start).checked_add(offset));
            let problem = match wanted.map(Ipv4Addr::from) {
                Some(ip) if !prefix.contains(&ip) => Some(format!("{ip} lies outside {subnet_title}, {prefix}")),
                Some(ip) => match (reserved(&prefix, ip), taken.holder(subnet, ip, topology)) {
                    (Some(purpose), _) => Some(format!("{ip} is reserved in {prefix}: it is {purpose} (A1)")),
                    (None, Some(other)) => Some(format!("{ip} is taken by {other}")),
                    (None, None) => {
                        address = ip;
                        taken.seat(subnet, ip, number);
                        None
                    }
                },
                None => Some(format!("{count} addresses from {start} on leave {prefix}")),
            };
            if let Some(problem) = problem {
                let of = if table.count.is_some() { format!(" (for `{id}`)") } else { String::new() };
                sink.error(FindingCode::InvalidAddress, span, format!("{problem}{of}"), &[&id]);
                declare(&id, &item.id_span, None, names, sink);
                return Some(());
            }
        }
        declare(&id, &item.id_span, Some(VmIx::new(number)), names, sink);
        let allocation = if start.is_some() { Allocation::Static } else { Allocation::Dynamic };
        topology.vms.push(Vm { app: app.flatten(), ..Vm::new(id, subnet, address, allocation) });
    }
    Some(())
}

/// Gives dynamic VMs the lowest free address each, in file order, once all static ones have theirs.
fn place_dynamic(machines: &[Machines<'_>], topology: &mut Topology, taken: &mut Taken, sink: &mut Sink) {
    for machine in machines {
        for number in machine.vms.clone() {
            let vm = &topology.vms[number];
            if vm.allocation == Allocation::Static {
                break;
            }
            let subnet = &topology.subnets[vm.subnet.at()];
            match taken.lowest_free(vm.subnet, &subnet.prefix) {
                Some(ip) => {
                    taken.seat(vm.subnet, ip, number);
                    topology.vms[number].ip = ip;
                }
                None => {
                    let (prefix, room) = (subnet.prefix, capacity(&subnet.prefix));
                    let message =
                        format!("no address is left for `{}` in {}: {prefix} has {room}", vm.id, subnet.title);
                    sink.error(FindingCode::InvalidAddress, &machine.table.subnet.span, message, &[&vm.id]);
                    break;
                }
            }
        }
    }
}
