//! What could come next in a command: verbs, then the ids that fit their place.

use indexmap::IndexSet;
use strum::IntoEnumIterator;

use super::action::ACTIONS;
use crate::topology::command::{SCOPES, VERBS};
use crate::topology::{CardName, GatewayKind, LinkKind, Node, PeeringFlag, RecoveryPoint, limits};
use crate::world::{Card, Cards, World};

/// The word that shows another theme; it changes the screen and not the world, so it is no command of the model.
pub const THEME: &str = "theme";

/// The candidates for the last word of a command; `themes` are those that can be shown.
pub fn command(world: &World, themes: &[String], text: &str) -> Vec<String> {
    let done: Vec<&str> = match text.rfind(char::is_whitespace) {
        Some(at) => text[..at].split_whitespace().collect(),
        None => Vec::new(),
    };
    let begun = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    let follow = match done[..] {
        [THEME] => themes.to_vec(),
        _ => following(world, &done),
    };
    // A verb of the language can be the name of an action too.
    let found: IndexSet<String> = follow.into_iter().filter(|word| word.starts_with(begun)).collect();
    found.into_iter().collect()
}

fn vnets(world: &World) -> Vec<String> {
    world.vnets().iter().map(|vnet| vnet.id.clone()).collect()
}

fn nodes(world: &World, except: &str) -> Vec<String> {
    let sites = world.sites().iter().map(|site| site.id.clone());
    vnets(world).into_iter().chain(sites).filter(|id| id != except).collect()
}

fn subnets(world: &World) -> Vec<String> {
    let numbered = (0..world.subnets().len()).map(crate::topology::SubnetIx::new);
    numbered.filter(|subnet| world.subnet(*subnet).hosts_vms()).map(|subnet| world.subnet_name(subnet)).collect()
}

fn vms(world: &World) -> Vec<String> {
    world.topology().vms.iter().map(|vm| vm.id.clone()).collect()
}

fn regions(world: &World) -> Vec<String> {
    world.regions().iter().map(|region| region.id.clone()).collect()
}

fn kinds() -> Vec<String> {
    LinkKind::iter().map(|kind| kind.to_string()).collect()
}

