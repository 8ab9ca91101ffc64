//! The way of a packet there and back as the map can show it: which networks it meets in which order, over which links,
//! and where it ends if it does not arrive.

use std::collections::HashSet;

use super::{App, Overlay};
use crate::diagram::Item;
use crate::history::Revision;
use crate::network::{Explanation, Hop, VerdictCode, explain_on};
use crate::topology::{Endpoint, LinkIx, Node};
use crate::world::World;

/// One link a packet takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leg {
    /// The link.
    pub link: LinkIx,
    /// The network it leaves.
    pub from: Node,
    /// The network it goes to.
    pub to: Node,
    /// Whether this is the way back.
    pub back: bool,
}

/// The ways of a packet and of its answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trail {
    /// The networks on the way there, in order.
    pub there: Vec<Node>,
    /// The networks on the way back, in order.
    pub back: Vec<Node>,
    /// The links taken.
    pub legs: Vec<Leg>,
    /// Where it ends, and where it wanted to go from there, if it does not arrive.
    pub blocked: Option<(Node, Node)>,
    /// Everything on the map that belongs to it.
    pub items: HashSet<Item>,
}

/// What two parties ask of each other, judged where the reader stands.
pub fn explanation(now: &Revision, from: Endpoint, to: Endpoint) -> Explanation {
    let mut needs = now.world.topology().needs.iter();
    let port = needs.find(|need| (need.from, need.to) == (from, to)).and_then(|need| need.port);
    explain_on(&now.world, &now.network, from, to, port)
}

impl Trail {
    /// The ways of an explanation.
    pub fn of(world: &World, explained: &Explanation) -> Self {
        let node = |endpoint: Endpoint| match endpoint {
            Endpoint::Site(site) => Some(Node::Site(site)),
            Endpoint::Vm(vm) => Some(Node::Vnet(world.vnet_of(vm))),
            Endpoint::App(_) => None,
        };
        let mut trail = Self::default();
        trail.there = trail.walk(world, &explained.forward, false);
        trail.back = trail.walk(world, &explained.back, true);
        let ends = [node(explained.from), node(explained.to)];
        if explained.code != VerdictCode::Reachable
            && let [Some(from), Some(to)] = ends
        {
            // The way back is looked at only once the way there is open.
            let last = trail.back.last().map(|at| (*at, from));
            trail.blocked = last.or_else(|| trail.there.last().map(|at| (*at, to))).or(Some((from, to)));
        }
        let nodes = trail.there.iter().chain(&trail.back).copied().chain(ends.into_iter().flatten());
        trail.items.extend(nodes.map(|node| match node {
            Node::Vnet(vnet) => Item::Vnet(vnet),
            Node::Site(site) => Item::Site(site),
        }));
        trail.items.extend(trail.legs.iter().map(|leg| Item::Link(leg.link)));
        if let Some((at, wanted)) = trail.blocked {
            let between = (0..world.links().len()).map(LinkIx::new).filter(|link| world.link(*link).joins(at, wanted));
            trail.items.extend(between.map(Item::Link));
        }
        for endpoint in [explained.from, explained.to] {
            for vm in world.vms_of(endpoint) {
                let subnet = world.vm(vm).at.subnet;
                trail.items.extend([Item::Vm(vm, subnet), Item::Subnet(subnet)]);
            }
        }
        trail
    }

    /// The networks of one way, each once in a row; the links between them become legs.
    fn walk(&mut self, world: &World, hops: &[Hop], back: bool) -> Vec<Node> {
        let mut nodes: Vec<Node> = hops.iter().map(|hop| hop.at).collect();
        nodes.dedup();
        for pair in nodes.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let mut taken =
                hops.iter().filter(|hop| hop.at == from).filter_map(|hop| hop.route.and_then(|route| route.link));
            let joins = |link: &LinkIx| world.link(*link).joins(from, to);
            let live = || world.live_links().map(|(link, _)| link).find(joins);
            if let Some(link) = taken.find(joins).or_else(live) {
                self.legs.push(Leg { link, from, to, back });
            }
        }
        nodes
    }
}

impl App {
    /// The ways the map shows under the explanation on top; none where the words cover it.
    pub fn trail(&self) -> Option<Trail> {
        let (Some(Overlay::Why { from, to }), Some(session), false) = (self.top(), &self.session, self.words) else {
            return None;
        };
        let now = session.history.now();
        (!self.areas().cramped()).then(|| Trail::of(&now.world, &explanation(now, *from, *to)))
    }
}
