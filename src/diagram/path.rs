//! The path of a link in cells, and which cells are in use in which direction.

use std::collections::HashMap;

use super::{Cell, Label};
use crate::topology::{LinkIx, LinkKind, Node};

/// Where a link runs, if it has a track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Its ends in the order of the file.
    pub ends: [Node; 2],
    /// Its kind, or the kind of the link it would replace.
    pub kind: LinkKind,
    /// The link, unless this one is only foreseen.
    pub link: Option<LinkIx>,
    /// The corners, from the port at one end to the port at the other; both ports lie on the border of a box. Empty
    /// for a link without a track.
    pub path: Vec<Cell>,
    /// Where its label stands.
    pub label: Option<Label>,
}

impl Route {
    /// Every cell of the path in order, ports included.
    pub fn cells(&self) -> Vec<Cell> {
        cells(&self.path)
    }

    /// How often it changes direction.
    pub fn bends(&self) -> usize {
        self.path.len().saturating_sub(2)
    }
}

pub(crate) fn cells(path: &[Cell]) -> Vec<Cell> {
    let mut out: Vec<Cell> = path.first().copied().into_iter().collect();
    for pair in path.windows(2) {
        let ((x, y), (to_x, to_y)) = (pair[0], pair[1]);
        let (dx, dy) = ((to_x - x).signum(), (to_y - y).signum());
        let steps = (to_x - x).abs().max((to_y - y).abs());
        out.extend((1..=steps).map(|step| (x + dx * step, y + dy * step)));
    }
    out
}

/// The count of links without a track, beside a box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stub {
    /// The network.
    pub node: Node,
    /// The first cell of the count.
    pub at: Cell,
    /// The routes it stands for, as positions in [`Layout::routes`](super::Layout::routes).
    pub routes: Vec<usize>,
}

/// Drops repeated points and points on a straight line.
pub(crate) fn simplified(path: Vec<Cell>) -> Vec<Cell> {
    let mut out: Vec<Cell> = Vec::new();
    for point in path {
        if out.last() == Some(&point) {
            continue;
        }
        if let [.., a, b] = out[..]
            && ((a.0 == b.0 && b.0 == point.0) || (a.1 == b.1 && b.1 == point.1))
        {
            out.pop();
        }
        out.push(point);
    }
    out
}

/// Which directions of a cell are in use.
#[derive(Default)]
pub(crate) struct Usage {
    cells: HashMap<Cell, u8>,
}

pub(crate) const ACROSS: u8 = 1;
pub(crate) const UPRIGHT: u8 = 2;

impl Usage {
    pub fn of(&self, cell: Cell) -> u8 {
        self.cells.get(&cell).copied().unwrap_or(0)
    }

    pub fn add(&mut self, path: &[Cell]) {
        for (cell, used) in directions(path) {
            *self.cells.entry(cell).or_default() |= used;
        }
    }

    /// How many lines the path would cross, or nothing if it would share a cell in one direction.
    pub fn crossings(&self, path: &[Cell]) -> Option<usize> {
        let mut found = 0;
        for (cell, used) in directions(path) {
            match self.of(cell) {
                0 => {}
                taken if taken & used != 0 => return None,
                _ => found += 1,
            }
        }
        Some(found)
    }
}

/// Each cell of a path with the directions it uses; corners and ports use both.
fn directions(path: &[Cell]) -> Vec<(Cell, u8)> {
    let all = cells(path);
    let both = ACROSS | UPRIGHT;
    (0..all.len())
        .map(|at| {
            let used = match (at.checked_sub(1).map(|before| all[before]), all.get(at + 1)) {
                (Some(before), Some(after)) if before.1 == after.1 => ACROSS,
                (Some(before), Some(after)) if before.0 == after.0 => UPRIGHT,
                _ => both,
            };
            (all[at], used)
        })
        .collect()
}
