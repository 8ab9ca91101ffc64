//! Regions left and right of the gutter, twins on one band, sites below.

use super::foresight::Union;
use super::{Detail, content};
use crate::topology::{RegionIx, Side, Topology, VnetIx};

/// The order of one column: regions stacked, each with its VNets.
pub(crate) type Column = Vec<(RegionIx, Vec<VnetIx>)>;

/// Both columns, source side first.
pub(crate) fn order(topology: &Topology, union: &Union) -> [Column; 2] {
    let mut members = vec![Vec::new(); topology.regions.len()];
    for (at, vnet) in topology.vnets.iter().enumerate().filter(|(at, _)| !union.hidden[*at]) {
        members[vnet.region.at()].push(VnetIx::new(at));
    }
    let side = |side: Side| {
        let regions = topology.regions.iter().enumerate().filter(move |(_, region)| region.side == side);
        regions.map(|(at, _)| (RegionIx::new(at), members[at].clone())).collect::<Column>()
    };
    let left = side(Side::Source);
    let mut place = vec![usize::MAX; topology.vnets.len()];
    for (at, vnet) in left.iter().flat_map(|(_, vnets)| vnets).enumerate() {
        for twin in &union.twins[vnet.at()] {
            place[twin.at()] = at;
        }
    }
    let mut right = side(Side::Recovery);
    for (_, vnets) in &mut right {
        // Twins in the order of what they recover, everything else after them in file order.
        vnets.sort_by_key(|vnet| place[vnet.at()]);
    }
    // Regions likewise, so that a pair of regions shares its rows.
    right.sort_by_key(|(_, vnets)| vnets.first().map_or(usize::MAX, |vnet| place[vnet.at()]));
    [left, right]
}

/// Rows of everything in the columns.
#[derive(Debug)]
pub(crate) struct Placed {
    /// Top rows and heights of the frames, by column.
    pub frames: [Vec<(RegionIx, i32, i32)>; 2],
    /// Top row of each VNet.
    pub tops: Vec<i32>,
    /// The first row below the frames.
    pub bottom: i32,
}

enum Entry {
    Open(RegionIx),
    Vnet(VnetIx),
    Close,
}

/// Assigns rows so that what was there from the start keeps its row, as long as what came later fits around it.
pub(crate) fn place(columns: &[Column; 2], union: &Union, heights: &Heights, gap: i32) -> Placed {
    if heights.now == heights.first && heights.now.len() == union.first.vnets {
        return stack(columns, union, &heights.now, gap, &[]);
    }
    let there = |vnet: &VnetIx| vnet.at() < union.first.vnets;
    let first = columns.each_ref().map(|column| {
        let kept = column.iter().map(|(region, vnets)| (*region, vnets.iter().copied().filter(there).collect()));
        kept.collect::<Column>()
    });
    let tops = stack(&first, union, &heights.first, gap, &[]).tops;
    stack(columns, union, &heights.now, gap, &tops[..union.first.vnets.min(tops.len())])
}

