//! `failscope list` and `failscope explain`: what comes with the program.

use super::learn;
use super::open::topology;
use super::output::{self, Exit, Failure};
use crate::lesson::progress::Progress;
use crate::report::{catalogue, codes, lesson, topologies};
use crate::topology::builtin::BUILTINS;

/// Lists the built-in topologies and lessons.
///
/// # Errors
/// Standard output cannot be written.
pub fn list() -> Result<Exit, Failure> {
    let loaded = BUILTINS.iter().map(|builtin| topology(builtin.name)).collect::<Result<Vec<_>, _>>()?;
    let lessons = learn::all(&Progress::new(0))?;
    output::result(&format!("{}\n{}", topologies::listed(&loaded), lesson::shelf(&lessons)))?;
    Ok(Exit::Fine)
}

/// Explains one code, or lists all.
///
/// # Errors
/// The code is unknown, or standard output cannot be written.
pub fn explain(code: Option<&str>) -> Result<Exit, Failure> {
    let text = match code {
        None => codes::listed(&catalogue::entries()),
        Some(code) => codes::explained(&catalogue::find(code).map_err(|near| unknown(code, near.as_deref()))?),
    };
    output::result(&text)?;
    Ok(Exit::Fine)
}

fn unknown(code: &str, near: Option<&str>) -> Failure {
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`failscope explain` lists all codes".to_owned(),
    };
    Failure::misused(format!("there is no code `{code}`; {hint}"))
}
