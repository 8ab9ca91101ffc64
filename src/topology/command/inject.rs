//! What goes wrong in a drill: injects are commands, so that plans, lessons and logs can hold them and undo takes them
//! back (`walkthroughs.md`, section 7).

use ipnet::Ipv4Net;

use super::{Scope, SubnetName};

/// Something that goes wrong, or right again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Inject {
    /// Nothing can be created, changed or deleted in a region; what runs goes on.
    Degrade(String),
    /// The gateways of a VNet carry nothing.
    BreakGateway(String),
    /// Gateways made for a VNet from now on take twice as long.
    SlowGateway(String),
    /// The gateways of a VNet work, and are made, as usual again.
    RepairGateway(String),
    /// A link comes and goes, so nobody can rely on it.
    FlapLink(String, String),
    /// A link stays in the making.
    StickLink(String, String),
    /// The two connection objects of a VPN have different keys (B35).
    WrongKey(String, String),
    /// The half of a peering at the second network is gone (B15).
    HalfPeering(String, String),
    /// Removing a link fails.
    RefuseDisconnect(String, String),
    /// A link is as it should be again.
    RepairLink(String, String),
    /// An ExpressRoute circuit carries nothing.
    CircuitDown(String),
    /// It does again.
    CircuitUp(String),
    /// Others take every free address of a subnet (A27).
    FillSubnet(SubnetName),
    /// A subnet gets another name (A13).
    RenameSubnet {
        /// The subnet.
        subnet: SubnetName,
        /// Its new name.
        name: String,
    },
    /// A VM comes that nobody protects.
    AddVm {
        /// Its id.
        vm: String,
        /// Where it lives.
        subnet: SubnetName,
    },
    /// Someone deletes the source machine of a failed-over VM by hand (A40).
    DeleteSource(String),
    /// Replication of an app falls behind.
    Lag {
        /// The app.
        app: String,
        /// By how many minutes.
        minutes: u32,
    },
    /// No gateway of a SKU can be created.
    CapacityShort(String),
    /// The source machines of a VNet start again though they failed over (B58.5, D8).
    ReturnSource(String),
    /// A test failover of a scope that nobody cleans up (A35).
    LeaveTest(Scope),
    /// A security rule drops what comes into a subnet (C13).
    Block(SubnetName),
    /// That rule is gone.
    Unblock(SubnetName),
    /// A site's route points where it did at the start.
    StaleRoute {
        /// The site.
        site: String,
        /// The destination.
        prefix: Ipv4Net,
    },
    /// A name still leads to the address an app or VM had at the start (H19).
    StaleDns(String),
    /// That name leads to today's addresses again.
    RefreshDns(String),
    /// A command fails until it is repaired (E8).
    FailScript(String),
    /// That command runs as usual again.
    RepairScript(String),
    /// Somebody with a role is away; changes nothing.
    PersonAway(String),
    /// Somebody asks something; changes nothing.
    ExecutiveAsks(String),
    /// An alarm that means nothing; changes nothing.
    FalseAlarm(String),
}
