//! Which commands would let two networks talk, in an order the rules accept.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::words;
use crate::topology::overlap::{clashes, direct_overlap};
use crate::topology::{Command, Link, LinkIx, LinkState, Node, SiteIx, VnetIx};
use crate::world::{World, apply};

/// What would help.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Mend {
    /// The commands, in order; none where no command helps.
    pub commands: Vec<Command>,
    /// The same in a sentence.
    pub advice: String,
}

/// What it takes that two networks reach each other directly: the links in the way cut, missing gateways created, the
/// link made, and the route of a site pointed at it. Each network comes with its address that wants to talk. The answer
/// does not depend on who asks.
pub(super) fn join(world: &World, mut ends: [(Node, Ipv4Addr); 2]) -> Mend {
    ends.sort_unstable();
    let [(a, address_a), (b, address_b)] = ends;
    if a == b {
        return Mend::default();
    }
    if a.site().is_some() && b.site().is_some() {
        return Mend { commands: Vec::new(), advice: "No link of a cloud joins two sites.".into() };
    }
    if let Some((one, other)) = direct_overlap(world, [a, b]) {
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
        let wanted = world.meant([a, b], None);
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
        let (a, b) = (world.node_id(a).to_owned(), world.node_id(b).to_owned());
        commands.push(Command::connect(a, b));
    }
    for (site, vnet, address) in [(a, b, address_b), (b, a, address_a)] {
        let (Node::Site(site), Node::Vnet(vnet)) = (site, vnet) else { continue };
        if let Some(prefix) = reroute(world, site, vnet, address, linked.is_none()) {
            let (site, via) = (world.site(site), world.vnet(vnet));
            commands.push(Command::Route { site: site.id.clone(), prefix, via: via.id.clone() });
            advice.push(format!("Point the route of {} for {prefix} at {}.", site.title, via.title));
        }
    }
    Mend { commands, advice: advice.join(" ") }
}

/// The prefix whose route the site must point at the VNet so that packets to `address` go there; none where they will.
/// A new link brings a route for each range the site has no route for (`formats.md`, site routes).
fn reroute(world: &World, site: SiteIx, vnet: VnetIx, address: Ipv4Addr, new_link: bool) -> Option<Ipv4Net> {
    let site = world.site(site);
    let range = words::range(world, Node::Vnet(vnet), address);
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
