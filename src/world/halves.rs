//! One side of a link at a time: its object, and the settings of a peering (B15, B17, B21, B35, B44).

use std::sync::Arc;

use super::{Change, Done, Refusal, RefusalCode, Subject, World, links};
use crate::topology::fit::half_fits;
use crate::topology::timing::Duration;
use crate::topology::{Command, Half, Link, LinkIx, LinkKind, LinkState, Node, PeeringFlag, VnetIx};

/// The two VNets of a command about one half: a link to a site has a single object.
fn two_vnets(world: &World, at: &str, peer: &str) -> Result<[Node; 2], Refusal> {
    let between = links::two_ends(world, at, peer)?;
    match between.into_iter().find(|node| node.site().is_some()) {
        None => Ok(between),
        Some(site) => {
            let message = format!("a link to {} has one object in Azure, so it has no half", world.node_title(site));
            Err(Refusal::new(RefusalCode::WrongKind, "B.7", message))
        }
    }
}

/// `connect-half V PEER [by KIND]`
pub(super) fn connect(world: &World, at: &str, peer: &str, kind: Option<LinkKind>) -> Result<Done, Refusal> {
    let [here, there] = two_vnets(world, at, peer)?;
    let mut wanted = world.meant([here, there], kind);
    let place = world.links.iter().position(|link| wanted.is(link));
    let known = place.map(|at| &world.links[at]).filter(|link| link.state != LinkState::Absent);
    if let (Some(link), Some(place)) = (known, place) {
        wanted.bgp = link.bgp;
        if link.stands_at(here) {
            let message = format!("{} has its half of the {} already", world.node_title(here), link.kind.title());
            return Err(Refusal::new(RefusalCode::AlreadyConnected, "B15, B35", message));
        }
        if link.state == LinkState::Disconnected {
            let message = format!(
                "the half at {} is disconnected and cannot be revived: remove it, then make both anew",
                world.node_title(there)
            );
            let remove = Command::DisconnectHalf { at: peer.into(), peer: at.into(), kind: None };
            let refusal = Refusal::new(RefusalCode::HalfLink, "B15", message);
            return Err(refusal.mended_by(named(world, LinkIx::new(place), remove)));
        }
    }
    world.allow(wanted)?;
    let whole = world.candidate(wanted);
    let mut next = world.clone();
    let before = known.map_or(LinkState::Absent, |link| link.state);
    let far = known.and_then(|link| link.half(there).copied()).unwrap_or(Half { exists: false, ..Half::PRESENT });
    let links = Arc::make_mut(&mut next.links);
    let place = place.unwrap_or(links.len());
    let mut link = whole;
    if let Some(side) = link.side(there) {
        let far_flags = if known.is_some() { far } else { Half { exists: false, ..link.halves[side] } };
        link.halves[side] = far_flags;
    }
    // A peer that does not offer its gateway yet cannot be asked for it (B17).
    if let Some(side) = link.side(here) {
        let offers = link.halves[1 - side].exists && link.halves[1 - side].gateway_transit;
        link.halves[side].remote_gateways &= offers;
    }
    link.faults.wrong_key = known.is_some_and(|known| known.faults.wrong_key);
    link.state = link.settled(before);
    let after = link.state;
    match links.get_mut(place) {
        Some(known) => *known = link,
        None => links.push(link),
    }
    let change = Change::new(Subject::Link(LinkIx::new(place)), Some(before.to_string()), Some(after.to_string()));
    Ok(Done::lasting(next, vec![change], Duration::of_link(wanted.kind)))
}

/// A command about one half with its kind where several links join the two ends.
fn named(world: &World, link: LinkIx, command: Command) -> Command {
    let full = world.disconnect_command(link);
    match (command, full) {
        (Command::DisconnectHalf { at, peer, .. }, Command::Disconnect { kind, .. }) => {
            Command::DisconnectHalf { at, peer, kind }
        }
        (command, _) => command,
    }
}

/// `disconnect-half V PEER [by KIND]`
pub(super) fn disconnect(world: &World, at: &str, peer: &str, kind: Option<LinkKind>) -> Result<Done, Refusal> {
    let [here, there] = two_vnets(world, at, peer)?;
    let found = world.present([here, there], kind, |_| true)?;
    let side = standing_at(world, found, here)?;
    world.region_answers_at(here)?;
    world.unheld(found)?;
    let mut next = world.clone();
    let link = &mut Arc::make_mut(&mut next.links)[found.at()];
    let before = link.state;
    link.halves[side].exists = false;
    link.faults = crate::topology::Faults::default();
    link.state = link.settled(before);
    let change = Change::new(Subject::Link(found), Some(before.to_string()), Some(link.state.to_string()));
    Ok(Done::lasting(next, vec![change], Duration::Disconnect))
}

