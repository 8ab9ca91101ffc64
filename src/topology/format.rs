//! The tables of the topology file as serde and schemars see them.
