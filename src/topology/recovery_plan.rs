//! Recovery plans as a file writes them: groups, hooks, and in which failovers each of their steps is enabled (E1 to E6).

use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;
use strum::{Display, EnumIter};

use super::{Command, Topology};

/// The kinds of failover a step of a plan may be enabled for (E5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumIter, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum FailoverType {
    /// The failover itself.
    Failover,
    /// A drill beside production.
    TestFailover,
}

/// The directions a step of a plan may be enabled for (E5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumIter, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum FailoverDirection {
    /// To the recovery region.
    PrimaryToRecovery,
    /// Back again.
    RecoveryToPrimary,
}

/// How a plan is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunMode {
    /// For real or as a drill.
    pub kind: FailoverType,
    /// There or back.
    pub direction: FailoverDirection,
}

impl RunMode {
    /// Every way to run a plan.
    pub const ALL: [Self; 4] = {
        use FailoverDirection::{PrimaryToRecovery, RecoveryToPrimary};
        use FailoverType::{Failover, TestFailover};
        [
            Self { kind: Failover, direction: PrimaryToRecovery },
            Self { kind: TestFailover, direction: PrimaryToRecovery },
            Self { kind: Failover, direction: RecoveryToPrimary },
            Self { kind: TestFailover, direction: RecoveryToPrimary },
        ]
    };
}

impl RunMode {
    /// How a plan runs by itself: as a drill where it starts test copies, back where it fails machines back.
    pub fn of(groups: &[FileGroup]) -> Self {
        let any =
            |which: fn(&Command) -> bool| groups.iter().flat_map(FileGroup::steps).any(|step| which(&step.command));
        let drill = any(|command| matches!(command, Command::TestFailOver { .. }));
        let back = any(|command| matches!(command, Command::FailBack(_)));
        Self {
            kind: if drill { FailoverType::TestFailover } else { FailoverType::Failover },
            direction: if back { FailoverDirection::RecoveryToPrimary } else { FailoverDirection::PrimaryToRecovery },
        }
    }
}

/// In which failovers a step is enabled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enabled {
    /// The kinds.
    pub types: Vec<FailoverType>,
    /// The directions.
    pub directions: Vec<FailoverDirection>,
}

impl Default for Enabled {
    fn default() -> Self {
        use strum::IntoEnumIterator;
        Self { types: FailoverType::iter().collect(), directions: FailoverDirection::iter().collect() }
    }
}

impl Enabled {
    /// Whether it is enabled in this run.
    pub fn holds(&self, mode: RunMode) -> bool {
        self.types.contains(&mode.kind) && self.directions.contains(&mode.direction)
    }

    /// Enabled where both are.
    fn and(&self, other: &Self) -> Self {
        Self {
            types: self.types.iter().copied().filter(|kind| other.types.contains(kind)).collect(),
            directions: self.directions.iter().copied().filter(|way| other.directions.contains(way)).collect(),
        }
    }
}

/// One step of a plan of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanStep {
    /// What it does.
    pub command: Command,
    /// In which failovers.
    pub enabled: Enabled,
    /// Its bytes in the file.
    pub span: Range<usize>,
}

/// A plan written in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePlan {
    /// Its id in the file.
    pub id: String,
    /// Its name on the screen.
    pub title: String,
    /// Its groups in order, the hooks of shutdown and failover before them.
    pub groups: Vec<FileGroup>,
}

/// Which part of a recovery plan a group is: Azure hangs actions on all three (E4, E6).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GroupKind {
    /// The source machines are shut down.
    Shutdown,
    /// All machines of the plan fail over side by side, up to their start.
    Failover,
    /// The machines of one group start.
    #[default]
    Boot,
}

/// One group of a plan of the file (E5).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileGroup {
    /// Its name on the screen.
    pub title: String,
    /// Which part of the plan it is.
    pub kind: GroupKind,
    /// Pre-actions, in order.
    pub before: Vec<PlanStep>,
    /// What the group does.
    pub run: Vec<PlanStep>,
    /// Post-actions, in order.
    pub after: Vec<PlanStep>,
}

impl FileGroup {
    /// Its three lists in the order they run.
    pub fn stages(&self) -> [&Vec<PlanStep>; 3] {
        [&self.before, &self.run, &self.after]
    }

    /// Its steps in the order they run.
    pub fn steps(&self) -> impl Iterator<Item = &PlanStep> {
        self.stages().into_iter().flatten()
    }

    /// What of it runs in a failover of this kind and direction.
    pub fn in_mode(&self, mode: RunMode) -> Group {
        let commands = |steps: &[PlanStep]| {
            steps.iter().filter(|step| step.enabled.holds(mode)).map(|step| step.command.clone()).collect()
        };
        Group {
            title: self.title.clone(),
            kind: self.kind,
            before: commands(&self.before),
            run: commands(&self.run),
            after: commands(&self.after),
        }
    }
}

/// One group of a recovery plan as it runs: actions before, the group itself, actions after (E5, E11).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// Its name on the screen.
    pub title: String,
    /// Which part of the plan it is.
    pub kind: GroupKind,
    /// Pre-actions.
    pub before: Vec<Command>,
    /// What the group does.
    pub run: Vec<Command>,
    /// Post-actions.
    pub after: Vec<Command>,
}

