//! The walkthrough in the explorer: lessons played by keys, and what the panel says at each turn.

use std::sync::Arc;

use failscope::app::learning::{Card, Keep, Opened, Page, Room};
use failscope::app::{App, Effect, Key, Limits, Message};
use failscope::lesson::protocol::{End, Opening, Protocol};
use failscope::lesson::{Deed, Draw, Feedback, Logged, Mode, shelf};
use failscope::ui::{Look, frame, paint};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

fn opened(id: &str, mode: Mode) -> Opened {
    let lesson = shelf::find(id).expect("a lesson of the shelf").lesson(Draw(0)).expect("it stands");
    Opened { lesson: Arc::new(lesson), mode, log: None }
}

fn learning(id: &str, mode: Mode) -> App {
    let mut app = App::new();
    app.update(Message::Resize(80, 24));
    app.update(Message::Lesson(Box::new(Ok(opened(id, mode)))));
    app
}

/// Presses keys; `:` and what follows up to the end types a command and runs it.
fn press(app: &mut App, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for word in keys.split(' ').filter(|word| !word.is_empty()) {
        effects.extend(app.update(Message::Key(word.parse::<Key>().expect(word))));
        drawn(app);
    }
    effects
}

fn type_in(app: &mut App, opener: &str, text: &str) -> Vec<Effect> {
    let mut effects = press(app, opener);
    for letter in text.chars() {
        let key = if letter == ' ' { "space".to_owned() } else { letter.to_string() };
        effects.extend(app.update(Message::Key(key.parse::<Key>().expect("a key"))));
    }
    effects.extend(press(app, "enter"));
    effects
}

fn run(app: &mut App, command: &str) -> Vec<Effect> {
    type_in(app, ":", command)
}

/// What the runtime does after each drawing.
fn drawn(app: &mut App) {
    let mut buffer = Buffer::empty(Rect::new(0, 0, app.size.0, app.size.1));
    let limits: Limits = paint(app, &Look::default(), &mut buffer);
    app.update(Message::Drawn(limits));
}

fn screen(app: &App, width: u16, height: u16) -> String {
    let buffer = frame(app, &Look::default(), width, height);
    let rows = buffer.content.chunks(usize::from(width));
    let rows = rows.map(|row| row.iter().map(|cell| cell.symbol()).collect::<String>().trim_end().to_owned());
    rows.collect::<Vec<_>>().join("\n")
}

fn position(app: &App) -> usize {
    app.session.as_ref().expect("a session").history.position()
}

fn solved(app: &App) -> bool {
    app.learning.as_ref().expect("a lesson").attempt.solved()
}

fn page(app: &App) -> Page<'_> {
    app.learning.as_ref().expect("a lesson").page()
}

fn told(app: &App) -> Vec<Feedback> {
    match page(app) {
        Page::Card(Card::Told(told)) => told.clone(),
        _ => Vec::new(),
    }
}

/// Answers every open question with what is right.
fn answer_all(app: &mut App) {
    for _ in 0..40 {
        let (right, asked) = {
            let attempt = &app.learning.as_ref().expect("a lesson").attempt;
            let asked = match page(app) {
                Page::Question(asked) => Some(asked.quiz.id.clone()),
                _ => None,
            };
            if attempt.questions().is_empty() {
                return;
            }
            (asked.as_ref().and_then(|id| attempt.right_answer(id)), asked)
        };
        match (asked, right) {
            (Some(_), Some(right)) => drop(type_in(app, "A", &right.replace(", then ", ", "))),
            _ => drop(press(app, ".")),
        }
    }
}

