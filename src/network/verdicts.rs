//! Every verdict in a small world: its code, its sentence, its hops and what would mend it.

use super::sample::Sample;
use super::{Explanation, Network, VerdictCode, WhyLost, effective_routes, explain, needs};
use crate::topology::{Endpoint, LinkKind, LinkState, Node, RegionIx, SiteIx, VmIx, VnetIx};
use crate::world::{Behind, Change, Place, Subject, World};

const SOURCE: VnetIx = VnetIx(0);
const RECOVERY: VnetIx = VnetIx(1);
const AZURE: VnetIx = VnetIx(2);

/// The three networks of a full failover: `source`, its twin `recovery`, and `azure`, with a replica in `azure`.
fn trio() -> (Sample, VmIx) {
    let mut sample = Sample::new();
    sample.vnet("source", 0, &["10.1.0.0/16"]);
    sample.vnet("recovery", 1, &["10.1.0.0/16"]);
    sample.vnet("azure", 1, &["10.2.0.0/16"]);
    sample.0.vnets[RECOVERY.at()].recovers = Some(SOURCE);
    let replica = sample.vm("replica", AZURE, "10.2.4.4");
    (sample, replica)
}

/// The same with an on-premises datacenter instead of `azure`, joined to `source` and routed there.
fn hybrid() -> (Sample, SiteIx) {
    let mut sample = Sample::new();
    sample.vnet("source", 0, &["10.1.0.0/16"]);
    sample.vnet("recovery", 1, &["10.1.0.0/16"]);
    sample.0.vnets[RECOVERY.at()].recovers = Some(SOURCE);
    let site = sample.site("datacenter", &["192.168.0.0/16"]);
    sample.route(site, "10.1.0.0/16", SOURCE);
    (sample, site)
}

fn why(world: &World, from: Endpoint, to: Endpoint) -> Explanation {
    explain(world, &Network::of(world), from, to)
}

fn between(sample: &Sample, from: VmIx, to: VmIx) -> Explanation {
    why(&sample.world(), Endpoint::Vm(from), Endpoint::Vm(to))
}

/// The commands that mend the first blocker, as text.
fn mend(explanation: &Explanation) -> Vec<String> {
    let first = explanation.blockers.first();
    first.map(|blocker| blocker.mend.iter().map(ToString::to_string).collect()).unwrap_or_default()
}

fn codes(explanation: &Explanation) -> Vec<VerdictCode> {
    explanation.blockers.iter().map(|blocker| blocker.code).collect()
}

#[test]
fn machines_of_one_vnet_reach_each_other_without_a_link() {
    let (mut sample, replica) = trio();
    let beside = sample.vm("beside", AZURE, "10.2.4.5");
    let answer = between(&sample, replica, beside);
    assert_eq!((answer.code, answer.forward.len(), answer.back.len()), (VerdictCode::Reachable, 1, 1));
    assert!(answer.message.contains("inside Azure"), "{}", answer.message);
}

#[test]
fn a_link_lets_both_ends_talk_and_the_hops_say_how_b36() {
    let (mut sample, replica) = trio();
    let web = sample.vm("web", SOURCE, "10.1.1.4");
    sample.link(LinkKind::Vpn, Node::Vnet(SOURCE), Node::Vnet(AZURE));
    let answer = between(&sample, replica, web);
    assert_eq!(answer.code, VerdictCode::Reachable);
    let ways = [&answer.forward, &answer.back].map(|way| way.iter().map(|hop| hop.at).collect::<Vec<_>>());
    assert_eq!(ways, [[Node::Vnet(AZURE), Node::Vnet(SOURCE)], [Node::Vnet(SOURCE), Node::Vnet(AZURE)]]);
    let losers: Vec<_> = answer.forward[0].losers.iter().map(|loser| loser.why).collect();
    assert_eq!(losers, [WhyLost::ShorterPrefix; 2], "the None route for 10/8 and the Internet");
}

#[test]
fn without_a_link_the_none_route_drops_the_packet_and_connecting_mends_it_c2() {
    let (mut sample, replica) = trio();
    let web = sample.vm("web", RECOVERY, "10.1.1.4");
    let answer = between(&sample, replica, web);
    assert_eq!(codes(&answer), [VerdictCode::Dropped], "one missing link is one blocker");
    assert_eq!(mend(&answer), ["connect recovery azure"]);
    for words in ["Azure (10.2.0.0/16)", "Recovery (10.1.0.0/16)", "10.0.0.0/8", "Connect Recovery and Azure."] {
        assert!(answer.message.contains(words), "{}", answer.message);
    }
    assert!(answer.back.is_empty());
}

