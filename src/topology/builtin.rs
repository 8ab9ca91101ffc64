//! The topologies that come with the program.

/// A topology that comes with the program.
#[derive(Debug, Clone, Copy)]
pub struct Builtin {
    /// Its name, as `failscope NAME` takes it.
    pub name: &'static str,
    /// The file's text.
    pub text: &'static str,
}

/// Every built-in topology, in the order they are listed.
pub const BUILTINS: &[Builtin] = &[];
