//! Which links a failover cuts and makes so that the moved machines reach what they reached before, like for like.
//!
//! Every link a moving VNet has, or had until it was cut, is repeated at its failover network, of the same kind; between
//! two VNets that both move it is repeated between their failover networks. A link is cut only where the overlap rules
//! demand it; on the way home also what was made for the failover alone, so that the links end as they began. Where machines stay behind in a VNet, its links are theirs too and are never cut: that is the subnet trap.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use ipnet::Ipv4Net;

use super::hubs::{self, LeftOut};
use crate::topology::overlap::{Clash, Wanted, clashes, direct_overlap, ends_overlap};
use crate::topology::twice::{Twice, Way, learned_twice};
use crate::topology::{
    Command, Endpoint, GatewayKind, Link, LinkIx, LinkKind, LinkState, Node, RegionIx, Scope, SiteIx, VmIx, VnetIx,
};
use crate::world::World;

/// A VNet from which machines move away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// The machines that move, each with the VNet it goes to.
    pub moving: Vec<(VmIx, VnetIx)>,
    /// The machines that stay and still need the links of the VNet.
    pub stays: Vec<VmIx>,
    /// The machines that would move but find no address.
    pub stranded: Vec<VmIx>,
    /// The machines that stay although nothing in the plan serves them.
    pub left_behind: Vec<VmIx>,
}

impl Source {
    /// Whether its links may move with its machines.
    fn whole(&self) -> bool {
        self.stays.is_empty()
    }

    /// The VNets its machines go to, in the order of the machines.
    pub fn targets(&self) -> Vec<VnetIx> {
        let mut targets = Vec::new();
        for (_, target) in &self.moving {
            if !targets.contains(target) {
                targets.push(*target);
            }
        }
        targets
    }

    /// The machines that go to a VNet.
    pub fn going(&self, target: VnetIx) -> Vec<VmIx> {
        self.moving.iter().filter(|(_, to)| *to == target).map(|(vm, _)| *vm).collect()
    }

    /// The VNet its machines go to that shares address space with it, where some stay: the subnet trap.
    pub fn trap(&self, world: &World, vnet: VnetIx) -> Option<VnetIx> {
        let twin = |target: &VnetIx| direct_overlap(world, [Node::Vnet(vnet), Node::Vnet(*target)]).is_some();
        self.targets().into_iter().find(twin).filter(|_| !self.whole())
    }
}

/// A link that was wanted and cannot be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// The link.
    pub wanted: Wanted,
    /// The link that forbids it; none where the two ends overlap directly.
    pub by: Option<Obstacle>,
    /// The VNet that is left only in part and therefore keeps the forbidding link.
    pub trapped: Option<VnetIx>,
}

/// A link that forbids another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Obstacle {
    /// Its ends.
    pub between: [Node; 2],
    /// The link; none where it is one the plan itself makes.
    pub link: Option<LinkIx>,
}

/// What to do with the links.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Relinking {
    /// Links to cut, in file order.
    pub cut: Vec<LinkIx>,
    /// Links to make.
    pub make: Vec<Wanted>,
    /// Gateways that are missing for them.
    pub gateways: Vec<(VnetIx, GatewayKind)>,
    /// Links to hubs that fail with the region, which are not repeated.
    pub left_out: Vec<LeftOut>,
    /// What joins the failover networks to the hubs of the recovery side instead.
    pub stand_ins: Vec<Command>,
    /// Routes on premises to point at the failover network.
    pub routes: Vec<Command>,
    /// What cannot be made.
    pub blocked: Vec<Blocked>,
}

/// Groups the machines of a scope by the VNet they leave: those that move, each with the VNet it goes to, and those that
/// find no address there.
pub fn sources(world: &World, scope: &Scope, moving: &[(VmIx, VnetIx)], stranded: &[VmIx]) -> BTreeMap<VnetIx, Source> {
    let mut found: BTreeMap<VnetIx, Source> = BTreeMap::new();
    for (vm, target) in moving {
        found.entry(world.vnet_of(*vm)).or_default().moving.push((*vm, *target));
    }
    let goes: HashSet<VmIx> = moving.iter().map(|(vm, _)| *vm).collect();
    let stranded: HashSet<VmIx> = stranded.iter().copied().collect();
    let whole_network = matches!(scope, Scope::Region(_) | Scope::Vnet(_));
    for (vm, state) in world.vms().filter(|(vm, _)| !goes.contains(vm)) {
        let Some(source) = found.get_mut(&world.vnet_of(vm)) else { continue };
        let counts = state.phase.replicated() || needed(world, vm);
        match () {
            () if stranded.contains(&vm) => source.stranded.push(vm),
            () if counts && !whole_network => source.stays.push(vm),
            () => source.left_behind.push(vm),
        }
    }
    found
}

