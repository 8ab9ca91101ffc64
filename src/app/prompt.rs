//! The line for typing: commands, searches and paths, with completion and history.

use tui_input::Input;

use super::chooser::edit;
use super::{Code, Key};

/// What the line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromptKind {
    /// A command, or the name of an action.
    Command,
    /// Something to find on the map.
    Search,
    /// The path of a topology file.
    Path,
    /// The answer to a question of a lesson.
    Answer,
}

/// The line for typing.
#[derive(Debug, Clone)]
pub struct Prompt {
    /// What it is for.
    pub kind: PromptKind,
    /// What is typed.
    pub input: Input,
    /// What could complete the last word; the first is taken by Tab.
    pub candidates: Vec<String>,
    /// Which candidate Tab took last.
    taken: Option<usize>,
    /// How far back in the history the line is.
    back: Option<usize>,
    /// What was typed before going back in the history.
    draft: String,
}

/// What a key did to the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PromptOutcome {
    /// It is still open; the text may have changed.
    Open,
    /// It is done with this text.
    Done(String),
    /// It was left.
    Left,
}

impl Prompt {
    /// A line with some text to begin with.
    pub fn new(kind: PromptKind, text: impl Into<String>) -> Self {
        let input = Input::new(text.into());
        Self { kind, input, candidates: Vec::new(), taken: None, back: None, draft: String::new() }
    }

    /// The sign in front of the line.
    pub fn sign(&self) -> &'static str {
        match self.kind {
            PromptKind::Command => ":",
            PromptKind::Search => "/",
            PromptKind::Path => "file: ",
            PromptKind::Answer => "answer: ",
        }
    }

    /// Takes a key; `complete` gives candidates for a text, `history` what was typed before, the latest last.
    pub fn key(&mut self, key: Key, complete: impl Fn(&str) -> Vec<String>, history: &[String]) -> PromptOutcome {
        match key.code {
            Code::Esc => return PromptOutcome::Left,
            Code::Enter => return PromptOutcome::Done(self.input.value().trim().to_owned()),
            Code::Backspace if self.input.value().is_empty() => return PromptOutcome::Left,
            Code::Tab => self.take(1),
            Code::BackTab => self.take(-1),
            Code::Up => self.recall(history, 1),
            Code::Down => self.recall(history, -1),
            _ => {
                if edit(&mut self.input, key) {
                    self.refresh(complete);
                    self.back = None;
                }
                return PromptOutcome::Open;
            }
        }
        if self.taken.is_none() {
            self.refresh(complete);
        }
        PromptOutcome::Open
    }

    /// Looks up the candidates anew.
    pub fn refresh(&mut self, complete: impl Fn(&str) -> Vec<String>) {
        self.candidates = complete(self.input.value());
        self.taken = None;
    }

    /// Puts the next candidate in place of the last word.
    fn take(&mut self, by: isize) {
        let Some(last) = self.candidates.len().checked_sub(1) else { return };
        let to = match (self.taken, by) {
            (None, _) => 0,
            (Some(at), 1..) if at >= last => 0,
            (Some(0), ..=-1) => last,
            (Some(at), by) => at.saturating_add_signed(by),
        };
        let text = self.input.value();
        let text = if self.taken.is_some() { text.trim_end() } else { text };
        let text = if text.ends_with(char::is_whitespace) { format!("{} ", text.trim_end()) } else { text.to_owned() };
        let kept = text.rfind(char::is_whitespace).map_or(0, |at| at + 1);
        let full = format!("{}{} ", &text[..kept], self.candidates[to]);
        self.input = Input::new(full);
        self.taken = Some(to);
    }

    /// Goes back or forward in what was typed before.
    fn recall(&mut self, history: &[String], by: isize) {
        if self.back.is_none() {
            self.input.value().clone_into(&mut self.draft);
        }
        let back = self.back.map_or(0, |back| back + 1).saturating_add_signed(by).min(history.len());
        self.back = back.checked_sub(1);
        let text = history.iter().rev().nth(back.wrapping_sub(1)).unwrap_or(&self.draft).clone();
        self.input = Input::new(text);
        self.taken = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(prompt: &mut Prompt, keys: &[&str], history: &[String]) -> PromptOutcome {
        let complete = |text: &str| match text.ends_with("con") {
            true => vec!["connect".to_owned(), "confirm".to_owned()],
            false => Vec::new(),
        };
        let mut outcome = PromptOutcome::Open;
        for key in keys {
            outcome = prompt.key(key.parse().unwrap(), complete, history);
        }
        outcome
    }

    #[test]
    fn tab_goes_round_the_candidates_of_the_last_word() {
        let mut prompt = Prompt::new(PromptKind::Command, "");
        press(&mut prompt, &["c", "o", "n", "tab"], &[]);
        assert_eq!(prompt.input.value(), "connect ");
        press(&mut prompt, &["tab"], &[]);
        assert_eq!(prompt.input.value(), "confirm ");
        press(&mut prompt, &["tab"], &[]);
        assert_eq!(prompt.input.value(), "connect ");
        press(&mut prompt, &["shift-tab"], &[]);
        assert_eq!(prompt.input.value(), "confirm ");
    }

    #[test]
    fn up_and_down_walk_through_what_was_typed_and_come_back_to_the_draft() {
        let history = ["one".to_owned(), "two".to_owned()];
        let mut prompt = Prompt::new(PromptKind::Command, "");
        for (key, text) in [("x", "x"), ("up", "two"), ("up", "one"), ("up", "one"), ("down", "two"), ("down", "x")] {
            press(&mut prompt, &[key], &history);
            assert_eq!(prompt.input.value(), text, "{key}");
        }
    }

    #[test]
    fn enter_gives_the_text_and_escape_leaves() {
        let mut prompt = Prompt::new(PromptKind::Command, "a ");
        assert_eq!(press(&mut prompt, &["b", "enter"], &[]), PromptOutcome::Done("a b".into()));
        assert_eq!(press(&mut prompt, &["esc"], &[]), PromptOutcome::Left);
    }
}
