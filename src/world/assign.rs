//! Which address a machine gets at failover, failback and test failover, and by which rule (A13 to A37, table A.7).
//!
//! Two passes over the whole scope, each in file order: explicit targets and kept addresses first, then next-available
//! ones, so that nobody's own address is given away to a VM that only needs any. A VM's further NICs and secondary
//! addresses stand right behind its first NIC (A29).

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::cards::Way;
use super::pool::Pool;
use super::{AddressRule, Destination, Destinations, Holding, Phase, Place, Refusal, RefusalCode, World};
use crate::topology::address::assignable;
use crate::topology::policy::{DynamicSource, ExplicitIpConflict, NextAvailable};
use crate::topology::{Allocation, Finding, FindingCode, RegionIx, Severity, SubnetIx, VmIx, VnetIx};

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

impl Assignment {
    /// Every address that is given, a VM's further cards right behind its first NIC (A29).
    pub fn given(&self) -> impl Iterator<Item = (Holding, &Assigned)> {
        self.vms.iter().filter_map(|(vm, to)| Some((*vm, to.as_ref().ok()?))).flat_map(|(vm, to)| {
            let cards = self.cards.get(&vm).into_iter().flatten();
            let cards = cards.map(move |(card, to)| (Holding { vm, card: Some(*card) }, to));
            std::iter::once((Holding::from(vm), to)).chain(cards)
        })
    }
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

/// Why a VM gets no address, and so stays where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unassigned {
    /// The stable code.
    pub code: RefusalCode,
    /// The rule it comes from.
    pub rule: &'static str,
    /// A sentence for the reader.
    pub message: String,
    /// The region that has to come back first.
    pub waits_for: Option<RegionIx>,
}

impl Unassigned {
    /// The refusal where nobody else in the scope can move either.
    pub(super) fn refusal(&self, world: &World) -> Refusal {
        let mut refusal = Refusal::new(self.code, self.rule, self.message.clone());
        refusal.mend.extend(self.waits_for.map(|region| world.restoring(region)));
        refusal
    }

    /// The error finding a failover leaves at the VM.
    pub fn finding(&self, world: &World, vm: VmIx) -> Finding {
        let code = match self.code {
            RefusalCode::SubnetFull => FindingCode::SubnetFull,
            RefusalCode::AddressTaken => FindingCode::AddressTaken,
            RefusalCode::RegionDown => FindingCode::RegionDown,
            RefusalCode::RegionDegraded => FindingCode::RegionDegraded,
            RefusalCode::MultiVmGroup => FindingCode::GroupHeldBack,
            _ => FindingCode::NoFailoverNetwork,
        };
        Finding::new(Severity::Error, code, self.message.clone(), vec![world.vm_id(vm).to_owned()])
    }
}

/// Where machines are going.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Journey {
    /// To where each fails over, or, once re-protected, to where it came from.
    Failover,
    /// Into a test network.
    Test(VnetIx, TestNetwork),
}

/// Which network a test failover takes where the machine has one stored with its test settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestNetwork {
    /// The one the operator named for this test (A32).
    Named,
    /// The stored one: a plan asks for a network for the machines without one (A33).
    StoredFirst,
}

/// The first NIC of a VM, a further one, or a secondary address.
#[derive(Debug, Clone, Copy)]
struct Claim {
    vm: VmIx,
    /// Which of the VM's further cards; none for its first NIC.
    card: Option<usize>,
    from: Place,
    explicit: Option<Ipv4Addr>,
    goal: Option<Destination>,
    /// Whether it goes home: a failback.
    home: bool,
    /// Whether its test network is where it would fail over to.
    own_network: bool,
}

/// What the first pass leaves to the second.
struct Pending {
    destination: Destination,
    row: AddressRule,
}

/// Everything an assignment decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The VMs in the order given.
    pub vms: Vec<(VmIx, Result<Assigned, Unassigned>)>,
    /// The further cards of those that have some, by their position.
    pub cards: BTreeMap<VmIx, Vec<(usize, Assigned)>>,
}

/// The address each of `vms` would get if they failed over, or back, together now, in the order given.
pub fn assign(world: &World, vms: &[VmIx]) -> Vec<(VmIx, Result<Assigned, Unassigned>)> {
    assign_all(world, vms).vms
}

/// The same with the further cards of each VM (A29).
pub fn assign_all(world: &World, vms: &[VmIx]) -> Assignment {
    let mut assignment = settle(world, vms, Journey::Failover);
    super::groups::hold_back(world, &mut assignment);
    assignment
}

