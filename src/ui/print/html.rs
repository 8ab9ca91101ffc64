//! A frame as a page of HTML: one preformatted text that can be selected and searched.

use std::collections::BTreeMap;
use std::fmt::Write;

use ratatui::buffer::Buffer;

use super::cells::{Ink, Kind, runs};
use super::{About, escaped};
use crate::ui::theme::Theme;

/// Writes a frame in the colours of a theme. The page is XML too.
pub fn html(buffer: &Buffer, theme: &Theme, about: &About) -> String {
    let rows = runs(buffer, theme);
    let looks: std::collections::BTreeSet<Ink> = rows.iter().flatten().map(|run| run.ink).collect();
    let classes: BTreeMap<Ink, String> =
        looks.into_iter().enumerate().map(|(at, ink)| (ink, format!("c{at}"))).collect();
    let hex = |(red, green, blue): (u8, u8, u8)| format!("#{red:02X}{green:02X}{blue:02X}");
    let (title, description) = (escaped(&about.title), escaped(&about.description));
    let mut out = format!(
        "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <title>{title}</title>\n<meta name=\"description\" content=\"{description}\"/>\n<style>\n\
         body{{margin:0;background:{}}}\n",
        hex(theme.ground)
    );
    // Fonts of one width are 1.16 to 1.17 times as high as their size: at this height their lines meet.
    let _ = writeln!(
        out,
        "pre{{margin:8px;color:{};font:14px/1.16 ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace}}\n\
         .s{{display:inline-block;overflow:hidden;vertical-align:top}}",
        hex(theme.ink)
    );
    for (ink, class) in &classes {
        let _ = write!(out, ".{class}{{color:{}", hex(ink.fg));
        if let Some(bg) = ink.bg {
            let _ = write!(out, ";background:{}", hex(bg));
        }
        for (set, rule) in [
            (ink.bold, "font-weight:700"),
            (ink.italic, "font-style:italic"),
            (ink.underlined, "text-decoration:underline"),
        ] {
            if set {
                let _ = write!(out, ";{rule}");
            }
        }
        out += "}\n";
    }
    out += "</style>\n</head>\n<body>\n<pre>";
    for runs in rows {
        for run in runs {
            let class = classes.get(&run.ink).map_or("", String::as_str);
            let text = escaped(&run.text);
            let _ = match run.kind {
                Kind::Sign => write!(out, "<span class=\"s {class}\" style=\"width:{}ch\">{text}</span>", run.width),
                _ if run.text.trim().is_empty() && run.ink.bg.is_none() => write!(out, "{text}"),
                _ => write!(out, "<span class=\"{class}\">{text}</span>"),
            };
        }
        out.push('\n');
    }
    out + "</pre>\n</body>\n</html>\n"
}
