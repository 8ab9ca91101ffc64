//! The sheet that puts runs of one failover side by side.

use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::doc::{Doc, Piece, piece, wrap};
use super::theme::Theme;
use crate::app::Session;
use crate::app::facts::need_title;
use crate::app::overlay::Runs;
use crate::plan::compare::Aspect;
use crate::report::compare::{Line, charges, difference, lines, title};
use crate::report::style::Tone;

/// Writes the sheet.
pub fn write(runs: &Runs, session: &Session, doc: &mut Doc) {
    let theme = doc.theme;
    let comparison = &runs.comparison;
    let tabs = [(Aspect::Timing, "when"), (Aspect::Kind, "VPN or peering"), (Aspect::Gateways, "gateways")];
    let mut row: Vec<Piece> = Vec::new();
    for (aspect, word) in tabs {
        let (text, style) = match aspect == comparison.aspect {
            true => (format!("[{word}]"), theme.title),
            false => (format!(" {word} "), theme.dim),
        };
        row.push(piece(text, style));
        row.push(piece(" ", theme.dim));
    }
    doc.row(row);
    doc.para(&format!("{} · ← → marks a run", difference(comparison.aspect)), theme.dim);
    let topology = session.world().topology();
    let named = |need| need_title(topology, need);
    let all = lines(session.world(), comparison, &named);
    let count = comparison.runs.len().max(1);
    let widest = all.iter().map(|line| line.name.width()).max().unwrap_or(0);
    let name = widest.min(doc.width / 3);
    let column = (doc.width.saturating_sub(name + 1) / count).saturating_sub(1).max(8);
    for (at, line) in all.iter().enumerate() {
        write_line(line, at == 0, runs.at, (name, column), doc);
    }
    doc.para("~ assumed; the recovery time counts from the disaster (F23)", theme.dim);
    first(runs, doc);
    doc.heading("What is charged");
    for (sentence, of) in charges(comparison) {
        let which = if of.is_empty() { String::new() } else { format!(" [{}]", of.join(", ")) };
        doc.item("·", theme.dim, &format!("{sentence}{which}"), theme.text);
    }
}

fn write_line(line: &Line, is_head: bool, marked: usize, (name, column): (usize, usize), doc: &mut Doc) {
    let theme = doc.theme;
    let names = wrap(&line.name, name.max(1));
    let cells: Vec<(Vec<String>, Style)> = line
        .cells
        .iter()
        .enumerate()
        .map(|(at, (text, tone))| {
            let lead = match (is_head, at == marked) {
                (true, true) => "▶ ",
                (true, false) => "  ",
                _ => "",
            };
            let style = if is_head && at == marked { theme.title } else { styled(theme, *tone) };
            (wrap(&format!("{lead}{text}"), column), style)
        })
        .collect();
    let rows = cells.iter().map(|(parts, _)| parts.len()).chain([names.len()]).max().unwrap_or(1);
    for row in 0..rows {
        let part = |parts: &[String]| parts.get(row).cloned().unwrap_or_default();
        let lead = part(&names);
        let pad = (name + 1).saturating_sub(lead.width());
        let mut pieces = vec![piece(lead, theme.dim), piece(" ".repeat(pad), theme.dim)];
        for (parts, style) in &cells {
            let text = part(parts);
            let pad = (column + 1).saturating_sub(text.width());
            pieces.push(piece(text, *style));
            pieces.push(piece(" ".repeat(pad), theme.text));
        }
        doc.row(pieces);
    }
}

/// What leads to the marked run, where the world is not as it takes it.
fn first(runs: &Runs, doc: &mut Doc) {
    let theme = doc.theme;
    let Some(run) = runs.marked().filter(|run| !run.first.is_empty()) else { return };
    doc.heading(format!("Not as it is now; for {} first", title(run.variant)));
    for command in &run.first {
        doc.row(vec![piece(command.to_string(), theme.title)]);
    }
}

fn styled(theme: &Theme, tone: Tone) -> Style {
    match tone {
        Tone::Plain => theme.text,
        Tone::Strong => theme.text,
        Tone::Quiet => theme.dim,
        Tone::Good => theme.connected,
        Tone::Warn => theme.pending,
        Tone::Bad => theme.blocked,
    }
}
