//! The report room.

pub mod problems;
