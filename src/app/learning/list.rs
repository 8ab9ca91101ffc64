//! The lessons that come with the program, as a learner sees them: by track, with what is done.

use strum::IntoEnumIterator;

use super::super::{App, Effect, Layer, Overlay};
use crate::lesson::progress::Standing;
use crate::lesson::shelf::{SHELF, Shelved};
use crate::lesson::{Draw, Mode, Track};

/// A lesson in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LessonRow {
    /// Its id.
    pub id: String,
    /// Its name on the screen.
    pub title: String,
    /// The track it belongs to.
    pub track: Track,
    /// How long it takes, about.
    pub minutes: u32,
    /// From 1 to 5.
    pub difficulty: u32,
    /// The first lines of its brief.
    pub brief: String,
    /// Lessons it leans on that are not passed yet.
    pub needs: Vec<String>,
    /// How the learner stands with it.
    pub standing: Standing,
    /// The most points reached.
    pub best: Option<u32>,
    /// Whether an attempt was left and can be taken up again.
    pub unfinished: bool,
    /// Whether the last lesson of its track is passed, so that it can be skipped.
    pub skipped: bool,
}

/// The name of a track on the screen.
pub fn track_title(track: Track) -> &'static str {
    match track {
        Track::Orientation => "Finding your way",
        Track::Full => "Full failover",
        Track::Isolated => "One app alone",
        Track::Hybrid => "With a datacenter",
        Track::Plans => "Plans, drills and going home",
        Track::GameDays => "Game days",
    }
}

/// The first sentence of a text.
fn first_sentence(text: &str) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match flat.find(". ") {
        Some(end) => flat[..=end].to_owned(),
        None => flat,
    }
}

/// The lesson after one on the shelf.
pub(super) fn after(id: &str) -> Option<String> {
    let at = SHELF.iter().position(|lesson| lesson.id == id)?;
    SHELF.get(at + 1).map(|lesson| lesson.id.to_owned())
}

impl App {
    /// Opens the list of lessons, at the first that is not passed.
    pub fn show_lessons(&mut self) {
        let rows = self.lesson_rows();
        let open = |row: &&LessonRow| row.standing < Standing::Passed && !row.skipped;
        let here = self.learning.as_ref().map(|learning| learning.lesson().id.clone());
        let at = here.or_else(|| rows.iter().find(open).or(rows.first()).map(|row| row.id.clone()));
        self.show(Overlay::Lessons { rows, at });
    }

    /// The rows of the list.
    pub fn lesson_rows(&self) -> Vec<LessonRow> {
        // The list shows the worked example; which draw is played is chosen when the lesson is opened.
        let lesson = |shelved: &Shelved| shelved.lesson(Draw::default()).ok();
        let mut rows: Vec<LessonRow> = Vec::new();
        for lesson in SHELF.iter().filter_map(lesson) {
            rows.push(LessonRow {
                title: lesson.title.clone(),
                track: lesson.track,
                minutes: lesson.minutes,
                difficulty: lesson.difficulty,
                brief: first_sentence(&lesson.brief),
                needs: lesson.needs.clone(),
                standing: self.progress.standing(&lesson),
                best: self.progress.record(&lesson.id).and_then(|record| record.best),
                unfinished: self.unfinished.contains(&lesson.id),
                skipped: false,
                id: lesson.id,
            });
        }
        let passed = |row: &LessonRow| row.standing >= Standing::Passed;
        let done: Vec<String> = rows.iter().filter(|row| passed(row)).map(|row| row.id.clone()).collect();
        let tracks: Vec<Track> =
            Track::iter().filter(|track| rows.iter().rfind(|row| row.track == *track).is_some_and(passed)).collect();
        for row in &mut rows {
            row.skipped = !passed(row) && tracks.contains(&row.track);
            row.needs.retain(|id| !done.contains(id));
        }
        rows
    }

    /// The marked lesson.
    pub fn marked_lesson(&self) -> Option<&LessonRow> {
        match self.top() {
            Some(Overlay::Lessons { rows, at }) => rows.iter().find(|row| Some(&row.id) == at.as_ref()),
            _ => None,
        }
    }

    /// Marks another lesson.
    pub(in crate::app) fn move_lesson(&mut self, by: isize) {
        let Some(Layer { overlay: Overlay::Lessons { rows, at }, .. }) = self.layers.last_mut() else { return };
        let here = rows.iter().position(|row| Some(&row.id) == at.as_ref()).unwrap_or(0);
        let to = here.saturating_add_signed(by).min(rows.len().saturating_sub(1));
        *at = rows.get(to).map(|row| row.id.clone());
    }

    /// Opens the marked lesson, in its own mode or in a given one.
    pub(in crate::app) fn open_lesson(&mut self, mode: Option<Mode>) -> Vec<Effect> {
        let Some(id) = self.marked_lesson().map(|row| row.id.clone()) else { return Vec::new() };
        self.open_named(id, mode)
    }

    /// Opens the last lesson of the marked one's track as a challenge: whoever passes it can skip the track.
    pub(in crate::app) fn test_me(&mut self) -> Vec<Effect> {
        let Some(track) = self.marked_lesson().map(|row| row.track) else { return Vec::new() };
        let Some(Overlay::Lessons { rows, .. }) = self.top() else { return Vec::new() };
        match rows.iter().rfind(|row| row.track == track).map(|row| row.id.clone()) {
            Some(id) => self.open_named(id, Some(Mode::Challenge)),
            None => Vec::new(),
        }
    }

    fn open_named(&mut self, lesson: String, mode: Option<Mode>) -> Vec<Effect> {
        self.loading = Some(lesson.clone());
        // Whoever asks for a mode begins anew; else what was left goes on.
        vec![Effect::Learn { lesson, mode, anew: mode.is_some() }]
    }
}
