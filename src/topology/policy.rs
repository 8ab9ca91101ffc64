//! The `[policy]` table: what the documentation leaves open (rules tagged `[C]`), with the stated defaults (section J).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// From which end of a subnet "the next available address" is taken (A20).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NextAvailable {
    /// The lowest free address.
    Lowest,
    /// The highest free address.
    Highest,
}

/// Whether a dynamic source address is kept where it is free (A23).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DynamicSource {
    /// Kept, stays dynamic, and a warning says to pin it.
    RetainIfFree,
    /// Never kept.
    NotRetained,
}

/// What happens when an explicit target address is taken at failover (A26).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExplicitIpConflict {
    /// The next available address is used, and a finding says so.
    NextAvailable,
    /// The failover of that VM fails.
    Fail,
}

/// What a peering does that does not allow forwarded traffic (B17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ForwardedTrafficOff {
    /// It drops what did not begin in the peer, as hubs and appliances show in practice.
    Blocks,
    /// It only takes such traffic out of the `VirtualNetwork` tag, so that security groups drop it, as one page says.
    NarrowsTag,
}

impl ForwardedTrafficOff {
    /// Whether only security groups can notice it.
    pub fn only_narrows(self) -> bool {
        self == Self::NarrowsTag
    }
}

/// Overrides of what the documentation leaves open; every key has the default of section J.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct Policy {
    /// Which free address a failover takes when the wanted one cannot be had (A20).
    pub next_available: NextAvailable,
    /// The same for a test failover (A20, A30).
    pub next_available_test: NextAvailable,
    /// Whether a dynamic source address is kept (A23).
    pub dynamic_source: DynamicSource,
    /// What happens when an explicit target address is taken (A26).
    pub explicit_ip_conflict: ExplicitIpConflict,
    /// Whether a test failover not yet cleaned up blocks a failover (D12).
    pub clean_up_owed_blocks_failover: bool,
    /// Whether machines and NICs of the recovery side are removed after failback (A39).
    pub recovery_side_cleaned_after_failback: bool,
    /// Whether VNets on one ExpressRoute circuit reach each other through it (B54).
    pub expressroute_vnet_to_vnet: bool,
    /// What a peering does that does not allow forwarded traffic (B17).
    pub forwarded_traffic_off: ForwardedTrafficOff,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            next_available: NextAvailable::Lowest,
            next_available_test: NextAvailable::Highest,
            dynamic_source: DynamicSource::RetainIfFree,
            explicit_ip_conflict: ExplicitIpConflict::NextAvailable,
            clean_up_owed_blocks_failover: false,
            recovery_side_cleaned_after_failback: true,
            expressroute_vnet_to_vnet: false,
            forwarded_traffic_off: ForwardedTrafficOff::Blocks,
        }
    }
}
