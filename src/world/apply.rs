//! The one way the world changes.

use super::injects::{self, Mishap};
use super::{
    Change, Refusal, RefusalCode, World, build, connect, drill, gateways, halves, life, machines, mishaps, outage,
    plans, routes, security, targets,
};
use crate::topology::command::Build;
use crate::topology::recovery_plan::RunsItself;
use crate::topology::timing::{Basis, Duration};
use crate::topology::{Command, Group, Inject, RunMode};

/// A command that was done.
#[derive(Debug, Clone)]
pub struct Done {
    /// The world afterwards; its clock has not moved, see [`World::at_seconds`].
    pub world: World,
    /// What changed.
    pub changes: Vec<Change>,
    /// How long it takes.
    pub seconds: u64,
    /// Where the figure comes from; an instant change needs none.
    pub basis: Option<Basis>,
}

impl Done {
    /// A change that takes no time.
    pub(super) fn instantly(world: World, changes: Vec<Change>) -> Self {
        Self { world, changes, seconds: 0, basis: None }
    }

    /// Nothing but time passes.
    pub(super) fn waiting(world: World, seconds: u64) -> Self {
        Self { world, changes: Vec::new(), seconds, basis: None }
    }

    /// A change that takes the time the topology gives for `what`.
    pub(super) fn lasting(world: World, changes: Vec<Change>, what: Duration) -> Self {
        let timing = &world.topology.timing;
        let (seconds, basis) = (timing.seconds(what), timing.basis(what));
        Self { world, changes, seconds, basis: Some(basis) }
    }
}

/// Applies a command to a world.
///
/// `run` applies a plan's commands one after another and is refused with the first of them that is refused; whoever
/// wants its steps one by one asks [`World::groups_of`] for them.
///
/// # Errors
/// The refusal, with commands that would help and that are accepted now, one after the other; nothing has changed.
pub fn apply(world: &World, command: &Command) -> Result<Done, Refusal> {
    attempt(world, command).map_err(|refusal| refusal.possible_in(world))
}

/// Applies a command as a step of a recovery plan, which skips machines that have failed over, or back, already (E2), and
/// tests a machine in the network stored with it, if there is one (A33).
///
/// # Errors
/// As [`apply`].
pub fn apply_step(world: &World, command: &Command) -> Result<Done, Refusal> {
    step(world, command).map_err(|refusal| refusal.possible_in(world))
}

fn step(world: &World, command: &Command) -> Result<Done, Refusal> {
    world.script_works(command)?;
    let outcome = match command {
        Command::TestFailOver { scope, into } => life::test_fail_over_in_plan(world, scope, into),
        _ => attempt(world, command),
    };
    match (command, outcome) {
        (Command::FailOver { .. }, Err(refusal)) if refusal.code == RefusalCode::AlreadyFailedOver => {
            Ok(Done::instantly(world.clone(), Vec::new()))
        }
        (Command::FailBack(_), Err(refusal)) if refusal.code == RefusalCode::AlreadyFailedBack => {
            Ok(Done::instantly(world.clone(), Vec::new()))
        }
        (_, outcome) => outcome,
    }
}

/// The same, with the commands that would help as the rule that refuses knows them.
pub(super) fn attempt(world: &World, command: &Command) -> Result<Done, Refusal> {
    world.script_works(command)?;
    match command {
        Command::Connect { a, b, kind, circuit, bgp } => connect::connect(world, a, b, *kind, circuit.as_deref(), *bgp),
        Command::Disconnect { a, b, kind, circuit } => connect::disconnect(world, a, b, *kind, circuit.as_deref()),
        Command::ConnectHalf { at, peer, kind } => halves::connect(world, at, peer, *kind),
        Command::DisconnectHalf { at, peer, kind } => halves::disconnect(world, at, peer, *kind),
        Command::SetPeering { at, peer, flag, on } => halves::set(world, at, peer, *flag, *on),
        Command::FailOver { scope, shut_down, point } => life::fail_over(world, scope, *shut_down, *point),
        Command::TestFailOver { scope, into } => life::test_fail_over(world, scope, into),
        Command::CleanUp(scope) => life::clean_up(world, scope),
        Command::Commit(scope) => life::commit(world, scope),
        Command::ChangePoint { scope, point } => life::change_point(world, scope, *point),
        Command::ReProtect(scope) => life::re_protect(world, scope),
        Command::FailBack(scope) => life::fail_back(world, scope),
        Command::Protect { scope, into } => life::protect(world, scope, into.as_deref()),
        Command::Unprotect(scope) => life::unprotect(world, scope),
        Command::CreateGateway { vnet, kind, sku, asn } => gateways::create(world, vnet, *kind, sku.as_deref(), *asn),
        Command::DeleteGateway { vnet, kind } => gateways::delete(world, vnet, *kind),
        Command::SetTarget { vm, card, subnet, ip } => targets::set(world, vm, card.as_ref(), subnet.as_ref(), *ip),
        Command::SetTestTarget { vm, card, subnet, ip } => {
            targets::set_test(world, vm, card.as_ref(), subnet.as_ref(), *ip)
        }
        Command::VerifyTargets(scope) => targets::verify(world, scope),
        Command::SetIp { vm, ip } => machines::set_ip(world, vm, *ip),
        Command::Route { site, prefix, via } => routes::route(world, site, *prefix, via),
        Command::Unroute { site, prefix } => routes::unroute(world, site, *prefix),
        Command::SetRouteTable { subnet, table } => routes::set_table(world, subnet, table.as_deref()),
        Command::SetNsg { subnet, nsg } => security::set_group(world, subnet, nsg.as_deref()),
        Command::SetVmNsg { vm, nsg, vnet } => security::set_nic_group(world, vm, nsg.as_deref(), vnet.as_deref()),
        Command::Outage(region) => outage::begin(world, region),
        Command::Restore(region) => outage::end(world, region),
        Command::Occupy { subnet, ip } => machines::occupy(world, subnet, *ip),
        Command::Release { subnet, ip } => machines::release(world, subnet, *ip),
        Command::Wait(span) => Ok(Done::waiting(world.clone(), span.0)),
        Command::Build(build) => build_one(world, build),
        Command::Manual(_) => Ok(Done::lasting(world.clone(), Vec::new(), Duration::Manual)),
        Command::Run(plan) => run(world, plan),
        Command::Inject(inject) => inject_one(world, inject),
    }
}

