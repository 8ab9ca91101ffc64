//! Links: two objects, what each of them is set to, and what is wrong with them (B15, B17, B35, B44).

use ipnet::Ipv4Net;

use super::{CircuitIx, LinkKind, LinkState, Node, PeeringFlag, VnetIx};

/// A link between two networks: both halves of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its id in the file; `A--B` when it was made by hand.
    pub id: String,
    /// VPN, peering or ExpressRoute.
    pub kind: LinkKind,
    /// The two networks, in the order of the file or of the command.
    pub between: [Node; 2],
    /// The circuit of an ExpressRoute link; none is the site's one implied circuit.
    pub circuit: Option<CircuitIx>,
    /// Whether it is there.
    pub state: LinkState,
    /// Whether the two sides of a VPN exchange routes by BGP (B38).
    pub bgp: bool,
    /// The weight of an ExpressRoute connection: the higher is preferred (B56).
    pub weight: u32,
    /// How many tunnels a VPN to a site has; more than one need BGP (B41).
    pub tunnels: u32,
    /// The prefix list of the local network gateway of a VPN to a site; empty is what lives at the site (B45). What a
    /// VNet-to-VNet connection brings follows the far VNet by itself (B36).
    pub prefixes: Vec<Ipv4Net>,
    /// Its two objects, in the order of `between`; an on-premises end has none of its own in the cloud (B15, B35).
    ///
    /// An absent link may hold one: the object in a region that did not answer when the other was removed, which comes
    /// back with the region (B58.4, B58.5).
    pub halves: [Half; 2],
    /// What is wrong with it although both objects are there.
    pub faults: Faults,
}

/// What is wrong with a link although its objects are there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Faults {
    /// The two objects of a VPN have different keys (B35).
    pub wrong_key: bool,
    /// It comes and goes, so nobody can rely on it.
    pub flapping: bool,
    /// It stays in the making.
    pub stuck: bool,
    /// Removing it fails.
    pub undeletable: bool,
}

/// The object of one side of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Half {
    /// Whether it is there.
    pub exists: bool,
    /// Peering: the peer's range belongs to the `VirtualNetwork` tag here (B17, C15).
    pub access: bool,
    /// Peering: what did not begin in the peer is let in.
    pub forwarded_traffic: bool,
    /// Peering: the peer may use the gateway here.
    pub gateway_transit: bool,
    /// Peering: the gateway of the peer is used here.
    pub remote_gateways: bool,
}

impl Half {
    /// An object that is there, with the settings of the portal (B17).
    pub const PRESENT: Self =
        Self { exists: true, access: true, forwarded_traffic: false, gateway_transit: false, remote_gateways: false };

    /// One of its settings.
    pub fn flag(&mut self, flag: PeeringFlag) -> &mut bool {
        match flag {
            PeeringFlag::Access => &mut self.access,
            PeeringFlag::ForwardedTraffic => &mut self.forwarded_traffic,
            PeeringFlag::GatewayTransit => &mut self.gateway_transit,
            PeeringFlag::RemoteGateways => &mut self.remote_gateways,
        }
    }

    /// The settings that differ from those of the portal, as the command language spells them.
    pub fn words(&self) -> Vec<String> {
        let said = [
            (!self.access, "no access"),
            (self.forwarded_traffic, "forwarded-traffic"),
            (self.gateway_transit, "gateway-transit"),
            (self.remote_gateways, "remote-gateways"),
        ];
        said.into_iter().filter(|(shown, _)| *shown).map(|(_, word)| word.to_owned()).collect()
    }
}

impl Link {
    /// A link with both its objects and nothing special about them, called by its id.
    pub fn new(id: impl Into<String>, kind: LinkKind, between: [Node; 2], state: LinkState) -> Self {
        let halves = [Half { exists: state != LinkState::Absent, ..Half::PRESENT }; 2];
        Self {
            id: id.into(),
            kind,
            between,
            circuit: None,
            state,
            bgp: false,
            weight: 0,
            tunnels: 1,
            prefixes: Vec::new(),
            halves,
            faults: Faults::default(),
        }
    }

    /// The other end, if `node` is one end.
    pub fn other(&self, node: Node) -> Option<Node> {
        match self.between {
            [a, b] if a == node => Some(b),
            [a, b] if b == node => Some(a),
            _ => None,
        }
    }

    /// Whether it joins exactly these two networks, in either order.
    pub fn joins(&self, a: Node, b: Node) -> bool {
        self.between == [a, b] || self.between == [b, a]
    }

    /// The VNet that uses the gateways of `hub` through this peering: transit is allowed there, and used here (B17, B21).
    pub fn spoke_of(&self, hub: VnetIx) -> Option<VnetIx> {
        let offers =
            self.kind == LinkKind::Peering && self.half(Node::Vnet(hub)).is_some_and(|half| half.gateway_transit);
        let far = self.other(Node::Vnet(hub)).filter(|_| offers)?;
        self.half(far).is_some_and(|half| half.remote_gateways).then(|| far.vnet()).flatten()
    }

    /// The place of an end in `between` and `halves`.
    pub fn side(&self, node: Node) -> Option<usize> {
        self.between.iter().position(|end| *end == node)
    }

    /// The object at one end, whether it is there or not.
    pub fn half(&self, node: Node) -> Option<&Half> {
        self.side(node).map(|side| &self.halves[side])
    }

    /// Whether an object of it is at this end: what the rules about neighbours look at (B7, B8, B10).
    pub fn stands_at(&self, node: Node) -> bool {
        self.state != LinkState::Absent && self.half(node).is_some_and(|half| half.exists)
    }

    /// Whether nothing but one of two objects is there: it carries nothing, and yet it blocks (B8, B15).
    pub fn is_half(&self) -> bool {
        self.state.is_broken() && self.halves.iter().filter(|half| half.exists).count() == 1
    }

    /// The VNets at its ends.
    pub fn vnets(&self) -> impl Iterator<Item = VnetIx> + use<> {
        self.between.into_iter().filter_map(Node::vnet)
    }

    /// The state that follows from its objects, where it was `before` (B15, B35, B44).
    pub fn settled(&self, before: LinkState) -> LinkState {
        let there = self.halves.iter().filter(|half| half.exists).count();
        match (there, self.kind) {
            (0, _) => LinkState::Absent,
            (2, LinkKind::Vpn) if self.faults.wrong_key => LinkState::NotConnected,
            (2, _) if self.faults.stuck => LinkState::Pending,
            (2, _) => LinkState::Connected,
            (_, LinkKind::Peering) if matches!(before, LinkState::Absent | LinkState::Initiated) => {
                LinkState::Initiated
            }
            (_, LinkKind::Peering) => LinkState::Disconnected,
            _ => LinkState::NotConnected,
        }
    }
}
