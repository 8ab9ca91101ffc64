//! Which keys mean what: the table's own, or what the user wrote down in a file.
//!
//! ```toml
//! [everywhere]
//! next = ["n", "N"]
//! [map]
//! inspect = ["i"]
//! ```

use std::borrow::Cow;
use std::ops::Range;

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use strum::IntoEnumIterator;

use super::{ACTIONS, Action, Context, Entry};
use crate::app::Key;
use crate::topology::FindingCode;
use crate::topology::command::did_you_mean;
use crate::topology::format::At;
use crate::topology::load::{LoadError, Sink, one_table};
use crate::topology::schema::schema_of;

/// The keys of one action in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Binding {
    action: Action,
    context: Context,
    keys: Vec<String>,
}

/// Which keys mean what, everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap(Vec<Binding>);

/// Without these nobody could leave, or say what has no key.
const NEEDED: [Action; 2] = [Action::QuitNow, Action::Command];

/// A file: tables by context, lists of keys by action.
#[derive(Debug, Deserialize)]
struct Written(IndexMap<String, IndexMap<String, Keys>>);

/// A list of keys.
type Keys = At<Vec<At<String>>>;

impl JsonSchema for Written {
    fn schema_name() -> Cow<'static, str> {
        "Keymap".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let list = json!({ "type": "array", "items": { "type": "string" } });
        let places = Context::iter().map(|context| {
            let fits = |entry: &&Entry| context == Context::Everywhere || entry.contexts.contains(&context);
            let known = ACTIONS.iter().filter(fits).filter(|entry| entry.action != Action::Choice);
            let known: Map<String, Value> = known.map(|entry| (entry.name().to_owned(), list.clone())).collect();
            let about = format!("The keys of actions in the context `{}`, each with all of its keys.", context.name());
            let table =
                json!({ "type": "object", "description": about, "properties": known, "additionalProperties": false });
            (context.name().to_owned(), table)
        });
        let places: Map<String, Value> = places.collect();
        json_schema!({
            "type": "object",
            "description": "Keys of the user's own: tables by context, lists of keys by action.",
            "properties": places,
            "additionalProperties": false
        })
    }
}

/// The JSON Schema of the keymap, `keys.toml`.
pub fn schema() -> Value {
    schema_of::<Written>()
}

impl Default for Keymap {
    fn default() -> Self {
        let own = |entry: &Entry| entry.keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
        let bindings = ACTIONS.iter().flat_map(|entry| {
            entry.contexts.iter().map(move |context| Binding {
                action: entry.action,
                context: *context,
                keys: own(entry),
            })
        });
        Self(bindings.collect())
    }
}

impl Keymap {
    /// The action a key means in a context.
    pub fn meaning(&self, context: Context, key: Key) -> Option<Action> {
        let written = key.to_string();
        let here = self.0.iter().filter(|binding| binding.context == context || binding.context == Context::Everywhere);
        here.filter(|binding| binding.keys.contains(&written)).map(|binding| binding.action).next()
    }

    /// The key to name for an action in a context; `:` and its name where it has none.
    pub fn key(&self, action: Action, context: Context) -> String {
        let own = self.0.iter().find(|binding| binding.action == action && binding.context == context);
        match own.and_then(|binding| binding.keys.first()) {
            Some(key) => key.clone(),
            None => self.first(action),
        }
    }

    /// The key to name for an action on the map, else wherever it is; `:` and its name where it has none.
    pub fn first(&self, action: Action) -> String {
        let on_map = self.0.iter().find(|binding| binding.action == action && binding.context == Context::Map);
        if let Some(key) = on_map.and_then(|binding| binding.keys.first()) {
            return key.clone();
        }
        self.all(action).first().cloned().unwrap_or_else(|| format!(":{}", <&str>::from(action)))
    }

