//! Routes: straight between neighbours, through a track of the gutter everywhere else, down into the sites' band.

use std::cell::RefCell;
use std::collections::HashMap;

use super::content;
use super::foresight::{Foreseen, Union, exclusive};
use super::late::add_late;
use super::path::{Route, simplified};
use super::plan::Plan;
use super::ports::{self, Wish};
use super::sites::{self, Landing, Ports};
use super::tracks::{self, Channel};
use super::{Boxed, Cell, Detail, Frame, Layout, Level, Rect, Size, columns, labels};
use crate::topology::{Node, SiteIx, Topology, VnetIx};
/// The most links that are given tracks; beyond that a picture of lines explains nothing.
const MOST_LINKS: usize = 48;
/// Where there are more links than that, a box grows for so many of them at most.
const CROWDED_PORTS: i32 = 6;
/// Links up to this rank are part of the scenario: declared, planned, or the like-for-like twin of such a link.
const LIKELY: u8 = 2;
/// So often boxes grow for links that have no row of their own.
const MOST_GROWTH: usize = 4;
/// No map is drawn wider than this; longer lines are harder to follow.
pub(super) const WIDEST: i32 = 150;
pub(super) const WIDEST_GUTTER: i32 = 44;

/// The gaps between boxes and above the sites that are tried, most generous first.
const GAPS: [Cell; 5] = [(3, 4), (2, 3), (1, 3), (1, 2), (1, 1)];

/// Lays out everything at one level; nothing where its boxes are too wide, or fill more than so many screens.
///
/// Boxes grow as long as that gives a row of its own to a link that would find none, and the map is no longer than before
/// or scrolls anyway.
pub(crate) fn lay_out(
    topology: &Topology,
    union: &Union,
    order: &[columns::Column; 2],
    size: Size,
    detail: Detail,
    screens: i32,
) -> Option<Layout> {
    let most_rows = size.height.saturating_mul(screens);
    // Boxes alone that fill more than that need no closer look.
    let tall = |vnet: &VnetIx| content::height(topology, union, *vnet, detail.of(union, *vnet));
    let rows = |column: &columns::Column| column.iter().flat_map(|(_, vnets)| vnets).map(tall).sum::<i32>();
    if order.iter().any(|column| rows(column) > most_rows) {
        return None;
    }
    let mut plan = Plan::new(topology, union, order);
    if union.links.len() > MOST_LINKS {
        // Few of so many links find a track, so a box that grew for all of them would be empty.
        plan.ports.iter_mut().for_each(|ports| *ports = (*ports).min(CROWDED_PORTS));
    }
    let mut best = draw(topology, union, size, detail, order, &plan, most_rows)?;
    let fits = best.size.height <= size.height;
    for _ in 0..MOST_GROWTH {
        if best.lost == 0 || union.links.len() > MOST_LINKS {
            break;
        }
        let without =
            union.links.iter().zip(&best.routes).filter(|(link, route)| link.rank <= LIKELY && route.path.is_empty());
        for vnet in without.flat_map(|(link, _)| link.ends).filter_map(Node::vnet) {
            plan.ports[vnet.at()] =
                plan.ports[vnet.at()].max(best.boxed(Node::Vnet(vnet)).map_or(0, |boxed| boxed.rect.height - 2)) + 1;
        }
        match draw(topology, union, size, detail, order, &plan, most_rows) {
            Some(grown) if grown.size.height <= size.height || !fits => {
                if grown.lost < best.lost {
                    best = grown;
                }
            }
            _ => break,
        }
    }
    Some(best)
}

