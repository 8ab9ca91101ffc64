//! The two lines at the bottom: the prompt, a message or the legend, then the keys that matter here; and refusals.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::doc::{Doc, piece};
use super::{Look, map, sheet};
use crate::app::action::{ACTIONS, Entry};
use crate::app::life;
use crate::app::pointing::{Hit, Means};
use crate::app::prompt::{Prompt, PromptKind};
use crate::app::{Action, App, Context, Notice, Tone, ground};
use crate::topology::Node;

/// Draws the footer; returns its hints, which can be clicked.
pub fn draw(app: &App, look: &Look, buffer: &mut Buffer, area: Rect) -> Vec<Hit> {
    if area.height < 2 || area.width == 0 {
        return Vec::new();
    }
    let (first, second) = (Rect { height: 1, ..area }, Rect { y: area.y + 1, height: 1, ..area });
    if let Some(prompt) = &app.prompt {
        draw_prompt(app, prompt, look, buffer, first, second);
        return Vec::new();
    }
    match (&app.notice, &app.loading) {
        (_, Some(name)) => {
            buffer.set_stringn(
                first.x,
                first.y,
                format!(" reading {name} …"),
                usize::from(first.width),
                look.theme.dim,
            );
        }
        (Some(notice), None) if !boxed(notice, area.width) => {
            let text = format!(" {}", notice.text);
            let (after, _) =
                buffer.set_stringn(first.x, first.y, text, usize::from(first.width), tone(look, notice.tone));
            // What is left of the line still says what the marks mean.
            let rest = Rect { x: after + 2, width: first.right().saturating_sub(after + 2), ..first };
            if rest.width >= LEGEND_LEAST {
                legend(app, look, buffer, rest);
            }
        }
        _ => legend(app, look, buffer, first),
    }
    hints(app, look, buffer, second)
}

/// Beside a message the legend is shown from so many cells on.
const LEGEND_LEAST: u16 = 16;

fn legend(app: &App, look: &Look, buffer: &mut Buffer, area: Rect) {
    if let Some(session) = &app.session {
        let marks = app.learning.as_ref().is_some_and(|learning| !learning.goal_marks(&session.history).is_empty());
        let lead = if marks { " ◎ to do " } else { "" };
        let text = map::legend(
            area.width.saturating_sub(u16::try_from(lead.width()).unwrap_or(0)),
            &app.keymap.told("… {help} lists all"),
            &look.glyphs,
            &session.history,
        );
        let text = format!("{lead}{text}");
        buffer.set_stringn(area.x, area.y, text, usize::from(area.width), look.theme.dim);
    }
}

fn tone(look: &Look, tone: Tone) -> ratatui::style::Style {
    match tone {
        Tone::Bad => look.theme.blocked,
        Tone::Good => look.theme.connected,
        Tone::Done | Tone::Plain => look.theme.text,
    }
}

/// Whether a message needs a box of its own.
fn boxed(notice: &Notice, width: u16) -> bool {
    notice.code.is_some() || !notice.mend.is_empty() || notice.text.width() + 1 > usize::from(width)
}

/// Draws a refusal above the footer: why, and what would help.
pub fn notice(app: &App, look: &Look, buffer: &mut Buffer, over: Rect) {
    let Some(notice) = app.notice.as_ref().filter(|notice| boxed(notice, buffer.area.width)) else { return };
    // The panel of a lesson tells a refusal with its reason.
    if app.learning.as_ref().is_some_and(|learning| learning.tells_refusal()) {
        return;
    }
    let theme = &look.theme;
    let mut doc = Doc::new(over.width.saturating_sub(4), theme);
    doc.para(&notice.text, theme.text);
    for (at, command) in notice.mend.iter().enumerate() {
        let lead = if at == 0 { "would help:" } else { "           " };
        let key = if at == 0 { app.keymap.told("   ({mend} puts it into the prompt)") } else { String::new() };
        doc.row(vec![
            piece(format!("{lead} "), theme.dim),
            piece(command.to_string(), theme.title),
            piece(key, theme.dim),
        ]);
    }
    let rows = u16::try_from(doc.lines.len()).unwrap_or(u16::MAX).saturating_add(2).min(over.height);
    if rows < 3 {
        return;
    }
    let area = clear_of_named(app, &notice.text, over, rows);
    let title = match &notice.code {
        Some(code) => format!("refused · {code}"),
        None => "note".to_owned(),
    };
    let inner = sheet(buffer, area, &title, tone(look, notice.tone));
    doc.draw(buffer, inner, 0);
}

/// A strip of so many rows at the bottom of an area, or at its top where that hides fewer of the networks a text names.
fn clear_of_named(app: &App, text: &str, over: Rect, rows: u16) -> Rect {
    let bottom = Rect { y: over.bottom() - rows, height: rows, ..over };
    let top = Rect { y: over.y, ..bottom };
    let (Some(session), Some(layout)) = (&app.session, ground::shown(app)) else { return bottom };
    let named = |node: Node| text.contains(session.world().node_title(node));
    let boxes: Vec<_> = layout.boxes.iter().filter(|boxed| named(boxed.node)).map(|boxed| boxed.rect).collect();
    let hidden = |strip: Rect| {
        let first = i32::from(strip.y) - i32::from(over.y) + session.offset.1;
        let last = first + i32::from(strip.height) - 1;
        boxes.iter().filter(|rect| rect.y <= last && rect.bottom() >= first).count()
    };
    if hidden(top) < hidden(bottom) { top } else { bottom }
}

