//! The command language: everything that changes the world, as a value that parses from and prints to its text.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use ipnet::Ipv4Net;

use super::{GatewayKind, LinkKind};

/// Which VMs a command is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All VMs that serve in a region.
    Region(String),
    /// All VMs of an app.
    App(String),
    /// All VMs that serve in a VNet.
    Vnet(String),
    /// All VMs that serve in a subnet.
    Subnet(SubnetName),
    /// One VM.
    Vm(String),
}

/// A subnet as commands name it: `VNET/SUBNET`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SubnetName {
    /// The VNet's id.
    pub vnet: String,
    /// The subnet's name in it.
    pub subnet: String,
}

/// The subnet of `set-target`: a name in the failover network, or `VNET/SUBNET`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TargetSubnet {
    /// A subnet of the VM's failover network.
    InFailoverNetwork(String),
    /// A subnet of another VNet of a recovery region.
    Elsewhere(SubnetName),
}

/// One action on the world.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Command {
    /// Make a link, both of its halves.
    Connect {
        /// One end.
        a: String,
        /// The other end.
        b: String,
        /// Its kind; without one the world infers it.
        kind: Option<LinkKind>,
        /// The ExpressRoute circuit.
        circuit: Option<String>,
    },
    /// Remove a link, both of its halves.
    Disconnect {
        /// One end.
        a: String,
        /// The other end.
        b: String,
        /// Its kind, needed where two kinds join the ends.
        kind: Option<LinkKind>,
        /// The ExpressRoute circuit, needed where two circuits join the ends.
        circuit: Option<String>,
    },
    /// Fail over the protected VMs of a scope.
    FailOver(Scope),
    /// Create a gateway.
    CreateGateway {
        /// The VNet.
        vnet: String,
        /// The kind of gateway.
        kind: GatewayKind,
    },
    /// Delete a gateway.
    DeleteGateway {
        /// The VNet.
        vnet: String,
        /// The kind of gateway.
        kind: GatewayKind,
    },
    /// Assign the target subnet, the target address, or both.
    SetTarget {
        /// The VM.
        vm: String,
        /// The subnet to go to.
        subnet: Option<TargetSubnet>,
        /// The address to get.
        ip: Option<Ipv4Addr>,
    },
    /// Check the target addresses of a scope against what is free now.
    VerifyTargets(Scope),
    /// Change the address of a source VM; no address means dynamic.
    SetIp {
        /// The VM.
        vm: String,
        /// The new address.
        ip: Option<Ipv4Addr>,
    },
    /// Point a site's route for a prefix at a VNet.
    Route {
        /// The site.
        site: String,
        /// The destination.
        prefix: Ipv4Net,
        /// The VNet.
        via: String,
    },
    /// Remove a site's route.
    Unroute {
        /// The site.
        site: String,
        /// The destination.
        prefix: Ipv4Net,
    },
    /// A region goes down.
    Outage(String),
    /// A region comes back.
    Restore(String),
    /// Someone else takes an address.
    Occupy {
        /// The subnet.
        subnet: SubnetName,
        /// The address.
        ip: Ipv4Addr,
    },
    /// Someone else gives an address back.
    Release {
        /// The subnet.
        subnet: SubnetName,
        /// The address.
        ip: Ipv4Addr,
    },
    /// A person confirms something.
    Manual(String),
    /// The commands of a plan, in order.
    Run(String),
}

/// A verb of the command language with how it is written and what it does; prompts, help and errors read this table.
#[derive(Debug, Clone, Copy)]
pub struct Verb {
    /// The word.
    pub word: &'static str,
    /// What follows the word.
    pub arguments: &'static str,
    /// What it does.
    pub does: &'static str,
}

const fn verb(word: &'static str, arguments: &'static str, does: &'static str) -> Verb {
    Verb { word, arguments, does }
}

