//! A region goes down and comes back (D18).

use std::sync::Arc;

use super::{Change, Done, Refusal, RefusalCode, Subject, World};
use crate::topology::RegionIx;

/// `outage R`
pub(super) fn begin(world: &World, region: &str) -> Result<Done, Refusal> {
    let region = world.region_named(region)?;
    if !world.is_up(region) {
        let message = format!("{} is down already", world.region_title(region));
        return Err(Refusal::new(RefusalCode::RegionDown, "D18", message));
    }
    Ok(set(world, region, false))
}

/// `restore R`
pub(super) fn end(world: &World, region: &str) -> Result<Done, Refusal> {
    let region = world.region_named(region)?;
    if world.is_up(region) {
        let message = format!("{} is up already", world.region_title(region));
        return Err(Refusal::new(RefusalCode::RegionUp, "D18", message));
    }
    Ok(set(world, region, true))
}

fn set(world: &World, region: RegionIx, up: bool) -> Done {
    let mut next = world.clone();
    Arc::make_mut(&mut next.up)[region.at()] = up;
    let word = |up: bool| Some(if up { "up" } else { "down" }.to_owned());
    let change = Change::new(Subject::Region(region), word(!up), word(up));
    Done::instantly(next, vec![change])
}

impl World {
    /// The name of a region on the screen.
    pub fn region_title(&self, region: RegionIx) -> &str {
        &self.regions()[region.at()].title
    }
}
