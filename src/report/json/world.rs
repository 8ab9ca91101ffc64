//! The world as JSON: everything that is true at one moment.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde::Serialize;

use super::super::run::findings;
use super::{FindingJson, circuit, ids};
use crate::history::Revision;
use crate::topology::{
    Allocation, GatewayKind, GatewayState, LinkKind, LinkState, RegionIx, Side, SiteRoute, SubnetIx, VmIx, VnetIx,
};
use crate::world::{Card, Cards, Instance, World};

/// Everything that is true at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorldJson {
    /// Seconds since the start.
    pub seconds: u64,
    /// Regions in file order.
    pub regions: Vec<RegionJson>,
    /// VNets in file order.
    pub vnets: Vec<VnetJson>,
    /// Sites in file order.
    pub sites: Vec<SiteJson>,
    /// Links; those that do not exist now are `absent`.
    pub links: Vec<LinkJson>,
    /// VMs, each where it serves now.
    pub vms: Vec<VmJson>,
    /// What must be able to talk.
    pub needs: Vec<NeedJson>,
    /// What a reader should know.
    pub findings: Vec<FindingJson>,
}

/// A region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegionJson {
    /// Its id.
    pub id: String,
    /// `source` or `recovery`.
    pub side: Side,
    /// Whether it is up.
    pub up: bool,
    /// Whether it is up and yet its control plane does not answer (D18); left out where all is well.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub degraded: bool,
}

/// A VNet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VnetJson {
    /// Its id.
    pub id: String,
    /// Its region's id.
    pub region: String,
    /// Its prefixes.
    pub address_space: Vec<Ipv4Net>,
    /// Its subnets, an inferred `GatewaySubnet` among them.
    pub subnets: Vec<SubnetJson>,
    /// Its gateways.
    pub gateways: Vec<GatewayJson>,
    /// The VNet it is the twin of.
    pub recovers: Option<String>,
}

/// A subnet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubnetJson {
    /// Its name in its VNet.
    pub id: String,
    /// Its range.
    pub prefix: Ipv4Net,
}

/// A gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GatewayJson {
    /// `vpn` or `expressroute`.
    pub kind: GatewayKind,
    /// `ready`, `building` or `broken`; a command ends when its gateway is ready.
    pub state: GatewayState,
}

/// An on-premises site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SiteJson {
    /// Its id.
    pub id: String,
    /// What lives there.
    pub prefixes: Vec<Ipv4Net>,
    /// Where it sends what.
    pub routes: Vec<SiteRouteJson>,
}

/// One route of a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SiteRouteJson {
    /// The destination.
    pub prefix: Ipv4Net,
    /// The VNet's id.
    pub via: String,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkJson {
    /// Its id.
    pub id: String,
    /// `vpn`, `peering` or `expressroute`.
    pub kind: LinkKind,
    /// Whether its two sides exchange routes by BGP (B38); left out where they do not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub bgp: bool,
    /// The ids of its ends.
    pub between: [String; 2],
    /// The id of its circuit; left out where it has none of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub circuit: Option<String>,
    /// The weight of an ExpressRoute connection (B56); left out where it is 0.
    #[serde(skip_serializing_if = "is_zero")]
    pub weight: u32,
    /// `connected`, `pending` or `absent`; `initiated`, `disconnected` or `not-connected` where something is missing.
    pub state: LinkState,
}

/// A VM where it serves now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VmJson {
    /// Its id.
    pub id: String,
    /// Its app's id.
    pub app: Option<String>,
    /// The region it serves in.
    pub region: String,
    /// The VNet it serves in.
    pub vnet: String,
    /// The subnet it serves in.
    pub subnet: String,
    /// Its address there.
    pub ip: Ipv4Addr,
    /// `static` or `dynamic`.
    pub allocation: Allocation,
    /// Whether it runs.
    pub running: bool,
    /// Where Site Recovery stands with it.
    pub phase: String,
    /// Its address when the topology was loaded.
    pub ip_before: Ipv4Addr,
    /// Whether it kept that address; null while it has not left its source.
    pub retained: Option<bool>,
    /// Other machines that run with its identity; left out when there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub instances: Vec<InstanceJson>,
    /// Its further NICs and secondary addresses; left out when there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nics: Vec<NicJson>,
}

/// A second live instance of a VM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InstanceJson {
    /// The VNet it is in.
    pub vnet: String,
    /// The subnet it is in.
    pub subnet: String,
    /// Its address.
    pub ip: Ipv4Addr,
}

/// A further NIC or a secondary address of a VM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NicJson {
    /// The NIC's name; `primary` for the first.
    pub nic: String,
    /// Whether it is a secondary address.
    pub secondary: bool,
    /// The subnet it is in; null where it was not carried.
    pub subnet: Option<String>,
    /// Its address; null where it was not carried.
    pub ip: Option<std::net::IpAddr>,
    /// Its address when the topology was loaded.
    pub ip_before: std::net::IpAddr,
    /// Whether it kept that address; null while its VM has not left its source.
    pub retained: Option<bool>,
}