#[test]
fn what_the_overlap_rules_would_refuse_is_cut_before_the_link_is_made_b9() {
    let (mut sample, replica) = trio();
    let web = sample.vm("web", RECOVERY, "10.1.1.4");
    sample.link(LinkKind::Vpn, Node::Vnet(SOURCE), Node::Vnet(AZURE));
    let answer = between(&sample, replica, web);
    assert_eq!(answer.code, VerdictCode::Shadowed, "{}", answer.message);
    assert!(answer.message.contains("through its VPN to Source (10.1.0.0/16)"), "{}", answer.message);
    assert_eq!(mend(&answer), ["disconnect source azure", "connect recovery azure"]);
    assert_eq!(codes(&answer), [VerdictCode::Shadowed, VerdictCode::NoReturnRoute]);
}

#[test]
fn a_missing_gateway_is_created_first_b28() {
    let (mut sample, replica) = trio();
    let web = sample.vm("web", RECOVERY, "10.1.1.4");
    sample.0.vnets[RECOVERY.at()].gateways.clear();
    // The gateway needs room for its subnet.
    let subnet = sample.0.vnets[RECOVERY.at()].subnets[0];
    sample.0.subnets[subnet.at()].prefix = "10.1.0.0/17".parse().expect("a prefix");
    sample.link_in(LinkState::Absent, LinkKind::Vpn, Node::Vnet(SOURCE), Node::Vnet(AZURE));
    let answer = between(&sample, replica, web);
    assert_eq!(mend(&answer), ["create-gateway recovery vpn", "connect recovery azure"], "like its twin's link");
}

#[test]
fn peering_the_recovery_vnet_shadows_the_vpn_to_the_source_b13_c8() {
    let (mut sample, replica) = trio();
    let web = sample.vm("web", SOURCE, "10.1.1.4");
    sample.link(LinkKind::Vpn, Node::Vnet(SOURCE), Node::Vnet(AZURE));
    sample.link(LinkKind::Peering, Node::Vnet(RECOVERY), Node::Vnet(AZURE));
    let answer = between(&sample, replica, web);
    assert_eq!(answer.code, VerdictCode::Shadowed);
    let lost = answer.forward[0].losers.iter().find(|loser| loser.route.to == Some(Node::Vnet(SOURCE)));
    assert_eq!(lost.map(|loser| loser.why), Some(WhyLost::SystemPreferred));
    assert_eq!(mend(&answer), ["disconnect recovery azure"]);
    assert_eq!(between(&sample, web, replica).code, VerdictCode::OneWay, "the source still sends by its VPN");
}

#[test]
fn a_packet_stays_inside_a_vnet_that_owns_the_space_whatever_link_is_built_c3() {
    let (mut sample, _) = trio();
    let (old, moved) = (sample.vm("old", SOURCE, "10.1.1.4"), sample.vm("moved", RECOVERY, "10.1.2.4"));
    let answer = between(&sample, old, moved);
    assert_eq!(answer.code, VerdictCode::Shadowed);
    assert!(answer.message.contains("because 10.1.0.0/16 is its own space"), "{}", answer.message);
    assert!(answer.blockers.iter().all(|blocker| blocker.mend.is_empty()), "no link can join twins");
}

#[test]
fn a_source_left_running_answers_instead_of_its_twin_d8() {
    let (mut sample, replica) = trio();
    let (left, moved) = (sample.vm("left", SOURCE, "10.1.1.4"), sample.vm("moved", RECOVERY, "10.1.1.4"));
    let beside = sample.vm("beside", SOURCE, "10.1.1.5");
    sample.link(LinkKind::Vpn, Node::Vnet(SOURCE), Node::Vnet(AZURE));
    assert_eq!(between(&sample, replica, left).code, VerdictCode::Reachable);
    for asker in [replica, beside] {
        let answer = between(&sample, asker, moved);
        assert_eq!(answer.code, VerdictCode::AnsweredByTwin);
        assert!(answer.message.contains("there left answers instead of moved (10.1.1.4)"), "{}", answer.message);
    }
    let answer = between(&sample, moved, left);
    assert_eq!(answer.code, VerdictCode::AnsweredByTwin, "a machine that asks for its own address answers itself");
}

