//! Names become indices here, once; an unknown name is refused with the nearest known one.

use super::{Phase, Refusal, RefusalCode, World};
use crate::topology::command::{Scope, SubnetName, did_you_mean};
use crate::topology::{
    AppIx, CircuitIx, Node, RegionIx, RouteTableIx, SecurityGroupIx, SiteIx, SubnetIx, VmIx, VnetIx,
};

fn position<'a>(ids: impl IntoIterator<Item = &'a str> + Clone, id: &str, what: &str) -> Result<usize, Refusal> {
    ids.clone().into_iter().position(|known| known == id).ok_or_else(|| {
        let message = format!("there is no {what} `{id}`{}", did_you_mean(id, ids));
        Refusal::new(RefusalCode::UnknownId, "", message)
    })
}

impl World {
    /// The VNet with this id.
    ///
    /// # Errors
    /// `unknown-id`, with the nearest one; so for all lookups here.
    pub fn vnet_named(&self, id: &str) -> Result<VnetIx, Refusal> {
        position(self.vnets.iter().map(|vnet| vnet.id.as_str()), id, "VNet").map(VnetIx::new)
    }

    /// The site with this id.
    ///
    /// # Errors
    /// `unknown-id`.
    pub fn site_named(&self, id: &str) -> Result<SiteIx, Refusal> {
        position(self.sites.iter().map(|site| site.id.as_str()), id, "site").map(SiteIx::new)
    }

    /// The VNet or site with this id: an end of a link.
    ///
    /// # Errors
    /// `unknown-id`.
    pub fn node_named(&self, id: &str) -> Result<Node, Refusal> {
        let vnets = self.vnets.iter().map(|vnet| vnet.id.as_str());
        let ids = vnets.chain(self.sites.iter().map(|site| site.id.as_str()));
        let found = position(ids, id, "VNet or site")?;
        Ok(match found.checked_sub(self.vnets.len()) {
            None => Node::Vnet(VnetIx::new(found)),
            Some(site) => Node::Site(SiteIx::new(site)),
        })
    }

    /// The region with this id.
    ///
    /// # Errors
    /// `unknown-id`.
    pub fn region_named(&self, id: &str) -> Result<RegionIx, Refusal> {
        position(self.regions().iter().map(|region| region.id.as_str()), id, "region").map(RegionIx::new)
    }

    /// The app with this id.
    ///
    /// # Errors
    /// `unknown-id`.
    pub fn app_named(&self, id: &str) -> Result<AppIx, Refusal> {
        position(self.topology.apps.iter().map(|app| app.id.as_str()), id, "app").map(AppIx::new)
    }

    /// The VM with this id.
    ///
    /// # Errors
    /// `unknown-id`.
    pub fn vm_named(&self, id: &str) -> Result<VmIx, Refusal> {
        position(self.topology.vms.iter().map(|vm| vm.id.as_str()), id, "VM").map(VmIx::new)
    }

    /// The circuit with this name.
    ///
    /// # Errors
    /// `unknown-id`.
    pub fn circuit_named(&self, id: &str) -> Result<CircuitIx, Refusal> {
        position(self.topology.circuits.iter().map(|circuit| circuit.id.as_str()), id, "circuit").map(CircuitIx::new)
    }

    /// The route table with this id.
    ///
    /// # Errors
    /// `unknown-id`.
    pub fn route_table_named(&self, id: &str) -> Result<RouteTableIx, Refusal> {
        let tables = self.topology.route_tables.iter().map(|table| table.id.as_str());
        position(tables, id, "route table").map(RouteTableIx::new)
    }

    /// The network security group with this id.
    ///
    /// # Errors
    /// `unknown-id`.
    pub fn security_group_named(&self, id: &str) -> Result<SecurityGroupIx, Refusal> {
        let groups = self.topology.security_groups.iter().map(|group| group.id.as_str());
        position(groups, id, "security group").map(SecurityGroupIx::new)
    }

    /// The position of the plan with this id in [`crate::topology::Topology::plans`].
    ///
    /// # Errors
    /// `unknown-id`.
    pub fn plan_named(&self, id: &str) -> Result<usize, Refusal> {
        position(self.topology.plans.iter().map(|plan| plan.id.as_str()), id, "plan")
    }

    /// The subnet of this name in a VNet.
    ///
    /// # Errors
    /// `unknown-id`.
    pub fn subnet_in(&self, vnet: VnetIx, id: &str) -> Result<SubnetIx, Refusal> {
        let subnets = &self.vnet(vnet).subnets;
        let ids = subnets.iter().map(|subnet| self.subnet(*subnet).id.as_str());
        position(ids, id, &format!("subnet of {}", self.vnet(vnet).title)).map(|at| subnets[at])
    }

    /// The subnet with this full name.
    ///
    /// # Errors
    /// `unknown-id`.
    pub fn subnet_named(&self, name: &SubnetName) -> Result<SubnetIx, Refusal> {
        self.subnet_in(self.vnet_named(&name.vnet)?, &name.subnet)
    }

    /// The VMs of a scope in file order: those that serve there, and those that failed over or back from there.
    ///
    /// # Errors
    /// `unknown-id`.
    pub fn vms_in(&self, scope: &Scope) -> Result<Vec<VmIx>, Refusal> {
        Ok(match scope {
            Scope::Vm(id) => vec![self.vm_named(id)?],
            Scope::App(id) => {
                let app = self.app_named(id)?;
                self.vms().map(|(vm, _)| vm).filter(|vm| self.app_of(*vm) == Some(app)).collect()
            }
            Scope::Region(_) | Scope::Vnet(_) | Scope::Subnet(_) => self.vms_by_place(self.place_test(scope)?),
        })
    }

    /// Whether a subnet lies in a scope that is a place; for an app or a VM none does.
    pub(super) fn place_test(&self, scope: &Scope) -> Result<impl Fn(SubnetIx) -> bool + use<'_>, Refusal> {
        enum Place {
            Region(RegionIx),
            Vnet(VnetIx),
            Subnet(SubnetIx),
            Nowhere,
        }
        let place = match scope {
            Scope::Region(id) => Place::Region(self.region_named(id)?),
            Scope::Vnet(id) => Place::Vnet(self.vnet_named(id)?),
            Scope::Subnet(name) => Place::Subnet(self.subnet_named(name)?),
            Scope::App(_) | Scope::Vm(_) => Place::Nowhere,
        };
        Ok(move |subnet: SubnetIx| {
            let vnet = self.subnet(subnet).vnet;
            match place {
                Place::Region(region) => self.vnet(vnet).region == region,
                Place::Vnet(wanted) => vnet == wanted,
                Place::Subnet(wanted) => subnet == wanted,
                Place::Nowhere => false,
            }
        })
    }

    /// A VM away from home counts for its home too, although re-protect deleted what it left there.
    fn vms_by_place(&self, inside: impl Fn(SubnetIx) -> bool) -> Vec<VmIx> {
        let declared = &self.topology.vms;
        let away =
            |state: &super::VmState| matches!(state.phase, Phase::FailedOver | Phase::Committed | Phase::ReProtected);
        let here = |vm: VmIx, state: &super::VmState| {
            inside(state.at.subnet)
                || state.behind.is_some_and(|behind| inside(behind.at.subnet))
                || (away(state) && state.behind.is_none() && inside(declared[vm.at()].subnet))
        };
        self.vms().filter(|(vm, state)| here(*vm, state)).map(|(vm, _)| vm).collect()
    }
}
