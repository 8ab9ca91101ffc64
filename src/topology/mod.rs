//! What a topology file declares: regions, VNets, subnets, VMs, links, needs and plans.
//!
//! This room owns addresses and prefixes, the overlap rules, the command language as text, and the TOML format with
//! its errors. It knows nothing of the world's state and nothing of screens.

pub mod address;
pub mod builtin;
pub mod command;
pub mod finding;
pub mod fit;
pub mod format;
pub mod kinds;
pub mod limits;
mod link;
pub mod load;
mod nics;
pub mod one_way;
pub mod overlap;
pub mod places;
pub mod policy;
pub mod recovery_plan;
pub mod routing;
pub mod schema;
pub mod security;
pub mod timing;
mod traffic;
pub mod twice;

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

pub use command::{CardName, Command, Inject, PeeringFlag, RecoveryPoint, Scope};
pub use finding::{Finding, FindingCode, Position, Severity};
pub use kinds::{Allocation, CircuitSku, GatewayKind, GatewayState, LinkKind, LinkState, Side};
pub use link::{Faults, Half, Link};
pub use nics::{MOST_IN_GROUP, Nic, SecondaryAddress, VmGroup};
pub use policy::Policy;
pub use recovery_plan::{FailoverDirection, FailoverType, FileGroup, FilePlan, Group, GroupKind, PlanStep, RunMode};
pub use routing::{Destination, RouteTable, UserNextHop, UserRoute};
pub use security::{Direction, Peers, SecurityGroup, SecurityRule};
pub use timing::Timing;

/// Declares a small integer that names one item of a vector of the model.
macro_rules! index {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The item at `position` of its vector.
            pub fn new(position: usize) -> Self {
                Self(u32::try_from(position).expect("a model holds fewer than 2^32 items of a kind"))
            }

            /// Its position in its vector.
            pub fn at(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

index! {
    /// A region of [`Topology::regions`].
    RegionIx,
    /// A VNet.
    VnetIx,
    /// A subnet, counted over all VNets.
    SubnetIx,
    /// An on-premises site.
    SiteIx,
    /// An app.
    AppIx,
    /// A VM.
    VmIx,
    /// A link; links made by hand are appended, so an index never changes its meaning.
    LinkIx,
    /// An ExpressRoute circuit of [`Topology::circuits`].
    CircuitIx,
    /// A route table of [`Topology::route_tables`].
    RouteTableIx,
    /// A network security group of [`Topology::security_groups`].
    SecurityGroupIx,
}

/// A network a link can end in: a VNet or an on-premises site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// A virtual network in a region.
    Vnet(VnetIx),
    /// An on-premises site.
    Site(SiteIx),
}

impl Node {
    /// The VNet, unless this is a site.
    pub fn vnet(self) -> Option<VnetIx> {
        match self {
            Self::Vnet(vnet) => Some(vnet),
            Self::Site(_) => None,
        }
    }

    /// The site, unless this is a VNet.
    pub fn site(self) -> Option<SiteIx> {
        match self {
            Self::Site(site) => Some(site),
            Self::Vnet(_) => None,
        }
    }
}

/// Everything one topology file declares, with every name resolved.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Topology {
    /// The file's name without `.toml`, or the built-in name.
    pub name: String,
    /// The title on the screen.
    pub title: String,
    /// What the topology shows, for its reader.
    pub about: String,
    /// Regions in file order.
    pub regions: Vec<Region>,
    /// VNets in file order.
    pub vnets: Vec<Vnet>,
    /// Subnets of all VNets, grouped by VNet in file order; inferred `GatewaySubnet`s among them.
    pub subnets: Vec<Subnet>,
    /// On-premises sites in file order.
    pub sites: Vec<Site>,
    /// Apps in file order.
    pub apps: Vec<App>,
    /// VMs in file order, `count` already unrolled.
    pub vms: Vec<Vm>,
    /// Multi-VM groups in the order of their first VM (D5).
    pub groups: Vec<VmGroup>,
    /// Links in file order, planned ones included.
    pub links: Vec<Link>,
    /// The ExpressRoute circuits that the file declares or links name; a link without one uses its site's one implied
    /// circuit.
    pub circuits: Vec<Circuit>,
    /// Route tables in file order.
    pub route_tables: Vec<RouteTable>,
    /// Network security groups in file order.
    pub security_groups: Vec<SecurityGroup>,
    /// What must be able to talk.
    pub needs: Vec<Need>,
    /// Plans written in the file.
    pub plans: Vec<FilePlan>,
    /// How fast everything has to work again.
    pub objective: Objective,
    /// Durations of commands.
    pub timing: Timing,
    /// What the documentation leaves open.
    pub policy: Policy,
    /// What a reader should know about the file although the model stands.
    pub findings: Vec<Finding>,
    /// Where the file declares what.
    pub places: places::Places,
}

