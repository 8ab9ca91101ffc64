//! What is wrong with links, gateways, circuits and regions now, with what mends it (B8, B15, B35, B40, B44, B58.5).

use super::{Obstacle, RefusalCode, World};
use crate::topology::address::first_overlap;
use crate::topology::limits::is_basic;
use crate::topology::overlap::{Wanted, clashes};
use crate::topology::{
    Command, Faults, Finding, FindingCode, GatewayKind, GatewayState, Inject, Link, LinkIx, LinkKind, LinkState, Node,
    RegionIx, Severity, SiteIx, VnetIx,
};

impl World {
    /// Everything wrong with links and what they need.
    pub(super) fn ailments(&self) -> Vec<Finding> {
        let mut found: Vec<Finding> = self.live_links().filter_map(|(at, link)| self.ailment(at, link)).collect();
        found.extend(self.degraded());
        found.extend((0..self.sites.len()).filter_map(|at| self.live_twice(SiteIx::new(at))));
        found.extend(self.same_bgp_peers());
        found
    }

    /// The commands that make a link work again, in order; none where it works or is not there.
    pub fn link_mend(&self, at: LinkIx) -> Vec<Command> {
        let link = self.link(at);
        let [a, b] = link.between.map(|node| self.node_id(node).to_owned());
        let mut mend = self.obstacles_mend(link);
        if link.faults != Faults::default() {
            mend.push(Command::Inject(Inject::RepairLink(a, b)));
        } else if link.state.is_broken() {
            let circuit = link.circuit.map(|circuit| self.topology.circuits[circuit.at()].id.clone());
            let several = self.links.iter().filter(|other| other.joins(link.between[0], link.between[1])).count() > 1;
            let kind = Some(link.kind).filter(|_| several && circuit.is_none());
            mend.push(self.disconnect_command(at));
            // What took its place meanwhile stays (B58.5).
            if !clashes(self, &self.links, Wanted::like(link)).is_empty() {
                return mend;
            }
            mend.push(Command::Connect { a, b, kind, circuit, bgp: false });
        }
        mend
    }

    /// What clears the way of a link: regions restored, gateways repaired, its circuit up again.
    fn obstacles_mend(&self, link: &Link) -> Vec<Command> {
        let mut mend = Vec::new();
        if link.state == LinkState::Absent {
            return mend;
        }
        for vnet in link.vnets() {
            let region = self.vnet(vnet).region;
            let restore = Command::Restore(self.regions()[region.at()].id.clone());
            if !self.is_up(region) && !mend.contains(&restore) {
                mend.push(restore);
            }
        }
        mend.extend(link.kind.gateway().into_iter().flat_map(|kind| self.repairs(link.between, kind)));
        if let Some(down) = link.circuit.filter(|circuit| self.faults.circuits.contains(circuit)) {
            mend.push(Command::Inject(Inject::CircuitUp(self.topology.circuits[down.at()].id.clone())));
        }
        mend
    }

