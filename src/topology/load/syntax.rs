//! From text to TOML tables: every syntax error, and an early end for what is no TOML at all.
//!
//! A name that stands twice and a name with other letters than TOML's bare keys are no reason to stop reading: the
//! parser's tables are whole all the same, so everything else in the file can be checked.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use toml::de::{DeTable, DeValue, Error};

use super::sink::Sink;
use super::{FindingCode, MOST_PROBLEMS, shown};

/// How much of a large file is looked at first. A text that is no TOML shows it early, and the parser keeps every
/// token and every error in memory: without this a large enough file of garbage would fill it. Either there are many
/// errors, or one on a first line longer than any of a topology, behind which the parser finds no new start.
const PROBES: [usize; 2] = [256 << 10, 4 << 20];

/// The tables of a text as far as they can be read.
pub(crate) struct Document<'t> {
    /// The tables; none where the text is no TOML at all.
    pub root: Option<DeTable<'t>>,
    /// Whether nothing of the text is missing in them.
    pub is_whole: bool,
    /// Names that need quotes in TOML: whoever reads the tables says what is wrong with them.
    pub unquoted: Vec<Range<usize>>,
    /// Names that stand a second time, each with what to say about it.
    pub repeated: Vec<(Range<usize>, String)>,
}

/// Reads a text, and records every syntax error but those that leave the tables whole.
pub(crate) fn document<'t>(text: &'t str, sink: &mut Sink) -> Document<'t> {
    // Looking twice is worth it only where the second look would be much longer.
    for probe in PROBES.into_iter().filter(|probe| text.len() / 4 > *probe) {
        let start = &text[..floor(text, probe)];
        let (_, errors) = DeTable::parse_recoverable(start);
        let is_one_line = !start.contains('\n');
        // An error that reaches the end of the look may come from where it was cut.
        let is_certain = errors.iter().any(|error| error.span().is_some_and(|span| span.end < start.len()));
        if errors.len() > MOST_PROBLEMS || (is_one_line && is_certain) {
            report(text, sorted(&errors), sink);
            return Document { root: None, is_whole: false, unquoted: Vec::new(), repeated: Vec::new() };
        }
    }
    let (root, errors) = DeTable::parse_recoverable(text);
    let root = root.into_inner();
    let (mut unquoted, mut twice, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for (span, message) in sorted(&errors) {
        match message {
            "duplicate key" => twice.push(span),
            message if message.starts_with("invalid unquoted key") && !span.is_empty() => unquoted.push(span),
            message => others.push((span, message)),
        }
    }
    let is_whole = others.is_empty();
    report(text, others, sink);
    for list in [&mut unquoted, &mut twice] {
        sink.leave_out(list.len().saturating_sub(MOST_PROBLEMS));
        list.truncate(MOST_PROBLEMS);
    }
    let repeated = repeated(text, &root, &twice);
    Document { root: Some(root), is_whole, unquoted, repeated }
}

/// The end of the last line within the first `most` bytes, or the last character boundary.
fn floor(text: &str, most: usize) -> usize {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].rfind('\n').map_or(end, |line| line + 1)
}

/// Places and words of errors, in the order of the text.
fn sorted(errors: &[Error]) -> Vec<(Range<usize>, &str)> {
    let mut errors: Vec<_> = errors.iter().map(|error| (error.span().unwrap_or(0..0), error.message())).collect();
    errors.sort_by_key(|(span, _)| span.start);
    errors
}

/// Names the first error of every line; the others of a line mostly follow from it.
fn report(text: &str, mut errors: Vec<(Range<usize>, &str)>, sink: &mut Sink) {
    errors.dedup_by(|next, first| {
        let between = text.as_bytes().get(first.0.start..next.0.start);
        between.is_some_and(|between| !between.contains(&b'\n'))
    });
    for (span, message) in errors.iter().take(MOST_PROBLEMS) {
        sink.error(FindingCode::Syntax, span, *message, &[]);
    }
    sink.leave_out(errors.len().saturating_sub(MOST_PROBLEMS));
}

