//! Where things are on the map, for moving and pointing: the one place that asks the diagram.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use super::{App, Session};
use crate::diagram::{Direction, Item, Later, Layout, Level, Size, second_slots};
use crate::history::History;
use crate::network::Network;
use crate::topology::{CircuitIx, LinkKind, Node, SubnetIx, VmIx};
use crate::world::World;

/// A direction to move in.
pub use crate::diagram::Direction as Toward;

/// The levels a reader can wish for, from the least detail.
const LEVELS: [Level; 5] = [Level::Rows, Level::Subnets, Level::Inline, Level::Lines, Level::Nested];

/// The last layout and what it was made for: a session asks for the same one again and again.
#[derive(Debug, Clone, Default)]
pub struct Cache {
    last: RefCell<Option<(Key, Rc<Layout>)>>,
    seen: RefCell<Seen>,
}

/// Where machines were seen in the history so far, besides the two places the map keeps for each.
#[derive(Debug, Clone, Default)]
struct Seen {
    /// The revisions that were looked at, by their forwarding state: each has one of its own.
    revisions: Vec<Arc<Network>>,
    /// The second place of each VM, for as many VMs as there are.
    second: Vec<Option<SubnetIx>>,
    places: BTreeSet<(VmIx, SubnetIx)>,
}

impl Seen {
    /// Looks at what the history knows by now.
    fn follow(&mut self, history: &History) {
        let revisions = history.revisions();
        let known = self.revisions.iter().zip(revisions).take_while(|(a, b)| Arc::ptr_eq(a, &b.network)).count();
        if known < self.revisions.len() {
            *self = Self::default();
        }
        for revision in &revisions[self.revisions.len().min(revisions.len())..] {
            let world = &revision.world;
            let topology = world.topology();
            if self.second.len() != topology.vms.len() {
                self.second = second_slots(topology);
            }
            for (vm, state) in world.vms() {
                let behind = state.behind.map(|behind| behind.at.subnet);
                let copy = if state.testing { world.test_copy(vm).map(|copy| copy.at.subnet) } else { None };
                for subnet in [Some(state.at.subnet), behind, copy].into_iter().flatten() {
                    if subnet != topology.vms[vm.at()].subnet && self.second[vm.at()] != Some(subnet) {
                        self.places.insert((vm, subnet));
                    }
                }
            }
            self.revisions.push(Arc::clone(&revision.network));
        }
    }
}

/// Everything a layout depends on within one session.
#[derive(Debug, Clone, PartialEq)]
struct Key {
    size: Size,
    zoom: i8,
    snug: bool,
    /// How many VNets, subnets and VMs there are: some come later.
    networks: (usize, usize, usize),
    /// Where machines were seen that nobody foresaw.
    places: Vec<(VmIx, SubnetIx)>,
    /// The links made by hand, in the order of the history.
    by_hand: Vec<(LinkKind, [Node; 2], Option<CircuitIx>)>,
}

/// The layout of a session's map in an area of some columns and rows.
///
/// It is made for all links the history knows, so that nothing moves when the reader goes back and forth.
pub fn layout(session: &Session, width: i32, height: i32) -> Rc<Layout> {
    // What came later has no place in a world that does not know it; then only there the map is another one.
    let now = session.world();
    let last = session.history.revisions().last().map_or(now, |revision| &revision.world);
    let world = if extent(last) == extent(now) { last } else { now };
    let size = Size { width, height };
    let by_hand = world.links().iter().skip(world.topology().links.len());
    let by_hand = by_hand.map(|link| (link.kind, link.between, link.circuit)).collect();
    let mut seen = session.map.seen.borrow_mut();
    seen.follow(&session.history);
    let (vnets, _, vms) = session.history.revisions().first().map_or(extent(world), |first| extent(&first.world));
    let here = |(vm, _): &&(VmIx, SubnetIx)| vm.at() < world.topology().vms.len();
    let places: Vec<(VmIx, SubnetIx)> = seen.places.iter().filter(here).copied().collect();
    let key =
        Key { size, zoom: session.zoom, snug: session.snug, networks: extent(world), places: places.clone(), by_hand };
    let later = Later { first: Some((vnets, vms)), places };
    let mut cached = session.map.last.borrow_mut();
    match &*cached {
        Some((known, layout)) if *known == key => Rc::clone(layout),
        _ => {
            let layout = Rc::new(fresh(world, &later, size, session));
            *cached = Some((key, Rc::clone(&layout)));
            layout
        }
    }
}

