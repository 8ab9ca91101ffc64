//! Where everything is drawn: regions, boxes, rows, ports and tracks in cells, the same for every state of a scenario.
//!
//! Pure geometry: this room knows the world, but no terminal, no colours and no glyphs.

use crate::topology::{LinkIx, RegionIx, SiteIx, SubnetIx, VmIx, VnetIx};

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
