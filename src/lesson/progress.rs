//! What a learner has done so far, lesson by lesson (`walkthroughs.md` 4.5): a value that files, lines of text and other
//! progress can be made of. Days are given to it; it asks no clock.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use strum::Display;

use super::random::{fingerprint, scatter};
use super::{Draw, Lesson, Score};

/// The version of the form that this program writes.
pub const FORMAT: u32 = 1;

/// What a learner has done so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Progress {
    /// The version of this form.
    format: u32,
    /// What draws come from: random once, and the same ever after.
    seed: u32,
    /// The lessons that were begun, by id.
    #[serde(default)]
    lessons: BTreeMap<String, Record>,
}

/// What was done with one lesson.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Record {
    /// The lesson it is a variant of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant_of: Option<String>,
    /// Which file the marks are for.
    pub lesson_hash: String,
    /// How often it was begun.
    pub attempts: u32,
    /// The most points of a hundred.
    pub best: Option<u32>,
    /// The points of the last time it was ended; none where the solution was shown.
    pub last: Option<u32>,
    /// The day it was last begun or ended.
    pub day: Option<Date>,
    /// Whether it was ended, be it without a score.
    pub completed: bool,
    /// Each variant that was passed, with the day it was passed first.
    pub passes: Vec<Pass>,
    /// Whether it was passed with two variants on two days.
    pub mastered: bool,
}

/// A lesson was passed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Pass {
    /// The draw of its random words.
    pub draw: usize,
    /// The day.
    pub day: Date,
}

/// How a learner stands with a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Standing {
    /// Never begun.
    New,
    /// Begun, and not passed.
    Tried,
    /// Passed, and the file has changed since.
    Stale,
    /// Passed.
    Passed,
    /// Passed with different variants on different days.
    Mastered,
}

/// Why a text is no progress.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is damaged, or something else.
    #[error("this is no progress of lessons: {0}")]
    Damaged(String),
    /// A later version of the program wrote it.
    #[error("a later version of failscope wrote this (format {0}); this version reads format {FORMAT}")]
    Newer(u32),
}

impl Progress {
    /// Nothing done yet; `seed` is any random number, from which draws come.
    pub fn new(seed: u32) -> Self {
        Self { format: FORMAT, seed, lessons: BTreeMap::new() }
    }

