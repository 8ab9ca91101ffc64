//! `run --json`: every step and the world at the end.

use serde::Serialize;

use super::{WorldJson, texts, world};
use crate::history::Revision;
use crate::report::run::Ran;
use crate::world::World;

/// What `run --json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunJson {
    /// The topology that was run.
    pub topology: TitleJson,
    /// Every step in the order it was asked for.
    pub steps: Vec<StepJson>,
    /// The world after the last step.
    pub world: WorldJson,
}

/// A topology's name and title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TitleJson {
    /// The built-in name, or the file's name without `.toml`.
    pub name: String,
    /// Its title.
    pub title: String,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepJson {
    /// The command's text.
    pub command: String,
    /// `done` or `refused`.
    pub outcome: &'static str,
    /// The code of a refusal.
    pub code: Option<String>,
    /// The sentence of a refusal.
    pub message: Option<String>,
    /// Commands that would make a refused step possible, in this order; left out where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mend: Vec<String>,
    /// How long it took; 0 for a refused step.
    pub seconds: u64,
    /// What changed.
    pub changes: Vec<ChangeJson>,
}

/// One thing a step changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeJson {
    /// The kind of thing.
    pub what: &'static str,
    /// Its id.
    pub id: String,
    /// What it was.
    pub from: Option<String>,
    /// What it is.
    pub to: Option<String>,
}

/// What `run --json` prints for these steps that led to this revision.
pub fn run(steps: &[Ran], end: &Revision) -> RunJson {
    let topology = end.world.topology();
    RunJson {
        topology: TitleJson { name: topology.name.clone(), title: topology.title.clone() },
        steps: steps.iter().map(|ran| step(ran, &end.world)).collect(),
        world: world(end),
    }
}

fn step(ran: &Ran, world: &World) -> StepJson {
    let command = ran.command.clone();
    match &ran.outcome {
        Ok(step) => StepJson {
            command,
            outcome: "done",
            code: None,
            message: None,
            mend: Vec::new(),
            seconds: step.finished.saturating_sub(step.started),
            changes: step
                .changes
                .iter()
                .map(|change| ChangeJson {
                    what: change.what(),
                    id: change.id(world),
                    from: change.from.as_ref().map(|value| value.words(world)),
                    to: change.to.as_ref().map(|value| value.words(world)),
                })
                .collect(),
        },
        Err(refusal) => StepJson {
            command,
            outcome: "refused",
            code: Some(refusal.code.to_string()),
            message: Some(ran.placed(&refusal.message)),
            mend: texts(&refusal.mend),
            seconds: 0,
            changes: Vec::new(),
        },
    }
}
