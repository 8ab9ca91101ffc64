//! The panels right of the map: the plan, the links, the selection, the needs, and what happened.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::doc::{Doc, piece, wrap};
use super::{Look, inspect, sheet};
use crate::app::facts::{self, Standing, lasting, need_title};
use crate::app::playback::StepState;
use crate::app::{Session, Tone, naming};
use crate::topology::{LinkIx, LinkState};
use crate::world::World;

/// Draws the panels, each as tall as it needs as far as the room goes.
pub fn draw(session: &Session, look: &Look, buffer: &mut Buffer, area: Rect) {
    if area.width < 12 || area.height < 3 {
        return;
    }
    let sheet_of = |write: fn(&Session, &mut Doc, usize) -> String| {
        let mut doc = Doc::new(area.width - 4, &look.theme);
        // Nobody sees more lines than the area has, and a large network has thousands.
        let title = write(session, &mut doc, usize::from(area.height));
        (title, doc)
    };
    let panels = [plan, needs, selection, links, events].map(sheet_of);
    let wanted: Vec<u16> =
        panels.iter().map(|(_, doc)| u16::try_from(doc.lines.len()).unwrap_or(u16::MAX).max(1)).collect();
    let heights = share(&wanted, area.height);
    let mut y = area.y;
    for ((title, doc), height) in panels.into_iter().zip(heights) {
        if height < 3 {
            continue;
        }
        let frame = Rect { y, height, ..area };
        let inner = sheet(buffer, frame, &title, look.theme.dim);
        doc.draw(buffer, inner, 0).mark(buffer, frame, look.theme.dim);
        y += height;
    }
}

/// Heights with borders for panels that want so many lines. The last takes the rest; where the room is too small for all,
/// whoever is first gets more.
fn share(wanted: &[u16], room: u16) -> Vec<u16> {
    let least = 4;
    let framed = |lines: &u16| lines.saturating_add(2);
    let others = &wanted[..wanted.len().saturating_sub(1)];
    let asked = others.iter().map(framed).fold(0, u16::saturating_add);
    if asked.saturating_add(least) <= room {
        return others.iter().map(framed).chain([room - asked]).collect();
    }
    let mut left = room;
    let mut heights = Vec::with_capacity(wanted.len());
    for (at, lines) in wanted.iter().enumerate() {
        let after = u16::try_from(wanted.len() - at - 1).unwrap_or(0);
        let kept = left.saturating_sub(least.min(room / 8).saturating_mul(after));
        let most = if after == 0 { left } else { (room / 3).max(least).min(kept) };
        let height = if after == 0 { left } else { framed(lines).min(most) };
        heights.push(height);
        left -= height;
    }
    heights
}

fn plan(session: &Session, doc: &mut Doc, rows: usize) -> String {
    let theme = doc.theme;
    let Some(playback) = &session.playback else {
        doc.para(
            &session.keymap.told("{fail-over-region} previews the failover of the whole region, {fail-over} that of the selected app, VNet, subnet or VM."),
            theme.dim,
        );
        if !session.world().topology().plans.is_empty() {
            doc.para(&session.keymap.told("{plans} chooses a plan written in the file."), theme.dim);
        }
        return "Plan".to_owned();
    };
    let history = &session.history;
    let mut group = None;
    // The next step stays in view, or the last where none is left.
    let here = playback.done(history).min(playback.steps.len().saturating_sub(1));
    for (at, step) in playback.steps.iter().enumerate() {
        if at.abs_diff(here) > rows {
            doc.row(Vec::new());
            continue;
        }
        if group != Some(step.group) {
            group = Some(step.group);
            if let Some(title) = playback.groups.get(step.group).filter(|title| !title.is_empty()) {
                doc.row(vec![piece(title, theme.dim)]);
            }
        }
        let state = playback.state(history, at);
        let (mark, style) = match state {
            StepState::Done => ("✓", theme.connected),
            StepState::Refused => ("⊘", theme.blocked),
            StepState::Next => ("◐", theme.pending),
            StepState::Waiting => ("○", theme.dim),
        };
        let text = if state == StepState::Next { theme.title } else { theme.text };
        doc.row(vec![piece(format!("{mark} {} ", at + 1), style), piece(step.command.to_string(), text)]);
        if at == here {
            doc.mark_here();
        }
    }
    format!("Plan · {}", playback.title)
}

