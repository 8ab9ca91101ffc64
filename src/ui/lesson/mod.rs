//! The panel of a lesson (`picture.md` 3.7): what is asked, how far it is, what came of the last deed, and the next key.

pub(super) mod debrief;
pub(super) mod list;
mod pages;
mod told;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};
use unicode_width::UnicodeWidthStr;

use super::{Look, canvas};
use crate::app::action::Keymap;
use crate::app::learning::{Learning, Room};
use crate::app::{Action, App, Session};
use crate::ui::doc::Doc;

/// A key of the panel with what it does now.
struct Hint {
    /// The action in braces, as [`Keymap::told`] reads it, or what stands for itself.
    key: String,
    does: String,
}

fn hint(action: Action, does: impl Into<String>) -> Hint {
    Hint { key: format!("{{{}}}", <&str>::from(action)), does: does.into() }
}

/// A text of a lesson as one paragraph a block: its file breaks lines where it likes.
fn blocks(text: &str) -> Vec<String> {
    let joined = |block: &str| block.split_whitespace().collect::<Vec<_>>().join(" ");
    text.split("\n\n").map(joined).filter(|block| !block.is_empty()).collect()
}

/// Draws the panel and says how far its text can be scrolled.
pub(super) fn draw(app: &App, look: &Look, buffer: &mut Buffer, area: Rect) -> u16 {
    let (Some(learning), Some(session)) = (&app.learning, &app.session) else { return 0 };
    if area.height < 2 || area.width < 8 {
        return 0;
    }
    Clear.render(area, buffer);
    title(learning, session, look, buffer, Rect { height: 1, ..area });
    let (doc, hints) = pages::page(app, learning, session, look, area.width - 3);
    let room = area.height.saturating_sub(2);
    let lines = u16::try_from(doc.lines.len()).unwrap_or(u16::MAX);
    let mut below = keys(hints, &app.keymap, look, area.width);
    below.truncate(usize::from(area.height.saturating_sub(1)));
    let mut rows = u16::try_from(below.len()).unwrap_or(1);
    let limit = lines.saturating_sub(room.saturating_sub(rows - 1));
    if limit > learning.scroll && learning.room != Room::Folded {
        // Reading on comes first.
        let (_, again) = pages::page(app, learning, session, look, area.width - 3);
        let first = hint(Action::GoOn, "read on ▼");
        below = keys(std::iter::once(first).chain(others(again)).collect(), &app.keymap, look, area.width);
        below.truncate(usize::from(rows));
        rows = u16::try_from(below.len()).unwrap_or(1);
    }
    let height = area.height.saturating_sub(1 + rows);
    let body = Rect { x: area.x + 2, y: area.y + 1, width: area.width - 3, height };
    for y in body.y..body.bottom() {
        buffer.set_stringn(area.x, y, "▌", 1, look.theme.changed);
    }
    let limit = if body.height > 0 { text(doc, look, buffer, body, learning.scroll) } else { 0 };
    for (line, y) in below.iter().zip(body.bottom()..area.bottom()) {
        buffer.set_line(area.x, y, line, area.width);
    }
    limit
}

fn text(doc: Doc<'_>, look: &Look, buffer: &mut Buffer, body: Rect, scroll: u16) -> u16 {
    let shown = doc.draw(buffer, body, scroll);
    if shown.limit > scroll {
        let at = body.x.saturating_sub(2);
        buffer.set_stringn(at, body.bottom() - 1, "▼", 1, look.theme.changed);
    }
    shown.limit
}

/// Title, place, mode and what was paid, on the line that parts the panel from the map.
fn title(learning: &Learning, session: &Session, look: &Look, buffer: &mut Buffer, area: Rect) {
    let theme = &look.theme;
    buffer.set_stringn(area.x, area.y, "━".repeat(usize::from(area.width)), usize::from(area.width), theme.dim);
    let (over, all) = learning.progress();
    let marks = learning.attempt.marks(&session.history);
    let paid: u32 = marks.costs.iter().map(|(_, cost)| cost).sum();
    let at =
        if learning.attempt.solved() { "solved".to_owned() } else { format!("step {}/{all}", (over + 1).min(all)) };
    let bar = format!("[{}{}]", "■".repeat(over), "□".repeat(all.saturating_sub(over)));
    let counts = match (marks.shown, paid) {
        (true, _) => " not scored".to_owned(),
        (false, 0) => String::new(),
        (false, paid) => format!(" −{paid}"),
    };
    let mut right = vec![(format!(" {at} "), theme.text), (bar, theme.connected), (counts, theme.blocked)];
    if area.width >= 60 {
        right.push((format!(" {} ", learning.attempt.mode), theme.dim));
    }
    let width: usize = right.iter().map(|(text, _)| text.width()).sum();
    let room = usize::from(area.width).saturating_sub(width + 2);
    let name = canvas::shortened(&learning.lesson().title, i32::try_from(room.saturating_sub(4)).unwrap_or(0));
    buffer.set_stringn(area.x + 1, area.y, format!(" {name} "), room, theme.title);
    let spans: Vec<Span> =
        right.into_iter().filter(|(text, _)| !text.is_empty()).map(|(t, s)| Span::styled(t, s)).collect();
    let line = Line::from(spans);
    let wide = u16::try_from(line.width()).unwrap_or(area.width).min(area.width);
    buffer.set_line(area.right() - wide, area.y, &line, wide);
}

/// Rows the keys may take where the panel is narrow.
const KEY_ROWS: usize = 3;

/// The keys that lead on from here, the next one first, in as many rows as they need and may have.
fn keys<'a>(hints: Vec<Hint>, keymap: &Keymap, look: &'a Look, width: u16) -> Vec<Line<'a>> {
    let theme = &look.theme;
    let most = if width < 60 { KEY_ROWS } else { 1 };
    let width = usize::from(width);
    let mut lines: Vec<Vec<Span<'a>>> = vec![vec![Span::styled(" ▶ ", theme.changed)]];
    let mut used = 3;
    for (at, Hint { key, does }) in hints.into_iter().enumerate() {
        let key = keymap.told(&key);
        let wide = key.width() + does.width() + 1;
        if used + wide > width {
            if lines.len() == most || at == 0 {
                continue;
            }
            lines.push(vec![Span::raw("   ")]);
            used = 3;
        }
        used += wide + 2;
        let style = if at == 0 { theme.text } else { theme.dim };
        if let Some(line) = lines.last_mut() {
            line.push(Span::styled(key, theme.title));
            line.push(Span::styled(format!(" {does}  "), style));
        }
    }
    lines.into_iter().map(Line::from).collect()
}

fn others(hints: Vec<Hint>) -> Vec<Hint> {
    let on = hint(Action::GoOn, "");
    hints.into_iter().filter(|hint| hint.key != on.key).collect()
}
