//! The screen: how the explorer's state and the picture are drawn with ratatui.
//!
//! ```text
//! ┌ header ───────────────────────────────────────┐
//! │ map, or the sheet that covers it    │ panels  │
//! │                                     │         │
//! │ timeline and matrix, if they fit    │         │
//! └ footer: message or legend, then the keys ─────┘
//! ```

mod addresses;
pub mod canvas;
mod compare;
mod describe;
mod differences;
mod doc;
mod findings;
mod footer;
pub mod glyphs;
mod header;
mod help;
mod inspect;
mod lesson;
mod links;
mod list;
pub mod map;
mod matrix;
pub mod motion;
mod panels;
mod picker;
mod preview;
pub mod print;
mod runs;
mod small;
#[cfg(test)]
mod tests;
pub mod theme;
mod timeline;
mod why;

use std::collections::HashSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Block, Clear, Widget};

use crate::app::trail::Trail;
use crate::app::{App, Layer, Limits, Overlay, Session, ground};
use crate::diagram;
use doc::Doc;
use glyphs::Glyphs;
use map::MapView;
use theme::Theme;

/// Colours and characters.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// Colours.
    pub theme: Theme,
    /// Characters.
    pub glyphs: Glyphs,
}

impl Default for Look {
    fn default() -> Self {
        Self { theme: Theme::dark(), glyphs: Glyphs::unicode() }
    }
}

/// One frame of the explorer in a size of its own.
pub fn frame(app: &App, look: &Look, width: u16, height: u16) -> Buffer {
    let mut sized = app.clone();
    sized.size = (width, height);
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    paint(&sized, look, &mut buffer);
    buffer
}

/// Paints the explorer; says how far its topmost sheet and the panel of a lesson can be scrolled, and what can be clicked.
pub fn paint(app: &App, look: &Look, buffer: &mut Buffer) -> Limits {
    let areas = app.areas();
    let within = |area: diagram::Rect| cells(area).intersection(buffer.area);
    let (map, side, strip) = (within(areas.map), within(areas.side), within(areas.strip));
    let (matrix, panel) = (within(areas.matrix), within(areas.lesson));
    let (header, footer) = (within(areas.header), within(areas.footer));
    // What stands under the map gives way like the map itself.
    let under = if matrix.is_empty() { strip } else { strip.union(matrix) };
    let mut limits = Limits::default();
    let trail = app.trail();
    match &app.session {
        None => limits.hits = picker::draw(app, look, buffer, map.union(side).union(under)),
        Some(session) => {
            let side = if areas.cramped() {
                small::draw(session, look, buffer, map);
                side
            } else {
                draw_map(app, session, look, buffer, map, side, trail.as_ref())
            };
            panels::draw(session, look, buffer, side);
            limits.hits = timeline::strip(session, look, buffer, strip);
            limits.hits.extend(self::matrix::docked(session, look, buffer, matrix));
            header::draw(app, session, look, buffer, header);
        }
    }
    if let Some(layer) = app.layers.last() {
        let mut cover = if app.session.is_some() { map.union(under) } else { map.union(side).union(under) };
        // A panel under the map gives way to what is read now; one beside it stays.
        if panel.x <= cover.x && !panel.is_empty() {
            cover = cover.union(panel);
        }
        // A short question leaves the map in view.
        let asked = matches!(layer.overlay, Overlay::Confirm { .. }).then(|| {
            let height = QUESTION.min(cover.height);
            Rect { y: cover.bottom() - height, height, ..cover }
        });
        let panel = trail.as_ref().map(|_| beside(side, map, panel)).or(asked);
        limits.hits.clear();
        if let Some(shown) = draw_layer(app, layer, look, buffer, panel.unwrap_or(cover)) {
            let over_time = app.session.as_ref().filter(|_| matches!(layer.overlay, Overlay::Timeline));
            limits.hits = match over_time {
                Some(session) => timeline::scrubbing(session, shown.hits),
                None => shown.hits,
            };
            limits.sheet = shown.limit;
        }
    }
    if app.layers.is_empty() || panel.x > map.x {
        limits.lesson = lesson::draw(app, look, buffer, panel);
    }
    limits.hits.extend(footer::draw(app, look, buffer, footer));
    footer::notice(app, look, buffer, map.union(under));
    project(buffer, look);
    limits
}

