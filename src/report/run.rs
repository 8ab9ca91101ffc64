//! What `run` did: every step with what it changed, and how things stand at the end.

use super::catalogue::meaning_of;
use super::style::Tone;
use super::table::{Cell, Table, heading, sentence};
use crate::history::{History, Revision, Step};
use crate::network::{explain_on, findings as network_findings};
use crate::plan::readiness::{DECIDED_HERE, readiness};
use crate::topology::timing::{Basis, spoken};
use crate::topology::{Command, Finding, FindingCode, Severity};
use crate::world::{Cards, Refusal, Value, World};

/// One command somebody asked for, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Ran {
    /// Its text.
    pub command: String,
    /// Where it was written, if in a script: `FILE:LINE`.
    pub place: Option<String>,
    /// The step it made, or why it was refused.
    pub outcome: Result<Step, Refusal>,
}

impl Ran {
    /// A sentence about this command, led by the place where it was written.
    pub fn placed(&self, message: &str) -> String {
        self.place.as_ref().map_or_else(|| message.to_owned(), |place| format!("{place}: {message}"))
    }

    /// Why it was refused, with the commands that would help, as an error says it; nothing if it was done.
    pub fn complaint(&self) -> Option<String> {
        let refusal = self.outcome.as_ref().err()?;
        let said = self.placed(&format!("`{}` is refused ({}): {}", self.command, refusal.code, refusal.message));
        Some(match helpful(refusal) {
            None => said,
            Some(help) => format!("{said}; {help}"),
        })
    }
}

/// What a reader should know about the world as it is, and of its file what holds in every state.
pub fn findings(world: &World) -> Vec<Finding> {
    lasting_of_file(world).cloned().chain(network_findings(world)).collect()
}

/// What holds now, what would go wrong at a failover from here, and of the file what holds in every state.
pub fn findings_now(world: &World) -> Vec<Finding> {
    let own: Vec<_> = lasting_of_file(world).filter(|known| !DECIDED_HERE.contains(&known.code)).collect();
    let news = outlook(world).into_iter().filter(|finding| own.iter().all(|known| known.code != finding.code));
    own.iter().copied().cloned().chain(news).map(explained).collect()
}

/// What a file says about itself that no command changes.
fn lasting_of_file(world: &World) -> impl Iterator<Item = &Finding> {
    use FindingCode::{AddressTaken, DynamicAddress, NotVerified, Shadowed};
    use FindingCode::{PlanEmpty, PlanLimit, PlanMembers, PlanOrder, PlanPhase, PlanTest};
    // What is wrong with a plan of the file says nothing about the world.
    let of_plans = [PlanEmpty, PlanLimit, PlanMembers, PlanOrder, PlanPhase, PlanTest];
    let passing: Vec<_> = [AddressTaken, DynamicAddress, NotVerified, Shadowed].into_iter().chain(of_plans).collect();
    world.topology().findings.iter().filter(move |finding| !passing.contains(&finding.code))
}

/// What a reader should know about a file: its own findings with their places, what follows for the world it begins, and
/// what would go wrong at a failover from there.
pub fn findings_of_file(world: &World) -> Vec<Finding> {
    let own: Vec<_> = world.topology().findings.iter().filter(|known| !DECIDED_HERE.contains(&known.code)).collect();
    let news = outlook(world).into_iter().filter(|finding| own.iter().all(|known| known.code != finding.code));
    own.iter().copied().cloned().chain(news).map(explained).collect()
}

/// What holds in a world now, and what would go wrong at a failover from there; what both say is said once.
pub fn outlook(world: &World) -> Vec<Finding> {
    let ready = readiness(world);
    let same = |now: &Finding, then: &Finding| then.code == now.code && then.at.iter().any(|id| now.at.contains(id));
    let now = network_findings(world).into_iter().filter(|now| !ready.iter().any(|then| same(now, then)));
    now.collect::<Vec<_>>().into_iter().chain(ready.iter().cloned()).collect()
}

/// A finding with the rule and the change its code stands for, where it says none itself.
fn explained(mut finding: Finding) -> Finding {
    let meaning = meaning_of(finding.code);
    finding.rule = finding.rule.or(Some(meaning.source));
    if finding.mend.is_empty() && finding.change.is_none() {
        finding.change = Some(meaning.helps.to_owned());
    }
    finding
}

/// Whether a finding among these means that something will not work.
pub fn has_errors<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> bool {
    findings.into_iter().any(|finding| finding.severity == Severity::Error)
}

/// A span of time as a person says it, marked where the figure has no source.
pub fn lasting(seconds: u64, assumed: bool) -> String {
    if assumed { format!("{} (assumed)", spoken(seconds)) } else { spoken(seconds) }
}