#[test]
fn the_left_running_instance_of_the_very_vm_is_named_as_such_d8_d18() {
    let (mut sample, replica) = trio();
    let web = sample.vm("web", RECOVERY, "10.1.1.4");
    sample.link(LinkKind::Vpn, Node::Vnet(SOURCE), Node::Vnet(AZURE));
    let at = Place { subnet: sample.0.vnets[SOURCE.at()].subnets[0], ..sample.world().vm(web).at };
    let world = sample.world().altered(&[], |vm, state| {
        state.behind = (vm == web).then_some(Behind { at, shut_down: false });
    });
    let answer = why(&world, Endpoint::Vm(replica), Endpoint::Vm(web));
    assert_eq!(answer.code, VerdictCode::AnsweredByTwin);
    assert!(answer.message.contains("the source machine of web, which was left running"), "{}", answer.message);
    let network = Network::of(&sample.world());
    let changes = [Change { subject: Subject::Vm(web), from: None, to: None }];
    assert_eq!(network.updated(&world, &changes), Network::of(&world), "also when it comes by an update");
}

#[test]
fn an_answer_that_goes_to_the_askers_twin_is_told_from_one_that_is_lost() {
    let (mut sample, replica) = trio();
    let moved = sample.vm("moved", RECOVERY, "10.1.1.4");
    sample.link(LinkKind::Vpn, Node::Vnet(SOURCE), Node::Vnet(AZURE));
    sample.link(LinkKind::Peering, Node::Vnet(RECOVERY), Node::Vnet(AZURE));
    let old = sample.vm("old", SOURCE, "10.1.1.4");
    let answer = between(&sample, old, replica);
    assert_eq!(answer.code, VerdictCode::ReturnToTwin, "{}", answer.message);
    assert!(answer.message.contains("moved answers instead of old"), "{}", answer.message);
    assert_eq!(answer.back[0].at, Node::Vnet(AZURE), "the way there works, so the way back is shown");
    assert_eq!(between(&sample, moved, replica).code, VerdictCode::Reachable);
}

#[test]
fn what_arrives_over_one_link_is_not_sent_on_over_another_b16_b37() {
    let (mut sample, replica) = trio();
    let app = sample.vnet("app", 0, &["10.3.0.0/16"]);
    let web = sample.vm("web", app, "10.3.1.4");
    sample.link(LinkKind::Vpn, Node::Vnet(SOURCE), Node::Vnet(AZURE));
    sample.link(LinkKind::Vpn, Node::Vnet(SOURCE), Node::Vnet(app));
    let answer = between(&sample, replica, web);
    assert_eq!(answer.code, VerdictCode::NotTransitive);
    assert!(answer.message.contains("over Source to App (10.3.0.0/16)"), "{}", answer.message);
    assert_eq!(mend(&answer), ["connect azure app"]);
}

#[test]
fn a_link_that_is_being_made_is_named_and_needs_no_command_b35() {
    let (mut sample, replica) = trio();
    let web = sample.vm("web", RECOVERY, "10.1.1.4");
    sample.link_in(LinkState::Pending, LinkKind::Vpn, Node::Vnet(RECOVERY), Node::Vnet(AZURE));
    let answer = between(&sample, replica, web);
    assert_eq!(answer.code, VerdictCode::LinkPending);
    assert!(mend(&answer).is_empty() && answer.message.contains("still being made"), "{}", answer.message);
    assert_eq!(answer.forward[0].losers[0].why, WhyLost::LinkDown);
}

#[test]
fn a_public_range_without_a_link_leaves_for_the_internet_c1() {
    let (mut sample, replica) = trio();
    let public = sample.vnet("public", 0, &["20.0.0.0/16"]);
    let web = sample.vm("web", public, "20.0.1.4");
    let answer = between(&sample, replica, web);
    assert_eq!(answer.code, VerdictCode::NoRoute);
    assert!(answer.message.contains("Internet"), "{}", answer.message);
    assert_eq!(mend(&answer), ["connect azure public"]);
}

