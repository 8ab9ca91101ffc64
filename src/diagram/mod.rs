//! Where everything is drawn: regions, boxes, rows, ports and tracks in cells, the same for every state of a scenario.
//!
//! Pure geometry: this room knows the topology, but no terminal, no colours and no glyphs.

mod columns;
mod content;
mod foresight;
mod labels;
mod late;
mod navigate;
mod path;
mod plan;
mod ports;
mod routes;
mod rows;
mod sites;
mod spine;
mod tiles;
mod tracks;

#[cfg(test)]
mod metrics;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::topology::{Link, LinkIx, Node, RegionIx, SiteIx, SubnetIx, Topology, VmIx, VnetIx};

pub use content::{Row, Shows, TextColumns};
pub(crate) use content::{space_text, width};
pub use foresight::second_slots;
pub use labels::{Label, Variant, kind_word};
pub use navigate::Direction;
pub use path::Route;
pub use rows::{Counts, RowColumns};
pub use spine::{Branch, Spine};
pub use tiles::Overview;

/// Something on the map a reader can point at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// A region's frame.
    Region(RegionIx),
    /// A VNet's box.
    Vnet(VnetIx),
    /// A subnet's row or box.
    Subnet(SubnetIx),
    /// The slot of a VM in a subnet: where it serves, or where its twin slot waits.
    Vm(VmIx, SubnetIx),
    /// A site's box.
    Site(SiteIx),
    /// A link.
    Link(LinkIx),
}

impl Item {
    /// A network.
    pub fn network(node: Node) -> Self {
        match node {
            Node::Vnet(vnet) => Self::Vnet(vnet),
            Node::Site(site) => Self::Site(site),
        }
    }
}

/// A cell of the map: column and row, counted from its top left corner.
pub type Cell = (i32, i32);

/// A rectangle in cells; `x` and `y` count from the map's top left corner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Rect {
    /// The leftmost column.
    pub x: i32,
    /// The topmost row.
    pub y: i32,
    /// Columns.
    pub width: i32,
    /// Rows.
    pub height: i32,
}

impl Rect {
    /// The column of its right edge.
    pub fn right(self) -> i32 {
        self.x + self.width - 1
    }

    /// The row of its bottom edge.
    pub fn bottom(self) -> i32 {
        self.y + self.height - 1
    }

    /// Whether the cell lies in it.
    pub fn contains(self, x: i32, y: i32) -> bool {
        (self.x..=self.right()).contains(&x) && (self.y..=self.bottom()).contains(&y)
    }
}

/// Columns and rows of cells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Size {
    /// Columns.
    pub width: i32,
    /// Rows.
    pub height: i32,
}

/// How much of a VNet is drawn, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// One glyph per VNet; links as totals.
    Tiles,
    /// One row per VNet; links as counts, and those of one VNet as lines.
    Rows,
    /// A box with one row per subnet and counts of its VMs.
    Subnets,
    /// A box with one row per subnet and its VMs on that row.
    Inline,
    /// A box with a row per subnet and a row per VM.
    Lines,
    /// A box with a box per subnet and a row per VM.
    Nested,
}

/// A level for the map as a whole; VNets that nothing fails over from or to may be drawn one level lower.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Detail {
    main: Level,
    bystanders: Level,
}

const DETAILS: [Detail; 5] = [
    Detail { main: Level::Nested, bystanders: Level::Nested },
    Detail { main: Level::Lines, bystanders: Level::Lines },
    Detail { main: Level::Lines, bystanders: Level::Inline },
    Detail { main: Level::Inline, bystanders: Level::Inline },
    Detail { main: Level::Subnets, bystanders: Level::Subnets },
];

/// So many screens a map of boxes or rows may scroll over where nobody asked for it.
const MOST_SCREENS: i32 = 2;

impl Level {
    /// Every level, from the least detail.
    pub const ALL: [Self; 6] = [Self::Tiles, Self::Rows, Self::Subnets, Self::Inline, Self::Lines, Self::Nested];

    /// What it shows, in a few words.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tiles => "tiles",
            Self::Rows => "rows, links of one",
            Self::Subnets => "subnets",
            Self::Inline => "VMs on the subnet line",
            Self::Lines => "a line per VM",
            Self::Nested => "nested boxes",
        }
    }
}

/// What a reader wishes to see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight {
    /// Exactly this level, even if the map must scroll; the highest that fits where none is wished.
    pub level: Option<Level>,
    /// VNets that are drawn larger on a map of rows, each with its level, the most interesting first.
    pub focus: Vec<(VnetIx, Level)>,
    /// VNets that are not drawn, nor links to them.
    pub hidden: BTreeSet<VnetIx>,
}

