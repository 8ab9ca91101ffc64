//! Why A reaches B, or why not: the path there, the path back, the routes that lost, and every blocker with its mend.

use super::explanation::{Blocker, Explanation};
use super::party::{self, Party};
use super::wiring::Wiring;
use super::{Hop, Network, VerdictCode, path, stops, trouble, words};
use crate::topology::{Command, Endpoint, Link, LinkIx, LinkState, Node};
use crate::world::{Phase, World, possible};

/// Explains whether two parties reach each other both ways. Apps stand for the first pair of their VMs that fails, or
/// for the first pair where all is well; a site stands for any host in its prefixes. `network` is that of `world`.
///
/// The code is `reachable` exactly where the needs of `formats.md` would call the pair met.
pub fn explain(world: &World, network: &Network, from: Endpoint, to: Endpoint) -> Explanation {
    explain_on(world, network, from, to, None)
}

/// [`explain`] for connections from the one to the other on a port. Without one the question is whether any port gets
/// through; security groups look at who opens the connection, and replies are free (C13).
pub fn explain_on(world: &World, network: &Network, from: Endpoint, to: Endpoint, port: Option<u16>) -> Explanation {
    let (froms, tos) = (Party::all(world, network, from), Party::all(world, network, to));
    for (side, parties, code) in
        [(from, &froms, VerdictCode::SourceNotRunning), (to, &tos, VerdictCode::AddressNotLive)]
    {
        if parties.is_empty() {
            let message = format!("{} has no machine.", world.topology().endpoint_id(side));
            let blockers = vec![Blocker { code, message: message.clone(), mend: Vec::new() }];
            return Explanation { from, to, code, message, forward: Vec::new(), back: Vec::new(), blockers };
        }
    }
    let failing = party::first_failing(network, &froms, &tos, port);
    let (a, b) = failing.unwrap_or((0, 0));
    between(world, network, (&froms[a], &tos[b]), (from, to), port)
}

fn between(
    world: &World,
    network: &Network,
    (a, b): (&Party, &Party),
    asked: (Endpoint, Endpoint),
    port: Option<u16>,
) -> Explanation {
    let wiring = Wiring::of(world);
    // A link that only waits for a region to come back is no blocker of its own.
    let waits = |blocker: &Blocker| unlinked(blocker) && waits_for_region(world, a.node, b.node);
    let there = trouble::on_the_way(&wiring, network, a, b);
    let arrives = a.runs && b.runs && there.is_none();
    let there = there.filter(|blocker| !waits(blocker));
    let back = trouble::on_the_way(&wiring, network, b, a).filter(|blocker| !waits(blocker));
    let way = |from: &Party, to: &Party| {
        let address = to.missed_from(network, from.sender()).unwrap_or_else(|| to.address());
        path::of(&wiring, network, from.sender(), address).hops
    };
    let forward = if a.runs { way(a, b) } else { Vec::new() };
    let answer = if arrives { way(b, a) } else { Vec::new() };

    let mut blockers: Vec<Blocker> = Vec::new();
    blockers.extend(asleep(world, a, VerdictCode::SourceNotRunning));
    if a != b {
        blockers.extend(asleep(world, b, VerdictCode::AddressNotLive));
        // One missing link is one blocker, though it is missing both ways.
        let same = |(there, back): (&Blocker, &Blocker)| unlinked(there) && unlinked(back) && there.mend == back.mend;
        let merged = there.as_ref().zip(back.as_ref()).is_some_and(same);
        let back = back.filter(|_| !merged).map(|back| returning(world, a, b, arrives, back));
        blockers.extend(there);
        blockers.extend(stops::on_the_way(&wiring, network, (a, b), port, &forward));
        blockers.extend(back);
    }
    for blocker in &mut blockers {
        blocker.mend = possible(world, &blocker.mend);
    }
    let (code, message) = match blockers.first() {
        Some(first) => (first.code, first.message.clone()),
        None => (VerdictCode::Reachable, reached(world, a, b, &forward)),
    };
    Explanation {
        from: a.endpoint().unwrap_or(asked.0),
        to: b.endpoint().unwrap_or(asked.1),
        code,
        message,
        forward,
        back: answer,
        blockers,
    }
}

