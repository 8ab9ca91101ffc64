//! In which order the networks of the matrix stand.

use std::cmp::Reverse;
use std::collections::{HashMap, VecDeque};

use super::networks::neighbours;
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
    /// Each with those it is linked to, the one with the most links first.
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

    /// Puts networks in this order.
    pub(super) fn sort(self, world: &World, networks: &mut [Node]) {
        networks.sort_by_key(|node| match node {
            Node::Vnet(vnet) => {
                let declared = world.vnet(*vnet);
                (declared.region.at(), declared.recovers.unwrap_or(*vnet).at(), vnet.at())
            }
            Node::Site(site) => (usize::MAX, site.at(), 0),
        });
        if self == Self::Region {
            return;
        }
        let beside = neighbours(world.live_links().map(|(_, link)| link));
        networks.sort_by_key(|node| Reverse(beside.get(node).map_or(0, Vec::len)));
        if self == Self::Linked {
            let place = gathered(networks, &beside);
            networks.sort_by_key(|node| place.get(node).copied().unwrap_or(usize::MAX));
        }
    }
}

/// The place of each network when each is followed by those it is linked to, and these by theirs.
fn gathered(networks: &[Node], beside: &HashMap<Node, Vec<Node>>) -> HashMap<Node, usize> {
    let mut place = HashMap::new();
    for first in networks {
        let mut next = VecDeque::from([*first]);
        while let Some(node) = next.pop_front() {
            let at = place.len();
            if let std::collections::hash_map::Entry::Vacant(free) = place.entry(node) {
                free.insert(at);
                next.extend(beside.get(&node).into_iter().flatten().copied());
            }
        }
    }
    place
}
