//! The stable codes of reachability verdicts.

use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// Why two parties reach each other or not, explained by `failscope explain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum VerdictCode {
    /// Both ways work.
    Reachable,
    /// The way there works, the way back ends elsewhere.
    OneWay,
    /// No live route leads to the address.
    NoRoute,
    /// A None route drops the packet (C2).
    Dropped,
    /// The packet goes to, or stays in, another network with the same prefix (B13, C.3).
    Shadowed,
    /// A machine with the same address answers instead.
    AnsweredByTwin,
    /// Links lead there in a chain, but what arrives over one link is not sent on (B16, B37).
    NotTransitive,
    /// Nobody has that address now.
    AddressNotLive,
    /// The way back has no route.
    NoReturnRoute,
    /// The answer is delivered to a machine with the asker's address.
    ReturnToTwin,
    /// A peering does not let a VNet use the gateway of its peer (B21).
    GatewayTransitOff,
    /// A peering does not let in what an appliance sends on (B17).
    ForwardedTrafficOff,
    /// One of the two objects of a link is missing, or their keys differ (B15, B35).
    HalfLink,
    /// The prefix list of a site's local network gateway does not name the address (B45).
    PrefixNotListed,
    /// The next hop of a route table takes nothing: no machine forwards there, or it is out of reach (C4).
    ApplianceMissing,
    /// A route table keeps what gateways bring from its subnet (C3).
    NotPropagated,
    /// The link is still being made.
    LinkPending,
    /// Two live links claim one prefix.
    Ambiguous,
    /// The packet goes in a circle.
    Loop,
    /// A security rule drops the packet.
    BlockedByNsg,
    /// A region on the way is down.
    RegionDown,
    /// The asking VM does not run.
    SourceNotRunning,
}
