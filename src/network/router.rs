//! Whose routes a packet asks on its way.

use crate::topology::{Node, SubnetIx, VnetIx};
use crate::world::World;

/// Something with routes of its own. A network asks different ones for what its machines send and for what arrives at
/// its gateways: that difference is what makes links non-transitive (B16, B37).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Router {
    /// A VNet's subnets without a route table, or a site.
    Network(Node),
    /// A subnet with a route table (C4).
    Subnet(SubnetIx),
    /// The gateways of a VNet, for what arrives there.
    Gateway(VnetIx, Arrival),
}

/// How a packet came to a gateway, which says where it may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Arrival {
    /// From the VNet itself or from one that uses its gateway: over every link of the gateway (B21).
    Inside,
    /// Over a VPN with BGP: over the others of them, and to the sites (B38).
    Bgp,
    /// Over a VPN of a site without BGP, whose prefix list the gateway tells its BGP neighbours: back to those (B38).
    Listed,
    /// Over another link: nowhere but into the VNet and to those that use its gateway (B37, B59).
    Link,
}

impl Arrival {
    /// All of them.
    pub(super) const ALL: [Self; 4] = [Self::Inside, Self::Bgp, Self::Listed, Self::Link];
}

impl Router {
    /// The network it belongs to.
    pub fn node(self, world: &World) -> Node {
        match self {
            Self::Network(node) => node,
            Self::Subnet(subnet) => Node::Vnet(world.subnet(subnet).vnet),
            Self::Gateway(vnet, _) => Node::Vnet(vnet),
        }
    }

    /// What the machines of a subnet ask.
    pub fn of_subnet(world: &World, subnet: SubnetIx) -> Self {
        let here = world.subnet(subnet);
        if here.route_table.is_some() && here.hosts_vms() {
            Self::Subnet(subnet)
        } else {
            Self::Network(Node::Vnet(here.vnet))
        }
    }
}
