//! Metric 4 against the optimum: the crossings of a layout, and the fewest that any order of its tracks has.

use failscope::diagram::{Cell, Layout, Level, Route};
use failscope::topology::overlap::{Wanted, clashes};
use failscope::topology::{Link, LinkKind, LinkState, Node, Topology};

use super::random::networks;
use super::stage::{SIZES, courses, map_size};

/// A link through the gutter as far as crossings go: its upright and the rows in which it leads to either side.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Course {
    x: i32,
    top: i32,
    bottom: i32,
    /// Rows of stubs, and whether each leads left.
    stubs: Vec<(i32, bool)>,
    ends: [Node; 2],
    kind: LinkKind,
}

impl Course {
    fn of(route: &Route) -> Option<Self> {
        let upright = route.path.windows(2).find(|pair| pair[0].0 == pair[1].0)?;
        if route.path.len() < 3 {
            return None;
        }
        let x = upright[0].0;
        let across = route.path.windows(2).filter(|pair| pair[0].1 == pair[1].1);
        let far = |pair: &[Cell]| if pair[0].0 == x { pair[1] } else { pair[0] };
        let stubs = across.map(|pair| (far(pair).1, far(pair).0 < x)).collect();
        let rows = [upright[0].1, upright[1].1];
        Some(Self {
            x,
            top: rows[0].min(rows[1]),
            bottom: rows[0].max(rows[1]),
            stubs,
            ends: route.ends,
            kind: route.kind,
        })
    }

    /// How often two courses cross when this one runs further left.
    fn crossings(&self, right: &Self) -> usize {
        let over = |stubs: &[(i32, bool)], to_left: bool, other: &Self| -> usize {
            let over = stubs.iter().filter(|(row, left)| *left == to_left && (other.top..=other.bottom).contains(row));
            // On a row where the other turns they would share cells: no such order can be drawn.
            let turns =
                |row: i32| [other.top, other.bottom].contains(&row) || other.stubs.iter().any(|stub| stub.0 == row);
            over.map(|(row, _)| if turns(*row) { 1_000 } else { 1 }).sum()
        };
        over(&self.stubs, false, right) + over(&right.stubs, true, self)
    }
}

/// What it costs when one of a pair runs left of the other: nothing if the two can never be there together.
fn costs(topology: &Topology, all: &[Course]) -> Vec<Vec<usize>> {
    let refused = |a: &Course, b: &Course| {
        let there = Link::new("", b.kind, b.ends, LinkState::Connected);
        let wanted = Wanted { kind: a.kind, between: a.ends, circuit: None, bgp: false };
        !clashes(topology, &[there], wanted).is_empty()
    };
    let cost = |a: &Course, b: &Course| if refused(a, b) && refused(b, a) { 0 } else { a.crossings(b) };
    all.iter().map(|a| all.iter().map(|b| cost(a, b)).collect()).collect()
}

/// The crossings of all pairs as they are laid out.
fn crossings(all: &[Course], costs: &[Vec<usize>]) -> usize {
    let pairs = (0..all.len()).flat_map(|a| (0..all.len()).map(move |b| (a, b)));
    pairs.filter(|(a, b)| all[*a].x < all[*b].x).map(|(a, b)| costs[a][b]).sum()
}

/// The fewest crossings of any order from left to right, tried one by one.
fn fewest(costs: &[Vec<usize>]) -> usize {
    let mut order: Vec<usize> = (0..costs.len()).collect();
    let mut best = usize::MAX;
    permute(&mut order, 0, 0, &|a, b| costs[a][b], &mut best);
    best
}

fn permute(order: &mut [usize], from: usize, sum: usize, cost: &dyn Fn(usize, usize) -> usize, best: &mut usize) {
    if sum >= *best {
        return;
    }
    if from == order.len() {
        *best = sum;
        return;
    }
    for at in from..order.len() {
        order.swap(from, at);
        let added: usize = order[..from].iter().map(|before| cost(*before, order[from])).sum();
        permute(order, from + 1, sum + added, cost, best);
        order.swap(from, at);
    }
}

fn through_gutter(layout: &Layout) -> Vec<Course> {
    layout.routes.iter().filter_map(Course::of).collect()
}

/// Of the links that are given tracks in one go, up to nine and for the ports they have; links that took a way that was left
/// over cross as few others as that way allows, and links to several sites cross in the rows above these as well.
#[test]
fn no_order_of_the_tracks_has_fewer_crossings_than_the_one_that_is_drawn() {
    let mut judged = 0;
    let built_in = courses().into_iter().map(|course| {
        let last = course.worlds.last().expect("a start").clone();
        (course.name, last.topology().clone(), last.links().to_vec())
    });
    let random = networks(60, 12, 9).into_iter().map(|(name, topology)| {
        let links = topology.links.clone();
        (name, topology, links)
    });
    for (name, topology, links) in built_in.chain(random) {
        for size in SIZES {
            let layout = Layout::new(&topology, &links, map_size(size), None);
            let all = through_gutter(&layout);
            // Links that found no track in the order took what was left over.
            let late = layout.routes.iter().any(|route| route.late || route.path.is_empty());
            if layout.level == Level::Rows || late || all.len() > 9 || topology.sites.len() > 1 {
                continue;
            }
            judged += 1;
            let costs = costs(&topology, &all);
            let (drawn, best) = (crossings(&all, &costs), fewest(&costs));
            assert!(drawn <= best, "{name} {size:?}: {drawn} crossings, {best} would do\n{all:#?}");
        }
    }
    assert!(judged > 100, "{judged}");
}
