//! Who can talk to whom: effective routes, route selection, reachability, and why not.
//!
//! This room reads a [`World`] and knows no screens, no files and no commands that change it.

pub mod code;
pub mod explain;
pub mod forwarding;
pub mod needs;
pub mod routes;

pub use code::VerdictCode;
pub use explain::{Blocker, Explanation, Hop, Loser, WhyLost, explain};
pub use forwarding::Network;
pub use routes::{NextHop, Origin, Route, RouteState, effective_routes};
