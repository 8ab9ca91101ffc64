//! Where results and errors go, and what the call ends with.

use std::fmt;
use std::io::{self, ErrorKind, Write};

use anstream::adapter::strip_str;
use anstream::{AutoStream, ColorChoice};
use serde::Serialize;

use super::args::Color;
use crate::report::json::{self as report_json, TopologyJson};

/// What a call ends with; the greater one wins where several things happen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// All fine.
    #[default]
    Fine,
    /// An error finding, a refused command, or a file that is no topology.
    Failed,
    /// The call itself is wrong.
    Misused,
}

impl Exit {
    /// [`Exit::Failed`] where something failed.
    pub fn failed_if(failed: bool) -> Self {
        if failed { Self::Failed } else { Self::Fine }
    }

    /// The exit status.
    pub fn status(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Failed => 1,
            Self::Misused => 2,
        }
    }
}

/// Why a call ends without a result: what standard error says, and the exit status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The exit status.
    pub exit: Exit,
    /// What it says; already complete where it begins with `error`.
    pub message: String,
    /// The problems of a file that is no topology, for `--json`.
    pub problems: Option<TopologyJson>,
}

impl Failure {
    /// The call itself is wrong.
    pub fn misused(message: impl Into<String>) -> Self {
        Self { exit: Exit::Misused, message: message.into(), problems: None }
    }

    /// What the call asked for failed.
    pub fn failed(message: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, message: message.into(), problems: None }
    }

    /// The same with the problems of a file.
    #[must_use]
    pub fn with(self, problems: TopologyJson) -> Self {
        Self { problems: Some(problems), ..self }
    }

    /// What the call prints with `--json` instead of an answer.
    ///
    /// # Errors
    /// As [`result`].
    pub fn document(&self) -> Result<(), Self> {
        let said = strip_str(&self.message).to_string();
        let summary = if self.problems.is_some() { said.trim_end().lines().last() } else { Some(said.trim_end()) };
        json(&report_json::failed(self.problems.clone(), summary.unwrap_or_default()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::misused(format!("the result cannot be written: {error}"))
    }
}

/// Whether the reader of a stream has gone, as `head` does; that is no failure.
fn gone(error: &io::Error) -> bool {
    error.kind() == ErrorKind::BrokenPipe
}

/// Prints a result; colour where the terminal has it and NO_COLOR does not forbid it.
///
/// # Errors
/// Standard output cannot be written; a reader that has gone is no error.
pub fn result(text: &str) -> Result<(), Failure> {
    coloured(text, Color::Auto)
}

/// Prints a result with colour as the call asks for.
///
/// # Errors
/// As [`result`].
pub fn coloured(text: &str, color: Color) -> Result<(), Failure> {
    let choice = match color {
        Color::Auto => AutoStream::choice(&io::stdout()),
        Color::Always => ColorChoice::AlwaysAnsi,
        Color::Never => ColorChoice::Never,
    };
    let mut stream = AutoStream::new(io::stdout().lock(), choice);
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Err(error) if !gone(&error) => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints one JSON document.
///
/// # Errors
/// As [`result`].
pub fn json(document: &impl Serialize) -> Result<(), Failure> {
    let mut text = serde_json::to_string_pretty(document).map_err(io::Error::from)?;
    text.push('\n');
    coloured(&text, Color::Never)
}

/// Says something on standard error; a closed one is not worth failing for.
pub fn complain(message: &str) {
    let lead = if strip_str(message).to_string().starts_with("error") { "" } else { "error: " };
    let mut stream = AutoStream::auto(io::stderr());
    let _ = writeln!(stream, "{lead}{}", message.trim_end());
}