/// Stacks boxes `gap` rows apart, twins at the same row wherever the order of the columns allows it. Those that
/// have a top row already keep it unless something grew into it.
fn stack(columns: &[Column; 2], union: &Union, heights: &[i32], gap: i32, known: &[i32]) -> Placed {
    let entries = columns.each_ref().map(|column| {
        let mut list = Vec::new();
        for (region, vnets) in column {
            list.push(Entry::Open(*region));
            list.extend(vnets.iter().copied().map(Entry::Vnet));
            list.push(Entry::Close);
        }
        list
    });
    let mut position = vec![usize::MAX; heights.len()];
    for (at, entry) in entries[1].iter().enumerate() {
        if let Entry::Vnet(vnet) = entry {
            position[vnet.at()] = at;
        }
    }
    let mut cursors = [Cursor::new(gap, known), Cursor::new(gap, known)];
    let mut tops = vec![0; heights.len()];
    let mut next = 0;
    for entry in &entries[0] {
        if let Entry::Vnet(vnet) = entry {
            // A twin that came later has no place among those that were there first.
            let place = |twin: &VnetIx| position.get(twin.at()).copied().filter(|at| *at != usize::MAX);
            let twin = union.twins[vnet.at()].iter().find_map(place);
            if let Some(at) = twin.filter(|at| *at >= next) {
                for skipped in &entries[1][next..at] {
                    cursors[1].put(skipped, heights, &mut tops, 0);
                }
                let row = cursors[0].next_row(*vnet).max(cursors[1].next_row(*twin_of(&entries[1][at], vnet)));
                cursors[1].put(&entries[1][at], heights, &mut tops, row);
                cursors[0].put(entry, heights, &mut tops, row);
                next = at + 1;
                continue;
            }
        }
        cursors[0].put(entry, heights, &mut tops, 0);
    }
    for entry in &entries[1][next..] {
        cursors[1].put(entry, heights, &mut tops, 0);
    }
    let bottom = cursors.iter().map(|cursor| cursor.row).max().unwrap_or(0);
    let frames = cursors.map(|mut cursor| {
        if let Some((_, top, height)) = cursor.frames.last_mut() {
            *height = bottom - *top;
        }
        cursor.frames
    });
    Placed { frames, tops, bottom }
}

/// The VNet of an entry, or another one where it has none.
fn twin_of<'a>(entry: &'a Entry, other: &'a VnetIx) -> &'a VnetIx {
    match entry {
        Entry::Vnet(vnet) => vnet,
        _ => other,
    }
}

struct Cursor<'a> {
    row: i32,
    gap: i32,
    /// The rows in which boxes stood before, by VNet.
    known: &'a [i32],
    filled: bool,
    frames: Vec<(RegionIx, i32, i32)>,
}

impl<'a> Cursor<'a> {
    fn new(gap: i32, known: &'a [i32]) -> Self {
        Self { row: 0, gap, known, filled: false, frames: Vec::new() }
    }

    fn next_row(&self, vnet: VnetIx) -> i32 {
        match self.known.get(vnet.at()) {
            Some(top) => (*top).max(self.row + i32::from(self.filled)),
            None => self.row + if self.filled { self.gap } else { 0 },
        }
    }

    fn put(&mut self, entry: &Entry, heights: &[i32], tops: &mut [i32], at_least: i32) {
        match entry {
            Entry::Open(region) => {
                self.frames.push((*region, self.row, 0));
                self.row += 1;
                self.filled = false;
            }
            Entry::Vnet(vnet) => {
                let top = self.next_row(*vnet).max(at_least);
                tops[vnet.at()] = top;
                self.row = top + heights[vnet.at()];
                self.filled = true;
            }
            Entry::Close => {
                self.row += i32::from(!self.filled) + 1;
                if let Some((_, top, height)) = self.frames.last_mut() {
                    *height = self.row - *top;
                }
            }
        }
    }
}

/// The heights of all VNets at a level.
#[derive(Debug)]
pub(crate) struct Heights {
    /// With everything in them.
    pub now: Vec<i32>,
    /// With what was in them at the start.
    pub first: Vec<i32>,
}

/// Heights of all VNets at a level, with room for `ports` links on each.
pub(crate) fn heights(topology: &Topology, union: &Union, detail: Detail, ports: &[i32]) -> Heights {
    let tall = |own: &dyn Fn(VnetIx, super::Level) -> i32| {
        let each = (0..topology.vnets.len()).map(VnetIx::new);
        each.map(|vnet| own(vnet, detail.of(union, vnet)).max(ports[vnet.at()] + 2)).collect::<Vec<i32>>()
    };
    Heights {
        now: tall(&|vnet, level| content::height(topology, union, vnet, level)),
        first: tall(&|vnet, level| content::first_height(topology, union, vnet, level)),
    }
}
