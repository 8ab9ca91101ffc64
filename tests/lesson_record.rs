//! A lesson that was recorded by playing it is a file that proves itself (walkthroughs.md 4.6).

use std::sync::Arc;

use failscope::lesson::proof::prove;
use failscope::lesson::record::{Recording, record};
use failscope::lesson::{Draw, parse};
use failscope::topology::Command;
use failscope::topology::load::open;

fn recording(topology: &str, start: &[&str], solution: &[&str], mistakes: &[&str]) -> Recording {
    let commands =
        |texts: &[&str]| -> Vec<Command> { texts.iter().map(|text| text.parse().expect("a command")).collect() };
    Recording {
        topology: Arc::new(open(topology).expect("a topology")),
        scenario: topology.to_owned(),
        origin: "recorded.toml".to_owned(),
        title: "A recorded \"lesson\"".to_owned(),
        start: commands(start),
        solution: commands(solution),
        mistakes: commands(mistakes),
    }
}

/// Records, reads the file again, and proves it.
fn proved(recording: &Recording) -> String {
    let text = record(recording).expect("it makes a lesson");
    let lesson = parse("recorded.toml", &text, Draw::default()).expect("it can be read");
    for line in prove(&Arc::new(lesson)) {
        assert!(line.ok, "{}\n{text}", line.says);
    }
    text
}

/// The solution of the article's worked example.
const APP2: [&str; 5] = [
    "disconnect source-1 source-2",
    "disconnect source-2 azure",
    "connect source-1 recovery-2",
    "connect recovery-2 azure",
    "fail-over app app2",
];

#[test]
fn the_worked_example_is_recorded_with_steps_goals_invariants_and_wrong_turns() {
    let mistakes = ["connect recovery-2 azure", "fail-over app app2", "disconnect source-1 azure"];
    let text = proved(&recording("azure-isolated-app", &[], &APP2, &mistakes));
    for part in [
        "id         = \"a-recorded-lesson\"",
        "is    = { no-link = { a = \"source-2\", b = \"azure\", kind = \"vpn\" } }",
        "is    = { link = { a = \"recovery-2\", b = \"azure\", kind = \"vpn\" } }",
        "is    = { vms = { app = \"app2\", in = \"recovery-2\", ip = \"retained\" } }",
        "is    = { needs-met = {} }",
        "is    = { reach = { from = \"app1\", to = \"replicas\" } }",
        "when     = { refused = \"overlap-neighbour\" }",
        "when     = { action = \"fail-over app app2\", while = { not = { link",
        "when     = { action = \"disconnect source-1 azure\" }",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

#[test]
fn many_kinds_of_commands_become_lessons_that_prove_themselves() {
    let east = "fail-over region east-asia";
    for (topology, start, solution, mistakes) in [
        ("azure-isolated-app", &[][..], &["run app2"][..], &["fail-over app app1", "disconnect source-1 azure"][..]),
        (
            "hybrid-full",
            &["verify-targets region east-asia"],
            &["disconnect source datacenter", "connect recovery datacenter", east],
            &["connect recovery datacenter"],
        ),
        (
            "hybrid-full",
            &[],
            &[
                "disconnect source datacenter",
                "connect recovery datacenter",
                east,
                "commit region southeast-asia",
                "re-protect region southeast-asia",
            ],
            &[],
        ),
        ("azure-full", &[], &["verify-targets region east-asia"], &[]),
        (
            "azure-full",
            &[],
            &["test-fail-over region east-asia into recovery", "manual Look at it", "clean-up region east-asia"],
            &["commit region east-asia"],
        ),
        ("azure-full", &[], &["manual One", "manual Two", "manual Three"], &["manual Four", "outage east-asia"]),
        ("azure-isolated-app", &[], &["delete-gateway recovery-2 vpn"], &["break-gateway recovery-2"]),
    ] {
        proved(&recording(topology, start, solution, mistakes));
    }
}

#[test]
fn a_command_without_which_nothing_would_be_missing_is_a_goal_itself() {
    let text = proved(&recording(
        "azure-isolated-app",
        &[],
        &["manual Call", "disconnect source-2 azure", "manual Tell"],
        &[],
    ));
    assert!(text.contains("did = { action = \"manual Tell\" }"), "{text}");
}

#[test]
fn what_makes_no_lesson_is_refused_with_the_reason() {
    let refused = |start: &[&str], solution: &[&str], mistakes: &[&str]| {
        record(&recording("azure-isolated-app", start, solution, mistakes)).expect_err("it makes no lesson")
    };
    let says = refused(&[], &["connect recovery-2 azure"], &[]);
    assert!(says.contains("the solution cannot be played: `connect recovery-2 azure` is refused (overlap-neighbour)"));
    let says = refused(&["fail-over app nobody"], &APP2, &[]);
    assert!(says.contains("the start cannot be played") && says.contains("unknown-id"), "{says}");
    let says = refused(&[], &APP2, &["disconnect source-1 source-2"]);
    assert!(says.contains("is what the solution begins with"), "{says}");
    assert!(refused(&[], &APP2, &["outage east-asia", "outage east-asia"]).contains("is there twice"));
    assert!(refused(&[], &[], &[]).contains("no command"));
}
