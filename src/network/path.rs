//! The way of one packet: the routers it meets, the route that won at each, and the routes that lost.

use std::net::Ipv4Addr;

use super::explanation::{Hop, Loser, WhyLost};
use super::forwarding::{Delivery, Network};
use super::offers;
use super::router::Router;
use super::routes::{self, NextHop, Origin, Route};
use super::walk::Move;
use super::wiring::Wiring;
use crate::topology::Node;
use crate::topology::overlap::Spaces;
use crate::world::World;

/// How many routers an explanation shows; a circle is plain before that.
const MOST_SHOWN: usize = 12;

/// A packet's way, and where it ends.
pub(super) struct Trace {
    /// The networks it meets.
    pub hops: Vec<Hop>,
    /// What becomes of it.
    pub end: Delivery,
    /// The router that had the last word.
    pub last: Router,
}

/// The way of a packet to an address that a machine in `origin` sends by `router`.
pub(super) fn of(wiring: &Wiring<'_>, network: &Network, (router, origin): (Router, Node), address: Ipv4Addr) -> Trace {
    let mut hops = Vec::new();
    let (mut at, mut appliance) = (router, None);
    loop {
        hops.push(Hop { appliance, ..hop(wiring, at, address) });
        match network.next(at, origin, address.into()) {
            Move::Goes(next, vm) if hops.len() < MOST_SHOWN => (at, appliance) = (next, vm),
            Move::Goes(..) => return Trace { hops, end: Delivery::Loop, last: at },
            Move::Ends(end) => {
                let here = at.node(wiring.world);
                match end {
                    Delivery::Delivered(there) if there != here => hops.push(arrival(wiring, there, address)),
                    // A site handed it to a VNet that does not own the address.
                    Delivery::Strayed if here.site().is_some() => {
                        let to = hops.last().and_then(|hop| hop.route?.to);
                        hops.extend(to.map(|to| Hop { route: None, ..arrival(wiring, to, address) }));
                    }
                    _ => {}
                }
                return Trace { hops, end, last: at };
            }
        }
    }
}

/// The route that wins for an address: the longest active one.
pub(super) fn winner(routes: &[Route], address: Ipv4Addr) -> Option<&Route> {
    let matching = routes.iter().filter(|route| route.is_active() && route.prefix.contains(&address));
    // Of equal ones the first in the list, which `max_by_key` alone would not give.
    matching.rev().max_by_key(|route| route.prefix.prefix_len())
}

/// The network a packet arrives at: what it does with what is for itself.
fn arrival(wiring: &Wiring<'_>, at: Node, address: Ipv4Addr) -> Hop {
    let owned = wiring.world.space(at).iter().any(|range| range.contains(&address));
    if owned {
        hop(wiring, Router::Network(at), address)
    } else {
        Hop { at, asked: Router::Network(at), appliance: None, route: None, losers: Vec::new() }
    }
}

fn hop(wiring: &Wiring<'_>, asked: Router, address: Ipv4Addr) -> Hop {
    let world = wiring.world;
    let at = asked.node(world);
    let mut routes = routes::of_router(wiring, asked);
    routes.retain(|route| route.prefix.contains(&address));
    let winner = winner(&routes, address).copied();
    let losers = routes.iter().filter(|route| Some(**route) != winner);
    let mut losers: Vec<Loser> =
        losers.map(|route| Loser { route: *route, why: why_lost(wiring.world, route, winner.as_ref()) }).collect();
    losers.extend(withheld(wiring, asked, address));
    let delivered_by_site = winner.is_some_and(|route| at.site().is_some() && route.next_hop == NextHop::VnetLocal);
    Hop { at, asked, appliance: None, losers, route: winner.filter(|_| !delivered_by_site) }
}

/// What gateways bring that a route table keeps from its subnet, because it does not propagate (C3).
fn withheld(wiring: &Wiring<'_>, asked: Router, address: Ipv4Addr) -> Vec<Loser> {
    let Router::Subnet(subnet) = asked else { return Vec::new() };
    let world = wiring.world;
    let here = world.subnet(subnet);
    let table = here.route_table.map(|table| &world.topology().route_tables[table.at()]);
    if table.is_none_or(|table| table.propagates) {
        return Vec::new();
    }
    let brought = offers::brought(wiring, here.vnet).into_iter().filter(|route| route.prefix.contains(&address));
    brought.map(|route| Loser { route, why: WhyLost::NotPropagated }).collect()
}

fn why_lost(world: &World, route: &Route, winner: Option<&Route>) -> WhyLost {
    let down = match route.link {
        Some(link) => !world.carries(link),
        None => route.origin == Origin::User && route.state == routes::RouteState::Invalid,
    };
    let winner = winner.filter(|_| !down);
    let Some(winner) = winner else { return WhyLost::LinkDown };
    if route.prefix.prefix_len() < winner.prefix.prefix_len() {
        WhyLost::ShorterPrefix
    } else if route.is_active() {
        WhyLost::Tied
    } else if route.origin == Origin::Gateway && routes::shields(winner) {
        WhyLost::SystemPreferred
    } else if route.prefix != winner.prefix || route.rank <= winner.rank {
        // Its own link is up, so it is another link on its way that is not (B21, B54).
        WhyLost::LinkDown
    } else if route.origin == Origin::User {
        WhyLost::TagLoses
    } else if route.origin == Origin::Gateway && winner.origin == Origin::Gateway {
        match (route.rank.0 == winner.rank.0, route.rank.0 == routes::rank::EXPRESSROUTE) {
            (true, true) => WhyLost::LowerWeight,
            (true, false) => WhyLost::LongerPath,
            (false, _) => WhyLost::ExpressroutePreferred,
        }
    } else {
        WhyLost::LowerSource
    }
}
