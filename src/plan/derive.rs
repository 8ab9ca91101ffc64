//! Deriving the plan of a scope.

use std::collections::BTreeSet;

use super::draft::Draft;
use super::hubs;
use super::relink::{Manner, connect_command, relink, sources};
use super::schedule::{Schedule, schedule};
use super::{Gap, Options, Plan, PlannedLink, Rto, Timing, findings, gaps};
use crate::topology::timing::Basis;
use crate::topology::{Command, Finding, Group, LinkIx, Node, Scope, VmIx, VnetIx};
use crate::world::{Operation, Refusal, World, apply, assign_all};

/// Derives the plan for failing over a scope from the world as it is; where everything in it has failed over and is
/// re-protected, the plan for failing it back. A
/// [`Timing`] alone makes the links like for like.
///
/// No step of it is refused when it runs from there: a step the rules refuse is left out, with a finding that says why.
///
/// # Errors
/// The refusal of the failover itself where nothing in the scope can move.
pub fn derive(world: &World, scope: &Scope, options: impl Into<Options>) -> Result<Plan, Refusal> {
    let homeward = world.movable(scope).is_err() && world.ready(Operation::FailBack, scope).is_ok();
    if homeward { derive_back(world, scope, options) } else { towards(world, scope, options.into(), false) }
}

/// Derives the plan for failing a scope back: its machines go home, and the links are as they were at the start (D14).
///
/// # Errors
/// The refusal of the failback itself where nothing in the scope can move.
pub fn derive_back(world: &World, scope: &Scope, options: impl Into<Options>) -> Result<Plan, Refusal> {
    towards(world, scope, options.into(), true)
}

fn towards(world: &World, scope: &Scope, options: Options, homeward: bool) -> Result<Plan, Refusal> {
    let Options { timing, kind } = options;
    let operation = if homeward { Operation::FailBack } else { Operation::FailOver };
    apply(world, &command(scope, homeward))?;
    let movable = world.ready(operation, scope)?;
    let (mut addresses, mut stranded) = (Vec::new(), Vec::new());
    let assignment = assign_all(world, &movable);
    let cards = assignment.given().filter(|(holding, _)| holding.card.is_some());
    let cards: Vec<_> = cards.map(|(holding, to)| (holding, *to)).collect();
    for (vm, outcome) in assignment.vms {
        match outcome {
            Ok(assigned) => addresses.push((vm, assigned)),
            Err(unassigned) => stranded.push((vm, unassigned)),
        }
    }
    let moving: Vec<_> = addresses.iter().map(|(vm, to)| (*vm, world.subnet(to.to.subnet).vnet)).collect();
    let left: Vec<VmIx> = stranded.iter().map(|(vm, _)| *vm).collect();
    let sources = sources(world, scope, &moving, &left);
    let failing = hubs::failing(world, scope, homeward);
    let mut manner = Manner { between: kind, homeward, failing, stand_ins: false };
    let relinking = relink(world, &sources, &manner);
    let mut draft = Draft { world, homeward, addresses, cards, stranded, sources, relinking };
    let mut tried = Tried::of(&draft, scope, timing);
    // What joins the hubs of the recovery side is proposed only where a need is unmet without it (INV-11).
    if tried.unmet() > 0 && draft.relinking.left_out.iter().any(|left| left.instead.is_some() && !left.ready) {
        manner.stand_ins = true;
        let plain = std::mem::replace(&mut draft.relinking, relink(world, &draft.sources, &manner));
        let joined = Tried::of(&draft, scope, timing);
        match joined.unmet() < tried.unmet() {
            true => tried = joined,
            false => draft.relinking = plain,
        }
    }
    let Tried { mut found, groups, schedule, gaps } = tried;
    found.extend(findings::of_gaps(world, &gaps));
    let rto = Rto::of(world, &schedule.placed, &gaps);
    found.extend(rto.findings(world));
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let (cut, made, kept) = links(world, &schedule.after);
    Ok(Plan {
        scope: scope.clone(),
        homeward,
        timing,
        seconds: schedule.seconds(),
        assumed: schedule.placed.iter().any(|part| part.basis == Some(Basis::Assumed)),
        groups,
        addresses: draft.addresses,
        cards: draft.cards,
        cut,
        made,
        kept,
        gaps,
        rto,
        findings: found,
    })
}

