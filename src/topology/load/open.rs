//! Opening a topology: a built-in name or a file.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::{LoadError, Problem, parse};
use crate::topology::builtin::BUILTINS;
use crate::topology::command::did_you_mean;
use crate::topology::{Finding, FindingCode, Position, Severity, Topology};

/// The largest file that is read, in bytes: twice what a thousand VNets with a hundred thousand VMs take.
const MOST_BYTES: u64 = 16 << 20;

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

/// Reads a built-in topology by name, or a file by path: anything that ends in `.toml`, holds a path separator or is
/// there.
///
/// # Errors
/// Everything wrong with the file, or that there is none.
pub fn open(name_or_path: &str) -> Result<Topology, OpenError> {
    if let Some(builtin) = BUILTINS.iter().find(|builtin| builtin.name == name_or_path) {
        return parse(builtin.name, builtin.text).map_err(OpenError::Invalid);
    }
    let path = Path::new(name_or_path);
    let is_path = name_or_path.ends_with(".toml") || name_or_path.contains(std::path::is_separator) || path.exists();
    if !is_path {
        let hint = did_you_mean(name_or_path, BUILTINS.iter().map(|builtin| builtin.name));
        return Err(OpenError::UnknownName(format!(
            "no built-in topology is called `{name_or_path}`{hint} (`failscope list` names them all; a file is \
             named by its path)"
        )));
    }
    let text = read(path)?;
    let name = path.file_stem().map_or_else(|| name_or_path.into(), |stem| stem.to_string_lossy());
    parse(&name, &text).map_err(|error| OpenError::Invalid(LoadError { origin: name_or_path.to_owned(), ..error }))
}

/// Reads a file into text.
///
/// # Errors
/// Why it cannot be read or is no text.
pub fn read(path: &Path) -> Result<String, OpenError> {
    let named = path.display();
    let unreadable = |why: String| OpenError::Unreadable(why);
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => unreadable(format!("there is no file {named}")),
        std::io::ErrorKind::PermissionDenied => unreadable(format!("{named} may not be read: permission denied")),
        _ => unreadable(format!("{named} cannot be read: {error}")),
    };
    if std::fs::metadata(path).map_err(failed)?.is_dir() {
        return Err(unreadable(format!("{named} is a directory, not a file")));
    }
    let mut bytes = Vec::new();
    // The length a file claims is not asked: a device or a pipe has none, and a file may grow while it is read.
    File::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes)).map_err(failed)?;
    if bytes.len() as u64 > MOST_BYTES {
        let why = format!("the file is larger than {} MiB and surely not meant to be read", MOST_BYTES >> 20);
        return Err(no_topology(named.to_string(), String::new(), why));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(&error.as_bytes()[..good]).into_owned();
        let line = text.matches('\n').count() + 1;
        no_topology(named.to_string(), text, format!("this is no text: line {line} holds a byte that is not UTF-8"))
    })
}

/// A file that can be read but is no topology, for what stands at the end of `source`.
fn no_topology(origin: String, source: String, message: String) -> OpenError {
    let line = source.matches('\n').count() + 1;
    let column = source.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let mut finding = Finding::new(Severity::Error, FindingCode::Syntax, message, Vec::new());
    finding.position = Some(Position { line, column });
    let span = source.len()..source.len();
    OpenError::Invalid(LoadError { origin, source, problems: vec![Problem { finding, span }] })
}
