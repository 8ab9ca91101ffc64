//! A recorded lesson as the text of its file.

use std::fmt::Write;

use super::goals::Found;
use super::mistakes::{Mistake, slug};
use super::{Part, Played};
use crate::topology::command::VERBS;
use crate::topology::{Command, Scope};

/// No text is wider than this, in columns, and no sentence longer, in words.
const WIDEST: usize = 72;
const MOST_WORDS: usize = 30;

/// A text as TOML quotes it.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn list(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", quoted.join(", "))
}

/// The sentences of a text that fit in so many rows; none where not even the first does.
pub(super) fn fitting(text: &str, rows: usize) -> Option<String> {
    let mut fits = String::new();
    for sentence in text.split_inclusive(". ") {
        let longer = format!("{fits}{sentence}");
        let short = sentence.split([':', ';', '?', '!']).all(|part| part.split_whitespace().count() <= MOST_WORDS);
        if !short || textwrap::wrap(longer.trim(), WIDEST).len() > rows {
            break;
        }
        fits = longer;
    }
    (!fits.is_empty()).then(|| fits.trim().to_owned())
}

/// The whole file.
pub(super) fn lesson(played: &Played<'_>, kept: &[Found], mistakes: &[Mistake]) -> String {
    let recording = played.recording;
    let topology = played.start().topology();
    let commands: Vec<String> = recording.solution.iter().map(ToString::to_string).collect();
    let mut out = format!("format     = 1\nid         = {}\n", quoted(&slug(&recording.title)));
    let _ = writeln!(out, "title      = {}", quoted(&recording.title));
    let _ = writeln!(out, "track      = \"{}\"", track(played));
    let _ = writeln!(out, "scenario   = {}", quoted(&recording.scenario));
    let _ = writeln!(out, "minutes    = {}\ndifficulty = 2", (commands.len() * 2).max(2));
    if !recording.start.is_empty() {
        let events: Vec<String> = recording.start.iter().map(ToString::to_string).collect();
        let _ = writeln!(out, "\n[start]\nevents = {}", list(&events));
    }
    let brief = format!("{}. Reach the goals of each step, and break nothing on the way.", topology.title);
    let brief = fitting(&brief, 9).unwrap_or_else(|| "Reach the goals of each step.".to_owned());
    let _ = writeln!(out, "\n[brief]\ntext = {}", quoted(&brief));
    let mut ids: Vec<&str> = Vec::new();
    for part in &played.parts {
        ids.push(&part.verb);
        let times = ids.iter().filter(|id| **id == part.verb).count();
        step(&mut out, part, times);
    }
    for (place, goal) in kept.iter().enumerate() {
        let guard = !mistakes.iter().any(|mistake| mistake.breaks.contains(&place));
        let _ = writeln!(out, "\n[[always]]\nid    = \"kept-{}\"\nlabel = {}", place + 1, quoted(&goal.label));
        let _ = writeln!(out, "is    = {}", goal.is);
        if guard {
            out.push_str("guard = true\n");
        }
    }
    for mistake in mistakes {
        let offer = if mistake.undos > 0 { "undo" } else { "hint" };
        let _ = writeln!(out, "\n[[wrong-turn]]\nid       = {}\nwhen     = {}", quoted(&mistake.id), mistake.when);
        let _ = writeln!(out, "severity = \"penalty\"\nsay      = {}", quoted(&mistake.say));
        let _ = writeln!(out, "offer    = \"{offer}\"\ndemo     = {}", list(std::slice::from_ref(&mistake.command)));
    }
    let _ = writeln!(out, "\n[[solution]]\nname = \"as recorded\"\ndo   = {}", list(&commands));
    let all_but_last = &commands[..commands.len().saturating_sub(1)];
    let name = if all_but_last.is_empty() { "nothing done" } else { "all but the last" };
    let _ = writeln!(out, "\n[[not-solution]]\nname = \"{name}\"\ndo   = {}", list(all_but_last));
    for mistake in mistakes {
        let mut deeds = vec![mistake.command.clone()];
        deeds.extend(std::iter::repeat_n("undo".to_owned(), mistake.undos));
        deeds.extend(commands.iter().cloned());
        let name = format!("{}, then right", mistake.id);
        let _ = writeln!(out, "\n[[flawed]]\nname  = {}\ndo    = {}", quoted(&name), list(&deeds));
        let _ = writeln!(out, "turns = {}", list(std::slice::from_ref(&mistake.id)));
    }
    out
}

fn step(out: &mut String, part: &Part, times: usize) {
    let again = if times > 1 { format!("-{times}") } else { String::new() };
    let does = VERBS.iter().find(|verb| verb.word == part.verb).map_or("", |verb| verb.does);
    let say = fitting(&format!("Next, with `{}`: {does}.", part.verb), 5);
    let say = say.unwrap_or_else(|| format!("Next comes `{}`.", part.verb));
    let _ = writeln!(out, "\n[[step]]\nid  = \"{}{again}\"\nsay = {}", part.verb, quoted(&say));
    for goal in &part.goals {
        let _ = writeln!(out, "  [[step.goal]]\n  label = {}\n  is    = {}", quoted(&goal.label), goal.is);
    }
    let _ = writeln!(out, "  [[step.hint]]\n  text = {}", quoted(&hint(&part.commands)));
}

/// As many of the commands as fit.
fn hint(commands: &[Command]) -> String {
    let texts: Vec<String> = commands.iter().map(|command| format!("`{command}`")).collect();
    let said = |count: usize| {
        let rest = if count < texts.len() { ", and so on" } else { "" };
        format!("Type {}{rest}.", texts[..count].join(", then "))
    };
    let fits = |text: &String| textwrap::wrap(text, WIDEST).len() <= 3 && text.split_whitespace().count() <= MOST_WORDS;
    (1..=texts.len()).rev().map(said).find(fits).unwrap_or_else(|| "The command language has a word for it.".to_owned())
}

/// The track a recording looks like; the author knows better.
fn track(played: &Played<'_>) -> &'static str {
    let moves = |whole: bool| {
        played.recording.solution.iter().any(|command| match command {
            Command::FailOver { scope, .. } => matches!(scope, Scope::Region(_)) == whole,
            _ => false,
        })
    };
    match (played.start().sites().is_empty(), moves(true), moves(false)) {
        (false, ..) => "hybrid",
        (true, true, _) => "full",
        (true, _, true) => "isolated",
        _ => "plans",
    }
}
