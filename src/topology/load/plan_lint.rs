//! What is wrong with a recovery plan although each of its commands is one: limits, members, order and phases (E1 to E3,
//! E5, E6, E9, E13).

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::sink::Sink;
use crate::topology::one_way::{OneWay, Way};
use crate::topology::overlap::{Wanted, clashes};
use crate::topology::{
    CircuitIx, Command, FailoverType, FileGroup, FilePlan, Finding, FindingCode, GroupKind, Link, LinkState, Node,
    PlanStep, RunMode, Scope, Severity, SiteIx, Topology, VmIx, VnetIx,
};

/// Groups a plan may have (E1).
const MOST_GROUPS: usize = 7;
/// Machines a plan may have (E2).
const MOST_MACHINES: usize = 100;

/// Puts what is wrong with each plan of the file among its findings.
pub(super) fn lint(topology: &Topology, sink: &mut Sink) {
    // A plan that others run is looked at once for itself, and what it says there is not said again.
    let mut said = HashSet::new();
    for plan in &topology.plans {
        let Ok(groups) = topology.unfolded(plan) else { continue };
        let mut lint = Lint { topology, plan, sink, said: &mut said };
        lint.limits(&groups);
        lint.members(&groups);
        lint.order(&groups);
        lint.tests(&groups);
        lint.phases(&groups);
    }
}

/// What is wrong with the plans of a topology, those made after it was loaded among them, without places.
pub(crate) fn lint_plans(topology: &Topology) -> Vec<Finding> {
    let mut sink = Sink::default();
    lint(topology, &mut sink);
    let mut findings = sink.findings("");
    findings.iter_mut().for_each(|finding| finding.position = None);
    findings
}

struct Lint<'l> {
    topology: &'l Topology,
    plan: &'l FilePlan,
    sink: &'l mut Sink,
    said: &'l mut HashSet<(FindingCode, usize)>,
}

/// A link that a step makes or cuts.
#[derive(Clone, Copy)]
struct Ends<'s> {
    step: &'s PlanStep,
    between: [Node; 2],
    makes: bool,
}

