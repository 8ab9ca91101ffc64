//! A list to choose from.

use super::doc::{Doc, piece, wrap};
use crate::app::chooser::Chooser;

/// Writes a list with its filter on top.
pub fn write(list: &Chooser, doc: &mut Doc) {
    let theme = doc.theme;
    let filter = list.filter.value();
    let shown = list.shown();
    if filter.is_empty() {
        doc.row(vec![piece("type to narrow the list", theme.dim)]);
    } else {
        doc.row(vec![piece("narrowed to: ", theme.dim), piece(filter, theme.title), piece("█", theme.dim)]);
    }
    doc.gap();
    if shown.is_empty() {
        doc.para("nothing matches; backspace takes back what you typed", theme.dim);
    }
    let width = shown.iter().map(|row| unicode_width::UnicodeWidthStr::width(row.text.as_str())).max().unwrap_or(0);
    let column = width.min(doc.width / 2);
    for row in shown {
        let here = Some(&row.pick) == list.at.as_ref();
        let style = match (here, row.fine) {
            (true, _) => theme.selected,
            (false, true) => theme.text,
            (false, false) => theme.dim,
        };
        let lead = if here { "▶ " } else { "  " };
        let room = doc.width.saturating_sub(column + 4).max(12);
        // The marked row says everything, the others what fits on a line.
        let notes = wrap(&row.note, room);
        let pad = column.saturating_sub(unicode_width::UnicodeWidthStr::width(row.text.as_str()));
        let more = if notes.len() > 1 && !here { " …" } else { "" };
        let first = format!("{}{more}", notes[0]);
        doc.row(vec![
            piece(lead, theme.title),
            piece(format!("{}{}", row.text, " ".repeat(pad)), style),
            piece("  ", theme.dim),
            piece(first, theme.dim),
        ]);
        doc.choice(here);
        if here {
            for note in &notes[1..] {
                doc.row(vec![piece(" ".repeat(column + 4), theme.dim), piece(note, theme.dim)]);
            }
        }
    }
}
