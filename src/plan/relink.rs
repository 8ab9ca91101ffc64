//! Which links a failover cuts and makes so that the moved machines reach what they reached before, like for like.
//!
//! Every link of a VNet that moves is repeated at its failover network, of the same kind; between two VNets that both
//! move it is repeated between their failover networks. A link is cut only where the overlap rules demand it. Where
//! machines stay behind in a VNet, its links are theirs too and are never cut: that is the subnet trap.

use std::collections::BTreeMap;

use crate::topology::overlap::{Wanted, clashes, direct_overlap};
use crate::topology::{Command, Endpoint, GatewayKind, Link, LinkIx, LinkState, Node, Scope, SiteIx, VmIx, VnetIx};
use crate::world::{Phase, World};

/// A VNet from which machines move away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The VNets they move to, in the order of the machines.
    pub targets: Vec<VnetIx>,
    /// The machines that move.
    pub moving: Vec<VmIx>,
    /// The machines that stay and still need the links of the VNet.
    pub stays: Vec<VmIx>,
    /// The machines that stay although nothing in the plan serves them.
    pub left_behind: Vec<VmIx>,
}

impl Source {
    /// Whether its links may move with its machines.
    fn whole(&self) -> bool {
        self.stays.is_empty()
    }
}

/// A link that was wanted and cannot be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// The link.
    pub wanted: Wanted,
    /// The live link that forbids it; none where the two ends overlap directly.
    pub by: Option<LinkIx>,
    /// The VNet that is left only in part and therefore keeps the forbidding link.
    pub trapped: Option<VnetIx>,
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
    /// Routes on premises to point at the failover network.
    pub routes: Vec<Command>,
    /// What cannot be made.
    pub blocked: Vec<Blocked>,
}

/// Groups the moving machines by the VNet they leave. `moving` holds each with the VNet it goes to.
pub fn sources(world: &World, scope: &Scope, moving: &[(VmIx, VnetIx)]) -> BTreeMap<VnetIx, Source> {
    let mut found: BTreeMap<VnetIx, Source> = BTreeMap::new();
    for (vm, target) in moving {
        let source = found.entry(world.vnet_of(*vm)).or_insert_with(|| Source {
            targets: Vec::new(),
            moving: Vec::new(),
            stays: Vec::new(),
            left_behind: Vec::new(),
        });
        source.moving.push(*vm);
        if !source.targets.contains(target) {
            source.targets.push(*target);
        }
    }
    let goes: std::collections::HashSet<VmIx> = moving.iter().map(|(vm, _)| *vm).collect();
    let whole_network = matches!(scope, Scope::Region(_) | Scope::Vnet(_));
    for (vm, state) in world.vms().filter(|(vm, _)| !goes.contains(vm)) {
        let Some(source) = found.get_mut(&world.vnet_of(vm)) else { continue };
        let counts = state.phase == Phase::Protected || needed(world, vm);
        match counts && !whole_network {
            true => source.stays.push(vm),
            false => source.left_behind.push(vm),
        }
    }
    found
}

fn needed(world: &World, vm: VmIx) -> bool {
    let is_it =
        |end: Endpoint| end == Endpoint::Vm(vm) || world.app_of(vm).is_some_and(|app| end == Endpoint::App(app));
    world.topology().needs.iter().any(|need| is_it(need.from) || is_it(need.to))
}

/// What to do with the links when the machines of `sources` move.
pub fn relink(world: &World, sources: &BTreeMap<VnetIx, Source>) -> Relinking {
    let mut plan = Relinking::default();
    let mut links = world.links().to_vec();
    for wanted in wanted_links(world, sources) {
        if links.iter().any(|link| link.state != LinkState::Absent && link.joins(wanted.between[0], wanted.between[1]))
        {
            continue;
        }
        if direct_overlap(world, wanted.between).is_some() {
            plan.blocked.push(Blocked { wanted, by: None, trapped: trapped_by(world, sources, wanted) });
            continue;
        }
        let in_the_way = clashes(world, &links, wanted);
        let movable = |link: LinkIx| links[link.at()].between.iter().any(|end| leaves_whole(sources, *end));
        if let Some(fixed) = in_the_way.iter().find(|clash| !movable(clash.link)) {
            let trapped =
                [fixed.neighbour, fixed.at].into_iter().filter_map(Node::vnet).find(|vnet| sources.contains_key(vnet));
            plan.blocked.push(Blocked { wanted, by: Some(fixed.link), trapped });
            continue;
        }
        for clash in in_the_way {
            if links[clash.link.at()].state != LinkState::Absent {
                links[clash.link.at()].state = LinkState::Absent;
                plan.cut.push(clash.link);
            }
        }
        // Made on the copy too, so that no second wanted link clashes with it.
        links.push(Link {
            id: String::new(),
            kind: wanted.kind,
            between: wanted.between,
            circuit: wanted.circuit,
            state: LinkState::Connected,
        });
        plan.make.push(wanted);
    }
    plan.cut.sort();
    plan.gateways = missing_gateways(world, &plan.make);
    plan.routes = reroutes(world, sources, &links);
    plan
}