    /// Every key of an action, in whatever context.
    pub fn all(&self, action: Action) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        for key in self.0.iter().filter(|binding| binding.action == action).flat_map(|binding| &binding.keys) {
            if !keys.contains(key) {
                keys.push(key.clone());
            }
        }
        keys
    }

    /// A text with `{fail-over}` and the like as the keys of these actions on the map.
    pub fn told(&self, text: &str) -> String {
        self.told_in(text, Context::Map)
    }

    /// The same with the keys of a context.
    pub fn told_in(&self, text: &str, context: Context) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, (name, after))) =
            rest.split_once('{').and_then(|(before, behind)| Some((before, behind.split_once('}')?)))
        {
            out.push_str(before);
            match Action::iter().find(|action| <&str>::from(*action) == name) {
                Some(action) => out.push_str(&self.key(action, context)),
                None => out.push_str(&format!("{{{name}}}")),
            }
            rest = after;
        }
        out + rest
    }

    /// Reads a keymap: the table's own keys with those of the file in their place; `origin` is what the file is called
    /// in messages.
    ///
    /// # Errors
    /// Everything wrong with the text: unknown contexts, actions and keys, and keys that would mean two things.
    pub fn parse(origin: &str, text: &str) -> Result<Self, LoadError> {
        let file: Written = one_table(origin, text, "keys.toml")?;
        let mut sink = Sink::default();
        let mut map = Self::default();
        let mut places: Vec<Place> = Vec::new();
        // What holds everywhere gives way to what a place has of its own, whatever stands first in the file.
        let mut tables: Vec<_> = file.0.into_iter().collect();
        tables.sort_by_key(|(place, _)| place != Context::Everywhere.name());
        for (table, actions) in &tables {
            let Some(context) = Context::iter().find(|context| context.name() == table) else { continue };
            for (name, keys) in actions {
                let Some(action) = Action::iter().find(|action| <&str>::from(*action) == name) else { continue };
                places.extend(map.take(context, action, keys, &mut sink));
            }
        }
        map.conflicts(&places, &mut sink);
        match sink.is_broken() {
            true => {
                Err(LoadError { origin: origin.to_owned(), source: text.to_owned(), problems: sink.problems(text) })
            }
            false => Ok(map),
        }
    }

    /// Puts the keys of a file in the place of the table's own; returns where each stands.
    fn take(&mut self, context: Context, action: Action, keys: &Keys, sink: &mut Sink) -> Vec<Place> {
        let (mut read, mut places): (Vec<String>, Vec<Place>) = (Vec::new(), Vec::new());
        for key in &keys.value {
            match key.value.parse::<Key>() {
                Err(_) => sink.error(FindingCode::InvalidValue, &key.span, no_key(&key.value), &[]),
                Ok(parsed) if read.contains(&parsed.to_string()) => {
                    sink.error(FindingCode::InvalidValue, &key.span, format!("`{parsed}` stands here twice"), &[]);
                }
                Ok(parsed) => {
                    read.push(parsed.to_string());
                    places.push(Place { action, key: parsed.to_string(), span: key.span.clone() });
                }
            }
        }
        if keys.value.is_empty() && NEEDED.contains(&action) {
            let message = format!("{} needs a key: without one there would be no way out", <&str>::from(action));
            sink.error(FindingCode::InvalidValue, &keys.span, message, &[]);
        }
        let fits = |binding: &&mut Binding| {
            binding.action == action && (context == Context::Everywhere || binding.context == context)
        };
        self.0.iter_mut().filter(fits).for_each(|binding| binding.keys.clone_from(&read));
        places
    }

    /// Names every key of the file that means two things in one place.
    fn conflicts(&self, places: &[Place], sink: &mut Sink) {
        for place in places {
            let holds = |binding: &&Binding| binding.keys.contains(&place.key);
            let own = self.0.iter().filter(holds).filter(|binding| binding.action == place.action);
            let other = own.clone().find_map(|own| {
                let meets = |binding: &&Binding| {
                    binding.context == own.context || [binding.context, own.context].contains(&Context::Everywhere)
                };
                let others = self.0.iter().filter(holds).filter(meets);
                Some((
                    others.filter(|binding| binding.action != place.action).map(|binding| binding.action).next()?,
                    own,
                ))
            });
            if let Some((other, own)) = other
                && !sink.has_error_at(place.span.start)
            {
                let (name, place_name) = (<&str>::from(other), own.context.name());
                let message = format!(
                    "`{}` means `{name}` in `{place_name}` already; write `{name} = []` or other keys for it in \
                     [{place_name}] too",
                    place.key
                );
                sink.error(FindingCode::InvalidValue, &place.span, message, &[]);
            }
        }
    }
}

/// A key that stands in a file.
struct Place {
    action: Action,
    key: String,
    span: Range<usize>,
}