fn needed(world: &World, vm: VmIx) -> bool {
    let is_it =
        |end: Endpoint| end == Endpoint::Vm(vm) || world.app_of(vm).is_some_and(|app| end == Endpoint::App(app));
    world.topology().needs.iter().any(|need| is_it(need.from) || is_it(need.to))
}

/// How links are moved.
#[derive(Debug, Clone, Default)]
pub struct Manner {
    /// The kind of new links between VNets; like for like without one.
    pub between: Option<LinkKind>,
    /// Whether the machines go home.
    pub homeward: bool,
    /// The regions that fail: nothing is joined to what stays there.
    pub failing: BTreeSet<RegionIx>,
    /// Whether the failover networks are joined to the hubs of the recovery side that stand in for those that fail.
    pub stand_ins: bool,
}

/// What to do with the links when the machines of `sources` move.
pub fn relink(world: &World, sources: &BTreeMap<VnetIx, Source>, manner: &Manner) -> Relinking {
    let Manner { between, homeward, ref failing, stand_ins } = *manner;
    let mut plan = Relinking::default();
    let mut links = world.links().to_vec();
    let residents = Residents::of(world, sources);
    // Nobody uses a link of a network that is left now, or was left before.
    let deserted = |end: &Node| leaves_whole(sources, *end) || !residents.after(sources, *end).contains(end);
    for wanted in wanted_links(world, sources, &residents, manner) {
        // What is left of the link itself has to go first (B8, B15).
        if let Some(left) = links.iter().position(|link| wanted.is(link) && link.state.is_broken()) {
            links[left].state = LinkState::Absent;
            plan.cut.push(LinkIx::new(left));
        }
        if ends_overlap(world, &links, wanted).is_some() {
            let partial =
                |node: Node| node.vnet().filter(|vnet| sources.get(vnet).is_some_and(|source| !source.whole()));
            let trapped = wanted.between.into_iter().find_map(partial);
            plan.blocked.push(Blocked { wanted, by: None, trapped });
            continue;
        }
        let in_the_way = clashes(world, &links, wanted);
        let movable = |link: LinkIx| links[link.at()].between.iter().any(deserted);
        if let Some(fixed) = in_the_way.iter().find(|clash| !movable(clash.link)) {
            let ends = [fixed.neighbour, fixed.at].into_iter().filter_map(Node::vnet);
            let trapped = ends.into_iter().find(|vnet| sources.contains_key(vnet));
            let known = fixed.link.at() < world.links().len();
            let by = Obstacle { between: links[fixed.link.at()].between, link: known.then_some(fixed.link) };
            plan.blocked.push(Blocked { wanted, by: Some(by), trapped });
            continue;
        }
        // A peering would shadow what a gateway brings, not be refused (B13): what nobody needs any more goes as well.
        let shadowed = clashes(world, &links, Wanted { kind: LinkKind::Vpn, ..wanted });
        let shadowed = shadowed.into_iter().filter(|clash| between.is_some() && movable(clash.link));
        let gone: Vec<Clash> = in_the_way.into_iter().chain(shadowed).collect();
        for clash in gone {
            if links[clash.link.at()].state != LinkState::Absent {
                links[clash.link.at()].state = LinkState::Absent;
                plan.cut.push(clash.link);
            }
        }
        // Made on the copy too, so that a later wanted link that clashes with it is found out.
        links.push(world.candidate(wanted));
        plan.make.push(wanted);
    }
    if homeward {
        for link in made_for_the_failover(world, sources) {
            if links[link.at()].state != LinkState::Absent {
                links[link.at()].state = LinkState::Absent;
                plan.cut.push(link);
            }
        }
    }
    plan.left_out = hubs::left_out(world, failing, sources, &links);
    if stand_ins {
        plan.stand_ins = hubs::join_stand_ins(world, &plan.left_out, &mut links);
    }
    if !homeward {
        plan.cut.extend(told_no_longer(world, sources, &mut links));
    }
    plan.cut.sort();
    plan.gateways = missing_gateways(world, &plan.make);
    plan.routes = reroutes(world, sources, &links, homeward);
    plan
}