fn draw(
    topology: &Topology,
    union: &Union,
    size: Size,
    detail: Detail,
    order: &[columns::Column; 2],
    plan: &Plan,
    most_rows: i32,
) -> Option<Layout> {
    let heights = columns::heights(topology, union, detail, &plan.ports);
    let level_of = |vnet: VnetIx| upgraded(topology, union, detail, vnet, heights.now[vnet.at()]);
    let site_count = i32::try_from(topology.sites.len()).unwrap_or(0);
    let site_height = topology
        .sites
        .iter()
        .enumerate()
        .map(|(at, _)| 3 + content::site_routes(topology, union, SiteIx::new(at)))
        .max()
        .unwrap_or(0);
    let channel_rows = if site_count > 1 { plan.site_links } else { 0 };
    let band = |gap: i32| if site_count == 0 { 0 } else { gap + channel_rows + site_height };
    let mut chosen = None;
    for (gap, site_gap) in &GAPS {
        let placed = columns::place(order, union, &heights, *gap);
        let total = placed.bottom.saturating_add(band(*site_gap));
        let fits = total <= size.height;
        chosen = Some((placed, *site_gap, total));
        if fits {
            break;
        }
    }
    let (placed, site_gap, total) = chosen?;
    if total > most_rows {
        return None;
    }

    let two_columns = order.iter().filter(|column| !column.is_empty()).count() > 1;
    let widths = content::widths(topology, union, detail);
    let area = size.width.min(WIDEST);
    let two = if two_columns { 2 } else { 1 };
    let mut channels = plan.channels.clone();
    channels.truncate(MOST_LINKS);
    // Ports keep the rows they had before a box grew.
    let sides = plan.sides(topology, &placed.tops, &heights.first);
    let band_top = placed.bottom + site_gap + channel_rows;
    let wishes: Vec<Wish> = channels.iter().flat_map(|link| plan.wishes(union, *link)).collect();
    let rows = ports::rows(&sides, &wishes);
    let routable: Vec<usize> = channels
        .iter()
        .copied()
        .filter(|link| plan.wishes(union, *link).iter().all(|wish| rows.contains_key(&(*link, wish.at))))
        .collect();
    let channel = |link: &usize| {
        let mut stubs = Vec::new();
        let mut reach = Vec::new();
        for node in &union.links[*link].ends {
            match node {
                Node::Vnet(vnet) => {
                    let row = rows[&(*link, vnet.at())];
                    stubs.push((row, sides[vnet.at()].left));
                    reach.push(row);
                }
                Node::Site(_) => reach.push(plan.site_row(*link, band_top, channel_rows)),
            }
        }
        let (top, bottom) = (reach.iter().min().copied().unwrap_or(0), reach.iter().max().copied().unwrap_or(0));
        Channel { stubs, top, bottom }
    };
    // The frame's borders and, where there is room to spare, a cell of air inside them.
    let margins = 2;
    let least = widths.least + margins;
    let most_tracks = ((area - two * least - 1) / 2).max(0);
    let gutter_links = assign(topology, union, routable, &channel, usize::try_from(most_tracks).unwrap_or(0));
    let tracks = gutter_links.iter().map(|(_, track)| *track + 1).max().unwrap_or(0);
    let tracks = i32::try_from(tracks).unwrap_or(0);

    let gutter_least = (2 * tracks + 1).max(if union.links.is_empty() { 2 } else { 12 });
    let gutter_least = if 2 * tracks < gutter_least && area - two * least < gutter_least {
        (area - two * least).max(2 * tracks + 1).max(2)
    } else {
        gutter_least
    };
    if two * least + gutter_least > size.width && detail.main != Level::Subnets {
        return None;
    }
    // The rest goes to words in the boxes, then to the pitch of the tracks, then to both.
    let mut rest = (area - two * least - gutter_least).max(0);
    let mut give = |want: i32| {
        let given = want.clamp(0, rest);
        rest -= given;
        given
    };
    let gutter_good = (4 * tracks + 3).clamp(14, WIDEST_GUTTER);
    let mut gutter = gutter_least + give(gutter_good - gutter_least);
    let mut column = least + give(two * (widths.names - widths.least)) / two;
    gutter += give(18.max(gutter_good) - gutter_good);
    column += give(two * (widths.good - widths.names)) / two;
    gutter += give((6 * tracks + 8).min(WIDEST_GUTTER) - gutter);
    column += give(two * 24) / two;
    gutter += give(WIDEST_GUTTER - gutter);
    column += rest / two;
    let width = area.max(two * column + gutter);
    gutter = if two_columns { width - 2 * column } else { width - column };
    let left_margin = ((size.width - width) / 2).max(0);
    let gutter_first = left_margin + if order[0].is_empty() { 0 } else { column };
    let right_x = gutter_first + gutter;

    let mut layout = Layout::empty(Size { width: left_margin + width, height: total.max(1) });
    layout.level = detail.main;
    layout.gutter = (gutter_first, right_x - 1);
    layout.text = content::text_columns(widths, detail, column - 2);
    for (side, x) in [(0, left_margin), (1, right_x)] {
        for (region, top, height) in &placed.frames[side] {
            layout.frames.push(Frame { region: *region, rect: Rect { x, y: *top, width: column, height: *height } });
        }
        for vnet in order[side].iter().flat_map(|(_, vnets)| vnets) {
            let rect = Rect { x: x + 1, y: placed.tops[vnet.at()], width: column - 2, height: heights.now[vnet.at()] };
            let level = level_of(*vnet);
            let boxed = Boxed { node: Node::Vnet(*vnet), rect, level, left: side == 0 };
            content::rows(topology, union, &boxed, *vnet, &mut layout.rows);
            layout.boxes.push(boxed);
        }
    }
    sites::place(&mut layout, topology, left_margin, width, band_top, site_height);
    layout.by_node = layout.boxes.iter().enumerate().map(|(at, boxed)| (boxed.node, at)).collect();
    layout.routes = union.links.iter().map(blank).collect();
    layout.by_link =
        layout.routes.iter().enumerate().filter_map(|(at, route)| route.link.map(|link| (link, at))).collect();
    neighbours(&mut layout, topology, plan);
    let landing = Landing { band_top, channel_rows };
    let with_tracks = |columns: &[i32]| {
        let mut drawn = layout.clone();
        let columns: HashMap<usize, i32> = gutter_links.iter().map(|(link, track)| (*link, columns[*track])).collect();
        let ports = landing.ports(&drawn, plan, union, &columns);
        for (link, x) in &columns {
            let way = through_gutter(&drawn, plan, union, &rows, (*link, *x), (landing, &ports));
            drawn.routes[*link].path = way;
        }
        landing.between(&mut drawn, plan, union, &ports);
        let worse = labels::place(&mut drawn);
        (worse, drawn)
    };
    // The same order of tracks with the spare room in different places: the first in which all labels can be read.
    let mut best: Option<(usize, Layout)> = None;
    for columns in spacings(tracks, gutter_first, gutter) {
        let (worse, drawn) = with_tracks(&columns);
        if best.as_ref().is_none_or(|(least, _)| worse < *least) {
            best = Some((worse, drawn));
        }
        if worse == 0 || layout.routes.len() > MOST_LINKS / 2 {
            break;
        }
    }
    let mut layout = best.map_or(layout, |(_, drawn)| drawn);
    // A line that nothing names says too little: another way, or the count.
    layout.routes.iter_mut().filter(|route| route.label.is_none()).for_each(|route| route.path.clear());
    add_late(&mut layout, topology, union, &sides);
    let likely = union.links.iter().zip(&layout.routes).filter(|(link, _)| link.rank <= LIKELY);
    layout.lost = likely.filter(|(_, route)| route.label.is_none()).count();
    Some(layout)
}

