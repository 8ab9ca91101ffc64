//! What may happen to random networks: links are cut, made by hand or by half, break and come and go, regions go down, and
//! machines move. Every state on the way is read like any other frame.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use failscope::diagram::{Later, Layout, Level};
use failscope::history::History;
use failscope::topology::{Command, Inject, LinkKind, Node, Scope, Topology};
use failscope::world::World;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

use super::random::{networks, read_well};
use super::stage::map_size;
use super::words::Mark;

/// Something that happens: what, and to which of all networks or links.
type Deed = (u8, usize, usize, usize);

/// The command of a deed in a world; whether the world accepts it is its own matter.
fn command(world: &World, (what, one, other, kind): Deed) -> Option<Command> {
    let topology = world.topology();
    let name = |node: Node| match node {
        Node::Vnet(vnet) => topology.vnets[vnet.at()].id.clone(),
        Node::Site(site) => topology.sites[site.at()].id.clone(),
    };
    let nodes = topology.vnets.len() + topology.sites.len();
    let any = |at: usize| match at % nodes {
        vnet if vnet < topology.vnets.len() => topology.vnets[vnet].id.clone(),
        site => topology.sites[site - topology.vnets.len()].id.clone(),
    };
    let link = (!world.links().is_empty()).then(|| &world.links()[one % world.links().len()]);
    let ends = link.map(|link| link.between.map(name));
    let region = || topology.regions[one % topology.regions.len()].id.clone();
    let kind = [LinkKind::Vpn, LinkKind::Peering, LinkKind::Expressroute][kind % 3];
    let at_link = |deed: fn(String, String) -> Command| ends.clone().map(|[a, b]| deed(a, b));
    match what % 12 {
        0 | 1 => Some(Command::Connect { a: any(one), b: any(other), kind: Some(kind), circuit: None, bgp: false }),
        2 | 3 => at_link(|a, b| Command::Disconnect { a, b, kind: None, circuit: None }),
        4 => at_link(|at, peer| Command::DisconnectHalf { at, peer, kind: None }),
        5 => Some(Command::ConnectHalf { at: any(one), peer: any(other), kind: Some(kind) }),
        6 => at_link(|a, b| Command::Inject(Inject::FlapLink(a, b))),
        7 => at_link(|a, b| Command::Inject(Inject::WrongKey(a, b))),
        8 => at_link(|a, b| Command::Inject(Inject::StickLink(a, b))),
        9 => Some(Command::Outage(region())),
        10 => Some(Command::Restore(region())),
        _ => Some(Command::fail_over(Scope::Vnet(topology.vnets[one % topology.vnets.len()].id.clone()))),
    }
}

/// The history of a network to which some things happened.
fn life(topology: &Arc<Topology>, deeds: &[Deed]) -> History {
    let mut history = History::start(Arc::clone(topology));
    for deed in deeds {
        if let Some(command) = command(&history.now().world, *deed) {
            // A refusal changes nothing, and a state that was seen already says nothing new.
            history.run(&command);
        }
    }
    history
}

fn lives(count: usize, vnets: usize, links: usize) -> Vec<(String, History)> {
    let deeds = prop::collection::vec((0..12u8, 0..99usize, 0..99usize, 0..3usize), 24);
    let mut runner = TestRunner::new(Config::default());
    let networks = networks(count, vnets, links).into_iter();
    let lives = networks.map(|(name, topology)| {
        let deeds = deeds.new_tree(&mut runner).expect("deeds").current();
        (name, life(&topology, &deeds))
    });
    lives.collect()
}

#[test]
fn whatever_happens_every_link_is_drawn_with_its_state_or_counted_and_no_box_moves() {
    let all = Mutex::new([lives(24, 5, 8), lives(12, 16, 24)].concat());
    let seen: Mutex<BTreeMap<Mark, usize>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((name, history)) = { all.lock().unwrap().pop() } {
                    for mark in walk(&name, &history) {
                        *seen.lock().unwrap().entry(mark).or_default() += 1;
                    }
                }
            });
        }
    });
    let seen = seen.into_inner().unwrap();
    let marks = [Mark::Connected, Mark::Pending, Mark::Half, Mark::Cut, Mark::Blocked, Mark::Planned];
    for mark in marks {
        assert!(seen.get(&mark).is_some_and(|count| *count >= 20), "{mark:?} is hardly ever drawn: {seen:?}");
    }
}

/// Reads every state of a life in two sizes; the states of all lines that were read.
fn walk(name: &str, history: &History) -> Vec<Mark> {
    let revisions = history.revisions();
    let (first, last) = (&revisions[0].world, &revisions.last().expect("a start").world);
    let mut marks = Vec::new();
    for size in [(80, 24), (140, 45)] {
        let cells = map_size(size);
        let layout = Layout::with(last.topology(), last.links(), &Later::default(), cells, None);
        let alone = Layout::with(first.topology(), first.links(), &Later::default(), cells, None);
        // What is made by hand takes a free place.
        assert_eq!(layout.boxes.len(), alone.boxes.len(), "{name} {size:?}");
        assert!(layout.routes.len() >= alone.routes.len(), "{name} {size:?}");
        for (boxed, then) in layout.boxes.iter().zip(&alone.boxes) {
            assert_eq!(boxed, then, "{name} {size:?}");
        }
        for (route, then) in layout.routes.iter().zip(&alone.routes).filter(|(_, then)| then.link.is_some()) {
            assert_eq!((&route.path, route.label), (&then.path, then.label), "{name} {size:?}");
        }
        for (step, revision) in revisions.iter().enumerate() {
            let before = step.checked_sub(1).map(|before| &revisions[before].world);
            let told = revision.step.as_ref().map(|step| step.command.to_string()).unwrap_or_default();
            let about = format!("{name} {size:?} step {step} {told}");
            for ascii in [false, true] {
                let read = read_well(&about, &layout, (&revision.world, before), ascii, cells);
                if layout.level > Level::Rows {
                    marks.extend(read);
                }
            }
        }
    }
    marks
}
