//! What goes wrong on the way of one packet from one party to another, in a sentence, with what would mend it.

use std::net::Ipv4Addr;

use petgraph::graph::{NodeIndex, UnGraph};

use super::explanation::{Blocker, Hop};
use super::forwarding::{Delivery, Network};
use super::mend::{self, Mend};
use super::party::Party;
use super::path::Trace;
use super::router::Router;
use super::routes::{self, NextHop, Route};
use super::wiring::{self, Wiring};
use super::{VerdictCode, path, table, words};
use crate::topology::twice::{Twice, Way, learned_twice};
use crate::topology::{Command, Link, LinkIx, LinkKind, LinkState, Node};
use crate::world::World;

/// A packet on its way from one party to another.
pub(super) struct Packet<'a> {
    pub wiring: &'a Wiring<'a>,
    pub network: &'a Network,
    pub from: &'a Party,
    pub to: &'a Party,
    /// Where it is sent to: an address of `to`.
    pub address: Ipv4Addr,
    /// Where it went.
    pub trace: Trace,
    /// What the last router on its way could do with it.
    pub routes: Vec<Route>,
}

/// What keeps packets of `from` from `to`; none where they arrive.
pub(super) fn on_the_way(wiring: &Wiring<'_>, network: &Network, from: &Party, to: &Party) -> Option<Blocker> {
    let address = to.missed_from(network, from.sender())?;
    let trace = path::of(wiring, network, from.sender(), address);
    let mut routes = routes::of_router(wiring, trace.last);
    routes.retain(|route| route.prefix.contains(&address));
    let packet = Packet { wiring, network, from, to, address, trace, routes };
    if let Some(blocker) = packet.by_table() {
        return Some(blocker);
    }
    Some(match packet.trace.end {
        Delivery::Delivered(elsewhere) => packet.elsewhere(elsewhere),
        Delivery::Ambiguous => packet.ambiguous(),
        Delivery::Strayed => packet.strayed(),
        Delivery::Dropped => packet.undelivered(VerdictCode::Dropped),
        Delivery::Internet => packet.undelivered(VerdictCode::NoRoute),
        Delivery::NoRoute => packet.unrouted(),
        Delivery::NoAppliance => packet.appliance_missing(),
        Delivery::DeadNextHop => packet.dead_next_hop(),
        Delivery::NotLetIn => packet.not_let_in(),
        Delivery::Loop => packet.circle(),
    })
}

