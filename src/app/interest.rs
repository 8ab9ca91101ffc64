//! What a reader is most interested in, and so sees in more detail than the rest (`design/picture.md` 2.3, L1), and the
//! keys that change what of the map is shown.

use std::collections::{BTreeSet, HashMap, VecDeque};

use super::networks::neighbours;
use super::{App, Session, Tone, facts, ground, naming};
use crate::diagram::{Item, Level, second_slots};
use crate::topology::{LinkState, Node, VnetIx};
use crate::world::World;

const SELECTED: i32 = 3;
const CHANGED: i32 = 2;
const UNHEALTHY: i32 = 2;
const MATCHED: i32 = 1;
/// Beyond so many links a network is as far as one that no link leads to.
const FAR: i32 = 5;

/// The VNets to draw larger on a map of rows, the most interesting first: the degree of interest is the sum of what speaks
/// for a VNet, less its distance from the selected network in links.
pub(super) fn focus(session: &Session, found: &[Item]) -> Vec<(VnetIx, Level)> {
    let world = session.world();
    let selected = session.node();
    let near = selected.map(|node| distances(world, node)).unwrap_or_default();
    let changed = changed(world, &session.before().world);
    let networks = session.networks();
    let matched: BTreeSet<VnetIx> =
        found.iter().filter_map(|item| naming::node_of(world, *item)).filter_map(Node::vnet).collect();
    let interest = |vnet: VnetIx| {
        let network = networks.vnet(vnet);
        let unhealthy = network.condition().is_trouble() || network.cut > 0;
        let own = [
            (selected == Some(Node::Vnet(vnet)), SELECTED),
            (changed.contains(&vnet), CHANGED),
            (unhealthy, UNHEALTHY),
            (matched.contains(&vnet), MATCHED),
        ];
        let own: i32 = own.into_iter().filter(|(true_of_it, _)| *true_of_it).map(|(_, weight)| weight).sum();
        own - near.get(&Node::Vnet(vnet)).copied().unwrap_or(FAR)
    };
    let all = (0..world.vnets().len()).map(VnetIx::new).map(|vnet| (interest(vnet), vnet));
    let mut chosen: Vec<(i32, VnetIx)> = all.filter(|(interest, _)| *interest > 0).collect();
    chosen.sort_by_key(|(interest, vnet)| (-interest, *vnet));
    let level = |interest: i32| if interest >= SELECTED { Level::Lines } else { Level::Subnets };
    chosen.into_iter().map(|(interest, vnet)| (vnet, level(interest))).collect()
}

/// How many links lie between a network and the others, as far as that matters.
fn distances(world: &World, from: Node) -> HashMap<Node, i32> {
    let beside = neighbours(facts::shown_links(world).map(|link| world.link(link)));
    let mut found = HashMap::from([(from, 0)]);
    let mut next = VecDeque::from([from]);
    while let Some(node) = next.pop_front() {
        let far = found[&node] + 1;
        for other in beside.get(&node).into_iter().flatten().filter(|_| far < FAR) {
            if !found.contains_key(other) {
                found.insert(*other, far);
                next.push_back(*other);
            }
        }
    }
    found
}

/// The VNets with a link or a machine that came or went between two worlds.
fn changed(now: &World, before: &World) -> BTreeSet<VnetIx> {
    let mut found = BTreeSet::new();
    for (at, link) in now.links().iter().enumerate() {
        let was = before.links().get(at).map_or(LinkState::Absent, |link| link.state);
        if was != link.state {
            found.extend(link.between.iter().filter_map(|end| end.vnet()));
        }
    }
    for ((_, now_at), (_, then_at)) in now.vms().zip(before.vms()) {
        if now_at.at.subnet != then_at.at.subnet {
            found.extend([now_at, then_at].map(|state| now.subnet(state.at.subnet).vnet));
        }
    }
    found
}

/// The VNets a filter hides: those it did not find and that nothing it found is linked to.
pub(super) fn hidden(world: &World, found: &[Item]) -> BTreeSet<VnetIx> {
    let mut kept: BTreeSet<VnetIx> = BTreeSet::new();
    let second = second_slots(world.topology());
    for item in found {
        match item {
            Item::Region(region) => {
                let here = world.vnets().iter().enumerate().filter(|(_, vnet)| vnet.region == *region);
                kept.extend(here.map(|(at, _)| VnetIx::new(at)));
            }
            _ => kept.extend(naming::node_of(world, *item).and_then(Node::vnet)),
        }
        // Where a machine waits belongs to it as well as where it serves.
        if let Item::Vm(vm, _) = item {
            let home = world.topology().vms.get(vm.at()).map(|vm| vm.subnet);
            let places = home.into_iter().chain(second.get(vm.at()).copied().flatten());
            kept.extend(places.map(|subnet| world.subnet(subnet).vnet));
        }
    }
    let nodes: BTreeSet<Node> = found.iter().filter_map(|item| naming::node_of(world, *item)).collect();
    for link in facts::shown_links(world).map(|link| world.link(link)) {
        if link.between.iter().any(|end| nodes.contains(end)) {
            kept.extend(link.between.iter().filter_map(|end| end.vnet()));
        }
    }
    (0..world.vnets().len()).map(VnetIx::new).filter(|vnet| !kept.contains(vnet)).collect()
}

