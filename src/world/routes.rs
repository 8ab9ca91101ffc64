//! On-premises routing: where a site sends a prefix (`formats.md`, "Site routes").

use std::sync::Arc;

use ipnet::Ipv4Net;

use super::{Change, Done, Refusal, RefusalCode, Subject, World};
use crate::topology::timing::Duration;
use crate::topology::{Command, Node, SiteIx, SiteRoute, VnetIx};

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