/// The addresses the test copy of each of `vms` would get in a network, with its further cards (A29, A30).
pub fn assign_test(world: &World, vms: &[VmIx], into: VnetIx, network: TestNetwork) -> Assignment {
    settle(world, vms, Journey::Test(into, network))
}

fn claims(world: &World, vms: &[VmIx], journey: Journey) -> Vec<Claim> {
    let mut destinations = Destinations::of(world);
    let mut claims = Vec::with_capacity(vms.len());
    for (vm, state) in world.states(vms) {
        let home = state.phase == Phase::ReProtected;
        let (goal, explicit) = match journey {
            Journey::Failover => (destinations.of_state(vm, state), world.target_in(vm, state).ip),
            Journey::Test(into, network) => (destinations.of_test(vm, into, network), world.test_target(vm).ip),
        };
        let own_network = match journey {
            Journey::Failover => false,
            Journey::Test(..) => {
                let network = |goal: Destination| world.subnet(goal.subnet).vnet;
                destinations.of_state(vm, state).map(network) == goal.map(network)
            }
        };
        claims.push(Claim { vm, card: None, from: state.at, explicit, goal, home, own_network });
        if let Some(cards) = world.cards(vm) {
            let way = match journey {
                Journey::Failover => Way::next(home),
                Journey::Test(..) => Way::Test { home },
            };
            claims.extend(cards.claims(way).map(|(card, from, target)| {
                let goal = goal.and_then(|goal| destinations.of_card(goal, cards, cards.get(card)?, way));
                Claim { vm, card: Some(card), from, explicit: target.ip, goal, home, own_network }
            }));
        }
    }
    claims
}

fn settle(world: &World, vms: &[VmIx], journey: Journey) -> Assignment {
    let claims = claims(world, vms, journey);
    let mut goals: Vec<SubnetIx> = claims.iter().filter_map(|claim| claim.goal).map(|goal| goal.subnet).collect();
    goals.dedup();
    let mut pool = Pool::of(world, &goals.into_iter().collect(), claims.len());
    let firsts: Vec<_> = claims.iter().map(|claim| wanted(world, claim, journey, &mut pool)).collect();
    let policy = &world.topology().policy;
    let next = match journey {
        Journey::Failover => policy.next_available,
        Journey::Test(..) => policy.next_available_test,
    };
    let mut assignment = Assignment { vms: Vec::with_capacity(vms.len()), cards: BTreeMap::new() };
    for (claim, first) in claims.iter().zip(firsts) {
        let result = second(world, claim, first, journey, next, &mut pool);
        match (claim.card, result) {
            (None, result) => assignment.vms.push((claim.vm, result)),
            (Some(card), Ok(assigned)) => assignment.cards.entry(claim.vm).or_default().push((card, assigned)),
            // A VM none of whose NICs may lack an address does not start without one (A27).
            (Some(_), Err(why)) => {
                if let Some((_, result)) = assignment.vms.last_mut().filter(|(_, result)| result.is_ok()) {
                    *result = Err(why);
                }
            }
        }
    }
    let Assignment { vms, cards } = &mut assignment;
    if !cards.is_empty() {
        // The cards of a machine that stays, stay as well.
        vms.iter().filter(|(_, result)| result.is_err()).for_each(|(vm, _)| _ = cards.remove(vm));
    }
    assignment
}

/// Second pass: the next available address where the first pass found none.
fn second(
    world: &World,
    claim: &Claim,
    first: Result<Assigned, Result<Pending, Unassigned>>,
    journey: Journey,
    next: NextAvailable,
    pool: &mut Pool<'_>,
) -> Result<Assigned, Unassigned> {
    match first {
        Ok(assigned) => Ok(assigned),
        Err(Err(unassigned)) => Err(unassigned),
        Err(Ok(Pending { destination, row })) => match pool.take_next(destination.subnet, next) {
            Some(ip) => Ok(placed(claim, journey, destination, ip, row)),
            None => Err(full(world, claim.holding(), destination.subnet)),
        },
    }
}

