//! What goes wrong with links, gateways and circuits in a drill, and right again (`walkthroughs.md`, section 7).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Change, Done, Refusal, RefusalCode, Subject, World, links};
use crate::topology::command::did_you_mean;
use crate::topology::overlap::Wanted;
use crate::topology::{
    CircuitIx, Faults, GatewayKind, GatewayState, Link, LinkIx, LinkKind, LinkState, VnetIx, limits,
};

fn no_change(message: String) -> Refusal {
    Refusal::new(RefusalCode::NoChange, "", message)
}

/// `break-gateway V`: every gateway of the VNet is there and carries nothing.
pub(super) fn break_gateway(world: &World, vnet: &str) -> Result<Done, Refusal> {
    let vnet = world.vnet_named(vnet)?;
    let title = &world.vnet(vnet).title;
    if world.vnet(vnet).gateways.is_empty() {
        return Err(Refusal::new(RefusalCode::NoGateway, "B28", format!("{title} has no gateway to break")));
    }
    set_gateways(world, vnet, GatewayState::Broken)
        .ok_or_else(|| no_change(format!("the gateways of {title} are broken already")))
}

/// `slow-gateway V`: gateways made there from now on take twice as long.
pub(super) fn slow_gateway(world: &World, vnet: &str) -> Result<Done, Refusal> {
    let vnet = world.vnet_named(vnet)?;
    if world.faults.slow.contains(&vnet) {
        return Err(no_change(format!("gateways of {} take twice as long already", world.vnet(vnet).title)));
    }
    let mut next = world.clone();
    Arc::make_mut(&mut next.faults).slow.insert(vnet);
    Ok(Done::instantly(next, vec![pace(vnet, true)]))
}

fn pace(vnet: VnetIx, slow: bool) -> Change {
    let word =
        |slow: bool| Some(if slow { "twice as long to create" } else { "as long as usual to create" }.to_owned());
    Change::new(Subject::Gateway(vnet, GatewayKind::Vpn), word(!slow), word(slow))
}

/// `repair-gateway V`: its gateways work, and are made, as usual again.
pub(super) fn repair_gateway(world: &World, vnet: &str) -> Result<Done, Refusal> {
    let vnet = world.vnet_named(vnet)?;
    let slow = world.faults.slow.contains(&vnet);
    let mut done = match set_gateways(world, vnet, GatewayState::Ready) {
        Some(done) => done,
        None if slow => Done::instantly(world.clone(), Vec::new()),
        None => return Err(no_change(format!("nothing is wrong with the gateways of {}", world.vnet(vnet).title))),
    };
    if slow {
        Arc::make_mut(&mut done.world.faults).slow.remove(&vnet);
        done.changes.push(pace(vnet, false));
    }
    Ok(done)
}

/// Puts all gateways of a VNet into a state; nothing where they are in it.
fn set_gateways(world: &World, vnet: VnetIx, state: GatewayState) -> Option<Done> {
    let mut next = world.clone();
    let mut changes = Vec::new();
    for gateway in &mut Arc::make_mut(&mut next.vnets)[vnet.at()].gateways {
        let before = std::mem::replace(&mut gateway.state, state);
        if before != state {
            let subject = Subject::Gateway(vnet, gateway.kind);
            changes.push(Change::new(subject, Some(before.to_string()), Some(state.to_string())));
        }
    }
    (!changes.is_empty()).then(|| Done::instantly(next, changes))
}

/// What may happen to a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mishap {
    Flap,
    Stick,
    WrongKey,
    Half,
    RefuseDisconnect,
}

/// The first link between two networks that the mishap can happen to.
pub(super) fn mishap(world: &World, a: &str, b: &str, mishap: Mishap) -> Result<Done, Refusal> {
    let [here, there] = links::two_ends(world, a, b)?;
    let kind = match mishap {
        Mishap::WrongKey => Some(LinkKind::Vpn),
        Mishap::Half => Some(LinkKind::Peering),
        _ => None,
    };
    let fits = |link: &&Link| link.joins(here, there) && kind.is_none_or(|kind| link.kind == kind);
    let own = || world.live_links().filter(move |(_, link)| fits(link));
    let ready = |link: &Link| match mishap {
        Mishap::Flap => link.state == LinkState::Connected && !link.faults.flapping,
        Mishap::Stick => link.state == LinkState::Connected,
        Mishap::WrongKey => link.state == LinkState::Connected,
        Mishap::Half => link.halves.iter().all(|half| half.exists),
        Mishap::RefuseDisconnect => !link.faults.undeletable,
    };
    let Some((at, link)) = own().find(|(_, link)| ready(link)) else {
        let [one, other] = [here, there].map(|node| world.node_title(node));
        let by = kind.map(|kind| format!(" by {}", kind.title())).unwrap_or_default();
        return Err(match own().next() {
            None => Refusal::new(RefusalCode::NotConnected, "", format!("{one} and {other} are not connected{by}")),
            Some((_, link)) => no_change(format!("that cannot happen to {} as it is now", link.id)),
        });
    };
    let mut changed = link.clone();
    let words = match mishap {
        Mishap::Flap => {
            changed.faults.flapping = true;
            ["steady", "flapping"]
        }
        Mishap::RefuseDisconnect => {
            changed.faults.undeletable = true;
            ["removable", "not removable"]
        }
        Mishap::Stick => {
            changed.faults = Faults { stuck: true, flapping: false, ..changed.faults };
            [""; 2]
        }
        Mishap::WrongKey => {
            changed.faults = Faults { wrong_key: true, flapping: false, ..changed.faults };
            [""; 2]
        }
        Mishap::Half => {
            if let Some(side) = changed.side(there) {
                changed.halves[side].exists = false;
            }
            changed.faults = Faults { undeletable: changed.faults.undeletable, ..Faults::default() };
            [""; 2]
        }
    };
    changed.state = changed.settled(link.state);
    Ok(replaced(world, at, changed, words))
}

