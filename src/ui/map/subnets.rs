//! The line of a subnet: its name and range, and at its end what is out of the ordinary there.

use std::collections::{HashMap, HashSet};
use std::net::Ipv4Addr;

use super::MapView;
use super::boxes::{ends, named};
use super::slots::{self, Slot};
use crate::diagram::{Item, Layout, Row, Shows, width};
use crate::topology::{SubnetIx, VmIx};
use crate::ui::canvas::Canvas;

/// What is out of the ordinary in a subnet, in words and as short as a narrow box needs.
struct Mark {
    words: String,
    short: String,
    /// Whether something does not work because of it.
    bad: bool,
}

/// The machines and test copies the map has no row for, by subnet: they came later, and a row for each has no room.
#[derive(Debug, Default)]
pub(super) struct Rowless {
    machines: HashMap<SubnetIx, Vec<VmIx>>,
    copies: HashMap<SubnetIx, Vec<Ipv4Addr>>,
}

impl Rowless {
    /// Looks at which rows a layout has.
    pub(super) fn of(layout: &Layout, view: &MapView) -> Self {
        let world = view.world;
        let drawn: HashSet<Item> = layout.rows.iter().map(|row| row.item).collect();
        // Where machines are counted, nobody is missing.
        let counted = |row: &&Row| matches!(row.shows, Shows::More(_) | Shows::SubnetCounts);
        let counted: HashSet<Item> = layout.rows.iter().filter(counted).map(|row| row.item).collect();
        let missing = |vm: VmIx, subnet: SubnetIx| {
            let line = Item::Subnet(subnet);
            drawn.contains(&line) && !counted.contains(&line) && !drawn.contains(&Item::Vm(vm, subnet))
        };
        let mut found = Self::default();
        for (vm, state) in world.vms().filter(|(vm, state)| missing(*vm, state.at.subnet)) {
            found.machines.entry(state.at.subnet).or_default().push(vm);
        }
        for (vm, copy) in world.test_copies() {
            // Where the machine itself serves in the subnet, the row is its own.
            let shared = slots::slot(world, vm, copy.at.subnet) != Slot::TestCopy;
            if shared || missing(vm, copy.at.subnet) {
                found.copies.entry(copy.at.subnet).or_default().push(copy.at.ip);
            }
        }
        found
    }
}

/// Draws the line of a subnet.
pub(super) fn line(canvas: &mut Canvas, view: &MapView, row: &Row, subnet: SubnetIx, rowless: &Rowless) {
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
    let marks = marks(view, subnet, rowless);
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
fn marks(view: &MapView, subnet: SubnetIx, rowless: &Rowless) -> Vec<Mark> {
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
    match rowless.machines.get(&subnet).map_or(&[][..], Vec::as_slice) {
        [] => {}
        [one] => found.push(mark(format!("●{}", world.vm_id(*one)), "+1", false)),
        several => found.push(mark(format!("● {} more", several.len()), &format!("+{}", several.len()), false)),
    }
    match rowless.copies.get(&subnet).map_or(&[][..], Vec::as_slice) {
        [] => {}
        [one] => found.push(mark(format!("▲ {one}"), "▲1", false)),
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
