//! Labels of links: beside a vertical or in a stub, never on another line, all of one length if possible.

use std::cmp::Reverse;

use super::path::{Route, UPRIGHT, Usage};
use super::{Layout, Rect};
use crate::topology::LinkKind;

/// How much a label says; each has one cell for the change mark and two for the state mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variant {
    /// The kind's letter and the state mark.
    Letter,
    /// The kind and the state mark.
    Short,
    /// The same with a space between.
    Spaced,
    /// Kind, mark and the state as a word.
    Long,
}

/// Where a link's label stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// Its cells.
    pub rect: Rect,
    /// What it says.
    pub variant: Variant,
    /// Whether it lies in its own line; otherwise it stands beside it.
    pub in_line: bool,
    /// Whether it ends at its line rather than beginning there.
    pub from_right: bool,
}

/// The word for a kind on the map.
pub const fn kind_word(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Vpn => "VPN",
        LinkKind::Peering => "Peer",
        LinkKind::Expressroute => "ExpR",
    }
}

impl Variant {
    /// The cells it needs for a kind of link.
    pub fn width(self, kind: LinkKind) -> i32 {
        let word = super::content::width(kind_word(kind));
        match self {
            Self::Letter => 4,
            Self::Short => 3 + word,
            Self::Spaced => 4 + word,
            Self::Long => 17 + word,
        }
    }
}

const LADDER: [Variant; 4] = [Variant::Long, Variant::Spaced, Variant::Short, Variant::Letter];

/// Places a label for every route: the longest variant that all of them have room for, shorter ones only where none of
/// the readable variants fits everywhere.
///
/// Returns how far that is from a readable label of the same length on every link: 0 is best.
pub(crate) fn place(layout: &mut Layout) -> usize {
    let usage = Usage::of_all(layout);
    let mut best: Option<(usize, Vec<Option<Label>>)> = None;
    for top in [Variant::Long, Variant::Spaced, Variant::Short] {
        let mut labels: Vec<Option<Label>> = vec![None; layout.routes.len()];
        let mut short = 0;
        for variant in LADDER.into_iter().filter(|variant| *variant <= top) {
            for at in 0..layout.routes.len() {
                let route = &layout.routes[at];
                if !route.path.is_empty() && labels[at].is_none() {
                    let Some((touches, label)) = fit(layout, route, variant, &usage, &labels) else { continue };
                    labels[at] = Some(label);
                    let loss = if variant < Variant::Short { 8 } else { 2 };
                    short += if variant < top { loss } else { 0 } + usize::from(touches);
                }
            }
        }
        let missing =
            layout.routes.iter().zip(&labels).filter(|(route, label)| !route.path.is_empty() && label.is_none());
        let worse = short + 32 * missing.count();
        if best.as_ref().is_none_or(|(least, _)| worse <= *least) {
            best = Some((worse, labels));
        }
        if worse == 0 {
            break;
        }
    }
    let Some((worse, labels)) = best else { return 0 };
    layout.routes.iter_mut().zip(labels).for_each(|(route, label)| route.label = label);
    worse
}

/// Places the label of one route beside all others, the longest that fits; whether any does.
pub(crate) fn add(layout: &mut Layout, at: usize) -> bool {
    let usage = Usage::of_all(layout);
    let labels: Vec<Option<Label>> = layout.routes.iter().map(|route| route.label).collect();
    // A late label is no longer than those that were there.
    let longest = labels.iter().flatten().map(|label| label.variant).max().unwrap_or(Variant::Long);
    let mut variants = LADDER.into_iter().filter(|variant| *variant <= longest);
    let label = variants.find_map(|variant| fit(layout, &layout.routes[at], variant, &usage, &labels));
    let label = label.map(|(_, label)| label);
    layout.routes[at].label = label;
    label.is_some()
}

