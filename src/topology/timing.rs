//! How long commands take (table F), what the file overrides, and which figures have no source.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use strum::{Display, EnumIter, IntoEnumIterator};

use super::{GatewayKind, LinkKind};

/// Something that takes time; the keys of the `[timing]` table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumIter)]
#[strum(serialize_all = "kebab-case")]
pub enum Duration {
    /// Creating a VPN gateway (F9).
    VpnGateway,
    /// Creating an ExpressRoute gateway (F13).
    ExpressrouteGateway,
    /// A VPN connection, both halves (F11).
    VpnConnection,
    /// An ExpressRoute connection.
    ExpressrouteConnection,
    /// A peering, both halves (F12).
    Peering,
    /// Removing a link.
    Disconnect,
    /// Deleting a gateway: what making one anew takes, less its creation (F10).
    DeleteGateway,
    /// Failing over one VM, or back: that takes about as long (F2, F8).
    FailOverVm,
    /// The last part of a failover: a prepared VM starts (E4).
    StartVm,
    /// Test failover of one VM (F2).
    TestFailOverVm,
    /// Copying a VM for the first time (F6).
    Protect,
    /// Committing (F2).
    Commit,
    /// Re-protecting (F7).
    ReProtect,
    /// Changing a route on premises.
    SiteRoute,
    /// A person confirming something.
    Manual,
    /// Finding out that a failover is called for (F23).
    Detect,
    /// Deciding to fail over (F23).
    Decide,
    /// Making sure that everything works again (F23).
    Validate,
}

/// Where a duration comes from, shown wherever the duration is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Basis {
    /// Table F names a source.
    Documented,
    /// A modelling choice without a source.
    Assumed,
    /// The topology file says so.
    Declared,
}

impl Duration {
    /// Creating a gateway of this kind.
    pub fn of_gateway(kind: GatewayKind) -> Self {
        match kind {
            GatewayKind::Vpn => Self::VpnGateway,
            GatewayKind::Expressroute => Self::ExpressrouteGateway,
        }
    }

    /// Making a link of this kind.
    pub fn of_link(kind: LinkKind) -> Self {
        match kind {
            LinkKind::Vpn => Self::VpnConnection,
            LinkKind::Peering => Self::Peering,
            LinkKind::Expressroute => Self::ExpressrouteConnection,
        }
    }

    /// The default in seconds and whether table F names a source for it (`time_defaults` of section J).
    fn default(self) -> (u64, Basis) {
        match self {
            Self::VpnGateway => (45 * 60, Basis::Documented),
            Self::ExpressrouteGateway => (45 * 60, Basis::Assumed),
            Self::VpnConnection => (5 * 60, Basis::Documented),
            Self::ExpressrouteConnection => (5 * 60, Basis::Assumed),
            Self::Peering => (10, Basis::Assumed),
            Self::Disconnect => (60, Basis::Assumed),
            Self::DeleteGateway => (15 * 60, Basis::Assumed),
            Self::FailOverVm => (5 * 60, Basis::Assumed),
            Self::StartVm => (60, Basis::Assumed),
            Self::TestFailOverVm => (4 * 60, Basis::Documented),
            Self::Protect => (30 * 60, Basis::Documented),
            Self::Commit => (3, Basis::Documented),
            Self::ReProtect => (3 * 3600, Basis::Documented),
            Self::SiteRoute => (5 * 60, Basis::Assumed),
            Self::Manual => (5 * 60, Basis::Assumed),
            Self::Detect => (5 * 60, Basis::Assumed),
            Self::Decide => (10 * 60, Basis::Assumed),
            Self::Validate => (5 * 60, Basis::Assumed),
        }
    }
}

/// The duration of everything that takes time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timing {
    entries: Vec<(u64, Basis)>,
}

impl Default for Timing {
    fn default() -> Self {
        Self { entries: Duration::iter().map(Duration::default).collect() }
    }
}

impl Timing {
    /// How many seconds it takes.
    pub fn seconds(&self, what: Duration) -> u64 {
        self.entries[what as usize].0
    }

    /// Where the figure comes from.
    pub fn basis(&self, what: Duration) -> Basis {
        self.entries[what as usize].1
    }

    /// Takes a figure of the file.
    pub fn declare(&mut self, what: Duration, span: Span) {
        self.entries[what as usize] = (span.0, Basis::Declared);
    }
}

/// A span of time in seconds, written like `45m`, `90s` or `1h30m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, JsonSchema)]
#[schemars(with = "String", extend("pattern" = r"^(\d+[hms])+$", "examples" = ["45m", "90s", "1h30m"]))]
pub struct Span(pub u64);

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (h, m, s) = (self.0 / 3600, self.0 / 60 % 60, self.0 % 60);
        let part = |f: &mut std::fmt::Formatter<'_>, count: u64, unit: char| match count {
            0 => Ok(()),
            _ => write!(f, "{count}{unit}"),
        };
        part(f, h, 'h')?;
        part(f, m, 'm')?;
        if s > 0 || self.0 == 0 { write!(f, "{s}s") } else { Ok(()) }
    }
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no duration; write it like 45m, 90s or 1h30m");
        let (mut total, mut digits) = (0u64, String::new());
        for letter in text.chars() {
            let unit = match letter {
                '0'..='9' => {
                    digits.push(letter);
                    continue;
                }
                'h' => 3600,
                'm' => 60,
                's' => 1,
                _ => return Err(wrong()),
            };
            let count: u64 = digits.parse().map_err(|_| wrong())?;
            digits.clear();
            total = count.checked_mul(unit).and_then(|part| total.checked_add(part)).ok_or_else(wrong)?;
        }
        // A year bounds every sum of steps far below overflow.
        if text.is_empty() || !digits.is_empty() || total > 366 * 24 * 3600 { Err(wrong()) } else { Ok(Self(total)) }
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Seconds as a person writes them: `45 s`, `5 min`, `1 h 05 min`.
pub fn spoken(seconds: u64) -> String {
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, 0) => format!("{m} min"),
        (0, m, s) => format!("{m} min {s:02} s"),
        (h, 0, 0) => format!("{h} h"),
        (h, m, _) => format!("{h} h {m:02} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_people_write_them() {
        for (text, seconds) in [("45m", 2700), ("90s", 90), ("1h30m", 5400), ("0s", 0), ("1h1m1s", 3661)] {
            assert_eq!(text.parse::<Span>(), Ok(Span(seconds)), "{text}");
        }
    }

    #[test]
    fn what_is_no_span_is_refused_with_an_example() {
        for text in ["", "45", "m", "5 m", "-5m", "4d", "99999999999999999999h", "1h30"] {
            assert!(text.parse::<Span>().is_err_and(|message| message.contains("1h30m")), "{text}");
        }
    }

    #[test]
    fn deleting_a_gateway_and_making_it_anew_takes_an_hour_f10() {
        let timing = Timing::default();
        assert_eq!(timing.seconds(Duration::DeleteGateway) + timing.seconds(Duration::VpnGateway), 3600);
    }

    #[test]
    fn figures_without_a_source_are_marked_assumed() {
        let timing = Timing::default();
        assert_eq!(timing.basis(Duration::VpnGateway), Basis::Documented, "F9");
        assert_eq!(timing.basis(Duration::FailOverVm), Basis::Assumed, "section J");
    }
}
