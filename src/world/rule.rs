//! The rules that give an address, and what each says: rows 1 to 22 of table A.7, and A23.

use std::fmt;

/// The rule that gave an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressRule {
    /// A row of table A.7.
    Row(u8),
    /// A dynamic address that the policy `dynamic-source` does not keep.
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

impl AddressRule {
    /// Whether the wanted address was taken or withheld, so that another one was given.
    pub fn missed(self) -> bool {
        matches!(self, Self::Row(2 | 3 | 5 | 8 | 10 | 14 | 16 | 20))
    }

    /// What the rule says, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Row(1) => "the target address set by hand is free",
            Self::Row(2) => "the target address set by hand is taken, so the next available one",
            Self::Row(3) => {
                "the target address set by hand lies outside the target subnet or is withheld, so the next available one"
            }
            Self::Row(4) => "its own address lies in the target subnet and is free",
            Self::Row(5) => "its own address is taken in the target subnet, so the next available one",
            Self::Row(6) | Self::Row(9) => "its own address lies outside the target subnet, so the next available one",
            Self::Row(7) => "dynamic, and its own address is free: kept by luck, better pin it",
            Self::Row(8) => "dynamic, and its own address is taken, so the next available one",
            Self::Row(10) => "Azure withholds its own address in the target subnet, so the next available one",
            Self::Row(13) | Self::Row(15) => "a test copy takes its machine's address where it is free",
            Self::Row(14) | Self::Row(16) => {
                "its machine's address is taken or withheld there, so the next available one from the end of the range"
            }
            Self::Row(17) => {
                "its machine's address lies outside the test subnet, so the next available one from the end of the range"
            }
            Self::Row(18) => "the test address set by hand is free",
            Self::Row(19) => "nobody took the address it had, since re-protect deleted the machine that held it",
            Self::Row(20) => "somebody took the address it had, so the next available one",
            Self::A23 => "dynamic addresses are not kept under this policy, so the next available one",
            Self::Row(_) => "decided by table A.7",
        }
    }
}
