//! Where one router sends every address: disjoint intervals, found by binary search.

use std::sync::Arc;

use super::router::{Arrival, Router};
use super::routes::{NextHop, Route, by_place};
use super::wiring::{self, Wiring};
use crate::topology::overlap::Spaces;
use crate::topology::{Link, LinkKind, Node, VnetIx};

/// What becomes of a packet that a network sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It ends in this network, which owns the address.
    Delivered(Node),
    /// It arrives over a link at a network that neither owns the address nor sends it on (B16, B37).
    Strayed,
    /// A None route drops it (C2).
    Dropped,
    /// It leaves for the Internet.
    Internet,
    /// No route matches.
    NoRoute,
    /// Two live routes of one prefix and rank lead to different networks.
    Ambiguous,
    /// Its next hop is an appliance that is not there, does not run or does not forward (C4).
    NoAppliance,
    /// Its next hop is an address out of direct reach, or a gateway that cannot be one (C4, B57).
    DeadNextHop,
    /// A peering does not let in what did not begin in the peer (B17).
    NotLetIn,
    /// It goes in a circle.
    Loop,
}

/// What one router does with a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Step {
    /// It ends in this network.
    At(Node),
    /// It ends in a peered VNet, which lets in what did not begin here, or not (B17).
    Peer { to: VnetIx, lets_in: bool },
    /// It goes to the gateways of a VNet.
    Gateway(VnetIx, Arrival),
    /// It goes to the appliance with this address of a VNet; over a peering that lets in what did not begin here, or not.
    Appliance { vnet: VnetIx, ip: u32, lets_in: bool },
    /// It ends here.
    End(End),
}

/// Why a packet goes no further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum End {
    Strayed,
    Dropped,
    Internet,
    NoRoute,
    Ambiguous,
    DeadNextHop,
}

impl From<End> for Delivery {
    fn from(end: End) -> Self {
        match end {
            End::Strayed => Self::Strayed,
            End::Dropped => Self::Dropped,
            End::Internet => Self::Internet,
            End::NoRoute => Self::NoRoute,
            End::Ambiguous => Self::Ambiguous,
            End::DeadNextHop => Self::DeadNextHop,
        }
    }
}

/// What a route of a router makes of a packet.
fn step(wiring: &Wiring<'_>, router: Router, route: &Route) -> Step {
    let node = router.node(wiring.world);
    let arrived = matches!(router, Router::Gateway(_, arrival) if arrival != Arrival::Inside);
    match (route.next_hop, route.to) {
        (NextHop::VnetLocal, _) => Step::At(node),
        (NextHop::Internet, _) => Step::End(End::Internet),
        (NextHop::None, _) => Step::End(End::Dropped),
        // What came over a link of a gateway goes to those alone that use the gateway (B16, B21).
        (NextHop::VnetPeering, Some(_)) if arrived && !wiring.serves(router, route) => Step::End(End::Strayed),
        (NextHop::VnetPeering, Some(Node::Vnet(to))) => Step::Peer { to, lets_in: lets_in(wiring, router, to, route) },
        (NextHop::VirtualAppliance, Some(Node::Vnet(vnet))) => match route.appliance {
            Some(ip) => Step::Appliance { vnet, ip: ip.into(), lets_in: lets_in(wiring, router, vnet, route) },
            None => Step::End(End::DeadNextHop),
        },
        (NextHop::VirtualNetworkGateway, Some(to)) => over_gateway(wiring, node, route, to),
        _ => Step::End(End::DeadNextHop),
    }
}

/// Whether `to` takes over the route's peering what did not begin in the VNet that sends (B17). From a gateway that it
/// uses it takes everything (B21).
fn lets_in(wiring: &Wiring<'_>, router: Router, to: VnetIx, route: &Route) -> bool {
    let world = wiring.world;
    if wiring.serves(router, route) {
        return true;
    }
    let half = route.link.and_then(|link| wiring::half(world.link(link), Node::Vnet(to)));
    world.topology().policy.forwarded_traffic_off.only_narrows() || half.is_none_or(|half| half.forwarded_traffic)
}

fn over_gateway(wiring: &Wiring<'_>, node: Node, route: &Route, to: Node) -> Step {
    let Node::Vnet(vnet) = to else { return Step::At(to) };
    let link = route.link.map(|link| wiring.world.link(link));
    // A table's next hop, or what the gateway of a peered VNet brings, goes to that gateway as from inside.
    let inside = link.is_none_or(|link| link.kind == LinkKind::Peering);
    if !inside && route.owner == Some(to) && wiring.gateway_table(vnet).is_none() {
        return Step::At(to);
    }
    let direct = link.filter(|link| link.other(node) == Some(to));
    Step::Gateway(
        vnet,
        if inside { Arrival::Inside } else { direct.map_or(Arrival::Link, |link| arrival(wiring, link)) },
    )
}

/// How a packet comes to the gateway of a VNet that arrives over a link of that gateway.
pub(super) fn arrival(wiring: &Wiring<'_>, link: &Link) -> Arrival {
    match link.kind {
        LinkKind::Vpn if wiring.speaks_bgp(link) => Arrival::Bgp,
        LinkKind::Vpn if link.between.iter().any(|end| end.site().is_some()) => Arrival::Listed,
        _ => Arrival::Link,
    }
}

