//! Which address a VM gets at failover, and by which rule (A1 to A27, rows 1 to 12 of table A.7).
//!
//! Two passes over the whole scope, each in file order: explicit targets and kept addresses first, then next-available
//! ones, so that nobody's own address is given away to a VM that only needs any.

use std::fmt;
use std::net::Ipv4Addr;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Place, RefusalCode, VmState, World};
use crate::topology::address::{assignable, assignable_range};
use crate::topology::policy::{DynamicSource, ExplicitIpConflict, NextAvailable};
use crate::topology::{Allocation, Finding, FindingCode, Severity, SubnetIx, VmIx, VnetIx};

/// The rule that gave an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressRule {
    /// A row of table A.7.
    Row(u8),
    /// A dynamic address that the policy `dynamic-source` does not keep.
    A23,
}

impl fmt::Display for AddressRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Row(row) => write!(f, "A.7-{row}"),
            Self::A23 => f.write_str("A23"),
        }
    }
}

/// The address a VM gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assigned {
    /// Where it serves before.
    pub from: Place,
    /// Where it will serve.
    pub to: Place,
    /// The rule that decided; row 12 where the subnet of the same name is missing.
    pub rule: AddressRule,
    /// The rule that picked the address once the subnet was settled; differs from `rule` only under row 12.
    pub within: AddressRule,
    /// Whether the address stays the same.
    pub retained: bool,
}

impl Assigned {
    /// The rule as a sentence.
    pub fn because(&self) -> String {
        let reason = self.within.meaning();
        match self.rule {
            AddressRule::Row(12) => format!("no subnet of that name, so the alphabetically first one; {reason}"),
            _ => reason.to_owned(),
        }
    }
}

impl AddressRule {
    /// What the rule says, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Row(1) => "the target address set by hand is free",
            Self::Row(2) => "the target address set by hand is taken, so the next available one",
            Self::Row(4) => "its own address lies in the target subnet and is free",
            Self::Row(5) => "its own address is taken in the target subnet, so the next available one",
            Self::Row(6) | Self::Row(9) => "its own address lies outside the target subnet, so the next available one",
            Self::Row(7) => "dynamic, and its own address is free: kept by luck, better pin it",
            Self::Row(8) => "dynamic, and its own address is taken, so the next available one",
            Self::Row(10) => "Azure withholds its own address in the target subnet, so the next available one",
            Self::A23 => "dynamic addresses are not kept under this policy, so the next available one",
            Self::Row(_) => "decided by table A.7",
        }
    }
}

/// Why a VM gets no address, and so stays where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unassigned {
    /// The stable code.
    pub code: RefusalCode,
    /// The rule it comes from.
    pub rule: &'static str,
    /// A sentence for the reader.
    pub message: String,
}

impl Unassigned {
    /// The error finding a failover leaves at the VM.
    pub fn finding(&self, world: &World, vm: VmIx) -> Finding {
        let code = match self.code {
            RefusalCode::SubnetFull => FindingCode::SubnetFull,
            RefusalCode::AddressTaken => FindingCode::AddressTaken,
            RefusalCode::RegionDown => FindingCode::RegionDown,
            _ => FindingCode::NoFailoverNetwork,
        };
        Finding::new(Severity::Error, code, self.message.clone(), vec![world.vm_id(vm).to_owned()])
    }
}

/// The subnet a VM goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Destination {
    /// The subnet.
    pub subnet: SubnetIx,
    /// Whether it was taken only because it is the alphabetically first one (A13).
    pub misnamed: bool,
}

