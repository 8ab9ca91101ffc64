//! Where things are on the map, for moving and pointing: the one place that asks the diagram.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use super::session::Settled;
use super::{App, Session, interest, naming};
use crate::diagram::{Direction, Item, Later, Layout, Level, Rect, Sight, Size, second_slots};
use crate::history::History;
use crate::network::Network;
use crate::topology::{CircuitIx, LinkKind, Node, RegionIx, SiteIx, SubnetIx, VmIx, VnetIx};
use crate::world::World;

/// A direction to move in.
pub use crate::diagram::Direction as Toward;

/// So many layouts are kept: a reader who zooms goes back and forth between a few.
const KEPT: usize = 6;

/// The last layouts, the latest first, and what they were made for: a session asks for the same ones again and again.
#[derive(Debug, Clone, Default)]
pub struct Cache {
    last: RefCell<Vec<(Key, Rc<Layout>)>>,
    /// The level that fits by itself.
    fits: RefCell<Option<(Key, Level)>>,
    focused: RefCell<Option<(Key, Focus, Rc<Layout>)>>,
    seen: RefCell<Seen>,
}

/// What is drawn larger.
type Focus = Vec<(VnetIx, Level)>;

/// Where machines were seen in the history so far, besides the two places the map keeps for each.
#[derive(Debug, Clone, Default)]
struct Seen {
    /// The revisions that were looked at, by their forwarding state: each has one of its own.
    revisions: Vec<Arc<Network>>,
    /// The second place of each VM, for as many VMs as there are.
    second: Vec<Option<SubnetIx>>,
    places: BTreeSet<(VmIx, SubnetIx)>,
    /// The step before which nothing counts.
    from: usize,
}

impl Seen {
    /// Looks at what the history knows by now, from a step on.
    fn follow(&mut self, history: &History, from: usize) {
        if self.from != from {
            *self = Self { from, ..Self::default() };
        }
        let revisions = history.revisions();
        let known = self.revisions.iter().zip(revisions).take_while(|(a, b)| Arc::ptr_eq(a, &b.network)).count();
        if known < self.revisions.len() {
            *self = Self { from, ..Self::default() };
        }
        let new = revisions.iter().enumerate().skip(self.revisions.len());
        for (at, revision) in new {
            self.revisions.push(Arc::clone(&revision.network));
            if at < from {
                continue;
            }
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
    /// What was laid out anew.
    settled: Option<Settled>,
    /// What a filter hides.
    hidden: BTreeSet<VnetIx>,
}

/// The layout of a session's map in an area of some columns and rows.
///
/// It is made for all links the history knows, so that nothing moves when the reader goes back and forth.
pub fn layout(session: &Session, width: i32, height: i32) -> Rc<Layout> {
    let ground = Ground::of(session, Size { width, height });
    let mut cached = session.map.last.borrow_mut();
    let base = match cached.iter().position(|(known, _)| *known == ground.key) {
        Some(at) => {
            cached[..=at].rotate_right(1);
            Rc::clone(&cached[0].1)
        }
        None => {
            let layout = Rc::new(ground.fresh(session));
            cached.insert(0, (ground.key.clone(), Rc::clone(&layout)));
            cached.truncate(KEPT);
            layout
        }
    };
    if base.level != Level::Rows || session.focus.is_empty() {
        return base;
    }
    let mut focused = session.map.focused.borrow_mut();
    match &*focused {
        Some((known, focus, layout)) if *known == ground.key && *focus == session.focus => Rc::clone(layout),
        _ => {
            let Some(layout) = ground.at(Level::Rows, &session.focus).map(Rc::new) else { return base };
            *focused = Some((ground.key, session.focus.clone(), Rc::clone(&layout)));
            layout
        }
    }
}

/// What a layout is made of.
struct Ground<'a> {
    world: &'a World,
    later: Later,
    key: Key,
}

impl<'a> Ground<'a> {
    fn of(session: &'a Session, size: Size) -> Self {
        // What came later has no place in a world that does not know it; then only there the map is another one.
        let now = session.world();
        let last = session.history.revisions().last().map_or(now, |revision| &revision.world);
        let world = if extent(last) == extent(now) { last } else { now };
        let by_hand = world.links().iter().skip(world.topology().links.len());
        let by_hand = by_hand.map(|link| (link.kind, link.between, link.circuit)).collect();
        let settled = session.settled;
        let mut seen = session.map.seen.borrow_mut();
        seen.follow(&session.history, settled.map_or(0, |settled| settled.position));
        let first = session.history.revisions().first().map_or(extent(world), |first| extent(&first.world));
        let first = settled.map_or((first.0, first.2), |settled| (settled.vnets, settled.vms));
        let here = |(vm, _): &&(VmIx, SubnetIx)| vm.at() < world.topology().vms.len();
        let places: Vec<(VmIx, SubnetIx)> = seen.places.iter().filter(here).copied().collect();
        let hidden = filtered(session);
        let networks = extent(world);
        let (zoom, snug) = (session.zoom, session.snug);
        let key = Key { size, zoom, snug, networks, places: places.clone(), by_hand, settled, hidden };
        let later = Later { first: Some(first), places, links: settled.map_or(0, |settled| settled.links) };
        Self { world, later, key }
    }

