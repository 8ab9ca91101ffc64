//! The path of a link in cells, and which cells are in use in which direction.

use std::ops::RangeInclusive;

use super::{Cell, Label, Layout, Rect, Size};
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
    /// for a link without a track, which is counted at its boxes.
    pub path: Vec<Cell>,
    /// Where its label stands.
    pub label: Option<Label>,
    /// Whether it took a way that was left over: it crosses as few others as that allows, not as few as any order would.
    pub late: bool,
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
pub(crate) struct Usage {
    size: Size,
    cells: Vec<u8>,
}

pub(crate) const ACROSS: u8 = 1;
pub(crate) const UPRIGHT: u8 = 2;

impl Usage {
    /// Nothing used yet.
    pub fn blank(size: Size) -> Self {
        let cells = usize::try_from(i64::from(size.width) * i64::from(size.height)).unwrap_or(0);
        Self { size, cells: vec![0; cells] }
    }

    /// What the routes of a layout use.
    pub fn of_all(layout: &Layout) -> Self {
        let mut usage = Self::blank(layout.size);
        layout.routes.iter().for_each(|route| usage.add(&route.path));
        usage
    }

    fn at(&self, (x, y): Cell) -> Option<usize> {
        let inside = (0..self.size.width).contains(&x) && (0..self.size.height).contains(&y);
        inside.then(|| usize::try_from(y * self.size.width + x).ok()).flatten()
    }

    pub fn of(&self, cell: Cell) -> u8 {
        self.at(cell).map_or(0, |at| self.cells[at])
    }

    /// Whether nothing runs through some cells of a row, but for the one in column `own`.
    pub fn is_clear(&self, columns: RangeInclusive<i32>, y: i32, own: i32) -> bool {
        let (first, last) = ((*columns.start()).max(0), (*columns.end()).min(self.size.width - 1));
        let (Some(from), Some(to)) = (self.at((first, y)), self.at((last, y))) else { return true };
        let taken = |(x, used): (i32, &u8)| *used != 0 && x != own;
        first > last || !(first..).zip(&self.cells[from..=to]).any(taken)
    }

    pub fn add(&mut self, path: &[Cell]) {
        walk(path, |cell, used| {
            if let Some(at) = self.at(cell) {
                self.cells[at] |= used;
            }
            true
        });
    }

    /// Nothing may run through these cells, nor beside them in their row.
    pub fn block(&mut self, rect: Rect) {
        for x in rect.x - 1..=rect.right() + 1 {
            if let Some(at) = self.at((x, rect.y)) {
                self.cells[at] |= ACROSS | UPRIGHT;
            }
        }
    }

    /// How many lines the path would cross, or nothing if it would share a cell in one direction.
    pub fn crossings(&self, path: &[Cell]) -> Option<usize> {
        let mut found = 0;
        let free = walk(path, |cell, used| {
            let taken = self.of(cell);
            found += usize::from(taken != 0);
            taken & used == 0
        });
        free.then_some(found)
    }
}

/// Visits each cell of a path with the directions it uses, corners and ports use both, as long as the visit says so;
/// whether all were visited.
fn walk(path: &[Cell], mut visit: impl FnMut(Cell, u8) -> bool) -> bool {
    let (Some(first), both) = (path.first(), ACROSS | UPRIGHT) else { return true };
    if !visit(*first, both) {
        return false;
    }
    for pair in path.windows(2) {
        let ((x, y), (to_x, to_y)) = (pair[0], pair[1]);
        let (dx, dy) = ((to_x - x).signum(), (to_y - y).signum());
        let steps = (to_x - x).abs().max((to_y - y).abs());
        for step in 1..=steps {
            let used = match (step == steps, dy) {
                (true, _) => both,
                (false, 0) => ACROSS,
                _ => UPRIGHT,
            };
            if !visit((x + dx * step, y + dy * step), used) {
                return false;
            }
        }
    }
    true
}