#[test]
fn two_live_links_with_one_prefix_are_ambiguous_c10() {
    let (mut sample, replica) = trio();
    let web = sample.vm("web", RECOVERY, "10.1.1.4");
    sample.link(LinkKind::Vpn, Node::Vnet(SOURCE), Node::Vnet(AZURE));
    sample.link(LinkKind::Vpn, Node::Vnet(RECOVERY), Node::Vnet(AZURE));
    let answer = between(&sample, replica, web);
    assert_eq!(answer.code, VerdictCode::Ambiguous);
    assert!(answer.message.contains("to Source and to Recovery"), "{}", answer.message);
    assert_eq!(mend(&answer), ["disconnect source azure"]);
    assert_eq!(answer.forward[0].losers[0].why, WhyLost::Tied);
    assert_eq!(between(&sample, web, replica).code, VerdictCode::OneWay);
}

#[test]
fn a_datacenter_that_still_sends_to_the_source_is_told_to_re_route_b58() {
    let (mut sample, site) = hybrid();
    let web = sample.vm("web", RECOVERY, "10.1.1.4");
    sample.link_in(LinkState::Absent, LinkKind::Expressroute, Node::Vnet(SOURCE), Node::Site(site));
    let asked = [Endpoint::Site(site), Endpoint::Vm(web)];
    let answer = why(&sample.world(), asked[0], asked[1]);
    assert_eq!(answer.code, VerdictCode::NoRoute);
    let sentence = "Datacenter still sends 10.1.0.0/16 to Source, and no link leads there now.";
    assert!(answer.message.starts_with(sentence), "{}", answer.message);
    assert_eq!(mend(&answer), ["connect recovery datacenter", "route datacenter 10.1.0.0/16 via recovery"]);

    sample.link(LinkKind::Expressroute, Node::Vnet(RECOVERY), Node::Site(site));
    let answer = why(&sample.world(), asked[0], asked[1]);
    assert_eq!(mend(&answer), ["route datacenter 10.1.0.0/16 via recovery"], "the link is there");
    let answer = why(&sample.world(), asked[1], asked[0]);
    assert_eq!(answer.code, VerdictCode::NoReturnRoute, "{}", answer.message);
    assert!(answer.message.contains("any host in 192.168.0.0/16"), "{}", answer.message);

    sample.0.sites[site.at()].routes[0].via = RECOVERY;
    assert_eq!(why(&sample.world(), asked[1], asked[0]).code, VerdictCode::Reachable);
    assert_eq!(why(&sample.world(), asked[0], asked[1]).code, VerdictCode::Reachable);
}

#[test]
fn a_site_that_reaches_the_twin_must_first_lose_its_link_b12_b58() {
    let (mut sample, site) = hybrid();
    let (old, web) = (sample.vm("old", SOURCE, "10.1.1.4"), sample.vm("web", RECOVERY, "10.1.1.4"));
    sample.link(LinkKind::Vpn, Node::Vnet(SOURCE), Node::Site(site));
    let answer = why(&sample.world(), Endpoint::Site(site), Endpoint::Vm(web));
    assert_eq!(answer.code, VerdictCode::AnsweredByTwin);
    let steps =
        ["disconnect source datacenter", "connect recovery datacenter", "route datacenter 10.1.0.0/16 via recovery"];
    assert_eq!(mend(&answer), steps);
    assert_eq!(why(&sample.world(), Endpoint::Site(site), Endpoint::Vm(old)).code, VerdictCode::Reachable);
}

#[test]
fn a_site_route_to_a_vnet_that_does_not_own_the_prefix_is_not_sent_on_b37() {
    let (mut sample, site) = hybrid();
    let other = sample.vnet("other", 0, &["10.3.0.0/16"]);
    let web = sample.vm("web", other, "10.3.1.4");
    sample.link(LinkKind::Vpn, Node::Vnet(SOURCE), Node::Site(site));
    sample.route(site, "10.3.0.0/16", SOURCE);
    let answer = why(&sample.world(), Endpoint::Site(site), Endpoint::Vm(web));
    assert_eq!(answer.code, VerdictCode::NotTransitive, "{}", answer.message);
    assert_eq!(answer.forward.last().map(|hop| (hop.at, hop.route)), Some((Node::Vnet(SOURCE), None)));
    assert_eq!(mend(&answer), ["connect other datacenter", "route datacenter 10.3.0.0/16 via other"]);
}

