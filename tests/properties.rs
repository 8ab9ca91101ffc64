//! What must hold for every topology and every sequence of commands, tried on random ones.

mod random;
mod ready;

use std::collections::{HashMap, HashSet};
use std::net::Ipv4Addr;
use std::sync::Arc;

use failscope::history::History;
use failscope::network::{Network, VerdictCode, explain, findings, needs};
use failscope::plan::readiness::readiness;
use failscope::plan::{Options, Timing, derive};
use failscope::topology::overlap::{Wanted, clashes, direct_overlap};
use failscope::topology::{Command, Endpoint, LinkKind, LinkState, Scope, SiteIx, SubnetIx, VnetIx, load};
use failscope::world::{World, apply};
use proptest::prelude::*;
use strum::IntoEnumIterator;

fn start(spec: &random::Spec) -> History {
    let text = spec.toml();
    let topology = load::parse("random", &text).unwrap_or_else(|error| panic!("{text}\n{error:#?}"));
    History::start(Arc::new(topology))
}

/// Every VM that serves somewhere and every one left running has its address in its VNet for itself.
fn no_address_twice_in_a_vnet(world: &World) {
    let mut seen: HashMap<(VnetIx, Ipv4Addr), &str> = HashMap::new();
    let taken = world.occupied().iter().map(|(subnet, ip)| (*subnet, *ip, "someone else"));
    let places = world.vms().flat_map(|(vm, state)| {
        let here = (state.at.subnet, state.at.ip, world.vm_id(vm));
        let behind = state.behind.map(|behind| (behind.at.subnet, behind.at.ip, world.vm_id(vm)));
        let copy = world.test_copy(vm).map(|copy| (copy.at.subnet, copy.at.ip, world.vm_id(vm)));
        std::iter::once(here).chain(behind).chain(copy)
    });
    let left = world.leftovers().map(|(subnet, ip, vm)| (subnet, ip, world.vm_id(vm)));
    let places = places.chain(left);
    for (subnet, ip, holder) in places.chain(taken).collect::<Vec<(SubnetIx, Ipv4Addr, &str)>>() {
        let rival = seen.insert((world.subnet(subnet).vnet, ip), holder);
        assert!(rival.is_none(), "{ip} is held by {holder} and {rival:?}");
    }
}

/// No live link could not be made beside the others; peering looks at peerings only (B7, B9, B13).
fn no_forbidden_link(world: &World) {
    for (link, shown) in world.live_links() {
        assert!(direct_overlap(world, shown.between).is_none(), "{} joins overlapping networks", shown.id);
        let mut others = world.links().to_vec();
        others[link.at()].state = LinkState::Absent;
        if shown.kind != LinkKind::Peering {
            others.retain(|other| other.kind != LinkKind::Peering);
        }
        // Half a link stands in one network only.
        let mut found = clashes(world, &others, Wanted::like(shown));
        found.retain(|clash| shown.stands_at(clash.at));
        assert_eq!(found, [], "{} should have been refused", shown.id);
    }
}

