//! Questions and their right answers.

use schemars::JsonSchema;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use strum::{Display, EnumIter, EnumString};

use crate::topology::format::At;

/// A question.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Quiz {
    /// Its id.
    pub id: At<String>,
    /// The step after which it is asked; at the start when not given.
    pub after: Option<At<String>>,
    /// The question.
    pub ask: At<String>,
    /// The answers to choose from; free words when not given.
    #[serde(default)]
    pub choices: Vec<String>,
    /// The right answer.
    pub answer: At<RawAnswer>,
    /// Why it is right.
    pub why: At<String>,
    /// How much it counts; 1 when not given.
    pub points: Option<u32>,
}

/// A right answer as a file writes it.
#[derive(Debug, Clone, JsonSchema)]
#[serde(untagged)]
pub enum RawAnswer {
    /// One answer.
    Text(String),
    /// All of these, in any order.
    List(Vec<String>),
    /// The model knows it, or these in this order.
    Table(AnswerTable),
}

// Not derived: an untagged enum would not say which key of the table is unknown.
impl<'de> Deserialize<'de> for RawAnswer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnswerVisitor)
    }
}

struct AnswerVisitor;

impl<'de> Visitor<'de> for AnswerVisitor {
    type Value = RawAnswer;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an answer, a list of answers, or a table like { engine = \"predict-ip\", vm = \"x\" }")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<RawAnswer, E> {
        Ok(RawAnswer::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<RawAnswer, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list)).map(RawAnswer::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawAnswer, A::Error> {
        AnswerTable::deserialize(MapAccessDeserializer::new(map)).map(RawAnswer::Table)
    }
}

/// An answer that is more than words.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct AnswerTable {
    /// These, in this order.
    pub order: Vec<String>,
    /// What the model is asked.
    pub engine: Option<EngineWord>,
    /// A VM.
    pub vm: Option<String>,
    /// A network.
    pub net: Option<String>,
    /// A party.
    pub from: Option<String>,
    /// A party.
    pub to: Option<String>,
    /// A scope of the command language.
    pub scope: Option<String>,
    /// A command.
    pub command: Option<String>,
    /// When the links of a derived plan are made: `before`, `during` or `after`; `during` when not given.
    pub timing: Option<String>,
}

/// What the model can be asked for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumIter, EnumString, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum EngineWord {
    /// The address `vm` would get if it failed over now.
    PredictIp,
    /// The address its test copy would get in `net`.
    PredictTestIp,
    /// The subnet `vm` would go to.
    PredictSubnet,
    /// The address `vm` has now.
    Address,
    /// `yes` or `no`: whether `from` reaches `to`.
    Reaches,
    /// The code of the verdict between `from` and `to`.
    Verdict,
    /// The code with which `command` would be refused, or `accepted`.
    Refusal,
    /// How many minutes the derived plan of `scope` takes.
    PlanMinutes,
    /// How many minutes `from` cannot reach `to` while the derived plan of `scope` runs, for a need of the topology.
    GapMinutes,
    /// How many links the derived plan of `scope` cuts.
    LinksCut,
    /// How many links it makes.
    LinksMade,
    /// How many machines it moves.
    MachinesMoved,
    /// How many live links end at `net`.
    LinksAt,
    /// How many minutes `command` takes.
    Minutes,
}
