//! Who is cut off while a plan runs, and for how long.

use super::Scheduled;
use crate::network::{Network, needs};
use crate::topology::{Command, Endpoint, Need};
use crate::world::{Change, Subject, World, apply_step};

/// One time in which a need is not met, in seconds from the start of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss {
    /// When it begins.
    pub from: u64,
    /// When it ends; never, where there is none.
    pub until: Option<u64>,
}

/// How long a need is not met while the plan runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The need.
    pub need: Need,
    /// Seconds from the start of the plan until it is first broken; 0 if it was broken before.
    pub from: u64,
    /// Seconds from the start of the plan until it is met for good; none if it is not met at the end.
    pub until: Option<u64>,
    /// Each time it is not met, apart from one another and in order.
    pub losses: Vec<Loss>,
    /// Whether it was broken before the plan began.
    pub broken_before: bool,
}

impl Gap {
    /// The outage in seconds, from the first loss to the return; to `end` where there is none.
    pub fn outage(&self, end: u64) -> u64 {
        self.until.unwrap_or(end).saturating_sub(self.from)
    }

    /// Seconds of the outage in which the need is not met: less than the outage where it comes back in between.
    pub fn cut_off(&self, end: u64) -> u64 {
        self.losses.iter().map(|loss| loss.until.unwrap_or(end).saturating_sub(loss.from)).sum()
    }
}

/// The gaps of a plan, in the order of the needs.
///
/// A need is lost from the start of the step that breaks it to the end of the one that mends it, and while a machine it
/// is about fails over: from its shutdown until it runs again.
pub fn gaps(world: &World, placed: &[Scheduled]) -> Vec<Gap> {
    let needs = &world.topology().needs;
    let mut now = world.clone();
    let mut clock = 0;
    let mut network = Network::of(&now);
    let start = needs::met(&now, &network);
    let mut met = start.clone();
    let lost = |met: &bool| if *met { Vec::new() } else { vec![Loss { from: 0, until: None }] };
    let mut losses: Vec<Vec<Loss>> = met.iter().map(lost).collect();
    for part in placed.iter().filter(|part| part.refused.is_none()) {
        let Ok(done) = apply_step(&now, &part.command) else { continue };
        now = done.world;
        network = network.updated(&now, &done.changes);
        clock = clock.max(part.end());
        let after = needs::met_after(&now, &network, &met, &done.changes);
        for (at, is_met) in after.iter().enumerate() {
            match (met[at], is_met) {
                (true, false) => losses[at].push(Loss { from: part.start, until: None }),
                (false, true) => {
                    if let Some(open) = losses[at].iter_mut().rfind(|loss| loss.until.is_none()) {
                        open.until = Some(clock);
                    }
                }
                _ => {}
            }
        }
        if stops_machines(&part.command) {
            let moved = Moved::by(&now, &done.changes);
            for (_, losses) in needs.iter().zip(&mut losses).filter(|(need, _)| moved.concerns(need)) {
                losses.push(Loss { from: part.start, until: Some(part.end()) });
            }
        }
        met = after;
    }
    let all = needs.iter().zip(losses).zip(start);
    all.filter_map(|((need, losses), met_before)| {
        let losses = apart(losses);
        let (first, last) = (losses.first()?, losses.last()?);
        Some(Gap { need: *need, from: first.from, until: last.until, broken_before: !met_before, losses })
    })
    .collect()
}

/// Whether the machines stand still from the start of a command to its end; a source that is not shut down does not (D8).
fn stops_machines(command: &Command) -> bool {
    matches!(command, Command::FailOver { shut_down: true, .. } | Command::FailBack(_))
}

/// Losses in order, those that touch made one.
fn apart(mut losses: Vec<Loss>) -> Vec<Loss> {
    losses.sort_by_key(|loss| loss.from);
    let mut whole: Vec<Loss> = Vec::new();
    for loss in losses {
        match whole.last_mut() {
            Some(last) if last.until.is_none_or(|until| loss.from <= until) => {
                last.until = last.until.and_then(|until| Some(until.max(loss.until?)));
            }
            _ => whole.push(loss),
        }
    }
    whole.retain(|loss| loss.until != Some(loss.from));
    whole
}

/// The machines a step moved, and their apps; one mark for each that there is.
struct Moved {
    vms: Vec<bool>,
    apps: Vec<bool>,
}

impl Moved {
    fn by(world: &World, changes: &[Change]) -> Self {
        let topology = world.topology();
        let mut moved = Self { vms: vec![false; topology.vms.len()], apps: vec![false; topology.apps.len()] };
        for change in changes {
            let Subject::Vm(vm) = change.subject else { continue };
            moved.vms[vm.at()] = true;
            if let Some(app) = world.app_of(vm) {
                moved.apps[app.at()] = true;
            }
        }
        moved
    }

    fn concerns(&self, need: &Need) -> bool {
        [need.from, need.to].into_iter().any(|end| match end {
            Endpoint::Vm(vm) => self.vms[vm.at()],
            Endpoint::App(app) => self.apps[app.at()],
            Endpoint::Site(_) => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loss(from: u64, until: Option<u64>) -> Loss {
        Loss { from, until }
    }

    #[test]
    fn losses_that_touch_are_one_and_an_open_one_ends_the_list() {
        let found = apart(vec![loss(60, Some(90)), loss(0, Some(60)), loss(200, Some(260)), loss(210, Some(220))]);
        assert_eq!(found, [loss(0, Some(90)), loss(200, Some(260))]);
        let found = apart(vec![loss(10, None), loss(0, Some(5)), loss(70, Some(80))]);
        assert_eq!(found, [loss(0, Some(5)), loss(10, None)]);
        assert!(apart(vec![loss(7, Some(7))]).is_empty(), "what takes no time is no loss");
    }
}
