//! BGP that is lost: a link without it in the place of one that had it, and gateways that are made anew for it (B30, B32,
//! B39, INV-10).

use std::collections::HashMap;

use super::World;
use crate::topology::fit::{Misfit, fits};
use crate::topology::{
    Command, Finding, FindingCode, Gateway, GatewayKind, Link, LinkIx, LinkKind, LinkState, Node, Severity, VnetIx,
};

impl World {
    /// Why two networks cannot exchange routes by BGP with the gateways they have; none where they can (B32, B39).
    pub fn no_bgp(&self, between: [Node; 2]) -> Option<Misfit> {
        let link = Link { bgp: true, ..Link::new("", LinkKind::Vpn, between, LinkState::Connected) };
        fits(self, &link).err()
    }

    /// Deletes a VPN gateway and creates it anew, of a SKU and with a number of its own: neither can be changed from or to
    /// Basic, and a number is given when a gateway is made (B31, B39).
    pub fn vpn_gateway_anew(&self, vnet: VnetIx, sku: Option<&str>) -> [Command; 2] {
        let kind = GatewayKind::Vpn;
        let create = match self.gateway_command(vnet, kind, true) {
            Command::CreateGateway { vnet, kind, asn, .. } => {
                Command::CreateGateway { vnet, kind, sku: sku.map(str::to_owned), asn }
            }
            other => other,
        };
        [Command::DeleteGateway { vnet: self.vnet(vnet).id.clone(), kind }, create]
    }

    /// Live VPNs without BGP that took the place of one with it: what was learned from beyond is lost (B37, B38).
    pub fn without_bgp(&self) -> Vec<Finding> {
        let root = |node: Node| node.vnet().and_then(|vnet| self.vnet(vnet).recovers).map_or(node, Node::Vnet);
        let place = |link: &Link| {
            let [a, b] = link.between.map(root);
            if a <= b { (a, b) } else { (b, a) }
        };
        let with = self.links.iter().filter(|link| link.kind == LinkKind::Vpn && link.bgp);
        let with: HashMap<(Node, Node), &Link> = with.map(|link| (place(link), link)).collect();
        if with.is_empty() {
            return Vec::new();
        }
        let plain = self.live_links().filter(|(_, link)| link.kind == LinkKind::Vpn && !link.bgp);
        plain.filter_map(|(at, link)| Some(self.lost_bgp(at, link, with.get(&place(link))?))).collect()
    }

    fn lost_bgp(&self, at: LinkIx, link: &Link, before: &Link) -> Finding {
        let why = self.no_bgp(link.between);
        let why = why.map_or_else(|| "it was made without".to_owned(), |misfit| misfit.message);
        let message = format!(
            "{} speaks no BGP, although {}, which it replaces, does: {why}; what is learned from beyond does not pass",
            link.id, before.id
        );
        let mut finding = Finding::new(Severity::Warning, FindingCode::BgpLost, message, vec![link.id.clone()])
            .because("B37, B38, B39", "without BGP only what is directly joined talks: transit is lost");
        finding.mend = self.bgp_again(at, link);
        finding
    }

    /// The commands that make a link anew with BGP: where a gateway stands in the way, it has to be made anew too, and so
    /// have its other links (B39, B43). None where its region does not answer.
    fn bgp_again(&self, at: LinkIx, link: &Link) -> Vec<Command> {
        let culprit = self.bgp_culprit(link.between);
        if link.vnets().any(|vnet| !self.answers(self.vnet(vnet).region)) {
            return Vec::new();
        }
        let on_it = |other: &Link| {
            other.kind == LinkKind::Vpn && culprit.is_some_and(|vnet| other.between.contains(&Node::Vnet(vnet)))
        };
        let links: Vec<(LinkIx, &Link)> =
            self.live_links().filter(|(other, link)| *other == at || on_it(link)).collect();
        let mut commands: Vec<Command> = links.iter().map(|(at, _)| self.disconnect_command(*at)).collect();
        if let Some(vnet) = culprit {
            commands.extend(self.vpn_gateway_anew(vnet, self.sku_for_bgp(vnet)));
        }
        commands.extend(links.iter().map(|(other, link)| {
            let [a, b] = link.between.map(|node| self.node_id(node).to_owned());
            Command::Connect { a, b, kind: Some(LinkKind::Vpn), circuit: None, bgp: link.bgp || *other == at }
        }));
        commands
    }

    /// The end whose gateway keeps two networks from BGP: one that is Basic, else the one on the recovery side.
    pub fn bgp_culprit(&self, between: [Node; 2]) -> Option<VnetIx> {
        self.no_bgp(between)?;
        let vnets = || between.into_iter().filter_map(Node::vnet);
        let basic =
            |vnet: &VnetIx| self.gateway(*vnet, GatewayKind::Vpn).is_some_and(crate::topology::limits::is_basic);
        let twin = |vnet: &VnetIx| self.vnet(*vnet).recovers.is_some();
        vnets().find(basic).or_else(|| vnets().find(twin)).or_else(|| vnets().next())
    }

    /// The SKU for a gateway that has to be made anew for BGP: its own where it can be made, else that of the VNet it
    /// recovers, else the usual one (B30, B31).
    pub fn sku_for_bgp(&self, vnet: VnetIx) -> Option<&str> {
        let own = |vnet: VnetIx| self.gateway(vnet, GatewayKind::Vpn).filter(|gateway| able(gateway));
        let source = || self.vnet(vnet).recovers.and_then(own);
        own(vnet).or_else(source).and_then(|gateway| gateway.sku.as_deref())
    }
}

/// Whether a gateway of this SKU speaks BGP and can still be made (B31, B32).
fn able(gateway: &Gateway) -> bool {
    !crate::topology::limits::is_basic(gateway)
        && !gateway.sku.as_deref().is_some_and(crate::topology::limits::is_retired)
}
