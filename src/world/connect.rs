//! Making and removing whole links (B15, B35, B58).

use std::sync::Arc;

use super::{Change, Done, Refusal, RefusalCode, Subject, World, links};
use crate::topology::overlap::Wanted;
use crate::topology::timing::Duration;
use crate::topology::{Command, Faults, Inject, Link, LinkIx, LinkKind, LinkState, Node, SiteRoute};

/// `connect A B [by KIND] [over CIRCUIT] [with bgp]`
pub(super) fn connect(
    world: &World,
    a: &str,
    b: &str,
    kind: Option<LinkKind>,
    circuit: Option<&str>,
    bgp: bool,
) -> Result<Done, Refusal> {
    let between = links::two_ends(world, a, b)?;
    let circuit = circuit.map(|name| world.circuit_named(name)).transpose()?;
    let kind = kind.or(circuit.map(|_| LinkKind::Expressroute)).or(bgp.then_some(LinkKind::Vpn));
    let mut wanted = world.meant(between, kind);
    wanted.circuit = circuit.or(wanted.circuit);
    wanted.bgp |= bgp;
    world.admit(wanted)?;
    Ok(world.joined(wanted))
}

/// `disconnect A B [by KIND] [over CIRCUIT]`
pub(super) fn disconnect(
    world: &World,
    a: &str,
    b: &str,
    kind: Option<LinkKind>,
    circuit: Option<&str>,
) -> Result<Done, Refusal> {
    let between = links::two_ends(world, a, b)?;
    let circuit = circuit.map(|name| world.circuit_named(name)).transpose()?;
    let at = world.present(between, kind, |link| circuit.is_none_or(|circuit| link.circuit == Some(circuit)))?;
    world.removable(at)?;
    let mut next = world.clone();
    let link = &mut Arc::make_mut(&mut next.links)[at.at()];
    let before = link.state;
    // What lies in a region that does not answer stays, unseen until the region returns (B58.4, B58.5).
    for (side, end) in link.between.into_iter().enumerate() {
        link.halves[side].exists &= end.vnet().is_some_and(|vnet| !world.answers(world.vnet(vnet).region));
    }
    link.state = LinkState::Absent;
    link.faults = Faults::default();
    let change = Change::new(Subject::Link(at), Some(before.to_string()), Some(LinkState::Absent.to_string()));
    Ok(Done::lasting(next, vec![change], Duration::Disconnect))
}

impl World {
    /// The one link of a kind between two networks of which something is there.
    pub(super) fn present(
        &self,
        [a, b]: [Node; 2],
        kind: Option<LinkKind>,
        also: impl Fn(&Link) -> bool,
    ) -> Result<LinkIx, Refusal> {
        let joining = || self.live_links().filter(|(_, link)| link.joins(a, b));
        let fits = |link: &Link| kind.is_none_or(|kind| link.kind == kind) && also(link);
        let found: Vec<LinkIx> = joining().filter(|(_, link)| fits(link)).map(|(ix, _)| ix).collect();
        let (one, other) = (self.node_title(a), self.node_title(b));
        match found.as_slice() {
            [link] => Ok(*link),
            [] => {
                let by = kind.map(|kind| format!(" by {}", kind.title())).unwrap_or_default();
                let there: Vec<String> = joining().map(|(_, link)| self.means(link.kind, link.circuit)).collect();
                let message = match there.is_empty() {
                    true => format!("{one} and {other} are not connected{by}"),
                    false => {
                        format!("{one} and {other} are connected by {}, not as named here", there.join(" and by "))
                    }
                };
                Err(Refusal::new(RefusalCode::NotConnected, "", message))
            }
            several => {
                let named: Vec<String> =
                    several.iter().map(|link| self.disconnect_command(*link).to_string()).collect();
                let message = format!("several links join {one} and {other}; say which: {}", named.join(", or "));
                Err(Refusal::new(RefusalCode::Syntax, "B20", message))
            }
        }
    }

    /// Whether a link can be removed from a healthy side (B58.4, D18), and nothing holds it.
    ///
    /// Peerings and VNet-to-VNet connections have an object at each end. An on-premises device can drop its VPN tunnel
    /// itself. An ExpressRoute connection exists only in the VNet's region.
    pub(super) fn removable(&self, at: LinkIx) -> Result<(), Refusal> {
        let link = self.link(at);
        let alive = link.between.iter().enumerate().any(|(side, node)| match node {
            Node::Vnet(vnet) => link.halves[side].exists && self.answers(self.vnet(*vnet).region),
            Node::Site(_) => link.kind == LinkKind::Vpn && link.halves[side].exists,
        });
        if !alive {
            let dead = link.vnets().map(|vnet| self.vnet(vnet).region).find(|region| !self.answers(*region));
            let region = dead.map_or("the region", |region| self.region_title(region));
            let down = dead.is_some_and(|region| !self.is_up(region));
            let (code, why) = match down {
                true => (RefusalCode::RegionDown, "is down"),
                false => (RefusalCode::RegionDegraded, "does not answer"),
            };
            let message = format!(
                "{region} {why}, and what is left of the {} connection {} exists only there, so it cannot be removed \
                 until the region returns",
                link.kind.title(),
                link.id
            );
            let mut refusal = Refusal::new(code, "B58.4, D18", message);
            refusal.mend.extend(dead.map(|region| self.restoring(region)));
            return Err(refusal);
        }
        self.unheld(at)
    }

    /// Refuses what an inject holds.
    pub(super) fn unheld(&self, at: LinkIx) -> Result<(), Refusal> {
        let link = self.link(at);
        if !link.faults.undeletable {
            return Ok(());
        }
        let [a, b] = link.between.map(|node| self.node_id(node).to_owned());
        let message = format!("removing {} fails: Azure answers with an error and the link stays", link.id);
        let repair = Command::Inject(Inject::RepairLink(a, b));
        Err(Refusal::new(RefusalCode::DisconnectFails, "B58.4", message).mended_by(repair))
    }

    /// The world with the link made, and a site's routes for prefixes it had none for.
    fn joined(&self, wanted: Wanted) -> Done {
        let mut next = self.clone();
        let link = self.candidate(wanted);
        let links = Arc::make_mut(&mut next.links);
        let at = links.iter().position(|known| wanted.is(known)).unwrap_or(links.len());
        match links.get_mut(at) {
            Some(known) => *known = link,
            None => links.push(link),
        }
        let mut changes = vec![Change::new(
            Subject::Link(LinkIx::new(at)),
            Some(LinkState::Absent.to_string()),
            Some(LinkState::Connected.to_string()),
        )];
        if let [Node::Site(site), Node::Vnet(vnet)] | [Node::Vnet(vnet), Node::Site(site)] = wanted.between {
            let routes = &mut Arc::make_mut(&mut next.sites)[site.at()].routes;
            // With the VNet's own ranges come those of the VNets that use its gateway (B21, B52).
            let behind = self.links.iter().filter(|link| link.state == LinkState::Connected);
            let behind = behind.filter_map(|link| link.spoke_of(vnet));
            let spaces = std::iter::once(vnet).chain(behind).map(|vnet| &self.vnet(vnet).address_space);
            for prefix in spaces.flatten() {
                if routes.iter().all(|route| route.prefix != *prefix) {
                    routes.push(SiteRoute { prefix: *prefix, via: vnet });
                    changes.push(Change::new(
                        Subject::Route(site, *prefix),
                        None,
                        Some(super::routes::words(self, *prefix, vnet)),
                    ));
                }
            }
        }
        Done::lasting(next, changes, Duration::of_link(wanted.kind))
    }
}