impl Packet<'_> {
    pub(super) fn world(&self) -> &World {
        self.wiring.world
    }

    pub(super) fn blocker(code: VerdictCode, sentence: &str, mend: Mend) -> Blocker {
        let message = if mend.advice.is_empty() { sentence.to_owned() } else { format!("{sentence} {}", mend.advice) };
        Blocker { code, message, mend: mend.commands }
    }

    /// The network whose routes had the last word, and what its machines call it.
    fn last(&self) -> Node {
        self.trace.last.node(self.world())
    }

    pub(super) fn join(&self) -> Mend {
        let ends = [(self.from.node, self.from.address()), (self.to.node, self.address)];
        self.transit_route().unwrap_or_else(|| mend::join(self.world(), ends))
    }

    /// The route that lets a site use a VNet it is joined to whose gateway passes on what arrives there (B21, B38).
    fn transit_route(&self) -> Option<Mend> {
        let world = self.world();
        let (here, there) = (self.from.node, self.to.node);
        let site = here.site()?;
        let live = || self.wiring.links(here).filter(|(ix, _)| world.carries(*ix));
        if live().any(|(_, link)| link.joins(here, there)) {
            return None;
        }
        let leads = |link: &Link| {
            let via = link.other(here)?.vnet()?;
            let gateway = Router::Gateway(via, table::arrival(self.wiring, link));
            let end = self.network.walk(gateway, here, self.address.into());
            (end == Delivery::Delivered(there)).then_some(via)
        };
        let via = live().find_map(|(_, link)| leads(link))?;
        let (route, advice) = mend::reroute(world, site, via, (there, self.address), false)?;
        Some(Mend { commands: vec![route], advice })
    }

    /// It is delivered in a network where the other party is not.
    fn elsewhere(&self, at: Node) -> Blocker {
        let world = self.world();
        let here = world.node_title(self.last());
        let (who, there) = (words::party(world, self.to), words::network(world, self.to.node));
        let range = words::range(world, at, self.address);
        let tenant = at.vnet().and_then(|vnet| self.network.tenant(world, vnet, self.address));
        let way = match path::winner(&self.routes, self.address).and_then(|route| route.link) {
            None => format!("A packet for {} stays inside {here}, because {range} is its own space", self.address),
            Some(link) => format!(
                "{here} sends {range} through its {} to {}",
                words::link(world, link),
                words::network(world, at)
            ),
        };
        let (code, sentence) = match tenant {
            Some(tenant) => {
                let twin = words::tenant(world, tenant);
                (VerdictCode::AnsweredByTwin, format!("{way}, and there {twin} answers instead of {who} in {there}."))
            }
            None => (VerdictCode::Shadowed, format!("{way}, but {who} is in {there}.")),
        };
        Self::blocker(code, &sentence, self.instead_of(at))
    }

    /// What sends the packet to its party instead of to `at`.
    fn instead_of(&self, at: Node) -> Mend {
        let world = self.world();
        if at == self.from.node && at.vnet().is_some() && self.trace.hops.len() == 1 {
            let range = words::range(world, at, self.address);
            let advice = format!("No link changes that: have both on one side, or one of them outside {range}.");
            return Mend { commands: Vec::new(), advice };
        }
        let mut join = self.join();
        // What a gateway brings gives way to a longer prefix by itself (C6).
        let range = words::range(world, self.to.node, self.address);
        let yields = |route: &&Route| !routes::shields(route) && route.prefix.prefix_len() < range.prefix_len();
        let claiming = path::winner(&self.routes, self.address).filter(|route| !yields(route));
        let claiming = claiming.and_then(|route| route.link);
        // A site is re-routed, but a VNet has no say in where the ranges of its neighbours go.
        if let Some(link) = claiming.filter(|_| self.from.node.vnet().is_some() && self.trace.hops.len() <= 2) {
            self.cut_first(&mut join, &[link]);
        }
        join
    }

    /// Puts the removal of links before what `mend` says, unless nothing helps anyway.
    fn cut_first(&self, mend: &mut Mend, links: &[LinkIx]) {
        let linked = self.world().live_links().any(|(_, link)| link.joins(self.from.node, self.to.node));
        if mend.commands.is_empty() && !linked {
            return;
        }
        // A region that answers again brings back what could not be removed in it, so it comes before any removal (B58.5).
        let restores = |command: &Command| matches!(command, Command::Restore(_));
        let removals = links.iter().flat_map(|link| self.world().removal(*link));
        let (mut commands, mut rest): (Vec<_>, Vec<_>) = removals.chain(mend.commands.drain(..)).partition(restores);
        commands.append(&mut rest);
        let mut seen = std::collections::HashSet::new();
        commands.retain(|command| seen.insert(command.clone()));
        mend.commands = commands;
        if mend.advice.is_empty() {
            let ends = links
                .iter()
                .map(|link| self.world().link(*link).between.map(|node| self.world().node_title(node)).join(" and "));
            mend.advice = ends.map(|ends| format!("Cut the link between {ends}.")).collect::<Vec<_>>().join(" ");
        }
    }

    /// Two live routes are equally good.
    fn ambiguous(&self) -> Blocker {
        let world = self.world();
        let Some(first) = path::winner(&self.routes, self.address) else { return self.unrouted() };
        let tied: Vec<_> =
            self.routes.iter().filter(|route| route.is_active() && route.prefix == first.prefix).collect();
        let names: Vec<_> = tied.iter().filter_map(|route| route.to).map(|to| world.node_title(to)).collect();
        let sentence = format!(
            "{} has more than one live route for {}, to {}, and prefers none of them.",
            world.node_title(self.last()),
            first.prefix,
            names.join(" and to ")
        );
        let mut join = match self.from.node {
            Node::Site(_) => self.learned_once().unwrap_or_else(|| self.join()),
            Node::Vnet(_) => self.join(),
        };
        if self.from.node.vnet().is_some() {
            let wrong = tied.iter().filter(|route| route.to != Some(self.to.node)).filter_map(|route| route.link);
            self.cut_first(&mut join, &wrong.collect::<Vec<_>>());
        }
        Self::blocker(VerdictCode::Ambiguous, &sentence, join)
    }

    /// Taking from its hub whoever else a site learns the prefix from (B12, INV-1).
    fn learned_once(&self) -> Option<Mend> {
        let world = self.world();
        let twice = learned_twice(world, world.links(), |link| world.passes(link), self.from.node);
        let rivals = twice.into_iter().filter(|Twice(ways)| {
            let owned = |way: &Way| Node::Vnet(way.owner) == self.to.node && way.prefix.contains(&self.address);
            ways.iter().any(owned)
        });
        let other = |way: &Way| Node::Vnet(way.owner) != self.to.node;
        let peerings = rivals.filter_map(|Twice(ways)| ways.into_iter().find(other)?.peering);
        let commands: Vec<Command> = peerings.map(|peering| world.disconnect_command(peering)).collect();
        let advice = "Let one of the two have it: take the other from its hub.".to_owned();
        (!commands.is_empty()).then_some(Mend { commands, advice })
    }

    /// It came over a link to a network that neither owns the address nor passes it on.
    fn strayed(&self) -> Blocker {
        let world = self.world();
        if let Some(transit) = self.gateway_transit() {
            return transit;
        }
        // A gateway that knows a peer but may not send there is where the packet strayed, not who sent it astray.
        let keeps = |hop: &Hop, route: &Route| {
            matches!(hop.asked, Router::Gateway(..)) && route.next_hop == NextHop::VnetPeering
        };
        let sending = self.trace.hops.iter().rev().find_map(|hop| {
            let route = hop.route.filter(|route| !keeps(hop, route))?;
            Some((hop.at, route))
        });
        let (here, route) = sending.map_or((self.from.node, None), |(at, route)| (at, Some(route)));
        let via = route.and_then(|route| route.to).map_or("another network", |to| world.node_title(to));
        let prefix = route.map_or_else(|| self.address.into(), |route| route.prefix);
        let here = world.node_title(here);
        let sentence = format!("{here} sends {prefix} to {via}, and what arrives there over a link is not passed on.");
        Self::blocker(VerdictCode::NotTransitive, &sentence, self.join())
    }

    /// No live route of a VNet leads to the party's network.
    fn undelivered(&self, otherwise: VerdictCode) -> Blocker {
        let known =
            [Self::half_link, Self::not_listed, Self::gateway_transit, Self::region_down, Self::chain, Self::pending];
        if let Some(known) = known.iter().find_map(|cause| cause(self)) {
            return known;
        }
        let world = self.world();
        let (here, there) = (words::network(world, self.from.node), words::network(world, self.to.node));
        let fate = match path::winner(&self.routes, self.address) {
            Some(route) if otherwise == VerdictCode::Dropped => {
                format!("its route for {} drops what goes there", route.prefix)
            }
            _ => "packets for it would leave to the Internet".to_owned(),
        };
        Self::blocker(otherwise, &format!("No link leads from {here} to {there}, so {fate}."), self.join())
    }

    /// No route of a site matches, or none whose link is there.
    fn unrouted(&self) -> Blocker {
        let world = self.world();
        let here = world.node_title(self.from.node);
        let longest =
            self.routes.iter().filter(|route| !route.is_active()).max_by_key(|route| route.prefix.prefix_len());
        let via = longest.and_then(|route| Some((route, route.to?)));
        let pending = self.half_link().or_else(|| self.pending());
        if let Some(pending) = pending.filter(|_| via.is_none_or(|(_, to)| to == self.to.node)) {
            return pending;
        }
        if let Some(transit) = self.gateway_transit().filter(|_| via.is_none()) {
            return transit;
        }
        let sentence = match via {
            Some((route, to)) => {
                let why = match route.link {
                    Some(link) if world.link(link).state == LinkState::Pending => "the link to it is still being made",
                    Some(_) => "its region is down",
                    None => "no link leads there now",
                };
                format!("{here} still sends {} to {}, and {why}.", route.prefix, world.node_title(to))
            }
            None => format!("{here} has no route for {}.", words::range(world, self.to.node, self.address)),
        };
        Self::blocker(VerdictCode::NoRoute, &sentence, self.join())
    }

    /// The link to the party's network is still being made.
    fn pending(&self) -> Option<Blocker> {
        let world = self.world();
        let link = mend::pending(world, self.from.node, self.to.node)?;
        let [here, there] = [self.from.node, self.to.node].map(|node| words::network(world, node));
        let kind = match link.kind {
            LinkKind::Peering => "peering",
            LinkKind::Vpn => "VPN connection",
            LinkKind::Expressroute => "ExpressRoute connection",
        };
        let sentence = format!("The {kind} between {here} and {there} is still being made; wait until it is up.");
        let route_only = Mend { advice: String::new(), ..self.join() };
        Some(Self::blocker(VerdictCode::LinkPending, &sentence, route_only))
    }

    /// Live links lead there in a chain, but what arrives over one is not sent on over another (B16, B37).
    fn chain(&self) -> Option<Blocker> {
        let world = self.world();
        let id = |node| NodeIndex::new(wiring::position(world, node));
        let mut graph: UnGraph<Node, ()> = UnGraph::default();
        for node in wiring::nodes(world) {
            graph.add_node(node);
        }
        for (_, link) in world.live_links().filter(|(ix, _)| world.carries(*ix)) {
            graph.add_edge(id(link.between[0]), id(link.between[1]), ());
        }
        let goal = id(self.to.node);
        let found = petgraph::algo::astar(&graph, id(self.from.node), |node| node == goal, |_| 1u32, |_| 0);
        let (_, chain) = found.filter(|(length, _)| *length > 1)?;
        let between = chain.get(1..chain.len() - 1)?;
        let names: Vec<_> = between.iter().map(|node| world.node_title(graph[*node])).collect();
        let [here, there] = [self.from.node, self.to.node].map(|node| words::network(world, node));
        let sentence = format!(
            "Links lead from {here} over {} to {there}, but what arrives over one link is not passed on over the next.",
            names.join(" and ")
        );
        // One of them may have lost the BGP by which it was passed on (B37, B39).
        let lost = world.without_bgp().into_iter().find(|finding| {
            let on_the_way = |pair: &[NodeIndex]| {
                let mut links = world.live_links().filter(|(_, link)| finding.at.contains(&link.id));
                links.any(|(_, link)| link.joins(graph[pair[0]], graph[pair[1]]))
            };
            chain.windows(2).any(on_the_way)
        });
        let mend = match lost {
            Some(lost) => Mend { commands: lost.mend, advice: format!("{}.", lost.message) },
            None => self.join(),
        };
        Some(Self::blocker(VerdictCode::NotTransitive, &sentence, mend))
    }
}
