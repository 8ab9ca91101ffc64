//! Network security groups: rules that let traffic in or out of a subnet or a machine, as the file declares them (C13
//! to C16).

use ipnet::Ipv4Net;

/// Which way a rule looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    /// The `Internet` tag: everything else.
    Internet,
    /// The `AzureLoadBalancer` tag, which no machine here is part of.
    LoadBalancer,
    /// Some ranges.
    Ranges(Vec<Ipv4Net>),
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
