//! The security rules that stop a connection, in sentences, with what would let it through (B17, C13 to C17).

use super::explanation::Blocker;
use super::forwarding::Network;
use super::guards::{Denial, Post};
use super::hindrance::{allow, subnet_name};
use super::party::{self, Party};
use super::wiring::Wiring;
use super::{Hop, VerdictCode, words};
use crate::topology::command::PeeringFlag;
use crate::topology::{Command, Direction, Inject, Node, VnetIx};
use crate::world::World;

/// The priority of the rule that ends every group.
const LAST_RULE: u32 = 65_500;

/// Every rule that stops connections from one party to another. `there` is the way of their packets.
pub(super) fn on_the_way(
    wiring: &Wiring<'_>,
    network: &Network,
    (from, to): (&Party, &Party),
    port: Option<u16>,
    there: &[Hop],
) -> Vec<Blocker> {
    let denials = party::denials(network, from, to, port);
    denials.iter().map(|denial| blocker(wiring, denial, (from, to), port, there)).collect()
}

fn blocker(
    wiring: &Wiring<'_>,
    denial: &Denial,
    (from, to): (&Party, &Party),
    port: Option<u16>,
    there: &[Hop],
) -> Blocker {
    let world = wiring.world;
    let place = match denial.post {
        Post::Subnet(subnet) => world.subnet_name(subnet),
        Post::Nic(vm) => format!("the NIC of {}", world.vm_id(vm)),
    };
    let group = denial.group.map(|group| &world.topology().security_groups[group.at()]);
    let owner = group.map_or("a drill".to_owned(), |group| format!("the security group {}", group.title));
    let way = match denial.direction {
        Direction::Inbound => "comes in there",
        Direction::Outbound => "goes out there",
    };
    let on = port.map(|port| format!(" on port {port}")).unwrap_or_default();
    let sentence = format!(
        "{} (priority {}) of {owner} at {place} drops what {way} from {} to {}{on}.",
        denial.rule.name,
        denial.rule.priority,
        words::party(world, from),
        words::party(world, to)
    );
    let (here, far) = match denial.direction {
        Direction::Inbound => (to.node, from.node),
        Direction::Outbound => (from.node, to.node),
    };
    let default = denial.group.is_some() && denial.rule.priority == LAST_RULE;
    if let Some((code, why, mend)) = here.vnet().filter(|_| default).and_then(|here| untagged(wiring, here, far, there))
    {
        return Blocker { code, message: format!("{sentence} {why}"), mend: vec![mend] };
    }
    let (advice, mend) = match (denial.post, denial.group) {
        (Post::Subnet(subnet), None) => {
            let unblock = Command::Inject(Inject::Unblock(subnet_name(world, subnet)));
            ("Take the rule away.".to_owned(), vec![unblock])
        }
        (Post::Subnet(subnet), Some(_)) => {
            let take = Command::SetNsg { subnet: subnet_name(world, subnet), nsg: None };
            (
                format!(
                    "Allow it by a rule with a lower number than {}, or take the group away.",
                    denial.rule.priority
                ),
                vec![take],
            )
        }
        (Post::Nic(vm), _) => {
            let take = Command::SetVmNsg { vm: world.vm_id(vm).to_owned(), nsg: None, vnet: None };
            (
                format!(
                    "Allow it by a rule with a lower number than {}, or take the group away.",
                    denial.rule.priority
                ),
                vec![take],
            )
        }
    };
    Blocker { code: VerdictCode::BlockedByNsg, message: format!("{sentence} {advice}"), mend }
}

/// Why the default rules do not know the far end as a part of `VirtualNetwork`: its peering gives no access, or what an
/// appliance sends on is none of it (B17, C15).
fn untagged(wiring: &Wiring<'_>, here: VnetIx, far: Node, there: &[Hop]) -> Option<(VerdictCode, String, Command)> {
    let world: &World = wiring.world;
    let live = || wiring.peerings(here).filter(|(ix, ..)| world.carries(*ix));
    let title = &world.vnet(here).title;
    if let Some((_, peer, ..)) = live().find(|(_, peer, half, _)| Node::Vnet(*peer) == far && !half.access) {
        let peer_title = &world.vnet(peer).title;
        let why = format!(
            "The peering of {title} with {peer_title} gives no access, so {peer_title} is no part of its VirtualNetwork tag (B17, C15)."
        );
        return Some((VerdictCode::BlockedByNsg, why, allow(world, here, peer, PeeringFlag::Access)));
    }
    let forwarder = there.iter().filter_map(|hop| hop.appliance.and(hop.at.vnet()));
    let mut forwarder = forwarder.filter_map(|hub| live().find(|(_, peer, ..)| *peer == hub));
    let (_, hub, ..) = forwarder.find(|(_, _, half, _)| !half.forwarded_traffic)?;
    let hub_title = &world.vnet(hub).title;
    let why = format!(
        "The peering of {title} with {hub_title} does not allow forwarded traffic, so what an appliance of {hub_title} \
         sends on is no part of the VirtualNetwork tag (B17)."
    );
    Some((VerdictCode::ForwardedTrafficOff, why, allow(world, here, hub, PeeringFlag::ForwardedTraffic)))
}
