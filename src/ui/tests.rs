//! Keys in, screens out: on the built-in scenarios, at many sizes, and with keys nobody meant to press.

use std::sync::Arc;

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use strum::IntoEnumIterator;

use super::{Look, frame, paint};
use crate::app::action::{ACTIONS, Action, Keymap};
use crate::app::{App, Context, Effect, Key, Message};
use crate::topology::builtin::BUILTINS;
use crate::topology::load;
use crate::ui::glyphs::Glyphs;
use crate::ui::theme::Theme;

pub(super) fn exploring(name: &str) -> App {
    let builtin = BUILTINS.iter().find(|builtin| builtin.name == name).expect("a built-in topology");
    App::exploring(Arc::new(load::parse(name, builtin.text).expect("it stands")))
}

/// Presses keys written with spaces between them; `"text"` types its letters.
pub(super) fn press(app: &mut App, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for word in keys.split(' ').filter(|word| !word.is_empty()) {
        match word.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(text) => {
                for letter in text.chars() {
                    let letter = if letter == '_' { ' ' } else { letter };
                    effects.extend(app.update(Message::Key(Key::plain(crate::app::Code::Char(letter)))));
                }
            }
            None => effects.extend(app.update(Message::Key(word.parse().expect(word)))),
        }
    }
    effects
}

