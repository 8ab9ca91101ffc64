//! How a link is marked wherever links are listed or counted.

use ratatui::style::Style;

use super::theme::Theme;
use crate::app::facts::Standing;
use crate::app::networks::Networks;

/// The mark of a link and its style.
pub fn mark(standing: Standing, theme: &Theme) -> (&'static str, Style) {
    match standing {
        Standing::Carries => ("✓", theme.connected),
        Standing::Half | Standing::Stale => ("◐", theme.blocked),
        Standing::Blocked
        | Standing::Shadowed
        | Standing::GatewayBroken
        | Standing::CircuitDown
        | Standing::Flapping
        | Standing::WrongKey => ("⊘", theme.blocked),
        Standing::Pending => ("…", theme.pending),
        Standing::Planned => ("○", theme.dim),
        Standing::Cut => ("✗", theme.cut),
    }
}

/// How many links are marked like one that stands so, with that mark: what blocks a link is told where the link is.
pub fn counted(networks: &Networks, like: Standing, theme: &Theme) -> (&'static str, Style, usize) {
    let (sign, style) = mark(like, theme);
    let count = networks.links.iter().filter(|(_, other)| mark(*other, theme).0 == sign).count();
    (sign, style, count)
}
