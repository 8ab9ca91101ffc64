//! Worlds to lay out: the built-in scenarios in every state of their failovers, and random topologies.

use std::sync::Arc;

use crate::history::History;
use crate::plan::{Timing, derive};
use crate::topology::builtin::BUILTINS;
use crate::topology::load::open;
use crate::topology::{Scope, Side, Topology};
use crate::world::World;

/// A way through a scenario: each state from the start to the end of one failover.
pub(crate) struct Course {
    /// Scenario and scope.
    pub name: String,
    /// The states in order.
    pub worlds: Vec<World>,
}

/// A built-in topology.
pub(crate) fn topology(name: &str) -> Arc<Topology> {
    Arc::new(open(name).unwrap())
}

/// The failover of one scope of a scenario.
pub(crate) fn course(name: &str, scope: &Scope) -> Course {
    let mut history = History::start(topology(name));
    if let Ok(plan) = derive(&history.now().world, scope, Timing::During) {
        history.run_groups(&plan.groups);
    }
    let worlds = history.revisions().iter().map(|revision| revision.world.clone()).collect();
    Course { name: format!("{name} {scope}"), worlds }
}

/// The failover of every source region and every app of every built-in scenario.
pub(crate) fn courses() -> Vec<Course> {
    let mut all = Vec::new();
    for builtin in BUILTINS {
        let topology = topology(builtin.name);
        let regions = topology.regions.iter().filter(|region| region.side == Side::Source);
        let scopes = regions
            .map(|region| Scope::Region(region.id.clone()))
            .chain(topology.apps.iter().map(|app| Scope::App(app.id.clone())));
        all.extend(scopes.map(|scope| course(builtin.name, &scope)));
    }
    all
}
