//! The subnet a VM goes to: out to its failover network, home to where it came from, or into a test network (A12 to A14,
//! A37).

use rustc_hash::FxHashMap;

use super::cards::Way;
use super::{Card, Cards, Phase, TestNetwork, VmState, World};
use crate::topology::{SubnetIx, Target, VmIx, VnetIx};

/// The subnet a VM goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Destination {
    /// The subnet.
    pub subnet: SubnetIx,
    /// Whether it was taken only because it is the alphabetically first one (A13).
    pub misnamed: bool,
}

/// Finds destinations, remembering what was found per subnet and network.
pub struct Destinations<'a> {
    world: &'a World,
    networks: Vec<Option<VnetIx>>,
    by_subnet: FxHashMap<(SubnetIx, VnetIx), Option<Destination>>,
    /// The answer given last: machines of one subnet mostly stand together in the file.
    last: Option<((SubnetIx, VnetIx), Option<Destination>)>,
}

impl<'a> Destinations<'a> {
    /// Destinations in `world`.
    pub fn of(world: &'a World) -> Self {
        let mut networks = vec![None; world.vnets().len()];
        for (at, vnet) in world.vnets().iter().enumerate().rev() {
            if let Some(source) = vnet.recovers {
                networks[source.at()] = Some(VnetIx::new(at));
            }
        }
        Self { world, networks, by_subnet: FxHashMap::default(), last: None }
    }

    /// The failover network of a VNet: the first VNet of the file that recovers it (A12).
    pub fn failover_network(&self, vnet: VnetIx) -> Option<VnetIx> {
        self.networks[vnet.at()]
    }

    /// Where a VM goes: the explicit subnet, else the one of the same name, else the alphabetically first (A13, A24).
    pub fn of_vm(&mut self, vm: VmIx) -> Option<Destination> {
        self.of_state(vm, self.world.vm(vm))
    }

    /// Where a VM in this state goes. One that serves away from home goes home; its network there is fixed (A37, A38).
    pub(super) fn of_state(&mut self, vm: VmIx, state: &VmState) -> Option<Destination> {
        let target = self.world.target_in(vm, state);
        if let Some(subnet) = target.subnet {
            return Some(Destination { subnet, misnamed: false });
        }
        let network = match state.phase {
            Phase::FailedOver | Phase::Committed | Phase::ReProtected => Some(self.world.home_of(vm)),
            _ => self.failover_network(self.world.subnet(state.at.subnet).vnet),
        }?;
        self.in_network(state.at.subnet, network)
    }

    /// Where a further card of a VM goes, once it is known where the VM goes: all NICs of a VM are in one VNet (A29), and a
    /// secondary address is where its NIC is (A28).
    pub(super) fn of_card(&mut self, goal: Destination, cards: &Cards, card: &Card, way: Way) -> Option<Destination> {
        if card.secondary {
            let nic = cards.iter().find(|nic| !nic.secondary && nic.nic == card.nic);
            return nic.map_or(Some(goal), |nic| self.of_card(goal, cards, nic, way));
        }
        let network = self.world.subnet(goal.subnet).vnet;
        match card.wish(way).subnet {
            Some(subnet) if self.world.subnet(subnet).vnet == network => Some(Destination { subnet, misnamed: false }),
            // A test may go to any network, so there the name of the subnet counts.
            Some(stored) if matches!(way, Way::Test { .. }) => self.in_network(stored, network),
            _ => self.in_network(card.at?.subnet, network),
        }
    }

    /// Where a test copy of a VM goes in a network: by the name of the subnet in the VM's own test settings (A34), else by
    /// name as in a failover (A14). In a plan the network of those settings goes before the one asked for (A33).
    pub(super) fn of_test(&mut self, vm: VmIx, into: VnetIx, network: TestNetwork) -> Option<Destination> {
        match self.world.test_target(vm).subnet {
            Some(subnet) if network == TestNetwork::StoredFirst || self.world.subnet(subnet).vnet == into => {
                Some(Destination { subnet, misnamed: false })
            }
            Some(stored) => self.in_network(stored, into),
            None => self.in_network(self.world.vm(vm).at.subnet, into),
        }
    }

    /// The subnet of `network` for a machine of `source`.
    pub(super) fn in_network(&mut self, source: SubnetIx, network: VnetIx) -> Option<Destination> {
        let asked = (source, network);
        if let Some((_, known)) = self.last.filter(|(last, _)| *last == asked) {
            return known;
        }
        let found = match self.by_subnet.get(&asked) {
            Some(known) => *known,
            None => self.matching(source, network),
        };
        self.by_subnet.insert(asked, found);
        self.last = Some((asked, found));
        found
    }

    fn matching(&self, source: SubnetIx, network: VnetIx) -> Option<Destination> {
        let name = &self.world.subnet(source).id;
        let candidates = || {
            let subnets = self.world.vnet(network).subnets.iter().copied();
            subnets.filter(|subnet| self.world.subnet(*subnet).hosts_vms())
        };
        let same = candidates().find(|subnet| self.world.subnet(*subnet).id == *name);
        same.map(|subnet| Destination { subnet, misnamed: false }).or_else(|| {
            let first = candidates().min_by_key(|subnet| self.world.subnet(*subnet).id.to_lowercase());
            first.map(|subnet| Destination { subnet, misnamed: true })
        })
    }
}

impl World {
    /// The VNet a VM belongs to: where the file, or whoever added it, put it.
    pub fn home_of(&self, vm: VmIx) -> VnetIx {
        self.subnet(self.topology.vms[vm.at()].subnet).vnet
    }

    /// Whether a VM serves in another VNet than the one it belongs to.
    pub fn is_away(&self, vm: VmIx) -> bool {
        self.vnet_of(vm) != self.home_of(vm)
    }

    /// The target settings that count for the next failover or failback of a VM; those for the way home are its own (A37).
    pub fn target_of(&self, vm: VmIx) -> Target {
        self.target_in(vm, self.vm(vm))
    }

    pub(super) fn target_in(&self, vm: VmIx, state: &VmState) -> Target {
        match state.phase {
            Phase::FailedOver | Phase::Committed | Phase::ReProtected => {
                self.home_targets.get(&vm).copied().unwrap_or_default()
            }
            _ => state.target,
        }
    }

    /// The settings of a VM for test failovers (A34).
    pub fn test_target(&self, vm: VmIx) -> Target {
        self.test_targets.get(&vm).copied().unwrap_or_default()
    }
}
