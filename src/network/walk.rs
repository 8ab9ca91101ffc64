//! The way of a packet through the tables: from router to router until it ends.

use super::forwarding::{Delivery, Network};
use super::router::Router;
use super::table::Step;
use crate::topology::{Node, VmIx};

/// How many routers a packet meets before it is said to go in a circle.
const MOST_ROUTERS: usize = 64;

/// What one router does with a packet to one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// It goes no further.
    Ends(Delivery),
    /// The next router is asked; the appliance that took it, if one did.
    Goes(Router, Option<VmIx>),
}

impl Network {
    /// What becomes of a packet from a machine in `origin` at a router, after it took `step` there.
    ///
    /// A peering may refuse what an appliance or a gateway sends on and did not begin in the peer (B17).
    fn after(&self, at: Node, step: Step, origin: Node, address: u32) -> Move {
        let begins_elsewhere = origin != at;
        match step {
            Step::At(node) => Move::Ends(Delivery::Delivered(node)),
            Step::Peer { lets_in: false, .. } | Step::Appliance { lets_in: false, .. } if begins_elsewhere => {
                Move::Ends(Delivery::NotLetIn)
            }
            Step::Peer { to, .. } => Move::Ends(Delivery::Delivered(Node::Vnet(to))),
            Step::Gateway(vnet, arrival) => Move::Goes(Router::Gateway(vnet, arrival), None),
            Step::Appliance { vnet, ip, .. } if ip == address => Move::Ends(Delivery::Delivered(Node::Vnet(vnet))),
            Step::Appliance { vnet, ip, .. } => match self.appliance(vnet, ip) {
                Some(vm) => Move::Goes(self.router_of(self.seat(vm)), Some(vm)),
                None => Move::Ends(Delivery::NoAppliance),
            },
            Step::End(end) => Move::Ends(end.into()),
        }
    }

    /// What a router does with a packet from a machine in `origin` to `address`.
    pub(super) fn next(&self, router: Router, origin: Node, address: u32) -> Move {
        match self.table(router) {
            Some((at, table)) => self.after(at, table.at(address), origin, address),
            // Gateways that pass nothing on have no table; a packet for the VNet itself never asks them.
            None => Move::Ends(Delivery::Strayed),
        }
    }

    /// Where a packet ends that a machine in `origin` sends by `router`.
    pub(super) fn walk(&self, router: Router, origin: Node, address: u32) -> Delivery {
        let mut router = router;
        for _ in 0..MOST_ROUTERS {
            match self.next(router, origin, address) {
                Move::Ends(delivery) => return delivery,
                Move::Goes(next, _) => router = next,
            }
        }
        Delivery::Loop
    }

    /// Where packets to each address of a range end: first address, last address, fate, in order.
    pub(super) fn walk_range(&self, router: Router, origin: Node, range: (u32, u32)) -> Vec<(u32, u32, Delivery)> {
        let mut ends = Vec::new();
        self.walk_part(router, origin, range, MOST_ROUTERS, &mut ends);
        ends
    }

    fn walk_part(
        &self,
        router: Router,
        origin: Node,
        (first, last): (u32, u32),
        left: usize,
        ends: &mut Vec<(u32, u32, Delivery)>,
    ) {
        let Some((at, table)) = self.table(router).filter(|_| left > 0) else {
            ends.push((first, last, if left > 0 { Delivery::Strayed } else { Delivery::Loop }));
            return;
        };
        for (first, last, step) in table.intervals(first, last) {
            // An appliance takes what is for itself, so its address is a part of its own.
            let own = match step {
                Step::Appliance { ip, .. } if (first..=last).contains(&ip) => Some(ip),
                _ => None,
            };
            let parts = match own {
                None => [Some((first, last)), None, None],
                Some(ip) => {
                    [(first < ip).then(|| (first, ip - 1)), Some((ip, ip)), (ip < last).then(|| (ip + 1, last))]
                }
            };
            for part in parts.into_iter().flatten() {
                match self.after(at, step, origin, part.0) {
                    Move::Ends(delivery) => ends.push((part.0, part.1, delivery)),
                    Move::Goes(next, _) => self.walk_part(next, origin, part, left - 1, ends),
                }
            }
        }
    }
}
