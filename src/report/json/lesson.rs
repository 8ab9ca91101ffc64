//! `lesson check --json`: what each lesson proves.

use serde::Serialize;

use super::check::{PlacedJson, checked};
use crate::lesson::Draw;
use crate::lesson::proof::Line;
use crate::topology::Finding;

/// What `lesson check --json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProofsJson {
    /// The lessons in the order they were asked for, once for each draw.
    pub lessons: Vec<ProofJson>,
}

/// One lesson with what it proves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProofJson {
    /// The built-in id, or the file as the call names it.
    pub name: String,
    /// The draw of its random words, from 1.
    pub draw: usize,
    /// Whether it passes everything.
    pub ok: bool,
    /// Each check.
    pub checks: Vec<LineJson>,
    /// What is wrong with a file that is no lesson yet.
    pub problems: Vec<PlacedJson>,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineJson {
    /// Whether the lesson passes it.
    pub ok: bool,
    /// What was found.
    pub says: String,
}

/// What a lesson proves.
pub fn proof(name: &str, draw: Draw, lines: &[Line]) -> ProofJson {
    let checks = lines.iter().map(|line| LineJson { ok: line.ok, says: line.says.clone() });
    let ok = lines.iter().all(|line| line.ok);
    ProofJson { name: name.to_owned(), draw: draw.0 + 1, ok, checks: checks.collect(), problems: Vec::new() }
}

/// A file that is no lesson yet.
pub fn no_lesson<'a>(name: &str, draw: Draw, findings: impl IntoIterator<Item = &'a Finding>) -> ProofJson {
    let problems = checked(name, findings).findings;
    ProofJson { name: name.to_owned(), draw: draw.0 + 1, ok: false, checks: Vec::new(), problems }
}
