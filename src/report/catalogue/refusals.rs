//! The codes of refused commands, explained.

use super::Meaning;
use crate::world::RefusalCode;

/// What a refusal means.
pub(super) fn meaning(code: RefusalCode) -> Meaning {
    use RefusalCode as Code;
    let (brief, meaning, helps, source) = match code {
        Code::UnknownId => (
            "a name that nothing in the topology has",
            "The command names a network, VM, app, region, site, circuit or plan that the topology does not have.",
            "Look at the nearest name in the message; `failscope show` draws every name there is.",
            "The topology file: a name is an id that the file declares.",
        ),
        Code::Syntax => (
            "the text is no command, or names too little to be one",
            "The text cannot be read as a command, or it leaves open which link is meant. Two kinds of link between the \
             same networks, for example, have to be told apart with `by vpn` or `by peering`.",
            "Write the command as the message shows it.",
            "The command language of Failscope.",
        ),
        Code::AlreadyConnected => (
            "the link is there already",
            "A link of this kind joins the two networks already. There is one link for each pair of networks and kind.",
            "Nothing is to be done, unless you meant another kind of link or another circuit.",
            "Peerings and connections are pairs of objects, one for each pair of networks (B15, B35).",
        ),
        Code::NotConnected => (
            "there is no such link",
            "The command needs a link between the two networks, and none is there. A site can only be pointed at a \
             network it has a live link to.",
            "Make the link first with `connect A B`, or check the names.",
            "A connection that does not exist cannot be removed or used (B15, B44).",
        ),
        Code::Overlap => (
            "the two ends share address space",
            "The two networks contain the same addresses, so no link can join them. A source VNet and its recovery VNet \
             are made identical so that machines keep their addresses, and that is why they can never be joined.",
            "Join both to a third network instead, one after the other: disconnect the source VNet, then connect the \
             recovery VNet.",
            "Peering and VPN refuse overlapping address spaces (B5, B6, B9, B10; Virtual network FAQ).",
        ),
        Code::OverlapNeighbour => (
            "an end already has a neighbour with that address space",
            "One of the two networks already reaches these addresses through another neighbour, which the message names. \
             Azure refuses a second one, because it could not know where to send a packet.",
            "Disconnect the neighbour the message names, then connect.",
            "B7 and B9 for VNets, B10 and B12 for sites and circuits; the article says: disconnect before you connect.",
        ),
        Code::NoGateway => (
            "an end lacks the gateway the link needs",
            "A VPN needs a VPN gateway in each VNet it joins, and ExpressRoute needs an ExpressRoute gateway. Site \
             Recovery never creates one, and it takes up to 45 minutes.",
            "Create it with `create-gateway VNET vpn` well before it is needed, or use peering, which needs none.",
            "B28, B29 and A15; VPN gateway settings (F9).",
        ),
        Code::GatewayBuilding => (
            "the gateway is still being created",
            "The gateway exists but is not ready. Connections can be made once it is provisioned completely.",
            "Wait until it is ready; before a failover, create gateways ahead of time.",
            "Both gateways must be provisioned before connections can be made (B35, F9).",
        ),
        Code::GatewayInUse => (
            "the gateway still carries a link",
            "A gateway can be deleted only after all of its connections are deleted.",
            "Disconnect the links the message names first.",
            "VPN gateway reference (B43).",
        ),
        Code::WrongKind => (
            "no link of that kind can join the two ends",
            "The kind of link does not fit the two networks. Peering joins two VNets, ExpressRoute joins a VNet and a \
             site, and a network is never joined to itself.",
            "Leave the kind out, or name one that fits.",
            "The link capability matrix (B.7), with B14, B35 and B48.",
        ),
        Code::NotProtected => (
            "Site Recovery does not replicate what should fail over",
            "None of the machines in the scope is replicated, so there is nothing to fail over to.",
            "Protect them ahead of time, or choose a scope that holds protected machines.",
            "A failover needs a machine that is protected (D3, D.2).",
        ),
        Code::NotFailedOver => (
            "what should go on from a failover has not failed over",
            "The step continues a failover, and the machines still serve where they did before.",
            "Fail over first with `fail-over SCOPE`.",
            "The life cycle of a replicated machine (D11, D.2).",
        ),
        Code::AlreadyFailedOver => (
            "everything in the scope failed over before",
            "All machines of the scope already run in the recovery region, so there is nothing left to move.",
            "Nothing is to be done; undo the failover if you want to try another order.",
            "The life cycle of a replicated machine (D11, D.2).",
        ),
        Code::NotCommitted => (
            "the failover was not committed",
            "Re-protect needs a committed failover; until then the recovery point can still be changed.",
            "Commit the failover first.",
            "Re-protect preconditions (D11, D13).",
        ),
        Code::AlreadyCommitted => (
            "the failover was committed before",
            "A failover is committed once; its recovery points are deleted then.",
            "Nothing is to be done.",
            "The life cycle of a replicated machine (D11).",
        ),
        Code::NotReProtected => (
            "the VM was not re-protected",
            "A failback is a failover in the other direction, so the machine has to be replicated back first.",
            "Re-protect it, which takes hours, and fail back then.",
            "Failback needs a re-protected machine (D14, F7).",
        ),
        Code::RegionDown => (
            "the region is down",
            "The object exists only in a region that is down, so nothing can be done with it. A link is removed from its \
             healthy side where it has one.",
            "Wait for the region to come back (`restore REGION` here), or do what does not need it.",
            "Deleting what lives in the failed region may fail (B58.4, D18).",
        ),
        Code::NoFailoverNetwork => (
            "the source VNet has no failover network",
            "Site Recovery has to know into which network the machines go, and no VNet recovers this one.",
            "Give the topology a VNet with `recovers`, or set a target for the machine with `set-target`.",
            "The target network is chosen when replication is enabled (A10, A11).",
        ),
        Code::SubnetFull => (
            "the subnet has no free address",
            "No address of the target subnet is free for the machine. Azure keeps five addresses of every subnet to \
             itself, so a /29 has room for three.",
            "Use a larger subnet, release addresses, or set a target in another subnet with `set-target`.",
            "A1, A2 and A27; table A.7 row 11.",
        ),
        Code::AddressOutsideSubnet => (
            "the address is outside the subnet",
            "The address does not lie in the range of the subnet where the machine is or will be.",
            "Choose an address of the subnet, or name the subnet it belongs to.",
            "Target addresses are checked when they are set (A25; table A.7 row 3).",
        ),
        Code::AddressReserved => (
            "Azure withholds the address",
            "Azure keeps the first four addresses and the last one of every subnet to itself: the network, the default \
             gateway, two for DNS, and broadcast.",
            "Choose an address from the fifth of the subnet on.",
            "A1 (Virtual network FAQ); table A.7 row 3.",
        ),
        Code::AddressTaken => (
            "someone has the address",
            "Another machine holds the address in this subnet. A stopped machine keeps its address until its network \
             card is deleted.",
            "Choose another address, or free this one first.",
            "A6 and A25; nobody can reserve an address for a machine that does not exist yet (A7).",
        ),
        Code::CleanUpOwed => (
            "a test failover was not cleaned up",
            "A test machine still runs and holds its address in the failover network.",
            "Clean up the test failover first.",
            "A35 and D12; whether Azure refuses is open, the policy `clean-up-owed-blocks-failover` decides.",
        ),
        Code::Limit => (
            "an Azure limit is reached",
            "Azure allows only so many of these, and the message names the limit.",
            "Use fewer, or a larger gateway or circuit where one exists.",
            "Limits B4, B23, B29, B30, B49 and B50.",
        ),
        Code::NotRouted => (
            "there is no such route",
            "The site has no route for exactly this prefix, so there is none to remove.",
            "Look at the site's routes; `route SITE PREFIX via VNET` sets one.",
            "Routes on premises belong to the site (article, hybrid failover).",
        ),
        Code::NotOccupied => (
            "nobody else holds the address",
            "The address was not taken by someone else with `occupy`, so there is nobody to give it back. The addresses of \
             the topology's own machines are not released this way.",
            "Check the subnet and the address.",
            "`occupy` and `release` stand for what others do in a subnet (A7).",
        ),
        Code::RegionUp => (
            "the region is up already",
            "The region is not down, so it cannot come back.",
            "Nothing is to be done.",
            "The outage of a region is a state of the model (D18).",
        ),
        Code::AlreadyProtected => (
            "Site Recovery replicates it already",
            "Replication of the machines runs, in the one direction or the other.",
            "Nothing is to be done; `unprotect SCOPE` stops it.",
            "D.2, the states of a replicated item.",
        ),
        Code::AlreadyFailedBack => (
            "everything in the scope failed back before",
            "The machines serve where they came from. After commit and re-protect they can fail over again.",
            "Commit with `commit SCOPE`, then `re-protect SCOPE`.",
            "D14 (failback tutorial).",
        ),
        Code::NothingToCleanUp => (
            "no test copy is there",
            "A clean-up deletes the copies a test failover started, and the scope has none.",
            "Nothing is to be done.",
            "D12 (test failover).",
        ),
        Code::MultiVmGroup => (
            "a part of a multi-VM group cannot fail over alone",
            "The machines of a multi-VM group share their recovery points, so all of them fail over together or none does.",
            "Choose a scope that holds the whole group, as the message shows it.",
            "D5 (multi-VM consistency).",
        ),
        Code::SourceDeleted => (
            "what re-protect needs was deleted by hand",
            "Re-protect turns the disks of the source machine into replicas. Somebody deleted that machine before, so it \
             fails, and replication has to be set up anew.",
            "`unprotect`, then `protect`: everything is copied again.",
            "A40 (a known report); modelled.",
        ),
        Code::IdTaken => (
            "the name is used already",
            "Apps, VMs and sites share one space of names, VNets and sites another, and the subnets of a VNet a third.",
            "Choose another name.",
            "The topology file: an id is unique within its kind.",
        ),
        Code::NotOnGatewaySubnet => (
            "the subnet of the gateways takes no such thing",
            "The GatewaySubnet takes no security group and no route for 0.0.0.0/0, and its route table must learn what the \
             gateways learn.",
            "Use another table, or put the group on the subnets of the machines.",
            "B28 (VPN gateway FAQ, virtual network traffic routing).",
        ),
        Code::ScriptFailed => (
            "the script of a step fails",
            "In an exercise, whoever leads it made this step fail. A recovery plan goes on with the next step.",
            "Do by hand what the step should have done, or `repair-script COMMAND`.",
            "E8: an unplanned failover runs its plan to the end even if errors occur.",
        ),
        Code::HalfLink => (
            "half of the link is left, or its keys differ",
            "A link has two objects. One of them is left without the other, or both are there with different keys, and a \
             peering in that state cannot be revived.",
            "Remove what is left with `disconnect A B`, then connect again.",
            "B8, B15, B35 and B44.",
        ),
        Code::RegionDegraded => (
            "the control plane of the region does not answer",
            "What runs in the region goes on, but nothing in it can be created, changed or deleted. A link can still be \
             removed from its other side.",
            "Work from the healthy side, or wait for the region; `restore R` ends it in a drill.",
            "D18 and B58.4 (modelled).",
        ),
        Code::GatewayBroken => (
            "the gateway is there and does not work",
            "The link needs this gateway, and the gateway carries nothing.",
            "`repair-gateway VNET` in a drill; or use a peering, which needs no gateway.",
            "Gateways must work before connections can (B35).",
        ),
        Code::SkuNotOffered => (
            "no gateway of that SKU can be created",
            "The SKU can no longer be created, or the region has no capacity for it.",
            "Take another SKU: for VPN one that ends in AZ.",
            "Gateway SKU consolidation (B31); capacity is an inject of a drill.",
        ),
        Code::NoBgp => (
            "a side cannot speak BGP, or needs to",
            "A Basic gateway knows no BGP. Several tunnels to one site, on the other hand, work only with it.",
            "Take a larger SKU, or leave BGP out and use one tunnel.",
            "B32 and B41.",
        ),
        Code::AsnRefused => (
            "a number BGP cannot use here",
            "Two sides that exchange routes need different autonomous system numbers, and some are kept by Azure. Two \
             gateways without a number both have Azure's default.",
            "Create the gateway with a number of its own: `create-gateway VNET vpn asn 65010`.",
            "B39 and INV-10.",
        ),
        Code::CircuitReach => (
            "the circuit does not reach the region",
            "A Standard circuit reaches the regions of its own geopolitical area.",
            "Use a Premium circuit, or one in the area of the region.",
            "B49; ExpressRoute FAQ.",
        ),
        Code::PeeringSetting => (
            "a setting of a peering that the other side does not allow",
            "Using the gateway of a peer needs a gateway there, gateway transit at the other half, no gateway of its own, \
             and no other peering that does so. Offering transit needs a gateway that is not Basic.",
            "Change what the message names first.",
            "B17 and B21.",
        ),
        Code::DisconnectFails => (
            "removing the link fails",
            "Azure answers the removal with an error, and the link stays with all it blocks.",
            "`repair-link A B` in a drill; or use another circuit or network.",
            "B58.4; disaster recovery with ExpressRoute.",
        ),
        Code::NoChange => (
            "it is so already",
            "The command would change nothing.",
            "Nothing is to be done.",
            "The command language of Failscope.",
        ),
    };
    Meaning { brief, meaning, helps, source }
}
