//! The matrix: which networks are linked, which can never be, and who reaches whom.

use super::doc::{Doc, Piece, piece};
use super::links;
use crate::app::all_nodes;
use crate::app::facts::{Standing, is_over, standing};
use crate::app::{Session, naming};
use crate::history::Revision;
use crate::network::{Network, needs};
use crate::topology::overlap::direct_overlap;
use crate::topology::{Endpoint, Link, LinkIx, LinkKind, LinkState, Node, VmIx};
use crate::world::World;

/// Writes the matrix with the marked cell explained below it.
pub fn write(row: Node, column: Node, session: &Session, doc: &mut Doc) {
    let theme = doc.theme;
    let world = session.world();
    let before = &session.before().world;
    let nodes = all_nodes(world);
    let short: Vec<String> = nodes.iter().enumerate().map(|(at, node)| tag(world, *node, at)).collect();
    let name = nodes.iter().map(|node| world.node_title(*node).chars().count()).max().unwrap_or(0).min(24);
    let wide = nodes.len() <= 12 && doc.width >= name + 6 + nodes.len() * WIDE;
    let cell_width = if wide { WIDE } else { 5 };
    let people = People::of(session);
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
            let met = people.as_ref().map(|people| people.reach(*node, nodes[other]));
            let (text, mut style) = cell(world, before, [*node, nodes[other]], met, wide, doc);
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
    let first = match people {
        Some(_) => "First, whether their machines reach each other both ways: ● all, ◑ some, – none. Then the link: ",
        None => "Too many machines to judge every pair here; the marked one is judged below. The link: ",
    };
    let then = "✓ connected, ⊘ blocked, ✗ cut, ○ planned, … pending, ≠ same address space and never linked; \
                + added, − removed.";
    doc.para(&format!("{first}{then}"), theme.dim);
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
    let told = |(at, _): &(usize, &Link)| !is_over(world, LinkIx::new(*at));
    let live = numbered().find(|(_, link)| link.state != LinkState::Absent).or_else(|| numbered().find(told));
    live.map(|(at, link)| (link.kind, LinkIx::new(at)))
}

fn there(world: &World, link: Option<(LinkKind, LinkIx)>) -> bool {
    link.is_some_and(|(_, link)| world.link(link).state != LinkState::Absent)
}

/// Cells of a column that names the kind of link.
const WIDE: usize = 9;

/// Up to so many pairs of machines every cell is judged.
const JUDGED: usize = 40_000;

/// The machines of each network, to judge who reaches whom.
struct People<'a> {
    now: &'a Revision,
    inside: Vec<Vec<VmIx>>,
}

impl<'a> People<'a> {
    /// Nothing where there are too many machines to judge every pair.
    fn of(session: &'a Session) -> Option<Self> {
        let now = session.history.now();
        let world = &now.world;
        let mut inside = vec![Vec::new(); world.vnets().len()];
        for (vm, _) in world.vms() {
            inside[world.vnet_of(vm).at()].push(vm);
        }
        let all: usize = inside.iter().map(Vec::len).sum();
        (all * all <= JUDGED).then_some(Self { now, inside })
    }

    fn ends(&self, node: Node) -> Vec<Endpoint> {
        match node {
            Node::Vnet(vnet) => self.inside[vnet.at()].iter().map(|vm| Endpoint::Vm(*vm)).collect(),
            Node::Site(site) => vec![Endpoint::Site(site)],
        }
    }

    /// How many pairs reach each other both ways, and how many there are.
    fn reach(&self, a: Node, b: Node) -> (usize, usize) {
        let Revision { world, network, .. } = self.now;
        let one_way = |from, to| needs::first_failing_on(world, network, from, to, None).is_none();
        let (left, right) = (self.ends(a), self.ends(b));
        let pairs = left.iter().flat_map(|from| right.iter().map(move |to| (*from, *to)));
        pairs.filter(|(from, to)| from != to).fold((0, 0), |(good, all), (from, to)| {
            let fine = match (from, to) {
                (Endpoint::Vm(from), Endpoint::Vm(to)) => network.reaches(from, to),
                _ => one_way(from, to) && one_way(to, from),
            };
            (good + usize::from(fine), all + 1)
        })
    }
}

/// The sign of how many pairs reach each other.
fn sign((good, all): (usize, usize)) -> char {
    match (good, all) {
        (_, 0) => ' ',
        (0, _) => '–',
        _ if good == all => '●',
        _ => '◑',
    }
}

fn cell(
    world: &World,
    before: &World,
    [a, b]: [Node; 2],
    met: Option<(usize, usize)>,
    wide: bool,
    doc: &Doc,
) -> (String, ratatui::style::Style) {
    let theme = doc.theme;
    if a == b {
        return (" ■".into(), theme.dim);
    }
    let reach = met.map_or(' ', sign);
    let judged = match reach {
        '●' => theme.connected,
        '◑' => theme.pending,
        _ => theme.dim,
    };
    let was = there(before, link_between(before, a, b));
    let Some((kind, link)) = link_between(world, a, b) else {
        let never = direct_overlap(world, [a, b]).is_some();
        let space = if never && wide { " space" } else { "" };
        return (format!(" {reach}{}{space}", if never { "≠" } else { " " }), judged);
    };
    let (mark, mut style) = links::mark(standing(world, link), theme);
    if reach == '–' && standing(world, link) == Standing::Carries {
        style = theme.blocked;
    }
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
    (if wide { format!("{change}{reach}{mark} {word}") } else { format!("{change}{reach}{mark}") }, style)
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