/// `repair-link A B`: every link between the two is as it should be again.
pub(super) fn repair(world: &World, a: &str, b: &str) -> Result<Done, Refusal> {
    let [here, there] = links::two_ends(world, a, b)?;
    let own = || world.live_links().filter(|(_, link)| link.joins(here, there));
    let ill = |link: &Link| link.state != LinkState::Connected || link.faults != Faults::default();
    let (mut done, mut failed) = (Done::instantly(world.clone(), Vec::new()), None);
    for (at, link) in own().filter(|(_, link)| ill(link)) {
        let mut whole = Link { faults: Faults::default(), ..link.clone() };
        if link.halves.iter().any(|half| !half.exists) {
            // A half that is missing comes anew, and must be allowed as any.
            let wanted = Wanted::like(link);
            if let Err(refusal) = done.world.allow(wanted) {
                failed = Some(refusal);
                continue;
            }
            whole = done.world.candidate(wanted);
        }
        whole.state = LinkState::Connected;
        let words = if link.state == LinkState::Connected { ["out of order", "in order"] } else { [""; 2] };
        let next = replaced(&done.world, at, whole, words);
        done.world = next.world;
        done.changes.extend(next.changes);
    }
    if !done.changes.is_empty() {
        return Ok(done);
    }
    let [one, other] = [here, there].map(|node| world.node_title(node));
    Err(failed.unwrap_or_else(|| match own().next() {
        None => Refusal::new(RefusalCode::NotConnected, "", format!("{one} and {other} are not connected")),
        Some((_, link)) => no_change(format!("nothing is wrong with {}", link.id)),
    }))
}

/// The world with a link replaced; the change says its states, or these words where the state is the same.
fn replaced(world: &World, at: LinkIx, link: Link, words: [&str; 2]) -> Done {
    let (before, after) = (world.link(at).state, link.state);
    let said = match before == after {
        true => words.map(|word| Some(word.to_owned())),
        false => [Some(before.to_string()), Some(after.to_string())],
    };
    let mut next = world.clone();
    Arc::make_mut(&mut next.links)[at.at()] = link;
    let [from, to] = said;
    Done::instantly(next, vec![Change::new(Subject::Link(at), from, to)])
}

/// `circuit-down CIRCUIT` and `circuit-up CIRCUIT`
pub(super) fn circuit(world: &World, circuit: &str, down: bool) -> Result<Done, Refusal> {
    let circuit: CircuitIx = world.circuit_named(circuit)?;
    let word = |down: bool| if down { "down" } else { "up" };
    let mut next = world.clone();
    let circuits: &mut BTreeSet<CircuitIx> = &mut Arc::make_mut(&mut next.faults).circuits;
    let changed = if down { circuits.insert(circuit) } else { circuits.remove(&circuit) };
    if !changed {
        let title = &world.topology.circuits[circuit.at()].title;
        return Err(no_change(format!("{title} is {} already", word(down))));
    }
    let words = |down: bool| Some(word(down).to_owned());
    Ok(Done::instantly(next, vec![Change::new(Subject::Circuit(circuit), words(!down), words(down))]))
}

/// `capacity-short SKU`: no gateway of the SKU can be created from now on.
pub(super) fn capacity_short(world: &World, sku: &str) -> Result<Done, Refusal> {
    let known = || [GatewayKind::Vpn, GatewayKind::Expressroute].into_iter().flat_map(limits::skus).copied();
    let Some(sku) = known().find(|known| *known == sku) else {
        let message = format!("no gateway has the SKU `{sku}`{}", did_you_mean(sku, known()));
        return Err(Refusal::new(RefusalCode::UnknownId, "B30, B51", message));
    };
    let mut next = world.clone();
    if !Arc::make_mut(&mut next.faults).short.insert(sku.to_owned()) {
        return Err(no_change(format!("{sku} cannot be had already")));
    }
    let words = |word: &str| Some(word.to_owned());
    let change = Change::new(Subject::Sku(sku), words("to be had"), words("not to be had"));
    Ok(Done::instantly(next, vec![change]))
}