impl Lint<'_> {
    fn say(&mut self, severity: Severity, code: FindingCode, span: &Range<usize>, message: &str) {
        if self.said.insert((code, span.start)) {
            let message = format!("plan `{}`: {message}", self.plan.id);
            self.sink.finding(severity, code, span, message, &[&self.plan.id]);
        }
    }

    /// At most seven groups (E1); the hooks of shutdown and failover are none.
    fn limits(&mut self, groups: &[FileGroup]) {
        let mut boot = groups.iter().filter(|group| group.kind == GroupKind::Boot);
        let count = boot.clone().count();
        if let Some(step) = boot.nth(MOST_GROUPS).and_then(|group| group.steps().next()) {
            let message = format!("it has {count} groups; a recovery plan has at most {MOST_GROUPS} (E1)");
            self.say(Severity::Error, FindingCode::PlanLimit, &step.span, &message);
        }
    }

    /// At most a hundred machines (E2), each in one group (E1), all from one region to one region (E3).
    fn members(&mut self, groups: &[FileGroup]) {
        let mut group_of: HashMap<VmIx, usize> = HashMap::new();
        let mut way = OneWay::default();
        let mut too_many = false;
        for (number, group) in groups.iter().filter(|group| group.kind == GroupKind::Boot).enumerate() {
            for step in group.steps() {
                let Some(scope) = moved(&step.command) else { continue };
                let members = self.protected(scope);
                let mut twice: Vec<VmIx> = Vec::new();
                let mut astray = None;
                for vm in members {
                    let first = *group_of.entry(vm).or_insert(number);
                    if first != number {
                        twice.push(vm);
                    }
                    let Some(own) = self.way(vm) else { continue };
                    let said = way.astray(self.topology, &self.topology.vms[vm.at()].id, own);
                    astray = astray.or(said);
                }
                if let Some(vm) = twice.first() {
                    let also = match twice.len() {
                        1 => String::new(),
                        several => format!(" and {} more", several - 1),
                    };
                    let message = format!(
                        "{}{also} would be in group {} and in group {}; a machine belongs to one group (E1)",
                        self.topology.vms[vm.at()].id,
                        group_of[vm] + 1,
                        number + 1
                    );
                    self.say(Severity::Error, FindingCode::PlanMembers, &step.span, &message);
                }
                if let Some(message) = astray {
                    self.say(Severity::Error, FindingCode::PlanMembers, &step.span, &message);
                }
                if group_of.len() > MOST_MACHINES && !too_many {
                    too_many = true;
                    let message = format!(
                        "it has {} machines or more; a recovery plan has at most {MOST_MACHINES} (E2): split it",
                        group_of.len()
                    );
                    self.say(Severity::Error, FindingCode::PlanLimit, &step.span, &message);
                }
            }
        }
    }

    /// A link of one twin comes after the cut of the other's to the same neighbour, in every failover in which it is
    /// made (E13).
    fn order(&mut self, groups: &[FileGroup]) {
        let links = self.links(groups);
        for (at, made) in links.iter().enumerate().filter(|(_, link)| link.makes) {
            for [me, neighbour] in [made.between, [made.between[1], made.between[0]]] {
                for twin in self.twins(me).into_iter().filter(|twin| *twin != neighbour) {
                    let cut = |link: &&Ends<'_>| !link.makes && same_pair(link.between, [twin, neighbour]);
                    let cuts =
                        |links: &[Ends<'_>], mode| links.iter().filter(cut).any(|cut| cut.step.enabled.holds(mode));
                    let uncut = |mode: &RunMode| made.step.enabled.holds(*mode) && !cuts(&links[..at], *mode);
                    let Some(mode) = RunMode::ALL.into_iter().find(uncut) else { continue };
                    let [mine, other, far] = [me, twin, neighbour].map(|node| self.title(node));
                    let message = if cuts(&links[at..], mode) {
                        format!("it joins {mine} to {far} before it cuts {other} from there (E13)")
                    } else if links.iter().any(|link| cut(&link)) {
                        let run = format!("{} {}", mode.kind, mode.direction);
                        format!(
                            "it joins {mine} to {far} in a {run} too, where it does not cut {other} from there (E13)"
                        )
                    } else if self.in_the_way(made, [twin, neighbour]) {
                        format!("it joins {mine} to {far} and never cuts {other} from there (E13)")
                    } else {
                        continue;
                    };
                    self.say(Severity::Error, FindingCode::PlanOrder, &made.step.span, &message);
                }
            }
        }
    }

    /// Whether a link of the file joins the pair and the overlap rules would refuse the new one beside it.
    fn in_the_way(&self, made: &Ends<'_>, pair: [Node; 2]) -> bool {
        let Command::Connect { kind, circuit, .. } = &made.step.command else { return false };
        let topology = self.topology;
        let stands = |link: &&Link| link.state == LinkState::Connected && same_pair(link.between, pair);
        let planned = topology.links.iter().find(|link| same_pair(link.between, made.between));
        topology.links.iter().filter(stands).any(|old| {
            let like = planned.unwrap_or(old);
            let named =
                |name: &String| topology.circuits.iter().position(|known| known.id == *name).map(CircuitIx::new);
            let circuit = circuit.as_ref().map_or(like.circuit, named);
            let wanted = Wanted { kind: kind.unwrap_or(like.kind), between: made.between, circuit, bgp: like.bgp };
            !clashes(topology, std::slice::from_ref(old), wanted).is_empty()
        })
    }

    /// A drill leaves production alone: it must not cut a link of it nor give its failover network one, and what it makes
    /// stays, for its clean-up runs no action (E9, E13).
    fn tests(&mut self, groups: &[FileGroup]) {
        for link in self.links(groups) {
            if !link.step.enabled.types.contains(&FailoverType::TestFailover) {
                continue;
            }
            let [a, b] = link.between.map(|node| self.title(node));
            let recovers =
                |node: Node| node.vnet().is_some_and(|vnet| self.topology.vnets[vnet.at()].recovers.is_some());
            let (severity, what) = match link.makes {
                false => (Severity::Warning, format!("a test failover would cut {a} from {b}")),
                true if link.between.into_iter().any(recovers) => {
                    (Severity::Warning, format!("a test failover would join {a} to {b} beside production"))
                }
                true => (Severity::Note, format!("a test failover joins {a} to {b}")),
            };
            let undone = "the clean-up of a test runs no action, so nothing undoes it";
            let message = format!("{what}, and {undone}; say `types = [\"failover\"]` (E9, E13)");
            self.say(severity, FindingCode::PlanTest, &link.step.span, &message);
        }
    }

    /// Machines move in the groups themselves, and their targets are set and verified before (E5, E6).
    fn phases(&mut self, groups: &[FileGroup]) {
        let steps: Vec<&PlanStep> = groups.iter().flat_map(FileGroup::steps).collect();
        let last_move = steps.iter().rposition(|step| moved(&step.command).is_some());
        for group in groups {
            for step in group.before.iter().chain(&group.after).filter(|step| moved(&step.command).is_some()) {
                let message =
                    format!("`{}` stands among the actions around a group; machines move in `do` (E5)", step.command);
                self.say(Severity::Warning, FindingCode::PlanPhase, &step.span, &message);
            }
            if group.kind != GroupKind::Boot && last_move.is_none() {
                let part = if group.kind == GroupKind::Shutdown { "shutdown" } else { "failover" };
                if let Some(step) = group.steps().next() {
                    let message = format!("it has actions around the {part} and moves no machine (E6)");
                    self.say(Severity::Warning, FindingCode::PlanPhase, &step.span, &message);
                }
            }
        }
        for step in steps.iter().filter(|step| matches!(step.command, Command::CleanUp(_))) {
            let message = format!(
                "`{}` is no part of a plan: a test is cleaned up by hand, when it was looked at (E9)",
                step.command
            );
            self.say(Severity::Warning, FindingCode::PlanPhase, &step.span, &message);
        }
        for step in steps.iter().skip(last_move.map_or(steps.len(), |last| last + 1)) {
            if let Command::SetTarget { .. } | Command::VerifyTargets(_) = step.command {
                let message = format!("`{}` comes after its machines have moved", step.command);
                self.say(Severity::Warning, FindingCode::PlanPhase, &step.span, &message);
            }
        }
    }

    /// The links that steps make and cut, in the order they run.
    fn links<'s>(&self, groups: &'s [FileGroup]) -> Vec<Ends<'s>> {
        let ends = |step: &'s PlanStep| {
            let (a, b, makes) = match &step.command {
                Command::Connect { a, b, .. } => (a, b, true),
                Command::Disconnect { a, b, .. } => (a, b, false),
                _ => return None,
            };
            Some(Ends { step, between: [self.node(a)?, self.node(b)?], makes })
        };
        groups.iter().flat_map(FileGroup::steps).filter_map(ends).collect()
    }

    fn node(&self, id: &str) -> Option<Node> {
        let vnet = self.topology.vnets.iter().position(|vnet| vnet.id == id).map(|at| Node::Vnet(VnetIx::new(at)));
        let site = || self.topology.sites.iter().position(|site| site.id == id);
        vnet.or_else(|| site().map(|at| Node::Site(SiteIx::new(at))))
    }

    fn title(&self, node: Node) -> String {
        match node {
            Node::Vnet(vnet) => self.topology.vnets[vnet.at()].title.clone(),
            Node::Site(site) => self.topology.sites[site.at()].title.clone(),
        }
    }

    /// The VNet a VNet recovers and those that recover it.
    fn twins(&self, node: Node) -> Vec<Node> {
        let Some(vnet) = node.vnet() else { return Vec::new() };
        let source = self.topology.vnets[vnet.at()].recovers;
        source.into_iter().chain(self.topology.twins_of(vnet)).map(Node::Vnet).collect()
    }

    /// The protected machines of a scope, where the file puts them.
    fn protected(&self, scope: &Scope) -> Vec<VmIx> {
        let topology = self.topology;
        let is_in = |at: usize| {
            let vm = &topology.vms[at];
            let subnet = &topology.subnets[vm.subnet.at()];
            let vnet = &topology.vnets[subnet.vnet.at()];
            match scope {
                Scope::Region(id) => topology.regions[vnet.region.at()].id == *id,
                Scope::App(id) => vm.app.is_some_and(|app| topology.apps[app.at()].id == *id),
                Scope::Vnet(id) => vnet.id == *id,
                Scope::Subnet(name) => vnet.id == name.vnet && subnet.id == name.subnet,
                Scope::Vm(id) => vm.id == *id,
            }
        };
        (0..topology.vms.len()).filter(|at| topology.vms[*at].protected && is_in(*at)).map(VmIx::new).collect()
    }

    /// From which region to which a machine fails over.
    fn way(&self, vm: VmIx) -> Option<Way> {
        let vm = &self.topology.vms[vm.at()];
        let home = self.topology.subnets[vm.subnet.at()].vnet;
        let target = vm.target.subnet.map(|subnet| self.topology.subnets[subnet.at()].vnet);
        let target = target.or_else(|| self.topology.twins_of(home).next())?;
        let region = |vnet: VnetIx| self.topology.vnets[vnet.at()].region;
        Some((region(home), region(target)))
    }
}

fn same_pair(one: [Node; 2], [a, b]: [Node; 2]) -> bool {
    one == [a, b] || one == [b, a]
}

/// The machines a step moves.
fn moved(command: &Command) -> Option<&Scope> {
    match command {
        Command::FailOver { scope, .. } | Command::TestFailOver { scope, .. } | Command::FailBack(scope) => Some(scope),
        _ => None,
    }
}
