//! What surrounds the machines on the recovery side: route tables, next hops, security groups, circuits (A15, B58, C17,
//! H20).

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use super::Outlook;
use super::addresses::all_accepted;
use crate::topology::routing::UserNextHop;
use crate::topology::{
    CircuitIx, Command, FileGroup, Finding, FindingCode, Link, LinkIx, LinkKind, Node, Position, SecurityGroupIx,
    Severity, SubnetIx, VmIx, VnetIx,
};
use crate::world::{World, apply};

/// Everything about the networks the machines of a region would come to; `after` is the world when the plan is done.
pub(super) fn findings(world: &World, outlook: &Outlook, after: &World) -> Vec<Finding> {
    let moves: BTreeSet<(SubnetIx, SubnetIx)> =
        outlook.assignment.given().map(|(_, to)| (to.from.subnet, to.to.subnet)).collect();
    let mut found: Vec<Finding> = moves.iter().filter_map(|(home, goal)| no_table(world, *home, *goal)).collect();
    found.extend(moves.iter().filter_map(|(home, goal)| no_group(world, *home, *goal)));
    found.extend(no_nic_groups(world, outlook));
    let goals: BTreeSet<SubnetIx> = moves.iter().map(|(_, goal)| *goal).collect();
    found.extend(goals.iter().flat_map(|goal| lost_hops(world, after, *goal)));
    let sources: BTreeSet<VnetIx> = moves.iter().map(|(home, _)| world.subnet(*home).vnet).collect();
    found.extend(sources.into_iter().flat_map(|source| one_circuit(world, source)));
    found
}

fn at_subnet(world: &World, subnet: SubnetIx, severity: Severity, code: FindingCode, message: String) -> Finding {
    let name = world.subnet_path(subnet);
    let place = world.topology().place_of_subnet(subnet);
    Finding::new(severity, code, message, vec![name.vnet.clone(), format!("{}/{}", name.vnet, name.subnet)])
        .placed(place)
}

/// The command where the world takes it.
fn accepted(world: &World, command: Command) -> Vec<Command> {
    if apply(world, &command).is_ok() { vec![command] } else { Vec::new() }
}

/// The source subnet has a route table, the target subnet none (A15, G.1-17).
fn no_table(world: &World, home: SubnetIx, goal: SubnetIx) -> Option<Finding> {
    let table = world.subnet(home).route_table.filter(|_| world.subnet(goal).route_table.is_none())?;
    let table = &world.topology().route_tables[table.at()];
    let (from, to) = (world.subnet_name(home), world.subnet_name(goal));
    let message =
        format!("{to} has no route table, while {from} has `{}`; Site Recovery makes none (A15)", table.title);
    let command = Command::SetRouteTable { subnet: world.subnet_path(goal), table: Some(table.id.clone()) };
    let mut finding = at_subnet(world, goal, Severity::Warning, FindingCode::RouteTableMissing, message)
        .because("A15", "packets take the system routes there: past the appliance, or nowhere")
        .changed_by(format!("give the subnet `routes = \"{}\"`, or a table with next hops of that side", table.id));
    finding.mend = accepted(world, command);
    Some(finding)
}

/// The source subnet has a security group, the target subnet none (A15, C17, G.1-17).
fn no_group(world: &World, home: SubnetIx, goal: SubnetIx) -> Option<Finding> {
    let group = world.subnet(home).security_group.filter(|_| world.subnet(goal).security_group.is_none())?;
    let group = &world.topology().security_groups[group.at()];
    let (from, to) = (world.subnet_name(home), world.subnet_name(goal));
    let message = format!(
        "{to} has no network security group, while {from} has `{}`; Site Recovery makes none (C17)",
        group.title
    );
    let command = Command::SetNsg { subnet: world.subnet_path(goal), nsg: Some(group.id.clone()) };
    let mut finding = at_subnet(world, goal, Severity::Warning, FindingCode::SecurityGroupMissing, message)
        .because("A15, C17", "whatever reaches the subnet reaches its machines: nothing is filtered there")
        .changed_by(format!("give the subnet `nsg = \"{}\"`", group.id));
    finding.mend = accepted(world, command);
    Some(finding)
}

