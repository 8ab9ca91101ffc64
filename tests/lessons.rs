//! Every lesson of the shelf proves itself (walkthroughs.md 4.6).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

use failscope::lesson::article::{CONTENT, LAST_LINE};
use failscope::lesson::proof::prove;
use failscope::lesson::shelf::SHELF;
use failscope::lesson::{Draw, Lesson};
use failscope::report;

#[test]
fn every_lesson_of_the_shelf_passes_its_own_proof() {
    let mut wrong = String::new();
    for shelved in SHELF {
        for draw in (0..shelved.draws()).map(Draw) {
            match shelved.lesson(draw) {
                Err(error) => wrong.push_str(&report::problems::render(&error, false)),
                Ok(lesson) => {
                    assert_eq!(lesson.id, shelved.id);
                    for line in prove(&Arc::new(lesson)).into_iter().filter(|line| !line.ok) {
                        let _ = writeln!(wrong, "{} (draw {}): {}", shelved.id, draw.0, line.says);
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

fn lessons() -> Vec<Lesson> {
    SHELF.iter().map(|shelved| shelved.lesson(Draw(0)).expect("a lesson")).collect()
}

#[test]
fn every_line_of_the_article_that_says_something_is_covered_by_a_lesson() {
    let covered: BTreeSet<usize> =
        lessons().iter().flat_map(|lesson| lesson.covers.clone()).flat_map(|(first, last)| first..=last).collect();
    let open: Vec<_> =
        CONTENT.iter().filter(|(first, last, _)| (*first..=*last).any(|line| !covered.contains(&line))).collect();
    assert!(open.is_empty(), "{open:#?}");
    assert!(covered.last().is_some_and(|last| *last <= LAST_LINE));
}

#[test]
fn every_mistake_of_the_design_is_planted_and_recognised_in_a_lesson() {
    let mut recognised: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for lesson in lessons() {
        let own: BTreeSet<String> = lesson.wrong_turns.iter().filter_map(|turn| turn.mistake.clone()).collect();
        let planted: BTreeSet<String> = lesson.mistakes.iter().cloned().collect();
        assert_eq!(own, planted, "{} plants what its wrong turns recognise", lesson.id);
        own.into_iter().for_each(|mistake| recognised.entry(mistake).or_default().push(lesson.id.clone()));
    }
    let open: Vec<String> = (1..=26).map(|at| format!("M{at}")).filter(|id| !recognised.contains_key(id)).collect();
    assert!(open.is_empty(), "nobody recognises {open:?}");
}

#[test]
fn every_lesson_a_lesson_leans_on_comes_before_it() {
    let ids: Vec<&str> = SHELF.iter().map(|shelved| shelved.id).collect();
    for (at, lesson) in lessons().iter().enumerate() {
        for id in lesson.needs.iter().chain(&lesson.variant_of) {
            let before = ids.iter().position(|known| known == id);
            assert!(before.is_some_and(|before| before < at), "{} leans on {id}", lesson.id);
        }
    }
    let days = ids.iter().filter(|id| id.starts_with("gd-")).count();
    let others = lessons().iter().filter(|lesson| lesson.variant_of.is_none()).count() - days;
    assert_eq!((others, days), (21, 4), "the design names 21 lessons and four game days");
}