/// Every verb, in the order of the documentation.
pub const VERBS: [Verb; 16] = [
    verb("connect", "A B [by vpn|peering|expressroute] [over CIRCUIT]", "make the link, both of its halves"),
    verb("disconnect", "A B [by vpn|peering|expressroute] [over CIRCUIT]", "remove the link"),
    verb("fail-over", "region R | app X | vnet V | subnet V/S | vm M", "fail over the protected VMs of a scope"),
    verb("create-gateway", "V vpn|expressroute", "create a gateway"),
    verb("delete-gateway", "V vpn|expressroute", "delete a gateway"),
    verb("set-target", "VM [SUBNET | VNET/SUBNET] [IP]", "assign where a VM goes and which address it gets"),
    verb(
        "verify-targets",
        "region R | app X | vnet V | subnet V/S | vm M",
        "check target addresses against what is free",
    ),
    verb("set-ip", "VM IP|dynamic", "change the address of a source VM"),
    verb("route", "SITE PREFIX via V", "point a site's route at a VNet"),
    verb("unroute", "SITE PREFIX", "remove a site's route"),
    verb("outage", "R", "a region goes down"),
    verb("restore", "R", "a region comes back"),
    verb("occupy", "V/S IP", "someone else takes an address"),
    verb("release", "V/S IP", "someone else gives an address back"),
    verb("manual", "TEXT…", "a person confirms something"),
    verb("run", "PLAN", "the commands of a plan, in order"),
];

/// The words a scope begins with.
pub const SCOPES: [&str; 5] = ["region", "app", "vnet", "subnet", "vm"];

/// The known word nearest to `word`, if one is near enough to be meant.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.len().max(word.len()) / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// ` (nearest: x)`-style ending of a message about an unknown word, or nothing.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

/// Why a text is no command, in the reader's terms.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SyntaxError(pub String);

fn wrong<T>(message: impl Into<String>) -> Result<T, SyntaxError> {
    Err(SyntaxError(message.into()))
}

/// The words of a command after its verb, taken one by one.
struct Words<'a> {
    verb: &'static Verb,
    rest: std::str::SplitWhitespace<'a>,
}

impl<'a> Words<'a> {
    fn usage(&self) -> String {
        format!("write `{} {}`", self.verb.word, self.verb.arguments)
    }

    fn next(&mut self, what: &str) -> Result<&'a str, SyntaxError> {
        match self.rest.next() {
            Some(word) => Ok(word),
            None => wrong(format!("{what} is missing; {}", self.usage())),
        }
    }

    fn parsed<T: FromStr>(&mut self, what: &str, example: &str) -> Result<T, SyntaxError> {
        let word = self.next(what)?;
        word.parse().or_else(|_| wrong(format!("`{word}` is no {what}; write it like {example}")))
    }

    fn ip(&mut self) -> Result<Ipv4Addr, SyntaxError> {
        self.parsed("IPv4 address", "10.1.1.4")
    }

    fn prefix(&mut self) -> Result<Ipv4Net, SyntaxError> {
        let prefix: Ipv4Net = self.parsed("prefix", "10.1.0.0/16")?;
        if prefix.trunc() != prefix {
            return wrong(format!("`{prefix}` has host bits set; the prefix is {}", prefix.trunc()));
        }
        Ok(prefix)
    }

    fn kind<K: FromStr>(&mut self, known: &[&str]) -> Result<K, SyntaxError> {
        let word = self.next("the kind")?;
        word.parse().or_else(|_| {
            let hint = did_you_mean(word, known.iter().copied());
            wrong(format!("`{word}` is none of {}{hint}", known.join(", ")))
        })
    }

    fn subnet(&mut self) -> Result<SubnetName, SyntaxError> {
        self.next("the subnet")?.parse()
    }

    fn scope(&mut self) -> Result<Scope, SyntaxError> {
        let word = self.next("the scope")?;
        let mut name = |what: &str| self.next(what).map(str::to_owned);
        match word {
            "region" => Ok(Scope::Region(name("the region")?)),
            "app" => Ok(Scope::App(name("the app")?)),
            "vnet" => Ok(Scope::Vnet(name("the VNet")?)),
            "subnet" => self.subnet().map(Scope::Subnet),
            "vm" => Ok(Scope::Vm(name("the VM")?)),
            _ => {
                wrong(format!("a scope begins with {}, not `{word}`{}", SCOPES.join(", "), did_you_mean(word, SCOPES)))
            }
        }
    }

    /// `A B [by KIND] [over CIRCUIT]`
    fn link(&mut self) -> Result<(String, String, Option<LinkKind>, Option<String>), SyntaxError> {
        let (a, b) = (self.next("the first network")?.to_owned(), self.next("the second network")?.to_owned());
        let (mut kind, mut circuit) = (None, None);
        while let Some(word) = self.rest.next() {
            match word {
                "by" if kind.is_none() => kind = Some(self.kind(&["vpn", "peering", "expressroute"])?),
                "over" if circuit.is_none() => circuit = Some(self.next("the circuit")?.to_owned()),
                _ => return wrong(format!("`{word}` is not expected here; {}", self.usage())),
            }
        }
        if circuit.is_some() && kind.is_some_and(|kind| kind != LinkKind::Expressroute) {
            return wrong("only ExpressRoute runs over a circuit");
        }
        Ok((a, b, kind, circuit))
    }
}