impl App {
    /// Decides anew what is drawn larger on a map of rows.
    pub(super) fn look_closer(&mut self) {
        let found = self.found();
        self.with_session(|session| session.focus = focus(session, &found));
    }

    /// Whether the map shows tiles.
    pub(super) fn shows_tiles(&self) -> bool {
        !self.areas().cramped() && ground::shown(self).is_some_and(|layout| layout.level == Level::Tiles)
    }

    /// Shows a level more or less, or says why it cannot.
    pub(super) fn zoom(&mut self, by: i8) {
        self.look_closer();
        let Some(now) = ground::shown(self) else { return };
        let Some(session) = &self.session else { return };
        let at = ground::level_number(now.level);
        let wanted = i8::try_from(at).unwrap_or(0) + by;
        let Some(level) = usize::try_from(wanted).ok().and_then(|at| Level::ALL.get(at)) else {
            let end = if by > 0 { "all there is" } else { "the least there is" };
            self.tell(Tone::Plain, format!("{}: {end}", ground::level_title(now.level)));
            return;
        };
        let (before, fits) = (session.zoom, ground::fitting(session, self.areas().map));
        let zoom = wanted - i8::try_from(ground::level_number(fits)).unwrap_or(0);
        self.with_session(|session| session.zoom = zoom);
        if ground::shown(self).is_none_or(|layout| layout.level != *level) {
            self.with_session(|session| session.zoom = before);
            let title = ground::level_title(*level);
            let text = match ground::width_of(self, *level) {
                Some(needed) => format!("{title} needs {needed} columns, and the map has {}", self.areas().map.width),
                None => format!("{title} does not fit this map at any width"),
            };
            self.tell(Tone::Plain, text);
            return;
        }
        ground::reveal(self);
        let Some(layout) = ground::shown(self) else { return };
        let room = layout.window(self.areas().map.height);
        let more = if layout.size.height > room {
            format!(" · {} rows, {room} seen", layout.size.height)
        } else {
            String::new()
        };
        let counted = layout.routes.iter().filter(|route| route.link.is_some() && route.path.is_empty());
        // Rows and tiles have no lines to miss.
        let counted = if layout.level > Level::Rows { counted.count() } else { 0 };
        let last = match counted {
            0 => "z more, Z less".to_owned(),
            1 => "1 link not drawn (▼)".to_owned(),
            counted => format!("{counted} links not drawn (▼)"),
        };
        self.tell(Tone::Plain, format!("{}{more} · {last}", ground::level_title(*level)));
    }

    /// Hides what the search passed over, or shows it again.
    pub(super) fn only_found(&mut self) {
        let Some(session) = &self.session else { return };
        if session.search.is_empty() {
            self.tell(Tone::Plain, "search with / first; s then shows only what was found");
            return;
        }
        let on = !session.only_found;
        if on && self.found().is_empty() {
            self.tell(Tone::Plain, "nothing was found, so nothing would be left");
            return;
        }
        self.with_session(|session| session.only_found = on);
        self.look_closer();
        ground::reveal(self);
        ground::scroll(self, 0, 0);
        let text = match on {
            true => "only what was found and what that is linked to; s shows all again",
            false => "everything again; what was not found is dim",
        };
        self.tell(Tone::Plain, text);
    }

    /// Points at the next VNet with trouble.
    pub(super) fn next_trouble(&mut self) {
        let Some(session) = &self.session else { return };
        let networks = session.networks();
        let worst = networks.worst_first();
        let at = worst.iter().position(|vnet| session.node() == Some(Node::Vnet(*vnet)));
        let next = at.map_or(0, |at| (at + 1) % worst.len());
        let Some(vnet) = worst.get(next).copied() else {
            self.tell(Tone::Good, "no network has trouble");
            return;
        };
        let world = session.world();
        let place = &world.vnet(vnet);
        let wrong = networks.vnet(vnet).wrong(&world.regions()[place.region.at()].title);
        let text = format!("{} of {}: {}, {wrong}", next + 1, worst.len(), place.title);
        self.select(Item::Vnet(vnet));
        self.tell(Tone::Plain, text);
    }

    /// Lays the map out as if everything that came by hand had been there from the start.
    pub(super) fn lay_out_anew(&mut self) {
        self.with_session(|session| {
            let (vnets, _, vms) = ground::extent(session.world());
            let (links, position) = (session.world().links().len(), session.history.position());
            session.settled = Some(super::session::Settled { vnets, vms, links, position });
        });
        self.look_closer();
        ground::reveal(self);
        self.tell(Tone::Plain, "the map is laid out anew");
    }
}

/// Whether a matrix would show more than a map: many networks, or links between most of them.
pub fn suits_matrix(world: &World) -> bool {
    let vnets = world.vnets().len();
    let links = world.live_links().filter(|(_, link)| link.between.iter().all(|end| end.vnet().is_some())).count();
    let pairs = vnets * vnets.saturating_sub(1) / 2;
    vnets > 20 || (vnets > 4 && links * 5 > pairs)
}
