//! Gateways: what a link needs at its ends, creating and deleting one, and Azure's limits (B4, B23, B28 to B30, B49).

use std::sync::Arc;

use super::{Change, Done, Refusal, RefusalCode, Subject, World};
use crate::topology::address::last_free_27;
use crate::topology::overlap::Wanted;
use crate::topology::timing::Duration;
use crate::topology::{
    Command, GATEWAY_SUBNET, Gateway, GatewayKind, Link, LinkKind, LinkState, Node, Subnet, SubnetIx, VnetIx,
};

/// Peerings a VNet can hold (B23).
const PEERINGS_PER_VNET: usize = 500;
/// VNets a Standard circuit can carry (B49).
const VNETS_PER_CIRCUIT: usize = 10;
/// The smallest GatewaySubnet for a VPN and an ExpressRoute gateway side by side (B55).
const COEXISTENCE: u8 = 27;

/// Tunnels a VPN gateway can hold (B30); without a named SKU the figure of VpnGw1AZ.
pub fn tunnels(sku: Option<&str>) -> usize {
    match sku {
        Some("Basic") => 10,
        Some(sku) if sku.starts_with("VpnGw4") || sku.starts_with("VpnGw5") => 100,
        _ => 30,
    }
}

/// `create-gateway V KIND`
pub(super) fn create(world: &World, vnet: &str, kind: GatewayKind) -> Result<Done, Refusal> {
    let vnet = world.vnet_named(vnet)?;
    world.region_up(vnet)?;
    let title = &world.vnet(vnet).title;
    if world.gateway(vnet, kind).is_some() {
        let message = format!("{title} has its one {} gateway already", kind.title());
        return Err(Refusal::new(RefusalCode::Limit, "B29", message));
    }
    let present = world.vnet(vnet).subnets.iter().find(|subnet| !world.subnet(**subnet).hosts_vms());
    if let Some(small) = present.map(|subnet| world.subnet(*subnet).prefix) {
        let second = !world.vnet(vnet).gateways.is_empty();
        if second && small.prefix_len() > COEXISTENCE {
            let message = format!(
                "the GatewaySubnet {small} of {title} is too small for a VPN and an ExpressRoute gateway; it takes a /27"
            );
            return Err(Refusal::new(RefusalCode::Limit, "B55", message));
        }
    }
    let mut next = world.clone();
    if present.is_none() {
        let taken: Vec<_> = world.vnet(vnet).subnets.iter().map(|subnet| world.subnet(*subnet).prefix).collect();
        let Some(prefix) = last_free_27(&world.vnet(vnet).address_space, &taken) else {
            let message = format!("{title} has no free /27 for the GatewaySubnet its gateway lives in");
            return Err(Refusal::new(RefusalCode::SubnetFull, "B28", message));
        };
        let subnets = Arc::make_mut(&mut next.subnets);
        let subnet = SubnetIx::new(subnets.len());
        subnets.push(Subnet::new(GATEWAY_SUBNET, vnet, prefix));
        Arc::make_mut(&mut next.vnets)[vnet.at()].subnets.push(subnet);
    }
    Arc::make_mut(&mut next.vnets)[vnet.at()].gateways.push(Gateway::new(kind));
    let change = Change::new(Subject::Gateway(vnet, kind), None, Some(kind.to_string()));
    Ok(Done::lasting(next, vec![change], Duration::of_gateway(kind)))
}

