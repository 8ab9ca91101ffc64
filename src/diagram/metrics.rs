//! The numbers a layout is judged by (picture.md, section 4), each as the list of what is wrong.

use std::collections::HashMap;

use super::foresight::{Foreseen, exclusive};
use super::{Cell, Layout, Rect, Route, Size};
use crate::topology::{Node, Topology};

fn foreseen(route: &Route) -> Foreseen {
    Foreseen { ends: route.ends, kind: route.kind, circuit: None, link: route.link, rank: 0 }
}

fn across(cells: &[Cell], at: usize) -> bool {
    let other = if at + 1 < cells.len() { cells[at + 1] } else { cells[at - 1] };
    other.1 == cells[at].1
}

/// A route by its position, and the directions in which it uses a cell: across and down.
type Use = (usize, [bool; 2]);

/// Metric 3: cells that two links which can be there together use in one direction; corners use both.
pub(crate) fn shared_cells(layout: &Layout, topology: &Topology) -> Vec<String> {
    let mut used: HashMap<Cell, Vec<Use>> = HashMap::new();
    for (at, route) in layout.routes.iter().enumerate().filter(|(_, route)| !route.path.is_empty()) {
        let cells = route.cells();
        for (nth, cell) in cells.iter().enumerate() {
            let (before, after) = (across(&cells, nth), across(&cells, nth.saturating_sub(1)));
            let inner = nth > 0 && nth + 1 < cells.len();
            let directions = if inner { [before || after, !before || !after] } else { [true, true] };
            used.entry(*cell).or_default().push((at, directions));
        }
    }
    let mut wrong = Vec::new();
    for (cell, users) in used {
        for (nth, (a, directions)) in users.iter().enumerate() {
            for (b, others) in &users[nth + 1..] {
                let (one, two) = (&layout.routes[*a], &layout.routes[*b]);
                let clash = (0..2).any(|d| directions[d] && others[d]);
                if clash && !exclusive(topology, &foreseen(one), &foreseen(two)) {
                    wrong.push(format!("{:?} and {:?} share {cell:?}", one.ends, two.ends));
                }
            }
        }
    }
    wrong
}

/// Metric 4: cells where two links cross.
pub(crate) fn crossings(routes: &[&Route]) -> usize {
    let mut used: HashMap<Cell, usize> = HashMap::new();
    for cell in routes.iter().flat_map(|route| route.cells()) {
        *used.entry(cell).or_default() += 1;
    }
    used.values().filter(|count| **count > 1).count()
}

/// Metric 5: straight between neighbours, one bend to a site, at most two through the gutter.
pub(crate) fn bends(layout: &Layout) -> Vec<String> {
    let sites = layout.boxes.iter().filter(|boxed| boxed.node.site().is_some()).count();
    let too_many = |route: &&Route| {
        let to_site = route.ends.iter().any(|end| end.site().is_some());
        route.bends()
            > if !to_site {
                2
            } else if sites == 1 {
                1
            } else {
                3
            }
    };
    layout
        .routes
        .iter()
        .filter(too_many)
        .map(|route| format!("{:?} bends {} times", route.ends, route.bends()))
        .collect()
}

fn apart(a: Rect, b: Rect) -> bool {
    a.right() < b.x || b.right() < a.x || a.bottom() < b.y || b.bottom() < a.y
}

fn within(inner: Rect, outer: Rect) -> bool {
    inner.x >= outer.x && inner.y >= outer.y && inner.right() <= outer.right() && inner.bottom() <= outer.bottom()
}

