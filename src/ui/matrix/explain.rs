//! The marked cell in words, and who reaches a marked machine before and now.

use super::cells::Judge;
use crate::app::facts::standing;
use crate::app::grid::{Grid, Part, talk};
use crate::app::{Session, all_nodes, naming};
use crate::history::Revision;
use crate::topology::overlap::direct_overlap;
use crate::topology::{Endpoint, Node, VmIx};
use crate::ui::doc::Doc;

/// Writes what the marked cell says.
pub(super) fn cell(grid: &Grid, session: &Session, judge: &Judge, doc: &mut Doc) {
    let theme = doc.theme;
    let world = session.world();
    let parts = grid.here().cell();
    let named = |part: Part| match part.place(world) {
        place if place.is_empty() => part.title(world).to_owned(),
        place => format!("{} {place}", part.title(world)),
    };
    doc.heading(format!("{} × {}", named(parts[0]), named(parts[1])));
    if let [Part::Network(a), Part::Network(b)] = parts
        && a != b
    {
        doc.para(&link(session, judge, a, b), theme.text);
    }
    let (good, all) = judge.share(judge.now, parts);
    if all > 0 {
        let style = if good == all { theme.connected } else { theme.blocked };
        let partial =
            if judge.is_partial(parts) { format!(" of the first {all} that were judged") } else { String::new() };
        let of = if partial.is_empty() { format!(" of {all} pairs") } else { partial };
        let then = judge.share(judge.then, parts);
        let before = if then == (good, all) { String::new() } else { format!("; before {} of {}", then.0, then.1) };
        doc.para(&format!("reach each other, both ways: {good}{of}{before}; w says why"), style);
    }
    if let Part::Vm(vm) = parts[0] {
        asked(session, judge, vm, doc);
    }
}

fn link(session: &Session, judge: &Judge, a: Node, b: Node) -> String {
    let world = session.world();
    match (judge.link_now(a, b), direct_overlap(world, [a, b])) {
        (Some((kind, link)), _) => format!("{}, {}", naming::capital(kind.title()), standing(world, link).word()),
        (None, Some((a, b))) if a == b => format!("both hold {a}: no link can ever join them (B5)"),
        (None, Some((a, b))) => format!("{a} and {b} overlap: no link can ever join them (B5)"),
        (None, None) => "no link; c compares what could join them".to_owned(),
    }
}

/// Who reaches a machine, network by network, before and now (`picture.md` 3.5).
fn asked(session: &Session, judge: &Judge, vm: VmIx, doc: &mut Doc) {
    let theme = doc.theme;
    let world = session.world();
    doc.heading(format!("Who reaches {} ({})?", world.vm(vm).at.ip, world.vm_id(vm)));
    for (when, state) in [("before", judge.then), ("now", judge.now)] {
        if vm.at() >= state.world.topology().vms.len() {
            continue;
        }
        let told = all_nodes(&state.world).into_iter().filter_map(|node| {
            let mark = if reached(state, node, vm)? { "✓" } else { "✗" };
            Some(format!("{} {mark}", state.world.node_title(node)))
        });
        let told = told.collect::<Vec<_>>().join(", ");
        let home = &state.world.vnet(state.world.vnet_of(vm)).title;
        let text = format!("in {home} with {}: {told}", state.world.vm(vm).at.ip);
        doc.item(&format!("{when:<6}"), theme.dim, &text, theme.text);
    }
}

/// Whether a network's first machine, or the site, and a machine reach each other; nothing where it has none.
fn reached(state: &Revision, node: Node, vm: VmIx) -> Option<bool> {
    let from = match node {
        Node::Site(site) => Endpoint::Site(site),
        Node::Vnet(vnet) => {
            let other = state
                .world
                .vms()
                .map(|(other, _)| other)
                .find(|other| *other != vm && state.world.vnet_of(*other) == vnet);
            Endpoint::Vm(other?)
        }
    };
    Some(talk(state, from, Endpoint::Vm(vm)))
}