#[test]
fn a_site_around_a_vnets_range_keeps_the_rest_of_it_b11() {
    let mut sample = Sample::new();
    let vnet = sample.vnet("app", 0, &["10.1.0.0/16"]);
    let site = sample.site("campus", &["10.0.0.0/8"]);
    let web = sample.vm("web", vnet, "10.1.1.4");
    sample.link(LinkKind::Vpn, Node::Vnet(vnet), Node::Site(site));
    assert_eq!(why(&sample.world(), Endpoint::Site(site), Endpoint::Vm(web)).code, VerdictCode::Shadowed);
    sample.route(site, "10.1.0.0/16", vnet);
    assert_eq!(why(&sample.world(), Endpoint::Vm(web), Endpoint::Site(site)).code, VerdictCode::Reachable);
}

#[test]
fn a_machine_in_a_region_that_is_down_neither_asks_nor_answers() {
    let (mut sample, replica) = trio();
    let web = sample.vm("web", SOURCE, "10.1.1.4");
    sample.link(LinkKind::Vpn, Node::Vnet(SOURCE), Node::Vnet(AZURE));
    let up = sample.world();
    let down = up.clone().altered(&[RegionIx(0)], |_, _| ());
    for (from, to) in [(web, replica), (replica, web)] {
        let answer = why(&down, Endpoint::Vm(from), Endpoint::Vm(to));
        assert_eq!(answer.code, VerdictCode::RegionDown);
        assert!(answer.message.starts_with("web does not run, because East Asia is down."), "{}", answer.message);
        assert_eq!(mend(&answer), ["restore east-asia"]);
        assert_eq!(answer.blockers.len(), 1, "the link only waits for the region");
    }
    let network = Network::of(&down);
    assert!(!network.reaches(web, web) && network.reaches(replica, replica));
    let route = effective_routes(&down, AZURE, None)[1];
    assert!(route.to == Some(Node::Vnet(SOURCE)) && !route.is_active(), "listed, but invalid");
    let changes = [Change { subject: Subject::Region(RegionIx(0)), from: None, to: None }];
    assert_eq!(Network::of(&up).updated(&down, &changes), network);
}

#[test]
fn a_need_is_met_when_every_machine_of_both_apps_and_the_site_reach_each_other() {
    let (mut sample, site) = hybrid();
    let (web, data) = (sample.app("web"), sample.app("data"));
    let vms = [("web-1", SOURCE, "10.1.1.4"), ("web-2", SOURCE, "10.1.1.5"), ("data-1", SOURCE, "10.1.2.4")];
    let vms = vms.map(|(id, vnet, ip)| sample.vm(id, vnet, ip));
    for (vm, app) in vms.iter().zip([web, web, data]) {
        sample.0.vms[vm.at()].app = Some(app);
    }
    sample.link(LinkKind::Vpn, Node::Vnet(SOURCE), Node::Site(site));
    let (web, data, site) = (Endpoint::App(web), Endpoint::App(data), Endpoint::Site(site));
    sample.need(web, data);
    sample.need(web, site);
    sample.need(site, data);
    let met = |sample: &Sample| needs::met(&sample.world(), &Network::of(&sample.world()));
    assert_eq!(met(&sample), [true, true, true]);

    sample.0.vms[vms[1].at()].subnet = sample.0.vnets[RECOVERY.at()].subnets[0];
    assert_eq!(met(&sample), [false, false, true], "one machine of an app moved away");
    let world = sample.world();
    let network = Network::of(&world);
    assert_eq!(needs::first_failing(&world, &network, data, web), Some((Some(vms[2]), Some(vms[1]))));
    assert_eq!(needs::first_failing(&world, &network, site, web), Some((None, Some(vms[1]))));
    let answer = explain(&world, &network, web, data);
    assert_eq!((answer.from, answer.to), (Endpoint::Vm(vms[1]), Endpoint::Vm(vms[2])), "the first pair that fails");
}

#[test]
fn an_app_without_machines_is_explained_and_not_asked() {
    let (mut sample, replica) = trio();
    let empty = Endpoint::App(sample.app("empty"));
    let world = sample.world();
    assert_eq!(why(&world, empty, Endpoint::Vm(replica)).code, VerdictCode::SourceNotRunning);
    assert_eq!(why(&world, Endpoint::Vm(replica), empty).message, "empty has no machine.");
}
