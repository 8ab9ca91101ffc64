//! The one way the world changes.

use super::{Change, Refusal, World};
use crate::topology::Command;

/// A command that was done.
#[derive(Debug, Clone)]
pub struct Done {
    /// The world afterwards; its clock has not moved, see [`World::at_seconds`].
    pub world: World,
    /// What changed.
    pub changes: Vec<Change>,
    /// How long it takes.
    pub seconds: u64,
    /// Whether the figure has no source.
    pub assumed: bool,
}

/// Applies a command to a world.
///
/// # Errors
/// The refusal; nothing has changed.
pub fn apply(_world: &World, _command: &Command) -> Result<Done, Refusal> {
    todo!()
}