/// NICs with a security group of their own, which the new NICs do not have (A15, C17), table by table.
fn no_nic_groups(world: &World, outlook: &Outlook) -> Vec<Finding> {
    if world.nic_groups().is_empty() {
        return Vec::new();
    }
    let given_by_plan = |id: &str| {
        let sets = |command: &Command| matches!(command, Command::SetVmNsg { vm, nsg: Some(_), .. } if vm == id);
        let steps = world.topology().plans.iter().flat_map(|plan| &plan.groups).flat_map(FileGroup::steps);
        steps.into_iter().any(|step| sets(&step.command))
    };
    let mut tables: BTreeMap<(Option<Position>, SecurityGroupIx, VnetIx), Vec<VmIx>> = BTreeMap::new();
    for (holding, to) in outlook.assignment.given().filter(|(holding, _)| holding.card.is_none()) {
        let [home, goal] = [to.from.subnet, to.to.subnet].map(|subnet| world.subnet(subnet).vnet);
        let Some(group) = world.nic_groups().get(&(holding.vm, home)) else { continue };
        if !world.nic_groups().contains_key(&(holding.vm, goal)) && !given_by_plan(world.vm_id(holding.vm)) {
            tables.entry((world.topology().place_of_vm(holding.vm), *group, goal)).or_default().push(holding.vm);
        }
    }
    let about = |((place, group, goal), vms): ((Option<Position>, SecurityGroupIx, VnetIx), Vec<VmIx>)| {
        let (group, goal) = (&world.topology().security_groups[group.at()], world.vnet(goal));
        let first = world.vm_id(vms[0]);
        let more = if vms.len() == 1 { String::new() } else { format!(" (and {} more like it)", vms.len() - 1) };
        let message = format!(
            "the NIC of {first}{more} has the security group `{}`, and the new NIC in {} has none: Site Recovery makes none (C17)",
            group.title, goal.title
        );
        let set = |vm: &VmIx| Command::SetVmNsg {
            vm: world.vm_id(*vm).to_owned(),
            nsg: Some(group.id.clone()),
            vnet: Some(goal.id.clone()),
        };
        let code = FindingCode::SecurityGroupMissing;
        let mut finding = Finding::new(Severity::Warning, code, message, vec![first.to_owned()])
            .because("A15, C17", "what the group keeps out reaches the machine after the failover")
            .changed_by(format!("let the plan run `set-nsg vm {first} {}` behind its failover", group.id))
            .placed(place);
        finding.mend = all_accepted(world, vms.iter().map(set));
        finding
    };
    tables.into_iter().map(about).collect()
}

/// Routes of the target subnet that lead to an appliance nobody would find from there (H20).
fn lost_hops(world: &World, after: &World, goal: SubnetIx) -> Vec<Finding> {
    let Some(table) = world.subnet(goal).route_table else { return Vec::new() };
    let table = &world.topology().route_tables[table.at()];
    let hops: BTreeSet<Ipv4Addr> = table
        .routes
        .iter()
        .filter_map(|route| match route.next_hop {
            UserNextHop::Appliance(ip) => Some(ip),
            _ => None,
        })
        .collect();
    let here = world.subnet(goal).vnet;
    let lost = hops.into_iter().filter(|ip| !answers(after, here, *ip));
    lost.map(|ip| {
        let to = world.subnet_name(goal);
        let elsewhere = world.vms().find(|(_, state)| state.at.ip == ip).map(|(vm, _)| vm);
        let who = elsewhere.map_or("no machine has that address".to_owned(), |vm| {
            format!("`{}` has it in {}", world.vm_id(vm), world.vnet(world.vnet_of(vm)).title)
        });
        let message = format!(
            "`{}` of {to} sends to the appliance {ip}, which is not there after a failover: {who} (H20)",
            table.title
        );
        let mut finding = at_subnet(world, goal, Severity::Error, FindingCode::NextHopMissing, message)
            .because("H20, C4", "whatever the route is for is dropped")
            .changed_by(format!("let an appliance with {ip} stand on that side, or give the subnet another table"));
        finding.mend = elsewhere.map_or_else(Vec::new, |vm| protecting(world, vm));
        finding
    })
    .collect()
}

