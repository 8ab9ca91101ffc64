//! The built-in topologies as a list.

use super::style::Tone;
use super::table::{Cell, Table};
use crate::topology::Topology;

/// Every topology with its name, its title and the first sentence of what it shows.
pub fn listed(topologies: &[Topology]) -> String {
    let mut table = Table::titled(["name", "title", "shows"]);
    for topology in topologies {
        table.row([
            Cell::new(&*topology.name, Tone::Strong),
            (&*topology.title).into(),
            Cell::new(first_sentence(&topology.about), Tone::Quiet),
        ]);
    }
    table.print(0)
}

/// The first sentence of a text, on one line.
pub fn first_sentence(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => line,
    }
}
