//! A region goes down and comes back, or its control plane stops answering (D18, B58.5).

use std::sync::Arc;

use super::{Change, Done, Refusal, RefusalCode, Subject, World};
use crate::topology::{Command, LinkIx, LinkKind, LinkState, RegionIx};

/// `outage R`
pub(super) fn begin(world: &World, region: &str) -> Result<Done, Refusal> {
    let region = world.region_named(region)?;
    if !world.is_up(region) {
        let message = format!("{} is down already", world.region_title(region));
        return Err(Refusal::new(RefusalCode::RegionDown, "D18", message));
    }
    let mut next = world.clone();
    Arc::make_mut(&mut next.up)[region.at()] = false;
    Ok(changed(world, next, region))
}

/// `restore R`: the region is up and answers, and objects that could not be removed there show themselves (B58.5).
pub(super) fn end(world: &World, region: &str) -> Result<Done, Refusal> {
    let region = world.region_named(region)?;
    if world.answers(region) {
        let message = format!("{} is up already", world.region_title(region));
        return Err(Refusal::new(RefusalCode::RegionUp, "D18", message));
    }
    let mut next = world.clone();
    Arc::make_mut(&mut next.up)[region.at()] = true;
    if world.faults.degraded.contains(&region) {
        Arc::make_mut(&mut next.faults).degraded.remove(&region);
    }
    let mut done = changed(world, next, region);
    let left: Vec<LinkIx> = (0..done.world.links.len())
        .map(LinkIx::new)
        .filter(|at| {
            let link = world.link(*at);
            let there = |side: usize| {
                let vnet = link.between[side].vnet();
                link.halves[side].exists && vnet.is_some_and(|vnet| world.vnet(vnet).region == region)
            };
            link.state == LinkState::Absent && (there(0) || there(1))
        })
        .collect();
    for at in left {
        let link = &mut Arc::make_mut(&mut done.world.links)[at.at()];
        link.state = match link.kind {
            LinkKind::Peering => LinkState::Disconnected,
            _ => LinkState::NotConnected,
        };
        let (from, to) = (LinkState::Absent.to_string(), link.state.to_string());
        done.changes.push(Change::new(Subject::Link(at), Some(from), Some(to)));
    }
    Ok(done)
}

/// `degrade R`
pub(super) fn degrade(world: &World, region: &str) -> Result<Done, Refusal> {
    let region = world.region_named(region)?;
    let title = world.region_title(region);
    if !world.is_up(region) {
        let message = format!("{title} is down, which is more than that");
        let restore = Command::Restore(world.regions()[region.at()].id.clone());
        return Err(Refusal::new(RefusalCode::RegionDown, "D18", message).mended_by(restore));
    }
    if !world.answers(region) {
        let message = format!("the control plane of {title} does not answer already");
        return Err(Refusal::new(RefusalCode::NoChange, "D18", message));
    }
    let mut next = world.clone();
    Arc::make_mut(&mut next.faults).degraded.insert(region);
    Ok(changed(world, next, region))
}

fn changed(world: &World, next: World, region: RegionIx) -> Done {
    let (from, to) = (world.region_word(region).to_owned(), next.region_word(region).to_owned());
    let change = Change::new(Subject::Region(region), Some(from), Some(to));
    Done::instantly(next, vec![change])
}

impl World {
    /// The name of a region on the screen.
    pub fn region_title(&self, region: RegionIx) -> &str {
        &self.regions()[region.at()].title
    }

    /// How a region stands, in a word.
    pub fn region_word(&self, region: RegionIx) -> &'static str {
        match (self.is_up(region), self.answers(region)) {
            (false, _) => "down",
            (true, false) => "degraded",
            (true, true) => "up",
        }
    }
}