fn draw_prompt(app: &App, prompt: &Prompt, look: &Look, buffer: &mut Buffer, first: Rect, second: Rect) {
    let theme = &look.theme;
    let sign = prompt.sign();
    let room = usize::from(first.width).saturating_sub(sign.width() + 2);
    let hidden = prompt.input.visual_scroll(room);
    let text: String = skip_cells(prompt.input.value(), hidden);
    buffer.set_stringn(first.x, first.y, format!("{sign}{text}"), usize::from(first.width), theme.text);
    let cursor = sign.width() + prompt.input.visual_cursor().saturating_sub(hidden);
    if let Ok(at) = u16::try_from(cursor)
        && at < first.width
    {
        let cell = &mut buffer[(first.x + at, first.y)];
        cell.set_style(cell.style().add_modifier(Modifier::REVERSED));
    }
    let hint = match prompt.kind {
        PromptKind::Command if !prompt.candidates.is_empty() => format!(" tab: {}", prompt.candidates.join("  ")),
        PromptKind::Command => " enter runs it, esc leaves, ↑ and ↓ recall".to_owned(),
        PromptKind::Search => format!(" {} found · enter keeps the search, esc clears it", app.found().len()),
        PromptKind::Answer => " enter answers, esc leaves".to_owned(),
        PromptKind::Path if app.notice.is_some() => {
            format!(" {}", app.notice.as_ref().map_or("", |notice| notice.text.as_str()))
        }
        PromptKind::Path => " the path of a topology file, or a built-in name · enter opens it, esc leaves".to_owned(),
    };
    buffer.set_stringn(second.x, second.y, hint, usize::from(second.width), theme.dim);
}

/// A text without its first cells.
fn skip_cells(text: &str, cells: usize) -> String {
    let mut skipped = 0;
    text.chars()
        .skip_while(|letter| {
            let skip = skipped < cells;
            skipped += unicode_width::UnicodeWidthChar::width(*letter).unwrap_or(0);
            skip
        })
        .collect()
}

/// The keys of the context with their hints, as many as fit; help and quit always.
fn hints(app: &App, look: &Look, buffer: &mut Buffer, area: Rect) -> Vec<Hit> {
    let context = app.context();
    let due = app.session.as_ref().map(|session| life::due(session)).unwrap_or_default();
    let here: Vec<&Entry> = ACTIONS
        .iter()
        .filter(|entry| entry.contexts.contains(&context) && !entry.hint.is_empty())
        .filter(|entry| app.unavailable(entry.action).is_none())
        .filter(|entry| timely(app, entry.action, &due))
        .collect();
    // On the map there is something to go back from only while a message or a search is there.
    let closes = context != Context::Map
        || app.notice.is_some()
        || app.session.as_ref().is_some_and(|session| !session.search.is_empty());
    let here = here.into_iter().filter(|entry| entry.hint != "back" || closes);
    let (mut ordered, last): (Vec<&Entry>, Vec<&Entry>) =
        here.partition(|entry| !matches!(entry.hint, "help" | "quit" | "back"));
    match context {
        // What comes next on the way round stands first.
        Context::Map => ordered.sort_by_key(|entry| !due.contains(&entry.action)),
        Context::Preview | Context::Lessons | Context::Matrix => ordered.sort_by_key(|entry| entry.hint != "choose"),
        _ => ordered.sort_by_key(|entry| entry.hint == "choose"),
    }
    let key = |entry: &Entry| app.keymap.key(entry.action, context);
    let width = |entry: &Entry| key(entry).width() + hint(entry, context).width() + 3;
    let reserved: usize = last.iter().map(|entry| width(entry)).sum();
    let mut room = usize::from(area.width).saturating_sub(reserved + 1);
    let mut spans = vec![Span::raw(" ")];
    let fitting = ordered.into_iter().filter(|entry| {
        let fits = width(entry) <= room;
        if fits {
            room -= width(entry);
        }
        fits
    });
    let shown: Vec<&Entry> = fitting.collect();
    let (mut hits, mut x) = (Vec::new(), area.x + 1);
    for entry in shown.into_iter().chain(last) {
        let taken = u16::try_from(width(entry)).unwrap_or(u16::MAX);
        hits.push(Hit { x, y: area.y, width: taken.saturating_sub(2), means: Means::Act(entry.action) });
        x = x.saturating_add(taken);
        spans.push(Span::styled(key(entry), look.theme.title));
        spans.push(Span::styled(format!(" {}  ", hint(entry, context)), look.theme.dim));
    }
    buffer.set_line(area.x, area.y, &Line::from(spans), area.width);
    hits
}

/// Whether an action of the life cycle is what somebody would do next; everything else always is.
fn timely(app: &App, action: Action, due: &[Action]) -> bool {
    match action {
        Action::CleanUp | Action::Commit | Action::ReProtect | Action::FailBack => due.contains(&action),
        Action::FailOver | Action::FailOverRegion => {
            app.session.as_ref().is_some_and(|session| life::can_fail_over(session))
        }
        _ => true,
    }
}

/// What a key does here, in a word or two.
fn hint(entry: &Entry, context: Context) -> &'static str {
    match (entry.action, context) {
        (Action::Choose, Context::Preview) => "step by step",
        (Action::Choose, Context::Compare) => "connect",
        (Action::Choose, Context::Runs) => "take it as plan",
        (Action::Choose, Context::Addresses) => "edit",
        (Action::Choose, Context::Matrix) => "go in",
        (Action::Connect, Context::Matrix) => "links",
        (Action::Choose, Context::Why) => "mend",
        (Action::Choose, Context::Findings) => "go there",
        (Action::Choose, Context::Confirm) => "do it",
        (Action::Choose, Context::Picker) => "open",
        (Action::Choose, Context::Lessons) => "begin or go on",
        (Action::Quit, Context::Map | Context::Picker) => "quit",
        (Action::Quit, _) => "close",
        _ => entry.hint,
    }
}
