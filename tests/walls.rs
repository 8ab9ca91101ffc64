//! Reads the sources and fails on a name that a room may not know, with file and line (architecture, rule 1).

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms it may use: those above it, and no arrow back.
const ARROWS: [(&str, &[&str]); 12] = [
    ("topology", &[]),
    ("world", &["topology"]),
    ("network", &["topology", "world"]),
    ("plan", &["topology", "world", "network"]),
    ("history", &["topology", "world", "network", "plan"]),
    ("lesson", &["topology", "world", "network", "plan", "history"]),
    ("diagram", &["topology", "world", "network"]),
    ("report", &["topology", "world", "network", "plan", "history", "lesson"]),
    ("app", &["topology", "world", "network", "plan", "history", "lesson", "diagram", "report"]),
    ("ui", &["topology", "world", "network", "plan", "history", "lesson", "diagram", "report", "app"]),
    ("runtime", &["topology", "world", "network", "plan", "history", "lesson", "diagram", "report", "app", "ui"]),
    ("cli", &["topology", "world", "network", "plan", "history", "lesson", "report", "app", "ui", "runtime"]),
];

/// Names of the outside world with the rooms that may speak them; a path ending in `.rs` is one file of a room.
const OUTSIDE: [(&str, &[&str]); 12] = [
    ("ratatui", &["ui", "runtime"]),
    ("crossterm", &["ui", "runtime"]),
    ("std::fs", &["runtime", "topology/load"]),
    ("std::time", &["runtime"]),
    ("ZonedDateTime", &["runtime"]),
    ("jiff::Timestamp", &["runtime"]),
    ("tempfile", &["runtime"]),
    ("etcetera", &["runtime"]),
    ("std::thread", &["runtime"]),
    ("std::env", &["runtime", "cli", "main.rs"]),
    ("std::io", &["runtime", "cli", "topology/load"]),
    ("clap", &["cli"]),
];

struct Source {
    path: String,
    room: String,
    /// The lines of the program itself: no comments, and nothing from the file's tests on.
    lines: Vec<(usize, String)>,
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    rust_files(&root, &mut paths);
    paths.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a source is text");
        let relative = path.strip_prefix(&root).expect("found below the root").to_string_lossy().replace('\\', "/");
        let room = relative.split('/').next().unwrap_or_default().to_owned();
        Source { path: relative, room, lines: program(&text) }
    };
    // `tests.rs` and `sample.rs` are compiled for tests only, and a test may look down on other rooms.
    let shipped = |path: &PathBuf| !path.ends_with("tests.rs") && !path.ends_with("sample.rs");
    paths.into_iter().filter(shipped).map(read).collect()
}

/// The lines that are program.
fn program(text: &str) -> Vec<(usize, String)> {
    let numbered = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    let shipped = numbered.take_while(|(_, line)| *line != "#[cfg(test)]");
    let code = shipped.map(|(number, line)| (number, line.split("//").next().unwrap_or_default().to_owned()));
    code.filter(|(_, line)| !line.is_empty()).collect()
}

/// Whether `line` speaks `name` as a whole path, not as a part of a longer word.
fn speaks(line: &str, name: &str) -> bool {
    let word = |letter: char| letter.is_alphanumeric() || letter == '_';
    line.match_indices(name).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + name.len()..].chars().next();
        !before.is_some_and(|letter| word(letter) || letter == '"') && !after.is_some_and(word)
    })
}

fn may(source: &Source, allowed: &[&str]) -> bool {
    allowed.iter().any(|place| source.room == *place || source.path.starts_with(place))
}

/// `use crate::{a, b}` would hide a room from this test, and `use std::{fs, io}` the world outside.
fn hides(line: &str) -> bool {
    line.starts_with("use crate::{") || line.starts_with("use std::{")
}

#[test]
fn only_the_rooms_that_may_speak_of_the_world_outside() {
    let mut wrong = String::new();
    for source in sources() {
        for (number, line) in &source.lines {
            for (name, allowed) in OUTSIDE {
                if speaks(line, name) && !may(&source, allowed) {
                    let _ = writeln!(wrong, "src/{}:{number}: `{name}` is for {}", source.path, allowed.join(", "));
                }
            }
            if hides(line) {
                let _ = writeln!(wrong, "src/{}:{number}: one `use` for each room or module, please", source.path);
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn a_room_uses_only_rooms_above_it() {
    let mut wrong = String::new();
    for source in sources() {
        let Some((_, allowed)) = ARROWS.iter().find(|(room, _)| *room == source.room) else { continue };
        for (number, line) in &source.lines {
            for (room, _) in ARROWS.iter().filter(|(room, _)| *room != source.room && !allowed.contains(room)) {
                if speaks(line, &format!("crate::{room}")) {
                    let _ = writeln!(wrong, "src/{}:{number}: {} may not use {room}", source.path, source.room);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_room_has_its_row_in_the_table_of_arrows() {
    let mut rooms: Vec<_> = sources().into_iter().filter(|source| source.path.contains('/')).map(|s| s.room).collect();
    rooms.dedup();
    for room in &rooms {
        assert!(ARROWS.iter().any(|(known, _)| known == room), "src/{room} has no row");
    }
    assert_eq!(rooms.len(), ARROWS.len(), "{rooms:?}");
}

#[test]
fn the_table_of_arrows_has_no_way_back() {
    let below = |room: &str| ARROWS.iter().position(|(known, _)| *known == room).expect("a room of the table");
    for (room, uses) in ARROWS {
        for used in uses {
            assert!(below(used) < below(room), "{room} uses {used}, which stands below it");
        }
    }
}

#[test]
fn the_wall_sees_names_in_code_and_not_in_comments_words_or_tests() {
    let lines = program("use ratatui::Frame; // crossterm\n/// std::fs\n\n#[cfg(test)]\nuse std::fs;");
    assert_eq!(lines, [(1, "use ratatui::Frame; ".to_owned())]);
    assert!(speaks("use ratatui::Frame;", "ratatui") && speaks("fn a(b: ratatui::Frame)", "ratatui"));
    assert!(!speaks("let my_ratatui = 1;", "ratatui") && !speaks("crate::applied", "crate::app"));
    assert!(speaks("use crate::app;", "crate::app") && hides("use crate::{app, ui};"));
}
