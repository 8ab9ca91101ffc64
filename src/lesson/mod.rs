//! Walkthroughs: lessons as files that check what the learner does, explain every wrong turn, and prove themselves.
//!
//! A lesson says what must become true ([`Predicate`]), what must stay true, and which turns are wrong. An [`Attempt`]
//! is one learner's play of it: every [`Deed`] goes through it and comes back as [`Feedback`]. The author's [`proof`]
//! plays solutions and mistakes of the file the same way. This room knows no screens, no files and no clock.

pub mod article;
mod attempt;
mod content;
mod deed;
mod feedback;
mod format;
mod judge;
mod load;
mod predicate;
pub mod progress;
pub mod proof;
pub mod protocol;
mod quiz;
mod random;
pub mod record;
mod score;
pub mod shelf;
mod watch;

pub use attempt::{Attempt, CannotBegin, GoalState, Logged, Play};
pub use content::{Always, Answer, Fire, Flawed, Goal, Inject, Lesson, Quiz, Step, Trial, Trigger, WrongTurn};
pub use deed::{Deed, Look, Sheet};
pub use feedback::{Feedback, Tone, in_turn};
pub use format::{Mode, Offer, Severity, ShowGoal, Track};
pub use judge::{Moment, Unmet};
pub use load::{draws, parse};
pub use predicate::{GatewayWord, Is, Predicate};
pub use random::Draw;
pub use score::{Marks, Part, Score, parts};

/// The JSON Schema of the lesson file.
pub fn schema() -> serde_json::Value {
    crate::topology::schema::schema_of::<format::File>()
}