/// The peerings by which VNets that are left whole tell a site, through a hub, a prefix that it learns from elsewhere over the
/// same circuit or device (B12, INV-1).
fn told_no_longer(world: &World, sources: &BTreeMap<VnetIx, Source>, links: &mut [Link]) -> Vec<LinkIx> {
    let mut cut = Vec::new();
    for site in (0..world.sites().len()).map(|at| Node::Site(SiteIx::new(at))) {
        for Twice(ways) in learned_twice(world, links, |link| world.passes(link), site) {
            let left = |way: &&Way| leaves_whole(sources, Node::Vnet(way.owner)) && way.peering.is_some();
            let Some(peering) = ways.iter().find(left).and_then(|way| way.peering) else { continue };
            if peering.at() < world.links().len() && links[peering.at()].state != LinkState::Absent {
                cut.push(peering);
            }
        }
    }
    cut.sort();
    cut.dedup();
    cut.iter().for_each(|link| links[link.at()].state = LinkState::Absent);
    cut
}

/// The links of VNets that are left whole which were not there at the start.
fn made_for_the_failover(world: &World, sources: &BTreeMap<VnetIx, Source>) -> Vec<LinkIx> {
    let declared = &world.topology().links;
    let new = |at: LinkIx| declared.get(at.at()).is_none_or(|link| link.state == LinkState::Absent);
    let left = |link: &Link| link.between.iter().any(|end| leaves_whole(sources, *end));
    world.live_links().filter(|(at, link)| new(*at) && left(link)).map(|(at, _)| at).collect()
}

fn leaves_whole(sources: &BTreeMap<VnetIx, Source>, end: Node) -> bool {
    end.vnet().and_then(|vnet| sources.get(&vnet)).is_some_and(Source::whole)
}

/// The links to make: those repeated at the failover networks, in file order, then those between machines that part. A
/// pair that is joined already in one way or another needs none.
fn wanted_links(
    world: &World,
    sources: &BTreeMap<VnetIx, Source>,
    residents: &Residents,
    manner: &Manner,
) -> Vec<Wanted> {
    let Manner { between: kind, homeward, ref failing, .. } = *manner;
    // What fails with the region is no end for a new link (D18).
    let gone = |between: [Node; 2]| between.into_iter().any(|end| hubs::fails(world, failing, sources, end).is_some());
    let works = |link: &Link| !link.state.is_broken();
    let joined = |[a, b]: [Node; 2]| world.live_links().any(|(_, link)| link.joins(a, b) && works(link));
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut add = |like: Wanted| {
        let between_vnets = like.between.iter().all(|node| node.vnet().is_some());
        let candidate = match kind.filter(|_| between_vnets) {
            Some(kind) => Wanted { kind, circuit: None, bgp: like.bgp && kind == LinkKind::Vpn, ..like },
            None => like,
        };
        let [a, b] = candidate.between;
        let same = |other: &Wanted| {
            (other.between == [a, b] || other.between == [b, a])
                && (other.kind, other.circuit) == (candidate.kind, candidate.circuit)
        };
        if a != b && !gone([a, b]) && !joined([a, b]) && !wanted.iter().any(same) {
            wanted.push(candidate);
        }
    };
    if homeward {
        // What was there at the start comes back, whether the failover repeated it or not.
        let goes_home =
            |end: &Node| end.vnet().is_some_and(|vnet| sources.values().any(|s| s.targets().contains(&vnet)));
        for link in world.topology().links.iter().filter(|link| link.state == LinkState::Connected) {
            let ends_serve = link.between.iter().all(|end| residents.after(sources, *end).contains(end));
            if ends_serve && link.between.iter().any(goes_home) {
                add(repeated(world, link, link.between));
            }
        }
    }
    for (at, link) in world.links().iter().enumerate() {
        let moves = link.between.iter().any(|end| end.vnet().is_some_and(|vnet| sources.contains_key(&vnet)));
        // On the way home nothing is repeated of what the recovery side had from the start: home has its own links back.
        let of_the_start = || world.topology().links.get(at).is_some_and(|link| link.state == LinkState::Connected);
        if !moves || world.is_planned(LinkIx::new(at)) || (homeward && of_the_start()) {
            continue;
        }
        let [near, far] = link.between.map(|end| residents.after(sources, end));
        for between in near.iter().flat_map(|p| far.iter().map(|q| [*p, *q])) {
            if between != link.between {
                add(like_for_like(world, link, between));
            }
        }
    }
    for between in parted(world, sources) {
        add(world.meant(between, None));
    }
    wanted
}