#[test]
fn the_worked_example_is_played_by_keys_from_brief_to_debrief() {
    let mut app = learning("iso-09", Mode::Guided);
    insta::assert_snapshot!("walkthrough-brief", screen(&app, 80, 24));
    press(&mut app, ".");
    insta::assert_snapshot!("walkthrough-step", screen(&app, 80, 24));
    insta::assert_snapshot!("walkthrough-step-wide", screen(&app, 140, 45));
    press(&mut app, "down x enter x enter");
    assert!(matches!(page(&app), Page::Card(Card::Passed { step: 0, .. })), "{:?}", page(&app));
    insta::assert_snapshot!("walkthrough-passed", screen(&app, 80, 24));
    run(&mut app, "connect source-1 recovery-2");
    run(&mut app, "connect recovery-2 azure");
    run(&mut app, "fail-over app app2");
    press(&mut app, ".");
    insta::assert_snapshot!("walkthrough-question", screen(&app, 80, 24));
    answer_all(&mut app);
    assert!(solved(&app));
    press(&mut app, ". .");
    insta::assert_snapshot!("walkthrough-end", screen(&app, 80, 24));
    press(&mut app, "W");
    assert!(screen(&app, 80, 60).contains("a mistake you did not make"));
}

#[test]
fn a_wrong_turn_is_told_at_once_with_its_reason_and_where_the_article_says_so() {
    let mut app = learning("iso-09", Mode::Guided);
    run(&mut app, "connect recovery-2 azure");
    let shown = screen(&app, 80, 24);
    for part in ["Wrong turn", "−5 points", "the old tunnel first", "article, lines 114-115", "H hint"] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    insta::assert_snapshot!("walkthrough-wrong-turn", shown);
    press(&mut app, ". . .");
    run(&mut app, "disconnect source-1 azure");
    let shown = screen(&app, 80, 24);
    assert!(shown.contains("u undo it") && shown.contains("App1"), "{shown}");
}

#[test]
fn undo_takes_back_the_action_and_says_once_that_the_points_stay_paid() {
    let mut app = learning("iso-09", Mode::Guided);
    run(&mut app, "disconnect source-1 azure");
    let paid = |app: &App| {
        let learning = app.learning.as_ref().unwrap();
        learning.attempt.marks(&app.session.as_ref().unwrap().history).costs.len()
    };
    let before = paid(&app);
    assert!(before > 0);
    press(&mut app, "u");
    assert_eq!((position(&app), paid(&app)), (0, before));
    assert!(screen(&app, 80, 24).contains("never the points it cost"));
    run(&mut app, "disconnect source-1 azure");
    press(&mut app, "u");
    assert!(!screen(&app, 80, 24).contains("never the points it cost"), "it is said once");
}

#[test]
fn a_step_advances_when_its_state_is_reached_in_any_order_and_by_any_way() {
    let mut app = learning("iso-09", Mode::Guided);
    // By the plan that the explorer derives, step by step, instead of by the commands of the steps.
    press(&mut app, ". down f \"".trim_end_matches('"'));
    press(&mut app, "a p p 2 enter enter");
    for _ in 0..8 {
        press(&mut app, "n");
    }
    let attempt = &app.learning.as_ref().unwrap().attempt;
    assert!(attempt.step().is_none(), "all steps are passed: {:?}", attempt.log());
}

#[test]
fn a_closed_command_is_refused_with_the_lessons_word_and_changes_nothing() {
    let closing = shelf::SHELF.iter().find_map(|shelved| {
        let lesson = shelved.lesson(Draw(0)).ok()?;
        let open = lesson.allow.iter().any(|pattern| pattern.starts_with("outage") || pattern == "*");
        let region = lesson.topology.regions.first()?.id.clone();
        (!lesson.allow.is_empty() && !open).then_some((shelved.id, region))
    });
    let Some((id, region)) = closing else { return };
    let mut app = learning(id, Mode::Guided);
    run(&mut app, &format!("outage {region}"));
    assert_eq!(position(&app), 0);
    assert!(matches!(told(&app).as_slice(), [Feedback::Closed { .. }]), "{:?}", page(&app));
    assert!(screen(&app, 80, 24).contains("is closed in this lesson"));
}

