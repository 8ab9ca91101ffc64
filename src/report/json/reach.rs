//! `reach --json` and `routes --json`: who reaches whom, why, and by which routes.

use ipnet::Ipv4Net;
use serde::Serialize;

use super::circuit;
use crate::network::{Explanation, Hop, Network, Route, VerdictCode};
use crate::topology::LinkKind;
use crate::world::World;

/// What `reach --json` prints without a pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatrixJson {
    /// The VMs in file order.
    pub vms: Vec<String>,
    /// Whether row and column reach each other, both ways, and security groups let the row ask the column on some port;
    /// the diagonal is whether the VM runs.
    pub reachable: Vec<Vec<bool>>,
}

/// What `reach --json` prints for a pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PairJson {
    /// One party, narrowed to the VM of the first pair that fails.
    pub from: String,
    /// The other party.
    pub to: String,
    /// `reachable` or `unreachable`.
    pub verdict: &'static str,
    /// The stable code.
    pub code: String,
    /// A sentence.
    pub message: String,
    /// The path there.
    pub forward: Vec<HopJson>,
    /// The path back.
    #[serde(rename = "return")]
    pub back: Vec<HopJson>,
}

/// One network on a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HopJson {
    /// The network's id.
    pub at: String,
    /// The prefix of the route that won.
    pub prefix: Option<Ipv4Net>,
    /// What it does with the packet.
    pub next_hop: Option<String>,
    /// The network it hands the packet to.
    pub to: Option<String>,
    /// The link it leaves by, where the type of the next hop leaves its kind open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<HopLinkJson>,
    /// The subnet whose route table was asked, `VNET/SUBNET`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table_of: Option<String>,
    /// The machine that forwards here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appliance: Option<String>,
}

/// The link a packet leaves a network by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HopLinkJson {
    /// Its id.
    pub id: String,
    /// `vpn`, `peering` or `expressroute`.
    pub kind: LinkKind,
    /// The id of its circuit; left out where it has none of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub circuit: Option<String>,
}

/// What `routes --json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoutesJson {
    /// The VNet, or `VNET/SUBNET`.
    pub at: String,
    /// The effective routes in the order Azure lists them.
    pub routes: Vec<RouteJson>,
}

/// One effective route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RouteJson {
    /// The destination.
    pub prefix: Ipv4Net,
    /// What happens with the packet.
    pub next_hop_type: String,
    /// The network it is handed to.
    pub to: Option<String>,
    /// The link it leaves by, where the type of the next hop leaves its kind open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<HopLinkJson>,
    /// The address of the appliance it is handed to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_hop_ip: Option<std::net::Ipv4Addr>,
    /// `default`, `user` or `gateway`.
    pub origin: String,
    /// `active` or `invalid`.
    pub state: String,
}

/// The matrix of all VMs.
pub fn matrix(world: &World, network: &Network) -> MatrixJson {
    let vms: Vec<_> = world.vms().map(|(ix, _)| ix).collect();
    let row = |a| vms.iter().map(|b| network.reaches(a, *b)).collect();
    MatrixJson {
        vms: vms.iter().map(|vm| world.vm_id(*vm).to_owned()).collect(),
        reachable: vms.iter().map(|vm| row(*vm)).collect(),
    }
}

/// The answer about one pair.
pub fn pair(world: &World, explanation: &Explanation) -> PairJson {
    let topology = world.topology();
    let hops = |hops: &[Hop]| hops.iter().map(|one| hop(world, one)).collect();
    PairJson {
        from: topology.endpoint_id(explanation.from).to_owned(),
        to: topology.endpoint_id(explanation.to).to_owned(),
        verdict: if explanation.code == VerdictCode::Reachable { "reachable" } else { "unreachable" },
        code: explanation.code.to_string(),
        message: explanation.message.clone(),
        forward: hops(&explanation.forward),
        back: hops(&explanation.back),
    }
}

fn hop(world: &World, hop: &Hop) -> HopJson {
    HopJson {
        at: world.node_id(hop.at).to_owned(),
        prefix: hop.route.map(|route| route.prefix),
        next_hop: hop.route.map(|route| route.next_hop.to_string()),
        to: hop.route.and_then(|route| route.to).map(|node| world.node_id(node).to_owned()),
        link: hop.route.and_then(|route| link(world, &route)),
        table_of: hop.table_of().map(|subnet| world.subnet_name(subnet)),
        appliance: hop.appliance.map(|vm| world.vm_id(vm).to_owned()),
    }
}

fn link(world: &World, route: &Route) -> Option<HopLinkJson> {
    let link = world.link(route.link.filter(|_| route.means(world).is_some())?);
    Some(HopLinkJson { id: link.id.clone(), kind: link.kind, circuit: circuit(world, link.circuit) })
}

/// The effective routes of `at`, a VNet or `VNET/SUBNET`.
pub fn routes(world: &World, at: &str, routes: &[Route]) -> RoutesJson {
    let routes = routes.iter().map(|route| RouteJson {
        prefix: route.prefix,
        next_hop_type: route.next_hop.to_string(),
        to: route.to.map(|node| world.node_id(node).to_owned()),
        link: link(world, route),
        next_hop_ip: route.appliance,
        origin: route.origin.to_string(),
        state: route.state.to_string(),
    });
    RoutesJson { at: at.to_owned(), routes: routes.collect() }
}