/// Where the machines of each VNet are in the end, by the VNets they belong to or came from.
struct Residents {
    /// Whether anybody serves in the VNet now.
    serves: Vec<bool>,
    /// Where this move, or an earlier one, puts its machines.
    went: Vec<BTreeSet<VnetIx>>,
}

impl Residents {
    fn of(world: &World, sources: &BTreeMap<VnetIx, Source>) -> Self {
        let moving: HashMap<VmIx, VnetIx> = sources.values().flat_map(|source| source.moving.iter().copied()).collect();
        let mut serves = vec![false; world.vnets().len()];
        let mut went = vec![BTreeSet::new(); world.vnets().len()];
        for (vm, state) in world.vms() {
            let here = world.vnet_of(vm);
            serves[here.at()] = true;
            let there = moving.get(&vm).copied().unwrap_or(here);
            let left = state.behind.map(|behind| world.subnet(behind.at.subnet).vnet);
            for origin in [Some(world.home_of(vm)), left].into_iter().flatten().filter(|origin| *origin != here) {
                went[origin.at()].insert(there);
            }
        }
        Self { serves, went }
    }

    /// Where the machines of a network are after the move: where they go, or where an earlier move put them. A network
    /// nobody serves in any more is where its machines went; one that never had any stays what it is.
    fn after(&self, sources: &BTreeMap<VnetIx, Source>, node: Node) -> BTreeSet<Node> {
        let Some(vnet) = node.vnet() else { return BTreeSet::from([node]) };
        let source = sources.get(&vnet);
        let went = &self.went[vnet.at()];
        let stays = source.is_none_or(|source| !source.whole()) && (self.serves[vnet.at()] || went.is_empty());
        let goes = source.map(Source::targets).unwrap_or_default();
        stays.then_some(vnet).into_iter().chain(goes).chain(went.iter().copied()).map(Node::Vnet).collect()
    }
}

/// A link like this one between two networks, with BGP where their gateways can speak it (B39).
fn repeated(world: &World, link: &Link, between: [Node; 2]) -> Wanted {
    let wanted = Wanted { between, ..Wanted::like(link) };
    Wanted { bgp: wanted.bgp && world.can_speak_bgp(between), ..wanted }
}

/// The link the file plans for the pair, else one of the kind and circuit of the link it repeats (article, line 121).
fn like_for_like(world: &World, link: &Link, between: [Node; 2]) -> Wanted {
    let planned = || world.topology().links.iter().filter(|planned| planned.joins(between[0], between[1]));
    let same = planned().find(|planned| (planned.kind, planned.circuit) == (link.kind, link.circuit));
    repeated(world, same.or_else(|| planned().next()).unwrap_or(link), between)
}

/// The pairs of VNets between which a need joins machines of one source: those that stay with those that go, and those
/// that go to different VNets.
fn parted(world: &World, sources: &BTreeMap<VnetIx, Source>) -> Vec<[Node; 2]> {
    let mut pairs = Vec::new();
    for (vnet, source) in sources {
        let targets = source.targets();
        let mut parts: Vec<(VnetIx, Vec<VmIx>)> = vec![(*vnet, source.stays.clone())];
        parts.extend(targets.into_iter().map(|target| (target, source.going(target))));
        for (at, (here, these)) in parts.iter().enumerate() {
            for (there, those) in &parts[at + 1..] {
                if need_each_other(world, these, those) {
                    pairs.push([Node::Vnet(*here), Node::Vnet(*there)]);
                }
            }
        }
    }
    pairs
}

/// Whether a need of the topology joins a machine of one group with one of another.
pub fn need_each_other(world: &World, these: &[VmIx], those: &[VmIx]) -> bool {
    if these.is_empty() || those.is_empty() {
        return false;
    }
    let touches = |vms: &[VmIx], end: Endpoint| {
        vms.iter().any(|vm| match end {
            Endpoint::Vm(other) => *vm == other,
            Endpoint::App(app) => world.app_of(*vm) == Some(app),
            Endpoint::Site(_) => false,
        })
    };
    let needs = &world.topology().needs;
    needs.iter().any(|need| {
        (touches(these, need.from) && touches(those, need.to)) || (touches(these, need.to) && touches(those, need.from))
    })
}

