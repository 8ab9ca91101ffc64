//! What goes wrong around the networks in a drill: scripts that fail, names that lead astray, and messages to people
//! that change nothing (E8, H19; `walkthroughs.md`, section 7).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Done, Refusal, RefusalCode, World};
use crate::topology::{Command, Endpoint, Finding, FindingCode, Inject, Severity, VmIx};

/// Scripts that fail and names that are stale.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Drill {
    failing: BTreeSet<String>,
    stale: BTreeSet<String>,
}

/// `fail-script COMMAND…`: until it is repaired, that command is refused wherever it comes from.
pub(super) fn fail_script(world: &World, command: &str) -> Result<Done, Refusal> {
    let parsed = command.parse::<Command>();
    let command = parsed.map_err(|wrong| Refusal::new(RefusalCode::Syntax, "", wrong.to_string()))?;
    if matches!(command, Command::Inject(_)) {
        let message = format!("`{command}` is no step of a plan, so no script runs it");
        return Err(Refusal::new(RefusalCode::Syntax, "E8", message));
    }
    let mut next = world.clone();
    Arc::make_mut(&mut next.drill).failing.insert(command.to_string());
    Ok(Done::instantly(next, Vec::new()))
}

/// `repair-script COMMAND…`
pub(super) fn repair_script(world: &World, command: &str) -> Result<Done, Refusal> {
    let parsed = command.parse::<Command>();
    let text = parsed.map_or_else(|_| command.to_owned(), |command| command.to_string());
    let mut next = world.clone();
    if !Arc::make_mut(&mut next.drill).failing.remove(&text) {
        let message = format!("the script of `{text}` does not fail");
        return Err(Refusal::new(RefusalCode::NoChange, "", message));
    }
    Ok(Done::instantly(next, Vec::new()))
}

/// `stale-dns NAME`: the name of an app or VM leads to the addresses of the start, whatever its machines have now.
pub(super) fn stale_dns(world: &World, name: &str) -> Result<Done, Refusal> {
    named(world, name)?;
    let mut next = world.clone();
    Arc::make_mut(&mut next.drill).stale.insert(name.to_owned());
    Ok(Done::instantly(next, Vec::new()))
}

/// `refresh-dns NAME`
pub(super) fn refresh_dns(world: &World, name: &str) -> Result<Done, Refusal> {
    named(world, name)?;
    let mut next = world.clone();
    if !Arc::make_mut(&mut next.drill).stale.remove(name) {
        return Err(Refusal::new(RefusalCode::NoChange, "H19", format!("the name {name} is not stale")));
    }
    Ok(Done::instantly(next, Vec::new()))
}

/// The VMs a name stands for.
fn named(world: &World, name: &str) -> Result<Vec<VmIx>, Refusal> {
    let vm = world.vm_named(name).map(Endpoint::Vm);
    let found = vm.or_else(|unknown| world.app_named(name).map(Endpoint::App).map_err(|_| unknown))?;
    Ok(world.vms_of(found))
}

impl World {
    /// Refuses a command whose script fails (E8).
    pub(super) fn script_works(&self, command: &Command) -> Result<(), Refusal> {
        if self.drill.failing.is_empty() || matches!(command, Command::Inject(_)) {
            return Ok(());
        }
        let text = command.to_string();
        if !self.drill.failing.contains(&text) {
            return Ok(());
        }
        let message = format!("the script that runs `{text}` fails (exercise); the plan goes on without it");
        let repair = Command::Inject(Inject::RepairScript(text));
        Err(Refusal::new(RefusalCode::ScriptFailed, "E8", message).mended_by(repair))
    }

    /// Names that lead to addresses their machines no longer have (H19).
    pub(super) fn stale_names(&self) -> impl Iterator<Item = Finding> + '_ {
        self.drill.stale.iter().map(|name| {
            let vms = named(self, name).unwrap_or_default();
            let declared = |vm: VmIx| self.topology.vms[vm.at()].ip;
            let moved = vms.iter().find(|vm| self.vm(**vm).at.ip != declared(**vm));
            let (severity, message) = match moved {
                Some(vm) => {
                    let (id, old, new) = (self.vm_id(*vm), declared(*vm), self.vm(*vm).at.ip);
                    let message = format!(
                        "DNS still sends clients of {name} to {old}, but {id} runs on {new}: they find nobody, or somebody \
                         else (exercise; `refresh-dns {name}` mends it)"
                    );
                    (Severity::Error, message)
                }
                None => {
                    let message = format!("DNS of {name} is stale, which does no harm: every address is the same still");
                    (Severity::Note, message)
                }
            };
            Finding::new(severity, FindingCode::StaleDns, message, vec![name.clone()])
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::topology::{Command, FindingCode, Severity};
    use crate::world::{RefusalCode, World, apply};

    fn after(commands: &[&str]) -> World {
        let topology = crate::topology::load::open("azure-subnet-trap").expect("a built-in topology");
        let start = World::start(topology.into());
        commands.iter().fold(start, |world, text| {
            let command: Command = text.parse().expect(text);
            apply(&world, &command).unwrap_or_else(|refusal| panic!("{text}: {refusal}")).world
        })
    }

    #[test]
    fn a_step_whose_script_fails_is_refused_until_the_script_is_repaired_e8() {
        let world = after(&["fail-script fail-over   app app1"]);
        let step: Command = "fail-over app app1".parse().unwrap();
        let refusal = apply(&world, &step).expect_err("the script fails");
        assert_eq!(refusal.code, RefusalCode::ScriptFailed);
        let repaired = apply(&world, &refusal.mend[0]).expect("the mend is accepted").world;
        assert!(apply(&repaired, &step).is_ok());
        assert!(apply(&repaired, &refusal.mend[0]).is_err_and(|refusal| refusal.code == RefusalCode::NoChange));
    }

    #[test]
    fn a_stale_name_matters_where_addresses_changed_h19() {
        let finding = |world: &World| {
            let found = world.findings().into_iter().find(|finding| finding.code == FindingCode::StaleDns);
            found.map(|finding| finding.severity)
        };
        assert_eq!(finding(&after(&["stale-dns app2"])), Some(Severity::Note));
        assert_eq!(finding(&after(&["stale-dns app2", "fail-over app app2"])), Some(Severity::Error));
        assert_eq!(finding(&after(&["stale-dns app2", "fail-over app app2", "refresh-dns app2"])), None);
    }

    #[test]
    fn messages_of_a_drill_change_nothing() {
        let quiet =
            after(&["person-away network engineer", "executive-asks When are we back?", "false-alarm Disk full"]);
        assert_eq!(quiet, after(&[]));
    }
}
