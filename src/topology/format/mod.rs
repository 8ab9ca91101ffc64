//! The tables of the topology file as serde and schemars see them: one declaration gives reader, schema and messages.

mod links;
mod located;
mod nics;
mod plans;
mod shorthand;
mod words;

use ipnet::Ipv4Net;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use strum::IntoEnumIterator;

use super::timing::{Duration, Span};
use super::traffic::{RouteTable, SecurityGroup};
use super::{GatewayKind, Policy, Side};

pub use links::{Circuit, DeclaredKey, DeclaredState, HalfTable, Link};
pub use located::{At, Ordered};
pub use nics::{Nic, Secondary};
pub use plans::{Group, Hook, Objective, Plan, Step};
pub use words::{Address, Ip, Prefix, SubnetPath, TargetPath, is_id, shown};
pub(super) use words::{coded, prefix, text};

/// A topology file: networks, machines and links of two regions, and what must be able to talk.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "Failscope topology")]
pub struct File {
    /// The version of the format: 1.
    #[schemars(extend("const" = 1))]
    pub format: At<i64>,
    /// The title on the screen.
    pub title: String,
    /// What the topology shows, for its reader.
    #[serde(default)]
    pub about: String,
    /// Cloud regions by id.
    pub region: Ordered<Region>,
    /// Virtual networks by id.
    pub vnet: Ordered<Vnet>,
    /// On-premises sites by id.
    #[serde(default)]
    pub site: Ordered<Site>,
    /// Apps by id: groups of VMs that serve one purpose.
    #[serde(default)]
    pub app: Ordered<App>,
    /// Virtual machines by id.
    #[serde(default)]
    pub vm: Ordered<Vm>,
    /// Links between networks by id.
    #[serde(default)]
    pub link: Ordered<Link>,
    /// Route tables by id: routes a person gives to subnets.
    #[serde(default)]
    pub route_table: Ordered<RouteTable>,
    /// Network security groups by id.
    #[serde(default)]
    pub nsg: Ordered<SecurityGroup>,
    /// ExpressRoute circuits by id; a circuit that only links name needs no table.
    #[serde(default)]
    pub circuit: Ordered<Circuit>,
    /// What must be able to talk: judged after every step.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// Recovery plans by id; without one the planner derives it.
    #[serde(default)]
    pub plan: Ordered<Plan>,
    /// How fast everything has to work again.
    #[serde(default)]
    pub objective: Objective,
    /// Overrides of durations.
    #[serde(default)]
    pub timing: Durations,
    /// What the documentation leaves open.
    #[serde(default)]
    pub policy: Policy,
}

/// A cloud region.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Region {
    /// Its name on the screen; the id without one.
    pub title: Option<String>,
    /// The column on the screen: source or recovery.
    pub side: Side,
    /// Its geopolitical area, such as asia: a Standard circuit reaches the regions of its own.
    pub area: Option<String>,
}

/// A virtual network.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Vnet {
    /// Its name on the screen; the id without one.
    pub title: Option<String>,
    /// The region it lives in.
    pub region: At<String>,
    /// Its prefixes; needed unless `recovers` names a VNet to copy them from.
    pub address_space: Option<At<Vec<At<Prefix>>>>,
    /// Its subnets by name; copied from the VNet it recovers when not given.
    pub subnets: Option<Ordered<At<Subnet>>>,
    /// The VNet whose failover network this one is.
    pub recovers: Option<At<String>>,
    /// Gateways that are there from the start, at most one of each kind.
    #[serde(default)]
    pub gateways: Vec<At<Gateway>>,
}

/// A subnet: its prefix, or a table with prefix and more.
#[derive(Debug, Clone)]
pub struct Subnet {
    /// Its range.
    pub prefix: Ipv4Net,
    /// Its name on the screen; its id without one.
    pub title: Option<String>,
    /// Its route table.
    pub routes: Option<At<String>>,
    /// Its network security group.
    pub nsg: Option<At<String>>,
}

/// A subnet with more than its prefix.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SubnetTable {
    /// Its range.
    pub prefix: Prefix,
    /// Its name on the screen; its id without one.
    pub title: Option<String>,
    /// Its route table: an id of [route-table].
    pub routes: Option<At<String>>,
    /// Its network security group: an id of `[nsg]`.
    pub nsg: Option<At<String>>,
}

/// A gateway: its kind, or a table with kind, SKU and ASN.
#[derive(Debug, Clone)]
pub struct Gateway {
    /// VPN or ExpressRoute.
    pub kind: GatewayKind,
    /// Its SKU.
    pub sku: Option<At<String>>,
    /// Its BGP autonomous system number.
    pub asn: Option<At<u32>>,
    /// Whether both of its instances carry tunnels.
    pub active_active: bool,
}

