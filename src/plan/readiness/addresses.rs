//! Where the machines would land and which addresses they would get (A7, A8, A13, A19, A23, A26, A27).

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::Outlook;
use crate::topology::address::assignable_range;
use crate::topology::command::{SubnetName, TargetSubnet};
use crate::topology::{Allocation, Command, Finding, FindingCode, Position, Severity, SubnetIx, VmIx};
use crate::world::{AddressRule, Assigned, World, apply};

/// Machines that share their fate: the table of the file they come from, or their subnet.
type Together<'o> = Vec<(VmIx, &'o Assigned)>;

/// Everything about the addresses of one region.
pub(super) fn findings(world: &World, outlook: &Outlook) -> Vec<Finding> {
    let mut found = Vec::new();
    let moving: Together<'_> =
        outlook.addresses.iter().filter_map(|(vm, to)| to.as_ref().ok().map(|to| (*vm, to))).collect();
    for (vm, stranded) in outlook.addresses.iter().filter_map(|(vm, to)| to.as_ref().err().map(|why| (*vm, why))) {
        let change = match stranded.finding(world, vm).code {
            FindingCode::SubnetFull => "give the subnet a shorter prefix, or the machine a `target` in another subnet",
            FindingCode::NoFailoverNetwork => "add a VNet with `recovers`, or give the machine a `target`",
            _ => "give the machine another `target`",
        };
        let consequence = "it stays where it is when the others fail over";
        let finding = stranded.finding(world, vm).because("A27, A.7-11", consequence).changed_by(change);
        found.push(finding.placed(world.topology().place_of_vm(vm)));
    }
    found.extend(misnamed(world, &moving));
    found.extend(other_range(world, &moving));
    found.extend(moving.iter().filter_map(|(vm, to)| taken(world, outlook, *vm, to)));
    found.extend(dynamic(world, &moving));
    found.extend(unverified(world, outlook, &moving));
    found
}

fn by_subnets<'o>(moving: &[(VmIx, &'o Assigned)]) -> BTreeMap<(SubnetIx, SubnetIx), Together<'o>> {
    let mut groups: BTreeMap<_, Together<'_>> = BTreeMap::new();
    for (vm, to) in moving {
        groups.entry((to.from.subnet, to.to.subnet)).or_default().push((*vm, to));
    }
    groups
}

/// The failover network has no subnet of the name (A13, INV-5).
fn misnamed(world: &World, moving: &[(VmIx, &Assigned)]) -> Vec<Finding> {
    let astray: Together<'_> = moving.iter().filter(|(_, to)| to.rule == AddressRule::Row(12)).copied().collect();
    let about = |((home, goal), vms): ((SubnetIx, SubnetIx), Together<'_>)| {
        let (source, target) = (world.subnet(home), world.subnet(goal));
        let network = world.vnet(target.vnet);
        let message = format!(
            "{} has no subnet called `{}`: VMs of that subnet of {} go to `{}`, the alphabetically first (A13)",
            network.title,
            source.id,
            world.vnet(source.vnet).title,
            target.id
        );
        let lost = vms.iter().filter(|(_, to)| !to.retained).count();
        let consequence = match lost {
            0 => format!("{} in the wrong subnet, with the route table and security group of that one", land(&vms)),
            _ => format!("{} in the wrong subnet, and {lost} of {} with another address", land(&vms), vms.len()),
        };
        let at = vec![network.id.clone(), source.id.clone()];
        let change = format!("name a subnet `{}` in [vnet.{}.subnets], {}", source.id, network.id, source.prefix);
        let mut finding = Finding::new(Severity::Warning, FindingCode::SubnetNameMismatch, message, at)
            .because("A13, INV-5", consequence)
            .changed_by(change)
            .placed(world.topology().place_of_node(crate::topology::Node::Vnet(target.vnet)));
        // A subnet of another name whose range holds every address is what was meant.
        let fits = |subnet: &&SubnetIx| {
            let subnet = world.subnet(**subnet);
            subnet.hosts_vms() && vms.iter().all(|(_, to)| subnet.prefix.contains(&to.from.ip))
        };
        if let Some(meant) = network.subnets.iter().find(fits) {
            let subnet = TargetSubnet::InFailoverNetwork(world.subnet(*meant).id.clone());
            let own = |vm: &VmIx| world.vm(*vm).target.ip;
            let set = |(vm, _): &(VmIx, &Assigned)| {
                let vm_id = world.vm_id(*vm).to_owned();
                Command::SetTarget { vm: vm_id, subnet: Some(subnet.clone()), ip: own(vm) }
            };
            finding.mend = all_accepted(world, vms.iter().map(set));
        }
        finding
    };
    by_subnets(&astray).into_iter().map(about).collect()
}

