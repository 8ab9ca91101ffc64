//! Making and removing links, and which kind is meant when none is named (B5 to B13, B15, B28, B35, B58).

use std::sync::Arc;

use super::{Change, Done, Refusal, RefusalCode, Subject, World};
use crate::topology::overlap::{Clash, Wanted, clashes, direct_overlap};
use crate::topology::timing::Duration;
use crate::topology::{CircuitIx, Command, GatewayKind, Link, LinkIx, LinkKind, LinkState, Node, SiteRoute, VnetIx};

/// `connect A B [by KIND] [over CIRCUIT]`
pub(super) fn connect(
    world: &World,
    a: &str,
    b: &str,
    kind: Option<LinkKind>,
    circuit: Option<&str>,
) -> Result<Done, Refusal> {
    let between = two_ends(world, a, b)?;
    let circuit = circuit.map(|name| world.circuit_named(name)).transpose()?;
    let kind = kind.or(circuit.map(|_| LinkKind::Expressroute));
    let mut wanted = world.meant(between, kind);
    wanted.circuit = circuit.or(wanted.circuit);
    world.admit(wanted)?;
    Ok(world.joined(wanted))
}

/// `disconnect A B [by KIND] [over CIRCUIT]`
pub(super) fn disconnect(
    world: &World,
    a: &str,
    b: &str,
    kind: Option<LinkKind>,
    circuit: Option<&str>,
) -> Result<Done, Refusal> {
    let [a, b] = two_ends(world, a, b)?;
    let circuit = circuit.map(|name| world.circuit_named(name)).transpose()?;
    let fits = |link: &Link| {
        link.joins(a, b)
            && kind.is_none_or(|kind| link.kind == kind)
            && circuit.is_none_or(|circuit| link.circuit == Some(circuit))
    };
    let found: Vec<LinkIx> = world.live_links().filter(|(_, link)| fits(link)).map(|(ix, _)| ix).collect();
    let (one, other) = (world.node_title(a), world.node_title(b));
    let link = match found.as_slice() {
        [link] => *link,
        [] => {
            let by = kind.map(|kind| format!(" by {}", kind.title())).unwrap_or_default();
            let message = format!("{one} and {other} are not connected{by}");
            return Err(Refusal::new(RefusalCode::NotConnected, "", message));
        }
        several => {
            let named: Vec<String> = several.iter().map(|link| world.disconnect_command(*link).to_string()).collect();
            let message = format!("several links join {one} and {other}; say which: {}", named.join(", or "));
            return Err(Refusal::new(RefusalCode::Syntax, "B20", message));
        }
    };
    world.healthy_side(link)?;
    let mut next = world.clone();
    Arc::make_mut(&mut next.links)[link.at()].state = LinkState::Absent;
    let change =
        Change::new(Subject::Link(link), Some(LinkState::Connected.to_string()), Some(LinkState::Absent.to_string()));
    Ok(Done::lasting(next, vec![change], Duration::Disconnect))
}

fn two_ends(world: &World, a: &str, b: &str) -> Result<[Node; 2], Refusal> {
    let ends = [world.node_named(a)?, world.node_named(b)?];
    if ends[0] == ends[1] {
        let message = format!("a link joins two different networks; {} is named twice", world.node_title(ends[0]));
        return Err(Refusal::new(RefusalCode::Syntax, "", message));
    }
    Ok(ends)
}

impl World {
    /// The link `connect A B` means where it leaves out the kind, the circuit or both: one that was between the two and is
    /// cut or planned, else what the link it replaces like for like is, else what the ends can do.
    pub fn meant(&self, between: [Node; 2], kind: Option<LinkKind>) -> Wanted {
        let [a, b] = between;
        let fits = |link: &&Link| kind.is_none_or(|kind| link.kind == kind);
        let own = || self.links.iter().filter(|link| link.joins(a, b)).filter(fits);
        let absent = || own().find(|link| link.state == LinkState::Absent);
        let model = absent().or_else(|| own().next()).or_else(|| self.twin_link(between).filter(fits));
        let kind = kind.or(model.map(|link| link.kind)).unwrap_or_else(|| self.usual_kind(between));
        let circuit = match model {
            Some(link) => link.circuit,
            None if kind == LinkKind::Expressroute => self.only_circuit(between),
            None => None,
        };
        let bgp = kind == LinkKind::Vpn && model.is_some_and(|link| link.bgp);
        Wanted { kind, between, circuit, bgp }
    }

    /// The kind two networks are joined by where nothing says more.
    fn usual_kind(&self, between: [Node; 2]) -> LinkKind {
        let able = |kind| {
            between.iter().all(|node| match node {
                Node::Vnet(vnet) => self.gateway(*vnet, kind).is_some(),
                Node::Site(_) => true,
            })
        };
        let to_site = between.iter().any(|node| node.site().is_some());
        match to_site {
            true if able(GatewayKind::Expressroute) => LinkKind::Expressroute,
            true => LinkKind::Vpn,
            false if able(GatewayKind::Vpn) => LinkKind::Vpn,
            false => LinkKind::Peering,
        }
    }

