//! What those who must talk are called on the screen.

use crate::topology::{Endpoint, Need, Topology};

/// A need in the reader's terms: `App1 → SQL replica`.
pub fn need_title(topology: &Topology, need: Need) -> String {
    let port = need.port.map(|port| format!(" on port {port}")).unwrap_or_default();
    format!("{} → {}{port}", endpoint_title(topology, need.from), endpoint_title(topology, need.to))
}

/// What a party is called on the screen.
pub fn endpoint_title(topology: &Topology, endpoint: Endpoint) -> &str {
    match endpoint {
        Endpoint::Vm(vm) => &topology.vms[vm.at()].id,
        Endpoint::App(app) => &topology.apps[app.at()].title,
        Endpoint::Site(site) => &topology.sites[site.at()].title,
    }
}