/// What to say about a text that is no key.
fn no_key(text: &str) -> String {
    let names = Key::names().map(str::to_owned);
    let prefix = text.rfind('-').filter(|at| text[..*at].split('-').all(|part| ["ctrl", "alt"].contains(&part)));
    let bare = prefix.map_or(text, |at| &text[at + 1..]);
    let known: Vec<String> = names.collect();
    let hint = did_you_mean(bare, known.iter().map(String::as_str));
    format!("`{text}` is no key: write a character, or one of {}, with ctrl- or alt- before it{hint}", known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        text.parse().unwrap()
    }

    fn problems(text: &str) -> Vec<(usize, usize, String)> {
        let error = Keymap::parse("keys.toml", text).unwrap_err();
        let place = |problem: &crate::topology::load::Problem| {
            let position = problem.finding.position.unwrap();
            (position.line, position.column, problem.finding.message.clone())
        };
        error.problems.iter().map(place).collect()
    }

    #[test]
    fn an_empty_file_leaves_every_key_as_it_is() {
        assert_eq!(Keymap::parse("keys.toml", ""), Ok(Keymap::default()));
    }

    #[test]
    fn the_keys_of_a_file_stand_in_the_place_of_the_tables_own_and_one_place_may_differ() {
        let text = "[map]\ninspect = [\"i\", \"ctrl-i\"]\n[everywhere]\ndown = [\"alt-n\"]\n[matrix]\ndown = [\"j\"]\n";
        let map = Keymap::parse("keys.toml", text).unwrap();
        assert_eq!(map.meaning(Context::Map, key("i")), Some(Action::Inspect));
        assert_eq!(map.meaning(Context::Map, key("enter")), None);
        assert_eq!(map.meaning(Context::Map, key("alt-n")), Some(Action::Down));
        assert_eq!(map.meaning(Context::Matrix, key("alt-n")), None);
        assert_eq!(map.meaning(Context::Matrix, key("j")), Some(Action::Down));
        assert_eq!((map.first(Action::Inspect), map.key(Action::Down, Context::Matrix)), ("i".into(), "j".into()));
        assert_eq!(map.told("press {inspect} or {nothing}"), "press i or {nothing}");
    }

    #[test]
    fn an_action_may_have_no_key_and_is_named_by_the_prompt_then() {
        let map = Keymap::parse("keys.toml", "[map]\noutage = []\n").unwrap();
        assert_eq!(map.meaning(Context::Map, key("o")), None);
        assert_eq!(map.first(Action::Outage), ":outage");
    }

    #[test]
    fn unknown_places_actions_and_keys_are_named_with_the_nearest_word() {
        let said = problems("[mapp]\n[map]\ninspekt = [\"i\"]\nwhy = [\"ctrl-entr\"]\nmatrix = [\"m\", \"m\"]\n");
        let wanted = [(1, 2, "did you mean `map`?"), (3, 1, "did you mean `inspect`?")];
        for ((line, column, message), (wanted_line, wanted_column, part)) in said.iter().zip(wanted) {
            assert_eq!((*line, *column), (wanted_line, wanted_column), "{message}");
            assert!(message.contains(part), "{message}");
        }
        let said = problems("[map]\nwhy = [\"ctrl-entr\"]\nmatrix = [\"m\", \"m\"]\n");
        assert!(said[0].2.contains("did you mean `enter`?"), "{said:?}");
        assert_eq!((said[1].0, said[1].1, said[1].2.as_str()), (3, 16, "`m` stands here twice"));
    }

    #[test]
    fn a_key_that_means_two_things_is_named_where_it_stands() {
        let said = problems("[map]\ninspect = [\"x\"]\n");
        assert_eq!((said.len(), said[0].0, said[0].1), (1, 2, 12));
        assert!(said[0].2.contains("`x` means `disconnect` in `map` already"), "{said:?}");
        assert!(Keymap::parse("keys.toml", "[map]\ninspect = [\"x\"]\ndisconnect = [\"X\"]\n").is_ok());
        let said = problems("[everywhere]\nredraw = [\"q\"]\n");
        assert!(said[0].2.contains("`quit`"), "{said:?}");
    }

    #[test]
    fn nobody_can_lock_himself_in() {
        let said = problems("[everywhere]\nquit-now = []\n");
        assert!(said[0].2.contains("no way out"), "{said:?}");
    }
}
