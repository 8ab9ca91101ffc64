//! What the terminal reports, as messages of the explorer.

use std::time::{Duration, Instant};

use ratatui::crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};

use crate::app::action::repeats;
use crate::app::{Code, Key, Message};

/// Two clicks on one cell within this time are a double click.
const DOUBLE: Duration = Duration::from_millis(400);

/// What the mouse did last.
#[derive(Debug, Default)]
pub struct Pointer {
    clicked: Option<(Instant, (u16, u16))>,
    pressed: Option<(u16, u16)>,
}

impl Pointer {
    fn click(&mut self, cell: (u16, u16), now: Instant) -> Message {
        self.pressed = Some(cell);
        let again =
            self.clicked.take().is_some_and(|(then, there)| there == cell && now.duration_since(then) <= DOUBLE);
        if again {
            return Message::DoubleClick(cell.0, cell.1);
        }
        self.clicked = Some((now, cell));
        Message::Click(cell.0, cell.1)
    }

    fn drag(&mut self, to: (u16, u16)) -> Option<Message> {
        let from = self.pressed.replace(to)?;
        (from != to).then_some(Message::Drag { from, to })
    }
}

/// The message an event stands for at a moment, if it stands for one.
pub fn message(event: Event, pointer: &mut Pointer, now: Instant) -> Option<Message> {
    match event {
        Event::Key(event) => key(event).map(Message::Key),
        Event::Resize(width, height) => Some(Message::Resize(width, height)),
        Event::Paste(text) => Some(Message::Paste(text)),
        Event::Mouse(mouse) => match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => Some(pointer.click((mouse.column, mouse.row), now)),
            MouseEventKind::Drag(MouseButton::Left) => pointer.drag((mouse.column, mouse.row)),
            MouseEventKind::ScrollDown => Some(Message::Wheel(mouse.column, mouse.row, 1)),
            MouseEventKind::ScrollUp => Some(Message::Wheel(mouse.column, mouse.row, -1)),
            _ => None,
        },
        _ => None,
    }
}

/// The explorer's key; presses, and repeats of what moves.
fn key(event: KeyEvent) -> Option<Key> {
    let code = match event.code {
        KeyCode::Char(letter) => Code::Char(letter),
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        _ => return None,
    };
    // Shift is part of the character already: `F` comes as F.
    let held = |modifier| event.modifiers.contains(modifier);
    let key = Key { code, ctrl: held(KeyModifiers::CONTROL), alt: held(KeyModifiers::ALT) };
    match event.kind {
        KeyEventKind::Press => Some(key),
        KeyEventKind::Repeat if repeats(key) => Some(key),
        KeyEventKind::Repeat | KeyEventKind::Release => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_clicks_on_one_cell_in_short_time_are_a_double_click_and_a_third_is_a_click_again() {
        let (mut pointer, start) = (Pointer::default(), Instant::now());
        let mut click = |cell, ms| format!("{:?}", pointer.click(cell, start + Duration::from_millis(ms)));
        let told =
            [((3, 4), 0), ((3, 4), 300), ((3, 4), 500), ((3, 4), 1000), ((4, 4), 1100)].map(|(c, ms)| click(c, ms));
        let [click, double] = ["Click(3, 4)", "DoubleClick(3, 4)"];
        assert_eq!(told, [click, double, click, click, "Click(4, 4)"]);
    }

    #[test]
    fn only_presses_count_and_repeats_of_what_moves() {
        let event = |letter, kind| KeyEvent { kind, ..KeyEvent::new(KeyCode::Char(letter), KeyModifiers::SHIFT) };
        assert_eq!(key(event('F', KeyEventKind::Press)), Some(Key::plain(Code::Char('F'))));
        assert_eq!(key(event('F', KeyEventKind::Repeat)), None);
        assert_eq!(key(event('j', KeyEventKind::Repeat)), Some(Key::plain(Code::Char('j'))));
        assert_eq!(key(event('j', KeyEventKind::Release)), None);
    }
}
