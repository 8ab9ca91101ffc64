//! The explanations of codes as text.

use super::catalogue::{Entry, Kind};
use super::style::Tone;
use super::table::{Cell, Table, heading, sentence};

/// The explanations of one code.
pub fn explained(entries: &[Entry]) -> String {
    let parts = entries.iter().map(|Entry { code, kind, meaning }| {
        let mut part = format!("{} {}\n", Tone::Strong.paint(code), Tone::Quiet.paint(&format!("({})", kind.title())));
        part += &sentence(meaning.meaning, 2, Tone::Plain);
        part += &sentence(&format!("What helps: {}", meaning.helps), 2, Tone::Plain);
        part + &sentence(&format!("Source: {}", meaning.source), 2, Tone::Quiet)
    });
    parts.collect::<Vec<_>>().join("\n")
}

/// Every code with one line.
pub fn listed(entries: &[Entry]) -> String {
    let mut out = String::new();
    for kind in [Kind::Refusal, Kind::Verdict, Kind::Finding] {
        let title = format!("{}{}s", kind.title()[..1].to_uppercase(), &kind.title()[1..]);
        out += &format!("{}\n", heading(&format!("{title}: {}", kind.about())).trim_start_matches('\n').trim_end());
        let mut table = Table::bare();
        for entry in entries.iter().filter(|entry| entry.kind == kind) {
            table.row([Cell::new(&*entry.code, Tone::Plain), entry.meaning.brief.into()]);
        }
        out += &table.print(2);
        out.push('\n');
    }
    out + "`failscope explain CODE` says more about one.\n"
}
