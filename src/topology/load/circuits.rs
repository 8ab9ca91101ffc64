//! ExpressRoute circuits: those with a table, and those that links only name (B48, B49).

use std::collections::HashMap;

use super::FindingCode;
use super::sink::Sink;
use super::tables::{Declared, Item, checked_id};
use crate::topology::format::At;
use crate::topology::{Circuit, CircuitIx, CircuitSku, Topology};

/// The circuits of a file by name.
pub(super) struct Circuits {
    known: HashMap<String, CircuitIx>,
    /// Whether the file has tables of circuits, so that a link names one of them.
    closed: bool,
}

impl Circuits {
    /// The circuits that have a table.
    pub fn declared(declared: &Declared, topology: &mut Topology) -> Self {
        let mut known = HashMap::new();
        for (item, table) in Item::whole(&declared.circuits) {
            known.insert(item.id.clone(), CircuitIx::new(topology.circuits.len()));
            topology.circuits.push(Circuit {
                id: item.id.clone(),
                title: table.title.clone().unwrap_or_else(|| item.id.clone()),
                location: table.location.clone(),
                premium: table.sku == Some(CircuitSku::Premium),
                area: table.area.clone(),
            });
        }
        Self { known, closed: !declared.circuits.is_empty() }
    }

    /// The circuit a link names; where no circuit has a table a new name is a new circuit.
    pub fn named(&mut self, name: &At<String>, topology: &mut Topology, sink: &mut Sink) -> Option<CircuitIx> {
        if let Some(known) = self.known.get(&name.value) {
            return Some(*known);
        }
        if !checked_id(&name.value, &name.span, sink) {
            return None;
        }
        if self.closed {
            let hint = sink.hint(&name.value, self.known.keys().map(String::as_str));
            let message = format!("no circuit is called `{}`{hint}", name.value);
            sink.error(FindingCode::UnknownId, &name.span, message, &[]);
            return None;
        }
        let number = CircuitIx::new(topology.circuits.len());
        topology.circuits.push(Circuit::named(&name.value));
        self.known.insert(name.value.clone(), number);
        Some(number)
    }
}