    /// The progress a text holds, be it a file or an exported line.
    ///
    /// # Errors
    /// The text is damaged, or of a later format.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        /// What every version of the form has.
        #[derive(Deserialize)]
        struct Any {
            format: u32,
        }
        let damaged = |error: serde_json::Error| Unreadable::Damaged(error.to_string());
        let Any { format } = serde_json::from_str(text.trim()).map_err(damaged)?;
        match format {
            FORMAT => serde_json::from_str(text.trim()).map_err(damaged),
            0 => Err(Unreadable::Damaged("there is no format 0".to_owned())),
            _ => Err(Unreadable::Newer(format)),
        }
    }

    /// As a file holds it.
    pub fn pretty(&self) -> String {
        format!("{}\n", serde_json::to_string_pretty(self).unwrap_or_default())
    }

    /// As one line of text, to carry it to another machine.
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The record of a lesson that was begun.
    pub fn record(&self, id: &str) -> Option<&Record> {
        self.lessons.get(id)
    }

    /// Every lesson that was begun, by id.
    pub fn records(&self) -> impl Iterator<Item = (&str, &Record)> {
        self.lessons.iter().map(|(id, record)| (id.as_str(), record))
    }

    /// Which of `count` draws of a lesson is played next: the same until it is passed, another after that.
    pub fn draw(&self, id: &str, count: usize) -> Draw {
        let count = count.max(1);
        let first = Draw::of(scatter(u64::from(self.seed) ^ fingerprint(id)), count).0;
        let passed = |draw: &usize| self.record(id).is_some_and(|record| record.passes.iter().any(|p| p.draw == *draw));
        let mut in_turn = (0..count).map(|step| (first + step) % count);
        Draw(in_turn.find(|draw| !passed(draw)).unwrap_or_else(|| {
            // All are passed: on with the one after the last.
            let last = self.record(id).and_then(|record| record.passes.last()).map_or(first, |pass| pass.draw);
            (last + 1) % count
        }))
    }

    /// Takes note that a lesson was begun.
    pub fn begin(&mut self, lesson: &Lesson, day: Date) {
        let record = self.lessons.entry(lesson.id.clone()).or_default();
        record.attempts += 1;
        record.day = record.day.max(Some(day));
        record.variant_of.clone_from(&lesson.variant_of);
        if record.passes.is_empty() {
            record.lesson_hash = hash(lesson);
        }
    }

    /// Takes note that a lesson was ended: with a score, or without one where the solution was shown.
    pub fn note(&mut self, lesson: &Lesson, score: Option<Score>, day: Date) {
        if !self.lessons.contains_key(&lesson.id) {
            self.begin(lesson, day);
        }
        let record = self.lessons.entry(lesson.id.clone()).or_default();
        record.completed = true;
        record.day = record.day.max(Some(day));
        record.last = score.map(|score| score.points);
        record.best = record.best.max(record.last);
        if score.is_some_and(|score| score.passed) {
            let hash = hash(lesson);
            if record.lesson_hash != hash {
                // What was passed was another lesson.
                record.passes.clear();
                record.lesson_hash = hash;
            }
            record.pass(Pass { draw: lesson.draw.0, day });
        }
        self.settle();
    }

    /// How the learner stands with a lesson.
    pub fn standing(&self, lesson: &Lesson) -> Standing {
        match self.record(&lesson.id) {
            None => Standing::New,
            Some(record) if record.passes.is_empty() => Standing::Tried,
            Some(record) if record.lesson_hash != hash(lesson) => Standing::Stale,
            Some(record) if record.mastered => Standing::Mastered,
            Some(_) => Standing::Passed,
        }
    }

    /// Takes over what was done elsewhere. Taking the same twice changes nothing more.
    pub fn merge(&mut self, other: &Self) {
        for (id, theirs) in &other.lessons {
            match self.lessons.get_mut(id) {
                Some(ours) => ours.merge(theirs),
                None => drop(self.lessons.insert(id.clone(), theirs.clone())),
            }
        }
        self.settle();
    }

    /// Says of every record whether its lesson is mastered: passed, and its family passed with another variant on another
    /// day.
    fn settle(&mut self) {
        let mut passes: BTreeMap<String, Vec<(String, Pass)>> = BTreeMap::new();
        for (id, record) in &self.lessons {
            let family = passes.entry(record.family(id).to_owned()).or_default();
            family.extend(record.passes.iter().map(|pass| (id.clone(), pass.clone())));
        }
        for (id, record) in &mut self.lessons {
            let family = passes.get(record.family(id)).map_or(&[][..], Vec::as_slice);
            let twice = record.passes.iter().any(|own| {
                family.iter().any(|(other, pass)| pass.day != own.day && (other != id || pass.draw != own.draw))
            });
            record.mastered = twice;
        }
    }
}

impl Record {
    fn family<'r>(&'r self, id: &'r str) -> &'r str {
        self.variant_of.as_deref().unwrap_or(id)
    }

    fn pass(&mut self, pass: Pass) {
        if !self.passes.contains(&pass) {
            self.passes.push(pass);
            self.passes.sort_by_key(|pass| (pass.day, pass.draw));
        }
    }

    fn merge(&mut self, theirs: &Self) {
        let rank = |record: &Self| (record.passes.last().map(|pass| pass.day), record.day, record.lesson_hash.clone());
        let later = rank(theirs) > rank(self);
        if theirs.lesson_hash == self.lesson_hash {
            theirs.passes.iter().for_each(|pass| self.pass(pass.clone()));
        } else if later {
            self.passes.clone_from(&theirs.passes);
            self.lesson_hash.clone_from(&theirs.lesson_hash);
        }
        if theirs.day > self.day || (self.last.is_none() && theirs.day == self.day) {
            self.last = theirs.last;
        }
        self.variant_of = self.variant_of.take().or_else(|| theirs.variant_of.clone());
        self.day = self.day.max(theirs.day);
        self.attempts = self.attempts.max(theirs.attempts);
        self.best = self.best.max(theirs.best);
        self.completed |= theirs.completed;
    }
}

/// The hash of a lesson's file as files of progress and sessions write it: a number of 64 bits is not safe in JSON.
pub fn hash(lesson: &Lesson) -> String {
    format!("{:016x}", lesson.hash)
}
