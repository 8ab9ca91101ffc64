//! The way of one packet: the networks it meets, the route that won at each, and the routes that lost.

use std::net::Ipv4Addr;

use super::explanation::{Hop, Loser, WhyLost};
use super::routes::{self, NextHop, Origin, Route};
use super::wiring::{self, Wiring};
use crate::topology::Node;
use crate::topology::overlap::Spaces;
use crate::world::World;

/// The way of a packet from a network to an address: the sending network, then the one it is handed to.
pub(super) fn of(wiring: &Wiring<'_>, from: Node, address: Ipv4Addr) -> Vec<Hop> {
    let first = hop(wiring, from, address);
    let arrives = first.route.and_then(|route| route.to);
    let second = arrives.map(|at| {
        // What arrives over a link is delivered in the network's own space or not at all (B16, B37).
        let owned = wiring.world.space(at).iter().any(|range| range.contains(&address));
        if owned { hop(wiring, at, address) } else { Hop { at, route: None, losers: Vec::new() } }
    });
    std::iter::once(first).chain(second).collect()
}

/// The route that wins for an address at a network: the longest active one.
pub(super) fn winner(routes: &[Route], address: Ipv4Addr) -> Option<&Route> {
    let matching = routes.iter().filter(|route| route.is_active() && route.prefix.contains(&address));
    // Of equal ones the first in the list, which `max_by_key` alone would not give.
    matching.rev().max_by_key(|route| route.prefix.prefix_len())
}

fn hop(wiring: &Wiring<'_>, at: Node, address: Ipv4Addr) -> Hop {
    let mut routes = routes::of_node(wiring, at);
    routes.retain(|route| route.prefix.contains(&address));
    let winner = winner(&routes, address).copied();
    let losers = routes.iter().filter(|route| Some(**route) != winner);
    let losers = losers.map(|route| Loser { route: *route, why: why_lost(wiring.world, route, winner.as_ref()) });
    let delivered_by_site = winner.is_some_and(|route| at.site().is_some() && route.next_hop == NextHop::VnetLocal);
    Hop { at, losers: losers.collect(), route: winner.filter(|_| !delivered_by_site) }
}

fn why_lost(world: &World, route: &Route, winner: Option<&Route>) -> WhyLost {
    let down = match route.link {
        Some(link) => !wiring::live(world, world.link(link)),
        None => route.origin == Origin::User,
    };
    let Some(winner) = winner.filter(|_| !down) else { return WhyLost::LinkDown };
    let (own, best) = (routes::rank(world, route), routes::rank(world, winner));
    if route.prefix.prefix_len() < winner.prefix.prefix_len() {
        WhyLost::ShorterPrefix
    } else if route.is_active() {
        WhyLost::Tied
    } else if route.origin == Origin::Gateway && routes::shields(winner) {
        WhyLost::SystemPreferred
    } else if route.prefix != winner.prefix || own <= best {
        // Its own link is up, so it is the other VNet's link to the circuit that is not (B54).
        WhyLost::LinkDown
    } else if route.origin == Origin::Gateway && winner.origin == Origin::Gateway {
        WhyLost::ExpressroutePreferred
    } else {
        WhyLost::LowerSource
    }
}
