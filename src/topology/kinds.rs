//! The small closed vocabularies of the topology file, spelled as the file spells them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// Declares a vocabulary whose words are the same in files, commands and JSON.
macro_rules! vocabulary {
    ($($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[derive(Display, EnumString, EnumIter, IntoStaticStr)]
        #[serde(rename_all = "kebab-case")]
        #[strum(serialize_all = "kebab-case")]
        pub enum $name { $($(#[$word_doc])* $word),* }
    )*};
}

vocabulary! {
    /// The column of a region on the screen.
    Side {
        /// Where the machines normally run.
        Source,
        /// Where Site Recovery creates them.
        Recovery,
    }

    /// What joins two networks.
    LinkKind {
        /// VNet-to-VNet or site-to-site VPN through gateways.
        Vpn,
        /// VNet peering, without a gateway.
        Peering,
        /// ExpressRoute, between a VNet and a site.
        Expressroute,
    }

    /// Whether a link is there.
    LinkState {
        /// Both halves are up.
        Connected,
        /// It is being made.
        Pending,
        /// Peering: one half is there and waits for the other (B15).
        Initiated,
        /// Peering: the other half was removed; this one only blocks until it is removed too (B8, B15).
        Disconnected,
        /// VPN: an object is missing, or the keys differ, so no tunnel comes up (B35, B44).
        NotConnected,
        /// It does not exist now; a planned or a cut link keeps its place on the screen.
        Absent,
    }

    /// The kind of a VNet's gateway.
    GatewayKind {
        /// For VPN connections.
        Vpn,
        /// For ExpressRoute connections.
        Expressroute,
    }

    /// Whether a gateway can carry traffic.
    GatewayState {
        /// It works.
        Ready,
        /// It is being created.
        Building,
        /// It is there and carries nothing.
        Broken,
    }

    /// What a circuit reaches (B49).
    CircuitSku {
        /// Regions of its own geopolitical area, ten VNets.
        Standard,
        /// Every region, up to a hundred VNets.
        Premium,
    }

    /// Whether an address is pinned (A5).
    Allocation {
        /// The address was chosen by hand.
        Static,
        /// Azure chose the address.
        Dynamic,
    }
}

impl LinkKind {
    /// The gateway each VNet at its ends needs; peering needs none.
    pub fn gateway(self) -> Option<GatewayKind> {
        match self {
            Self::Vpn => Some(GatewayKind::Vpn),
            Self::Expressroute => Some(GatewayKind::Expressroute),
            Self::Peering => None,
        }
    }

    /// Its name in a sentence.
    pub fn title(self) -> &'static str {
        match self {
            Self::Vpn => "VPN",
            Self::Peering => "peering",
            Self::Expressroute => "ExpressRoute",
        }
    }
}

impl LinkState {
    /// Whether something of the link is there that does not work: a half without its other, or keys that differ.
    pub fn is_broken(self) -> bool {
        matches!(self, Self::Initiated | Self::Disconnected | Self::NotConnected)
    }
}

impl GatewayKind {
    /// Its name in a sentence.
    pub fn title(self) -> &'static str {
        match self {
            Self::Vpn => "VPN",
            Self::Expressroute => "ExpressRoute",
        }
    }
}
