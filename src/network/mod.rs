//! Who can talk to whom: effective routes, route selection, reachability, and why not.
//!
//! This room reads a [`World`](crate::world::World) and knows no screens, no files and no commands that change it.

pub mod code;
pub mod explain;
mod explanation;
pub mod forwarding;
mod guards;
mod hindrance;
mod learned;
mod mend;
pub mod needs;
mod offers;
mod party;
mod path;
#[cfg(test)]
mod properties;
mod router;
pub mod routes;
#[cfg(test)]
pub(crate) mod sample;
mod seats;
mod stops;
mod table;
mod trouble;
mod twice;
#[cfg(test)]
mod verdicts;
mod walk;
mod wiring;
mod words;

pub use code::VerdictCode;
pub use explain::{explain, explain_on};
pub use explanation::{Blocker, Explanation, Hop, Loser, WhyLost};
pub use forwarding::{Delivery, Network, Tenant};
pub use router::{Arrival, Router};
pub use routes::{NextHop, Origin, Route, RouteState, effective_routes};
pub use twice::findings;
