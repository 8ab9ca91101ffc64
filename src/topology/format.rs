//! The tables of the topology file as serde and schemars see them: one declaration gives reader, schema and messages.

use std::fmt;
use std::marker::PhantomData;
use std::net::Ipv4Addr;
use std::ops::Range;

use ipnet::Ipv4Net;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use strum::IntoEnumIterator;

use super::command::{SubnetName, TargetSubnet, did_you_mean};
use super::finding::FindingCode;
pub use super::format_plan::{Group, Hook, Objective, Plan, Step};
use super::nic_format::{Nic, Secondary};
use super::timing::{Duration, Span};
use super::traffic::{RouteTable, SecurityGroup};
use super::{GATEWAY_SUBNET, GatewayKind, Policy, Side};

mod links;

pub use links::{Circuit, DeclaredKey, DeclaredState, HalfTable, Link};

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

/// A value with the bytes of the file it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Its bytes in the file.
    pub span: Range<usize>,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for At<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = toml::Spanned::<T>::deserialize(deserializer)?;
        Ok(Self { span: spanned.span(), value: spanned.into_inner() })
    }
}

impl<T: JsonSchema> JsonSchema for At<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// A table keyed by id, in the order of the file.
#[derive(Debug, Clone)]
pub struct Ordered<T>(pub Vec<(At<String>, T)>);

impl<T> Default for Ordered<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Ordered<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = Ordered<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry::<At<String>, T>()? {
                    entries.push(entry);
                }
                // The parser hands out keys in alphabetical order; the order of the file is the order on the screen.
                entries.sort_by_key(|(key, _)| key.span.start);
                Ok(Ordered(entries))
            }
        }
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for Ordered<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("TableOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let entry = generator.subschema_for::<T>();
        json_schema!({
            "type": "object",
            "additionalProperties": entry,
            "propertyNames": { "pattern": format!("^([a-z0-9]([a-z0-9-]*[a-z0-9])?|{GATEWAY_SUBNET})$") },
        })
    }
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

/// Parses a string while it is being visited: only there does the reader know where in the file it stands.
struct Text<F>(F);

impl<T, F: Fn(&str) -> Result<T, String>> Visitor<'_> for Text<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).map_err(E::custom)
    }
}

/// Reads a value that is written as one string; the message carries its code in front.
pub(super) fn text<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(Text(parse))
}

/// A message of a value, with its code in front: a serde error carries nothing but its text.
pub(super) fn coded(code: FindingCode, message: &str) -> String {
    format!("{code}: {message}")
}

/// Declares a value that is written as one string.
macro_rules! text_value {
    ($($(#[$doc:meta])* $name:ident($inner:ty) = $parse:ident, $code:ident, $pattern:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
        #[schemars(with = "String", inline, extend("pattern" = $pattern))]
        pub struct $name(pub $inner);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let parse = |text: &str| $parse(text).map_err(|message| coded(FindingCode::$code, &message));
                deserializer.deserialize_str(Text(parse)).map(Self)
            }
        }
    )*};
}

text_value! {
    /// An IPv4 prefix without host bits, like 10.1.0.0/16.
    Prefix(Ipv4Net) = prefix, InvalidPrefix, r"^\d+\.\d+\.\d+\.\d+/\d+$";
    /// An IPv4 address, like 10.1.1.4.
    Ip(Ipv4Addr) = ip, InvalidAddress, r"^\d+\.\d+\.\d+\.\d+$";
    /// An IPv4 address, or "dynamic".
    Address(Option<Ipv4Addr>) = address, InvalidAddress, r"^(dynamic|\d+\.\d+\.\d+\.\d+)$";
    /// A subnet: VNET/SUBNET.
    SubnetPath(SubnetName) = subnet_path, InvalidValue, r"^[^/]+/[^/]+$";
    /// A subnet of the failover network, or VNET/SUBNET.
    TargetPath(TargetSubnet) = target_path, InvalidValue, r"^[^/]+(/[^/]+)?$";
}

/// Text of the file as it may stand in a message: on one line, without control characters, not too long.
pub fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let mut quoted: String = text.chars().take(MOST).flat_map(char::escape_debug).collect();
    if text.chars().nth(MOST).is_some() {
        quoted.push('…');
    }
    quoted.replace("\\\"", "\"").replace("\\'", "'")
}

