//! The levels of detail as a reader sees them (`design/picture.md` 2.3): tiles, rows with a spine, zoom, filter, list.

mod common;

use std::sync::Arc;

use failscope::app::{App, Key, Message, ground};
use failscope::diagram::{Item, Layout, Level, Shows};
use failscope::plan::{Timing, derive};
use failscope::topology::builtin::BUILTINS;
use failscope::topology::{Node, Scope, Side, VnetIx, load};
use failscope::ui::{Look, frame};
use ratatui::buffer::{Buffer, Cell};

fn exploring(text: &str) -> App {
    let mut app = App::exploring(Arc::new(load::parse("network", text).expect("it stands")));
    app.size = (80, 24);
    app
}

fn press(app: &mut App, keys: &str) {
    for key in keys.split_whitespace() {
        app.update(Message::Key(key.parse::<Key>().expect(key)));
    }
}

fn rows(buffer: &Buffer) -> Vec<String> {
    let width = usize::from(buffer.area.width).max(1);
    buffer.content.chunks(width).map(|row| row.iter().map(Cell::symbol).collect()).collect()
}

fn screen(app: &App) -> Vec<String> {
    rows(&frame(app, &Look::default(), app.size.0, app.size.1))
}

fn shown(app: &App) -> String {
    screen(app).iter().map(|row| row.trim_end()).collect::<Vec<_>>().join("\n")
}

/// The map on the screen, in rows.
fn map(app: &App) -> Vec<String> {
    let area = app.areas().map;
    let from = usize::try_from(area.y).unwrap();
    screen(app).into_iter().skip(from).take(usize::try_from(area.height).unwrap()).collect()
}

fn layout(app: &App) -> std::rc::Rc<Layout> {
    ground::shown(app).expect("a session is open")
}

/// A row of the frame between two columns.
fn between(row: &str, from: i32, to: i32) -> String {
    let (from, to) = (usize::try_from(from).unwrap_or(0), usize::try_from(to).unwrap_or(0));
    row.chars().skip(from).take(to.saturating_sub(from)).collect()
}

/// The addresses of serving machines that do not stand on the painted map: neither whole, nor as the end of an address
/// behind the prefix of its subnet.
fn unseen(app: &App) -> Vec<String> {
    let session = app.session.as_ref().unwrap();
    let (world, layout, frame) = (session.world(), layout(app), map(app));
    let line =
        |y: i32| usize::try_from(y - session.offset.1).ok().and_then(|y| frame.get(y)).cloned().unwrap_or_default();
    let mut missing = Vec::new();
    for (vm, state) in world.vms() {
        let here = layout.rows.iter().filter(|row| row.item == Item::Vm(vm, state.at.subnet));
        let stands = here.into_iter().any(|row| {
            let text = between(&line(row.rect.y), row.rect.x, row.rect.x + row.rect.width);
            let last = state.at.ip.octets()[3];
            match row.shows {
                Shows::VmInline => {
                    let prefix = world.subnet(state.at.subnet).prefix.to_string();
                    // The twin at the other side has the same prefix: only the box of its own VNet counts.
                    let own = layout.boxed(Node::Vnet(world.vnet_of(vm))).expect("its VNet is on the map").rect;
                    let all = between(&line(row.rect.y), own.x, own.x + own.width);
                    all.contains(&prefix)
                        && [format!(".{last}"), format!("!{last}")].iter().any(|end| text.trim_end().ends_with(end))
                }
                _ => text.contains(&state.at.ip.to_string()),
            }
        });
        if !stands {
            missing.push(format!("{} {}", world.vm_id(vm), state.at.ip));
        }
    }
    missing
}

