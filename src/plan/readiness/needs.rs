//! Needs that a failover of the region would leave unmet: dependencies outside what moves (INV-11).

use super::Outlook;
use crate::network::needs::met;
use crate::network::{Network, explain, explain_on};
use crate::plan::{Plan, Timing, derive};
use crate::topology::{Command, Finding, FindingCode, Need, RegionIx, Scope, Severity};
use crate::world::{Phase, World, apply};

/// How many needs are looked into for what would mend them; the others are only told.
const MOST_TRIED: usize = 8;

/// How many needs that are not met now are looked into: each is explained, which takes its time in a large network.
const MOST_EXPLAINED: usize = 64;

/// Needs that are not met now, before anything fails over: what the file asks for and its links do not give (INV-11).
pub(super) fn unmet(world: &World) -> Vec<Finding> {
    let topology = world.topology();
    if topology.needs.is_empty() {
        return Vec::new();
    }
    let network = Network::of(world);
    let open = (0..).zip(met(world, &network)).filter(|(_, met)| !met).map(|(at, _)| at).take(MOST_EXPLAINED);
    let about = |(tried, at): (usize, usize)| {
        let need = topology.needs[at];
        let (from, to) = (topology.endpoint_id(need.from), topology.endpoint_id(need.to));
        let port = need.port.map(|port| format!(" on port {port}")).unwrap_or_default();
        let why = explain_on(world, &network, need.from, need.to, need.port);
        let message = format!("{from} and {to} cannot talk{port} now, although they need to");
        let mut finding =
            Finding::new(Severity::Error, FindingCode::NeedNotMet, message, vec![from.to_owned(), to.to_owned()])
                .because("INV-11, C.3", why.message)
                .placed(topology.place_of_need(at));
        if tried < MOST_TRIED {
            let first = why.blockers.into_iter().next().map(|blocker| blocker.mend).unwrap_or_default();
            finding.mend = joining(world, at, first);
        }
        if finding.mend.is_empty() {
            finding.change = Some("declare the link, route or rule that is missing, or take the need out".to_owned());
        }
        finding
    };
    open.enumerate().map(about).collect()
}

/// The commands where they are taken one after the other and the need is met then.
fn joining(world: &World, need: usize, commands: Vec<Command>) -> Vec<Command> {
    let mut trial = world.clone();
    for command in &commands {
        match apply(&trial, command) {
            Ok(done) => trial = done.world,
            Err(_) => return Vec::new(),
        }
    }
    if met(&trial, &Network::of(&trial))[need] { commands } else { Vec::new() }
}

/// The needs that are met now and would not be when the derived plan is done.
pub(super) fn findings(world: &World, outlook: &Outlook, plan: &Plan, after: &World) -> Vec<Finding> {
    let region = &world.regions()[outlook.region.at()];
    let refused = plan.findings.iter().filter(|finding| finding.code == FindingCode::StepRefused).cloned();
    let mut found: Vec<Finding> = refused.map(|finding| step_refused(world, outlook.region, finding)).collect();
    let hubs = plan.findings.iter().filter(|finding| finding.code == FindingCode::HubFails).cloned();
    found.extend(hubs.map(|finding| hub_fails(world, finding)));
    let lost: Vec<Need> =
        plan.gaps.iter().filter(|gap| gap.until.is_none() && !gap.broken_before).map(|gap| gap.need).collect();
    if lost.is_empty() {
        return found;
    }
    let network = Network::of(after);
    for (at, need) in lost.into_iter().enumerate() {
        let topology = world.topology();
        let (from, to) = (topology.endpoint_id(need.from), topology.endpoint_id(need.to));
        let why = explain(after, &network, need.from, need.to);
        let message =
            format!("{from} and {to} could not talk after a failover of {}, although they need to", region.title);
        let mut finding =
            Finding::new(Severity::Error, FindingCode::NeedNotMet, message, vec![from.to_owned(), to.to_owned()])
                .because("INV-11, C.3", why.message)
                .placed(place(world, need));
        finding.mend = if at < MOST_TRIED { protecting(world, &outlook.scope, need) } else { Vec::new() };
        if finding.mend.is_empty() {
            finding.change =
                Some("let both ends move together, or keep the one that stays reachable by a link".to_owned());
        }
        found.push(finding);
    }
    found
}

/// A step the rules would refuse, with the network it is about.
fn step_refused(world: &World, region: RegionIx, finding: Finding) -> Finding {
    let mut finding = finding.because("E8", "the plan goes on without it, and what it was for is missing at the end");
    if finding.at.is_empty() {
        finding.at = vec![world.regions()[region.at()].id.clone()];
    }
    let topology = world.topology();
    let node = finding.at.iter().find_map(|id| world.node_named(id).ok());
    let of_node = node.and_then(|node| topology.place_of_node(node));
    let position = of_node.or_else(|| topology.place_of_region(region));
    finding.placed(position)
}

/// A dependence on a hub of the same region, with the place of who depends on it (INV-11, H-FULL step 4).
fn hub_fails(world: &World, finding: Finding) -> Finding {
    let node = finding.at.first().and_then(|id| world.node_named(id).ok());
    let finding = finding.placed(node.and_then(|node| world.topology().place_of_node(node)));
    match finding.severity {
        Severity::Note => finding,
        _ => finding.because("INV-11, H-FULL step 4", "what goes through the hub is lost with the region").changed_by(
            "join the failover network to a hub of the recovery side; where both hubs have one circuit or device, let it \
             use the gateway there only when the source has left its own hub",
        ),
    }
}

fn place(world: &World, need: Need) -> Option<crate::topology::Position> {
    let at = world.topology().needs.iter().position(|other| *other == need)?;
    world.topology().place_of_need(at)
}

/// Protecting what stays behind, where that is all it needs; tried on a copy.
fn protecting(world: &World, scope: &Scope, need: Need) -> Vec<Command> {
    let ends = [need.from, need.to];
    let mut commands = Vec::new();
    let mut trial = world.clone();
    for vm in ends.into_iter().flat_map(|end| world.vms_of(end)) {
        if world.vm(vm).phase != Phase::Unprotected {
            continue;
        }
        let command = Command::Protect { scope: Scope::Vm(world.vm_id(vm).to_owned()), into: None };
        if let Ok(done) = apply(&trial, &command) {
            trial = done.world;
            commands.push(command);
        }
    }
    let mended = derive(&trial, scope, Timing::default())
        .is_ok_and(|plan| plan.gaps.iter().all(|gap| gap.need != need || gap.until.is_some()));
    if mended { commands } else { Vec::new() }
}
