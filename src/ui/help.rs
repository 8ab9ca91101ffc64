//! All keys, read from the action table.

use strum::IntoEnumIterator;

use super::doc::{Doc, piece};
use super::{Look, map};
use crate::app::App;
use crate::app::action::{ACTIONS, Group};
use crate::topology::command::VERBS;

/// Writes the help.
pub fn write(app: &App, look: &Look, doc: &mut Doc) {
    let theme = doc.theme;
    if let Some(session) = &app.session {
        doc.heading("Marks on the screen now");
        doc.para(&map::meanings(&look.glyphs, &session.history).join("   "), theme.text);
    }
    for group in Group::iter() {
        doc.heading(group.to_string());
        let rows = ACTIONS.iter().filter(|entry| entry.group == group).map(|entry| {
            let open = app.unavailable(entry.action).is_none();
            let style = if open { theme.text } else { theme.dim };
            vec![
                piece(
                    format!("{:<14}", app.keymap.all(entry.action).join(" ")),
                    if open { theme.title } else { theme.dim },
                ),
                piece(format!("{:<18}", entry.name()), theme.dim),
                piece(entry.does, style),
            ]
        });
        doc.table(rows.collect());
    }
    if !app.themes.is_empty() {
        doc.heading("How it looks, by the : prompt");
        doc.row(vec![piece(format!("theme {}", app.themes.join(" | ")), theme.text)]);
        doc.row(vec![
            piece("    ", theme.dim),
            piece("another theme, or one of your own by the path of its file", theme.dim),
        ]);
    }
    doc.heading("Commands of the : prompt; the names above work there too");
    let rows = VERBS
        .iter()
        .map(|verb| vec![piece(format!("{} {}", verb.word, verb.arguments), theme.text), piece(verb.does, theme.dim)]);
    for row in rows {
        doc.row(vec![row[0].clone()]);
        doc.row(vec![piece("    ", theme.dim), row[1].clone()]);
    }
}