/// Whether a machine that forwards has the address in a VNet, or in one joined to it (C4).
fn answers(after: &World, here: VnetIx, ip: Ipv4Addr) -> bool {
    let joined = |other: VnetIx| {
        other == here || after.live_links().any(|(_, link)| link.joins(Node::Vnet(here), Node::Vnet(other)))
    };
    let forwards = |vm: crate::topology::VmIx| after.topology().vms.get(vm.at()).is_some_and(|vm| vm.forwards);
    after.vms().any(|(vm, state)| state.at.ip == ip && forwards(vm) && joined(after.vnet_of(vm)))
}

fn protecting(world: &World, vm: crate::topology::VmIx) -> Vec<Command> {
    let scope = crate::topology::Scope::Vm(world.vm_id(vm).to_owned());
    accepted(world, Command::Protect { scope, into: None })
}

/// Both sides on one circuit: the order is forced, and an outage can block it (B58.3, B58.4).
fn one_circuit(world: &World, source: VnetIx) -> Vec<Finding> {
    let over = |at: VnetIx| {
        let numbered = world.links().iter().enumerate().map(|(at, link)| (LinkIx::new(at), link));
        numbered.filter(move |(_, link)| link.kind == LinkKind::Expressroute && link.between.contains(&Node::Vnet(at)))
    };
    let site = |link: &Link| link.between.into_iter().find(|end| end.vnet().is_none());
    let circuits = |at: VnetIx, like: &Link| {
        over(at).filter(|(_, link)| site(link) == site(like)).map(|(_, link)| link.circuit).collect::<Vec<_>>()
    };
    let twins: Vec<VnetIx> = world.topology().twins_of(source).collect();
    // A source that is on two of them itself keeps one while the other changes hands.
    let alone = |link: &Link| circuits(source, link).iter().all(|circuit| *circuit == link.circuit);
    let shares = |twin: &VnetIx, old: &Link| circuits(*twin, old).iter().all(|circuit| *circuit == old.circuit);
    let live = over(source).filter(|(at, link)| world.live_links().any(|(live, _)| live == *at) && alone(link));
    let found = live.filter_map(|(at, link)| {
        let twin = twins.iter().find(|twin| shares(twin, link))?;
        let (here, far) = (&world.vnet(source).title, site(link).map_or("", |site| world.node_title(site)));
        let message = format!("{here} and its failover network have one circuit to {far} (B58.3)");
        let consequence = format!(
            "{here} must be disconnected before the other is connected, and while its region is down that can fail (B58.4)"
        );
        let at_once = second_circuit(world, *twin, link);
        let advice = match at_once.is_empty() {
            true => "declare a second circuit at another location, and plan the other link over it (`circuit`)",
            false => "connect the failover network over the second circuit now, or plan its link over it (`circuit`)",
        };
        let at_ids = vec![link.id.clone(), world.vnet(source).id.clone()];
        let mut finding = Finding::new(Severity::Note, FindingCode::CircuitOrder, message, at_ids)
            .because("B58.3, B58.4", consequence)
            .changed_by(advice)
            .placed(world.topology().place_of_link(at));
        finding.mend = at_once;
        Some(finding)
    });
    found.collect()
}

/// The command that connects the failover network over another circuit of the file before anything happens, where the
/// rules take it (B58.7).
fn second_circuit(world: &World, twin: VnetIx, old: &Link) -> Vec<Command> {
    let Some(site) = old.between.into_iter().find(|end| end.site().is_some()) else { return Vec::new() };
    let circuits = (0..world.topology().circuits.len()).map(CircuitIx::new).filter(|other| Some(*other) != old.circuit);
    let connect = |circuit: CircuitIx| Command::Connect {
        a: world.vnet(twin).id.clone(),
        b: world.node_id(site).to_owned(),
        kind: None,
        circuit: Some(world.topology().circuits[circuit.at()].id.clone()),
        bgp: false,
    };
    circuits.map(|circuit| accepted(world, connect(circuit))).find(|taken| !taken.is_empty()).unwrap_or_default()
}
