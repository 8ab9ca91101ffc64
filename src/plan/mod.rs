//! What a failover will do, before it does it: the plan of a scope, its schedule, its addresses and its gaps.
//!
//! This room derives plans from a [`World`](crate::world::World) by the rules and tries every step on a copy. It knows no screens and no files.

pub mod compare;
mod derive;
mod draft;
mod findings;
pub mod gaps;
pub mod hooks;
mod hubs;
pub mod options;
pub mod readiness;
pub mod relink;
pub mod rto;
pub mod schedule;

use strum::{Display, EnumIter, EnumString};

use crate::topology::{CircuitIx, Command, Finding, Group, LinkKind, Node, Scope, VmIx};
use crate::world::{Assigned, Holding};

pub use compare::{Comparison, Variant, compare};
pub use derive::{derive, derive_back};
pub use gaps::{Gap, Loss};
pub use hooks::{List, hook};
pub use options::{GatewayNeed, LinkOption, charges, options, spoils};
pub use rto::Rto;
pub use schedule::{Schedule, Scheduled, schedule};

/// When the links of the recovery side are made (E11; article, lines 64 to 66).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Display, EnumString, EnumIter)]
#[strum(serialize_all = "kebab-case")]
pub enum Timing {
    /// Before the machines fail over.
    Before,
    /// While they fail over.
    #[default]
    During,
    /// After they failed over.
    After,
}

/// How a plan is derived where there is a choice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// When the links are made.
    pub timing: Timing,
    /// The kind of every new link between two VNets; like for like without one (article, lines 69 and 121). Links to
    /// sites keep theirs.
    pub kind: Option<LinkKind>,
}

impl From<Timing> for Options {
    fn from(timing: Timing) -> Self {
        Self { timing, kind: None }
    }
}

/// A link of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedLink {
    /// Its kind.
    pub kind: LinkKind,
    /// Its circuit, where it has one of its own.
    pub circuit: Option<CircuitIx>,
    /// Its ends.
    pub between: [Node; 2],
}

/// What a failover of a scope will do.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What fails over, or back.
    pub scope: Scope,
    /// Whether it leads home: a failback (D14).
    pub homeward: bool,
    /// When the links are made.
    pub timing: Timing,
    /// The steps.
    pub groups: Vec<Group>,
    /// How long it takes.
    pub seconds: u64,
    /// Whether a duration in it has no source.
    pub assumed: bool,
    /// The VMs that move, with the address each will get and its rule.
    pub addresses: Vec<(VmIx, Assigned)>,
    /// The same for their further NICs and the secondary addresses that are carried (A28, A29).
    pub cards: Vec<(Holding, Assigned)>,
    /// Links that are cut.
    pub cut: Vec<PlannedLink>,
    /// Links that are made.
    pub made: Vec<PlannedLink>,
    /// Links that stay.
    pub kept: Vec<PlannedLink>,
    /// Who is cut off meanwhile.
    pub gaps: Vec<Gap>,
    /// How long it takes until everything works again, counted from the moment of the disaster.
    pub rto: Rto,
    /// What a reader should know.
    pub findings: Vec<Finding>,
}

impl Plan {
    /// Every address that is given, those of a VM's further NICs behind its own.
    pub fn given(&self) -> impl Iterator<Item = (Holding, &Assigned)> {
        given(&self.addresses, &self.cards)
    }

    /// Its commands in the order they run.
    pub fn commands(&self) -> impl Iterator<Item = &Command> {
        self.groups.iter().flat_map(Group::commands)
    }
}

fn given<'a>(
    addresses: &'a [(VmIx, Assigned)],
    cards: &'a [(Holding, Assigned)],
) -> impl Iterator<Item = (Holding, &'a Assigned)> {
    addresses.iter().flat_map(move |(vm, to)| {
        // Both stand in file order.
        let own = cards[cards.partition_point(|(holding, _)| holding.vm < *vm)..].iter();
        let own = own.take_while(move |(holding, _)| holding.vm == *vm).map(|(holding, to)| (*holding, to));
        std::iter::once((Holding::from(*vm), to)).chain(own)
    })
}
