//! What commands made true, as goals that the model judges.

use std::collections::{BTreeMap, BTreeSet};

use super::write::quoted;
use crate::history::History;
use crate::lesson::predicate::Is;
use crate::lesson::{Moment, Predicate};
use crate::topology::{Command, Endpoint, GatewayKind, Link, Need, VmIx};
use crate::world::{Subject, World, assign};

/// A step with more goals than this would fill the panel.
const MOST: usize = 6;
/// A label has to fit its row.
const WIDEST: usize = 68;

/// A goal that was found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// How it reads.
    pub label: String,
    /// The predicate as a file writes it.
    pub is: String,
    predicate: Predicate,
}

impl Found {
    /// A goal from its predicate; none where that is not one.
    fn new(label: impl Into<String>, is: String) -> Option<Self> {
        let predicate =
            toml::from_str::<BTreeMap<String, Is>>(&format!("is = {is}")).ok()?.remove("is")?.read().ok()?;
        let label: String = label.into();
        let fits = label.chars().count() <= WIDEST;
        Some(Self {
            label: if fits { label } else { label.chars().take(WIDEST - 1).chain(['…']).collect() },
            is,
            predicate,
        })
    }

    /// A command itself.
    pub fn did(command: &Command) -> Option<Self> {
        Self::new(
            format!("`{command}` is done"),
            format!("{{ did = {{ action = {} }} }}", quoted(&command.to_string())),
        )
    }

    /// Whether it holds at a revision.
    pub fn holds(&self, history: &History, at: usize) -> bool {
        let (answered, looked) = (BTreeSet::new(), BTreeSet::new());
        self.predicate
            .judge(&Moment { history, at, answered: &answered, looked: &looked, refused: &[], ran: &[], began: 0 })
            .is_ok()
    }
}

/// What became true between two revisions, and was not before.
pub(super) fn between(history: &History, from: usize, to: usize) -> Vec<Found> {
    let after = &history.revisions()[to].world;
    let mut candidates: Vec<Option<Found>> = Vec::new();
    let (mut moved, mut phases, mut copies) = (Vec::new(), Vec::new(), Vec::new());
    for change in history.difference(from, to) {
        match change.subject {
            Subject::Link(link) => candidates.extend(links(after, &after.links()[link.at()])),
            Subject::Vm(vm) => moved.push(vm),
            Subject::Phase(vm) => phases.push(vm),
            Subject::Copy(vm) => copies.push(vm),
            Subject::Gateway(vnet, kind) => candidates.push(gateway(after, after.vnet(vnet), kind)),
            Subject::Route(site, prefix) => {
                let site = after.site(site);
                let route = site.routes.iter().find(|route| route.prefix == prefix);
                candidates.push(route.and_then(|route| {
                    let via = after.vnet(route.via);
                    let label = format!("{} sends {prefix} to {}", site.title, via.title);
                    let (at, next) = (quoted(&site.id), quoted(&via.id));
                    Found::new(label, format!("{{ route = {{ at = {at}, prefix = \"{prefix}\", next = {next} }} }}"))
                }));
            }
            Subject::Region(region) => {
                let region = &after.regions()[region.at()];
                let is = format!("{{ up = {{ region = {} }} }}", quoted(&region.id));
                candidates.push(Found::new(format!("{} is up", region.title), is.clone()));
                candidates.push(Found::new(format!("{} does not answer", region.title), format!("{{ not = {is} }}")));
            }
            Subject::Target(vm) => candidates.extend(target(after, vm)),
            Subject::Vnet(vnet) if vnet.at() < after.vnets().len() => {
                let id = &after.vnet(vnet).id;
                candidates
                    .push(Found::new(format!("{id} is there"), format!("{{ vnet = {{ id = {} }} }}", quoted(id))));
            }
            Subject::Subnet(subnet) if subnet.at() < after.subnets().len() => {
                let name = after.subnet_name(subnet);
                let is = format!("{{ subnet = {{ at = {} }} }}", quoted(&name));
                candidates.push(Found::new(format!("{name} is there"), is));
            }
            _ => {}
        }
    }
    phases.retain(|vm| !moved.contains(vm));
    candidates.extend(parties(after, &moved, serves));
    candidates.extend(parties(after, &phases, phase));
    candidates.extend(parties(after, &copies, copy));
    let news = |goal: &Found| goal.holds(history, to) && !goal.holds(history, from);
    candidates.into_iter().flatten().filter(news).take(MOST).collect()
}

/// That everyone who must talk does, where that was not so all the way and is so in the end.
pub(super) fn needs_met(history: &History) -> Option<Found> {
    let goal = Found::new("Everyone who must talk does", "{ needs-met = {} }".to_owned())?;
    let end = history.position();
    (goal.holds(history, end) && (0..end).any(|at| !goal.holds(history, at))).then_some(goal)
}

/// The needs that are met all the way: what a learner must not break.
pub(super) fn kept(history: &History) -> Vec<Found> {
    let topology = history.now().world.topology();
    let goal = |need: &Need| {
        let [from, to] = [need.from, need.to].map(|end| quoted(topology.endpoint_id(end)));
        let port = need.port.map(|port| format!(", port = {port}")).unwrap_or_default();
        let label = format!("{} reaches {}", title(history, need.from), title(history, need.to));
        Found::new(label, format!("{{ reach = {{ from = {from}, to = {to}{port} }} }}"))
    };
    let all = topology.needs.iter().filter_map(goal);
    all.filter(|goal| (0..=history.position()).all(|at| goal.holds(history, at))).collect()
}

