//! Networks of a moment: who reaches whom, what is there twice, and where sites send what.

use std::collections::HashMap;
use std::net::Ipv4Addr;

use super::naming;
use super::{Judged, Moment, Unmet, holds};
use crate::lesson::predicate::{Around, Reach, RouteIs, SubnetIs, VisibleFrom, VnetIs};
use crate::network::{Explanation, VerdictCode, explain_on};
use crate::topology::address::first_overlap;
use crate::topology::overlap::Spaces;
use crate::topology::{Command, Node, SiteIx, VnetIx};
use crate::world::World;

pub(super) fn reach(moment: &Moment<'_>, is: &Reach) -> Judged {
    let world = moment.world();
    let (from, to) = (naming::endpoint(world, &is.from)?, naming::endpoint(world, &is.to)?);
    let explained = explain_on(world, moment.network(), from, to, is.port);
    if explained.code != VerdictCode::Reachable {
        return Err(unreached(world, is, &explained));
    }
    let Some(via) = &is.via else { return Ok(()) };
    let through = world.node_named(via)?;
    let passes = explained.forward.iter().any(|hop| hop.at == through);
    holds(passes, || Unmet::new(format!("{} reaches {}, but not by way of {via}.", is.from, is.to)))
}

fn unreached(world: &World, is: &Reach, explained: &Explanation) -> Unmet {
    let (from, to) = (world.topology().endpoint_id(explained.from), world.topology().endpoint_id(explained.to));
    let fix = explained.blockers.first().map(|blocker| blocker.mend.clone()).unwrap_or_default();
    Unmet::new(format!("{} does not reach {}: {}", is.from, is.to, explained.message))
        .shown_by(format!("{from} → {to}: {}", explained.code))
        .mended_by(fix)
}

/// All networks, or the one that is named.
fn nodes(world: &World, named: Option<&String>) -> Result<Vec<Node>, Unmet> {
    Ok(match named {
        Some(id) => vec![world.node_named(id)?],
        None => {
            let vnets = (0..world.vnets().len()).map(|at| Node::Vnet(VnetIx::new(at)));
            vnets.chain((0..world.sites().len()).map(|at| Node::Site(SiteIx::new(at)))).collect()
        }
    })
}

/// The networks linked to one, itself first.
fn neighbours(world: &World, node: Node) -> Vec<Node> {
    let linked = world.live_links().filter_map(|(_, link)| link.other(node));
    let mut all: Vec<Node> = std::iter::once(node).chain(linked).collect();
    all.sort_unstable();
    all.dedup();
    all
}

pub(super) fn no_overlap(world: &World, around: &Around) -> Judged {
    for node in nodes(world, around.at.as_ref())? {
        let seen = neighbours(world, node);
        for (at, one) in seen.iter().enumerate() {
            for other in &seen[at + 1..] {
                if let Some((prefix, _)) = first_overlap(world.space(*one), world.space(*other)) {
                    let [title, one, other] = [node, *one, *other].map(|node| world.node_title(node).to_owned());
                    return Err(Unmet::new(format!("{title} sees {prefix} twice: in {one} and in {other}.")));
                }
            }
        }
    }
    Ok(())
}

pub(super) fn no_duplicate_ip(world: &World, from: &VisibleFrom) -> Judged {
    let seen = match &from.visible_from {
        Some(id) => Some(neighbours(world, world.node_named(id)?)),
        None => None,
    };
    let visible = |vnet: VnetIx| seen.as_ref().is_none_or(|seen| seen.contains(&Node::Vnet(vnet)));
    let mut holders: HashMap<Ipv4Addr, (VnetIx, String)> = HashMap::new();
    for (vm, state) in world.vms() {
        let own = world.runs(vm).then_some(state.at);
        for place in own.into_iter().chain(world.instances(vm).map(|other| other.at)) {
            let vnet = world.subnet(place.subnet).vnet;
            if !visible(vnet) {
                continue;
            }
            let here = format!("{} in {}", world.vm_id(vm), world.vnet(vnet).title);
            if let Some((_, other)) = holders.insert(place.ip, (vnet, here.clone())) {
                return Err(Unmet::new(format!("{} lives twice: as {other} and as {here}.", place.ip)));
            }
        }
    }
    Ok(())
}

pub(super) fn route(world: &World, is: &RouteIs) -> Judged {
    let (site, next) = (world.site_named(&is.at)?, world.vnet_named(&is.next)?);
    let found = world.site(site).routes.iter().find(|route| route.prefix == is.prefix);
    let title = &world.site(site).title;
    let fix = Command::Route { site: is.at.clone(), prefix: is.prefix, via: is.next.clone() };
    match found {
        Some(route) if route.via == next => Ok(()),
        Some(route) => {
            let there = &world.vnet(route.via).title;
            Err(Unmet::new(format!("{title} still sends {} to {there}.", is.prefix)).mended_by(Some(fix)))
        }
        None => Err(Unmet::new(format!("{title} has no route for {}.", is.prefix)).mended_by(Some(fix))),
    }
}

pub(super) fn vnet(world: &World, is: &VnetIs) -> Judged {
    let vnet = world.vnet(world.vnet_named(&is.id)?);
    if let Some(region) = &is.region {
        let there = world.region_named(region)?;
        holds(vnet.region == there, || Unmet::new(format!("{} lies in another region.", vnet.title)))?;
    }
    if let Some(prefix) = &is.prefix {
        holds(vnet.address_space.contains(prefix), || {
            let has: Vec<String> = vnet.address_space.iter().map(ToString::to_string).collect();
            Unmet::new(format!("{} does not have {prefix}.", vnet.title)).shown_by(format!("it has {}", has.join(", ")))
        })?;
    }
    if let Some(source) = &is.recovers {
        let source = world.vnet_named(source)?;
        holds(vnet.recovers == Some(source), || {
            Unmet::new(format!("{} is not the failover network of {}.", vnet.title, world.vnet(source).title))
        })?;
    }
    Ok(())
}

pub(super) fn subnet(world: &World, is: &SubnetIs) -> Judged {
    let subnet = world.subnet(naming::subnet(world, &is.at)?);
    let fits = is.prefix.is_none_or(|prefix| prefix == subnet.prefix);
    holds(fits, || Unmet::new(format!("{} has the prefix {}.", is.at, subnet.prefix)))
}

pub(super) fn up(world: &World, region: &str) -> Judged {
    let region = world.region_named(region)?;
    let title = &world.regions()[region.at()].title;
    holds(world.answers(region), || {
        Unmet::new(format!("{title} {}.", if world.is_up(region) { "does not answer" } else { "is down" }))
    })
}

pub(super) fn needs_met(moment: &Moment<'_>) -> Judged {
    let (world, revision) = (moment.world(), moment.revision());
    let topology = world.topology();
    let open = topology.needs.iter().zip(&revision.needs).find(|(_, record)| !record.met);
    match open {
        None => Ok(()),
        Some((need, _)) => {
            let explained = explain_on(world, moment.network(), need.from, need.to, need.port);
            let name = |endpoint| topology.endpoint_id(endpoint).to_owned();
            let is = Reach { from: name(need.from), to: name(need.to), via: None, port: need.port };
            Err(unreached(world, &is, &explained))
        }
    }
}
