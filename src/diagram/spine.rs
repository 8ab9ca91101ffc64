//! The links of one network as a spine through the gutter, with a stub to each end (`design/picture.md` 2.3, L1).

use std::collections::BTreeMap;

use super::{Layout, Level};
use crate::topology::{LinkIx, Node};

/// The links of one network on a map of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spine {
    /// The network.
    pub node: Node,
    /// The column of the spine.
    pub x: i32,
    /// Where the network itself joins it.
    pub own: Branch,
    /// Where the other ends join it, from top to bottom.
    pub branches: Vec<Branch>,
}

/// A stub between a network and the spine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// The network.
    pub node: Node,
    /// The row.
    pub row: i32,
    /// Whether it comes from the left.
    pub left: bool,
    /// The first and the last column between the network's column and the spine, both in the gutter.
    pub cells: (i32, i32),
    /// The column of the port, where the network is drawn as a box.
    pub port: Option<i32>,
    /// The column of the region's border, for a network in a region.
    pub border: Option<i32>,
    /// The links it stands for; none for the network whose spine it is.
    pub links: Vec<LinkIx>,
}

impl Spine {
    /// The spine of a network: its links, each with the network at the other end. None without a link or without a place.
    pub fn of(layout: &Layout, node: Node, links: &[(LinkIx, Node)]) -> Option<Self> {
        let (first, last) = layout.gutter;
        if last - first < 4 {
            return None;
        }
        let x = first + (last - first + 1) / 2;
        let branch = |node: Node, links: Vec<LinkIx>| {
            let boxed = layout.boxed(node)?;
            let in_box = boxed.level > Level::Rows;
            let edge = if boxed.left { boxed.rect.right() } else { boxed.rect.x };
            let border = node.vnet().map(|_| if boxed.left { edge + 1 } else { edge - 1 });
            Some(Branch {
                node,
                row: boxed.rect.y + i32::from(in_box),
                left: boxed.left,
                cells: if boxed.left { (first, x - 1) } else { (x + 1, last) },
                port: in_box.then_some(edge),
                border,
                links,
            })
        };
        let mut ends: BTreeMap<Node, Vec<LinkIx>> = BTreeMap::new();
        for (link, other) in links {
            ends.entry(*other).or_default().push(*link);
        }
        let mut branches: Vec<Branch> = ends.into_iter().filter_map(|(other, links)| branch(other, links)).collect();
        if branches.is_empty() {
            return None;
        }
        branches.sort_by_key(|branch| (branch.row, !branch.left));
        Some(Self { node, x, own: branch(node, Vec::new())?, branches })
    }

    /// The first and the last row of the spine.
    pub fn span(&self) -> (i32, i32) {
        let rows = || self.branches.iter().chain([&self.own]).map(|branch| branch.row);
        (rows().min().unwrap_or(self.own.row), rows().max().unwrap_or(self.own.row))
    }

    /// How many links end above and below a window of `height` rows that begins at row `top`.
    pub fn hidden(&self, top: i32, height: i32) -> (usize, usize) {
        let count = |away: &dyn Fn(i32) -> bool| {
            self.branches.iter().filter(|branch| away(branch.row)).map(|branch| branch.links.len()).sum()
        };
        (count(&|row| row < top), count(&|row| row >= top.saturating_add(height)))
    }
}
