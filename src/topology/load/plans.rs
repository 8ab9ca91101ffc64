//! What must be able to talk, and the plans written in the file.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::names::{At, Names, Register};
use super::sink::Sink;
use super::tables::{Declared, Item};
use super::{FindingCode, format, plan_lint, shown};
use crate::topology::command::Build;
use crate::topology::command::{SubnetName, TargetSubnet};
use crate::topology::recovery_plan::Enabled;
use crate::topology::{
    CardName, Circuit, Command, Endpoint, FailoverDirection, FailoverType, FileGroup, FilePlan, GroupKind, Inject,
    Need, PlanStep, Scope, Severity, Topology,
};

/// The two sides of a need, and the port.
type Asked<'d> = ((&'d str, &'d str), Option<i64>);

/// Resolves needs and plans.
pub(super) fn resolve(declared: &Declared, topology: &mut Topology, names: &mut Names, sink: &mut Sink) {
    let tables = || Item::whole(&declared.vms).map(|(_, table)| table);
    let inhabited: HashSet<&str> = tables().filter_map(|vm| vm.app.as_ref()).map(|app| app.value.as_str()).collect();
    // Where a VM cannot be read, or names an app that is none, nobody knows which apps it would have filled.
    let fills = |vm: &format::Vm| vm.app.as_ref().is_none_or(|app| names.apps.knows(&app.value));
    let all_vms_known = declared.vms.iter().all(|vm| vm.table.is_some()) && tables().all(fills);
    let mut known: HashMap<Asked<'_>, usize> = HashMap::new();
    for need in &declared.needs {
        let ends = [&need.from, &need.to].map(|end| {
            let party = names.endpoints.resolve(&end.value, &end.span, "app, VM or site", sink)?;
            match party {
                Endpoint::App(_) if all_vms_known && !inhabited.contains(end.value.as_str()) => {
                    let message = format!("app `{}` has no VM, so nothing of it can talk", end.value);
                    sink.error(FindingCode::InvalidValue, &end.span, message, &[&end.value]);
                    None
                }
                party => Some(party),
            }
        });
        let port = need.port.as_ref().map(|port| (u16::try_from(port.value).ok().filter(|port| *port > 0), &port.span));
        if let Some((None, span)) = port {
            sink.error(FindingCode::InvalidValue, span, "a port is a number from 1 to 65535", &[]);
        }
        // Without a port the two sides are alike.
        let (from, to) = (need.from.value.as_str(), need.to.value.as_str());
        let sides = if need.port.is_none() && to < from { (to, from) } else { (from, to) };
        if let Some(first) = known.insert((sides, need.port.as_ref().map(|port| port.value)), need.from.span.start) {
            let message = format!("`{}` and `{}` need one another already, on line {{line}}", shown(from), shown(to));
            sink.error_beside(FindingCode::InvalidValue, &need.from.span, message, &[from, to], first);
        }
        if let [Some(from), Some(to)] = ends {
            topology.needs.push(Need { from, to, port: port.and_then(|(port, _)| port) });
        }
    }
    let mut plans = Register::default();
    for plan in &declared.plans {
        plans.declare(&plan.id, plan.table.as_ref().map(|_| ()), At { what: "a plan", byte: plan.id_span.start });
    }
    let mut runs: HashMap<&str, Vec<(String, Range<usize>)>> = HashMap::new();
    for (item, table) in Item::whole(&declared.plans) {
        let mut reader = Reader { names, plans: &plans, topology, sink, runs: Vec::new() };
        let mut groups: Vec<FileGroup> = Vec::new();
        groups
            .extend(table.shutdown.as_ref().map(|hook| reader.hook("Shut down the source", GroupKind::Shutdown, hook)));
        groups.extend(table.failover.as_ref().map(|hook| reader.hook("Fail over", GroupKind::Failover, hook)));
        groups.extend(table.group.iter().enumerate().map(|(at, group)| reader.group(at, &group.value)));
        runs.insert(&item.id, reader.runs);
        empty(item, table, sink);
        let title = table.title.clone().unwrap_or_else(|| item.id.clone());
        topology.plans.push(FilePlan { id: item.id.clone(), title, groups });
    }
    circles(&runs, declared, sink);
    if !sink.is_broken() {
        plan_lint::lint(topology, sink);
    }
}