/// The commands where the world takes every one of them, else none: half of them would not mend it.
fn all_accepted(world: &World, commands: impl Iterator<Item = Command>) -> Vec<Command> {
    let commands: Vec<Command> = commands.collect();
    if commands.iter().all(|command| apply(world, command).is_ok()) { commands } else { Vec::new() }
}

fn land(vms: &[(VmIx, &Assigned)]) -> String {
    if vms.len() == 1 { "1 machine starts".to_owned() } else { format!("{} machines start", vms.len()) }
}

/// A subnet of the right name whose range does not hold the addresses (A19; rows 6, 9 and 10 of table A.7).
fn other_range(world: &World, moving: &[(VmIx, &Assigned)]) -> Vec<Finding> {
    let lost = |(vm, to): &&(VmIx, &Assigned)| {
        matches!(to.rule, AddressRule::Row(6 | 9 | 10)) && world.vm(*vm).target.subnet.is_none()
    };
    let lost: Together<'_> = moving.iter().filter(lost).copied().collect();
    let about = |((home, goal), vms): ((SubnetIx, SubnetIx), Together<'_>)| {
        let (source, target) = (world.subnet(home), world.subnet(goal));
        let (from, network) = (world.vnet(source.vnet), world.vnet(target.vnet));
        let message = format!(
            "VMs of `{}` of {}, {}, go to `{}` of {}, {}: addresses outside that range are not kept (A19)",
            source.id, from.title, source.prefix, target.id, network.title, target.prefix
        );
        let names: Vec<String> = vms
            .iter()
            .take(3)
            .map(|(vm, to)| format!("{} {} instead of {}", world.vm_id(*vm), to.to.ip, to.from.ip))
            .collect();
        let more = vms.len().saturating_sub(names.len());
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let change = format!("give `{}` of [vnet.{}.subnets] the range {}", target.id, network.id, source.prefix);
        Finding::new(Severity::Warning, FindingCode::AddressLost, message, vec![from.id.clone(), network.id.clone()])
            .because("A19, INV-5", format!("other addresses: {}{more}", names.join(", ")))
            .changed_by(change)
            .placed(world.topology().place_of_subnet(goal))
    };
    by_subnets(&lost).into_iter().map(about).collect()
}

