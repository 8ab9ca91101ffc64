//! The line on top: what is explored, where in the plan, how many links and needs, and the clock.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Look;
use crate::app::{Session, facts};

/// Draws the header.
pub fn draw(session: &Session, look: &Look, buffer: &mut Buffer, area: Rect) {
    if area.is_empty() {
        return;
    }
    let theme = &look.theme;
    let links = facts::links(session.world());
    let (met, all) = facts::needs_met(session.history.now());
    let seconds = session.world().seconds();
    let clock = format!("t+{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
    let mut right = vec![Span::styled(format!("links {}✓ {}✗", links.connected, links.absent), theme.connected)];
    if links.pending > 0 {
        right.push(Span::styled(format!(" {}…", links.pending), theme.pending));
    }
    if all > 0 {
        let style = if met == all { theme.connected } else { theme.blocked };
        right.push(Span::styled(format!("  needs {met}/{all}"), style));
    }
    let down = session.world().regions().iter().enumerate();
    let down = down.filter(|(at, _)| !session.world().is_up(crate::topology::RegionIx::new(*at)));
    for (_, region) in down {
        right.push(Span::styled(format!("  {} down", region.title), theme.blocked));
    }
    right.push(Span::styled(format!("  {clock} "), theme.dim));
    let right = Line::from(right);
    let right_width = u16::try_from(right.width()).unwrap_or(area.width).min(area.width);
    let room = area.width - right_width;
    let steps = progress(session, usize::from(room.saturating_sub(20)));
    let steps_width = u16::try_from(unicode_width::UnicodeWidthStr::width(steps.as_str())).unwrap_or(0);
    let title = format!(" {}", session.world().topology().title);
    let title_room = room.saturating_sub(steps_width + 3);
    let shown = super::canvas::shortened(&title, i32::from(title_room)).into_owned();
    buffer.set_stringn(area.x, area.y, shown, usize::from(title_room), theme.title);
    if room > steps_width {
        buffer.set_stringn(
            (area.x + room).saturating_sub(steps_width + 2),
            area.y,
            &steps,
            usize::from(room),
            theme.text,
        );
    }
    buffer.set_line(area.x + room, area.y, &right, right_width);
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
