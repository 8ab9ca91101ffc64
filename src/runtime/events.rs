//! What the terminal reports, as messages of the explorer.

use ratatui::crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};

use crate::app::action::repeats;
use crate::app::{Code, Key, Message};

/// The message an event stands for, if it stands for one.
pub fn message(event: Event) -> Option<Message> {
    match event {
        Event::Key(event) => key(event).map(Message::Key),
        Event::Resize(width, height) => Some(Message::Resize(width, height)),
        Event::Paste(text) => Some(Message::Paste(text)),
        Event::Mouse(mouse) => match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => Some(Message::Click(mouse.column, mouse.row)),
            MouseEventKind::ScrollDown => Some(Message::Wheel(1)),
            MouseEventKind::ScrollUp => Some(Message::Wheel(-1)),
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
    fn only_presses_count_and_repeats_of_what_moves() {
        let event = |letter, kind| KeyEvent { kind, ..KeyEvent::new(KeyCode::Char(letter), KeyModifiers::SHIFT) };
        assert_eq!(key(event('F', KeyEventKind::Press)), Some(Key::plain(Code::Char('F'))));
        assert_eq!(key(event('F', KeyEventKind::Repeat)), None);
        assert_eq!(key(event('j', KeyEventKind::Repeat)), Some(Key::plain(Code::Char('j'))));
        assert_eq!(key(event('j', KeyEventKind::Release)), None);
    }
}
