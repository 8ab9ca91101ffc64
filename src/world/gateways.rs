//! Gateways: what a link needs at its ends, creating and deleting one (B4, B17, B28 to B32, B39, B43, B50, B55).

use std::net::Ipv4Addr;
use std::sync::Arc;

use super::{Change, Done, Refusal, RefusalCode, Subject, World};
use crate::topology::address::{assignable_range, last_free_27};
use crate::topology::command::did_you_mean;
use crate::topology::limits::{
    DEFAULT_ASN, Networks, circuits, is_basic, is_reserved_asn, is_retired, skus, too_small_for_both, usual_sku,
};
use crate::topology::overlap::Wanted;
use crate::topology::timing::Duration;
use crate::topology::{
    Circuit, CircuitIx, Command, GATEWAY_SUBNET, Gateway, GatewayKind, GatewayState, Link, Node, PeeringFlag, Region,
    RegionIx, SiteIx, Subnet, SubnetIx, VnetIx,
};

/// `create-gateway V KIND [sku SKU] [asn NUMBER]`
pub(super) fn create(
    world: &World,
    vnet: &str,
    kind: GatewayKind,
    sku: Option<&str>,
    asn: Option<u32>,
) -> Result<Done, Refusal> {
    let vnet = world.vnet_named(vnet)?;
    let gateway = Gateway { sku: Some(sku.unwrap_or(usual_sku(kind)).to_owned()), asn, ..Gateway::new(kind) };
    world.region_answers(vnet)?;
    let title = &world.vnet(vnet).title;
    if world.gateway(vnet, kind).is_some() {
        let message = format!("{title} has its one {} gateway already", kind.title());
        return Err(Refusal::new(RefusalCode::Limit, "B29", message));
    }
    offered(world, vnet, &gateway)?;
    numbered(&gateway)?;
    own_gateway_allowed(world, vnet)?;
    let present = world.vnet(vnet).subnets.iter().find(|subnet| !world.subnet(**subnet).hosts_vms());
    beside_another(world, vnet, &gateway, present.copied())?;
    let mut next = world.clone();
    if present.is_none() {
        let taken: Vec<_> = world.vnet(vnet).subnets.iter().map(|subnet| world.subnet(*subnet).prefix).collect();
        let Some(prefix) = last_free_27(&world.vnet(vnet).address_space, &taken) else {
            let message = format!("{title} has no free /27 for the GatewaySubnet its gateway lives in");
            return Err(Refusal::new(RefusalCode::SubnetFull, "B28", message));
        };
        let subnets = Arc::make_mut(&mut next.subnets);
        let subnet = SubnetIx::new(subnets.len());
        subnets.push(Subnet::new(GATEWAY_SUBNET, vnet, prefix));
        Arc::make_mut(&mut next.vnets)[vnet.at()].subnets.push(subnet);
    }
    Arc::make_mut(&mut next.vnets)[vnet.at()].gateways.push(gateway);
    let change = Change::new(Subject::Gateway(vnet, kind), None, Some(kind.to_string()));
    let mut done = Done::lasting(next, vec![change], Duration::of_gateway(kind));
    if world.faults().slow.contains(&vnet) {
        done.seconds = done.seconds.saturating_mul(2);
    }
    Ok(done)
}

/// Whether a SKU exists, can still be created, and can be had now (B30, B31).
fn offered(world: &World, vnet: VnetIx, gateway: &Gateway) -> Result<(), Refusal> {
    let (kind, sku) = (gateway.kind, gateway.sku.as_deref().unwrap_or(usual_sku(gateway.kind)));
    let known = skus(kind);
    let again = |sku: &str| Command::CreateGateway {
        vnet: world.vnet(vnet).id.clone(),
        kind,
        sku: Some(sku.to_owned()),
        asn: gateway.asn,
    };
    if !known.contains(&sku) {
        let hint = did_you_mean(sku, known.iter().copied());
        let message = format!("`{sku}` is no SKU of a {} gateway; there are {}{hint}", kind.title(), known.join(", "));
        return Err(Refusal::new(RefusalCode::Syntax, "B30, B51", message));
    }
    if is_retired(sku) {
        let zonal = format!("{sku}AZ");
        let message = format!("no {sku} gateway can be created since November 2025; take {zonal}");
        return Err(Refusal::new(RefusalCode::SkuNotOffered, "B31", message).mended_by(again(&zonal)));
    }
    if world.faults().short.contains(sku) {
        let message = format!("no {sku} gateway is to be had now: the region has no capacity left");
        let refusal = Refusal::new(RefusalCode::SkuNotOffered, "B30", message);
        let other = known
            .iter()
            .find(|other| !is_retired(other) && **other != "Basic" && !world.faults().short.contains(**other));
        return Err(match other {
            Some(other) => refusal.mended_by(again(other)),
            None => refusal,
        });
    }
    Ok(())
}

