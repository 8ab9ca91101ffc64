//! Who reaches whom as text: the matrix, and the explanation of one pair.

use super::routes::next_hop;
use super::style::Tone;
use super::table::{Cell, Table, heading, sentence};
use crate::network::{Explanation, Hop, Loser, Network, Route, VerdictCode};
use crate::topology::{VmIx, VnetIx};
use crate::world::World;

/// Above this many VMs the matrix has one row per VNet.
const MOST_ROWS: usize = 30;

/// The matrix of all VMs, or of all VNets that have some where the VMs are many.
pub fn matrix(world: &World, network: &Network) -> String {
    let vms: Vec<VmIx> = world.vms().map(|(vm, _)| vm).collect();
    if vms.is_empty() {
        return "The topology has no VMs.\n".to_owned();
    }
    let title = format!("Who reaches whom in {}, both ways", world.topology().title);
    let out = format!("{}\n\n", Tone::Strong.paint(&title));
    if vms.len() > MOST_ROWS { out + &by_vnet(world, network, &vms) } else { out + &by_vm(world, network, &vms) }
}

fn by_vm(world: &World, network: &Network, vms: &[VmIx]) -> String {
    let mut table = Table::bare();
    let numbers = (1..=vms.len()).map(|number| Cell::new(number.to_string(), Tone::Quiet));
    table.row(std::iter::repeat_n(Cell::default(), 3).chain(numbers));
    for (at, a) in vms.iter().enumerate() {
        let ip = world.vm(*a).at.ip.to_string();
        let lead = [Cell::new((at + 1).to_string(), Tone::Quiet), world.vm_id(*a).into(), Cell::new(ip, Tone::Quiet)];
        let cells = vms.iter().map(|b| match (a == b, network.reaches(*a, *b)) {
            (true, true) => Cell::new("·", Tone::Quiet),
            (true, false) => Cell::new("x", Tone::Bad),
            (false, true) => Cell::new("✓", Tone::Good),
            (false, false) => Cell::new("–", Tone::Bad),
        });
        table.row(lead.into_iter().chain(cells));
    }
    table.print(2) + "\n" + &sentence("✓ reach each other, – do not; · runs, x does not run", 2, Tone::Quiet)
}

/// VMs by the VNet they serve in, in the order of VNets.
fn groups(world: &World, vms: &[VmIx]) -> Vec<(VnetIx, Vec<VmIx>)> {
    let mut groups: Vec<_> = (0..world.vnets().len()).map(|at| (VnetIx::new(at), Vec::new())).collect();
    for vm in vms {
        groups[world.vnet_of(*vm).at()].1.push(*vm);
    }
    groups.retain(|(_, members)| !members.is_empty());
    groups
}

fn by_vnet(world: &World, network: &Network, vms: &[VmIx]) -> String {
    let groups = groups(world, vms);
    let mut table = Table::bare();
    let numbers = (1..=groups.len()).map(|number| Cell::new(number.to_string(), Tone::Quiet));
    table.row(std::iter::repeat_n(Cell::default(), 3).chain(numbers));
    for (at, (vnet, members)) in groups.iter().enumerate() {
        let lead = [
            Cell::new((at + 1).to_string(), Tone::Quiet),
            world.vnet(*vnet).title.clone().into(),
            Cell::new(format!("{} VMs", members.len()), Tone::Quiet),
        ];
        let cells = groups.iter().map(|(_, others)| share(network, members, others));
        table.row(lead.into_iter().chain(cells));
    }
    let legend =
        "✓ all reach each other, – none does, else the share of pairs that do; grouped by the VNet VMs serve in";
    table.print(2) + "\n" + &sentence(legend, 2, Tone::Quiet)
}

/// How many of the pairs of two groups reach each other.
fn share(network: &Network, a: &[VmIx], b: &[VmIx]) -> Cell {
    let pairs = || a.iter().flat_map(|x| b.iter().map(move |y| (*x, *y)));
    let all = a.len().saturating_mul(b.len());
    match pairs().filter(|(x, y)| network.reaches(*x, *y)).count() {
        0 => Cell::new("–", Tone::Bad),
        met if met == all => Cell::new("✓", Tone::Good),
        met => Cell::new(format!("{}%", (met * 100 / all.max(1)).max(1)), Tone::Warn),
    }
}

/// Why two parties reach each other, or why not.
pub fn pair(world: &World, explanation: &Explanation) -> String {
    let topology = world.topology();
    let (from, to) = (topology.endpoint_id(explanation.from), topology.endpoint_id(explanation.to));
    let reached = explanation.code == VerdictCode::Reachable;
    let verdict = if reached { Tone::Good.paint("✓ reachable") } else { Tone::Bad.paint("✗ UNREACHABLE") };
    let code = if reached { String::new() } else { format!("  {}", Tone::Quiet.paint(&explanation.code.to_string())) };
    let mut out = format!("{from} ↔ {to}  {verdict}{code}\n");
    out += &sentence(&explanation.message, 2, Tone::Plain);
    out += &path(world, &format!("There: {from} to {to}"), &explanation.forward);
    out += &path(world, &format!("Back: {to} to {from}"), &explanation.back);
    if !explanation.blockers.is_empty() {
        out += &heading("In the way");
    }
    for blocker in &explanation.blockers {
        out += &format!("  {}  {}\n", Tone::Bad.paint("✗"), Tone::Bad.paint(&blocker.code.to_string()));
        out += &sentence(&blocker.message, 5, Tone::Plain);
        for (at, command) in blocker.mend.iter().enumerate() {
            let lead = if at == 0 { "mended by" } else { "then" };
            out += &sentence(&format!("{lead}: {command}"), 5, Tone::Good);
        }
    }
    out
}

fn path(world: &World, title: &str, hops: &[Hop]) -> String {
    if hops.is_empty() {
        return String::new();
    }
    let mut table = Table::bare();
    for hop in hops {
        let at = hop.title(world);
        match &hop.route {
            Some(route) => table.row(leading(at, route_cells(world, route), Cell::new("wins", Tone::Good))),
            None => table.row([at.into(), Cell::new("no route is asked or none matches", Tone::Quiet)]),
        }
        for Loser { route, why } in &hop.losers {
            table.row(leading(
                String::new(),
                route_cells(world, route),
                Cell::new(format!("lost: {why}"), Tone::Quiet),
            ));
        }
    }
    heading(title) + &table.print(2)
}

fn leading(at: String, route: [Cell; 3], end: Cell) -> impl Iterator<Item = Cell> {
    std::iter::once(at.into()).chain(route).chain(std::iter::once(end))
}

fn route_cells(world: &World, route: &Route) -> [Cell; 3] {
    let to = match (route.appliance, route.to) {
        (Some(ip), _) => format!("to {ip}"),
        (None, Some(node)) => match route.means(world) {
            Some(means) => format!("to {} by {means}", world.node_title(node)),
            None => format!("to {}", world.node_title(node)),
        },
        (None, None) => String::new(),
    };
    [route.prefix.to_string().into(), next_hop(route.next_hop).into(), to.into()]
}
