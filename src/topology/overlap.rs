//! Which links may stand beside one another: direct overlap, and overlap with a neighbour (B5 to B13, B47, B58).
//!
//! The loader asks for the links of a file, the world for every `connect`.

use ipnet::Ipv4Net;

use super::address::first_overlap;
use super::{CircuitIx, Link, LinkIx, LinkKind, LinkState, Node, VnetIx};

/// The prefixes of networks, as whoever asks knows them.
pub trait Spaces {
    /// A VNet's address space, or a site's prefixes.
    fn space(&self, node: Node) -> &[Ipv4Net];
}

impl Spaces for super::Topology {
    fn space(&self, node: Node) -> &[Ipv4Net] {
        Self::space(self, node)
    }
}

/// A link somebody wants to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Its kind.
    pub kind: LinkKind,
    /// Its ends.
    pub between: [Node; 2],
    /// The circuit it would use.
    pub circuit: Option<CircuitIx>,
    /// Whether its two sides would exchange routes by BGP.
    pub bgp: bool,
}

impl Wanted {
    /// The wish for a link like this one.
    pub fn like(link: &Link) -> Self {
        Self { kind: link.kind, between: link.between, circuit: link.circuit, bgp: link.bgp }
    }

    /// Whether a link is the one that is wished for, there or not.
    pub fn is(&self, link: &Link) -> bool {
        link.joins(self.between[0], self.between[1]) && link.kind == self.kind && link.circuit == self.circuit
    }
}

/// What a link brings the other end of its end `node`: the prefix list of the local network gateway where a VPN to a site
/// has one (B45), else what lives there.
pub fn brought<'a>(spaces: &'a impl Spaces, link: &'a Link, node: Node) -> &'a [Ipv4Net] {
    match node {
        Node::Site(_) if link.kind == LinkKind::Vpn && !link.prefixes.is_empty() => &link.prefixes,
        _ => spaces.space(node),
    }
}

/// A link that already brings one end the prefixes of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clash {
    /// The end that would see one prefix twice.
    pub at: Node,
    /// The network it already reaches.
    pub neighbour: Node,
    /// The VNets behind the gateways of the newcomer and of the neighbour that have the prefixes, where it is not these
    /// two themselves (B21).
    pub behind: [Option<VnetIx>; 2],
    /// Through which link.
    pub link: LinkIx,
    /// The prefix of the new neighbour and the prefix of the old one.
    pub prefixes: (Ipv4Net, Ipv4Net),
    /// The rule that forbids it.
    pub rule: &'static str,
}

/// The first pair of prefixes by which two networks overlap so that no link may join them (B5, B6, B9, B10, B47).
///
/// A site's prefix that strictly contains the VNet's is no obstacle: longest prefix wins (B11).
pub fn direct_overlap(spaces: &impl Spaces, [a, b]: [Node; 2]) -> Option<(Ipv4Net, Ipv4Net)> {
    let (p, q) = (spaces.space(a), spaces.space(b));
    match (a, b) {
        (Node::Vnet(_), Node::Vnet(_)) | (Node::Site(_), Node::Site(_)) => first_overlap(p, q),
        (Node::Vnet(_), Node::Site(_)) => within(q, p).map(|(site, vnet)| (vnet, site)),
        (Node::Site(_), Node::Vnet(_)) => within(p, q),
    }
}

/// The same for a link as it is wished for, where the link may be known and have a prefix list of its own (B10, B45, B47).
pub fn ends_overlap(spaces: &impl Spaces, links: &[Link], wanted: Wanted) -> Option<(Ipv4Net, Ipv4Net)> {
    let listed = links.iter().find(|link| wanted.is(link) && !link.prefixes.is_empty());
    let Some(link) = listed else { return direct_overlap(spaces, wanted.between) };
    let vnet = link.between.into_iter().find(|node| node.vnet().is_some())?;
    within(&link.prefixes, spaces.space(vnet)).map(|(site, own)| match wanted.between[0] {
        Node::Site(_) => (site, own),
        Node::Vnet(_) => (own, site),
    })
}

/// The first site prefix that equals or lies inside a VNet prefix (B10, B11).
fn within(site: &[Ipv4Net], vnet: &[Ipv4Net]) -> Option<(Ipv4Net, Ipv4Net)> {
    site.iter().find_map(|p| vnet.iter().find(|q| q.contains(p)).map(|q| (*p, *q)))
}

