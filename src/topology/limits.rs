//! What gateways and circuits can hold, and which of them there are (A9, B4, B23, B30, B31, B39, B49 to B52; section J).

use super::overlap::Spaces;
use super::{Circuit, CircuitIx, Gateway, GatewayKind, Link, LinkKind, Node, Region, VnetIx};

/// Private addresses a VNet can hold (A9).
pub const ADDRESSES_PER_VNET: usize = 65_536;
/// Private addresses a VNet and its peers can hold together (A9).
pub const ADDRESSES_OF_PEERS: usize = 128_000;
/// Private addresses a NIC, and a VM, can hold (A9).
pub const ADDRESSES_PER_NIC: usize = 256;
/// VNets of one subscription in a region (B4).
pub const VNETS_PER_REGION: usize = 1000;
/// Subnets a VNet can hold (B4).
pub const SUBNETS_PER_VNET: usize = 3000;
/// Route tables of one subscription in a region (B4).
pub const ROUTE_TABLES: usize = 200;
/// Network security groups of one subscription in a region (B4).
pub const NSGS: usize = 5000;
/// Peerings a VNet can hold (B23).
pub const PEERINGS_PER_VNET: usize = 500;
/// Circuits of one peering location a VNet can hold (B50).
pub const CIRCUITS_OF_ONE_LOCATION: usize = 4;
/// Prefixes an ExpressRoute connection may advertise to the site (B52).
pub const PREFIXES_PER_CONNECTION: usize = 1000;
/// Prefixes a VPN gateway learns over one BGP session (B38).
pub const LEARNED_PREFIXES: usize = 4000;
/// The number a VPN gateway has where none is given (B39).
pub const DEFAULT_ASN: u32 = 65515;

/// Numbers Azure keeps for itself (B39).
const RESERVED_ASNS: [u32; 8] = [8074, 8075, 12076, DEFAULT_ASN, 65517, 65518, 65519, 65520];
/// The SKUs of VPN gateways (B30, B31).
const VPN_SKUS: [&str; 11] = [
    "VpnGw1AZ", "VpnGw2AZ", "VpnGw3AZ", "VpnGw4AZ", "VpnGw5AZ", "VpnGw1", "VpnGw2", "VpnGw3", "VpnGw4", "VpnGw5",
    "Basic",
];
/// The SKUs of ExpressRoute gateways (B50, B51).
const EXPRESSROUTE_SKUS: [&str; 7] =
    ["ErGw1AZ", "ErGw2AZ", "ErGw3AZ", "ErGwScale", "Standard", "HighPerformance", "UltraPerformance"];

/// The SKUs of a kind of gateway, the smallest that can still be created first.
pub fn skus(kind: GatewayKind) -> &'static [&'static str] {
    match kind {
        GatewayKind::Vpn => &VPN_SKUS,
        GatewayKind::Expressroute => &EXPRESSROUTE_SKUS,
    }
}

/// The SKU taken where none is named (B31, B32).
pub fn usual_sku(kind: GatewayKind) -> &'static str {
    skus(kind)[0]
}

/// Whether a SKU can no longer be created, and takes no change where it exists (B31, H23).
pub fn is_retired(sku: &str) -> bool {
    sku.starts_with("VpnGw") && !sku.ends_with("AZ")
}

/// Whether a number is one Azure keeps for itself; its own default is such a one for everybody else (B39).
pub fn is_reserved_asn(asn: u32) -> bool {
    RESERVED_ASNS.contains(&asn)
}

/// Whether a gateway is of the SKU that knows no BGP, no transit and no neighbour (B32).
pub fn is_basic(gateway: &Gateway) -> bool {
    gateway.kind == GatewayKind::Vpn && gateway.sku.as_deref() == Some("Basic")
}

/// Tunnels a VPN gateway can hold (B30); without a named SKU the figure of VpnGw1AZ.
pub fn tunnels(sku: Option<&str>) -> usize {
    match sku {
        Some("Basic") => 10,
        Some(sku) if sku.starts_with("VpnGw4") || sku.starts_with("VpnGw5") => 100,
        _ => 30,
    }
}

