//! Findings: what a reader should know about a topology, a plan or the world, with severity, code and place.

use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::Command;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Display, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Something will not be as hoped.
    Warning,
    /// Something will not work.
    Error,
}

/// A place in the topology file, counted from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// Something a reader should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// What kind of thing it is, stable for scripts.
    pub code: FindingCode,
    /// A sentence for the reader.
    pub message: String,
    /// The ids it is about.
    pub at: Vec<String>,
    /// Where in the file it arises, if it does.
    pub position: Option<Position>,
    /// The rule it comes from, where the message does not say all of it.
    pub rule: Option<&'static str>,
    /// What would follow if nothing is done.
    pub consequence: Option<String>,
    /// Commands that mend it, in this order.
    pub mend: Vec<Command>,
    /// What to change in the file, where that mends it or no command does.
    pub change: Option<String>,
}

impl FindingCode {
    /// Whether it is about a recovery plan (E13).
    pub fn is_of_plans(self) -> bool {
        matches!(self, Self::PlanLimit | Self::PlanMembers | Self::PlanOrder | Self::PlanTest | Self::PlanPhase)
    }
}

impl Finding {
    /// A finding about `at`, without a place in a file.
    pub fn new(severity: Severity, code: FindingCode, message: String, at: Vec<String>) -> Self {
        Self {
            severity,
            code,
            message,
            at,
            position: None,
            rule: None,
            consequence: None,
            mend: Vec::new(),
            change: None,
        }
    }

    /// The same finding with the rule it comes from and what would follow.
    #[must_use]
    pub fn because(mut self, rule: &'static str, consequence: impl Into<String>) -> Self {
        self.rule = Some(rule);
        self.consequence = Some(consequence.into());
        self
    }

    /// The same finding with a further command that mends it.
    #[must_use]
    pub fn mended_by(mut self, command: Command) -> Self {
        self.mend.push(command);
        self
    }

    /// The same finding with the change of the file that mends it.
    #[must_use]
    pub fn changed_by(mut self, change: impl Into<String>) -> Self {
        self.change = Some(change.into());
        self
    }

    /// The same finding with its place in the file, where there is one.
    #[must_use]
    pub fn placed(mut self, position: Option<Position>) -> Self {
        self.position = position;
        self
    }
}

