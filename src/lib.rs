//! See a failover before you run it: a model of cloud networks and Site Recovery, and the explorer that draws it.
//!
//! The rooms, each using only those above it: [`topology`] what a file declares, [`world`] what is true now,
//! [`network`] who can talk to whom, [`plan`] what a failover will do, [`history`] how it went, [`lesson`] walkthroughs, [`diagram`] where
//! everything is drawn, [`report`] results as text and JSON, [`app`] the explorer's state, [`ui`] its screen,
//! [`runtime`] its terminal, [`cli`] the command line.

pub mod app;
pub mod cli;
pub mod diagram;
pub mod history;
pub mod lesson;
pub mod network;
pub mod plan;
pub mod report;
pub mod runtime;
pub mod topology;
pub mod ui;
pub mod world;
