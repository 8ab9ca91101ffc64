//! Which links run where: straight to the box below, through the gutter, or down to a site.

use std::collections::HashMap;

use super::columns;
use super::foresight::Union;
use super::ports::{Side, Wish};
use crate::topology::{Node, Topology, VnetIx};

/// Which links run where.
pub(crate) struct Plan {
    /// Upper box, lower box and the how-manieth link between them, by link.
    pub straight: HashMap<usize, (VnetIx, VnetIx, i32)>,
    /// Links through the gutter, most important first.
    pub channels: Vec<usize>,
    /// Links that end in a site, in order: their channel rows where there are several sites.
    pub site_order: HashMap<usize, i32>,
    /// How many there are.
    pub site_links: i32,
    /// How many rows the ports of each VNet need.
    pub ports: Vec<i32>,
    left: Vec<bool>,
}

impl Plan {
    /// Sorts the links of a union by the way they take.
    pub fn new(topology: &Topology, union: &Union, order: &[columns::Column; 2]) -> Self {
        let mut below = HashMap::new();
        let mut left = vec![false; topology.vnets.len()];
        for (side, column) in order.iter().enumerate() {
            for (_, vnets) in column {
                below.extend(vnets.windows(2).map(|pair| (pair[0], pair[1])));
                vnets.iter().for_each(|vnet| left[vnet.at()] = side == 0);
            }
        }
        let mut straight = HashMap::new();
        let mut lanes: HashMap<VnetIx, i32> = HashMap::new();
        let mut channels = Vec::new();
        let mut site_order = HashMap::new();
        let mut ports = vec![0; topology.vnets.len()];
        for (at, link) in union.links.iter().enumerate() {
            let next = match link.ends {
                _ if link.by_hand() => None,
                [Node::Vnet(a), Node::Vnet(b)] if below.get(&a) == Some(&b) => Some((a, b)),
                [Node::Vnet(a), Node::Vnet(b)] if below.get(&b) == Some(&a) => Some((b, a)),
                _ => None,
            };
            if let Some((upper, lower)) = next {
                let lane = lanes.entry(upper).or_default();
                if *lane < 2 {
                    straight.insert(at, (upper, lower, *lane));
                    *lane += 1;
                    continue;
                }
            }
            if link.ends.iter().any(|end| end.site().is_some()) && !link.by_hand() {
                site_order.insert(at, i32::try_from(site_order.len()).unwrap_or(0));
            }
            if !link.by_hand() && !link.ends.iter().all(|end| end.site().is_some()) {
                channels.push(at);
                for vnet in link.ends.iter().filter_map(|end| end.vnet()).filter(|_| link.rank < 3) {
                    ports[vnet.at()] += 1;
                }
            }
        }
        channels.sort_by_key(|at| union.links[*at].rank);
        let site_links = i32::try_from(site_order.len()).unwrap_or(0);
        Self { straight, channels, site_order, site_links, ports, left }
    }

    /// The rows of each VNet in which ports may stand.
    pub fn sides(&self, topology: &Topology, tops: &[i32], heights: &[i32]) -> Vec<Side> {
        (0..topology.vnets.len())
            .map(|at| Side { left: self.left[at], first: tops[at] + 1, rows: heights[at] - 2 })
            .collect()
    }

    /// The ports a link needs.
    pub fn wishes(&self, union: &Union, link: usize) -> Vec<Wish> {
        let foreseen = &union.links[link];
        let [a, b] = foreseen.ends.map(Node::vnet);
        [(a, b), (b, a)]
            .into_iter()
            .filter_map(|(at, to)| Some((at?, to)))
            .map(|(at, to)| Wish { link, at: at.at(), to: to.map(VnetIx::at), rank: foreseen.rank })
            .collect()
    }

    /// The row in which a site link turns towards its site, or the site's border.
    pub fn site_row(&self, link: usize, band_top: i32, channel_rows: i32) -> i32 {
        if channel_rows == 0 {
            return band_top;
        }
        band_top - channel_rows + self.site_order.get(&link).copied().unwrap_or(0)
    }
}
