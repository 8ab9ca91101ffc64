//! When each command of a plan runs: commands of one group overlap where they do not depend on one another.
//!
//! Groups follow one another, and within a group its pre-actions, its own commands and its post-actions do. Machines of
//! later groups are prepared with those of the first one and only start in turn (E4).

use std::collections::BTreeSet;

use ipnet::Ipv4Net;

use crate::topology::address::first_overlap;
use crate::topology::overlap::Spaces;
use crate::topology::timing::{Basis, Duration};
use crate::topology::{Command, Group, GroupKind, Node, SiteIx, VnetIx};
use crate::world::{Refusal, World, apply_step};

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
    /// Whether it lies on the critical path: were it slower, so would the whole plan be.
    pub critical: bool,
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
    let mut held: Vec<Held> = Vec::new();
    let mut phases = Phases::of(world, groups);
    let (mut stage_start, mut stage) = (0, 0);
    for (group, stages) in groups.iter().enumerate() {
        for (commands, is_run) in [(&stages.before, false), (&stages.run, true), (&stages.after, false)] {
            if is_run {
                stage_start = phases.reached(stages.kind, stage_start);
            }
            let first = placed.len();
            let mut footprints: Vec<Footprint> = Vec::with_capacity(commands.len());
            for command in commands {
                let (seconds, basis, refused, idle) = match apply_step(&after, command) {
                    Ok(done) => {
                        after = done.world;
                        // A plan skips machines that have moved already (E2).
                        (done.seconds, done.basis, None, done.changes.is_empty())
                    }
                    Err(refusal) => (0, None, Some(refusal), true),
                };
                let footprint = Footprint::of(&after, command);
                let earlier = (first..).zip(&footprints);
                let waits_for: Vec<usize> =
                    earlier.filter(|(_, earlier)| footprint.depends(earlier, &after)).map(|(at, _)| at).collect();
                let ready = waits_for.iter().map(|at| placed[*at].end()).max().unwrap_or(stage_start);
                let (mut start, mut taken, mut since) = (ready, seconds, ready);
                if !idle && starts_machines(command) {
                    (start, taken, since) = phases.boot(ready, seconds);
                }
                footprints.push(footprint);
                held.push(Held { stage, since, waits_for });
                placed.push(Scheduled {
                    command: command.clone(),
                    group,
                    start,
                    seconds: taken,
                    basis,
                    refused,
                    critical: false,
                });
            }
            stage_start = placed[first..].iter().map(Scheduled::end).max().unwrap_or(stage_start).max(stage_start);
            stage += 1;
        }
    }
    mark_critical(&mut placed, &held, &phases);
    Schedule { placed, after }
}

/// Whether a command moves machines to another region.
pub(super) fn moves_machines(command: &Command) -> bool {
    matches!(command, Command::FailOver { .. } | Command::FailBack(_))
}

/// Whether a command starts machines elsewhere, moved ones or copies: what the groups of a plan put in order.
pub(super) fn starts_machines(command: &Command) -> bool {
    moves_machines(command) || matches!(command, Command::TestFailOver { .. })
}

/// How a plan treats its machines: all of them are shut down and prepared side by side, then those of each group start
/// when the group before is up (E4, modelled).
struct Phases {
    /// Seconds a started machine needs at the end of its failover.
    start_vm: u64,
    /// Seconds until a machine is prepared, as far as the plan moves any.
    prepare: Option<u64>,
    /// When the source machines are shut down.
    shut_down: Option<u64>,
    /// When all machines begin to fail over.
    failover: Option<u64>,
}

impl Phases {
    fn of(world: &World, groups: &[Group]) -> Self {
        let timing = &world.topology().timing;
        let start_vm = timing.seconds(Duration::StartVm);
        let first = groups.iter().flat_map(Group::commands).find(|command| starts_machines(command));
        let prepare = first.map(|command| {
            let whole = if moves_machines(command) { Duration::FailOverVm } else { Duration::TestFailOverVm };
            timing.seconds(whole).saturating_sub(start_vm)
        });
        Self { start_vm, prepare, shut_down: None, failover: None }
    }