/// The stable codes of findings, explained by `failscope explain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumString, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum FindingCode {
    /// The file is no topology: TOML does not parse, or a value is of the wrong shape.
    Syntax,
    /// A key the format does not know.
    UnknownKey,
    /// A required key is missing.
    MissingKey,
    /// A name that nothing declares.
    UnknownId,
    /// A name declared twice, or not spelled as ids are.
    InvalidId,
    /// A prefix that does not parse, has host bits set, or that Azure refuses.
    InvalidPrefix,
    /// A subnet outside its VNet or overlapping a sibling.
    InvalidSubnet,
    /// A VM address outside its subnet, reserved or taken twice.
    InvalidAddress,
    /// A link that cannot exist.
    InvalidLink,
    /// `recovers` of itself, in a circle, within one region, or twice in one.
    InvalidTwin,
    /// A value outside what is allowed.
    InvalidValue,
    /// A command in a plan that does not parse.
    InvalidCommand,
    /// The failover network lacks the subnet a VM needs (A13).
    SubnetNameMismatch,
    /// A dynamic address is only kept by luck (A23).
    DynamicAddress,
    /// A VM will get, or has got, another address than it had (A19).
    AddressLost,
    /// The address a VM shall get is taken.
    AddressTaken,
    /// No address was free for a VM, so it stayed where it is (A27).
    SubnetFull,
    /// A subnet moves away from its siblings and its twin cannot be joined (article, lines 77 to 80).
    SubnetTrap,
    /// Something the scope needs stays behind.
    LeftBehind,
    /// A need that is not met at the end of the plan.
    NeedNotMet,
    /// A gateway the plan has to create first (F9).
    GatewayMissing,
    /// Peering over a VPN with the same prefix shadows the VPN (B13).
    Shadowed,
    /// A prefix that comes by BGP from beyond a neighbour and from another network too (C8, C10).
    LearnedTwice,
    /// A source VM and its failed-over copy both run (D8).
    TwinRunning,
    /// Target addresses were assigned but not verified since (article, line 56).
    NotVerified,
    /// A step cannot be done while a region is down (B58.4, D18).
    RegionDown,
    /// A step of the design that the rules refuse; it was left out of the plan.
    StepRefused,
    /// A VNet that no VM could use.
    NoSubnet,
    /// A `GatewaySubnet` smaller than Azure recommends (B28).
    SmallGatewaySubnet,
    /// A site prefix that contains the VNet's space (B11).
    SupersetPrefix,
    /// A VM is marked protected but its VNet has no failover network.
    NoFailoverNetwork,
    /// A `GatewaySubnet` in which two gateways cannot stand side by side (B55).
    GatewayTooSmall,
    /// Two gateways that speak BGP from one address (B40, H24).
    SameBgpPeer,
    /// A target subnet without the route table its source has (A15).
    RouteTableMissing,
    /// A route to an appliance that is not there after a failover (H20).
    NextHopMissing,
    /// A target subnet without the security group its source has (C17).
    SecurityGroupMissing,
    /// A machine of several NICs, whose order may change (A17, H21).
    NicOrder,
    /// Source and recovery share one circuit, so the order is forced (B58.3).
    CircuitOrder,
    /// A link of another kind than the one it replaces (article, lines 69 and 121).
    NotLikeForLike,
    /// A test failover was not cleaned up (D12, A35).
    CleanUpOwed,
    /// A member of a multi-VM group stayed because another could not move (D5).
    GroupHeldBack,
    /// A machine was started from an older recovery point (D4, D7).
    DataLoss,
    /// A NIC that nothing needs any more still holds an address (A39).
    AddressHeld,
    /// A secondary or IPv6 address was not carried (A28, A.7 rows 21 and 23).
    AddressNotCarried,
    /// Something the subnet of the gateways must not have (B28).
    GatewaySubnetRules,
    /// A route of a table whose next hop takes nothing (C4, B57).
    DeadNextHop,
    /// A plan takes longer than the file allows (F23), or its machines longer than Site Recovery promises (F1).
    RtoMissed,
    /// A plan of the file with more groups or machines than Azure allows (E1, E2).
    PlanLimit,
    /// A machine in two groups of a plan (E1), or machines of one plan that do not share source and target (E3).
    PlanMembers,
    /// A link made before the one it replaces is cut (E13).
    PlanOrder,
    /// A step that cuts or makes links of production, enabled for test failover (E9, E13).
    PlanTest,
    /// A step in a part of the plan where it cannot work (E5, E6).
    PlanPhase,
    /// A plan, or a group of one, in which nothing is done (E1).
    PlanEmpty,
    /// A name leads to an address its machine no longer has (H19).
    StaleDns,
    /// A gateway SKU that can no longer be created (B31, H23).
    RetiredSku,
    /// More of something than Azure allows (B23, B30, B49, B50, B52).
    OverLimit,
    /// A VPN gateway that translates addresses (B42).
    Nat,
    /// One half of a link is there without the other (B8, B15, B44).
    HalfLink,
    /// The two objects of a VPN have different keys (B35).
    WrongKey,
    /// Something a link or gateway needs does not work: a circuit, a gateway, the link itself.
    Faulty,
    /// A site has live links to a VNet and to where its machines went (B58.5).
    LiveTwice,
    /// A peering without access where no security group filters (B17, INV-7).
    AccessOff,
    /// A link without BGP in the place of one with it, or a gateway that cannot speak it (B32, B39).
    BgpLost,
    /// A recovery gateway of a smaller SKU than its source has (B30).
    SmallerGateway,
    /// A site learns one prefix from two hubs over one circuit or device (B12, INV-1).
    PrefixTwice,
    /// A hub that fails with its region and that the networks of the region depend on (INV-11).
    HubFails,
    /// The control plane of a region does not answer.
    RegionDegraded,
}
