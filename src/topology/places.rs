//! Where in its file a topology declares a thing, so that whatever is said about it can name the line.

use super::{LinkIx, Node, Position, RegionIx, SubnetIx, Topology, VmIx};

/// The places of everything a file declares; empty where a topology was made by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// Regions, in their order.
    pub regions: Vec<Position>,
    /// VNets, in their order.
    pub vnets: Vec<Position>,
    /// Subnets, in their order; none where one was copied or inferred.
    pub subnets: Vec<Option<Position>>,
    /// Sites, in their order.
    pub sites: Vec<Position>,
    /// The first VM of every table, in order: `count` makes many of one.
    pub vms: Vec<(VmIx, Position)>,
    /// Links, in their order.
    pub links: Vec<Position>,
    /// Needs, in their order.
    pub needs: Vec<Position>,
    /// Plans, in their order.
    pub plans: Vec<Position>,
}

impl Topology {
    /// Where a region is declared.
    pub fn place_of_region(&self, region: RegionIx) -> Option<Position> {
        self.places.regions.get(region.at()).copied()
    }

    /// Where a need is declared, by its position.
    pub fn place_of_need(&self, need: usize) -> Option<Position> {
        self.places.needs.get(need).copied()
    }

    /// Where a VNet or a site is declared.
    pub fn place_of_node(&self, node: Node) -> Option<Position> {
        match node {
            Node::Vnet(vnet) => self.places.vnets.get(vnet.at()).copied(),
            Node::Site(site) => self.places.sites.get(site.at()).copied(),
        }
    }

    /// Where a subnet is declared; its VNet where it stands nowhere itself.
    pub fn place_of_subnet(&self, subnet: SubnetIx) -> Option<Position> {
        let own = self.places.subnets.get(subnet.at()).copied().flatten();
        own.or_else(|| self.place_of_node(Node::Vnet(self.subnets.get(subnet.at())?.vnet)))
    }

    /// Where the table of a VM stands.
    pub fn place_of_vm(&self, vm: VmIx) -> Option<Position> {
        let after = self.places.vms.partition_point(|(first, _)| *first <= vm);
        self.places.vms.get(after.checked_sub(1)?).map(|(_, position)| *position)
    }

    /// Where a link is declared; none for one made by hand.
    pub fn place_of_link(&self, link: LinkIx) -> Option<Position> {
        self.places.links.get(link.at()).copied()
    }
}
