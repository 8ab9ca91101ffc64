//! What a reader should know about the world as it is now.

use super::World;
use super::assign::AddressRule;
use crate::topology::address::first_overlap;
use crate::topology::overlap::Spaces;
use crate::topology::{Finding, FindingCode, LinkKind, LinkState, Node, Severity, VnetIx};

impl World {
    /// Everything worth knowing now: failovers that failed, lost addresses, twins that both run, shadowed links.
    pub fn findings(&self) -> Vec<Finding> {
        let mut found = self.incidents.to_vec();
        found.extend(self.lost_addresses());
        found.extend(self.running_twins());
        found.extend(self.shadows());
        found.extend(self.ailments());
        found
    }

    fn lost_addresses(&self) -> impl Iterator<Item = Finding> + '_ {
        self.vms().filter_map(|(vm, state)| {
            let retained = self.retained(vm)?;
            let id = self.vm_id(vm);
            // A26: the run goes on, but an address assigned by hand was not given.
            if let Some(wished) = state.target.ip.filter(|wished| *wished != state.at.ip) {
                let message = format!("{id} runs on {} instead of {wished}: its target address was taken", state.at.ip);
                return Some(Finding::new(Severity::Error, FindingCode::AddressLost, message, vec![id.to_owned()]));
            }
            if retained {
                return None;
            }
            let (severity, why) = match state.rule {
                Some(AddressRule::Row(1)) => (Severity::Note, "as its target settings say"),
                Some(AddressRule::Row(6 | 9)) => (Severity::Note, "its subnet there has another range"),
                Some(AddressRule::Row(10)) => (Severity::Warning, "Azure withholds the old one there"),
                Some(AddressRule::Row(12)) => (Severity::Warning, "the failover network has no subnet of that name"),
                Some(AddressRule::A23) => (Severity::Warning, "dynamic addresses are not kept under this policy"),
                _ => (Severity::Warning, "the old one was taken there"),
            };
            let before = self.topology.vms[vm.at()].ip;
            let message = format!("{id} runs on {} instead of {before}: {why}", state.at.ip);
            Some(Finding::new(severity, FindingCode::AddressLost, message, vec![id.to_owned()]))
        })
    }

    fn running_twins(&self) -> impl Iterator<Item = Finding> + '_ {
        self.vms().filter_map(|(vm, state)| {
            let twin = self.twin_instance(vm)?;
            let (id, here, there) = (self.vm_id(vm), self.subnet_name(state.at.subnet), self.subnet_name(twin.subnet));
            let message = format!("{id} runs twice: failed over in {here}, and its source VM came back in {there}");
            Some(Finding::new(Severity::Error, FindingCode::TwinRunning, message, vec![id.to_owned()]))
        })
    }

    /// A peering whose far end repeats a prefix that a gateway brings takes all its traffic (B13, C8).
    fn shadows(&self) -> Vec<Finding> {
        let mut links_of = vec![Vec::new(); self.vnets.len()];
        for (_, link) in self.live_links().filter(|(_, link)| link.state == LinkState::Connected) {
            for vnet in link.between.iter().filter_map(|node| node.vnet()) {
                links_of[vnet.at()].push(link);
            }
        }
        let mut found = Vec::new();
        for (at, links) in links_of.iter().enumerate() {
            let node = Node::Vnet(VnetIx::new(at));
            let far = |peering: bool| {
                links
                    .iter()
                    .filter(move |link| (link.kind == LinkKind::Peering) == peering)
                    .filter_map(move |link| link.other(node))
            };
            for peer in far(true) {
                for shadowed in far(false).filter(|other| *other != peer) {
                    let Some((prefix, _)) = first_overlap(self.space(peer), self.space(shadowed)) else { continue };
                    let message = format!(
                        "{} sends {prefix} to {} over the peering, so {} behind the gateway is shadowed (modelled)",
                        self.node_title(node),
                        self.node_title(peer),
                        self.node_title(shadowed)
                    );
                    let at = [node, peer, shadowed].map(|node| self.node_id(node).to_owned()).to_vec();
                    found.push(Finding::new(Severity::Warning, FindingCode::Shadowed, message, at));
                }
            }
        }
        found
    }
}
