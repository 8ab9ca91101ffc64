//! Every lesson of the shelf proves itself (walkthroughs.md 4.6).

use std::sync::Arc;

use failscope::lesson::Draw;
use failscope::lesson::proof::prove;
use failscope::lesson::shelf::SHELF;
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
                        wrong.push_str(&format!("{} (draw {}): {}\n", shelved.id, draw.0, line.says));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
