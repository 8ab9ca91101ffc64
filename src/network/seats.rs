//! Where every VM is and what address it has, compact and shared between the states of a history.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

use crate::topology::{SubnetIx, VmIx, VnetIx};
use crate::world::{VmState, World};

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

/// The seats of all VMs, and the source VMs that still run beside a failed-over one (D8).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seats {
    count: usize,
    chunks: Vec<Arc<Vec<Seat>>>,
    left_running: Arc<BTreeMap<VmIx, (VnetIx, u32)>>,
}

impl Seats {
    /// The seats of a world.
    pub fn of(world: &World) -> Self {
        let regions: Vec<bool> = world.vnets().iter().map(|vnet| world.is_up(vnet.region)).collect();
        let (mut chunks, mut left_running, mut count) = (Vec::new(), BTreeMap::new(), 0);
        let mut chunk = Vec::with_capacity(CHUNK);
        for (vm, state) in world.vms() {
            if chunk.len() == CHUNK {
                chunks.push(Arc::new(std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK))));
            }
            let vnet = world.subnet(state.at.subnet).vnet;
            chunk.push(Seat { vnet, subnet: state.at.subnet, ip: state.at.ip.into(), runs: regions[vnet.at()] });
            left_running.extend(left(world, vm, state).map(|place| (vm, place)));
            count += 1;
        }
        chunks.push(Arc::new(chunk));
        Self { count, chunks, left_running: Arc::new(left_running) }
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
        let left = left(world, vm, state);
        if left.as_ref() != self.left_running.get(&vm) {
            let places = Arc::make_mut(&mut self.left_running);
            match left {
                Some(place) => places.insert(vm, place),
                None => places.remove(&vm),
            };
        }
    }

    /// The VM that serves at an address of a VNet and runs; looks at every VM.
    pub fn serving(&self, vnet: VnetIx, ip: Ipv4Addr) -> Option<VmIx> {
        let wanted = (vnet, u32::from(ip), true);
        let mut seats = self.chunks.iter().flat_map(|chunk| chunk.iter());
        seats.position(|seat| (seat.vnet, seat.ip, seat.runs) == wanted).map(VmIx::new)
    }

    /// The VM whose source still runs at an address of a VNet.
    pub fn left_running(&self, vnet: VnetIx, ip: Ipv4Addr) -> Option<VmIx> {
        let wanted = (vnet, u32::from(ip));
        self.left_running.iter().find(|(_, place)| **place == wanted).map(|(vm, _)| *vm)
    }
}

fn left(world: &World, vm: VmIx, state: &VmState) -> Option<(VnetIx, u32)> {
    state.behind?;
    world.twin_instance(vm).map(|place| (world.subnet(place.subnet).vnet, place.ip.into()))
}
