//! What a reader should know about a plan before running it.

use super::draft::Draft;
use super::relink::{Blocked, need_each_other};
use super::{Gap, given};
use crate::topology::timing::{Duration, spoken};
use crate::topology::{Allocation, Command, Finding, FindingCode, Node, Severity, VmIx, VnetIx};
use crate::world::{AddressRule, Refusal, RefusalCode, World};

/// What follows from the draft itself: addresses, traps, gateways.
pub(super) fn of_draft<'a>(draft: &'a Draft<'a>) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(stranded(draft));
    found.extend(traps(draft));
    found.extend(blocked(draft));
    found.extend(addresses(draft));
    found.extend(not_carried(draft));
    found.extend(left_behind(draft));
    found.extend(gateways(draft));
    found.extend(failing_hubs(draft));
    found.extend(unverified(draft));
    found
}

fn stranded<'a>(draft: &'a Draft<'a>) -> impl Iterator<Item = Finding> + 'a {
    draft.stranded.iter().map(|(vm, why)| why.finding(draft.world, *vm))
}

/// Part of a VNet moves to a network with the same space: neither its siblings nor its links can follow.
fn traps(draft: &Draft<'_>) -> Vec<Finding> {
    let world = draft.world;
    let mut found = Vec::new();
    for (vnet, source) in &draft.sources {
        let Some(target) = source.trap(world, *vnet) else { continue };
        let here = world.vnet(*vnet);
        let joined: Vec<&str> = world
            .live_links()
            .filter_map(|(_, link)| link.other(Node::Vnet(*vnet)))
            .map(|other| world.node_title(other))
            .collect();
        let space = here.address_space.first().map(ToString::to_string).unwrap_or_default();
        let twin_title = &world.vnet(target).title;
        let links = match joined.as_slice() {
            [] => String::new(),
            names => format!(
                "; while {} is joined to {}, {twin_title} cannot be joined to it as well",
                here.title,
                names.join(" and ")
            ),
        };
        let message = format!(
            "only part of {} moves to {twin_title}, which has the same space {space}: what moves loses what stays \
             ({}), because each side takes {space} for its own{links}. What works: give the machines other addresses in a \
             VNet of another space (set-target VM VNET/SUBNET), or put each app in a VNet of its own, or fail over the \
             whole VNet ({} vnet {})",
            here.title,
            world.some_names(&source.stays),
            if draft.homeward { "fail-back" } else { "fail-over" },
            here.id,
        );
        // Without a link and without protected siblings nothing breaks; then it is only worth a warning.
        let harmless = joined.is_empty() && !need_each_other(world, &source.going(target), &source.stays);
        let severity = if harmless { Severity::Warning } else { Severity::Error };
        let at = vec![here.id.clone(), world.vnet(target).id.clone()];
        found.push(Finding::new(severity, FindingCode::SubnetTrap, message, at));
    }
    found
}

/// Links that cannot be made for another reason than a trap.
fn blocked<'a>(draft: &'a Draft<'a>) -> impl Iterator<Item = Finding> + 'a {
    let world = draft.world;
    let partial = |blocked: &Blocked| {
        let trap = |vnet: VnetIx| draft.sources.get(&vnet).and_then(|source| source.trap(world, vnet));
        blocked.trapped.and_then(trap).is_some()
    };
    draft.relinking.blocked.iter().filter(move |blocked| !partial(blocked)).map(move |blocked| {
        let [a, b] = blocked.wanted.between.map(|node| world.node_title(node));
        let why = match blocked.by {
            Some(obstacle) => {
                let [p, q] = obstacle.between.map(|node| world.node_title(node));
                match obstacle.link {
                    Some(link) => {
                        format!(
                            "{p} and {q} are joined and bring the same prefix (`{}`)",
                            world.disconnect_command(link)
                        )
                    }
                    None => format!("this plan joins {p} and {q}, which bring the same prefix"),
                }
            }
            None => "their address spaces overlap".to_owned(),
        };
        let message = format!(
            "{a} and {b} cannot be joined by {}: {why}",
            world.means(blocked.wanted.kind, blocked.wanted.circuit)
        );
        let at = blocked.wanted.between.map(|node| world.node_id(node).to_owned()).to_vec();
        Finding::new(Severity::Error, FindingCode::StepRefused, message, at)
    })
}

