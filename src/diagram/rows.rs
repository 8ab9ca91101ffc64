//! One row per VNet (`design/picture.md` 2.3, L1): some of them drawn larger, and a gutter kept free for the links of one
//! of them.

use super::columns::{self, Heights};
use super::content::{self, width};
use super::foresight::Union;
use super::routes::{WIDEST, WIDEST_GUTTER, blank};
use super::{Boxed, Detail, Frame, Layout, Level, Rect, Size};
use crate::topology::{Node, SiteIx, Topology, VnetIx};

/// The gutter that holds a spine with the longest label of a link at both sides.
pub(super) const GUTTER: i32 = 14;
/// Cells in front of a name: the mark of the selection, that of the state, a space.
const LEAD: i32 = 3;
/// A name is not shortened below this while there is anything else to give up.
const SHORTEST_NAME: i32 = 8;

/// What a row says about a VNet besides its name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counts {
    /// Nothing.
    #[default]
    None,
    /// Its links.
    Links,
    /// Its subnets, machines and links.
    All,
}

/// The columns of the rows, in cells from the beginning of a row; the same in all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowColumns {
    /// Where the name begins.
    pub name: i32,
    /// Where the address space begins; none where there is no room for it.
    pub range: Option<i32>,
    /// Which counts stand at the end of the row.
    pub counts: Counts,
}

/// How wide the parts of the rows are at most.
struct Parts {
    name: i32,
    range: i32,
    links: i32,
    all: i32,
}

impl Parts {
    fn of(topology: &Topology, union: &Union) -> Self {
        let most = |lengths: &mut dyn Iterator<Item = i32>| lengths.max().unwrap_or(0);
        let name = most(&mut topology.vnets.iter().map(|vnet| width(&vnet.title)));
        let range = most(&mut topology.vnets.iter().map(|vnet| width(&content::space_text(&vnet.address_space))));
        let mut degree = vec![0_usize; topology.vnets.len()];
        let foreseen = union.links.iter().filter(|link| !link.by_hand());
        for vnet in foreseen.flat_map(|link| link.ends).filter_map(Node::vnet) {
            degree[vnet.at()] += 1;
        }
        let digits = |count: usize| width(&count.to_string());
        let links = 4 + 2 * digits(degree.into_iter().max().unwrap_or(0));
        let subnets = digits(topology.vnets.iter().map(|vnet| vnet.subnets.len()).max().unwrap_or(0));
        let mut slots = vec![0; topology.vnets.len()];
        for (at, vms) in union.slots.iter().enumerate() {
            slots[topology.subnets[at].vnet.at()] += vms.len();
        }
        let all = links + subnets + 3 + digits(slots.into_iter().max().unwrap_or(0)) + 3;
        Self { name, range, links, all }
    }

    /// The most a row of so many cells can say, the same for all rows.
    fn columns(&self, inner: i32) -> RowColumns {
        let rest = inner - LEAD - self.name;
        let range = |name: i32| Some(LEAD + name + 1);
        let both = self.range + 1;
        let (range, counts) = match () {
            () if rest > both + self.all => (range(self.name), Counts::All),
            () if rest > both + self.links => (range(self.name), Counts::Links),
            () if rest >= both => (range(self.name), Counts::None),
            () if inner - LEAD - both >= SHORTEST_NAME => (range(inner - LEAD - both), Counts::None),
            () => (None, Counts::None),
        };
        RowColumns { name: LEAD, range, counts }
    }

    /// The row on which nothing is left out.
    fn good(&self) -> i32 {
        LEAD + self.name + 1 + self.range + 1 + self.all + 1
    }
}

