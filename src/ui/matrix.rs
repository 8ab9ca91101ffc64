//! The matrix: which networks are linked, which can never be, and who reaches whom.

use super::doc::{Doc, Piece, piece};
use super::links;
use crate::app::all_nodes;
use crate::app::facts::standing;
use crate::app::{Session, naming};
use crate::network::Network;
use crate::topology::overlap::direct_overlap;
use crate::topology::{LinkIx, LinkKind, LinkState, Node, VmIx};
use crate::world::World;

/// Writes the matrix with the marked cell explained below it.
pub fn write(row: Node, column: Node, session: &Session, doc: &mut Doc) {
    let theme = doc.theme;
    let world = session.world();
    let before = &session.before().world;
    let nodes = all_nodes(world);
    let short: Vec<String> = nodes.iter().enumerate().map(|(at, node)| tag(world, *node, at)).collect();
    let name = nodes.iter().map(|node| world.node_title(*node).chars().count()).max().unwrap_or(0).min(24);
    let wide = nodes.len() <= 12 && doc.width >= name + 6 + nodes.len() * 8;
    let cell_width = if wide { 8 } else { 4 };
    let room = doc.width.saturating_sub(name + 6) / cell_width;
    // The columns follow the marked cell where they do not all fit.
    let at = nodes.iter().position(|node| *node == column).unwrap_or(0);
    let first = if nodes.len() <= room { 0 } else { at.saturating_sub(room / 2).min(nodes.len() - room.max(1)) };
    let shown = first..nodes.len().min(first + room.max(1));
    let mut head: Vec<Piece> = vec![piece(" ".repeat(name + 6), theme.dim)];
    for at in shown.clone() {
        let style = if nodes[at] == column { theme.selected } else { theme.title };
        head.push(piece(format!("{:<cell_width$}", short[at]), style));
    }
    doc.row(head);
    for (at, node) in nodes.iter().enumerate() {
        let style = if *node == row { theme.selected } else { theme.text };
        let title: String = world.node_title(*node).chars().take(name).collect();
        let mut line = vec![piece(format!("{:<4} ", short[at]), theme.title), piece(format!("{title:<name$} "), style)];
        for other in shown.clone() {
            let (text, mut style) = cell(world, before, *node, nodes[other], wide, doc);
            if *node == row && nodes[other] == column {
                style = style.patch(theme.selected);
            }
            line.push(piece(text, style));
            let pad = cell_width.saturating_sub(unicode_width::UnicodeWidthStr::width(line[line.len() - 1].0.as_str()));
            line.push(piece(" ".repeat(pad), theme.text));
        }
        doc.row(line);
        if *node == row {
            doc.mark_here();
        }
    }
    doc.gap();
    doc.para(
        "✓ connected  ⊘ blocked  ✗ cut  ○ planned  … pending  · no link  ≠ same address space, never linked  \
         + added  − removed",
        theme.dim,
    );
    explain_cell(row, column, session, doc);
    machines(session, doc);
    if doc.mark.is_some_and(|mark| mark < 8) {
        doc.mark = None;
    }
}

/// A short name for a column: a letter for what it is, and its place.
fn tag(world: &World, node: Node, at: usize) -> String {
    let letter = match node {
        Node::Site(_) => 'P',
        Node::Vnet(vnet) if world.vnet(vnet).recovers.is_some() => 'R',
        Node::Vnet(vnet) if world.regions()[world.vnet(vnet).region.at()].side == crate::topology::Side::Source => 'S',
        Node::Vnet(_) => 'V',
    };
    format!("{letter}{}", at + 1)
}

/// The link of two networks, the one that is there before one that is not.
fn link_between(world: &World, a: Node, b: Node) -> Option<(LinkKind, LinkIx)> {
    let numbered = || world.links().iter().enumerate().filter(|(_, link)| link.joins(a, b));
    let live = numbered().find(|(_, link)| link.state != LinkState::Absent).or_else(|| numbered().next());
    live.map(|(at, link)| (link.kind, LinkIx::new(at)))
}

fn there(world: &World, link: Option<(LinkKind, LinkIx)>) -> bool {
    link.is_some_and(|(_, link)| world.link(link).state != LinkState::Absent)
}