/// Someone has the address a machine wants (A7, A26; rows 2, 5 and 8 of table A.7).
fn taken(world: &World, outlook: &Outlook, vm: VmIx, to: &Assigned) -> Option<Finding> {
    if !matches!(to.within, AddressRule::Row(2 | 5 | 8)) {
        return None;
    }
    let (id, explicit) = (world.vm_id(vm), world.vm(vm).target.ip);
    let wanted = explicit.unwrap_or(to.from.ip);
    let network = world.vnet(world.subnet(to.to.subnet).vnet);
    let place = world.subnet_name(to.to.subnet);
    let holder = holder(world, to.to.subnet, wanted);
    let rival = rival(outlook, vm, to.to.subnet, wanted);
    let who = match (&holder, rival) {
        (Some(Holder::Vm(other)), _) => format!("`{}` has it there", world.vm_id(*other)),
        (Some(Holder::Copy(other)), _) => format!("the test copy of `{}` has it there (A35)", world.vm_id(*other)),
        (Some(Holder::SomeoneElse), _) => "someone else took it there".to_owned(),
        (None, Some(other)) => format!("`{}` gets it first", world.vm_id(other)),
        (None, None) => "it is taken there".to_owned(),
    };
    let message = match explicit {
        Some(_) => format!("`{id}` shall get {wanted} in {}, but {who}: it will get {} (A26)", network.title, to.to.ip),
        None => {
            format!("`{id}` cannot keep {wanted} in {}: {who}, so it will get {} (A7, A19)", network.title, to.to.ip)
        }
    };
    let mut at = vec![id.to_owned()];
    let mut finding = Finding::new(Severity::Warning, FindingCode::AddressTaken, message, Vec::new());
    // Freeing it helps only where no other machine of this failover wants it too.
    match holder.filter(|_| claimants(world, outlook, to.to.subnet, wanted) == 1) {
        Some(Holder::SomeoneElse) => {
            let subnet = subnet_path(world, to.to.subnet);
            finding.mend.push(Command::Release { subnet, ip: wanted });
        }
        Some(Holder::Copy(other)) => {
            let scope = crate::topology::Scope::Vm(world.vm_id(other).to_owned());
            finding.mend.extend(Some(Command::CleanUp(scope)).filter(|command| apply(world, command).is_ok()));
        }
        Some(Holder::Vm(other)) => {
            at.push(world.vm_id(other).to_owned());
            let ip = spare(world, outlook, to.to.subnet);
            let moved = ip.map(|ip| Command::SetIp { vm: world.vm_id(other).to_owned(), ip: Some(ip) });
            finding.mend.extend(moved.filter(|command| apply(world, command).is_ok()));
        }
        None => {}
    }
    finding.at = at;
    let finding = finding
        .because("A7, A26, INV-4", format!("{id} runs on {} in {place}; whoever knows {wanted} does not find it, and a guest with it written inside is cut off (A8)", to.to.ip))
        .placed(world.topology().place_of_vm(vm));
    Some(match finding.mend.is_empty() {
        true => finding.changed_by(format!("free {wanted} in {place}, or give `{id}` another `target`")),
        false => finding,
    })
}

enum Holder {
    Vm(VmIx),
    /// The test copy of a machine (A35).
    Copy(VmIx),
    SomeoneElse,
}

fn holder(world: &World, subnet: SubnetIx, ip: Ipv4Addr) -> Option<Holder> {
    let left = world.leftovers().any(|(at, held, _)| (at, held) == (subnet, ip));
    if left || world.occupied().contains(&(subnet, ip)) {
        return Some(Holder::SomeoneElse);
    }
    let copy = world.test_copies().find(|(_, copy)| copy.at.subnet == subnet && copy.at.ip == ip);
    if let Some((vm, _)) = copy {
        return Some(Holder::Copy(vm));
    }
    let here = |place: crate::world::Place| place.subnet == subnet && place.ip == ip;
    let held = |state: &crate::world::VmState| here(state.at) || state.behind.is_some_and(|behind| here(behind.at));
    world.vms().find(|(_, state)| held(state)).map(|(vm, _)| Holder::Vm(vm))
}

/// How many machines of this failover want the address.
fn claimants(world: &World, outlook: &Outlook, subnet: SubnetIx, ip: Ipv4Addr) -> usize {
    let wants = |(vm, to): &&(VmIx, Result<Assigned, _>)| {
        let own = |to: &Assigned| to.to.subnet == subnet && world.vm(*vm).target.ip.unwrap_or(to.from.ip) == ip;
        to.as_ref().is_ok_and(own)
    };
    outlook.addresses.iter().filter(wants).count()
}

/// The machine of the same failover that gets the address.
fn rival(outlook: &Outlook, vm: VmIx, subnet: SubnetIx, ip: Ipv4Addr) -> Option<VmIx> {
    let gets = |(other, to): &&(VmIx, Result<Assigned, _>)| {
        *other != vm && to.as_ref().is_ok_and(|to| to.to.subnet == subnet && to.to.ip == ip)
    };
    outlook.addresses.iter().find(gets).map(|(other, _)| *other)
}

