//! Where every VM is and what address it has, compact and shared between the states of a history.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

use crate::topology::{SubnetIx, VmIx, VnetIx};
use crate::world::{InstanceKind, VmState, World};

/// Where a VM serves, what address it has there, and whether it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seat {
    pub vnet: VnetIx,
    pub subnet: SubnetIx,
    pub ip: u32,
    pub runs: bool,
}

/// How many seats share one allocation: a moved VM copies so many, a verdict follows one pointer.
const CHUNK: usize = 1 << 10;

/// The seats of all VMs, and the machines that run beside them with the same identity: source VMs left running (D8) and
/// test copies (D12).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seats {
    count: usize,
    chunks: Vec<Arc<Vec<Seat>>>,
    beside: Arc<BTreeMap<(VmIx, InstanceKind), (VnetIx, u32)>>,
}

impl Seats {
    /// The seats of a world.
    pub fn of(world: &World) -> Self {
        let regions: Vec<bool> = world.vnets().iter().map(|vnet| world.is_up(vnet.region)).collect();
        let (mut chunks, mut beside, mut count) = (Vec::new(), BTreeMap::new(), 0);
        let mut chunk = Vec::with_capacity(CHUNK);
        for (vm, state) in world.vms() {
            if chunk.len() == CHUNK {
                chunks.push(Arc::new(std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK))));
            }
            let vnet = world.subnet(state.at.subnet).vnet;
            chunk.push(Seat { vnet, subnet: state.at.subnet, ip: state.at.ip.into(), runs: regions[vnet.at()] });
            if state.behind.is_some() || state.testing {
                beside.extend(instances(world, vm, state));
            }
            count += 1;
        }
        chunks.push(Arc::new(chunk));
        Self { count, chunks, beside: Arc::new(beside) }
    }

    /// How many VMs there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// The seat of a VM.
    pub fn get(&self, vm: VmIx) -> Seat {
        self.chunks[vm.at() / CHUNK][vm.at() % CHUNK]
    }

    /// Reads the seat of a VM anew.
    pub fn update(&mut self, world: &World, vm: VmIx) {
        let state = world.vm(vm);
        let vnet = world.subnet(state.at.subnet).vnet;
        let seat = Seat { vnet, subnet: state.at.subnet, ip: state.at.ip.into(), runs: world.runs(vm) };
        Arc::make_mut(&mut self.chunks[vm.at() / CHUNK])[vm.at() % CHUNK] = seat;
        let now: Vec<_> = instances(world, vm, state).collect();
        let all = (vm, InstanceKind::LeftRunning)..=(vm, InstanceKind::TestCopy);
        let same = self.beside.range(all.clone()).map(|(key, place)| (*key, *place)).eq(now.iter().copied());
        if !same {
            let beside = Arc::make_mut(&mut self.beside);
            let old: Vec<_> = beside.range(all).map(|(key, _)| *key).collect();
            for key in old {
                beside.remove(&key);
            }
            beside.extend(now);
        }
    }

    /// The VM that serves at an address of a VNet and runs; looks at every VM.
    pub fn serving(&self, vnet: VnetIx, ip: Ipv4Addr) -> Option<VmIx> {
        let wanted = (vnet, u32::from(ip), true);
        let mut seats = self.chunks.iter().flat_map(|chunk| chunk.iter());
        seats.position(|seat| (seat.vnet, seat.ip, seat.runs) == wanted).map(VmIx::new)
    }

    /// The VM of which a second machine runs at an address of a VNet.
    pub fn beside(&self, vnet: VnetIx, ip: Ipv4Addr) -> Option<(VmIx, InstanceKind)> {
        let wanted = (vnet, u32::from(ip));
        self.beside.iter().find(|(_, place)| **place == wanted).map(|(key, _)| *key)
    }
}

fn instances<'w>(
    world: &'w World,
    vm: VmIx,
    state: &VmState,
) -> impl Iterator<Item = ((VmIx, InstanceKind), (VnetIx, u32))> + use<'w> {
    let place = |at: crate::world::Place| (world.subnet(at.subnet).vnet, at.ip.into());
    world.instances_of(vm, state).map(move |instance| ((vm, instance.kind), place(instance.at)))
}
