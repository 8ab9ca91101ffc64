//! Which address a VM gets at failover, and by which rule (A1 to A27, table A.7).

use std::fmt;

use super::Place;

/// The rule that gave an address: a row of table A.7, or A23 where the policy forbids keeping a dynamic address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressRule {
    /// A row of table A.7.
    Row(u8),
    /// A dynamic address that the policy does not keep.
    A23,
}

impl fmt::Display for AddressRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Row(row) => write!(f, "A.7-{row}"),
            Self::A23 => f.write_str("A23"),
        }
    }
}

/// The address a VM gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assigned {
    /// Where it served before.
    pub from: Place,
    /// Where it will serve.
    pub to: Place,
    /// The rule that decided.
    pub rule: AddressRule,
    /// Whether the address stays the same.
    pub retained: bool,
}

/// Why a VM gets no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unassigned {
    /// A sentence for the reader.
    pub message: String,
}
