//! What the gateways of a VNet learn: from the far end of each link, from who meets them on a circuit, and by BGP from
//! beyond their neighbours (B21, B38, B39, B52, B54).

use std::collections::{BTreeMap, BTreeSet};

use ipnet::Ipv4Net;

use super::wiring::Wiring;
use crate::topology::overlap::Spaces;
use crate::topology::{Link, LinkIx, LinkKind, Node, SiteIx, VnetIx};

/// A prefix that a gateway learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Learned {
    /// The prefix.
    pub prefix: Ipv4Net,
    /// The link packets for it leave by.
    pub link: LinkIx,
    /// The network at the other end of that link.
    pub next: Node,
    /// The network that owns the prefix.
    pub owner: Node,
    /// Whether everything on the way that the announcement needs is up.
    pub live: bool,
    /// How many gateways the announcement passed, the first among them: the length of its AS path.
    pub steps: u32,
}

/// Everything the gateways of a VNet learn, in the order of the links.
pub(super) fn learned(wiring: &Wiring<'_>, vnet: VnetIx) -> Vec<Learned> {
    let (world, node) = (wiring.world, Node::Vnet(vnet));
    let across_circuit = world.topology().policy.expressroute_vnet_to_vnet;
    let mut all = Vec::new();
    for (ix, link, far) in wiring.gateway_links(vnet) {
        let live = world.carries(ix);
        announced(wiring, link, far, node, &mut |prefix, owner, up| {
            all.push(Learned { prefix, link: ix, next: far, owner, live: live && up, steps: 1 });
        });
        if across_circuit {
            for (mate, other) in wiring.circuit_mates(node, link) {
                announced(wiring, world.link(other), mate, node, &mut |prefix, owner, up| {
                    let live = live && up && world.carries(other);
                    all.push(Learned { prefix, link: ix, next: mate, owner, live, steps: 1 });
                });
            }
        }
    }
    all.extend(wiring.relayed.get(&vnet).into_iter().flatten());
    all
}

/// What a network announces of its own over its link to `to`: its ranges, and those of the VNets that use its gateways
/// (B21, B52). A site's are what its local network gateway lists, where that has a list of its own (B45); with BGP it
/// tells the rest itself (B46). Tells prefix, owner and whether the owner can be reached from the gateway.
fn announced(wiring: &Wiring<'_>, link: &Link, from: Node, to: Node, tell: &mut impl FnMut(Ipv4Net, Node, bool)) {
    let listed = from.site().is_some() && !link.prefixes.is_empty();
    for prefix in link.prefixes.iter().filter(|_| listed) {
        tell(*prefix, from, true);
    }
    for prefix in wiring.world.space(from).iter().filter(|_| !listed || wiring.speaks_bgp(link)) {
        tell(*prefix, from, true);
    }
    let Some(hub) = from.vnet().filter(|hub| wiring.is_full_gateway(*hub, link.kind)) else { return };
    for (spoke, peering) in wiring.spokes(hub) {
        let owner = Node::Vnet(spoke);
        if owner != to {
            let up = wiring.world.carries(peering);
            wiring.world.space(owner).iter().for_each(|prefix| tell(*prefix, owner, up));
        }
    }
}

/// One entry of what a gateway knows and may tell its BGP neighbours.
#[derive(Clone)]
struct Known {
    learned: Learned,
    /// The VNets the announcement passed, the newest last.
    path: Vec<VnetIx>,
}

/// What each gateway learns by BGP from beyond its neighbours: everything they know but what overlaps their own ranges
/// (B38); and what each site with BGP learns in the same way. An announcement never comes twice to one autonomous system
/// (B39). Sites tell nothing but their own prefixes (modelled).
pub(super) fn relayed(wiring: &Wiring<'_>) -> (BTreeMap<VnetIx, Vec<Learned>>, BTreeMap<SiteIx, Vec<Learned>>) {
    let world = wiring.world;
    let speaking = |link: &Link| wiring.speaks_bgp(link);
    let mut known: BTreeMap<VnetIx, BTreeMap<(Ipv4Net, Node), Known>> = BTreeMap::new();
    for (_, link) in world.live_links().filter(|(ix, link)| link.bgp && speaking(link) && world.carries(*ix)) {
        known.extend(link.between.iter().filter_map(|node| Some((node.vnet()?, BTreeMap::new()))));
    }
    if known.is_empty() {
        return Default::default();
    }
    let neighbours: Vec<(VnetIx, VnetIx, LinkIx)> = known
        .keys()
        .flat_map(|vnet| {
            let links = wiring.gateway_links(*vnet).filter(|(ix, link, _)| speaking(link) && world.carries(*ix));
            links.filter_map(move |(ix, _, far)| Some((*vnet, far.vnet()?, ix)))
        })
        .collect();
    for (vnet, known) in &mut known {
        for (ix, link, far) in wiring.gateway_links(*vnet).filter(|(ix, ..)| world.carries(*ix)) {
            // The prefixes of a local network gateway are told on too, with BGP on its connection or without.
            let told = link.kind == LinkKind::Vpn && (speaking(link) || far.site().is_some());
            if told {
                announced(wiring, link, far, Node::Vnet(*vnet), &mut |prefix, owner, live| {
                    let learned = Learned { prefix, link: ix, next: far, owner, live, steps: 1 };
                    known.entry((prefix, owner)).or_insert(Known { learned, path: far.vnet().into_iter().collect() });
                });
            }
        }
    }
    // Every round carries each announcement one gateway further; a path holds no VNet twice, so this ends.
    loop {
        let mut news = Vec::new();
        for (to, from, link) in &neighbours {
            for (key, entry) in known.get(from).into_iter().flatten() {
                if let Some(passed) = passed_on(wiring, entry, *from, *to, *link) {
                    let better = known[to].get(key).is_none_or(|old| old.learned.steps > passed.learned.steps);
                    if better {
                        news.push((*to, *key, passed));
                    }
                }
            }
        }
        if news.is_empty() {
            break;
        }
        for (to, key, passed) in news {
            let table = known.entry(to).or_default();
            if table.get(&key).is_none_or(|old| old.learned.steps > passed.learned.steps) {
                table.insert(key, passed);
            }
        }
    }
    let sites = told(wiring, &known);
    let beyond = |known: BTreeMap<(Ipv4Net, Node), Known>| {
        known.into_values().map(|known| known.learned).filter(|learned| learned.steps > 1).collect()
    };
    (known.into_iter().map(|(vnet, known)| (vnet, beyond(known))).collect(), sites)
}

