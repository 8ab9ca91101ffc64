//! Runs of one failover side by side, as rows that fit 80 columns; the explorer shows the same rows.

use super::style::Tone;
use super::table::{Cell, Table, heading};
use crate::plan::compare::{Aspect, Comparison, Gateways, Run, Variant};
use crate::plan::{Gap, Plan, PlannedLink};
use crate::topology::timing::spoken;
use crate::topology::{Command, LinkKind, Need, Severity};
use crate::world::World;

/// Columns of the terminal the text is made for.
const WIDTH: usize = 80;
/// Columns of the names of rows.
const NAME: usize = 20;
/// Columns of one run.
const RUN: usize = 17;

/// One row: what is compared, and how each run does in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What is compared.
    pub name: String,
    /// One text for each run, with its tone.
    pub cells: Vec<(String, Tone)>,
}

/// In what the runs differ, in the reader's terms.
pub fn difference(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Timing => "links made before, during or after the failover",
        Aspect::Kind => "VNets joined by VPN or by peering",
        Aspect::Gateways => "gateways that have to be created, or are there",
    }
}

/// What a run is called.
pub fn title(variant: Variant) -> &'static str {
    match variant {
        Variant::Timing(crate::plan::Timing::Before) => "links before",
        Variant::Timing(crate::plan::Timing::During) => "links during",
        Variant::Timing(crate::plan::Timing::After) => "links after",
        Variant::Kind(LinkKind::Vpn) => "by VPN",
        Variant::Kind(LinkKind::Peering) => "by peering",
        Variant::Kind(LinkKind::Expressroute) => "by ExpressRoute",
        Variant::Gateways(Gateways::Cold) => "cold gateways",
        Variant::Gateways(Gateways::Warm) => "warm gateways",
    }
}

/// The rows of a comparison, the names of the runs first; `named` says what a need is called.
pub fn lines(world: &World, comparison: &Comparison, named: &dyn Fn(Need) -> String) -> Vec<Line> {
    let runs = &comparison.runs;
    let mut lines = vec![Line {
        name: String::new(),
        cells: runs.iter().map(|run| (title(run.variant).to_owned(), Tone::Strong)).collect(),
    }];
    let mut row = |name: &str, cell: &dyn Fn(&Plan) -> (String, Tone)| {
        let of = |run: &Run| run.plan.as_ref().map_or_else(|_| (String::new(), Tone::Plain), cell);
        lines.push(Line { name: name.to_owned(), cells: runs.iter().map(of).collect() });
    };
    let any = |which: &dyn Fn(&Plan) -> bool| runs.iter().filter_map(|run| run.plan.as_ref().ok()).any(which);
    row("plan takes", &|plan| (about(plan.seconds, plan.assumed), Tone::Plain));
    row("recovery time", &|plan| (about(plan.rto.total().seconds, plan.rto.total().assumed), Tone::Strong));
    if any(&|plan| plan.rto.target.is_some()) {
        row("target", &|plan| against(Some(plan.rto.total().seconds), plan.rto.target));
    }
    for (at, app) in world.topology().apps.iter().enumerate().filter(|(_, app)| app.rto.is_some()) {
        let of = |plan: &Plan| plan.rto.apps.iter().find(|rto| rto.app.at() == at).copied();
        if any(&|plan| of(plan).is_some()) {
            row(&format!("target of {}", app.id), &|plan| match of(plan) {
                Some(rto) => against(rto.seconds, rto.target),
                None => ("not concerned".to_owned(), Tone::Quiet),
            });
        }
    }
    row("machines move in", &|plan| (about(plan.rto.fail_over.seconds, plan.rto.fail_over.assumed), Tone::Plain));
    row("links change in", &|plan| (about(plan.rto.connect.seconds, plan.rto.connect.assumed), Tone::Plain));
    for need in &world.topology().needs {
        let of = |plan: &Plan| plan.gaps.iter().find(|gap| gap.need == *need).cloned();
        if any(&|plan| of(plan).is_some()) {
            row(&named(*need), &|plan| outage(plan, of(plan).as_ref()));
        }
    }
    row("longest outage", &|plan| match plan.longest_outage() {
        (_, true) => ("never ends".to_owned(), Tone::Bad),
        (0, false) => ("none".to_owned(), Tone::Good),
        (seconds, false) => (about(seconds, plan.assumed), Tone::Warn),
    });
    row("links cut", &|plan| by_kind(&plan.cut));
    row("links made", &|plan| by_kind(&plan.made));
    row("links kept", &|plan| by_kind(&plan.kept));
    row("gateways to make", &|plan| {
        let count = plan.commands().filter(|command| matches!(command, Command::CreateGateway { .. })).count();
        (count.to_string(), if count > 0 { Tone::Warn } else { Tone::Plain })
    });
    row("addresses kept", &|plan| {
        let (kept, all) = (plan.retained(), plan.given().count());
        (format!("{kept} of {all}"), if kept < all { Tone::Warn } else { Tone::Good })
    });
    for (name, severity, tone) in [("errors", Severity::Error, Tone::Bad), ("warnings", Severity::Warning, Tone::Warn)]
    {
        row(name, &|plan| match plan.count(severity) {
            0 => ("0".to_owned(), Tone::Plain),
            count => (count.to_string(), tone),
        });
    }
    refused(runs, &mut lines);
    lines
}

/// A run that cannot be says why in its own column.
fn refused(runs: &[Run], lines: &mut [Line]) {
    for (at, run) in runs.iter().enumerate() {
        let Err(refusal) = &run.plan else { continue };
        for (line, text) in lines[1..].iter_mut().zip(["refused".to_owned(), refusal.code.to_string()]) {
            line.cells[at] = (text, Tone::Bad);
        }
    }
}

