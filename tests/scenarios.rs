//! Every file of `tests/scenarios` is a story: a topology, commands, and what must be true after each.

use std::path::Path;
use std::sync::Arc;

use failscope::history::History;
use failscope::network::{effective_routes, explain_on, findings};
use failscope::plan::readiness::readiness;
use failscope::plan::{Timing, derive};
use failscope::topology::{Command, Endpoint, Scope, load};
use failscope::world::{Card, Cards, World};
use serde::Deserialize;

mod plans;
mod ready;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Scenario {
    title: String,
    rules: Vec<String>,
    #[serde(default)]
    topology: String,
    #[serde(default)]
    builtin: String,
    /// Findings of the file.
    #[serde(default)]
    check: Vec<plans::Checked>,
    /// Codes that must not be among them.
    #[serde(default)]
    check_without: Vec<String>,
    #[serde(default)]
    step: Vec<Step>,
    /// What is wrong with the topology, where it is none.
    #[serde(default)]
    problem: Vec<Finding>,
    /// Parts of what must not be said about it, as it only follows from something else.
    #[serde(default)]
    problem_without: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Step {
    r#do: String,
    refused: String,
    /// `COMMAND (CODE)` of every part of a plan that is refused while the rest of it runs.
    refuses: Vec<String>,
    says: Vec<String>,
    mend: Vec<String>,
    seconds: Option<u64>,
    needs_met: Option<bool>,
    vm: Vec<Vm>,
    link: Vec<Link>,
    gateway: Vec<Gateway>,
    reach: Vec<Reach>,
    routes: Vec<Routes>,
    finding: Vec<Finding>,
    /// Codes that must not be among the findings.
    without: Vec<String>,
    /// What would go wrong at a failover from here.
    ready: Vec<Ready>,
    /// Codes that must not be among that.
    ready_without: Vec<String>,
    plan: Vec<Plan>,
    file_plan: Vec<plans::FilePlan>,
    compare: Vec<plans::Compared>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ready {
    #[serde(flatten)]
    finding: Finding,
    /// Parts of what would follow.
    #[serde(default)]
    otherwise: Vec<String>,
    /// The commands that mend it, all of them.
    mend: Option<Vec<String>>,
    /// Parts of the change of the file that mends it.
    #[serde(default)]
    change: Vec<String>,
    line: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Vm {
    id: String,
    at: Option<String>,
    ip: Option<String>,
    allocation: Option<String>,
    phase: Option<String>,
    rule: Option<String>,
    retained: Option<bool>,
    runs: Option<bool>,
    verified: Option<bool>,
    /// The machines that run beside it with its identity, each as `VNET/SUBNET IP`.
    instances: Option<Vec<String>>,
    /// The rule that gave its test copy an address.
    test_rule: Option<String>,
    /// The recovery point it was started from.
    point: Option<String>,
    /// Its further NICs and secondary addresses, each as `NAME VNET/SUBNET IP` or `NAME none`.
    cards: Option<Vec<String>>,
    /// The same of its test copy, each as `NAME VNET/SUBNET IP RULE`.
    copied: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Link {
    between: [String; 2],
    kind: Option<String>,
    state: String,
    carries: Option<bool>,
    /// The settings of its halves that are not the usual ones.
    set: Option<String>,
    bgp: Option<bool>,
    tunnels: Option<u32>,
    weight: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gateway {
    vnet: String,
    kind: String,
    state: Option<String>,
    sku: Option<String>,
    asn: Option<u32>,
}

/// Effective routes: all of them, or some that must or must not be among them. A route is written as
/// `PREFIX NEXT-HOP TO|- ORIGIN STATE`, an appliance as its address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Routes {
    at: String,
    #[serde(default)]
    all: Vec<String>,
    #[serde(default)]
    with: Vec<String>,
    /// Prefixes that no route is for.
    #[serde(default)]
    without: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reach {
    from: String,
    to: String,
    code: Option<String>,
    reachable: Option<bool>,
    port: Option<u16>,
    /// The networks and appliances on the way there, in order.
    over: Option<Vec<String>>,
    /// The codes of everything in the way.
    blockers: Option<Vec<String>>,
    #[serde(default)]
    says: Vec<String>,
    #[serde(default)]
    mend: Vec<String>,
}

#[derive(Deserialize)]
struct Finding {
    code: String,
    severity: Option<String>,
    at: Option<String>,
    #[serde(default)]
    says: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Plan {
    scope: String,
    #[serde(default)]
    timing: String,
    commands: Option<Vec<String>>,
    seconds: Option<u64>,
    #[serde(default)]
    finding: Vec<Finding>,
    /// Codes that must not be among the findings.
    #[serde(default)]
    without: Vec<String>,
    /// Runs it and expects all needs to be met or not.
    needs_met: Option<bool>,
    #[serde(default)]
    times: plans::Times,
}

fn endpoint(world: &World, id: &str) -> Endpoint {
    let vm = world.vm_named(id).map(Endpoint::Vm);
    let vm_or_app = vm.or_else(|_| world.app_named(id).map(Endpoint::App));
    vm_or_app.or_else(|_| world.site_named(id).map(Endpoint::Site)).unwrap_or_else(|_| panic!("nothing is called {id}"))
}

fn contains_all(text: &str, parts: &[String], what: &str) {
    for part in parts {
        assert!(text.contains(part.as_str()), "{what} should say {part:?}: {text}");
    }
}

fn find<'f>(found: &'f [failscope::topology::Finding], wanted: &Finding) -> &'f failscope::topology::Finding {
    let fits = |finding: &&failscope::topology::Finding| {
        finding.code.to_string() == wanted.code
            && wanted.at.as_ref().is_none_or(|at| finding.at.contains(at))
            && wanted.severity.as_ref().is_none_or(|severity| finding.severity.to_string() == *severity)
    };
    // What it says, and the commands it offers.
    let text = |finding: &failscope::topology::Finding| {
        std::iter::once(finding.message.clone()).chain(texts(&finding.mend)).collect::<Vec<_>>().join("; ")
    };
    let says = |finding: &&failscope::topology::Finding| wanted.says.iter().all(|part| text(finding).contains(part));
    let finding = found
        .iter()
        .filter(fits)
        .find(says)
        .or_else(|| found.iter().find(fits))
        .unwrap_or_else(|| panic!("no finding {} in {found:#?}", wanted.code));
    contains_all(&text(finding), &wanted.says, "the finding");
    finding
}

fn check_findings(found: &[failscope::topology::Finding], expected: &[Finding]) {
    for wanted in expected {
        find(found, wanted);
    }
}

/// What would go wrong is what the scenario says, and whatever offers commands is mended by them.
fn check_ready(world: &World, step: &Step) {
    if step.ready.is_empty() && step.ready_without.is_empty() {
        return;
    }
    let found = readiness(world);
    for wanted in &step.ready {
        let finding = find(&found, &wanted.finding);
        contains_all(finding.consequence.as_deref().unwrap_or_default(), &wanted.otherwise, "the consequence");
        contains_all(finding.change.as_deref().unwrap_or_default(), &wanted.change, "the change");
        assert!(wanted.mend.as_ref().is_none_or(|mend| *mend == texts(&finding.mend)), "mend: {:?}", finding.mend);
        let line = finding.position.map(|place| place.line);
        assert!(wanted.line.is_none() || wanted.line == line, "line {line:?} of {}", finding.message);
    }
    for code in &step.ready_without {
        assert!(found.iter().all(|finding| finding.code.to_string() != *code), "{code} in {found:#?}");
    }
    ready::mends_hold(world, &found);
}

fn texts(commands: &[Command]) -> Vec<String> {
    commands.iter().map(ToString::to_string).collect()
}

fn check_vm(world: &World, wanted: &Vm) {
    let vm = world.vm_named(&wanted.id).expect("the scenario names its own VMs");
    let state = world.vm(vm);
    let same = |what: &str, wanted: &Option<String>, found: String| {
        assert!(wanted.as_ref().is_none_or(|wanted| *wanted == found), "{what} is {found}, expected {wanted:?}");
    };
    same("the place", &wanted.at, world.subnet_name(state.at.subnet));
    same("the address", &wanted.ip, state.at.ip.to_string());
    same("the allocation", &wanted.allocation, state.at.allocation.to_string());
    same("the phase", &wanted.phase, state.phase_word());
    same("the point", &wanted.point, state.point.map(|point| point.to_string()).unwrap_or_default());
    let copy = world.test_copy(vm).map(|copy| copy.rule.to_string());
    same("the rule of the test copy", &wanted.test_rule, copy.unwrap_or_default());
    let instances: Vec<String> = world.instances(vm).map(|instance| world.place_words(instance.at)).collect();
    assert!(wanted.instances.as_ref().is_none_or(|wanted| *wanted == instances), "instances are {instances:?}");
    let card = |card: &Card| {
        let place = card.at.map_or("none".to_owned(), |at| world.place_words(at));
        format!("{} {place}", card.title())
    };
    let cards: Vec<String> = world.cards(vm).into_iter().flat_map(Cards::iter).map(card).collect();
    assert!(wanted.cards.as_ref().is_none_or(|wanted| *wanted == cards), "cards are {cards:?}");
    let copied = world.cards(vm).into_iter().flat_map(Cards::copies);
    let copied: Vec<String> =
        copied.map(|(card, copy)| format!("{} {} {}", card.title(), world.place_words(copy.at), copy.rule)).collect();
    assert!(wanted.copied.as_ref().is_none_or(|wanted| *wanted == copied), "the copy has {copied:?}");
    same("the rule", &wanted.rule, state.rule.map(|rule| rule.to_string()).unwrap_or_default());
    assert!(wanted.retained.is_none() || wanted.retained == world.retained(vm), "retained of {}", wanted.id);
    assert!(wanted.runs.is_none_or(|runs| runs == world.runs(vm)), "whether {} runs", wanted.id);
    assert!(wanted.verified.is_none_or(|verified| verified == state.verified), "whether {} is verified", wanted.id);
}

fn check_routes(world: &World, wanted: &Routes) {
    let (vnet, subnet) = wanted.at.split_once('/').map_or((wanted.at.as_str(), None), |(vnet, id)| (vnet, Some(id)));
    let vnet = world.vnet_named(vnet).expect("a VNet");
    let subnet = subnet.map(|id| world.subnet_in(vnet, id).expect("a subnet"));
    let routes = effective_routes(world, vnet, subnet);
    let line = |route: &failscope::network::Route| {
        let network = route.to.map_or("-".to_owned(), |to| world.node_id(to).to_owned());
        let to = route.appliance.map_or(network, |ip| ip.to_string());
        format!("{} {} {to} {} {}", route.prefix, route.next_hop, route.origin, route.state)
    };
    let mut lines: Vec<String> = routes.iter().map(line).collect();
    for wanted in &wanted.with {
        assert!(lines.contains(wanted), "{wanted} is not among {lines:#?}");
    }
    for prefix in &wanted.without {
        assert!(routes.iter().all(|route| route.prefix.to_string() != *prefix), "{prefix} is among {lines:#?}");
    }
    if !wanted.all.is_empty() {
        let mut all = wanted.all.clone();
        all.sort();
        lines.sort();
        assert_eq!(lines, all, "the routes at {}", wanted.at);
    }
}

fn check_plan(history: &History, wanted: &Plan) {
    let world = &history.now().world;
    let scope: Scope = wanted.scope.parse().expect("the scope parses");
    let timing: Timing = if wanted.timing.is_empty() { Timing::default() } else { wanted.timing.parse().unwrap() };
    let plan = derive(world, &scope, timing).expect("a plan for the scope");
    let commands: Vec<String> = plan.commands().map(ToString::to_string).collect();
    assert!(wanted.commands.as_ref().is_none_or(|wanted| *wanted == commands), "the plan runs {commands:#?}");
    assert!(wanted.seconds.is_none_or(|seconds| seconds == plan.seconds), "the plan takes {} seconds", plan.seconds);
    check_findings(&plan.findings, &wanted.finding);
    plans::check_times(world, &plan, &wanted.times);
    for code in &wanted.without {
        assert!(plan.findings.iter().all(|finding| finding.code.to_string() != *code), "{:#?}", plan.findings);
    }
    let mut trial = history.clone();
    for attempt in trial.run_groups(&plan.groups) {
        assert!(attempt.outcome.is_ok(), "{} is refused: {:?}", attempt.command, attempt.outcome);
    }
    assert_eq!(trial.now().world.seconds() - world.seconds(), plan.seconds, "the run takes what the plan says");
    let met = trial.now().needs.iter().all(|need| need.met);
    assert!(wanted.needs_met.is_none_or(|wanted| wanted == met), "needs met after {commands:#?}: {met}");
}

fn check_step(history: &mut History, step: &Step) {
    if !step.r#do.is_empty() {
        let command: Command = step.r#do.parse().unwrap_or_else(|error| panic!("{}: {error}", step.r#do));
        let before = history.now().world.clone();
        let attempts = history.run(&command);
        let refuses = attempts.iter().filter_map(|attempt| {
            let refusal = attempt.outcome.as_ref().err()?;
            Some(format!("{} ({})", attempt.command, refusal.code))
        });
        match attempts.iter().find_map(|attempt| attempt.outcome.as_ref().err()) {
            Some(_) if !step.refuses.is_empty() => assert_eq!(refuses.collect::<Vec<_>>(), step.refuses),
            None => assert!(step.refused.is_empty(), "done, expected refusal {}", step.refused),
            Some(refusal) => {
                assert_eq!(refusal.code.to_string(), step.refused, "{refusal}");
                contains_all(&refusal.message, &step.says, "the refusal");
                if !step.mend.is_empty() {
                    assert_eq!(texts(&refusal.mend), step.mend);
                }
                assert_eq!(history.now().world, before, "a refused command changes nothing");
            }
        }
    }
    let now = history.now().clone();
    let world = &now.world;
    assert!(step.seconds.is_none_or(|seconds| seconds == world.seconds()), "the clock shows {}", world.seconds());
    let met = now.needs.iter().all(|need| need.met);
    assert!(step.needs_met.is_none_or(|wanted| wanted == met), "needs met: {:?}", now.needs);
    step.vm.iter().for_each(|wanted| check_vm(world, wanted));
    for wanted in &step.link {
        let ends = [&wanted.between[0], &wanted.between[1]].map(|id| world.node_named(id).expect("a network"));
        let fits = |link: &&failscope::topology::Link| {
            link.joins(ends[0], ends[1]) && wanted.kind.as_ref().is_none_or(|kind| link.kind.to_string() == *kind)
        };
        let found = world.links().iter().position(|link| fits(&link));
        let state = found.map_or("absent".to_owned(), |at| world.links()[at].state.to_string());
        assert_eq!(state, wanted.state, "the link {:?}", wanted.between);
        let Some(at) = found else { continue };
        let link = &world.links()[at];
        let carries = world.carries(failscope::topology::LinkIx::new(at));
        assert!(wanted.carries.is_none_or(|wanted| wanted == carries), "{} carries: {carries}", link.id);
        let set = world.link_words(link);
        assert!(wanted.set.as_ref().is_none_or(|wanted| *wanted == set), "{} is set: {set}", link.id);
        assert!(wanted.bgp.is_none_or(|wanted| wanted == link.bgp), "{} speaks BGP: {}", link.id, link.bgp);
        assert!(wanted.tunnels.is_none_or(|wanted| wanted == link.tunnels), "{}: {} tunnels", link.id, link.tunnels);
        assert!(wanted.weight.is_none_or(|wanted| wanted == link.weight), "{}: weight {}", link.id, link.weight);
    }
    for wanted in &step.gateway {
        let vnet = world.vnet_named(&wanted.vnet).expect("a VNet");
        let kind = wanted.kind.parse().expect("a kind of gateway");
        let gateway = world.gateway(vnet, kind).unwrap_or_else(|| panic!("{} has no such gateway", wanted.vnet));
        let same = |wanted: &Option<String>, found: String| {
            assert!(wanted.as_ref().is_none_or(|wanted| *wanted == found), "{found}, expected {wanted:?}");
        };
        same(&wanted.state, gateway.state.to_string());
        same(&wanted.sku, gateway.sku.clone().unwrap_or_default());
        assert!(wanted.asn.is_none() || wanted.asn == gateway.asn, "the number is {:?}", gateway.asn);
    }
    for wanted in &step.reach {
        let (from, to) = (endpoint(world, &wanted.from), endpoint(world, &wanted.to));
        let found = explain_on(world, &now.network, from, to, wanted.port);
        let code = found.code.to_string();
        let reaches = code == "reachable";
        let said = format!("{} to {}: {code}: {}", wanted.from, wanted.to, found.message);
        assert!(wanted.code.as_ref().is_none_or(|wanted| *wanted == code), "{said}");
        assert!(wanted.reachable.is_none_or(|wanted| wanted == reaches), "{said}");
        contains_all(&found.message, &wanted.says, "the verdict");
        let mends: Vec<String> = found.blockers.iter().flat_map(|blocker| texts(&blocker.mend)).collect();
        if let Some(over) = &wanted.over {
            let name = |hop: &failscope::network::Hop| match hop.appliance {
                Some(vm) => world.vm_id(vm).to_owned(),
                None => world.node_id(hop.at).to_owned(),
            };
            assert_eq!(found.forward.iter().map(name).collect::<Vec<_>>(), *over, "{}", found.message);
        }
        if let Some(codes) = &wanted.blockers {
            let found: Vec<String> = found.blockers.iter().map(|blocker| blocker.code.to_string()).collect();
            assert_eq!(found, *codes);
        }
        for mend in &wanted.mend {
            assert!(mends.contains(mend), "{mend} is not offered: {mends:?}");
        }
    }
    let lasting = world.topology().findings.iter().filter(|finding| finding.position.is_some()).cloned();
    let findings: Vec<_> = findings(world).into_iter().chain(lasting).collect();
    step.routes.iter().for_each(|wanted| check_routes(world, wanted));
    check_findings(&findings, &step.finding);
    for code in &step.without {
        assert!(findings.iter().all(|finding| finding.code.to_string() != *code), "no {code}: {findings:#?}");
    }
    check_ready(world, step);
    step.plan.iter().for_each(|wanted| check_plan(history, wanted));
    step.file_plan.iter().for_each(|wanted| plans::check_file_plan(world, wanted));
    step.compare.iter().for_each(|wanted| plans::check_compared(world, wanted));
}

fn play(path: &Path) {
    let text = std::fs::read_to_string(path).expect("a scenario file");
    let scenario: Scenario = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(!scenario.rules.is_empty() && !scenario.title.is_empty(), "{} names its rules", path.display());
    if !scenario.problem.is_empty() {
        let error = load::parse("scenario", &scenario.topology).expect_err("the scenario's file is no topology");
        let found: Vec<_> = error.problems.into_iter().map(|problem| problem.finding).collect();
        for wanted in &scenario.problem {
            let says = |text: &str| wanted.says.iter().all(|part| text.contains(part.as_str()));
            let fits = |finding: &&failscope::topology::Finding| {
                finding.code.to_string() == wanted.code && says(&finding.message) && finding.position.is_some()
            };
            assert!(found.iter().any(|finding| fits(&finding)), "no {} {:?} in {found:#?}", wanted.code, wanted.says);
        }
        for part in &scenario.problem_without {
            assert!(found.iter().all(|finding| !finding.message.contains(part.as_str())), "{part:?} in {found:#?}");
        }
        return;
    }
    let topology = match scenario.builtin.as_str() {
        "" => load::parse("scenario", &scenario.topology).unwrap_or_else(|error| panic!("{error:#?}")),
        name => load::open(name).unwrap_or_else(|error| panic!("{error:#?}")),
    };
    plans::check_file(&topology, &scenario.check, &scenario.check_without);
    let mut history = History::start(Arc::new(topology));
    for (number, step) in scenario.step.iter().enumerate() {
        let label = format!("{}, step {} `{}`", path.display(), number + 1, step.r#do);
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check_step(&mut history, step)));
        assert!(outcome.is_ok(), "failed in {label} (proves {})", scenario.rules.join(", "));
    }
}

#[test]
fn every_scenario_goes_as_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 20, "the scenario files are there");
    let failed: Vec<_> = files.iter().filter(|path| std::panic::catch_unwind(|| play(path)).is_err()).collect();
    assert!(failed.is_empty(), "these scenarios fail, see above: {failed:#?}");
}
