//! What is true now: the world, the commands that change it, and why one is refused.
//!
//! The world starts as what the topology declares and changes only through [`apply`]. It knows no screens, no files
//! and no clock but its own.

mod access;
mod admit;
mod ailing;
mod apply;
mod assign;
mod bgp;
mod build;
mod cards;
mod change;
mod connect;
mod copies;
mod destination;
mod doubled;
mod drill;
mod faults;
mod findings;
mod gateways;
mod groups;
mod halves;
mod injects;
mod life;
mod links;
mod lookup;
mod machines;
mod mends;
mod mishaps;
mod nic_targets;
mod outage;
mod plans;
mod pool;
mod recovery_point;
mod refusal;
mod routes;
mod rule;
mod security;
mod state;
mod targets;

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::sync::Arc;

use ipnet::Ipv4Net;

use crate::topology::address::first_overlap;
use crate::topology::command::SubnetName;
use crate::topology::overlap::Spaces;
use crate::topology::{
    AppIx, Endpoint, Finding, Gateway, GatewayKind, GatewayState, Link, LinkIx, LinkKind, LinkState, Node, Region,
    RegionIx, Site, SiteIx, Subnet, SubnetIx, Target, Topology, VmIx, Vnet, VnetIx,
};

pub use apply::{Done, apply};
pub use assign::{Assigned, Assignment, Unassigned, assign, assign_all, assign_test};
pub use cards::{Card, Cards, Holding};
pub use change::{Change, Subject, Value};
pub use copies::{Instance, InstanceKind, TestCopy};
pub use destination::{Destination, Destinations};
pub use faults::{Faults, Obstacle};
pub use life::Operation;
pub use mends::possible;
pub use refusal::{Refusal, RefusalCode};
pub use rule::AddressRule;
pub use state::{Behind, Phase, Place, VmState};

/// Everything that is true at one moment. Cloning shares whatever did not change.
#[derive(Debug, Clone, PartialEq)]
pub struct World {
    topology: Arc<Topology>,
    seconds: u64,
    up: Arc<Vec<bool>>,
    vnets: Arc<Vec<Vnet>>,
    subnets: Arc<Vec<Subnet>>,
    sites: Arc<Vec<Site>>,
    links: Arc<Vec<Link>>,
    vms: imbl::Vector<VmState>,
    occupied: Arc<BTreeSet<(SubnetIx, Ipv4Addr)>>,
    blocked: Arc<BTreeSet<SubnetIx>>,
    faults: Arc<Faults>,
    incidents: Arc<Vec<Finding>>,
    copies: Arc<BTreeMap<VmIx, TestCopy>>,
    cards: Arc<BTreeMap<VmIx, Cards>>,
    leftovers: Arc<BTreeMap<(SubnetIx, Ipv4Addr), VmIx>>,
    home_targets: Arc<BTreeMap<VmIx, Target>>,
    test_targets: Arc<BTreeMap<VmIx, Target>>,
    lags: Arc<BTreeMap<AppIx, u32>>,
    drill: Arc<drill::Drill>,
}

impl World {
    /// The world as the topology declares it.
    pub fn start(topology: Arc<Topology>) -> Self {
        let vms = topology.vms.iter().map(VmState::declared).collect();
        let numbered = || topology.vms.iter().enumerate().map(|(at, vm)| (VmIx::new(at), vm));
        let cards = numbered().filter_map(|(at, vm)| Some((at, Cards::declared(vm)?))).collect();
        let tested = numbered().filter(|(_, vm)| vm.test_target != Target::default());
        let test_targets = tested.map(|(at, vm)| (at, vm.test_target)).collect();
        Self {
            seconds: 0,
            up: Arc::new(vec![true; topology.regions.len()]),
            vnets: Arc::new(topology.vnets.clone()),
            subnets: Arc::new(topology.subnets.clone()),
            sites: Arc::new(topology.sites.clone()),
            links: Arc::new(topology.links.clone()),
            vms,
            occupied: Arc::default(),
            blocked: Arc::default(),
            faults: Arc::default(),
            incidents: Arc::default(),
            copies: Arc::default(),
            cards: Arc::new(cards),
            leftovers: Arc::default(),
            home_targets: Arc::default(),
            test_targets: Arc::new(test_targets),
            lags: Arc::default(),
            drill: Arc::default(),
            topology,
        }
    }

    /// What the file declares.
    pub fn topology(&self) -> &Arc<Topology> {
        &self.topology
    }

    /// Seconds since the start.
    pub fn seconds(&self) -> u64 {
        self.seconds
    }

    /// The same world at another time; whoever runs commands knows which of them overlap in time.
    #[must_use]
    pub fn at_seconds(self, seconds: u64) -> Self {
        Self { seconds, ..self }
    }

