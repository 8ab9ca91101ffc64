//! Where the machines would land and which addresses they would get (A7, A8, A13, A19, A23, A26, A27).

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::Outlook;
use crate::topology::address::assignable_range;
use crate::topology::command::TargetSubnet;
use crate::topology::{Allocation, Command, Finding, FindingCode, Position, Severity, SubnetIx, VmIx};
use crate::world::{AddressRule, Assigned, Holding, World, apply};

/// Addresses that share their fate: of the table of the file they come from, or of their subnet. Further NICs and
/// secondary addresses are among them, as the same rules hold for them (A29).
type Together<'o> = Vec<(Holding, &'o Assigned)>;

/// Everything about the addresses of one region.
pub(super) fn findings(world: &World, outlook: &Outlook) -> Vec<Finding> {
    let mut found = Vec::new();
    let moving: Together<'_> = outlook.assignment.given().collect();
    for (vm, stranded) in outlook.assignment.vms.iter().filter_map(|(vm, to)| to.as_ref().err().map(|why| (*vm, why))) {
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
    found.extend(moving.iter().filter_map(|(holding, to)| outside(world, *holding, to)));
    found.extend(moving.iter().filter_map(|(holding, to)| taken(world, outlook, *holding, to)));
    found.extend(dynamic(world, &moving));
    found.extend(unverified(world, outlook));
    found
}

fn by_subnets<'o>(moving: &[(Holding, &'o Assigned)]) -> BTreeMap<(SubnetIx, SubnetIx), Together<'o>> {
    let mut groups: BTreeMap<_, Together<'_>> = BTreeMap::new();
    for (holding, to) in moving {
        groups.entry((to.from.subnet, to.to.subnet)).or_default().push((*holding, to));
    }
    groups
}

/// What a message calls the addresses of a group: those of VMs, and of further NICs where there are some.
fn whose(held: &[(Holding, &Assigned)]) -> &'static str {
    let first = |holding: &Holding| holding.card.is_none();
    match (held.iter().any(|(holding, _)| first(holding)), held.iter().all(|(holding, _)| first(holding))) {
        (_, true) => "VMs",
        (true, false) => "VMs and further NICs",
        (false, _) => "further NICs",
    }
}

/// The failover network has no subnet of the name (A13, INV-5).
fn misnamed(world: &World, moving: &[(Holding, &Assigned)]) -> Vec<Finding> {
    let astray: Together<'_> = moving.iter().filter(|(_, to)| to.rule == AddressRule::Row(12)).copied().collect();
    let about = |((home, goal), vms): ((SubnetIx, SubnetIx), Together<'_>)| {
        let (source, target) = (world.subnet(home), world.subnet(goal));
        let network = world.vnet(target.vnet);
        let message = format!(
            "{} has no subnet called `{}`: {} of that subnet of {} go to `{}`, the alphabetically first (A13)",
            network.title,
            source.id,
            whose(&vms),
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
            // A secondary address goes where its NIC goes.
            let chosen = |holding: &Holding| world.card(*holding).is_none_or(|card| !card.secondary);
            let set = |holding: Holding| world.target_command(holding, Some(subnet.clone()), world.wish_of(holding).ip);
            finding.mend = all_accepted(world, vms.iter().map(|(holding, _)| *holding).filter(chosen).map(set));
        }
        finding
    };
    by_subnets(&astray).into_iter().map(about).collect()
}

/// The commands where the world takes every one of them, else none: half of them would not mend it.
pub(super) fn all_accepted(world: &World, commands: impl Iterator<Item = Command>) -> Vec<Command> {
    let commands: Vec<Command> = commands.collect();
    if commands.iter().all(|command| apply(world, command).is_ok()) { commands } else { Vec::new() }
}

fn land(vms: &[(Holding, &Assigned)]) -> String {
    let all_first = vms.iter().all(|(holding, _)| holding.card.is_none());
    match (vms.len(), all_first) {
        (1, true) => "1 machine starts".to_owned(),
        (1, false) => "1 NIC starts".to_owned(),
        (many, true) => format!("{many} machines start"),
        (many, false) => format!("{many} NICs start"),
    }
}