#[test]
fn looking_at_sheets_counts_for_the_lesson_that_asks_for_it() {
    let mut app = learning("ori-00", Mode::Guided);
    press(&mut app, ". enter esc ? esc");
    let log: Vec<String> =
        app.learning.as_ref().unwrap().attempt.log().iter().map(|logged| logged.deed.to_string()).collect();
    assert_eq!(log, ["look inspect source", "look help"]);
    assert!(matches!(page(&app), Page::Card(Card::Passed { step: 0, .. })));
}

#[test]
fn the_first_lesson_can_be_played_by_its_keys_alone() {
    let mut app = learning("ori-00", Mode::Guided);
    press(&mut app, ".");
    answer_all(&mut app);
    press(&mut app, ". . . enter esc ? esc . . .");
    answer_all(&mut app);
    press(&mut app, "w");
    for letter in "shop-web-1".chars() {
        press(&mut app, &letter.to_string());
    }
    press(&mut app, "enter");
    for letter in "sql-replica".chars() {
        press(&mut app, &letter.to_string());
    }
    press(&mut app, "enter esc");
    run(&mut app, "disconnect source azure");
    press(&mut app, "u");
    for _ in 0..6 {
        press(&mut app, ".");
    }
    answer_all(&mut app);
    assert!(solved(&app), "{}", screen(&app, 80, 24));
}

#[test]
fn in_challenge_mode_the_goals_are_shown_and_what_to_do_is_not() {
    let mut app = learning("iso-09", Mode::Guided);
    press(&mut app, "C");
    assert_eq!(app.learning.as_ref().unwrap().attempt.mode, Mode::Challenge);
    press(&mut app, ".");
    let shown = screen(&app, 80, 24);
    assert!(shown.contains("○ App2 runs in Recovery VNet 2") && !shown.contains("Make room"), "{shown}");
    assert!(!shown.contains("◎cut"), "the goals are not drawn unless asked for");
    insta::assert_snapshot!("walkthrough-challenge", shown);
    for command in ["disconnect source-1 source-2", "disconnect source-2 azure"] {
        run(&mut app, command);
    }
    press(&mut app, "C");
    assert_eq!(app.learning.as_ref().unwrap().attempt.mode, Mode::Challenge, "too late to change");
    for command in ["connect source-1 recovery-2", "connect recovery-2 azure", "fail-over app app2"] {
        run(&mut app, command);
    }
    press(&mut app, ". .");
    answer_all(&mut app);
    assert!(solved(&app));
    let learning = app.learning.as_ref().unwrap();
    assert!(learning.attempt.score(&app.session.as_ref().unwrap().history).is_some_and(|score| score.passed));
}

#[test]
fn every_solution_is_shown_from_the_start_deed_by_deed_and_has_no_score() {
    for shelved in shelf::SHELF {
        let mut app = learning(shelved.id, Mode::Guided);
        if !app.learning.as_ref().expect("a lesson").lesson().scoring.show_solution {
            continue;
        }
        press(&mut app, "S S");
        for _ in 0..200 {
            if solved(&app) {
                break;
            }
            press(&mut app, ".");
        }
        assert!(solved(&app), "{}\n{}", shelved.id, screen(&app, 80, 24));
        let history = &app.session.as_ref().unwrap().history;
        assert_eq!(app.learning.as_ref().unwrap().attempt.score(history), None, "{}", shelved.id);
    }
}

#[test]
fn the_solution_can_be_shown_after_a_wrong_start() {
    let mut app = learning("iso-09", Mode::Guided);
    run(&mut app, "disconnect source-1 azure");
    press(&mut app, ". S S");
    for _ in 0..30 {
        press(&mut app, ".");
    }
    assert!(solved(&app), "{}", screen(&app, 80, 24));
}

