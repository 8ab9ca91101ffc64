//! What a learner does, as a value that parses from and prints to one line: the command language and a few words more.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::Deserialize;
use strum::{Display, EnumIter, EnumString, IntoEnumIterator};

use crate::topology::Command;
use crate::topology::command::did_you_mean;
use crate::topology::timing::Span;

/// A sheet of the explorer that a lesson can ask to be looked at.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumString, EnumIter, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Sheet {
    /// The keys.
    Help,
    /// Everything about one thing.
    Inspect,
    /// Why two parties reach each other or not.
    Why,
    /// Who reaches whom.
    Matrix,
    /// The address every VM will get.
    Addresses,
    /// What a failover will do.
    Plan,
    /// The plan over time.
    Timeline,
    /// What would go wrong at a failover.
    Findings,
    /// Runs side by side.
    Compare,
}

/// A look at a sheet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Look {
    /// The sheet.
    pub sheet: Sheet,
    /// The ids it was about.
    pub at: Vec<String>,
}

/// One thing a learner does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// A command.
    Do(Command),
    /// One step back.
    Undo,
    /// One undone step forward.
    Redo,
    /// An answer to a question: its id and the words.
    Answer(String, String),
    /// A look at a sheet.
    Look(Look),
    /// The next hint.
    Hint,
    /// The solution of the step, shown.
    Reveal,
    /// Nothing for so many seconds of the learner's own time.
    Idle(u64),
    /// An inject of the lesson happens.
    Inject(String),
}

const VERBS: [(&str, &str); 7] = [
    ("undo", "undo"),
    ("redo", "redo"),
    ("answer", "answer QUIZ WORDS…"),
    ("look", "look SHEET [ID…]"),
    ("hint", "hint"),
    ("idle", "idle 90s"),
    ("inject", "inject ID"),
];

impl FromStr for Deed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        let verb = words.next().unwrap_or_default();
        let rest: Vec<&str> = words.collect();
        let usage = || {
            let usage = VERBS.iter().find(|(word, _)| *word == verb).map_or(verb, |(_, usage)| usage);
            Err(format!("write `{usage}`"))
        };
        match (verb, rest.as_slice()) {
            ("undo", []) => Ok(Self::Undo),
            ("redo", []) => Ok(Self::Redo),
            ("hint", []) => Ok(Self::Hint),
            ("reveal", []) => Ok(Self::Reveal),
            ("answer", [quiz, words @ ..]) if !words.is_empty() => {
                Ok(Self::Answer((*quiz).to_owned(), words.join(" ")))
            }
            ("inject", [id]) => Ok(Self::Inject((*id).to_owned())),
            ("idle", [span]) => Ok(Self::Idle(span.parse::<Span>()?.0)),
            ("look", [sheet, at @ ..]) => {
                let names: Vec<String> = Sheet::iter().map(|sheet| sheet.to_string()).collect();
                let sheet = sheet.parse().map_err(|_| {
                    let hint = did_you_mean(sheet, names.iter().map(String::as_str));
                    format!("`{sheet}` is none of {}{hint}", names.join(", "))
                })?;
                Ok(Self::Look(Look { sheet, at: at.iter().map(|id| (*id).to_owned()).collect() }))
            }
            ("undo" | "redo" | "hint" | "reveal" | "answer" | "look" | "idle" | "inject", _) => usage(),
            _ => text.parse().map(Self::Do).map_err(|error: crate::topology::command::SyntaxError| error.0),
        }
    }
}

impl std::fmt::Display for Deed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Do(command) => write!(f, "{command}"),
            Self::Undo => f.write_str("undo"),
            Self::Redo => f.write_str("redo"),
            Self::Answer(quiz, words) => write!(f, "answer {quiz} {words}"),
            Self::Look(look) => {
                write!(f, "look {}", look.sheet)?;
                look.at.iter().try_for_each(|id| write!(f, " {id}"))
            }
            Self::Hint => f.write_str("hint"),
            Self::Reveal => f.write_str("reveal"),
            Self::Idle(seconds) => write!(f, "idle {seconds}s"),
            Self::Inject(id) => write!(f, "inject {id}"),
        }
    }
}

/// Whether a text fits a pattern in which `*` stands for any letters.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_deed_prints_to_the_line_it_parses_from() {
        for text in [
            "undo",
            "redo",
            "hint",
            "reveal",
            "idle 90s",
            "inject gw-down",
            "answer where 10.2.1.4",
            "look help",
            "look why app1 app2",
            "disconnect source-2 azure",
        ] {
            assert_eq!(text.parse::<Deed>().map(|deed| deed.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn a_pattern_fits_what_its_stars_leave_open() {
        for (pattern, text, yes) in [
            ("connect *", "connect a b", true),
            ("*recovery-2*", "connect recovery-2 azure", true),
            ("disconnect a b", "disconnect a b", true),
            ("disconnect a b", "disconnect a b by vpn", false),
            ("a*b*c", "a-b-c", true),
            ("a*b*c", "a-c", false),
        ] {
            assert_eq!(fits(pattern, text), yes, "{pattern} {text}");
        }
    }
}
