//! What stands in a packet's way apart from missing links: route tables, appliances, the settings of peerings, half links,
//! regions that are down, and circles.

use std::net::Ipv4Addr;

use super::explanation::Blocker;
use super::forwarding::{Delivery, Tenant};
use super::mend::Mend;
use super::router::Router;
use super::routes::{NextHop, Origin, Route};
use super::trouble::Packet;
use super::{VerdictCode, WhyLost, path, words};
use crate::topology::command::{PeeringFlag, SubnetName};
use crate::topology::{Command, GatewayKind, Link, LinkKind, LinkState, Node, SubnetIx, VnetIx};
use crate::world::World;

/// The name of a subnet as commands write it.
pub(super) fn subnet_name(world: &World, subnet: SubnetIx) -> SubnetName {
    let here = world.subnet(subnet);
    SubnetName { vnet: world.vnet(here.vnet).id.clone(), subnet: here.id.clone() }
}

/// `set-peering AT PEER FLAG on`
pub(super) fn allow(world: &World, at: VnetIx, peer: VnetIx, flag: PeeringFlag) -> Command {
    let [at, peer] = [at, peer].map(|vnet| world.vnet(vnet).id.clone());
    Command::SetPeering { at, peer, flag, on: true }
}

impl Packet<'_> {
    /// The route that had the last word.
    fn deciding(&self) -> Option<&Route> {
        path::winner(&self.routes, self.address)
    }

    /// The subnet whose route table had the last word.
    fn table_asked(&self) -> Option<SubnetIx> {
        let world = self.world();
        match self.trace.last {
            Router::Subnet(subnet) => Some(subnet),
            Router::Gateway(vnet, _) => {
                let mut subnets = world.vnet(vnet).subnets.iter().copied();
                subnets.find(|subnet| !world.subnet(*subnet).hosts_vms() && world.subnet(*subnet).route_table.is_some())
            }
            Router::Network(_) => None,
        }
    }

    /// How a subnet's route table is called in a sentence.
    fn table_words(&self, subnet: SubnetIx) -> String {
        let world = self.world();
        let table = world.subnet(subnet).route_table.map(|table| &world.topology().route_tables[table.at()]);
        let name = table.map_or("its route table".to_owned(), |table| format!("the route table {}", table.title));
        format!("{name} of {}", world.subnet_name(subnet))
    }

    /// What taking a route table away would do: the packet goes as the VNet's other machines send, and where that does
    /// not lead there either, a link is made as well.
    fn without_table(&self, subnet: SubnetIx) -> Mend {
        let world = self.world();
        let take = Command::SetRouteTable { subnet: subnet_name(world, subnet), table: None };
        let advice = format!("Take the route table from {}, or correct it.", world.subnet_name(subnet));
        let bare = self.network.walk(Router::Network(self.from.node), self.from.node, self.address.into());
        if bare == Delivery::Delivered(self.to.node) || self.trace.last != self.from.router {
            return Mend { commands: vec![take], advice };
        }
        let mut join = self.join();
        join.commands.insert(0, take);
        Mend { commands: join.commands, advice: format!("{advice} {}", join.advice) }
    }

    /// A route table sends the packet astray: it drops it, keeps it inside, sends it to the Internet, or keeps from its
    /// subnet what gateways bring (C3, C7).
    pub(super) fn by_table(&self) -> Option<Blocker> {
        let subnet = self.table_asked()?;
        let who = self.table_words(subnet);
        let decided = self.deciding().filter(|route| route.origin == Origin::User);
        if let Some(route) = decided {
            let (code, fate) = match (route.next_hop, self.trace.end) {
                (NextHop::None, Delivery::Dropped) => (VerdictCode::Dropped, "drops what goes there"),
                (NextHop::Internet, Delivery::Internet) => (VerdictCode::NoRoute, "sends it to the Internet"),
                (NextHop::VnetLocal, Delivery::Delivered(_)) => (VerdictCode::Shadowed, "keeps it inside the VNet"),
                _ => return None,
            };
            let sentence = format!("{} for {} {fate}.", capital(&format!("the route of {who}")), route.prefix);
            return Some(Self::blocker(code, &sentence, self.without_table(subnet)));
        }
        let unrouted = matches!(self.trace.end, Delivery::Dropped | Delivery::Internet | Delivery::NoRoute);
        let hop = self.trace.hops.last().filter(|_| unrouted)?;
        let kept = hop.losers.iter().find(|loser| loser.why == WhyLost::NotPropagated && loser.route.is_active())?;
        let sentence = format!(
            "{} does not propagate what gateways bring, so its machines have no route for {} (C3).",
            capital(&who),
            kept.route.prefix
        );
        Some(Self::blocker(VerdictCode::NotPropagated, &sentence, self.propagating(subnet)))
    }

    /// What lets a subnet take what gateways bring and keeps the routes of its table: another table with the same routes,
    /// or none where it has no routes. Else only the file can say so (C3).
    fn propagating(&self, subnet: SubnetIx) -> Mend {
        let world = self.world();
        let tables = &world.topology().route_tables;
        let Some(table) = world.subnet(subnet).route_table.map(|table| &tables[table.at()]) else {
            return Mend::default();
        };
        let name = world.subnet_name(subnet);
        let set = |table: Option<String>| Command::SetRouteTable { subnet: subnet_name(world, subnet), table };
        let same = tables.iter().find(|other| other.propagates && other.routes == table.routes);
        let (command, advice) = match same {
            Some(other) => (set(Some(other.id.clone())), format!("The table {} does, with the same routes.", other.id)),
            None if table.routes.is_empty() => {
                (set(None), format!("Take the route table from {name}: it has no routes."))
            }
            None => {
                let advice = format!("Set `propagate = true` in [route-table.{}] of the file.", table.id);
                return Mend { commands: Vec::new(), advice };
            }
        };
        let bare = self.network.walk(Router::Network(self.from.node), self.from.node, self.address.into());
        if bare == Delivery::Delivered(self.to.node) {
            return Mend { commands: vec![command], advice };
        }
        let mut join = self.join();
        join.commands.insert(0, command);
        Mend { commands: join.commands, advice: format!("{advice} {}", join.advice) }
    }

    /// The next hop is an appliance, and no machine that runs forwards there (C4).
    pub(super) fn appliance_missing(&self) -> Blocker {
        let world = self.world();
        let Some((route, ip)) = self.deciding().and_then(|route| Some((route, route.appliance?))) else {
            return self.dead_next_hop();
        };
        let tenant = route.to.and_then(Node::vnet).and_then(|vnet| self.network.tenant(world, vnet, ip));
        let down = route.to.and_then(|to| world.region_of(to)).filter(|region| !world.is_up(*region));
        let why = match (tenant, down) {
            (_, Some(region)) => format!("{} is down", world.regions()[region.at()].title),
            (Some(Tenant::Vm(vm)), _) => {
                format!("{} there does not forward: it lacks `forwards = true`", world.vm_id(vm))
            }
            (Some(_), _) => "the machine there does not forward".to_owned(),
            (None, _) => "no machine has that address now".to_owned(),
        };
        let sentence =
            format!("{} sends {} to the appliance at {ip}, and {why} (C4).", self.sender_words(), route.prefix);
        let mend = match (down, self.table_asked()) {
            (Some(region), _) => {
                let region = world.regions()[region.at()].id.clone();
                Mend { commands: vec![Command::Restore(region)], advice: "Restore the region.".into() }
            }
            (None, Some(subnet)) => self.without_table(subnet),
            (None, None) => Mend::default(),
        };
        Self::blocker(VerdictCode::ApplianceMissing, &sentence, mend)
    }

    /// The next hop is out of direct reach, or a gateway that cannot be one (C4, B57).
    pub(super) fn dead_next_hop(&self) -> Blocker {
        let route = self.deciding();
        let prefix = route.map_or_else(|| self.address.to_string(), |route| route.prefix.to_string());
        let why = match route.and_then(|route| route.appliance) {
            Some(ip) => format!("to {ip}, which is in no network it reaches directly (C4)"),
            None => {
                "to the gateway, and a next hop may only be a VPN gateway without ExpressRoute beside it (B57)".into()
            }
        };
        let sentence = format!("{} sends {prefix} {why}.", self.sender_words());
        if let Some(mend) = self.use_a_gateway().filter(|_| route.is_some_and(|route| route.appliance.is_none())) {
            return Self::blocker(VerdictCode::ApplianceMissing, &sentence, mend);
        }
        let mend = self.table_asked().map(|subnet| self.without_table(subnet)).unwrap_or_default();
        Self::blocker(VerdictCode::ApplianceMissing, &sentence, mend)
    }

    /// Lets a VNet without a gateway use that of a peer, which is then its next hop (B21, B57).
    fn use_a_gateway(&self) -> Option<Mend> {
        let (wiring, world) = (self.wiring, self.world());
        let here = self.trace.last.node(world).vnet()?;
        if !world.vnet(here).gateways.is_empty() || wiring.hub(here).is_some() {
            return None;
        }
        let alone = |hub: VnetIx| {
            let gateways = &world.vnet(hub).gateways;
            gateways.len() == 1 && gateways[0].kind == GatewayKind::Vpn && wiring.is_full_gateway(hub, LinkKind::Vpn)
        };
        let mut peerings = wiring.peerings(here).filter(|(ix, ..)| world.carries(*ix));
        let (_, hub, own, offering) = peerings.find(|(_, hub, ..)| alone(*hub))?;
        let flags = [
            (!offering.gateway_transit).then(|| allow(world, hub, here, PeeringFlag::GatewayTransit)),
            (!own.remote_gateways).then(|| allow(world, here, hub, PeeringFlag::RemoteGateways)),
        ];
        let (title, hub) = (&world.vnet(here).title, &world.vnet(hub).title);
        let advice = format!("Let {title} use the gateway of {hub}: set both ends of their peering.");
        Some(Mend { commands: flags.into_iter().flatten().collect(), advice })
    }

    /// Who had the last word, at the beginning of a sentence.
    fn sender_words(&self) -> String {
        match self.table_asked() {
            Some(subnet) => capital(&self.table_words(subnet)),
            None => self.world().node_title(self.trace.last.node(self.world())).to_owned(),
        }
    }

    /// A peering does not let in what an appliance sends on (B17).
    pub(super) fn not_let_in(&self) -> Blocker {
        let world = self.world();
        let route = self.deciding();
        let ends = route.and_then(|route| route.to).and_then(Node::vnet).zip(self.trace.last.node(world).vnet());
        let Some((to, hub)) = ends else { return self.dead_next_hop() };
        let (there, here) = (&world.vnet(to).title, &world.vnet(hub).title);
        let who = if matches!(self.trace.last, Router::Gateway(..)) { "The gateway of" } else { "An appliance in" };
        let sentence = format!(
            "{who} {here} sends it on to {there}, but the peering of {there} with {here} does not allow \
             forwarded traffic, so what did not begin in {here} is not let in (B17, modelled)."
        );
        let mend = Mend {
            commands: vec![allow(world, to, hub, PeeringFlag::ForwardedTraffic)],
            advice: format!("Allow forwarded traffic at {there}."),
        };
        Self::blocker(VerdictCode::ForwardedTrafficOff, &sentence, mend)
    }

    /// The routers hand it to one another.
    pub(super) fn circle(&self) -> Blocker {
        let world = self.world();
        let mut names: Vec<String> = Vec::new();
        for hop in &self.trace.hops {
            let name = match hop.appliance {
                Some(vm) => world.vm_id(vm).to_owned(),
                None => world.node_title(hop.at).to_owned(),
            };
            let again = names.contains(&name);
            names.push(name);
            if again {
                break;
            }
        }
        let sentence = format!("The packet goes in a circle: {}.", names.join(" to "));
        let mut tables = self.trace.hops.iter().rev().filter_map(|hop| match hop.asked {
            Router::Subnet(subnet) => Some(subnet),
            _ => None,
        });
        let mend = tables.next().map(|subnet| Mend {
            commands: vec![Command::SetRouteTable { subnet: subnet_name(world, subnet), table: None }],
            advice: format!("Take the route table from {}, or correct it.", world.subnet_name(subnet)),
        });
        Self::blocker(VerdictCode::Loop, &sentence, mend.unwrap_or_default())
    }

    /// One network is peered with a VNet whose gateway reaches the other, and does not use that gateway (B21).
    pub(super) fn gateway_transit(&self) -> Option<Blocker> {
        let ends = [(self.from.node, self.to.node, self.from.address()), (self.to.node, self.from.node, self.address)];
        ends.into_iter().find_map(|(spoke, far, address)| self.transit_of(spoke.vnet()?, far, address))
    }

    fn transit_of(&self, spoke: VnetIx, far: Node, address: Ipv4Addr) -> Option<Blocker> {
        let (wiring, world) = (self.wiring, self.world());
        if !world.vnet(spoke).gateways.is_empty() || wiring.hub(spoke).is_some() {
            return None;
        }
        let peerings = wiring.peerings(spoke).filter(|(ix, ..)| world.carries(*ix));
        let (hub, here, there) = peerings
            .filter(|(_, hub, ..)| {
                let mut links = wiring.gateway_links(*hub);
                links.any(|(ix, link, end)| end == far && world.carries(ix) && wiring.is_full_gateway(*hub, link.kind))
            })
            .map(|(_, hub, here, there)| (hub, here, there))
            .next()?;
        let (spoke_title, hub_title) = (&world.vnet(spoke).title, &world.vnet(hub).title);
        let mut commands = Vec::new();
        if !there.gateway_transit {
            commands.push(allow(world, hub, spoke, PeeringFlag::GatewayTransit));
        }
        if !here.remote_gateways {
            commands.push(allow(world, spoke, hub, PeeringFlag::RemoteGateways));
        }
        let mut advice = format!("Let {spoke_title} use the gateway of {hub_title}: set both ends of their peering.");
        if let Node::Site(site) = far {
            let range = words::range(world, Node::Vnet(spoke), address);
            let routed = world.site(site).routes.iter().any(|route| route.via == hub && route.prefix.contains(&range));
            if !routed {
                let (site, via) = (world.site(site), world.vnet(hub));
                commands.push(Command::Route { site: site.id.clone(), prefix: range, via: via.id.clone() });
                advice += &format!(" Route {range} at {} to {}.", site.title, via.title);
            }
        }
        let sentence = format!(
            "{hub_title} is linked with {} and peered with {spoke_title}, but {spoke_title} does not use its gateway (B21).",
            words::network(world, far)
        );
        Some(Self::blocker(VerdictCode::GatewayTransitOff, &sentence, Mend { commands, advice }))
    }

    /// One of the two objects of the link to the party's network is missing, or their keys differ (B15, B35, B44).
    pub(super) fn half_link(&self) -> Option<Blocker> {
        let world = self.world();
        let (a, b) = (self.from.node, self.to.node);
        let (at, link) = world.live_links().find(|(_, link)| link.joins(a, b) && link.state.is_broken())?;
        let [one, other] = link.between.map(|node| world.node_title(node));
        let kind = link.kind.title();
        let missing = link.between.into_iter().zip(link.halves).find(|(_, half)| !half.exists).map(|(node, _)| node);
        let sentence = match missing {
            Some(node) => format!(
                "The {kind} between {one} and {other} is half there: its object at {} is missing, so it carries nothing \
                 (B15, B35).",
                world.node_title(node)
            ),
            None => format!("The two objects of the {kind} between {one} and {other} have different keys (B35)."),
        };
        let advice = match link.faults.wrong_key {
            true => format!("Give {one} and {other} the same key."),
            false => format!("Remove what is left of it and connect {one} and {other} anew."),
        };
        // Where another link took its place nothing brings it back as things are (B58.5).
        let commands = Some(world.link_mend(at));
        let commands =
            commands.filter(|mend| !matches!(mend.last(), Some(Command::Disconnect { .. }))).unwrap_or_default();
        Some(Self::blocker(VerdictCode::HalfLink, &sentence, Mend { commands, advice }))
    }

    /// The site's prefix list in the cloud does not name the address, so the VNet does not send it there (B36, B45).
    pub(super) fn not_listed(&self) -> Option<Blocker> {
        let world = self.world();
        let (here, there) = (self.from.node, self.to.node);
        there.site()?;
        let listing = |link: &Link| link.kind == LinkKind::Vpn && !link.prefixes.is_empty();
        let (_, link) =
            world.live_links().find(|(ix, link)| link.joins(here, there) && listing(link) && world.carries(*ix))?;
        if link.prefixes.iter().any(|prefix| prefix.contains(&self.address)) {
            return None;
        }
        let listed: Vec<String> = link.prefixes.iter().map(ToString::to_string).collect();
        let sentence = format!(
            "The local network gateway of {} at {} lists {}, and {} is in none of them, so it is not sent there (B45). Add \
             its range to `prefixes` of the link {} in the file.",
            world.node_title(there),
            world.node_title(here),
            listed.join(", "),
            self.address,
            link.id
        );
        Some(Self::blocker(VerdictCode::PrefixNotListed, &sentence, Mend::default()))
    }

    /// A network between the two is in a region that is down (D18).
    pub(super) fn region_down(&self) -> Option<Blocker> {
        let world = self.world();
        let waiting = self.routes.iter().filter(|route| !route.is_active()).filter_map(|route| route.link);
        let between = waiting.map(|link| world.link(link)).filter(|link| link.state == LinkState::Connected);
        let (node, region) = between
            .flat_map(|link| link.between)
            .filter(|node| *node != self.from.node && *node != self.to.node)
            .filter_map(|node| Some((node, world.region_of(node)?)))
            .find(|(_, region)| !world.is_up(*region))?;
        let region = &world.regions()[region.at()];
        let sentence = format!("The way leads through {}, and {} is down.", world.node_title(node), region.title);
        let mend = Mend { commands: vec![Command::Restore(region.id.clone())], advice: "Restore the region.".into() };
        Some(Self::blocker(VerdictCode::RegionDown, &sentence, mend))
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