    /// The circuit of the site at one end, if its links use exactly one.
    fn only_circuit(&self, between: [Node; 2]) -> Option<CircuitIx> {
        let here = |link: &&Link| link.between.iter().any(|node| node.site().is_some() && between.contains(node));
        let mut circuits = self.links.iter().filter(here).filter(|link| link.kind == LinkKind::Expressroute);
        let first = circuits.next()?.circuit;
        circuits.all(|link| link.circuit == first).then_some(first).flatten()
    }

    /// The link that a link between these two would replace like for like: present ones first, then cut and planned ones.
    pub fn twin_link(&self, [a, b]: [Node; 2]) -> Option<&Link> {
        let (a_family, b_family) = (self.family(a), self.family(b));
        let replaces = |link: &&Link| {
            let [p, q] = link.between;
            !link.joins(a, b)
                && ((a_family.contains(&p) && b_family.contains(&q))
                    || (a_family.contains(&q) && b_family.contains(&p)))
        };
        let twins = || self.links.iter().filter(replaces);
        twins().find(|link| link.state != LinkState::Absent).or_else(|| twins().next())
    }

    /// A network, what it recovers and what recovers it.
    pub fn family(&self, node: Node) -> Vec<Node> {
        let Node::Vnet(vnet) = node else { return vec![node] };
        let recovered = self.vnet(vnet).recovers.map(Node::Vnet);
        let twins = self.twins_of(vnet).map(Node::Vnet);
        std::iter::once(node).chain(recovered).chain(twins).collect()
    }