    /// The regions.
    pub fn regions(&self) -> &[Region] {
        &self.topology.regions
    }

    /// Whether a region is up.
    pub fn is_up(&self, region: RegionIx) -> bool {
        self.up[region.at()]
    }

    /// All VNets.
    pub fn vnets(&self) -> &[Vnet] {
        &self.vnets
    }

    /// One VNet.
    pub fn vnet(&self, vnet: VnetIx) -> &Vnet {
        &self.vnets[vnet.at()]
    }

    /// All subnets, of all VNets.
    pub fn subnets(&self) -> &[Subnet] {
        &self.subnets
    }

    /// One subnet.
    pub fn subnet(&self, subnet: SubnetIx) -> &Subnet {
        &self.subnets[subnet.at()]
    }

    /// All sites.
    pub fn sites(&self) -> &[Site] {
        &self.sites
    }

    /// One site.
    pub fn site(&self, site: SiteIx) -> &Site {
        &self.sites[site.at()]
    }

    /// All links, those that do not exist now among them.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// One link.
    pub fn link(&self, link: LinkIx) -> &Link {
        &self.links[link.at()]
    }

    /// The links that are not absent, with their index.
    pub fn live_links(&self) -> impl Iterator<Item = (LinkIx, &Link)> {
        let numbered = self.links.iter().enumerate().map(|(at, link)| (LinkIx::new(at), link));
        numbered.filter(|(_, link)| link.state != LinkState::Absent)
    }

    /// Whether a link carries traffic: it is connected, and nothing is in its way.
    pub fn carries(&self, link: LinkIx) -> bool {
        self.passes(self.link(link))
    }

    /// The same for a link at hand.
    pub fn passes(&self, link: &Link) -> bool {
        link.state == LinkState::Connected && self.in_the_way(link).is_none()
    }

    /// What keeps a link from carrying traffic although its objects are there: a region that is down (D18), a broken
    /// gateway, a circuit that is down, or that it comes and goes.
    pub fn obstacle(&self, link: LinkIx) -> Option<Obstacle> {
        self.in_the_way(self.link(link))
    }

    fn in_the_way(&self, link: &Link) -> Option<Obstacle> {
        for vnet in link.vnets() {
            let here = self.vnet(vnet);
            if !self.is_up(here.region) {
                return Some(Obstacle::Region(here.region));
            }
            let gateway = link.kind.gateway().and_then(|kind| self.gateway(vnet, kind));
            if gateway.is_some_and(|gateway| gateway.state != GatewayState::Ready) {
                return Some(Obstacle::Gateway(vnet));
            }
        }
        let down = link.circuit.filter(|circuit| self.faults.circuits.contains(circuit));
        down.map(Obstacle::Circuit).or(link.faults.flapping.then_some(Obstacle::Flapping))
    }

    /// What goes wrong beside links and gateways.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Whether the control plane of a region answers: it is up, and nothing is degraded.
    pub fn answers(&self, region: RegionIx) -> bool {
        self.is_up(region) && !self.faults.degraded.contains(&region)
    }

    /// Whether a region is up, but its control plane does not answer.
    pub fn is_degraded(&self, region: RegionIx) -> bool {
        self.is_up(region) && !self.answers(region)
    }

    /// Whether a peering takes the traffic of a gateway link: at one of its ends a connected peering brings a prefix of its
    /// far end (B13, C8).
    pub fn is_shadowed(&self, link: LinkIx) -> bool {
        let shown = self.link(link);
        if shown.kind == LinkKind::Peering || shown.state != LinkState::Connected {
            return false;
        }
        let peers = |node: Node| {
            let peerings = self.links.iter().filter(|other| other.kind == LinkKind::Peering);
            peerings.filter(|other| other.state == LinkState::Connected).filter_map(move |other| other.other(node))
        };
        let taken = |node: Node| {
            let far = shown.other(node).filter(|_| node.vnet().is_some());
            far.is_some_and(|far| {
                peers(node).any(|peer| peer != far && first_overlap(self.space(peer), self.space(far)).is_some())
            })
        };
        shown.between.into_iter().any(taken)
    }

    /// Whether a link was never made: the file plans it, and nobody has connected it yet. A link that was cut is none.
    pub fn is_planned(&self, link: LinkIx) -> bool {
        self.link(link).state == LinkState::Absent
            && self.topology.links.get(link.at()).is_some_and(|declared| declared.state == LinkState::Absent)
    }

    /// All VMs, in the order of [`Topology::vms`].
    pub fn vms(&self) -> impl Iterator<Item = (VmIx, &VmState)> {
        self.vms.iter().enumerate().map(|(at, vm)| (VmIx::new(at), vm))
    }

