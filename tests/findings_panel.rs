//! The findings panel: what would go wrong, where, what mends it, and a mark that grows stale.

use std::sync::Arc;

use failscope::app::checking::Mark;
use failscope::app::{App, Context, Key, Message};
use failscope::diagram::Item;
use failscope::topology::load;
use failscope::ui::{Look, frame};

const TEXT: &str = r#"
format = 1
title = "Faults"
[region.near]
side = "source"
[region.far]
side = "recovery"
[vnet.home]
region = "near"
address-space = ["10.1.0.0/16"]
subnets = { web = "10.1.1.0/24" }
[vnet.away]
title = "Away"
region = "far"
recovers = "home"
subnets = { frontend = "10.1.1.0/24" }
[vm.web-1]
subnet = "home/web"
ip = "10.1.1.4"
"#;

fn app() -> App {
    let mut app = App::exploring(Arc::new(load::parse("faults", TEXT).expect("a topology")));
    app.update(Message::Resize(80, 24));
    app
}

fn press(app: &mut App, keys: &[&str]) {
    for key in keys {
        app.update(Message::Key(key.parse::<Key>().expect("a key")));
    }
}

fn screen(app: &App) -> String {
    let buffer = frame(app, &Look::default(), 80, 24);
    let rows = buffer.content.chunks(80).map(|row| row.iter().map(|cell| cell.symbol()).collect::<String>());
    rows.collect::<Vec<_>>().join("\n")
}

fn mark(app: &App) -> Mark {
    app.session.as_ref().expect("a session").mark()
}

#[test]
fn the_panel_names_severity_code_and_place_and_shows_rule_and_consequence_of_the_marked_finding_a13() {
    let mut app = app();
    assert_eq!(mark(&app), Mark::Unknown);
    press(&mut app, &["!"]);
    assert_eq!(app.context(), Context::Findings);
    let shown = screen(&app);
    for part in ["! warning", "subnet-name-mismatch", "away, web", "12:7", "A13, INV-5", "set-target web-1 frontend"] {
        assert!(shown.contains(part), "{part} is not on\n{shown}");
    }
    assert!(shown.lines().next().is_some_and(|header| header.contains("1 warning")), "{shown}");
    press(&mut app, &["down"]);
    assert!(screen(&app).contains("verify-targets region near"), "the next finding shows its details");
}

#[test]
fn enter_goes_to_the_place_and_e_puts_the_mend_into_the_prompt() {
    let mut app = app();
    press(&mut app, &["!", "enter"]);
    let session = app.session.as_ref().expect("a session");
    assert!(matches!(session.selection, Some(Item::Vnet(vnet)) if session.world().vnet(vnet).id == "away"));
    press(&mut app, &["!", "e"]);
    assert_eq!(app.prompt.as_ref().map(|prompt| prompt.input.value()), Some("set-target web-1 frontend"));
}

#[test]
fn the_ready_mark_grows_stale_with_every_step_and_is_fresh_again_where_it_was_computed() {
    let mut app = app();
    press(&mut app, &["!"]);
    assert!(matches!(mark(&app), Mark::Fresh(count, _) if count.warnings == 1));
    press(&mut app, &["e", "enter"]);
    assert_eq!(mark(&app), Mark::Stale);
    assert!(screen(&app).contains("stale"), "the header says so");
    press(&mut app, &["u"]);
    assert!(matches!(mark(&app), Mark::Fresh(..)), "the reader is back on the checked state");
    press(&mut app, &["ctrl-r", "!"]);
    assert!(matches!(mark(&app), Mark::Fresh(count, _) if count.warnings == 0 && count.errors == 0));
    assert!(screen(&app).contains("ready ✓"));
    press(&mut app, &["r", "e", "enter"]);
    assert!(screen(&app).contains("stale"), "also a mark that said ready");
}

fn header(app: &App) -> String {
    screen(app).lines().next().unwrap_or_default().to_owned()
}

#[test]
fn after_a_failover_nothing_is_ready_until_it_is_protected_again_d10() {
    let mut app = app();
    press(&mut app, &["F", "r", "!"]);
    assert!(header(&app).contains("not replicated"), "{}", header(&app));
    let shown = screen(&app);
    assert!(shown.contains("No region could fail over now") && shown.contains("K commits"), "{shown}");
    press(&mut app, &["esc", "K", "enter", "enter", "!"]);
    assert!(screen(&app).contains("R re-protects"), "{}", screen(&app));
    press(&mut app, &["esc", "R", "enter", "enter", "!"]);
    assert!(!header(&app).contains("not replicated"), "{}", header(&app));
}

#[test]
fn nothing_offers_to_mend_what_no_command_mends() {
    let mut app = app();
    press(&mut app, &["!"]);
    let footer = |app: &App| screen(app).lines().last().unwrap_or_default().to_owned();
    let offered = |app: &App| app.unavailable(failscope::app::Action::Mend).is_none();
    for _ in 0..4 {
        assert_eq!(footer(&app).contains("e mend"), offered(&app), "{}", screen(&app));
        press(&mut app, &["down"]);
    }
}