/// Circuits an ExpressRoute gateway can hold (B50); without a named SKU the figure of ErGw1AZ.
pub fn circuits(sku: Option<&str>) -> usize {
    match sku {
        Some("ErGw2AZ" | "HighPerformance") => 8,
        Some("ErGw3AZ" | "UltraPerformance" | "ErGwScale") => 16,
        _ => 4,
    }
}

/// Routes an ExpressRoute gateway can learn (B51); without a named SKU the figure of ErGw1AZ.
pub fn learned_routes(sku: Option<&str>) -> usize {
    match sku {
        Some("ErGw2AZ" | "ErGw3AZ" | "HighPerformance" | "UltraPerformance") => 9500,
        Some("ErGwScale") => 60_000,
        _ => 4000,
    }
}

/// VNets a circuit can carry (B49).
pub fn vnets_per_circuit(premium: bool) -> usize {
    if premium { 100 } else { 10 }
}

/// Prefixes a site may announce to a circuit (B52).
pub fn announced_prefixes(premium: bool) -> usize {
    if premium { 10_000 } else { 4000 }
}

/// Whether a GatewaySubnet is too small for a VPN and an ExpressRoute gateway side by side (B55); sixteen circuits need
/// a /26.
pub fn too_small_for_both(length: u8, sixteen_circuits: bool) -> bool {
    length > if sixteen_circuits { 26 } else { 27 }
}

/// The networks as whoever asks knows them: the loader those of the file, the world those of now.
pub trait Networks: Spaces {
    /// The gateways of a VNet.
    fn gateways(&self, vnet: VnetIx) -> &[Gateway];
    /// The region of a VNet.
    fn region(&self, vnet: VnetIx) -> &Region;
    /// What a network is called on the screen.
    fn title(&self, node: Node) -> &str;
    /// A circuit.
    fn circuit(&self, circuit: CircuitIx) -> &Circuit;
    /// The number of a network's device or VPN gateway, as far as it is known; a gateway without one has Azure's (B39).
    fn asn(&self, node: Node) -> Option<u32>;

    /// The gateway of a kind.
    fn gateway_of(&self, vnet: VnetIx, kind: GatewayKind) -> Option<&Gateway> {
        self.gateways(vnet).iter().find(|gateway| gateway.kind == kind)
    }
}

/// A limit that one more link breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excess {
    /// What is exceeded, in a sentence.
    pub message: String,
    /// The rule.
    pub rule: &'static str,
}

/// How many tunnels of the gateways at its ends a VPN takes: both instances of an active-active gateway have one to every
/// instance of the far side (B33, B41).
pub fn tunnels_of(networks: &impl Networks, link: &Link) -> usize {
    let instances = |vnet| {
        let gateway = networks.gateway_of(vnet, GatewayKind::Vpn);
        if gateway.is_some_and(|gateway| gateway.active_active) { 2 } else { 1 }
    };
    usize::try_from(link.tunnels).unwrap_or(usize::MAX).saturating_mul(link.vnets().map(instances).product::<usize>())
}

