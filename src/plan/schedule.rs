//! When each command of a plan runs: commands of one group overlap where they do not depend on one another.
//!
//! Groups follow one another, and within a group its pre-actions, its own commands and its post-actions do.

use ipnet::Ipv4Net;

use crate::topology::address::first_overlap;
use crate::topology::overlap::Spaces;
use crate::topology::timing::Basis;
use crate::topology::{Command, Group, Node, SiteIx, VnetIx};
use crate::world::{Refusal, World, apply};

/// A command of a plan with its place in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheduled {
    /// The command.
    pub command: Command,
    /// The position of its group.
    pub group: usize,
    /// Seconds from the start of the plan.
    pub start: u64,
    /// Seconds it takes; none where it is refused.
    pub seconds: u64,
    /// Where the figure comes from.
    pub basis: Option<Basis>,
    /// Why it is refused when its turn comes, if it is.
    pub refused: Option<Refusal>,
}

impl Scheduled {
    /// Seconds from the start of the plan until it is done.
    pub fn end(&self) -> u64 {
        self.start + self.seconds
    }
}

/// Commands placed in time, and the world after them.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// Every command in the order it is given.
    pub placed: Vec<Scheduled>,
    /// The world when all are done; its clock has not moved.
    pub after: World,
}

impl Schedule {
    /// When everything is done, in seconds from the start.
    pub fn seconds(&self) -> u64 {
        total(&self.placed)
    }
}

/// When all of these are done, in seconds from the start.
pub fn total(placed: &[Scheduled]) -> u64 {
    placed.iter().map(Scheduled::end).max().unwrap_or(0)
}

/// Places the commands of groups in time, trying each on a copy of the world. A refused one takes no time.
pub fn schedule(world: &World, groups: &[Group]) -> Schedule {
    let mut after = world.clone();
    let mut placed: Vec<Scheduled> = Vec::new();
    let mut stage_start = 0;
    for (group, stages) in groups.iter().enumerate() {
        for stage in [&stages.before, &stages.run, &stages.after] {
            let first = placed.len();
            let mut footprints: Vec<Footprint> = Vec::with_capacity(stage.len());
            for command in stage {
                let (seconds, basis, refused) = match apply(&after, command) {
                    Ok(done) => {
                        after = done.world;
                        (done.seconds, done.basis, None)
                    }
                    Err(refusal) => (0, None, Some(refusal)),
                };
                let footprint = Footprint::of(&after, command);
                let earlier = footprints.iter().zip(&placed[first..]);
                let waits_for = earlier.filter(|(earlier, _)| footprint.depends(earlier, &after));
                let start = waits_for.map(|(_, placed)| placed.end()).max().unwrap_or(stage_start);
                footprints.push(footprint);
                placed.push(Scheduled { command: command.clone(), group, start, seconds, basis, refused });
            }
            stage_start = placed[first..].iter().map(Scheduled::end).max().unwrap_or(stage_start).max(stage_start);
        }
    }
    Schedule { placed, after }
}

/// What a command touches, as far as others of its group may have to wait for it.
#[derive(Debug, Clone, Copy)]
enum Footprint {
    /// A link is made.
    Link([Node; 2]),
    /// A link is cut.
    Cut([Node; 2]),
    /// A gateway comes or goes.
    Gateway(VnetIx),
    /// A site's route for a prefix.
    Route(SiteIx, Ipv4Net),
    /// Machines move.
    Machines,
    /// Anything: whatever else changes the world, and a person's confirmation, holds everything up.
    All,
}

impl Footprint {
    fn of(world: &World, command: &Command) -> Self {
        use Command::{Connect, CreateGateway, DeleteGateway, Disconnect, FailBack, FailOver, Route, Unroute};
        // A name that nothing has is refused anyway; then waiting is the careful answer.
        let found = match command {
            Connect { a, b, .. } => world.node_named(a).and_then(|a| Ok(Self::Link([a, world.node_named(b)?]))),
            Disconnect { a, b, .. } => world.node_named(a).and_then(|a| Ok(Self::Cut([a, world.node_named(b)?]))),
            CreateGateway { vnet, .. } | DeleteGateway { vnet, .. } => world.vnet_named(vnet).map(Self::Gateway),
            Route { site, prefix, .. } | Unroute { site, prefix } => {
                world.site_named(site).map(|site| Self::Route(site, *prefix))
            }
            FailOver { .. } | FailBack(_) => Ok(Self::Machines),
            _ => Ok(Self::All),
        };
        found.unwrap_or(Self::All)
    }

    /// Whether this one has to wait for an earlier one. Links and gateways wait for those they need or follow; a
    /// failover waits for no link, nor a link for it (D17).
    fn depends(self, earlier: &Self, world: &World) -> bool {
        match (self, *earlier) {
            (Self::All, _) | (_, Self::All) => true,
            (Self::Machines, _) | (_, Self::Machines) => false,
            // Only a cut makes room for a link.
            (Self::Cut(_), Self::Cut(_)) | (Self::Link(_), Self::Link(_)) => false,
            (Self::Link(one), Self::Cut(other)) | (Self::Cut(one), Self::Link(other)) => meet(world, one, other),
            (Self::Link(ends) | Self::Cut(ends), Self::Gateway(vnet))
            | (Self::Gateway(vnet), Self::Link(ends) | Self::Cut(ends)) => ends.contains(&Node::Vnet(vnet)),
            (Self::Link(ends) | Self::Cut(ends), Self::Route(site, _))
            | (Self::Route(site, _), Self::Link(ends) | Self::Cut(ends)) => ends.contains(&Node::Site(site)),
            (Self::Gateway(one), Self::Gateway(other)) => one == other,
            (Self::Route(site, prefix), Self::Route(s, p)) => (site, prefix) == (s, p),
            (Self::Gateway(_), Self::Route(..)) | (Self::Route(..), Self::Gateway(_)) => false,
        }
    }
}

/// Whether two links join the same pair, or meet in one network and bring it overlapping prefixes.
fn meet(world: &World, one: [Node; 2], other: [Node; 2]) -> bool {
    let ends = |[a, b]: [Node; 2]| [(a, b), (b, a)];
    ends(one).into_iter().any(|(at, far)| {
        ends(other).into_iter().any(|(there, beyond)| {
            at == there && (far == beyond || first_overlap(world.space(far), world.space(beyond)).is_some())
        })
    })
}
