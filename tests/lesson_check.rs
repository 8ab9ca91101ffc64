//! `failscope lesson check` (walkthroughs.md 4.6): a broken lesson fails with what is wrong and where, the shelf passes.

use std::path::Path;

use assert_cmd::Command;
use failscope::lesson::shelf::SHELF;

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
fn lessons_of_the_shelf_are_checked_by_name_each_draw_apart() {
    let some = &SHELF[..2];
    let mut command = Command::cargo_bin("failscope").expect("the program is built");
    let command = command.env_clear().args(["lesson", "check", "--json"]).args(some.iter().map(|shelved| shelved.id));
    let output = command.output().expect("the program runs");
    assert_eq!(output.status.code(), Some(0));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one document");
    let proved = document["lessons"].as_array().expect("a list");
    assert_eq!(proved.len(), some.iter().map(|shelved| shelved.draws()).sum::<usize>());
    let sound = |lesson: &serde_json::Value| lesson["ok"] == true && lesson["problems"] == serde_json::json!([]);
    assert!(proved.iter().all(sound), "{document:#}");
}