/// What a group or a hook says about when its steps are enabled.
type Defaults<'d> = (&'d Option<Vec<FailoverType>>, &'d Option<Vec<FailoverDirection>>);

/// Reads the commands of one plan.
struct Reader<'r> {
    names: &'r Names,
    plans: &'r Register<()>,
    topology: &'r mut Topology,
    sink: &'r mut Sink,
    runs: Vec<(String, Range<usize>)>,
}

impl Reader<'_> {
    fn group(&mut self, at: usize, group: &format::Group) -> FileGroup {
        let defaults = (&group.types, &group.directions);
        FileGroup {
            title: group.title.clone().unwrap_or_else(|| format!("Group {}", at + 1)),
            kind: GroupKind::Boot,
            before: self.steps(&group.before, defaults),
            run: self.steps(&group.run, defaults),
            after: self.steps(&group.after, defaults),
        }
    }

    /// The actions around a part of the plan that holds no commands of its own (E6).
    fn hook(&mut self, title: &str, kind: GroupKind, hook: &format::Hook) -> FileGroup {
        let defaults = (&hook.types, &hook.directions);
        FileGroup {
            title: title.to_owned(),
            kind,
            before: self.steps(&hook.before, defaults),
            run: Vec::new(),
            after: self.steps(&hook.after, defaults),
        }
    }

    fn steps(&mut self, steps: &[format::At<format::Step>], defaults: Defaults<'_>) -> Vec<PlanStep> {
        let all = Enabled::default();
        let step = |step: &format::At<format::Step>| {
            let (types, directions) = (&step.value.types, &step.value.directions);
            Some(PlanStep {
                command: self.command(&step.value.run, &step.span)?,
                enabled: Enabled {
                    types: types.as_ref().or(defaults.0.as_ref()).unwrap_or(&all.types).clone(),
                    directions: directions.as_ref().or(defaults.1.as_ref()).unwrap_or(&all.directions).clone(),
                },
                span: step.span.clone(),
            })
        };
        steps.iter().filter_map(step).collect()
    }

    fn command(&mut self, text: &str, span: &Range<usize>) -> Option<Command> {
        match text.parse() {
            Ok(command) => {
                self.names_in(&command, span);
                Some(command)
            }
            Err(error) => {
                let message = error.to_string();
                self.sink.error(FindingCode::InvalidCommand, span, message, &[]);
                None
            }
        }
    }

    /// Every name in a command stands for something.
    fn names_in(&mut self, command: &Command, span: &Range<usize>) {
        match command {
            Command::Connect { a, b, circuit, .. } | Command::Disconnect { a, b, circuit, .. } => {
                self.node(a, span);
                self.node(b, span);
                // A circuit may be used by a plan alone; its name is declared by naming it.
                if let Some(circuit) =
                    circuit.as_ref().filter(|name| self.topology.circuits.iter().all(|known| known.id != **name))
                {
                    self.topology.circuits.push(Circuit::named(circuit));
                }
            }
            Command::ConnectHalf { at, peer, .. }
            | Command::DisconnectHalf { at, peer, .. }
            | Command::SetPeering { at, peer, .. } => {
                self.node(at, span);
                self.node(peer, span);
            }
            Command::FailOver { scope, .. }
            | Command::ChangePoint { scope, .. }
            | Command::VerifyTargets(scope)
            | Command::CleanUp(scope)
            | Command::Commit(scope)
            | Command::ReProtect(scope)
            | Command::FailBack(scope)
            | Command::Unprotect(scope) => self.scope(scope, span),
            Command::TestFailOver { scope, into } => {
                self.scope(scope, span);
                self.vnet(into, span);
            }
            Command::Protect { scope, into } => {
                self.scope(scope, span);
                if let Some(into) = into {
                    self.vnet(into, span);
                }
            }
            Command::CreateGateway { vnet, .. } | Command::DeleteGateway { vnet, .. } => self.vnet(vnet, span),
            Command::SetTarget { vm, subnet, .. } | Command::SetTestTarget { vm, subnet, .. } => {
                self.vm(vm, span);
                if let Command::SetTarget { card: Some(card), .. } | Command::SetTestTarget { card: Some(card), .. } =
                    command
                {
                    self.card(vm, card, span);
                }
                if let Some(TargetSubnet::Elsewhere(subnet)) = subnet {
                    self.subnet(subnet, span);
                }
            }
            Command::SetIp { vm, .. } => self.vm(vm, span),
            Command::Route { site, via, .. } => {
                self.site(site, span);
                self.vnet(via, span);
            }
            Command::Unroute { site, .. } => self.site(site, span),
            Command::Outage(region) | Command::Restore(region) => self.region(region, span),
            Command::Occupy { subnet, .. } | Command::Release { subnet, .. } => self.subnet(subnet, span),
            Command::SetRouteTable { subnet, table } => {
                self.subnet(subnet, span);
                if let Some(table) = table {
                    self.names.route_tables.resolve(table, span, "route table", self.sink);
                }
            }
            Command::SetNsg { subnet, nsg } => {
                self.subnet(subnet, span);
                if let Some(nsg) = nsg {
                    self.names.security_groups.resolve(nsg, span, "security group", self.sink);
                }
            }
            Command::Manual(_) | Command::Wait(_) => {}
            Command::Build(build) => match build {
                Build::Vnet { region, recovers, .. } => {
                    self.region(region, span);
                    recovers.iter().for_each(|source| self.vnet(source, span));
                }
                Build::Subnet { subnet, .. } => self.vnet(&subnet.vnet, span),
                Build::PlanStep { command, .. } | Build::NoPlanStep { command, .. } => self.names_in(command, span),
            },
            Command::SetVmNsg { vm, nsg, vnet } => {
                self.vm(vm, span);
                if let Some(vnet) = vnet {
                    self.vnet(vnet, span);
                }
                if let Some(nsg) = nsg {
                    self.names.security_groups.resolve(nsg, span, "security group", self.sink);
                }
            }
            Command::Inject(inject) => self.names_in_inject(inject, span),
            Command::Run(plan) => {
                self.plans.resolve(plan, span, "plan", self.sink);
                self.runs.push((plan.clone(), span.clone()));
            }
        }
    }

    fn names_in_inject(&mut self, inject: &Inject, span: &Range<usize>) {
        match inject {
            Inject::Degrade(region) => self.region(region, span),
            Inject::BreakGateway(vnet)
            | Inject::SlowGateway(vnet)
            | Inject::RepairGateway(vnet)
            | Inject::ReturnSource(vnet) => self.vnet(vnet, span),
            Inject::FlapLink(a, b)
            | Inject::StickLink(a, b)
            | Inject::WrongKey(a, b)
            | Inject::HalfPeering(a, b)
            | Inject::RefuseDisconnect(a, b)
            | Inject::RepairLink(a, b) => {
                self.node(a, span);
                self.node(b, span);
            }
            Inject::FillSubnet(subnet)
            | Inject::RenameSubnet { subnet, .. }
            | Inject::AddVm { subnet, .. }
            | Inject::Block(subnet)
            | Inject::Unblock(subnet) => self.subnet(subnet, span),
            Inject::DeleteSource(vm) => self.vm(vm, span),
            Inject::Lag { app, .. } => self.scope(&Scope::App(app.clone()), span),
            Inject::LeaveTest(scope) => self.scope(scope, span),
            Inject::StaleRoute { site, .. } => self.site(site, span),
            // The script is a command itself, so its names are checked like those of any other.
            Inject::FailScript(script) | Inject::RepairScript(script) => {
                if let Ok(Command::Run(plan)) = script.parse() {
                    self.plans.resolve(&plan, span, "plan", self.sink);
                } else {
                    self.command(script, span);
                }
            }
            Inject::CircuitDown(_)
            | Inject::CircuitUp(_)
            | Inject::CapacityShort(_)
            | Inject::StaleDns(_)
            | Inject::RefreshDns(_)
            | Inject::PersonAway(_)
            | Inject::ExecutiveAsks(_)
            | Inject::FalseAlarm(_) => {}
        }
    }

    fn scope(&mut self, scope: &Scope, span: &Range<usize>) {
        match scope {
            Scope::Region(region) => self.region(region, span),
            Scope::App(app) => {
                self.names.apps.resolve(app, span, "app", self.sink);
            }
            Scope::Vnet(vnet) => self.vnet(vnet, span),
            Scope::Subnet(subnet) => self.subnet(subnet, span),
            Scope::Vm(vm) => self.vm(vm, span),
        }
    }

    fn node(&mut self, name: &str, span: &Range<usize>) {
        self.names.nodes.resolve(name, span, "VNet or site", self.sink);
    }

    fn vnet(&mut self, name: &str, span: &Range<usize>) {
        self.names.vnets.resolve(name, span, "VNet", self.sink);
    }

    fn region(&mut self, name: &str, span: &Range<usize>) {
        self.names.regions.resolve(name, span, "region", self.sink);
    }

    fn vm(&mut self, name: &str, span: &Range<usize>) {
        self.names.vms.resolve(name, span, "VM", self.sink);
    }

    /// A further NIC or a secondary address of a VM.
    fn card(&mut self, vm: &str, card: &CardName, span: &Range<usize>) {
        let Some(vm) = self.names.vms.get(vm).and_then(|vm| self.topology.vms.get(vm.at())) else { return };
        let secondary = || vm.secondary.iter().chain(vm.nics.iter().flat_map(|nic| &nic.secondary));
        let known = match card {
            CardName::Nic(name) => vm.nics.iter().any(|nic| nic.id == *name),
            CardName::Secondary(ip) => secondary().any(|address| address.ip == *ip),
        };
        // A NIC that is broken was named where it stands.
        if !known && !self.sink.is_broken() {
            let message = format!("`{}` has no {card} beside its first NIC", vm.id);
            self.sink.error(FindingCode::UnknownId, span, message, &[&vm.id]);
        }
    }

    fn subnet(&mut self, name: &SubnetName, span: &Range<usize>) {
        self.names.subnet(&name.vnet, &name.subnet, span, self.sink);
    }

    fn site(&mut self, name: &str, span: &Range<usize>) {
        let node = self.names.nodes.resolve(name, span, "site", self.sink);
        if node.is_some_and(|node| node.site().is_none()) {
            let message = format!("`{}` is a VNet; only a site has routes of its own here", shown(name));
            self.sink.error(FindingCode::InvalidCommand, span, message, &[]);
        }
    }
}

