//! Reading a topology file: every problem at once, each with its place.

use std::ops::Range;
use std::path::Path;

use super::{Finding, Topology};

/// A file that is no topology.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadError {
    /// What the file is called in messages: a path, or a built-in name.
    pub origin: String,
    /// The file's text, as far as it is text.
    pub source: String,
    /// Everything wrong with it, in file order.
    pub problems: Vec<Problem>,
}

/// One thing wrong with a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// What it is, with line and column.
    pub finding: Finding,
    /// The bytes of [`LoadError::source`] it is about.
    pub span: Range<usize>,
}

/// Reads a topology from text; `name` becomes [`Topology::name`].
///
/// # Errors
/// Everything wrong with the text.
pub fn parse(_name: &str, _text: &str) -> Result<Topology, LoadError> {
    todo!()
}

/// Reads a built-in topology by name or a file by path (anything that ends in `.toml` or holds a path separator).
///
/// # Errors
/// Everything wrong with the file, or that there is none.
pub fn open(_name_or_path: &str) -> Result<Topology, OpenError> {
    todo!()
}

/// Why no topology was opened.
#[derive(Debug, Clone, PartialEq)]
pub enum OpenError {
    /// No built-in topology has that name; holds the sentence for the reader.
    UnknownName(String),
    /// The file cannot be read; holds the sentence for the reader.
    Unreadable(String),
    /// The file is no topology.
    Invalid(LoadError),
}

/// Reads a file into text.
///
/// # Errors
/// Why it cannot be read or is no text.
pub fn read(_path: &Path) -> Result<String, OpenError> {
    todo!()
}
