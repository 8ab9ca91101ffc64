//! The difference view: everything that differs between two states of the history, and where it is on the map.

use super::chooser::Purpose;
use super::overlay::Overlay;
use super::{App, Layer, Tone, ground, naming};
use crate::diagram::Item;
use crate::report::differences::{About, Difference, Group, differences};
use crate::topology::{Endpoint, LinkIx, Node, SubnetIx, VmIx, VnetIx};
use crate::world::{Subject, World};

/// A difference as the view remembers it: by its group and what it is about.
pub type Marked = (Group, About);

/// Which of the two states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The one compared with.
    From,
    /// The one looked at.
    To,
}

impl App {
    /// Opens the view: what differs now from the start.
    pub(super) fn show_differences(&mut self) {
        let Some(session) = &self.session else { return };
        let to = session.history.position();
        self.show(Overlay::Differences { from: 0, to, at: None });
        self.mark_difference(0);
    }

    /// What the view on top shows.
    pub fn differing(&self) -> Vec<Difference> {
        let (Some(Overlay::Differences { from, to, .. }), Some(session)) = (self.top(), &self.session) else {
            return Vec::new();
        };
        let revisions = session.history.revisions();
        match (revisions.get(*from), revisions.get(*to)) {
            (Some(from), Some(to)) => differences(from, to),
            _ => Vec::new(),
        }
    }

    /// Marks the difference `by` rows further on; the first where the marked one is gone.
    pub(super) fn mark_difference(&mut self, by: isize) {
        let found = self.differing();
        let Some(Layer { overlay: Overlay::Differences { at, .. }, .. }) = self.layers.last_mut() else { return };
        let here = found.iter().position(|difference| Some((difference.group, difference.about)) == *at);
        let next = here.map_or(0, |here| here.saturating_add_signed(by).min(found.len().saturating_sub(1)));
        *at = found.get(next).map(|difference| (difference.group, difference.about));
    }

    /// Takes the state `by` steps further as the one looked at.
    pub(super) fn turn_difference(&mut self, by: isize) {
        let last = self.session.as_ref().map_or(0, |session| session.history.revisions().len() - 1);
        if let Some(Layer { overlay: Overlay::Differences { to, .. }, .. }) = self.layers.last_mut() {
            *to = to.saturating_add_signed(by).min(last);
        }
        self.mark_difference(0);
    }

    /// Lets the reader choose one of the two states.
    pub(super) fn choose_difference(&mut self, end: End) {
        let Some(Overlay::Differences { from, to, .. }) = self.top() else { return };
        let (title, at) = match end {
            End::From => ("Compare with which state?", *from),
            End::To => ("Look at which state?", *to),
        };
        self.choose_revision(title, Purpose::Differ(end), at);
    }

    /// Takes the chosen state.
    pub(super) fn differ(&mut self, end: End, position: usize) {
        if let Some(Layer { overlay: Overlay::Differences { from, to, .. }, .. }) = self.layers.last_mut() {
            match end {
                End::From => *from = position,
                End::To => *to = position,
            }
        }
        self.mark_difference(0);
    }

    /// Shows the marked difference on the map.
    pub(super) fn go_to_difference(&mut self) {
        let Some(Overlay::Differences { from, at: Some((_, about)), .. }) = self.top() else {
            self.tell(Tone::Plain, "nothing differs");
            return;
        };
        let (from, about) = (*from, *about);
        let Some(session) = &mut self.session else { return };
        let Some(item) = item_of(session.world(), about) else {
            self.tell(Tone::Plain, "it has no place on the map as it is now");
            return;
        };
        // The map marks the same difference, as far as it compares with the start too.
        session.from_start |= from == 0;
        let world = session.world();
        let end = naming::node_of(world, item).map(|node| match node {
            Node::Vnet(vnet) => Item::Vnet(vnet),
            Node::Site(site) => Item::Site(site),
        });
        self.layers.pop();
        // A link without a line is shown at one of its ends.
        let drawn = ground::shown(self).is_some_and(|layout| layout.rect(item).is_some());
        self.select(if drawn { item } else { end.unwrap_or(item) });
    }
}

/// Where something that differs is, if this world knows it.
fn item_of(world: &World, about: About) -> Option<Item> {
    let (vnets, subnets, vms) = ground::extent(world);
    let vm = |vm: VmIx| (vm.at() < vms).then(|| Item::Vm(vm, world.vm(vm).at.subnet));
    let vnet = |vnet: VnetIx| (vnet.at() < vnets).then_some(Item::Vnet(vnet));
    let link = |link: LinkIx| (link.at() < world.links().len()).then_some(Item::Link(link));
    let subnet = |subnet: SubnetIx| (subnet.at() < subnets).then_some(Item::Subnet(subnet));
    let first = |endpoint: Endpoint| world.vms_of(endpoint).first().copied().and_then(vm);
    let subject = match about {
        About::Standing(at) => return link(at),
        About::Need(at) => {
            let need = world.topology().needs.get(at)?;
            return first(need.from).or_else(|| first(need.to));
        }
        About::Subject(subject) => subject,
    };
    match subject {
        Subject::Link(at) => link(at),
        Subject::Vm(at)
        | Subject::Target(at)
        | Subject::NicGroup(at)
        | Subject::Phase(at)
        | Subject::Copy(at)
        | Subject::Source(at) => vm(at),
        Subject::Gateway(at, _) | Subject::Vnet(at) => vnet(at),
        Subject::Route(site, _) => Some(Item::Site(site)),
        Subject::Region(region) => Some(Item::Region(region)),
        Subject::Address(at, _) | Subject::RouteTable(at) | Subject::SecurityGroup(at) | Subject::Subnet(at) => {
            subnet(at)
        }
        Subject::Lag(app) => first(Endpoint::App(app)),
        Subject::Circuit(circuit) => {
            let of = |at: &LinkIx| world.link(*at).circuit == Some(circuit);
            (0..world.links().len()).map(LinkIx::new).find(of).map(Item::Link)
        }
        Subject::Sku(_) | Subject::Plan(_) => None,
    }
}
