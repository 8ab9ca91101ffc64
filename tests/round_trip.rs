//! Out and home again: test, clean up, fail over, commit, re-protect, fail back, commit and re-protect end as they began,
//! on every built-in topology, by commands and by keys (D1 to D18, A36, A37).

use std::collections::BTreeSet;
use std::sync::Arc;

use failscope::app::{App, Code, Key, Message};
use failscope::diagram::Item;
use failscope::history::History;
use failscope::plan::{Timing, derive, derive_back};
use failscope::topology::builtin::BUILTINS;
use failscope::topology::{LinkState, Scope, Side, Topology, VnetIx, load};
use failscope::world::{Phase, World};

fn topology(name: &str) -> Arc<Topology> {
    Arc::new(load::open(name).unwrap_or_else(|error| panic!("{name}: {error:?}")))
}

/// What a machine that lost its address, or went to another subnet, needs on the way home (A37).
fn resets(world: &World) -> Vec<String> {
    let lost = world.vms().filter(|(vm, state)| {
        let declared = &world.topology().vms[vm.at()];
        let renamed = world.subnet(state.at.subnet).id != world.subnet(declared.subnet).id;
        state.phase == Phase::ReProtected && (renamed || state.at.ip != declared.ip)
    });
    let reset = lost.map(|(vm, _)| {
        let declared = &world.topology().vms[vm.at()];
        format!("set-target {} {} {}", declared.id, world.subnet(declared.subnet).id, declared.ip)
    });
    reset.collect()
}

/// Every machine, every link and every route of a site is as it was; an address that was set by hand on the way home is
/// pinned now.
fn same(label: &str, before: &World, after: &World) {
    for ((vm, was), (_, is)) in before.vms().zip(after.vms()) {
        let at = failscope::world::Place { allocation: was.at.allocation, ..is.at };
        assert_eq!(*was, failscope::world::VmState { at, ..*is }, "{label}: {}", before.vm_id(vm));
    }
    for (at, link) in after.links().iter().enumerate() {
        let was = before.links().get(at).map_or(LinkState::Absent, |link| link.state);
        assert_eq!(link.state, was, "{label}: the link {}", link.id);
    }
    for (was, is) in before.sites().iter().zip(after.sites()) {
        let routes = |site: &failscope::topology::Site| {
            site.routes.iter().map(|route| (route.prefix, route.via)).collect::<BTreeSet<_>>()
        };
        assert_eq!(routes(was), routes(is), "{label}: the routes of {}", was.id);
    }
}

fn failover_network(world: &World) -> String {
    let twin = world.vnets().iter().find(|vnet| vnet.recovers.is_some()).expect("a failover network");
    twin.id.clone()
}

/// The source regions, every app and every VNet of which something can fail over.
fn scopes(world: &World) -> Vec<Scope> {
    let topology = world.topology();
    let regions = topology.regions.iter().filter(|region| region.side == Side::Source);
    let regions = regions.map(|region| Scope::Region(region.id.clone()));
    let apps = topology.apps.iter().map(|app| Scope::App(app.id.clone()));
    let vnets = (0..topology.vnets.len()).map(|at| Scope::Vnet(world.vnet(VnetIx::new(at)).id.clone()));
    regions.chain(apps).chain(vnets).filter(|scope| world.movable(scope).is_ok()).collect()
}

fn run(history: &mut History, label: &str, command: &str) {
    let command = command.parse().unwrap_or_else(|error| panic!("{command}: {error}"));
    for attempt in history.run(&command) {
        attempt.outcome.unwrap_or_else(|refusal| panic!("{label}: {command}: {} {refusal}", refusal.code));
    }
}

#[test]
fn by_commands_everything_ends_as_it_began() {
    for builtin in BUILTINS {
        let topology = topology(builtin.name);
        let start = World::start(Arc::clone(&topology));
        for scope in scopes(&start) {
            for timing in [Timing::Before, Timing::During, Timing::After] {
                let label = format!("{} {scope} {timing}", builtin.name);
                let mut history = History::start(Arc::clone(&topology));
                run(&mut history, &label, &format!("test-fail-over {scope} into {}", failover_network(&start)));
                run(&mut history, &label, &format!("clean-up {scope}"));
                for home in [false, true] {
                    let world = &history.now().world;
                    let plan = if home { derive_back(world, &scope, timing) } else { derive(world, &scope, timing) };
                    let plan = plan.unwrap_or_else(|refusal| panic!("{label}: {refusal}"));
                    assert_eq!(plan.homeward, home, "{label}");
                    for attempt in history.run_groups(&plan.groups) {
                        let refused = attempt.outcome.err();
                        assert!(refused.is_none(), "{label}: {}: {refused:?}", attempt.command);
                    }
                    let needs = |history: &History| history.now().needs.iter().all(|need| need.met);
                    assert!(!home || needs(&history) == needs(&History::start(Arc::clone(&topology))), "{label}");
                    run(&mut history, &label, &format!("commit {scope}"));
                    run(&mut history, &label, &format!("re-protect {scope}"));
                    for reset in resets(&history.now().world) {
                        run(&mut history, &label, &reset);
                    }
                }
                same(&label, &start, &history.now().world);
            }
        }
    }
}

fn press(app: &mut App, keys: &str) {
    for word in keys.split_whitespace() {
        let key = match word.chars().collect::<Vec<_>>()[..] {
            [letter] => Key::plain(Code::Char(letter)),
            _ => word.parse().expect(word),
        };
        app.update(Message::Key(key));
    }
}