/// Whether a gateway may have its number (B32, B39).
fn numbered(gateway: &Gateway) -> Result<(), Refusal> {
    let Some(asn) = gateway.asn else { return Ok(()) };
    if gateway.kind == GatewayKind::Expressroute {
        let message = "an ExpressRoute gateway has a fixed number; only VPN gateways take one";
        return Err(Refusal::new(RefusalCode::AsnRefused, "B39", message));
    }
    if is_basic(gateway) {
        let message = "a Basic gateway knows no BGP, so it takes no number";
        return Err(Refusal::new(RefusalCode::NoBgp, "B32", message));
    }
    if is_reserved_asn(asn) && asn != DEFAULT_ASN {
        let message = format!("Azure keeps the number {asn} for itself; take another, such as 65010");
        return Err(Refusal::new(RefusalCode::AsnRefused, "B39", message));
    }
    Ok(())
}

/// A VNet that uses the gateway of a peer cannot have its own (B17).
fn own_gateway_allowed(world: &World, vnet: VnetIx) -> Result<(), Refusal> {
    let here = Node::Vnet(vnet);
    let uses = |link: &Link| link.stands_at(here) && link.half(here).is_some_and(|half| half.remote_gateways);
    let Some(hub) = world.live_links().find(|(_, link)| uses(link)).and_then(|(_, link)| link.other(here)) else {
        return Ok(());
    };
    let (title, hub_title) = (world.node_title(here), world.node_title(hub));
    let message = format!("{title} uses the gateway of {hub_title}, so it cannot have one of its own");
    Err(Refusal::new(RefusalCode::PeeringSetting, "B17", message).mended_by(Command::SetPeering {
        at: world.node_id(here).to_owned(),
        peer: world.node_id(hub).to_owned(),
        flag: PeeringFlag::RemoteGateways,
        on: false,
    }))
}

/// Whether a second gateway has room beside the first, and both are of SKUs that stand each other (B32, B50, B55).
fn beside_another(world: &World, vnet: VnetIx, gateway: &Gateway, present: Option<SubnetIx>) -> Result<(), Refusal> {
    let here = world.vnet(vnet);
    if here.gateways.is_empty() {
        return Ok(());
    }
    let title = &here.title;
    let all = || here.gateways.iter().chain([gateway]);
    if all().any(is_basic) {
        let message = format!("a Basic VPN gateway cannot stand beside an ExpressRoute gateway in {title}");
        return Err(Refusal::new(RefusalCode::Limit, "B32, B55", message));
    }
    let sixteen =
        all().any(|gateway| gateway.kind == GatewayKind::Expressroute && circuits(gateway.sku.as_deref()) >= 16);
    let small = present.map(|subnet| world.subnet(subnet).prefix);
    if let Some(small) = small.filter(|small| too_small_for_both(small.prefix_len(), sixteen)) {
        let least = if sixteen { "/26 where the gateway takes 16 circuits" } else { "/27" };
        let message = format!(
            "the GatewaySubnet {small} of {title} is too small for a VPN and an ExpressRoute gateway; it takes a {least}"
        );
        return Err(Refusal::new(RefusalCode::Limit, "B55", message));
    }
    Ok(())
}

