//! Further NICs and secondary addresses: the order that may change, and what is not carried (A17, A28).

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::Outlook;
use super::addresses::all_accepted;
use crate::topology::{Finding, FindingCode, Position, Severity, VmIx};
use crate::world::{Card, Holding, World};

/// Everything about the further NICs and addresses of the machines of a region, once for each table of the file.
pub(super) fn findings(world: &World, outlook: &Outlook) -> Vec<Finding> {
    let mut tables: BTreeMap<(Option<Position>, Option<VmIx>), VmIx> = BTreeMap::new();
    for (vm, _) in outlook.assignment.vms.iter().filter(|(vm, _)| world.cards(*vm).is_some()) {
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
    let unselected = |card: &Card| card.secondary && card.at.is_some() && card.target.ip.is_none();
    let left: Vec<(usize, Ipv4Addr)> = cards
        .iter()
        .enumerate()
        .filter(|(_, card)| unselected(card))
        .filter_map(|(at, card)| card.at.map(|place| (at, place.ip)))
        .collect();
    if !left.is_empty() {
        let (what, it) = if left.len() == 1 { ("secondary address", "it") } else { ("secondary addresses", "them") };
        let list: Vec<String> = left.iter().map(|(_, ip)| ip.to_string()).collect();
        let list = list.join(", ");
        let message = format!("the {what} {list} of {id} would not be carried: no target is set for {it} (A28)");
        let mut finding = about(Severity::Warning, FindingCode::AddressNotCarried, message)
            .because("A28, A.7-21", "whoever calls that address finds nobody after the failover")
            .changed_by(format!("write `target = \"…\"` beside it in the `secondary` of [vm.{id}] or of its NIC"));
        let select =
            |(card, ip): &(usize, Ipv4Addr)| world.target_command(Holding { vm, card: Some(*card) }, None, Some(*ip));
        finding.mend = all_accepted(world, left.iter().map(select));
        found.push(finding);
    }
    let six: Vec<String> = cards.iter().filter_map(|card| card.v6).map(|ip| ip.to_string()).collect();
    if !six.is_empty() {
        let message = format!("{} of {id} would not be carried: Site Recovery carries IPv4 only (A27)", six.join(", "));
        let finding = about(Severity::Warning, FindingCode::AddressNotCarried, message)
            .because("A27, A.7-23", "whoever calls that address finds nobody after the failover")
            .changed_by(format!(
                "have callers use an IPv4 address of {id}, or give its copy an IPv6 address by hand afterwards"
            ));
        found.push(finding);
    }
    found
}
