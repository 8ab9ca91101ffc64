//! Which links end in which network, which VNets meet on one ExpressRoute circuit, and who uses whose gateway (B21).

use std::collections::BTreeMap;

use super::learned::{self, Learned};
use super::router::Router;
use super::routes::Route;
use crate::topology::{
    CircuitIx, GatewayKind, Half, Link, LinkIx, LinkKind, Node, RouteTableIx, SiteIx, UserNextHop, VnetIx,
};
use crate::world::World;

/// The SKU of VPN gateways that know neither BGP nor gateway transit (B21, B30, B32).
const BASIC: &str = "Basic";

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
    /// What the gateway of each VNet learned by BGP from beyond its neighbours (B38); empty without BGP.
    pub relayed: BTreeMap<VnetIx, Vec<Learned>>,
    /// What each site learned by BGP from beyond the VNets it is joined to (B38).
    pub told: BTreeMap<SiteIx, Vec<Learned>>,
}

/// The object of a link at one of its ends.
pub(super) fn half(link: &Link, node: Node) -> Option<&Half> {
    link.between.iter().position(|end| *end == node).map(|at| &link.halves[at])
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
        let mut wiring = Self { world, offsets, links, relayed: BTreeMap::new(), told: BTreeMap::new() };
        (wiring.relayed, wiring.told) = learned::relayed(&wiring);
        wiring
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
    pub fn circuit_mates(&self, node: Node, link: &'w Link) -> impl Iterator<Item = (Node, LinkIx)> {
        let wanted = circuit(link);
        let site = link.other(node).filter(|far| wanted.is_some() && far.site().is_some());
        site.into_iter().flat_map(move |site| {
            self.links(site).filter_map(move |(ix, other)| {
                let mate = other.other(site)?;
                (mate != node && circuit(other) == wanted).then_some((mate, ix))
            })
        })
    }

    /// The peerings of a VNet, with the far VNet and the objects here and there.
    pub fn peerings(&self, vnet: VnetIx) -> impl Iterator<Item = (LinkIx, VnetIx, &'w Half, &'w Half)> {
        let node = Node::Vnet(vnet);
        self.links(node).filter(|(_, link)| link.kind == LinkKind::Peering).filter_map(move |(ix, link)| {
            let far = link.other(node)?;
            Some((ix, far.vnet()?, half(link, node)?, half(link, far)?))
        })
    }

    /// The links of a VNet's gateways, with their far ends.
    pub fn gateway_links(&self, vnet: VnetIx) -> impl Iterator<Item = (LinkIx, &'w Link, Node)> {
        let node = Node::Vnet(vnet);
        let own = self.links(node).filter(|(_, link)| link.kind != LinkKind::Peering);
        own.filter_map(move |(ix, link)| Some((ix, link, link.other(node)?)))
    }

    /// The VNets that use the gateways of `hub` through their peering with it (B21).
    pub fn spokes(&self, hub: VnetIx) -> impl Iterator<Item = (VnetIx, LinkIx)> {
        self.links(Node::Vnet(hub)).filter_map(move |(ix, link)| Some((link.spoke_of(hub)?, ix)))
    }

    /// The VNet whose gateways `spoke` uses, with the peering (B17, B21).
    pub fn hub(&self, spoke: VnetIx) -> Option<(VnetIx, LinkIx)> {
        let mut peerings = self.peerings(spoke);
        peerings.find(|(ix, hub, ..)| self.world.link(*ix).spoke_of(*hub) == Some(spoke)).map(|(ix, hub, ..)| (hub, ix))
    }

    /// Whether a route of a gateway leads over a peering to a VNet that uses this gateway (B21).
    pub fn serves(&self, router: Router, route: &Route) -> bool {
        let Router::Gateway(hub, _) = router else { return false };
        let spoke = route.link.and_then(|peering| self.world.link(peering).spoke_of(hub));
        spoke.is_some_and(|spoke| route.to == Some(Node::Vnet(spoke)))
    }

    /// Whether the gateway of a kind serves peered VNets and speaks BGP: every SKU but Basic (B21, B32).
    pub fn is_full_gateway(&self, vnet: VnetIx, kind: LinkKind) -> bool {
        let gateway = kind.gateway().and_then(|kind| self.world.gateway(vnet, kind));
        gateway.is_none_or(|gateway| gateway.kind != GatewayKind::Vpn || gateway.sku.as_deref() != Some(BASIC))
    }

    /// Whether the two ends of a VPN exchange routes: BGP is on, and their numbers differ (B38, B39).
    pub fn speaks_bgp(&self, link: &Link) -> bool {
        let asn = |node: Node| node.vnet().map(|vnet| self.asn(vnet));
        let [a, b] = link.between.map(asn);
        let full = |node: Node| node.vnet().is_none_or(|vnet| self.is_full_gateway(vnet, link.kind));
        link.kind == LinkKind::Vpn && link.bgp && a != b && link.between.into_iter().all(full)
    }

    /// The autonomous system number of a VPN gateway (B39).
    pub fn asn(&self, vnet: VnetIx) -> u32 {
        const DEFAULT: u32 = 65_515;
        self.world.gateway(vnet, GatewayKind::Vpn).and_then(|gateway| gateway.asn).unwrap_or(DEFAULT)
    }

    /// Whether packets that arrive at the gateways of a VNet may go anywhere but into the VNet itself.
    pub fn passes_on(&self, vnet: VnetIx) -> bool {
        let spokes = || self.spokes(vnet).next().is_some();
        let bgp = || self.gateway_links(vnet).any(|(_, link, _)| link.bgp);
        spokes() || bgp() || self.gateway_table(vnet).is_some() || self.is_next_hop(vnet)
    }

    /// The route table of a VNet's `GatewaySubnet`.
    pub fn gateway_table(&self, vnet: VnetIx) -> Option<RouteTableIx> {
        let subnets = self.world.vnet(vnet).subnets.iter().map(|subnet| self.world.subnet(*subnet));
        subnets.filter(|subnet| !subnet.hosts_vms()).find_map(|subnet| subnet.route_table)
    }

    /// Whether a route table of the VNet names its gateway as a next hop.
    fn is_next_hop(&self, vnet: VnetIx) -> bool {
        let tables = &self.world.topology().route_tables;
        !tables.is_empty() && {
            let mut own =
                self.world.vnet(vnet).subnets.iter().filter_map(|subnet| self.world.subnet(*subnet).route_table);
            own.any(|table| tables[table.at()].routes.iter().any(|route| route.next_hop == UserNextHop::Gateway))
        }
    }
}
