//! Gateways the recovery side would need: there, large enough, and of a kind that can still be made (F9, B30 to B32, B55).

use std::collections::BTreeMap;

use super::Outlook;
use crate::topology::timing::{Duration, spoken};
use crate::topology::{Command, Finding, FindingCode, GatewayKind, Node, Severity, VnetIx};
use crate::world::World;

/// Everything about gateways.
pub(super) fn findings(world: &World, outlooks: &[Outlook]) -> Vec<Finding> {
    let mut found = missing(world, outlooks);
    found.sort_by_key(|finding| finding.position);
    found
}

/// Gateways the derived plans would have to create (A15, F9, INV-6).
fn missing(world: &World, outlooks: &[Outlook]) -> Vec<Finding> {
    let mut wanted: BTreeMap<(VnetIx, bool), (GatewayKind, Command)> = BTreeMap::new();
    for command in outlooks.iter().filter_map(|outlook| outlook.plan.as_ref()).flat_map(|plan| plan.commands()) {
        if let Command::CreateGateway { vnet, kind, .. } = command
            && let Ok(at) = world.vnet_named(vnet)
        {
            wanted.entry((at, *kind == GatewayKind::Vpn)).or_insert_with(|| (*kind, command.clone()));
        }
    }
    let about = |((vnet, _), (kind, command)): ((VnetIx, bool), (GatewayKind, Command))| {
        let here = world.vnet(vnet);
        let takes = spoken(world.topology().timing.seconds(Duration::of_gateway(kind)));
        let message = format!("{} has no {} gateway, and Site Recovery makes none (A15)", here.title, kind.title());
        let consequence = format!("the failover waits {takes} for it before a link can be made (F9)");
        Finding::new(Severity::Warning, FindingCode::GatewayMissing, message, vec![here.id.clone()])
            .because("A15, B28, F9", consequence)
            .changed_by(format!("write `gateways = [\"{kind}\"]` in [vnet.{}]", here.id))
            .mended_by(command)
            .placed(world.topology().place_of_node(Node::Vnet(vnet)))
    };
    wanted.into_iter().map(about).collect()
}