/// What came after the start of a scenario, and nobody could foresee.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Later {
    /// How many VNets and VMs there were at the start; all of them where nothing is said.
    pub first: Option<(usize, usize)>,
    /// Machines, and the subnets they were seen in, besides their own and the one they go to.
    pub places: Vec<(VmIx, SubnetIx)>,
    /// How many of the links are laid out as if they had been declared; those of the topology always are.
    pub links: usize,
}

/// A region's frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// The region.
    pub region: RegionIx,
    /// Where its border runs.
    pub rect: Rect,
}

/// The box of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Boxed {
    /// The network.
    pub node: Node,
    /// Where its border runs; a single row without border at [`Level::Rows`].
    pub rect: Rect,
    /// How much of it is drawn.
    pub level: Level,
    /// Whether it stands left of the gutter; a site stands below it.
    pub left: bool,
}

/// The state-independent geometry of a scenario at one size.
///
/// It depends on the topology, the links the history knows, the size and the wished level; never on the world's state,
/// so nothing moves when the state changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// The size of the whole map; larger than what was asked for if even the lowest level does not fit.
    pub size: Size,
    /// How much of a protected VNet is drawn.
    pub level: Level,
    /// Region frames, source side first.
    pub frames: Vec<Frame>,
    /// The boxes of VNets, column by column from the top, then the sites.
    pub boxes: Vec<Boxed>,
    /// Text rows inside the boxes in reading order.
    pub rows: Vec<Row>,
    /// The columns of the text in the boxes.
    pub text: TextColumns,
    /// The columns of VNets in one row each.
    pub table: RowColumns,
    /// What belongs to a map of tiles.
    pub overview: Option<Overview>,
    /// The first and the last column of the gutter.
    pub gutter: Cell,
    /// Every link that is or can be foreseen, and where it runs.
    pub routes: Vec<Route>,
    /// How many links that could be foreseen have no track, or no label that names their kind.
    lost: usize,
    by_link: FxHashMap<LinkIx, usize>,
    by_node: FxHashMap<Node, usize>,
}

impl Layout {
    /// Lays out a topology with the links known so far (those of the topology first, as in
    /// [`World::links`](crate::world::World::links)) in `size` cells.
    ///
    /// `wish` asks for a level at most that high; the highest that fits is taken.
    pub fn new(topology: &Topology, links: &[Link], size: Size, wish: Option<Level>) -> Self {
        Self::with(topology, links, &Later::default(), size, wish)
    }

    /// The same with what came after the start: it takes the room that is left, and what was there stays where it was as
    /// long as there is such room. Without it, machines that came later have no row of their own.
    pub fn with(topology: &Topology, links: &[Link], later: &Later, size: Size, wish: Option<Level>) -> Self {
        let size = Size { width: size.width.max(1), height: size.height.max(1) };
        let nobody = BTreeSet::new();
        let of = |all| Self::of(topology, &foresight::Union::new(topology, links, later, all, &nobody), size, wish);
        Self::with_later(topology, later, size, of)
    }

    /// The layout a reader wishes for.
    ///
    /// None where the level wished for is too wide: no scrolling down helps then.
    pub fn seen(topology: &Topology, links: &[Link], later: &Later, size: Size, sight: &Sight) -> Option<Self> {
        let size = Size { width: size.width.max(1), height: size.height.max(1) };
        let union = |all| foresight::Union::new(topology, links, later, all, &sight.hidden);
        match sight.level {
            None => Some(Self::with_later(topology, later, size, |all| Self::of(topology, &union(all), size, None))),
            Some(Level::Tiles) => Some(tiles::lay_out(topology, &union(false), size)),
            Some(Level::Rows) => Some(rows::lay_out(topology, &union(true), size, &sight.focus)),
            Some(level) => {
                let union = union(true);
                let details = DETAILS.iter().filter(|detail| detail.main == level);
                let order = columns::order(topology, &union);
                let lay_out = |detail: &Detail| routes::lay_out(topology, &union, &order, size, *detail, i32::MAX);
                let mut maps = details.filter_map(lay_out);
                maps.find(|layout| layout.size.width <= size.width)
            }
        }
    }

    /// A layout with a row for what came later, or one without where the row costs too much.
    fn with_later(topology: &Topology, later: &Later, size: Size, of: impl Fn(bool) -> Self) -> Self {
        let all = of(true);
        let came = !later.places.is_empty() || later.first.is_some_and(|(_, vms)| vms < topology.vms.len());
        if !came {
            return all;
        }
        let known = of(false);
        // Less detail everywhere, or a map that scrolls, is too high a price for a row.
        let less = known.boxes.iter().any(|boxed| all.boxed(boxed.node).is_none_or(|now| now.level < boxed.level));
        let scrolls = all.size.height > size.height && known.size.height <= size.height;
        if less || scrolls { known } else { all }
    }