fn leaves_whole(sources: &BTreeMap<VnetIx, Source>, end: Node) -> bool {
    end.vnet().and_then(|vnet| sources.get(&vnet)).is_some_and(Source::whole)
}

fn trapped_by(world: &World, sources: &BTreeMap<VnetIx, Source>, wanted: Wanted) -> Option<VnetIx> {
    let partial = |node: Node| node.vnet().filter(|vnet| sources.get(vnet).is_some_and(|source| !source.whole()));
    wanted.between.into_iter().find_map(partial).filter(|_| direct_overlap(world, wanted.between).is_some())
}

/// The links to repeat at the failover networks, in file order, then links between those who part.
fn wanted_links(world: &World, sources: &BTreeMap<VnetIx, Source>) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut add = |candidate: Wanted| {
        let same_pair = |other: &Wanted| {
            let [a, b] = candidate.between;
            other.kind == candidate.kind && (other.between == [a, b] || other.between == [b, a])
        };
        if candidate.between[0] != candidate.between[1] && !wanted.iter().any(same_pair) {
            wanted.push(candidate);
        }
    };
    for (_, link) in world.live_links() {
        let [a, b] = link.between;
        for p in places_after(sources, a) {
            for q in places_after(sources, b) {
                if [p, q] != link.between {
                    add(like_for_like(world, link, [p, q]));
                }
            }
        }
    }
    for (vnet, source) in sources.iter().filter(|(_, source)| !source.whole()) {
        for target in &source.targets {
            if parts_need_each_other(world, source, *target) {
                let between = [Node::Vnet(*vnet), Node::Vnet(*target)];
                add(Wanted { kind: world.kind_for(between), between, circuit: None });
            }
        }
    }
    wanted
}

/// Where the machines of a network are after the failover.
fn places_after(sources: &BTreeMap<VnetIx, Source>, node: Node) -> Vec<Node> {
    let Some(source) = node.vnet().and_then(|vnet| sources.get(&vnet)) else { return vec![node] };
    let stays = (!source.whole()).then_some(node);
    stays.into_iter().chain(source.targets.iter().copied().map(Node::Vnet)).collect()
}

/// The link the file plans for the pair, else one of the kind and circuit of the link it repeats (article, line 121).
fn like_for_like(world: &World, link: &Link, between: [Node; 2]) -> Wanted {
    let planned = world.topology().links.iter().find(|planned| planned.joins(between[0], between[1]));
    let model = planned.unwrap_or(link);
    Wanted { kind: model.kind, between, circuit: model.circuit }
}

/// Whether a need joins a machine that goes to `target` with one that stays.
fn parts_need_each_other(world: &World, source: &Source, target: VnetIx) -> bool {
    let is_in = |vms: &[VmIx], end: Endpoint| world.vms_of(end).iter().any(|vm| vms.contains(vm));
    let mut destinations = crate::world::Destinations::of(world);
    let going: Vec<VmIx> = source
        .moving
        .iter()
        .copied()
        .filter(|vm| destinations.of_vm(*vm).is_some_and(|to| world.subnet(to.subnet).vnet == target))
        .collect();
    world.topology().needs.iter().any(|need| {
        (is_in(&going, need.from) && is_in(&source.stays, need.to))
            || (is_in(&going, need.to) && is_in(&source.stays, need.from))
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

/// The routes by which sites send to a VNet that moves, pointed at where its machines go (article, line 155).
fn reroutes(world: &World, sources: &BTreeMap<VnetIx, Source>, links: &[Link]) -> Vec<Command> {
    let mut routes = Vec::new();
    for (at, site) in world.sites().iter().enumerate() {
        let here = Node::Site(SiteIx::new(at));
        for route in &site.routes {
            let Some(source) = sources.get(&route.via).filter(|source| source.whole()) else { continue };
            let leads = |target: &&VnetIx| {
                let live = |link: &Link| link.state == LinkState::Connected && link.joins(here, Node::Vnet(**target));
                let covers = world.vnet(**target).address_space.iter().any(|prefix| prefix.contains(&route.prefix));
                covers && links.iter().any(live)
            };
            if let Some(target) = source.targets.iter().find(leads) {
                let via = world.vnet(*target).id.clone();
                routes.push(Command::Route { site: site.id.clone(), prefix: route.prefix, via });
            }
        }
    }
    routes
}

/// The command that makes a link, naming the kind only where the world would infer another.
pub fn connect_command(world: &World, wanted: Wanted) -> Command {
    let [a, b] = wanted.between;
    let inferred = world.kind_for(wanted.between) == wanted.kind;
    let circuit = wanted.circuit.map(|circuit| world.topology().circuits[circuit.at()].clone());
    Command::Connect {
        a: world.node_id(a).to_owned(),
        b: world.node_id(b).to_owned(),
        kind: (!inferred && circuit.is_none()).then_some(wanted.kind),
        circuit,
    }
}