    fn with(&self, size: Size, sight: &Sight) -> Option<Layout> {
        Layout::seen(self.world.topology(), self.world.links(), &self.later, size, sight)
    }

    /// The map at a level; none where that is too wide.
    fn at(&self, level: Level, focus: &[(VnetIx, Level)]) -> Option<Layout> {
        let sight = Sight { level: Some(level), focus: focus.to_vec(), hidden: self.key.hidden.clone() };
        self.with(self.key.size, &sight)
    }

    /// The map at the level that fits best.
    fn fitting(&self, snug: bool) -> Layout {
        let sight = Sight { hidden: self.key.hidden.clone(), ..Sight::default() };
        let fitting = self.with(self.key.size, &sight).unwrap_or_else(|| {
            Layout::with(self.world.topology(), self.world.links(), &self.later, self.key.size, Some(Level::Tiles))
        });
        let room = self.key.size.height;
        if snug && fitting.size.height > fitting.window(room) {
            // Less detail, as long as that lets all of the map be seen at once.
            let lower = Level::ALL[1..level_number(fitting.level).max(1)].iter().rev();
            let whole = |layout: &Layout| layout.size.height <= room;
            return lower.filter_map(|level| self.at(*level, &[])).find(whole).unwrap_or(fitting);
        }
        fitting
    }

    /// The level that fits best, remembered: every other level is counted from it.
    fn fitting_level(&self, session: &Session) -> Level {
        let mut cached = session.map.fits.borrow_mut();
        let key = Key { zoom: 0, ..self.key.clone() };
        match &*cached {
            Some((known, level)) if *known == key => *level,
            _ => {
                let level = self.fitting(session.snug).level;
                *cached = Some((key, level));
                level
            }
        }
    }

