//! The findings of a topology as text.

use super::run::listed;
use super::style::Tone;
use crate::topology::{Finding, Severity};

/// The findings of one topology that loads.
pub fn check(name: &str, title: &str, findings: &[Finding]) -> String {
    let place = |finding: &Finding| match finding.position {
        Some(position) => format!("  line {}, column {}", position.line, position.column),
        None if finding.at.is_empty() => String::new(),
        None => format!("  {}", finding.at.join(", ")),
    };
    format!("{} {title}: {}\n{}", Tone::Strong.paint(name), count(findings), listed(findings, place))
}

/// How many findings there are of each severity.
pub fn count(findings: &[Finding]) -> String {
    let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let parts: Vec<_> = [(Severity::Error, Tone::Bad), (Severity::Warning, Tone::Warn), (Severity::Note, Tone::Plain)]
        .into_iter()
        .map(|(severity, tone)| (of(severity), severity, tone))
        .filter(|(count, ..)| *count > 0)
        .map(|(count, severity, tone)| tone.paint(&format!("{count} {severity}{}", if count == 1 { "" } else { "s" })))
        .collect();
    if parts.is_empty() { Tone::Good.paint("nothing to report") } else { parts.join(", ") }
}
