//! Commands as text, as they are parsed.

use std::fmt;

use super::{CardName, Command, Inject, Scope, SubnetName, TargetSubnet};

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

impl fmt::Display for CardName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nic(name) => write!(f, "nic {name}"),
            Self::Secondary(ip) => write!(f, "secondary {ip}"),
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
            Self::Connect { a, b, kind, circuit, bgp } => {
                write!(f, "connect {a} {b}{}{}", Then(" by ", kind), Then(" over ", circuit))?;
                f.write_str(if *bgp { " with bgp" } else { "" })
            }
            Self::Disconnect { a, b, kind, circuit } => {
                write!(f, "disconnect {a} {b}{}{}", Then(" by ", kind), Then(" over ", circuit))
            }
            Self::ConnectHalf { at, peer, kind } => write!(f, "connect-half {at} {peer}{}", Then(" by ", kind)),
            Self::DisconnectHalf { at, peer, kind } => write!(f, "disconnect-half {at} {peer}{}", Then(" by ", kind)),
            Self::SetPeering { at, peer, flag, on } => {
                write!(f, "set-peering {at} {peer} {flag} {}", if *on { "on" } else { "off" })
            }
            Self::FailOver { scope, shut_down, point } => {
                let without = if *shut_down { "" } else { " without shutdown" };
                write!(f, "fail-over {scope}{without}{}", Then(" at ", point))
            }
            Self::TestFailOver { scope, into } => write!(f, "test-fail-over {scope} into {into}"),
            Self::CleanUp(scope) => write!(f, "clean-up {scope}"),
            Self::Commit(scope) => write!(f, "commit {scope}"),
            Self::ChangePoint { scope, point } => write!(f, "change-point {scope} {point}"),
            Self::ReProtect(scope) => write!(f, "re-protect {scope}"),
            Self::FailBack(scope) => write!(f, "fail-back {scope}"),
            Self::Protect { scope, into } => write!(f, "protect {scope}{}", Then(" into ", into)),
            Self::Unprotect(scope) => write!(f, "unprotect {scope}"),
            Self::VerifyTargets(scope) => write!(f, "verify-targets {scope}"),
            Self::CreateGateway { vnet, kind, sku, asn } => {
                write!(f, "create-gateway {vnet} {kind}{}{}", Then(" sku ", sku), Then(" asn ", asn))
            }
            Self::DeleteGateway { vnet, kind } => write!(f, "delete-gateway {vnet} {kind}"),
            Self::SetTarget { vm, card, subnet, ip } => {
                write!(f, "set-target {vm}{}{}{}", Then(" ", card), Then(" ", subnet), Then(" ", ip))
            }
            Self::SetTestTarget { vm, card, subnet, ip } => {
                write!(f, "set-test-target {vm}{}{}{}", Then(" ", card), Then(" ", subnet), Then(" ", ip))
            }
            Self::SetIp { vm, ip: Some(ip) } => write!(f, "set-ip {vm} {ip}"),
            Self::SetIp { vm, ip: None } => write!(f, "set-ip {vm} dynamic"),
            Self::Route { site, prefix, via } => write!(f, "route {site} {prefix} via {via}"),
            Self::Unroute { site, prefix } => write!(f, "unroute {site} {prefix}"),
            Self::SetRouteTable { subnet, table } => {
                write!(f, "set-route-table {subnet} {}", table.as_deref().unwrap_or("none"))
            }
            Self::SetNsg { subnet, nsg } => write!(f, "set-nsg {subnet} {}", nsg.as_deref().unwrap_or("none")),
            Self::SetVmNsg { vm, nsg, vnet } => {
                write!(f, "set-nsg vm {vm} {}{}", nsg.as_deref().unwrap_or("none"), Then(" in ", vnet))
            }
            Self::Outage(region) => write!(f, "outage {region}"),
            Self::Restore(region) => write!(f, "restore {region}"),
            Self::Occupy { subnet, ip } => write!(f, "occupy {subnet} {ip}"),
            Self::Release { subnet, ip } => write!(f, "release {subnet} {ip}"),
            Self::Wait(span) => write!(f, "wait {span}"),
            Self::Build(build) => build.fmt(f),
            Self::Manual(text) => write!(f, "manual {text}"),
            Self::Inject(inject) => inject.fmt(f),
            Self::Run(plan) => write!(f, "run {plan}"),
        }
    }
}

impl fmt::Display for Inject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Degrade(region) => write!(f, "degrade {region}"),
            Self::BreakGateway(vnet) => write!(f, "break-gateway {vnet}"),
            Self::SlowGateway(vnet) => write!(f, "slow-gateway {vnet}"),
            Self::RepairGateway(vnet) => write!(f, "repair-gateway {vnet}"),
            Self::FlapLink(a, b) => write!(f, "flap-link {a} {b}"),
            Self::StickLink(a, b) => write!(f, "stick-link {a} {b}"),
            Self::WrongKey(a, b) => write!(f, "wrong-key {a} {b}"),
            Self::HalfPeering(a, b) => write!(f, "half-peering {a} {b}"),
            Self::RefuseDisconnect(a, b) => write!(f, "refuse-disconnect {a} {b}"),
            Self::RepairLink(a, b) => write!(f, "repair-link {a} {b}"),
            Self::CircuitDown(circuit) => write!(f, "circuit-down {circuit}"),
            Self::CircuitUp(circuit) => write!(f, "circuit-up {circuit}"),
            Self::FillSubnet(subnet) => write!(f, "fill-subnet {subnet}"),
            Self::RenameSubnet { subnet, name } => write!(f, "rename-subnet {subnet} {name}"),
            Self::AddVm { vm, subnet } => write!(f, "add-vm {vm} {subnet}"),
            Self::DeleteSource(vm) => write!(f, "delete-source {vm}"),
            Self::Lag { app, minutes } => write!(f, "lag {app} {minutes}"),
            Self::CapacityShort(sku) => write!(f, "capacity-short {sku}"),
            Self::ReturnSource(vnet) => write!(f, "return-source {vnet}"),
            Self::LeaveTest(scope) => write!(f, "leave-test {scope}"),
            Self::Block(subnet) => write!(f, "block {subnet}"),
            Self::Unblock(subnet) => write!(f, "unblock {subnet}"),
            Self::StaleRoute { site, prefix } => write!(f, "stale-route {site} {prefix}"),
            Self::StaleDns(name) => write!(f, "stale-dns {name}"),
            Self::FailScript(command) => write!(f, "fail-script {command}"),
            Self::RepairScript(command) => write!(f, "repair-script {command}"),
            Self::RefreshDns(name) => write!(f, "refresh-dns {name}"),
            Self::PersonAway(role) => write!(f, "person-away {role}"),
            Self::ExecutiveAsks(text) => write!(f, "executive-asks {text}"),
            Self::FalseAlarm(text) => write!(f, "false-alarm {text}"),
        }
    }
}

/// A word and what follows it, or nothing.
struct Then<'a, T>(&'static str, &'a Option<T>);

impl<T: fmt::Display> fmt::Display for Then<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.1.as_ref().map_or(Ok(()), |value| write!(f, "{}{value}", self.0))
    }
}
