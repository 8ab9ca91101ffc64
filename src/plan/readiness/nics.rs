//! Further NICs and secondary addresses: the order that may change, and what is not carried (A17, A28).

use std::collections::BTreeMap;

use super::Outlook;
use crate::topology::{Finding, FindingCode, Position, Severity, VmIx};
use crate::world::{Card, World};

/// Everything about the further NICs and addresses of the machines of a region, once for each table of the file.
pub(super) fn findings(world: &World, outlook: &Outlook) -> Vec<Finding> {
    let mut tables: BTreeMap<(Option<Position>, Option<VmIx>), VmIx> = BTreeMap::new();
    for (vm, _) in outlook.addresses.iter().filter(|(vm, _)| world.cards(*vm).is_some()) {
        let place = world.topology().place_of_vm(*vm);
        tables.entry((place, place.is_none().then_some(*vm))).or_insert(*vm);
    }
    tables.into_values().flat_map(|vm| of_vm(world, vm)).collect()
}

fn of_vm(world: &World, vm: VmIx) -> Vec<Finding> {
    let cards: Vec<&Card> = world.cards(vm).into_iter().flat_map(|cards| cards.iter()).collect();
    let id = world.vm_id(vm);
    let about = |severity, code, message: String| {
        Finding::new(severity, code, message, vec![id.to_owned()]).placed(world.topology().place_of_vm(vm))
    };
    let mut found = Vec::new();
    let nics = 1 + cards.iter().filter(|card| !card.secondary).count();
    if nics > 1 {
        let message = format!("{id} has {nics} NICs, and their order may change at a failover (A17)");
        let finding = about(Severity::Note, FindingCode::NicOrder, message)
            .because("A17, H21", "what is bound to the first NIC of the guest may find itself on another")
            .changed_by("nothing in the file: bind services to addresses, not to the order of the NICs");
        found.push(finding);
    }
    let left: Vec<String> = cards
        .iter()
        .filter(|card| card.secondary && card.target.ip.is_none())
        .filter_map(|card| card.v6.map(|ip| ip.to_string()).or_else(|| card.at.map(|place| place.ip.to_string())))
        .collect();
    if !left.is_empty() {
        let message = format!("{} of {id} would not be carried: no target is set for it (A28)", left.join(", "));
        let finding = about(Severity::Warning, FindingCode::AddressNotCarried, message)
            .because("A28, A.7-21", "whoever calls that address finds nobody after the failover")
            .changed_by(format!("write `target = \"…\"` beside it in `secondary` of [vm.{id}]; IPv6 is never carried"));
        found.push(finding);
    }
    found
}
