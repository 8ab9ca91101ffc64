//! The line on top: what is explored, where in the plan, how many links and needs, and the clock.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::{Look, canvas, links};
use crate::app::checking::Mark;
use crate::app::facts::{self, Standing};
use crate::app::{App, Session, Since, ground, interest};
use crate::diagram::Level;
use crate::plan::readiness::Count;
use crate::topology::RegionIx;

/// So many cells of the title are worth more than the plan drawn as a strip.
const TITLE: usize = 32;

/// Draws the header.
pub fn draw(app: &App, session: &Session, look: &Look, buffer: &mut Buffer, area: Rect) {
    if area.is_empty() {
        return;
    }
    let theme = &look.theme;
    let right = figures(session, look);
    let right_width = u16::try_from(right.width()).unwrap_or(area.width).min(area.width);
    let room = usize::from(area.width - right_width);
    let (mut note, note_style) = note(app, session, look);
    let title = format!(" {}", session.world().topology().title);
    let ready = ready(session, look);
    let ready_room = if ready.0.is_empty() { 0 } else { ready.0.width() + 2 };
    let beside = ready_room + progress(session, 0).width() + 2;
    if note.width() + title.width() + 4 + beside > room
        && let Some(brief) = brief(session)
    {
        note = brief.to_owned();
    }
    let note_room = note.width() + 2;
    let steps = progress(session, room.saturating_sub(note_room + ready_room + title.width().min(TITLE) + 3));
    let parts = [(note, note_style), (steps, theme.text), ready];
    let mut at = room;
    for (text, style) in parts.into_iter().rev().filter(|(text, _)| !text.is_empty()) {
        let width = text.width() + 2;
        // Without room for all of it, the title is what gives way.
        let Some(from) = at.checked_sub(width) else { continue };
        at = from;
        put(buffer, area, at, &text, width, style);
    }
    let title_room = at.saturating_sub(1);
    let shown = canvas::shortened(&title, i32::try_from(title_room).unwrap_or(i32::MAX)).into_owned();
    put(buffer, area, 0, &shown, title_room, theme.title);
    buffer.set_line(area.x + area.width - right_width, area.y, &right, right_width);
}

fn put(buffer: &mut Buffer, area: Rect, at: usize, text: &str, room: usize, style: Style) {
    let x = area.x.saturating_add(u16::try_from(at).unwrap_or(u16::MAX));
    if x < area.right() {
        buffer.set_stringn(x, area.y, text, room.min(usize::from(area.right() - x)), style);
    }
}

/// Links, needs, regions that are down, and the clock.
fn figures(session: &Session, look: &Look) -> Line<'static> {
    let theme = &look.theme;
    let world = session.world();
    let mut spans = vec![Span::styled("links", theme.text)];
    let networks = session.networks();
    let marked =
        [Standing::Carries, Standing::Cut, Standing::Blocked, Standing::Half, Standing::Pending, Standing::Planned];
    for standing in marked {
        let (mark, style, count) = links::counted(&networks, standing, theme);
        if count > 0 || standing == Standing::Carries {
            spans.push(Span::styled(format!(" {count}{mark}"), style));
        }
    }
    let (met, all) = facts::needs_met(session.history.now());
    if all > 0 {
        let style = if met == all { theme.connected } else { theme.blocked };
        spans.push(Span::styled(format!("  needs {met}/{all}"), style));
    }
    let regions = world.regions().iter().enumerate().map(|(at, region)| (RegionIx::new(at), region));
    for (at, region) in regions.filter(|(at, _)| !world.answers(*at)) {
        spans.push(Span::styled(format!("  {} {}", region.title, world.region_word(at)), theme.blocked));
    }
    let assumed = facts::clock_assumed(&session.history, session.history.position());
    spans.push(Span::styled(format!("  t+{} ", facts::lasting(world.seconds(), assumed)), theme.dim));
    Line::from(spans)
}

/// Whether a failover would go well, as far as somebody looked: a word, the counts, or that it is out of date.
fn ready(session: &Session, look: &Look) -> (String, Style) {
    let theme = &look.theme;
    let counted = |count: usize, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        _ => Some(format!("{count} {word}s")),
    };
    match session.mark() {
        Mark::Unknown => (String::new(), theme.dim),
        Mark::Stale => ("ready? stale".to_owned(), theme.dim),
        Mark::Fresh(Count { errors: 0, warnings: 0 }, protection) if protection.missing().is_none() => {
            ("ready ✓".to_owned(), theme.connected)
        }
        Mark::Fresh(Count { errors, warnings }, protection) => {
            let bare = match (protection.bare(), protection.ready) {
                (0, 0) => Some("nothing protected".to_owned()),
                (0, _) => None,
                (_, 0) => Some("not replicated".to_owned()),
                (bare, _) => Some(format!("{bare} not replicated")),
            };
            let style = if errors > 0 || bare.is_some() { theme.blocked } else { theme.pending };
            let parts = [bare, counted(errors, "error"), counted(warnings, "warning")];
            (parts.into_iter().flatten().collect::<Vec<_>>().join(", "), style)
        }
    }
}

/// What changes how the map reads: a search that is on, else what the marks compare with.
fn note(app: &App, session: &Session, look: &Look) -> (String, Style) {
    let theme = &look.theme;
    if !session.search.is_empty() {
        let text = canvas::shortened(&session.search, 16);
        let found = app.found().len();
        let hidden = ground::hidden(session);
        let what = match hidden {
            0 => format!("search: {text} ({found}) · esc clears"),
            _ => format!("only: {text} · {hidden} VNets hidden · s shows all"),
        };
        return (what, theme.pending);
    }
    let level = ground::shown(app).map_or(Level::Nested, |layout| layout.level);
    let text = match session.since() {
        Since::LastStep if level <= Level::Rows && !app.areas().cramped() => {
            let matrix = if interest::suits_matrix(session.world()) { " · m matrix" } else { "" };
            return (format!("{} (z more){matrix}", level.word()), theme.dim);
        }
        Since::LastStep if session.zoom != 0 && !app.areas().cramped() => return (level.word().to_owned(), theme.dim),
        Since::LastStep => "",
        Since::Plan => "marks: since the plan began",
        Since::Start => "marks: since the start",
    };
    (text.to_owned(), theme.changed)
}

/// What the marks compare with, where there is no room for a sentence.
fn brief(session: &Session) -> Option<&'static str> {
    match session.since() {
        _ if !session.search.is_empty() => None,
        Since::LastStep => None,
        Since::Plan => Some("+/− since plan"),
        Since::Start => Some("+/− since start"),
    }
}

/// `BEFORE─●─●─○─AFTER` where it fits, else `step 2/3`; `step 2` without a plan.
fn progress(session: &Session, room: usize) -> String {
    let Some(playback) = &session.playback else {
        return match session.history.position() {
            0 => "BEFORE".to_owned(),
            position => format!("step {position}"),
        };
    };
    let (done, all) = (playback.done(&session.history), playback.steps.len());
    let counted = format!("step {done}/{all}");
    let dots: String = (0..all).map(|at| if at < done { "─●" } else { "─○" }).collect();
    let strip = match (done, all - done) {
        (0, _) => format!("[BEFORE]{dots}─AFTER"),
        (_, 0) => format!("BEFORE{dots}─[AFTER]"),
        _ => format!("BEFORE{dots}─AFTER"),
    };
    let playing = if playback.playing { " ▶" } else { "" };
    if all <= 16 && strip.chars().count() + counted.len() + 4 <= room {
        format!("{strip}  {counted}{playing}")
    } else {
        format!("{counted}{playing}")
    }
}
