//! One glyph per VNet in rows of ten (`design/picture.md` 2.3, L0): what a network of hundreds looks like as a whole.

use super::columns;
use super::foresight::Union;
use super::routes::blank;
use super::rows::{GUTTER, sites};
use super::{Boxed, Cell, Frame, Layout, Level, Rect, Size};
use crate::topology::{Node, RegionIx, Topology};

/// What belongs to a map of tiles besides the tiles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overview {
    /// Where a row of tiles has its number, and the number of its first tile within the region.
    pub numbers: Vec<(Cell, usize)>,
    /// Digits of a number.
    pub digits: i32,
    /// Where each region counts its tiles by state.
    pub counts: Vec<(RegionIx, Rect)>,
    /// Rows at the bottom of the window for what is wrong and what is selected; they do not scroll.
    pub pinned: i32,
    /// Whether there is an empty cell between two tiles.
    pub spaced: bool,
}

/// How tiles are set: how many tens beside one another, and whether with a space between two tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Setting {
    tens: i32,
    spaced: bool,
}

impl Setting {
    const fn step(self) -> i32 {
        if self.spaced { 2 } else { 1 }
    }

    /// The cells of a row of tiles: a cell more between two tens.
    const fn width(self) -> i32 {
        self.tens * (10 * self.step() + 1) - 1
    }

    /// How many rows so many tiles take.
    fn rows(self, tiles: usize) -> i32 {
        i32::try_from(tiles).unwrap_or(i32::MAX / 4).div_euclid(10 * self.tens)
            + i32::from(!tiles.is_multiple_of(usize::try_from(10 * self.tens).unwrap_or(1)))
    }
}

/// Borders and the line of counts.
const AROUND: i32 = 3;

/// Lays out one tile per VNet. The most generous setting that fits the window is taken; where none does the map scrolls.
pub(super) fn lay_out(topology: &Topology, union: &Union, size: Size) -> Layout {
    let order = columns::order(topology, union);
    let two = if order.iter().filter(|column| !column.is_empty()).count() > 1 { 2 } else { 1 };
    let most = order.iter().flatten().map(|(_, vnets)| vnets.len()).max().unwrap_or(0);
    let digits = i32::try_from(most.saturating_sub(1).to_string().len()).unwrap_or(3).max(3);
    let lead = digits + 3;
    let gutter = GUTTER.min(size.width / 4).max(2);
    let column_most = ((size.width - gutter) / two).max(lead + 13);
    let sites_tall = i32::try_from(topology.sites.len()).unwrap_or(0);
    let pinned = (size.height / 3).clamp(3, 8);
    let body = size.height - pinned - sites_tall;
    let height = |setting: Setting| {
        let column = |column: &columns::Column| -> i32 {
            column.iter().map(|(_, vnets)| setting.rows(vnets.len()) + AROUND).sum()
        };
        order.iter().map(column).max().unwrap_or(0)
    };
    let fitting = |spaced: bool| {
        let settings = (1..).map(move |tens| Setting { tens, spaced });
        settings.take_while(|setting| lead + setting.width() + 3 <= column_most).collect::<Vec<_>>()
    };
    let settings = [fitting(true), fitting(false)].concat();
    let fallback = settings.last().copied().unwrap_or(Setting { tens: 1, spaced: false });
    let setting = settings.into_iter().find(|setting| height(*setting) <= body).unwrap_or(fallback);

    let column = (lead + setting.width() + 3).max(column_most.min(34));
    let gutter = (size.width - two * column).clamp(2, 30);
    let width = two * column + gutter;
    let left_margin = ((size.width - width) / 2).max(0);
    let gutter_first = left_margin + if order[0].is_empty() { 0 } else { column };
    let right_x = gutter_first + gutter;
    let bottom = height(setting);

    let mut layout = Layout::empty(Size { width: left_margin + width, height: bottom.max(1) });
    layout.level = Level::Tiles;
    layout.gutter = (gutter_first, right_x - 1);
    let mut overview = Overview { digits, pinned, spaced: setting.spaced, ..Overview::default() };
    for (side, x) in [(0, left_margin), (1, right_x)] {
        let mut top = 0;
        for (at, (region, vnets)) in order[side].iter().enumerate() {
            let rows = setting.rows(vnets.len());
            let last = at + 1 == order[side].len();
            let tall = if last { bottom - top } else { rows + AROUND };
            let frame = Rect { x, y: top, width: column, height: tall };
            layout.frames.push(Frame { region: *region, rect: frame });
            let per_row = usize::try_from(10 * setting.tens).unwrap_or(10);
            for (nth, vnet) in vnets.iter().enumerate() {
                let (row, place) = (nth / per_row, i32::try_from(nth % per_row).unwrap_or(0));
                let y = top + 1 + i32::try_from(row).unwrap_or(0);
                if place == 0 {
                    overview.numbers.push(((x + 2, y), nth));
                }
                let tile_x = x + 1 + lead + place * setting.step() + place / 10;
                let rect = Rect { x: tile_x, y, width: 1, height: 1 };
                layout.boxes.push(Boxed { node: Node::Vnet(*vnet), rect, level: Level::Tiles, left: side == 0 });
            }
            let counts = Rect { x: x + 2, y: frame.bottom() - 1, width: column - 4, height: 1 };
            overview.counts.push((*region, counts));
            top += tall;
        }
    }
    let site_x = if order[0].is_empty() { right_x } else { left_margin };
    sites(&mut layout, topology, Rect { x: site_x, y: bottom, width: column, height: 1 });
    layout.overview = Some(overview);
    layout.routes = union.links.iter().map(blank).collect();
    layout.index();
    layout
}
