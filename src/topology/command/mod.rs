//! The command language: everything that changes the world, as a value that parses from and prints to its text.

mod build;
mod inject;
mod parse;
mod print;
mod verbs;

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::timing::Span;
use super::{GatewayKind, LinkKind};

pub use build::{Build, PlanList};
pub use inject::Inject;
pub use parse::SyntaxError;
pub use verbs::{SCOPES, VERBS, Verb};

/// A further NIC or a secondary address of a VM, as a command names it (A28, A29).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CardName {
    /// The NIC of this name.
    Nic(String),
    /// The secondary address the file declares; it tells by itself which one is meant.
    Secondary(Ipv4Addr),
}

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

/// From which recovery point a machine starts (D7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum RecoveryPoint {
    /// What is pending is processed first: the least data lost, the longest wait.
    Latest,
    /// The newest point that is processed already: the shortest wait.
    LatestProcessed,
    /// The newest point at which the apps had written everything out.
    LatestAppConsistent,
}

/// A setting of one half of a peering (B17).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, EnumIter, Serialize, Deserialize, JsonSchema,
)]
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum PeeringFlag {
    /// The peer's range belongs to the `VirtualNetwork` tag here, so that the default security rules let it in.
    Access,
    /// Traffic that did not begin in the peer is let in.
    ForwardedTraffic,
    /// The peer may use the gateway of this VNet.
    GatewayTransit,
    /// This VNet uses the gateway of the peer.
    RemoteGateways,
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
        /// Whether the two sides of a VPN exchange routes by BGP (B38); without it as the twin link does.
        bgp: bool,
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
    /// Make the object of one side of a link only (B15, B35).
    ConnectHalf {
        /// The side whose object is made.
        at: String,
        /// The far end.
        peer: String,
        /// Its kind; without one the world infers it.
        kind: Option<LinkKind>,
    },
    /// Remove the object of one side of a link only (B15, B44).
    DisconnectHalf {
        /// The side whose object is removed.
        at: String,
        /// The far end.
        peer: String,
        /// Its kind, needed where two kinds join the ends.
        kind: Option<LinkKind>,
    },
    /// Change a setting of one half of a peering (B17).
    SetPeering {
        /// The side whose half is changed.
        at: String,
        /// The far end.
        peer: String,
        /// The setting.
        flag: PeeringFlag,
        /// Its new value.
        on: bool,
    },
    /// Fail over the protected VMs of a scope.
    FailOver {
        /// Which VMs.
        scope: Scope,
        /// Whether the source machines are shut down first, as far as their region is up (D8).
        shut_down: bool,
        /// The recovery point; the newest that can be had where none is named (D7).
        point: Option<RecoveryPoint>,
    },
    /// Start test copies of the protected VMs of a scope.
    TestFailOver {
        /// Which VMs.
        scope: Scope,
        /// The test network.
        into: String,
    },
    /// Delete the test copies of a scope.
    CleanUp(Scope),
    /// Accept a failover or failback; its recovery points are gone then (D11).
    Commit(Scope),
    /// Start failed-over VMs from another recovery point (D11).
    ChangePoint {
        /// Which VMs.
        scope: Scope,
        /// The point.
        point: RecoveryPoint,
    },
    /// Replicate committed VMs back to where they came from (D13).
    ReProtect(Scope),
    /// Fail re-protected VMs back (D14).
    FailBack(Scope),
    /// Start replication (D1, A10).
    Protect {
        /// Which VMs.
        scope: Scope,
        /// The failover network; without one that of the VNet, else a copy that Site Recovery makes.
        into: Option<String>,
    },
    /// Stop replication.
    Unprotect(Scope),
    /// Create a gateway.
    CreateGateway {
        /// The VNet.
        vnet: String,
        /// The kind of gateway.
        kind: GatewayKind,
        /// Its SKU; the smallest that can still be created where none is named (B31, B32).
        sku: Option<String>,
        /// Its BGP autonomous system number (B39).
        asn: Option<u32>,
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
        /// Which of its further NICs or secondary addresses; its first NIC without one.
        card: Option<CardName>,
        /// The subnet to go to.
        subnet: Option<TargetSubnet>,
        /// The address to get.
        ip: Option<Ipv4Addr>,
    },
    /// The same for test failovers, a setting of its own (A34).
    SetTestTarget {
        /// The VM.
        vm: String,
        /// Which of its further NICs or secondary addresses; its first NIC without one.
        card: Option<CardName>,
        /// The subnet of the test network to go to.
        subnet: Option<TargetSubnet>,
        /// The address to get there.
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
    /// Give a subnet a route table, or none (C4).
    SetRouteTable {
        /// The subnet.
        subnet: SubnetName,
        /// The table's id.
        table: Option<String>,
    },
    /// Give a subnet a network security group, or none (C13).
    SetNsg {
        /// The subnet.
        subnet: SubnetName,
        /// The group's id.
        nsg: Option<String>,
    },
    /// Give the first NIC of a VM a network security group, or none (C17).
    SetVmNsg {
        /// The VM.
        vm: String,
        /// The group's id.
        nsg: Option<String>,
        /// The network in which the NIC has it, a setting of the replicated item; where the VM serves now without one.
        vnet: Option<String>,
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
    /// Time passes.
    Wait(Span),
    /// A network or a part of a plan comes to be.
    Build(Build),
    /// A person confirms something.
    Manual(String),
    /// Something goes wrong, for drills and lessons.
    Inject(Inject),
    /// The commands of a plan, in order.
    Run(String),
}

impl Command {
    /// `fail-over SCOPE` as it is meant where nothing more is said: the source is shut down first, from the newest point.
    pub fn fail_over(scope: Scope) -> Self {
        Self::FailOver { scope, shut_down: true, point: None }
    }

    /// `connect A B` where the world infers the rest.
    pub fn connect(a: impl Into<String>, b: impl Into<String>) -> Self {
        Self::Connect { a: a.into(), b: b.into(), kind: None, circuit: None, bgp: false }
    }

    /// `create-gateway V KIND` with the SKU and number Failscope takes where none is named.
    pub fn create_gateway(vnet: impl Into<String>, kind: GatewayKind) -> Self {
        Self::CreateGateway { vnet: vnet.into(), kind, sku: None, asn: None }
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_prints_to_the_text_it_parses_from() {
        let mut said = Vec::new();
        for text in [
            "connect source-1 recovery-2",
            "connect a b by vpn with bgp",
            "set-target web-1 nic data away/storage 10.1.2.9",
            "set-target web-1 secondary 10.1.1.20 10.1.1.20",
            "set-target web-1 nic 10.1.1.20",
            "connect-half a b by peering",
            "disconnect-half a b",
            "set-peering hub spoke gateway-transit on",
            "fail-over app app2 without shutdown at latest-processed",
            "test-fail-over app app2 into test",
            "clean-up app app2",
            "commit region east-asia",
            "change-point vm web-1 latest-app-consistent",
            "re-protect app app2",
            "fail-back app app2",
            "protect vm web-1 into recovery",
            "unprotect vm web-1",
            "create-gateway recovery vpn sku VpnGw2AZ asn 65010",
            "set-test-target web-1 subnet-1 10.1.1.9",
            "set-test-target web-1 nic data lab/storage 10.1.2.9",
            "set-test-target web-1 secondary 10.1.1.20 10.1.1.21",
            "set-route-table hub/web to-firewall",
            "set-nsg hub/web none",
            "set-nsg vm web-1 no-ssh",
            "set-nsg vm web-1 none in away",
            "degrade east-asia",
            "break-gateway hub",
            "slow-gateway hub",
            "repair-gateway hub",
            "flap-link a b",
            "stick-link a b",
            "wrong-key a b",
            "half-peering a b",
            "refuse-disconnect a b",
            "repair-link a b",
            "circuit-down c-1",
            "circuit-up c-1",
            "fill-subnet hub/web",
            "rename-subnet hub/web front",
            "add-vm cache-1 hub/web",
            "delete-source web-1",
            "lag app1 15",
            "capacity-short VpnGw1AZ",
            "return-source source",
            "leave-test app app2",
            "block hub/web",
            "unblock hub/web",
            "stale-route datacenter 10.1.0.0/16",
            "stale-dns app2",
            "fail-script connect recovery azure",
            "repair-script connect recovery azure",
            "refresh-dns app2",
            "person-away network engineer",
            "executive-asks When are we back?",
            "false-alarm Disk full",
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
            "wait 1h30m",
            "create-vnet recovery in southeast-asia recovers source",
            "create-vnet azure in southeast-asia 10.2.0.0/16",
            "create-subnet azure/subnet-4 10.2.4.0/24",
            "plan-add app2 1 do fail-over app app2",
            "plan-remove app2 1 connect a b",
        ] {
            assert_eq!(text.parse::<Command>().map(|command| command.to_string()), Ok(text.to_owned()));
            said.push(text.split(' ').next().unwrap_or_default());
        }
        let silent: Vec<_> = VERBS.iter().map(|verb| verb.word).filter(|word| !said.contains(word)).collect();
        assert!(silent.is_empty(), "verbs without an example: {silent:?}");
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
            ("run a b", "not expected"),
            ("fail-over app a without shutdwn", "`shutdown` belongs"),
            ("protect app a int b", "did you mean `into`?"),
        ] {
            let message = text.parse::<Command>().expect_err(text).0;
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
