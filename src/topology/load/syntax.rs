//! From text to TOML tables: every syntax error, and an early end for what is no TOML at all.

use toml::de::{DeTable, Error};

use super::sink::Sink;
use super::{FindingCode, MOST_PROBLEMS};

/// How much of a large file is looked at first. A text that is no TOML shows it early, and the parser keeps every
/// token and every error in memory: without this a large enough file of garbage would fill it.
const PROBES: [usize; 2] = [256 << 10, 4 << 20];

/// The tables of the text. With syntax errors there are none: what could be read around them would only mislead.
pub(super) fn document<'t>(text: &'t str, sink: &mut Sink) -> Option<DeTable<'t>> {
    for probe in PROBES {
        let Some(start) = text.get(..floor(text, probe)).filter(|start| start.len() < text.len()) else { continue };
        let (_, errors) = DeTable::parse_recoverable(start);
        if errors.len() > MOST_PROBLEMS {
            report(&errors, sink);
            return None;
        }
    }
    let (root, errors) = DeTable::parse_recoverable(text);
    report(&errors, sink);
    errors.is_empty().then(|| root.into_inner())
}

/// The end of the last line within the first `most` bytes, or the last character boundary.
fn floor(text: &str, most: usize) -> usize {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].rfind('\n').map_or(end, |line| line + 1)
}

fn report(errors: &[Error], sink: &mut Sink) {
    for error in errors.iter().take(MOST_PROBLEMS) {
        let span = error.span().unwrap_or(0..0);
        match error.message() {
            "duplicate key" => {
                sink.error(FindingCode::InvalidId, &span, "this name is declared twice", &[]);
            }
            message => sink.error(FindingCode::Syntax, &span, message, &[]),
        }
    }
    sink.leave_out(errors.len().saturating_sub(MOST_PROBLEMS));
}
