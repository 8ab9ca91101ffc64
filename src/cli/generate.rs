//! `failscope schema`, `completions` and `man`: texts for other tools.

use clap::CommandFactory;
use clap_complete::Shell;

use super::args::{Cli, Color, SchemaOf};
use super::output::{self, Exit, Failure};

/// Prints the JSON Schema of a file.
///
/// # Errors
/// Standard output cannot be written.
pub fn schema(of: SchemaOf) -> Result<Exit, Failure> {
    output::json(&match of {
        SchemaOf::Topology => crate::topology::schema::schema(),
        SchemaOf::Lesson => crate::lesson::schema(),
        SchemaOf::Theme => crate::ui::theme::schema(),
        SchemaOf::Settings => crate::runtime::settings::schema(),
        SchemaOf::Keys => crate::app::action::schema(),
    })?;
    Ok(Exit::Fine)
}

/// Prints completions for a shell.
///
/// # Errors
/// Standard output cannot be written.
pub fn completions(shell: Shell) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "failscope", &mut script);
    print(&script)
}

/// Prints the man page.
///
/// # Errors
/// Standard output cannot be written.
pub fn man() -> Result<Exit, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    print(&page)
}

fn print(text: &[u8]) -> Result<Exit, Failure> {
    output::coloured(&String::from_utf8_lossy(text), Color::Never)?;
    Ok(Exit::Fine)
}