    /// The plan comes to the part itself of a group; when what follows may begin.
    fn reached(&mut self, kind: GroupKind, now: u64) -> u64 {
        let Some(prepare) = self.prepare else { return now };
        match kind {
            GroupKind::Shutdown => {
                self.shut_down.get_or_insert(now);
                now
            }
            GroupKind::Failover => {
                self.shut_down.get_or_insert(now);
                self.failover.get_or_insert(now).saturating_add(prepare).max(now)
            }
            GroupKind::Boot => now,
        }
    }

    /// When machines that may start at `ready` begin to fail over, how long that takes until they run, and since when
    /// nothing but their own work holds them up. `seconds` is what it takes where nothing else waits.
    fn boot(&mut self, ready: u64, seconds: u64) -> (u64, u64, u64) {
        let failover = *self.failover.get_or_insert(ready);
        let shut_down = *self.shut_down.get_or_insert(failover);
        let start_vm = self.start_vm.min(seconds);
        let prepared = failover.saturating_add(seconds - start_vm);
        let up = prepared.max(ready).saturating_add(start_vm);
        (shut_down, up - shut_down, if ready > prepared { ready } else { failover })
    }

    /// What a moment had to wait for: whatever begins when the machines are prepared waits for their failover to begin.
    fn behind(&self, moment: u64) -> Option<u64> {
        let failover = self.failover?;
        (failover.saturating_add(self.prepare?) == moment).then_some(failover)
    }
}

/// What held a command up.
struct Held {
    /// Its stage, counted over all groups: one of the three lists of a group.
    stage: usize,
    /// Until when.
    since: u64,
    /// Commands of its own stage it waits for.
    waits_for: Vec<usize>,
}

/// Marks the critical path from its end: each step on it was held up by one that is on it too.
fn mark_critical(placed: &mut [Scheduled], held: &[Held], phases: &Phases) {
    let total = total(placed);
    let mut barriers: BTreeSet<(usize, u64)> = BTreeSet::new();
    for at in (0..placed.len()).rev() {
        let part = &placed[at];
        if part.refused.is_some() || part.seconds == 0 {
            continue;
        }
        let barrier = barriers.iter().any(|(stage, moment)| held[at].stage < *stage && part.end() == *moment);
        if !(part.critical || barrier || part.end() == total) {
            continue;
        }
        placed[at].critical = true;
        let Held { stage, since, waits_for } = &held[at];
        let inside: Vec<usize> = waits_for.iter().copied().filter(|before| placed[*before].end() == *since).collect();
        if inside.is_empty() {
            barriers.insert((*stage, *since));
            barriers.extend(phases.behind(*since).map(|moment| (*stage, moment)));
        }
        for before in inside {
            placed[before].critical = true;
        }
    }
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
    /// Machines move, or copies of them start.
    Machines,
    /// Anything: whatever else changes the world, and a person's confirmation, holds everything up.
    All,
}

impl Footprint {
    fn of(world: &World, command: &Command) -> Self {
        use Command::{Connect, CreateGateway, DeleteGateway, Disconnect, Route, Unroute};
        // A name that nothing has is refused anyway; then waiting is the careful answer.
        let found = match command {
            Connect { a, b, .. } => world.node_named(a).and_then(|a| Ok(Self::Link([a, world.node_named(b)?]))),
            Disconnect { a, b, .. } => world.node_named(a).and_then(|a| Ok(Self::Cut([a, world.node_named(b)?]))),
            CreateGateway { vnet, .. } | DeleteGateway { vnet, .. } => world.vnet_named(vnet).map(Self::Gateway),
            Route { site, prefix, .. } | Unroute { site, prefix } => {
                world.site_named(site).map(|site| Self::Route(site, *prefix))
            }
            command if starts_machines(command) => Ok(Self::Machines),
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
