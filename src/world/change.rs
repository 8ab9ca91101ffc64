//! What a command changed, for reports and for the marks on the screen.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::World;
use crate::topology::{GatewayKind, LinkIx, RegionIx, SiteIx, SubnetIx, VmIx, VnetIx};

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
}

/// One thing a command changed; `from` and `to` are words as `formats.md` 3.1 gives them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it is about.
    pub subject: Subject,
    /// What it was.
    pub from: Option<String>,
    /// What it is now.
    pub to: Option<String>,
}

impl Change {
    /// The kind of thing that changed: `link`, `vm`, `gateway`, `route`, `region`, `address` or `target`.
    pub fn what(&self) -> &'static str {
        match self.subject {
            Subject::Link(_) => "link",
            Subject::Vm(_) => "vm",
            Subject::Gateway(..) => "gateway",
            Subject::Route(..) => "route",
            Subject::Region(_) => "region",
            Subject::Address(..) => "address",
            Subject::Target(_) => "target",
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
        }
    }
}
