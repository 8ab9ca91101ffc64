//! Collecting problems and findings by byte, and finding their lines and columns at the end, in one pass.

use std::ops::Range;

use super::{MOST_PROBLEMS, Problem};
use crate::topology::command::did_you_mean;
use crate::topology::{Finding, FindingCode, Position, Severity};

/// How many words may be compared for hints: hints must not make a broken file of a hundred thousand names slow.
const MOST_COMPARISONS: usize = 300_000;

/// Everything said about a file so far.
pub(super) struct Sink {
    errors: Vec<Problem>,
    findings: Vec<Problem>,
    unread: usize,
    comparisons_left: usize,
    /// For problems that name another place: their byte and that of the other.
    beside: Vec<(usize, usize)>,
}

impl Default for Sink {
    fn default() -> Self {
        Self {
            errors: Vec::new(),
            findings: Vec::new(),
            unread: 0,
            comparisons_left: MOST_COMPARISONS,
            beside: Vec::new(),
        }
    }
}

impl Sink {
    /// How many problems there are, to notice new ones.
    pub fn count(&self) -> usize {
        self.errors.len()
    }

    /// Whether the file is no topology.
    pub fn is_broken(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Whether a problem begins at this byte.
    pub fn has_error_at(&self, byte: usize) -> bool {
        self.errors.iter().any(|problem| problem.span.start == byte)
    }

    /// Records a problem at the bytes `span`, about the ids `at`.
    pub fn error(&mut self, code: FindingCode, span: &Range<usize>, message: impl Into<String>, at: &[&str]) {
        self.errors.push(problem(Severity::Error, code, span, message.into(), at));
    }

    /// The same beside another place, whose line stands in the message as `{line}`.
    pub fn error_beside(
        &mut self,
        code: FindingCode,
        span: &Range<usize>,
        message: impl Into<String>,
        at: &[&str],
        beside: usize,
    ) {
        self.beside.push((span.start, beside));
        self.error(code, span, message, at);
    }

    /// Records something worth knowing.
    pub fn finding(
        &mut self,
        severity: Severity,
        code: FindingCode,
        span: &Range<usize>,
        message: impl Into<String>,
        at: &[&str],
    ) {
        self.findings.push(problem(severity, code, span, message.into(), at));
    }

    /// Counts problems that were not kept.
    pub fn leave_out(&mut self, count: usize) {
        self.unread += count;
    }

    /// Takes over what was found around the syntax errors so far: only from tables without one, and no missing keys,
    /// which may be there in words the parser could not read.
    pub fn add_untouched(&mut self, around: Self, text: &str) {
        let table_at = |byte: usize| {
            let start = text[..byte].rfind("\n[").map_or(0, |newline| newline + 1);
            let end = text[byte..].find("\n[").map_or(text.len() + 1, |newline| byte + newline);
            start..end
        };
        let mut touched: Vec<Range<usize>> = Vec::new();
        for problem in &self.errors {
            let byte = floor(text, problem.span.start);
            if touched.last().is_none_or(|table| !table.contains(&byte)) {
                touched.push(table_at(byte));
            }
        }
        // What the parser made up for a value it could not read stands nowhere.
        let clean = |problem: &Problem| {
            !problem.span.is_empty() && !touched.iter().any(|table| table.contains(&problem.span.start))
        };
        let local = |problem: &Problem| problem.finding.code != FindingCode::MissingKey;
        self.errors
            .extend(around.errors.into_iter().take(MOST_PROBLEMS).filter(|problem| local(problem) && clean(problem)));
    }

    /// The end of a message about an unknown word, as long as comparing stays cheap.
    pub fn hint<'a>(&mut self, word: &str, known: impl ExactSizeIterator<Item = &'a str>) -> String {
        match self.comparisons_left.checked_sub(known.len()) {
            Some(left) if word.len() < 100 => {
                self.comparisons_left = left;
                did_you_mean(word, known)
            }
            _ => String::new(),
        }
    }

    /// The findings in file order with their places.
    pub fn findings(self, text: &str) -> Vec<Finding> {
        located(self.findings, text).into_iter().map(|problem| problem.finding).collect()
    }

    /// The problems in file order with their places, the last saying how many were left out.
    pub fn problems(mut self, text: &str) -> Vec<Problem> {
        self.errors.sort_by_key(|problem| problem.span.start);
        let more = self.errors.len().saturating_sub(MOST_PROBLEMS) + self.unread;
        self.errors.truncate(MOST_PROBLEMS);
        if more > 0 {
            let end = self.errors.last().map_or(0..0, |problem| problem.span.clone());
            let message = format!("and at least {more} more; mend these first");
            self.errors.push(problem(Severity::Error, FindingCode::Syntax, &end, message, &[]));
        }
        for problem in self.errors.iter_mut().filter(|problem| problem.finding.message.contains("{line}")) {
            let other = self.beside.iter().find(|(byte, _)| *byte == problem.span.start).map_or(0, |(_, other)| *other);
            let line = text.as_bytes().iter().take(other).filter(|byte| **byte == b'\n').count() + 1;
            problem.finding.message = problem.finding.message.replacen("{line}", &line.to_string(), 1);
        }
        located(self.errors, text)
    }
}

fn problem(severity: Severity, code: FindingCode, span: &Range<usize>, message: String, at: &[&str]) -> Problem {
    let at = at.iter().map(|id| (*id).to_owned()).collect();
    Problem { finding: Finding::new(severity, code, message, at), span: span.clone() }
}

/// The character boundary at or before a byte.
fn floor(text: &str, byte: usize) -> usize {
    let byte = byte.min(text.len());
    (0..=byte).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Sorts by place and fills in lines and columns, reading the text once.
fn located(mut problems: Vec<Problem>, text: &str) -> Vec<Problem> {
    problems.sort_by_key(|problem| problem.span.start);
    let (mut byte, mut place) = (0, Position { line: 1, column: 1 });
    for problem in &mut problems {
        let start = floor(text, problem.span.start);
        for letter in text[byte..start].chars() {
            match letter {
                '\n' => place = Position { line: place.line + 1, column: 1 },
                '\u{feff}' if place == (Position { line: 1, column: 1 }) => {}
                _ => place.column += 1,
            }
        }
        byte = start.max(byte);
        problem.span = start..floor(text, problem.span.end).max(start);
        problem.finding.position = Some(place);
    }
    problems
}
