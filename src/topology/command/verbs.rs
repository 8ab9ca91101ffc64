//! The table of verbs: how each is written and what it does.

/// A verb of the command language with how it is written and what it does; prompts, help and errors read this table.
#[derive(Debug, Clone, Copy)]
pub struct Verb {
    /// The word.
    pub word: &'static str,
    /// What follows the word.
    pub arguments: &'static str,
    /// What it does.
    pub does: &'static str,
}

pub(super) const fn verb(word: &'static str, arguments: &'static str, does: &'static str) -> Verb {
    Verb { word, arguments, does }
}

/// How a scope is written.
pub(super) const SCOPE: &str = "region R | app X | vnet V | subnet V/S | vm M";

/// Every verb, in the order of the documentation.
pub const VERBS: &[Verb] = &[
    verb("connect", "A B [by vpn|peering|expressroute] [over CIRCUIT] [with bgp]", "make the link, both of its halves"),
    verb("disconnect", "A B [by vpn|peering|expressroute] [over CIRCUIT]", "remove the link"),
    verb("connect-half", "V PEER [by vpn|peering]", "make the object of one side only"),
    verb("disconnect-half", "V PEER [by vpn|peering]", "remove the object of one side only"),
    verb(
        "set-peering",
        "V PEER access|forwarded-traffic|gateway-transit|remote-gateways on|off",
        "change one half of a peering",
    ),
    verb(
        "fail-over",
        "region R | app X | vnet V | subnet V/S | vm M [without shutdown] [at POINT]",
        "fail over the protected VMs of a scope",
    ),
    verb("test-fail-over", "region R | app X | vnet V | subnet V/S | vm M into V", "start test copies in a network"),
    verb("clean-up", "region R | app X | vnet V | subnet V/S | vm M", "delete the test copies"),
    verb(
        "commit",
        "region R | app X | vnet V | subnet V/S | vm M",
        "accept a failover; its recovery points are gone then",
    ),
    verb(
        "change-point",
        "region R | app X | vnet V | subnet V/S | vm M latest|latest-processed|latest-app-consistent",
        "start failed-over VMs from another recovery point",
    ),
    verb("re-protect", "region R | app X | vnet V | subnet V/S | vm M", "replicate committed VMs back"),
    verb("fail-back", "region R | app X | vnet V | subnet V/S | vm M", "fail re-protected VMs back"),
    verb("protect", "region R | app X | vnet V | subnet V/S | vm M [into V]", "start replication"),
    verb("unprotect", "region R | app X | vnet V | subnet V/S | vm M", "stop replication"),
    verb("create-gateway", "V vpn|expressroute [sku SKU] [asn NUMBER]", "create a gateway"),
    verb("delete-gateway", "V vpn|expressroute", "delete a gateway"),
    verb(
        "set-target",
        "VM [nic NAME | secondary IP] [SUBNET | VNET/SUBNET] [IP]",
        "assign where a VM goes and which address it, a further NIC or a secondary address gets",
    ),
    verb("set-test-target", "VM [SUBNET | VNET/SUBNET] [IP]", "the same for test failovers"),
    verb(
        "verify-targets",
        "region R | app X | vnet V | subnet V/S | vm M",
        "check target addresses against what is free",
    ),
    verb("set-ip", "VM IP|dynamic", "change the address of a source VM"),
    verb("route", "SITE PREFIX via V", "point a site's route at a VNet"),
    verb("unroute", "SITE PREFIX", "remove a site's route"),
    verb("set-route-table", "V/S TABLE|none", "give a subnet a route table"),
    verb("set-nsg", "V/S NSG|none", "give a subnet a network security group"),
    verb("outage", "R", "a region goes down"),
    verb("restore", "R", "a region comes back"),
    verb("occupy", "V/S IP", "someone else takes an address"),
    verb("release", "V/S IP", "someone else gives an address back"),
    verb("wait", "DURATION", "time passes"),
    verb("create-vnet", "V in R [PREFIX…] [recovers W]", "a VNet comes, with the subnets of the VNet it recovers"),
    verb("create-subnet", "V/S PREFIX", "a subnet comes"),
    verb("plan-add", "PLAN GROUP before|do|after COMMAND…", "add a step to a plan, which is made where it is missing"),
    verb("plan-remove", "PLAN GROUP COMMAND…", "take a step out of a plan"),
    verb("manual", "TEXT…", "a person confirms something"),
    verb("run", "PLAN", "the commands of a plan, in order"),
    verb("degrade", "R", "the control plane of a region stops answering"),
    verb("break-gateway", "V", "the gateways of a VNet stop working"),
    verb("slow-gateway", "V", "the gateway being made takes twice as long"),
    verb("repair-gateway", "V", "the gateways of a VNet work again"),
    verb("flap-link", "A B", "a link comes and goes"),
    verb("stick-link", "A B", "a link stays in the making"),
    verb("wrong-key", "A B", "the two keys of a VPN differ"),
    verb("half-peering", "A B", "the half at B is gone"),
    verb("refuse-disconnect", "A B", "removing a link fails"),
    verb("repair-link", "A B", "a link works again"),
    verb("circuit-down", "CIRCUIT", "an ExpressRoute circuit fails"),
    verb("circuit-up", "CIRCUIT", "an ExpressRoute circuit works again"),
    verb("fill-subnet", "V/S", "others take every free address"),
    verb("rename-subnet", "V/S NAME", "a subnet gets another name"),
    verb("add-vm", "VM V/S", "a VM comes that nobody protects"),
    verb("delete-source", "VM", "someone deletes the source machine by hand"),
    verb("lag", "APP MINUTES", "replication falls behind"),
    verb("capacity-short", "SKU", "no gateway of a SKU can be created"),
    verb("return-source", "V", "source machines of a VNet start again"),
    verb("leave-test", "region R | app X | vnet V | subnet V/S | vm M", "a test failover is left behind"),
    verb("block", "V/S", "a security rule drops what comes in"),
    verb("unblock", "V/S", "the security rule is gone"),
    verb("stale-route", "SITE PREFIX", "a site's route points where it did at the start"),
    verb("stale-dns", "NAME", "a name still leads to the old address"),
    verb("refresh-dns", "NAME", "a name leads to today's address again"),
    verb("fail-script", "COMMAND…", "a command fails until it is repaired"),
    verb("repair-script", "COMMAND…", "a command runs as usual again"),
    verb("person-away", "ROLE…", "somebody is away"),
    verb("executive-asks", "TEXT…", "somebody asks"),
    verb("false-alarm", "TEXT…", "an alarm that means nothing"),
];

/// The words a scope begins with.
pub const SCOPES: [&str; 5] = ["region", "app", "vnet", "subnet", "vm"];