/// Lays out one row per VNet; those of `focus`, the most interesting first, are drawn at the level named as long as they
/// leave a third of the window to the others.
pub(super) fn lay_out(topology: &Topology, union: &Union, size: Size, focus: &[(VnetIx, Level)]) -> Layout {
    let order = columns::order(topology, union);
    let levels = levels(topology, union, size.height, focus);
    let tall = |at: usize| content::height(topology, union, VnetIx::new(at), levels[at]);
    let now: Vec<i32> = (0..topology.vnets.len()).map(tall).collect();
    let first = now[..union.first.vnets.min(now.len())].to_vec();
    let placed = columns::place(&order, union, &Heights { now: now.clone(), first }, 0);
    let two = if order.iter().filter(|column| !column.is_empty()).count() > 1 { 2 } else { 1 };
    let parts = Parts::of(topology, union);
    let area = size.width.clamp(24, WIDEST);
    // Without any link there is room for one that may be made by hand.
    let least = GUTTER.min(area / 3);
    let column = ((area - least) / two).min(parts.good() + 2).max(8);
    // What the rows leave goes to the gutter first, as far as lines can be followed.
    let gutter = (area - two * column).clamp(least, WIDEST_GUTTER);
    let column = (area - gutter) / two;
    let width = two * column + gutter;
    let left_margin = ((size.width - width) / 2).max(0);
    let gutter_first = left_margin + if order[0].is_empty() { 0 } else { column };
    let right_x = gutter_first + gutter;

    let mut layout = Layout::empty(Size { width: left_margin + width, height: placed.bottom.max(1) });
    layout.gutter = (gutter_first, right_x - 1);
    layout.table = parts.columns(column - 2);
    if levels.iter().any(|level| *level > Level::Rows) {
        let detail = Detail { main: Level::Lines, bystanders: Level::Lines };
        layout.text = content::text_columns(content::widths(topology, union, detail), detail, column - 2);
    }
    for (side, x) in [(0, left_margin), (1, right_x)] {
        for (region, top, height) in &placed.frames[side] {
            layout.frames.push(Frame { region: *region, rect: Rect { x, y: *top, width: column, height: *height } });
        }
        for vnet in order[side].iter().flat_map(|(_, vnets)| vnets) {
            let at = vnet.at();
            let rect = Rect { x: x + 1, y: placed.tops[at], width: column - 2, height: now[at] };
            let boxed = Boxed { node: Node::Vnet(*vnet), rect, level: levels[at], left: side == 0 };
            content::rows(topology, union, &boxed, *vnet, &mut layout.rows);
            layout.boxes.push(boxed);
        }
    }
    let site_x = if order[0].is_empty() { right_x } else { left_margin };
    sites(&mut layout, topology, Rect { x: site_x, y: placed.bottom, width: column, height: 1 });
    layout.routes = union.links.iter().map(blank).collect();
    layout.index();
    layout
}

/// How much of each VNet is drawn.
fn levels(topology: &Topology, union: &Union, window: i32, focus: &[(VnetIx, Level)]) -> Vec<Level> {
    let mut levels = vec![Level::Rows; topology.vnets.len()];
    let mut room = window * 2 / 3;
    let there = |vnet: &VnetIx| vnet.at() < topology.vnets.len() && !union.hidden[vnet.at()];
    for (vnet, wish) in focus.iter().filter(|(vnet, _)| there(vnet)) {
        let extra = |level: &Level| content::height(topology, union, *vnet, *level) - 1;
        let fitting = [*wish, Level::Subnets].into_iter().find(|level| *level <= *wish && extra(level) <= room);
        if let Some(level) = fitting {
            room -= extra(&level);
            levels[vnet.at()] = level;
        }
    }
    levels
}

/// Sites, one row each from `first` on.
pub(super) fn sites(layout: &mut Layout, topology: &Topology, first: Rect) {
    for at in 0..topology.sites.len() {
        let site = SiteIx::new(at);
        let rect = Rect { y: first.y + i32::try_from(at).unwrap_or(0), ..first };
        let boxed = Boxed { node: Node::Site(site), rect, level: Level::Rows, left: layout.gutter.0 > rect.x };
        content::site_rows(&boxed, site, None, &mut layout.rows);
        layout.size.height = layout.size.height.max(rect.bottom() + 1);
        layout.boxes.push(boxed);
    }
}
