//! What a learner does is kept: sessions survive a crash and replay, progress is replaced as a whole, and an exercise can be
//! read afterwards (walkthroughs.md 4.5).

use std::fs;
use std::sync::Arc;

use failscope::lesson::progress::{Progress, Standing};
use failscope::lesson::protocol::{End, Protocol, replay};
use failscope::lesson::{Deed, Draw, Lesson, Mode, Play, parse};
use failscope::report::exercise::exercise;
use failscope::runtime::state::{State, StateError, today};

/// A lesson that stays as it is, whatever becomes of those on the shelf.
fn lesson() -> Arc<Lesson> {
    let text = include_str!("data/exercise.toml");
    Arc::new(parse("exercise", text, Draw::default()).expect("it is sound"))
}

fn state() -> (tempfile::TempDir, State) {
    let folder = tempfile::tempdir().expect("a folder");
    let state = State::at(folder.path().join("failscope"));
    (folder, state)
}

/// Plays deeds, each written down as the explorer does it.
fn played(state: &State, lesson: &Arc<Lesson>, deeds: &[&str]) -> Play {
    let mut session = state.begin(lesson, Mode::Guided, None).expect("a session");
    let mut play = Play::begin(Arc::clone(lesson), Mode::Guided).expect("it begins");
    for deed in deeds {
        let before = play.attempt.log().len();
        play.take(&deed.parse::<Deed>().expect("a deed"));
        for logged in &play.attempt.log()[before..] {
            session.append(logged).expect("it is written");
        }
    }
    if play.attempt.solved() {
        session.end(End::Solved).expect("it is written");
    }
    play
}

const FLAWED: [&str; 8] = [
    "answer address 10.9.9.9",
    "connect recovery-2 azure",
    "disconnect source-1 azure",
    "undo",
    "hint",
    "disconnect source-1 source-2",
    "disconnect source-2 azure",
    "connect source-1 recovery-2",
];

fn log_of(state: &State) -> (std::path::PathBuf, Protocol) {
    let session = state.session("exercise").expect("a session");
    (session.path.clone(), session.protocol.expect("it can be read"))
}

#[test]
fn a_session_is_taken_up_again_where_it_was_left() {
    let (_folder, state) = state();
    let lesson = lesson();
    let play = played(&state, &lesson, &FLAWED);
    let (mut session, protocol) = state.unfinished(&lesson).expect("readable").expect("one is open");
    let mut again = replay(&protocol, Arc::clone(&lesson)).expect("it begins");
    assert_eq!(again.differences, Vec::<String>::new());
    assert_eq!(again.play.attempt.log(), play.attempt.log());
    assert_eq!(again.play.attempt.turns(), play.attempt.turns());
    assert_eq!(again.play.attempt.score(&again.play.history), play.attempt.score(&play.history));
    // On with it, into the same log.
    for deed in ["connect recovery-2 azure", "answer address 10.2.1.4", "answer untouched 1", "fail-over app app2"] {
        again.play.take(&deed.parse().expect("a deed"));
        session.append(again.play.attempt.log().last().expect("logged")).expect("it is written");
    }
    assert!(again.play.attempt.solved());
    session.end(End::Solved).expect("it is written");
    let (_, whole) = log_of(&state);
    assert_eq!((whole.deeds.len(), whole.end), (FLAWED.len() + 4, Some(End::Solved)));
    assert!(state.unfinished(&lesson).expect("readable").is_none(), "what has ended is not taken up again");
}

#[test]
fn a_crash_in_the_middle_of_a_line_loses_that_line_alone() {
    let (_folder, state) = state();
    let lesson = lesson();
    played(&state, &lesson, &FLAWED);
    let (path, before) = log_of(&state);
    let text = fs::read_to_string(&path).expect("a log");
    assert_eq!(text.lines().count(), FLAWED.len() + 1, "one line for each deed and one to begin");
    for cut in 1..=before.text().lines().last().expect("a line").len() {
        fs::write(&path, &text[..text.len() - cut]).expect("cut");
        let (_, after) = log_of(&state);
        assert_eq!(after.deeds, before.deeds[..FLAWED.len() - 1], "cut by {cut}");
    }
    let (mut session, protocol) = state.unfinished(&lesson).expect("readable").expect("one is open");
    session.append(&before.deeds[FLAWED.len() - 1]).expect("it is written");
    assert_eq!(protocol.deeds.len(), FLAWED.len() - 1);
    assert_eq!(fs::read_to_string(&path).expect("a log"), text, "nothing of the cut line is left");
}

#[test]
fn a_log_that_is_damaged_in_the_middle_names_the_line_and_is_not_taken_up() {
    let (_folder, state) = state();
    let lesson = lesson();
    played(&state, &lesson, &FLAWED);
    let (path, protocol) = log_of(&state);
    let text = protocol.text().replace("\"undo\"", "\"un");
    fs::write(&path, text).expect("damaged");
    let listed = state.sessions().expect("readable");
    assert!(
        listed[0].protocol.as_ref().is_err_and(|why| why.starts_with("line 5 of the log")),
        "{:?}",
        listed[0].protocol
    );
    assert!(state.unfinished(&lesson).expect("readable").is_none());
}