/// A need and whether it is met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NeedJson {
    /// One party's id.
    pub from: String,
    /// The other's.
    pub to: String,
    /// The port the first asks on, where the need names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// Whether they reach each other.
    pub met: bool,
}

/// The world of a revision.
pub fn world(revision: &Revision) -> WorldJson {
    let world = &revision.world;
    let topology = world.topology();
    let needs = topology.needs.iter().zip(&revision.needs).map(|(need, record)| NeedJson {
        from: topology.endpoint_id(need.from).to_owned(),
        to: topology.endpoint_id(need.to).to_owned(),
        port: need.port,
        met: record.met,
    });
    WorldJson {
        seconds: world.seconds(),
        regions: regions(world),
        vnets: (0..world.vnets().len()).map(|at| vnet(world, VnetIx::new(at))).collect(),
        sites: sites(world),
        links: links(world),
        vms: world.vms().map(|(ix, _)| vm(world, ix)).collect(),
        needs: needs.collect(),
        findings: findings(world).iter().map(FindingJson::from).collect(),
    }
}

fn regions(world: &World) -> Vec<RegionJson> {
    let numbered = world.regions().iter().enumerate();
    numbered
        .map(|(at, region)| {
            let (up, answers) = (world.is_up(RegionIx::new(at)), world.answers(RegionIx::new(at)));
            RegionJson { id: region.id.clone(), side: region.side, up, degraded: up && !answers }
        })
        .collect()
}

fn vnet(world: &World, ix: VnetIx) -> VnetJson {
    let vnet = world.vnet(ix);
    let subnet = |ix: &SubnetIx| {
        let subnet = world.subnet(*ix);
        SubnetJson { id: subnet.id.clone(), prefix: subnet.prefix }
    };
    VnetJson {
        id: vnet.id.clone(),
        region: world.regions()[vnet.region.at()].id.clone(),
        address_space: vnet.address_space.clone(),
        subnets: vnet.subnets.iter().map(subnet).collect(),
        gateways: vnet
            .gateways
            .iter()
            .map(|gateway| GatewayJson { kind: gateway.kind, state: gateway.state })
            .collect(),
        recovers: vnet.recovers.map(|twin| world.vnet(twin).id.clone()),
    }
}

fn sites(world: &World) -> Vec<SiteJson> {
    let route = |route: &SiteRoute| SiteRouteJson { prefix: route.prefix, via: world.vnet(route.via).id.clone() };
    let sites = world.sites().iter();
    sites
        .map(|site| SiteJson {
            id: site.id.clone(),
            prefixes: site.prefixes.clone(),
            routes: site.routes.iter().map(route).collect(),
        })
        .collect()
}

fn is_zero(weight: &u32) -> bool {
    *weight == 0
}

fn links(world: &World) -> Vec<LinkJson> {
    let links = world.links().iter();
    links
        .map(|link| LinkJson {
            id: link.id.clone(),
            kind: link.kind,
            bgp: link.bgp,
            between: ids(world, link.between),
            circuit: circuit(world, link.circuit),
            weight: link.weight,
            state: link.state,
        })
        .collect()
}

fn vm(world: &World, ix: VmIx) -> VmJson {
    let (state, declared) = (world.vm(ix), &world.topology().vms[ix.at()]);
    let here = world.subnet(state.at.subnet);
    VmJson {
        id: declared.id.clone(),
        app: declared.app.map(|app| world.topology().apps[app.at()].id.clone()),
        region: world.regions()[world.vnet(world.vnet_of(ix)).region.at()].id.clone(),
        vnet: world.vnet(here.vnet).id.clone(),
        subnet: here.id.clone(),
        ip: state.at.ip,
        allocation: state.at.allocation,
        running: world.runs(ix),
        phase: state.phase_word(),
        ip_before: declared.ip,
        retained: world.retained(ix),
        instances: world.instances(ix).map(|other| instance(world, other)).collect(),
        nics: world.cards(ix).into_iter().flat_map(Cards::iter).map(|card| nic(world, card)).collect(),
    }
}

fn nic(world: &World, card: &Card) -> NicJson {
    let v4 = card.at.map(|at| at.ip.into());
    NicJson {
        nic: card.nic.clone(),
        secondary: card.secondary,
        subnet: card.at.map(|at| world.subnet(at.subnet).id.clone()),
        ip: v4.or(card.v6.map(Into::into)),
        ip_before: card.before,
        retained: card.retained(),
    }
}

fn instance(world: &World, other: Instance) -> InstanceJson {
    let subnet = world.subnet(other.at.subnet);
    InstanceJson { vnet: world.vnet(subnet.vnet).id.clone(), subnet: subnet.id.clone(), ip: other.at.ip }
}
