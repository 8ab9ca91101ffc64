//! The preview sheet: what a failover will do, before it does it.

use ratatui::style::Style;

use super::doc::{Doc, piece};
use super::theme::Theme;
use crate::app::facts::{lasting, need_title};
use crate::app::overlay::Preview;
use crate::app::{Session, naming};
use crate::plan::{Plan, PlannedLink, Rto, Timing};
use crate::topology::timing::spoken;
use crate::topology::{Command, LinkState, Severity};

/// Writes the sheet.
pub fn write(preview: &Preview, session: &Session, doc: &mut Doc) {
    timings(preview, doc);
    match preview.shown() {
        Some(Ok(plan)) => plan_shown(plan, session, doc),
        Some(Err(refusal)) => {
            doc.heading(format!("refused · {}", refusal.code));
            doc.para(&refusal.message, doc.theme.blocked);
        }
        None => {}
    }
}

/// The three timings side by side, each with its longest gap.
fn timings(preview: &Preview, doc: &mut Doc) {
    let theme = doc.theme;
    let homeward = preview.plans.iter().any(|(_, plan)| plan.as_ref().is_ok_and(|plan| plan.homeward));
    let side = if homeward { "Links at home" } else { "Links of the recovery side" };
    doc.row(vec![piece(format!("{side} are made (b d a or ← → changes it)"), theme.dim)]);
    let rows = preview.plans.iter().map(|(timing, plan)| {
        let here = *timing == preview.timing;
        let when = match timing {
            Timing::Before => "before the machines move",
            Timing::During => "while the machines move",
            Timing::After => "after the machines moved",
        };
        let (lead, style) = if here { ("▶", theme.title) } else { (" ", theme.text) };
        let (total, cut_off) = match plan {
            Ok(plan) => (format!("total {}", lasting(plan.seconds, plan.assumed)), longest(plan)),
            Err(refusal) => ("refused".to_owned(), refusal.code.to_string()),
        };
        vec![piece(lead, theme.title), piece(when, style), piece(total, style), piece(cut_off, style)]
    });
    doc.table(rows.collect());
}

fn longest(plan: &Plan) -> String {
    match plan.longest_outage() {
        (0, _) => "nobody is cut off".to_owned(),
        (_, true) => "somebody stays cut off".to_owned(),
        (seconds, false) => format!("longest gap {}", lasting(seconds, plan.assumed)),
    }
}

fn plan_shown(plan: &Plan, session: &Session, doc: &mut Doc) {
    let theme = doc.theme;
    let steps = match plan.commands().count() {
        1 => "1 step".to_owned(),
        several => format!("{several} steps"),
    };
    let assumed = if plan.assumed { " (~ assumed)" } else { "" };
    doc.gap();
    doc.para(
        &format!(
            "{steps} in {}{assumed}. Enter takes them one by one, r runs all, esc changes nothing.",
            lasting(plan.seconds, plan.assumed)
        ),
        theme.text,
    );
    // Going home answers no disaster.
    if plan.commands().all(|command| !matches!(command, Command::FailBack(_))) {
        let (text, style) = recovery(&plan.rto, theme);
        doc.para(&format!("{text} = compares other ways."), style);
    }
    findings(plan, doc);
    links(plan, session, doc);
    addresses(plan, session, doc);
    gaps(plan, session, doc);
    doc.heading("Steps");
    for (number, group) in plan.groups.iter().enumerate() {
        doc.row(vec![piece(format!("{} {}", number + 1, group.title), theme.text)]);
        for command in group.commands() {
            doc.row(vec![piece(format!("    {command}"), theme.dim)]);
        }
    }
}

/// How long those who wait for it wait, against the target of the file (F23).
pub fn recovery(rto: &Rto, theme: &Theme) -> (String, Style) {
    let total = rto.total();
    let text = format!("Recovery time {} from the disaster on (F23)", lasting(total.seconds, total.assumed));
    match (rto.target, rto.met()) {
        (Some(_), _) if !rto.comes_back => (format!("{text}: ! somebody stays cut off."), theme.blocked),
        (Some(target), Some(false)) => {
            (format!("{text}: ! later than the target of {}.", spoken(target)), theme.blocked)
        }
        (Some(target), _) => (format!("{text}: ✓ within the target of {}.", spoken(target)), theme.connected),
        _ => (format!("{text}."), theme.dim),
    }
}

