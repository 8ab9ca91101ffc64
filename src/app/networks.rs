//! How each VNet fares, counted in one pass: what rows, tiles and the list of what is wrong say about it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::facts::{Standing, reachable, shown_links, standing};
use crate::history::Revision;
use crate::network;
use crate::topology::{GatewayState, Link, LinkIx, LinkState, Node, VmIx, VnetIx};
use crate::world::{Phase, World};

/// So many other networks make a VNet a hub.
const HUB: usize = 3;

/// How a VNet fares, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::EnumIter)]
pub enum Condition {
    /// A machine in it does not reach whom it needs.
    CutOff,
    /// Somebody should reach it, and no link of it carries anything.
    Isolated,
    /// Its region is down, or does not answer.
    Down,
    /// A link of it is there and carries nothing.
    Blocked,
    /// A link, a gateway or the first copy of a machine is being made.
    Pending,
    /// It is well, and many are linked to it.
    Hub,
    /// It is well: machines run in it.
    Running,
    /// Nothing runs in it yet, or any more: machines have their place here.
    Waiting,
    /// It is well, and no machine has anything to do with it.
    Empty,
}

impl Condition {
    /// Its mark.
    pub const fn mark(self) -> char {
        match self {
            Self::CutOff => '!',
            Self::Isolated => '✗',
            Self::Down | Self::Blocked => '⊘',
            Self::Pending => '◐',
            Self::Hub => '▣',
            Self::Running => '●',
            Self::Waiting => '◌',
            Self::Empty => '·',
        }
    }

    /// What it is called.
    pub const fn word(self) -> &'static str {
        match self {
            Self::CutOff => "cut off",
            Self::Isolated => "isolated",
            Self::Down => "down",
            Self::Blocked => "blocked",
            Self::Pending => "pending",
            Self::Hub => "hub",
            Self::Running => "running",
            Self::Waiting => "replica",
            Self::Empty => "empty",
        }
    }

    /// Whether something is wrong, or not yet right.
    pub fn is_trouble(self) -> bool {
        self <= Self::Pending
    }
}

/// What there is to say about one VNet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Network {
    /// Links that carry traffic.
    pub carrying: usize,
    /// Links that are there, carrying or not.
    pub there: usize,
    /// Links that were cut.
    pub cut: usize,
    /// Links that are there and blocked.
    pub blocked: usize,
    /// Links being made.
    pub pending: usize,
    /// Machines that serve in it.
    pub serving: usize,
    /// Machines that belong here and serve elsewhere.
    pub away: usize,
    /// Machines that are replicated to it.
    pub replicas: usize,
    /// Machines in it that do not reach whom they need.
    pub cut_off: usize,
    /// Machines in it that are being copied for the first time, and gateways being made.
    pub copying: usize,
    /// Whether its region is down or does not answer.
    pub down: bool,
    /// Whether it stands in for another one.
    pub twin: bool,
    /// Links of the network it stands in for, where it has none itself.
    pub missing: usize,
}

impl Network {
    /// Links of any kind that were there or are there.
    pub fn links(&self) -> usize {
        self.there + self.cut
    }

    /// How it fares.
    pub fn condition(&self) -> Condition {
        // What waits as a failover network, or was left by its machines, is meant to be alone.
        let missed = self.serving > 0 || (!self.twin && self.away == 0);
        match () {
            () if self.cut_off > 0 => Condition::CutOff,
            () if self.down => Condition::Down,
            () if missed && self.carrying == 0 && self.pending == 0 && self.links() > 0 => Condition::Isolated,
            () if self.serving > 0 && self.missing > 0 => Condition::Isolated,
            () if self.blocked > 0 => Condition::Blocked,
            () if self.pending > 0 || self.copying > 0 => Condition::Pending,
            () if self.there >= HUB => Condition::Hub,
            () if self.serving > 0 => Condition::Running,
            () if self.replicas > 0 || self.away > 0 || self.twin => Condition::Waiting,
            () => Condition::Empty,
        }
    }

    /// What is wrong, in words.
    pub fn wrong(&self, region: &str) -> String {
        let some = |count: usize, one: &str| match count {
            1 => format!("1 {one}"),
            _ => format!("{count} {one}s"),
        };
        match self.condition() {
            Condition::CutOff => format!(
                "cut off: {} {} not reach whom {}",
                some(self.cut_off, "VM"),
                if self.cut_off == 1 { "does" } else { "do" },
                if self.cut_off == 1 { "it needs" } else { "they need" }
            ),
            Condition::Isolated if self.links() == 0 => {
                format!("isolated: no link, its source has {}", self.missing)
            }
            Condition::Isolated => format!("isolated: 0 of {} up", some(self.links(), "link")),
            Condition::Down => format!("{region} is down"),
            Condition::Blocked => format!("{} blocked", some(self.blocked, "link")),
            Condition::Pending if self.pending > 0 => format!("pending: {} being made", some(self.pending, "link")),
            Condition::Pending => "pending: a first copy or a gateway is being made".to_owned(),
            well => well.word().to_owned(),
        }
    }
}