/// First pass: the explicit target or the kept address, if it can be had.
fn wanted(
    world: &World,
    claim: &Claim,
    journey: Journey,
    pool: &mut Pool<'_>,
) -> Result<Assigned, Result<Pending, Unassigned>> {
    let vm = claim.vm;
    let Some(destination) = claim.goal else { return Err(Err(no_network(world, vm))) };
    let region = world.vnet(world.subnet(destination.subnet).vnet).region;
    if !world.answers(region) {
        let (code, state) = match world.is_up(region) {
            true => (RefusalCode::RegionDegraded, "does not answer"),
            false => (RefusalCode::RegionDown, "is down"),
        };
        let message = format!("{} {state}, so {} cannot start there", world.region_title(region), world.vm_id(vm));
        return Err(Err(Unassigned { code, rule: "D18", message, waits_for: Some(region) }));
    }
    let subnet = destination.subnet;
    let policy = &world.topology().policy;
    let later = |row| Err(Ok(Pending { destination, row }));
    let mut keep = |ip: Ipv4Addr, kept: u8, lost: u8| {
        if pool.free(subnet, ip) {
            pool.take(subnet, ip);
            return Ok(placed(claim, journey, destination, ip, AddressRule::Row(kept)));
        }
        later(AddressRule::Row(lost))
    };
    let own = claim.from.ip;
    let range = &world.subnet(subnet).prefix;
    if let Journey::Test(..) = journey {
        // A30, A31: the same address first, then from the end of the range, in whatever network.
        let (kept, lost) = if claim.own_network { (13, 14) } else { (15, 16) };
        // A stored address of another network says nothing about this one.
        return match claim.explicit.filter(|explicit| range.contains(explicit)) {
            Some(explicit) => keep(explicit, 18, lost),
            None if range.contains(&own) => keep(own, kept, lost),
            None => later(AddressRule::Row(17)),
        };
    }
    if let Some(explicit) = claim.explicit {
        // The portal takes no such address; one can be left from settings for another subnet (A25).
        let fits = assignable(range, explicit);
        let lost = if fits { 2 } else { 3 };
        let outcome = if claim.is_secondary(world) { keep(explicit, 22, lost) } else { keep(explicit, 1, lost) };
        if outcome.is_err() && policy.explicit_ip_conflict == ExplicitIpConflict::Fail {
            let name = world.subnet_name(subnet);
            let title = world.holding_title(claim.holding());
            let why = if fits { "is taken" } else { "is not handed out" };
            let message = format!("{explicit}, the target address of {title}, {why} in {name}");
            return Err(Err(Unassigned { code: RefusalCode::AddressTaken, rule: "A26", message, waits_for: None }));
        }
        return outcome;
    }
    match (range.contains(&own), claim.from.allocation) {
        (true, _) if !assignable(range, own) => later(AddressRule::Row(10)),
        (true, Allocation::Dynamic) if policy.dynamic_source == DynamicSource::NotRetained => later(AddressRule::A23),
        (true, _) if claim.home => keep(own, 19, 20),
        (true, Allocation::Static) => keep(own, 4, 5),
        (true, Allocation::Dynamic) => keep(own, 7, 8),
        (false, Allocation::Static) => later(AddressRule::Row(6)),
        (false, Allocation::Dynamic) => later(AddressRule::Row(9)),
    }
}

impl Claim {
    fn is_secondary(&self, world: &World) -> bool {
        world.card(self.holding()).is_some_and(|card| card.secondary)
    }

    fn holding(&self) -> Holding {
        Holding { vm: self.vm, card: self.card }
    }
}

fn placed(claim: &Claim, journey: Journey, destination: Destination, ip: Ipv4Addr, within: AddressRule) -> Assigned {
    let from = claim.from;
    let pinned = claim.explicit.is_some() || matches!(journey, Journey::Test(..));
    let allocation = if pinned { Allocation::Static } else { from.allocation };
    let rule = if destination.misnamed { AddressRule::Row(12) } else { within };
    let to = Place { subnet: destination.subnet, ip, allocation };
    Assigned { from, to, rule, within, retained: from.ip == ip }
}

fn no_network(world: &World, vm: VmIx) -> Unassigned {
    let vnet = &world.vnet(world.vnet_of(vm)).title;
    let message =
        format!("{vnet} has no failover network with a subnet for VMs, so {} has nowhere to go", world.vm_id(vm));
    Unassigned { code: RefusalCode::NoFailoverNetwork, rule: "A10, A12", message, waits_for: None }
}

fn full(world: &World, holding: Holding, subnet: SubnetIx) -> Unassigned {
    let (name, prefix) = (world.subnet_name(subnet), world.subnet(subnet).prefix);
    let id = world.vm_id(holding.vm);
    let card = match holding.card {
        None => String::new(),
        Some(_) => format!(" for {}", world.holding_title(holding)),
    };
    let message = format!("{name} ({prefix}) has no free address{card}, so {id} stays where it is");
    Unassigned { code: RefusalCode::SubnetFull, rule: "A27, A.7-11", message, waits_for: None }
}