/// `delete-gateway V KIND`
pub(super) fn delete(world: &World, vnet: &str, kind: GatewayKind) -> Result<Done, Refusal> {
    let vnet = world.vnet_named(vnet)?;
    world.region_up(vnet)?;
    let title = &world.vnet(vnet).title;
    if world.gateway(vnet, kind).is_none() {
        let message = format!("{title} has no {} gateway", kind.title());
        return Err(Refusal::new(RefusalCode::NoGateway, "B28", message));
    }
    let uses = |link: &Link| link.kind.gateway() == Some(kind) && link.between.contains(&Node::Vnet(vnet));
    let users: Vec<_> = world.live_links().filter(|(_, link)| uses(link)).map(|(ix, _)| ix).collect();
    if !users.is_empty() {
        let ids: Vec<&str> = users.iter().map(|link| world.link(*link).id.as_str()).collect();
        let message = format!("the {} gateway of {title} still carries {}", kind.title(), ids.join(", "));
        let mut refusal = Refusal::new(RefusalCode::GatewayInUse, "B43", message);
        refusal.mend = users.iter().map(|link| world.disconnect_command(*link)).collect();
        return Err(refusal);
    }
    let mut next = world.clone();
    Arc::make_mut(&mut next.vnets)[vnet.at()].gateways.retain(|gateway| gateway.kind != kind);
    let change = Change::new(Subject::Gateway(vnet, kind), Some(kind.to_string()), None);
    Ok(Done::lasting(next, vec![change], Duration::Disconnect))
}

impl World {
    /// Refuses what has to be done in a VNet whose region is down (D18).
    pub(super) fn region_up(&self, vnet: VnetIx) -> Result<(), Refusal> {
        let region = self.vnet(vnet).region;
        if self.is_up(region) {
            return Ok(());
        }
        let message =
            format!("{} is down, so nothing in {} can be changed", self.region_title(region), self.vnet(vnet).title);
        Err(Refusal::new(RefusalCode::RegionDown, "D18", message))
    }

    /// Refuses a link whose ends lack the gateway it needs (B28, B35, B.7).
    pub(super) fn gateways_ready(&self, wanted: Wanted) -> Result<(), Refusal> {
        let Some(kind) = wanted.kind.gateway() else { return Ok(()) };
        let lacking: Vec<VnetIx> = wanted
            .between
            .into_iter()
            .filter_map(Node::vnet)
            .filter(|vnet| self.gateway(*vnet, kind).is_none())
            .collect();
        let Some(first) = lacking.first() else { return Ok(()) };
        let message = format!(
            "{} has no {} gateway; creating one takes about {}",
            self.vnet(*first).title,
            kind.title(),
            crate::topology::timing::spoken(self.topology.timing.seconds(Duration::of_gateway(kind)))
        );
        let mut refusal = Refusal::new(RefusalCode::NoGateway, "B28, B35", message);
        refusal.mend = lacking.iter().map(|vnet| Command::create_gateway(&self.vnet(*vnet).id, kind)).collect();
        Err(refusal)
    }

    /// Refuses a link beyond Azure's limits (B23, B30, B49).
    pub(super) fn within_limits(&self, wanted: Wanted) -> Result<(), Refusal> {
        let limit = |message: String, rule| Err(Refusal::new(RefusalCode::Limit, rule, message));
        for node in wanted.between {
            let live = self.links.iter().filter(|link| link.state != LinkState::Absent && link.between.contains(&node));
            let used = live.filter(|link| link.kind == wanted.kind && link.circuit == wanted.circuit).count();
            let title = self.node_title(node);
            match (node, wanted.kind) {
                (Node::Vnet(_), LinkKind::Peering) if used >= PEERINGS_PER_VNET => {
                    return limit(format!("{title} holds {used} peerings, and {PEERINGS_PER_VNET} is the most"), "B23");
                }
                (Node::Vnet(vnet), LinkKind::Vpn) => {
                    let sku = self.gateway(vnet, GatewayKind::Vpn).and_then(|gateway| gateway.sku.as_deref());
                    if used >= tunnels(sku) {
                        let sku = sku.unwrap_or("VpnGw1AZ, assumed");
                        return limit(
                            format!("the VPN gateway of {title} ({sku}) holds {used} tunnels already"),
                            "B30",
                        );
                    }
                }
                (Node::Site(_), LinkKind::Expressroute) if used >= VNETS_PER_CIRCUIT => {
                    return limit(
                        format!(
                            "the circuit of {title} carries {used} VNets, and a Standard circuit takes {VNETS_PER_CIRCUIT}"
                        ),
                        "B49",
                    );
                }
                _ => {}
            }
        }
        Ok(())
    }
}
