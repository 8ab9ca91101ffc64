//! In which order the networks of the matrix stand.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::grid::Part;
use crate::topology::Node;
use crate::world::World;

/// An order of networks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// By region, a failover network where the one it recovers stands; sites last.
    #[default]
    Region,
    /// By how many links they have, the most first.
    Links,
    /// By whom they are linked to, so that links gather near the diagonal.
    Linked,
}

impl Order {
    /// The one after it.
    pub const fn next(self) -> Self {
        match self {
            Self::Region => Self::Links,
            Self::Links => Self::Linked,
            Self::Linked => Self::Region,
        }
    }

    /// How it reads behind "ordered".
    pub const fn words(self) -> &'static str {
        match self {
            Self::Region => "by region, twins alike",
            Self::Links => "by how many links they have",
            Self::Linked => "by whom they are linked to",
        }
    }

    /// Puts networks in this order; other parts stay where they are.
    pub(super) fn sort(self, world: &World, parts: &mut [Part]) {
        let home = |part: &Part| match part {
            Part::Network(Node::Vnet(vnet)) => {
                let declared = world.vnet(*vnet);
                (declared.region.at(), declared.recovers.unwrap_or(*vnet).at(), vnet.at())
            }
            Part::Network(Node::Site(site)) => (usize::MAX, site.at(), 0),
            _ => (0, 0, 0),
        };
        parts.sort_by_key(home);
        let beside = beside(world);
        let degree = |part: &Part| match part {
            Part::Network(node) => beside.get(node).map_or(0, Vec::len),
            _ => 0,
        };
        match self {
            Self::Region => {}
            Self::Links => parts.sort_by_key(|part| Reverse(degree(part))),
            Self::Linked => {
                parts.sort_by_key(|part| Reverse(degree(part)));
                let place = gathered(parts, &beside);
                parts.sort_by_key(|part| match part {
                    Part::Network(node) => place.get(node).copied().unwrap_or(usize::MAX),
                    _ => usize::MAX,
                });
            }
        }
    }
}

/// The networks each one is linked to.
fn beside(world: &World) -> HashMap<Node, Vec<Node>> {
    let mut found: HashMap<Node, Vec<Node>> = HashMap::new();
    for (_, link) in world.live_links() {
        let [a, b] = link.between;
        found.entry(a).or_default().push(b);
        found.entry(b).or_default().push(a);
    }
    found
}

/// The place of each network when each is followed by those it is linked to.
fn gathered(parts: &[Part], beside: &HashMap<Node, Vec<Node>>) -> HashMap<Node, usize> {
    let mut place = HashMap::new();
    let networks = parts.iter().filter_map(|part| if let Part::Network(node) = part { Some(*node) } else { None });
    for first in networks {
        let mut next = vec![first];
        while let Some(node) = next.pop() {
            let at = place.len();
            if let std::collections::hash_map::Entry::Vacant(free) = place.entry(node) {
                free.insert(at);
                next.extend(beside.get(&node).into_iter().flatten().rev());
            }
        }
    }
    place
}