impl FromStr for Command {
    type Err = SyntaxError;

    fn from_str(text: &str) -> Result<Self, SyntaxError> {
        let text = text.trim();
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        if word.is_empty() {
            return wrong("a command is missing; write for example `connect A B`");
        }
        let Some(verb) = VERBS.iter().find(|verb| verb.word == word) else {
            return wrong(format!("`{word}` is no command{}", did_you_mean(word, VERBS.iter().map(|verb| verb.word))));
        };
        let mut words = Words { verb, rest: rest.split_whitespace() };
        let command = match word {
            "connect" => words.link().map(|(a, b, kind, circuit)| Self::Connect { a, b, kind, circuit })?,
            "disconnect" => words.link().map(|(a, b, kind, circuit)| Self::Disconnect { a, b, kind, circuit })?,
            "fail-over" => Self::FailOver(words.scope()?),
            "verify-targets" => Self::VerifyTargets(words.scope()?),
            "create-gateway" | "delete-gateway" => {
                let vnet = words.next("the VNet")?.to_owned();
                let kind = words.kind(&["vpn", "expressroute"])?;
                if word == "create-gateway" {
                    Self::CreateGateway { vnet, kind }
                } else {
                    Self::DeleteGateway { vnet, kind }
                }
            }
            "set-target" => {
                let vm = words.next("the VM")?.to_owned();
                let first = words.next("the subnet or the address")?;
                if let Ok(ip) = first.parse() {
                    Self::SetTarget { vm, subnet: None, ip: Some(ip) }
                } else {
                    let subnet = match first.contains('/') {
                        true => TargetSubnet::Elsewhere(first.parse()?),
                        false => TargetSubnet::InFailoverNetwork(first.to_owned()),
                    };
                    let ip = match words.rest.clone().next() {
                        Some(_) => Some(words.ip()?),
                        None => None,
                    };
                    Self::SetTarget { vm, subnet: Some(subnet), ip }
                }
            }
            "set-ip" => {
                let vm = words.next("the VM")?.to_owned();
                let ip = match words.rest.clone().next() {
                    Some("dynamic") => words.rest.next().and(None),
                    _ => Some(words.ip()?),
                };
                Self::SetIp { vm, ip }
            }
            "route" => {
                let (site, prefix) = (words.next("the site")?.to_owned(), words.prefix()?);
                if words.next("`via`")? != "via" {
                    return wrong(words.usage());
                }
                Self::Route { site, prefix, via: words.next("the VNet")?.to_owned() }
            }
            "unroute" => Self::Unroute { site: words.next("the site")?.to_owned(), prefix: words.prefix()? },
            "outage" => Self::Outage(words.next("the region")?.to_owned()),
            "restore" => Self::Restore(words.next("the region")?.to_owned()),
            "occupy" => Self::Occupy { subnet: words.subnet()?, ip: words.ip()? },
            "release" => Self::Release { subnet: words.subnet()?, ip: words.ip()? },
            "manual" => {
                words.next("the text")?;
                return Ok(Self::Manual(rest.split_whitespace().collect::<Vec<_>>().join(" ")));
            }
            _ => Self::Run(words.next("the plan")?.to_owned()),
        };
        match words.rest.next() {
            None => Ok(command),
            Some(extra) => wrong(format!("`{extra}` is too much; {}", words.usage())),
        }
    }
}

impl FromStr for Scope {
    type Err = SyntaxError;

    fn from_str(text: &str) -> Result<Self, SyntaxError> {
        const SCOPE: Verb = verb("SCOPE:", "region R | app X | vnet V | subnet V/S | vm M", "");
        let mut words = Words { verb: &SCOPE, rest: text.split_whitespace() };
        let scope = words.scope()?;
        match words.rest.next() {
            None => Ok(scope),
            Some(extra) => wrong(format!("`{extra}` is too much for a scope")),
        }
    }
}

impl FromStr for SubnetName {
    type Err = SyntaxError;

    fn from_str(text: &str) -> Result<Self, SyntaxError> {
        match text.split_once('/') {
            Some((vnet, subnet)) if !vnet.is_empty() && !subnet.is_empty() && !subnet.contains('/') => {
                Ok(Self { vnet: vnet.to_owned(), subnet: subnet.to_owned() })
            }
            _ => wrong(format!("`{text}` is no subnet; write VNET/SUBNET")),
        }
    }
}

