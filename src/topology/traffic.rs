//! Route tables and network security groups as serde and schemars see them (C4, C13).

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};

use super::command::did_you_mean;
use super::finding::FindingCode;
use super::format::{At, coded, prefix, shown};
use super::routing::{Destination, UserNextHop};
use super::security::{Direction, Peers};

/// A route table: routes a person gives to subnets.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RouteTable {
    /// Its name on the screen; the id without one.
    pub title: Option<String>,
    /// Whether its subnets learn what gateways learn; true when not given.
    #[serde(default = "yes")]
    pub propagate: bool,
    /// Its routes: at most 400, one for each destination.
    #[serde(default)]
    pub routes: Vec<At<UserRoute>>,
}

fn yes() -> bool {
    true
}

/// One route of a route table.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct UserRoute {
    /// The destination: a prefix, or the tag VirtualNetwork.
    pub prefix: At<RouteFor>,
    /// The next hop: the address of an appliance, or one of gateway, vnet, internet and none.
    pub via: At<Via>,
}

/// A network security group.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SecurityGroup {
    /// Its name on the screen; the id without one.
    pub title: Option<String>,
    /// Its rules, at most 1,000; the default rules of Azure come after them.
    #[serde(default)]
    pub rules: Vec<At<SecurityRule>>,
}

/// One rule of a network security group.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SecurityRule {
    /// Its name; made of access and priority when not given.
    pub name: Option<String>,
    /// From 100 to 4096, unique for its direction; the lower is asked first.
    #[schemars(with = "u32", range(min = 100, max = 4096))]
    pub priority: At<i64>,
    /// Which way it looks.
    pub direction: Direction,
    /// Whether it lets through what it matches.
    pub access: Access,
    /// Where it comes from: any (when not given), VirtualNetwork, Internet, AzureLoadBalancer, a prefix, or a list of them.
    #[serde(default)]
    pub source: PeerList,
    /// Where it goes to; the same.
    #[serde(default)]
    pub destination: PeerList,
    /// Ports like 443 and ranges like "8080-8090"; every port when not given.
    #[serde(default)]
    pub ports: Vec<Ports>,
}

/// What a security rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// Lets it through.
    Allow,
    /// Drops it.
    Deny,
}

/// What a route is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[schemars(with = "String", inline)]
pub struct RouteFor(pub Destination);

impl<'de> Deserialize<'de> for RouteFor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::format::text(deserializer, |text| {
            if text == "VirtualNetwork" {
                return Ok(Self(Destination::VirtualNetwork));
            }
            let found = prefix(text).map(|prefix| Self(Destination::Prefix(prefix)));
            found.map_err(|message| coded(FindingCode::InvalidPrefix, &hinted(&message, text, &["VirtualNetwork"])))
        })
    }
}

/// A next hop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[schemars(with = "String", inline)]
pub struct Via(pub UserNextHop);

impl<'de> Deserialize<'de> for Via {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::format::text(deserializer, |text| {
            Ok(Self(match text {
                "gateway" => UserNextHop::Gateway,
                "vnet" => UserNextHop::VnetLocal,
                "internet" => UserNextHop::Internet,
                "none" => UserNextHop::None,
                _ => match text.parse::<Ipv4Addr>() {
                    Ok(ip) => UserNextHop::Appliance(ip),
                    Err(_) => {
                        let words = ["gateway", "vnet", "internet", "none"];
                        let message = format!(
                            "`{}` is no next hop; write the address of an appliance, or one of {}{}",
                            shown(text),
                            words.join(", "),
                            did_you_mean(text, words)
                        );
                        return Err(coded(FindingCode::InvalidValue, &message));
                    }
                },
            }))
        })
    }
}

const TAGS: [&str; 4] = ["any", "VirtualNetwork", "Internet", "AzureLoadBalancer"];

/// The source or destination of a security rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerList(pub Peers);

impl Default for PeerList {
    fn default() -> Self {
        Self(Peers::Any)
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl<'de> Deserialize<'de> for PeerList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let ranges = |texts: &[String]| -> Result<Vec<Ipv4Net>, String> {
            let range = |text: &String| prefix(text).map_err(|message| hinted(&message, text, &TAGS));
            texts.iter().map(range).collect()
        };
        let custom = |message: String| serde::de::Error::custom(coded(FindingCode::InvalidValue, &message));
        let read = OneOrMany::deserialize(deserializer)
            .map_err(|_| custom("a prefix, a tag or a list of prefixes is expected here".to_owned()))?;
        Ok(Self(match read {
            OneOrMany::One(word) => match word.as_str() {
                "any" | "*" => Peers::Any,
                "VirtualNetwork" => Peers::VirtualNetwork,
                "Internet" => Peers::Internet,
                "AzureLoadBalancer" => Peers::LoadBalancer,
                _ => Peers::Ranges(ranges(std::slice::from_ref(&word)).map_err(custom)?),
            },
            OneOrMany::Many(words) if words.is_empty() => {
                return Err(custom("an empty list matches nothing; leave the key out for every address".to_owned()));
            }
            OneOrMany::Many(words) => Peers::Ranges(ranges(&words).map_err(custom)?),
        }))
    }
}

impl JsonSchema for PeerList {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PeerList".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "string" }, { "type": "array", "minItems": 1, "items": { "type": "string" } }] })
    }
}

/// A port, or a range of ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports(pub u16, pub u16);

impl<'de> Deserialize<'de> for Ports {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl serde::de::Visitor<'_> for Reader {
            type Value = Ports;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a port like 443, or a range like \"8080-8090\"")
            }

            fn visit_i64<E: serde::de::Error>(self, port: i64) -> Result<Ports, E> {
                self.visit_str(&port.to_string())
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Ports, E> {
                let port = |word: &str| word.trim().parse::<u16>().ok().filter(|port| *port > 0);
                let (first, last) = text.split_once('-').unwrap_or((text, text));
                match (port(first), port(last)) {
                    (Some(first), Some(last)) if first <= last => Ok(Ports(first, last)),
                    _ => {
                        let message = format!(
                            "`{}` is no port; write one from 1 to 65535, or a range like \"8080-8090\"",
                            shown(text)
                        );
                        Err(E::custom(coded(FindingCode::InvalidValue, &message)))
                    }
                }
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

impl JsonSchema for Ports {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Ports".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [
            { "type": "integer", "minimum": 1, "maximum": 65535 },
            { "type": "string", "pattern": "^\\d+(-\\d+)?$" },
        ] })
    }
}

/// A message about a word that is no prefix, with the tag it may have meant.
fn hinted(message: &str, word: &str, tags: &[&'static str]) -> String {
    let near = did_you_mean(word, tags.iter().copied());
    if near.is_empty() { format!("{message}, or {}", tags.join(", ")) } else { format!("{message}{near}") }
}