/// What to say about every name that stands twice. A table that stands twice explains all that stands twice in it.
fn repeated(text: &str, root: &DeTable<'_>, twice: &[Range<usize>]) -> Vec<(Range<usize>, String)> {
    if twice.is_empty() {
        return Vec::new();
    }
    let headers = Headers::of(text);
    let keys = Keys::of(text, root, twice);
    let mut again: HashSet<&[String]> = HashSet::new();
    let mut said = Vec::new();
    for span in twice {
        let header = headers.before(span.start);
        let covers = |path: &[String]| (1..=path.len()).any(|length| again.contains(&path[..length]));
        match header {
            Some(header) if header.span.contains(&span.start) => {
                if covers(&header.path) {
                    continue;
                }
                again.insert(&header.path);
                said.push((span.clone(), message(text, &header.path.join("."), headers.first(header))));
            }
            Some(header) if covers(&header.path) => {}
            _ => {
                let name = text.get(span.clone()).unwrap_or_default();
                said.push((span.clone(), message(text, name, keys.first(text, span))));
            }
        }
    }
    said
}

fn message(text: &str, name: &str, first: Option<usize>) -> String {
    let name = shown(name.trim_matches(['"', '\'']));
    match first {
        Some(byte) => {
            let line = text.as_bytes()[..byte].iter().filter(|byte| **byte == b'\n').count() + 1;
            format!("`{name}` is declared twice, first on line {line}")
        }
        None => format!("`{name}` is declared twice"),
    }
}

/// A line like `[vnet.hub]`.
struct Header {
    span: Range<usize>,
    path: Vec<String>,
}

/// The headers of a text in its order: the parser keeps only the last of those that say the same.
struct Headers(Vec<Header>);

impl Headers {
    fn of(text: &str) -> Self {
        let mut start = 0;
        let mut headers = Vec::new();
        for line in text.split_inclusive('\n') {
            let span = start..start + line.len();
            start = span.end;
            if line.trim_start().starts_with('[') {
                headers.push(Header { span, path: path(line) });
            }
        }
        Self(headers)
    }

    /// The header a byte stands in or behind.
    fn before(&self, byte: usize) -> Option<&Header> {
        let behind = self.0.partition_point(|header| header.span.start <= byte);
        behind.checked_sub(1).map(|at| &self.0[at])
    }

    /// Where a header stands first, unless it is the first.
    fn first(&self, header: &Header) -> Option<usize> {
        let first = self.0.iter().find(|other| other.path == header.path)?;
        Some(first.span.start).filter(|start| *start < header.span.start)
    }
}

/// The names of a header.
fn path(line: &str) -> Vec<String> {
    let (root, _) = DeTable::parse_recoverable(line.trim());
    let mut path = Vec::new();
    let mut table = Some(root.get_ref());
    while let Some((key, value)) = table.and_then(|table| table.iter().next()) {
        path.push(key.get_ref().to_string());
        table = value.get_ref().as_table();
    }
    path
}

/// A place a key stands at: its first byte, and the braces around it if it is in an inline table.
type Place = (usize, Option<Range<usize>>);

/// Where names that stand twice stand first: all places of each such name, with the braces around it.
struct Keys(HashMap<String, Vec<Place>>);

impl Keys {
    fn of(text: &str, root: &DeTable<'_>, twice: &[Range<usize>]) -> Self {
        let names = twice.iter().filter_map(|span| text.get(span.clone()));
        let mut keys = Self(names.map(|name| (name.to_owned(), Vec::new())).collect());
        keys.table(text, root, None);
        for places in keys.0.values_mut() {
            places.sort_by_key(|(start, _)| *start);
        }
        keys
    }

    fn table(&mut self, text: &str, table: &DeTable<'_>, braces: Option<&Range<usize>>) {
        for (key, value) in table.iter() {
            if let Some(places) = text.get(key.span()).and_then(|name| self.0.get_mut(name)) {
                places.push((key.span().start, braces.cloned()));
            }
            self.value(text, value.get_ref(), &value.span(), braces);
        }
    }

    fn value(&mut self, text: &str, value: &DeValue<'_>, span: &Range<usize>, braces: Option<&Range<usize>>) {
        match value {
            DeValue::Table(table) => {
                let inline = text.get(span.clone()).is_some_and(|text| text.starts_with('{'));
                self.table(text, table, if inline { Some(span) } else { braces });
            }
            DeValue::Array(entries) => {
                for value in entries.iter() {
                    self.value(text, value.get_ref(), &value.span(), braces);
                }
            }
            _ => {}
        }
    }

    /// The nearest place before, leaving out braces that are closed by then.
    fn first(&self, text: &str, span: &Range<usize>) -> Option<usize> {
        let places = self.0.get(text.get(span.clone())?)?;
        let before = &places[..places.partition_point(|(start, _)| *start < span.start)];
        let open = |braces: &Option<Range<usize>>| braces.as_ref().is_none_or(|braces| braces.contains(&span.start));
        before.iter().rev().find(|(_, braces)| open(braces)).map(|(start, _)| *start)
    }
}