fn needs(session: &Session, doc: &mut Doc, rows: usize) -> String {
    let theme = doc.theme;
    let now = session.history.now();
    let topology = now.world.topology();
    let met = now.needs.iter().filter(|need| need.met).count();
    let mut pairs: Vec<_> = topology.needs.iter().zip(&now.needs).collect();
    pairs.sort_by_key(|(_, record)| record.met);
    for (need, record) in pairs.into_iter().take(rows + 1) {
        let (mark, style) = if record.met { ("✓", theme.connected) } else { ("!", theme.blocked) };
        let since = if record.met {
            String::new()
        } else {
            let assumed = facts::clock_assumed(&session.history, session.history.position());
            format!(", cut off for {}", lasting(now.world.seconds().saturating_sub(record.since_seconds), assumed))
        };
        doc.item(mark, style, &format!("{}{since}", need_title(topology, *need)), theme.text);
    }
    if topology.needs.is_empty() {
        doc.para("The file names nobody who must talk.", theme.dim);
    }
    format!("Needs {met}/{}", now.needs.len())
}

fn selection(session: &Session, doc: &mut Doc, _: usize) -> String {
    match session.selection {
        Some(item) => {
            inspect::summary(item, session, doc);
            naming::title(session.world(), item)
        }
        None => "Selection".to_owned(),
    }
}

/// How a link changed since what the marks compare with; the changed ones come first in a list.
fn changed(world: &World, before: &World, link: LinkIx) -> &'static str {
    let was = before.links().get(link.at()).is_some_and(|link| link.state != LinkState::Absent);
    match (was, world.link(link).state != LinkState::Absent) {
        (true, false) => "−",
        (false, true) => "+",
        _ => " ",
    }
}

fn links(session: &Session, doc: &mut Doc, rows: usize) -> String {
    let theme = doc.theme;
    let world = session.world();
    let before = &session.before().world;
    let shown = |link: &LinkIx| !facts::is_over(world, *link) || changed(world, before, *link) != " ";
    let mut all: Vec<LinkIx> = (0..world.links().len()).map(LinkIx::new).filter(shown).collect();
    all.sort_by_key(|link| changed(world, before, *link) == " ");
    let networks = session.networks();
    for link in all.into_iter().take(rows + 1) {
        let (mark, style) = super::links::mark(networks.standing(link), theme);
        // What does not fit goes on below: two names may differ at their ends only.
        let title = naming::link_title(world, link);
        let lead = vec![piece(changed(world, before, link), theme.changed), piece(format!("{mark} "), style)];
        for (nth, part) in wrap(&title, doc.width.saturating_sub(3)).into_iter().enumerate() {
            let mut line = if nth == 0 { lead.clone() } else { vec![piece("   ", style)] };
            line.push(piece(part, style));
            doc.row(line);
        }
    }
    let count = |standing| networks.links.iter().filter(|(_, other)| *other == standing).count();
    let planned = match count(Standing::Planned) {
        0 => String::new(),
        planned => format!(", {planned} planned"),
    };
    let made = networks.links.len() - count(Standing::Planned);
    format!("Links {} of {made}{planned}", count(Standing::Carries))
}

fn events(session: &Session, doc: &mut Doc, rows: usize) -> String {
    let theme = doc.theme;
    for event in session.events.iter().rev().take(rows + 1) {
        let style = match event.tone {
            Tone::Bad => theme.blocked,
            Tone::Good => theme.connected,
            Tone::Done => theme.text,
            Tone::Plain => theme.dim,
        };
        let clock = lasting(event.seconds, event.assumed);
        doc.item(&format!("t+{clock}"), theme.dim, &event.text, style);
    }
    "Events, latest first".to_owned()
}