/// A network or a part of a plan that comes to be.
fn build_one(world: &World, build: &Build) -> Result<Done, Refusal> {
    match build {
        Build::Vnet { vnet, region, prefixes, recovers } => {
            build::vnet(world, vnet, region, prefixes, recovers.as_deref())
        }
        Build::Subnet { subnet, prefix } => build::subnet(world, subnet, *prefix),
        Build::PlanStep { plan, group, list, command } => plans::add(world, plan, *group, *list, command),
        Build::NoPlanStep { plan, group, command } => plans::remove(world, plan, *group, command),
    }
}

/// Something that goes wrong, or right again.
fn inject_one(world: &World, inject: &Inject) -> Result<Done, Refusal> {
    match inject {
        Inject::Degrade(region) => outage::degrade(world, region),
        Inject::BreakGateway(vnet) => injects::break_gateway(world, vnet),
        Inject::SlowGateway(vnet) => injects::slow_gateway(world, vnet),
        Inject::RepairGateway(vnet) => injects::repair_gateway(world, vnet),
        Inject::FlapLink(a, b) => injects::mishap(world, a, b, Mishap::Flap),
        Inject::StickLink(a, b) => injects::mishap(world, a, b, Mishap::Stick),
        Inject::WrongKey(a, b) => injects::mishap(world, a, b, Mishap::WrongKey),
        Inject::HalfPeering(a, b) => injects::mishap(world, a, b, Mishap::Half),
        Inject::RefuseDisconnect(a, b) => injects::mishap(world, a, b, Mishap::RefuseDisconnect),
        Inject::RepairLink(a, b) => injects::repair(world, a, b),
        Inject::CircuitDown(circuit) => injects::circuit(world, circuit, true),
        Inject::CircuitUp(circuit) => injects::circuit(world, circuit, false),
        Inject::CapacityShort(sku) => injects::capacity_short(world, sku),
        Inject::FailScript(command) => drill::fail_script(world, command),
        Inject::RepairScript(command) => drill::repair_script(world, command),
        Inject::StaleDns(name) => drill::stale_dns(world, name),
        Inject::RefreshDns(name) => drill::refresh_dns(world, name),
        Inject::PersonAway(_) | Inject::ExecutiveAsks(_) | Inject::FalseAlarm(_) => {
            Ok(Done::instantly(world.clone(), Vec::new()))
        }
        Inject::AddVm { vm, subnet } => mishaps::add_vm(world, vm, subnet),
        Inject::FillSubnet(subnet) => mishaps::fill_subnet(world, subnet),
        Inject::RenameSubnet { subnet, name } => mishaps::rename_subnet(world, subnet, name),
        Inject::Lag { app, minutes } => mishaps::lag(world, app, *minutes),
        Inject::ReturnSource(vnet) => mishaps::return_source(world, vnet),
        Inject::DeleteSource(vm) => mishaps::delete_source(world, vm),
        Inject::Block(subnet) => security::block(world, subnet),
        Inject::Unblock(subnet) => security::unblock(world, subnet),
        Inject::StaleRoute { site, prefix } => routes::stale(world, site, *prefix),
        Inject::LeaveTest(scope) => life::leave_test(world, scope),
    }
}

fn run(world: &World, plan: &str) -> Result<Done, Refusal> {
    let mut whole = Done::instantly(world.clone(), Vec::new());
    for command in world.groups_of(plan)?.iter().flat_map(Group::commands) {
        let part = step(&whole.world, command)?;
        whole.world = part.world;
        whole.changes.extend(part.changes);
        whole.seconds += part.seconds;
        whole.basis = whole.basis.filter(|basis| *basis == Basis::Assumed).or(part.basis);
    }
    Ok(whole)
}

impl World {
    /// The groups of a plan of the file as it runs; a `run` inside it is replaced by the groups of the plan
    /// it names, and steps that are not enabled for this kind and direction of failover are left out (E5).
    ///
    /// # Errors
    /// `unknown-id` for a name that is no plan, `syntax` for a plan that runs itself.
    pub fn groups_of(&self, plan: &str) -> Result<Vec<Group>, Refusal> {
        let found = &self.topology.plans[self.plan_named(plan)?];
        let runs_itself =
            |RunsItself(id): RunsItself| Refusal::new(RefusalCode::Syntax, "", format!("the plan `{id}` runs itself"));
        let groups = self.topology.unfolded(found).map_err(runs_itself)?;
        let mode = RunMode::of(&groups);
        let mut groups: Vec<Group> = groups.iter().map(|group| group.in_mode(mode)).collect();
        groups.retain(|group| group.commands().next().is_some());
        Ok(groups)
    }
}
