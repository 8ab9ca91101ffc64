//! Everything a plan is made from, before its steps are put in order.

use std::collections::BTreeMap;

use super::relink::{Relinking, Source};
use crate::topology::{VmIx, VnetIx};
use crate::world::{Assigned, Holding, Unassigned, World};

/// Everything the plan is made from.
pub(super) struct Draft<'a> {
    /// The world the plan starts from.
    pub world: &'a World,
    /// Whether it leads home: a failback (D14).
    pub homeward: bool,
    /// The machines that move, with their addresses.
    pub addresses: Vec<(VmIx, Assigned)>,
    /// Their further NICs and the secondary addresses that are carried, with theirs.
    pub cards: Vec<(Holding, Assigned)>,
    /// The machines that find no address.
    pub stranded: Vec<(VmIx, Unassigned)>,
    /// The VNets they leave.
    pub sources: BTreeMap<VnetIx, Source>,
    /// What happens to the links.
    pub relinking: Relinking,
}