fn phases(app: &App) -> BTreeSet<String> {
    let world = app.session.as_ref().expect("a session").world();
    let all = world.vms().map(|(_, vm)| vm.phase_word());
    all.filter(|phase| phase != "unprotected").collect()
}

#[test]
fn by_keys_everything_ends_as_it_began() {
    for builtin in BUILTINS {
        let topology = topology(builtin.name);
        let start = World::start(Arc::clone(&topology));
        let mut app = App::exploring(topology);
        app.update(Message::Resize(140, 45));
        if let Some(session) = &mut app.session {
            session.selection = session.source_region().map(Item::Region);
        }
        let steps = [
            ("T enter enter", "testing"),
            ("D enter", "protected"),
            ("F r", "failed-over"),
            ("V enter down enter", "failed-over"),
            ("K enter enter", "committed"),
            ("R enter enter", "re-protected"),
            ("b enter r", "failed-back"),
            ("K enter enter", "failed-back-committed"),
            ("R enter enter", "protected"),
        ];
        for (keys, phase) in steps {
            press(&mut app, keys);
            let notice = app.notice.as_ref().map(|notice| notice.text.clone());
            assert_eq!(phases(&app), BTreeSet::from([phase.to_owned()]), "{}: {keys}: {notice:?}", builtin.name);
            if let Some(session) = &mut app.session {
                for reset in resets(session.world()) {
                    session.run(&reset.parse().expect("a command")).expect("the way home can be set");
                }
            }
        }
        same(builtin.name, &start, app.session.as_ref().expect("a session").world());
    }
}

#[test]
fn an_operation_that_nothing_is_ready_for_says_what_comes_first() {
    let mut app = App::exploring(topology("azure-full"));
    for (keys, part) in [
        ("b", "has not failed over"),
        ("K", "has not failed over"),
        ("R", "has not failed over"),
        ("D", "no test copy"),
        ("P", "replicated already"),
    ] {
        press(&mut app, keys);
        let text = app.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default();
        assert!(text.contains(part), "{keys}: {text}");
    }
}

#[test]
fn networks_and_machines_that_come_later_are_drawn_and_go_with_undo() {
    let mut app = App::exploring(topology("azure-three-apps"));
    app.update(Message::Resize(140, 45));
    let home = {
        let world = app.session.as_ref().expect("a session").world();
        let bystander = world.vms().find(|(vm, _)| world.failover_network(world.vnet_of(*vm)).is_none());
        bystander.map(|(vm, state)| (world.vm_id(vm).to_owned(), world.subnet_name(state.at.subnet)))
    };
    let Some((_, subnet)) = home else { return };
    let draw = |app: &App| drop(failscope::ui::frame(app, &failscope::ui::Look::default(), 140, 45));
    for text in [format!("add-vm late-1 {subnet}"), "protect vm late-1".to_owned(), "fail-over vm late-1".to_owned()] {
        if let Some(session) = &mut app.session {
            let _ = session.run(&text.parse().expect("a command"));
        }
        draw(&app);
    }
    press(&mut app, "u u u");
    draw(&app);
    press(&mut app, "ctrl-r ctrl-r");
    draw(&app);
}

#[test]
fn a_region_that_is_left_gets_no_new_link_to_what_stays_in_it_d18() {
    let mut history = History::start(topology("hub-and-spokes"));
    let scope: Scope = "region east-asia".parse().expect("a scope");
    let plan = derive(&history.now().world, &scope, Timing::During).expect("a plan");
    let commands: Vec<String> = plan.commands().map(ToString::to_string).collect();
    assert!(commands.iter().all(|command| !command.starts_with("connect hub ")), "{commands:?}");
    // The recovery spokes are no spokes of the other hub, so a route by way of it would lead nowhere: the plan says so.
    let warned = plan.findings.iter().any(|finding| finding.code.to_string() == "hub-fails");
    assert!(warned && !commands.iter().any(|command| command.starts_with("route ")), "{commands:?}");
    history.run_groups(&plan.groups);
    assert!(history.now().needs.iter().all(|need| need.met), "web and data talk through the other hub");
}

#[test]
fn one_app_comes_home_alone_and_the_link_nobody_uses_any_more_is_cut_for_it() {
    for name in ["azure-isolated-app", "azure-three-apps"] {
        let mut history = History::start(topology(name));
        let scope: Scope = "region east-asia".parse().expect("a scope");
        let plan = derive(&history.now().world, &scope, Timing::During).expect("a plan");
        history.run_groups(&plan.groups);
        run(&mut history, name, "commit region east-asia");
        run(&mut history, name, "re-protect region east-asia");
        let back = derive_back(&history.now().world, &"app app1".parse().expect("a scope"), Timing::During);
        let back = back.expect("a plan");
        let commands: Vec<String> = back.commands().map(ToString::to_string).collect();
        assert!(commands.contains(&"disconnect source-1 source-2".to_owned()), "{name}: {commands:?}");
        let refused: Vec<_> =
            back.findings.iter().filter(|finding| finding.code.to_string() == "step-refused").collect();
        assert!(refused.is_empty(), "{name}: {refused:?}");
        history.run_groups(&back.groups);
        assert!(history.now().needs.iter().all(|need| need.met), "{name}: everyone talks");
    }
}
