//! Sites: their band below the regions, and the ways of links down to it.
//!
//! A single site lies under the whole gutter, so that every track ends on its border. Of several each has a part of the
//! width: a link turns in a row of its own above the band unless its track comes down on the right one.

use std::collections::{BTreeSet, HashMap};

use super::foresight::Union;
use super::late::check_all;
use super::path::simplified;
use super::plan::Plan;
use super::{Boxed, Cell, Layout, Rect, content};
use crate::topology::{Node, SiteIx, Topology};

/// Where links come down to the band of sites.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Landing {
    /// The row of the top borders.
    pub band_top: i32,
    /// How many rows above it are for links to turn in.
    pub channel_rows: i32,
}

/// The column of each end of a link on a site's border, by link and site.
pub(crate) type Ports = HashMap<(usize, Node), i32>;

/// Places the boxes of sites side by side in their band.
pub(crate) fn place(layout: &mut Layout, topology: &Topology, left: i32, width: i32, band_top: i32, height: i32) {
    let count = i32::try_from(topology.sites.len()).unwrap_or(0);
    let each = if count > 1 { ((width + 2) / count - 2).max(8) } else { 0 };
    for at in 0..count {
        let node = Node::Site(SiteIx::new(usize::try_from(at).unwrap_or(0)));
        let rect = if count == 1 {
            // The title stands left of the gutter, where no port can be.
            let title = content::width(&topology.sites[0].title) + 5;
            let beyond = left + width - 2 - layout.gutter.1;
            let inset = (width / 6).min(layout.gutter.0 - left - title).min(beyond).max(0);
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

impl Landing {
    /// Columns of the top borders for the ends of links, given the column of each link's track: its own track where that
    /// comes down on the site, else one with air on both sides. An end that finds none is left out.
    pub fn ports(self, layout: &Layout, plan: &Plan, union: &Union, tracks: &HashMap<usize, i32>) -> Ports {
        let mut found = Ports::new();
        let down = plan.site_order.keys().filter_map(|link| tracks.get(link)).copied();
        let mut taken: BTreeSet<i32> = down.collect();
        for boxed in layout.boxes.iter().filter(|boxed| boxed.node.site().is_some()) {
            let inside = boxed.rect.x + 2..boxed.rect.right() - 1;
            let links = plan.site_order.keys().copied().filter(|link| union.links[*link].ends.contains(&boxed.node));
            let mut links: Vec<usize> = links.collect();
            links.sort_unstable_by_key(|link| (tracks.get(link), plan.site_order[link]));
            let (own, others): (Vec<usize>, Vec<usize>) =
                links.into_iter().partition(|link| tracks.get(link).is_some_and(|x| inside.contains(x)));
            found.extend(own.into_iter().map(|link| ((link, boxed.node), tracks[&link])));
            for (nth, link) in others.iter().enumerate() {
                let share = |nth: usize| i32::try_from((2 * nth + 1) * inside.len() / (2 * others.len())).unwrap_or(0);
                let wish = inside.start + share(nth);
                let free = inside.clone().filter(|x| taken.range(x - 1..=x + 1).next().is_none());
                if let Some(x) = free.min_by_key(|x| (x - wish).abs()) {
                    taken.insert(x);
                    found.insert((*link, boxed.node), x);
                }
            }
        }
        found
    }

    /// The last part of a link's way, from its track to a site; nothing where it has no port there.
    pub fn down(self, plan: &Plan, ports: &Ports, link: usize, site: &Boxed, track: i32) -> Option<Vec<Cell>> {
        if self.channel_rows == 0 {
            return Some(vec![(track, site.rect.y)]);
        }
        let row = plan.site_row(link, self.band_top, self.channel_rows);
        let port = *ports.get(&(link, site.node))?;
        Some(vec![(track, row), (port, row), (port, site.rect.y)])
    }

    /// Links between two sites turn in their channel row.
    pub fn between(self, layout: &mut Layout, plan: &Plan, union: &Union, ports: &Ports) {
        for link in plan.site_order.keys() {
            let ends = union.links[*link].ends;
            let tops = ends.map(|end| Some((*ports.get(&(*link, end))?, layout.boxed(end)?.rect.y)));
            if let ([Some((from, top)), Some((to, bottom))], true) = (tops, ends.iter().all(|end| end.site().is_some()))
            {
                let row = plan.site_row(*link, self.band_top, self.channel_rows);
                layout.routes[*link].path = simplified(vec![(from, top), (from, row), (to, row), (to, bottom)]);
            }
        }
        check_all(layout, union);
    }
}
