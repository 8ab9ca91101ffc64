//! The tables of links and circuits.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{At, Ordered, Prefix};
use crate::topology::{CircuitSku, LinkKind};

/// A link between two networks.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Link {
    /// VPN, peering or ExpressRoute.
    pub kind: LinkKind,
    /// The two networks: ids of VNets or sites, in either order.
    #[schemars(with = "[String; 2]")]
    pub between: At<Vec<At<String>>>,
    /// Whether it is there from the start, or only planned; connected when nothing else is said.
    pub state: Option<At<DeclaredState>>,
    /// The ExpressRoute circuit; the site's one implied circuit when not given.
    pub circuit: Option<At<String>>,
    /// VPN: whether the two sides exchange routes by BGP.
    pub bgp: Option<At<bool>>,
    /// ExpressRoute: the weight of the connection; of equal prefixes the higher weight wins. 0 when not given.
    pub weight: Option<At<u32>>,
    /// VPN to a site: how many tunnels; more than one need BGP. 1 when not given.
    pub tunnels: Option<At<u32>>,
    /// VPN to a site: the prefix list of the local network gateway; the prefixes of the site when not given.
    pub prefixes: Option<At<Vec<At<Prefix>>>>,
    /// VPN: "differs" where the two objects have different keys.
    pub key: Option<At<DeclaredKey>>,
    /// VPN to a site: whether the gateway translates addresses.
    pub nat: Option<At<bool>>,
    /// The end whose object alone is there; both are when not given.
    pub half: Option<At<String>>,
    /// Peering, both halves: whether the peer's range belongs to the VirtualNetwork tag; true when not given.
    pub access: Option<At<bool>>,
    /// Peering, both halves: whether traffic that did not begin in the peer is let in; false when not given.
    pub forwarded_traffic: Option<At<bool>>,
    /// Peering: settings of one half, by the id of its VNet.
    #[serde(default)]
    pub at: Ordered<HalfTable>,
}

/// One half of a peering.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HalfTable {
    /// Whether the peer's range belongs to the VirtualNetwork tag here.
    pub access: Option<bool>,
    /// Whether traffic that did not begin in the peer is let in.
    pub forwarded_traffic: Option<bool>,
    /// Whether the peer may use the gateway here.
    pub gateway_transit: Option<At<bool>>,
    /// Whether the gateway of the peer is used here.
    pub remote_gateways: Option<At<bool>>,
}

/// Whether a declared link is there from the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DeclaredState {
    /// It is there.
    #[default]
    Connected,
    /// It is planned: it keeps its place on the screen and is made by a plan or by hand.
    Absent,
    /// Peering: only the half named by `half` was made yet.
    Initiated,
    /// Peering: only the half named by `half` is left.
    Disconnected,
    /// VPN: only the object named by `half` is there, or the keys differ.
    NotConnected,
}

/// How the two keys of a VPN compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DeclaredKey {
    /// They are the same.
    Same,
    /// They are not.
    Differs,
}

/// An ExpressRoute circuit.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Circuit {
    /// Its name on the screen; the id without one.
    pub title: Option<String>,
    /// The peering location.
    pub location: Option<String>,
    /// The geopolitical area of the location, such as asia.
    pub area: Option<String>,
    /// Standard (the default) reaches the regions of its area and 10 VNets, Premium every region and 100.
    pub sku: Option<CircuitSku>,
}
