//! Needs that a failover of the region would leave unmet: dependencies outside what moves (INV-11).

use super::Outlook;
use crate::network::{Network, explain};
use crate::plan::{Plan, Timing, derive};
use crate::topology::{Command, Endpoint, Finding, FindingCode, Need, Scope, Severity};
use crate::world::{Phase, World, apply};

/// How many needs are looked into for what would mend them; the others are only told.
const MOST_TRIED: usize = 8;

/// The needs that are met now and would not be when the derived plan is done.
pub(super) fn findings(world: &World, outlook: &Outlook, plan: &Plan, after: &World) -> Vec<Finding> {
    let region = &world.regions()[outlook.region.at()];
    let refused = plan.findings.iter().filter(|finding| finding.code == FindingCode::StepRefused).cloned();
    let mut found: Vec<Finding> = refused.map(|finding| step_refused(world, &region.id, finding)).collect();
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
fn step_refused(world: &World, region: &str, finding: Finding) -> Finding {
    let mut finding = finding.because("E8", "the plan goes on without it, and what it was for is missing at the end");
    if finding.at.is_empty() {
        finding.at = vec![region.to_owned()];
    }
    let node = finding.at.iter().find_map(|id| world.node_named(id).ok());
    let position = node.and_then(|node| world.topology().place_of_node(node));
    finding.placed(position)
}

/// A dependence on a hub of the same region, with the place of who depends on it (INV-11, H-FULL step 4).
fn hub_fails(world: &World, finding: Finding) -> Finding {
    let node = finding.at.first().and_then(|id| world.node_named(id).ok());
    let finding = finding.placed(node.and_then(|node| world.topology().place_of_node(node)));
    match finding.severity {
        Severity::Note => finding,
        _ => finding.because("INV-11, H-FULL step 4", "what goes through the hub is lost with the region").changed_by(
            "join the failover network to a hub of the recovery side, with the same settings of the peering",
        ),
    }
}

fn place(world: &World, need: Need) -> Option<crate::topology::Position> {
    let of = |end: Endpoint| match end {
        Endpoint::Vm(vm) => world.topology().place_of_vm(vm),
        Endpoint::App(_) => world.vms_of(end).first().and_then(|vm| world.topology().place_of_vm(*vm)),
        Endpoint::Site(site) => world.topology().place_of_node(crate::topology::Node::Site(site)),
    };
    of(need.from)
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
