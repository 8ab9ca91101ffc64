//! The `failscope` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(failscope::cli::run(std::env::args_os()))
}
