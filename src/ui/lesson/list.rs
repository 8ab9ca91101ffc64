//! The list of lessons: by track, with what is done, and what the marked one is about.

use crate::app::learning::{LessonRow, track_title};
use crate::lesson::progress::Standing;
use crate::ui::doc::{Doc, piece};
use unicode_width::UnicodeWidthStr;

/// Writes the list.
pub(in crate::ui) fn write(rows: &[LessonRow], at: Option<&String>, doc: &mut Doc<'_>) {
    let theme = doc.theme;
    let done = rows.iter().filter(|row| row.standing >= Standing::Passed).count();
    doc.row(vec![piece(format!("{done} of {} passed", rows.len()), theme.dim)]);
    let column = rows.iter().map(|row| row.title.width()).max().unwrap_or(0).min(doc.width.saturating_sub(34));
    let mut track = None;
    for row in rows {
        if track != Some(row.track) {
            track = Some(row.track);
            doc.heading(track_title(row.track));
        }
        let here = Some(&row.id) == at;
        let (mark, style) = mark(row, doc);
        let title = crate::ui::canvas::shortened(&row.title, i32::try_from(column).unwrap_or(0));
        let pad = " ".repeat(column.saturating_sub(title.width()));
        doc.row(vec![
            piece(if here { "▶ " } else { "  " }, theme.title),
            piece(format!("{mark} "), style),
            piece(format!("{title}{pad}"), if here { theme.selected } else { theme.text }),
            piece(format!("  {:<7} {:>2} min  ", row.id, row.minutes), theme.dim),
            piece(word(row), style),
        ]);
        doc.choice(here);
        if here {
            let level = format!(
                "{}{}",
                "★".repeat(usize::try_from(row.difficulty).unwrap_or(0)),
                "☆".repeat(5_usize.saturating_sub(usize::try_from(row.difficulty).unwrap_or(0)))
            );
            let needs = match row.needs.is_empty() {
                true => String::new(),
                false => format!(" · better after {}", row.needs.join(", ")),
            };
            doc.item("     ", theme.dim, &format!("{}  {level}{needs}", row.brief), theme.dim);
        }
    }
}

fn mark(row: &LessonRow, doc: &Doc<'_>) -> (&'static str, ratatui::style::Style) {
    let theme = doc.theme;
    match row.standing {
        Standing::Mastered => ("◆", theme.connected),
        Standing::Passed => ("✓", theme.connected),
        Standing::Stale => ("~", theme.pending),
        _ if row.unfinished => ("◐", theme.pending),
        Standing::Tried => ("◌", theme.pending),
        Standing::New if row.skipped => ("-", theme.dim),
        Standing::New => ("○", theme.dim),
    }
}

/// How the learner stands with it, in words.
fn word(row: &LessonRow) -> String {
    let best = row.best.map(|best| format!(" {best}")).unwrap_or_default();
    let word = match row.standing {
        Standing::Mastered => format!("mastered{best}"),
        Standing::Passed => format!("passed{best}"),
        Standing::Stale => "stale: it changed".to_owned(),
        Standing::Tried => format!("tried{best}"),
        Standing::New if row.skipped => "can be skipped".to_owned(),
        Standing::New => String::new(),
    };
    match row.unfinished {
        true if word.is_empty() => "unfinished".to_owned(),
        true => format!("{word}, unfinished"),
        false => word,
    }
}
