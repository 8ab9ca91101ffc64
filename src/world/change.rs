//! What a command changed, for reports and for the marks on the screen.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::{Place, World};
use crate::topology::{CircuitIx, GatewayKind, LinkIx, RegionIx, SiteIx, SubnetIx, VmIx, VnetIx};

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
    /// A circuit went down or came back.
    Circuit(CircuitIx),
    /// A gateway SKU cannot be had any more.
    Sku(&'static str),
}

/// One side of a change. Places stay places until somebody reads them: a failover of many VMs has many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A word of the command language or an address.
    Word(String),
    /// Where a VM serves.
    Place(Place),
}

impl Value {
    /// The value as `formats.md` 3.1 writes it; a place is `VNET/SUBNET IP`.
    pub fn words(&self, world: &World) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Place(place) => world.place_words(*place),
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

    /// The kind of thing that changed: `link`, `vm`, `gateway`, `route`, `region`, `address`, `target`,
    /// `circuit` or `sku`.
    pub fn what(&self) -> &'static str {
        match self.subject {
            Subject::Link(_) => "link",
            Subject::Vm(_) => "vm",
            Subject::Gateway(..) => "gateway",
            Subject::Route(..) => "route",
            Subject::Region(_) => "region",
            Subject::Address(..) => "address",
            Subject::Target(_) => "target",
            Subject::Circuit(_) => "circuit",
            Subject::Sku(_) => "sku",
        }
    }

    /// The id of what changed.
    pub fn id(&self, world: &World) -> String {
        match self.subject {
            Subject::Link(link) => world.link(link).id.clone(),
            Subject::Vm(vm) | Subject::Target(vm) => world.vm_id(vm).to_owned(),
            Subject::Gateway(vnet, _) => world.vnet(vnet).id.clone(),
            Subject::Route(site, _) => world.site(site).id.clone(),
            Subject::Region(region) => world.regions()[region.at()].id.clone(),
            Subject::Address(subnet, _) => world.subnet_name(subnet),
            Subject::Circuit(circuit) => world.topology().circuits[circuit.at()].id.clone(),
            Subject::Sku(sku) => sku.to_owned(),
        }
    }
}
