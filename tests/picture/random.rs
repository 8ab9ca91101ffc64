//! Random networks: whatever they are, the frames of section 4 hold what they promise.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use failscope::diagram::{Layout, Level, Size};
use failscope::topology::{
    Allocation, Link, LinkKind, LinkState, Node, Region, RegionIx, Side, Site, SiteIx, Subnet, SubnetIx, Topology, Vm,
    Vnet, VnetIx,
};
use failscope::ui::glyphs::Glyphs;
use failscope::world::World;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use unicode_width::UnicodeWidthStr;

use super::judge::{Frame, Wrong};
use super::stage::{SIZES, map_size, paint, picture};
use super::words::Mark;

/// One VNet: its region, whether it recovers an earlier one and which, its subnets, its VMs, the length of its name.
type Network = (usize, bool, usize, usize, usize, usize);
/// One link: its ends among all networks, its kind and its state.
type Join = (usize, usize, usize, usize);

fn shape(vnets: usize, links: usize) -> impl Strategy<Value = (usize, Vec<Network>, usize, Vec<Join>)> {
    let network = (0..4usize, any::<bool>(), 0..40usize, 1..4usize, 0..4usize, 1..24usize);
    let join = (0..44usize, 0..44usize, 0..3usize, 0..3usize);
    (1..4usize, prop::collection::vec(network, 1..=vnets), 0..4usize, prop::collection::vec(join, 0..=links))
}

fn topology((regions, vnets, sites, links): (usize, Vec<Network>, usize, Vec<Join>)) -> Topology {
    let side = |at: usize| if at.is_multiple_of(2) { Side::Source } else { Side::Recovery };
    let region =
        |at: usize| Region { id: format!("region-{at}"), title: format!("Region {at}"), side: side(at), area: None };
    let mut made = Topology {
        name: "random".into(),
        title: "Random".into(),
        regions: (0..=regions).map(region).collect(),
        ..Topology::default()
    };
    for (at, (region, twin, of, subnets, vms, name)) in vnets.into_iter().enumerate() {
        let region = RegionIx::new(region % made.regions.len());
        let apart = |source: &usize| made.vnets[*source].region != region;
        let recovers = (twin && at > 0).then(|| of % at.max(1)).filter(apart);
        let base = recovers
            .map_or(at, |source| made.subnets[made.vnets[source].subnets[0].at()].prefix.addr().octets()[1].into());
        let vnet = VnetIx::new(at);
        let first = made.subnets.len();
        let prefix = |nth: usize| format!("10.{base}.{nth}.0/24").parse().expect("a prefix");
        for nth in 0..subnets {
            made.subnets.push(Subnet::new(format!("subnet-{nth}"), vnet, prefix(nth)));
        }
        for nth in 0..vms {
            let (home, host) = (nth % subnets, nth + 4);
            let ip = format!("10.{base}.{home}.{host}").parse().expect("an address");
            let vm = Vm::new(format!("vm-{at}-{nth}"), SubnetIx::new(first + home), ip, Allocation::Static);
            made.vms.push(Vm { protected: true, ..vm });
        }
        made.vnets.push(Vnet {
            id: format!("vnet-{at}"),
            title: format!("{at} {}", "Network of many long words "[..name].trim_end()),
            region,
            address_space: vec![format!("10.{base}.0.0/16").parse().expect("a prefix")],
            subnets: (first..first + subnets).map(SubnetIx::new).collect(),
            recovers: recovers.map(VnetIx::new),
            gateways: Vec::new(),
        });
    }
    for at in 0..sites {
        let prefixes = vec![format!("192.168.{at}.0/24").parse().expect("a prefix")];
        made.sites.push(Site {
            id: format!("site-{at}"),
            title: format!("Site {at}"),
            prefixes,
            routes: vec![],
            asn: None,
        });
    }
    let vnets = (0..made.vnets.len()).map(|at| Node::Vnet(VnetIx::new(at)));
    let nodes: Vec<Node> = vnets.chain((0..sites).map(|at| Node::Site(SiteIx::new(at)))).collect();
    for (at, (a, b, kind, state)) in links.into_iter().enumerate() {
        let ends = [nodes[a % nodes.len()], nodes[b % nodes.len()]];
        let kind = [LinkKind::Vpn, LinkKind::Peering, LinkKind::Expressroute][kind];
        let state = [LinkState::Connected, LinkState::Pending, LinkState::Absent][state];
        if ends[0] != ends[1] {
            made.links.push(Link::new(format!("link-{at}"), kind, ends, state));
        }
    }
    made
}

/// Some random networks, the same in every run.
pub fn networks(count: usize, vnets: usize, links: usize) -> Vec<(String, Arc<Topology>)> {
    let mut runner = TestRunner::new(Config::default());
    let shape = shape(vnets, links);
    let mut one = |at: usize| {
        let shape = shape.new_tree(&mut runner).expect("a shape").current();
        (format!("random {at}"), Arc::new(topology(shape)))
    };
    (0..count).map(&mut one).collect()
}

/// Metrics 1 to 3, 5, 6, 9, 10, 13, 14 and 19 in both glyph sets; what is neither drawn nor counted breaks metric 1.
#[test]
fn whatever_the_network_every_link_is_drawn_or_counted_and_nothing_runs_into_anything() {
    let mut all = Vec::new();
    for (count, vnets, links) in [(24, 6, 10), (24, 40, 60)] {
        all.extend(networks(count, vnets, links));
    }
    let (networks, lines, boxed) = (Mutex::new(all), AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((name, topology)) = { networks.lock().unwrap().pop() } {
                    for size in SIZES {
                        let (read, level) = judge(&name, &topology, size);
                        lines.fetch_add(read, Ordering::Relaxed);
                        boxed.fetch_add(usize::from(level > Level::Rows), Ordering::Relaxed);
                    }
                }
            });
        }
    });
    assert!(lines.into_inner() > 1_000 && boxed.into_inner() > 100, "there was something to read");
}

/// Judges the frames of a network at a size; how many lines they have, and at which level they are.
fn judge(name: &str, topology: &Arc<Topology>, size: (u16, u16)) -> (usize, Level) {
    let world = World::start(Arc::clone(topology));
    let cells = map_size(size);
    let layout = Layout::new(topology, world.links(), cells, None);
    let about = format!("{name} {size:?}");
    let lines = [false, true].map(|ascii| read_well(&about, &layout, (&world, None), ascii, cells).len());
    let screen = paint(&layout, &world, None, Glyphs::unicode(), cells);
    for row in screen.content.chunks(usize::from(screen.area.width)) {
        let text: String = row.iter().map(ratatui::buffer::Cell::symbol).collect();
        assert_eq!(text.width(), row.len(), "{name} {size:?}");
    }
    (lines.into_iter().sum(), layout.level)
}

/// Reads the frame of a state, compared with another one; nothing may be wrong with it. Returns the marks of its lines.
pub fn read_well(
    about: &str,
    layout: &Layout,
    (world, before): (&World, Option<&World>),
    ascii: bool,
    cells: Size,
) -> Vec<Mark> {
    let picture = picture(layout, world, before, ascii, cells);
    let frame = Frame::new(&picture, layout, world, before);
    let mut wrong = Wrong::new();
    frame.links(&mut wrong);
    frame.courses(&mut wrong);
    frame.boxes(&mut wrong);
    frame.texts(&mut wrong);
    assert!(wrong.is_empty(), "{about} ascii {ascii}: {wrong:#?}\n{}", picture.lines());
    frame.marks()
}