/// How all VNets fare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Networks {
    vnets: Vec<Network>,
    reaching: Vec<bool>,
    /// How every link stands that is there, was there or is planned: found once, for it takes a look at all other links.
    pub links: Vec<(LinkIx, Standing)>,
}

impl Networks {
    /// Looks at every link and every machine once; `reaching` says of each machine, in the order of the topology, whether
    /// it runs and reaches whom it needs.
    pub fn of(world: &World, reaching: Vec<bool>) -> Self {
        let reaches = |vm: VmIx| reaching.get(vm.at()).is_some_and(|reaches| *reaches);
        let mut found = vec![Network::default(); world.vnets().len()];
        for (at, vnet) in world.vnets().iter().enumerate() {
            found[at].down = !world.answers(vnet.region);
            found[at].twin = vnet.recovers.is_some();
            let building = vnet.gateways.iter().filter(|gateway| gateway.state == GatewayState::Building);
            found[at].copying = building.count();
        }
        let links: Vec<(LinkIx, Standing)> = shown_links(world).map(|link| (link, standing(world, link))).collect();
        for (link, standing) in links.iter().copied() {
            let count: fn(&mut Network) = match standing {
                Standing::Planned => continue,
                Standing::Carries => |network| network.carrying += 1,
                Standing::Cut => |network| network.cut += 1,
                Standing::Pending => |network| network.pending += 1,
                _ => |network| network.blocked += 1,
            };
            let there = world.link(link).state != LinkState::Absent;
            for vnet in world.link(link).between.iter().filter_map(|end| end.vnet()) {
                count(&mut found[vnet.at()]);
                found[vnet.at()].there += usize::from(there);
            }
        }
        for at in 0..found.len() {
            let source = world.vnets()[at].recovers.filter(|_| found[at].links() == 0);
            found[at].missing = source.map_or(0, |source| found[source.at()].links());
        }
        let topology = world.topology();
        for (vm, state) in world.vms() {
            let (here, home) = (world.vnet_of(vm), world.home_of(vm));
            found[here.at()].serving += 1;
            found[here.at()].cut_off += usize::from(world.runs(vm) && !reaches(vm));
            found[here.at()].copying += usize::from(state.phase == Phase::Protecting);
            if here != home {
                found[home.at()].away += 1;
            } else if state.phase.replicated() {
                let target = world.target_of(vm).subnet.map(|subnet| world.subnet(subnet).vnet);
                let twin = target.or_else(|| topology.twins_of(home).next());
                if let Some(network) = twin.and_then(|twin| found.get_mut(twin.at())) {
                    network.replicas += 1;
                }
            }
        }
        Self { vnets: found, reaching, links }
    }

    /// Whether a machine runs and reaches whom it needs.
    pub fn reaches(&self, vm: VmIx) -> bool {
        self.reaching.get(vm.at()).is_some_and(|reaches| *reaches)
    }

    /// How a link stands; one that came after the start and is gone again is cut.
    pub fn standing(&self, link: LinkIx) -> Standing {
        let at = self.links.binary_search_by_key(&link, |(known, _)| *known);
        at.map_or(Standing::Cut, |at| self.links[at].1)
    }

    /// One VNet.
    pub fn vnet(&self, vnet: VnetIx) -> Network {
        self.vnets.get(vnet.at()).copied().unwrap_or_default()
    }

    /// The VNets with trouble, the worst first, else in the order of the file.
    pub fn worst_first(&self) -> Vec<VnetIx> {
        let mut all: Vec<(Condition, usize)> =
            self.vnets.iter().enumerate().map(|(at, network)| (network.condition(), at)).collect();
        all.retain(|(condition, _)| condition.is_trouble());
        all.sort_unstable();
        all.into_iter().map(|(_, at)| VnetIx::new(at)).collect()
    }
}

/// How the networks of the revision fare that was looked at last: a reader who moves over a map looks at one again and
/// again.
#[derive(Debug, Clone, Default)]
pub struct Remembered(RefCell<Option<(Arc<network::Network>, Rc<Networks>)>>);

impl Remembered {
    /// The networks of a revision, which is known by its forwarding state: each has one of its own.
    pub fn of(&self, revision: &Revision) -> Rc<Networks> {
        let mut last = self.0.borrow_mut();
        match &*last {
            Some((known, networks)) if Arc::ptr_eq(known, &revision.network) => Rc::clone(networks),
            _ => {
                let networks = Rc::new(Networks::of(&revision.world, reachable(revision)));
                *last = Some((Arc::clone(&revision.network), Rc::clone(&networks)));
                networks
            }
        }
    }
}

/// The networks at the far ends of links, by each of their ends.
pub fn neighbours<'a>(links: impl Iterator<Item = &'a Link>) -> HashMap<Node, Vec<Node>> {
    let mut found: HashMap<Node, Vec<Node>> = HashMap::new();
    for link in links {
        let [a, b] = link.between;
        found.entry(a).or_default().push(b);
        found.entry(b).or_default().push(a);
    }
    found
}

/// The links of a network that are there, were there or are planned, each with the network at the other end.
pub fn links_of(world: &World, node: Node) -> Vec<(LinkIx, Node)> {
    shown_links(world).filter_map(|link| Some((link, world.link(link).other(node)?))).collect()
}
