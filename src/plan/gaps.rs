//! Who is cut off while a plan runs, and for how long.

use super::Scheduled;
use crate::network::{Network, needs};
use crate::topology::Need;
use crate::world::{World, apply};

/// How long a need is not met while the plan runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The need.
    pub need: Need,
    /// Seconds from the start of the plan until it is first broken; 0 if it was broken before.
    pub from: u64,
    /// Seconds from the start of the plan until it is met for good; none if it is not met at the end.
    pub until: Option<u64>,
    /// Whether it was broken before the plan began.
    pub broken_before: bool,
}

/// The gaps of a plan, in the order of the needs.
pub fn gaps(world: &World, placed: &[Scheduled]) -> Vec<Gap> {
    let mut now = world.clone();
    let mut clock = 0;
    let mut network = Network::of(&now);
    let start = needs::met(&now, &network);
    let mut met = start.clone();
    let mut broken: Vec<Option<u64>> = met.iter().map(|met| (!met).then_some(0)).collect();
    let mut mended: Vec<Option<u64>> = vec![None; met.len()];
    for part in placed.iter().filter(|part| part.refused.is_none()) {
        let Ok(done) = apply(&now, &part.command) else { continue };
        now = done.world;
        network = network.updated(&now, &done.changes);
        clock = clock.max(part.end());
        let after = needs::met_after(&now, &network, &met, &done.changes);
        for (at, is_met) in after.iter().enumerate() {
            match (met[at], is_met) {
                (true, false) => broken[at] = broken[at].or(Some(part.start)),
                (false, true) => mended[at] = Some(clock),
                _ => {}
            }
        }
        met = after;
    }
    let all = world.topology().needs.iter().enumerate();
    all.filter_map(|(at, need)| {
        let until = mended[at].filter(|_| met[at]);
        Some(Gap { need: *need, from: broken[at]?, until, broken_before: !start[at] })
    })
    .collect()
}
