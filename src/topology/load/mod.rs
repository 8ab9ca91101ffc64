//! Reading a topology file: every problem at once, each with its place.
//!
//! The tables are read one by one (`tables`), then names are resolved and rules checked subject by subject:
//! networks, machines, links, plans. An item that is broken keeps its name, so that nothing is reported twice.

mod amounts;
mod card_targets;
mod cards;
mod circuits;
mod gateways;
mod halves;
mod links;
mod machines;
mod names;
mod networks;
mod open;
mod places;
mod plan_lint;
mod plans;
mod sink;
mod syntax;
mod tables;
mod targets;
mod traffic;

use std::ops::Range;

pub use open::{OpenError, open, read};
pub(crate) use plan_lint::lint_plans;
pub(crate) use sink::Sink;
pub(crate) use syntax::document;

use super::format::{self, shown};
use super::{Finding, FindingCode, Policy, Topology};
use names::Names;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

/// A file that is no topology.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadError {
    /// What the file is called in messages: a path, or a built-in name.
    pub origin: String,
    /// The file's text, as far as it is text.
    pub source: String,
    /// Everything wrong with it, in file order; after [`MOST_PROBLEMS`] a last one says how many more there are.
    pub problems: Vec<Problem>,
}

/// How many problems of a file are kept: nobody reads more, and a file that is no topology at all can have millions.
pub const MOST_PROBLEMS: usize = 200;

/// One thing wrong with a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// What it is, with line and column.
    pub finding: Finding,
    /// The bytes of [`LoadError::source`] it is about.
    pub span: Range<usize>,
}

/// Reads a topology from text; `name` becomes [`Topology::name`].
///
/// # Errors
/// Everything wrong with the text.
pub fn parse(name: &str, text: &str) -> Result<Topology, LoadError> {
    let mut sink = Sink::default();
    let syntax::Document { root, is_whole, unquoted, repeated } = syntax::document(text, &mut sink);
    let topology = match root {
        Some(root) if is_whole => Some(declared(name, root, text, &mut sink)),
        Some(mut root) => {
            // Around a syntax error only what each table says by itself is worth checking.
            let mut around = Sink::default();
            tables::head(&mut root, &mut around);
            tables::Declared::read(root, &mut around);
            sink.add_untouched(around, text);
            None
        }
        None => None,
    };
    for (span, message) in repeated {
        sink.error(FindingCode::InvalidId, &span, message, &[]);
    }
    for span in unquoted {
        // Most stand where an id or a known key should, and were named there.
        if !sink.has_error_at(span.start) {
            let message = tables::no_id(text.get(span.clone()).unwrap_or_default());
            sink.error(FindingCode::InvalidId, &span, message, &[]);
        }
    }
    match topology {
        Some(mut topology) if !sink.is_broken() => {
            topology.findings = sink.findings(text);
            Ok(topology)
        }
        _ => Err(LoadError { origin: name.to_owned(), source: text.to_owned(), problems: sink.problems(text) }),
    }
}

/// Reads a file that is one table and nothing else: a lesson, a theme, settings. `what` names it in messages.
///
/// # Errors
/// Everything wrong with the text.
pub(crate) fn one_table<T: DeserializeOwned + JsonSchema>(
    origin: &str,
    text: &str,
    what: &str,
) -> Result<T, LoadError> {
    let mut sink = Sink::default();
    let document = document(text, &mut sink);
    for (span, message) in document.repeated {
        sink.error(FindingCode::InvalidId, &span, message, &[]);
    }
    let file = document.root.and_then(|root| tables::whole::<T>(root, text.len(), what, &mut sink));
    match file {
        Some(file) if !sink.is_broken() => Ok(file),
        _ => Err(LoadError { origin: origin.to_owned(), source: text.to_owned(), problems: sink.problems(text) }),
    }
}

/// What the tables of a file declare; where `sink` holds a problem the topology is worth nothing.
fn declared(name: &str, mut root: toml::de::DeTable<'_>, text: &str, sink: &mut Sink) -> Topology {
    let head = tables::head(&mut root, sink);
    let declared = tables::Declared::read(root, sink);
    let mut topology = Topology {
        name: name.to_owned(),
        title: head.title,
        about: head.about,
        policy: declared.policy.clone().unwrap_or_default(),
        ..Topology::default()
    };
    for (what, span) in declared.timing.iter().flat_map(|timing| &timing.0) {
        topology.timing.declare(*what, *span);
    }
    topology.objective.rto = declared.objective.as_ref().and_then(|objective| objective.rto).map(|span| span.0);
    let mut names = Names::default();
    let twins = networks::resolve(&declared, &mut topology, &mut names, sink);
    let machines = machines::resolve(&declared, &mut topology, &mut names, sink);
    targets::resolve(&declared, &machines, &twins, &mut topology, &names, sink);
    card_targets::resolve(&declared, &machines, &twins, &mut topology, &names, sink);
    links::resolve(&declared, &mut topology, &mut names, sink);
    traffic::resolve(&declared, &machines, &mut topology, &mut names, sink);
    plans::resolve(&declared, &mut topology, &mut names, sink);
    if !sink.is_broken() {
        amounts::check(&declared, &topology, sink);
        topology.places = places::of(&declared, &machines, &topology, text);
    }
    topology
}
