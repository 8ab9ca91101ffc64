//! The frames that are judged: every built-in scenario in every state of its failovers, and any other world.

use std::sync::Arc;

use failscope::app::networks::Networks;
use failscope::diagram::{Layout, Size};
use failscope::history::History;
use failscope::plan::{Timing, derive};
use failscope::topology::builtin::BUILTINS;
use failscope::topology::{Scope, Side, Topology, load};
use failscope::ui::glyphs::Glyphs;
use failscope::ui::map::{MapView, draw};
use failscope::ui::theme::Theme;
use failscope::world::World;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::reader::Picture;

/// The sizes of terminals of section 4.
pub const SIZES: [(u16, u16); 6] = [(80, 24), (100, 30), (120, 40), (140, 45), (200, 50), (240, 70)];

/// A way through a scenario: each state from the start to the end of one failover.
pub struct Course {
    pub name: String,
    pub worlds: Vec<World>,
}

pub fn builtin(name: &str) -> Arc<Topology> {
    let builtin = BUILTINS.iter().find(|builtin| builtin.name == name).expect("a built-in topology");
    Arc::new(load::parse(name, builtin.text).expect("it stands"))
}

/// The failover of one scope of a scenario, as the plan that is derived for it.
pub fn course(topology: &Arc<Topology>, scope: &Scope) -> Course {
    let mut history = History::start(Arc::clone(topology));
    if let Ok(plan) = derive(&history.now().world, scope, Timing::During) {
        history.run_groups(&plan.groups);
    }
    let worlds = history.revisions().iter().map(|revision| revision.world.clone()).collect();
    Course { name: format!("{} {scope}", topology.name), worlds }
}

/// The failover of every source region and every app of every built-in scenario.
pub fn courses() -> Vec<Course> {
    let mut all = Vec::new();
    for builtin in BUILTINS {
        let topology = Arc::new(load::parse(builtin.name, builtin.text).expect("it stands"));
        let regions = topology.regions.iter().filter(|region| region.side == Side::Source);
        let regions = regions.map(|region| Scope::Region(region.id.clone()));
        let scopes: Vec<Scope> = regions.chain(topology.apps.iter().map(|app| Scope::App(app.id.clone()))).collect();
        all.extend(scopes.iter().map(|scope| course(&topology, scope)));
    }
    all
}

/// The cells a terminal of some size leaves for the map.
pub fn map_size((width, height): (u16, u16)) -> Size {
    let map = failscope::app::areas::Areas::of(width, height).map;
    Size { width: map.width, height: map.height }
}

/// A state painted onto a layout, all of it, although it would scroll; changes are marked against `before`.
pub fn paint(layout: &Layout, world: &World, before: Option<&World>, glyphs: Glyphs, size: Size) -> Buffer {
    let theme = Theme::dark();
    let networks = Networks::of(world, vec![true; world.topology().vms.len()]);
    let view = MapView {
        world,
        before,
        networks: &networks,
        selection: None,
        matches: None,
        offset: (0, 0),
        theme: &theme,
        glyphs: &glyphs,
    };
    let cells = |own: i32, asked: i32| u16::try_from(own.max(asked)).unwrap_or(u16::MAX);
    let area = Rect::new(0, 0, cells(layout.size.width, size.width), cells(layout.size.height, size.height));
    let mut buffer = Buffer::empty(area);
    draw(&mut buffer, area, layout, &view);
    buffer
}

/// The text of that.
pub fn picture(layout: &Layout, world: &World, before: Option<&World>, ascii: bool, size: Size) -> Picture {
    let glyphs = if ascii { Glyphs::ascii() } else { Glyphs::unicode() };
    Picture::of(&paint(layout, world, before, glyphs, size), ascii)
}