/// A draft that was tried on a copy of the world.
struct Tried {
    found: Vec<Finding>,
    groups: Vec<Group>,
    schedule: Schedule,
    gaps: Vec<Gap>,
}

impl Tried {
    fn of(draft: &Draft<'_>, scope: &Scope, timing: Timing) -> Self {
        let mut found = findings::of_draft(draft);
        let (groups, schedule) = without_refused(draft.world, arrange(draft, scope, timing), &mut found);
        let gaps = gaps::gaps(draft.world, &schedule.placed);
        Self { found, groups, schedule, gaps }
    }

    fn unmet(&self) -> usize {
        self.gaps.iter().filter(|gap| gap.until.is_none()).count()
    }
}

/// What moves the machines.
fn command(scope: &Scope, homeward: bool) -> Command {
    if homeward { Command::FailBack(scope.clone()) } else { Command::fail_over(scope.clone()) }
}

/// Puts the steps in groups; the links are made before, during or after the failover (E11; article, lines 64 to 66).
fn arrange(draft: &Draft<'_>, scope: &Scope, timing: Timing) -> Vec<Group> {
    let world = draft.world;
    let work = &draft.relinking;
    let speaks =
        |vnet: &VnetIx| work.make.iter().any(|wanted| wanted.bgp && wanted.between.contains(&Node::Vnet(*vnet)));
    let gateways: Vec<Command> =
        work.gateways.iter().map(|(vnet, kind)| world.gateway_command(*vnet, *kind, speaks(vnet))).collect();
    let cuts: Vec<Command> = work.cut.iter().map(|link| world.disconnect_command(*link)).collect();
    let mut makes: Vec<Command> = work.make.iter().map(|wanted| connect_command(world, *wanted)).collect();
    makes.extend(work.stand_ins.iter().chain(&work.routes).cloned());
    let fail_over = vec![command(scope, draft.homeward)];
    let group = |title: &str, run: Vec<Command>| Group { title: title.to_owned(), run, ..Group::default() };
    let mut groups = vec![group("Create the missing gateways", gateways)];
    match timing {
        Timing::Before => {
            groups.push(group("Cut over the links", cuts.into_iter().chain(makes).collect()));
            groups.push(group("Move the machines", fail_over));
        }
        Timing::During => {
            groups.push(group("Cut the old links", cuts));
            let title = if makes.is_empty() { "Move the machines" } else { "Move the machines and make the new links" };
            groups.push(group(title, fail_over.into_iter().chain(makes).collect()));
        }
        Timing::After => {
            groups.push(group("Cut the old links", cuts));
            let title =
                if makes.is_empty() { "Move the machines" } else { "Move the machines, then make the new links" };
            groups.push(Group { after: makes, ..group(title, fail_over) });
        }
    }
    groups.retain(|group| group.commands().next().is_some());
    groups
}

/// Leaves out what the rules refuse when its turn comes, until nothing is refused any more.
fn without_refused(world: &World, mut groups: Vec<Group>, found: &mut Vec<Finding>) -> (Vec<Group>, Schedule) {
    loop {
        let mut tried = schedule(world, &groups);
        // A step may be refused only because of an earlier one that is left out as well: take them one by one.
        let first =
            tried.placed.iter_mut().find_map(|part| Some((part.group, part.command.clone(), part.refused.take()?)));
        let Some((group, command, refusal)) = first else {
            groups.retain(|group| group.commands().next().is_some());
            return (groups, tried);
        };
        let stages = &mut groups[group];
        for stage in [&mut stages.before, &mut stages.run, &mut stages.after] {
            stage.retain(|step| *step != command);
        }
        found.push(findings::of_refused(&command, &refusal));
    }
}

/// The links a plan cuts, makes and leaves alone.
fn links(world: &World, after: &World) -> (Vec<PlannedLink>, Vec<PlannedLink>, Vec<PlannedLink>) {
    let (mut cut, mut made, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    let live = |world: &World| world.live_links().map(|(link, _)| link).collect::<BTreeSet<LinkIx>>();
    let (before, now) = (live(world), live(after));
    for link in before.union(&now) {
        let shown = after.link(*link);
        let shown = PlannedLink { kind: shown.kind, circuit: shown.circuit, between: shown.between };
        match (before.contains(link), now.contains(link)) {
            (true, true) => kept.push(shown),
            (true, false) => cut.push(shown),
            _ => made.push(shown),
        }
    }
    (cut, made, kept)
}
