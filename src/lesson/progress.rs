//! What a learner has done so far, lesson by lesson (`walkthroughs.md` 4.5): a value that files, lines of text and other
//! progress can be made of. Days are given to it; it asks no clock.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use strum::Display;

use super::random::{fingerprint, scatter};
use super::{Draw, Lesson, Mode, Score};

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
    /// How many draws its random words have.
    pub draws: usize,
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

    /// Which draw of a lesson is played next, whatever draw of it is at hand: the same until it is passed, another after
    /// that. A guided lesson begins with the first draw, the worked example; an exercise with any.
    pub fn draw(&self, lesson: &Lesson) -> Draw {
        let (id, count) = (lesson.id.as_str(), lesson.draws.max(1));
        let first = match lesson.mode {
            Mode::Guided => 0,
            Mode::Challenge => Draw::of(scatter(u64::from(self.seed) ^ fingerprint(id)), count).0,
        };
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
        record.draws = lesson.draws;
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
    /// day. A lesson that has no other variant only needs the other day.
    fn settle(&mut self) {
        let mut passes: BTreeMap<String, Vec<(String, Pass)>> = BTreeMap::new();
        for (id, record) in &self.lessons {
            let family = passes.entry(record.family(id).to_owned()).or_default();
            family.extend(record.passes.iter().map(|pass| (id.clone(), pass.clone())));
        }
        for (id, record) in &mut self.lessons {
            let family = passes.get(record.family(id)).map_or(&[][..], Vec::as_slice);
            let only = record.draws <= 1;
            let twice = record.passes.iter().any(|own| {
                let differs = |other: &String, pass: &Pass| only || other != id || pass.draw != own.draw;
                family.iter().any(|(other, pass)| pass.day != own.day && differs(other, pass))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::shelf;

    fn lesson(id: &str, draw: usize) -> Lesson {
        let known = shelf::find("iso-09").and_then(|shelved| shelved.lesson(Draw::default()).ok());
        let mut lesson = known.expect("it is on the shelf");
        (lesson.id, lesson.draw) = (id.to_owned(), Draw(draw));
        lesson
    }

    fn day(day: i8) -> Date {
        jiff::civil::date(2026, 11, day)
    }

    fn points(points: u32) -> Option<Score> {
        Some(Score { points, passed: points >= 70, in_time: None })
    }

    #[test]
    fn a_lesson_is_new_then_tried_then_passed() {
        let (mut progress, lesson) = (Progress::new(1), lesson("a", 0));
        assert_eq!(progress.standing(&lesson), Standing::New);
        progress.begin(&lesson, day(1));
        assert_eq!(progress.standing(&lesson), Standing::Tried);
        progress.note(&lesson, points(40), day(1));
        assert_eq!(progress.standing(&lesson), Standing::Tried, "40 points do not pass");
        progress.note(&lesson, points(90), day(2));
        progress.note(&lesson, points(75), day(3));
        assert_eq!(progress.standing(&lesson), Standing::Passed);
        let record = progress.record("a").expect("noted");
        assert_eq!((record.best, record.last, record.attempts), (Some(90), Some(75), 1));
        assert_eq!(record.day, Some(day(3)));
    }

    #[test]
    fn showing_the_solution_completes_without_a_score() {
        let (mut progress, lesson) = (Progress::new(1), lesson("a", 0));
        progress.note(&lesson, None, day(1));
        let record = progress.record("a").expect("noted");
        assert!(record.completed && record.best.is_none() && record.passes.is_empty());
        assert_eq!(progress.standing(&lesson), Standing::Tried);
    }

    #[test]
    fn mastery_takes_two_variants_on_two_days() {
        for (first, second, mastered) in
            [((0, 1), (0, 2), false), ((0, 1), (1, 1), false), ((0, 1), (1, 2), true), ((1, 1), (0, 2), true)]
        {
            let mut progress = Progress::new(1);
            for (draw, on) in [first, second] {
                progress.note(&lesson("a", draw), points(80), day(on));
            }
            let standing = progress.standing(&lesson("a", 0));
            assert_eq!(standing == Standing::Mastered, mastered, "{first:?} {second:?}");
        }
    }

    #[test]
    fn a_lesson_without_variants_is_mastered_on_two_days() {
        let (mut progress, mut only) = (Progress::new(1), lesson("a", 0));
        only.draws = 1;
        progress.note(&only, points(80), day(1));
        assert_eq!(progress.standing(&only), Standing::Passed);
        progress.note(&only, points(80), day(2));
        assert_eq!(progress.standing(&only), Standing::Mastered);
    }

    #[test]
    fn a_sibling_is_a_variant_too() {
        let (mut progress, first, mut sibling) = (Progress::new(1), lesson("a", 0), lesson("b", 0));
        sibling.variant_of = Some("a".to_owned());
        progress.note(&first, points(80), day(1));
        progress.note(&sibling, points(80), day(2));
        assert_eq!(progress.standing(&first), Standing::Mastered);
        assert_eq!(progress.standing(&sibling), Standing::Mastered);
    }

    #[test]
    fn a_lesson_whose_file_changed_is_stale_until_it_is_passed_again() {
        let (mut progress, mut lesson) = (Progress::new(1), lesson("a", 0));
        progress.note(&lesson, points(80), day(1));
        lesson.hash ^= 1;
        assert_eq!(progress.standing(&lesson), Standing::Stale);
        progress.begin(&lesson, day(2));
        progress.note(&lesson, points(10), day(2));
        assert_eq!(progress.standing(&lesson), Standing::Stale, "a failed attempt renews nothing");
        progress.note(&lesson, points(80), day(3));
        assert_eq!(progress.standing(&lesson), Standing::Passed, "what was passed before was another lesson");
    }

    #[test]
    fn a_draw_sticks_until_it_is_passed_and_then_another_comes() {
        let mut exercise = lesson("a", 0);
        (exercise.draws, exercise.mode) = (3, Mode::Challenge);
        let mut progress = Progress::new(77);
        let first = progress.draw(&exercise);
        progress.note(&lesson("a", first.0), points(10), day(1));
        assert_eq!(progress.draw(&exercise), first);
        let mut seen = vec![first];
        for on in 1..=2 {
            progress.note(&lesson("a", progress.draw(&exercise).0), points(80), day(on));
            seen.push(progress.draw(&exercise));
        }
        seen.sort_by_key(|draw| draw.0);
        assert_eq!(seen, [Draw(0), Draw(1), Draw(2)]);
        assert_eq!(Progress::new(77).draw(&exercise), first, "the same seed, the same draw");
    }

    #[test]
    fn a_guided_lesson_begins_with_its_worked_example() {
        for seed in 0..20 {
            assert_eq!(Progress::new(seed).draw(&lesson("a", 0)), Draw(0));
        }
    }

    #[test]
    fn progress_goes_elsewhere_as_one_line_and_taking_it_twice_changes_nothing_more() {
        let (mut here, mut there) = (Progress::new(1), Progress::new(2));
        here.note(&lesson("a", 0), points(80), day(1));
        there.note(&lesson("a", 1), points(95), day(2));
        there.note(&lesson("b", 0), points(30), day(2));
        let line = there.line();
        assert!(!line.contains('\n') && !line.contains('\''));
        let carried = Progress::parse(&line).expect("it can be read");
        assert_eq!(carried, there);
        here.merge(&carried);
        let once = here.clone();
        here.merge(&carried);
        assert_eq!(here, once);
        let record = here.record("a").expect("noted");
        assert_eq!((record.best, record.last, record.passes.len()), (Some(95), Some(95), 2));
        assert_eq!(here.standing(&lesson("a", 0)), Standing::Mastered, "passed here and there");
        assert_eq!(here.standing(&lesson("b", 0)), Standing::Tried);
        there.merge(&once);
        assert!(there.records().eq(once.records()), "both know the same then");
    }

    #[test]
    fn what_is_no_progress_is_told_apart_from_what_is_of_a_later_version() {
        assert!(matches!(Progress::parse("{}"), Err(Unreadable::Damaged(_))));
        assert!(matches!(Progress::parse("{\"format\":1}"), Err(Unreadable::Damaged(_))));
        assert_eq!(Progress::parse("{\"format\":9,\"seed\":\"x\"}"), Err(Unreadable::Newer(9)));
    }
}
