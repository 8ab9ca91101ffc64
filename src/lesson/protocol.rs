//! What a learner did in one attempt, as lines that a crash cannot take back, and the attempt played again from them.
//!
//! The first line says which lesson and how it is played; each further line is one deed with what it came to; the last
//! one says that the attempt has ended, and is missing where it was broken off.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use strum::Display;

use super::progress::hash;
use super::{Deed, Draw, Feedback, Lesson, Logged, Mode, Play};

/// The version of the form that this program writes.
pub const FORMAT: u32 = 1;

/// The first line: which lesson is played, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Opening {
    /// The version of this form.
    pub format: u32,
    /// The lesson's id.
    pub lesson: String,
    /// The path of the lesson's file, where it does not come with the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Which file it was.
    pub lesson_hash: String,
    /// The draw of its random words.
    pub draw: usize,
    /// How it is played.
    pub mode: Mode,
    /// The version of the program.
    pub program: String,
    /// When it began, as the caller tells.
    pub began: String,
}

impl Opening {
    /// The first line of an attempt at a lesson; `file` is its path where it does not come with the program, `began` the
    /// time.
    pub fn of(lesson: &Lesson, mode: Mode, file: Option<String>, began: impl Into<String>) -> Self {
        Self {
            format: FORMAT,
            lesson: lesson.id.clone(),
            file,
            lesson_hash: hash(lesson),
            draw: lesson.draw.0,
            mode,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            began: began.into(),
        }
    }

    /// The draw.
    pub fn draw(&self) -> Draw {
        Draw(self.draw)
    }
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum End {
    /// The lesson is solved.
    Solved,
    /// The learner gave it up; it is not taken up again.
    GivenUp,
}

/// A deed as a line writes it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct DeedLine {
    deed: String,
    seconds: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    turns: Vec<String>,
}

/// The last line.
#[derive(Serialize, Deserialize)]
struct EndLine {
    end: End,
}

/// The log of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protocol {
    /// Which lesson, and how.
    pub opening: Opening,
    /// The deeds, in order.
    pub deeds: Vec<Logged>,
    /// How it ended; none where it was broken off.
    pub end: Option<End>,
    /// How many bytes of the text are whole lines: what follows was cut off by a crash.
    pub whole: usize,
}

/// Why a text is no log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the log: {why}")]
pub struct BadLog {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

/// A value as one line of JSON.
fn line(value: &impl Serialize) -> String {
    format!("{}\n", serde_json::to_string(value).unwrap_or_default())
}

/// The first line of a log.
pub fn opening_line(opening: &Opening) -> String {
    line(opening)
}

/// The line of a deed.
pub fn deed_line(logged: &Logged) -> String {
    let Logged { deed, seconds, refused, turns } = logged;
    line(&DeedLine { deed: deed.to_string(), seconds: *seconds, refused: refused.clone(), turns: turns.clone() })
}

/// The last line of a log.
pub fn end_line(end: End) -> String {
    line(&EndLine { end })
}

impl Protocol {
    /// The log a text holds. A last line that was cut off is left out: its deed was not done when the crash came.
    ///
    /// # Errors
    /// The first line that is no line of a log.
    pub fn parse(text: &str) -> Result<Self, BadLog> {
        let whole = text.rfind('\n').map_or(0, |at| at + 1);
        let mut lines = text[..whole].lines().enumerate().map(|(at, line)| (at + 1, line));
        let bad = |line: usize, why: String| BadLog { line, why };
        let (_, first) = lines.next().ok_or_else(|| bad(1, "nothing is there".to_owned()))?;
        let opening: Opening = serde_json::from_str(first).map_err(|error| bad(1, error.to_string()))?;
        if opening.format != FORMAT {
            return Err(bad(1, format!("format {} is not known; this version reads {FORMAT}", opening.format)));
        }
        let (mut deeds, mut end) = (Vec::new(), None);
        for (at, line) in lines {
            if let Ok(EndLine { end: how }) = serde_json::from_str(line) {
                end = Some(how);
                continue;
            }
            let written: DeedLine = serde_json::from_str(line).map_err(|error| bad(at, error.to_string()))?;
            let deed = deed(&written.deed).map_err(|why| bad(at, why))?;
            let DeedLine { seconds, refused, turns, .. } = written;
            deeds.push(Logged { deed, seconds, refused, turns });
        }
        Ok(Self { opening, deeds, end, whole })
    }

    /// The log as text.
    pub fn text(&self) -> String {
        let deeds = self.deeds.iter().map(deed_line);
        std::iter::once(opening_line(&self.opening)).chain(deeds).chain(self.end.map(end_line)).collect()
    }
}

/// A deed of a log. The words of an answer stay as they were said.
fn deed(text: &str) -> Result<Deed, String> {
    match text.strip_prefix("answer ").and_then(|rest| rest.split_once(' ')) {
        Some((quiz, said)) => Ok(Deed::Answer(quiz.to_owned(), said.to_owned())),
        None => text.parse(),
    }
}

/// An attempt played again.
#[derive(Debug, Clone)]
pub struct Replay {
    /// The attempt as it stands at the end of the log.
    pub play: Play,
    /// What was told after each deed.
    pub told: Vec<Vec<Feedback>>,
    /// Whatever came out otherwise than the log says, a sentence each.
    pub differences: Vec<String>,
}

/// Plays a log again.
///
/// # Errors
/// The lesson cannot begin any more.
pub fn replay(protocol: &Protocol, lesson: Arc<Lesson>) -> Result<Replay, String> {
    let mut differences = Vec::new();
    if protocol.opening.lesson_hash != hash(&lesson) {
        differences.push("the lesson's file is not the one that was played".to_owned());
    }
    let refused = |(command, refusal): (crate::topology::Command, crate::world::Refusal)| {
        format!("the lesson cannot begin: `{command}` is refused: {}", refusal.message)
    };
    let mut play = Play::begin(lesson, protocol.opening.mode).map_err(refused)?;
    let mut told = Vec::with_capacity(protocol.deeds.len());
    for (at, logged) in protocol.deeds.iter().enumerate() {
        told.push(play.take(&logged.deed));
        let now = play.attempt.log().get(at);
        if now != Some(logged) {
            differences.push(differs(at + 1, logged, now));
        }
    }
    if protocol.end == Some(End::Solved) && !play.attempt.solved() {
        differences.push("the log says that the lesson was solved, and it is not".to_owned());
    }
    Ok(Replay { play, told, differences })
}

fn differs(at: usize, then: &Logged, now: Option<&Logged>) -> String {
    let came_to = |logged: &Logged| {
        let outcome = logged.refused.as_ref().map_or("done".to_owned(), |code| format!("refused as {code}"));
        let turns =
            if logged.turns.is_empty() { String::new() } else { format!(", taking {}", logged.turns.join(", ")) };
        format!("{outcome} at {}{turns}", crate::topology::timing::spoken(logged.seconds))
    };
    let now = now.map_or("not possible".to_owned(), came_to);
    format!("deed {at}, `{}`: then {}, now {now}", then.deed, came_to(then))
}
