//! Results as text made to be read, and as JSON made for scripts.
//!
//! This room turns what the model knows into strings and serde values. It prints nothing, reads no files and knows no
//! explorer.

pub mod catalogue;
pub mod check;
pub mod codes;
pub mod compare;
pub mod describe;
pub mod differences;
pub mod exercise;
pub mod json;
pub mod lesson;
pub mod parties;
pub mod plan;
pub mod problems;
pub mod reach;
pub mod routes;
pub mod run;
pub mod standing;
pub mod style;
pub mod table;
pub mod time;
pub mod topologies;
