//! The matrix and the timeline by keys: from regions down to machines, why, and what differs since a step
//! (`picture.md` 3.5 and 3.6).

use std::fmt::Write as _;
use std::sync::Arc;

use failscope::app::{App, Context, Key, Message};
use failscope::topology::builtin::BUILTINS;
use failscope::topology::load;
use failscope::ui::{Look, frame, paint};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

fn exploring(text: &str) -> App {
    let mut app = App::exploring(Arc::new(load::parse("network", text).expect("a topology")));
    app.size = (80, 24);
    app
}

fn built_in(name: &str) -> App {
    exploring(BUILTINS.iter().find(|builtin| builtin.name == name).expect("a built-in").text)
}

fn press(app: &mut App, keys: &str) {
    for key in keys.split_whitespace() {
        app.update(Message::Key(key.parse::<Key>().expect(key)));
    }
}

fn screen(app: &App) -> String {
    let (width, height) = app.size;
    let buffer = frame(app, &Look::default(), width, height);
    let rows = buffer.content.chunks(usize::from(width));
    let rows = rows.map(|row| row.iter().map(|cell| cell.symbol()).collect::<String>().trim_end().to_owned());
    rows.collect::<Vec<_>>().join("\n")
}

#[test]
fn enter_goes_from_networks_to_subnets_to_machines_to_the_map_and_backspace_out_to_the_regions() {
    let mut app = built_in("azure-isolated-app");
    press(&mut app, "m enter");
    insta::assert_snapshot!("subnets", screen(&app));
    press(&mut app, "enter");
    insta::assert_snapshot!("machines", screen(&app));
    press(&mut app, "enter");
    assert_eq!(app.context(), Context::Map);
    assert!(screen(&app).contains("▶● app1-web-1") || screen(&app).contains("app1-web-1"), "{}", screen(&app));
    press(&mut app, "m enter enter backspace backspace backspace");
    insta::assert_snapshot!("regions", screen(&app));
    press(&mut app, "backspace");
    assert_eq!(app.context(), Context::Map, "out of the first level is out of the sheet");
}

#[test]
fn w_asks_why_for_a_pair_of_the_marked_cell_that_does_not_talk() {
    let mut app = built_in("azure-isolated-app");
    press(&mut app, "m w");
    assert_eq!(app.context(), Context::Why);
    assert!(screen(&app).contains("app1-web-1 → app2-web-1"), "{}", screen(&app));
    press(&mut app, "esc");
    assert_eq!(app.context(), Context::Matrix, "and back to the cell");
}

#[test]
fn what_differs_from_a_chosen_step_is_marked() {
    let mut app = built_in("azure-isolated-app");
    press(&mut app, "F enter n n n m");
    press(&mut app, "d home enter");
    let shown = screen(&app);
    assert_eq!(app.context(), Context::Matrix);
    assert!(shown.contains("−"), "cut since the start:\n{shown}");
    press(&mut app, "d end enter");
    assert!(!screen(&app).lines().skip(3).take(5).any(|line| line.contains('−')), "{}", screen(&app));
}

#[test]
fn with_hundreds_of_networks_it_begins_with_the_regions_and_keeps_its_headers_while_it_scrolls() {
    let mut text = "format = 1\ntitle = \"Many\"\n[region.r]\ntitle = \"R\"\nside = \"source\"\n".to_owned();
    for at in 0..200 {
        let _ = write!(
            text,
            "[vnet.n{at}]\ntitle = \"Net {at}\"\nregion = \"r\"\naddress-space = [\"10.{at}.0.0/16\"]\n\
             subnets = {{ s = \"10.{at}.1.0/24\" }}\n[vm.v{at}]\nsubnet = \"n{at}/s\"\n"
        );
    }
    text += "[link.l]\nkind = \"peering\"\nbetween = [\"n198\", \"n199\"]\n";
    let mut app = exploring(&text);
    press(&mut app, "m");
    assert!(screen(&app).contains("all regions"), "{}", screen(&app));
    press(&mut app, "enter");
    for _ in 0..210 {
        press(&mut app, "down right");
    }
    press(&mut app, "left");
    insta::assert_snapshot!("two_hundred", screen(&app));
}

