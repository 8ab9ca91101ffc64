//! The figures of reachability at 1,000 VNets, 10,000 subnets and 100,000 VMs: hub and spoke, each spoke peered with
//! its hub, the hubs joined in a ring by VPN.

use std::hint::black_box;
use std::net::Ipv4Addr;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use failscope::network::{Network, effective_routes, explain, needs};
use failscope::topology::{
    Allocation, App, AppIx, Endpoint, Gateway, GatewayKind, Link, LinkIx, LinkKind, LinkState, Need, Node, Region,
    RegionIx, Side, Site, SiteIx, SiteRoute, Subnet, SubnetIx, Topology, Vm, VmIx, Vnet, VnetIx,
};
use failscope::world::{Change, Subject, World};
use ipnet::Ipv4Net;

const VNETS: usize = 1_000;
const SUBNETS: usize = 10;
const VMS: usize = 10;
/// VNets whose number is a multiple of this are hubs.
const HUB_EVERY: usize = 500;
/// VNets of one app of 2,000 VMs, but for the first app, which is the first hub.
const APP_VNETS: usize = 20;

fn prefix(address: u32, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(address.into(), length)
}

/// The first address of a VNet: a /20 of 10.0.0.0/8 and what follows it.
fn base(vnet: usize) -> u32 {
    0x0A00_0000 + (vnet as u32) * 4096
}

fn topology() -> Topology {
    let region = |id: &str, side| Region { id: id.into(), title: id.into(), side, area: None };
    let mut topology = Topology {
        name: "large".into(),
        title: "Large".into(),
        regions: vec![region("source", Side::Source), region("recovery", Side::Recovery)],
        ..Topology::default()
    };
    for at in 0..VNETS {
        let vnet = VnetIx::new(at);
        let first = topology.subnets.len();
        for subnet in 0..SUBNETS {
            let range = base(at) + (subnet as u32) * 256;
            topology.subnets.push(Subnet::new(format!("s{subnet}"), vnet, prefix(range, 24)));
            let home = SubnetIx::new(first + subnet);
            for host in 0..VMS {
                let number = topology.vms.len();
                let ip = Ipv4Addr::from(range + 4 + host as u32);
                let vm = Vm::new(format!("vm-{number}"), home, ip, Allocation::Static);
                topology.vms.push(Vm { app: Some(AppIx::new(at.div_ceil(APP_VNETS))), protected: true, ..vm });
            }
        }
        topology.vnets.push(Vnet {
            id: format!("vnet-{at}"),
            title: format!("VNet {at}"),
            region: RegionIx::new(at % 2),
            address_space: vec![prefix(base(at), 20)],
            subnets: (first..first + SUBNETS).map(SubnetIx::new).collect(),
            recovers: None,
            gateways: vec![Gateway::new(GatewayKind::Vpn)],
        });
        let hub = at / HUB_EVERY * HUB_EVERY;
        let far = if at == hub { (hub + HUB_EVERY) % VNETS } else { hub };
        let kind = if at == hub { LinkKind::Vpn } else { LinkKind::Peering };
        let between = [Node::Vnet(vnet), Node::Vnet(VnetIx::new(far))];
        topology.links.push(Link::new(format!("link-{at}"), kind, between, LinkState::Connected));
    }
    let count = VNETS.div_ceil(APP_VNETS) + 1;
    topology.apps = (0..count).map(|at| App { id: format!("app-{at}"), title: String::new(), rto: None }).collect();
    topology.sites.push(Site {
        id: "site".into(),
        title: "Site".into(),
        prefixes: vec![prefix(0xC0A8_0000, 16)],
        asn: None,
        routes: vec![SiteRoute { prefix: prefix(base(0), 20), via: VnetIx::new(0) }],
    });
    let between = [Node::Vnet(VnetIx::new(0)), Node::Site(SiteIx::new(0))];
    let (kind, state) = (LinkKind::Vpn, LinkState::Connected);
    topology.links.push(Link::new("to-site", kind, between, state));
    let app = |at| Endpoint::App(AppIx::new(at));
    topology.needs = (0..count - 1).map(|at| Need { from: app(at), to: app(at + 1), port: None }).collect();
    topology
}

fn benches(c: &mut Criterion) {
    let before = topology();
    let spoke = LinkIx::new(7);
    let mut after = before.clone();
    after.links[spoke.at()].state = LinkState::Absent;
    let (world, cut) = (World::start(Arc::new(before)), World::start(Arc::new(after)));
    let network = Network::of(&world);
    let changes = [Change { subject: Subject::Link(spoke), from: None, to: None }];

    c.bench_function("full recompute", |b| b.iter(|| Network::of(black_box(&world))));
    c.bench_function("one link change", |b| {
        b.iter_batched(|| (), |()| network.updated(black_box(&cut), &changes), BatchSize::SmallInput);
    });
    let mut seed = 0usize;
    c.bench_function("pair verdict", |b| {
        b.iter(|| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (a, z) = ((seed >> 33) % 100_000, (seed >> 13) % 100_000);
            network.reaches(VmIx::new(a), VmIx::new(z))
        });
    });
    let vm = |at| Endpoint::Vm(VmIx::new(at));
    c.bench_function("explanation, one hop", |b| b.iter(|| explain(&world, &network, vm(5), vm(70_123))));
    c.bench_function("explanation, not transitive", |b| b.iter(|| explain(&world, &network, vm(705), vm(90_123))));
    c.bench_function("needs of 51 apps, most of 2,000 VMs", |b| b.iter(|| needs::met(&world, &network)));
    let hub_and_spokes = [AppIx::new(0), AppIx::new(1)].map(Endpoint::App);
    c.bench_function("a met need of 100 with 2,000 VMs", |b| {
        b.iter(|| needs::first_failing(&world, &network, hub_and_spokes[0], hub_and_spokes[1]));
    });
    c.bench_function("effective routes of a hub", |b| b.iter(|| effective_routes(&world, VnetIx::new(0), None)));
}

criterion_group!(network, benches);
criterion_main!(network);
