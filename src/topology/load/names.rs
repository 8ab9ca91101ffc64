//! Names of the file and what they stand for.

use std::collections::HashMap;
use std::ops::Range;

use super::shown;
use super::sink::Sink;
use crate::topology::{
    AppIx, Endpoint, FindingCode, Node, RegionIx, RouteTableIx, SecurityGroupIx, SubnetIx, VmIx, VnetIx,
};

/// Where a name is declared, and as what.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct At {
    /// What it names, with its article.
    pub what: &'static str,
    /// The first byte of its declaration.
    pub byte: usize,
}

/// The names of one kind. A name without an item belongs to a broken declaration: nobody complains about it twice.
#[derive(Debug)]
pub(super) struct Register<T>(HashMap<String, (Option<T>, At)>);

impl<T> Default for Register<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T: Copy> Register<T> {
    /// Declares a name; where it is taken already, what has it.
    pub fn declare(&mut self, name: &str, item: Option<T>, at: At) -> Option<At> {
        match self.0.entry(name.to_owned()) {
            std::collections::hash_map::Entry::Occupied(entry) => Some(entry.get().1),
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert((item, at));
                None
            }
        }
    }

    /// Whether a name is declared, be it by something broken.
    pub fn knows(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// What a name stands for, where it is declared and whole.
    pub fn get(&self, name: &str) -> Option<T> {
        self.0.get(name).and_then(|(item, _)| *item)
    }

    /// What a name stands for; an unknown one is a problem at `span`, described as "`name` is no `what`".
    pub fn resolve(&self, name: &str, span: &Range<usize>, what: &str, sink: &mut Sink) -> Option<T> {
        if let Some((item, _)) = self.0.get(name) {
            return *item;
        }
        let hint = sink.hint(name, self.0.keys().map(String::as_str));
        sink.error(FindingCode::UnknownId, span, format!("no {what} is called `{}`{hint}", shown(name)), &[]);
        None
    }
}

/// Says that a name is taken, by what and where.
pub(super) fn name_taken(id: &str, span: &Range<usize>, other: At, sharing: &str, sink: &mut Sink) {
    let message =
        format!("`{}` is {} already, on line {{line}}; {sharing} share one space of names", shown(id), other.what);
    sink.error_beside(FindingCode::InvalidId, span, message, &[id], other.byte);
}

/// All names of a file.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub regions: Register<RegionIx>,
    /// VNets alone: `region`, `recovers`, `via`.
    pub vnets: Register<VnetIx>,
    /// VNets and sites: the ends of links.
    pub nodes: Register<Node>,
    /// Apps, VMs and sites: the ends of needs.
    pub endpoints: Register<Endpoint>,
    pub apps: Register<AppIx>,
    pub vms: Register<VmIx>,
    pub subnets: HashMap<VnetIx, Register<SubnetIx>>,
    pub route_tables: Register<RouteTableIx>,
    pub security_groups: Register<SecurityGroupIx>,
}

impl Names {
    /// The subnet `VNET/SUBNET`.
    pub fn subnet(&self, vnet: &str, subnet: &str, span: &Range<usize>, sink: &mut Sink) -> Option<SubnetIx> {
        let vnet_ix = self.vnets.resolve(vnet, span, "VNet", sink)?;
        self.subnet_of(vnet_ix, vnet, subnet, span, sink)
    }

    /// A subnet of a VNet.
    pub fn subnet_of(
        &self,
        vnet: VnetIx,
        called: &str,
        subnet: &str,
        span: &Range<usize>,
        sink: &mut Sink,
    ) -> Option<SubnetIx> {
        self.subnets.get(&vnet)?.resolve(subnet, span, &format!("subnet of `{called}`"), sink)
    }
}
