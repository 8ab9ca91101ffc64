//! What the program promises about the article's scenarios, one test for each promise.

use std::sync::Arc;

use failscope::history::{Attempt, History};
use failscope::network::{VerdictCode, explain};
use failscope::plan::options::options;
use failscope::plan::{Plan, Timing, derive};
use failscope::topology::load::{open, parse};
use failscope::topology::{AppIx, Endpoint, FindingCode, LinkKind, LinkState, Severity, SiteIx, Topology};
use failscope::world::{Refusal, RefusalCode, World};

fn start(name: &str) -> History {
    History::start(Arc::new(open(name).unwrap_or_else(|error| panic!("{name}: {error:?}"))))
}

/// Runs one command; for a plan the first refusal in it.
fn attempt(history: &mut History, command: &str) -> Result<(), Refusal> {
    let attempts = history.run(&command.parse().expect(command));
    attempts.into_iter().try_for_each(|Attempt { outcome, .. }| outcome.map(|_| ()))
}

fn done(history: &mut History, command: &str) {
    attempt(history, command).unwrap_or_else(|refusal| panic!("{command}: {} {refusal}", refusal.code));
}

fn refused(history: &mut History, command: &str) -> Refusal {
    let before = history.now().world.clone();
    let refusal = attempt(history, command).expect_err(command);
    assert_eq!(history.now().world, before, "a refused command changes nothing");
    refusal
}

fn plan(history: &History, scope: &str, timing: Timing) -> Plan {
    let scope = scope.parse().expect(scope);
    derive(&history.now().world, &scope, timing).unwrap_or_else(|refusal| panic!("{scope}: {refusal}"))
}

/// Runs a derived plan, of which no step may be refused.
fn run(history: &mut History, plan: &Plan) {
    for Attempt { command, outcome } in history.run_groups(&plan.groups) {
        outcome.unwrap_or_else(|refusal| panic!("{command}: {} {refusal}", refusal.code));
    }
}

fn all_needs_met(history: &History) -> bool {
    history.now().needs.iter().all(|need| need.met)
}

fn app(topology: &Topology, id: &str) -> Endpoint {
    Endpoint::App(AppIx::new(topology.apps.iter().position(|app| app.id == id).expect(id)))
}

fn link_state(world: &World, id: &str) -> LinkState {
    world.links().iter().find(|link| link.id == id).expect(id).state
}

fn verdict(history: &History, from: Endpoint, to: Endpoint) -> VerdictCode {
    let now = history.now();
    explain(&now.world, &now.network, from, to).code
}

fn kept_all_addresses(world: &World) -> bool {
    world.vms().all(|(vm, _)| world.retained(vm) != Some(false))
}

fn has(plan: &Plan, severity: Severity, code: FindingCode) -> bool {
    plan.findings.iter().any(|finding| finding.severity == severity && finding.code == code)
}

/// For how long somebody who must talk is cut off, from the first moment to the last.
fn gap(plan: &Plan) -> u64 {
    let first = plan.gaps.iter().map(|gap| gap.from).min().unwrap_or(0);
    let last = plan.gaps.iter().map(|gap| gap.until.expect("mended at the end")).max().unwrap_or(0);
    last - first
}

#[test]
fn the_readme_names_the_two_commands_and_the_minimum_rust_version() {
    let readme = include_str!("../README.md");
    for command in ["cargo run --release", "cargo test"] {
        assert!(readme.lines().any(|line| line.trim() == command), "{command}");
    }
    assert!(readme.contains(&format!("Rust {}", env!("CARGO_PKG_RUST_VERSION"))));
    assert!(
        include_str!("../.ci/run").lines().rfind(|line| !line.is_empty()).is_some_and(|l| l.contains("cargo test"))
    );
}

