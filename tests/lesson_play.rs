//! How a lesson is played: what is told, what it costs, and what undo gives back (walkthroughs.md 4.1 to 4.4).

use std::sync::Arc;

use failscope::lesson::{Draw, Feedback, Lesson, Mode, Offer, Play, Severity, parse};

const HEAD: &str = r#"
format = 1
id = "small"
title = "Small"
track = "isolated"
scenario = "azure-isolated-app"
minutes = 1
[brief]
text = "Move App2."
[[step]]
id = "cut"
say = "Cut."
after-say = "Cut it is."
goal = [
  { label = "cut from App1", is = { no-link = { a = "source-1", b = "source-2" } } },
  { label = "cut from Azure", is = { no-link = { a = "source-2", b = "azure" } } },
]
hint = [{ text = "Which end there?" }, { text = "Type it." }]
[[step]]
id = "move"
say = "Move."
goal = [{ label = "App2 runs there", is = { vms = { app = "app2", in = "recovery-2", ip = "retained" } } }]
[[solution]]
name = "so"
do = ["disconnect source-1 source-2", "disconnect source-2 azure", "fail-over app app2"]
"#;

fn lesson(more: &str) -> Lesson {
    let text = format!("{HEAD}{more}");
    parse("small", &text, Draw(0)).unwrap_or_else(|error| panic!("{:#?}", error.problems))
}

fn play(more: &str) -> Play {
    Play::begin(Arc::new(lesson(more)), Mode::Guided).expect("it begins")
}

fn take(play: &mut Play, deed: &str) -> Vec<Feedback> {
    play.take(&deed.parse().unwrap_or_else(|error| panic!("{deed}: {error}")))
}

fn points(play: &Play) -> u32 {
    play.attempt.score(&play.history).expect("a score").points
}

fn costs(play: &Play) -> u32 {
    play.attempt.marks(&play.history).costs.iter().map(|(_, cost)| cost).sum()
}

#[test]
fn a_step_is_passed_when_its_goals_are_true_in_whatever_order() {
    for order in [["source-1 source-2", "source-2 azure"], ["source-2 azure", "source-1 source-2"]] {
        let mut play = play("");
        take(&mut play, &format!("disconnect {}", order[0]));
        let told = take(&mut play, &format!("disconnect {}", order[1]));
        assert!(told.iter().any(|one| matches!(one, Feedback::Passed { step, .. } if step == "cut")), "{told:?}");
        let told = take(&mut play, "fail-over app app2");
        assert_eq!(told.last(), Some(&Feedback::Solved));
        assert_eq!(points(&play), 100);
    }
}

#[test]
fn what_was_done_before_its_step_counts_when_the_step_comes() {
    let mut play = play("");
    take(&mut play, "fail-over app app2");
    take(&mut play, "disconnect source-1 source-2");
    assert_eq!(take(&mut play, "disconnect source-2 azure").last(), Some(&Feedback::Solved));
}

#[test]
fn a_goal_that_is_not_reached_says_why_and_what_would_mend_it() {
    let play = play("");
    let goals = play.attempt.goals(0, &play.history);
    let unmet = goals[0].unmet.as_ref().expect("not reached");
    assert!(unmet.because.contains("Source VNet 1 and Source VNet 2 are still linked"), "{unmet:?}");
    assert_eq!(unmet.fix.iter().map(ToString::to_string).collect::<Vec<_>>(), ["disconnect source-1 source-2"]);
}

const GUARDED: &str = r#"
[[always]]
id = "app1-safe"
label = "App1 keeps its replicas"
is = { reach = { from = "app1", to = "replicas" } }
[[wrong-turn]]
id = "cut-app1"
when = { violates = "app1-safe" }
severity = "penalty"
say = "That was App1's."
offer = "undo"
demo = ["disconnect source-1 azure"]
"#;

