//! What covers the map: sheets, lists and questions. Each holds ids and choices, not text.

use super::chooser::Chooser;
use super::differing;
use super::learning::LessonRow;
use crate::diagram::Item;
use crate::plan::compare::{Comparison, Run};
use crate::plan::{LinkOption, Plan, Timing};
use crate::topology::{Command, Endpoint, Finding, FindingCode, LinkKind, Node, Scope, VmIx};
use crate::world::Refusal;

use super::action::Context;
use super::grid::Grid;

/// What covers the map.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// All keys.
    Help,
    /// What a failover will do.
    Preview(Box<Preview>),
    /// Runs of one failover side by side.
    Runs(Box<Runs>),
    /// A list to choose from.
    List(Chooser),
    /// The ways to join two networks.
    Compare(Compare),
    /// The address every VM will get.
    Addresses {
        /// The marked VM.
        at: VmIx,
    },
    /// Everything about one thing.
    Inspect(Item),
    /// Why two parties reach each other or not.
    Why {
        /// Who asks.
        from: Endpoint,
        /// Who is asked.
        to: Endpoint,
    },
    /// Who reaches whom.
    Matrix(Box<Grid>),
    /// What would go wrong at a failover.
    Findings {
        /// The marked finding.
        at: Option<Marked>,
    },
    /// The plan over time.
    Timeline,
    /// What differs between two states of the history.
    Differences {
        /// The revision compared with.
        from: usize,
        /// The revision looked at.
        to: usize,
        /// The marked difference.
        at: Option<differing::Marked>,
    },
    /// The state in sentences.
    Describe,
    /// A question before a command runs.
    Confirm {
        /// What to run.
        command: Command,
        /// What it means.
        question: String,
    },
    /// The lessons.
    Lessons {
        /// The lessons in order.
        rows: Vec<LessonRow>,
        /// The marked one, by its id.
        at: Option<String>,
    },
    /// What an attempt at a lesson came to.
    Debrief,
    /// Every problem of a file that is no topology.
    Problems {
        /// The report, with places.
        text: String,
    },
}

impl Overlay {
    /// Which keys it takes.
    pub fn context(&self) -> Context {
        match self {
            Self::Help | Self::Inspect(_) | Self::Describe | Self::Problems { .. } | Self::Debrief => Context::Sheet,
            Self::Lessons { .. } => Context::Lessons,
            Self::Preview(_) => Context::Preview,
            Self::Runs(_) => Context::Runs,
            Self::List(_) => Context::List,
            Self::Compare(_) => Context::Compare,
            Self::Addresses { .. } => Context::Addresses,
            Self::Why { .. } => Context::Why,
            Self::Matrix(_) => Context::Matrix,
            Self::Timeline => Context::Timeline,
            Self::Findings { .. } => Context::Findings,
            Self::Differences { .. } => Context::Differences,
            Self::Confirm { .. } => Context::Confirm,
        }
    }
}

/// A finding as the panel remembers it: by what it is and what it is about, never by its place in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    code: FindingCode,
    at: Vec<String>,
    message: String,
}

impl Marked {
    /// Remembers a finding.
    pub fn of(finding: &Finding) -> Self {
        Self { code: finding.code, at: finding.at.clone(), message: finding.message.clone() }
    }

    /// Whether a finding is the one that was remembered.
    pub fn is(&self, finding: &Finding) -> bool {
        self.code == finding.code && self.at == finding.at && self.message == finding.message
    }
}

/// What a failover will do, for each timing of the links.
#[derive(Debug, Clone)]
pub struct Preview {
    /// What fails over.
    pub scope: Scope,
    /// Its name on the screen.
    pub title: String,
    /// The timing shown.
    pub timing: Timing,
    /// The plan of each timing, or why there is none.
    pub plans: Vec<(Timing, Result<Plan, Refusal>)>,
}

impl Preview {
    /// The plan of the timing shown.
    pub fn shown(&self) -> Option<&Result<Plan, Refusal>> {
        self.plans.iter().find(|(timing, _)| *timing == self.timing).map(|(_, plan)| plan)
    }
}

/// Runs of one failover side by side.
#[derive(Debug, Clone)]
pub struct Runs {
    /// What fails over, on the screen.
    pub title: String,
    /// When links are made where the timing is not what is compared.
    pub timing: Timing,
    /// The runs.
    pub comparison: Comparison,
    /// The marked one.
    pub at: usize,
}

impl Runs {
    /// The marked run.
    pub fn marked(&self) -> Option<&Run> {
        self.comparison.runs.get(self.at)
    }

    /// Marks the run beside the marked one.
    pub(super) fn turn(&mut self, by: isize) {
        self.at = self.at.saturating_add_signed(by).min(self.comparison.runs.len().saturating_sub(1));
    }
}

/// The ways to join two networks.
#[derive(Debug, Clone)]
pub struct Compare {
    /// One end.
    pub a: Node,
    /// The other end.
    pub b: Node,
    /// The ways.
    pub options: Vec<LinkOption>,
    /// The marked one.
    pub at: Option<LinkKind>,
}

impl Compare {
    /// The marked way.
    pub fn marked(&self) -> Option<&LinkOption> {
        self.options.iter().find(|option| Some(option.kind) == self.at)
    }
}
