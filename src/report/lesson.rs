//! The author's proof of a lesson as text.

use super::style::Tone;
use crate::lesson::Draw;
use crate::lesson::proof::Line;

/// Each check of a lesson in a line; `draw` of `draws` where its words are random.
pub fn proof(name: &str, draw: Draw, draws: usize, lines: &[Line]) -> String {
    let failed = lines.iter().filter(|line| !line.ok).count();
    let which = if draws > 1 { format!(" (draw {} of {draws})", draw.0 + 1) } else { String::new() };
    let verdict = match failed {
        0 => Tone::Good.paint("proved"),
        1 => Tone::Bad.paint("1 check fails"),
        _ => Tone::Bad.paint(&format!("{failed} checks fail")),
    };
    let mut text = format!("{}{which}: {verdict}\n", Tone::Strong.paint(name));
    for line in lines {
        let mark = if line.ok { Tone::Good.paint("✓") } else { Tone::Bad.paint("✗") };
        text.push_str(&format!("  {mark} {}\n", line.says));
    }
    text
}
