//! Which commands would let two networks talk, in an order the rules accept.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::words;
use crate::topology::overlap::{Wanted, clashes, direct_overlap};
use crate::topology::{Command, Link, LinkIx, LinkKind, LinkState, Node, SiteIx, VnetIx};
use crate::world::{World, apply};

/// What would help.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Mend {
    /// The commands, in order; none where no command helps.
    pub commands: Vec<Command>,
    /// The same in a sentence.
    pub advice: String,
}

/// The networks whose link joins two that are not linked: they themselves, or where the link needs a gateway the hub of one
/// that uses its hub's gateway and so cannot have one of its own (B17, B21).
fn linked_by(world: &World, [a, b]: [Node; 2]) -> ([Node; 2], Wanted) {
    let wanted = world.meant([a, b], None);
    let direct = world.live_links().any(|(_, link)| link.joins(a, b));
    if direct || wanted.kind.gateway().is_none() {
        return ([a, b], wanted);
    }
    let hub = |node: Node| node.vnet().and_then(|vnet| world.hub_of(vnet)).map_or(node, Node::Vnet);
    match [hub(a), hub(b)] {
        [p, q] if [p, q] == [a, b] => ([a, b], wanted),
        // Two that use one gateway are joined by a peering.
        [p, q] if p == q || p == b || q == a => ([a, b], world.meant([a, b], Some(LinkKind::Peering))),
        hubs => (hubs, world.meant(hubs, None)),
    }
}

/// What it takes that two networks reach each other directly, or over the hubs whose gateways they use: the links in the
/// way cut, missing gateways created, the link made, and the route of a site pointed at it. Each network comes with its
/// address that wants to talk. The answer does not depend on who asks.
pub(super) fn join(world: &World, mut ends: [(Node, Ipv4Addr); 2]) -> Mend {
    ends.sort_unstable();
    let [(near, address_near), (far, address_far)] = ends;
    if near == far {
        return Mend::default();
    }
    if near.site().is_some() && far.site().is_some() {
        return Mend { commands: Vec::new(), advice: "No link of a cloud joins two sites.".into() };
    }
    let ([a, b], wanted) = linked_by(world, [near, far]);
    let overlap = direct_overlap(world, [near, far]).or_else(|| direct_overlap(world, [a, b]));
    if let Some((one, other)) = overlap {
        let advice = if one == other {
            format!("No link can ever join them, because both hold {one}.")
        } else {
            format!("No link can ever join them, because {one} and {other} overlap.")
        };
        return Mend { commands: Vec::new(), advice };
    }
    let mut commands = Vec::new();
    let mut advice = Vec::new();
    let joining = || world.live_links().filter(|(_, link)| link.joins(a, b));
    let linked = joining().find(|(_, link)| !link.state.is_broken() || link.faults.wrong_key);
    let ill = joining().find(|(at, _)| !world.link_mend(*at).is_empty());
    let silent = [a, b].into_iter().filter_map(|node| world.region_of(node)).find(|region| !world.answers(*region));
    if let (None, Some(region)) = (linked, silent) {
        // What could not be removed there comes back with the region, so the rest is what helps then (B58.5).
        let restore = Command::Restore(world.regions()[region.at()].id.clone());
        if let Ok(done) = apply(world, &restore) {
            let mut then = join(&done.world, ends);
            then.commands.insert(0, restore);
            then.advice = format!("{} has to come back. {}", world.region_title(region), then.advice);
            return then;
        }
    }
    let works = joining().any(|(at, _)| world.carries(at));
    if let (Some((at, link)), Some(_), false) = (ill, linked, works) {
        let mend = world.link_mend(at);
        let how = mend.iter().map(|command| format!("`{command}`")).collect::<Vec<_>>().join(", then ");
        advice.push(format!("What is wrong with their {} is mended by {how}.", link.kind.title()));
        commands.extend(mend);
    } else if linked.is_none() {
        let kind = wanted.kind;
        let mut remove = |link: LinkIx, why: String| {
            let fresh: Vec<Command> =
                world.removal(link).into_iter().filter(|command| !commands.contains(command)).collect();
            if !fresh.is_empty() {
                commands.extend(fresh);
                advice.push(why);
            }
        };
        for (left, link) in joining() {
            remove(left, format!("First remove what is left of their {}.", link.kind.title()));
        }
        for clash in clashes(world, world.links(), wanted) {
            let (at, neighbour) = (world.node_title(clash.at), words::network(world, clash.neighbour));
            remove(clash.link, format!("First cut the link of {at} to {neighbour}, which overlaps."));
        }
        commands.extend(kind.gateway().into_iter().flat_map(|kind| world.repairs([a, b], kind)));
        let needed = kind.gateway().into_iter().flat_map(|gateway| [a, b].map(|node| (node.vnet(), gateway)));
        for (vnet, gateway) in needed.filter_map(|(vnet, gateway)| Some((vnet?, gateway))) {
            if world.gateway(vnet, gateway).is_none() {
                commands.push(world.gateway_command(vnet, gateway, wanted.bgp));
                advice.push(format!("{} needs a {} gateway first.", world.vnet(vnet).title, gateway.title()));
            }
        }
        advice.push(format!("Connect {} and {}.", world.node_title(a), world.node_title(b)));
        let plain = world.meant([a, b], None).kind == kind;
        // Named as the link that was there is, so that another mend of it is the same command.
        let known = world.links().iter().find(|link| link.joins(a, b));
        let [a, b] = known.map_or([a, b], |link| link.between);
        let (a, b) = (world.node_id(a).to_owned(), world.node_id(b).to_owned());
        commands.push(Command::Connect { a, b, kind: (!plain).then_some(kind), circuit: None, bgp: false });
    }
    for (site, via, owner, address) in [(a, b, far, address_far), (b, a, near, address_near)] {
        let (Node::Site(site), Node::Vnet(via)) = (site, via) else { continue };
        if let Some((route, what)) = reroute(world, site, via, (owner, address), linked.is_none()) {
            commands.push(route);
            advice.push(what);
        }
    }
    Mend { commands, advice: advice.join(" ") }
}