/// The side of a link at a VNet, if its object is there.
fn standing_at(world: &World, link: LinkIx, here: Node) -> Result<usize, Refusal> {
    let shown = world.link(link);
    shown.side(here).filter(|side| shown.halves[*side].exists).ok_or_else(|| {
        let message = format!("{} has no half of {}", world.node_title(here), shown.id);
        Refusal::new(RefusalCode::NotConnected, "B15", message)
    })
}

/// `set-peering V PEER FLAG on|off`
pub(super) fn set(world: &World, at: &str, peer: &str, flag: PeeringFlag, on: bool) -> Result<Done, Refusal> {
    let [here, there] = two_vnets(world, at, peer)?;
    let found = world.present([here, there], Some(LinkKind::Peering), |_| true)?;
    let side = standing_at(world, found, here)?;
    world.region_answers_at(here)?;
    let word = |on: bool| if on { "on" } else { "off" };
    let mut link = world.link(found).clone();
    if *link.halves[side].flag(flag) == on {
        let message = format!("{flag} is {} at {} already", word(on), world.node_title(here));
        return Err(Refusal::new(RefusalCode::NoChange, "B17", message));
    }
    *link.halves[side].flag(flag) = on;
    let far = link.halves[1 - side];
    if flag == PeeringFlag::GatewayTransit && !on && far.exists && far.remote_gateways {
        let (own, user) = (world.node_title(here), world.node_title(there));
        let message = format!("{user} uses the gateway of {own}, so {own} cannot stop offering it");
        let first =
            Command::SetPeering { at: peer.into(), peer: at.into(), flag: PeeringFlag::RemoteGateways, on: false };
        return Err(Refusal::new(RefusalCode::PeeringSetting, "B17", message).mended_by(first));
    }
    if on {
        half_fits(world, world.links.iter(), &link, side).map_err(|misfit| world.misfit(misfit, &link))?;
    }
    let mut next = world.clone();
    Arc::make_mut(&mut next.links)[found.at()] = link;
    let words = |on| Some(format!("{flag} {} at {}", word(on), world.node_id(here)));
    let change = Change::new(Subject::Link(found), words(!on), words(on));
    Ok(Done::lasting(next, vec![change], Duration::Peering))
}

impl World {
    /// What a link is beside its state, in the words of a change: settings of its halves that are not those of the portal
    /// (B17), and what is wrong with it.
    pub fn link_words(&self, link: &Link) -> String {
        let at = |side: usize| {
            let end = self.node_id(link.between[side]);
            link.halves[side].words().into_iter().map(move |word| format!("{word} at {end}"))
        };
        let wrong = [(link.faults.flapping, "flapping"), (link.faults.undeletable, "not removable")];
        let wrong = wrong.into_iter().filter(|(so, _)| *so).map(|(_, word)| word.to_owned());
        let words: Vec<String> = at(0).chain(at(1)).chain(wrong).collect();
        if words.is_empty() { "as usual".to_owned() } else { words.join(", ") }
    }

    /// The VNet whose gateways `spoke` uses: transit is offered there, and used here (B17, B21).
    pub fn hub_of(&self, spoke: VnetIx) -> Option<VnetIx> {
        let hubs = self.live_links().filter_map(|(_, link)| Some((link, link.other(Node::Vnet(spoke))?.vnet()?)));
        hubs.filter(|(link, hub)| link.spoke_of(*hub) == Some(spoke)).map(|(_, hub)| hub).next()
    }

    /// The peerings by which other VNets use the gateways of this one (B17).
    pub(super) fn transit_users(&self, vnet: VnetIx) -> impl Iterator<Item = (LinkIx, Node)> {
        let here = Node::Vnet(vnet);
        self.live_links().filter_map(move |(at, link)| {
            let far = link.other(here).filter(|_| link.kind == LinkKind::Peering)?;
            link.half(far).is_some_and(|half| half.exists && half.remote_gateways).then_some((at, far))
        })
    }

    pub(super) fn region_answers_at(&self, node: Node) -> Result<(), Refusal> {
        node.vnet().map_or(Ok(()), |vnet| self.region_answers(vnet))
    }
}