/// Whether a packet goes nowhere for want of a link or of a route to it.
fn unlinked(blocker: &Blocker) -> bool {
    use VerdictCode::{Dropped, LinkPending, NoRoute, NotTransitive};
    matches!(blocker.code, Dropped | LinkPending | NoRoute | NotTransitive)
}

/// Whether a connected link joins the two networks, one of them is in a region that is down, and nothing else is wrong.
fn waits_for_region(world: &World, a: Node, b: Node) -> bool {
    let down = |node| world.region_of(node).is_some_and(|region| !world.is_up(region));
    let only_waits = |at| world.link_mend(at).iter().all(|command| matches!(command, Command::Restore(_)));
    let waits = |(at, link): (LinkIx, &Link)| link.state == LinkState::Connected && link.joins(a, b) && only_waits(at);
    (down(a) || down(b)) && world.live_links().any(waits)
}

/// The blocker of a party that does not run.
fn asleep(world: &World, party: &Party, otherwise: VerdictCode) -> Option<Blocker> {
    let vm = party.vm.filter(|_| !party.runs)?;
    let id = world.vm_id(vm);
    let down = world.region_of(party.node).filter(|region| !world.is_up(*region));
    Some(match down {
        Some(region) => {
            let region = &world.regions()[region.at()];
            let movable = world.vm(vm).phase == Phase::Protected;
            let advice = if movable { format!(" Restore the region, or fail {id} over.") } else { String::new() };
            let message = format!("{id} does not run, because {} is down.{advice}", region.title);
            Blocker { code: VerdictCode::RegionDown, message, mend: vec![Command::Restore(region.id.clone())] }
        }
        None => {
            let message = format!("{id} does not run, so nobody answers at {}.", party.address());
            Blocker { code: otherwise, message, mend: Vec::new() }
        }
    })
}

/// What is wrong with the way back, named from the asker's point of view.
fn returning(world: &World, a: &Party, b: &Party, arrives: bool, back: Blocker) -> Blocker {
    let code = match back.code {
        VerdictCode::AnsweredByTwin => VerdictCode::ReturnToTwin,
        VerdictCode::Shadowed | VerdictCode::Ambiguous => VerdictCode::OneWay,
        _ => VerdictCode::NoReturnRoute,
    };
    let (asker, asked) = (words::party(world, a), words::party(world, b));
    let message = if arrives {
        format!("The way there works, but the answer of {asked} does not come back to {asker}. {}", back.message)
    } else {
        format!("The answer of {asked} would not come back to {asker} either. {}", back.message)
    };
    Blocker { code, message, mend: back.mend }
}

fn reached(world: &World, a: &Party, b: &Party, forward: &[Hop]) -> String {
    let (asker, asked) = (words::party(world, a), words::party(world, b));
    let between: Vec<String> = forward
        .iter()
        .enumerate()
        .filter_map(|(at, hop)| match hop.appliance {
            Some(vm) => Some(format!("the appliance {}", world.vm_id(vm))),
            None if at == 0 || at + 1 == forward.len() => None,
            None => Some(world.node_title(hop.at).to_owned()),
        })
        .collect();
    let over = if between.is_empty() { String::new() } else { format!(" over {}", between.join(" and ")) };
    // Every link on the way by its kind and circuit, said once where the next is of the same.
    let mut links: Vec<String> =
        forward.iter().filter_map(|hop| hop.route?.link).map(|link| words::link(world, link)).collect();
    links.dedup();
    match links.as_slice() {
        [_, ..] => format!(
            "{asker} in {} and {asked} in {} reach each other{over} through {}.",
            world.node_title(a.node),
            world.node_title(b.node),
            links.join(", then ")
        ),
        [] if a == b => format!("{asker} runs."),
        [] => format!("{asker} and {asked} reach each other inside {}{over}.", world.node_title(a.node)),
    }
}