/// The first prefix a link brings of a site that strictly contains a VNet prefix: allowed, worth a warning (B11).
pub fn superset(spaces: &impl Spaces, link: &Link) -> Option<(Ipv4Net, Ipv4Net)> {
    let (site, vnet) = match link.between {
        [a @ Node::Site(_), b @ Node::Vnet(_)] | [b @ Node::Vnet(_), a @ Node::Site(_)] => (a, b),
        _ => return None,
    };
    let (site, vnet) = (brought(spaces, link, site), spaces.space(vnet));
    site.iter().find_map(|p| vnet.iter().find(|q| p.contains(*q) && p != *q).map(|q| (*p, *q)))
}

/// Every link that already brings one of the two ends a prefix of the other, in the order of `links`. An object that is
/// left without its other half brings it too: it has to be removed first (B8).
pub fn clashes(spaces: &impl Spaces, links: &[Link], wanted: Wanted) -> Vec<Clash> {
    let transit = match wanted.kind {
        LinkKind::Peering => Vec::new(),
        _ => transit(links.iter()),
    };
    clashes_beside(spaces, links, &transit, wanted)
}

/// Who uses whose gateways over links that are there: each hub with such a VNet (B17, B21).
pub fn transit<'l>(links: impl Iterator<Item = &'l Link>) -> Vec<(VnetIx, VnetIx)> {
    let there = links.filter(|link| link.state == LinkState::Connected);
    there.flat_map(|link| link.vnets().filter_map(|hub| Some((hub, link.spoke_of(hub)?)))).collect()
}

/// The same where `links` are only those at the ends, beside the `transit` of all.
pub fn clashes_beside(
    spaces: &impl Spaces,
    links: &[Link],
    transit: &[(VnetIx, VnetIx)],
    wanted: Wanted,
) -> Vec<Clash> {
    let mut found = Vec::new();
    let listed = links.iter().find(|link| !link.prefixes.is_empty() && wanted.is(link));
    let peered = |kind| kind == LinkKind::Peering;
    for (position, link) in links.iter().enumerate() {
        if link.state == LinkState::Absent {
            continue;
        }
        for (at, newcomer) in [(wanted.between[0], wanted.between[1]), (wanted.between[1], wanted.between[0])] {
            let Some(neighbour) = link.other(at).filter(|_| link.stands_at(at)) else { continue };
            if neighbour == newcomer {
                continue;
            }
            let Some(rule) = forbids(link, wanted, at) else { continue };
            let new = listed.map_or_else(|| spaces.space(newcomer), |listed| brought(spaces, listed, newcomer));
            let old = brought(spaces, link, neighbour);
            let clash = |prefixes, behind| Clash { at, neighbour, behind, link: LinkIx::new(position), prefixes, rule };
            if let Some(prefixes) = meet(link, wanted, at, new, old) {
                found.push(clash(prefixes, [None; 2]));
            } else if let (Node::Vnet(here), false) = (at, peered(link.kind) || peered(wanted.kind)) {
                let sides = [(newcomer, new), (neighbour, old)];
                let hidden = behind_hubs(spaces, transit, here, sides);
                found.extend(hidden.map(|(prefixes, behind)| clash(prefixes, behind)));
            }
        }
    }
    found
}

/// The first pair of prefixes by which a new neighbour of `at` and an old one overlap. Where a site is among them and both
/// links speak BGP, a wider or narrower prefix is no overlap: B10(b) compares with connections without BGP, and the
/// longest prefix wins (B38).
fn meet(link: &Link, wanted: Wanted, at: Node, new: &[Ipv4Net], old: &[Ipv4Net]) -> Option<(Ipv4Net, Ipv4Net)> {
    let by_bgp = link.kind == LinkKind::Vpn && wanted.kind == LinkKind::Vpn && link.bgp && wanted.bgp;
    let site = |between: [Node; 2]| between.into_iter().any(|node| node != at && node.site().is_some());
    if !by_bgp || at.vnet().is_none() || !(site(link.between) || site(wanted.between)) {
        return first_overlap(new, old);
    }
    new.iter().find(|prefix| old.contains(prefix)).map(|prefix| (*prefix, *prefix))
}

