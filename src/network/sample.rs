//! Small topologies for the tests of this room, made in code.

use std::sync::Arc;

use crate::topology::{
    Allocation, App, AppIx, Endpoint, Gateway, GatewayKind, Link, LinkKind, LinkState, Need, Node, Region, RegionIx,
    Side, Site, SiteIx, SiteRoute, Subnet, SubnetIx, Topology, Vm, VmIx, Vnet, VnetIx,
};
use crate::world::World;

/// A topology under construction.
pub struct Sample(pub Topology);

fn titled(id: &str) -> String {
    let mut words: Vec<String> = id.split('-').map(str::to_owned).collect();
    if let Some(first) = words.first_mut() {
        first[..1].make_ascii_uppercase();
    }
    words.join(" ")
}

impl Sample {
    /// Two regions, nothing in them.
    pub fn new() -> Self {
        let region = |id: &str, title: &str, side| Region { id: id.into(), title: title.into(), side, area: None };
        Self(Topology {
            name: "sample".into(),
            title: "Sample".into(),
            regions: vec![
                region("east-asia", "East Asia", Side::Source),
                region("southeast-asia", "Southeast Asia", Side::Recovery),
            ],
            ..Topology::default()
        })
    }

    /// A VNet in a region (0 source, 1 recovery) with one subnet for each of its ranges, and both gateways.
    pub fn vnet(&mut self, id: &str, region: usize, space: &[&str]) -> VnetIx {
        let vnet = VnetIx::new(self.0.vnets.len());
        let address_space: Vec<_> = space.iter().map(|range| range.parse().unwrap()).collect();
        let first = self.0.subnets.len();
        for (at, range) in address_space.iter().enumerate() {
            let id = format!("subnet-{}", at + 1);
            self.0.subnets.push(Subnet::new(id, vnet, *range));
        }
        let gateway = Gateway::new;
        self.0.vnets.push(Vnet {
            id: id.into(),
            title: titled(id),
            region: RegionIx::new(region),
            subnets: (first..self.0.subnets.len()).map(SubnetIx::new).collect(),
            address_space,
            recovers: None,
            gateways: vec![gateway(GatewayKind::Vpn), gateway(GatewayKind::Expressroute)],
        });
        vnet
    }

    /// A site without routes.
    pub fn site(&mut self, id: &str, prefixes: &[&str]) -> SiteIx {
        let prefixes = prefixes.iter().map(|prefix| prefix.parse().unwrap()).collect();
        self.0.sites.push(Site { id: id.into(), title: titled(id), prefixes, routes: Vec::new(), asn: None });
        SiteIx::new(self.0.sites.len() - 1)
    }

    /// A route of a site.
    pub fn route(&mut self, site: SiteIx, prefix: &str, via: VnetIx) {
        self.0.sites[site.at()].routes.push(SiteRoute { prefix: prefix.parse().unwrap(), via });
    }

    /// An app without VMs.
    pub fn app(&mut self, id: &str) -> AppIx {
        self.0.apps.push(App { id: id.into(), title: titled(id), rto: None });
        AppIx::new(self.0.apps.len() - 1)
    }

    /// A VM of no app, in the VNet's subnet that holds the address.
    pub fn vm(&mut self, id: &str, vnet: VnetIx, ip: &str) -> VmIx {
        let ip = ip.parse().unwrap();
        let subnets = &self.0.vnets[vnet.at()].subnets;
        let subnet = *subnets.iter().find(|subnet| self.0.subnets[subnet.at()].prefix.contains(&ip)).unwrap();
        self.0.vms.push(Vm::new(id, subnet, ip, Allocation::Static));
        VmIx::new(self.0.vms.len() - 1)
    }

    /// A connected link.
    pub fn link(&mut self, kind: LinkKind, a: Node, b: Node) {
        self.link_in(LinkState::Connected, kind, a, b);
    }

    /// A link in some state.
    pub fn link_in(&mut self, state: LinkState, kind: LinkKind, a: Node, b: Node) {
        let id = format!("link-{}", self.0.links.len() + 1);
        self.0.links.push(Link::new(id, kind, [a, b], state));
    }

    /// A need.
    pub fn need(&mut self, from: Endpoint, to: Endpoint) {
        self.0.needs.push(Need { from, to, port: None });
    }

    /// The world at its start.
    pub fn world(&self) -> World {
        World::start(Arc::new(self.0.clone()))
    }
}
