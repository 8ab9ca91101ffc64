//! What the marks and lines on the screen mean, in one line.

use super::slots;
use crate::history::History;
use crate::topology::{LinkKind, LinkState};
use crate::ui::canvas::shortened;
use crate::ui::glyphs::{Glyphs, Line};

/// The legend of what a history shows now, as much of it as fits `width` cells: only marks that occur, the most telling
/// ones first.
pub fn legend(width: u16, glyphs: &Glyphs, history: &History) -> String {
    let now = history.now();
    let world = &now.world;
    let mark = |state| glyphs.link_mark(state);
    let kind = |kind: LinkKind| world.links().iter().any(|link| link.kind == kind);
    let any = |line: Line| {
        world.links().iter().enumerate().any(|(at, link)| {
            let at = crate::topology::LinkIx::new(at);
            match line {
                Line::Planned => world.is_planned(at),
                Line::Cut => link.state == LinkState::Absent && !world.is_planned(at),
                Line::Pending => link.state == LinkState::Pending,
                Line::Connected => link.state == LinkState::Connected,
                Line::Half => link.is_half(),
                Line::Blocked => {
                    let there = matches!(link.state, LinkState::Connected | LinkState::NotConnected);
                    there && !link.is_half() && !world.carries(at)
                }
            }
        })
    };
    let moved = world.vms().any(|(vm, _)| world.retained(vm).is_some());
    let stopped = world.vms().any(|(_, vm)| vm.behind.is_some());
    let phases = slots::phases(world);
    let tested = world.test_copies().next().is_some();
    let cut_off = now.needs.iter().any(|need| !need.met);
    let parts = [
        (history.position() > 0, "+/− changed".to_owned()),
        (moved, "= kept  ≠ other address".to_owned()),
        (!phases.is_empty(), phases),
        (tested, "▲ test copy".to_owned()),
        (cut_off, "! cut off".to_owned()),
        (any(Line::Connected), format!("{} connected", mark(Line::Connected))),
        (any(Line::Cut), format!("{} cut", mark(Line::Cut))),
        (any(Line::Half), format!("{} half a link", mark(Line::Half))),
        (any(Line::Blocked), format!("{} blocked", mark(Line::Blocked))),
        (any(Line::Planned), format!("{} planned", mark(Line::Planned))),
        (any(Line::Pending), format!("{} pending", mark(Line::Pending))),
        (true, "● running".to_owned()),
        (world.topology().vms.iter().any(|vm| vm.forwards), "◆ forwards".to_owned()),
        (true, if stopped { "◌ replica/stopped" } else { "◌ replica" }.to_owned()),
        (kind(LinkKind::Vpn), "── VPN".to_owned()),
        (kind(LinkKind::Peering), "══ peering".to_owned()),
        (kind(LinkKind::Expressroute), "━━ ExpressRoute".to_owned()),
        (true, "~ assumed".to_owned()),
    ];
    let mut line = String::new();
    for (_, part) in parts.into_iter().filter(|(shown, _)| *shown) {
        let next = if line.is_empty() { format!(" {part}") } else { format!("{line}  {part}") };
        if shortened(&next, i32::from(width)) != next {
            break;
        }
        line = next;
    }
    line.chars().map(|letter| glyphs.project(letter)).collect()
}