/// Overlapping prefixes, and the VNets behind each side that have them.
type Hidden = ((Ipv4Net, Ipv4Net), [Option<VnetIx>; 2]);

/// The first prefixes that reach the gateway of `here` from both sides because VNets use the gateways of one of them, or
/// of both (B9, B10, B21, C10).
fn behind_hubs(
    spaces: &impl Spaces,
    transit: &[(VnetIx, VnetIx)],
    here: VnetIx,
    sides: [(Node, &[Ipv4Net]); 2],
) -> Option<Hidden> {
    let brought = sides.map(|(node, own)| {
        let behind = transit.iter().filter(move |(hub, spoke)| Node::Vnet(*hub) == node && *spoke != here);
        let behind = behind.map(|(_, spoke)| (Some(*spoke), spaces.space(Node::Vnet(*spoke))));
        std::iter::once((None, own)).chain(behind).collect::<Vec<_>>()
    });
    let [new, old] = brought;
    new.iter().find_map(|(fresh, these)| {
        let rivals = old.iter().filter(|(known, _)| (fresh.is_some() || known.is_some()) && fresh != known);
        rivals.filter_map(|(known, those)| Some((first_overlap(these, those)?, [*fresh, *known]))).next()
    })
}

/// The rule by which `link`, which shares the end `at`, forbids the wanted link if their far ends overlap.
fn forbids(link: &Link, wanted: Wanted, at: Node) -> Option<&'static str> {
    match (at, wanted.kind, link.kind) {
        // Two circuits may both bring one prefix; the site's own routing decides (B58.7).
        (Node::Site(_), LinkKind::Expressroute, LinkKind::Expressroute) if link.circuit != wanted.circuit => None,
        (Node::Site(_), LinkKind::Expressroute, LinkKind::Expressroute) => Some("B12, B58.3"),
        // One VPN device, or a device beside a circuit, cannot tell the two apart (modelled).
        (Node::Site(_), _, _) => Some("INV-1, modelled"),
        (Node::Vnet(_), LinkKind::Peering, LinkKind::Peering) => Some("B7"),
        // Peering looks at peered VNets only: what a gateway brings is shadowed, not refused (B13).
        (Node::Vnet(_), LinkKind::Peering, _) => None,
        (Node::Vnet(_), _, LinkKind::Peering) => Some("B9"),
        // Two sites of one gateway that both speak BGP: which prefix wins is not settled when the link is made.
        (Node::Vnet(_), LinkKind::Vpn, LinkKind::Vpn) if link.bgp && wanted.bgp && both_sites(link, wanted, at) => None,
        // Two gateways: the longer prefix wins, then ExpressRoute (B55).
        (Node::Vnet(_), one, other) if one != other => None,
        (Node::Vnet(_), _, _) => Some("B9, B10"),
    }
}

