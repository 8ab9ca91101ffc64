//! Security groups of subnets, and the rule that a drill puts in the way (B28, C13, C16).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Change, Done, Refusal, RefusalCode, Subject, World};
use crate::topology::command::SubnetName;
use crate::topology::routing::on_gateway_subnet;
use crate::topology::{Command, Inject, SubnetIx};

impl World {
    /// What filters the traffic of a subnet, in the words of a change: its group, and the rule of a drill.
    pub fn security_words(&self, subnet: SubnetIx) -> Option<String> {
        let group = self.subnet(subnet).security_group.map(|group| &self.topology.security_groups[group.at()].id);
        let blocked = self.blocked.contains(&subnet).then_some("blocked");
        let words: Vec<&str> = group.map(String::as_str).into_iter().chain(blocked).collect();
        (!words.is_empty()).then(|| words.join(", "))
    }
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