/// Columns for so many tracks: evenly spread first, then packed with the spare room between two of them or at a side.
fn spacings(tracks: i32, first: i32, gutter: i32) -> Vec<Vec<i32>> {
    if tracks == 0 {
        return vec![Vec::new()];
    }
    let spread = |pitch: i32, start: i32| (0..tracks).map(|track| start + track * pitch).collect::<Vec<i32>>();
    let pitch = ((gutter - 1) / tracks).clamp(2, 8);
    // Left of the middle: one long stub holds a label better than two short ones.
    let spare = gutter - ((tracks - 1) * pitch + 1);
    let mut all = vec![spread(pitch, first + (if spare > 20 { spare / 2 } else { spare / 3 }).max(1))];
    for tight in (2..pitch).rev().chain((pitch == 2).then_some(2)).take(2) {
        let rest = gutter - ((tracks - 1) * tight + 1) - 2;
        for gap_before in (0..=tracks).filter(|_| rest > 0) {
            let shifted = spread(tight, first + 1).into_iter().zip(0..);
            all.push(shifted.map(|(x, track)| if track >= gap_before { x + rest } else { x }).collect());
        }
    }
    all
}

/// A box that grew for its ports shows as much as its rows allow.
fn upgraded(topology: &Topology, union: &Union, detail: Detail, vnet: VnetIx, rows: i32) -> Level {
    let own = detail.of(union, vnet);
    let mut higher = [Level::Nested, Level::Lines]
        .into_iter()
        .filter(|level| *level > own && (*level == Level::Lines || detail.main == Level::Nested));
    higher.find(|level| content::height(topology, union, vnet, *level) <= rows).unwrap_or(own)
}

