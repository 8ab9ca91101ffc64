//! Every lesson of the shelf proves itself (walkthroughs.md 4.6), and a broken one says what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use assert_cmd::Command;
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
                Err(error) => wrong.push_str(&report::problems::render_as(&error, "lesson", false)),
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

/// What `failscope lesson check` says of a file in `tests/data/lessons`, and its exit status.
fn check(name: &str) -> (i32, String) {
    let file = format!("tests/data/lessons/{name}.toml");
    let mut command = Command::cargo_bin("failscope").expect("the program is built");
    let command = command.env_clear().current_dir(env!("CARGO_MANIFEST_DIR")).args(["lesson", "check", &file]);
    let output = command.output().expect("the program runs");
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().expect("it ends by itself"), String::from_utf8(said).expect("text"))
}

/// Each broken lesson with what is said about it, and the place that is named.
const BROKEN: [(&str, &[&str]); 10] = [
    ("syntax", &["expected `\"`", "syntax.toml:4:29"]),
    ("unknown-key", &["lesson.step.goal has no key `weigth`; did you mean `weight`?", "unknown-key.toml:19:3"]),
    ("unknown-answer-key", &["has no key `wm`; did you mean `vm`?", "unknown-answer-key.toml:34"]),
    (
        "unknown-scenario",
        &[
            "there is no topology `azure-isolated-ap`",
            "did you mean `azure-isolated-app`?",
            "unknown-scenario.toml:6:14",
        ],
    ),
    ("unknown-name", &["nothing is called `azur`; did you mean `azure`?", "unknown-name.toml:18:11"]),
    ("unknown-line", &["the article has the lines 1 to 168, not 169", "unknown-line.toml:27:12"]),
    ("two-words", &["`cut` is no command", "two-words.toml:33:9"]),
    (
        "true-at-the-start",
        &["the step cut is passed at the start already: \"Source VNet 1 - Azure VNet is linked\" is true then"],
    ),
    (
        "no-solution",
        &[
            "the solution \"cut it\" does not solve it: step cut: \"Source VNet 2 - Azure VNet is cut\" is not reached. \
             Source VNet 2 and Azure VNet are still linked.",
            "the goal \"Source VNet 2 - Azure VNet is cut\" of step cut is never true",
        ],
    ),
    ("idle-demo", &["the demo of app1 does not take it but nothing"]),
];

#[test]
fn a_broken_lesson_fails_with_what_is_wrong_and_where() {
    for (name, says) in BROKEN {
        let (status, said) = check(name);
        assert_eq!(status, 1, "{name}\n{said}");
        for part in says {
            assert!(said.contains(part), "{name}: `{part}` is not in\n{said}");
        }
    }
}

#[test]
fn a_sound_lesson_passes_and_its_broken_siblings_differ_from_it_in_a_few_lines() {
    let (status, said) = check("sound");
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("proved") && !said.contains('✗'), "{said}");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/lessons");
    let text = |name: &str| std::fs::read_to_string(folder.join(format!("{name}.toml"))).expect("a file");
    let sound = text("sound");
    for (name, _) in BROKEN {
        let broken = text(name);
        let news =
            broken.lines().skip(1).filter(|line| !line.starts_with("id  ") && !sound.lines().any(|own| own == *line));
        assert!((1..=6).contains(&news.count()), "{name}");
    }
    let files = std::fs::read_dir(folder).expect("the folder").count();
    assert_eq!(files, BROKEN.len() + 1, "every file of the folder is looked at");
}

#[test]
fn the_check_without_a_file_proves_the_whole_shelf() {
    let mut command = Command::cargo_bin("failscope").expect("the program is built");
    let output = command.env_clear().args(["lesson", "check", "--json"]).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(0));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one document");
    let proved = document["lessons"].as_array().expect("a list");
    assert_eq!(proved.len(), SHELF.iter().map(|shelved| shelved.draws()).sum::<usize>());
    assert!(
        proved.iter().all(|lesson| lesson["ok"] == true && lesson["problems"].as_array().is_some_and(Vec::is_empty))
    );
}
