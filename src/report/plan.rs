//! A derived plan as text: its steps, its links, its addresses, who is cut off meanwhile, and what is worth knowing.

use super::run::{lasting, notable};
use super::style::Tone;
use super::table::{Cell, Table, heading, sentence};
use super::time;
use crate::plan::{Gap, List, Plan, PlannedLink, Scheduled, hook, schedule};
use crate::topology::timing::{Basis, spoken};
use crate::world::World;

/// A plan derived from `world`.
pub fn plan(world: &World, plan: &Plan) -> String {
    let (verb, noun) = if plan.homeward { ("Fail back", "failback") } else { ("Fail over", "failover") };
    let title = format!("{verb} {}", plan.scope);
    let from = Tone::Quiet.paint(&format!("({}, links made {} the {noun})", world.topology().name, plan.timing));
    let mut out = format!("{} {from}\n", Tone::Strong.paint(&title));
    out += &format!("Takes {} in all.\n", Tone::Strong.paint(&lasting(plan.seconds, plan.assumed)));
    out += &groups(world, plan);
    out += &heading("Links");
    out += &links(world, plan);
    out += &addresses(world, plan);
    out += &gaps(world, plan);
    out += &time::rto(world, &plan.rto);
    out + &notable(&plan.findings)
}

fn groups(world: &World, plan: &Plan) -> String {
    let placed = schedule(world, &plan.groups).placed;
    let mut out = sentence("! marks the critical path: were such a step slower, so would the plan be.", 0, Tone::Quiet);
    for (at, group) in plan.groups.iter().enumerate() {
        out += &heading(&format!("Group {}: {}", at + 1, group.title));
        let mut times = placed.iter().filter(|scheduled| scheduled.group == at);
        let mut table = Table::bare();
        let mut hooks: Vec<String> = Vec::new();
        let lists = [
            ("before", List::Before, &group.before),
            ("do", List::Run, &group.run),
            ("after", List::After, &group.after),
        ];
        for (word, list, commands) in lists {
            if !commands.is_empty() {
                hooks.push(format!("{word}: {}", hook(&plan.groups, at, list)));
            }
            for (position, command) in commands.iter().enumerate() {
                let word = if position == 0 { word } else { "" };
                let (time, critical) = times.next().map(|part| (when(part), part.critical)).unwrap_or_default();
                let mark = Cell::new(if critical { "!" } else { "" }, Tone::Warn);
                let word = Cell::new(word, Tone::Quiet);
                table.row([word, command.to_string().into(), mark, Cell::new(time, Tone::Quiet)]);
            }
        }
        out += &sentence(&format!("in Azure's plan, {}", hooks.join("; ")), 2, Tone::Quiet);
        out += &table.print(2);
    }
    out
}

/// When a step begins and how long it takes.
fn when(scheduled: &Scheduled) -> String {
    match &scheduled.refused {
        Some(refusal) => format!("would be refused: {}", refusal.code),
        None => {
            let span = lasting(scheduled.seconds, scheduled.basis == Some(Basis::Assumed));
            format!("at {}, takes {span}", spoken(scheduled.start))
        }
    }
}

fn links(world: &World, plan: &Plan) -> String {
    let mut table = Table::bare();
    let parts =
        [("✗ cut", Tone::Bad, &plan.cut), ("+ made", Tone::Good, &plan.made), ("= kept", Tone::Plain, &plan.kept)];
    for (word, tone, links) in parts {
        for PlannedLink { kind, circuit, between: [a, b] } in links {
            let ends = format!("{} ↔ {}", world.node_title(*a), world.node_title(*b));
            table.row([Cell::new(word, tone), ends.into(), world.means(*kind, *circuit).into()]);
        }
    }
    let printed = table.print(2);
    if printed.is_empty() { "  none is touched\n".to_owned() } else { printed }
}

fn addresses(world: &World, plan: &Plan) -> String {
    if plan.addresses.is_empty() {
        return String::new();
    }
    let mut table = Table::titled(["VM", "has", "gets", "", "rule", "because"]);
    for (holding, assigned) in plan.given() {
        let kept = if assigned.retained { Cell::new("kept", Tone::Good) } else { Cell::new("CHANGED", Tone::Warn) };
        table.row([
            world.holding_title(holding).into(),
            assigned.from.ip.to_string().into(),
            format!("{} in {}", assigned.to.ip, world.subnet_name(assigned.to.subnet)).into(),
            kept,
            assigned.rule.to_string().into(),
            assigned.because().into(),
        ]);
    }
    heading("Addresses") + &table.print(2)
}

fn gaps(world: &World, plan: &Plan) -> String {
    let mut out = heading("Cut off meanwhile");
    if plan.gaps.is_empty() {
        return out + &sentence("Nobody who must talk is cut off.", 2, Tone::Good);
    }
    let topology = world.topology();
    let mut table = Table::bare();
    for gap in &plan.gaps {
        let Gap { need, from, until, losses, .. } = gap;
        let parts = match losses.len() {
            0 | 1 => String::new(),
            times => format!(", {times} times, {} in all", spoken(gap.cut_off(plan.seconds))),
        };
        let span = match until {
            Some(until) => Cell::new(
                format!(
                    "for {}, from {} to {}{parts}",
                    spoken(gap.outage(plan.seconds)),
                    spoken(*from),
                    spoken(*until)
                ),
                Tone::Warn,
            ),
            None => Cell::new(format!("from {} on, also at the end", spoken(*from)), Tone::Bad),
        };
        table.row([topology.endpoint_id(need.from).into(), "↔".into(), topology.endpoint_id(need.to).into(), span]);
    }
    out += &table.print(2);
    out
}
