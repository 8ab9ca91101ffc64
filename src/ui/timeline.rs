//! The plan over time: its steps as bars, and who is cut off when; without a plan the history.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::doc::{Doc, Piece, piece};
use super::{Look, sheet};
use crate::app::Session;
use crate::app::facts::need_title;
use crate::app::playback::StepState;
use crate::app::pointing::{Hit, Means};
use crate::plan::Loss;
use crate::topology::timing::{Basis, spoken};

/// One bar.
struct Bar {
    text: String,
    start: u64,
    end: u64,
    state: StepState,
    assumed: bool,
    critical: bool,
}

fn bars(session: &Session) -> Vec<Bar> {
    let history = &session.history;
    match &session.playback {
        Some(playback) => {
            let bar = |(at, step): (usize, &crate::plan::Scheduled)| Bar {
                text: step.command.to_string(),
                start: step.start,
                end: step.end(),
                state: playback.state(history, at),
                assumed: step.basis == Some(Basis::Assumed),
                critical: step.critical,
            };
            playback.steps.iter().enumerate().map(bar).collect()
        }
        None => {
            let steps = history.revisions().iter().enumerate();
            let bar = |(at, revision): (usize, &crate::history::Revision)| {
                let step = revision.step.as_ref()?;
                let state = if at <= history.position() { StepState::Done } else { StepState::Waiting };
                let assumed = step.basis == Some(Basis::Assumed);
                let (text, start, end) = (step.command.to_string(), step.started, step.finished);
                Some(Bar { text, start, end, state, assumed, critical: false })
            };
            steps.filter_map(bar).collect()
        }
    }
}

/// Columns `from..to` of a bar of `room` cells that stands for `total` seconds; never empty.
fn span(start: u64, end: u64, total: u64, room: usize) -> (usize, usize) {
    let cells = u64::try_from(room).unwrap_or(0);
    let at = |seconds: u64| usize::try_from(seconds.saturating_mul(cells) / total.max(1)).unwrap_or(0).min(room);
    let from = at(start).min(room.saturating_sub(1));
    (from, at(end).max(from + 1).min(room.max(1)))
}

fn bar(start: u64, end: u64, total: u64, room: usize, fill: char) -> String {
    let (from, to) = span(start, end, total, room);
    let mut text = " ".repeat(from);
    text.extend(std::iter::repeat_n(fill, to - from));
    text
}

/// The steps as bars, in a width of their own.
fn steps(session: &Session, doc: &mut Doc) {
    let theme = doc.theme;
    let bars = bars(session);
    if bars.is_empty() {
        doc.para(&session.keymap.told("Nothing has happened yet. {fail-over} or {fail-over-region} plans a failover; a typed command shows here too."), theme.dim);
        return;
    }
    let total = bars.iter().map(|bar| bar.end).max().unwrap_or(0);
    let room = doc.width.saturating_sub(2);
    let name = bars.iter().map(|bar| bar.text.chars().count()).max().unwrap_or(0).min(room / 2);
    let room = room.saturating_sub(name + 14);
    let next = bars.iter().position(|bar| bar.state == StepState::Next);
    let here = next.or_else(|| bars.iter().rposition(|bar| bar.state == StepState::Done));
    for (at, one) in bars.into_iter().enumerate() {
        let (mark, style, fill) = match one.state {
            StepState::Done => ("✓", theme.connected, '█'),
            StepState::Refused => ("⊘", theme.blocked, '░'),
            StepState::Next => ("◐", theme.pending, '▒'),
            StepState::Waiting => ("○", theme.dim, '░'),
        };
        let text: String = super::canvas::shortened(&one.text, i32::try_from(name).unwrap_or(0)).into_owned();
        let pad = name.saturating_sub(text.chars().count());
        let took = format!("{}{}", if one.assumed { "~" } else { "" }, spoken(one.end.saturating_sub(one.start)));
        doc.row(vec![
            piece(format!("{mark} "), style),
            piece(text, if one.state == StepState::Next { theme.title } else { theme.text }),
            piece(" ".repeat(pad), style),
            piece(format!(" {took:>9} "), theme.dim),
            piece(if one.critical { "*" } else { " " }, theme.pending),
            piece(bar(one.start, one.end, total, room, fill), style),
        ]);
        doc.choice(Some(at) == here);
    }
    let end = spoken(total);
    let axis = format!("└0{}{end}", "─".repeat(room.saturating_sub(end.chars().count() + 2)));
    doc.row(vec![piece(" ".repeat(name + 14), theme.dim), piece(axis, theme.dim)]);
}

/// The strip under the map; returns its steps, which can be clicked.
pub fn strip(session: &Session, look: &Look, buffer: &mut Buffer, area: Rect) -> Vec<Hit> {
    if area.height < 3 {
        return Vec::new();
    }
    let title = match &session.playback {
        Some(playback) => format!("Timeline · {}", playback.title),
        None => "Timeline".to_owned(),
    };
    let inner = sheet(buffer, area, &title, look.theme.dim);
    let mut doc = Doc::new(inner.width, &look.theme);
    steps(session, &mut doc);
    scrubbing(session, doc.draw(buffer, inner, 0).hits)
}

