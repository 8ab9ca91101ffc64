//! Network security groups: rules that let traffic in or out of a subnet or a machine, as the file declares them (C13
//! to C16).

use ipnet::Ipv4Net;
use schemars::JsonSchema;
use serde::Deserialize;
use strum::Display;

/// Which way a rule looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Display, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Direction {
    /// What comes in.
    Inbound,
    /// What goes out.
    Outbound,
}

/// Which addresses or ports a rule is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Peers {
    /// Every address.
    Any,
    /// The `VirtualNetwork` tag: own, peered and gateway-connected ranges (C15).
    VirtualNetwork,
    /// The `Internet` tag: public addresses outside of that.
    Internet,
    /// The `AzureLoadBalancer` tag, which no machine here is part of.
    LoadBalancer,
    /// Some ranges.
    Ranges(Vec<Ipv4Net>),
}

impl Peers {
    /// How a list of rules writes them.
    pub fn words(&self) -> String {
        match self {
            Self::Any => "any".to_owned(),
            Self::VirtualNetwork => "VirtualNetwork".to_owned(),
            Self::Internet => "Internet".to_owned(),
            Self::LoadBalancer => "AzureLoadBalancer".to_owned(),
            Self::Ranges(ranges) => ranges.iter().map(Ipv4Net::to_string).collect::<Vec<_>>().join(", "),
        }
    }
}

/// One rule of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityRule {
    /// Its name.
    pub name: String,
    /// 100 to 4096 for those of the file; the lower is asked first (C13).
    pub priority: u32,
    /// In or out.
    pub direction: Direction,
    /// Where it comes from.
    pub source: Peers,
    /// Where it goes to.
    pub destination: Peers,
    /// First and last port of each range; none is every port.
    pub ports: Vec<(u16, u16)>,
    /// Whether it lets through what it matches.
    pub allow: bool,
}

impl SecurityRule {
    /// Its ports as a list of rules writes them: `443, 8080-8090`; nothing where it is for every port.
    pub fn ports_words(&self) -> String {
        let word = |(first, last): &(u16, u16)| match first == last {
            true => first.to_string(),
            false => format!("{first}-{last}"),
        };
        self.ports.iter().map(word).collect::<Vec<_>>().join(", ")
    }
}

/// A network security group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityGroup {
    /// Its id in the file.
    pub id: String,
    /// Its name on the screen.
    pub title: String,
    /// The rules of the file, by direction and priority; the default rules (C14) come after them.
    pub rules: Vec<SecurityRule>,
}

impl SecurityGroup {
    /// The rules that every group ends with, of one direction (C14).
    pub fn default_rules(direction: Direction) -> [SecurityRule; 3] {
        let rule = |name: &str, priority, source, destination, allow| SecurityRule {
            name: name.to_owned(),
            priority,
            direction,
            source,
            destination,
            ports: Vec::new(),
            allow,
        };
        let inside = |name| rule(name, 65_000, Peers::VirtualNetwork, Peers::VirtualNetwork, true);
        let (second, last) = match direction {
            Direction::Inbound => {
                (rule("AllowAzureLoadBalancerInBound", 65_001, Peers::LoadBalancer, Peers::Any, true), "DenyAllInBound")
            }
            Direction::Outbound => {
                (rule("AllowInternetOutBound", 65_001, Peers::Any, Peers::Internet, true), "DenyAllOutBound")
            }
        };
        let first = match direction {
            Direction::Inbound => inside("AllowVnetInBound"),
            Direction::Outbound => inside("AllowVnetOutBound"),
        };
        [first, second, rule(last, 65_500, Peers::Any, Peers::Any, false)]
    }

    /// All rules of a direction in the order they are asked: its own, then the default ones (C13, C14).
    pub fn rules_of(&self, direction: Direction) -> impl Iterator<Item = SecurityRule> + '_ {
        let own = self.rules.iter().filter(move |rule| rule.direction == direction).cloned();
        own.chain(Self::default_rules(direction))
    }
}
