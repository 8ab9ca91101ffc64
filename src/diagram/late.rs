//! Links without a track: those nobody foresaw look for a free way, and what finds none is counted beside its box.

use std::collections::HashMap;

use super::foresight::Union;
use super::path::{Stub, UPRIGHT, Usage, simplified};
use super::ports::Side;
use super::{Cell, Layout};
use crate::topology::{Node, Topology};

/// For so many links that nobody foresaw a free way is searched.
const MOST_LATE: usize = 6;

/// No two links that can be there together share a cell in one direction: the less important one loses its track.
pub(super) fn check_all(layout: &mut Layout, union: &Union) {
    if layout.boxes.iter().filter(|boxed| boxed.node.site().is_some()).count() < 2 {
        return;
    }
    let mut usage = Usage::default();
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

/// Links nobody foresaw take a free row and a free column and move nothing.
pub(super) fn add_late(layout: &mut Layout, topology: &Topology, union: &Union, sides: &[Side]) -> bool {
    let late: Vec<usize> = (0..layout.routes.len())
        .filter(|at| layout.routes[*at].path.is_empty() && [0, 1, 4].contains(&union.links[*at].rank))
        .take(MOST_LATE)
        .collect();
    if late.is_empty() {
        return false;
    }
    let mut usage = Usage::default();
    layout.routes.iter().for_each(|route| usage.add(&route.path));
    let (first, last) = layout.gutter;
    let one_site = topology.sites.len() == 1;
    for at in late {
        let mut choices: [Vec<Cell>; 2] = [Vec::new(), Vec::new()];
        let mut site = None;
        for (nth, end) in union.links[at].ends.iter().enumerate() {
            let Some(boxed) = layout.boxed(*end) else { continue };
            match end {
                Node::Vnet(vnet) => {
                    let x = if boxed.left { boxed.rect.right() } else { boxed.rect.x };
                    let side = &sides[vnet.at()];
                    let rows = (side.first..side.first + side.rows).filter(|row| usage.of((x, *row)) == 0);
                    choices[nth].extend(rows.take(4).map(|row| (x, row)));
                }
                Node::Site(_) if one_site => site = Some((nth, boxed.rect)),
                Node::Site(_) => {}
            }
        }
        let mut best: Option<(usize, Vec<Cell>)> = None;
        for x in first + 1..last {
            let lands = |nth: usize| match site {
                Some((there, rect)) if there == nth && rect.contains(x, rect.y) => vec![(x, rect.y)],
                _ => choices[nth].clone(),
            };
            for a in lands(0) {
                for b in lands(1) {
                    let path = simplified(vec![a, (x, a.1), (x, b.1), b]);
                    let beside = (a.1.min(b.1)..=a.1.max(b.1))
                        .any(|row| [x - 1, x + 1].iter().any(|x| usage.of((*x, row)) & UPRIGHT != 0));
                    let Some(crossings) = usage.crossings(&path).filter(|_| !beside) else { continue };
                    let length = usize::try_from((x - (first + last) / 2).abs()).unwrap_or(0);
                    let cost = crossings * 1000 + length;
                    if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                        best = Some((cost, path));
                    }
                }
            }
        }
        if let Some((_, path)) = best {
            usage.add(&path);
            layout.routes[at].path = path;
        }
    }
    true
}

/// A count beside every box that has links without a track.
pub(super) fn stubs(layout: &mut Layout, union: &Union) {
    let mut usage = Usage::default();
    layout.routes.iter().for_each(|route| usage.add(&route.path));
    let mut lost: Vec<(Node, Vec<usize>)> = Vec::new();
    let mut position: HashMap<Node, usize> = HashMap::new();
    for at in (0..layout.routes.len()).filter(|at| layout.routes[*at].path.is_empty()) {
        for end in union.links[at].ends {
            let slot = *position.entry(end).or_insert_with(|| {
                lost.push((end, Vec::new()));
                lost.len() - 1
            });
            lost[slot].1.push(at);
        }
    }
    for (node, routes) in lost {
        let Some(boxed) = layout.boxed(node) else { continue };
        let rect = boxed.rect;
        // On the box's own bottom border, where neither a port nor a title can be.
        let at = (if boxed.left { rect.right() - 9 } else { rect.x + 12 }.clamp(rect.x, rect.right()), rect.bottom());
        layout.stubs.push(Stub { node, at, routes });
    }
}