/// A rectangle of the diagram as one of the screen.
fn cells(rect: diagram::Rect) -> Rect {
    let cell = |at: i32| u16::try_from(at).unwrap_or(0);
    Rect::new(cell(rect.x), cell(rect.y), cell(rect.width), cell(rect.height))
}

/// Everything on the screen in the characters of the glyph set; the map painted its own already.
fn project(buffer: &mut Buffer, look: &Look) {
    if !look.glyphs.is_ascii() {
        return;
    }
    for cell in &mut buffer.content {
        if !cell.symbol().is_ascii() {
            let shown: String = cell.symbol().chars().take(1).map(|letter| look.glyphs.project(letter)).collect();
            cell.set_symbol(&shown);
        }
    }
}

/// Rows of a question before a command runs.
const QUESTION: u16 = 9;

/// Rows of the panel that tells of the way the map shows.
const SHORT: u16 = 6;

/// Where the words stand while the map shows the way: beside it where there are panels, else on the panel of the lesson
/// under it, else on its last rows.
fn beside(side: Rect, map: Rect, lesson: Rect) -> Rect {
    match () {
        () if !side.is_empty() && side.height >= SHORT => side,
        () if lesson.height >= SHORT && lesson.y > map.y => lesson,
        () => Rect { y: map.bottom().saturating_sub(SHORT).max(map.y), height: SHORT.min(map.height), ..map },
    }
}

/// Draws the map, and in small at the bottom of the side where it scrolls; returns what is left of the side.
fn draw_map(
    app: &App,
    session: &Session,
    look: &Look,
    buffer: &mut Buffer,
    area: Rect,
    side: Rect,
    trail: Option<&Trail>,
) -> Rect {
    if area.is_empty() {
        return side;
    }
    let layout = ground::layout(session, i32::from(area.width), i32::from(area.height));
    let lesson = cells(app.areas().lesson);
    // What the words cover is no part of the window, and its last row may tell of more below; only the window moves.
    let panel = trail.map(|_| beside(cells(app.areas().side), area, lesson).intersection(area));
    let covered = panel.filter(|panel| !panel.is_empty()).map_or(0, |panel| panel.height);
    let area = Rect { height: area.height - covered, ..area };
    let mut offset = session.offset;
    if let Some((top, bottom)) = trail.and_then(|trail| map::trail_rows(&layout, trail)) {
        let room = i32::from(area.height);
        let last = bottom + if bottom + 2 < layout.size.height { 2 } else { 1 };
        offset.1 = offset.1.max(last - room).min(top).max(0);
    }
    let networks = session.networks();
    let found: HashSet<_> = app.found().into_iter().collect();
    let start = session.history.position() == 0;
    let view = MapView {
        world: session.world(),
        // A world that lacks what is on the map now cannot be compared with cell by cell.
        before: Some(&session.before().world)
            .filter(|before| !start && ground::extent(before) == ground::extent(session.world())),
        networks: &networks,
        selection: session.selection,
        matches: match trail {
            Some(trail) => Some(&trail.items),
            None => (!session.search.is_empty()).then_some(&found),
        },
        offset,
        theme: &look.theme,
        glyphs: &look.glyphs,
    };
    map::draw(buffer, area, &layout, &view);
    if let Some(trail) = trail {
        map::trail(buffer, area, &layout, &view, trail);
        return side;
    }
    if let Some(learning) = &app.learning {
        let marks = learning.goal_marks(&session.history);
        map::goals(buffer, area, &layout, &view, &marks);
        map::listed(buffer, area, &layout, &view, &marks);
    }
    map::minimap(buffer, side, &layout, &view, i32::from(area.height))
}

/// A bordered sheet with a title; what is left inside.
fn sheet(buffer: &mut Buffer, area: Rect, title: &str, style: Style) -> Rect {
    Clear.render(area, buffer);
    let block = Block::bordered().title(format!(" {title} ")).border_style(style);
    let inner = block.inner(area);
    block.render(area, buffer);
    Rect { x: inner.x.saturating_add(1), width: inner.width.saturating_sub(2), ..inner }.intersection(area)
}