fn addresses<'a>(draft: &'a Draft<'a>) -> impl Iterator<Item = Finding> + 'a {
    let world = draft.world;
    given(&draft.addresses, &draft.cards).filter_map(move |(holding, to)| {
        let (id, at) = (world.holding_title(holding), vec![world.vm_id(holding.vm).to_owned()]);
        if let Some(wished) = world.wish_of(holding).ip.filter(|wished| *wished != to.to.ip) {
            let message = format!("{id} gets {} instead of {wished}: its target address is taken (A26)", to.to.ip);
            return Some(Finding::new(Severity::Error, FindingCode::AddressLost, message, at));
        }
        if to.retained {
            let fragile = to.from.allocation == Allocation::Dynamic && to.to.allocation == Allocation::Dynamic;
            return fragile.then(|| {
                let message = format!(
                    "{id} has a dynamic address and keeps {} only if nobody takes it first; pin it with `{}` (A23)",
                    to.to.ip,
                    world.target_command(holding, None, Some(to.to.ip))
                );
                Finding::new(Severity::Note, FindingCode::DynamicAddress, message, at)
            });
        }
        let severity = match to.rule {
            AddressRule::Row(1 | 6 | 9) => Severity::Note,
            _ => Severity::Warning,
        };
        let message = format!("{id} gets {} instead of {}: {} ({})", to.to.ip, to.from.ip, to.because(), to.rule);
        Some(Finding::new(severity, FindingCode::AddressLost, message, at))
    })
}

/// Secondary addresses that were not selected, and IPv6 (A28, A.7 rows 21 and 23).
fn not_carried<'a>(draft: &'a Draft<'a>) -> impl Iterator<Item = Finding> + 'a {
    let world = draft.world;
    draft.addresses.iter().filter(|_| !draft.homeward).filter_map(|(vm, _)| {
        let cards = world.cards(*vm)?.iter();
        let stays = cards.filter(|card| card.v6.is_some() || (card.secondary && card.at.is_some() && card.target.ip.is_none()));
        let stays: Vec<String> = stays.map(|card| card.before.to_string()).collect();
        let id = world.vm_id(*vm);
        let message = format!(
            "{} of {id} {} carried: a secondary address is only where it was given a target, and IPv6 never is (A27, A28)",
            stays.join(", "),
            if stays.len() == 1 { "is not" } else { "are not" }
        );
        let at = vec![id.to_owned()];
        (!stays.is_empty()).then(|| Finding::new(Severity::Warning, FindingCode::AddressNotCarried, message, at))
    })
}

fn left_behind<'a>(draft: &'a Draft<'a>) -> impl Iterator<Item = Finding> + 'a {
    let world = draft.world;
    draft.sources.iter().flat_map(move |(vnet, source)| {
        let title = &world.vnet(*vnet).title;
        let cut = draft.relinking.cut.iter().any(|link| world.link(*link).between.contains(&Node::Vnet(*vnet)));
        let found = |vms: &[VmIx], why: &str| {
            let at = vms.iter().map(|vm| world.vm_id(*vm).to_owned()).collect();
            let (names, stay) = (world.some_names(vms), if vms.len() == 1 { "stays" } else { "stay" });
            let cut_off = if cut { ", and the plan cuts the links of that VNet" } else { "" };
            let message = format!("{names} {stay} in {title}: {why}{cut_off}");
            (!vms.is_empty()).then(|| Finding::new(Severity::Warning, FindingCode::LeftBehind, message, at))
        };
        let unprotected = found(
            &source.left_behind,
            if draft.homeward { "they are not re-protected" } else { "Site Recovery does not protect them" },
        );
        unprotected.into_iter().chain(found(&source.stranded, "no address is free where they should go"))
    })
}

