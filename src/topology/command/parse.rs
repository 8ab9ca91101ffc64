//! Commands from their text.

use std::net::Ipv4Addr;
use std::str::FromStr;

use ipnet::Ipv4Net;
use strum::IntoEnumIterator;

use super::verbs::{SCOPE, verb};
use super::{Build, CardName, Command, Inject, SCOPES, Scope, SubnetName, TargetSubnet, VERBS, Verb, did_you_mean};
use crate::topology::LinkKind;
use crate::topology::timing::Span;

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

    /// Takes the one word that may stand here.
    fn expect(&mut self, word: &str) -> Result<(), SyntaxError> {
        match self.next(&format!("`{word}`"))? {
            found if found == word => Ok(()),
            found => wrong(format!("`{found}` stands where `{word}` belongs; {}", self.usage())),
        }
    }

    /// What to say about a word too many: one of the words that may follow here may be meant.
    fn too_much(&self, extra: &str) -> SyntaxError {
        let small = |word: &&str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
        let known = self.verb.arguments.split(|letter: char| !letter.is_ascii_alphabetic()).filter(small);
        SyntaxError(format!("`{extra}` is not expected here; {}{}", self.usage(), did_you_mean(extra, known)))
    }

    fn parsed<T: FromStr>(&mut self, what: &str, example: &str) -> Result<T, SyntaxError> {
        let word = self.next(what)?;
        word.parse().or_else(|_| wrong(format!("`{word}` is no {what}; write it like {example}")))
    }

    /// Takes the next word if it is this one.
    fn skip(&mut self, word: &str) -> bool {
        let here = self.rest.clone().next() == Some(word);
        if here {
            self.rest.next();
        }
        here
    }

    fn name(&mut self, what: &str) -> Result<String, SyntaxError> {
        self.next(what).map(str::to_owned)
    }

    fn name_or_none(&mut self, what: &str) -> Result<Option<String>, SyntaxError> {
        self.name(what).map(|name| Some(name).filter(|name| name != "none"))
    }

    /// All the words that are left, as text for a person.
    fn text(&mut self) -> Result<String, SyntaxError> {
        let first = self.next("the text")?;
        Ok(std::iter::once(first).chain(self.rest.by_ref()).collect::<Vec<_>>().join(" "))
    }

    /// A word of a closed list.
    fn one_of<T: FromStr + IntoEnumIterator + ToString>(&mut self, what: &str) -> Result<T, SyntaxError> {
        let word = self.next(what)?;
        word.parse().or_else(|_| {
            let known: Vec<String> = T::iter().map(|item| item.to_string()).collect();
            let hint = did_you_mean(word, known.iter().map(String::as_str));
            wrong(format!("`{word}` is none of {}{hint}", known.join(", ")))
        })
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

    /// `A B [by KIND] [over CIRCUIT] [with bgp]`
    fn link(&mut self) -> Result<LinkWords, SyntaxError> {
        let (a, b) = (self.name("the first network")?, self.name("the second network")?);
        let (mut kind, mut circuit, mut bgp) = (None, None, false);
        while let Some(word) = self.rest.next() {
            match word {
                "by" if kind.is_none() => kind = Some(self.kind(&["vpn", "peering", "expressroute"])?),
                "over" if circuit.is_none() => circuit = Some(self.name("the circuit")?),
                "with" if !bgp && self.skip("bgp") => bgp = true,
                _ => return Err(self.too_much(word)),
            }
        }
        if circuit.is_some() && kind.is_some_and(|kind| kind != LinkKind::Expressroute) {
            return wrong("only ExpressRoute runs over a circuit");
        }
        if bgp && kind.is_some_and(|kind| kind != LinkKind::Vpn) {
            return wrong("only a VPN is told to use BGP; ExpressRoute always does, peering never");
        }
        Ok(LinkWords { a, b, kind, circuit, bgp })
    }

    /// `[nic NAME | secondary IP]`, where at least two words follow: a subnet may have such a name, too.
    fn card(&mut self) -> Result<Option<CardName>, SyntaxError> {
        if self.rest.clone().nth(2).is_none() {
            return Ok(None);
        }
        if self.skip("nic") {
            return Ok(Some(CardName::Nic(self.name("the NIC")?)));
        }
        if self.skip("secondary") {
            return Ok(Some(CardName::Secondary(self.ip()?)));
        }
        Ok(None)
    }

    /// `[SUBNET | VNET/SUBNET] [IP]`
    fn target(&mut self) -> Result<(Option<TargetSubnet>, Option<Ipv4Addr>), SyntaxError> {
        let first = self.next("the subnet or the address")?;
        if let Ok(ip) = first.parse() {
            return Ok((None, Some(ip)));
        }
        let subnet = match first.contains('/') {
            true => TargetSubnet::Elsewhere(first.parse()?),
            false => TargetSubnet::InFailoverNetwork(first.to_owned()),
        };
        let ip = match self.rest.clone().next() {
            Some(_) => Some(self.ip()?),
            None => None,
        };
        Ok((Some(subnet), ip))
    }

    /// What comes to be; the verb is known to be one of these.
    fn build(&mut self) -> Result<Build, SyntaxError> {
        Ok(match self.verb.word {
            "create-vnet" => {
                let vnet = self.name("the VNet")?;
                if self.next("`in`")? != "in" {
                    return wrong(self.usage());
                }
                let region = self.name("the region")?;
                let mut prefixes = Vec::new();
                while self.rest.clone().next().is_some_and(|word| word != "recovers") {
                    prefixes.push(self.prefix()?);
                }
                let recovers = if self.skip("recovers") { Some(self.name("the VNet it recovers")?) } else { None };
                Build::Vnet { vnet, region, prefixes, recovers }
            }
            "create-subnet" => Build::Subnet { subnet: self.subnet()?, prefix: self.prefix()? },
            "plan-add" => Build::PlanStep {
                plan: self.name("the plan")?,
                group: self.parsed("group", "1")?,
                list: self.one_of("the list")?,
                command: Box::new(self.text()?.parse()?),
            },
            _ => Build::NoPlanStep {
                plan: self.name("the plan")?,
                group: self.parsed("group", "1")?,
                command: Box::new(self.text()?.parse()?),
            },
        })
    }

    /// What goes wrong; the verb is known to be one of these.
    fn inject(&mut self) -> Result<Inject, SyntaxError> {
        let word = self.verb.word;
        let mut ends = || Ok::<_, SyntaxError>((self.name("the first network")?, self.name("the second network")?));
        Ok(match word {
            "flap-link" => ends().map(|(a, b)| Inject::FlapLink(a, b))?,
            "stick-link" => ends().map(|(a, b)| Inject::StickLink(a, b))?,
            "wrong-key" => ends().map(|(a, b)| Inject::WrongKey(a, b))?,
            "half-peering" => ends().map(|(a, b)| Inject::HalfPeering(a, b))?,
            "refuse-disconnect" => ends().map(|(a, b)| Inject::RefuseDisconnect(a, b))?,
            "repair-link" => ends().map(|(a, b)| Inject::RepairLink(a, b))?,
            "degrade" => Inject::Degrade(self.name("the region")?),
            "break-gateway" => Inject::BreakGateway(self.name("the VNet")?),
            "slow-gateway" => Inject::SlowGateway(self.name("the VNet")?),
            "repair-gateway" => Inject::RepairGateway(self.name("the VNet")?),
            "circuit-down" => Inject::CircuitDown(self.name("the circuit")?),
            "circuit-up" => Inject::CircuitUp(self.name("the circuit")?),
            "fill-subnet" => Inject::FillSubnet(self.subnet()?),
            "rename-subnet" => Inject::RenameSubnet { subnet: self.subnet()?, name: self.name("the new name")? },
            "add-vm" => Inject::AddVm { vm: self.name("the VM")?, subnet: self.subnet()? },
            "delete-source" => Inject::DeleteSource(self.name("the VM")?),
            "lag" => Inject::Lag { app: self.name("the app")?, minutes: self.parsed("number of minutes", "15")? },
            "capacity-short" => Inject::CapacityShort(self.name("the SKU")?),
            "return-source" => Inject::ReturnSource(self.name("the VNet")?),
            "leave-test" => Inject::LeaveTest(self.scope()?),
            "block" => Inject::Block(self.subnet()?),
            "unblock" => Inject::Unblock(self.subnet()?),
            "stale-route" => Inject::StaleRoute { site: self.name("the site")?, prefix: self.prefix()? },
            "stale-dns" => Inject::StaleDns(self.name("the name")?),
            "fail-script" => Inject::FailScript(self.text()?),
            "repair-script" => Inject::RepairScript(self.text()?),
            "refresh-dns" => Inject::RefreshDns(self.name("the name")?),
            "person-away" => Inject::PersonAway(self.text()?),
            "executive-asks" => Inject::ExecutiveAsks(self.text()?),
            "false-alarm" => Inject::FalseAlarm(self.text()?),
            _ => return wrong(format!("`{word}` is no command")),
        })
    }
}

