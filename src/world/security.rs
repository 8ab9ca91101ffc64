//! Security groups of subnets, and the rule that a drill puts in the way (B28, C13, C16).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::targets::replicated;
use super::{Change, Destinations, Done, Refusal, RefusalCode, Subject, World};
use crate::topology::command::SubnetName;
use crate::topology::routing::on_gateway_subnet;
use crate::topology::{Command, Inject, SecurityGroupIx, SubnetIx, VmIx, VnetIx};

/// The groups of first NICs, by VM and the network in which the NIC has it. Site Recovery makes new NICs, so a group counts
/// only where somebody gave it: in the file, as a setting of the item, or in a runbook (A15, C17).
pub type NicGroups = BTreeMap<(VmIx, VnetIx), SecurityGroupIx>;

impl World {
    /// What filters the traffic of a subnet, in the words of a change: its group, and the rule of a drill.
    pub fn security_words(&self, subnet: SubnetIx) -> Option<String> {
        let group = self.subnet(subnet).security_group.map(|group| &self.topology.security_groups[group.at()].id);
        let blocked = self.blocked.contains(&subnet).then_some("blocked");
        let words: Vec<&str> = group.map(String::as_str).into_iter().chain(blocked).collect();
        (!words.is_empty()).then(|| words.join(", "))
    }

    /// The groups of first NICs.
    pub fn nic_groups(&self) -> &Arc<NicGroups> {
        &self.nic_groups
    }

    /// The groups a VM's first NIC has, in the words of a change: one for each network in which it has any.
    pub fn nic_group_words(&self, vm: VmIx) -> Option<String> {
        let own = self.nic_groups.range((vm, VnetIx::new(0))..).take_while(|((other, _), _)| *other == vm);
        let words = own.map(|((_, vnet), group)| {
            format!("{} in {}", self.topology.security_groups[group.at()].id, self.vnet(*vnet).id)
        });
        let words: Vec<String> = words.collect();
        (!words.is_empty()).then(|| words.join(", "))
    }
}

/// `set-nsg vm M ID|none [in V]`: the group of a first NIC where it is, or, as a setting of the replicated item, where it
/// goes (A16, C17).
pub(super) fn set_nic_group(world: &World, vm: &str, group: Option<&str>, vnet: Option<&str>) -> Result<Done, Refusal> {
    let vm = world.vm_named(vm)?;
    let group = group.map(|id| world.security_group_named(id)).transpose()?;
    let here = world.vnet_of(vm);
    let vnet = vnet.map(|id| world.vnet_named(id)).transpose()?.unwrap_or(here);
    if vnet == here {
        world.region_answers(here)?;
    } else {
        replicated(world, vm)?;
        let goal = Destinations::of(world).of_vm(vm).map(|goal| world.subnet(goal.subnet).vnet);
        if goal != Some(vnet) {
            let (id, title) = (world.vm_id(vm), &world.vnet(vnet).title);
            let message = match goal {
                Some(goal) => format!("{id} goes to {}, not to {title}", world.vnet(goal).title),
                None => format!("{id} has no failover network, so it does not go to {title}"),
            };
            return Err(Refusal::new(RefusalCode::NoFailoverNetwork, "A12, C17", message));
        }
    }
    if world.nic_groups.get(&(vm, vnet)).copied() == group {
        let has =
            group.map_or("no security group".to_owned(), |group| world.topology.security_groups[group.at()].id.clone());
        let message = format!("the NIC of {} has {has} in {} already", world.vm_id(vm), world.vnet(vnet).title);
        return Err(Refusal::new(RefusalCode::NoChange, "C16", message));
    }
    let mut next = world.clone();
    let groups = Arc::make_mut(&mut next.nic_groups);
    match group {
        Some(group) => groups.insert((vm, vnet), group),
        None => groups.remove(&(vm, vnet)),
    };
    let change = Change::new(Subject::NicGroup(vm), world.nic_group_words(vm), next.nic_group_words(vm));
    Ok(Done::instantly(next, vec![change]))
}

/// `set-nsg V/S ID|none` (C13, B28)
pub(super) fn set_group(world: &World, subnet: &SubnetName, group: Option<&str>) -> Result<Done, Refusal> {
    let place = world.subnet_named(subnet)?;
    let group = group.map(|id| world.security_group_named(id)).transpose()?;
    if world.subnet(place).security_group == group {
        let has =
            group.map_or("no security group".to_owned(), |group| world.topology.security_groups[group.at()].id.clone());
        return Err(Refusal::new(RefusalCode::NoChange, "C16", format!("{subnet} has {has} already")));
    }
    world.region_answers(world.subnet(place).vnet)?;
    if let Some(why) = on_gateway_subnet(world.subnet(place), None, group) {
        let message = format!("the GatewaySubnet of {} {why}", world.vnet(world.subnet(place).vnet).title);
        return Err(Refusal::new(RefusalCode::NotOnGatewaySubnet, "B28", message));
    }
    let mut next = world.clone();
    Arc::make_mut(&mut next.subnets)[place.at()].security_group = group;
    Ok(changed(world, next, place))
}

/// `block V/S`: a rule before all others drops what comes into the subnet.
pub(super) fn block(world: &World, subnet: &SubnetName) -> Result<Done, Refusal> {
    let place = world.subnet_named(subnet)?;
    if !world.subnet(place).hosts_vms() {
        let message = format!("{subnet} takes no security rule (B28)");
        return Err(Refusal::new(RefusalCode::NotOnGatewaySubnet, "B28", message));
    }
    if world.blocked.contains(&place) {
        let message = format!("a rule drops everything that comes into {subnet} already");
        return Err(Refusal::new(RefusalCode::NoChange, "C13", message));
    }
    Ok(with_blocked(world, place, |blocked| {
        blocked.insert(place);
    }))
}

/// `unblock V/S`: that rule is gone.
pub(super) fn unblock(world: &World, subnet: &SubnetName) -> Result<Done, Refusal> {
    let place = world.subnet_named(subnet)?;
    if !world.blocked.contains(&place) {
        let message = format!("no rule of a drill drops what comes into {subnet}");
        let block = Command::Inject(Inject::Block(subnet.clone()));
        return Err(Refusal::new(RefusalCode::NoChange, "C13", message).mended_by(block));
    }
    Ok(with_blocked(world, place, |blocked| {
        blocked.remove(&place);
    }))
}

fn with_blocked(world: &World, place: SubnetIx, change: impl FnOnce(&mut BTreeSet<SubnetIx>)) -> Done {
    let mut next = world.clone();
    change(Arc::make_mut(&mut next.blocked));
    changed(world, next, place)
}

fn changed(world: &World, next: World, place: SubnetIx) -> Done {
    let (from, to) = (world.security_words(place), next.security_words(place));
    Done::instantly(next, vec![Change::new(Subject::SecurityGroup(place), from, to)])
}