#[test]
fn every_address_of_every_scenario_stands_on_an_80x24_screen_at_most_one_key_away() {
    for builtin in BUILTINS {
        let topology = Arc::new(load::parse(builtin.name, builtin.text).unwrap());
        let regions = topology.regions.iter().filter(|region| region.side == Side::Source);
        let scopes = regions.map(|region| Scope::Region(region.id.clone()));
        let scopes = scopes.chain(topology.apps.iter().map(|app| Scope::App(app.id.clone())));
        let mut app = App::exploring(Arc::clone(&topology));
        app.size = (80, 24);
        assert_one_key_away(&app, builtin.name);
        for scope in scopes {
            let mut app = app.clone();
            let session = app.session.as_mut().unwrap();
            let Ok(plan) = derive(session.world(), &scope, Timing::During) else { continue };
            session.history.run_groups(&plan.groups);
            assert_one_key_away(&app, &format!("{} after the failover of {scope}", builtin.name));
        }
    }
}

fn assert_one_key_away(app: &App, about: &str) {
    let mut tried = Vec::new();
    for key in ["", "z", "Z"] {
        let mut zoomed = app.clone();
        press(&mut zoomed, key);
        let missing = unseen(&zoomed);
        if missing.is_empty() {
            return;
        }
        tried.push((key, layout(&zoomed).level, missing));
    }
    panic!("{about}: {tried:#?}\n{}", shown(app));
}

/// 201 VNets: 100 with a twin each, and a hub that the first of each pair is linked to.
fn network() -> App {
    exploring(&common::large(100, 1, 1))
}

fn run(app: &mut App, command: &str) {
    app.session.as_mut().unwrap().run(&command.parse().expect(command)).expect(command);
}

fn type_text(app: &mut App, text: &str) {
    text.chars().for_each(|letter| press(app, &letter.to_string()));
}

fn said(app: &App) -> String {
    app.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default()
}

/// A network in trouble: two links cut, one being made.
fn troubled() -> App {
    let mut app = network();
    run(&mut app, "disconnect v46 hub");
    run(&mut app, "disconnect v48 hub");
    app
}

#[test]
fn two_hundred_vnets_are_tiles_with_what_is_wrong_below() {
    let mut app = troubled();
    press(&mut app, "N");
    assert_eq!(layout(&app).level, Level::Tiles);
    insta::assert_snapshot!("tiles-80x24", shown(&app));
}

#[test]
fn a_row_says_who_a_vnet_is_and_the_spine_where_its_links_lead() {
    let mut app = troubled();
    press(&mut app, "N z");
    assert_eq!(layout(&app).level, Level::Rows);
    insta::assert_snapshot!("rows-80x24", shown(&app));
    let mut app = App::exploring(Arc::new(load::open("hub-and-spokes").unwrap()));
    app.size = (100, 30);
    press(&mut app, "Z Z");
    insta::assert_snapshot!("rows-100x30", shown(&app));
}

#[test]
fn a_small_terminal_lists_the_networks_with_the_links_of_the_selected_one() {
    let mut app = App::exploring(Arc::new(load::open("hybrid-isolated-app").unwrap()));
    app.size = (50, 14);
    press(&mut app, "down");
    insta::assert_snapshot!("list-50x14", shown(&app));
    for _ in 0..20 {
        press(&mut app, "down");
    }
    assert!(map(&app).iter().any(|row| row.starts_with("▶⌂ On-premises")), "arrows reach the end\n{}", shown(&app));
    for size in [(1, 1), (20, 4), (59, 24), (60, 15)] {
        app.size = size;
        screen(&app);
    }
}

#[test]
fn zoom_leads_through_all_levels_that_fit_and_says_why_it_stops() {
    let mut app = exploring(&common::large(50, 1, 1));
    let mut levels = vec![layout(&app).level];
    for _ in 0..7 {
        press(&mut app, "z");
        levels.push(layout(&app).level);
    }
    levels.dedup();
    let reached = levels.len();
    assert_eq!(levels, Level::ALL[..reached], "one level a key");
    assert!(said(&app).contains("all there is") || said(&app).contains("columns"), "{}", said(&app));
    for _ in 0..7 {
        press(&mut app, "Z");
    }
    assert_eq!(layout(&app).level, Level::Tiles);
    assert!(said(&app).contains("the least there is"), "{}", said(&app));
}