/// Groups and plans in which nothing is done (E1).
fn empty(item: &Item<format::Plan>, table: &format::Plan, sink: &mut Sink) {
    let code = FindingCode::PlanEmpty;
    let idle = |group: &format::Group| group.before.is_empty() && group.run.is_empty() && group.after.is_empty();
    let quiet =
        |hook: &Option<format::Hook>| hook.as_ref().is_none_or(|hook| hook.before.is_empty() && hook.after.is_empty());
    if table.group.iter().all(|group| idle(&group.value)) && quiet(&table.shutdown) && quiet(&table.failover) {
        let message = format!("plan `{}` does nothing: none of its groups has a command", item.id);
        sink.finding(Severity::Warning, code, &item.id_span, message, &[&item.id]);
        return;
    }
    for (at, group) in table.group.iter().enumerate().filter(|(_, group)| idle(&group.value)) {
        let title = group.value.title.as_ref().map(|title| format!(" (`{}`)", shown(title))).unwrap_or_default();
        let message = format!("group {}{title} of plan `{}` does nothing", at + 1, item.id);
        sink.finding(Severity::Warning, code, &group.span, message, &[&item.id]);
    }
}

/// A plan that runs itself, at once or through others, would never end.
fn circles(runs: &HashMap<&str, Vec<(String, Range<usize>)>>, declared: &Declared, sink: &mut Sink) {
    let mut finished: HashSet<&str> = HashSet::new();
    for plan in &declared.plans {
        let mut path: Vec<(&str, usize)> = vec![(plan.id.as_str(), 0)];
        let mut on_path: HashSet<&str> = HashSet::from([plan.id.as_str()]);
        while let Some((id, next)) = path.last_mut() {
            let step = runs.get(*id).and_then(|steps| steps.get(*next));
            *next += 1;
            match step {
                None => {
                    finished.insert(id);
                    on_path.remove(*id);
                    path.pop();
                }
                Some((name, span)) if on_path.contains(name.as_str()) => {
                    let message = format!("plan `{}` runs itself and would never end", shown(name));
                    sink.error(FindingCode::InvalidCommand, span, message, &[name]);
                }
                Some((name, _)) if !finished.contains(name.as_str()) => {
                    on_path.insert(name);
                    path.push((name, 0));
                }
                Some(_) => {}
            }
        }
    }
}