#[test]
fn the_arrows_scrub_along_the_plan_on_the_timeline() {
    let mut app = built_in("azure-isolated-app");
    press(&mut app, "F enter t");
    let at = |app: &App| app.session.as_ref().expect("a session").history.position();
    press(&mut app, "right right");
    assert_eq!((app.context(), at(&app)), (Context::Timeline, 2));
    press(&mut app, "left");
    assert_eq!((app.context(), at(&app)), (Context::Timeline, 1));
}

#[test]
fn o_orders_the_networks_by_region_by_their_links_and_by_whom_they_are_linked_to_and_keeps_the_cell() {
    let mut app = built_in("hub-and-spokes");
    let names = |app: &App| -> Vec<String> {
        let shown = screen(app);
        let rows = shown.lines().filter(|line| line.contains('■'));
        rows.map(|line| line.chars().skip(7).take(13).collect::<String>().trim().to_owned()).collect()
    };
    press(&mut app, "m down down");
    let by_region = names(&app);
    assert_eq!(by_region, ["Hub", "Web spoke", "Data spoke", "Web recovery", "Data recovery", "Hub 2", "Datacenter"]);
    press(&mut app, "o");
    let by_links = names(&app);
    assert_eq!(by_links, ["Hub", "Hub 2", "Datacenter", "Web spoke", "Data spoke", "Web recovery", "Data recovery"]);
    assert!(screen(&app).contains("ordered by how many links"), "{}", screen(&app));
    assert!(screen(&app).contains("Data spoke 10.2.0.0/16 ×"), "the marked row stays\n{}", screen(&app));
    press(&mut app, "o");
    let linked = names(&app);
    assert_eq!(linked, ["Hub", "Web spoke", "Data spoke", "Datacenter", "Hub 2", "Web recovery", "Data recovery"]);
    press(&mut app, "o");
    assert_eq!(names(&app), by_region);
}

#[test]
fn a_page_down_goes_on_in_the_rows_and_what_cannot_be_done_on_a_level_has_no_hint() {
    let mut app = built_in("hub-and-spokes");
    press(&mut app, "m end");
    assert!(screen(&app).contains("Datacenter 192.168.0.0/16 ×"), "{}", screen(&app));
    press(&mut app, "page-up");
    assert!(screen(&app).contains("Hub 10.0.0.0/16 ×"), "{}", screen(&app));
    assert!(screen(&app).contains("c links"), "{}", screen(&app));
    press(&mut app, "backspace");
    assert!(!screen(&app).contains("c links"), "{}", screen(&app));
    press(&mut app, "o");
    assert!(screen(&app).contains("go to the level of networks"), "{}", screen(&app));
}

#[test]
fn the_order_holds_on_every_level_of_networks() {
    let mut app = built_in("hub-and-spokes");
    press(&mut app, "m o backspace enter");
    let shown = screen(&app);
    let row = |name: &str| shown.lines().position(|line| line.contains(name) && line.contains('■')).expect(name);
    assert!(row("Hub  ") < row("Hub 2") && row("Hub 2") < row("Web spoke"), "{shown}");
}

#[test]
fn under_the_map_of_a_large_screen_the_matrix_of_all_networks_stands_and_a_click_opens_it() {
    let mut app = built_in("azure-isolated-app");
    app.update(Message::Resize(199, 50));
    assert!(!screen(&app).contains("Who reaches whom"), "beside the panels of a smaller one there is no room");
    app.update(Message::Resize(200, 50));
    press(&mut app, "F enter n n");
    let (shown, docked) = (screen(&app), app.areas().matrix);
    let cells = |line: &str| line.chars().skip(docked.x as usize).take(docked.width as usize).collect::<String>();
    let rows = shown.lines().skip(docked.y as usize).take(docked.height as usize).map(cells);
    insta::assert_snapshot!("docked", rows.collect::<Vec<_>>().join("\n"));
    let mut buffer = Buffer::empty(Rect::new(0, 0, 200, 50));
    let limits = paint(&app, &Look::default(), &mut buffer);
    app.update(Message::Drawn(limits));
    let cell = |at: i32| u16::try_from(at).expect("a cell");
    app.update(Message::Click(cell(docked.x + 5), cell(docked.y + 3)));
    assert_eq!(app.context(), Context::Matrix);
}