    /// The states of some VMs in the order given. A long list in file order is read in one walk over all VMs, which is
    /// several times faster than looking up each.
    pub(crate) fn states<'a>(&'a self, vms: &'a [VmIx]) -> impl Iterator<Item = (VmIx, &'a VmState)> {
        let is_walk = vms.len() > self.vms.len() / 8 && vms.is_sorted_by(|one, next| one < next);
        let mut walk = self.vms.iter().enumerate();
        vms.iter().map(move |vm| {
            let met = if is_walk { walk.find(|(at, _)| *at == vm.at()).map(|(_, state)| state) } else { None };
            (*vm, met.unwrap_or_else(|| self.vm(*vm)))
        })
    }

    /// One VM.
    pub fn vm(&self, vm: VmIx) -> &VmState {
        &self.vms[vm.at()]
    }

    /// A VM's id.
    pub fn vm_id(&self, vm: VmIx) -> &str {
        &self.topology.vms[vm.at()].id
    }

    /// The app of a VM.
    pub fn app_of(&self, vm: VmIx) -> Option<AppIx> {
        self.topology.vms[vm.at()].app
    }

    /// The VMs of an endpoint; none for a site.
    pub fn vms_of(&self, endpoint: Endpoint) -> Vec<VmIx> {
        match endpoint {
            Endpoint::Vm(vm) => vec![vm],
            Endpoint::Site(_) => Vec::new(),
            Endpoint::App(app) => self.vms().map(|(vm, _)| vm).filter(|vm| self.app_of(*vm) == Some(app)).collect(),
        }
    }

    /// The VNet a VM serves in.
    pub fn vnet_of(&self, vm: VmIx) -> VnetIx {
        self.subnet(self.vm(vm).at.subnet).vnet
    }

    /// Whether a VM runs: its region is up.
    pub fn runs(&self, vm: VmIx) -> bool {
        self.is_up(self.vnet(self.vnet_of(vm)).region)
    }

    /// Whether a VM that has left where the file put it has the address of the file: still, or again. None for one that has
    /// not left, or is back with its address after a second re-protect.
    pub fn retained(&self, vm: VmIx) -> Option<bool> {
        let state = self.vm(vm);
        state.rule.map(|_| state.at.ip == self.topology.vms[vm.at()].ip)
    }

    /// A VNet's gateway of a kind.
    pub fn gateway(&self, vnet: VnetIx, kind: GatewayKind) -> Option<&Gateway> {
        self.vnet(vnet).gateways.iter().find(|gateway| gateway.kind == kind)
    }

    /// The region of a VNet; a site has none.
    pub fn region_of(&self, node: Node) -> Option<RegionIx> {
        node.vnet().map(|vnet| self.vnet(vnet).region)
    }

    /// The id of a network.
    pub fn node_id(&self, node: Node) -> &str {
        match node {
            Node::Vnet(vnet) => &self.vnet(vnet).id,
            Node::Site(site) => &self.site(site).id,
        }
    }

    /// The name of a network on the screen.
    pub fn node_title(&self, node: Node) -> &str {
        match node {
            Node::Vnet(vnet) => &self.vnet(vnet).title,
            Node::Site(site) => &self.site(site).title,
        }
    }

    /// Addresses someone else took with `occupy`.
    pub fn occupied(&self) -> &BTreeSet<(SubnetIx, Ipv4Addr)> {
        &self.occupied
    }

    /// Subnets into which a rule drops everything, put there by the inject `block` (C13).
    pub fn blocked(&self) -> &BTreeSet<SubnetIx> {
        &self.blocked
    }

    /// `VNET/SUBNET`
    pub fn subnet_name(&self, subnet: SubnetIx) -> String {
        let subnet = self.subnet(subnet);
        format!("{}/{}", self.vnet(subnet.vnet).id, subnet.id)
    }

    /// The same as commands hold it.
    pub fn subnet_path(&self, subnet: SubnetIx) -> SubnetName {
        let subnet = self.subnet(subnet);
        SubnetName { vnet: self.vnet(subnet.vnet).id.clone(), subnet: subnet.id.clone() }
    }
}

#[cfg(test)]
impl World {
    /// The same world with regions down and machines altered: states other rooms test without the way that leads there.
    pub(crate) fn altered(mut self, down: &[RegionIx], mut alter: impl FnMut(VmIx, &mut VmState)) -> Self {
        for region in down {
            Arc::make_mut(&mut self.up)[region.at()] = false;
        }
        self.vms.iter_mut().enumerate().for_each(|(at, vm)| alter(VmIx::new(at), vm));
        self
    }
}

impl Spaces for World {
    fn space(&self, node: Node) -> &[Ipv4Net] {
        match node {
            Node::Vnet(vnet) => &self.vnet(vnet).address_space,
            Node::Site(site) => &self.site(site).prefixes,
        }
    }
}