/// Whether a step in a history up to a revision took a time without a source, so that its clock is assumed too.
pub fn clock_assumed(history: &History, position: usize) -> bool {
    let steps = history.revisions().iter().take(position + 1).filter_map(|revision| revision.step.as_ref());
    steps.map(|step| step.basis).any(|basis| basis == Some(Basis::Assumed))
}

/// The commands that would make a refused one possible, as a clause.
fn helpful(refusal: &Refusal) -> Option<String> {
    let commands: Vec<_> = refusal.mend.iter().map(|command| format!("`{command}`")).collect();
    (!commands.is_empty()).then(|| format!("what would help: {}", commands.join(", then ")))
}

/// Every step and the end of a run.
pub fn run(steps: &[Ran], end: &Revision) -> String {
    let world = &end.world;
    let topology = world.topology();
    let mut out =
        format!("{} {}\n", Tone::Strong.paint(&topology.title), Tone::Quiet.paint(&format!("({})", topology.name)));
    if !steps.is_empty() {
        out += &heading("Steps");
        let number = steps.len().to_string().len();
        for (at, ran) in steps.iter().enumerate() {
            out += &step(at + 1, number, ran, world);
        }
    }
    let refused = steps.iter().filter(|ran| ran.outcome.is_err()).count();
    let clock = spoken(world.seconds());
    out += &heading(&match (steps.len(), refused) {
        (0, _) => "As declared".to_owned(),
        (_, 0) => format!("After {clock}, every step done"),
        (all, refused) => format!("After {clock}, {refused} of {all} steps refused"),
    });
    out += &moved(world);
    out += &needs(steps, end);
    // What `check` notes about the file is no news about a run of it.
    let known = |finding: &Finding| finding.severity == Severity::Note && topology.findings.contains(finding);
    let news: Vec<_> = findings(world).into_iter().filter(|finding| !known(finding)).collect();
    out + &notable(&news)
}

/// One step: its number, its command, what became of it, and below it what changed or why not.
fn step(position: usize, number: usize, ran: &Ran, world: &World) -> String {
    let indent = number + 6;
    match &ran.outcome {
        Ok(step) => {
            let seconds = step.finished.saturating_sub(step.started);
            let span = lasting(seconds, step.basis == Some(Basis::Assumed));
            let when = format!("from {}, takes {span}", spoken(step.started));
            let mark = Tone::Good.paint("✓ done");
            let mut out = format!("  {position:>number$}  {mark}  {}  {}\n", ran.command, Tone::Quiet.paint(&when));
            let mut table = Table::bare();
            for change in &step.changes {
                let word =
                    |side: &Option<Value>| side.as_ref().map_or("nothing".to_owned(), |value| value.words(world));
                let became = format!("{} → {}", word(&change.from), word(&change.to));
                table.row([change.what().into(), change.id(world).into(), became.into()]);
            }
            out += &table.print(indent);
            if let (Command::FailOver { .. } | Command::FailBack(_), true) = (&step.command, step.changes.is_empty()) {
                let skipped = "skipped: its machines have moved already, and a plan passes over those (E2)";
                out += &sentence(skipped, indent, Tone::Quiet);
            }
            out
        }
        Err(refusal) => {
            let mark = Tone::Bad.paint("✗ REFUSED");
            let code = Tone::Bad.paint(&refusal.code.to_string());
            let mut out = format!("  {position:>number$}  {mark}  {}  {code}\n", ran.command);
            out += &sentence(&ran.placed(&refusal.message), indent, Tone::Plain);
            if let Some(help) = helpful(refusal) {
                out += &sentence(&help, indent, Tone::Plain);
            }
            out
        }
    }
}

/// The VMs that no longer serve where the file put them.
fn moved(world: &World) -> String {
    let mut table = Table::titled(["VM", "was", "serves at", "address", "phase"]);
    let mut count = 0;
    for (vm, state) in world.vms() {
        let Some(retained) = world.retained(vm) else { continue };
        count += 1;
        let declared = &world.topology().vms[vm.at()];
        let address = if retained { Cell::new("kept", Tone::Good) } else { Cell::new("changed", Tone::Warn) };
        table.row([
            world.vm_id(vm).into(),
            format!("{} {}", world.subnet_name(declared.subnet), declared.ip).into(),
            format!("{} {}", world.subnet_name(state.at.subnet), state.at.ip).into(),
            address,
            state.phase_word().into(),
        ]);
        for card in world.cards(vm).into_iter().flat_map(Cards::iter) {
            let serves = match (card.at, card.v6) {
                (Some(at), _) => world.place_words(at),
                (None, Some(v6)) => v6.to_string(),
                (None, None) => "was not carried".to_owned(),
            };
            let address = match card.retained() {
                Some(false) => Cell::new("changed", Tone::Warn),
                _ => Cell::new("kept", Tone::Good),
            };
            let name = format!("  {}", card.title());
            table.row([name.into(), card.before.to_string().into(), serves.into(), address, "".into()]);
        }
    }
    if count == 0 { String::new() } else { heading("Machines that moved") + &table.print(2) }
}