/// Whether the far ends of a link and of the wanted one, which share an end, are sites.
fn both_sites(link: &Link, wanted: Wanted, at: Node) -> bool {
    let far = |between: [Node; 2]| between.into_iter().any(|node| node != at && node.site().is_some());
    far(link.between) && far(wanted.between)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::SiteIx;

    /// Networks with one prefix each: VNets 0 to 2, then site 0 and site 1.
    struct Nets([Ipv4Net; 5]);

    impl Spaces for Nets {
        fn space(&self, node: Node) -> &[Ipv4Net] {
            let at = match node {
                Node::Vnet(vnet) => vnet.at(),
                Node::Site(site) => 3 + site.at(),
            };
            std::slice::from_ref(&self.0[at])
        }
    }

    fn nets(prefixes: [&str; 5]) -> Nets {
        Nets(prefixes.map(|prefix| prefix.parse().expect("a prefix")))
    }

    /// Source and its twin share a space; the hub and the sites stand apart.
    fn twins() -> Nets {
        nets(["10.1.0.0/16", "10.1.0.0/16", "10.2.0.0/16", "192.168.0.0/16", "172.16.0.0/16"])
    }

    const SOURCE: Node = Node::Vnet(VnetIx(0));
    const TWIN: Node = Node::Vnet(VnetIx(1));
    const HUB: Node = Node::Vnet(VnetIx(2));
    const SITE: Node = Node::Site(SiteIx(0));

    fn link(kind: LinkKind, between: [Node; 2], circuit: Option<CircuitIx>) -> Link {
        Link { circuit, ..Link::new("old", kind, between, LinkState::Connected) }
    }

    fn rules(old: LinkKind, new: LinkKind, middle: Node, circuits: [Option<CircuitIx>; 2]) -> Vec<&'static str> {
        let old = link(old, [SOURCE, middle], circuits[0]);
        let wanted = Wanted { kind: new, between: [middle, TWIN], circuit: circuits[1], bgp: false };
        clashes(&twins(), &[old], wanted).into_iter().map(|clash| clash.rule).collect()
    }

    #[test]
    fn networks_that_share_addresses_are_never_joined_b6_b9() {
        assert!(direct_overlap(&twins(), [SOURCE, TWIN]).is_some());
        assert_eq!(direct_overlap(&twins(), [SOURCE, HUB]), None);
        let inside = nets(["10.1.0.0/16", "10.1.128.0/24", "10.2.0.0/16", "10.1.5.0/24", "10.0.0.0/8"]);
        assert!(direct_overlap(&inside, [TWIN, SOURCE]).is_some(), "partly is enough (B5)");
        assert!(direct_overlap(&inside, [SITE, SOURCE]).is_some(), "a site inside the VNet (B10, B47)");
    }

    #[test]
    fn a_site_around_a_vnet_is_allowed_and_worth_a_warning_b11() {
        let wide = nets(["10.1.0.0/16", "10.1.0.0/16", "10.2.0.0/16", "10.0.0.0/8", "10.1.0.0/16"]);
        for between in [[SOURCE, SITE], [SITE, SOURCE]] {
            assert_eq!(direct_overlap(&wide, between), None);
            let (site, vnet) = superset(&wide, &link(LinkKind::Vpn, between, None)).expect("a superset");
            assert_eq!((site.prefix_len(), vnet.prefix_len()), (8, 16));
        }
        let equal = link(LinkKind::Vpn, [SOURCE, Node::Site(SiteIx(1))], None);
        assert_eq!(superset(&wide, &equal), None, "equal is no superset");
        assert!(direct_overlap(&wide, [SOURCE, Node::Site(SiteIx(1))]).is_some(), "equal is refused (B10)");
    }

    #[test]
    fn a_vnet_reaches_a_prefix_through_one_neighbour_b7_b9_b10() {
        use LinkKind::{Peering, Vpn};
        assert_eq!(rules(Peering, Peering, HUB, [None; 2]), ["B7"]);
        assert_eq!(rules(Vpn, Vpn, HUB, [None; 2]), ["B9, B10"]);
        assert_eq!(rules(Peering, Vpn, HUB, [None; 2]), ["B9"]);
        assert!(rules(Vpn, Peering, HUB, [None; 2]).is_empty(), "accepted, and shadows the VPN (B13)");
    }

    #[test]
    fn two_circuits_relax_what_one_cannot_hold_b12_b58() {
        use LinkKind::{Expressroute, Vpn};
        let two = [Some(CircuitIx(0)), Some(CircuitIx(1))];
        assert_eq!(rules(Expressroute, Expressroute, SITE, [None; 2]), ["B12, B58.3"]);
        assert!(rules(Expressroute, Expressroute, SITE, two).is_empty());
        assert_eq!(rules(Vpn, Vpn, SITE, [None; 2]).len(), 1, "one VPN device of a site");
        assert_eq!(rules(Expressroute, Vpn, SITE, [None; 2]).len(), 1);
    }

    #[test]
    fn a_clash_names_the_neighbour_and_a_cut_link_is_none() {
        let mut old = link(LinkKind::Vpn, [SOURCE, HUB], None);
        let wanted = Wanted { kind: LinkKind::Vpn, between: [TWIN, HUB], circuit: None, bgp: false };
        let found = clashes(&twins(), std::slice::from_ref(&old), wanted);
        assert_eq!(
            found.iter().map(|clash| (clash.at, clash.neighbour, clash.link)).collect::<Vec<_>>(),
            [(HUB, SOURCE, LinkIx(0))]
        );
        old.state = LinkState::Absent;
        assert!(clashes(&twins(), std::slice::from_ref(&old), wanted).is_empty());
    }
}
