//! The mouse on painted frames: a click selects or does what a hint says, a double click opens, the wheel and a drag move
//! what is under them (`picture.md`, and nothing can be done by mouse alone).

use std::sync::Arc;

use failscope::app::{App, Context, Effect, Message};
use failscope::diagram::Item;
use failscope::topology::builtin::BUILTINS;
use failscope::topology::load;
use failscope::ui::{Look, paint};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

struct Screen {
    app: App,
    buffer: Buffer,
}

impl Screen {
    fn of(name: &str) -> Self {
        let text = BUILTINS.iter().find(|builtin| builtin.name == name).expect("a built-in").text;
        let app = App::exploring(Arc::new(load::parse(name, text).expect("a topology")));
        let mut screen = Self { app, buffer: Buffer::default() };
        screen.send(Message::Resize(80, 24));
        screen
    }

    fn send(&mut self, message: Message) -> Vec<Effect> {
        let effects = self.app.update(message);
        let (width, height) = self.app.size;
        self.buffer = Buffer::empty(Rect::new(0, 0, width, height));
        let limits = paint(&self.app, &Look::default(), &mut self.buffer);
        self.app.update(Message::Drawn(limits));
        effects
    }

    /// The cell where a text begins.
    fn find(&self, text: &str) -> (u16, u16) {
        let width = usize::from(self.buffer.area.width);
        let rows =
            self.buffer.content.chunks(width).map(|row| row.iter().map(|cell| cell.symbol()).collect::<String>());
        for (y, row) in rows.enumerate() {
            if let Some(at) = row.find(text) {
                let x = row[..at].chars().count();
                return (u16::try_from(x).expect("a column"), u16::try_from(y).expect("a row"));
            }
        }
        panic!("`{text}` is not on the screen");
    }

    fn click(&mut self, text: &str) -> Vec<Effect> {
        let (x, y) = self.find(text);
        self.send(Message::Click(x, y))
    }

    fn double_click(&mut self, text: &str) {
        let (x, y) = self.find(text);
        self.send(Message::Click(x, y));
        self.send(Message::DoubleClick(x, y));
    }

    fn selection(&self) -> Option<Item> {
        self.app.session.as_ref().and_then(|session| session.selection)
    }

    fn offset(&self) -> (i32, i32) {
        self.app.session.as_ref().expect("a session").offset
    }
}

#[test]
fn a_click_on_the_map_selects_and_a_double_click_inspects() {
    let mut screen = Screen::of("azure-isolated-app");
    screen.click("app2-sql-1");
    assert!(matches!(screen.selection(), Some(Item::Vm(..))));
    assert_eq!(screen.app.context(), Context::Map, "a click opens nothing");
    screen.click("app2-sql-1");
    assert_eq!(screen.app.context(), Context::Map, "nor does a later one on what is selected");
    screen.double_click("app2-sql-1");
    assert_eq!(screen.app.context(), Context::Sheet);
}

#[test]
fn a_click_on_a_hint_does_what_its_key_does() {
    let mut screen = Screen::of("azure-isolated-app");
    screen.click("m matrix");
    assert_eq!(screen.app.context(), Context::Matrix);
    screen.click("esc back");
    assert_eq!(screen.app.context(), Context::Map);
    assert_eq!(screen.click("q quit"), [Effect::Quit]);
}

#[test]
fn a_click_marks_the_row_of_a_list_and_a_double_click_takes_it() {
    let mut screen = Screen::of("azure-isolated-app");
    screen.click("w why");
    screen.click("app2-web-1");
    assert!(screen.find("▶ app2-web-1").1 > 0);
    screen.click("App1");
    assert!(screen.find("▶ App1").1 > 0, "upwards too");
    screen.double_click("app2-web-1");
    screen.find("app2-web-1 talks to whom?");
}

#[test]
fn the_wheel_and_a_drag_move_the_map_and_never_past_its_ends() {
    let mut screen = Screen::of("azure-three-apps");
    screen.send(Message::Wheel(10, 10, 1));
    let scrolled = screen.offset();
    assert!(scrolled.1 > 0);
    screen.send(Message::Drag { from: (10, 10), to: (10, 20) });
    assert_eq!(screen.offset(), (0, 0), "the map moves with the pointer, to its beginning");
    screen.send(Message::Drag { from: (10, 20), to: (10, 20 - u16::try_from(scrolled.1).expect("rows")) });
    assert_eq!(screen.offset(), scrolled);
    screen.send(Message::Wheel(10, 10, -1));
    assert_eq!(screen.offset(), (0, 0));
}

#[test]
fn the_wheel_over_a_sheet_scrolls_the_sheet() {
    let mut screen = Screen::of("azure-isolated-app");
    screen.click("? help");
    screen.send(Message::Wheel(10, 10, 1));
    assert_eq!(screen.app.layers.last().expect("the help").scroll, 3);
    assert_eq!(screen.offset(), (0, 0));
}

#[test]
fn a_click_or_a_drag_on_the_timeline_goes_along_the_plan_and_back() {
    let mut screen = Screen::of("azure-isolated-app");
    screen.send(Message::Resize(140, 45));
    for key in ["F", "enter"] {
        screen.send(Message::Key(key.parse().expect("a key")));
    }
    let strip = screen.app.areas().strip;
    let row = |nth: i32| u16::try_from(strip.y + 1 + nth).expect("a row");
    let at = |screen: &Screen| screen.app.session.as_ref().expect("a session").history.position();
    screen.send(Message::Click(5, row(2)));
    assert_eq!(at(&screen), 3, "the third step is done");
    screen.send(Message::Drag { from: (5, row(2)), to: (6, row(0)) });
    assert_eq!(at(&screen), 1, "back to the first");
    screen.send(Message::Drag { from: (6, row(0)), to: (7, row(1)) });
    assert_eq!(at(&screen), 2);
}
