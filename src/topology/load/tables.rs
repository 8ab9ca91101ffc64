//! From TOML tables to declarations: one reader for every kind of table.
//!
//! The JSON Schema of a declaration says which keys there are and which must be, so unknown and missing ones are
//! found everywhere; what serde refuses is recorded, taken out, and the rest tried again.

use std::collections::HashSet;
use std::ops::Range;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue, ValueDeserializer};

use super::format::{self, At, Durations, File, is_id, shown};
use super::sink::Sink;
use super::{FindingCode, Policy};
use crate::topology::command::did_you_mean;
use crate::topology::traffic;

/// How many wrong values of one table are named.
const MOST_WRONG_VALUES: usize = 20;

/// A declared item; without a table it is broken and only its name counts.
#[derive(Debug)]
pub(super) struct Item<T> {
    pub id: String,
    /// Where its id stands.
    pub id_span: Range<usize>,
    pub table: Option<T>,
}

impl<T> Item<T> {
    /// The items that are whole, with their place in the file's list.
    pub fn whole(items: &[Self]) -> impl Iterator<Item = (&Self, &T)> {
        items.iter().filter_map(|item| item.table.as_ref().map(|table| (item, table)))
    }
}

/// The tables of a file.
pub(super) struct Declared {
    pub regions: Vec<Item<format::Region>>,
    pub vnets: Vec<Item<format::Vnet>>,
    pub sites: Vec<Item<format::Site>>,
    pub apps: Vec<Item<format::App>>,
    pub vms: Vec<Item<format::Vm>>,
    pub links: Vec<Item<format::Link>>,
    pub route_tables: Vec<Item<traffic::RouteTable>>,
    pub security_groups: Vec<Item<traffic::SecurityGroup>>,
    pub circuits: Vec<Item<format::Circuit>>,
    pub needs: Vec<format::Need>,
    pub plans: Vec<Item<format::Plan>>,
    pub objective: Option<format::Objective>,
    pub timing: Option<Durations>,
    pub policy: Option<Policy>,
}

impl Declared {
    /// Takes every kind of table out of the root.
    pub fn read(mut root: DeTable<'_>, sink: &mut Sink) -> Self {
        Self {
            regions: kind(root.remove("region"), "region", sink),
            vnets: kind(root.remove("vnet"), "vnet", sink),
            sites: kind(root.remove("site"), "site", sink),
            apps: kind(root.remove("app"), "app", sink),
            vms: kind(root.remove("vm"), "vm", sink),
            links: kind(root.remove("link"), "link", sink),
            route_tables: kind(root.remove("route-table"), "route-table", sink),
            security_groups: kind(root.remove("nsg"), "nsg", sink),
            circuits: kind(root.remove("circuit"), "circuit", sink),
            needs: list(root.remove("needs"), "needs", sink),
            plans: kind(root.remove("plan"), "plan", sink),
            objective: root
                .remove("objective")
                .and_then(|value| table(value, &shape::<format::Objective>(), "objective", sink)),
            timing: root.remove("timing").and_then(|value| table(value, &shape::<Durations>(), "timing", sink)),
            policy: root.remove("policy").and_then(|value| table(value, &shape::<Policy>(), "policy", sink)),
        }
    }
}

/// What stands above the tables.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Head {
    format: Option<At<i64>>,
    pub title: String,
    pub about: String,
}

/// Takes the keys above the tables out of the root, and every key the format does not know.
pub(super) fn head(root: &mut DeTable<'_>, sink: &mut Sink) -> Head {
    let shape = shape::<File>();
    outer_keys(root, &(0..0), &shape, "the file", sink);
    let mut head = DeTable::new();
    for key in ["format", "title", "about"] {
        if let Some((key, value)) = root.remove_entry(key) {
            head.insert(key, value);
        }
    }
    let head: Head = values(Spanned::new(0..0, DeValue::Table(head)), sink).unwrap_or_default();
    if let Some(format) = head.format.as_ref().filter(|format| format.value != 1) {
        let message = format!("format {} is not known; this version reads format 1", format.value);
        sink.error(FindingCode::InvalidValue, &format.span, message, &[]);
    }
    head
}

