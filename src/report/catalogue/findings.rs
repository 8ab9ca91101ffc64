//! The codes of findings, explained.

use super::Meaning;
use crate::topology::FindingCode;

/// What a finding means.
pub(super) fn meaning(code: FindingCode) -> Meaning {
    use FindingCode as Code;
    let (brief, meaning, helps, source) = match code {
        Code::Syntax => (
            "the file is no topology: TOML does not parse, or a value is of the wrong shape",
            "The file is not valid TOML, or a value is not of the kind its key takes, a number for a text for example.",
            "Correct the line that is shown.",
            "The topology file (README, or `failscope schema`).",
        ),
        Code::UnknownKey => (
            "a key the format does not know",
            "The table has no such key. It is an error so that a misspelled key is never ignored in silence.",
            "Use the nearest key the message names, or remove the line.",
            "The topology file (`failscope schema` lists every key).",
        ),
        Code::MissingKey => (
            "a required key is missing",
            "The table needs a key that is not there. A topology needs at least a format, a title, one region and one VNet.",
            "Add the key.",
            "The topology file (`failscope schema` lists what is required).",
        ),
        Code::UnknownId => (
            "a name that nothing declares",
            "The file refers to a region, VNet, subnet, site, app, VM or circuit that it does not declare.",
            "Correct the name, or declare what it names.",
            "The topology file: every name is an id the file declares.",
        ),
        Code::InvalidId => (
            "a name declared twice, or not spelled as ids are",
            "Ids are written in small letters, digits and hyphens. Apps, VMs and sites share one space of names, and so \
             do VNets and sites.",
            "Rename one of the two, or spell it with `a-z`, `0-9` and `-`.",
            "The topology file: ids.",
        ),
        Code::InvalidPrefix => (
            "a prefix that does not parse, has host bits set, or that Azure refuses",
            "An address range is written like 10.1.0.0/16, with only zeros behind its length. Azure does not accept \
             multicast, loopback, link-local and a few other ranges.",
            "Write the prefix the message suggests, or choose a private range.",
            "A2 and A3 (Virtual network FAQ).",
        ),
        Code::InvalidSubnet => (
            "a subnet outside its VNet or overlapping a sibling",
            "A subnet lies inside the address space of its VNet, and two subnets of one VNet share no address.",
            "Move or resize the subnet, or extend the address space.",
            "A4 (Virtual network FAQ).",
        ),
        Code::InvalidAddress => (
            "a VM address outside its subnet, reserved or taken twice",
            "The address cannot be the machine's: it is not in the subnet, Azure keeps it to itself, or another machine \
             has it.",
            "Choose a free address, from the fifth of the subnet on.",
            "A1, A5 and A25.",
        ),
        Code::InvalidLink => (
            "a link that cannot exist",
            "The rules refuse this link: its ends overlap, an end already has a neighbour with that address space, a \
             gateway is missing, or both ends are the same.",
            "Give it `state = \"absent\"` if it is only planned, or correct its ends, its kind or the gateways.",
            "B5 to B12, B28 and B35; the same rules as for `connect`.",
        ),
        Code::InvalidTwin => (
            "`recovers` of itself, in a circle, within one region, or twice in one",
            "A recovery VNet recovers a VNet of another region, and a VNet has one failover network per region.",
            "Correct `recovers`.",
            "A12 (Azure PowerShell for Site Recovery).",
        ),
        Code::InvalidValue => (
            "a value outside what is allowed",
            "The value is of the right kind but not one of those the key takes.",
            "Use one of the values the message names.",
            "The topology file (`failscope schema` lists the values).",
        ),
        Code::InvalidCommand => (
            "a command in a plan that does not parse",
            "A plan of the file holds a line that is no command.",
            "Write the command as the message shows it.",
            "The command language of Failscope.",
        ),
        Code::SubnetNameMismatch => (
            "the failover network lacks the subnet a VM needs",
            "Site Recovery looks for a subnet of the same name, never of the same range. Without one the machine goes to \
             the alphabetically first subnet, where it usually gets another address.",
            "Give the recovery VNet subnets of the same names, or set a target subnet for the machine.",
            "A13 (Azure to Azure network mapping).",
        ),
        Code::DynamicAddress => (
            "a dynamic address is only kept by luck",
            "The machine's address was chosen by Azure. Documents disagree whether a failover keeps such an address; here \
             it is kept where it is free.",
            "Pin it with `set-ip VM IP` before the failover, or set a target address.",
            "A23; the policy `dynamic-source` decides.",
        ),
        Code::AddressLost => (
            "a VM will get, or has got, another address than it had",
            "The address is not free in the target subnet or does not lie in its range, so the machine gets the next \
             available one. Everything that knows the old address has to learn the new one.",
            "Free the address or use a target subnet of the same range; else update DNS and configurations.",
            "A19 and A20; table A.7.",
        ),
        Code::AddressTaken => (
            "the address a VM shall get is taken",
            "Someone holds the address in the target subnet. Nobody can reserve an address for a machine that does not \
             exist yet, so this can happen at any time before the failover.",
            "Free the address, or set another target, and verify the targets again.",
            "A7 and A26; table A.7 rows 2 and 5.",
        ),
        Code::SubnetFull => (
            "no address was free for a VM, so it stayed where it is",
            "The target subnet has no free address left. The other machines failed over, this one did not.",
            "Use a larger subnet, or set a target in another one with `set-target`, and fail it over again.",
            "A27; table A.7 row 11.",
        ),
        Code::SubnetTrap => (
            "a subnet moves away from its siblings and its twin cannot be joined",
            "Machines that keep their addresses leave a VNet whose other machines stay. The two halves have the same \
             address space, so no link can join them, and neighbours can only be joined with one of the two.",
            "Put each app in a VNet of its own, fail over the whole VNet, or use other target addresses.",
            "The article on isolated app failover; overlap rules B5 to B12.",
        ),
        Code::LeftBehind => (
            "something the scope needs stays behind",
            "A machine that the moved ones must talk to stays in the source region or is not replicated.",
            "Fail it over too, or make sure a link joins both places after the failover.",
            "The needs of the topology, judged after every step (C.3).",
        ),
        Code::NeedNotMet => (
            "a need that is not met at the end of the plan",
            "Two parties that must talk cannot do so when the plan is done.",
            "Ask `failscope reach TOPOLOGY --from A --to B`: it names the first broken hop and the command that mends it.",
            "The needs of the topology, judged after every step (C.3).",
        ),
        Code::GatewayMissing => (
            "a gateway the plan has to create first",
            "A VNet that has to be linked has no gateway. Site Recovery creates none, so the plan does, and that takes up \
             to 45 minutes.",
            "Create the gateway ahead of time to shorten the recovery time, or use peering.",
            "A15, B28 and F9; the article provisions gateways before the failover.",
        ),
        Code::Shadowed => (
            "peering over a VPN with the same prefix shadows the VPN",
            "The peering is accepted although a VPN brings the same addresses, and then all packets take the peering. The \
             network behind the VPN is unreachable.",
            "Disconnect the VPN, or the peering if the network behind the VPN shall stay.",
            "B13, C8 and C11.",
        ),
        Code::LearnedTwice => (
            "a VNet learns a prefix by BGP that another network brings it too",
            "The rules for links look at the networks at their ends, so a prefix that comes by BGP from beyond a neighbour is \
             no obstacle. Then two networks bring one prefix, and only one of them is reached: the peering, then \
             ExpressRoute, then the one whose announcement passed fewer gateways.",
            "Disconnect the link that leads to the network that shall not be reached, or take BGP from the way to it.",
            "C8, C10 and B38; modelled, because the documents do not say that such a link is refused.",
        ),
        Code::TwinRunning => (
            "a source VM and its failed-over copy both run",
            "The source machine was not shut down and runs beside its copy, with the same identity. Which one answers \
             depends on the links.",
            "Shut the source machine down, and cut the links to its network at once.",
            "D8, D18 and B58.5.",
        ),
        Code::NotVerified => (
            "target addresses were assigned but not verified since",
            "The targets were set, and nobody checked since then that the addresses are still free.",
            "Run `verify-targets SCOPE` shortly before the failover.",
            "The article assigns and verifies target addresses; A7 says why.",
        ),
        Code::RegionDown => (
            "a step cannot be done while a region is down",
            "The plan needs something that exists only in a region that is down, so this step has to wait.",
            "Do the step when the region is back, or leave it out.",
            "B58.4 and D18.",
        ),
        Code::StepRefused => (
            "a step of the design that the rules refuse; it was left out of the plan",
            "Like for like, this link should be made, but the rules refuse it in the state the plan leads to.",
            "Read why in the message; usually a network that still stands in the source region is in the way.",
            "The article's like-for-like connection model; overlap rules B5 to B12.",
        ),
        Code::NoSubnet => (
            "a VNet that no VM could use",
            "The VNet has no subnet for machines; the subnet of the gateways takes none.",
            "Add a subnet.",
            "B28; a machine lives in a subnet (A13).",
        ),
        Code::SmallGatewaySubnet => (
            "a `GatewaySubnet` smaller than Azure recommends",
            "The subnet of the gateways works from a /29 on, but Azure recommends a /27 or larger: VPN and ExpressRoute \
             together need it.",
            "Make it a /27, or leave it out: it is then made for you.",
            "B28 and B55 (VPN gateway settings).",
        ),
        Code::SupersetPrefix => (
            "a site prefix that contains the VNet's space",
            "The site announces a range that contains the whole VNet. This works because the longer prefix wins, but \
             documents disagree whether it is allowed.",
            "Announce narrower prefixes on premises.",
            "B11 and C6.",
        ),
        Code::NoFailoverNetwork => (
            "a VM is marked protected but its VNet has no failover network",
            "No VNet recovers the one the machine lives in, so a failover would not know where to put it.",
            "Add a VNet with `recovers`, set a `target`, or leave `protected` out.",
            "A10 and A11.",
        ),
        Code::GatewayTooSmall => (
            "a `GatewaySubnet` in which two gateways cannot stand side by side",
            "A VPN and an ExpressRoute gateway in one VNet need a `GatewaySubnet` of a /27 or larger. A smaller one means \
             deleting the first gateway and creating it anew.",
            "Give the subnet of the gateways a /27.",
            "B55 (ExpressRoute and VPN coexistence).",
        ),
        Code::SameBgpPeer => (
            "two gateways that speak BGP from one address",
            "A gateway speaks BGP from the last usable address of its `GatewaySubnet`. Identical subnets give the source and \
             the recovery gateway the same address, so a site cannot hold both as neighbours. This is modelled.",
            "Use another range for one of the two, or plan to replace the neighbour on premises at the cut-over.",
            "B40, H24 and INV-10.",
        ),
        Code::RouteTableMissing => (
            "a target subnet without the route table its source has",
            "Site Recovery makes no route tables. Machines that land in a subnet without one use the system routes, so what \
             an appliance inspected before goes past it or nowhere.",
            "Give the target subnet a route table with next hops of that side: `set-route-table V/S TABLE`.",
            "A15 (Site Recovery support matrix).",
        ),
        Code::NextHopMissing => (
            "a route to an appliance that is not there after a failover",
            "A route of the target subnet sends to an address that no forwarding machine has there, or in a network joined \
             to it, when the failover is done.",
            "Put an appliance with that address on the recovery side, protect the one there is, or use another table.",
            "H20 and C4.",
        ),
        Code::SecurityGroupMissing => (
            "a target subnet without the security group its source has",
            "Site Recovery makes no network security groups. Machines that land in a subnet without one are reachable from \
             everything that can route to them.",
            "Give the target subnet a security group: `set-nsg V/S NSG`.",
            "A15 and C17.",
        ),
        Code::NicOrder => (
            "a machine of several NICs, whose order may change",
            "Site Recovery makes every NIC anew and promises no order. A guest that binds its services to the first NIC may \
             find itself on another network.",
            "Bind services to addresses, not to the order of the NICs.",
            "A17 and H21 (Site Recovery support matrix).",
        ),
        Code::CircuitOrder => (
            "source and recovery share one circuit, so the order is forced",
            "Two VNets of one address space cannot be on one circuit: the old connection must go before the new one is made, \
             and while the source region is down it may not be possible to remove it.",
            "A second circuit at another location can be connected beforehand.",
            "B12, B58.3 and B58.4 (ExpressRoute with Site Recovery).",
        ),
        Code::NotLikeForLike => (
            "a link of another kind than the one it replaces",
            "The new link is of another kind than the one it stands for. Limits, performance and price differ, and so \
             may what is reachable.",
            "Use the same kind where you can: `connect A B by KIND`.",
            "The article's like-for-like connection model (F20).",
        ),
        Code::CleanUpOwed => (
            "a test failover was not cleaned up",
            "Copies of machines that a test failover started are still there. They cost money, hold addresses, and block a \
             second test; in the failover network a real failover finds its addresses taken.",
            "`clean-up SCOPE`, or `clean-up vnet V` for the test network.",
            "D12 and A35.",
        ),
        Code::GroupHeldBack => (
            "a member of a multi-VM group stayed because another could not move",
            "The machines of a multi-VM group fail over together or not at all. One of them found no address, so none of \
             them moved.",
            "Mend what holds up the one machine, and fail over again.",
            "D5 (multi-VM consistency).",
        ),
        Code::DataLoss => (
            "a machine was started from an older recovery point",
            "Crash-consistent points are made every five minutes and app-consistent ones every hour at most, so what was \
             written since then is lost. `latest` loses the least, because it processes first what is pending.",
            "`change-point SCOPE latest` until the commit; the commit deletes all points.",
            "D4, D7 and D11.",
        ),
        Code::AddressHeld => (
            "a NIC that nothing needs any more still holds an address",
            "Under the policy `recovery-side-cleaned-after-failback = false` the machines and NICs of the recovery side stay \
             after a failback. An address stays with its NIC until the NIC is deleted, so the next failover cannot have it.",
            "`release VNET/SUBNET IP` deletes the NIC.",
            "A39 (documents disagree) and A6.",
        ),
        Code::AddressNotCarried => (
            "a secondary or IPv6 address was not carried",
            "Only the first address of a NIC is carried by itself. A secondary one has to be selected with an address of its \
             own for the failover, and IPv6 is not carried at all.",
            "Give the secondary address a `target` in the file.",
            "A28, A27, rows 21 and 23 of A.7.",
        ),
        Code::GatewaySubnetRules => (
            "the subnet of the gateways has what Azure refuses there",
            "The GatewaySubnet takes no security group and no route for 0.0.0.0/0, and its route table must learn what the \
             gateways learn.",
            "Take the group or the route table from the GatewaySubnet.",
            "B28 (VPN gateway FAQ, virtual network traffic routing).",
        ),
        Code::DeadNextHop => (
            "a route of a table sends packets where nothing takes them",
            "An appliance must be a machine that forwards, in the same VNet or in one that is peered with it. The gateway as \
             next hop means a VPN gateway, never ExpressRoute, and not where both are.",
            "Correct the address, mark the machine with `forwards = true`, or take the route out.",
            "C4 and B57 (virtual network traffic routing).",
        ),
        Code::RtoMissed => (
            "recovery takes longer than it may",
            "From the disaster on, finding out, deciding, the plan and making sure take longer than the target of the \
             file, for everything or for an app; or the machines alone take longer than the hour Site Recovery promises.",
            "Create gateways beforehand, make links while the machines move, use peering, or put fewer steps behind one \
             another: `failscope compare` shows what each saves. Give measured durations in `[timing]`.",
            "F23 and F1; the target is `rto` in `[objective]` and in an app.",
        ),
        Code::PlanLimit => (
            "a plan of the file with more groups or machines than Azure allows",
            "A recovery plan holds at most 7 groups and 100 machines.",
            "Put machines that may start together in one group, or split the plan: one may follow the other.",
            "E1 and E2 (recovery plan overview).",
        ),
        Code::PlanMembers => (
            "machines that cannot be in one plan so",
            "A machine belongs to one group of a plan, and all machines of a plan go from one region to one region.",
            "Take the machine out of one of the groups, or make a plan for each pair of regions.",
            "E1 and E3 (creating recovery plans).",
        ),
        Code::PlanOrder => (
            "a link made before the one it replaces is cut",
            "The neighbour would reach the same addresses by two networks; the link is refused, or shadows the other.",
            "Put the `disconnect` first, enabled for the same failovers as the `connect`.",
            "E13; overlap rules B7 to B12.",
        ),
        Code::PlanTest => (
            "a step that touches links of production, enabled for test failover",
            "A drill must not cut what production uses. Nothing runs when it is cleaned up, so its links stay as well.",
            "Say `types = [\"failover\"]` for the step or its group.",
            "E9 and E13.",
        ),
        Code::PlanPhase => (
            "a step in a part of the plan where it cannot work",
            "Machines move in the groups themselves, not in the actions around them, and target addresses can only be \
             set and verified before the machines move.",
            "Put machines under `do`, and what prepares them before.",
            "E5 and E6; the article assigns and verifies before the failover.",
        ),
        Code::PlanEmpty => (
            "a plan, or a group of one, in which nothing is done",
            "None of the lists `before`, `do` and `after` holds a command, so the part passes without doing anything. \
             Mostly a step was forgotten.",
            "Give the group a command, or take it out of the file.",
            "E1 (recovery plan overview).",
        ),
        Code::StaleDns => (
            "a name leads to an address its machine no longer has",
            "DNS still answers with the address of the start. Where addresses are kept that does no harm; where they \
             changed, clients find nobody or somebody else.",
            "Keep addresses, or change DNS with the failover: `refresh-dns NAME`.",
            "H19; an exercise brings it with `stale-dns NAME`.",
        ),
        Code::RetiredSku => (
            "a gateway SKU that can no longer be created",
            "VPN gateways without AZ in their SKU cannot be created since November 2025. One that is there works on, but \
             it takes no change until it is migrated, so a plan that edits it fails.",
            "Migrate it to the AZ SKU of the same size before you rely on it.",
            "Gateway SKU consolidation (B31, H23).",
        ),
        Code::OverLimit => (
            "more of something than Azure allows",
            "The file has more peerings, tunnels, circuits, VNets on a circuit or prefixes than Azure allows, so it cannot \
             be built as it stands.",
            "Use fewer, or a larger gateway or a Premium circuit.",
            "Limits B23, B30, B38, B49, B50 and B52.",
        ),
        Code::Nat => (
            "a VPN gateway that translates addresses",
            "The site sees translated addresses instead of those of the machines. Keeping an address at failover then \
             gains the site nothing. Routes here are those without translation (modelled).",
            "Give site and VNet address spaces that do not overlap, so that no translation is needed.",
            "B42; VPN gateway NAT.",
        ),
        Code::HalfLink => (
            "one half of a link is there without the other",
            "A link has two objects, and only one of them is there. It carries nothing, and until it is removed it blocks \
             other links as a whole one would.",
            "Remove what is left with `disconnect A B`, then connect again, or make the missing half with `connect-half`.",
            "B8, B15, B35 and B44.",
        ),
        Code::WrongKey => (
            "the two objects of a VPN have different keys",
            "Both connection objects are there, but their shared keys differ, so the tunnel does not come up.",
            "`repair-link A B`, or disconnect and connect again.",
            "B35; the status names are B44.",
        ),
        Code::Faulty => (
            "something a link needs does not work",
            "A gateway is broken, a circuit is down, or the link itself is stuck or comes and goes. The objects are there, \
             and yet nothing gets through.",
            "The message names what repairs it; or take another way, if there is one.",
            "Injected faults of a drill; what carries traffic follows from B15, B28 and B48.",
        ),
        Code::LiveTwice => (
            "a site is joined to a VNet and to where its machines went",
            "Two live connections bring the site one address space: that of the source VNet, whose machines went away, and \
             that of the VNet they went to. Packets are lost.",
            "Remove the connection of the source VNet at once.",
            "B58.5; disaster recovery with ExpressRoute.",
        ),
        Code::AccessOff => (
            "a peering without access, and nothing that filters",
            "Without access the peer is no part of the tag `VirtualNetwork`, so the default rules of a security group do \
             not let it in. A subnet without a group has no such rules: packets pass there.",
            "Give the subnets a security group, or remove the peering where nothing shall pass.",
            "B17, C15 and INV-7 (modelled).",
        ),
        Code::BgpLost => (
            "a link loses the BGP that the one it replaces has",
            "The gateways at its ends cannot speak BGP with one another: one is Basic, which knows none, or both have one \
             number. The link comes up without BGP, and what was learned from beyond its ends is lost.",
            "Make the gateway anew with another SKU or number (`delete-gateway`, `create-gateway ... asn N`), before the \
             failover.",
            "B30, B32, B37 to B39 and INV-10.",
        ),
        Code::SmallerGateway => (
            "a recovery gateway is smaller than that of its source",
            "Its SKU holds fewer tunnels or circuits, passes less, or knows less than the one it stands in for.",
            "Make it anew with the SKU of the source before the failover; it takes as long as any gateway.",
            "B30, B32, B50 and B51; INV-6.",
        ),
        Code::PrefixTwice => (
            "a site learns one prefix from two hubs",
            "Two VNets of one space use the gateways of two hubs, and both hubs are joined to the site over one circuit or \
             one device. Azure refuses no peering for that, but the site has the prefix twice and cannot tell which is \
             meant; what it sends there is ambiguous.",
            "Take one of the two from its hub with `disconnect`, or join the hubs over two circuits and route at the site.",
            "B12, B52 and INV-1 (modelled); with two circuits B58.7.",
        ),
        Code::HubFails => (
            "a hub fails with its region",
            "A network of the region hangs on a hub of the same region that is not failed over: its gateway, its firewall, \
             its shared services. When the region fails the hub is gone, so a link to it is not repeated.",
            "Have a hub on the recovery side: join the failover network to it, let it use the gateway there, and re-route \
             the sites.",
            "INV-11 and D18; one hub per side as in G.4, re-routing as in H-FULL step 4.",
        ),
        Code::RegionDegraded => (
            "the control plane of a region does not answer",
            "What runs in the region goes on, but nothing in it can be created, changed or deleted.",
            "Wait, or work from the other side: a link can be removed from its healthy side. `restore R` ends it.",
            "D18 and B58.4 (modelled).",
        ),
    };
    Meaning { brief, meaning, helps, source }
}