pub(super) fn blank(link: &Foreseen) -> Route {
    Route { ends: link.ends, kind: link.kind, link: link.link, path: Vec::new(), label: None, late: false }
}

/// Tracks for as many links as the gutter holds: live ones first, and those that exclude each other share if need be.
fn assign(
    topology: &Topology,
    union: &Union,
    mut links: Vec<usize>,
    channel: &dyn Fn(&usize) -> Channel,
    most: usize,
) -> Vec<(usize, usize)> {
    let mut share = false;
    let known: RefCell<HashMap<(usize, usize), bool>> = RefCell::default();
    let excluded = |a: usize, b: usize| {
        let of = |a: usize, b: usize| exclusive(topology, &union.links[a], &union.links[b]);
        *known.borrow_mut().entry((a.max(b), a.min(b))).or_insert_with(|| of(a, b) && of(b, a))
    };
    loop {
        let shapes: Vec<Channel> = links.iter().map(channel).collect();
        let together = |i: usize, j: usize| !excluded(links[i], links[j]);
        let apart = |i: usize, j: usize| !share || together(i, j);
        let tracks = tracks::assign(&shapes, apart, together);
        let needed = tracks.iter().map(|track| track + 1).max().unwrap_or(0);
        let clashing = tracks::clashing(&shapes, &tracks, apart);
        if links.len() > MOST_LINKS / 2 && !clashing.is_empty() {
            let mut at = 0..;
            links.retain(|_| at.next().is_some_and(|at| !clashing.contains(&at)));
        } else if let Some(last) = clashing.last() {
            links.remove(*last);
        } else if needed > most && !share {
            share = true;
        } else if needed > most {
            // Later links are less important; far too many are dropped in larger bites.
            let surplus = ((needed - most) / 2).max(1);
            links.truncate(links.len().saturating_sub(surplus));
        } else {
            return links.into_iter().zip(tracks).collect();
        }
    }
}

/// Straight verticals between boxes that stand under one another.
fn neighbours(layout: &mut Layout, topology: &Topology, plan: &Plan) {
    for (link, (upper, lower, lane)) in &plan.straight {
        let ends = [*upper, *lower].map(|vnet| layout.boxed(Node::Vnet(vnet)).map(|boxed| boxed.rect));
        let [Some(above), Some(below)] = ends else { continue };
        let x = above.right() - 1 - lane * 11;
        // A second port leaves the title of the lower box whole; for the first one there is a cell beside it.
        let vnet = &topology.vnets[lower.at()];
        let title = content::width(&vnet.title) + 1 + content::width(&content::space_text(&vnet.address_space));
        if x > above.x + 9 && (*lane == 0 || title <= x - below.x - 2) {
            layout.routes[*link].path = vec![(x, above.bottom()), (x, below.y)];
        }
    }
}

/// The way of a link through the gutter on the track in column `x`; empty where it cannot land.
fn through_gutter(
    layout: &Layout,
    plan: &Plan,
    union: &Union,
    rows: &HashMap<(usize, usize), i32>,
    (link, x): (usize, i32),
    (landing, ports): (Landing, &Ports),
) -> Vec<Cell> {
    let mut path = Vec::new();
    let mut ends = union.links[link].ends;
    if ends[0].site().is_some() {
        ends.reverse();
    }
    for (nth, end) in ends.iter().enumerate() {
        let Some(boxed) = layout.boxed(*end) else { return Vec::new() };
        let part = match end {
            Node::Vnet(vnet) => {
                let row = rows[&(link, vnet.at())];
                Some(vec![(x, row), (if boxed.left { boxed.rect.right() } else { boxed.rect.x }, row)])
            }
            Node::Site(_) => landing.down(plan, ports, link, boxed, x),
        };
        let Some(mut part) = part else { return Vec::new() };
        if nth == 0 {
            part.reverse();
        }
        path.extend(part);
    }
    simplified(path)
}
