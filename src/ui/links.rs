//! How a link is marked wherever links are listed.

use ratatui::style::Style;

use super::theme::Theme;
use crate::app::facts::Standing;

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
