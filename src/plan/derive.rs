//! Deriving the plan of a scope.

use super::{Plan, Timing};
use crate::topology::Scope;
use crate::world::{Refusal, World};

/// Derives the plan for failing over a scope from the world as it is.
///
/// # Errors
/// The refusal of the failover itself where nothing in the scope can move.
pub fn derive(_world: &World, _scope: &Scope, _timing: Timing) -> Result<Plan, Refusal> {
    todo!()
}