/// Every need with since when it is so; steps are numbered as they are listed, refused ones among them.
fn needs(steps: &[Ran], end: &Revision) -> String {
    let world = &end.world;
    let topology = world.topology();
    if end.needs.is_empty() {
        return String::new();
    }
    let done: Vec<usize> = (1..).zip(steps).filter(|(_, ran)| ran.outcome.is_ok()).map(|(number, _)| number).collect();
    let listed = |revision: usize| done.get(revision.saturating_sub(1)).copied().unwrap_or(revision);
    let mut table = Table::titled(["needs", "", "", "", "since"]);
    for (need, record) in topology.needs.iter().zip(&end.needs) {
        let verdict = if record.met { Cell::new("✓ met", Tone::Good) } else { Cell::new("✗ NOT MET", Tone::Bad) };
        let for_so_long = spoken(world.seconds().saturating_sub(record.since_seconds));
        let since = match (record.since, record.met) {
            (0, _) => "the start".to_owned(),
            (step, true) => format!("step {}, {}", listed(step), spoken(record.since_seconds)),
            (step, false) => {
                format!("step {}, {}, for {for_so_long}", listed(step), spoken(record.since_seconds))
            }
        };
        let (from, to) = (topology.endpoint_id(need.from), topology.endpoint_id(need.to));
        let to = need.port.map_or(to.to_owned(), |port| format!("{to}:{port}"));
        table.row([from.into(), "↔".into(), to.into(), verdict, since.into()]);
    }
    heading("Who must talk") + &table.print(2) + &reasons(end)
}

/// Why each need that is not met is not, and what would mend it.
fn reasons(end: &Revision) -> String {
    let topology = end.world.topology();
    let mut out = String::new();
    for (need, _) in topology.needs.iter().zip(&end.needs).filter(|(_, record)| !record.met) {
        let why = explain_on(&end.world, &end.network, need.from, need.to, need.port);
        let (from, to) = (topology.endpoint_id(why.from), topology.endpoint_id(why.to));
        out += &format!("\n  {from} ↔ {to}  {}\n", Tone::Bad.paint(&why.code.to_string()));
        out += &sentence(&why.message, 4, Tone::Plain);
        let mut mend: Vec<String> = Vec::new();
        for command in why.blockers.iter().flat_map(|blocker| &blocker.mend).map(|command| format!("`{command}`")) {
            if !mend.contains(&command) {
                mend.push(command);
            }
        }
        if !mend.is_empty() {
            out += &sentence(&format!("what would help: {}", mend.join(", then ")), 4, Tone::Plain);
        }
    }
    out
}

/// Findings, the gravest first, under a heading; nothing where there are none.
pub fn notable(findings: &[Finding]) -> String {
    if findings.is_empty() { String::new() } else { heading("Worth knowing") + &listed(findings, |_| String::new()) }
}

/// Findings, the gravest first, each led by what `place` says about it.
pub fn listed(findings: &[Finding], place: impl Fn(&Finding) -> String) -> String {
    let mut sorted: Vec<_> = findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let mut out = String::new();
    for finding in sorted {
        let (mark, tone) = match finding.severity {
            Severity::Error => ("✗ error", Tone::Bad),
            Severity::Warning => ("! warning", Tone::Warn),
            Severity::Note => ("· note", Tone::Quiet),
        };
        let code = Tone::Quiet.paint(&finding.code.to_string());
        out += &format!("  {}  {code}{}\n", tone.paint(mark), place(finding));
        out += &sentence(&finding.message, 4, Tone::Plain);
        if let Some(consequence) = &finding.consequence {
            let rule = finding.rule.map(|rule| format!(" ({rule})")).unwrap_or_default();
            out += &sentence(&format!("otherwise: {consequence}{rule}"), 6, Tone::Plain);
        }
        if let Some(mend) = mended(finding) {
            out += &sentence(&format!("mend: {mend}"), 6, Tone::Plain);
        }
    }
    out
}

/// How many commands are written out where a finding has more.
const MOST_COMMANDS: usize = 3;

/// What mends a finding, in one clause: commands, a change of the file, or either.
pub fn mended(finding: &Finding) -> Option<String> {
    let shown: Vec<String> = finding.mend.iter().take(MOST_COMMANDS).map(|command| format!("`{command}`")).collect();
    let more = finding.mend.len() - shown.len();
    let more = if more == 0 { String::new() } else { format!(" and {more} more like it") };
    let commands = (!shown.is_empty()).then(|| format!("{}{more}", shown.join(", then ")));
    match (commands, &finding.change) {
        (Some(commands), Some(change)) => Some(format!("{commands}; or in the file: {change}")),
        (Some(commands), None) => Some(commands),
        (None, Some(change)) => Some(change.clone()),
        (None, None) => None,
    }
}