/// A prefix, or why the text is none.
pub(super) fn prefix(text: &str) -> Result<Ipv4Net, String> {
    let word = shown(text);
    if let Ok(prefix) = text.parse::<Ipv4Net>() {
        return match prefix.trunc() {
            whole if whole == prefix => Ok(prefix),
            whole => Err(format!("`{word}` has host bits set; the prefix is {whole}")),
        };
    }
    Err(if text.contains(':') {
        format!("`{word}` is IPv6; prefixes here are IPv4 only, like 10.1.0.0/16")
    } else if text.parse::<Ipv4Addr>().is_ok() {
        format!("`{word}` has no length; write a prefix like 10.1.0.0/16")
    } else {
        format!("`{word}` is no prefix; write it like 10.1.0.0/16")
    })
}

fn ip(text: &str) -> Result<Ipv4Addr, String> {
    let word = shown(text);
    text.parse().map_err(|_| match text.contains(':') {
        true => format!("`{word}` is IPv6; addresses here are IPv4 only, like 10.1.1.4"),
        false => format!("`{word}` is no address; write it like 10.1.1.4"),
    })
}

fn address(text: &str) -> Result<Option<Ipv4Addr>, String> {
    match text {
        "dynamic" => Ok(None),
        _ => {
            ip(text).map(Some).map_err(|message| format!("{message} or \"dynamic\"{}", did_you_mean(text, ["dynamic"])))
        }
    }
}

fn subnet_path(text: &str) -> Result<SubnetName, String> {
    text.parse().map_err(|_| format!("`{}` is no subnet; write VNET/SUBNET", shown(text)))
}

fn target_path(text: &str) -> Result<TargetSubnet, String> {
    match text.contains('/') {
        true => subnet_path(text).map(TargetSubnet::Elsewhere),
        false => Ok(TargetSubnet::InFailoverNetwork(text.to_owned())),
    }
}

/// Whether a word is spelled as ids are: `a-z`, `0-9` and `-`, with a letter or digit at both ends.
pub fn is_id(word: &str) -> bool {
    let plain = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let bytes = word.as_bytes();
    bytes.iter().all(|letter| plain(*letter) || *letter == b'-')
        && bytes.first().copied().is_some_and(plain)
        && bytes.last().copied().is_some_and(plain)
}

/// A value that is written as one string, or as a table when there is more to say.
pub(super) trait Shorthand: Sized {
    type Long: DeserializeOwned + JsonSchema + Into<Self>;
    type Short: DeserializeOwned + JsonSchema + Into<Self>;
    const EXPECTING: &'static str;
}

impl Shorthand for Subnet {
    type Long = SubnetTable;
    type Short = Prefix;
    const EXPECTING: &'static str = "a prefix, or a table with `prefix` and more";
}

impl From<SubnetTable> for Subnet {
    fn from(table: SubnetTable) -> Self {
        Self { prefix: table.prefix.0, title: table.title, routes: table.routes, nsg: table.nsg }
    }
}

impl From<Prefix> for Subnet {
    fn from(prefix: Prefix) -> Self {
        Self { prefix: prefix.0, title: None, routes: None, nsg: None }
    }
}

impl Shorthand for Gateway {
    type Long = GatewayTable;
    type Short = GatewayKind;
    const EXPECTING: &'static str = "`vpn`, `expressroute`, or a table with `kind`";
}

impl From<GatewayTable> for Gateway {
    fn from(table: GatewayTable) -> Self {
        Self { kind: table.kind, sku: table.sku, asn: table.asn, active_active: table.active_active }
    }
}

impl From<GatewayKind> for Gateway {
    fn from(kind: GatewayKind) -> Self {
        Self { kind, sku: None, asn: None, active_active: false }
    }
}

struct ShortOrLong<T>(PhantomData<T>);

impl<'de, T: Shorthand> Visitor<'de> for ShortOrLong<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTING)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        T::Short::deserialize(serde::de::value::StrDeserializer::new(text)).map(Into::into)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::Long::deserialize(MapAccessDeserializer::new(map)).map(Into::into)
    }
}

/// Implements reading and schema of a value with a short and a long form.
macro_rules! shorthand {
    ($($name:ident, $description:literal;)*) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(ShortOrLong(PhantomData))
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                let short = generator.subschema_for::<<Self as Shorthand>::Short>();
                let long = generator.subschema_for::<<Self as Shorthand>::Long>();
                json_schema!({ "description": $description, "anyOf": [short, long] })
            }
        }
    )*};
}

shorthand! {
    Subnet, "A subnet: its prefix, or a table with prefix, title, route table and security group.";
    Gateway, "A gateway: its kind, or a table with kind, SKU and ASN.";
    Step, "A step of a plan: its command, or a table that also says when it is enabled.";
}