fn gateways<'a>(draft: &'a Draft<'a>) -> impl Iterator<Item = Finding> + 'a {
    let world = draft.world;
    draft.relinking.gateways.iter().map(move |(vnet, kind)| {
        let timing = &world.topology().timing;
        let cold = timing.seconds(Duration::of_gateway(*kind));
        let title = &world.vnet(*vnet).title;
        let mut between_vnets = draft.relinking.make.iter().filter(|wanted| wanted.between.contains(&Node::Vnet(*vnet)));
        let by_peering = between_vnets.all(|wanted| wanted.between.iter().all(|node| node.vnet().is_some()));
        let instead = match by_peering {
            true => format!(
                "; peering needs no gateway and takes {}, but is not like for like",
                spoken(timing.seconds(Duration::Peering))
            ),
            false => String::new(),
        };
        let message = format!(
            "{title} has no {} gateway: creating it takes {} before any link can be made; create it beforehand{instead}",
            kind.title(),
            spoken(cold)
        );
        Finding::new(Severity::Warning, FindingCode::GatewayMissing, message, vec![world.vnet(*vnet).id.clone()])
    })
}

/// Hubs that fail with the region, and what the failover networks have instead (INV-11, H-FULL step 4, G.4).
fn failing_hubs<'a>(draft: &'a Draft<'a>) -> impl Iterator<Item = Finding> + 'a {
    let world = draft.world;
    let title = |vnet: VnetIx| world.vnet(vnet).title.as_str();
    draft.relinking.left_out.iter().map(move |left| {
        let [source, target, hub] = [left.source, left.target, left.hub].map(title);
        let region = world.region_title(world.vnet(left.hub).region);
        let made = !draft.relinking.stand_ins.is_empty();
        let (severity, then) = match left.instead {
            Some(instead) if left.ready => (Severity::Note, format!("{target} hangs on {} there", title(instead))),
            Some(instead) if made => (Severity::Note, format!("this plan hangs {target} on {} there", title(instead))),
            Some(instead) => (
                Severity::Warning,
                format!("{} could take its place, but {target} does not hang on it as {source} does on {hub}", title(instead)),
            ),
            None => (Severity::Warning, format!("nothing takes its place on the side of {target}")),
        };
        let message = format!(
            "{source} hangs on {hub}, which fails with {region} and is not failed over, so the link is not repeated: {then} (INV-11)"
        );
        let at = [left.source, left.hub].map(|vnet| world.vnet(vnet).id.clone()).to_vec();
        Finding::new(severity, FindingCode::HubFails, message, at)
    })
}

fn unverified(draft: &Draft<'_>) -> Option<Finding> {
    let world = draft.world;
    let open = draft.addresses.iter().filter(|(vm, _)| !world.vm(*vm).verified).count();
    (open > 0).then(|| {
        let message = format!(
            "the target addresses of {open} of {} VMs are not verified; `verify-targets` checks them against what is free",
            draft.addresses.len()
        );
        Finding::new(Severity::Note, FindingCode::NotVerified, message, Vec::new())
    })
}

/// A step that the rules refuse when its turn comes.
pub(super) fn of_refused(command: &Command, refusal: &Refusal) -> Finding {
    let code = match refusal.code {
        RefusalCode::RegionDown => FindingCode::RegionDown,
        RefusalCode::RegionDegraded => FindingCode::RegionDegraded,
        _ => FindingCode::StepRefused,
    };
    let message = format!("`{command}` is left out: {}", refusal.message);
    Finding::new(Severity::Error, code, message, Vec::new())
}

/// Needs that the plan breaks and does not mend.
pub(super) fn of_gaps<'a>(world: &'a World, gaps: &'a [Gap]) -> impl Iterator<Item = Finding> + 'a {
    gaps.iter().filter(|gap| gap.until.is_none()).map(|gap| {
        let topology = world.topology();
        let (from, to) = (topology.endpoint_id(gap.need.from), topology.endpoint_id(gap.need.to));
        let at = vec![from.to_owned(), to.to_owned()];
        match gap.broken_before {
            true => {
                let message = format!("{from} and {to} cannot talk now, and this plan does not mend that");
                Finding::new(Severity::Warning, FindingCode::NeedNotMet, message, at)
            }
            false => {
                let message = format!("{from} and {to} cannot talk at the end of this plan, although they need to");
                Finding::new(Severity::Error, FindingCode::NeedNotMet, message, at)
            }
        }
    })
}
