//! The `failscope` program.

fn main() {}