/// An interval of addresses that share a fate; it ends where the next begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell {
    start: u32,
    fate: Step,
}

/// The forwarding table of one router, cheap to clone. The first cell begins at 0.0.0.0; neighbours differ in fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    cells: Arc<[Cell]>,
}

/// A route that may win: where its prefix stands, its first and last address, what it does, and whose prefix it is.
struct Claim {
    place: u64,
    first: u32,
    last: u32,
    fate: Step,
    owner: Option<Node>,
}

impl Table {
    /// The table of a router from its judged routes; `otherwise` is the fate of what none of them matches.
    pub fn of(wiring: &Wiring<'_>, router: Router, routes: &[Route], otherwise: End) -> Self {
        let node = router.node(wiring.world);
        let otherwise = Step::End(otherwise);
        let active = routes.iter().filter(|route| route.is_active());
        let mut active: Vec<Claim> = active
            .map(|route| Claim {
                place: by_place(&route.prefix),
                first: route.prefix.network().into(),
                last: route.prefix.broadcast().into(),
                fate: step(wiring, router, route),
                owner: route.owner,
            })
            .collect();
        active.sort_by_key(|claim| claim.place);
        active.dedup_by(|next, kept| {
            let same = next.place == kept.place;
            // Two ways to one owner are no question of where a packet ends.
            if same && next.fate != kept.fate && (next.owner.is_none() || next.owner != kept.owner) {
                kept.fate = Step::End(End::Ambiguous);
            }
            same
        });
        let mut table = Builder { cells: Vec::with_capacity(2 * active.len() + 1), otherwise };
        table.push(0, otherwise);
        // Prefixes nest or are disjoint, so what is open at a point is a stack and its top is the longest.
        let mut open: Vec<(u32, Step)> = Vec::new();
        for claim in active {
            table.close(&mut open, Some(claim.first));
            table.push(claim.first, claim.fate);
            open.push((claim.last, claim.fate));
        }
        table.close(&mut open, None);
        // A VNet's routes are ranges of their owners as they are; a site's own routes may say anything.
        let table = table.done();
        if node.site().is_some() { table.confined(wiring) } else { table }
    }

    /// The table of a site: what it hands to the gateways of a VNet ends in the VNet inside its space, and outside of it
    /// strays where those gateways pass nothing on.
    fn confined(&self, wiring: &Wiring<'_>) -> Self {
        let mut table = Builder { cells: Vec::with_capacity(self.cells.len()), otherwise: Step::End(End::NoRoute) };
        for (first, last, fate) in self.intervals(0, u32::MAX) {
            let Step::Gateway(to, _) = fate else {
                table.push(first, fate);
                continue;
            };
            let outside = if wiring.passes_on(to) { fate } else { Step::End(End::Strayed) };
            let inside = if wiring.gateway_table(to).is_some() { fate } else { Step::At(Node::Vnet(to)) };
            let mut ranges: Vec<(u32, u32)> = wiring
                .world
                .space(Node::Vnet(to))
                .iter()
                .map(|range| (u32::from(range.network()).max(first), u32::from(range.broadcast()).min(last)))
                .filter(|(from, until)| from <= until)
                .collect();
            ranges.sort_unstable();
            table.push(first, outside);
            for (from, until) in ranges {
                table.push(from, inside);
                if until < last {
                    table.push(until + 1, outside);
                }
            }
        }
        table.done()
    }

    fn position(&self, address: u32) -> usize {
        self.cells.partition_point(|cell| cell.start <= address).saturating_sub(1)
    }

    /// What becomes of a packet to `address`.
    pub fn at(&self, address: u32) -> Step {
        self.cells[self.position(address)].fate
    }

    /// The intervals that meet `first..=last`, clipped to it: first address, last address, fate.
    pub fn intervals(&self, first: u32, last: u32) -> impl Iterator<Item = (u32, u32, Step)> {
        (self.position(first)..self.cells.len()).map_while(move |at| {
            let start = self.cells[at].start.max(first);
            let end = self.cells.get(at + 1).map_or(u32::MAX, |next| next.start - 1).min(last);
            (start <= last).then(|| (start, end, self.cells[at].fate))
        })
    }
}

/// The cells of a table, filled in the order of their addresses.
struct Builder {
    cells: Vec<Cell>,
    otherwise: Step,
}

impl Builder {
    /// Ends the open prefixes that end before `before`.
    fn close(&mut self, open: &mut Vec<(u32, Step)>, before: Option<u32>) {
        while let Some((last, _)) = open.last().copied() {
            if before.is_some_and(|before| before <= last) {
                return;
            }
            open.pop();
            if let Some(next) = last.checked_add(1) {
                self.push(next, open.last().map_or(self.otherwise, |(_, fate)| *fate));
            }
        }
    }

    fn push(&mut self, start: u32, fate: Step) {
        self.cells.pop_if(|last| last.start == start);
        if self.cells.last().is_none_or(|last| last.fate != fate) {
            self.cells.push(Cell { start, fate });
        }
    }

    fn done(self) -> Table {
        Table { cells: self.cells.into() }
    }
}