/// `delete-gateway V KIND`
pub(super) fn delete(world: &World, vnet: &str, kind: GatewayKind) -> Result<Done, Refusal> {
    let vnet = world.vnet_named(vnet)?;
    world.region_answers(vnet)?;
    let title = &world.vnet(vnet).title;
    if world.gateway(vnet, kind).is_none() {
        let message = format!("{title} has no {} gateway", kind.title());
        return Err(Refusal::new(RefusalCode::NoGateway, "B28", message));
    }
    let here = Node::Vnet(vnet);
    let uses = |link: &Link| link.kind.gateway() == Some(kind) && link.between.contains(&here);
    let users: Vec<_> = world.live_links().filter(|(_, link)| uses(link)).map(|(ix, _)| ix).collect();
    if !users.is_empty() {
        let ids: Vec<&str> = users.iter().map(|link| world.link(*link).id.as_str()).collect();
        let message = format!("the {} gateway of {title} still carries {}", kind.title(), ids.join(", "));
        let mut refusal = Refusal::new(RefusalCode::GatewayInUse, "B43", message);
        refusal.mend = users.iter().map(|link| world.disconnect_command(*link)).collect();
        return Err(refusal);
    }
    let last = world.vnet(vnet).gateways.len() == 1;
    let spokes: Vec<Node> = world.transit_users(vnet).map(|(_, spoke)| spoke).filter(|_| last).collect();
    if !spokes.is_empty() {
        let names: Vec<&str> = spokes.iter().map(|spoke| world.node_title(*spoke)).collect();
        let message = format!("{} still use the gateway of {title} through their peering", names.join(", "));
        let mut refusal = Refusal::new(RefusalCode::GatewayInUse, "B17, B43", message);
        let off = |spoke: &Node| Command::SetPeering {
            at: world.node_id(*spoke).to_owned(),
            peer: world.node_id(here).to_owned(),
            flag: PeeringFlag::RemoteGateways,
            on: false,
        };
        refusal.mend = spokes.iter().map(off).collect();
        return Err(refusal);
    }
    let mut next = world.clone();
    Arc::make_mut(&mut next.vnets)[vnet.at()].gateways.retain(|gateway| gateway.kind != kind);
    let change = Change::new(Subject::Gateway(vnet, kind), Some(kind.to_string()), None);
    Ok(Done::lasting(next, vec![change], Duration::DeleteGateway))
}

impl World {
    /// The subnet the gateways of a VNet live in, if it has one (B28).
    pub fn gateway_subnet(&self, vnet: VnetIx) -> Option<&Subnet> {
        let own = self.vnet(vnet).subnets.iter().map(|subnet| self.subnet(*subnet));
        own.into_iter().find(|subnet| !subnet.hosts_vms())
    }

    /// The address a VPN gateway of a VNet speaks BGP from, or would: the last usable one of its subnet (B40).
    pub fn peer_address(&self, vnet: VnetIx) -> Option<Ipv4Addr> {
        assignable_range(&self.gateway_subnet(vnet)?.prefix).map(|(_, last)| last)
    }

    /// Refuses what has to be done in a VNet whose region is down (D18).
    pub(super) fn region_up(&self, vnet: VnetIx) -> Result<(), Refusal> {
        let region = self.vnet(vnet).region;
        if self.is_up(region) {
            return Ok(());
        }
        let message =
            format!("{} is down, so nothing in {} can be changed", self.region_title(region), self.vnet(vnet).title);
        Err(Refusal::new(RefusalCode::RegionDown, "D18", message).mended_by(self.restoring(region)))
    }

    /// Refuses what has to be created, changed or deleted in a VNet whose region is down or does not answer (D18).
    pub(super) fn region_answers(&self, vnet: VnetIx) -> Result<(), Refusal> {
        self.region_up(vnet)?;
        let region = self.vnet(vnet).region;
        if self.answers(region) {
            return Ok(());
        }
        let message = format!(
            "the control plane of {} does not answer, so nothing in {} can be created, changed or deleted",
            self.region_title(region),
            self.vnet(vnet).title
        );
        Err(Refusal::new(RefusalCode::RegionDegraded, "D18, modelled", message).mended_by(self.restoring(region)))
    }

    /// `restore R`
    pub(super) fn restoring(&self, region: RegionIx) -> Command {
        Command::Restore(self.regions()[region.at()].id.clone())
    }

    /// The command that creates a missing gateway; for BGP it gets a number of its own (B39).
    pub fn gateway_command(&self, vnet: VnetIx, kind: GatewayKind, bgp: bool) -> Command {
        let vnets = (0..self.vnets.len()).map(|at| Node::Vnet(VnetIx::new(at)));
        let nodes = vnets.chain((0..self.sites.len()).map(|at| Node::Site(SiteIx::new(at))));
        let used: Vec<u32> = nodes.filter_map(|node| self.asn(node)).collect();
        // Private numbers: those of two bytes, then those of four.
        let small = [65_010 + vnet.0, 64_512 + vnet.0].into_iter().filter(|number| *number < DEFAULT_ASN);
        let mut numbers = small.chain((4_200_000_000 + vnet.0..).step_by(1000));
        let free = numbers.find(|number| !used.contains(number) && !is_reserved_asn(*number));
        let asn = free.filter(|_| bgp && kind == GatewayKind::Vpn);
        Command::CreateGateway { vnet: self.vnet(vnet).id.clone(), kind, sku: None, asn }
    }

