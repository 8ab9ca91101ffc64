//! Which look of a lesson the opening of a sheet is, with the ids lessons use.

use super::super::{App, Overlay};
use crate::app::naming;
use crate::diagram::Item;
use crate::lesson::{Deed, Look, Sheet};
use crate::topology::command::SubnetName;
use crate::topology::{Endpoint, Scope};
use crate::world::World;

impl App {
    /// Lets the lesson know that the sheet on top was looked at.
    pub(in crate::app) fn note_look(&mut self) {
        let (Some(_), Some(session), Some(overlay)) = (&self.learning, &self.session, self.top()) else { return };
        let Some(look) = look(session.world(), overlay) else { return };
        let before = session.history.position();
        self.lesson_takes(&Deed::Look(look), None, before);
    }
}

fn look(world: &World, overlay: &Overlay) -> Option<Look> {
    let (sheet, at) = match overlay {
        Overlay::Help => (Sheet::Help, Vec::new()),
        Overlay::Inspect(item) => (Sheet::Inspect, vec![id(world, *item)]),
        Overlay::Why { from, to } => (Sheet::Why, vec![party(world, *from), party(world, *to)]),
        Overlay::Matrix(_) => (Sheet::Matrix, Vec::new()),
        Overlay::Addresses { .. } => (Sheet::Addresses, Vec::new()),
        Overlay::Preview(preview) => (Sheet::Plan, scope(&preview.scope)),
        Overlay::Timeline => (Sheet::Timeline, Vec::new()),
        Overlay::Findings { .. } => (Sheet::Findings, Vec::new()),
        Overlay::Runs(runs) => (Sheet::Compare, scope(&runs.comparison.scope)),
        _ => return None,
    };
    Some(Look { sheet, at })
}

/// The words of a scope, as `app app2`.
fn scope(scope: &Scope) -> Vec<String> {
    scope.to_string().split_whitespace().map(str::to_owned).collect()
}

/// The id under which a file knows a thing on the map.
fn id(world: &World, item: Item) -> String {
    match item {
        Item::Region(region) => world.regions()[region.at()].id.clone(),
        Item::Vnet(vnet) => world.vnet(vnet).id.clone(),
        Item::Subnet(subnet) => {
            let here = world.subnet(subnet);
            SubnetName { vnet: world.vnet(here.vnet).id.clone(), subnet: here.id.clone() }.to_string()
        }
        Item::Vm(vm, _) => world.vm_id(vm).to_owned(),
        Item::Site(site) => world.site(site).id.clone(),
        Item::Link(link) => match world.links().get(link.at()) {
            Some(link) => link.id.clone(),
            None => naming::title(world, item),
        },
    }
}

/// The id of a party.
fn party(world: &World, party: Endpoint) -> String {
    match party {
        Endpoint::App(app) => world.topology().apps[app.at()].id.clone(),
        Endpoint::Site(site) => world.site(site).id.clone(),
        Endpoint::Vm(vm) => world.vm_id(vm).to_owned(),
    }
}