impl fmt::Display for SubnetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.vnet, self.subnet)
    }
}

impl fmt::Display for TargetSubnet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InFailoverNetwork(name) => f.write_str(name),
            Self::Elsewhere(name) => name.fmt(f),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Region(id) => write!(f, "region {id}"),
            Self::App(id) => write!(f, "app {id}"),
            Self::Vnet(id) => write!(f, "vnet {id}"),
            Self::Subnet(name) => write!(f, "subnet {name}"),
            Self::Vm(id) => write!(f, "vm {id}"),
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect { a, b, kind, circuit } | Self::Disconnect { a, b, kind, circuit } => {
                let word = if matches!(self, Self::Connect { .. }) { "connect" } else { "disconnect" };
                write!(f, "{word} {a} {b}")?;
                if let Some(kind) = kind {
                    write!(f, " by {kind}")?;
                }
                circuit.as_ref().map_or(Ok(()), |circuit| write!(f, " over {circuit}"))
            }
            Self::FailOver(scope) => write!(f, "fail-over {scope}"),
            Self::VerifyTargets(scope) => write!(f, "verify-targets {scope}"),
            Self::CreateGateway { vnet, kind } => write!(f, "create-gateway {vnet} {kind}"),
            Self::DeleteGateway { vnet, kind } => write!(f, "delete-gateway {vnet} {kind}"),
            Self::SetTarget { vm, subnet, ip } => {
                write!(f, "set-target {vm}")?;
                if let Some(subnet) = subnet {
                    write!(f, " {subnet}")?;
                }
                ip.map_or(Ok(()), |ip| write!(f, " {ip}"))
            }
            Self::SetIp { vm, ip: Some(ip) } => write!(f, "set-ip {vm} {ip}"),
            Self::SetIp { vm, ip: None } => write!(f, "set-ip {vm} dynamic"),
            Self::Route { site, prefix, via } => write!(f, "route {site} {prefix} via {via}"),
            Self::Unroute { site, prefix } => write!(f, "unroute {site} {prefix}"),
            Self::Outage(region) => write!(f, "outage {region}"),
            Self::Restore(region) => write!(f, "restore {region}"),
            Self::Occupy { subnet, ip } => write!(f, "occupy {subnet} {ip}"),
            Self::Release { subnet, ip } => write!(f, "release {subnet} {ip}"),
            Self::Manual(text) => write!(f, "manual {text}"),
            Self::Run(plan) => write!(f, "run {plan}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_prints_to_the_text_it_parses_from() {
        for text in [
            "connect source-1 recovery-2",
            "connect a b by peering",
            "connect a b by expressroute over c-1",
            "disconnect a b by vpn",
            "fail-over region east-asia",
            "fail-over subnet source/subnet-1",
            "verify-targets app app2",
            "create-gateway recovery vpn",
            "delete-gateway recovery expressroute",
            "set-target web-1 subnet-1",
            "set-target web-1 alternate/subnet-1 10.9.1.4",
            "set-target web-1 10.9.1.4",
            "set-ip web-1 dynamic",
            "set-ip web-1 10.1.1.9",
            "route datacenter 10.1.0.0/16 via recovery",
            "unroute datacenter 10.1.0.0/16",
            "outage east-asia",
            "restore east-asia",
            "occupy recovery/subnet-1 10.1.1.4",
            "release recovery/subnet-1 10.1.1.4",
            "manual Tell the service desk",
            "run app2",
        ] {
            assert_eq!(text.parse::<Command>().map(|command| command.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_is_no_command_says_what_would_be_right() {
        for (text, part) in [
            ("", "connect A B"),
            ("conect a b", "did you mean `connect`"),
            ("connect a", "second network is missing"),
            ("connect a b by vnp", "did you mean `vpn`"),
            ("connect a b by vpn over c", "only ExpressRoute"),
            ("connect a b c", "not expected"),
            ("fail-over ap x", "did you mean `app`"),
            ("fail-over subnet x", "VNET/SUBNET"),
            ("set-ip web-1 10.1.1", "10.1.1.4"),
            ("route dc 10.1.0.1/16 via x", "10.1.0.0/16"),
            ("route dc 10.1.0.0/16 by x", "route SITE PREFIX via V"),
            ("manual ", "text is missing"),
            ("run a b", "too much"),
        ] {
            let message = text.parse::<Command>().expect_err(text).0;
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
