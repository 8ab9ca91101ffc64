//! Where the lists of a plan hang in a recovery plan of Azure: on the shutdown, on the failover, or on a group (E6, E11).
//!
//! Azure's groups hold machines only. Steps beside them are actions before or after: "before" is an action of the
//! failover, "during" one between it and the start of the machines, "after" a post-action.

use super::schedule::starts_machines;
use crate::topology::{Group, GroupKind};

/// One of the three lists of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// The actions before.
    Before,
    /// What the group does.
    Run,
    /// The actions after.
    After,
}

/// What the list of the group at `at` is in Azure's plan; machines in it are the group's own.
pub fn hook(groups: &[Group], at: usize, list: List) -> String {
    let Some(group) = groups.get(at) else { return String::new() };
    let with_machines = |group: &Group| group.commands().any(starts_machines);
    // Azure counts groups of machines only.
    let number = groups[..at].iter().filter(|group| with_machines(group)).count();
    let when = if list == List::After { "after" } else { "before" };
    match group.kind {
        GroupKind::Shutdown => format!("{when} the shutdown"),
        GroupKind::Failover => format!("{when} the failover"),
        GroupKind::Boot if with_machines(group) => match list {
            List::Before => format!("pre-action of group {}", number + 1),
            List::Run if group.run.iter().all(starts_machines) => format!("group {}", number + 1),
            List::Run => format!("group {}, links as its pre-actions", number + 1),
            List::After => format!("post-action of group {}", number + 1),
        },
        GroupKind::Boot if number > 0 => format!("post-action of group {number}"),
        GroupKind::Boot => "before the failover".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::Command;

    fn group(before: &[&str], run: &[&str], after: &[&str]) -> Group {
        let commands =
            |texts: &[&str]| -> Vec<Command> { texts.iter().map(|text| text.parse().expect("a command")).collect() };
        Group { before: commands(before), run: commands(run), after: commands(after), ..Group::default() }
    }

    #[test]
    fn links_before_during_and_after_are_other_hooks_of_azures_plan_e6_e11() {
        let groups = [
            group(&[], &["disconnect a b"], &[]),
            group(&["manual ready"], &["fail-over app x", "connect c b"], &["connect d b"]),
            group(&[], &["fail-over app y"], &[]),
            group(&[], &["route dc 10.1.0.0/16 via c"], &[]),
        ];
        let said = |at, list| hook(&groups, at, list);
        assert_eq!(said(0, List::Run), "before the failover");
        assert_eq!(said(1, List::Before), "pre-action of group 1");
        assert_eq!(said(1, List::Run), "group 1, links as its pre-actions");
        assert_eq!(said(1, List::After), "post-action of group 1");
        assert_eq!(said(2, List::Run), "group 2");
        assert_eq!(said(3, List::Run), "post-action of group 2");
        assert_eq!(said(9, List::Run), "", "there is no such group");
        let hook_group = Group { kind: GroupKind::Shutdown, ..group(&["manual call"], &[], &[]) };
        assert_eq!(hook(&[hook_group], 0, List::Before), "before the shutdown");
    }
}
