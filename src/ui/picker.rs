//! The first screen: the scenarios that come with the program, and what the marked one shows.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::canvas::shortened;
use super::doc::{Doc, piece};
use super::{Look, sheet};
use crate::app::App;
use crate::app::pointing::Hit;

/// Draws the picker; returns its rows.
pub fn draw(app: &App, look: &Look, buffer: &mut Buffer, area: Rect) -> Vec<Hit> {
    let inner = sheet(buffer, area, "Failscope · see a failover before you run it", look.theme.border);
    if inner.is_empty() {
        return Vec::new();
    }
    let theme = &look.theme;
    let mut doc = Doc::new(inner.width, theme);
    doc.gap();
    doc.para(
        &app.keymap.told_in(
            "Choose a scenario, or open a topology file of your own with {open}. New here? {lessons} opens the lessons.", crate::app::Context::Picker,
        ),
        theme.text,
    );
    doc.gap();
    // Where all cannot be shown the marked scenario's own text matters more than a line of each.
    let roomy = usize::from(inner.height) >= 2 * app.picker.rows.len() + 14;
    for (row, about) in app.picker.rows.iter().zip(&app.abouts) {
        let here = Some(&row.pick) == app.picker.at.as_ref();
        let lead = if here { "▶ " } else { "  " };
        let style = if here { theme.selected } else { theme.text };
        doc.row(vec![piece(lead, theme.title), piece(&row.text, style), piece(format!("  {}", row.note), theme.dim)]);
        doc.choice(here);
        if roomy {
            let all = about.split_whitespace().collect::<Vec<_>>().join(" ");
            let room = i32::from(inner.width) - 4;
            doc.row(vec![piece(format!("    {}", shortened(&all, room)), theme.dim)]);
        }
    }
    if let Some(about) = app.picker.cursor().and_then(|at| app.abouts.get(at)) {
        doc.gap();
        doc.heading("About");
        doc.para(&about.split_whitespace().collect::<Vec<_>>().join(" "), theme.text);
    }
    let shown = doc.draw(buffer, inner, 0);
    shown.mark(buffer, area, theme.dim);
    shown.hits
}