/// The schema of a declaration, everything in place.
fn shape<T: JsonSchema>() -> Value {
    let mut settings = SchemaSettings::draft07();
    settings.inline_subschemas = true;
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

/// The items of one kind in the order of the file.
fn kind<T: DeserializeOwned + JsonSchema>(
    value: Option<Spanned<DeValue<'_>>>,
    name: &str,
    sink: &mut Sink,
) -> Vec<Item<T>> {
    let Some(value) = value else { return Vec::new() };
    let span = value.span();
    let DeValue::Table(entries) = value.into_inner() else {
        sink.error(FindingCode::Syntax, &span, format!("`{name}` is a table of tables: write [{name}.ID]"), &[]);
        return Vec::new();
    };
    let shape = shape::<T>();
    let mut entries: Vec<_> = entries.into_iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
        .into_iter()
        .map(|(key, value)| {
            let (id_span, id) = (key.span(), key.into_inner().into_owned());
            let spelled = checked_id(&id, &id_span, sink);
            let table = table(value, &shape, &format!("{name}.{}", shown(&id)), sink).filter(|_| spelled);
            Item { id, id_span, table }
        })
        .collect()
}

/// Whether an id is spelled as ids are; if not, that is a problem.
pub(super) fn checked_id(id: &str, span: &Range<usize>, sink: &mut Sink) -> bool {
    if !is_id(id) {
        sink.error(FindingCode::InvalidId, span, no_id(id), &[]);
    }
    is_id(id)
}

/// What is wrong with a name that is no id.
pub(super) fn no_id(name: &str) -> String {
    format!("`{}` is no id; ids are spelled with a-z, 0-9 and - between them", shown(name))
}

/// The whole tables of an array of tables.
fn list<T: DeserializeOwned + JsonSchema>(value: Option<Spanned<DeValue<'_>>>, name: &str, sink: &mut Sink) -> Vec<T> {
    let Some(value) = value else { return Vec::new() };
    let span = value.span();
    let DeValue::Array(entries) = value.into_inner() else {
        sink.error(FindingCode::Syntax, &span, format!("`{name}` is a list of tables: write [[{name}]]"), &[]);
        return Vec::new();
    };
    let shape = shape::<T>();
    entries.into_iter().filter_map(|value| table(value, &shape, name, sink)).collect()
}

/// Reads a file that is one table; with a problem anywhere in it there is none.
pub(crate) fn whole<T: DeserializeOwned + JsonSchema>(
    root: DeTable<'_>,
    bytes: usize,
    name: &str,
    sink: &mut Sink,
) -> Option<T> {
    table(Spanned::new(0..bytes, DeValue::Table(root)), &shape::<T>(), name, sink)
}

/// Reads one table; with a problem anywhere in it there is none.
fn table<T: DeserializeOwned>(
    mut value: Spanned<DeValue<'_>>,
    shape: &Value,
    name: &str,
    sink: &mut Sink,
) -> Option<T> {
    let before = sink.count();
    let span = value.span();
    if !value.get_ref().is_table() {
        let found = value.get_ref().type_str();
        sink.error(FindingCode::Syntax, &span, format!("`{name}` is a table, not {}", with_article(found)), &[]);
        return None;
    }
    keys(value.get_mut(), &span, shape, name, sink);
    let read = values(value, sink);
    read.filter(|_| sink.count() == before)
}

/// Removes unknown keys and names them and the missing ones, at every depth.
fn keys(value: &mut DeValue<'_>, span: &Range<usize>, shape: &Value, name: &str, sink: &mut Sink) {
    match value {
        DeValue::Table(entries) => {
            let Some(shape) =
                branch(shape, &|shape| shape["properties"].is_object() || shape["additionalProperties"].is_object())
            else {
                return;
            };
            outer_keys(entries, span, shape, name, sink);
            let open = &shape["additionalProperties"];
            for (key, value) in
                entries.iter_mut().filter(|(_, value)| value.get_ref().is_table() || value.get_ref().is_array())
            {
                let inner = shape["properties"].get(key.get_ref().as_ref()).unwrap_or(open);
                let span = value.span();
                keys(value.get_mut(), &span, inner, &format!("{name}.{}", shown(key.get_ref())), sink);
            }
        }
        DeValue::Array(entries) => {
            let Some(shape) = branch(shape, &|shape| shape["items"].is_object()) else { return };
            for value in entries.iter_mut() {
                let span = value.span();
                keys(value.get_mut(), &span, &shape["items"], name, sink);
            }
        }
        _ => {}
    }
}

/// Removes and names the unknown keys of one table, and names the missing ones.
fn outer_keys(entries: &mut DeTable<'_>, span: &Range<usize>, shape: &Value, name: &str, sink: &mut Sink) {
    let empty = serde_json::Map::new();
    let known = shape["properties"].as_object().unwrap_or(&empty);
    if !shape["additionalProperties"].is_object() {
        let unknown = |key: &&Spanned<DeString<'_>>| !known.contains_key(key.get_ref().as_ref());
        let unknown: Vec<(String, Range<usize>)> =
            entries.keys().filter(unknown).map(|key| (key.get_ref().to_string(), key.span())).collect();
        for (word, span) in unknown {
            let mut hint = sink.hint(&word, known.keys().map(String::as_str));
            if hint.is_empty() {
                let words: Vec<String> = known.keys().map(|key| format!("`{key}`")).collect();
                hint = format!("; it knows {}", words.join(", "));
            }
            let message = format!("{name} has no key `{}`{hint}", shown(&word));
            sink.error(FindingCode::UnknownKey, &span, message, &[]);
            entries.remove(word.as_str());
        }
    }
    for key in shape["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !entries.contains_key(key) {
            sink.error(FindingCode::MissingKey, span, format!("{name} lacks the key `{key}`"), &[]);
        }
    }
}