/// A gateway with more than its kind.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct GatewayTable {
    /// VPN or ExpressRoute.
    pub kind: GatewayKind,
    /// Its SKU, such as VpnGw2AZ or ErGw1AZ.
    pub sku: Option<At<String>>,
    /// Its BGP autonomous system number.
    pub asn: Option<At<u32>>,
    /// Whether both of its instances carry tunnels.
    #[serde(default)]
    pub active_active: bool,
}

/// An on-premises site.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Site {
    /// Its name on the screen; the id without one.
    pub title: Option<String>,
    /// The prefixes that live there.
    pub prefixes: At<Vec<At<Prefix>>>,
    /// Where it sends a prefix; without the key every connected link brings the routes to its VNet.
    pub routes: Option<Vec<SiteRoute>>,
    /// The BGP autonomous system number of its device.
    pub asn: Option<At<u32>>,
}

/// One route of a site.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SiteRoute {
    /// The destination.
    pub prefix: At<Prefix>,
    /// The VNet packets go to.
    pub via: At<String>,
}

/// A group of VMs that serve one purpose.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct App {
    /// Its name on the screen; the id without one.
    pub title: Option<String>,
    /// The longest time from the disaster until it works again.
    pub rto: Option<Span>,
}

/// A virtual machine.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Vm {
    /// The app it belongs to.
    pub app: Option<At<String>>,
    /// Where it lives: VNET/SUBNET.
    pub subnet: At<SubnetPath>,
    /// Its IPv4 address, or "dynamic" (the default): the lowest free one once all static ones are placed.
    pub ip: Option<At<Address>>,
    /// Whether Site Recovery replicates it; by default where there is a failover network.
    pub protected: Option<At<bool>>,
    /// Where it goes and which address it gets; by default the rules of Site Recovery decide.
    pub target: Option<Target>,
    /// Whether it is still being copied for the first time, so that it cannot fail over yet.
    pub protecting: Option<At<bool>>,
    /// Where its test copies go and which address they get, if not as in a failover.
    pub test_target: Option<Target>,
    /// The multi-VM group it belongs to: its VMs fail over together or not at all.
    pub group: Option<At<String>>,
    /// Its further NICs by name.
    #[serde(default)]
    pub nic: Ordered<Nic>,
    /// The secondary addresses of its first NIC.
    #[serde(default)]
    pub secondary: Vec<Secondary>,
    /// How many of them there are: ID-1, ID-2 and so on, on consecutive addresses.
    #[schemars(range(min = 1, max = 65536))]
    pub count: Option<At<u32>>,
    /// Whether it sends on what is not for it: an appliance with IP forwarding.
    #[serde(default)]
    pub forwards: bool,
    /// The network security group of its NIC; it stays behind at a failover.
    pub nsg: Option<At<String>>,
}

/// The target settings of a replicated VM; each key may stand alone.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Target {
    /// A subnet of the failover network, or VNET/SUBNET of another VNet of a recovery region.
    pub subnet: Option<At<TargetPath>>,
    /// The address it shall get.
    pub ip: Option<At<Ip>>,
}

/// Two parties that must be able to talk, both ways.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Need {
    /// An app, a VM or a site.
    pub from: At<String>,
    /// An app, a VM or a site.
    pub to: At<String>,
    /// The port `from` asks on; any port when not given.
    #[schemars(with = "Option<u16>", range(min = 1, max = 65535))]
    pub port: Option<At<i64>>,
}

/// The `[timing]` table: spans of time by what takes them.
#[derive(Debug, Default)]
pub struct Durations(pub Vec<(Duration, Span)>);

impl<'de> Deserialize<'de> for Durations {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = Ordered::<Span>::deserialize(deserializer)?;
        let known = |key: &str| Duration::iter().find(|what| what.to_string() == key);
        Ok(Self(entries.0.into_iter().filter_map(|(key, span)| Some((known(&key.value)?, span))).collect()))
    }
}

impl JsonSchema for Durations {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timing".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let span = generator.subschema_for::<Span>();
        let keys: serde_json::Map<_, _> =
            Duration::iter().map(|what| (what.to_string(), span.clone().to_value())).collect();
        json_schema!({
            "description": "How long things take, like 45m, 90s or 1h30m.",
            "type": "object",
            "properties": keys,
            "additionalProperties": false,
        })
    }
}
