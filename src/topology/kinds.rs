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

impl GatewayKind {
    /// Its name in a sentence.
    pub fn title(self) -> &'static str {
        match self {
            Self::Vpn => "VPN",
            Self::Expressroute => "ExpressRoute",
        }
    }
}
