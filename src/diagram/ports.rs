//! Ports: every link that runs through the gutter enters a box on a row of its own.

use std::collections::{BTreeSet, HashMap};

/// A box as far as ports are concerned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Side {
    /// Whether it stands left of the gutter.
    pub left: bool,
    /// The first row a port may take.
    pub first: i32,
    /// How many rows ports may take.
    pub rows: i32,
}

/// One end of a link at a box, and where the link goes from there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish {
    /// The link, as the caller numbers it.
    pub link: usize,
    /// The box.
    pub at: usize,
    /// The box at the other end; none is a site.
    pub to: Option<usize>,
    /// Who gets a row first if there are too few.
    pub rank: u8,
}

/// The row of each end that got one, by link and box.
pub(crate) fn rows(boxes: &[Side], wishes: &[Wish]) -> HashMap<(usize, usize), i32> {
    let mut by_box: Vec<Vec<Wish>> = vec![Vec::new(); boxes.len()];
    for wish in wishes {
        by_box[wish.at].push(*wish);
    }
    let mut found = HashMap::new();
    let mut across = BTreeSet::new();
    for left in [true, false] {
        for (at, side) in boxes.iter().enumerate().filter(|(_, side)| side.left == left) {
            let list = &mut by_box[at];
            list.sort_by_key(|wish| wish.rank);
            list.truncate(usize::try_from(side.rows).unwrap_or(0));
            list.sort_by_key(|wish| (order(boxes, *wish), wish.link));
            let all = || side.first..side.first + side.rows;
            let quiet: Vec<i32> = all().filter(|row| left || !across.contains(row)).collect();
            let rows = if quiet.len() >= list.len() { quiet } else { all().collect() };
            for (nth, wish) in list.iter().enumerate() {
                let row = rows[(2 * nth + 1) * rows.len() / (2 * list.len())];
                found.insert((wish.link, at), row);
                if left {
                    across.insert(row);
                }
            }
        }
    }
    found
}

/// From top to bottom so that links of one box do not cross: up before down, and towards its own column outermost.
fn order(boxes: &[Side], wish: Wish) -> (i32, i32) {
    let own = &boxes[wish.at];
    let Some(to) = wish.to.map(|to| &boxes[to]) else { return (2, 0) };
    let same_column = to.left == own.left;
    match (to.first.cmp(&own.first), same_column) {
        (std::cmp::Ordering::Less, true) => (-2, -to.first),
        (std::cmp::Ordering::Less, false) => (-1, to.first),
        (std::cmp::Ordering::Equal, _) => (0, to.first),
        (std::cmp::Ordering::Greater, false) => (1, to.first),
        (std::cmp::Ordering::Greater, true) => (3, -to.first),
    }
}