    fn of(topology: &Topology, union: &foresight::Union, size: Size, wish: Option<Level>) -> Self {
        let order = columns::order(topology, union);
        let wished = DETAILS.iter().filter(|detail| wish.is_none_or(|wish| detail.main <= wish));
        let mut counted: Option<(usize, Self)> = None;
        let mut scrolled: Option<(Cell, Self)> = None;
        for detail in wished {
            let Some(layout) = routes::lay_out(topology, union, &order, size, *detail, MOST_SCREENS) else { continue };
            let lost = layout.lost;
            let fits = layout.size.height <= size.height && layout.size.width <= size.width;
            if fits && lost == 0 {
                return layout;
            } else if fits && counted.as_ref().is_none_or(|(least, _)| lost < *least) {
                // A map that fits and counts some links at their boxes comes next.
                counted = Some((lost, layout));
            } else if layout.size.width <= size.width && layout.size.height <= size.height.saturating_mul(MOST_SCREENS)
            {
                // A map of boxes that scrolls a little says more than rows do.
                let worth = (i32::try_from(lost).unwrap_or(i32::MAX), layout.size.height);
                if layout.untracked(topology) == 0 && scrolled.as_ref().is_none_or(|(best, _)| worth < *best) {
                    scrolled = Some((worth, layout));
                }
            }
        }
        if let Some(boxes) = counted.map(|(_, layout)| layout).or(scrolled.map(|(_, layout)| layout)) {
            return boxes;
        }
        // A row each is more than that already where one side has so many VNets.
        let most = size.height.saturating_mul(MOST_SCREENS);
        let tall = order.iter().map(|column| column.iter().map(|(_, vnets)| vnets.len()).sum::<usize>()).max();
        let may_fit = tall.is_none_or(|rows| i32::try_from(rows).is_ok_and(|rows| rows <= most));
        if wish != Some(Level::Tiles) && may_fit {
            let rows = rows::lay_out(topology, union, size, &[]);
            if rows.size.height <= most {
                return rows;
            }
        }
        tiles::lay_out(topology, union, size)
    }

    fn empty(size: Size) -> Self {
        Self {
            size,
            level: Level::Rows,
            frames: Vec::new(),
            boxes: Vec::new(),
            rows: Vec::new(),
            text: TextColumns::default(),
            table: RowColumns::default(),
            overview: None,
            gutter: (0, 0),
            routes: Vec::new(),
            lost: 0,
            by_link: FxHashMap::default(),
            by_node: FxHashMap::default(),
        }
    }

    /// Finds boxes and routes again by what they are.
    fn index(&mut self) {
        self.by_node = self.boxes.iter().enumerate().map(|(at, boxed)| (boxed.node, at)).collect();
        let linked = self.routes.iter().enumerate().filter_map(|(at, route)| route.link.map(|link| (link, at)));
        self.by_link = linked.collect();
    }

    /// The rows of a window of `height` rows in which the map itself is shown; those below do not scroll.
    pub fn window(&self, height: i32) -> i32 {
        (height - self.overview.as_ref().map_or(0, |overview| overview.pinned)).max(0)
    }

    /// How many links of the topology have no track.
    fn untracked(&self, topology: &Topology) -> usize {
        let declared = |route: &&Route| route.link.is_some_and(|link| link.at() < topology.links.len());
        self.routes.iter().filter(declared).filter(|route| route.path.is_empty()).count()
    }

    /// The route of a link.
    pub fn route(&self, link: LinkIx) -> Option<&Route> {
        self.by_link.get(&link).map(|at| &self.routes[*at])
    }

    /// The box of a network.
    pub fn boxed(&self, node: Node) -> Option<&Boxed> {
        self.by_node.get(&node).map(|at| &self.boxes[*at])
    }

    /// How many boxes lie, at least in part, above and below a window of `height` rows that begins at row `top`.
    pub fn hidden(&self, top: i32, height: i32) -> (usize, usize) {
        let above = self.boxes.iter().filter(|boxed| boxed.rect.y < top).count();
        let below = self.boxes.iter().filter(|boxed| boxed.rect.bottom() >= top.saturating_add(height)).count();
        (above, below)
    }

    /// How many boxes lie, at least in part, left and right of a window of `width` columns that begins at column `left`.
    pub fn hidden_beside(&self, left: i32, width: i32) -> (usize, usize) {
        let before = self.boxes.iter().filter(|boxed| boxed.rect.x < left).count();
        let after = self.boxes.iter().filter(|boxed| boxed.rect.right() >= left.saturating_add(width)).count();
        (before, after)
    }
}