/// Metric 6: boxes are disjoint, frames too, every VNet lies strictly in its region's frame and every row in its box.
pub(crate) fn overlaps(layout: &Layout, topology: &Topology) -> Vec<String> {
    let mut wrong = Vec::new();
    for (at, one) in layout.boxes.iter().enumerate() {
        for other in &layout.boxes[at + 1..] {
            if !apart(one.rect, other.rect) {
                wrong.push(format!("{one:?} and {other:?} overlap"));
            }
        }
        if let Node::Vnet(vnet) = one.node {
            let region = topology.vnets[vnet.at()].region;
            let frame = layout.frames.iter().find(|frame| frame.region == region).map(|frame| frame.rect);
            let strict =
                frame.is_some_and(|frame| within(one.rect, frame) && one.rect.x > frame.x && one.rect.y > frame.y);
            if !strict || frame.is_some_and(|frame| one.rect.bottom() >= frame.bottom()) {
                wrong.push(format!("{one:?} is not inside its region {frame:?}"));
            }
        } else if layout.frames.iter().any(|frame| !apart(frame.rect, one.rect)) {
            wrong.push(format!("{one:?} overlaps a region"));
        }
    }
    for (at, one) in layout.frames.iter().enumerate() {
        wrong.extend(
            layout.frames[at + 1..]
                .iter()
                .filter(|other| !apart(one.rect, other.rect))
                .map(|other| format!("{one:?} and {other:?} overlap")),
        );
    }
    for row in &layout.rows {
        if row.rect.width > 0 && !layout.boxes.iter().any(|boxed| within(row.rect, boxed.rect)) {
            wrong.push(format!("{row:?} is in no box"));
        }
    }
    wrong
}

/// Metric 9: no label on a box or on another line, no line through a box, no line over text on a border.
pub(crate) fn texts_hit(layout: &Layout) -> Vec<String> {
    let mut wrong = Vec::new();
    for (at, route) in layout.routes.iter().enumerate() {
        let cells = route.cells();
        for cell in cells.iter().skip(1).take(cells.len().saturating_sub(2)) {
            if let Some(boxed) = layout.boxes.iter().find(|boxed| boxed.rect.contains(cell.0, cell.1)) {
                wrong.push(format!("{:?} runs through {boxed:?}", route.ends));
            }
        }
        let titles = layout.rows.iter().filter(|row| matches!(row.shows, super::Shows::Title));
        for row in titles.filter(|row| matches!(row.item, super::Item::Site(_))) {
            if cells.iter().any(|cell| row.rect.contains(cell.0, cell.1)) {
                wrong.push(format!("{:?} runs over a site's title", route.ends));
            }
        }
        let Some(label) = route.label else { continue };
        if layout.boxes.iter().any(|boxed| !apart(boxed.rect, label.rect)) {
            wrong.push(format!("the label of {:?} lies on a box", route.ends));
        }
        for (other_at, other) in layout.routes.iter().enumerate().filter(|(other, _)| *other != at) {
            if other.cells().iter().any(|cell| label.rect.contains(cell.0, cell.1)) {
                // Links that share a track are never drawn together.
                if !route.cells().iter().any(|cell| label.rect.contains(cell.0, cell.1)) || !label.in_line {
                    wrong.push(format!("the label of {:?} lies on {:?}", route.ends, other.ends));
                }
            }
            if other_at > at && other.label.is_some_and(|other| !apart(other.rect, label.rect)) {
                wrong.push(format!("the labels of {:?} and {:?} overlap", route.ends, other.ends));
            }
        }
    }
    wrong
}

/// Metric 13: everything lies within the size the layout claims, and nothing at negative places.
pub(crate) fn outside(layout: &Layout) -> Vec<String> {
    let all = Rect { x: 0, y: 0, width: layout.size.width, height: layout.size.height };
    let rects = layout.boxes.iter().map(|boxed| boxed.rect).chain(layout.frames.iter().map(|frame| frame.rect));
    let mut wrong: Vec<String> =
        rects.filter(|rect| !within(*rect, all)).map(|rect| format!("{rect:?} is outside")).collect();
    for route in &layout.routes {
        wrong.extend(route.cells().iter().filter(|cell| !all.contains(cell.0, cell.1)).map(|cell| format!("{cell:?}")));
        wrong.extend(route.label.filter(|label| !within(label.rect, all)).map(|label| format!("{label:?}")));
    }
    wrong
}

/// Metric 19: the narrowest distance between two verticals that stand side by side in the gutter.
pub(crate) fn narrowest_pitch(layout: &Layout) -> i32 {
    let mut columns: Vec<i32> = layout
        .routes
        .iter()
        .flat_map(|route| route.path.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| pair[0].0))
        .filter(|x| (layout.gutter.0..=layout.gutter.1).contains(x))
        .collect();
    columns.sort_unstable();
    columns.dedup();
    columns.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap_or(i32::MAX)
}

/// Whether the layout has room for everything in `size`.
pub(crate) fn fits(layout: &Layout, size: Size) -> bool {
    layout.size.width <= size.width && layout.size.height <= size.height
}