fn cell(world: &World, before: &World, a: Node, b: Node, wide: bool, doc: &Doc) -> (String, ratatui::style::Style) {
    let theme = doc.theme;
    if a == b {
        return (" ■".into(), theme.dim);
    }
    let was = there(before, link_between(before, a, b));
    let Some((kind, link)) = link_between(world, a, b) else {
        return match direct_overlap(world, [a, b]) {
            Some(_) => (if wide { " ≠ space".into() } else { " ≠".into() }, theme.dim),
            None => (" ·".into(), theme.dim),
        };
    };
    let (mark, style) = links::mark(standing(world, link), theme);
    let change = match (was, there(world, Some((kind, link)))) {
        (true, false) => "−",
        (false, true) => "+",
        _ => " ",
    };
    let word = match kind {
        LinkKind::Vpn => "VPN",
        LinkKind::Peering => "peer",
        LinkKind::Expressroute => "ExpR",
    };
    (if wide { format!("{change}{mark} {word}") } else { format!("{change}{mark}") }, style)
}

/// Pairs of VMs checked for one cell; beyond that the count says enough.
const PAIRS: usize = 4_000;

fn explain_cell(row: Node, column: Node, session: &Session, doc: &mut Doc) {
    let theme = doc.theme;
    let now = session.history.now();
    let world = &now.world;
    doc.heading(format!("{} × {}", world.node_title(row), world.node_title(column)));
    if row != column {
        let text = match (link_between(world, row, column), direct_overlap(world, [row, column])) {
            (Some((kind, link)), _) => {
                format!("{}, {}", naming::capital(kind.title()), standing(world, link).word())
            }
            (None, Some((a, b))) if a == b => format!("both hold {a}: no link can ever join them (B5)"),
            (None, Some((a, b))) => format!("{a} and {b} overlap: no link can ever join them (B5)"),
            (None, None) => "no link; enter compares what could join them".to_owned(),
        };
        doc.para(&text, theme.text);
    }
    let inside = |node: Node| -> Vec<VmIx> {
        world.vms().map(|(vm, _)| vm).filter(|vm| Some(world.vnet_of(*vm)) == node.vnet()).collect()
    };
    let (left, right) = (inside(row), inside(column));
    if left.is_empty() || right.is_empty() {
        return;
    }
    let reach = |network: &Network| {
        let pairs = left.iter().flat_map(|a| right.iter().map(move |b| (*a, *b))).filter(|(a, b)| a != b);
        pairs.take(PAIRS).fold((0, 0), |(good, all), (a, b)| (good + usize::from(network.reaches(a, b)), all + 1))
    };
    let (good, all) = reach(&now.network);
    if all > 0 {
        let style = if good == all { theme.connected } else { theme.blocked };
        doc.para(&format!("VMs that reach each other, both ways: {good} of {all} pairs"), style);
    }
}

/// VM against VM, where they are few.
fn machines(session: &Session, doc: &mut Doc) {
    let theme = doc.theme;
    let now = session.history.now();
    let world = &now.world;
    let vms: Vec<VmIx> = world.vms().map(|(vm, _)| vm).collect();
    let name = vms.iter().map(|vm| world.vm_id(*vm).len()).max().unwrap_or(0).min(24);
    if vms.is_empty() || vms.len() > 24 || doc.width < name + 8 + vms.len() * 3 {
        return;
    }
    doc.heading("VM by VM: ● both ways, · not");
    let numbers: String = (1..=vms.len()).map(|number| format!("{number:>3}")).collect();
    doc.row(vec![piece(format!("{}{numbers}", " ".repeat(name + 4)), theme.dim)]);
    for (at, a) in vms.iter().enumerate() {
        let id: String = world.vm_id(*a).chars().take(name).collect();
        let mut line = vec![piece(format!("{:>3} {id:<name$}", at + 1), theme.text)];
        for b in &vms {
            let (mark, style) = match (a == b, now.network.reaches(*a, *b)) {
                (true, true) => ("  ■", theme.dim),
                (true, false) => ("  ⊘", theme.blocked),
                (false, true) => ("  ●", theme.connected),
                (false, false) => ("  ·", theme.dim),
            };
            line.push(piece(mark, style));
        }
        doc.row(line);
    }
}
