//! Keys: what they mean where the reader is, and text that is typed into a list or a line.

use super::action::{self, Action, Context};
use super::completion;
use super::message::Effect;
use super::prompt::{PromptKind, PromptOutcome};
use super::{App, Code, Key, Layer, Overlay, Tone};

impl App {
    /// Does what a key means where the reader is.
    pub(super) fn key(&mut self, key: Key) -> Vec<Effect> {
        if let Some(action @ (Action::QuitNow | Action::Suspend | Action::Redraw)) =
            self.keymap.meaning(Context::Everywhere, key)
        {
            return self.act(action);
        }
        if self.prompt.is_some() {
            return self.prompt_key(key);
        }
        let context = self.context();
        if context == Context::List && self.list_key(key) {
            return Vec::new();
        }
        match self.keymap.meaning(context, key) {
            Some(Action::Choice) => self.choose_answer(key),
            Some(action) => self.act(action),
            None => {
                // What was refused, and what would help, stays until somebody answers it.
                if self.notice.as_ref().is_none_or(|notice| notice.code.is_none()) {
                    let help = if context == Context::List { "{back} goes back" } else { "{help} shows the keys" };
                    self.tell(Tone::Plain, format!("no action on {key} here; {help}"));
                }
                Vec::new()
            }
        }
    }

    /// Gives a key to the filter of the topmost list; arrows stay for moving.
    fn list_key(&mut self, key: Key) -> bool {
        match self.layers.last_mut() {
            Some(Layer { overlay: Overlay::List(list), .. }) => list.type_key(key),
            _ => false,
        }
    }

    fn prompt_key(&mut self, key: Key) -> Vec<Effect> {
        let Some(mut prompt) = self.prompt.take() else { return Vec::new() };
        let world = self.session.as_ref().map(|session| session.world().clone());
        let kind = prompt.kind;
        let themes = &self.themes;
        let complete = |text: &str| match (&world, kind) {
            (Some(world), PromptKind::Command) => completion::command(world, themes, text),
            _ => Vec::new(),
        };
        let history: &[String] = if kind == PromptKind::Command { &self.typed } else { &[] };
        let outcome = prompt.key(key, complete, history);
        match outcome {
            PromptOutcome::Open => {
                if kind == PromptKind::Search {
                    self.search(prompt.input.value().to_owned());
                }
                self.prompt = Some(prompt);
                Vec::new()
            }
            PromptOutcome::Left => {
                if kind == PromptKind::Search {
                    self.search(String::new());
                }
                Vec::new()
            }
            PromptOutcome::Done(text) => self.entered(kind, text),
        }
    }

    fn entered(&mut self, kind: PromptKind, text: String) -> Vec<Effect> {
        if text.is_empty() {
            return Vec::new();
        }
        match kind {
            PromptKind::Search => {
                if self.found().is_empty() {
                    self.tell(Tone::Bad, format!("nothing on the map is called `{text}`"));
                }
                Vec::new()
            }
            PromptKind::Path => {
                self.loading = Some(text.clone());
                self.path = Some(text.clone());
                vec![Effect::Load(text)]
            }
            PromptKind::Answer => {
                self.answer(&text);
                Vec::new()
            }
            PromptKind::Command => {
                if self.typed.last() != Some(&text) {
                    self.typed.push(text.clone());
                }
                let words: Vec<&str> = text.split_whitespace().collect();
                match (action::ACTIONS.iter().find(|entry| entry.name() == text), &words[..]) {
                    (Some(entry), _) => self.act(entry.action),
                    (None, [completion::THEME, rest @ ..]) => self.theme(rest),
                    (None, _) => self.command(&text),
                }
            }
        }
    }

    /// Asks for another theme, or says which there are.
    fn theme(&mut self, words: &[&str]) -> Vec<Effect> {
        match words {
            [name] => vec![Effect::Theme((*name).to_owned())],
            _ => {
                self.tell(Tone::Plain, format!("theme NAME, or the path of a file: {}", self.themes.join(", ")));
                Vec::new()
            }
        }
    }

    /// Types pasted text where text is taken.
    pub(super) fn paste(&mut self, text: &str) -> Vec<Effect> {
        let letters = text.chars().filter(|letter| !letter.is_control());
        let keys: Vec<Key> = letters.map(|letter| Key::plain(Code::Char(letter))).collect();
        // Pasted text is text: outside a text field it must not turn into a row of key presses.
        for key in keys {
            if self.prompt.is_some() {
                self.prompt_key(key);
            } else if !self.list_key(key) {
                break;
            }
        }
        Vec::new()
    }
}
