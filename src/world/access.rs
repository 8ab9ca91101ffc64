//! Peerings without access (B17, C15, INV-7).

use super::World;
use crate::topology::{Finding, FindingCode, LinkKind, LinkState, Node, Severity, VnetIx};

impl World {
    /// Live peerings without access at one end. The setting takes the peer out of the tag `VirtualNetwork`, by which the
    /// default rules of a security group let it in; where no group filters, packets pass (modelled).
    pub(super) fn without_access(&self) -> Vec<Finding> {
        let peerings = self.live_links().filter(|(_, link)| {
            link.kind == LinkKind::Peering
                && link.state == LinkState::Connected
                && link.halves.iter().any(|half| half.exists && !half.access)
        });
        peerings.filter_map(|(at, link)| {
            let open = link.vnets().filter(|vnet| {
                link.half(Node::Vnet(*vnet)).is_some_and(|half| !half.access) && self.unfiltered(*vnet)
            });
            let open: Vec<&str> = open.map(|vnet| self.vnet(vnet).title.as_str()).collect();
            if open.is_empty() {
                return None;
            }
            let message = format!(
                "the peering {} allows no access at {}, and subnets there have no network security group: the setting only \
                 narrows the tag VirtualNetwork, so what a group would stop passes (B17, INV-7, modelled)",
                link.id,
                open.join(" and ")
            );
            let finding = Finding::new(Severity::Warning, FindingCode::AccessOff, message, vec![link.id.clone()]);
            Some(
                finding
                    .because("B17, C15, INV-7", "a peering that should carry nothing carries everything there")
                    .changed_by("give the subnets a security group, or take the peering out, if nothing shall pass")
                    .placed(self.topology.place_of_link(at)),
            )
        })
        .collect()
    }

    /// Whether some subnet of machines has no security group.
    fn unfiltered(&self, vnet: VnetIx) -> bool {
        let subnets = self.vnet(vnet).subnets.iter().map(|subnet| self.subnet(*subnet));
        subnets.filter(|subnet| subnet.hosts_vms()).any(|subnet| subnet.security_group.is_none())
    }
}