fn missing_gateways(world: &World, make: &[Wanted]) -> Vec<(VnetIx, GatewayKind)> {
    let mut missing = Vec::new();
    for wanted in make {
        let Some(kind) = wanted.kind.gateway() else { continue };
        for vnet in wanted.between.into_iter().filter_map(Node::vnet) {
            if world.gateway(vnet, kind).is_none() && !missing.contains(&(vnet, kind)) {
                missing.push((vnet, kind));
            }
        }
    }
    missing
}

/// The routes by which sites send to a VNet that moves, pointed at where its machines go: at the VNet itself, or at the hub
/// whose gateway it uses (article, line 155; H-FULL step 4). A route that covers more keeps the rest.
fn reroutes(world: &World, sources: &BTreeMap<VnetIx, Source>, links: &[Link], homeward: bool) -> Vec<Command> {
    let mut routes = Vec::new();
    let live = |a: Node, b: Node| links.iter().any(|link| link.state == LinkState::Connected && link.joins(a, b));
    let hub_of = |target: VnetIx, site: Node| {
        let behind = links.iter().filter(|link| link.state == LinkState::Connected);
        let hubs = behind.flat_map(Link::vnets).collect::<BTreeSet<VnetIx>>();
        let serves = |hub: &VnetIx| {
            links.iter().any(|link| link.spoke_of(*hub) == Some(target) && link.state == LinkState::Connected)
        };
        hubs.into_iter().find(|hub| live(Node::Vnet(*hub), site) && serves(hub))
    };
    for (at, site) in world.sites().iter().enumerate() {
        let here = Node::Site(SiteIx::new(at));
        let sent = |prefix: &Ipv4Net| {
            let around = site.routes.iter().filter(|route| route.prefix.contains(prefix));
            around.max_by_key(|route| route.prefix.prefix_len()).map(|route| route.via)
        };
        for (vnet, source) in sources.iter().filter(|(_, source)| source.whole()) {
            let space = &world.vnet(*vnet).address_space;
            let inside = site
                .routes
                .iter()
                .map(|route| route.prefix)
                .filter(|prefix| space.iter().any(|range| range.contains(prefix)));
            let mut prefixes: Vec<Ipv4Net> = inside.collect();
            prefixes.extend(space.iter().filter(|range| !prefixes.contains(range)).copied().collect::<Vec<_>>());
            for prefix in prefixes {
                let Some(via) = sent(&prefix) else { continue };
                let covers =
                    |target: &&VnetIx| world.vnet(**target).address_space.iter().any(|range| range.contains(&prefix));
                let way = |target: &VnetIx| match live(here, Node::Vnet(*target)) {
                    true => Some(*target),
                    false => hub_of(*target, here),
                };
                let targets = source.targets();
                // Going home, the site sends to where it sent at the start.
                let start = || {
                    let first = world.topology().sites[at].routes.iter().find(|first| first.prefix == prefix);
                    let first = first.map(|first| first.via).filter(|via| live(here, Node::Vnet(*via)));
                    first.filter(|_| homeward && targets.iter().any(|target| covers(&target)))
                };
                let wanted = start().or_else(|| targets.iter().filter(covers).find_map(way));
                let Some(wanted) = wanted.filter(|wanted| *wanted != via) else {
                    continue;
                };
                let via = world.vnet(wanted).id.clone();
                let command = Command::Route { site: site.id.clone(), prefix, via };
                if !routes.contains(&command) {
                    routes.push(command);
                }
            }
        }
    }
    routes
}

/// The command that makes a link, naming the kind only where the world would infer another.
pub fn connect_command(world: &World, wanted: Wanted) -> Command {
    let [a, b] = wanted.between;
    let meant = world.meant(wanted.between, None);
    let inferred = meant.kind == wanted.kind;
    let bgp = wanted.bgp && (!inferred || !meant.bgp);
    let circuit = wanted.circuit.filter(|_| meant != wanted);
    let circuit = circuit.map(|circuit| world.topology().circuits[circuit.at()].id.clone());
    Command::Connect {
        a: world.node_id(a).to_owned(),
        b: world.node_id(b).to_owned(),
        kind: (!inferred && circuit.is_none()).then_some(wanted.kind),
        circuit,
        bgp,
    }
}
