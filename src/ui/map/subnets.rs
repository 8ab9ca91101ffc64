//! The line of a subnet: its name and range, and at its end what is out of the ordinary there.

use super::MapView;
use super::boxes::{ends, named};
use super::slots::{self, Slot};
use crate::diagram::{Item, Row, Shows, width};
use crate::topology::{SubnetIx, VmIx};
use crate::ui::canvas::Canvas;

/// What is out of the ordinary in a subnet, in words and as short as a narrow box needs.
struct Mark {
    words: String,
    short: String,
    /// Whether something does not work because of it.
    bad: bool,
}

/// Draws the line of a subnet.
pub(super) fn line(canvas: &mut Canvas, view: &MapView, row: &Row, subnet: SubnetIx) {
    let theme = view.theme;
    let declared = view.world.subnet(subnet);
    let pointer = if view.selected(Item::Subnet(subnet)) { "▶" } else { " " };
    let (x, room) = match row.shows {
        Shows::SubnetBox(_) => (row.rect.x + 1, row.rect.width - 2),
        _ => (row.rect.x, row.rect.width),
    };
    let range = declared.prefix.to_string();
    let text = |beside: i32| format!("{pointer}{} ", named(&declared.title, &range, room - 2 - beside));
    let counts = if row.shows == Shows::SubnetCounts { counts(view, subnet) } else { String::new() };
    let marks = marks(view, subnet);
    let joined = |of: fn(&Mark) -> &str| marks.iter().map(of).collect::<Vec<_>>().join(" ");
    let least = match row.shows {
        Shows::SubnetCounts => 9,
        Shows::SubnetBox(_) => 3,
        _ => 0,
    };
    let whole = width(&text(least)) + 1;
    let beside = if counts.is_empty() { 0 } else { width(&counts) + 1 };
    // Words where the name stands beside them whole, else signs, and the name gives way.
    let said = [joined(|mark| &mark.words), joined(|mark| &mark.short)];
    let [words, short] = &said;
    let shown = if whole + beside + width(words) <= room { words } else { short };
    let taken = if shown.is_empty() { 0 } else { width(shown) + 1 };
    let left = text(least.max(beside + taken));
    let style = view.style(Item::Subnet(subnet), theme.text);
    let line = if counts.is_empty() { left } else { ends(left.trim_end(), &counts, room - taken) };
    canvas.text(x, row.rect.y, room - taken, &line, style);
    if !shown.is_empty() {
        let style = if marks.iter().any(|mark| mark.bad) { theme.blocked } else { theme.pending };
        canvas.text(x + (room - taken).max(0), row.rect.y, taken, shown, style);
    }
}

/// What people did to a subnet that a reader must see (C13, A27, A13), and test copies without a row of their own (D12).
fn marks(view: &MapView, subnet: SubnetIx) -> Vec<Mark> {
    let world = view.world;
    let mark = |words: String, short: &str, bad| Mark { words, short: short.to_owned(), bad };
    let mut found = Vec::new();
    if world.blocked().contains(&subnet) {
        found.push(mark("⊘ blocked".to_owned(), "⊘", true));
    }
    let first = (subnet, std::net::Ipv4Addr::UNSPECIFIED)..=(subnet, std::net::Ipv4Addr::BROADCAST);
    if world.occupied().range(first).next().is_some() && world.free_addresses(subnet).next().is_none() {
        found.push(mark("full".to_owned(), "full", true));
    }
    let declared = &world.topology().subnets[subnet.at()].id;
    if world.subnet(subnet).id != *declared {
        found.push(mark(format!("≠ was {declared}"), "≠", false));
    }
    // Where the machine itself serves in the subnet, its copy has no row.
    let hidden = world.test_copies().filter(|(_, copy)| copy.at.subnet == subnet);
    let hidden: Vec<_> = hidden.filter(|(vm, _)| slots::slot(world, *vm, subnet) != Slot::TestCopy).collect();
    match hidden.as_slice() {
        [] => {}
        [(_, copy)] => found.push(mark(format!("▲ test copy {}", copy.at.ip), "▲1", false)),
        several => found.push(mark(format!("▲{} test copies", several.len()), &format!("▲{}", several.len()), false)),
    }
    found
}

/// How many VMs serve in a subnet, and how many have a slot there that they do not serve in.
fn counts(view: &MapView, subnet: SubnetIx) -> String {
    let running = if slots::up(view.world, subnet) { '●' } else { '⊘' };
    let serving = view.world.vms().filter(|(vm, _)| slots::slot(view.world, *vm, subnet) == Slot::Serving).count();
    let waiting = waiting(view, subnet);
    let serving = (serving > 0).then(|| format!("{running}{serving}"));
    let waiting = (waiting > 0).then(|| format!("◌{waiting}"));
    serving.into_iter().chain(waiting).collect::<Vec<_>>().join(" ")
}

/// How many VMs have a slot in a subnet that they do not serve in now.
fn waiting(view: &MapView, subnet: SubnetIx) -> usize {
    let declared = |vm: VmIx| view.world.topology().vms[vm.at()].subnet == subnet;
    let network = view.world.subnet(subnet).vnet;
    let stands_for = view.world.vnet(network).recovers;
    view.world
        .vms()
        .filter(|(vm, _)| match slots::slot(view.world, *vm, subnet) {
            Slot::Stopped | Slot::SecondCopy | Slot::TestCopy => true,
            Slot::Replica => {
                let state = view.world.vm(*vm);
                let home = view.world.subnet(state.at.subnet);
                let chosen = view.world.target_of(*vm).subnet;
                let network = match state.phase.goes_home() {
                    true => Some(view.world.home_of(*vm)) == Some(network),
                    false => stands_for == Some(home.vnet),
                };
                chosen == Some(subnet) || (chosen.is_none() && network && home.id == view.world.subnet(subnet).id)
            }
            Slot::Serving => false,
            Slot::Empty => declared(*vm),
        })
        .count()
}