    /// The VNets that recover `vnet`, in file order; the first is its failover network.
    pub fn twins_of(&self, vnet: VnetIx) -> impl Iterator<Item = VnetIx> + '_ {
        let recovers = move |(_, twin): &(usize, &crate::topology::Vnet)| twin.recovers == Some(vnet);
        self.vnets.iter().enumerate().filter(recovers).map(|(at, _)| VnetIx::new(at))
    }

    /// Whether the rules allow a link now, in the order of `formats.md` section 2.
    ///
    /// # Errors
    /// The first check that fails.
    pub fn admit(&self, wanted: Wanted) -> Result<(), Refusal> {
        self.fitting_kind(wanted)?;
        let Wanted { kind, between: [a, b], circuit, .. } = wanted;
        let (one, other) = (self.node_title(a), self.node_title(b));
        let same = |link: &Link| link.joins(a, b) && link.kind == kind && link.circuit == circuit;
        if self.live_links().any(|(_, link)| same(link)) {
            let message = format!("{one} and {other} are connected by {} already", kind.title());
            return Err(Refusal::new(RefusalCode::AlreadyConnected, "B15, B35", message));
        }
        if let Some((p, q)) = direct_overlap(self, [a, b]) {
            let shared = if p == q { format!("both use {p}") } else { format!("{p} and {q} overlap") };
            let message = format!("{one} and {other} can never be joined: {shared}");
            return Err(Refusal::new(RefusalCode::Overlap, "B6, B9, B10", message));
        }
        let found = clashes(self, &self.links, wanted);
        if let Some(first) = found.first() {
            return Err(self.overlap_neighbour(first, wanted, &found));
        }
        for vnet in [a, b].into_iter().filter_map(Node::vnet) {
            let region = self.vnet(vnet).region;
            if !self.is_up(region) {
                let region = &self.regions()[region.at()].title;
                let message = format!("{region} is down, so nothing can be created for {}", self.vnet(vnet).title);
                return Err(Refusal::new(RefusalCode::RegionDown, "D18", message));
            }
        }
        self.gateways_ready(wanted)?;
        self.within_limits(wanted)
    }

    fn fitting_kind(&self, wanted: Wanted) -> Result<(), Refusal> {
        let sites = wanted.between.iter().filter(|node| node.site().is_some()).count();
        let why = match (sites, wanted.kind) {
            (2, _) => "a link between two sites is not a cloud link; at least one end is a VNet",
            (1, LinkKind::Peering) => "peering joins two VNets; a site needs VPN or ExpressRoute",
            (0, LinkKind::Expressroute) => "ExpressRoute joins a VNet and a site; two VNets need VPN or peering",
            _ => return Ok(()),
        };
        Err(Refusal::new(RefusalCode::WrongKind, "B.7", why))
    }

    fn overlap_neighbour(&self, clash: &Clash, wanted: Wanted, all: &[Clash]) -> Refusal {
        let newcomer = if wanted.between[0] == clash.at { wanted.between[1] } else { wanted.between[0] };
        let (at, through) = (self.node_title(clash.at), self.node_title(clash.neighbour));
        let (new, old) = clash.prefixes;
        let also = if new == old { "has it too".to_owned() } else { format!("has {new}, which overlaps it") };
        let kind = self.link(clash.link).kind.title();
        let newcomer = self.node_title(newcomer);
        let message = format!(
            "{at} already reaches {old} through {through} ({kind}), and {newcomer} {also}; \
             disconnect {through} from {at} first"
        );
        let mut refusal = Refusal::new(RefusalCode::OverlapNeighbour, clash.rule, message);
        refusal.mend = all.iter().map(|clash| self.disconnect_command(clash.link)).collect();
        refusal.mend.dedup();
        refusal
    }

    /// The command that removes a link, as short as it can be without doubt.
    pub fn disconnect_command(&self, link: LinkIx) -> Command {
        let link = self.link(link);
        let [a, b] = link.between;
        let rivals: Vec<&Link> = self.live_links().map(|(_, other)| other).filter(|other| other.joins(a, b)).collect();
        let same_kind = rivals.iter().filter(|other| other.kind == link.kind).count();
        Command::Disconnect {
            a: self.node_id(a).to_owned(),
            b: self.node_id(b).to_owned(),
            kind: (rivals.len() > 1).then_some(link.kind),
            circuit: link
                .circuit
                .filter(|_| same_kind > 1)
                .map(|circuit| self.topology.circuits[circuit.at()].id.clone()),
        }
    }

    /// Whether a link can be removed from a healthy side (B58.4, D18).
    ///
    /// Peerings and VNet-to-VNet connections have an object at each end. An on-premises device can drop its VPN tunnel
    /// itself. An ExpressRoute connection exists only in the VNet's region.
    fn healthy_side(&self, link: LinkIx) -> Result<(), Refusal> {
        let link = self.link(link);
        let alive = link.between.iter().any(|node| match node {
            Node::Vnet(vnet) => self.is_up(self.vnet(*vnet).region),
            Node::Site(_) => link.kind == LinkKind::Vpn,
        });
        if alive {
            return Ok(());
        }
        let down = link.between.iter().filter_map(|node| self.region_of(*node));
        let down: Vec<&str> = down.map(|region| self.regions()[region.at()].title.as_str()).collect();
        let region = down.first().copied().unwrap_or_default();
        let message = format!(
            "{region} is down, and the {} connection {} exists only there, so it cannot be removed until the region returns",
            link.kind.title(),
            link.id
        );
        Err(Refusal::new(RefusalCode::RegionDown, "B58.4, D18", message))
    }

    /// The world with the link made, and a site's routes for prefixes it had none for.
    fn joined(&self, wanted: Wanted) -> Done {
        let mut next = self.clone();
        let Wanted { kind, between: [a, b], circuit, .. } = wanted;
        let links = Arc::make_mut(&mut next.links);
        let known = links.iter().position(|link| link.joins(a, b) && link.kind == kind && link.circuit == circuit);
        let at = known.unwrap_or_else(|| {
            let id = self.hand_made_id(a, b, kind, circuit);
            links.push(Link { circuit, ..Link::new(id, kind, [a, b], LinkState::Absent) });
            links.len() - 1
        });
        links[at].state = LinkState::Connected;
        let mut changes = vec![Change::new(
            Subject::Link(LinkIx::new(at)),
            Some(LinkState::Absent.to_string()),
            Some(LinkState::Connected.to_string()),
        )];
        if let (Node::Site(site), Node::Vnet(vnet)) | (Node::Vnet(vnet), Node::Site(site)) = (a, b) {
            let routes = &mut Arc::make_mut(&mut next.sites)[site.at()].routes;
            for prefix in &self.vnet(vnet).address_space {
                if routes.iter().all(|route| route.prefix != *prefix) {
                    routes.push(SiteRoute { prefix: *prefix, via: vnet });
                    changes.push(Change::new(
                        Subject::Route(site, *prefix),
                        None,
                        Some(super::routes::words(self, *prefix, vnet)),
                    ));
                }
            }
        }
        Done::lasting(next, changes, Duration::of_link(kind))
    }

    /// `A--B`, made unique where another link between the two has that id.
    fn hand_made_id(&self, a: Node, b: Node, kind: LinkKind, circuit: Option<CircuitIx>) -> String {
        let plain = format!("{}--{}", self.node_id(a), self.node_id(b));
        let with_kind = format!("{plain}--{kind}");
        let circuit = circuit.map(|circuit| self.topology.circuits[circuit.at()].id.as_str()).unwrap_or("implied");
        let with_circuit = format!("{with_kind}--{circuit}");
        let free = |id: &String| self.links.iter().all(|link| link.id != *id);
        [plain, with_kind, with_circuit].into_iter().find(free).unwrap_or_else(|| format!("link-{}", self.links.len()))
    }
}
