//! Links without a track: each looks for a free way, and what finds none is counted beside its box.

use super::foresight::Union;
use super::path::{UPRIGHT, Usage, simplified};
use super::ports::Side;
use super::{Cell, Layout, labels};
use crate::topology::{Node, Topology};

/// For so many links a free way is searched; where more have none, the gutter is full.
const MOST_LATE: usize = 24;
/// So many rows of a box are tried for a port.
const ROWS: usize = 6;
/// So many ways are tried for one on which a label has room.
const WAYS: usize = 8;

/// No two links that can be there together share a cell in one direction: the less important one loses its track.
pub(super) fn check_all(layout: &mut Layout, union: &Union) {
    if layout.boxes.iter().filter(|boxed| boxed.node.site().is_some()).count() < 2 {
        return;
    }
    let mut usage = Usage::blank(layout.size);
    let mut order: Vec<usize> = (0..layout.routes.len()).collect();
    order.sort_by_key(|at| union.links[*at].rank);
    for at in order {
        if usage.crossings(&layout.routes[at].path).is_none() {
            layout.routes[at].path.clear();
        } else {
            usage.add(&layout.routes[at].path);
        }
    }
}

/// Links that got no track take a free row and a free column, the foreseen before the others, and move nothing.
pub(super) fn add_late(layout: &mut Layout, topology: &Topology, union: &Union, sides: &[Side]) {
    let mut late: Vec<usize> = (0..layout.routes.len()).filter(|at| layout.routes[*at].path.is_empty()).collect();
    late.sort_by_key(|at| union.links[*at].rank);
    late.truncate(MOST_LATE);
    if late.is_empty() {
        return;
    }
    let mut usage = Usage::of_all(layout);
    layout.routes.iter().filter_map(|route| route.label).for_each(|label| usage.block(label.rect));
    for at in late {
        for path in ways(layout, topology, union.links[at].ends, sides, &usage) {
            (layout.routes[at].path, layout.routes[at].late) = (path, true);
            if labels::add(layout, at) {
                usage.add(&layout.routes[at].path);
                layout.routes[at].label.into_iter().for_each(|label| usage.block(label.rect));
                break;
            }
            layout.routes[at].path.clear();
        }
    }
}

/// Free ways between two networks, the best first: few crossings, then near the middle of the gutter.
fn ways(layout: &Layout, topology: &Topology, ends: [Node; 2], sides: &[Side], usage: &Usage) -> Vec<Vec<Cell>> {
    let (first, last) = layout.gutter;
    let mut choices: [Vec<Cell>; 2] = [Vec::new(), Vec::new()];
    let mut site = None;
    for (nth, end) in ends.iter().enumerate() {
        let Some(boxed) = layout.boxed(*end) else { continue };
        match end {
            Node::Vnet(vnet) => {
                let x = if boxed.left { boxed.rect.right() } else { boxed.rect.x };
                let side = &sides[vnet.at()];
                let rows = (side.first..side.first + side.rows).filter(|row| usage.of((x, *row)) == 0);
                choices[nth].extend(rows.take(ROWS).map(|row| (x, row)));
            }
            Node::Site(_) if topology.sites.len() == 1 => site = Some((nth, boxed.rect)),
            Node::Site(_) => {}
        }
    }
    let mut found: Vec<(usize, Vec<Cell>)> = Vec::new();
    for x in first + 1..last {
        let lands = |nth: usize| match site {
            Some((there, rect)) if there == nth && rect.contains(x, rect.y) => vec![(x, rect.y)],
            _ => choices[nth].clone(),
        };
        let (from, to) = (lands(0), lands(1));
        for (a, b) in from.iter().flat_map(|a| to.iter().map(move |b| (*a, *b))) {
            let (top, bottom) = (a.1.min(b.1), a.1.max(b.1));
            // A cell of air on both sides, and a row of it before what shares the track.
            let taken = |x: i32, row: i32| usage.of((x, row)) & UPRIGHT != 0;
            if (top - 1..=bottom + 1).any(|row| (x - 1..=x + 1).any(|x| taken(x, row))) {
                continue;
            }
            let path = simplified(vec![a, (x, a.1), (x, b.1), b]);
            if let Some(crossings) = usage.crossings(&path) {
                let aside = usize::try_from((x - (first + last) / 2).abs()).unwrap_or(0);
                found.push((crossings * 1000 + aside, path));
            }
        }
    }
    found.sort();
    found.truncate(WAYS);
    found.into_iter().map(|(_, path)| path).collect()
}
