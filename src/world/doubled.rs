//! Prefixes that a site learns twice because of hubs (B12, B52, INV-1).

use super::World;
use crate::topology::twice::{Twice, Way, learned_twice};
use crate::topology::{Finding, FindingCode, LinkKind, Node, Severity, SiteIx};

impl World {
    /// Prefixes that a site learns from two hubs over one circuit or device (B12, B52, INV-1).
    pub(super) fn prefixes_twice(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        for site in (0..self.sites.len()).map(|at| Node::Site(SiteIx::new(at))) {
            for Twice([one, other]) in learned_twice(self, &self.links, |link| self.passes(link), site) {
                let told = |way: &Way| match way.hub == way.owner {
                    true => self.vnet(way.owner).title.clone(),
                    false => format!("{} behind {}", self.vnet(way.owner).title, self.vnet(way.hub).title),
                };
                let what = match one.prefix == other.prefix {
                    true => one.prefix.to_string(),
                    false => format!("{}, and {} inside it,", one.prefix, other.prefix),
                };
                let over = match self.link(one.link).kind {
                    LinkKind::Expressroute if self.link(other.link).kind == LinkKind::Expressroute => "circuit",
                    _ => "device",
                };
                let message = format!(
                    "{} learns {what} twice over one {over}: from {} and from {}; what it sends there is ambiguous",
                    self.node_title(site),
                    told(&one),
                    told(&other)
                );
                let nodes = [site, Node::Vnet(one.owner), Node::Vnet(other.owner)];
                let at = nodes.map(|node| self.node_id(node).to_owned()).to_vec();
                let consequence = "Azure refuses no peering for it, but packets go to either of the two (modelled)";
                let mut finding = Finding::new(Severity::Error, FindingCode::PrefixTwice, message, at)
                    .because("B12, B52, INV-1", consequence)
                    .placed(self.topology.place_of_node(site));
                let serves = |way: &Way| self.vms().any(|(vm, _)| self.vnet_of(vm) == way.owner);
                let idle = [one, other].into_iter().filter(|way| way.peering.is_some());
                let cut = idle.min_by_key(serves).and_then(|way| way.peering);
                finding.mend = cut.map(|peering| self.disconnect_command(peering)).into_iter().collect();
                found.push(finding);
            }
        }
        found
    }
}