    /// The repairs of the gateways of a kind at these ends that do not work.
    pub fn repairs(&self, between: [Node; 2], kind: GatewayKind) -> impl Iterator<Item = Command> + '_ {
        let broken =
            move |vnet: &VnetIx| self.gateway(*vnet, kind).is_some_and(|gateway| gateway.state == GatewayState::Broken);
        let vnets = between.into_iter().filter_map(Node::vnet).filter(broken);
        vnets.map(|vnet| Command::Inject(Inject::RepairGateway(self.vnet(vnet).id.clone())))
    }

    /// The commands that remove a link, in order: what keeps it from being removed is cleared first (B58.4).
    pub fn removal(&self, at: LinkIx) -> Vec<Command> {
        let link = self.link(at);
        let mut commands = Vec::new();
        if link.faults.undeletable {
            let [a, b] = link.between.map(|node| self.node_id(node).to_owned());
            commands.push(Command::Inject(Inject::RepairLink(a, b)));
        }
        let refused = self.removable(at).err().map(|refusal| refusal.code);
        if matches!(refused, Some(RefusalCode::RegionDown | RefusalCode::RegionDegraded)) {
            let silent = link.vnets().map(|vnet| self.vnet(vnet).region).find(|region| !self.answers(*region));
            commands.extend(silent.map(|region| Command::Restore(self.regions()[region.at()].id.clone())));
        }
        commands.push(self.disconnect_command(at));
        commands
    }

    fn ailment(&self, at: LinkIx, link: &Link) -> Option<Finding> {
        let [one, other] = link.between.map(|node| self.node_title(node));
        let kind = link.kind.title();
        let ids = || std::iter::once(link.id.clone()).chain(link.between.map(|node| self.node_id(node).to_owned()));
        let left = link.between.into_iter().find(|end| link.stands_at(*end)).map_or("", |end| self.node_title(end));
        let (severity, code, what) = match (link.state, self.obstacle(at)) {
            (LinkState::Initiated, _) => (
                Severity::Warning,
                FindingCode::HalfLink,
                format!(
                    "only {left} has its half of the {kind} between {one} and {other}, so it carries nothing (B15)"
                ),
            ),
            (LinkState::Disconnected | LinkState::NotConnected, _) if link.is_half() => (
                Severity::Warning,
                FindingCode::HalfLink,
                format!(
                    "half of the {kind} between {one} and {other} is left at {left}; it carries nothing, and blocks until \
                     it is removed (B8, B15, B44)"
                ),
            ),
            (LinkState::NotConnected, _) => (
                Severity::Error,
                FindingCode::WrongKey,
                format!("the two keys of the {kind} between {one} and {other} differ, so no tunnel comes up (B35)"),
            ),
            (LinkState::Pending, _) if link.faults.stuck => (
                Severity::Warning,
                FindingCode::Faulty,
                format!("the {kind} between {one} and {other} stays in the making"),
            ),
            (LinkState::Connected, Some(Obstacle::Gateway(vnet))) => (
                Severity::Warning,
                FindingCode::Faulty,
                format!("a gateway of {} is broken, so {} carries nothing", self.vnet(vnet).title, link.id),
            ),
            (LinkState::Connected, Some(Obstacle::Circuit(circuit))) => (
                Severity::Warning,
                FindingCode::Faulty,
                format!("{} is down, so {} carries nothing", self.topology.circuits[circuit.at()].title, link.id),
            ),
            (LinkState::Connected, Some(Obstacle::Flapping)) => (
                Severity::Warning,
                FindingCode::Faulty,
                format!("the {kind} between {one} and {other} comes and goes, so it counts as down (modelled)"),
            ),
            _ => return None,
        };
        let mut finding = Finding::new(severity, code, what, ids().collect()).placed(self.topology.place_of_link(at));
        finding.mend = super::possible(self, &self.link_mend(at));
        if code == FindingCode::HalfLink && finding.mend.len() == 1 {
            finding.change =
                Some(format!("write `state = \"absent\"` in [link.{}], if it shall not be there", link.id));
        }
        Some(finding)
    }

    fn degraded(&self) -> impl Iterator<Item = Finding> + '_ {
        let regions = (0..self.regions().len()).map(RegionIx::new);
        regions.filter(|region| self.is_up(*region) && !self.answers(*region)).map(|region| {
            let id = self.regions()[region.at()].id.clone();
            let title = self.region_title(region);
            let message = format!(
                "the control plane of {title} does not answer: what runs there goes on, and nothing there can be created, \
                 changed or deleted (modelled)"
            );
            Finding::new(Severity::Warning, FindingCode::RegionDegraded, message, vec![id.clone()])
                .placed(self.topology.place_of_region(region))
                .mended_by(Command::Restore(id))
        })
    }

    /// Whether two ExpressRoute links use circuits of two locations, which may bring a site one prefix (B58.7).
    fn two_locations(&self, one: LinkIx, other: LinkIx) -> bool {
        let location = |link| {
            let circuit = self.link(link).circuit?;
            self.topology.circuits[circuit.at()].location.as_ref()
        };
        location(one).zip(location(other)).is_some_and(|(one, other)| one != other)
    }

    /// A site that is joined by live links to a source VNet and to where its machines went (B58.5). Over circuits of two
    /// locations that is the design, once the site itself sends to where the machines are (B58.7).
    fn live_twice(&self, site: SiteIx) -> Option<Finding> {
        let here = Node::Site(site);
        let carrying: Vec<(LinkIx, VnetIx)> = self
            .live_links()
            .filter(|(at, _)| self.carries(*at))
            .filter_map(|(at, link)| Some((at, link.other(here)?.vnet()?)))
            .collect();
        if carrying.len() < 2 {
            return None;
        }
        let left = |from: VnetIx, to: VnetIx| {
            self.vms().any(|(vm, state)| {
                self.vnet_of(vm) == to && state.behind.is_some_and(|behind| self.subnet(behind.at.subnet).vnet == from)
            })
        };
        let pair = carrying.iter().flat_map(|old| carrying.iter().map(move |new| (*old, *new))).find(|(old, new)| {
            let spaces = [old.1, new.1].map(|vnet| &self.vnet(vnet).address_space);
            let Some((range, _)) = first_overlap(spaces[0], spaces[1]) else { return false };
            let sends = |vnet| self.site(site).routes.iter().any(|r| r.via == vnet && range.contains(&r.prefix));
            let designed = self.two_locations(old.0, new.0) && sends(new.1) && !sends(old.1);
            old.1 != new.1 && left(old.1, new.1) && !designed
        });
        let ((old, from), (new, to)) = pair?;
        let (help, rule) = if self.two_locations(old, new) {
            let spaces = [from, to].map(|vnet| &self.vnet(vnet).address_space);
            let route = first_overlap(spaces[0], spaces[1]).map(|(prefix, _)| Command::Route {
                site: self.site(site).id.clone(),
                prefix,
                via: self.vnet(to).id.clone(),
            });
            (super::possible(self, route.as_slice()), "B58.7")
        } else {
            (super::possible(self, &[self.disconnect_command(old)]), "B58.5")
        };
        let message = format!(
            "{} has live links to {} and to {}, where its machines went: packets are lost until that is settled ({rule})",
            self.site(site).title,
            self.vnet(from).title,
            self.vnet(to).title
        );
        let at = [here, Node::Vnet(from), Node::Vnet(to)].map(|node| self.node_id(node).to_owned()).to_vec();
        let mut finding = Finding::new(Severity::Warning, FindingCode::LiveTwice, message, at)
            .placed(self.topology.place_of_link(old));
        finding.mend = help;
        Some(finding)
    }

    /// The BGP peer address of a VNet's VPN gateway: the last of its GatewaySubnet that can be used (B40). A Basic one knows
    /// no BGP (B32).
    pub fn bgp_peer(&self, vnet: VnetIx) -> Option<std::net::Ipv4Addr> {
        self.gateway(vnet, GatewayKind::Vpn).filter(|gateway| !is_basic(gateway))?;
        self.peer_address(vnet)
    }

    /// Twins of which one speaks BGP over a VPN while both gateways have the same peer address (B40, H24, INV-10).
    fn same_bgp_peers(&self) -> Vec<Finding> {
        let speaks = |vnet: VnetIx| {
            let uses =
                |link: &&Link| link.kind == LinkKind::Vpn && link.bgp && link.between.contains(&Node::Vnet(vnet));
            self.links.iter().find(uses)
        };
        let mut found = Vec::new();
        if !self.links.iter().any(|link| link.bgp) {
            return found;
        }
        for (at, twin) in self.vnets.iter().enumerate() {
            let (Some(source), twin_ix) = (twin.recovers, VnetIx::new(at)) else { continue };
            let (Some(one), Some(other)) = (self.bgp_peer(source), self.bgp_peer(twin_ix)) else { continue };
            let Some(link) = speaks(source).or_else(|| speaks(twin_ix)).filter(|_| one == other) else { continue };
            let source = self.vnet(source);
            let message = format!(
                "the gateways of {} and {} both have the BGP peer address {one}; at the cut-over the far side of {} replaces \
                 its neighbour, it cannot add one (B40, modelled)",
                source.title, twin.title, link.id
            );
            let at = vec![source.id.clone(), twin.id.clone(), link.id.clone()];
            found.push(Finding::new(Severity::Note, FindingCode::SameBgpPeer, message, at));
        }
        found
    }
}