/// Finds destinations, remembering what was found per VNet and per subnet.
pub struct Destinations<'a> {
    world: &'a World,
    networks: Vec<Option<VnetIx>>,
    by_subnet: FxHashMap<SubnetIx, Option<Destination>>,
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
        Self { world, networks, by_subnet: FxHashMap::default() }
    }

    /// The failover network of a VNet: the first VNet of the file that recovers it (A12).
    pub fn failover_network(&self, vnet: VnetIx) -> Option<VnetIx> {
        self.networks[vnet.at()]
    }

    /// Where a VM goes: the explicit subnet, else the one of the same name, else the alphabetically first (A13, A24).
    pub fn of_vm(&mut self, vm: VmIx) -> Option<Destination> {
        self.of_state(self.world.vm(vm))
    }

    /// Where a VM in this state goes.
    fn of_state(&mut self, state: &VmState) -> Option<Destination> {
        if let Some(subnet) = state.target.subnet {
            return Some(Destination { subnet, misnamed: false });
        }
        let source = state.at.subnet;
        if let Some(known) = self.by_subnet.get(&source) {
            return *known;
        }
        let found =
            self.failover_network(self.world.subnet(source).vnet).and_then(|network| self.matching(source, network));
        self.by_subnet.insert(source, found);
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

/// Which addresses of the target subnets are taken, and the next free one of each.
struct Pool<'a> {
    world: &'a World,
    taken: FxHashSet<(SubnetIx, Ipv4Addr)>,
    next: FxHashMap<SubnetIx, Option<u32>>,
}

impl<'a> Pool<'a> {
    fn of(world: &'a World, subnets: &FxHashSet<SubnetIx>) -> Self {
        let places = world.vms().flat_map(|(_, vm)| [Some(vm.at), vm.behind.map(|behind| behind.at)]);
        let mut taken: FxHashSet<_> = places
            .flatten()
            .filter(|place| subnets.contains(&place.subnet))
            .map(|place| (place.subnet, place.ip))
            .collect();
        taken.extend(world.occupied().iter().filter(|(subnet, _)| subnets.contains(subnet)));
        Self { world, taken, next: FxHashMap::default() }
    }

    fn free(&self, subnet: SubnetIx, ip: Ipv4Addr) -> bool {
        assignable(&self.world.subnet(subnet).prefix, ip) && !self.taken.contains(&(subnet, ip))
    }

    fn take(&mut self, subnet: SubnetIx, ip: Ipv4Addr) {
        self.taken.insert((subnet, ip));
    }

    /// Takes the next available address, from the end the policy says (A20).
    fn take_next(&mut self, subnet: SubnetIx, policy: NextAvailable) -> Option<Ipv4Addr> {
        let (first, last) = assignable_range(&self.world.subnet(subnet).prefix)?;
        let (first, last) = (u32::from(first), u32::from(last));
        let lowest = policy == NextAvailable::Lowest;
        let start = if lowest { first } else { last };
        let mut candidate = *self.next.entry(subnet).or_insert(Some(start));
        while let Some(ip) = candidate {
            let following = if lowest { ip.checked_add(1) } else { ip.checked_sub(1) };
            candidate = following.filter(|next| (first..=last).contains(next));
            if self.taken.insert((subnet, ip.into())) {
                self.next.insert(subnet, candidate);
                return Some(ip.into());
            }
        }
        self.next.insert(subnet, None);
        None
    }
}

/// What the first pass leaves to the second.
struct Pending {
    destination: Destination,
    row: AddressRule,
}

/// A VM that is to move, and where it goes.
#[derive(Clone, Copy)]
struct Candidate {
    vm: VmIx,
    state: VmState,
    goal: Option<Destination>,
}

/// The address each of `vms` would get if they failed over together now, in the order given.
pub fn assign(world: &World, vms: &[VmIx]) -> Vec<(VmIx, Result<Assigned, Unassigned>)> {
    let mut destinations = Destinations::of(world);
    let candidate = |vm: &VmIx| {
        let state = *world.vm(*vm);
        Candidate { vm: *vm, state, goal: destinations.of_state(&state) }
    };
    let candidates: Vec<Candidate> = vms.iter().map(candidate).collect();
    let subnets = candidates.iter().filter_map(|candidate| candidate.goal).map(|goal| goal.subnet).collect();
    let mut pool = Pool::of(world, &subnets);
    let firsts: Vec<_> = candidates.iter().map(|candidate| wanted(world, candidate, &mut pool)).collect();
    let policy = world.topology().policy.next_available;
    let settle = |(candidate, first): (&Candidate, Result<Assigned, Result<Pending, Unassigned>>)| {
        let result = match first {
            Ok(assigned) => Ok(assigned),
            Err(Err(unassigned)) => Err(unassigned),
            Err(Ok(Pending { destination, row })) => match pool.take_next(destination.subnet, policy) {
                Some(ip) => Ok(placed(&candidate.state, destination, ip, row)),
                None => Err(full(world, candidate.vm, destination.subnet)),
            },
        };
        (candidate.vm, result)
    };
    candidates.iter().zip(firsts).map(settle).collect()
}

