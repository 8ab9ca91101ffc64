//! Where one network sends every address: disjoint intervals, found by binary search.

use std::sync::Arc;

use super::routes::{NextHop, Route, by_place};
use crate::topology::Node;

/// What becomes of a packet that a network sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// It ends in this network, which owns the address.
    Delivered(Node),
    /// It arrives over a link at a network that does not own the address, and is not sent on (B16, B37).
    Strayed,
    /// A None route drops it (C2).
    Dropped,
    /// It leaves for the Internet.
    Internet,
    /// No route matches.
    NoRoute,
    /// Two live routes of one prefix and rank lead to different networks.
    Ambiguous,
}

/// An interval of addresses that share a fate; it ends where the next begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell {
    start: u32,
    fate: Delivery,
}

/// The forwarding table of one network, cheap to clone. The first cell begins at 0.0.0.0; neighbours differ in fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    cells: Arc<[Cell]>,
}

impl Table {
    /// The table of `node`, from its judged routes. What a route hands to another network is delivered there only
    /// inside `space` of that network.
    pub fn of<'s>(node: Node, routes: &[Route], space: impl Fn(Node) -> &'s [ipnet::Ipv4Net]) -> Self {
        let fate = |route: &Route| match (route.next_hop, route.to) {
            (NextHop::VnetLocal, _) => Delivery::Delivered(node),
            (NextHop::Internet, _) => Delivery::Internet,
            (NextHop::None, _) => Delivery::Dropped,
            (_, Some(to)) => Delivery::Delivered(to),
            (_, None) => Delivery::NoRoute,
        };
        let mut active: Vec<(u64, u32, u32, Delivery)> = routes
            .iter()
            .filter(|route| route.is_active())
            .map(|route| {
                let prefix = route.prefix;
                (by_place(&prefix), u32::from(prefix.network()), u32::from(prefix.broadcast()), fate(route))
            })
            .collect();
        active.sort_by_key(|(place, ..)| *place);
        active.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same && next.3 != kept.3 {
                kept.3 = Delivery::Ambiguous;
            }
            same
        });
        let mut table = Builder(Vec::with_capacity(2 * active.len() + 1));
        table.push(0, Delivery::NoRoute);
        // Prefixes nest or are disjoint, so what is open at a point is a stack and its top is the longest.
        let mut open: Vec<(u32, Delivery)> = Vec::new();
        for (_, first, last, fate) in active {
            table.close(&mut open, Some(first));
            table.push(first, fate);
            open.push((last, fate));
        }
        table.close(&mut open, None);
        // A VNet's routes are ranges of their far ends as they are; a site's own routes may say anything.
        let table = table.done();
        if node.site().is_some() { table.confined(node, space) } else { table }
    }

    /// The same table, but what is handed to another network outside that network's own space strays.
    fn confined<'s>(&self, node: Node, space: impl Fn(Node) -> &'s [ipnet::Ipv4Net]) -> Self {
        let mut table = Builder(Vec::with_capacity(self.cells.len()));
        for (first, last, fate) in self.intervals(0, u32::MAX) {
            match fate {
                Delivery::Delivered(to) if to != node => {
                    let mut ranges: Vec<(u32, u32)> = space(to)
                        .iter()
                        .map(|range| (u32::from(range.network()).max(first), u32::from(range.broadcast()).min(last)))
                        .filter(|(from, until)| from <= until)
                        .collect();
                    ranges.sort_unstable();
                    table.push(first, Delivery::Strayed);
                    for (from, until) in ranges {
                        table.push(from, fate);
                        if until < last {
                            table.push(until + 1, Delivery::Strayed);
                        }
                    }
                }
                _ => table.push(first, fate),
            }
        }
        table.done()
    }

    fn position(&self, address: u32) -> usize {
        self.cells.partition_point(|cell| cell.start <= address).saturating_sub(1)
    }

    /// What becomes of a packet to `address`.
    pub fn at(&self, address: u32) -> Delivery {
        self.cells[self.position(address)].fate
    }

    /// The intervals that meet `first..=last`, clipped to it: first address, last address, fate.
    pub fn intervals(&self, first: u32, last: u32) -> impl Iterator<Item = (u32, u32, Delivery)> {
        (self.position(first)..self.cells.len()).map_while(move |at| {
            let start = self.cells[at].start.max(first);
            let end = self.cells.get(at + 1).map_or(u32::MAX, |next| next.start - 1).min(last);
            (start <= last).then(|| (start, end, self.cells[at].fate))
        })
    }
}

/// The cells of a table, filled in the order of their addresses.
struct Builder(Vec<Cell>);

impl Builder {
    /// Ends the open prefixes that end before `before`.
    fn close(&mut self, open: &mut Vec<(u32, Delivery)>, before: Option<u32>) {
        while let Some((last, _)) = open.last().copied() {
            if before.is_some_and(|before| before <= last) {
                return;
            }
            open.pop();
            if let Some(next) = last.checked_add(1) {
                self.push(next, open.last().map_or(Delivery::NoRoute, |(_, fate)| *fate));
            }
        }
    }

    fn push(&mut self, start: u32, fate: Delivery) {
        self.0.pop_if(|last| last.start == start);
        if self.0.last().is_none_or(|last| last.fate != fate) {
            self.0.push(Cell { start, fate });
        }
    }

    fn done(self) -> Table {
        Table { cells: self.0.into() }
    }
}