/// A subnet of the right name whose range does not hold the addresses (A19; rows 6, 9 and 10 of table A.7).
fn other_range(world: &World, moving: &[(Holding, &Assigned)]) -> Vec<Finding> {
    let lost = |(holding, to): &&(Holding, &Assigned)| {
        matches!(to.rule, AddressRule::Row(6 | 9 | 10)) && world.wish_of(*holding).subnet.is_none()
    };
    let lost: Together<'_> = moving.iter().filter(lost).copied().collect();
    let about = |((home, goal), vms): ((SubnetIx, SubnetIx), Together<'_>)| {
        let (source, target) = (world.subnet(home), world.subnet(goal));
        let (from, network) = (world.vnet(source.vnet), world.vnet(target.vnet));
        let message = format!(
            "{} of `{}` of {}, {}, go to `{}` of {}, {}: addresses outside that range are not kept (A19)",
            whose(&vms),
            source.id,
            from.title,
            source.prefix,
            target.id,
            network.title,
            target.prefix
        );
        let names: Vec<String> = vms
            .iter()
            .take(3)
            .map(|(holding, to)| format!("{} {} instead of {}", world.holding_title(*holding), to.to.ip, to.from.ip))
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
fn taken(world: &World, outlook: &Outlook, holding: Holding, to: &Assigned) -> Option<Finding> {
    if !matches!(to.within, AddressRule::Row(2 | 5 | 8)) {
        return None;
    }
    let (id, explicit) = (world.vm_id(holding.vm), world.wish_of(holding).ip);
    let title = match holding.card {
        None => format!("`{id}`"),
        Some(_) => world.holding_title(holding),
    };
    let wanted = explicit.unwrap_or(to.from.ip);
    let network = world.vnet(world.subnet(to.to.subnet).vnet);
    let place = world.subnet_name(to.to.subnet);
    let holder = holder(world, to.to.subnet, wanted);
    let rival = rival(outlook, holding, to.to.subnet, wanted);
    let who = match (&holder, rival) {
        (Some(Holder::Vm(other)), _) => format!("`{}` has it there", world.vm_id(*other)),
        (Some(Holder::Card(other)), _) => format!("{} has it there", world.holding_title(*other)),
        (Some(Holder::Copy(other)), _) => format!("the test copy of `{}` has it there (A35)", world.vm_id(*other)),
        (Some(Holder::SomeoneElse), _) => "someone else took it there".to_owned(),
        (None, Some(Holding { vm, card: None })) => format!("`{}` gets it first", world.vm_id(vm)),
        (None, Some(other)) => format!("{} gets it first", world.holding_title(other)),
        (None, None) => "it is taken there".to_owned(),
    };
    let message = match explicit {
        Some(_) => {
            format!("{title} shall get {wanted} in {}, but {who}: it will get {} (A26)", network.title, to.to.ip)
        }
        None => {
            format!("{title} cannot keep {wanted} in {}: {who}, so it will get {} (A7, A19)", network.title, to.to.ip)
        }
    };
    let mut at = vec![id.to_owned()];
    let mut finding = Finding::new(Severity::Warning, FindingCode::AddressTaken, message, Vec::new());
    // Freeing it helps only where no other machine of this failover wants it too.
    match holder.filter(|_| claimants(world, outlook, to.to.subnet, wanted) == 1) {
        Some(Holder::SomeoneElse) => {
            let subnet = world.subnet_path(to.to.subnet);
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
        Some(Holder::Card(other)) => at.push(world.vm_id(other.vm).to_owned()),
        None => {}
    }
    finding.at = at;
    let finding = finding
        .because("A7, A26, INV-4", format!("{} runs on {} in {place}; whoever knows {wanted} does not find it, and a guest with it written inside is cut off (A8)", world.holding_title(holding), to.to.ip))
        .placed(world.topology().place_of_vm(holding.vm));
    Some(match finding.mend.is_empty() {
        true => finding.changed_by(format!("free {wanted} in {place}, or give {title} another `target`")),
        false => finding,
    })
}

/// A target address that the subnet does not hand out, because the machine goes to another one by now (A25, A.7-3).
fn outside(world: &World, holding: Holding, to: &Assigned) -> Option<Finding> {
    let wished = world.wish_of(holding).ip.filter(|_| to.within == AddressRule::Row(3))?;
    let (title, subnet) = (world.holding_title(holding), world.subnet(to.to.subnet));
    let place = world.subnet_name(to.to.subnet);
    let message = format!(
        "{title} shall get {wished}, which {place} ({}) does not hand out: it will get {} (A25)",
        subnet.prefix, to.to.ip
    );
    let mut finding =
        Finding::new(Severity::Warning, FindingCode::AddressLost, message, vec![world.vm_id(holding.vm).to_owned()])
            .because(
                "A25, A.7-3",
                format!("{title} runs on {} in {place}, and whoever knows {wished} finds nobody", to.to.ip),
            )
            .changed_by(format!("give {title} a `target` in {}, or the subnet a range with {wished}", subnet.prefix))
            .placed(world.topology().place_of_vm(holding.vm));
    finding.mend = all_accepted(world, std::iter::once(world.target_command(holding, None, Some(to.to.ip))));
    Some(finding)
}

enum Holder {
    Vm(VmIx),
    /// A further NIC or a secondary address.
    Card(Holding),
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
    let first = world.vms().find(|(_, state)| held(state)).map(|(vm, _)| Holder::Vm(vm));
    first.or_else(|| world.card_holding(subnet, ip).map(Holder::Card))
}

/// The address something wants in a failover.
fn wish(world: &World, holding: Holding, to: &Assigned) -> Ipv4Addr {
    world.wish_of(holding).ip.unwrap_or(to.from.ip)
}

/// How many of this failover want the address.
fn claimants(world: &World, outlook: &Outlook, subnet: SubnetIx, ip: Ipv4Addr) -> usize {
    let wants = |(holding, to): &(Holding, &Assigned)| to.to.subnet == subnet && wish(world, *holding, to) == ip;
    outlook.assignment.given().filter(wants).count()
}

/// What gets the address in the same failover.
fn rival(outlook: &Outlook, holding: Holding, subnet: SubnetIx, ip: Ipv4Addr) -> Option<Holding> {
    let gets = |(other, to): &(Holding, &Assigned)| *other != holding && to.to.subnet == subnet && to.to.ip == ip;
    outlook.assignment.given().find(gets).map(|(other, _)| other)
}

/// An address of a subnet that nobody has and nobody of this failover wants.
fn spare(world: &World, outlook: &Outlook, subnet: SubnetIx) -> Option<Ipv4Addr> {
    let (first, last) = assignable_range(&world.subnet(subnet).prefix)?;
    let here = outlook.assignment.given().filter(|(_, to)| to.to.subnet == subnet);
    let wanted: std::collections::BTreeSet<Ipv4Addr> =
        here.flat_map(|(holding, to)| [to.to.ip, to.from.ip, wish(world, holding, to)]).collect();
    let free = |ip: &Ipv4Addr| !wanted.contains(ip) && holder(world, subnet, *ip).is_none();
    (u32::from(first)..=u32::from(last)).rev().map(Ipv4Addr::from).take(512).find(free)
}

/// Dynamic addresses that are kept by luck, or not kept under the policy (A23), table by table.
fn dynamic(world: &World, moving: &[(Holding, &Assigned)]) -> Vec<Finding> {
    let mut tables: BTreeMap<(Option<Position>, Option<Holding>), Together<'_>> = BTreeMap::new();
    let fragile = |(holding, to): &&(Holding, &Assigned)| {
        let unset = to.from.allocation == Allocation::Dynamic && world.wish_of(*holding).ip.is_none();
        unset && matches!(to.within, AddressRule::Row(7) | AddressRule::A23)
    };
    for (holding, to) in moving.iter().filter(fragile) {
        let place = world.topology().place_of_vm(holding.vm);
        let alone = (place.is_none() || holding.card.is_some()).then_some(*holding);
        tables.entry((place, alone)).or_default().push((*holding, to));
    }
    let about = |((place, _), held): ((Option<Position>, Option<Holding>), Together<'_>)| {
        let (first, to) = held[0];
        let outcome = match to.within {
            AddressRule::A23 => "is not kept",
            _ => "is kept only if nobody takes it first",
        };
        let id = world.vm_id(first.vm);
        let (title, table) = match world.card(first) {
            None => (format!("`{id}`"), format!("vm.{id}")),
            Some(card) => (world.holding_title(first), format!("vm.{id}.nic.{}", card.nic)),
        };
        let more = if held.len() == 1 { String::new() } else { format!(" (and {} more like it)", held.len() - 1) };
        let message = format!("the address of {title}{more} is dynamic and {outcome}; pin it to be sure (A23)");
        let mut finding = Finding::new(Severity::Warning, FindingCode::DynamicAddress, message, vec![id.to_owned()])
            .because("A23", "documents disagree whether a dynamic address is kept; without a pin it may change")
            .changed_by(format!("write `ip = \"{}\"` in [{table}]", to.from.ip))
            .placed(place);
        let pin = |(holding, to): &(Holding, &Assigned)| world.target_command(*holding, None, Some(to.from.ip));
        finding.mend = all_accepted(world, held.iter().map(pin));
        finding
    };
    tables.into_iter().map(about).collect()
}

/// Targets nobody verified since something changed (A7; article, line 56).
fn unverified(world: &World, outlook: &Outlook) -> Option<Finding> {
    let moving: Vec<VmIx> = outlook.assignment.vms.iter().filter(|(_, to)| to.is_ok()).map(|(vm, _)| *vm).collect();
    let open = moving.iter().filter(|vm| !world.vm(**vm).verified).count();
    let region = &world.regions()[outlook.region.at()];
    let message = format!(
        "the target addresses of {open} of {} VMs of {} are not verified; `verify-targets` checks them against what is free",
        moving.len(),
        region.title
    );
    let verify = Command::VerifyTargets(outlook.scope.clone());
    (open > 0).then(|| {
        let finding = Finding::new(Severity::Note, FindingCode::NotVerified, message, vec![region.id.clone()])
            .because("A7", "an address can be taken at any time until the failover, and then another one is given")
            .placed(world.topology().place_of_region(outlook.region));
        match apply(world, &verify) {
            Ok(_) => finding.mended_by(verify),
            Err(_) => finding,
        }
    })
}