#[test]
fn the_articles_five_steps_move_app2_alone_and_app1_keeps_its_replica_throughout() {
    let mut history = start("azure-isolated-app");
    let topology = Arc::clone(history.now().world.topology());
    let (app1, app2) = (app(&topology, "app1"), app(&topology, "app2"));
    let replica = Endpoint::Vm(history.now().world.vm_named("sql-replica").expect("the replica"));
    for command in [
        "disconnect source-1 source-2",
        "disconnect source-2 azure",
        "connect source-1 recovery-2",
        "connect recovery-2 azure",
        "fail-over app app2",
    ] {
        done(&mut history, command);
        assert_eq!(verdict(&history, app1, replica), VerdictCode::Reachable, "after {command}");
        assert_eq!(link_state(&history.now().world, "source-1--azure"), LinkState::Connected, "after {command}");
    }
    let world = &history.now().world;
    let recovery = world.vnet_named("recovery-2").expect("recovery-2");
    for vm in world.vms_of(app2) {
        assert_eq!((world.vnet_of(vm), world.retained(vm)), (recovery, Some(true)), "{}", world.vm_id(vm));
    }
    assert!(all_needs_met(&history));
}

#[test]
fn connecting_first_is_refused_and_the_neighbour_in_the_way_is_named() {
    let mut history = start("azure-isolated-app");
    let refusal = refused(&mut history, "connect recovery-2 azure");
    assert_eq!(refusal.code, RefusalCode::OverlapNeighbour);
    assert!(refusal.message.contains("Source VNet 2") && refusal.message.contains("10.2.0.0/16"), "{refusal}");
    let refusal = refused(&mut history, "connect source-2 recovery-2");
    assert_eq!(refusal.code, RefusalCode::Overlap, "B6, B9: a twin pair is never joined");
}

#[test]
fn the_full_failover_keeps_every_address_whenever_the_link_is_made() {
    let mut gaps = Vec::new();
    for timing in [Timing::Before, Timing::During, Timing::After] {
        let mut history = start("azure-full");
        let plan = plan(&history, "region east-asia", timing);
        run(&mut history, &plan);
        assert!(kept_all_addresses(&history.now().world), "{timing}");
        assert!(all_needs_met(&history), "{timing}");
        gaps.push(gap(&plan));
    }
    let [before, during, after] = gaps[..] else { panic!("{gaps:?}") };
    assert!(during < after, "during {during} s, after {after} s");
    assert!(during <= before && before <= after, "before {before} s, during {during} s, after {after} s");
}

#[test]
fn peering_instead_of_vpn_saves_the_gateways_45_minutes() {
    let mut by_vpn = start("azure-full");
    let derived = plan(&by_vpn, "region east-asia", Timing::After);
    assert!(derived.seconds >= 45 * 60, "F9: the gateway of the recovery VNet has to be created");
    assert!(has(&derived, Severity::Warning, FindingCode::GatewayMissing));
    let said = derived.findings.iter().find(|finding| finding.code == FindingCode::GatewayMissing).expect("just seen");
    assert!(said.message.contains("45 min") && said.message.contains("peering"), "{}", said.message);
    run(&mut by_vpn, &derived);

    let mut by_peering = start("azure-full");
    for command in ["disconnect source azure", "fail-over region east-asia", "connect recovery azure by peering"] {
        done(&mut by_peering, command);
    }
    assert!(all_needs_met(&by_peering));
    let (vpn, peering) = (by_vpn.now().world.seconds(), by_peering.now().world.seconds());
    assert!(vpn >= peering + 45 * 60, "VPN {vpn} s, peering {peering} s");

    let history = start("azure-full");
    let world = &history.now().world;
    let [recovery, azure] = ["recovery", "azure"].map(|id| world.node_named(id).expect(id));
    let sheet = options(world, recovery, azure);
    let saves = |kind| sheet.iter().find(|option| option.kind == kind).expect("the sheet compares it").saves;
    assert!(saves(LinkKind::Peering) >= 45 * 60 && saves(LinkKind::Vpn) == 0, "the connect sheet says so");
}