/// A cloud region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Its id in the file.
    pub id: String,
    /// Its name on the screen.
    pub title: String,
    /// The column it is drawn in.
    pub side: Side,
    /// The geopolitical area it belongs to, where the file says so: what a Standard circuit of that area reaches (B49).
    pub area: Option<String>,
}

/// A virtual network: in one region, and isolated until a link joins it to another (B1). Two that nothing joins may have
/// one address space (B2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vnet {
    /// Its id in the file.
    pub id: String,
    /// Its name on the screen.
    pub title: String,
    /// Where it lives.
    pub region: RegionIx,
    /// Its prefixes, none overlapping another.
    pub address_space: Vec<Ipv4Net>,
    /// Its subnets in file order.
    pub subnets: Vec<SubnetIx>,
    /// The VNet whose failover network this one is: its twin.
    pub recovers: Option<VnetIx>,
    /// Its gateways, at most one of each kind (B29).
    pub gateways: Vec<Gateway>,
}

/// A gateway of a VNet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gateway {
    /// VPN or ExpressRoute.
    pub kind: GatewayKind,
    /// The SKU the file names.
    pub sku: Option<String>,
    /// The BGP autonomous system number the file names.
    pub asn: Option<u32>,
    /// Whether both of its instances carry tunnels (B33).
    pub active_active: bool,
    /// Whether it works.
    pub state: GatewayState,
}

impl Gateway {
    /// A gateway of which nothing but its kind is said.
    pub fn new(kind: GatewayKind) -> Self {
        Self { kind, sku: None, asn: None, active_active: false, state: GatewayState::Ready }
    }
}

/// An ExpressRoute circuit (B48, B49).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Circuit {
    /// Its id in the file.
    pub id: String,
    /// Its name on the screen.
    pub title: String,
    /// Where the provider meets the cloud.
    pub location: Option<String>,
    /// Whether it reaches every region and more VNets (B49).
    pub premium: bool,
    /// The geopolitical area of its location, where the file says so (B49).
    pub area: Option<String>,
}

impl Circuit {
    /// A circuit of which nothing but its name is known.
    pub fn named(id: &str) -> Self {
        Self { id: id.to_owned(), title: id.to_owned(), ..Self::default() }
    }
}

/// A subnet of a VNet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subnet {
    /// Its name within its VNet.
    pub id: String,
    /// Its name on the screen.
    pub title: String,
    /// Its VNet.
    pub vnet: VnetIx,
    /// Its range.
    pub prefix: Ipv4Net,
    /// Its route table (C4).
    pub route_table: Option<RouteTableIx>,
    /// Its network security group (C16).
    pub security_group: Option<SecurityGroupIx>,
}

/// The name of the subnet gateways live in (B28).
pub const GATEWAY_SUBNET: &str = "GatewaySubnet";

impl Subnet {
    /// A subnet with neither route table nor security group, called by its id.
    pub fn new(id: impl Into<String>, vnet: VnetIx, prefix: Ipv4Net) -> Self {
        let id = id.into();
        Self { title: id.clone(), id, vnet, prefix, route_table: None, security_group: None }
    }

    /// Whether VMs may live here; the subnet of the gateways takes nothing else (B28).
    pub fn hosts_vms(&self) -> bool {
        self.id != GATEWAY_SUBNET
    }
}

/// An on-premises site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Its id in the file.
    pub id: String,
    /// Its name on the screen.
    pub title: String,
    /// The prefixes that live there.
    pub prefixes: Vec<Ipv4Net>,
    /// Where it sends a prefix; `formats.md`, "Site routes".
    pub routes: Vec<SiteRoute>,
    /// The BGP autonomous system number of its device, where the file names it (B39).
    pub asn: Option<u32>,
}

/// One route of a site: packets for `prefix` go to `via`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteRoute {
    /// The destination.
    pub prefix: Ipv4Net,
    /// The VNet the site sends to.
    pub via: VnetIx,
}

/// A group of VMs that serve one purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct App {
    /// Its id in the file.
    pub id: String,
    /// Its name on the screen.
    pub title: String,
    /// The longest time from the disaster until it works again, in seconds (F23).
    pub rto: Option<u64>,
}