#[test]
fn a_replay_says_what_comes_out_otherwise() {
    let (_folder, state) = state();
    let lesson = lesson();
    played(&state, &lesson, &FLAWED);
    let (_, mut protocol) = log_of(&state);
    protocol.deeds[1].refused = Some("region-down".to_owned());
    protocol.opening.lesson_hash = "0".repeat(16);
    let differences = replay(&protocol, lesson).expect("it begins").differences;
    assert_eq!(differences.len(), 2, "{differences:?}");
    assert!(differences[1].contains("`connect recovery-2 azure`: then refused as region-down"), "{differences:?}");
}

#[test]
fn an_answer_is_kept_as_it_was_said() {
    let (_folder, state) = state();
    let lesson = lesson();
    let mut play = Play::begin(Arc::clone(&lesson), Mode::Challenge).expect("it begins");
    let mut session = state.begin(&lesson, Mode::Challenge, None).expect("a session");
    for said in ["", "  two  \"words\"\n", "10.2.1.4"] {
        play.take(&Deed::Answer("address".to_owned(), said.to_owned()));
        session.append(play.attempt.log().last().expect("logged")).expect("it is written");
    }
    let (_, protocol) = log_of(&state);
    assert_eq!(protocol.deeds, play.attempt.log());
    assert_eq!(replay(&protocol, lesson).expect("it begins").differences, Vec::<String>::new());
}

#[test]
fn two_sessions_of_one_second_have_two_names() {
    let (_folder, state) = state();
    let lesson = lesson();
    let names: Vec<_> =
        (0..3).map(|_| state.begin(&lesson, Mode::Guided, None).expect("a session").path().to_owned()).collect();
    assert_eq!(state.sessions().expect("readable").len(), 3, "{names:?}");
}

#[test]
fn a_damaged_progress_file_is_set_aside_and_never_overwritten() {
    let (_folder, state) = state();
    let lesson = lesson();
    fs::create_dir_all(state.root()).expect("a folder");
    for (number, damaged) in ["{\"format\": 1, \"se", "", "\u{0}\u{0}\u{0}"].into_iter().enumerate() {
        fs::write(state.root().join("progress.json"), damaged).expect("damaged");
        let kept = state.change(|progress| progress.begin(&lesson, today())).expect("it goes on");
        let aside = format!("progress.json.damaged-{}", number + 1);
        assert!(kept.message.is_some_and(|message| message.contains(&aside)));
        assert_eq!(fs::read_to_string(state.root().join(aside)).expect("set aside"), damaged);
    }
    assert_eq!(state.progress().expect("readable").progress.standing(&lesson), Standing::Tried);
}

#[test]
fn what_a_crash_left_of_a_new_progress_file_does_no_harm() {
    let (_folder, state) = state();
    let lesson = lesson();
    let kept = state.change(|progress| progress.begin(&lesson, today())).expect("written");
    fs::write(state.root().join(".progress-x1y2z3.new"), "{\"format\": 1, \"seed").expect("half a file");
    let again = state.progress().expect("readable");
    assert_eq!((again.progress, again.message), (kept.progress.clone(), None));
    let more = state.change(|progress| progress.begin(&lesson, today())).expect("written");
    assert_eq!(more.progress.record("exercise").expect("noted").attempts, 2);
    let mut drawn = (*lesson).clone();
    (drawn.draws, drawn.mode) = (1000, Mode::Challenge);
    assert_eq!(more.progress.draw(&drawn), kept.progress.draw(&drawn), "the seed sticks");
}

#[test]
fn a_progress_file_of_a_later_version_is_left_alone() {
    let (_folder, state) = state();
    fs::create_dir_all(state.root()).expect("a folder");
    let path = state.root().join("progress.json");
    fs::write(&path, "{\"format\": 2, \"more\": []}").expect("written");
    assert!(matches!(state.progress(), Err(StateError::Newer { .. })));
    assert!(matches!(state.change(|progress| *progress = Progress::new(1)), Err(StateError::Newer { .. })));
    assert_eq!(fs::read_to_string(path).expect("still there"), "{\"format\": 2, \"more\": []}");
}

#[test]
fn two_programs_that_note_at_the_same_time_lose_nothing() {
    let (_folder, state) = state();
    let lesson = lesson();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..10).for_each(|_| drop(state.change(|progress| progress.begin(&lesson, today())))));
        }
    });
    let progress = state.progress().expect("readable").progress;
    assert_eq!(progress.record("exercise").expect("noted").attempts, 40);
}

#[test]
fn reading_the_state_of_somebody_new_creates_nothing() {
    let (_folder, state) = state();
    assert!(state.progress().expect("nothing yet").progress.records().next().is_none());
    assert!(state.sessions().expect("nothing yet").is_empty());
    assert!(!state.root().exists());
}

#[test]
fn a_broken_off_exercise_can_be_read_from_its_log() {
    let (_folder, state) = state();
    let lesson = lesson();
    played(&state, &lesson, &FLAWED);
    let (_, mut protocol) = log_of(&state);
    protocol.opening.began = "2026-11-25 16:40:00 +00:00".to_owned();
    protocol.opening.program = "0.1.0".to_owned();
    let again = replay(&protocol, lesson).expect("it begins");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("exercise", exercise(&protocol, &again)));
}