#[test]
fn one_subnet_with_kept_addresses_loses_its_siblings_and_the_twin_cannot_be_joined() {
    let mut history = start("azure-subnet-trap");
    let trapped = plan(&history, "subnet source/subnet-1", Timing::During);
    assert!(has(&trapped, Severity::Error, FindingCode::SubnetTrap));
    let said = trapped.findings.iter().find(|finding| finding.code == FindingCode::SubnetTrap).expect("just seen");
    for design in ["other addresses", "VNet of its own"] {
        assert!(said.message.contains(design), "the design that works is named: {}", said.message);
    }
    run(&mut history, &trapped);
    let topology = Arc::clone(history.now().world.topology());
    let pair = (app(&topology, "app1"), app(&topology, "app2"));
    assert_ne!(verdict(&history, pair.0, pair.1), VerdictCode::Reachable, "C8: own space stays inside");
    assert_eq!(refused(&mut history, "connect recovery azure").code, RefusalCode::OverlapNeighbour);
}

#[test]
fn one_subnet_with_other_addresses_works() {
    let mut history = start("azure-subnet-trap");
    let working = plan(&history, "subnet source/subnet-2", Timing::During);
    assert!(working.findings.iter().all(|finding| finding.severity < Severity::Error), "{:?}", working.findings);
    run(&mut history, &working);
    assert!(all_needs_met(&history));
}

#[test]
fn an_app_of_the_hybrid_design_moves_alone_once_its_old_link_is_cut() {
    let mut history = start("hybrid-isolated-app");
    let refusal = refused(&mut history, "connect recovery-2 datacenter");
    assert_eq!(refusal.code, RefusalCode::OverlapNeighbour, "B12, B58.3");
    assert!(refusal.message.contains("Source VNet 2"), "{refusal}");
    let plan = plan(&history, "app app2", Timing::During);
    run(&mut history, &plan);
    assert!(all_needs_met(&history) && kept_all_addresses(&history.now().world));
}

#[test]
fn the_datacenter_reaches_the_machines_only_after_the_re_route() {
    for name in ["hybrid-full", "hybrid-full-vpn"] {
        let mut history = start(name);
        let datacenter = Endpoint::Site(SiteIx::new(0));
        let orders = app(history.now().world.topology(), "orders");
        assert_eq!(refused(&mut history, "connect recovery datacenter").code, RefusalCode::OverlapNeighbour, "{name}");
        for command in ["disconnect source datacenter", "connect recovery datacenter", "fail-over region east-asia"] {
            done(&mut history, command);
        }
        let explanation = explain(&history.now().world, &history.now().network, datacenter, orders);
        assert_ne!(explanation.code, VerdictCode::Reachable, "{name}: the site's route still leads to the source");
        let re_route = "route datacenter 10.1.0.0/16 via recovery";
        let mends: Vec<_> = explanation.blockers.iter().flat_map(|blocker| &blocker.mend).collect();
        assert!(mends.iter().any(|command| command.to_string() == re_route), "{name}: {mends:?}");
        done(&mut history, re_route);
        assert!(all_needs_met(&history), "{name}");
        assert!(kept_all_addresses(&history.now().world), "{name}");
    }
}

#[test]
fn a_plan_for_five_apps_on_mixed_links_with_missing_gateways_runs_without_a_refusal() {
    let topology = parse("five-apps", include_str!("data/five-apps.toml")).expect("a topology of our own");
    let topology = Arc::new(topology);
    for timing in [Timing::Before, Timing::During, Timing::After] {
        let mut history = History::start(Arc::clone(&topology));
        let plan = plan(&history, "region north", timing);
        assert!(has(&plan, Severity::Warning, FindingCode::GatewayMissing));
        run(&mut history, &plan);
        assert!(all_needs_met(&history), "{timing}");
        assert_eq!(history.now().world.seconds(), plan.seconds, "{timing}: the plan said how long it takes");
    }
    for scope in ["app shop-app", "vnet billing", "app search-app", "vm mail-node"] {
        let mut history = History::start(Arc::clone(&topology));
        let plan = plan(&history, scope, Timing::During);
        run(&mut history, &plan);
        assert!(all_needs_met(&history), "{scope}");
    }
}
