//! Recovery plans that are written while somebody watches (E1, E5).

use std::sync::Arc;

use super::{Change, Done, Refusal, RefusalCode, Subject, World};
use crate::topology::command::PlanList;
use crate::topology::format::is_id;
use crate::topology::load::lint_plans;
use crate::topology::recovery_plan::Enabled;
use crate::topology::{Command, FileGroup, FilePlan, PlanStep, Topology};

/// `plan-add PLAN GROUP before|do|after COMMAND…`
pub(super) fn add(world: &World, id: &str, group: usize, list: PlanList, command: &Command) -> Result<Done, Refusal> {
    if !is_id(id) {
        let message = format!("`{id}` is no id; ids are spelled with a-z, 0-9 and - between them");
        return Err(Refusal::new(RefusalCode::Syntax, "", message));
    }
    let mut next = world.clone();
    let topology = Arc::make_mut(&mut next.topology);
    let at = topology.plans.iter().position(|plan| plan.id == id).unwrap_or_else(|| {
        topology.plans.push(FilePlan { id: id.to_owned(), title: id.to_owned(), groups: Vec::new() });
        topology.plans.len() - 1
    });
    // No two steps stand at one place, so that the lint can tell them apart.
    let place = usize::MAX / 2 + topology.plans.iter().flat_map(|plan| &plan.groups).flat_map(FileGroup::steps).count();
    let groups = &mut topology.plans[at].groups;
    if group == 0 || group > groups.len() + 1 {
        let message = format!("the plan `{id}` has {} groups; the next one is {}", groups.len(), groups.len() + 1);
        return Err(Refusal::new(RefusalCode::UnknownId, "E1", message));
    }
    if group == groups.len() + 1 {
        groups.push(FileGroup { title: format!("Group {group}"), ..FileGroup::default() });
    }
    let step = PlanStep { command: command.clone(), enabled: Enabled::default(), span: place..place };
    list_of(&mut groups[group - 1], list).push(step);
    relint(topology, id);
    let change = Change::new(Subject::Plan(at), None, Some(format!("{group} {list} {command}")));
    Ok(Done::instantly(next, vec![change]))
}

/// `plan-remove PLAN GROUP COMMAND…`; a group that has nothing left goes with its last step.
pub(super) fn remove(world: &World, id: &str, group: usize, command: &Command) -> Result<Done, Refusal> {
    let at = world.plan_named(id)?;
    let mut next = world.clone();
    let topology = Arc::make_mut(&mut next.topology);
    let groups = &mut topology.plans[at].groups;
    let found = group.checked_sub(1).and_then(|nth| groups.get_mut(nth)).and_then(|of| {
        [PlanList::Before, PlanList::Do, PlanList::After].into_iter().find_map(|list| {
            let steps = list_of(of, list);
            let nth = steps.iter().position(|step| step.command == *command)?;
            steps.remove(nth);
            Some(list)
        })
    });
    let Some(list) = found else {
        let message = format!("group {group} of the plan `{id}` has no step `{command}`");
        return Err(Refusal::new(RefusalCode::UnknownId, "", message));
    };
    groups.retain(|group| group.steps().next().is_some());
    relint(topology, id);
    let change = Change::new(Subject::Plan(at), Some(format!("{group} {list} {command}")), None);
    Ok(Done::instantly(next, vec![change]))
}

fn list_of(group: &mut FileGroup, list: PlanList) -> &mut Vec<PlanStep> {
    match list {
        PlanList::Before => &mut group.before,
        PlanList::Do => &mut group.run,
        PlanList::After => &mut group.after,
    }
}

/// What is wrong with a plan is said anew when it changes (E13).
fn relint(topology: &mut Topology, id: &str) {
    let about = |at: &[String]| at.first().is_some_and(|first| first == id);
    topology.findings.retain(|finding| !(finding.code.is_of_plans() && about(&finding.at)));
    let found: Vec<_> = lint_plans(topology).into_iter().filter(|finding| about(&finding.at)).collect();
    topology.findings.extend(found);
}
