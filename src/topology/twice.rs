//! Where a site learns one prefix twice although no two links of it clash: from two hubs whose spokes share addresses
//! (B12, B52, INV-1).
//!
//! The links of a site are checked when they are made (`overlap.rs`). What comes through a hub's peering is not: Azure
//! looks at peered VNets only, so the second announcement is accepted and the site has the prefix twice.

use ipnet::Ipv4Net;

use super::limits::{Networks, is_basic};
use super::{Link, LinkIx, LinkKind, LinkState, Node, VnetIx};

/// One way a site learns a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// The prefix.
    pub prefix: Ipv4Net,
    /// The VNet that has it.
    pub owner: VnetIx,
    /// The VNet the site is joined to: the owner, or the hub whose gateway the owner uses.
    pub hub: VnetIx,
    /// The link between the site and the hub.
    pub link: LinkIx,
    /// The peering of the owner with the hub; none where they are one.
    pub peering: Option<LinkIx>,
}

/// Two ways to overlapping prefixes that the site cannot tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Twice(pub [Way; 2]);

/// Whether two links of one site meet on one circuit or one device, where nothing prefers either of them: on two circuits
/// the routing of the site decides (B12, B58.7); a VPN device, or one beside a circuit, cannot (INV-1, modelled).
pub fn share_a_device(one: &Link, other: &Link) -> bool {
    match (one.kind, other.kind) {
        (LinkKind::Expressroute, LinkKind::Expressroute) => one.circuit == other.circuit,
        _ => true,
    }
}

/// Every prefix a site learns twice over links that work, the hubs in the order of their links.
pub fn learned_twice(
    networks: &impl Networks,
    links: &[Link],
    works: impl Fn(&Link) -> bool,
    site: Node,
) -> Vec<Twice> {
    let live = |link: &Link| link.state == LinkState::Connected && works(link);
    let full = |hub: VnetIx, link: &Link| {
        let kind = link.kind.gateway();
        kind.is_some_and(|kind| networks.gateway_of(hub, kind).is_none_or(|gateway| !is_basic(gateway)))
    };
    let uplinks: Vec<(LinkIx, VnetIx)> = numbered(links)
        .filter_map(|(at, link)| Some((at, link.other(site)?.vnet()?)))
        .filter(|(at, _)| live(&links[at.at()]))
        .collect();
    let spokes: Vec<(LinkIx, VnetIx, VnetIx)> = numbered(links)
        .filter(|(_, link)| link.kind == LinkKind::Peering && link.halves.iter().any(|half| half.remote_gateways))
        .filter(|(_, link)| live(link))
        .flat_map(|(at, link)| link.vnets().filter_map(move |hub| Some((at, hub, link.spoke_of(hub)?))))
        .collect();
    let mut ways = Vec::new();
    let mut tell = |link: LinkIx, hub: VnetIx, owner: VnetIx, peering: Option<LinkIx>| {
        let space = networks.space(Node::Vnet(owner)).iter();
        ways.extend(space.map(|prefix| Way { prefix: *prefix, owner, hub, link, peering }));
    };
    for (peering, hub, spoke) in &spokes {
        let offered = uplinks.iter().filter(|(at, at_hub)| at_hub == hub && full(*hub, &links[at.at()]));
        offered.for_each(|(at, hub)| tell(*at, *hub, *spoke, Some(*peering)));
    }
    // Without a spoke the links themselves were checked when they were made.
    if spokes.is_empty() || uplinks.len() < 2 {
        return Vec::new();
    }
    uplinks.iter().for_each(|(at, hub)| tell(*at, *hub, *hub, None));
    ways.sort_by_key(|way| (way.prefix.network(), way.prefix.prefix_len(), way.link));
    let mut found = Vec::new();
    // Prefixes nest or are disjoint, so those that hold the next one are a stack.
    let mut open: Vec<Way> = Vec::new();
    for way in ways {
        open.retain(|wide| wide.prefix.contains(&way.prefix));
        let rival =
            |other: &&Way| other.owner != way.owner && share_a_device(&links[other.link.at()], &links[way.link.at()]);
        found.extend(open.iter().filter(rival).map(|other| Twice([*other, way])));
        open.push(way);
    }
    found
}

fn numbered(links: &[Link]) -> impl Iterator<Item = (LinkIx, &Link)> {
    links.iter().enumerate().map(|(at, link)| (LinkIx::new(at), link))
}
