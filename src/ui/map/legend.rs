//! What the marks and lines mean, in one line.

use super::Line;
use crate::ui::canvas::shortened;
use crate::ui::glyphs::Glyphs;

/// The legend, as much of it as fits `width` cells, the most useful parts first.
pub fn legend(width: u16, glyphs: &Glyphs) -> String {
    let mark = |state| glyphs.link_mark(state);
    let parts = [
        "● running".to_owned(),
        "◌ replica/stopped".to_owned(),
        "! cut off".to_owned(),
        format!("{} connected", mark(Line::Connected)),
        format!("{} cut", mark(Line::Cut)),
        format!("{} pending", mark(Line::Pending)),
        "+/− changed".to_owned(),
        "── VPN  ══ peering  ━━ ExpressRoute".to_owned(),
        "= kept  ≠ other address".to_owned(),
    ];
    let mut line = String::new();
    for part in parts {
        let next = if line.is_empty() { format!(" {part}") } else { format!("{line}  {part}") };
        if shortened(&next, i32::from(width)) != next {
            break;
        }
        line = next;
    }
    line.chars().map(|letter| glyphs.project(letter)).collect()
}