/// The first limit that `wanted` breaks beside `others`, the links that are there (B23, B30, B38, B49, B50, B52).
pub fn excess<'l>(
    networks: &impl Networks,
    others: impl Iterator<Item = &'l Link> + Clone,
    wanted: &Link,
) -> Option<Excess> {
    let over = |message: String, rule| Some(Excess { message, rule });
    for vnet in wanted.vnets() {
        let node = Node::Vnet(vnet);
        let title = networks.title(node);
        let here = others.clone().filter(|link| link.kind == wanted.kind && link.stands_at(node));
        match wanted.kind {
            LinkKind::Peering => {
                let used = here.count();
                if used >= PEERINGS_PER_VNET {
                    return over(format!("{title} holds {used} peerings, and {PEERINGS_PER_VNET} is the most"), "B23");
                }
            }
            LinkKind::Vpn => {
                let Some(gateway) = networks.gateway_of(vnet, GatewayKind::Vpn) else { continue };
                let used: usize = here.map(|link| tunnels_of(networks, link)).sum();
                let (most, more) = (tunnels(gateway.sku.as_deref()), tunnels_of(networks, wanted));
                let sku = gateway.sku.as_deref().unwrap_or("VpnGw1AZ, assumed");
                if used + more > most {
                    let needs = if more == 1 { String::new() } else { format!(", and the new link needs {more}") };
                    let message =
                        format!("the VPN gateway of {title} ({sku}) holds {used} of {most} tunnels already{needs}");
                    return over(message, "B30");
                }
            }
            LinkKind::Expressroute => {
                let Some(gateway) = networks.gateway_of(vnet, GatewayKind::Expressroute) else { continue };
                let (used, most) = (here.clone().count(), circuits(gateway.sku.as_deref()));
                let sku = gateway.sku.as_deref().unwrap_or("ErGw1AZ, assumed");
                if used >= most {
                    let message = format!(
                        "the ExpressRoute gateway of {title} ({sku}) holds {used} circuits, and {most} is the most"
                    );
                    return over(message, "B50");
                }
                let told = |link: &Link| link.other(node).map_or(0, |site| networks.space(site).len());
                let (learned, most) =
                    (here.clone().map(told).sum::<usize>() + told(wanted), learned_routes(gateway.sku.as_deref()));
                if learned > most {
                    let message = format!(
                        "the ExpressRoute gateway of {title} ({sku}) would learn {learned} routes, and {most} is the most"
                    );
                    return over(message, "B51");
                }
                let location = |link: &Link| networks.circuit(link.circuit?).location.clone();
                if let Some(wanted) = location(wanted) {
                    let same = here.filter(|link| location(link).as_ref() == Some(&wanted)).count();
                    if same >= CIRCUITS_OF_ONE_LOCATION {
                        let message = format!(
                            "{title} holds {same} circuits from {wanted}, and {CIRCUITS_OF_ONE_LOCATION} of one location is the most"
                        );
                        return over(message, "B50");
                    }
                }
            }
        }
    }
    match wanted.kind {
        LinkKind::Expressroute => circuit_excess(networks, others, wanted),
        LinkKind::Vpn if wanted.bgp => {
            let learned = wanted.between.iter().map(|node| networks.space(*node).len()).max().unwrap_or(0);
            let message = format!("a VPN gateway learns {LEARNED_PREFIXES} prefixes at most, and {learned} would come");
            if learned > LEARNED_PREFIXES { over(message, "B38") } else { None }
        }
        _ => None,
    }
}

/// The limits of the circuit of an ExpressRoute link (B49, B52).
fn circuit_excess<'l>(
    networks: &impl Networks,
    others: impl Iterator<Item = &'l Link>,
    wanted: &Link,
) -> Option<Excess> {
    let site = wanted.between.into_iter().find(|node| node.site().is_some())?;
    let circuit = wanted.circuit.map(|circuit| networks.circuit(circuit));
    let premium = circuit.is_some_and(|circuit| circuit.premium);
    let sku = if premium { "Premium" } else { "Standard" };
    let name = match circuit {
        Some(circuit) => circuit.title.clone(),
        None => format!("the circuit of {}", networks.title(site)),
    };
    let on_it = others.filter(|link| {
        link.kind == LinkKind::Expressroute
            && link.circuit == wanted.circuit
            && (wanted.circuit.is_some() || link.other(site).is_some())
    });
    let (used, most) = (on_it.count(), vnets_per_circuit(premium));
    if used >= most {
        let message = format!("{name} carries {used} VNets, and a {sku} circuit takes {most}");
        return Some(Excess { message, rule: "B49" });
    }
    let sent: usize = wanted.vnets().map(|vnet| networks.space(Node::Vnet(vnet)).len()).sum();
    if sent > PREFIXES_PER_CONNECTION {
        let message =
            format!("the VNet has {sent} prefixes; a connection with more than {PREFIXES_PER_CONNECTION} drops");
        return Some(Excess { message, rule: "B52" });
    }
    let (announced, most) = (networks.space(site).len(), announced_prefixes(premium));
    (announced > most).then(|| Excess {
        message: format!("{} has {announced} prefixes; a {sku} circuit takes {most}", networks.title(site)),
        rule: "B52",
    })
}
