//! The findings panel: what would go wrong at a failover, the marked one with its rule and what mends it.

use super::doc::{Doc, piece};
use crate::app::checking::Mark;
use crate::app::overlay::Marked;
use crate::app::{App, Session};
use crate::topology::{Finding, Severity};

/// Writes the panel.
pub fn write(app: &App, at: Option<&Marked>, session: &Session, doc: &mut Doc) {
    let theme = doc.theme;
    let Some(checked) = &session.checked else { return };
    let said = match session.mark() {
        Mark::Stale => "Something changed since this was checked: r checks again.".to_owned(),
        _ if checked.findings.is_empty() && checked.protection.ready == 0 => {
            "No region could fail over now.".to_owned()
        }
        _ => format!("If a region failed over now: {}.", words(checked.findings.as_slice())),
    };
    doc.para(&said, theme.dim);
    if let Some(missing) = checked.protection.missing().filter(|_| session.mark() != Mark::Stale) {
        doc.item("!", theme.blocked, &missing, theme.text);
    }
    doc.gap();
    let code = checked.findings.iter().map(|finding| finding.code.to_string().len()).max().unwrap_or(0);
    let marked = app.marked_finding();
    for finding in &checked.findings {
        let here = at.is_some() && marked.is_some_and(|marked| std::ptr::eq(marked, finding));
        let (mark, word, style) = match finding.severity {
            Severity::Error => ("⊘", "error", theme.blocked),
            Severity::Warning => ("!", "warning", theme.pending),
            Severity::Note => ("·", "note", theme.dim),
        };
        let name = format!("{:<code$}", finding.code.to_string());
        doc.row(vec![
            piece(if here { "▶ " } else { "  " }, theme.title),
            piece(format!("{mark} {word:<7}  "), style),
            piece(name, if here { theme.selected } else { theme.text }),
            piece(format!("  {}", place(finding)), theme.dim),
        ]);
        doc.choice(here);
        if here {
            detail(finding, doc);
        }
    }
}

/// The counts in words: `2 errors, 1 warning, 3 notes`.
fn words(findings: &[Finding]) -> String {
    let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let parts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .map(|severity| (of(severity), severity))
        .filter(|(count, _)| *count > 0)
        .map(|(count, severity)| format!("{count} {severity}{}", if count == 1 { "" } else { "s" }))
        .collect();
    if parts.is_empty() { "nothing is in the way".to_owned() } else { parts.join(", ") }
}

/// The ids, and the line of the file.
fn place(finding: &Finding) -> String {
    let ids = finding.at.join(", ");
    match finding.position {
        Some(place) => format!("{ids}  {}:{}", place.line, place.column),
        None => ids,
    }
}

fn detail(finding: &Finding, doc: &mut Doc) {
    let theme = doc.theme;
    doc.item("   ", theme.dim, &finding.message, theme.text);
    let mut more = |lead: &str, text: &str, style| doc.item(&format!("    {lead:<9}"), theme.dim, text, style);
    if let Some(consequence) = &finding.consequence {
        more("otherwise", consequence, theme.text);
    }
    if let Some(rule) = finding.rule {
        more("rule", rule, theme.dim);
    }
    if let Some(command) = finding.mend.first() {
        let rest = finding.mend.len() - 1;
        let rest = if rest == 0 { String::new() } else { format!("  (and {rest} more)") };
        more("e", &format!("{command}{rest}"), theme.title);
    }
    if let Some(change) = &finding.change {
        more("change", change, theme.text);
    }
}
