//! Motion between two states: what went goes first, then what changed, then what came grows from its ports
//! (`design/picture.md` 2.5).
//!
//! Nothing flies: every cell that differs turns from what it showed to what it shows at a moment of its own.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::style::Style;

use super::Look;
use crate::app::{App, ground};
use crate::diagram::{Cell, Layout};
use crate::history::Revision;
use crate::network::Network;
use crate::topology::{LinkIx, LinkState};
use crate::world::World;

/// When machines and everything else change, after what went has faded; in milliseconds, as all times here.
const CHANGE: u64 = 200;
/// When new links begin to grow.
const ADD: u64 = 400;
/// How long they grow.
const GROWTH: u64 = 250;
/// More changes than this at once are not followed by the eye.
const MOST_CHANGES: usize = 20;

/// A frame that was shown, and the state it was of.
#[derive(Debug, Clone)]
pub struct Shown {
    frame: Buffer,
    world: World,
    network: Arc<Network>,
    layout: Rc<Layout>,
    /// The screen's column and row of the map's first cell.
    origin: Cell,
    position: usize,
}

impl Shown {
    /// Keeps a frame; nothing where something covers the map or there is none.
    pub fn of(app: &App, frame: &Buffer) -> Option<Self> {
        let session = app.session.as_ref().filter(|_| app.layers.is_empty())?;
        let Revision { world, network, .. } = session.history.now();
        let (area, offset) = (app.areas().map, session.offset);
        Some(Self {
            frame: frame.clone(),
            world: world.clone(),
            network: Arc::clone(network),
            layout: ground::shown(app)?,
            origin: (area.x - offset.0, area.y - offset.1),
            position: session.history.position(),
        })
    }
}

/// How one frame turns into another.
#[derive(Debug, Clone)]
pub struct Motion {
    before: Buffer,
    after: Buffer,
    /// When each cell that differs turns, by its place in the frame.
    turns: HashMap<usize, u64>,
    /// The cells of links that went.
    fading: Vec<usize>,
    faint: Style,
}

impl Motion {
    /// The motion to what is shown now; none where the state is the same, the map is another one, or too much changed at
    /// once for the eye to follow.
    pub fn between(before: &Shown, app: &App, look: &Look, frame: &Buffer) -> Option<Self> {
        let after = Shown::of(app, frame)?;
        // A link that came has a line that was not there; the boxes stay where they are.
        let (then, now) = (&before.layout, &after.layout);
        let same_map = then.boxes == now.boxes && then.rows == now.rows && before.origin == after.origin;
        if !same_map || before.frame.area != frame.area || Arc::ptr_eq(&before.network, &after.network) {
            return None;
        }
        let (first, last) = (before.position.min(after.position), before.position.max(after.position));
        let steps = app.session.as_ref()?.history.revisions().get(first + 1..=last)?;
        let changes: usize = steps.iter().filter_map(|revision| revision.step.as_ref()).map(|s| s.changes.len()).sum();
        if !(1..=MOST_CHANGES).contains(&changes) {
            return None;
        }
        let mut motion = Self {
            before: before.frame.clone(),
            after: frame.clone(),
            turns: HashMap::new(),
            fading: Vec::new(),
            faint: look.theme.dim,
        };
        motion.time_cells(app);
        motion.time_links(before, &after);
        Some(motion)
    }

    /// The map changes in the middle; what is said beside it is there at once.
    fn time_cells(&mut self, app: &App) {
        let map = super::cells(app.areas().map);
        for (at, (before, after)) in self.before.content.iter().zip(&self.after.content).enumerate() {
            let (x, y) = self.after.pos_of(at);
            if before != after && map.contains(Position { x, y }) {
                self.turns.insert(at, CHANGE);
            }
        }
    }

    fn time_links(&mut self, before: &Shown, after: &Shown) {
        let stands = |world: &World, at: usize| world.links().get(at).map(|link| link.state != LinkState::Absent);
        for at in 0..after.world.links().len().max(before.world.links().len()) {
            let then = stands(&before.world, at).unwrap_or(false);
            let now = stands(&after.world, at).unwrap_or(false);
            let Some(route) = after.layout.route(LinkIx::new(at)).filter(|_| then != now) else { continue };
            let cells = route.cells();
            let label = route.label.map(|label| label.rect);
            let label = label.into_iter().flat_map(|rect| (rect.x..=rect.right()).map(move |x| (x, rect.y)));
            if then {
                for cell in cells.iter().copied().chain(label) {
                    if let Some(place) = self.place(cell, after.origin) {
                        self.turns.remove(&place);
                        self.fading.push(place);
                    }
                }
                continue;
            }
            let half = u64::try_from(cells.len().div_ceil(2)).unwrap_or(1).max(1);
            for (nth, cell) in cells.iter().enumerate() {
                let from_port = u64::try_from(nth.min(cells.len() - 1 - nth)).unwrap_or(0);
                self.turn(*cell, after.origin, ADD + GROWTH * from_port / half);
            }
            label.for_each(|cell| self.turn(cell, after.origin, ADD + GROWTH));
        }
    }

