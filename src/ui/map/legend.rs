//! What the marks and lines on the screen mean, in one line.

use super::slots;
use crate::app::facts::is_over;
use crate::history::History;
use crate::topology::{LinkKind, LinkState, RegionIx};
use crate::ui::canvas::shortened;
use crate::ui::glyphs::{Glyphs, Line};

/// The legend of what a history shows now, as much of it as fits `width` cells, and `more` where that is not all.
pub fn legend(width: u16, more: &str, glyphs: &Glyphs, history: &History) -> String {
    let parts = meanings(glyphs, history);
    let fits = |text: &str| shortened(text, i32::from(width)) == text;
    let mut line = String::new();
    for (at, part) in parts.iter().enumerate() {
        let next = format!("{line}{}{part}", if line.is_empty() { " " } else { "  " });
        // The sign needs room too, except behind the last part.
        let with_sign = if at + 1 == parts.len() { next.clone() } else { format!("{next}  {more}") };
        if !fits(&with_sign) {
            let sign = if line.is_empty() { String::new() } else { format!("{line}  {more}") };
            return if fits(&sign) { sign } else { line };
        }
        line = next;
    }
    line
}

/// What each mark means that occurs now, the most telling ones first.
pub fn meanings(glyphs: &Glyphs, history: &History) -> Vec<String> {
    let now = history.now();
    let world = &now.world;
    let mark = |state| glyphs.link_mark(state);
    let kind = |kind: LinkKind| world.links().iter().any(|link| link.kind == kind);
    let any = |line: Line| {
        world.links().iter().enumerate().any(|(at, link)| {
            let at = crate::topology::LinkIx::new(at);
            match line {
                Line::Planned => world.is_planned(at),
                Line::Cut => link.state == LinkState::Absent && !world.is_planned(at) && !is_over(world, at),
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
    let down = (0..world.regions().len()).any(|at| !world.answers(RegionIx::new(at)));
    let renamed = world.subnets().iter().zip(&world.topology().subnets).any(|(now, then)| now.id != then.id);
    let cut_off = now.needs.iter().any(|need| !need.met);
    let parts = [
        (history.position() > 0, "+/− changed".to_owned()),
        (moved, "= kept  ≠ other address".to_owned()),
        (!phases.is_empty(), phases),
        (tested, "▲ test copy".to_owned()),
        (cut_off, "! cut off".to_owned()),
        (down || !world.blocked().is_empty(), "⊘ down or blocked".to_owned()),
        (renamed, "≠ renamed".to_owned()),
        (any(Line::Connected), format!("{} connected", mark(Line::Connected))),
        (any(Line::Cut), format!("{} link cut", mark(Line::Cut))),
        (any(Line::Half), format!("{} half a link", mark(Line::Half))),
        (any(Line::Blocked), format!("{} link blocked", mark(Line::Blocked))),
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
    let shown = parts.into_iter().filter(|(shown, _)| *shown).map(|(_, part)| part);
    shown.map(|part| part.chars().map(|letter| glyphs.project(letter)).collect()).collect()
}
