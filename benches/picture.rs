//! The figures of the picture at 100 and 1,000 VNets: half of them recover the other half, each source joined with the
//! next and with a hub, laid out and painted on a wall display of 240x70. How the networks fare is found once a step, so
//! it is measured by itself.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use failscope::app::areas::Areas;
use failscope::app::networks::Networks;
use failscope::diagram::{Layout, Level, Size};
use failscope::topology::{
    Allocation, Link, LinkKind, LinkState, Node, Region, RegionIx, Side, Subnet, SubnetIx, Topology, Vm, Vnet, VnetIx,
};
use failscope::ui::glyphs::Glyphs;
use failscope::ui::map::{MapView, draw};
use failscope::ui::theme::Theme;
use failscope::world::World;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// `vnets` VNets with two subnets of two VMs each.
fn topology(vnets: usize) -> Topology {
    let region = |id: &str, side| Region { id: id.into(), title: id.into(), side, area: None };
    let mut topology = Topology {
        name: "large".into(),
        title: "Large".into(),
        regions: vec![region("source", Side::Source), region("recovery", Side::Recovery)],
        ..Topology::default()
    };
    for at in 0..vnets {
        let (pair, twin) = (at / 2, at % 2 == 1);
        let vnet = VnetIx::new(at);
        let first = topology.subnets.len();
        for nth in 0..2 {
            let prefix = format!("10.{}.{}.0/24", pair / 64, pair % 64 * 4 + nth);
            topology.subnets.push(Subnet::new(format!("s{nth}"), vnet, prefix.parse().expect("a prefix")));
            for host in (0..2).filter(|_| !twin) {
                let ip = format!("10.{}.{}.{}", pair / 64, pair % 64 * 4 + nth, host + 4);
                let home = SubnetIx::new(first + nth);
                let vm =
                    Vm::new(format!("vm-{at}-{nth}-{host}"), home, ip.parse().expect("an address"), Allocation::Static);
                topology.vms.push(Vm { protected: true, ..vm });
            }
        }
        topology.vnets.push(Vnet {
            id: format!("vnet-{at}"),
            title: format!("VNet {at}"),
            region: RegionIx::new(usize::from(twin)),
            address_space: vec![format!("10.{}.{}.0/22", pair / 64, pair % 64 * 4).parse().expect("a prefix")],
            subnets: vec![SubnetIx::new(first), SubnetIx::new(first + 1)],
            recovers: twin.then(|| VnetIx::new(at - 1)),
            gateways: Vec::new(),
        });
        for (other, kind) in [(at.saturating_sub(2), LinkKind::Peering), (0, LinkKind::Vpn)] {
            if !twin && at > 2 {
                let between = [Node::Vnet(vnet), Node::Vnet(VnetIx::new(other))];
                topology.links.push(Link::new(format!("link-{at}-{other}"), kind, between, LinkState::Connected));
            }
        }
    }
    topology
}

fn benches(c: &mut Criterion) {
    let area = Areas::of(240, 70).map;
    let size = Size { width: area.width, height: area.height };
    let cells = |at: i32| u16::try_from(at).expect("a screen");
    for vnets in [10, 100, 1_000] {
        let world = World::start(Arc::new(topology(vnets)));
        c.bench_function(&format!("layout, {vnets} VNets"), |b| {
            b.iter(|| Layout::new(black_box(world.topology()), world.links(), size, None));
        });
        let layout = Layout::new(world.topology(), world.links(), size, None);
        assert!(vnets < 100 || layout.level <= Level::Rows);
        c.bench_function(&format!("how they fare, {vnets} VNets"), |b| {
            b.iter(|| Networks::of(black_box(&world), vec![true; world.topology().vms.len()]));
        });
        let (theme, glyphs) = (Theme::dark(), Glyphs::unicode());
        let networks = Networks::of(&world, vec![true; world.topology().vms.len()]);
        let view = MapView {
            world: &world,
            before: Some(&world),
            networks: &networks,
            selection: None,
            matches: None,
            offset: (0, 0),
            theme: &theme,
            glyphs: &glyphs,
        };
        let screen = Rect::new(0, 0, cells(area.width), cells(area.height));
        let mut buffer = Buffer::empty(screen);
        c.bench_function(&format!("paint, {vnets} VNets"), |b| {
            b.iter(|| draw(&mut buffer, screen, &layout, black_box(&view)));
        });
    }
}

criterion_group!(picture, benches);
criterion_main!(picture);
