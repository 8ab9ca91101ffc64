//! What goes wrong around replication: machines nobody protects, full and renamed subnets, lag, and source machines that
//! come back or are deleted (`walkthroughs.md`, section 7).

use std::net::Ipv4Addr;
use std::sync::Arc;

use super::targets::grow_stale;
use super::{Behind, Change, Done, Place, Refusal, RefusalCode, Subject, VmState, World};
use crate::topology::address::assignable_range;
use crate::topology::command::SubnetName;
use crate::topology::limits::ADDRESSES_PER_VNET;
use crate::topology::{Allocation, GATEWAY_SUBNET, SubnetIx, Vm, VmIx};

/// `add-vm VM V/S`: a machine with the lowest free address, dynamic, in no app and not protected.
pub(super) fn add_vm(world: &World, id: &str, subnet: &SubnetName) -> Result<Done, Refusal> {
    let subnet = world.subnet_named(subnet)?;
    world.region_answers(world.subnet(subnet).vnet)?;
    let topology = world.topology();
    let taken = world.vm_named(id).is_ok() || world.app_named(id).is_ok() || world.site_named(id).is_ok();
    if taken {
        let message = format!("`{id}` is the name of something else; apps, VMs and sites share one space of names");
        return Err(Refusal::new(RefusalCode::IdTaken, "", message));
    }
    if !world.subnet(subnet).hosts_vms() {
        let message = format!("no VM can live in the {GATEWAY_SUBNET}; it is for gateways alone");
        return Err(Refusal::new(RefusalCode::AddressOutsideSubnet, "B28", message));
    }
    let Some(ip) = world.free_addresses(subnet).next() else { return Err(full(world, subnet)) };
    let vm = VmIx::new(topology.vms.len());
    let declared = Vm::new(id, subnet, ip, Allocation::Dynamic);
    let mut next = world.clone();
    let state = VmState::declared(&declared);
    next.vms.push_back(state);
    Arc::make_mut(&mut next.topology).vms.push(declared);
    grow_stale(&mut next, [subnet]);
    let to = Place { subnet, ip, allocation: Allocation::Dynamic };
    let change = Change { subject: Subject::Vm(vm), from: None, to: Some(super::Value::Place(to)) };
    Ok(Done::instantly(next, vec![change]))
}

fn full(world: &World, subnet: SubnetIx) -> Refusal {
    let message = format!("{} has no free address", world.subnet_name(subnet));
    Refusal::new(RefusalCode::SubnetFull, "A27", message)
}

/// `fill-subnet V/S`: others take every free address (A27).
pub(super) fn fill_subnet(world: &World, subnet: &SubnetName) -> Result<Done, Refusal> {
    let subnet = world.subnet_named(subnet)?;
    if !world.subnet(subnet).hosts_vms() {
        let message = format!("no VM can live in the {GATEWAY_SUBNET}; it is for gateways alone");
        return Err(Refusal::new(RefusalCode::AddressOutsideSubnet, "B28", message));
    }
    let free: Vec<_> = world.free_addresses(subnet).take(ADDRESSES_PER_VNET + 1).collect();
    if free.is_empty() {
        return Err(full(world, subnet));
    }
    if free.len() > ADDRESSES_PER_VNET {
        let message = format!("a VNet holds {ADDRESSES_PER_VNET} private addresses, too few to fill this subnet");
        return Err(Refusal::new(RefusalCode::Limit, "A9", message));
    }
    let mut next = world.clone();
    Arc::make_mut(&mut next.occupied).extend(free.iter().map(|ip| (subnet, *ip)));
    grow_stale(&mut next, [subnet]);
    let changes = free.into_iter().map(|ip| Change::new(Subject::Address(subnet, ip), None, Some(ip.to_string())));
    Ok(Done::instantly(next, changes.collect()))
}

