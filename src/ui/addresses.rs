//! The address sheet: where every VM goes and which address it gets.

use super::doc::{Doc, Piece, piece};
use crate::app::Session;
use crate::topology::VmIx;
use crate::world::{Phase, assign};

/// Writes the sheet.
pub fn write(at: VmIx, session: &Session, doc: &mut Doc) {
    let theme = doc.theme;
    let world = session.world();
    doc.para(
        "As if everything replicated failed over, or back, together now: = address kept, ≠ another one.",
        theme.dim,
    );
    let moving: Vec<VmIx> = world.vms().filter(|(_, state)| state.phase.replicated()).map(|(vm, _)| vm).collect();
    let assigned = assign(world, &moving);
    // The marked VM's rule stands above the table, where scrolling never hides it from a reader who just opened it.
    if let Some((_, Ok(result))) = assigned.iter().find(|(vm, _)| *vm == at) {
        doc.para(&format!("{}: {} ({}).", world.vm_id(at), result.because(), result.rule), theme.text);
    }
    doc.gap();
    let mut rows: Vec<Vec<Piece>> =
        vec![["", "VM", "now", "gets", "rule", "ver.", "in"].map(|text| piece(text, theme.title)).to_vec()];
    let mut marked = 0;
    for (vm, state) in world.vms() {
        let here = vm == at;
        if here {
            marked = rows.len();
        }
        let style = if here { theme.selected } else { theme.text };
        let lead = piece(if here { "▶" } else { " " }, theme.title);
        let name = piece(world.vm_id(vm), style);
        let now = piece(state.at.ip.to_string(), theme.text);
        let found = assigned.iter().find(|(other, _)| *other == vm).map(|(_, result)| result);
        rows.push(match found {
            Some(Ok(result)) => {
                let (sign, style) = if result.retained { ("=", theme.connected) } else { ("≠", theme.blocked) };
                let verified = if state.verified { "✓" } else { "no" };
                vec![
                    lead,
                    name,
                    now,
                    piece(format!("{sign} {}", result.to.ip), style),
                    piece(result.rule.to_string(), theme.text),
                    piece(verified, if state.verified { theme.connected } else { theme.dim }),
                    piece(world.subnet_name(result.to.subnet), theme.dim),
                ]
            }
            Some(Err(reason)) => {
                vec![lead, name, now, piece("nowhere", theme.blocked), piece(&reason.message, theme.blocked)]
            }
            None => {
                let (word, style) = match (state.phase, world.retained(vm)) {
                    (Phase::FailedOver, Some(true)) => ("failed over, address kept", theme.connected),
                    (Phase::FailedOver, _) => ("failed over, other address", theme.blocked),
                    (Phase::Unprotected, _) => ("not replicated: stays where it is", theme.dim),
                    (phase, Some(false)) => (phase.words(), theme.blocked),
                    (phase, _) => (phase.words(), theme.dim),
                };
                vec![lead, name, now, piece(word, style)]
            }
        });
    }
    let before = doc.lines.len();
    // Wrapped rules make a row taller, so the marked row is found by its arrow.
    doc.table(rows);
    let arrow =
        doc.lines.iter().skip(before).position(|line| line.spans.first().is_some_and(|span| span.content == "▶"));
    doc.mark = Some(before + arrow.unwrap_or(marked));
}