fn draw_layer(app: &App, layer: &Layer, look: &Look, buffer: &mut Buffer, area: Rect) -> Option<doc::Shown> {
    let theme = &look.theme;
    let title = match &layer.overlay {
        Overlay::Help => "Keys".to_owned(),
        Overlay::Preview(preview) => preview.title.clone(),
        Overlay::Runs(runs) => format!("{}, compared", runs.title),
        Overlay::List(list) => list.title.clone(),
        Overlay::Compare(_) => "What can join them".to_owned(),
        Overlay::Addresses { .. } => "Addresses at failover".to_owned(),
        Overlay::Inspect(item) => match &app.session {
            Some(session) => crate::app::naming::title(session.world(), *item),
            None => String::new(),
        },
        Overlay::Why { .. } if app.words || app.areas().cramped() => "Why".to_owned(),
        Overlay::Why { .. } => "Why · ▶ there, ◀ back".to_owned(),
        Overlay::Matrix(_) => "Who reaches whom".to_owned(),
        Overlay::Timeline => "Plan over time".to_owned(),
        Overlay::Differences { from: 0, to, .. } => format!("What differs: start → step {to}"),
        Overlay::Differences { from, to, .. } => format!("What differs: step {from} → step {to}"),
        Overlay::Describe => "The state in sentences".to_owned(),
        Overlay::Findings { .. } => "Ready for a failover?".to_owned(),
        Overlay::Confirm { .. } => "Are you sure?".to_owned(),
        Overlay::Lessons { .. } => "Lessons · learn failover by doing it".to_owned(),
        Overlay::Debrief => "What it came to".to_owned(),
        Overlay::Problems { .. } => "This file has problems".to_owned(),
    };
    let inner = sheet(buffer, area, &title, theme.border);
    if inner.is_empty() {
        return None;
    }
    let mut doc = Doc::new(inner.width, theme);
    match (&layer.overlay, app.session.as_deref()) {
        (Overlay::Help, _) => help::write(app, look, &mut doc),
        (Overlay::List(list), _) => list::write(list, &mut doc),
        (Overlay::Problems { text }, _) => text.lines().for_each(|line| doc.row(vec![doc::piece(line, theme.text)])),
        (Overlay::Confirm { command, question }, _) => {
            doc.para(question, theme.text);
            doc.gap();
            doc.row(vec![doc::piece(command.to_string(), theme.title)]);
            doc.gap();
            doc.para("enter does it, esc changes nothing.", theme.dim);
        }
        (Overlay::Lessons { rows, at }, _) => lesson::list::write(rows, at.as_ref(), &mut doc),
        (_, None) => {}
        (Overlay::Debrief, Some(session)) => {
            if let Some(learning) = &app.learning {
                lesson::debrief::write(learning, session, &mut doc);
            }
        }
        (Overlay::Preview(preview), Some(session)) => preview::write(preview, session, &mut doc),
        (Overlay::Runs(runs), Some(session)) => runs::write(runs, session, &mut doc),
        (Overlay::Compare(compare), Some(session)) => compare::write(compare, session, &mut doc),
        (Overlay::Addresses { at }, Some(session)) => addresses::write(*at, session, &mut doc),
        (Overlay::Inspect(item), Some(session)) => inspect::write(*item, session, &mut doc),
        (Overlay::Why { from, to }, Some(session)) => {
            why::write(*from, *to, session, area.height <= SHORT, &mut doc);
        }
        (Overlay::Matrix(grid), Some(session)) => matrix::write(grid, session, inner.height, &mut doc),
        (Overlay::Findings { at }, Some(session)) => findings::write(app, at.as_ref(), session, &mut doc),
        (Overlay::Timeline, Some(session)) => timeline::write(session, &mut doc),
        (Overlay::Differences { from, to, at }, Some(session)) => {
            differences::write(app, (*from, *to), *at, session, &mut doc);
        }
        (Overlay::Describe, Some(session)) => describe::write(session, &mut doc),
    }
    let shown = doc.draw(buffer, inner, layer.scroll);
    shown.mark(buffer, area, theme.dim);
    Some(shown)
}
