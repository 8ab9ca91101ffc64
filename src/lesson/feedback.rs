//! What a learner is told after a deed.

use super::format::{Offer, Severity};
use crate::topology::Command;

/// How a feedback reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Well done.
    Good,
    /// Worth a word.
    Coach,
    /// It cost.
    Bad,
    /// Something happened.
    Plain,
}

/// One thing a learner is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Feedback {
    /// A goal became true.
    Reached {
        /// How the goal reads.
        label: String,
    },
    /// A step is passed.
    Passed {
        /// Its id.
        step: String,
        /// What is said afterwards.
        after_say: String,
    },
    /// A wrong turn was taken.
    Turn {
        /// Its id.
        id: String,
        /// How much it matters.
        severity: Severity,
        /// What the learner is told.
        say: String,
        /// The line of the article or the rule.
        why: Option<String>,
        /// What is offered.
        offer: Offer,
        /// The points it cost this time.
        cost: u32,
    },
    /// Something that must stay true is not.
    Broken {
        /// Its id.
        id: String,
        /// How it reads.
        label: String,
        /// Why it is not true.
        because: String,
        /// The commands that would mend it, in order.
        fix: Vec<Command>,
        /// The points it cost this time.
        cost: u32,
    },
    /// A command was refused.
    Refused {
        /// The code.
        code: String,
        /// Why.
        message: String,
    },
    /// The lesson keeps a command closed.
    Closed {
        /// The command.
        command: String,
    },
    /// Going back further is not possible.
    NoWayBack,
    /// A question was answered.
    Answered {
        /// Its id.
        quiz: String,
        /// Whether the answer is right.
        right: bool,
        /// The right answer, once it is said.
        shown: Option<String>,
        /// Why it is right, once it is said.
        why: Option<String>,
    },
    /// Something happened from outside.
    Injected {
        /// Its id.
        id: String,
        /// What the learner is told.
        brief: String,
    },
    /// A hint.
    Hint {
        /// What it says.
        text: String,
        /// The points it cost.
        cost: u32,
    },
    /// Nothing more is left to ask for.
    NoHint,
    /// The lesson is solved.
    Solved,
}

/// Commands that are given one after the other, in a sentence: `a`, then `b`.
pub fn in_turn(commands: &[Command]) -> String {
    commands.iter().map(|command| format!("`{command}`")).collect::<Vec<_>>().join(", then ")
}

impl Feedback {
    /// How it reads.
    pub fn tone(&self) -> Tone {
        match self {
            Self::Reached { .. } | Self::Passed { .. } | Self::Solved | Self::Answered { right: true, .. } => {
                Tone::Good
            }
            Self::Turn { severity: Severity::Coach, .. } | Self::Closed { .. } | Self::NoWayBack => Tone::Coach,
            Self::Turn { .. } | Self::Broken { .. } | Self::Answered { .. } | Self::Refused { .. } => Tone::Bad,
            Self::Hint { .. } | Self::NoHint | Self::Injected { .. } => Tone::Plain,
        }
    }
}