/// The alternative of a schema that fits, itself among them.
fn branch<'s>(shape: &'s Value, fits: &dyn Fn(&Value) -> bool) -> Option<&'s Value> {
    if fits(shape) {
        return Some(shape);
    }
    ["anyOf", "oneOf", "allOf"]
        .iter()
        .filter_map(|key| shape[key].as_array())
        .flatten()
        .find_map(|alternative| branch(alternative, fits))
}

/// Reads a table's values and names every one that serde refuses.
fn values<T: DeserializeOwned>(mut value: Spanned<DeValue<'_>>, sink: &mut Sink) -> Option<T> {
    let mut removed: HashSet<(usize, usize)> = HashSet::new();
    let mut broken = false;
    for _ in 0..MOST_WRONG_VALUES {
        let error = match T::deserialize(ValueDeserializer::from(value.clone())) {
            Ok(read) => return (!broken).then_some(read),
            Err(error) => error,
        };
        broken = true;
        let span = error.span().unwrap_or(value.span());
        let follows = removed.iter().any(|(start, end)| span.start <= *start && *end <= span.end);
        // A missing key was named before; what holds something that was taken out was named with it.
        if !error.message().starts_with("missing field") && !follows {
            let (code, message) = in_plain_words(error.message());
            sink.error(code, &span, message, &[]);
        }
        removed.insert((span.start, span.end));
        if !take_out(value.get_mut(), &span) {
            return None;
        }
    }
    None
}

/// Takes the innermost value that contains `span` out of what holds it.
fn take_out(value: &mut DeValue<'_>, span: &Range<usize>) -> bool {
    let contains = |outer: Range<usize>| outer.start <= span.start && span.end <= outer.end;
    match value {
        DeValue::Table(entries) => {
            if entries.iter_mut().any(|(_, value)| take_out(value.get_mut(), span)) {
                return true;
            }
            let found = entries.iter().find(|(key, value)| contains(value.span()) || contains(key.span()));
            match found.map(|(key, _)| key.get_ref().to_string()) {
                Some(key) => entries.remove(key.as_str()).is_some(),
                None => false,
            }
        }
        DeValue::Array(entries) => {
            if entries.iter_mut().any(|value| take_out(value.get_mut(), span)) {
                return true;
            }
            match entries.iter().position(|value| contains(value.span())) {
                Some(position) => {
                    let all = std::mem::replace(entries, std::iter::empty().collect());
                    let kept = all.into_iter().enumerate();
                    *entries = kept.filter(|(at, _)| *at != position).map(|(_, value)| value).collect();
                    true
                }
                None => false,
            }
        }
        _ => false,
    }
}

/// What serde says, for the reader of the file.
fn in_plain_words(message: &str) -> (FindingCode, String) {
    if let Some((code, message)) = message.split_once(": ").and_then(|(code, rest)| Some((code.parse().ok()?, rest))) {
        return (code, message.to_owned());
    }
    if let Some(rest) = message.strip_prefix("unknown variant `")
        && let Some((word, known)) = rest.split_once("`, expected ")
    {
        let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
        let hint = did_you_mean(word, known.iter().copied());
        return (FindingCode::InvalidValue, format!("`{}` is none of {}{hint}", shown(word), known.join(", ")));
    }
    if let Some((found, expected)) = message.split_once(", expected ")
        && let Some((_, found)) = found.split_once(": ").filter(|(kind, _)| kind.starts_with("invalid "))
    {
        let expected = match expected {
            "u32" | "i64" => "a whole number",
            other => other,
        };
        return (FindingCode::Syntax, format!("expected {expected}, found {}", shown(found)));
    }
    (FindingCode::InvalidValue, message.to_owned())
}

fn with_article(kind: &str) -> String {
    format!("{} {kind}", if kind.starts_with(['a', 'i']) { "an" } else { "a" })
}