/// A span of time, with `~` in front where a part of it has no source.
fn about(seconds: u64, assumed: bool) -> String {
    format!("{}{}", if assumed && seconds > 0 { "~" } else { "" }, spoken(seconds))
}

/// A recovery time against its target.
fn against(seconds: Option<u64>, target: Option<u64>) -> (String, Tone) {
    match (seconds, target) {
        (_, None) => (String::new(), Tone::Plain),
        (None, Some(_)) => ("✗ never".to_owned(), Tone::Bad),
        (Some(seconds), Some(target)) if seconds > target => {
            (format!("✗ {} over", spoken(seconds - target)), Tone::Bad)
        }
        (Some(_), Some(target)) => (format!("✓ {}", spoken(target)), Tone::Good),
    }
}

/// How long a need is cut off, from the first loss to its return; in brackets how much of that, where it came back in
/// between.
fn outage(plan: &Plan, gap: Option<&Gap>) -> (String, Tone) {
    let Some(gap) = gap else { return ("none".to_owned(), Tone::Good) };
    if gap.until.is_none() {
        return ("stays cut off".to_owned(), Tone::Bad);
    }
    let (outage, cut_off) = (gap.outage(plan.seconds), gap.cut_off(plan.seconds));
    let text = about(outage, plan.assumed);
    match gap.losses.len() {
        0 | 1 => (text, Tone::Warn),
        times => (format!("{text}, {times} times, {} in all", spoken(cut_off)), Tone::Warn),
    }
}

fn by_kind(links: &[PlannedLink]) -> (String, Tone) {
    let parts: Vec<String> =
        Plan::by_kind(links).into_iter().map(|(kind, count)| format!("{count} {}", kind.title())).collect();
    if parts.is_empty() { ("none".to_owned(), Tone::Quiet) } else { (parts.join(", "), Tone::Plain) }
}

/// A comparison as text.
pub fn compare(world: &World, comparison: &Comparison) -> String {
    let topology = world.topology();
    let named = |need: Need| format!("{} ↔ {}", topology.endpoint_id(need.from), topology.endpoint_id(need.to));
    let title = Tone::Strong.paint(&format!("Fail over {}", comparison.scope));
    let mut out = format!("{title} {}\n", Tone::Quiet.paint(&format!("({})", topology.name)));
    out += &said(difference(comparison.aspect), 0, Tone::Plain);
    out.push('\n');
    let mut table = Table::bare();
    for line in lines(world, comparison, &named) {
        let name = textwrap::wrap(&line.name, NAME);
        let cells: Vec<_> = line.cells.iter().map(|(text, tone)| (textwrap::wrap(text, RUN), *tone)).collect();
        let rows = cells.iter().map(|(parts, _)| parts.len()).chain([name.len(), 1]).max().unwrap_or(1);
        for row in 0..rows {
            let part =
                |parts: &[std::borrow::Cow<'_, str>]| parts.get(row).map(ToString::to_string).unwrap_or_default();
            let cells = cells.iter().map(|(parts, tone)| Cell::new(part(parts), *tone));
            table.row([Cell::new(part(&name), Tone::Quiet)].into_iter().chain(cells));
        }
    }
    out += &table.print(2);
    out += &said("~ a figure in it has no source; the recovery time counts from the disaster (F23)", 2, Tone::Quiet);
    out += &said(
        "Site Recovery promises an hour for the machines, and nothing for gateways, DNS and scripts (F1)",
        2,
        Tone::Quiet,
    );
    out += &first(comparison);
    out + &charged(comparison)
}

/// What has to be done before a run is possible as it stands here.
fn first(comparison: &Comparison) -> String {
    let mut out = String::new();
    for run in comparison.runs.iter().filter(|run| !run.first.is_empty()) {
        let commands: Vec<String> = run.first.iter().map(|command| format!("`{command}`")).collect();
        out += &said(&format!("{}: as after {}", title(run.variant), commands.join(", ")), 2, Tone::Plain);
    }
    if out.is_empty() { out } else { heading("Not as it is now") + &out }
}

/// What each run costs, in words; once where it is the same for all.
fn charged(comparison: &Comparison) -> String {
    let mut out = heading("What is charged");
    for (sentence, of) in charges(comparison) {
        let which = if of.is_empty() { String::new() } else { format!(" [{}]", of.join(", ")) };
        out += &said(&format!("{sentence}{which}"), 2, Tone::Plain);
    }
    out
}

/// Each cost with the runs it concerns; none are named where it concerns all (F18 to F22).
pub fn charges(comparison: &Comparison) -> Vec<(String, Vec<&'static str>)> {
    let mut found: Vec<(String, Vec<&'static str>)> = Vec::new();
    let planned: Vec<_> =
        comparison.runs.iter().filter_map(|run| Some((run.variant, run.plan.as_ref().ok()?))).collect();
    for (variant, plan) in &planned {
        for sentence in plan.charged() {
            match found.iter_mut().find(|(known, _)| *known == sentence) {
                Some((_, of)) => of.push(title(*variant)),
                None => found.push((sentence, vec![title(*variant)])),
            }
        }
    }
    for (_, of) in &mut found {
        if of.len() == planned.len() {
            of.clear();
        }
    }
    if comparison.aspect == Aspect::Kind {
        found.push((
            "keep the kind of link the source has, where you can: limits, speed and price differ (F20)".to_owned(),
            Vec::new(),
        ));
    }
    found
}

/// A sentence wrapped to the width.
fn said(text: &str, indent: usize, tone: Tone) -> String {
    let margin = " ".repeat(indent);
    let lines = textwrap::wrap(text, WIDTH - indent);
    lines.iter().map(|line| format!("{margin}{}\n", tone.paint(line))).collect()
}
