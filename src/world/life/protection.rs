//! Starting and stopping replication (D1, D3, A10).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Operation;
use crate::topology::timing::Duration;
use crate::topology::{Region, RegionIx, Scope, Side, Subnet, SubnetIx, VmIx, Vnet, VnetIx};
use crate::world::{Change, Destinations, Done, Phase, Refusal, RefusalCode, Subject, World};

/// `protect SCOPE [into V]`
///
/// Done when the first copy is complete (D3). A VNet without a failover network gets one that Site Recovery makes (A10);
/// a VM that serves away from home is replicated to where it came from.
pub(in crate::world) fn protect(world: &World, scope: &Scope, into: Option<&str>) -> Result<Done, Refusal> {
    let vms = world.ready(Operation::Protect, scope)?;
    let into = into.map(|name| world.vnet_named(name)).transpose()?;
    let mut next = world.clone();
    let mut changes = Vec::new();
    let mut made: BTreeMap<VnetIx, VnetIx> = BTreeMap::new();
    for vm in &vms {
        let here = world.vnet_of(*vm);
        world.region_answers(here)?;
        let network = match (world.is_away(*vm), into) {
            (true, _) => world.home_of(*vm),
            (false, Some(into)) => into,
            (false, None) => match next.failover_network(here).or_else(|| made.get(&here).copied()) {
                Some(network) => network,
                None => {
                    let network = next.make_failover_network(here)?;
                    changes.push(Change::new(Subject::Vnet(network), None, Some(next.vnet(network).id.clone())));
                    made.insert(here, network);
                    network
                }
            },
        };
        fits(&next, *vm, network)?;
        next.region_answers(network)?;
        let explicit = (!world.is_away(*vm) && next.failover_network(here) != Some(network)).then(|| {
            let named = Destinations::of(&next).in_network(world.vm(*vm).at.subnet, network);
            named.map(|goal| goal.subnet)
        });
        if explicit == Some(None) {
            let message = format!("{} has no subnet a VM could use", next.vnet(network).title);
            return Err(Refusal::new(RefusalCode::NoFailoverNetwork, "A13", message));
        }
        next.leave_over(*vm);
        let state = &mut next.vms[vm.at()];
        let to = if world.is_away(*vm) { Phase::ReProtected } else { Phase::Protected };
        changes.push(Change::phase(*vm, state.phase, to));
        state.phase = to;
        state.behind = None;
        state.verified = false;
        if let Some(subnet) = explicit.flatten() {
            state.target.subnet = Some(subnet);
        }
    }
    next.drop_cards_behind(&vms);
    // The first copy takes as long as a resynchronisation: it grows with the data (F6, F7).
    Ok(Done::lasting(next, changes, Duration::Protect))
}

/// A failover network lies in another region, on the recovery side (A12); the way home is what it is.
fn fits(world: &World, vm: VmIx, network: VnetIx) -> Result<(), Refusal> {
    let region = world.vnet(network).region;
    let own = world.vnet(world.vnet_of(vm)).region;
    if world.is_away(vm) || (region != own && world.regions()[region.at()].side == Side::Recovery) {
        return Ok(());
    }
    let message = format!(
        "{} is in {}, which is no recovery region for {}",
        world.vnet(network).title,
        world.region_title(region),
        world.vm_id(vm)
    );
    Err(Refusal::new(RefusalCode::NoFailoverNetwork, "A12", message))
}

/// `unprotect SCOPE`: replication stops; what a failover left behind stays where it is (D.2).
pub(in crate::world) fn unprotect(world: &World, scope: &Scope) -> Result<Done, Refusal> {
    let vms = world.ready(Operation::Unprotect, scope)?;
    let mut next = world.clone();
    let mut changes = Vec::with_capacity(vms.len());
    let lost_settings = vms.iter().any(|vm| world.home_targets.contains_key(vm));
    for vm in &vms {
        let state = &mut next.vms[vm.at()];
        changes.push(Change::phase(*vm, state.phase, Phase::Unprotected));
        state.phase = Phase::Unprotected;
        state.verified = false;
    }
    if lost_settings {
        Arc::make_mut(&mut next.home_targets).retain(|vm, _| !vms.contains(vm));
    }
    Ok(Done::instantly(next, changes))
}

impl World {
    /// The failover network of a VNet: the first that recovers it (A12).
    pub fn failover_network(&self, vnet: VnetIx) -> Option<VnetIx> {
        self.twins_of(vnet).next()
    }

    /// Makes `<vnet>-asr` in the first recovery region: address space and subnets copied, an empty GatewaySubnet among
    /// them, and neither gateway nor link (A10, A15).
    fn make_failover_network(&mut self, source: VnetIx) -> Result<VnetIx, Refusal> {
        let own = self.vnet(source).region;
        let is_recovery = |(at, region): &(usize, &Region)| region.side == Side::Recovery && *at != own.at();
        let Some((region, _)) = self.regions().iter().enumerate().find(is_recovery) else {
            let message =
                format!("{} has no failover network, and there is no recovery region for one", self.vnet(source).title);
            return Err(Refusal::new(RefusalCode::NoFailoverNetwork, "A10", message));
        };
        let id = format!("{}-asr", self.vnet(source).id);
        if self.node_named(&id).is_ok() {
            let message = format!("the network Site Recovery would make is called `{id}`, and there is one already");
            return Err(Refusal::new(RefusalCode::IdTaken, "A10", message));
        }
        let vnet = VnetIx::new(self.vnets.len());
        let title = format!("{} (asr)", self.vnet(source).title);
        let copied = self.vnet(source).subnets.clone();
        let subnets = Arc::make_mut(&mut self.subnets);
        let mut own_subnets = Vec::with_capacity(copied.len());
        for from in copied {
            let from = subnets[from.at()].clone();
            own_subnets.push(SubnetIx::new(subnets.len()));
            // A15: neither route table nor security group is copied.
            subnets.push(Subnet { title: from.title, ..Subnet::new(from.id, vnet, from.prefix) });
        }
        let made = Vnet {
            id,
            title,
            region: RegionIx::new(region),
            address_space: self.vnet(source).address_space.clone(),
            subnets: own_subnets,
            recovers: Some(source),
            gateways: Vec::new(),
        };
        Arc::make_mut(&mut self.vnets).push(made);
        self.declare_networks();
        Ok(vnet)
    }

    /// Takes the networks that came later into what is declared, so that they get their place on the map.
    pub(in crate::world) fn declare_networks(&mut self) {
        let topology = Arc::make_mut(&mut self.topology);
        topology.vnets.clone_from(&self.vnets);
        topology.subnets.clone_from(&self.subnets);
    }
}
