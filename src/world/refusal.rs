//! Why a command is refused: a stable code, a sentence, and the commands that would help.

use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::topology::Command;

/// The stable codes of refusals, explained by `failscope explain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum RefusalCode {
    /// A name that nothing in the topology has.
    UnknownId,
    /// The text is no command, or it names too little to be one.
    Syntax,
    /// The link is there already.
    AlreadyConnected,
    /// There is no such link.
    NotConnected,
    /// The two ends share address space.
    Overlap,
    /// An end already has a neighbour with that address space.
    OverlapNeighbour,
    /// An end lacks the gateway the link needs.
    NoGateway,
    /// The gateway is still being created.
    GatewayBuilding,
    /// The gateway still carries a link.
    GatewayInUse,
    /// No link of that kind can join the two ends.
    WrongKind,
    /// Site Recovery does not replicate what should fail over.
    NotProtected,
    /// What should go on from a failover has not failed over.
    NotFailedOver,
    /// Everything in the scope failed over before.
    AlreadyFailedOver,
    /// The failover was not committed.
    NotCommitted,
    /// The failover was committed before.
    AlreadyCommitted,
    /// The VM was not re-protected.
    NotReProtected,
    /// The region is down.
    RegionDown,
    /// The source VNet has no failover network.
    NoFailoverNetwork,
    /// The subnet has no free address.
    SubnetFull,
    /// The address is outside the subnet.
    AddressOutsideSubnet,
    /// Azure withholds the address.
    AddressReserved,
    /// Someone has the address.
    AddressTaken,
    /// A test failover was not cleaned up.
    CleanUpOwed,
    /// An Azure limit is reached.
    Limit,
    /// There is no such route.
    NotRouted,
    /// Nobody else took that address.
    NotOccupied,
    /// The region is up already.
    RegionUp,
    /// Site Recovery replicates it already.
    AlreadyProtected,
    /// Everything in the scope failed back before.
    AlreadyFailedBack,
    /// No test copy is there.
    NothingToCleanUp,
    /// A part of a multi-VM group cannot fail over alone.
    MultiVmGroup,
    /// What re-protect needs was deleted by hand.
    SourceDeleted,
    /// The name is used already.
    IdTaken,
    /// The subnet of the gateways takes no such thing.
    NotOnGatewaySubnet,
    /// The script of a step fails (E8).
    ScriptFailed,
    /// Half of the link is left, or its keys differ.
    HalfLink,
    /// The control plane of the region does not answer.
    RegionDegraded,
    /// The gateway is there and does not work.
    GatewayBroken,
    /// No gateway of that SKU can be created.
    SkuNotOffered,
    /// A side cannot speak BGP, or needs to.
    NoBgp,
    /// A number BGP cannot use here.
    AsnRefused,
    /// The circuit does not reach the region.
    CircuitReach,
    /// A setting of a peering that the other side does not allow.
    PeeringSetting,
    /// Removing the link fails.
    DisconnectFails,
    /// It is so already.
    NoChange,
}

/// Why a command is refused. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// The stable code.
    pub code: RefusalCode,
    /// Why, in the reader's terms.
    pub message: String,
    /// The rule it comes from.
    pub rule: &'static str,
    /// Commands that would make it possible.
    pub mend: Vec<Command>,
}

impl Refusal {
    /// A refusal for which no single command helps.
    pub fn new(code: RefusalCode, rule: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), rule, mend: Vec::new() }
    }

    /// The same refusal with a command that would help.
    #[must_use]
    pub fn mended_by(mut self, command: Command) -> Self {
        self.mend.push(command);
        self
    }
}