/// First pass: the explicit target or the kept address, if it can be had.
fn wanted(
    world: &World,
    Candidate { vm, state, goal }: &Candidate,
    pool: &mut Pool<'_>,
) -> Result<Assigned, Result<Pending, Unassigned>> {
    let Some(destination) = *goal else { return Err(Err(no_network(world, *vm))) };
    let network = world.vnet(world.subnet(destination.subnet).vnet);
    if !world.is_up(network.region) {
        let message =
            format!("{} is down, so {} cannot start there", world.region_title(network.region), world.vm_id(*vm));
        return Err(Err(Unassigned { code: RefusalCode::RegionDown, rule: "D18", message }));
    }
    let subnet = destination.subnet;
    let policy = &world.topology().policy;
    let later = |row| Err(Ok(Pending { destination, row }));
    let mut keep = |ip: Ipv4Addr, kept: u8, lost: u8| {
        if pool.free(subnet, ip) {
            pool.take(subnet, ip);
            return Ok(placed(state, destination, ip, AddressRule::Row(kept)));
        }
        later(AddressRule::Row(lost))
    };
    if let Some(explicit) = state.target.ip {
        let outcome = keep(explicit, 1, 2);
        if outcome.is_err() && policy.explicit_ip_conflict == ExplicitIpConflict::Fail {
            let name = world.subnet_name(subnet);
            let message = format!("{explicit}, the target address of {}, is taken in {name}", world.vm_id(*vm));
            return Err(Err(Unassigned { code: RefusalCode::AddressTaken, rule: "A26", message }));
        }
        return outcome;
    }
    let (own, range) = (state.at.ip, &world.subnet(subnet).prefix);
    match (range.contains(&own), state.at.allocation) {
        (true, _) if !assignable(range, own) => later(AddressRule::Row(10)),
        (true, Allocation::Static) => keep(own, 4, 5),
        (true, Allocation::Dynamic) if policy.dynamic_source == DynamicSource::NotRetained => later(AddressRule::A23),
        (true, Allocation::Dynamic) => keep(own, 7, 8),
        (false, Allocation::Static) => later(AddressRule::Row(6)),
        (false, Allocation::Dynamic) => later(AddressRule::Row(9)),
    }
}

fn placed(state: &VmState, destination: Destination, ip: Ipv4Addr, within: AddressRule) -> Assigned {
    let from = state.at;
    let allocation = if state.target.ip.is_some() { Allocation::Static } else { from.allocation };
    let rule = if destination.misnamed { AddressRule::Row(12) } else { within };
    let to = Place { subnet: destination.subnet, ip, allocation };
    Assigned { from, to, rule, within, retained: from.ip == ip }
}

fn no_network(world: &World, vm: VmIx) -> Unassigned {
    let vnet = &world.vnet(world.vnet_of(vm)).title;
    let message =
        format!("{vnet} has no failover network with a subnet for VMs, so {} has nowhere to go", world.vm_id(vm));
    Unassigned { code: RefusalCode::NoFailoverNetwork, rule: "A10, A12", message }
}

fn full(world: &World, vm: VmIx, subnet: SubnetIx) -> Unassigned {
    let (name, prefix) = (world.subnet_name(subnet), world.subnet(subnet).prefix);
    let message = format!("{name} ({prefix}) has no free address, so {} stays where it is", world.vm_id(vm));
    Unassigned { code: RefusalCode::SubnetFull, rule: "A27, A.7-11", message }
}
