//! What a reader should know about the world as it is now.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use super::{AddressRule, Holding, InstanceKind, Phase, World};
use crate::topology::address::first_overlap;
use crate::topology::overlap::Spaces;
use crate::topology::{
    Command, Finding, FindingCode, LinkKind, LinkState, Node, Scope, Severity, Target, VmIx, VnetIx,
};

impl World {
    /// Everything worth knowing now: failovers that failed, lost addresses, twins that both run, shadowed links.
    pub fn findings(&self) -> Vec<Finding> {
        let mut found = self.incidents.to_vec();
        found.extend(self.lost_addresses());
        found.extend(self.running_twins());
        found.extend(self.owed_clean_ups());
        found.extend(self.not_carried());
        found.extend(self.held_addresses());
        found.extend(self.lost_data());
        found.extend(self.shadows());
        found.extend(self.prefixes_twice());
        found.extend(self.without_bgp());
        found.extend(self.without_access());
        found.extend(self.ailments());
        found.extend(self.stale_names());
        found
    }

    /// Addresses that are not those of the file any more, of first NICs and of further cards (A26, A29, A37).
    fn lost_addresses(&self) -> impl Iterator<Item = Finding> + '_ {
        let firsts = self.vms().filter_map(|(vm, state)| {
            let retained = self.retained(vm)?;
            self.lost_address(vm.into(), (state.at.ip, self.topology.vms[vm.at()].ip), state.rule, retained)
        });
        let cards = self.cards.iter().flat_map(|(vm, cards)| {
            (0..).zip(cards.iter()).filter_map(|(at, card)| {
                let IpAddr::V4(before) = card.before else { return None };
                let holding = Holding { vm: *vm, card: Some(at) };
                self.lost_address(holding, (card.at?.ip, before), card.rule, card.retained()?)
            })
        });
        firsts.chain(cards)
    }

    fn lost_address(
        &self,
        holding: Holding,
        (now, before): (Ipv4Addr, Ipv4Addr),
        rule: Option<AddressRule>,
        retained: bool,
    ) -> Option<Finding> {
        let (title, at) = (self.holding_title(holding), vec![self.vm_id(holding.vm).to_owned()]);
        // A26: the run goes on, but an address assigned by hand was not given.
        if let Some(wished) = self.wished(holding).ip.filter(|wished| *wished != now) {
            let message = format!("{title} runs on {now} instead of {wished}: its target address was taken");
            return Some(Finding::new(Severity::Error, FindingCode::AddressLost, message, at));
        }
        if retained {
            return None;
        }
        let back =
            matches!(self.vm(holding.vm).phase, Phase::FailedBack | Phase::FailedBackCommitted | Phase::Protected);
        let (severity, why) = match rule {
            Some(AddressRule::Row(1 | 22)) => (Severity::Note, "as its target settings say"),
            Some(AddressRule::Row(6 | 9)) if back => (
                Severity::Warning,
                "the address it came back with is outside the range of its subnet, and no target was set for the way home \
                 (A37)",
            ),
            Some(AddressRule::Row(6 | 9)) => (Severity::Note, "its subnet there has another range"),
            Some(AddressRule::Row(10)) => (Severity::Warning, "Azure withholds the old one there"),
            Some(AddressRule::Row(12)) => (Severity::Warning, "the failover network has no subnet of that name"),
            Some(AddressRule::Row(19)) => (
                Severity::Warning,
                "it lost the old one at the failover, and a failback brings back the one it had there unless a target is \
                 set (A37)",
            ),
            Some(AddressRule::Row(20)) => {
                (Severity::Warning, "the address it had in the recovery region was taken where it came back (A37)")
            }
            Some(AddressRule::A23) => (Severity::Warning, "dynamic addresses are not kept under this policy"),
            _ => (Severity::Warning, "the old one was taken there"),
        };
        let message = format!("{title} runs on {now} instead of {before}: {why}");
        Some(Finding::new(severity, FindingCode::AddressLost, message, at))
    }

    /// The target settings by which an address was given.
    fn wished(&self, holding: Holding) -> Target {
        let state = self.vm(holding.vm);
        match (state.phase, self.card(holding)) {
            (Phase::FailedOver | Phase::Committed | Phase::ReProtected, None) => state.target,
            (Phase::FailedOver | Phase::Committed | Phase::ReProtected, Some(card)) => card.wish(false),
            (Phase::FailedBack | Phase::FailedBackCommitted, None) => {
                self.home_targets.get(&holding.vm).copied().unwrap_or_default()
            }
            (Phase::FailedBack | Phase::FailedBackCommitted, Some(card)) => card.wish(true),
            (Phase::Unprotected | Phase::Protecting | Phase::Protected, _) => Target::default(),
        }
    }

    /// Two machines with one identity (D8, D18). A test copy is one where its network is joined to anything (A32).
    fn running_twins(&self) -> Vec<Finding> {
        let mut joined = vec![false; self.vnets.len()];
        for (_, link) in self.live_links() {
            link.between.iter().filter_map(|node| node.vnet()).for_each(|vnet| joined[vnet.at()] = true);
        }
        let mut found = Vec::new();
        for (vm, state) in self.vms().filter(|(_, state)| state.behind.is_some() || state.testing) {
            for other in self.instances(vm) {
                let (id, here, there) =
                    (self.vm_id(vm), self.subnet_name(state.at.subnet), self.subnet_name(other.at.subnet));
                let back = matches!(state.phase, Phase::FailedBack | Phase::FailedBackCommitted);
                let message = match other.kind {
                    InstanceKind::LeftRunning if back => {
                        format!("{id} runs twice: failed back in {here}, and its machine in {there} still runs")
                    }
                    InstanceKind::LeftRunning => {
                        format!("{id} runs twice: failed over in {here}, and its source VM runs in {there}")
                    }
                    InstanceKind::TestCopy if joined[self.subnet(other.at.subnet).vnet.at()] => format!(
                        "{id} runs twice: its test copy answers at {} in {there}, a network that is joined to others; test \
                         in a network of its own, or shut the source down first (A32)",
                        other.at.ip
                    ),
                    InstanceKind::TestCopy => continue,
                };
                found.push(Finding::new(Severity::Error, FindingCode::TwinRunning, message, vec![id.to_owned()]));
            }
        }
        found
    }

    /// Test copies that are still there, by network (D12). In a failover network they hold the addresses a failover would
    /// want (A35).
    fn owed_clean_ups(&self) -> impl Iterator<Item = Finding> + '_ {
        let mut by_network: BTreeMap<VnetIx, Vec<VmIx>> = BTreeMap::new();
        for (vm, copy) in self.test_copies() {
            by_network.entry(self.subnet(copy.at.subnet).vnet).or_default().push(vm);
        }
        by_network.into_iter().map(|(network, vms)| {
            let here = self.vnet(network);
            let wanted = here.recovers.is_some_and(|source| vms.iter().any(|vm| self.vnet_of(*vm) == source));
            let copies = if vms.len() == 1 { "the test copy" } else { "the test copies" };
            let held = match wanted {
                true => "; until then a failover finds their addresses taken",
                false => "",
            };
            let message = format!(
                "{copies} of {} in {} {} to be cleaned up{held}",
                self.some_names(&vms),
                here.title,
                if vms.len() == 1 { "has" } else { "have" }
            );
            let at = vms.iter().map(|vm| self.vm_id(*vm).to_owned()).collect();
            let mut finding = Finding::new(Severity::Warning, FindingCode::CleanUpOwed, message, at);
            finding.mend = super::possible(self, &[Command::CleanUp(Scope::Vnet(here.id.clone()))]);
            finding
        })
    }

    /// Secondary and IPv6 addresses that a failover did not carry (A27, A28, A.7 rows 21 and 23).
    fn not_carried(&self) -> impl Iterator<Item = Finding> + '_ {
        self.cards.iter().flat_map(|(vm, cards)| {
            let id = self.vm_id(*vm);
            let lost = |six: bool| {
                let lost = cards.iter().filter(|card| card.is_lost() && card.before.is_ipv6() == six);
                lost.map(|card| card.before.to_string()).collect::<Vec<_>>()
            };
            let said = |lost: Vec<String>, what: &str, why: &str| {
                let (es, was) = if lost.len() == 1 { ("", "was") } else { ("es", "were") };
                let message = format!("the {what} address{es} {} of {id} {was} not carried: {why}", lost.join(", "));
                let code = FindingCode::AddressNotCarried;
                (!lost.is_empty()).then(|| Finding::new(Severity::Warning, code, message, vec![id.to_owned()]))
            };
            let four =
                said(lost(false), "secondary", "a secondary address is carried only if it was given a target (A28)");
            let six = said(lost(true), "IPv6", "Site Recovery carries IPv4 only (A27)");
            four.into_iter().chain(six)
        })
    }

    /// NICs that nothing needs any more and that keep an address from whoever comes next (A39).
    fn held_addresses(&self) -> impl Iterator<Item = Finding> + '_ {
        self.leftovers().map(|(subnet, ip, vm)| {
            let (id, name) = (self.vm_id(vm), self.subnet_name(subnet));
            let region = self.vnet(self.subnet(subnet).vnet).region;
            let message = format!("the NIC {id} left in {name} still holds {ip}, so the next failover finds it taken");
            let mut finding = Finding::new(Severity::Warning, FindingCode::AddressHeld, message, vec![id.to_owned()]);
            // There may be as many as machines, so none is tried.
            finding.mend.extend((!self.answers(region)).then(|| self.restoring(region)));
            finding.mended_by(Command::Release { subnet: self.subnet_path(subnet), ip })
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