    fn fresh(&self, session: &Session) -> Layout {
        if session.zoom == 0 {
            let fitting = self.fitting(session.snug);
            *session.map.fits.borrow_mut() = Some((self.key.clone(), fitting.level));
            return fitting;
        }
        let fits = level_number(self.fitting_level(session));
        let wanted = i64::try_from(fits).unwrap_or(0) + i64::from(session.zoom);
        let most = Level::ALL.len() - 1;
        let wanted = usize::try_from(wanted.max(0)).unwrap_or(0).min(most);
        // A window that became narrower may not hold what was wished for.
        let below = Level::ALL[..=wanted].iter().rev();
        below.filter_map(|level| self.at(*level, &[])).next().unwrap_or_else(|| self.fitting(session.snug))
    }
}

/// How many VNets a filter hides.
pub fn hidden(session: &Session) -> usize {
    filtered(session).len()
}

fn filtered(session: &Session) -> BTreeSet<VnetIx> {
    let world = session.world();
    match session.only_found {
        true => interest::hidden(world, &naming::matches(world, &session.search)),
        false => BTreeSet::new(),
    }
}

/// The place of a level among all, from the least detail.
pub fn level_number(level: Level) -> usize {
    Level::ALL.iter().position(|other| *other == level).unwrap_or(0)
}

/// A level by its number and what it shows.
pub fn level_title(level: Level) -> String {
    format!("level {} of {}, {}", level_number(level) + 1, Level::ALL.len(), level.word())
}

/// The level of the map that fits an area by itself.
pub fn fitting(session: &Session, area: Rect) -> Level {
    Ground::of(session, Size { width: area.width, height: area.height }).fitting_level(session)
}

/// The columns a level needs that does not fit the width of the map; none where no width is enough.
pub fn width_of(app: &App, level: Level) -> Option<i32> {
    let session = app.session.as_ref()?;
    let area = app.areas().map;
    let mut ground = Ground::of(session, Size { width: WIDE, height: area.height });
    ground.at(level, &[])?;
    let (mut narrow, mut wide) = (area.width, WIDE);
    while wide - narrow > 1 {
        ground.key.size.width = narrow.midpoint(wide);
        match ground.at(level, &[]) {
            Some(_) => wide = ground.key.size.width,
            None => narrow = ground.key.size.width,
        }
    }
    Some(wide)
}

/// No level needs more columns than this that fits at all.
const WIDE: i32 = 400;

/// How many VNets, subnets and VMs the map of a world has.
pub fn extent(world: &World) -> (usize, usize, usize) {
    let topology = world.topology();
    (topology.vnets.len(), topology.subnets.len(), topology.vms.len())
}

/// The layout of the map as it is on the screen.
pub fn shown(app: &App) -> Option<Rc<Layout>> {
    let area = app.areas().map;
    app.session.as_ref().map(|session| layout(session, area.width, area.height))
}

/// What lies next to a thing in a direction; something the map does not show is left for the first thing it does.
pub fn neighbour(app: &App, item: Item, toward: Direction) -> Option<Item> {
    if app.areas().cramped() {
        return beside(app.session.as_ref()?, item, toward);
    }
    let layout = shown(app)?;
    match layout.rect(item) {
        Some(_) => layout.neighbour(item, toward),
        None => layout.items().first().map(|(first, _)| *first),
    }
}

/// What stands in the list of a screen that is too small for the map: regions with their VNets, then sites.
pub fn listed(session: &Session) -> Vec<Item> {
    let world = session.world();
    let mut vnets = vec![Vec::new(); world.regions().len()];
    for (at, vnet) in world.vnets().iter().enumerate() {
        vnets[vnet.region.at()].push(Item::Vnet(VnetIx::new(at)));
    }
    let regions = vnets.into_iter().enumerate();
    let regions = regions.flat_map(|(at, vnets)| std::iter::once(Item::Region(RegionIx::new(at))).chain(vnets));
    regions.chain((0..world.sites().len()).map(|at| Item::Site(SiteIx::new(at)))).collect()
}

/// What stands above or below in that list; left and right lead to another region.
fn beside(session: &Session, item: Item, toward: Direction) -> Option<Item> {
    let all = listed(session);
    let item = match naming::node_of(session.world(), item) {
        Some(Node::Vnet(vnet)) => Item::Vnet(vnet),
        Some(Node::Site(site)) => Item::Site(site),
        None => item,
    };
    let Some(at) = all.iter().position(|other| *other == item) else { return all.first().copied() };
    let region = |item: &&Item| matches!(item, Item::Region(_));
    match toward {
        Direction::Up => at.checked_sub(1).map(|at| all[at]),
        Direction::Down => all.get(at + 1).copied(),
        Direction::Left => all[..at].iter().rev().find(region).copied(),
        Direction::Right => all[at + 1..].iter().find(region).copied(),
    }
}

/// What is at a cell of the screen.
pub fn hit(app: &App, x: u16, y: u16) -> Option<Item> {
    let (area, offset) = (app.areas().map, app.session.as_ref()?.offset);
    let (x, y) = (i32::from(x), i32::from(y));
    let layout = shown(app)?;
    let inside = x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + layout.window(area.height);
    if !inside || app.areas().cramped() {
        return None;
    }
    layout.hit(x - area.x + offset.0, y - area.y + offset.1)
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
        y.saturating_add(rows).clamp(0, limit(layout.size.height, layout.window(area.height))),
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
    // The first and the last row may tell of what is beyond them.
    let rows = nearer(rect.y - 1, rect.height + 2, y, layout.window(area.height));
    let by = (nearer(rect.x, rect.width, x, area.width), rows);
    scroll(app, by.0, by.1);
}