#[test]
fn what_is_done_is_kept_deed_by_deed_and_a_left_attempt_goes_on_where_it_was() {
    let mut app = learning("iso-09", Mode::Guided);
    let mut effects = press(&mut app, ".");
    assert!(effects.is_empty(), "reading is no deed");
    effects.extend(run(&mut app, "disconnect source-2 azure"));
    effects.extend(press(&mut app, "H"));
    let kept: Vec<Keep> = effects
        .into_iter()
        .filter_map(|effect| if let Effect::Keep(keep) = effect { Some(keep) } else { None })
        .collect();
    assert_eq!(kept[0], Keep::Begun(Mode::Guided));
    let deeds: Vec<Logged> = kept
        .iter()
        .filter_map(|keep| if let Keep::Deed(logged) = keep { Some(logged.clone()) } else { None })
        .collect();
    assert_eq!(
        deeds.iter().map(|logged| logged.deed.to_string()).collect::<Vec<_>>(),
        ["disconnect source-2 azure", "hint"]
    );
    assert!(press(&mut app, "q").is_empty());
    assert!(app.session.is_none() && app.unfinished == ["iso-09"]);
    assert!(screen(&app, 80, 40).contains("unfinished"));

    let mut again = opened("iso-09", Mode::Guided);
    let opening = Opening::of(&again.lesson, Mode::Guided, None, "now");
    again.log = Some(Protocol { opening, deeds, end: None, whole: 0 });
    app.update(Message::Lesson(Box::new(Ok(again))));
    assert_eq!((position(&app), page(&app)), (1, Page::Card(&Card::Resumed(2))));
    assert!(press(&mut app, ". .").is_empty(), "what was kept is not kept again");
    let effects = press(&mut app, "O");
    assert!(effects.contains(&Effect::Keep(Keep::Ended(End::GivenUp, None))));
    assert_eq!(position(&app), 0);
}

#[test]
fn the_list_tells_tracks_and_opens_lessons_in_either_mode() {
    let mut app = App::new();
    app.update(Message::Resize(80, 24));
    press(&mut app, "L");
    insta::assert_snapshot!("walkthrough-list", screen(&app, 80, 24));
    let learn = |lesson: &str, mode| Effect::Learn { lesson: lesson.to_owned(), mode, anew: mode.is_some() };
    assert_eq!(press(&mut app, "enter"), [learn("ori-00", None)]);
    assert_eq!(press(&mut app, "down c"), [learn("ori-01", Some(Mode::Challenge))]);
    assert_eq!(press(&mut app, "t"), [learn("ori-01", Some(Mode::Challenge))], "the last one of its track");
    press(&mut app, "esc");
    assert!(app.layers.is_empty());
}

#[test]
fn doing_nothing_is_a_deed_only_in_lessons_that_wait_for_it_and_only_once() {
    assert_eq!(learning("iso-09", Mode::Guided).idle_due(), None);
    let mut app = learning("ori-00", Mode::Guided);
    assert_eq!(app.idle_due(), Some(90));
    app.update(Message::Idle(90));
    assert!(matches!(told(&app).as_slice(), [Feedback::Turn { .. }]));
    assert_eq!(app.idle_due(), None);
}

#[test]
fn the_panel_gives_way_to_the_map_and_comes_back_for_a_wrong_turn() {
    let mut app = learning("iso-09", Mode::Guided);
    press(&mut app, ". B");
    assert!(screen(&app, 80, 24).contains("┌▶Source VNet 1"), "the whole map is there");
    run(&mut app, "connect recovery-2 azure");
    assert_eq!(app.learning.as_ref().unwrap().room, Room::Share);
}

#[test]
fn the_jump_list_goes_step_by_step_and_keys_of_lessons_say_why_they_do_nothing_outside() {
    let mut app = learning("iso-09", Mode::Guided);
    run(&mut app, "disconnect source-2 azure");
    run(&mut app, "disconnect source-1 source-2");
    press(&mut app, "g home enter");
    assert_eq!(position(&app), 0);
    let log = app.learning.as_ref().unwrap().attempt.log();
    assert_eq!(log.iter().filter(|logged| logged.deed == Deed::Undo).count(), 2);
    let mut app = App::exploring(Arc::clone(&opened("iso-09", Mode::Guided).lesson.topology));
    press(&mut app, "H");
    assert!(app.notice.as_ref().is_some_and(|notice| notice.text.contains("no lesson runs")));
}
