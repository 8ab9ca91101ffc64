//! `failscope learn` and `failscope lesson` as a script sees them.
#![cfg(unix)]

use std::path::Path;
use std::sync::Arc;

use assert_cmd::Command;
use failscope::lesson::{Draw, Lesson, Mode, Play, parse};
use failscope::runtime::state::{State, today};

struct Answer {
    status: i32,
    out: String,
    err: String,
}

/// Calls the program with its state below `home`.
fn call(home: &Path, words: &[&str], input: &str) -> Answer {
    let mut command = Command::cargo_bin("failscope").expect("the program is built");
    let command = command.env_clear().env("XDG_STATE_HOME", home).current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = command.args(words).write_stdin(input).output().expect("the program runs");
    Answer {
        status: output.status.code().expect("it ends by itself"),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

fn fine(home: &Path, words: &[&str]) -> String {
    let Answer { status, out, err } = call(home, words, "");
    assert_eq!((status, err.as_str()), (0, ""), "{words:?}\n{out}");
    out
}

fn home() -> (tempfile::TempDir, State) {
    let home = tempfile::tempdir().expect("a folder");
    let state = State::at(home.path().join("failscope"));
    (home, state)
}

const FILE: &str = "tests/data/exercise.toml";

fn exercise() -> Arc<Lesson> {
    Arc::new(parse("exercise", include_str!("data/exercise.toml"), Draw::default()).expect("it is sound"))
}

/// Plays a solution as the explorer does, from a file of one's own.
fn played(state: &State, lesson: &Arc<Lesson>) {
    let mut session = state.begin(lesson, Mode::Challenge, Some(FILE.to_owned())).expect("a session");
    let mut play = Play::begin(Arc::clone(lesson), Mode::Challenge).expect("it begins");
    for deed in &lesson.solutions[0].deeds {
        play.take(deed);
        session.append(play.attempt.log().last().expect("logged")).expect("it is written");
    }
    let score = play.attempt.score(&play.history);
    state.change(|progress| progress.note(lesson, score, today())).expect("it is written");
}

#[test]
fn learn_without_a_terminal_lists_the_lessons_with_track_and_standing() {
    let (home, state) = home();
    let list = fine(home.path(), &["learn"]);
    assert!(!state.root().exists(), "looking creates nothing");
    let shelf = failscope::lesson::shelf::SHELF;
    assert_eq!(list.lines().count(), shelf.len() + 1, "{list}");
    for line in list.lines().skip(1) {
        assert!(line.contains("new") && line.trim_end().ends_with('–'), "{line}");
    }
    let first = shelf[0].lesson(Draw::default()).expect("a lesson");
    state.change(|progress| progress.begin(&first, today())).expect("written");
    let list = fine(home.path(), &["learn"]);
    let line = list.lines().find(|line| line.starts_with(&first.id)).expect("it is listed");
    assert!(line.contains("tried") && line.contains(&first.track.to_string()), "{line}");
}

#[test]
fn a_lesson_needs_a_terminal_and_a_misspelt_one_is_answered_with_the_nearest() {
    let (home, _state) = home();
    let answer = call(home.path(), &["learn", "iso-09"], "");
    assert_eq!((answer.status, answer.out.as_str()), (2, ""));
    assert!(answer.err.contains("needs a terminal"), "{}", answer.err);
    let answer = call(home.path(), &["learn", "iso-9"], "");
    assert_eq!((answer.status, answer.out.as_str()), (2, ""));
    assert!(answer.err.contains("did you mean `iso-09`?"), "{}", answer.err);
    let answer = call(home.path(), &["learn", "tests/data/lessons/unknown-key.toml"], "");
    assert_eq!((answer.status, answer.out.as_str()), (1, ""));
    assert!(answer.err.contains("`weight`"), "{}", answer.err);
}

#[test]
fn an_exercise_is_exported_and_replayed_by_its_lesson_its_name_or_its_path() {
    let (home, state) = home();
    played(&state, &exercise());
    let session = state.session("exercise").expect("a session");
    let path = session.path.to_string_lossy().into_owned();
    let markdown = fine(home.path(), &["lesson", "export", "exercise"]);
    assert!(markdown.starts_with("# Fail over App2\n") && markdown.contains("- Ended: solved"), "{markdown}");
    assert!(markdown.contains("**100 of 100 points**, passed"), "{markdown}");
    for name in [session.name.as_str(), &path] {
        assert_eq!(fine(home.path(), &["lesson", "export", name]), markdown);
        let replayed = fine(home.path(), &["lesson", "replay", name]);
        assert!(
            replayed.contains("7 deeds, comes out the same") && replayed.contains("100 points, passed"),
            "{replayed}"
        );
    }
    let out = home.path().join("report.md");
    assert_eq!(fine(home.path(), &["lesson", "export", "exercise", "--out", &out.to_string_lossy()]), "");
    assert_eq!(std::fs::read_to_string(out).expect("written"), markdown);
    let log = std::fs::read_to_string(&path).expect("a log").replace("\"seconds\":60", "\"seconds\":61");
    std::fs::write(&path, log).expect("changed");
    let answer = call(home.path(), &["lesson", "replay", "exercise"], "");
    assert_eq!(answer.status, 1);
    assert!(answer.out.contains("comes out otherwise"), "{}", answer.out);
    let answer = call(home.path(), &["lesson", "export", "exercice"], "");
    assert_eq!((answer.status, answer.out.as_str()), (2, ""));
    assert!(answer.err.contains("did you mean `exercise`?"), "{}", answer.err);
}

#[test]
fn progress_is_carried_to_another_machine_as_one_line() {
    let (here, state) = home();
    let (there, other) = home();
    played(&state, &exercise());
    let line = fine(here.path(), &["lesson", "progress", "--export"]);
    assert_eq!(line.lines().count(), 1);
    let shown = fine(there.path(), &["lesson", "progress", "--import", line.trim()]);
    assert!(shown.contains("exercise") && shown.contains("100"), "{shown}");
    let again = call(there.path(), &["lesson", "progress", "--import", "-"], &line);
    assert_eq!((again.status, again.out), (0, shown));
    assert_eq!(
        other.progress().expect("readable").progress.record("exercise").map(|record| record.best),
        Some(Some(100))
    );
    let answer = call(there.path(), &["lesson", "progress", "--import", &line[..line.len() / 2]], "");
    assert_eq!(answer.status, 2);
    assert!(answer.err.contains("this is no progress of lessons"), "{}", answer.err);
    let shown = fine(here.path(), &["lesson", "progress"]);
    assert!(shown.contains("Sessions") && shown.contains("challenge"), "{shown}");
}

#[test]
fn damaged_progress_is_said_and_lessons_go_on() {
    let (home, state) = home();
    std::fs::create_dir_all(state.root()).expect("a folder");
    std::fs::write(state.root().join("progress.json"), "{").expect("damaged");
    let answer = call(home.path(), &["learn"], "");
    assert_eq!(answer.status, 0);
    assert!(answer.err.contains("set aside as") && answer.err.contains("progress.json.damaged-1"), "{}", answer.err);
    assert!(answer.out.contains("ori-00"));
}

#[test]
fn a_lesson_is_recorded_into_a_file_that_passes_the_check() {
    let (home, _state) = home();
    let out = home.path().join("mine.toml").to_string_lossy().into_owned();
    let words = ["lesson", "record", "azure-isolated-app", "--do", "disconnect source-2 azure", "--mistake"];
    fine(home.path(), &[&words[..], &["disconnect source-1 azure", "--title", "Mine", "--out", &out]].concat());
    assert!(fine(home.path(), &["lesson", "check", &out]).contains("proved"));
    let board = "tests/data/five-apps.toml";
    fine(home.path(), &["lesson", "record", board, "--do", "manual Look", "--out", &out]);
    assert!(fine(home.path(), &["lesson", "check", &out]).contains("proved"), "a board of one's own");
    for (words, status, says) in [
        (&["azure-full", "--do", "conect a b"][..], 2, "did you mean `connect`"),
        (&["azure-full", "--do", "connect source recovery"], 1, "is refused (overlap)"),
        (&["azure-ful", "--do", "manual x"], 2, "`azure-full`"),
        (&["azure-full"], 2, "--do"),
    ] {
        let answer = call(home.path(), &[&["lesson", "record"], words].concat(), "");
        assert_eq!((answer.status, answer.out.as_str()), (status, ""), "{words:?}");
        assert!(answer.err.contains(says), "{words:?}: {}", answer.err);
    }
}

#[test]
fn both_schemas_are_printed() {
    let (home, _state) = home();
    let json = |words: &[&str]| -> serde_json::Value {
        serde_json::from_str(&fine(home.path(), words)).expect("one document")
    };
    assert_eq!(json(&["schema"]), json(&["schema", "topology"]));
    assert!(json(&["schema", "lesson"])["properties"]["step"].is_object());
}