fn skus() -> Vec<String> {
    GatewayKind::iter().flat_map(limits::skus).map(|sku| (*sku).to_owned()).collect()
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// The networks a link joins to `id`, for `disconnect`.
fn joined(world: &World, id: &str) -> Vec<String> {
    let Ok(node) = world.node_named(id) else { return Vec::new() };
    let others: Vec<Node> = world.live_links().filter_map(|(_, link)| link.other(node)).collect();
    others.into_iter().map(|other| world.node_id(other).to_owned()).collect()
}

/// The further NICs, or the secondary addresses, that `set-target` can name.
fn nics(world: &World, vm: &str, secondary: bool) -> Vec<String> {
    let cards = world.vm_named(vm).ok().and_then(|vm| world.cards(vm));
    let names = cards.into_iter().flat_map(Cards::iter).filter_map(Card::name);
    names
        .filter_map(|name| match name {
            CardName::Nic(name) => (!secondary).then_some(name),
            CardName::Secondary(ip) => secondary.then(|| ip.to_string()),
        })
        .collect()
}

/// The security groups a place can get, and that it can have none.
fn groups(world: &World) -> Vec<String> {
    let ids = world.topology().security_groups.iter().map(|group| group.id.clone());
    ids.chain(words(&["none"])).collect()
}

/// Whether a scope follows the verb.
fn takes_scope(verb: &str) -> bool {
    matches!(
        verb,
        "fail-over"
            | "test-fail-over"
            | "clean-up"
            | "commit"
            | "change-point"
            | "re-protect"
            | "fail-back"
            | "protect"
            | "unprotect"
            | "verify-targets"
            | "leave-test"
    )
}

fn following(world: &World, done: &[&str]) -> Vec<String> {
    let topology = world.topology();
    match done {
        [] => {
            let verbs = VERBS.iter().map(|verb| verb.word.to_owned());
            let actions = ACTIONS.iter().map(|entry| entry.name().to_owned());
            verbs.chain(actions).chain([THEME.to_owned()]).collect()
        }
        ["connect" | "connect-half"] => nodes(world, ""),
        [
            "disconnect" | "disconnect-half" | "set-peering" | "flap-link" | "stick-link" | "wrong-key"
            | "half-peering" | "refuse-disconnect" | "repair-link",
        ] => nodes(world, "").into_iter().filter(|id| !joined(world, id).is_empty()).collect(),
        ["connect" | "connect-half", a] => nodes(world, a),
        [
            "disconnect" | "disconnect-half" | "set-peering" | "flap-link" | "stick-link" | "wrong-key"
            | "half-peering" | "refuse-disconnect" | "repair-link",
            a,
        ] => joined(world, a),
        ["connect", _, _] => words(&["by", "over", "with"]),
        ["connect", .., "with"] => words(&["bgp"]),
        ["disconnect" | "connect-half" | "disconnect-half", _, _] => words(&["by"]),
        ["connect" | "disconnect" | "connect-half" | "disconnect-half", _, _, "by"] => kinds(),
        ["set-peering", _, _] => PeeringFlag::iter().map(|flag| flag.to_string()).collect(),
        ["set-peering", _, _, _] => words(&["on", "off"]),
        ["circuit-down" | "circuit-up"] => topology.circuits.iter().map(|circuit| circuit.id.clone()).collect(),
        ["break-gateway" | "slow-gateway" | "repair-gateway"] => vnets(world),
        ["capacity-short"] => skus(),
        ["create-gateway", _, _] => words(&["sku", "asn"]),
        ["create-gateway", _, kind, "sku"] => {
            kind.parse().map_or(Vec::new(), |kind| limits::skus(kind).iter().map(|sku| (*sku).to_owned()).collect())
        }
        ["connect" | "disconnect", .., "over"] => topology.circuits.iter().map(|circuit| circuit.id.clone()).collect(),
        [verb] if takes_scope(verb) => words(&SCOPES),
        [verb, scope] if takes_scope(verb) => match *scope {
            "region" => regions(world),
            "app" => topology.apps.iter().map(|app| app.id.clone()).collect(),
            "vnet" => vnets(world),
            "subnet" => subnets(world),
            "vm" => vms(world),
            _ => Vec::new(),
        },
        ["fail-over", _, _] => words(&["without", "at"]),
        ["fail-over", _, _, "without"] => words(&["shutdown"]),
        ["fail-over", _, _, .., "shutdown"] => words(&["at"]),
        ["fail-over", _, _, .., "at"] | ["change-point", _, _] => {
            RecoveryPoint::iter().map(|point| point.to_string()).collect()
        }
        ["test-fail-over" | "protect", _, _] => words(&["into"]),
        ["test-fail-over" | "protect", _, _, "into"] => vnets(world),
        ["lag"] => topology.apps.iter().map(|app| app.id.clone()).collect(),
        ["return-source"] => vnets(world),
        ["delete-source"] => vms(world),
        ["fill-subnet" | "rename-subnet"] => subnets(world),
        ["add-vm", _] => subnets(world),
        ["create-gateway" | "delete-gateway"] => vnets(world),
        ["create-gateway" | "delete-gateway", _] => words(&["vpn", "expressroute"]),
        ["set-target" | "set-test-target" | "set-ip"] => vms(world),
        ["set-target" | "set-test-target", vm, "nic"] => nics(world, vm, false),
        ["set-target" | "set-test-target", vm, "secondary"] => nics(world, vm, true),
        ["set-target" | "set-test-target", _, "nic", _] => subnets(world),
        ["set-target" | "set-test-target", vm] => {
            let clause = |word: &str, secondary| (!nics(world, vm, secondary).is_empty()).then(|| word.to_owned());
            let clauses = clause("nic", false).into_iter().chain(clause("secondary", true));
            clauses.chain(subnets(world)).collect()
        }
        ["set-nsg"] => words(&["vm"]).into_iter().chain(subnets(world)).collect(),
        ["set-nsg", "vm"] => vms(world),
        ["set-nsg", "vm", _] | ["set-nsg", _] => groups(world),
        ["set-nsg", "vm", _, _] => words(&["in"]),
        ["set-nsg", "vm", _, _, "in"] => vnets(world),
        ["set-ip", _] => words(&["dynamic"]),
        ["route" | "unroute"] => world.sites().iter().map(|site| site.id.clone()).collect(),
        ["route" | "unroute", _] => {
            let mut prefixes: Vec<String> =
                world.vnets().iter().flat_map(|vnet| &vnet.address_space).map(ToString::to_string).collect();
            prefixes.sort();
            prefixes
        }
        ["route", _, _] => words(&["via"]),
        ["route", site, _, "via"] => joined(world, site),
        ["outage" | "restore" | "degrade"] => regions(world),
        ["occupy" | "release"] => subnets(world),
        ["run"] => topology.plans.iter().map(|plan| plan.id.clone()).collect(),
        _ => Vec::new(),
    }
}
