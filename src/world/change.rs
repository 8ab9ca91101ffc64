//! What a command changed, for reports and for the marks on the screen.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::{Phase, Place, World};
use crate::topology::{AppIx, CircuitIx, GatewayKind, LinkIx, RecoveryPoint, RegionIx, SiteIx, SubnetIx, VmIx, VnetIx};

/// What a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A link came or went.
    Link(LinkIx),
    /// A VM moved.
    Vm(VmIx),
    /// A gateway came or went.
    Gateway(VnetIx, GatewayKind),
    /// A site's route changed.
    Route(SiteIx, Ipv4Net),
    /// A region went down or came back.
    Region(RegionIx),
    /// Someone took an address or gave it back.
    Address(SubnetIx, Ipv4Addr),
    /// A VM's target settings or source address changed.
    Target(VmIx),
    /// A subnet got another route table.
    RouteTable(SubnetIx),
    /// A subnet got another security group, or a rule that drops everything came or went.
    SecurityGroup(SubnetIx),
    /// The first NIC of a VM got another security group.
    NicGroup(VmIx),
    /// A circuit went down or came back.
    Circuit(CircuitIx),
    /// A gateway SKU cannot be had any more.
    Sku(&'static str),
    /// Where Site Recovery stands with a VM, or the recovery point it was started from.
    Phase(VmIx),
    /// A test copy of a VM came or went.
    Copy(VmIx),
    /// A VNet came.
    Vnet(VnetIx),
    /// A step of a plan, by the position of the plan, came or went.
    Plan(usize),
    /// A subnet came, or got another name.
    Subnet(SubnetIx),
    /// How far the replication of an app is behind.
    Lag(AppIx),
    /// Another machine of a VM started or was deleted.
    Source(VmIx),
}

/// One side of a change. Places stay places until somebody reads them: a failover of many VMs has many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A word of the command language or an address.
    Word(String),
    /// Where a VM serves.
    Place(Place),
    /// Where Site Recovery stands with a VM.
    Phase(Phase),
}

impl Value {
    /// The value as `formats.md` 3.1 writes it; a place is `VNET/SUBNET IP`.
    pub fn words(&self, world: &World) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Place(place) => world.place_words(*place),
            Self::Phase(phase) => phase.to_string(),
        }
    }
}

/// One thing a command changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it is about.
    pub subject: Subject,
    /// What it was.
    pub from: Option<Value>,
    /// What it is now.
    pub to: Option<Value>,
}

impl Change {
    /// A change from one word to another; nothing where there was or is none.
    pub fn new(subject: Subject, from: Option<String>, to: Option<String>) -> Self {
        Self { subject, from: from.map(Value::Word), to: to.map(Value::Word) }
    }

    /// A VM that moved.
    pub fn moved(vm: VmIx, from: Place, to: Place) -> Self {
        Self { subject: Subject::Vm(vm), from: Some(Value::Place(from)), to: Some(Value::Place(to)) }
    }

    /// A VM with which Site Recovery now stands otherwise.
    pub fn phase(vm: VmIx, from: Phase, to: Phase) -> Self {
        Self { subject: Subject::Phase(vm), from: Some(Value::Phase(from)), to: Some(Value::Phase(to)) }
    }

    /// A VM that was started from another recovery point.
    pub fn point(vm: VmIx, from: Option<RecoveryPoint>, to: RecoveryPoint) -> Self {
        Self::new(Subject::Phase(vm), from.map(|point| point.to_string()), Some(to.to_string()))
    }

    /// A test copy that came or went.
    pub fn copied(vm: VmIx, from: Option<Place>, to: Option<Place>) -> Self {
        Self { subject: Subject::Copy(vm), from: from.map(Value::Place), to: to.map(Value::Place) }
    }

    /// The kind of thing that changed: `link`, `vm`, `gateway`, `route`, `region`, `address`, `target`, `circuit`, `sku`,
    /// `route-table`, `nsg`, `phase`, `test-copy`, `vnet`, `plan`, `subnet`, `lag` or `source`.
    pub fn what(&self) -> &'static str {
        match self.subject {
            Subject::Link(_) => "link",
            Subject::Vm(_) => "vm",
            Subject::Gateway(..) => "gateway",
            Subject::Route(..) => "route",
            Subject::Region(_) => "region",
            Subject::Address(..) => "address",
            Subject::Target(_) => "target",
            Subject::RouteTable(_) => "route-table",
            Subject::SecurityGroup(_) | Subject::NicGroup(_) => "nsg",
            Subject::Circuit(_) => "circuit",
            Subject::Sku(_) => "sku",
            Subject::Phase(_) => "phase",
            Subject::Copy(_) => "test-copy",
            Subject::Vnet(_) => "vnet",
            Subject::Plan(_) => "plan",
            Subject::Subnet(_) => "subnet",
            Subject::Lag(_) => "lag",
            Subject::Source(_) => "source",
        }
    }

    /// The id of what changed.
    pub fn id(&self, world: &World) -> String {
        match self.subject {
            Subject::Link(link) => world.link(link).id.clone(),
            Subject::Vm(vm)
            | Subject::NicGroup(vm)
            | Subject::Target(vm)
            | Subject::Phase(vm)
            | Subject::Copy(vm)
            | Subject::Source(vm) => world.vm_id(vm).to_owned(),
            Subject::Gateway(vnet, _) | Subject::Vnet(vnet) => world.vnet(vnet).id.clone(),
            Subject::Route(site, _) => world.site(site).id.clone(),
            Subject::Region(region) => world.regions()[region.at()].id.clone(),
            Subject::Address(subnet, _)
            | Subject::Subnet(subnet)
            | Subject::RouteTable(subnet)
            | Subject::SecurityGroup(subnet) => world.subnet_name(subnet),
            Subject::Plan(plan) => world.topology().plans[plan].id.clone(),
            Subject::Circuit(circuit) => world.topology().circuits[circuit.at()].id.clone(),
            Subject::Sku(sku) => sku.to_owned(),
            Subject::Lag(app) => world.topology().apps[app.at()].id.clone(),
        }
    }
}