/// How many VNets, subnets and VMs the map of a world has.
pub fn extent(world: &World) -> (usize, usize, usize) {
    let topology = world.topology();
    (topology.vnets.len(), topology.subnets.len(), topology.vms.len())
}

fn fresh(world: &World, later: &Later, size: Size, session: &Session) -> Layout {
    let zoom = session.zoom;
    let whole = |wish| Layout::with(world.topology(), world.links(), later, size, wish);
    let fitting = whole(None);
    let fits = LEVELS.iter().position(|level| *level == fitting.level).unwrap_or(0);
    if zoom >= 0 && session.snug && fitting.size.height > size.height {
        // Less detail, as long as that lets more of the map be seen at once.
        let lower = LEVELS[..fits].iter().rev().map(|level| whole(Some(*level)));
        let whole_height = |layout: &Layout| layout.size.height <= size.height;
        return lower.into_iter().find(whole_height).unwrap_or(fitting);
    }
    if zoom >= 0 {
        return fitting;
    }
    whole(Some(LEVELS[fits.saturating_sub(usize::from(zoom.unsigned_abs()))]))
}

/// The layout of the map as it is on the screen.
pub fn shown(app: &App) -> Option<Rc<Layout>> {
    let area = app.areas().map;
    app.session.as_ref().map(|session| layout(session, area.width, area.height))
}

/// What lies next to a thing in a direction; something the map does not show is left for the first thing it does.
pub fn neighbour(app: &App, item: Item, toward: Direction) -> Option<Item> {
    let layout = shown(app)?;
    match layout.rect(item) {
        Some(_) => layout.neighbour(item, toward),
        None => layout.items().first().map(|(first, _)| *first),
    }
}

/// What is at a cell of the screen.
pub fn hit(app: &App, x: u16, y: u16) -> Option<Item> {
    let (area, offset) = (app.areas().map, app.session.as_ref()?.offset);
    let (x, y) = (i32::from(x), i32::from(y));
    let inside = x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height;
    if !inside || app.areas().cramped() {
        return None;
    }
    shown(app)?.hit(x - area.x + offset.0, y - area.y + offset.1)
}

/// Scrolls the map, never past its ends.
pub fn scroll(app: &mut App, columns: i32, rows: i32) {
    let Some(layout) = shown(app) else { return };
    let area = app.areas().map;
    let Some(session) = &mut app.session else { return };
    let limit = |size: i32, room: i32| size.saturating_sub(room).max(0);
    let (x, y) = session.offset;
    session.offset = (
        x.saturating_add(columns).clamp(0, limit(layout.size.width, area.width)),
        y.saturating_add(rows).clamp(0, limit(layout.size.height, area.height)),
    );
}

/// Scrolls the map until the selection is in view.
pub fn reveal(app: &mut App) {
    let Some(layout) = shown(app) else { return };
    let area = app.areas().map;
    let Some(session) = &app.session else { return };
    let Some(rect) = session.selection.and_then(|item| layout.rect(item)) else { return };
    let (x, y) = session.offset;
    let nearer = |at: i32, length: i32, from: i32, room: i32| match () {
        () if at < from || length >= room => at - from,
        () if at + length > from + room => at + length - from - room,
        () => 0,
    };
    let by = (nearer(rect.x, rect.width, x, area.width), nearer(rect.y, rect.height, y, area.height));
    scroll(app, by.0, by.1);
}
