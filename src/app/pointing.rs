//! The mouse: what a click, a double click, the wheel and a drag mean. Nothing can be done by mouse alone.

use super::{Action, App, Effect, Layer, Overlay, ground};

/// Cells of the screen that mean something when they are clicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The first column.
    pub x: u16,
    /// The row.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// What a click does.
    pub means: Means,
}

/// What a click does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// The action of a hint.
    Act(Action),
    /// Marks the row so many rows below the marked one.
    Mark(isize),
    /// Goes so many steps on along the plan, or back.
    Scrub(isize),
}

/// How many rows a turn of the wheel scrolls text and the map.
const WHEEL: i32 = 3;

impl App {
    fn hit(&self, x: u16, y: u16) -> Option<Means> {
        let covers = |hit: &&Hit| hit.y == y && (hit.x..hit.x.saturating_add(hit.width)).contains(&x);
        self.hits.iter().find(covers).map(|hit| hit.means)
    }

    /// A click selects, or does what a hint says.
    pub(super) fn click(&mut self, x: u16, y: u16) -> Vec<Effect> {
        if self.prompt.is_some() {
            return Vec::new();
        }
        match self.hit(x, y) {
            Some(Means::Act(action)) => return self.act(action),
            Some(Means::Mark(by)) => {
                let step = if by < 0 { Action::Up } else { Action::Down };
                return (0..by.unsigned_abs()).flat_map(|_| self.act(step)).collect();
            }
            Some(Means::Scrub(by)) => return self.scrub(by),
            None => {}
        }
        if self.layers.is_empty()
            && let Some(item) = ground::hit(self, x, y)
        {
            self.select(item);
        }
        Vec::new()
    }

    /// A double click opens what its first click selected.
    pub(super) fn double_click(&mut self, x: u16, y: u16) -> Vec<Effect> {
        match self.hit(x, y) {
            _ if self.prompt.is_some() => Vec::new(),
            Some(Means::Act(_) | Means::Scrub(_)) => Vec::new(),
            Some(Means::Mark(_)) => self.act(Action::Choose),
            None if self.layers.is_empty() && ground::hit(self, x, y).is_some() => self.act(Action::Inspect),
            None => Vec::new(),
        }
    }

    /// The wheel turns what is under it: the panel of a lesson, a sheet, a list, or the map.
    pub(super) fn wheel(&mut self, x: u16, y: u16, by: i16) -> Vec<Effect> {
        let rows = i32::from(by) * WHEEL;
        let over_lesson = self.areas().lesson.contains(i32::from(x), i32::from(y));
        if let Some(learning) = self.learning.as_mut().filter(|_| over_lesson) {
            let rows = i16::try_from(rows).unwrap_or_default();
            learning.scroll = learning.scroll.saturating_add_signed(rows).min(learning.limit);
            return Vec::new();
        }
        match (self.layers.last_mut(), &mut self.session) {
            (Some(Layer { overlay: Overlay::List(list), .. }), _) => list.step(isize::from(by)),
            (Some(_), _) => self.scroll(isize::try_from(rows).unwrap_or_default()),
            (None, Some(_)) => ground::scroll(self, 0, rows),
            (None, None) => self.picker.step(isize::from(by)),
        }
        Vec::new()
    }

    /// Goes along the plan, or what was done where no plan is loaded, until something has to be answered first.
    fn scrub(&mut self, by: isize) -> Vec<Effect> {
        let planned = self.session.as_ref().is_some_and(|session| session.playback.is_some());
        let action = match (by < 0, planned) {
            (true, _) => Action::Previous,
            (false, true) => Action::Next,
            (false, false) => Action::Redo,
        };
        let depth = self.layers.len();
        let mut effects = Vec::new();
        for _ in 0..by.unsigned_abs() {
            effects.extend(self.act(action));
            if self.layers.len() != depth || self.notice.as_ref().is_some_and(|notice| notice.code.is_some()) {
                break;
            }
        }
        effects
    }

    /// A drag over the steps of the timeline goes along them; one on the map moves the map under the pointer.
    pub(super) fn drag(&mut self, from: (u16, u16), to: (u16, u16)) -> Vec<Effect> {
        if let Some(Means::Scrub(by)) = self.hit(to.0, to.1).filter(|_| self.prompt.is_none()) {
            return self.scrub(by);
        }
        let map = self.areas().map;
        if self.layers.is_empty() && self.prompt.is_none() && map.contains(i32::from(from.0), i32::from(from.1)) {
            ground::scroll(self, i32::from(from.0) - i32::from(to.0), i32::from(from.1) - i32::from(to.1));
        }
        Vec::new()
    }
}