/// The best place for a label, and whether it touches the line it stands beside, which is read less well.
fn fit(
    layout: &Layout,
    route: &Route,
    variant: Variant,
    usage: &Usage,
    taken: &[Option<Label>],
) -> Option<(bool, Label)> {
    let free = |rect: Rect| {
        // A cell of air on both sides keeps two labels apart.
        let wide = Rect { x: rect.x - 1, width: rect.width + 2, ..rect };
        taken
            .iter()
            .flatten()
            .all(|other| other.rect.y != rect.y || other.rect.right() < wide.x || wide.right() < other.rect.x)
    };
    let best = |places: Vec<(i32, Label)>| {
        let places = places.into_iter().filter(|(_, label)| free(label.rect));
        places.min_by_key(|(worth, label)| (Reverse(*worth), label.rect.y, label.rect.x)).map(|(_, label)| label)
    };
    let mut places = in_line(layout, route, variant, usage);
    // With a cell of air before its line, or touching it where another line is near on the other side.
    places.extend(beside(layout, route, variant, usage, 1));
    best(places)
        .map(|label| (false, label))
        .or_else(|| best(beside(layout, route, variant, usage, 0)).map(|label| (true, label)))
}

/// The places for a label in the stubs of a line, each with how good it is.
fn in_line(layout: &Layout, route: &Route, variant: Variant, usage: &Usage) -> Vec<(i32, Label)> {
    let width = variant.width(route.kind);
    let mut places = Vec::new();
    for (from, to) in route.path.windows(2).map(|pair| (pair[0], pair[1])).filter(|(from, to)| from.1 == to.1) {
        let (first, last) = (from.0.min(to.0).max(layout.gutter.0), from.0.max(to.0).min(layout.gutter.1));
        // The longest run of the stub that no other line crosses, with a cell of line left at both ends.
        let clear = |x: &i32| usage.of((*x, from.1)) & UPRIGHT == 0;
        let mut x = first;
        while x <= last {
            let end = (x..=last).take_while(clear).last().unwrap_or(x - 1);
            let run = end - x + 1;
            let middle = x + (run - width) / 2;
            // A short label may touch the border of the region, never a corner or another line.
            let at_border = (end == layout.gutter.1).then_some(end + 1 - width);
            let at_border = at_border.or((x == layout.gutter.0).then_some(x));
            let place = match at_border {
                _ if run >= width + 2 => Some(middle),
                Some(border) if run == width + 1 && variant <= Variant::Letter => Some(border),
                _ => None,
            };
            if let Some(x) = place {
                let rect = Rect { x, y: from.1, width, height: 1 };
                places.push((run, Label { rect, variant, in_line: true, from_right: false }));
            }
            x = end + 2;
        }
    }
    places
}

/// The places for a label beside the upright parts of a line, so many cells away, each with how good it is.
fn beside(layout: &Layout, route: &Route, variant: Variant, usage: &Usage, air: i32) -> Vec<(i32, Label)> {
    let width = variant.width(route.kind);
    let below = layout.frames.iter().map(|frame| frame.rect.bottom()).max().unwrap_or(0);
    let straight = route.path.len() == 2 && route.path[0].0 == route.path[1].0;
    let mut places = Vec::new();
    for (from, to) in route.path.windows(2).map(|pair| (pair[0], pair[1])).filter(|(from, to)| from.1 != to.1) {
        let middle = (from.1 + to.1) / 2;
        for y in from.1.min(to.1) + 1..from.1.max(to.1) {
            for (x, from_right) in [(from.0 - air - width, true), (from.0 + 1 + air, false)] {
                let inside = if straight {
                    let column = layout.frames.iter().find(|frame| frame.rect.contains(from.0, y));
                    column.is_some_and(|frame| x > frame.rect.x && x + width - 1 < frame.rect.right())
                } else if y > below {
                    // Between the regions and the sites there is nothing but links.
                    x > 0 && x + width < layout.size.width
                } else {
                    x > layout.gutter.0 && x + width - 1 < layout.gutter.1
                };
                // Nearer to its own line than to any other.
                let beyond = if from_right { x - 1 - air } else { x + width + air };
                let near = (x - 1).min(beyond)..=(x + width).max(beyond);
                if inside && usage.is_clear(near, y, from.0) && !covered(layout, y, x, x + width - 1) {
                    let rect = Rect { x, y, width, height: 1 };
                    let worth = if y > below { 500 } else { 0 } - (y - middle).abs() * 2 - i32::from(!from_right);
                    places.push((worth, Label { rect, variant, in_line: false, from_right }));
                }
            }
        }
    }
    places
}

fn covered(layout: &Layout, y: i32, first: i32, last: i32) -> bool {
    layout.boxes.iter().any(|boxed| {
        (boxed.rect.y..=boxed.rect.bottom()).contains(&y) && first <= boxed.rect.right() && boxed.rect.x <= last
    })
}