fn findings(plan: &Plan, doc: &mut Doc) {
    let theme = doc.theme;
    if plan.findings.is_empty() {
        return;
    }
    doc.heading("Worth knowing");
    let mut sorted: Vec<_> = plan.findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    for finding in sorted {
        let (mark, style) = match finding.severity {
            Severity::Error => ("⊘ error", theme.blocked),
            Severity::Warning => ("! warning", theme.pending),
            Severity::Note => ("· note", theme.dim),
        };
        doc.item(mark, style, &format!("{} ({})", finding.message, finding.code), theme.text);
    }
}

fn links(plan: &Plan, session: &Session, doc: &mut Doc) {
    let theme = doc.theme;
    let groups = [
        ("cut", "−", &plan.cut, theme.cut),
        ("made", "+", &plan.made, theme.changed),
        ("kept", " ", &plan.kept, theme.connected),
    ];
    let count: Vec<String> = groups.iter().map(|(word, _, links, _)| format!("{} {word}", links.len())).collect();
    doc.heading(format!("Links: {}", count.join(", ")));
    let world = session.world();
    let title = |link: &PlannedLink| {
        let [a, b] = link.between.map(|node| world.node_title(node));
        format!("{a} ─ {b}")
    };
    let rows = groups.iter().flat_map(|(word, mark, links, style)| {
        links.iter().map(move |link| {
            let like = world.twin_link(link.between).filter(|_| *word == "made");
            let note = match like {
                Some(old) if old.kind != link.kind => "another kind than the link it replaces",
                Some(old)
                    if old.state != LinkState::Absent
                        || plan.cut.iter().any(|cut| old.joins(cut.between[0], cut.between[1])) =>
                {
                    "like for like"
                }
                _ => "",
            };
            vec![
                piece(*mark, *style),
                piece(*word, *style),
                piece(naming::capital(link.kind.title()), theme.text),
                piece(title(link), theme.text),
                piece(note, theme.dim),
            ]
        })
    });
    doc.table(rows.collect());
}

fn addresses(plan: &Plan, session: &Session, doc: &mut Doc) {
    let theme = doc.theme;
    let world = session.world();
    let kept = plan.addresses.iter().filter(|(_, assigned)| assigned.retained).count();
    doc.heading(format!("Machines: {} move, {kept} keep their address", plan.addresses.len()));
    let rows = plan.given().map(|(holding, assigned)| {
        let (word, style) = if assigned.retained { ("= kept", theme.connected) } else { ("≠ other", theme.blocked) };
        vec![
            piece(world.holding_title(holding), theme.text),
            piece(format!("{} → {}", assigned.from.ip, assigned.to.ip), style),
            piece(word, style),
            piece(
                format!("in {}, {}: {}", world.subnet_name(assigned.to.subnet), assigned.rule, assigned.because()),
                theme.dim,
            ),
        ]
    });
    doc.table(rows.collect());
}

fn gaps(plan: &Plan, session: &Session, doc: &mut Doc) {
    let theme = doc.theme;
    let topology = session.world().topology();
    doc.heading("Who is cut off meanwhile");
    if plan.gaps.is_empty() {
        doc.para("Nobody: every need stays met at every step.", theme.connected);
        return;
    }
    let time = |seconds: u64| lasting(seconds, plan.assumed && seconds > 0);
    let rows = plan.gaps.iter().map(|gap| {
        let (length, style) = match gap.until {
            Some(until) => (
                format!("{} (from {} to {})", time(until.saturating_sub(gap.from)), time(gap.from), time(until)),
                theme.pending,
            ),
            None => (format!("from {} on, and not met at the end", time(gap.from)), theme.blocked),
        };
        vec![piece(need_title(topology, gap.need), theme.text), piece(length, style)]
    });
    doc.table(rows.collect());
}