#[test]
fn a_level_that_is_too_wide_is_refused_with_the_columns_it_needs_and_fits_in_so_many() {
    let mut app = App::exploring(Arc::new(load::open("azure-isolated-app").unwrap()));
    app.size = (62, 24);
    let before = layout(&app).level;
    for _ in 0..6 {
        press(&mut app, "z");
    }
    let text = said(&app);
    let needed: u16 = text.split(" needs ").nth(1).and_then(|rest| rest.split(' ').next()?.parse().ok()).expect(&text);
    let stopped = layout(&app).level;
    assert!(stopped >= before && stopped < Level::Nested, "{text}");
    app.size = (needed, 24);
    press(&mut app, "z");
    assert!(layout(&app).level > stopped, "{needed} columns are enough");
}

#[test]
fn rows_shift_when_the_reader_moves_and_never_when_the_state_changes() {
    let mut app = network();
    press(&mut app, "z down down");
    let tops = |app: &App| layout(app).boxes.iter().map(|boxed| boxed.rect).collect::<Vec<_>>();
    let before = tops(&app);
    run(&mut app, "disconnect v8 hub");
    run(&mut app, "disconnect v9 hub");
    assert_eq!(tops(&app), before, "the state changed");
    press(&mut app, "down");
    let level = |app: &App, id: &str| {
        let vnets = app.session.as_ref().unwrap().world().vnets();
        let at = vnets.iter().position(|vnet| vnet.id == id).unwrap();
        layout(app).boxed(Node::Vnet(VnetIx::new(at))).unwrap().level
    };
    // It changed in the last step and is isolated (2 + 2), and lies two links away: interest 2, one level higher.
    assert_eq!(level(&app, "v9"), Level::Subnets);
    // Isolated (2), as far away: interest 0.
    assert_eq!(level(&app, "v8"), Level::Rows);
    press(&mut app, "N");
    assert_eq!(level(&app, "v8"), Level::Lines, "the selected one");
}

#[test]
fn n_goes_from_trouble_to_trouble_worst_first_and_round_again() {
    let mut app = troubled();
    let mut titles = Vec::new();
    for _ in 0..3 {
        press(&mut app, "N");
        titles.push(said(&app));
    }
    assert!(titles[0].starts_with("1 of 2: v46, isolated: 0 of 1 link up"), "{titles:?}");
    assert!(titles[1].starts_with("2 of 2: v48") && titles[2] == titles[0], "{titles:?}");
    let mut calm = network();
    press(&mut calm, "N");
    assert_eq!(said(&calm), "no network has trouble");
}

#[test]
fn a_filter_hides_what_it_did_not_find_and_says_how_many() {
    let mut app = network();
    press(&mut app, "s");
    assert!(said(&app).contains("search with / first"));
    press(&mut app, "/");
    type_text(&mut app, "v46");
    press(&mut app, "enter");
    assert_eq!(layout(&app).boxes.len(), 201, "a search only dims");
    press(&mut app, "s");
    // The match, and the hub it is linked to.
    assert_eq!(layout(&app).boxes.len(), 2, "{}", shown(&app));
    assert!(screen(&app)[0].contains("199 VNets hidden"), "{}", shown(&app));
    press(&mut app, "s");
    assert_eq!(layout(&app).boxes.len(), 201);
    press(&mut app, "s esc");
    assert_eq!(layout(&app).boxes.len(), 201, "esc clears the search and the filter");
}

#[test]
fn a_link_by_hand_stays_aside_until_the_map_is_laid_out_anew() {
    let mut app = App::exploring(Arc::new(load::open("azure-isolated-app").unwrap()));
    app.size = (140, 45);
    let ends = app.session.as_ref().unwrap().world().vnets().iter().map(|vnet| vnet.id.clone()).collect::<Vec<_>>();
    let before = layout(&app);
    run(&mut app, &format!("connect {} {} by peering", ends[0], ends[4]));
    let after = layout(&app);
    assert_eq!(before.boxes, after.boxes, "nothing moved");
    press(&mut app, "J");
    let anew = layout(&app);
    let made = anew.routes.iter().filter(|route| route.link.is_some());
    assert!(made.into_iter().all(|route| !route.path.is_empty()), "every link has a track");
    assert_eq!(said(&app), "the map is laid out anew");
}

