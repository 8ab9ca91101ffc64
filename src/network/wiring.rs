//! Which links end in which network, which of them carry packets, and which VNets meet on one ExpressRoute circuit.

use crate::topology::{CircuitIx, Link, LinkIx, LinkKind, Node, SiteIx, VnetIx};
use crate::world::World;

/// A network as a position: the VNets first, then the sites.
pub(super) fn position(world: &World, node: Node) -> usize {
    match node {
        Node::Vnet(vnet) => vnet.at(),
        Node::Site(site) => world.vnets().len() + site.at(),
    }
}

/// All networks, in the order of their positions.
pub(super) fn nodes(world: &World) -> impl Iterator<Item = Node> {
    let vnets = (0..world.vnets().len()).map(|at| Node::Vnet(VnetIx::new(at)));
    vnets.chain((0..world.sites().len()).map(|at| Node::Site(SiteIx::new(at))))
}

/// Whether a link carries packets: it is connected and nothing is in its way.
pub(super) fn live(world: &World, link: &Link) -> bool {
    world.passes(link)
}

/// What makes two ExpressRoute links share a circuit: its name, or the site whose one implied circuit it is.
fn circuit(link: &Link) -> Option<Result<CircuitIx, SiteIx>> {
    let site = || link.between.into_iter().find_map(Node::site);
    (link.kind == LinkKind::Expressroute).then(|| link.circuit.map(Ok).or_else(|| site().map(Err))).flatten()
}

/// The links that are not absent, by the network they end in.
pub(super) struct Wiring<'w> {
    /// The world they are of.
    pub world: &'w World,
    /// Where the links of each network begin in `links`, and where those of the last end.
    offsets: Vec<u32>,
    links: Vec<LinkIx>,
}

impl<'w> Wiring<'w> {
    /// The wiring of `world`.
    pub fn of(world: &'w World) -> Self {
        let ends = || {
            world.live_links().flat_map(|(ix, link)| link.between.map(|node| (position(world, node), ix)).into_iter())
        };
        let mut offsets = vec![0u32; world.vnets().len() + world.sites().len() + 1];
        for (at, _) in ends() {
            offsets[at + 1] += 1;
        }
        for at in 1..offsets.len() {
            offsets[at] += offsets[at - 1];
        }
        let mut next = offsets.clone();
        let mut links = vec![LinkIx(0); offsets.last().map_or(0, |end| *end as usize)];
        for (at, ix) in ends() {
            links[next[at] as usize] = ix;
            next[at] += 1;
        }
        Self { world, offsets, links }
    }

    /// The links of a network that are not absent, in the order of the file.
    pub fn links(&self, node: Node) -> impl Iterator<Item = (LinkIx, &'w Link)> {
        let at = position(self.world, node);
        let world = self.world;
        let own = &self.links[self.offsets[at] as usize..self.offsets[at + 1] as usize];
        own.iter().map(move |ix| (*ix, world.link(*ix)))
    }

    /// The VNets that `node` may reach over the circuit of its `link`, with the link of theirs: those of other VNets
    /// on the same circuit (B54). The site's own end is not among them.
    pub fn circuit_mates(&self, node: Node, link: &'w Link) -> impl Iterator<Item = (Node, &'w Link)> {
        let wanted = circuit(link);
        let site = link.other(node).filter(|far| wanted.is_some() && far.site().is_some());
        site.into_iter().flat_map(move |site| {
            self.links(site).filter_map(move |(_, other)| {
                let mate = other.other(site)?;
                (mate != node && circuit(other) == wanted).then_some((mate, other))
            })
        })
    }
}