/// `rename-subnet V/S NAME`: matching is by name, so machines may go elsewhere from now on (A13).
pub(super) fn rename_subnet(world: &World, subnet: &SubnetName, name: &str) -> Result<Done, Refusal> {
    let subnet = world.subnet_named(subnet)?;
    let here = world.subnet(subnet);
    let siblings = &world.vnet(here.vnet).subnets;
    let kebab = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !here.hosts_vms() || !kebab {
        let message = match here.hosts_vms() {
            true => format!("`{name}` is no name for a subnet; names are written in a-z, 0-9 and -"),
            false => format!("the {GATEWAY_SUBNET} keeps its name, or it is none"),
        };
        return Err(Refusal::new(RefusalCode::Syntax, "B28", message));
    }
    if siblings.iter().any(|sibling| world.subnet(*sibling).id == name) {
        let message = format!("{} has a subnet called `{name}` already", world.vnet(here.vnet).title);
        return Err(Refusal::new(RefusalCode::IdTaken, "", message));
    }
    let old = here.id.clone();
    let mut next = world.clone();
    let renamed = &mut Arc::make_mut(&mut next.subnets)[subnet.at()];
    // A title of its own stays: what people call a subnet is not its name in Azure.
    if renamed.title == renamed.id {
        renamed.title = name.to_owned();
    }
    renamed.id = name.to_owned();
    for state in next.vms.iter_mut().filter(|state| state.verified) {
        state.verified = false;
    }
    let change = Change::new(Subject::Subnet(subnet), Some(old), Some(name.to_owned()));
    Ok(Done::instantly(next, vec![change]))
}

/// `lag APP MINUTES`: replication falls behind, or with 0 catches up (D4, D7).
pub(super) fn lag(world: &World, app: &str, minutes: u32) -> Result<Done, Refusal> {
    let app = world.app_named(app)?;
    let mut next = world.clone();
    let lags = Arc::make_mut(&mut next.lags);
    let old = if minutes == 0 { lags.remove(&app) } else { lags.insert(app, minutes) };
    let words = |minutes: u32| (minutes > 0).then(|| format!("{minutes} min"));
    let change = Change::new(Subject::Lag(app), old.and_then(words), words(minutes));
    Ok(Done::instantly(next, vec![change]))
}

/// `return-source V`: the machines that failovers left in a VNet start again (B58.5, D8).
pub(super) fn return_source(world: &World, vnet: &str) -> Result<Done, Refusal> {
    let vnet = world.vnet_named(vnet)?;
    world.region_up(vnet)?;
    let stopped = |state: &VmState| {
        state.behind.is_some_and(|behind| behind.shut_down && world.subnet(behind.at.subnet).vnet == vnet)
    };
    let vms: Vec<VmIx> = world.vms().filter(|(_, state)| stopped(state)).map(|(vm, _)| vm).collect();
    if vms.is_empty() {
        let message = format!("no stopped machine of a failover is left in {}", world.vnet(vnet).title);
        return Err(Refusal::new(RefusalCode::NotFailedOver, "D8", message));
    }
    let mut next = world.clone();
    let mut changes = Vec::with_capacity(vms.len());
    for vm in vms {
        if let Some(behind) = &mut next.vms[vm.at()].behind {
            behind.shut_down = false;
            let (from, to) = (Some("stopped".to_owned()), Some("running".to_owned()));
            changes.push(Change::new(Subject::Source(vm), from, to));
        }
    }
    Ok(Done::instantly(next, changes))
}

/// `delete-source VM`: somebody deletes what a failover left behind, before re-protect does (A40).
pub(super) fn delete_source(world: &World, vm: &str) -> Result<Done, Refusal> {
    let vm = world.vm_named(vm)?;
    let Some(Behind { at, .. }) = world.vm(vm).behind else {
        let message = format!("{} left no other machine behind", world.vm_id(vm));
        return Err(Refusal::new(RefusalCode::NotFailedOver, "A40", message));
    };
    world.region_answers(world.subnet(at.subnet).vnet)?;
    let mut next = world.clone();
    next.vms[vm.at()].behind = None;
    next.drop_cards_behind(&[vm]);
    grow_stale(&mut next, [at.subnet]);
    let change = Change::new(Subject::Source(vm), Some(world.place_words(at)), None);
    Ok(Done::instantly(next, vec![change]))
}

impl World {
    /// The free addresses of a subnet, the lowest first.
    pub fn free_addresses(&self, subnet: SubnetIx) -> impl Iterator<Item = Ipv4Addr> {
        let pool = super::pool::Pool::of(self, &[subnet].into_iter().collect(), 0);
        let range = assignable_range(&self.subnet(subnet).prefix);
        let all = range.into_iter().flat_map(|(first, last)| u32::from(first)..=u32::from(last));
        all.map(Ipv4Addr::from).filter(move |ip| pool.free(subnet, *ip))
    }
}
