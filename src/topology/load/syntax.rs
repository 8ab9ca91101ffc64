//! From text to TOML tables: every syntax error, and an early end for what is no TOML at all.

use std::ops::Range;

use toml::de::{DeTable, Error};

use super::sink::Sink;
use super::{FindingCode, MOST_PROBLEMS};

/// How much of a large file is looked at first. A text that is no TOML shows it early, and the parser keeps every
/// token and every error in memory: without this a large enough file of garbage would fill it. Either there are many
/// errors, or one on a first line longer than any of a topology, behind which the parser finds no new start.
const PROBES: [usize; 2] = [256 << 10, 4 << 20];

/// The tables of the text as far as they can be read, and whether that is all of it.
pub(super) fn document<'t>(text: &'t str, sink: &mut Sink) -> (Option<DeTable<'t>>, bool) {
    // Looking twice is worth it only where the second look would be much longer.
    for probe in PROBES.into_iter().filter(|probe| text.len() / 4 > *probe) {
        let start = &text[..floor(text, probe)];
        let (_, errors) = DeTable::parse_recoverable(start);
        let is_one_line = !start.contains('\n');
        // An error that reaches the end of the look may come from where it was cut.
        let is_certain = errors.iter().any(|error| error.span().is_some_and(|span| span.end < start.len()));
        if errors.len() > MOST_PROBLEMS || (is_one_line && is_certain) {
            report(text, &errors, sink);
            return (None, false);
        }
    }
    let (root, errors) = DeTable::parse_recoverable(text);
    report(text, &errors, sink);
    (Some(root.into_inner()), errors.is_empty())
}

/// The end of the last line within the first `most` bytes, or the last character boundary.
fn floor(text: &str, most: usize) -> usize {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].rfind('\n').map_or(end, |line| line + 1)
}

/// Names the first error of every line; the others of a line mostly follow from it.
fn report(text: &str, errors: &[Error], sink: &mut Sink) {
    let mut errors: Vec<(Range<usize>, &str)> =
        errors.iter().map(|error| (error.span().unwrap_or(0..0), error.message())).collect();
    errors.sort_by_key(|(span, _)| span.start);
    errors.dedup_by(|next, first| {
        let between = text.as_bytes().get(first.0.start..next.0.start);
        between.is_some_and(|between| !between.contains(&b'\n'))
    });
    for (span, message) in errors.iter().take(MOST_PROBLEMS) {
        match *message {
            "duplicate key" => sink.error(FindingCode::InvalidId, span, "this name is declared twice", &[]),
            message => sink.error(FindingCode::Syntax, span, message, &[]),
        }
    }
    sink.leave_out(errors.len().saturating_sub(MOST_PROBLEMS));
}