    fn place(&self, cell: Cell, origin: Cell) -> Option<usize> {
        let x = u16::try_from(cell.0 + origin.0).ok()?;
        let y = u16::try_from(cell.1 + origin.1).ok()?;
        self.after.area.contains(Position { x, y }).then(|| self.after.index_of(x, y))
    }

    /// A cell that differs turns at a moment of its own.
    fn turn(&mut self, cell: Cell, origin: Cell, at: u64) {
        if let Some(turn) = self.place(cell, origin).and_then(|place| self.turns.get_mut(&place)) {
            *turn = at;
        }
    }

    /// How long it takes, in milliseconds.
    pub fn length(&self) -> u64 {
        let fading = if self.fading.is_empty() { 0 } else { CHANGE };
        self.turns.values().copied().max().unwrap_or_default().max(fading)
    }

    /// Paints the whole frame as it is after so many milliseconds.
    pub fn paint(&self, elapsed: u64, buffer: &mut Buffer) {
        if buffer.area != self.after.area {
            return;
        }
        buffer.content.clone_from(&self.after.content);
        for (place, _) in self.turns.iter().filter(|(_, at)| **at > elapsed) {
            buffer.content[*place] = self.before.content[*place].clone();
        }
        if elapsed < CHANGE {
            for place in &self.fading {
                buffer.content[*place].set_style(self.faint);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Key, Message};
    use crate::topology::builtin::BUILTINS;
    use crate::topology::load;
    use crate::ui::frame;

    /// The frames before and after keys, and the motion between them.
    fn step(first: &[&str], then: &[&str]) -> (Buffer, Buffer, Option<Motion>) {
        let text = BUILTINS.iter().find(|builtin| builtin.name == "azure-isolated-app").expect("a built-in").text;
        let mut app = App::exploring(Arc::new(load::parse("app", text).expect("a topology")));
        app.size = (80, 24);
        let press = |app: &mut App, keys: &[&str]| {
            for key in keys {
                app.update(Message::Key(key.parse::<Key>().expect("a key")));
            }
        };
        press(&mut app, first);
        let look = Look::default();
        let before = frame(&app, &look, 80, 24);
        let shown = Shown::of(&app, &before).expect("the map is shown");
        press(&mut app, then);
        let after = frame(&app, &look, 80, 24);
        let motion = Motion::between(&shown, &app, &look, &after);
        (before, after, motion)
    }

    fn at(motion: &Motion, milliseconds: u64) -> Buffer {
        let mut buffer = Buffer::empty(motion.after.area);
        motion.paint(milliseconds, &mut buffer);
        buffer
    }

    /// Takes the plan of the region.
    const PLAN: [&str; 2] = ["F", "enter"];

    #[test]
    fn a_link_that_goes_fades_at_once_and_a_link_that_comes_grows_from_both_ports_after_everything_else() {
        let mut keys = PLAN.to_vec();
        let mut came = 0;
        let mut went = 0;
        for _ in 0..8 {
            let (before, after, motion) = step(&keys, &["n"]);
            keys.push("n");
            let Some(motion) = motion else { continue };
            let end = motion.length();
            went += usize::from(!motion.fading.is_empty());
            if end > ADD {
                came += 1;
                let grown = |buffer: &Buffer| {
                    let differs = |place: &&usize| buffer.content[**place] != before.content[**place];
                    motion.turns.iter().filter(|(_, at)| **at >= ADD).map(|(place, _)| place).filter(differs).count()
                };
                let counts = [399, 400, 520, 650].map(|ms| grown(&at(&motion, ms)));
                assert!(counts[0] == 0 && counts[1] > 0 && counts.is_sorted() && counts[1] < counts[3], "{counts:?}");
            }
            assert_eq!(at(&motion, 650), after, "in the end it is what is there");
        }
        assert!(came > 0 && went > 0, "{came} came, {went} went");
    }

    #[test]
    fn a_step_back_moves_too_and_a_move_of_the_selection_does_not() {
        let mut keys = PLAN.to_vec();
        keys.push("n");
        assert!(step(&keys, &["u"]).2.is_some());
        assert!(step(&keys, &["down"]).2.is_none());
        assert!(step(&[], &["?"]).2.is_none());
    }
}
