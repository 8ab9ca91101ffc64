//! Networks that come to be while somebody watches (A2, A3, A12).

use std::sync::Arc;

use ipnet::Ipv4Net;

use super::{Change, Done, Refusal, RefusalCode, Subject, World};
use crate::topology::address::{assignable_range, overlap, refused_in_space};
use crate::topology::command::SubnetName;
use crate::topology::format::is_id;
use crate::topology::{Subnet, SubnetIx, Vnet, VnetIx};

/// `create-vnet V in R [PREFIX…] [recovers W]`
pub(super) fn vnet(
    world: &World,
    id: &str,
    region: &str,
    prefixes: &[Ipv4Net],
    recovers: Option<&str>,
) -> Result<Done, Refusal> {
    let region = world.region_named(region)?;
    let recovers = recovers.map(|id| world.vnet_named(id)).transpose()?;
    free_name(world, id)?;
    if !world.answers(region) {
        let code = if world.is_up(region) { RefusalCode::RegionDegraded } else { RefusalCode::RegionDown };
        let message = format!("{} does not answer, so nothing can be made there", world.region_title(region));
        return Err(Refusal::new(code, "D18", message));
    }
    if let Some(source) = recovers {
        recoverable(world, source, region)?;
    }
    let copied = recovers.map(|source| world.vnet(source).clone());
    let address_space = match (&copied, prefixes) {
        (Some(source), []) => source.address_space.clone(),
        _ => prefixes.to_vec(),
    };
    allowed_space(&address_space)?;
    let mut next = world.clone();
    let vnet = VnetIx::new(next.vnets.len());
    let subnets = Arc::make_mut(&mut next.subnets);
    let mut own = Vec::new();
    let fits = |subnet: &&Subnet| address_space.iter().any(|space| space.contains(&subnet.prefix));
    let copied = copied.iter().flat_map(|source| &source.subnets).map(|subnet| world.subnet(*subnet));
    for from in copied.filter(fits) {
        own.push(SubnetIx::new(subnets.len()));
        subnets.push(Subnet { title: from.title.clone(), ..Subnet::new(from.id.clone(), vnet, from.prefix) });
    }
    let title = id.to_owned();
    let made = Vnet { id: title.clone(), title, region, address_space, subnets: own, recovers, gateways: Vec::new() };
    Arc::make_mut(&mut next.vnets).push(made);
    next.declare_networks();
    Ok(Done::instantly(next, vec![Change::new(Subject::Vnet(vnet), None, Some(id.to_owned()))]))
}

/// VNets and sites share one space of names.
fn free_name(world: &World, id: &str) -> Result<(), Refusal> {
    if !is_id(id) {
        let message = format!("`{id}` is no id; ids are spelled with a-z, 0-9 and - between them");
        return Err(Refusal::new(RefusalCode::Syntax, "", message));
    }
    match world.node_named(id) {
        Ok(_) => Err(Refusal::new(RefusalCode::IdTaken, "", format!("there is a network called `{id}` already"))),
        Err(_) => Ok(()),
    }
}

/// A failover network lies in another region, and there is one in each (A12).
fn recoverable(world: &World, source: VnetIx, region: crate::topology::RegionIx) -> Result<(), Refusal> {
    let title = &world.vnet(source).title;
    if world.vnet(source).region == region {
        let message =
            format!("{title} lies in {} itself; its failover network is elsewhere", world.region_title(region));
        return Err(Refusal::new(RefusalCode::NoFailoverNetwork, "A12", message));
    }
    match world.twins_of(source).find(|twin| world.vnet(*twin).region == region) {
        Some(twin) => {
            let message = format!("{} is the failover network of {title} there already", world.vnet(twin).title);
            Err(Refusal::new(RefusalCode::AlreadyProtected, "A12", message))
        }
        None => Ok(()),
    }
}

fn allowed_space(space: &[Ipv4Net]) -> Result<(), Refusal> {
    let refuse = |message: String| Err(Refusal::new(RefusalCode::Overlap, "A3", message));
    if space.is_empty() {
        let message = "a VNet needs an address space; name a prefix, or the VNet it recovers".to_owned();
        return Err(Refusal::new(RefusalCode::Syntax, "A3", message));
    }
    for (at, prefix) in space.iter().enumerate() {
        if let Some(why) = refused_in_space(prefix) {
            return refuse(format!("Azure takes no VNet with {prefix}: {why}"));
        }
        if let Some(other) = space[..at].iter().find(|other| overlap(prefix, other)) {
            return refuse(format!("{prefix} and {other} overlap"));
        }
    }
    Ok(())
}

/// `create-subnet V/S PREFIX`
pub(super) fn subnet(world: &World, name: &SubnetName, prefix: Ipv4Net) -> Result<Done, Refusal> {
    let vnet = world.vnet_named(&name.vnet)?;
    let here = world.vnet(vnet);
    world.region_answers(vnet)?;
    if !is_id(&name.subnet) && name.subnet != "GatewaySubnet" {
        let message = format!("`{}` is no id; ids are spelled with a-z, 0-9 and - between them", name.subnet);
        return Err(Refusal::new(RefusalCode::Syntax, "", message));
    }
    if world.subnet_in(vnet, &name.subnet).is_ok() {
        return Err(Refusal::new(
            RefusalCode::IdTaken,
            "",
            format!("{} has a subnet {} already", here.title, name.subnet),
        ));
    }
    if !here.address_space.iter().any(|space| space.contains(&prefix)) {
        let space: Vec<String> = here.address_space.iter().map(ToString::to_string).collect();
        let message = format!("{prefix} lies outside {}, which has {}", here.title, space.join(", "));
        return Err(Refusal::new(RefusalCode::AddressOutsideSubnet, "A2", message));
    }
    if assignable_range(&prefix).is_none() {
        let message = format!("Azure makes no subnet as small as {prefix}; the smallest is a /29");
        return Err(Refusal::new(RefusalCode::Limit, "A2", message));
    }
    if let Some(other) = here.subnets.iter().find(|other| overlap(&prefix, &world.subnet(**other).prefix)) {
        let message = format!("{prefix} overlaps {} ({})", world.subnet_name(*other), world.subnet(*other).prefix);
        return Err(Refusal::new(RefusalCode::Overlap, "A2", message));
    }
    let mut next = world.clone();
    let at = SubnetIx::new(next.subnets.len());
    Arc::make_mut(&mut next.subnets).push(Subnet::new(name.subnet.clone(), vnet, prefix));
    Arc::make_mut(&mut next.vnets)[vnet.at()].subnets.push(at);
    next.declare_networks();
    Ok(Done::instantly(next, vec![Change::new(Subject::Subnet(at), None, Some(name.subnet.clone()))]))
}