impl Group {
    /// Its commands in the order they run.
    pub fn commands(&self) -> impl Iterator<Item = &Command> {
        self.before.iter().chain(&self.run).chain(&self.after)
    }
}

/// A plan that runs itself, at once or through others, and so would never end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunsItself(pub String);

/// One of the three lists of a group.
type Stage = fn(&mut FileGroup) -> &mut Vec<PlanStep>;

const STAGES: [Stage; 3] = [|group| &mut group.before, |group| &mut group.run, |group| &mut group.after];

impl Topology {
    /// The groups of a plan of the file; a `run` inside it is replaced by the groups of the plan it names.
    ///
    /// # Errors
    /// The plan that runs itself.
    pub fn unfolded(&self, plan: &FilePlan) -> Result<Vec<FileGroup>, RunsItself> {
        self.unfold(plan, &Enabled::default(), &mut Vec::new())
    }

    fn unfold<'t>(
        &'t self,
        plan: &'t FilePlan,
        outer: &Enabled,
        above: &mut Vec<&'t str>,
    ) -> Result<Vec<FileGroup>, RunsItself> {
        if above.contains(&plan.id.as_str()) {
            return Err(RunsItself(plan.id.clone()));
        }
        above.push(&plan.id);
        let mut groups = Vec::new();
        for group in &plan.groups {
            // The groups of an inner plan keep their order: what comes before them is a group of its own.
            let empty = || FileGroup { title: group.title.clone(), kind: group.kind, ..FileGroup::default() };
            let mut current = empty();
            for (stage, steps) in STAGES.into_iter().zip(group.stages()) {
                for step in steps {
                    let enabled = step.enabled.and(outer);
                    let inner = match &step.command {
                        Command::Run(inner) => self.plans.iter().find(|plan| plan.id == *inner),
                        _ => None,
                    };
                    match inner {
                        Some(inner) => {
                            groups.push(std::mem::replace(&mut current, empty()));
                            groups.extend(self.unfold(inner, &enabled, above)?);
                        }
                        None => stage(&mut current).push(PlanStep { enabled, ..step.clone() }),
                    }
                }
            }
            groups.push(current);
        }
        groups.retain(|group| group.steps().next().is_some());
        above.pop();
        Ok(groups)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(text: &str, types: &[FailoverType], directions: &[FailoverDirection]) -> PlanStep {
        let enabled = Enabled { types: types.to_vec(), directions: directions.to_vec() };
        PlanStep { command: text.parse().expect("a command"), enabled, span: 0..0 }
    }

    fn plan(id: &str, run: Vec<PlanStep>) -> FilePlan {
        let group = FileGroup { title: id.to_owned(), run, ..FileGroup::default() };
        FilePlan { id: id.to_owned(), title: id.to_owned(), groups: vec![group] }
    }

    #[test]
    fn a_step_runs_in_the_kinds_and_directions_it_is_enabled_for_e5() {
        use FailoverDirection::{PrimaryToRecovery, RecoveryToPrimary};
        use FailoverType::{Failover, TestFailover};
        let both = &[PrimaryToRecovery, RecoveryToPrimary];
        let group = FileGroup {
            run: vec![
                step("manual failover", &[Failover], both),
                step("manual drill", &[TestFailover], both),
                step("manual back", &[Failover, TestFailover], &[RecoveryToPrimary]),
            ],
            ..FileGroup::default()
        };
        let texts = |mode| group.in_mode(mode).commands().map(ToString::to_string).collect::<Vec<_>>();
        let [there, drill, back, _] = RunMode::ALL;
        assert_eq!(texts(there), ["manual failover"]);
        assert_eq!(texts(drill), ["manual drill"]);
        assert_eq!(texts(back), ["manual failover", "manual back"]);
    }

    #[test]
    fn what_machines_do_in_a_plan_says_whether_it_is_a_drill_and_which_way_it_goes() {
        let all = Enabled::default();
        let mode = |text: &str| {
            let of = plan("p", vec![step(text, &all.types, &all.directions)]);
            let mode = RunMode::of(&of.groups);
            format!("{} {}", mode.kind, mode.direction)
        };
        assert_eq!(mode("fail-over app x"), "failover primary-to-recovery");
        assert_eq!(mode("test-fail-over app x into drill"), "test-failover primary-to-recovery");
        assert_eq!(mode("fail-back app x"), "failover recovery-to-primary");
    }

    #[test]
    fn an_inner_plan_runs_only_where_the_step_that_runs_it_is_enabled() {
        let all = Enabled::default();
        let outer = plan("outer", vec![step("run inner", &[FailoverType::TestFailover], &all.directions)]);
        let inner = plan("inner", vec![step("manual inside", &all.types, &all.directions)]);
        let topology = Topology { plans: vec![outer.clone(), inner], ..Topology::default() };
        let groups = topology.unfolded(&outer).expect("it ends");
        let texts = |mode| groups.iter().flat_map(|group| group.in_mode(mode).run).count();
        assert_eq!((texts(RunMode::ALL[0]), texts(RunMode::ALL[1])), (0, 1));
        let circle = plan("circle", vec![step("run circle", &all.types, &all.directions)]);
        let topology = Topology { plans: vec![circle.clone()], ..Topology::default() };
        assert_eq!(topology.unfolded(&circle), Err(RunsItself("circle".to_owned())));
    }
}