/// A click on a step goes to where it is done.
pub fn scrubbing(session: &Session, rows: Vec<Hit>) -> Vec<Hit> {
    // The marked row is the next step where there is one, else the last that was done.
    let waits = bars(session).iter().any(|bar| bar.state == StepState::Next);
    let scrub = |hit: Hit| match hit.means {
        Means::Mark(by) => Hit { means: Means::Scrub(by + isize::from(waits)), ..hit },
        Means::Act(_) | Means::Scrub(_) => hit,
    };
    rows.into_iter().map(scrub).collect()
}

/// Writes the whole timeline.
pub fn write(session: &Session, doc: &mut Doc) {
    let theme = doc.theme;
    let seconds = session.world().seconds();
    match &session.playback {
        Some(playback) => {
            let done = playback.done(&session.history);
            let clock = format!(
                "step {done}/{} · clock {} · the plan takes {}",
                playback.steps.len(),
                spoken(seconds),
                spoken(playback.seconds())
            );
            doc.row(vec![piece(&playback.title, theme.title)]);
            doc.row(vec![piece(clock, theme.text)]);
            let (text, style) = super::preview::recovery(&playback.rto, theme);
            doc.para(&text, style);
        }
        None => doc.row(vec![piece(format!("What was done so far · clock {}", spoken(seconds)), theme.title)]),
    }
    doc.gap();
    steps(session, doc);
    doc.mark = None;
    doc.para("~ marks a duration without a source: assumed", theme.dim);
    if session.playback.is_some() {
        doc.para("* marks the critical path: were such a step slower, so would the plan be", theme.dim);
    }
    needs(session, doc);
    refusals(session, doc);
}

fn refusals(session: &Session, doc: &mut Doc) {
    let theme = doc.theme;
    let Some(playback) = &session.playback else { return };
    for step in &playback.steps {
        if let Some(refusal) = &step.refused {
            doc.gap();
            doc.item(
                "⊘",
                theme.blocked,
                &format!("{} would be refused: {}", step.command, refusal.message),
                theme.text,
            );
        }
    }
}

/// Who is cut off and when: as the plan foresaw it, and as it stands now.
fn needs(session: &Session, doc: &mut Doc) {
    let theme = doc.theme;
    let topology = session.world().topology();
    if topology.needs.is_empty() {
        return;
    }
    doc.heading("Who can talk");
    let total = session.playback.as_ref().map_or(0, |playback| playback.seconds());
    let name = topology
        .needs
        .iter()
        .map(|need| need_title(topology, *need).chars().count())
        .max()
        .unwrap_or(0)
        .min(doc.width / 2);
    let room = doc.width.saturating_sub(name + 4);
    for (need, record) in topology.needs.iter().zip(&session.history.now().needs) {
        let (mark, style) = if record.met { ("✓", theme.connected) } else { ("!", theme.blocked) };
        let gap = session.playback.as_ref().and_then(|playback| playback.gaps.iter().find(|gap| gap.need == *need));
        let title: String =
            super::canvas::shortened(&need_title(topology, *need), i32::try_from(name).unwrap_or(0)).into_owned();
        let pad = name.saturating_sub(title.chars().count());
        let mut line =
            vec![piece(format!("{mark} "), style), piece(title, theme.text), piece(" ".repeat(pad + 1), style)];
        let losses = gap.map_or(&[][..], |gap| &gap.losses);
        line.extend(availability(losses, total, room, theme.connected, theme.blocked));
        doc.row(line);
        let note = match (gap, record.met) {
            (Some(gap), _) => match gap.until {
                Some(until) => {
                    let times = match gap.losses.len() {
                        0 | 1 => String::new(),
                        times => format!(", {times} times, {} in all", spoken(gap.cut_off(total))),
                    };
                    let span = spoken(until.saturating_sub(gap.from));
                    format!("the plan cuts it off for {span}, from {} to {}{times}", spoken(gap.from), spoken(until))
                }
                None => format!("the plan cuts it off at {} and does not bring it back", spoken(gap.from)),
            },
            (None, false) => format!("cut off since step {}, at {}", record.since, spoken(record.since_seconds)),
            (None, true) => continue,
        };
        doc.row(vec![piece(format!("  {note}"), theme.dim)]);
    }
}

fn availability(losses: &[Loss], total: u64, room: usize, up: Style, down: Style) -> Vec<Piece> {
    if total == 0 {
        return Vec::new();
    }
    let mut cells = vec![false; room];
    for loss in losses {
        let (start, end) = span(loss.from, loss.until.unwrap_or(total), total, room);
        cells.iter_mut().take(end).skip(start).for_each(|cell| *cell = true);
    }
    let runs = cells.chunk_by(|one, other| one == other);
    let shown = |run: &[bool]| match run.first() {
        Some(true) => piece("!".repeat(run.len()), down),
        _ => piece("▇".repeat(run.len()), up),
    };
    runs.map(shown).collect()
}
