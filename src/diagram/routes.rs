//! Routes: straight between neighbours, through a track of the gutter everywhere else, down into the sites' band.

use std::collections::{HashMap, HashSet};

use super::content;
use super::foresight::{Foreseen, Union, exclusive};
use super::late::{add_late, check_all, stubs};
use super::path::{Route, simplified};
use super::ports::{self, Side, Wish};
use super::tracks::{self, Channel};
use super::{Boxed, Cell, Detail, Frame, Layout, Level, Rect, Size, columns, labels};
use crate::topology::{Node, SiteIx, Topology, VnetIx};
/// The most links that are given tracks; beyond that a picture of lines explains nothing.
const MOST_LINKS: usize = 48;
/// No map is drawn wider than this; longer lines are harder to follow.
pub(super) const WIDEST: i32 = 150;
pub(super) const WIDEST_GUTTER: i32 = 44;

/// The gaps between boxes and above the sites that are tried, most generous first.
const GAPS: [Cell; 5] = [(3, 4), (2, 3), (1, 3), (1, 2), (1, 1)];

/// Lays out boxes; none where they are too wide, or scroll over more than so many screens.
pub(crate) fn lay_out(topology: &Topology, union: &Union, size: Size, detail: Detail, screens: i32) -> Option<Layout> {
    let rows_only = detail.main == Level::Rows;
    let order = columns::order(topology, union);
    let plan = Plan::new(topology, union, &order, rows_only);
    let heights = columns::heights(topology, union, detail, &plan.ports);
    let level_of = |vnet: VnetIx| upgraded(topology, union, detail, vnet, heights.now[vnet.at()]);
    let sites = i32::try_from(topology.sites.len()).unwrap_or(0);
    let site_height = topology
        .sites
        .iter()
        .enumerate()
        .map(|(at, _)| if rows_only { 1 } else { 3 + content::site_routes(topology, union, SiteIx::new(at)) })
        .max()
        .unwrap_or(0);
    let channel_rows = if sites > 1 && !rows_only { plan.site_links } else { 0 };
    let band = |gap: i32| match (sites, rows_only) {
        (0, _) => 0,
        (sites, true) => sites,
        _ => gap + channel_rows + site_height,
    };
    let gaps: &[Cell] = if rows_only { &[(0, 0)] } else { &GAPS };
    let mut chosen = None;
    for (gap, site_gap) in gaps {
        let placed = columns::place(&order, union, &heights, *gap);
        let total = placed.bottom.saturating_add(band(*site_gap));
        let fits = total <= size.height;
        chosen = Some((placed, *site_gap, total));
        if fits {
            break;
        }
    }
    let (placed, site_gap, total) = chosen?;
    if total > size.height.saturating_mul(screens) {
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
        for (end, node) in union.links[*link].ends.iter().enumerate() {
            match node {
                Node::Vnet(vnet) => {
                    let row = rows[&(*link, vnet.at())];
                    stubs.push((row, sides[vnet.at()].left));
                    reach.push(row);
                }
                Node::Site(_) => reach.push(plan.site_row(*link, end, band_top, channel_rows)),
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

    let gutter_least = if rows_only { 2 } else { (2 * tracks + 1).max(if union.links.is_empty() { 2 } else { 12 }) };
    let gutter_least = if 2 * tracks < gutter_least && area - two * least < gutter_least {
        (area - two * least).max(2 * tracks + 1).max(2)
    } else {
        gutter_least
    };
    if !rows_only && two * least + gutter_least > size.width && detail.main != Level::Subnets {
        return None;
    }
    // The rest goes to words in the boxes, then to the pitch of the tracks, then to both.
    let mut rest = (area - two * least - gutter_least).max(0);
    let mut give = |want: i32| {
        let given = want.clamp(0, rest);
        rest -= given;
        given
    };
    let gutter_good = (4 * tracks + 3).clamp(if rows_only { 2 } else { 14 }, WIDEST_GUTTER);
    let mut gutter = gutter_least + give(gutter_good - gutter_least);
    let mut column = least + give(two * (widths.names - widths.least)) / two;
    gutter += give(18.max(gutter_good) - gutter_good);
    column += give(two * (widths.good - widths.names)) / two;
    gutter += give(if rows_only { 0 } else { (6 * tracks + 8).min(WIDEST_GUTTER) - gutter });
    column += give(two * 24) / two;
    gutter += give(if rows_only { 0 } else { WIDEST_GUTTER - gutter });
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
    place_sites(&mut layout, topology, left_margin, width, placed.bottom, band_top, site_height);
    layout.by_node = layout.boxes.iter().enumerate().map(|(at, boxed)| (boxed.node, at)).collect();
    layout.routes = union.links.iter().map(blank).collect();
    layout.by_link =
        layout.routes.iter().enumerate().filter_map(|(at, route)| route.link.map(|link| (link, at))).collect();
    if rows_only {
        return Some(layout);
    }
    neighbours(&mut layout, &plan);
    let landing = Landing { band_top, channel_rows };
    let draw = |columns: &[i32]| {
        let mut drawn = layout.clone();
        for (link, track) in &gutter_links {
            drawn.routes[*link].path = through_gutter(&drawn, &plan, union, &rows, *link, columns[*track], landing);
        }
        between_sites(&mut drawn, &plan, union, landing);
        let worse = labels::place(&mut drawn);
        (worse, drawn)
    };
    // The same order of tracks with the spare room in different places: the first in which all labels can be read.
    let mut best: Option<(usize, Layout)> = None;
    for columns in spacings(tracks, gutter_first, gutter) {
        let (worse, drawn) = draw(&columns);
        if best.as_ref().is_none_or(|(least, _)| worse < *least) {
            best = Some((worse, drawn));
        }
        if worse == 0 || layout.routes.len() > MOST_LINKS / 2 {
            break;
        }
    }
    let mut layout = best.map_or(layout, |(_, drawn)| drawn);
    if add_late(&mut layout, topology, union, &sides) {
        labels::place(&mut layout);
    }
    stubs(&mut layout, union);
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
    if own == Level::Rows {
        return own;
    }
    let mut higher = [Level::Nested, Level::Lines]
        .into_iter()
        .filter(|level| *level > own && (*level == Level::Lines || detail.main == Level::Nested));
    higher.find(|level| content::height(topology, union, vnet, *level) <= rows).unwrap_or(own)
}

pub(super) fn blank(link: &Foreseen) -> Route {
    Route { ends: link.ends, kind: link.kind, link: link.link, path: Vec::new(), label: None }
}

/// Which links run where.
struct Plan {
    /// Upper box, lower box and the how-manieth link between them, by link.
    straight: HashMap<usize, (VnetIx, VnetIx, i32)>,
    /// Links through the gutter, most important first.
    channels: Vec<usize>,
    /// Links that end in a site, in order: their channel rows where there are several sites.
    site_order: HashMap<usize, i32>,
    site_links: i32,
    /// How many rows the ports of each VNet need.
    ports: Vec<i32>,
    left: Vec<bool>,
}

impl Plan {
    fn new(topology: &Topology, union: &Union, order: &[columns::Column; 2], rows_only: bool) -> Self {
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
                _ if rows_only || link.rank > 3 => None,
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
            if link.ends.iter().any(|end| end.site().is_some()) && link.rank < 4 {
                site_order.insert(at, i32::try_from(site_order.len()).unwrap_or(0));
            }
            if link.rank < 4 && !link.ends.iter().all(|end| end.site().is_some()) {
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

    fn sides(&self, topology: &Topology, tops: &[i32], heights: &[i32]) -> Vec<Side> {
        (0..topology.vnets.len())
            .map(|at| Side { left: self.left[at], first: tops[at] + 1, rows: heights[at] - 2 })
            .collect()
    }

    fn wishes(&self, union: &Union, link: usize) -> Vec<Wish> {
        let foreseen = &union.links[link];
        let [a, b] = foreseen.ends.map(Node::vnet);
        [(a, b), (b, a)]
            .into_iter()
            .filter_map(|(at, to)| Some((at?, to)))
            .map(|(at, to)| Wish { link, at: at.at(), to: to.map(VnetIx::at), rank: foreseen.rank })
            .collect()
    }

    /// The row in which a site link turns towards its site, or the site's border.
    fn site_row(&self, link: usize, _end: usize, band_top: i32, channel_rows: i32) -> i32 {
        if channel_rows == 0 {
            return band_top;
        }
        band_top - channel_rows + self.site_order.get(&link).copied().unwrap_or(0)
    }
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
    let mut excluded: HashSet<(usize, usize)> = HashSet::new();
    loop {
        let shapes: Vec<Channel> = links.iter().map(channel).collect();
        let apart = |i: usize, j: usize| !excluded.contains(&(links[i], links[j]));
        let tracks = tracks::assign(&shapes, apart);
        let needed = tracks.iter().map(|track| track + 1).max().unwrap_or(0);
        let clashing = tracks::clashing(&shapes, &tracks, apart);
        if links.len() > MOST_LINKS / 2 && !clashing.is_empty() {
            let mut at = 0..;
            links.retain(|_| at.next().is_some_and(|at| !clashing.contains(&at)));
        } else if let Some(last) = clashing.last() {
            links.remove(*last);
        } else if needed > most && !share {
            share = true;
            for (nth, one) in links.iter().enumerate() {
                for other in &links[..nth] {
                    if exclusive(topology, &union.links[*one], &union.links[*other]) {
                        excluded.extend([(*one, *other), (*other, *one)]);
                    }
                }
            }
        } else if needed > most {
            // Later links are less important; far too many are dropped in larger bites.
            let surplus = ((needed - most) / 2).max(1);
            links.truncate(links.len().saturating_sub(surplus));
        } else {
            return links.into_iter().zip(tracks).collect();
        }
    }
}

fn place_sites(
    layout: &mut Layout,
    topology: &Topology,
    left: i32,
    width: i32,
    frames_bottom: i32,
    band_top: i32,
    height: i32,
) {
    let count = i32::try_from(topology.sites.len()).unwrap_or(0);
    let each = if count > 1 { ((width + 2) / count - 2).max(8) } else { 0 };
    for at in 0..count {
        let node = Node::Site(SiteIx::new(usize::try_from(at).unwrap_or(0)));
        let rect = if layout.level == Level::Rows {
            Rect { x: left, y: frames_bottom + at, width, height: 1 }
        } else if count == 1 {
            // The title stands left of the gutter, where no port can be.
            let title = content::width(&topology.sites[0].title) + 5;
            let inset = (width / 6).min(layout.gutter.0 - left - title).max(0);
            Rect { x: left + inset, y: band_top, width: (width - 2 * inset).max(4), height }
        } else {
            Rect { x: left + at * (each + 2), y: band_top, width: each, height }
        };
        layout.size.width = layout.size.width.max(rect.right() + 1);
        layout.size.height = layout.size.height.max(rect.bottom() + 1);
        let boxed = Boxed { node, rect, level: layout.level, left: false };
        if let Node::Site(site) = node {
            let before_gutter = layout.gutter.0 - rect.x - 2;
            let title = (count == 1 && before_gutter > 8).then_some(before_gutter);
            content::site_rows(&boxed, site, title, &mut layout.rows);
        }
        layout.boxes.push(boxed);
    }
}

/// Straight verticals between boxes that stand under one another.
fn neighbours(layout: &mut Layout, plan: &Plan) {
    for (link, (upper, lower, lane)) in &plan.straight {
        let (Some(upper), Some(lower)) = (layout.boxed(Node::Vnet(*upper)), layout.boxed(Node::Vnet(*lower))) else {
            continue;
        };
        let x = upper.rect.right() - 1 - lane * 11;
        if x > upper.rect.x + 9 {
            layout.routes[*link].path = vec![(x, upper.rect.bottom()), (x, lower.rect.y)];
        }
    }
}

#[derive(Clone, Copy)]
struct Landing {
    band_top: i32,
    channel_rows: i32,
}

fn through_gutter(
    layout: &Layout,
    plan: &Plan,
    union: &Union,
    rows: &HashMap<(usize, usize), i32>,
    link: usize,
    x: i32,
    landing: Landing,
) -> Vec<Cell> {
    let mut path = Vec::new();
    let mut ends = union.links[link].ends;
    if ends[0].site().is_some() {
        ends.reverse();
    }
    for (nth, end) in ends.iter().enumerate() {
        let Some(boxed) = layout.boxed(*end) else { return Vec::new() };
        let mut part = match end {
            Node::Vnet(vnet) => {
                let row = rows[&(link, vnet.at())];
                vec![(if boxed.left { boxed.rect.right() } else { boxed.rect.x }, row), (x, row)]
            }
            Node::Site(_) if landing.channel_rows == 0 => vec![(x, boxed.rect.y)],
            Node::Site(_) => {
                let row = plan.site_row(link, nth, landing.band_top, landing.channel_rows);
                let port = site_port(layout, plan, boxed, link);
                vec![(port, boxed.rect.y), (port, row), (x, row)]
            }
        };
        if nth == 1 {
            part.reverse();
        }
        path.extend(part);
    }
    simplified(path)
}

/// A column of a site's top border that no track uses.
fn site_port(layout: &Layout, plan: &Plan, boxed: &Boxed, link: usize) -> i32 {
    let nth = plan.site_order.get(&link).copied().unwrap_or(0);
    let room = (boxed.rect.width - 4).max(1);
    let wanted = boxed.rect.x + 2 + (nth * 6 + 3) % room;
    let (first, last) = layout.gutter;
    if (first..=last).contains(&wanted) {
        // Within the gutter every column may be a track; step aside towards the outside of the map.
        let outside = if boxed.rect.x + 2 < first { first - 1 - nth } else { last + 1 + nth };
        return outside.clamp(boxed.rect.x + 1, boxed.rect.right() - 1);
    }
    wanted
}

/// Links between two sites turn in their channel row.
fn between_sites(layout: &mut Layout, plan: &Plan, union: &Union, landing: Landing) {
    for (link, _) in plan.site_order.iter() {
        let ends = union.links[*link].ends;
        let [Some(a), Some(b)] = ends.map(|end| end.site().and(layout.boxed(end)).copied()) else { continue };
        let row = plan.site_row(*link, 0, landing.band_top, landing.channel_rows);
        let (from, to) = (site_port(layout, plan, &a, *link), site_port(layout, plan, &b, *link));
        layout.routes[*link].path = simplified(vec![(from, a.rect.y), (from, row), (to, row), (to, b.rect.y)]);
    }
    check_all(layout, union);
}