fn title(history: &History, end: Endpoint) -> String {
    let topology = history.now().world.topology();
    match end {
        Endpoint::App(app) => topology.apps[app.at()].title.clone(),
        _ => topology.endpoint_id(end).to_owned(),
    }
}

fn links(world: &World, link: &Link) -> Vec<Option<Found>> {
    let [a, b] = link.between;
    let titles = format!("{} - {}", world.node_title(a), world.node_title(b));
    let ends = format!("a = {}, b = {}", quoted(world.node_id(a)), quoted(world.node_id(b)));
    let kind = link.kind;
    let is = |word: &str, more: &str| format!("{{ {word} = {{ {ends}, kind = \"{kind}\"{more} }} }}");
    vec![
        Found::new(format!("{titles} is linked by {kind}"), is("link", "")),
        Found::new(format!("{titles} is cut"), is("no-link", "")),
        Found::new(format!("Half a link is left of {titles}"), is("half-link", "")),
        Found::new(format!("{titles} carries nothing"), is("link", ", state = \"down\"")),
    ]
}

fn gateway(world: &World, vnet: &crate::topology::Vnet, kind: GatewayKind) -> Option<Found> {
    let place = world.vnet_named(&vnet.id).ok()?;
    let state = match world.gateway(place, kind).map(|gateway| gateway.state) {
        None => "none",
        Some(crate::topology::GatewayState::Ready) => "ready",
        Some(_) => "broken",
    };
    let is = format!("{{ gateway = {{ net = {}, kind = \"{kind}\", state = \"{state}\" }} }}", quoted(&vnet.id));
    Found::new(format!("The {kind} gateway of {}: {state}", vnet.title), is)
}

fn target(world: &World, vm: VmIx) -> Vec<Option<Found>> {
    let id = world.vm_id(vm);
    let name = quoted(id);
    let ip = assign(world, &[vm]).into_iter().find_map(|(_, outcome)| Some(outcome.ok()?.to.ip));
    vec![
        Found::new(
            format!("The target of {id} is verified"),
            format!("{{ ip-plan = {{ vm = {name}, verified = true }} }}"),
        ),
        ip.and_then(|ip| {
            let is = format!("{{ ip-plan = {{ vm = {name}, addr = \"{ip}\" }} }}");
            Found::new(format!("{id} would get {ip}"), is)
        }),
    ]
}

/// Goals about machines: of an app where all of it is concerned, else of each machine.
fn parties(
    world: &World,
    vms: &[VmIx],
    goal: impl Fn(&World, &str, &str, &[VmIx]) -> Option<Found>,
) -> Vec<Option<Found>> {
    let mut goals = Vec::new();
    let mut told = BTreeSet::new();
    for vm in vms {
        let app = world.app_of(*vm);
        let members: Vec<VmIx> = match app {
            Some(app) => world.vms().map(|(vm, _)| vm).filter(|vm| world.app_of(*vm) == Some(app)).collect(),
            None => vec![*vm],
        };
        match app.filter(|_| members.iter().all(|member| vms.contains(member))) {
            Some(app) if !told.insert(app) => {}
            Some(app) => goals.push(goal(world, "app", &world.topology().apps[app.at()].id, &members)),
            None => goals.push(goal(world, "vm", world.vm_id(*vm), &[*vm])),
        }
    }
    goals
}

fn serves(world: &World, what: &str, id: &str, vms: &[VmIx]) -> Option<Found> {
    let vnet = world.vnet_of(*vms.first()?);
    let together = vms.iter().all(|vm| world.vnet_of(*vm) == vnet);
    let kept = vms.iter().all(|vm| world.retained(*vm) != Some(false));
    let changed = vms.iter().all(|vm| world.retained(*vm) == Some(false));
    let net = world.vnet(vnet);
    let place = if together { quoted(&net.id) } else { quoted(&world.regions()[net.region.at()].id) };
    let (ip, words) = match (kept, changed) {
        (true, _) => (", ip = \"retained\"", " on its own addresses"),
        (_, true) => (", ip = \"changed\"", " on other addresses"),
        _ => ("", ""),
    };
    let title = if together { &net.title } else { &world.regions()[net.region.at()].title };
    Found::new(
        format!("{id} runs in {title}{words}"),
        format!("{{ vms = {{ {what} = {}, in = {place}{ip} }} }}", quoted(id)),
    )
}

fn phase(world: &World, what: &str, id: &str, vms: &[VmIx]) -> Option<Found> {
    let word = world.vm(*vms.first()?).phase_word();
    let is = format!("{{ phase = {{ scope = {}, is = \"{word}\" }} }}", quoted(&format!("{what} {id}")));
    Found::new(format!("{id} is {word}"), is)
}

fn copy(world: &World, what: &str, id: &str, vms: &[VmIx]) -> Option<Found> {
    let is = format!("{{ clean-up-owed = {{ scope = {} }} }}", quoted(&format!("{what} {id}")));
    match vms.iter().any(|vm| world.vm(*vm).testing) {
        true => Found::new(format!("A test copy of {id} is there"), is),
        false => Found::new(format!("No test copy of {id} is left"), format!("{{ not = {is} }}")),
    }
}