fn scopes(world: &World) -> Vec<Scope> {
    let topology = world.topology();
    let regions = topology.regions.iter().map(|region| Scope::Region(region.id.clone()));
    let apps = topology.apps.iter().map(|app| Scope::App(app.id.clone()));
    let vnets = topology.vnets.iter().map(|vnet| Scope::Vnet(vnet.id.clone()));
    let vms = topology.vms.iter().take(2).map(|vm| Scope::Vm(vm.id.clone()));
    regions.chain(apps).chain(vnets).chain(vms).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn commands_keep_the_world_sound_and_refusals_change_nothing(
        (spec, commands) in random::spec_and_commands()
    ) {
        let mut history = start(&spec);
        for text in commands {
            let command: Command = text.parse().expect("generated commands parse");
            prop_assert_eq!(command.to_string(), text);
            let (before, position) = (history.now().world.clone(), history.position());
            match history.execute(&command) {
                Err(refusal) => {
                    prop_assert!(!refusal.message.is_empty());
                    prop_assert_eq!(&history.now().world, &before);
                    prop_assert_eq!(history.position(), position);
                }
                Ok(()) => {
                    no_address_twice_in_a_vnet(&history.now().world);
                    no_forbidden_link(&history.now().world);
                    let fresh = Network::of(&history.now().world);
                    prop_assert!(*history.now().network == fresh, "the updated network equals a fresh one");
                    let met: Vec<bool> = history.now().needs.iter().map(|need| need.met).collect();
                    prop_assert_eq!(met, needs::met(&history.now().world, &fresh), "the needs judged anew are all there are");
                }
            }
        }
        let end = history.now().world.clone();
        let steps = history.position();
        while history.undo() {}
        prop_assert_eq!(&history.now().world, &World::start(history.now().world.topology().clone()));
        prop_assert!(history.now().world.vms().all(|(_, vm)| !vm.testing), "a test is undone like anything else");
        while history.redo() {}
        prop_assert_eq!(history.position(), steps);
        prop_assert_eq!(&history.now().world, &end);
    }

    #[test]
    fn what_is_found_before_a_failover_is_gone_once_its_commands_ran(
        (spec, commands) in random::spec_and_commands()
    ) {
        let mut history = start(&spec);
        for text in commands.into_iter().take(5) {
            history.run(&text.parse().expect("generated commands parse"));
            let world = &history.now().world;
            ready::mends_hold(world, &readiness(world));
        }
    }

    #[test]
    fn a_derived_plan_is_never_refused_and_owns_up_to_what_it_breaks(
        (spec, commands) in random::spec_and_commands()
    ) {
        let mut history = start(&spec);
        for text in commands {
            history.run(&text.parse().expect("generated commands parse"));
        }
        let world = history.now().world.clone();
        for scope in scopes(&world) {
            let kinds = [LinkKind::Vpn, LinkKind::Peering].map(Some);
            let kinds = kinds.map(|kind| Options { timing: Timing::During, kind });
            for options in Timing::iter().map(Options::from).chain(kinds) {
                let timing = format!("{} {:?}", options.timing, options.kind);
                let Ok(plan) = derive(&world, &scope, options) else { continue };
                let mut trial = history.clone();
                for attempt in trial.run_groups(&plan.groups) {
                    prop_assert!(attempt.outcome.is_ok(), "{scope} {timing}: {} {:?}", attempt.command, attempt.outcome);
                }
                prop_assert_eq!(trial.now().world.seconds() - world.seconds(), plan.seconds);
                let lost = history.now().needs.iter().zip(&trial.now().needs).filter(|(before, after)| before.met && !after.met);
                let owned = plan.findings.iter().filter(|finding| finding.code.to_string() == "need-not-met").count();
                prop_assert!(lost.count() <= owned, "{scope} {timing}: {:?}", plan.findings);
                for (vm, assigned) in &plan.addresses {
                    prop_assert_eq!(trial.now().world.vm(*vm).at, assigned.to, "{} goes where the plan says", world.vm_id(*vm));
                }
            }
        }
    }

    #[test]
    fn out_and_home_again_brings_every_address_back_that_the_failover_kept((spec, _) in random::spec_and_commands()) {
        let mut history = start(&spec);
        let start = history.now().world.clone();
        for text in ["fail-over", "commit", "re-protect", "fail-back", "commit", "re-protect"] {
            let command: Command = format!("{text} region near").parse().expect("a command");
            if history.execute(&command).is_err() {
                prop_assert_eq!(history.position(), 0, "only where nothing can fail over the way ends at once");
                return Ok(());
            }
            no_address_twice_in_a_vnet(&history.now().world);
        }
        let end = &history.now().world;
        for ((vm, was), (_, is)) in start.vms().zip(end.vms()) {
            let kept = history.revisions()[1].world.retained(vm) != Some(false);
            prop_assert!(!kept || was == is, "{} is as it was", start.vm_id(vm));
        }
    }

    #[test]
    fn an_explanation_agrees_with_reachability((spec, commands) in random::spec_and_commands()) {
        let mut history = start(&spec);
        for text in commands {
            history.run(&text.parse().expect("generated commands parse"));
        }
        let (world, network) = (&history.now().world, &history.now().network);
        let vms: Vec<_> = world.vms().map(|(vm, _)| vm).collect();
        for a in &vms {
            for b in vms.iter().filter(|b| *b != a) {
                let found = explain(world, network, Endpoint::Vm(*a), Endpoint::Vm(*b));
                prop_assert_eq!(found.code == VerdictCode::Reachable, network.reaches(*a, *b), "{}", found.message);
                prop_assert_eq!(network.reaches(*a, *b), network.reaches(*b, *a));
                prop_assert_eq!(found.blockers.is_empty(), found.code == VerdictCode::Reachable);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_mends_of_a_broken_pair_are_never_refused_and_mend_it((spec, commands) in random::spec_and_commands()) {
        let mut history = start(&spec);
        for text in commands {
            history.run(&text.parse().expect("generated commands parse"));
        }
        let now = history.now().clone();
        let vms: Vec<_> = now.world.vms().map(|(vm, _)| vm).take(6).collect();
        for (a, b) in vms.iter().flat_map(|a| vms.iter().map(|b| (*a, *b))).filter(|(a, b)| a != b) {
            let found = explain(&now.world, &now.network, Endpoint::Vm(a), Endpoint::Vm(b));
            if found.blockers.is_empty() || found.blockers.iter().any(|blocker| blocker.mend.is_empty()) {
                continue;
            }
            let mut trial = history.clone();
            let mut done = HashSet::new();
            for mend in found.blockers.iter().flat_map(|blocker| &blocker.mend).filter(|mend| done.insert(*mend)) {
                let outcome = trial.execute(mend);
                prop_assert!(outcome.is_ok(), "{}: `{mend}` {outcome:?}", found.message);
            }
            prop_assert!(trial.now().network.reaches(a, b), "{}: {:?}", found.message, found.blockers);
        }
    }
}

/// The commands a sentence names in backticks.
fn named(message: &str) -> Vec<Command> {
    message.split('`').skip(1).step_by(2).filter_map(|part| part.parse().ok()).collect()
}

/// Every command offered is accepted, one after the other.
fn accepted(world: &World, offered: &[Command], by: &dyn std::fmt::Debug) {
    let mut trial = world.clone();
    for command in offered {
        trial = apply(&trial, command).unwrap_or_else(|refusal| panic!("`{command}`: {refusal}\n{by:#?}")).world;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_command_that_a_refusal_a_finding_or_a_verdict_offers_is_accepted(
        (spec, commands) in random::spec_and_commands()
    ) {
        let mut history = start(&spec);
        for text in commands {
            let world = history.now().world.clone();
            if let Err(refusal) = history.execute(&text.parse().expect("generated commands parse")) {
                accepted(&world, &refusal.mend, &(text, &refusal));
            }
        }
        let now = history.now().clone();
        let networks = spec.networks();
        for (at, a) in networks.iter().enumerate() {
            for b in &networks[at + 1..] {
                for way in ["connect", "disconnect"] {
                    let command: Command = format!("{way} {a} {b}").parse().expect("a command");
                    if let Err(refusal) = apply(&now.world, &command) {
                        accepted(&now.world, &refusal.mend, &(command, &refusal));
                    }
                }
            }
        }
        for finding in readiness(&now.world) {
            accepted(&now.world, &finding.mend, &finding);
        }
        for finding in findings(&now.world) {
            accepted(&now.world, &finding.mend, &finding);
            accepted(&now.world, &named(&finding.message), &finding);
        }
        let vms = now.world.vms().map(|(vm, _)| Endpoint::Vm(vm)).step_by(2).take(8);
        let sites = (0..now.world.sites().len()).map(|at| Endpoint::Site(SiteIx::new(at)));
        let ends: Vec<Endpoint> = vms.chain(sites).collect();
        for (a, b) in ends.iter().flat_map(|a| ends.iter().map(|b| (*a, *b))).filter(|(a, b)| a != b) {
            for blocker in explain(&now.world, &now.network, a, b).blockers {
                accepted(&now.world, &blocker.mend, &blocker);
            }
        }
    }
}

#[test]
fn generated_commands_are_not_all_refused() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let mut done: HashSet<String> = HashSet::new();
    for _ in 0..200 {
        let (spec, commands) = random::spec_and_commands().new_tree(&mut runner).expect("a value").current();
        let mut history = start(&spec);
        for text in commands {
            let verb = text.split(' ').next().unwrap_or_default().to_owned();
            if history.execute(&text.parse().expect("generated commands parse")).is_ok() {
                done.insert(verb);
            }
        }
    }
    for verb in [
        "connect",
        "disconnect",
        "fail-over",
        "create-gateway",
        "route",
        "outage",
        "occupy",
        "set-target",
        "commit",
        "re-protect",
        "test-fail-over",
    ] {
        assert!(done.contains(verb), "some `{verb}` is done: {done:?}");
    }
}