/// The words after `connect` and its like.
struct LinkWords {
    a: String,
    b: String,
    kind: Option<LinkKind>,
    circuit: Option<String>,
    bgp: bool,
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
            "connect" => {
                let LinkWords { a, b, kind, circuit, bgp } = words.link()?;
                Self::Connect { a, b, kind, circuit, bgp }
            }
            "disconnect" => match words.link()? {
                LinkWords { bgp: true, .. } => return wrong(words.usage()),
                LinkWords { a, b, kind, circuit, .. } => Self::Disconnect { a, b, kind, circuit },
            },
            "connect-half" | "disconnect-half" => match words.link()? {
                LinkWords { a: at, b: peer, kind, circuit: None, bgp: false } if word == "connect-half" => {
                    Self::ConnectHalf { at, peer, kind }
                }
                LinkWords { a: at, b: peer, kind, circuit: None, bgp: false } => {
                    Self::DisconnectHalf { at, peer, kind }
                }
                _ => return wrong(words.usage()),
            },
            "set-peering" => {
                let (at, peer) = (words.name("the VNet")?, words.name("the peer")?);
                let flag = words.one_of("the setting")?;
                let on = match words.next("`on` or `off`")? {
                    "on" => true,
                    "off" => false,
                    other => return wrong(format!("`{other}` is neither `on` nor `off`; {}", words.usage())),
                };
                Self::SetPeering { at, peer, flag, on }
            }
            "fail-over" => {
                let scope = words.scope()?;
                let shut_down = !words.skip("without");
                if !shut_down {
                    words.expect("shutdown")?;
                }
                let point = if words.skip("at") { Some(words.one_of("the recovery point")?) } else { None };
                Self::FailOver { scope, shut_down, point }
            }
            "test-fail-over" => {
                let scope = words.scope()?;
                words.expect("into")?;
                Self::TestFailOver { scope, into: words.name("the network")? }
            }
            "clean-up" => Self::CleanUp(words.scope()?),
            "commit" => Self::Commit(words.scope()?),
            "change-point" => Self::ChangePoint { scope: words.scope()?, point: words.one_of("the recovery point")? },
            "re-protect" => Self::ReProtect(words.scope()?),
            "fail-back" => Self::FailBack(words.scope()?),
            "protect" => {
                let scope = words.scope()?;
                let into = if words.skip("into") { Some(words.name("the network")?) } else { None };
                Self::Protect { scope, into }
            }
            "unprotect" => Self::Unprotect(words.scope()?),
            "verify-targets" => Self::VerifyTargets(words.scope()?),
            "create-gateway" | "delete-gateway" => {
                let vnet = words.next("the VNet")?.to_owned();
                let kind = words.kind(&["vpn", "expressroute"])?;
                if word == "create-gateway" {
                    let sku = if words.skip("sku") { Some(words.name("the SKU")?) } else { None };
                    let asn = if words.skip("asn") { Some(words.parsed("number", "65010")?) } else { None };
                    Self::CreateGateway { vnet, kind, sku, asn }
                } else {
                    Self::DeleteGateway { vnet, kind }
                }
            }
            "set-target" | "set-test-target" => {
                let vm = words.name("the VM")?;
                let card = words.card()?;
                let (subnet, ip) = match card {
                    // A secondary address goes where its NIC goes (A28).
                    Some(CardName::Secondary(_)) => (None, Some(words.ip()?)),
                    _ => words.target()?,
                };
                match word {
                    "set-target" => Self::SetTarget { vm, card, subnet, ip },
                    _ => Self::SetTestTarget { vm, card, subnet, ip },
                }
            }
            "set-ip" => {
                let vm = words.name("the VM")?;
                let ip = match words.rest.clone().next() {
                    Some("dynamic") => words.rest.next().and(None),
                    _ => Some(words.ip()?),
                };
                Self::SetIp { vm, ip }
            }
            "route" => {
                let (site, prefix) = (words.next("the site")?.to_owned(), words.prefix()?);
                words.expect("via")?;
                Self::Route { site, prefix, via: words.next("the VNet")?.to_owned() }
            }
            "unroute" => Self::Unroute { site: words.next("the site")?.to_owned(), prefix: words.prefix()? },
            "set-route-table" => {
                Self::SetRouteTable { subnet: words.subnet()?, table: words.name_or_none("the route table")? }
            }
            "set-nsg" if words.skip("vm") => {
                let (vm, nsg) = (words.name("the VM")?, words.name_or_none("the security group")?);
                let vnet = if words.skip("in") { Some(words.name("the network")?) } else { None };
                Self::SetVmNsg { vm, nsg, vnet }
            }
            "set-nsg" => Self::SetNsg { subnet: words.subnet()?, nsg: words.name_or_none("the security group")? },
            "outage" => Self::Outage(words.next("the region")?.to_owned()),
            "restore" => Self::Restore(words.next("the region")?.to_owned()),
            "occupy" => Self::Occupy { subnet: words.subnet()?, ip: words.ip()? },
            "release" => Self::Release { subnet: words.subnet()?, ip: words.ip()? },
            "manual" => Self::Manual(words.text()?),
            "wait" => {
                let span: Span = words.parsed("duration", "45m, 90s or 1h30m")?;
                Self::Wait(span)
            }
            "create-vnet" | "create-subnet" | "plan-add" | "plan-remove" => Self::Build(words.build()?),
            "run" => Self::Run(words.name("the plan")?),
            _ => Self::Inject(words.inject()?),
        };
        match words.rest.next() {
            None => Ok(command),
            Some(extra) => Err(words.too_much(extra)),
        }
    }
}

impl FromStr for Scope {
    type Err = SyntaxError;

    fn from_str(text: &str) -> Result<Self, SyntaxError> {
        const LONE_SCOPE: Verb = verb("SCOPE:", SCOPE, "");
        let mut words = Words { verb: &LONE_SCOPE, rest: text.split_whitespace() };
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