fn text(buffer: &Buffer) -> String {
    let width = usize::from(buffer.area.width).max(1);
    let rows = buffer.content.chunks(width);
    let lines = rows.map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect::<String>().trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

pub(super) fn screen(app: &App, width: u16, height: u16) -> String {
    text(&frame(app, &Look::default(), width, height))
}

#[test]
fn the_preview_says_what_is_cut_made_and_kept_and_who_is_cut_off_before_anything_runs() {
    let mut app = exploring("azure-isolated-app");
    press(&mut app, "f \"app1\" enter");
    let shown = screen(&app, 120, 60);
    for part in ["Links: 2 cut, 2 made, 1 kept", "Who is cut off meanwhile", "keep their address", "A.7-4"] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    press(&mut app, "esc");
    assert_eq!(app.session.as_ref().map(|session| session.history.position()), Some(0), "esc changes nothing");
}

#[test]
fn a_plan_is_taken_step_by_step_forwards_and_back() {
    let mut app = exploring("azure-isolated-app");
    press(&mut app, "F enter n n n p");
    let session = app.session.as_ref().unwrap();
    assert_eq!(session.history.position(), 2);
    assert_eq!(session.playback.as_ref().unwrap().done(&session.history), 2);
    press(&mut app, "u ctrl-r n n n n");
    let session = app.session.as_ref().unwrap();
    assert!(session.playback.as_ref().unwrap().finished(&session.history));
    assert!(session.history.now().needs.iter().all(|need| need.met), "all needs met at the end");
    assert!(screen(&app, 140, 45).contains("[AFTER]"));
}

#[test]
fn space_plays_one_step_a_tick_until_the_plan_is_done() {
    let mut app = exploring("azure-full");
    press(&mut app, "F enter space");
    for _ in 0..20 {
        app.update(Message::Tick);
    }
    let session = app.session.as_ref().unwrap();
    assert!(!app.playing() && session.playback.as_ref().unwrap().finished(&session.history));
}

#[test]
fn a_refusal_stays_with_its_reason_and_its_mend_until_the_next_key_that_matters() {
    let mut app = exploring("azure-isolated-app");
    press(&mut app, ": \"connect_recovery-2_azure\" enter");
    let shown = screen(&app, 80, 24);
    for part in ["overlap-neighbour", "Source VNet 2", "would help: disconnect source-2 azure"] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    press(&mut app, "down left");
    assert!(screen(&app, 80, 24).contains("overlap-neighbour"), "looking around keeps it");
    press(&mut app, "e enter");
    let session = app.session.as_ref().unwrap();
    assert_eq!(session.history.now().step.as_ref().unwrap().command.to_string(), "disconnect source-2 azure");
    assert!(!screen(&app, 80, 24).contains("overlap-neighbour"));
}

#[test]
fn the_connect_sheet_says_that_peering_saves_the_gateways_45_minutes() {
    let mut app = exploring("azure-full");
    press(&mut app, "tab c \"azure\" enter left");
    let shown = screen(&app, 200, 60);
    for part in ["Peering", "45 min of them", "gateway in Recovery VNet: ○", "create-gateway recovery vpn"] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
}

#[test]
fn commands_plans_and_actions_are_completed_in_the_prompt() {
    let mut app = exploring("azure-isolated-app");
    press(&mut app, ": \"fail-over_ap\" tab \"app2\" enter");
    assert_eq!(app.session.as_ref().unwrap().history.position(), 1);
    press(&mut app, ": \"help\" enter");
    assert_eq!(app.context(), Context::Sheet);
}

#[test]
fn an_action_that_cannot_be_done_says_why_and_does_nothing() {
    let mut app = exploring("azure-isolated-app");
    for (key, reason) in [("n", "no plan"), ("u", "start"), ("ctrl-r", "undone"), ("e", "waiting")] {
        press(&mut app, key);
        assert!(app.notice.as_ref().unwrap().text.contains(reason), "{key}: {:?}", app.notice);
    }
    assert_eq!(app.session.as_ref().unwrap().history.position(), 0);
}

#[test]
fn quit_goes_back_to_the_picker_only_where_it_came_from_there() {
    let mut app = exploring("azure-full");
    assert_eq!(press(&mut app, "q"), [Effect::Quit]);
    let mut app = App::new();
    assert_eq!(press(&mut app, "down enter"), [Effect::Load(BUILTINS[1].name.to_owned())]);
    let topology = load::parse(BUILTINS[1].name, BUILTINS[1].text).unwrap();
    app.update(Message::Loaded(Ok(Arc::new(topology))));
    assert_eq!(press(&mut app, "q"), []);
    assert!(app.session.is_none());
    assert_eq!(press(&mut app, ": \"x\" ctrl-c"), [Effect::Quit], "also inside a text field");
}

#[test]
fn the_help_lists_every_action_of_the_table() {
    let mut app = exploring("azure-full");
    press(&mut app, "?");
    let shown = screen(&app, 160, 200);
    for entry in ACTIONS {
        assert!(shown.contains(entry.name()), "{}", entry.name());
    }
}

/// Keys that open every sheet, each from a fresh start.
pub(super) const SHEETS: [&str; 21] = [
    "",
    "?",
    "F",
    "f",
    "c",
    "c enter",
    "x",
    "a",
    "enter",
    "w enter enter",
    "m",
    "t",
    "y",
    "v",
    "F r v",
    "F r E",
    "o",
    "F enter n t",
    "=",
    "F =",
    "F = tab tab",
];

#[test]
fn no_size_makes_any_sheet_panic() {
    for name in ["azure-isolated-app", "hybrid-full"] {
        for keys in SHEETS {
            let mut app = exploring(name);
            press(&mut app, keys);
            let sizes = [1, 2, 3, 5, 8, 15, 16, 24]
                .into_iter()
                .flat_map(|height| [1, 2, 5, 12, 33, 59, 80].map(|width| (width, height)));
            for (width, height) in sizes {
                frame(&app, &Look::default(), width, height);
            }
        }
        let mut app = exploring(name);
        press(&mut app, ": \"connect_nobody_nothing\" enter");
        for (width, height) in (1..=30).flat_map(|height| (1..=90).step_by(3).map(move |width| (width, height))) {
            frame(&app, &Look::default(), width, height);
        }
    }
    for (width, height) in (1..=24).flat_map(|height| (1..=90).step_by(9).map(move |width| (width, height))) {
        frame(&App::new(), &Look::default(), width, height);
    }
}

#[test]
fn the_ascii_screen_holds_nothing_but_ascii_and_knows_every_character() {
    let ascii = Look { theme: Theme::mono(), glyphs: Glyphs::ascii() };
    let unknown = |text: &str| text.matches('?').count();
    for name in ["azure-isolated-app", "hybrid-full"] {
        for keys in SHEETS.into_iter().chain(["f enter r", "F r", "F r d", "L", ":", "/", "o enter !"]) {
            let mut app = exploring(name);
            press(&mut app, keys);
            for (width, height) in [(80, 24), (140, 45), (50, 12)] {
                let shown = text(&frame(&app, &ascii, width, height));
                assert!(shown.is_ascii(), "{keys}: {:?}", shown.chars().find(|letter| !letter.is_ascii()));
                // A `?` that is no `?` in the other set stands for a character without a projection.
                let other = text(&frame(&app, &Look::default(), width, height));
                assert!(unknown(&shown) <= unknown(&other), "{name} {keys} {width}x{height}\n{shown}");
            }
        }
    }
    let shown = text(&frame(&App::new(), &ascii, 80, 24));
    assert!(shown.is_ascii() && unknown(&shown) <= unknown(&text(&frame(&App::new(), &Look::default(), 80, 24))));
}

#[test]
fn the_screens_of_the_isolated_app_failover() {
    for (width, height) in [(80, 24), (140, 45)] {
        let mut app = exploring("azure-isolated-app");
        app.update(Message::Resize(width, height));
        insta::assert_snapshot!(format!("before_{width}x{height}"), screen(&app, width, height));
        press(&mut app, "f \"app1\" enter");
        insta::assert_snapshot!(format!("preview_{width}x{height}"), screen(&app, width, height));
        press(&mut app, "r");
        insta::assert_snapshot!(format!("after_{width}x{height}"), screen(&app, width, height));
        press(&mut app, "t");
        insta::assert_snapshot!(format!("timeline_{width}x{height}"), screen(&app, width, height));
        press(&mut app, "esc m");
        insta::assert_snapshot!(format!("matrix_{width}x{height}"), screen(&app, width, height));
    }
}

fn any_key() -> impl Strategy<Value = Key> {
    let all: Vec<Key> = ACTIONS.iter().flat_map(|entry| entry.keys).map(|key| key.parse().unwrap()).collect();
    prop_oneof![
        8 => proptest::sample::select(all),
        2 => proptest::char::range(' ', '~').prop_map(|letter| Key::plain(crate::app::Code::Char(letter))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn no_keys_make_it_panic_and_undo_always_leads_back_to_the_start(
        at in 0..BUILTINS.len(),
        keys in proptest::collection::vec(any_key(), 1..60),
    ) {
        let mut app = exploring(BUILTINS[at].name);
        let start = app.session.as_ref().unwrap().world().clone();
        let mut buffer = Buffer::empty(ratatui::layout::Rect::new(0, 0, 80, 24));
        for key in keys {
            app.update(Message::Key(key));
            app.update(Message::Tick);
            let limits = paint(&app, &Look::default(), &mut buffer);
            app.update(Message::Drawn(limits));
        }
        let session = app.session.as_mut().expect("no key but q leaves, and q only asks");
        while session.undo() {}
        prop_assert_eq!(session.world(), &start);
    }
}

#[test]
fn every_action_is_answered_somewhere() {
    // A key that means nothing anywhere would be a row without a life.
    let keymap = Keymap::default();
    for action in Action::iter() {
        let found = Context::iter().any(|context| {
            let keys = ACTIONS.iter().filter(|entry| entry.action == action).flat_map(|entry| entry.keys);
            keys.map(|key| keymap.meaning(context, key.parse().unwrap())).any(|meant| meant == Some(action))
        });
        assert!(found, "{action:?}");
    }
}

#[test]
fn a_plan_waits_at_a_manual_action_until_a_person_confirms_e5() {
    let mut app = exploring("azure-isolated-app");
    press(&mut app, "r enter space");
    for _ in 0..20 {
        app.update(Message::Tick);
    }
    let standing = |app: &App| {
        let session = app.session.as_ref().unwrap();
        let playback = session.playback.as_ref().unwrap();
        (playback.done(&session.history), playback.finished(&session.history))
    };
    assert_eq!((standing(&app), app.playing()), ((6, false), false), "it stands before the manual action");
    let shown = screen(&app, 80, 24);
    for part in ["waits for a person", "manual Tell the service desk"] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    press(&mut app, "esc");
    assert_eq!(standing(&app), (6, false), "nobody confirmed");
    press(&mut app, "n");
    assert_eq!(standing(&app), (6, false), "a step asks as well");
    press(&mut app, "enter");
    assert_eq!(standing(&app), (7, true));
    press(&mut app, "p n");
    assert_eq!(standing(&app), (7, true), "what was confirmed is not asked again");
    let mut app = exploring("azure-isolated-app");
    press(&mut app, ": \"run_app2\" enter");
    assert_eq!(standing(&app), (6, false), "also when it runs at once");
    press(&mut app, "enter");
    assert_eq!(standing(&app), (7, true));
}

#[test]
fn a_plan_plays_to_its_end_although_a_step_is_refused_e8() {
    let mut app = exploring("azure-isolated-app");
    press(&mut app, "r enter : \"disconnect_source-2_azure\" enter space");
    for _ in 0..20 {
        app.update(Message::Tick);
    }
    press(&mut app, "enter");
    let session = app.session.as_ref().unwrap();
    let playback = session.playback.as_ref().unwrap();
    assert!(playback.finished(&session.history));
    assert_eq!(playback.refused(&session.history), 1);
    assert!(session.history.now().needs.iter().all(|need| need.met), "the cut was made by hand");
    assert!(app.notice.as_ref().unwrap().text.contains("1 of 7 steps refused"), "{:?}", app.notice);
    press(&mut app, "t");
    assert!(screen(&app, 100, 40).contains("⊘ disconnect source-2 azure"));
}

#[test]
fn runs_of_a_failover_stand_side_by_side_at_80x24_and_one_is_taken() {
    let mut app = exploring("azure-full");
    app.update(Message::Resize(80, 24));
    press(&mut app, "F =");
    insta::assert_snapshot!("compare_80x24", screen(&app, 80, 24));
    let shown = screen(&app, 80, 24);
    for part in ["links before", "▶ links during", "links after", "recovery time", "longest outage"] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    press(&mut app, "tab right");
    assert!(screen(&app, 80, 24).contains("▶ by peering"), "{}", screen(&app, 80, 24));
    press(&mut app, "tab right");
    assert!(screen(&app, 80, 24).contains("▶ warm gateways"));
    press(&mut app, "enter");
    let mend = &app.notice.as_ref().unwrap().mend;
    assert_eq!(mend.iter().map(ToString::to_string).collect::<Vec<_>>(), ["create-gateway recovery vpn"]);
    assert!(app.layers.is_empty() && app.session.as_ref().unwrap().playback.is_none(), "no plan from another world");
    press(&mut app, "F = tab right enter");
    let steps = &app.session.as_ref().unwrap().playback.as_ref().unwrap().steps;
    assert!(steps.iter().any(|step| step.command.to_string() == "connect recovery azure by peering"), "{steps:?}");
}

#[test]
fn the_same_failover_is_compared_from_the_map() {
    let mut app = exploring("azure-isolated-app");
    press(&mut app, "= \"app1\" enter");
    assert_eq!(app.context(), Context::Runs);
    press(&mut app, "shift-tab");
    assert!(screen(&app, 100, 40).contains("cold gateways"));
}

#[test]
fn what_people_did_to_a_subnet_stands_on_its_line_c13_a27_a13() {
    let mut app = exploring("hybrid-isolated-app");
    for command in
        ["block source-1/subnet-2", "fill-subnet recovery-1/subnet-1", "rename-subnet recovery-1/subnet-2 data"]
    {
        press(&mut app, &format!(": \"{}\" enter", command.replace(' ', "_")));
    }
    for (width, marks) in [(80, ["⊘", "full", "≠"]), (200, ["⊘ blocked", "full", "≠ was subnet-2"])] {
        app.update(Message::Resize(width, 60));
        let shown = screen(&app, width, if width == 80 { 24 } else { 60 });
        for mark in marks {
            assert!(shown.contains(mark), "{mark}\n{shown}");
        }
    }
}

#[test]
fn a_machine_that_comes_later_moves_nothing_that_is_there() {
    for (width, height) in [(80, 24), (140, 45), (200, 60)] {
        let mut app = exploring("hybrid-isolated-app");
        app.update(Message::Resize(width, height));
        let before = crate::app::ground::shown(&app).unwrap();
        press(&mut app, ": \"add-vm_x-1_source-1/subnet-1\" enter");
        press(&mut app, ": \"test-fail-over_vm_app2-web-1_into_recovery-1\" enter");
        let after = crate::app::ground::shown(&app).unwrap();
        for boxed in &before.boxes {
            let now = after.boxed(boxed.node).unwrap();
            assert_eq!(
                (boxed.rect.x, boxed.rect.y, boxed.level),
                (now.rect.x, now.rect.y, now.level),
                "{width}x{height}"
            );
        }
        let shown = screen(&app, width, height);
        assert!(shown.contains("x-1") && shown.contains('▲'), "{shown}");
    }
}

#[test]
fn a_test_copy_is_seen_where_its_machine_serves_too_d12() {
    let mut app = exploring("azure-isolated-app");
    app.update(Message::Resize(140, 45));
    for command in ["test-fail-over app app2 into recovery-2", "fail-over app app2"] {
        press(&mut app, &format!(": \"{}\" enter", command.replace(' ', "_")));
    }
    let shown = screen(&app, 140, 45);
    assert!(shown.contains('▲') && shown.contains("app2-web-1    10.2.1.5"), "{shown}");
}

#[test]
fn the_footer_offers_what_comes_next_on_the_way_round() {
    let mut app = exploring("azure-full");
    app.update(Message::Resize(80, 24));
    let footer = |app: &App| screen(app, 80, 24).lines().last().unwrap_or_default().to_owned();
    press(&mut app, "F r");
    assert!(footer(&app).starts_with(" K commit") && !footer(&app).contains("full failover"), "{}", footer(&app));
    press(&mut app, "K \"region\" enter enter");
    assert!(footer(&app).starts_with(" R re-protect"), "{}", footer(&app));
    press(&mut app, "R \"region\" enter enter");
    assert!(footer(&app).starts_with(" b fail back"), "{}", footer(&app));
    press(&mut app, "b \"region\" enter r K \"region\" enter enter R \"region\" enter enter");
    assert!(footer(&app).starts_with(" F full failover"), "{}", footer(&app));
    let shown = screen(&app, 80, 24);
    assert!(!shown.contains('✗'), "no line of a link that came and went\n{shown}");
}

#[test]
fn a_key_without_a_meaning_says_so_and_a_refusal_stays() {
    let mut app = exploring("azure-isolated-app");
    press(&mut app, "Y");
    assert!(screen(&app, 80, 24).contains("no action on Y here; ? shows the keys"));
    press(&mut app, ": \"connect_recovery-1_azure\" enter Y");
    assert!(screen(&app, 80, 24).contains("overlap-neighbour"));
}

#[test]
fn the_legend_says_where_it_is_cut_and_help_has_all_of_it() {
    let mut app = exploring("azure-isolated-app");
    press(&mut app, "F r esc");
    let legend = screen(&app, 80, 24).lines().nth(22).unwrap_or_default().to_owned();
    assert!(legend.ends_with("… ? lists all"), "{legend}");
    press(&mut app, "?");
    assert!(screen(&app, 80, 24).contains("~ assumed"), "{}", screen(&app, 80, 24));
}

#[test]
fn protect_asks_where_to_and_the_connect_list_names_what_is_in_the_way_a10_b5() {
    let mut app = exploring("hybrid-isolated-app");
    press(&mut app, ": \"add-vm_x-1_source-1/subnet-1\" enter P enter");
    let shown = screen(&app, 80, 24);
    assert!(shown.contains("to which network?") && shown.contains("its failover network"), "{shown}");
    let mut app = exploring("azure-isolated-app");
    press(&mut app, "/ \"Azure\" enter esc c");
    let shown = screen(&app, 80, 24);
    assert!(shown.contains("not by VPN: overlap-neighbour"), "{shown}");
}

#[test]
fn the_matrix_judges_spokes_that_talk_through_their_hub_b16() {
    let mut app = exploring("hub-and-spokes");
    press(&mut app, "m");
    let shown = screen(&app, 80, 24);
    let row = shown.lines().find(|line| line.contains("Web spoke") && line.contains("10.1.0.0/16")).unwrap_or_default();
    let spoke = row.split_whitespace().filter(|word| word.starts_with('●')).count();
    assert!(spoke >= 3, "hub, the other spoke and the datacenter\n{shown}");
}

#[test]
fn a_subnet_that_its_machines_left_says_what_stands_there_and_holds_its_address_a6() {
    let mut app = exploring("azure-isolated-app");
    let command = "fail-over app app2".parse().expect("a command");
    app.session.as_mut().expect("a session").run(&command).expect("it moves");
    let subnet = |item: &crate::diagram::Item| matches!(item, crate::diagram::Item::Subnet(_));
    app.size = (80, 24);
    let layout = crate::app::ground::shown(&app).expect("a map");
    let world = app.session.as_ref().expect("a session").world().clone();
    let items = layout.items().into_iter().map(|(item, _)| item).filter(subnet);
    let left = items.into_iter().find(|item| crate::app::naming::title(&world, *item).contains("Source VNet 2"));
    app.session.as_mut().expect("a session").selection = left;
    press(&mut app, "enter");
    let shown = screen(&app, 80, 24);
    assert!(shown.contains("app2-web-1") && shown.contains("left, stopped"), "{shown}");
}
