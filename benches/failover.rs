//! The figures of loading, failing over and planning at 1,000 VNets, 10,000 subnets and 100,000 VMs: 499 source VNets
//! with their twins, all sources peered with one core VNet.

use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use failscope::history::History;
use failscope::network::Network;
use failscope::plan::{Timing, derive};
use failscope::topology::{Command, Scope, load};
use failscope::world::{World, apply};

const PAIRS: usize = 499;
const SUBNETS: usize = 10;
/// Protected VMs of a subnet; as many are not protected.
const VMS: usize = 10;

fn file() -> String {
    let mut text = String::from(
        "format = 1\ntitle = \"Large\"\n[region.near]\nside = \"source\"\n[region.far]\nside = \"recovery\"\n\
         [app.services]\n[vnet.core]\nregion = \"far\"\naddress-space = [\"172.16.0.0/16\"]\n\
         subnets = { services = \"172.16.1.0/24\" }\n[vm.sql]\napp = \"services\"\nsubnet = \"core/services\"\nip = \"172.16.1.4\"\n",
    );
    for n in 0..PAIRS {
        let (high, low) = (n / 16, n % 16 * 16);
        write!(text, "[app.app-{n}]\n[vnet.home-{n}]\nregion = \"near\"\naddress-space = [\"10.{high}.{low}.0/20\"]\n")
            .unwrap();
        writeln!(text, "[vnet.home-{n}.subnets]").unwrap();
        for subnet in 0..SUBNETS {
            writeln!(text, "subnet-{subnet} = \"10.{high}.{}.0/24\"", low + subnet).unwrap();
        }
        write!(text, "[vnet.away-{n}]\nregion = \"far\"\nrecovers = \"home-{n}\"\n").unwrap();
        for subnet in 0..SUBNETS {
            write!(
                text,
                "[vm.vm-{n}-{subnet}]\napp = \"app-{n}\"\nsubnet = \"home-{n}/subnet-{subnet}\"\nip = \"10.{high}.{0}.4\"\ncount = {VMS}\n\
                 [vm.idle-{n}-{subnet}]\nsubnet = \"home-{n}/subnet-{subnet}\"\nip = \"10.{high}.{0}.100\"\ncount = {VMS}\nprotected = false\n",
                low + subnet
            )
            .unwrap();
        }
        write!(text, "[link.link-{n}]\nkind = \"peering\"\nbetween = [\"home-{n}\", \"core\"]\n").unwrap();
        write!(text, "[[needs]]\nfrom = \"app-{n}\"\nto = \"services\"\n").unwrap();
    }
    text
}

fn failover(criterion: &mut Criterion) {
    let text = file();
    let topology = Arc::new(load::parse("large", &text).expect("the file is a topology"));
    let world = World::start(topology.clone());
    let network = Network::of(&world);
    let region = Scope::Region("near".to_owned());
    let mut group = criterion.benchmark_group("1,000 VNets");
    group.sample_size(10);
    group.bench_function("load and validate the file", |bench| bench.iter(|| black_box(load::parse("large", &text))));
    group.bench_function("fail over half of the VMs: world and network", |bench| {
        let command = Command::fail_over(region.clone());
        bench.iter(|| {
            let done = apply(&world, &command).expect("the region can fail over");
            black_box(network.updated(&done.world, &done.changes))
        });
    });
    group.bench_function("one disconnect, with every need judged", |bench| {
        let command: Command = "disconnect home-7 core".parse().expect("a command");
        let history = History::start(topology.clone());
        bench.iter_batched_ref(|| history.clone(), |history| history.execute(&command), BatchSize::LargeInput);
    });
    group.bench_function("undo and redo", |bench| {
        let mut history = History::start(topology.clone());
        history.execute(&Command::fail_over(region.clone())).expect("the region can fail over");
        bench.iter(|| (black_box(history.undo()), black_box(history.redo())));
    });
    group.bench_function("derive the plan of one app", |bench| {
        let scope = Scope::App("app-7".to_owned());
        bench.iter(|| black_box(derive(&world, &scope, Timing::During)));
    });
    group.bench_function("derive the plan of the region", |bench| {
        bench.iter(|| black_box(derive(&world, &region, Timing::During)));
    });
    group.finish();
}

criterion_group!(benches, failover);
criterion_main!(benches);