/// What gateways tell the sites they speak BGP with of what they know themselves (B38). Its own prefixes do not
/// come back to it.
fn told(
    wiring: &Wiring<'_>,
    known: &BTreeMap<VnetIx, BTreeMap<(Ipv4Net, Node), Known>>,
) -> BTreeMap<SiteIx, Vec<Learned>> {
    let world = wiring.world;
    let mut sites: BTreeMap<SiteIx, Vec<Learned>> = BTreeMap::new();
    for (from, entries) in known {
        let links = wiring.gateway_links(*from).filter(|(ix, link, _)| wiring.speaks_bgp(link) && world.carries(*ix));
        for (link, site) in links.filter_map(|(ix, _, far)| Some((ix, far.site()?))) {
            let own = |learned: &Learned| {
                let mut space = world.space(Node::Site(site)).iter();
                learned.owner == Node::Site(site) || space.any(|range| *range == learned.prefix)
            };
            let kept = entries.values().map(|known| known.learned);
            let kept = kept.filter(|learned| !own(learned) && !meets(wiring, *from, learned.prefix));
            let next = Node::Vnet(*from);
            let learned = sites.entry(site).or_default();
            learned.extend(kept.map(|learned| Learned { link, next, steps: learned.steps + 1, ..learned }));
            // The VNet's own ranges are the site's own routes (`formats.md`, site routes).
            announced(wiring, world.link(link), next, Node::Site(site), &mut |prefix, owner, live| {
                if owner != next {
                    learned.push(Learned { prefix, link, next, owner, live, steps: 1 });
                }
            });
        }
    }
    sites
}

/// Whether a prefix overlaps a range of a VNet: its gateway does not pass on such (B38).
fn meets(wiring: &Wiring<'_>, vnet: VnetIx, prefix: Ipv4Net) -> bool {
    let mut space = wiring.world.space(Node::Vnet(vnet)).iter();
    space.any(|range| range.contains(&prefix) || prefix.contains(range))
}

/// What becomes of an announcement that `from` tells `to`; nothing where either of them drops it.
fn passed_on(wiring: &Wiring<'_>, entry: &Known, from: VnetIx, to: VnetIx, link: LinkIx) -> Option<Known> {
    let world = wiring.world;
    let learned = entry.learned;
    let inside = |vnet: VnetIx| world.space(Node::Vnet(vnet)).iter().any(|range| range.contains(&learned.prefix));
    let asn = wiring.asn(to);
    let circles = entry.path.iter().chain([&from]).any(|vnet| *vnet == to || wiring.asn(*vnet) == asn);
    if meets(wiring, from, learned.prefix) || inside(to) || circles || learned.owner == Node::Vnet(to) {
        return None;
    }
    let path = entry.path.iter().copied().chain([from]).collect();
    let learned = Learned { link, next: Node::Vnet(from), steps: learned.steps + 1, ..learned };
    Some(Known { learned, path })
}

/// The networks whose gateways pass on what they learn, with those at the other ends of their links: a change at one may
/// bear on what any of them learns.
pub(super) fn tangled(wiring: &Wiring<'_>) -> BTreeSet<Node> {
    let world = wiring.world;
    let mut found = BTreeSet::new();
    for (_, link) in world.live_links() {
        let transit = link.kind == LinkKind::Peering
            && link.halves.iter().any(|half| half.gateway_transit)
            && link.halves.iter().any(|half| half.remote_gateways);
        if link.bgp || transit {
            found.extend(link.between);
        }
    }
    let neighbours: Vec<Node> = found
        .iter()
        .filter_map(|node| node.vnet())
        .flat_map(|vnet| {
            let links = wiring.gateway_links(vnet);
            links.flat_map(move |(_, link, far)| {
                let mates = wiring.circuit_mates(Node::Vnet(vnet), link).map(|(mate, _)| mate);
                std::iter::once(far).chain(mates)
            })
        })
        .collect();
    found.extend(neighbours);
    found
}