#[test]
fn undo_gives_back_the_action_but_not_what_was_paid() {
    let mut play = play(GUARDED);
    let told = take(&mut play, "disconnect source-1 azure");
    assert!(
        told.iter().any(|one| matches!(one, Feedback::Broken { id, cost: 0, .. } if id == "app1-safe")),
        "{told:?}"
    );
    let turn = told.iter().find(|one| matches!(one, Feedback::Turn { .. }));
    assert!(matches!(turn, Some(Feedback::Turn { severity: Severity::Penalty, offer: Offer::Undo, cost: 5, .. })));
    take(&mut play, "undo");
    assert_eq!(play.attempt.marks(&play.history).actions, 0);
    assert_eq!(costs(&play), 5, "a wrong turn and the invariant it names are one mistake");
    take(&mut play, "disconnect source-1 azure");
    assert_eq!(costs(&play), 5, "the same mistake is paid for once");
}

#[test]
fn a_mistake_that_was_mended_ends_right_and_costs() {
    let mut play = play(GUARDED);
    for deed in [
        "disconnect source-1 azure",
        "connect source-1 azure",
        "disconnect source-1 source-2",
        "disconnect source-2 azure",
        "fail-over app app2",
    ] {
        take(&mut play, deed);
    }
    assert!(play.attempt.solved() && points(&play) < 100);
    assert_eq!(play.attempt.turns(), ["cut-app1", "app1-safe"]);
}

#[test]
fn nothing_is_undone_that_was_there_at_the_start_or_came_from_outside() {
    let mut play = play(
        r#"
[[inject]]
id = "taken"
fire = { when = { no-link = { a = "source-1", b = "source-2" } } }
event = "occupy recovery-2/subnet-1 10.2.1.4"
brief = "Somebody took an address."
"#,
    );
    assert_eq!(take(&mut play, "undo"), [Feedback::NoWayBack]);
    let told = take(&mut play, "disconnect source-1 source-2");
    assert!(told.iter().any(|one| matches!(one, Feedback::Injected { id, .. } if id == "taken")), "{told:?}");
    assert_eq!(take(&mut play, "undo"), [Feedback::NoWayBack]);
    take(&mut play, "disconnect source-2 azure");
    assert!(!take(&mut play, "undo").contains(&Feedback::NoWayBack), "the learner's own step can be taken back");
}

#[test]
fn injects_come_by_time_and_each_once() {
    let mut play = play(
        r#"
[[inject]]
id = "alarm"
fire = { at = "+04:00" }
event = "false-alarm Disk full"
brief = "Monitoring: disk full."
"#,
    );
    assert!(take(&mut play, "wait 3m").is_empty());
    assert_eq!(
        take(&mut play, "wait 1m"),
        [Feedback::Injected { id: "alarm".to_owned(), brief: "Monitoring: disk full.".to_owned() }]
    );
    assert!(take(&mut play, "wait 1h").is_empty());
}

#[test]
fn what_the_lesson_keeps_closed_is_not_run() {
    let text = HEAD.replace("text = \"Move App2.\"", "text = \"Move App2.\"\nallow = [\"disconnect *\"]");
    let lesson = parse("small", &text, Draw(0)).expect("a lesson");
    let mut play = Play::begin(Arc::new(lesson), Mode::Guided).expect("it begins");
    assert_eq!(take(&mut play, "fail-over app app2"), [Feedback::Closed { command: "fail-over app app2".to_owned() }]);
    assert_eq!(play.history.position(), 0);
}

const ASKED: &str = r#"
[[quiz]]
id = "where"
ask = "Which address?"
answer = { engine = "predict-ip", vm = "app2-web-1" }
why = "It is free."
[[quiz]]
id = "both"
ask = "Which two?"
choices = ["A", "B", "C"]
answer = ["C", "A"]
why = "So."
[[quiz]]
id = "row"
ask = "In which order?"
answer = { order = ["cut", "make", "move"] }
why = "So."
"#;

#[test]
fn answers_are_the_models_and_words_may_be_numbers_in_any_order_that_is_right() {
    let mut play = play(ASKED);
    let right = |told: &[Feedback]| matches!(told.first(), Some(Feedback::Answered { right: true, .. }));
    assert!(right(&take(&mut play, "answer where 10.2.1.4")));
    assert!(right(&take(&mut play, "answer both 1, c")));
    assert!(!right(&take(&mut play, "answer row make, cut, move")));
    assert!(right(&take(&mut play, "answer row Cut, Make, Move")));
}