/// The route by which a site sends to the network of an address over a VNet it is joined to, with the same in a sentence;
/// none where it sends there already.
pub(super) fn reroute(
    world: &World,
    site: SiteIx,
    via: VnetIx,
    (owner, address): (Node, Ipv4Addr),
    new_link: bool,
) -> Option<(Command, String)> {
    let prefix = routed(world, site, via, (owner, address), new_link)?;
    let (site, via) = (world.site(site), world.vnet(via));
    let route = Command::Route { site: site.id.clone(), prefix, via: via.id.clone() };
    Some((route, format!("Point the route of {} for {prefix} at {}.", site.title, via.title)))
}

/// The prefix whose route the site must point at the VNet so that packets to `address` go there; none where they will.
/// A new link brings a route for each range the site has no route for (`formats.md`, site routes).
fn routed(
    world: &World,
    site: SiteIx,
    vnet: VnetIx,
    (owner, address): (Node, Ipv4Addr),
    new_link: bool,
) -> Option<Ipv4Net> {
    let site = world.site(site);
    let range = words::range(world, owner, address);
    let brought = (new_link && site.routes.iter().all(|route| route.prefix != range)).then_some((range, vnet));
    let routes = site.routes.iter().map(|route| (route.prefix, route.via)).chain(brought);
    let matching = routes.filter(|(prefix, _)| prefix.contains(&address));
    match matching.max_by_key(|(prefix, _)| prefix.prefix_len()) {
        Some((_, via)) if via == vnet => None,
        Some((prefix, _)) => Some(prefix),
        None => Some(range),
    }
}

/// Whether a link between the two is being made.
pub(super) fn pending(world: &World, a: Node, b: Node) -> Option<&Link> {
    world.links().iter().find(|link| link.state == LinkState::Pending && link.joins(a, b))
}
