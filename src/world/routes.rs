//! Routes by hand: where a site sends a prefix (`formats.md`, "Site routes"), and the route tables of subnets (C4).

use std::sync::Arc;

use ipnet::Ipv4Net;

use super::{Change, Done, Refusal, RefusalCode, Subject, World};
use crate::topology::command::SubnetName;
use crate::topology::routing::on_gateway_subnet;
use crate::topology::timing::Duration;
use crate::topology::{Command, Node, SiteIx, SiteRoute, SubnetIx, VnetIx};

impl World {
    /// A site's route for exactly this prefix, in the words of a change.
    pub fn route_words(&self, site: SiteIx, prefix: Ipv4Net) -> Option<String> {
        let found = self.site(site).routes.iter().find(|route| route.prefix == prefix);
        found.map(|route| words(self, prefix, route.via))
    }
}

/// A route in the words of a change.
pub(super) fn words(world: &World, prefix: Ipv4Net, via: VnetIx) -> String {
    format!("{prefix} via {}", world.vnet(via).id)
}

/// `route SITE PREFIX via V`
pub(super) fn route(world: &World, site: &str, prefix: Ipv4Net, via: &str) -> Result<Done, Refusal> {
    let (site, via) = (world.site_named(site)?, world.vnet_named(via)?);
    let ends = (Node::Site(site), Node::Vnet(via));
    let (here, there) = (&world.site(site).title, &world.vnet(via).title);
    if !world.live_links().any(|(_, link)| link.joins(ends.0, ends.1)) {
        let message = format!("no link leads from {here} to {there}, so {here} cannot send {prefix} that way");
        let connect = Command::connect(&world.vnet(via).id, &world.site(site).id);
        return Err(Refusal::new(RefusalCode::NotConnected, "", message).mended_by(connect));
    }
    // A longer prefix inside the site's own wins over it (B11); one that covers the site's own would take it away.
    if let Some(own) = world.site(site).prefixes.iter().find(|own| prefix.contains(*own)) {
        let message = format!("{prefix} covers {own}, which is at {here} itself");
        return Err(Refusal::new(RefusalCode::Overlap, "", message));
    }
    let mut next = world.clone();
    let routes = &mut Arc::make_mut(&mut next.sites)[site.at()].routes;
    let old = routes.iter().position(|route| route.prefix == prefix);
    let from = old.map(|at| words(world, prefix, routes[at].via));
    match old {
        Some(at) => routes[at].via = via,
        None => routes.push(SiteRoute { prefix, via }),
    }
    let change = Change::new(Subject::Route(site, prefix), from, Some(words(world, prefix, via)));
    Ok(Done::lasting(next, vec![change], Duration::SiteRoute))
}

/// `unroute SITE PREFIX`
pub(super) fn unroute(world: &World, site: &str, prefix: Ipv4Net) -> Result<Done, Refusal> {
    let site = world.site_named(site)?;
    let Some(at) = world.site(site).routes.iter().position(|route| route.prefix == prefix) else {
        let known: Vec<String> = world.site(site).routes.iter().map(|route| route.prefix.to_string()).collect();
        let hint = if known.is_empty() { String::new() } else { format!("; it has {}", known.join(", ")) };
        let message = format!("{} has no route for {prefix}{hint}", world.site(site).title);
        return Err(Refusal::new(RefusalCode::NotRouted, "", message));
    };
    let mut next = world.clone();
    let old = Arc::make_mut(&mut next.sites)[site.at()].routes.remove(at);
    let change = Change::new(Subject::Route(site, prefix), Some(words(world, prefix, old.via)), None);
    Ok(Done::lasting(next, vec![change], Duration::SiteRoute))
}

/// `stale-route SITE PREFIX`: the route points where it did at the start, whatever links there are now.
pub(super) fn stale(world: &World, site: &str, prefix: Ipv4Net) -> Result<Done, Refusal> {
    let site = world.site_named(site)?;
    let title = &world.site(site).title;
    let declared = &world.topology().sites[site.at()].routes;
    let Some(first) = declared.iter().find(|route| route.prefix == prefix).copied() else {
        let known: Vec<String> = declared.iter().map(|route| route.prefix.to_string()).collect();
        let hint = if known.is_empty() { String::new() } else { format!("; it had {}", known.join(", ")) };
        let message = format!("{title} had no route for {prefix} at the start{hint}");
        return Err(Refusal::new(RefusalCode::NotRouted, "", message));
    };
    let old = world.site(site).routes.iter().position(|route| route.prefix == prefix);
    if old.is_some_and(|at| world.site(site).routes[at] == first) {
        let via = &world.vnet(first.via).title;
        let message = format!("the route of {title} for {prefix} points at {via}, as it did at the start");
        return Err(Refusal::new(RefusalCode::NoChange, "", message));
    }
    let mut next = world.clone();
    let from = world.route_words(site, prefix);
    let routes = &mut Arc::make_mut(&mut next.sites)[site.at()].routes;
    match old {
        Some(at) => routes[at] = first,
        None => routes.push(first),
    }
    let change = Change::new(Subject::Route(site, prefix), from, Some(words(world, prefix, first.via)));
    Ok(Done::instantly(next, vec![change]))
}

impl World {
    /// The id of a subnet's route table.
    pub fn route_table_words(&self, subnet: SubnetIx) -> Option<String> {
        self.subnet(subnet).route_table.map(|table| self.topology.route_tables[table.at()].id.clone())
    }
}

/// `set-route-table V/S ID|none` (C4, B28)
pub(super) fn set_table(world: &World, subnet: &SubnetName, table: Option<&str>) -> Result<Done, Refusal> {
    let place = world.subnet_named(subnet)?;
    let table = table.map(|id| world.route_table_named(id)).transpose()?;
    if world.subnet(place).route_table == table {
        let has = table.map_or("no route table".to_owned(), |table| world.topology.route_tables[table.at()].id.clone());
        return Err(Refusal::new(RefusalCode::NoChange, "C4", format!("{subnet} has {has} already")));
    }
    world.region_answers(world.subnet(place).vnet)?;
    let declared = table.map(|table| &world.topology.route_tables[table.at()]);
    if let Some(why) = on_gateway_subnet(world.subnet(place), declared, None) {
        let message = format!("the GatewaySubnet of {} {why}", world.vnet(world.subnet(place).vnet).title);
        return Err(Refusal::new(RefusalCode::NotOnGatewaySubnet, "B28", message));
    }
    let mut next = world.clone();
    Arc::make_mut(&mut next.subnets)[place.at()].route_table = table;
    let words = [world, &next].map(|world| world.route_table_words(place));
    let [from, to] = words;
    Ok(Done::instantly(next, vec![Change::new(Subject::RouteTable(place), from, to)]))
}
