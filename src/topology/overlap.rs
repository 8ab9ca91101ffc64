//! Which links may stand beside one another: direct overlap, and overlap with a neighbour (B5 to B13, B47, B58).
//!
//! The loader asks for the links of a file, the world for every `connect`.

use ipnet::Ipv4Net;

use super::address::first_overlap;
use super::{CircuitIx, Link, LinkIx, LinkKind, LinkState, Node};

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
}

/// A link that already brings one end the prefixes of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clash {
    /// The end that would see one prefix twice.
    pub at: Node,
    /// The network it already reaches.
    pub neighbour: Node,
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

/// The first site prefix that equals or lies inside a VNet prefix (B10, B11).
fn within(site: &[Ipv4Net], vnet: &[Ipv4Net]) -> Option<(Ipv4Net, Ipv4Net)> {
    site.iter().find_map(|p| vnet.iter().find(|q| q.contains(p)).map(|q| (*p, *q)))
}

/// The pairs of a site prefix that strictly contains a VNet prefix: allowed, worth a warning (B11).
pub fn superset(spaces: &impl Spaces, [a, b]: [Node; 2]) -> Option<(Ipv4Net, Ipv4Net)> {
    let (site, vnet) = match (a, b) {
        (Node::Site(_), Node::Vnet(_)) => (a, b),
        (Node::Vnet(_), Node::Site(_)) => (b, a),
        _ => return None,
    };
    let (site, vnet) = (spaces.space(site), spaces.space(vnet));
    site.iter().find_map(|p| vnet.iter().find(|q| p.contains(*q) && p != *q).map(|q| (*p, *q)))
}

/// Every link that already brings one of the two ends a prefix of the other, in the order of `links`.
pub fn clashes(spaces: &impl Spaces, links: &[Link], wanted: Wanted) -> Vec<Clash> {
    let mut found = Vec::new();
    for (position, link) in links.iter().enumerate() {
        if link.state == LinkState::Absent {
            continue;
        }
        for (at, newcomer) in [(wanted.between[0], wanted.between[1]), (wanted.between[1], wanted.between[0])] {
            let Some(neighbour) = link.other(at) else { continue };
            if neighbour == newcomer {
                continue;
            }
            let Some(rule) = forbids(link, wanted, at) else { continue };
            let Some(prefixes) = first_overlap(spaces.space(newcomer), spaces.space(neighbour)) else { continue };
            found.push(Clash { at, neighbour, link: LinkIx::new(position), prefixes, rule });
        }
    }
    found
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
        (Node::Vnet(_), _, _) => Some("B9, B10"),
    }
}