#[test]
fn the_small_map_appears_beside_a_map_that_scrolls_and_marks_the_window() {
    let mut app = network();
    app.size = (140, 45);
    assert!(!shown(&app).contains("[shown]"), "the tiles fit");
    press(&mut app, "z");
    let first = shown(&app);
    assert!(first.contains("┌ Map · [shown]"), "{first}");
    for _ in 0..40 {
        press(&mut app, "down");
    }
    let brackets = |frame: &str| {
        frame.lines().skip_while(|line| !line.contains("[shown]")).skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_ne!(brackets(&first), brackets(&shown(&app)), "the brackets move with the window");
}

#[test]
fn every_level_is_painted_at_every_size_in_ascii_too() {
    let mut app = exploring(&common::large(20, 1, 1));
    run(&mut app, "disconnect v3 hub");
    for zoom in ["Z Z Z Z Z Z", "z", "z", "z", "z", "z"] {
        press(&mut app, zoom);
        for size in [(60, 16), (61, 17), (80, 24), (100, 30), (140, 45), (240, 70)] {
            app.size = size;
            let glyphs = failscope::ui::glyphs::Glyphs::ascii();
            let look = Look { glyphs, ..Look::default() };
            let frame = rows(&frame(&app, &look, size.0, size.1));
            assert!(frame.iter().all(|row| row.is_ascii() && row.len() == usize::from(size.0)), "{size:?} {zoom}");
            assert!(
                !frame.iter().any(|row| row.contains('?') && !row.contains("? ")),
                "an unknown character: {frame:#?}"
            );
        }
        app.size = (80, 24);
    }
}

#[test]
fn the_panel_of_a_plan_longer_than_the_screen_shows_its_last_steps_once_all_are_done() {
    let mut app = network();
    app.update(Message::Resize(140, 45));
    press(&mut app, "F r");
    let steps = app.session.as_ref().unwrap().playback.as_ref().expect("a plan").steps.len();
    assert!(steps > 45, "{steps} steps");
    assert!(shown(&app).contains(&format!("✓ {steps} ")), "{}", shown(&app));
}

#[test]
fn machines_that_no_link_reaches_after_a_failover_are_trouble_although_nothing_was_cut() {
    let mut app = network();
    press(&mut app, "N");
    assert!(shown(&app).contains("no network has trouble"), "{}", shown(&app));
    run(&mut app, "fail-over vnet v0");
    press(&mut app, "N");
    assert!(shown(&app).contains("isolated: no link, its source has 1"), "{}", shown(&app));
}

#[test]
fn a_plan_of_a_file_without_needs_does_not_say_that_all_are_met() {
    let mut app = network();
    press(&mut app, "F r");
    assert!(
        shown(&app).contains("the file names no needs") && !shown(&app).contains("all needs met"),
        "{}",
        shown(&app)
    );
}

#[test]
fn a_search_keeps_the_networks_in_which_what_it_found_waits() {
    let text = BUILTINS.iter().find(|builtin| builtin.name == "azure-isolated-app").expect("a built-in").text;
    let mut app = exploring(text);
    press(&mut app, "/ a p p 2 enter s");
    let map = map(&app).join("\n");
    assert!(map.contains("Source VNet 2") && map.contains("Recovery VNet 2"), "{map}");
    assert!(!map.contains("Recovery VNet 1"), "{map}");
}

#[test]
fn a_level_that_cannot_draw_all_links_says_how_many_and_covers_nothing_with_that() {
    let text = BUILTINS.iter().find(|builtin| builtin.name == "azure-isolated-app").expect("a built-in").text;
    let mut app = exploring(text);
    press(&mut app, "F r esc z");
    let counted = layout(&app).routes.iter().filter(|route| route.link.is_some() && route.path.is_empty()).count();
    assert!(counted > 1, "{}", shown(&app));
    let told = format!("{counted} links not drawn (▼)");
    let line = screen(&app).into_iter().find(|row| row.contains(&told));
    assert!(line.is_some_and(|line| line.starts_with(" level")), "{}", shown(&app));
}