#[test]
fn the_right_answer_is_said_after_two_tries_and_only_the_first_counts() {
    let mut play = play(ASKED);
    let told = take(&mut play, "answer where 10.2.1.9");
    assert!(matches!(&told[0], Feedback::Answered { right: false, shown: None, .. }), "{told:?}");
    let told = take(&mut play, "answer where 10.2.1.8");
    assert!(matches!(&told[0], Feedback::Answered { right: false, shown: Some(shown), .. } if shown == "10.2.1.4"));
    assert_eq!(play.attempt.marks(&play.history).quizzes, (0, 3));
}

#[test]
fn hints_cost_and_the_last_one_costs_most() {
    let mut play = play("");
    assert!(matches!(&take(&mut play, "hint")[0], Feedback::Hint { cost: 3, .. }));
    assert!(matches!(&take(&mut play, "hint")[0], Feedback::Hint { cost: 10, .. }));
    assert_eq!(take(&mut play, "hint"), [Feedback::NoHint]);
}

#[test]
fn whoever_is_shown_the_solution_gets_no_score() {
    let mut play = play("");
    take(&mut play, "reveal");
    for deed in ["disconnect source-1 source-2", "disconnect source-2 azure", "fail-over app app2"] {
        take(&mut play, deed);
    }
    assert!(play.attempt.solved() && play.attempt.score(&play.history).is_none());
}

#[test]
fn a_turn_that_fails_the_lesson_leaves_it_solved_and_not_passed() {
    let mut play = play(&GUARDED.replace("severity = \"penalty\"", "severity = \"fail\""));
    for deed in ["disconnect source-1 azure", "undo", "disconnect source-1 source-2", "disconnect source-2 azure"] {
        take(&mut play, deed);
    }
    take(&mut play, "fail-over app app2");
    assert!(play.attempt.solved() && !play.attempt.score(&play.history).expect("a score").passed);
}

#[test]
fn idling_is_noticed_once() {
    let mut play = play(
        r#"
[[wrong-turn]]
id = "stuck"
when = { idle = "90s" }
say = "Where are you stuck?"
demo = ["idle 90s"]
"#,
    );
    assert!(take(&mut play, "idle 60s").is_empty());
    assert!(matches!(&take(&mut play, "idle 60s")[0], Feedback::Turn { cost: 0, .. }));
    assert!(take(&mut play, "idle 60s").is_empty());
}

#[test]
fn every_problem_of_a_lesson_file_is_named_at_once_with_its_place() {
    let text = HEAD
        .replace("scenario = \"azure-isolated-app\"", "scenario = \"azure-isolated-app\"\ncovers = [\"900\"]")
        .replace("a = \"source-2\", b = \"azure\"", "a = \"source-2\", b = \"azur\"")
        .replace("\"fail-over app app2\"]", "\"fial-over app app2\"]");
    let error = parse("small", &text, Draw(0)).expect_err("it is broken");
    let said: Vec<String> = error
        .problems
        .iter()
        .map(|problem| format!("{}: {}", problem.finding.position.map_or(0, |at| at.line), problem.finding.message))
        .collect();
    for part in ["the lines 1 to 168", "`azur`; did you mean `azure`", "did you mean `fail-over`"] {
        assert!(said.iter().any(|line| line.contains(part)), "{part}: {said:#?}");
    }
    assert!(said.iter().all(|line| !line.starts_with("0:")), "{said:#?}");
}

#[test]
fn a_predicate_has_exactly_one_key_and_unknown_keys_are_named() {
    for (is, part) in [
        ("{ }", "a predicate is missing"),
        ("{ needs-met = {}, did = { action = \"x\" } }", "one predicate stands here, not 2"),
        ("{ no-lnik = { a = \"azure\", b = \"source-1\" } }", "did you mean `no-link`"),
        ("{ vms = { in = \"azure\" } }", "names its machines by one of"),
        ("{ all = [] }", "is empty"),
    ] {
        let text = HEAD.replace("{ no-link = { a = \"source-1\", b = \"source-2\" } }", is);
        let error = parse("small", &text, Draw(0)).expect_err("it is broken");
        let said: Vec<&str> = error.problems.iter().map(|problem| problem.finding.message.as_str()).collect();
        assert!(said.iter().any(|line| line.contains(part)), "{is}: {said:#?}");
    }
}