    /// Refuses a link whose ends lack the gateway it needs, or have one that does not work (B28, B35, B.7).
    pub(super) fn gateways_ready(&self, wanted: Wanted) -> Result<(), Refusal> {
        let Some(kind) = wanted.kind.gateway() else { return Ok(()) };
        let vnets = || wanted.between.into_iter().filter_map(Node::vnet);
        let lacking: Vec<VnetIx> = vnets().filter(|vnet| self.gateway(*vnet, kind).is_none()).collect();
        if let Some(hub) = lacking.iter().find_map(|vnet| Some((*vnet, self.hub_of(*vnet)?))) {
            return Err(self.link_the_hub(hub, wanted));
        }
        if let Some(first) = lacking.first() {
            let message = format!(
                "{} has no {} gateway; creating one takes about {}",
                self.vnet(*first).title,
                kind.title(),
                crate::topology::timing::spoken(self.topology.timing.seconds(Duration::of_gateway(kind)))
            );
            let mut refusal = Refusal::new(RefusalCode::NoGateway, "B28, B35", message);
            refusal.mend = lacking.iter().map(|vnet| self.gateway_command(*vnet, kind, wanted.bgp)).collect();
            return Err(refusal);
        }
        let state = |vnet: &VnetIx| self.gateway(*vnet, kind).map(|gateway| gateway.state);
        let Some(broken) = vnets().find(|vnet| state(vnet) != Some(GatewayState::Ready)) else { return Ok(()) };
        let (title, id) = (&self.vnet(broken).title, self.vnet(broken).id.clone());
        if state(&broken) == Some(GatewayState::Building) {
            let message = format!("the {} gateway of {title} is still being created", kind.title());
            return Err(Refusal::new(RefusalCode::GatewayBuilding, "B35", message));
        }
        let message = format!("the {} gateway of {title} does not work, so no connection comes up", kind.title());
        let repair = Command::Inject(crate::topology::Inject::RepairGateway(id));
        Err(Refusal::new(RefusalCode::GatewayBroken, "B35", message).mended_by(repair))
    }
}

impl World {
    /// A VNet that uses the gateway of its hub is linked by a link of the hub, and a site is told to send there (B17, B21).
    fn link_the_hub(&self, (spoke, hub): (VnetIx, VnetIx), wanted: Wanted) -> Refusal {
        let (title, hub_title) = (&self.vnet(spoke).title, &self.vnet(hub).title);
        let [a, b] = wanted.between;
        let far = if a == Node::Vnet(spoke) { b } else { a };
        let linked = self.live_links().any(|(_, link)| link.joins(Node::Vnet(hub), far));
        let message = format!(
            "{title} uses the gateway of {hub_title} and has no {} gateway of its own, so {} is reached over {hub_title}",
            wanted.kind.title(),
            self.node_title(far)
        );
        let mut refusal = Refusal::new(RefusalCode::NoGateway, "B17, B21, B28", message);
        if !linked && far != Node::Vnet(hub) {
            let (a, b) = (self.vnet(hub).id.clone(), self.node_id(far).to_owned());
            let kind = Some(wanted.kind).filter(|kind| self.meant([Node::Vnet(hub), far], None).kind != *kind);
            refusal = refusal.mended_by(Command::Connect { a, b, kind, circuit: None, bgp: wanted.bgp });
        }
        let Node::Site(site) = far else { return refusal };
        let site = self.site(site);
        // A new link brings the routes the site does not have.
        let astray = self.vnet(spoke).address_space.iter().filter(|prefix| {
            let known = site.routes.iter().find(|route| route.prefix == **prefix);
            known.map_or(linked, |route| route.via != hub)
        });
        refusal.mend.extend(astray.map(|prefix| Command::Route {
            site: site.id.clone(),
            prefix: *prefix,
            via: self.vnet(hub).id.clone(),
        }));
        refusal
    }
}

impl Networks for World {
    fn gateways(&self, vnet: VnetIx) -> &[Gateway] {
        &self.vnet(vnet).gateways
    }

    fn region(&self, vnet: VnetIx) -> &Region {
        &self.regions()[self.vnet(vnet).region.at()]
    }

    fn title(&self, node: Node) -> &str {
        self.node_title(node)
    }

    fn circuit(&self, circuit: CircuitIx) -> &Circuit {
        &self.topology.circuits[circuit.at()]
    }

    fn asn(&self, node: Node) -> Option<u32> {
        match node {
            Node::Vnet(vnet) => self.gateway(vnet, GatewayKind::Vpn).map(|gateway| gateway.asn.unwrap_or(DEFAULT_ASN)),
            Node::Site(site) => self.site(site).asn,
        }
    }
}
