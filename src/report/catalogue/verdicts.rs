//! The verdicts of reachability, explained.

use super::Meaning;
use crate::network::VerdictCode;

/// What a verdict means.
pub(super) fn meaning(code: VerdictCode) -> Meaning {
    use VerdictCode as Code;
    let (brief, meaning, helps, source) = match code {
        Code::Reachable => (
            "both ways work",
            "The packet arrives at the machine that was meant, and the answer comes back to the one that asked.",
            "Nothing is to be done.",
            "The reachability predicate (C.3).",
        ),
        Code::OneWay => (
            "the way there works, the way back does not",
            "The packet arrives, but the answer does not reach the one that asked. A conversation needs both ways.",
            "Look at the hops back: the first that goes elsewhere is the one to mend.",
            "The reachability predicate asks for both ways (C.3).",
        ),
        Code::NoRoute => (
            "no live route leads to the address",
            "No link in use brings the address to this network. On premises, a route may be missing or may point to a \
             link that was removed.",
            "Make the link, or point the site at the network that serves the address now: `route SITE PREFIX via VNET`.",
            "C1, C3 and C6; on premises the site's own routes decide (article, hybrid failover).",
        ),
        Code::Dropped => (
            "a None route drops the packet",
            "Every VNet drops packets for private ranges nobody brings to it, with a route whose next hop is None. So a \
             cut link does not send packets to the Internet, it makes them disappear.",
            "Connect the network with one that has the address.",
            "C1 and C2 (Virtual network traffic routing).",
        ),
        Code::Shadowed => (
            "the packet goes to another network with the same prefix",
            "Another network with the same prefix wins: a peering over a VPN, or the VNet's own address space. A machine \
             in the source VNet can therefore never reach one that failed over and kept its address.",
            "Remove the link that wins, or move the machine that asks as well.",
            "C8, C11 and B13; a VNet's own range always stays inside it (C.3).",
        ),
        Code::AnsweredByTwin => (
            "a machine with the same address answers instead",
            "The packet reaches a running machine with the address, but it is the other copy: the one left running in \
             the source region, or the one that failed over.",
            "Cut the link to the copy that should not serve, or shut that copy down.",
            "C.3 and D8; for an address that exists twice the chosen route decides who answers.",
        ),
        Code::NotTransitive => (
            "what arrives over one link is not sent on over another",
            "A chain of links leads there, but a VNet does not pass on what arrives over a peering or a VPN. Only its own \
             machines may use its links.",
            "Link the two networks directly.",
            "B16 for peering, B37 for VPN, B59 for ExpressRoute with VPN.",
        ),
        Code::AddressNotLive => (
            "nobody has that address now",
            "The packet reaches the right network, and no running machine holds the address there. Before a failover \
             the machines of a recovery VNet do not exist.",
            "Fail over the machine, or ask for the address it has now.",
            "A7 and D2: no machine exists in the recovery region before a failover.",
        ),
        Code::NoReturnRoute => (
            "the way back has no route",
            "The packet arrives, but the network of the answering machine has no live route to the one that asked.",
            "Link the answering network with the asking one, or give the site a route.",
            "C.3 asks for the route back as well.",
        ),
        Code::ReturnToTwin => (
            "the answer is delivered to a machine with the asker's address",
            "The packet arrives, and the answer goes to another machine that has the same address as the one that asked.",
            "Cut the link to the copy that should not serve, so that one machine has the address.",
            "C.3: each way is routed for itself, by address.",
        ),
        Code::GatewayTransitOff => (
            "a peering does not let a VNet use the gateway of its peer",
            "A VNet that is peered with one that has a gateway reaches what lies behind that gateway only if the one side \
             allows gateway transit and the other uses the remote gateway.",
            "Set both: `set-peering HUB SPOKE gateway-transit on`, then `set-peering SPOKE HUB remote-gateways on`. A site \
             also needs a route for the spoke: `route SITE PREFIX via HUB`.",
            "B17 and B21 (VPN gateway transit for virtual network peering).",
        ),
        Code::ForwardedTrafficOff => (
            "a peering does not let in what an appliance sends on",
            "What arrives over a peering is let in where it began in the peer. What an appliance in the peer sends on needs \
             forwarded traffic to be allowed. One page says that the setting only narrows the VirtualNetwork tag: \
             `[policy] forwarded-traffic-off = \"narrows-tag\"` models that.",
            "Allow it on the side that receives: `set-peering SPOKE HUB forwarded-traffic on`.",
            "B16 and B17 (modelled).",
        ),
        Code::HalfLink => (
            "one of the two objects of a link is missing",
            "A peering and a VNet-to-VNet connection are two objects, one at each side. With one of them missing the other \
             stays, carries nothing, and still counts for the overlap rules.",
            "Remove what is left and connect anew; a peering whose other half was deleted cannot be revived.",
            "B8, B15, B35 and B44.",
        ),
        Code::PrefixNotListed => (
            "the prefix list of a site's local network gateway does not name the address",
            "A VPN to a site carries only what its local network gateway lists, or what BGP brings. The site has the address, \
             and the list in the cloud does not know it.",
            "Add the range to `prefixes` of the link, or use BGP.",
            "B36 and B45.",
        ),
        Code::ApplianceMissing => (
            "the next hop of a route table takes nothing",
            "A route table sends the packet to an address where no running machine forwards, or that the VNet does not reach \
             directly. After a failover this happens when the appliance stayed behind or got another address.",
            "Fail the appliance over as well, correct the route table, or take it from the subnet: \
             `set-route-table VNET/SUBNET none`.",
            "C4, B16 and B57.",
        ),
        Code::NotPropagated => (
            "a route table keeps what gateways bring from its subnet",
            "Route propagation is switched off in the table, so its subnets do not learn what the VPN and ExpressRoute \
             gateways of the VNet know.",
            "Set `propagate = true` in the table, or take it from the subnet: `set-route-table VNET/SUBNET none`.",
            "C3 and B21.",
        ),
        Code::LinkPending => (
            "the link is still being made",
            "The route leads over a link that is not up yet. Peerings take seconds, VPN connections minutes, gateways up \
             to 45 minutes.",
            "Wait until the link is connected.",
            "B15, B35, F9, F11 and F12.",
        ),
        Code::Ambiguous => (
            "two live links claim one prefix",
            "Two links bring the same prefix and nothing says which is better, so where a packet goes is undefined.",
            "Disconnect one of the two.",
            "C10 and B58.5: two live connections for one address space lose packets.",
        ),
        Code::Loop => (
            "the packet goes in a circle",
            "The networks hand the packet to each other and none delivers it.",
            "Look at the hops: correct the route that sends it back.",
            "The reachability predicate (C.3).",
        ),
        Code::BlockedByNsg => (
            "a security rule drops the packet",
            "The route works, but a security group at one end refuses the traffic.",
            "Allow it in the security group; after a failover, check that the group was created there at all.",
            "C.4; Site Recovery copies no security groups (A15).",
        ),
        Code::RegionDown => (
            "a region on the way is down",
            "The machine asked, or the gateway on the way, is in a region that is down.",
            "Fail over what is down, and connect the network it runs in then.",
            "D18; a region that is down runs and forwards nothing.",
        ),
        Code::SourceNotRunning => (
            "the asking machine does not run",
            "The machine that should ask does not run, because its region is down.",
            "Fail it over, or ask from another machine.",
            "The reachability predicate begins with a running machine (C.3).",
        ),
    };
    Meaning { brief, meaning, helps, source }
}