/// A virtual machine as the file declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vm {
    /// Its id in the file.
    pub id: String,
    /// The app it belongs to.
    pub app: Option<AppIx>,
    /// Where it lives.
    pub subnet: SubnetIx,
    /// Its address; for a dynamic one the lowest that was free once all static ones were placed.
    pub ip: Ipv4Addr,
    /// Whether the address is pinned.
    pub allocation: Allocation,
    /// Whether Site Recovery replicates it.
    pub protected: bool,
    /// Whether it is still being copied for the first time (D3).
    pub protecting: bool,
    /// What its replicated item says about the target address (A24).
    pub target: Target,
    /// What it says about test failovers (A34).
    pub test_target: Target,
    /// Whether it sends on what is not for it: an appliance (C4).
    pub forwards: bool,
    /// The network security group of its NIC (C16).
    pub security_group: Option<SecurityGroupIx>,
    /// Its further NICs (A29).
    pub nics: Vec<Nic>,
    /// The secondary addresses of its first NIC (A28).
    pub secondary: Vec<SecondaryAddress>,
}

impl Vm {
    /// A machine at an address, in no app and with nothing special about it.
    pub fn new(id: impl Into<String>, subnet: SubnetIx, ip: Ipv4Addr, allocation: Allocation) -> Self {
        Self {
            id: id.into(),
            app: None,
            subnet,
            ip,
            allocation,
            protected: false,
            protecting: false,
            target: Target::default(),
            test_target: Target::default(),
            forwards: false,
            security_group: None,
            nics: Vec::new(),
            secondary: Vec::new(),
        }
    }
}

/// The target settings of a replicated item (A24); each part may stand alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Target {
    /// The subnet it goes to, in the failover network or in another VNet of a recovery region.
    pub subnet: Option<SubnetIx>,
    /// The address it shall get.
    pub ip: Option<Ipv4Addr>,
}

/// How fast everything has to work again (F23).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Objective {
    /// The longest time from the disaster until everything works again, in seconds.
    pub rto: Option<u64>,
}

/// One side of a need or of a question about reachability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// One VM.
    Vm(VmIx),
    /// All VMs of an app.
    App(AppIx),
    /// Any host in a site's prefixes.
    Site(SiteIx),
}

/// Two parties that must be able to talk, both ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// One party.
    pub from: Endpoint,
    /// The other.
    pub to: Endpoint,
    /// The port the first asks on; any port where none is named.
    pub port: Option<u16>,
}

impl Topology {
    /// The VNets that recover `vnet`, in file order; the first is its failover network.
    pub fn twins_of(&self, vnet: VnetIx) -> impl Iterator<Item = VnetIx> + '_ {
        self.vnets
            .iter()
            .enumerate()
            .filter(move |(_, twin)| twin.recovers == Some(vnet))
            .map(|(at, _)| VnetIx::new(at))
    }

    /// How an endpoint is called in the file.
    pub fn endpoint_id(&self, endpoint: Endpoint) -> &str {
        match endpoint {
            Endpoint::Vm(vm) => &self.vms[vm.at()].id,
            Endpoint::App(app) => &self.apps[app.at()].id,
            Endpoint::Site(site) => &self.sites[site.at()].id,
        }
    }

    /// The prefixes of a network: a VNet's address space or a site's prefixes.
    pub fn space(&self, node: Node) -> &[Ipv4Net] {
        match node {
            Node::Vnet(vnet) => &self.vnets[vnet.at()].address_space,
            Node::Site(site) => &self.sites[site.at()].prefixes,
        }
    }
}

impl limits::Networks for Topology {
    fn gateways(&self, vnet: VnetIx) -> &[Gateway] {
        &self.vnets[vnet.at()].gateways
    }

    fn region(&self, vnet: VnetIx) -> &Region {
        &self.regions[self.vnets[vnet.at()].region.at()]
    }

    fn title(&self, node: Node) -> &str {
        match node {
            Node::Vnet(vnet) => &self.vnets[vnet.at()].title,
            Node::Site(site) => &self.sites[site.at()].title,
        }
    }

    fn circuit(&self, circuit: CircuitIx) -> &Circuit {
        &self.circuits[circuit.at()]
    }

    fn asn(&self, node: Node) -> Option<u32> {
        match node {
            Node::Vnet(vnet) => {
                let gateway = limits::Networks::gateway_of(self, vnet, GatewayKind::Vpn)?;
                Some(gateway.asn.unwrap_or(limits::DEFAULT_ASN))
            }
            Node::Site(site) => self.sites[site.at()].asn,
        }
    }
}
