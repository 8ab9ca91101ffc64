//! The topologies that come with the program.

/// A topology that comes with the program.
#[derive(Debug, Clone, Copy)]
pub struct Builtin {
    /// Its name, as `failscope NAME` takes it.
    pub name: &'static str,
    /// The file's text.
    pub text: &'static str,
}

/// Embeds the files of `topologies/` by name.
macro_rules! builtins {
    ($($name:literal),* $(,)?) => {
        &[$(Builtin { name: $name, text: include_str!(concat!("../../topologies/", $name, ".toml")) }),*]
    };
}

/// Every built-in topology, in the order they are listed.
pub const BUILTINS: &[Builtin] = builtins![
    "azure-full",
    "azure-isolated-app",
    "azure-subnet-trap",
    "azure-three-apps",
    "hybrid-full",
    "hybrid-full-vpn",
    "hybrid-isolated-app",
    "hub-and-spokes",
    "two-circuits",
    "peering-shadow",
    "check-faults",
];