/// An address of a subnet that nobody has and nobody of this failover wants.
fn spare(world: &World, outlook: &Outlook, subnet: SubnetIx) -> Option<Ipv4Addr> {
    let (first, last) = assignable_range(&world.subnet(subnet).prefix)?;
    let wanted: std::collections::BTreeSet<Ipv4Addr> = outlook
        .addresses
        .iter()
        .filter_map(|(vm, to)| {
            let to = to.as_ref().ok().filter(|to| to.to.subnet == subnet)?;
            Some([to.to.ip, to.from.ip, world.vm(*vm).target.ip.unwrap_or(to.from.ip)])
        })
        .flatten()
        .collect();
    let free = |ip: &Ipv4Addr| !wanted.contains(ip) && holder(world, subnet, *ip).is_none();
    (u32::from(first)..=u32::from(last)).rev().map(Ipv4Addr::from).take(512).find(free)
}

fn subnet_path(world: &World, subnet: SubnetIx) -> SubnetName {
    let subnet = world.subnet(subnet);
    SubnetName { vnet: world.vnet(subnet.vnet).id.clone(), subnet: subnet.id.clone() }
}

/// Dynamic addresses that are kept by luck, or not kept under the policy (A23), table by table.
fn dynamic(world: &World, moving: &[(VmIx, &Assigned)]) -> Vec<Finding> {
    let mut tables: BTreeMap<(Option<Position>, Option<VmIx>), Together<'_>> = BTreeMap::new();
    let fragile = |(vm, to): &&(VmIx, &Assigned)| {
        let unset = world.vm(*vm).target.ip.is_none() && to.from.allocation == Allocation::Dynamic;
        unset && matches!(to.within, AddressRule::Row(7) | AddressRule::A23)
    };
    for (vm, to) in moving.iter().filter(fragile) {
        let place = world.topology().place_of_vm(*vm);
        let alone = place.is_none().then_some(*vm);
        tables.entry((place, alone)).or_default().push((*vm, to));
    }
    let about = |((place, _), vms): ((Option<Position>, Option<VmIx>), Together<'_>)| {
        let (first, to) = vms[0];
        let (severity, outcome) = match to.within {
            AddressRule::A23 => (Severity::Warning, "is not kept"),
            _ => (Severity::Note, "is kept only if nobody takes it first"),
        };
        let id = world.vm_id(first);
        let more = if vms.len() == 1 { String::new() } else { format!(" (and {} more like it)", vms.len() - 1) };
        let message = format!("the address of `{id}`{more} is dynamic and {outcome}; pin it to be sure (A23)");
        let pin = |(vm, to): &(VmIx, &Assigned)| Command::SetTarget {
            vm: world.vm_id(*vm).to_owned(),
            subnet: None,
            ip: Some(to.from.ip),
        };
        let mut finding = Finding::new(severity, FindingCode::DynamicAddress, message, vec![id.to_owned()])
            .because("A23", "documents disagree whether a dynamic address is kept; without a pin it may change")
            .changed_by(format!("write `ip = \"{}\"` in [vm.{id}]", to.from.ip))
            .placed(place);
        finding.mend = all_accepted(world, vms.iter().map(pin));
        finding
    };
    tables.into_iter().map(about).collect()
}

/// Targets nobody verified since something changed (A7; article, line 56).
fn unverified(world: &World, outlook: &Outlook, moving: &[(VmIx, &Assigned)]) -> Option<Finding> {
    let open = moving.iter().filter(|(vm, _)| !world.vm(*vm).verified).count();
    let region = &world.regions()[outlook.region.at()];
    let message = format!(
        "the target addresses of {open} of {} VMs of {} are not verified; `verify-targets` checks them against what is free",
        moving.len(),
        region.title
    );
    let verify = Command::VerifyTargets(outlook.scope.clone());
    (open > 0).then(|| {
        let finding = Finding::new(Severity::Note, FindingCode::NotVerified, message, vec![region.id.clone()])
            .because("A7", "an address can be taken at any time until the failover, and then another one is given");
        match apply(world, &verify) {
            Ok(_) => finding.mended_by(verify),
            Err(_) => finding,
        }
    })
}
