//! Which link is meant where a command leaves something out, and the settings it takes over (article, lines 69 and 121).

use super::{Refusal, RefusalCode, World};
use crate::topology::fit::half_fits;
use crate::topology::overlap::Wanted;
use crate::topology::{
    CircuitIx, Command, Faults, GatewayKind, Link, LinkIx, LinkKind, LinkState, Node, PeeringFlag, VnetIx,
};

pub(super) fn two_ends(world: &World, a: &str, b: &str) -> Result<[Node; 2], Refusal> {
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
        let model = absent().or_else(|| own().next()).or_else(|| self.twin_links(between).find(fits));
        let kind = kind.or(model.map(|link| link.kind)).unwrap_or_else(|| self.usual_kind(between));
        let circuit = match model {
            Some(link) => link.circuit,
            None if kind == LinkKind::Expressroute => self.only_circuit(between),
            None => None,
        };
        let bgp = kind == LinkKind::Vpn && model.is_some_and(|link| link.bgp) && self.can_speak_bgp(between);
        Wanted { kind, between, circuit, bgp }
    }

    /// Whether the gateways two networks have now can exchange routes by BGP (B32, B39); one that is missing can be made so.
    pub fn can_speak_bgp(&self, between: [Node; 2]) -> bool {
        self.no_bgp(between).is_none()
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
    pub fn twin_link(&self, between: [Node; 2]) -> Option<&Link> {
        self.twin_links(between).next()
    }

    /// All of them: of two circuits, or of a peering beside a VPN, each is replaced by its own.
    fn twin_links(&self, [a, b]: [Node; 2]) -> impl Iterator<Item = &Link> {
        let (a_family, b_family) = (self.family(a), self.family(b));
        let replaces = move |link: &&Link| {
            let [p, q] = link.between;
            !link.joins(a, b)
                && ((a_family.contains(&p) && b_family.contains(&q))
                    || (a_family.contains(&q) && b_family.contains(&p)))
        };
        let mut twins: Vec<&Link> = self.links.iter().filter(replaces).collect();
        twins.sort_by_key(|link| link.state == LinkState::Absent);
        twins.into_iter()
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

    /// The link as it would be made: a known one with its own settings, else one with those of the link it replaces like
    /// for like: BGP, weight, tunnels, prefix list and the settings of both halves. What the far side does not allow now
    /// is left out (B17).
    pub fn candidate(&self, wanted: Wanted) -> Link {
        let [a, b] = wanted.between;
        let known = self.links.iter().find(|link| wanted.is(link));
        let mut link = match known {
            Some(known) => known.clone(),
            None => {
                let id = self.hand_made_id(a, b, wanted.kind, wanted.circuit);
                let mut link =
                    Link { circuit: wanted.circuit, ..Link::new(id, wanted.kind, wanted.between, LinkState::Absent) };
                let twins = || self.twin_links(wanted.between).filter(|twin| twin.kind == wanted.kind);
                let same_circuit = twins().find(|twin| twin.circuit == wanted.circuit);
                if let Some(twin) = same_circuit.or_else(|| twins().next()) {
                    let straight = self.family(a).contains(&twin.between[0]);
                    let [one, other] = twin.halves;
                    link.halves = if straight { [one, other] } else { [other, one] };
                    link.weight = twin.weight;
                    link.tunnels = if wanted.bgp { twin.tunnels } else { 1 };
                    let same_site = link.between.iter().any(|end| end.site().is_some() && twin.between.contains(end));
                    link.prefixes = if same_site { twin.prefixes.clone() } else { Vec::new() };
                }
                link
            }
        };
        link.bgp = wanted.bgp;
        link.faults = Faults::default();
        link.state = LinkState::Connected;
        link.halves.iter_mut().for_each(|half| half.exists = true);
        for side in [0, 1] {
            for flag in [PeeringFlag::RemoteGateways, PeeringFlag::GatewayTransit] {
                if half_fits(self, self.links.iter(), &link, side).is_err() {
                    *link.halves[side].flag(flag) = false;
                }
            }
        }
        link
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

    /// What joins two networks, in the words of a sentence: `VPN`, `peering`, `ExpressRoute over Hong Kong`.
    pub fn means(&self, kind: LinkKind, circuit: Option<CircuitIx>) -> String {
        match circuit {
            Some(circuit) => format!("{} over {}", kind.title(), self.topology.circuits[circuit.at()].title),
            None => kind.title().to_owned(),
        }
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
