//! Remembers where the file declares each thing, for findings about it later.

use std::ops::Range;

use super::machines::Machines;
use super::tables::{Declared, Item};
use crate::topology::places::Places;
use crate::topology::{Position, Topology, VmIx};

/// The lines of a text, to find the place of a byte.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        let starts = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(starts).collect() }
    }

    fn place(&self, span: &Range<usize>) -> Position {
        let line = self.starts.partition_point(|start| *start <= span.start);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = self.text.get(start..span.start).unwrap_or_default();
        Position { line, column: before.trim_start_matches('\u{feff}').chars().count() + 1 }
    }
}

/// The places of a file in which nothing is broken.
pub(super) fn of(declared: &Declared, machines: &[Machines<'_>], topology: &Topology, text: &str) -> Places {
    let lines = Lines::of(text);
    let all = |spans: &mut dyn Iterator<Item = &Range<usize>>| spans.map(|span| lines.place(span)).collect();
    let mut subnets = vec![None; topology.subnets.len()];
    for ((_, table), vnet) in Item::whole(&declared.vnets).zip(&topology.vnets) {
        for (id, _) in table.subnets.iter().flat_map(|subnets| &subnets.0) {
            let named = |subnet: &&crate::topology::SubnetIx| topology.subnets[subnet.at()].id == id.value;
            if let Some(subnet) = vnet.subnets.iter().find(named) {
                subnets[subnet.at()] = Some(lines.place(&id.span));
            }
        }
    }
    let vms = machines.iter().filter(|machine| !machine.vms.is_empty());
    Places {
        regions: all(&mut Item::whole(&declared.regions).map(|(item, _)| &item.id_span)),
        needs: all(&mut declared.needs.iter().map(|need| &need.from.span)),
        vnets: all(&mut Item::whole(&declared.vnets).map(|(item, _)| &item.id_span)),
        subnets,
        sites: all(&mut Item::whole(&declared.sites).map(|(item, _)| &item.id_span)),
        vms: vms.map(|machine| (VmIx::new(machine.vms.start), lines.place(&machine.item.id_span))).collect(),
        links: all(&mut Item::whole(&declared.links).map(|(item, _)| &item.id_span)),
        plans: all(&mut Item::whole(&declared.plans).map(|(item, _)| &item.id_span)),
    }
}
