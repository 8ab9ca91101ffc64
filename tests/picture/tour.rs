//! Every frame of every failover of every built-in scenario, judged once for all tests.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use failscope::app::App;
use failscope::diagram::Layout;
use failscope::ui::glyphs::Glyphs;
use failscope::ui::theme::Theme;
use failscope::ui::{Look, frame};
use ratatui::buffer::{Buffer, Cell};
use unicode_width::UnicodeWidthStr;

use super::judge::{Frame, Wrong};
use super::reader::Picture;
use super::stage::{Course, SIZES, courses, map_size, picture};

/// What the tour saw.
#[derive(Default)]
pub struct Tour {
    /// What is wrong, by metric, each with the frame it was seen in.
    pub wrong: BTreeMap<u8, Vec<String>>,
    pub frames: usize,
    pub lines: usize,
    /// Links that were counted rather than drawn.
    pub undrawn: usize,
    pub crossings: usize,
    /// The largest share of inked cells that a step changes, in percent, and where.
    pub most_changed: (usize, String),
    /// The least and the greatest share of inked cells, in percent.
    pub ink: Option<(usize, usize)>,
}

impl std::fmt::Debug for Tour {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "{} frames, {} lines, {} links counted, {} crossings, at most {} % changed ({}), ink {:?} %",
            self.frames, self.lines, self.undrawn, self.crossings, self.most_changed.0, self.most_changed.1, self.ink
        )
    }
}

/// The tour, made once.
pub fn tour() -> &'static Tour {
    static TOUR: OnceLock<Tour> = OnceLock::new();
    TOUR.get_or_init(|| {
        let courses = Mutex::new(courses());
        let tours = Mutex::new(Tour::default());
        std::thread::scope(|scope| {
            let workers = std::thread::available_parallelism().map_or(1, usize::from);
            for _ in 0..workers {
                scope.spawn(|| {
                    while let Some(course) = { courses.lock().unwrap().pop() } {
                        let seen = follow(&course);
                        tours.lock().unwrap().join(seen);
                    }
                });
            }
        });
        tours.into_inner().unwrap()
    })
}

impl Tour {
    fn join(&mut self, other: Self) {
        for (metric, list) in other.wrong {
            self.wrong.entry(metric).or_default().extend(list);
        }
        self.frames += other.frames;
        self.lines += other.lines;
        self.undrawn += other.undrawn;
        self.crossings += other.crossings;
        self.most_changed = self.most_changed.clone().max(other.most_changed);
        self.ink = match (self.ink, other.ink) {
            (Some((low, high)), Some((least, most))) => Some((low.min(least), high.max(most))),
            (one, other) => one.or(other),
        };
    }

    fn note(&mut self, wrong: Wrong, about: &str, picture: &Picture) {
        for (metric, list) in wrong {
            let told = list.into_iter().map(|text| format!("{about}: {text}\n{}", picture.lines()));
            self.wrong.entry(metric).or_default().extend(told);
        }
    }
}

fn follow(course: &Course) -> Tour {
    let mut tour = Tour::default();
    for size in SIZES {
        let cells = map_size(size);
        // The session lays out all links its history knows; no state of the way moves anything.
        let last = course.worlds.last().expect("a start");
        let layout = Layout::new(last.topology(), last.links(), cells, None);
        for ascii in [false, true] {
            let mut shown: Option<Picture> = None;
            for (at, world) in course.worlds.iter().enumerate() {
                let about = format!("{} {size:?}, step {at}{}", course.name, if ascii { ", ascii" } else { "" });
                let before = at.checked_sub(1).map(|at| &course.worlds[at]);
                let picture = picture(&layout, world, before, ascii, cells);
                let frame = Frame::new(&picture, &layout, world, before);
                let mut wrong = Wrong::new();
                frame.links(&mut wrong);
                let crossings = frame.courses(&mut wrong);
                frame.boxes(&mut wrong);
                frame.texts(&mut wrong);
                if crossings > 0 && course.name == "azure-isolated-app app app2" {
                    wrong.entry(4).or_default().push(format!("{crossings} crossings"));
                }
                if !ascii {
                    let alone = Layout::new(world.topology(), world.links(), cells, None);
                    moved(&layout, &alone, &mut wrong);
                }
                let inked = picture.inked();
                let ink = inked * 100 / drawn(&layout);
                if !(25..=70).contains(&ink) {
                    wrong.entry(18).or_default().push(format!("{ink} % of the drawing is ink"));
                }
                tour.ink = Some(tour.ink.map_or((ink, ink), |(low, high)| (low.min(ink), high.max(ink))));
                if let Some(shown) = &shown {
                    let changed = picture.rows.iter().flatten().zip(shown.rows.iter().flatten());
                    let share = changed.filter(|(a, b)| a != b).count() * 100 / inked.max(1);
                    tour.most_changed = tour.most_changed.clone().max((share, about.clone()));
                    if share > 15 {
                        wrong.entry(12).or_default().push(format!("{share} % changed"));
                    }
                }
                tour.frames += 1;
                tour.lines += frame.reading.lines.len();
                tour.undrawn += frame.undrawn();
                tour.crossings += crossings;
                tour.note(wrong, &about, &picture);
                shown = Some(picture);
            }
            let mut wrong = Wrong::new();
            fits(course, size, ascii, &mut wrong);
            tour.note(wrong, &course.name, shown.as_ref().expect("a start"));
        }
    }
    tour
}

/// The cells of a drawing: those of the layout, without the margins of wide terminals.
fn drawn(layout: &Layout) -> usize {
    let left = layout.frames.iter().map(|frame| frame.rect.x).min().unwrap_or(0);
    usize::try_from((layout.size.width - left) * layout.size.height).unwrap_or(1).max(1)
}

/// Metric 11: what two layouts have in common has one place.
fn moved(one: &Layout, other: &Layout, wrong: &mut Wrong) {
    let mut note = |text: String| wrong.entry(11).or_default().push(text);
    if (&one.frames, &one.boxes, &one.rows, one.text) != (&other.frames, &other.boxes, &other.rows, other.text) {
        note("boxes or rows moved".to_owned());
    }
    for (a, b) in one.routes.iter().zip(&other.routes) {
        if (&a.path, a.label) != (&b.path, b.label) {
            note(format!("{:?} and its label moved", a.ends));
        }
    }
}

/// Metric 13, on the whole screen at the first state: each row is as wide as the terminal.
fn fits(course: &Course, (width, height): (u16, u16), ascii: bool, wrong: &mut Wrong) {
    let app = App::exploring(course.worlds[0].topology().clone());
    let glyphs = if ascii { Glyphs::ascii() } else { Glyphs::unicode() };
    let screen: Buffer = frame(&app, &Look { theme: Theme::mono(), glyphs }, width, height);
    for (y, row) in screen.content.chunks(usize::from(width)).enumerate() {
        let text: String = row.iter().map(Cell::symbol).collect();
        if text.width() != usize::from(width) || (ascii && !text.is_ascii()) {
            wrong.entry(13).or_default().push(format!("row {y} is {} wide: {text}", text.width()));
        }
    }
    if screen.content.len() != usize::from(width) * usize::from(height) {
        wrong.entry(13).or_default().push("rows are missing".to_owned());
    }
}
