//! Who can talk to whom: effective routes, route selection, reachability, and why not.
//!
//! This room reads a [`World`](crate::world::World) and knows no screens, no files and no commands that change it.

pub mod code;
pub mod explain;
mod explanation;
pub mod forwarding;
mod mend;
pub mod needs;
mod party;
mod path;
#[cfg(test)]
mod properties;
pub mod routes;
#[cfg(test)]
pub(crate) mod sample;
mod seats;
mod table;
mod trouble;
#[cfg(test)]
mod verdicts;
mod wiring;
mod words;

pub use code::VerdictCode;
pub use explain::explain;
pub use explanation::{Blocker, Explanation, Hop, Loser, WhyLost};
pub use forwarding::{Delivery, Network, Tenant};
pub use routes::{NextHop, Origin, Route, RouteState, effective_routes};
