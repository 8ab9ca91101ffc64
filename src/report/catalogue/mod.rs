//! What every code of the program means, what usually helps, and which rule or source it comes from.
//!
//! The three enums are matched without a wildcard, so a new code does not compile until it is explained here.

mod findings;
mod refusals;
mod verdicts;

use strum::IntoEnumIterator;

use crate::network::VerdictCode;
use crate::topology::FindingCode;
use crate::topology::command::nearest;
use crate::world::RefusalCode;

/// What a code stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Why a command is refused.
    Refusal,
    /// Why two parties reach each other or not.
    Verdict,
    /// What a reader should know about a file, a plan or the world.
    Finding,
}

impl Kind {
    /// The word over its part of the list, and beside a code that has several meanings.
    pub fn title(self) -> &'static str {
        match self {
            Self::Refusal => "refusal",
            Self::Verdict => "verdict",
            Self::Finding => "finding",
        }
    }

    /// What it is, in a sentence.
    pub fn about(self) -> &'static str {
        match self {
            Self::Refusal => "why a command is refused; then nothing has changed",
            Self::Verdict => "why two parties reach each other or not",
            Self::Finding => "what you should know about a file, a plan or the state of the networks",
        }
    }
}

/// The explanation of one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// One line for the list of all codes.
    pub brief: &'static str,
    /// Two or three plain sentences.
    pub meaning: &'static str,
    /// What usually helps.
    pub helps: &'static str,
    /// The rule and where it comes from.
    pub source: &'static str,
}

/// One code of one kind with its explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The stable code.
    pub code: String,
    /// What it stands for.
    pub kind: Kind,
    /// Its explanation.
    pub meaning: Meaning,
}

/// What a finding stands for.
pub fn meaning_of(code: FindingCode) -> Meaning {
    findings::meaning(code)
}

/// Every code of every kind, in the order of the enums.
pub fn entries() -> Vec<Entry> {
    let refusals = RefusalCode::iter().map(|code| (code.to_string(), Kind::Refusal, refusals::meaning(code)));
    let verdicts = VerdictCode::iter().map(|code| (code.to_string(), Kind::Verdict, verdicts::meaning(code)));
    let findings = FindingCode::iter().map(|code| (code.to_string(), Kind::Finding, findings::meaning(code)));
    let all = refusals.chain(verdicts).chain(findings);
    all.map(|(code, kind, meaning)| Entry { code, kind, meaning }).collect()
}

/// The explanations of a code; a code may be a refusal and a verdict at once.
///
/// # Errors
/// No enum has the code; holds the nearest that one has.
pub fn find(code: &str) -> Result<Vec<Entry>, Option<String>> {
    let all = entries();
    let near = nearest(code, all.iter().map(|entry| entry.code.as_str())).map(str::to_owned);
    let found: Vec<_> = all.into_iter().filter(|entry| entry.code == code).collect();
    if found.is_empty() { Err(near) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_in_sentences_with_a_source() {
        let all = entries();
        let expected = RefusalCode::iter().count() + VerdictCode::iter().count() + FindingCode::iter().count();
        assert_eq!(all.len(), expected);
        for entry in all {
            let Meaning { brief, meaning, helps, source } = entry.meaning;
            assert!(!brief.is_empty() && brief.len() <= 80 && !brief.ends_with('.'), "{}: {brief}", entry.code);
            for sentence in [meaning, helps, source] {
                assert!(sentence.ends_with('.') && sentence.len() > 10, "{}: {sentence}", entry.code);
            }
            assert!(meaning.matches(". ").count() <= 3, "{}: more than three or four sentences", entry.code);
        }
    }

    #[test]
    fn a_code_of_several_kinds_has_several_explanations() {
        let kinds: Vec<_> = find("region-down").unwrap().into_iter().map(|entry| entry.kind).collect();
        assert_eq!(kinds, [Kind::Refusal, Kind::Verdict, Kind::Finding]);
    }

    #[test]
    fn an_unknown_code_names_the_nearest() {
        assert_eq!(find("overlap-neighbor"), Err(Some("overlap-neighbour".to_owned())));
        assert_eq!(find("zzzzzzzzzzzz"), Err(None));
    }
}
