//! Topology files: what is read, and every kind of problem with its code, its place and its words.

use std::fmt::Write as _;

use failscope::topology::load::{MOST_PROBLEMS, OpenError, Problem, open, parse, read};
use failscope::topology::{FindingCode, Severity, Topology};
use rstest::rstest;

/// Two regions, a source VNet with its twin and one more network: enough for every rule.
const BASE: &str = r#"format = 1
title = "Base"
[region.east]
side = "source"
[region.west]
side = "recovery"
[vnet.source]
region = "east"
address-space = ["10.1.0.0/16"]
gateways = ["vpn"]
subnets = { web = "10.1.1.0/24", data = "10.1.2.0/24" }
[vnet.twin]
region = "west"
recovers = "source"
gateways = ["vpn"]
[vnet.hub]
title = "Hub"
region = "west"
address-space = ["10.2.0.0/16"]
gateways = ["vpn", "expressroute"]
subnets = { tools = "10.2.1.0/24" }
[site.office]
title = "Office"
prefixes = ["192.168.0.0/16"]
[app.shop]
[vm.web]
app = "shop"
subnet = "source/web"
ip = "10.1.1.4"
"#;

fn problems(text: &str) -> Vec<Problem> {
    parse("test", text).expect_err("the file is broken").problems
}

fn based(extra: &str) -> String {
    format!("{BASE}{extra}")
}

fn load(extra: &str) -> Topology {
    parse("test", &based(extra)).unwrap_or_else(|error| panic!("{:#?}", error.problems))
}

/// The one problem of [`BASE`] with `extra` behind it: code, line within `extra`, column, message.
#[rstest]
#[case::unknown_top_table("[vnets.x]\n", "unknown-key", 1, 2, "did you mean `vnet`")]
#[case::unknown_key("[app.a]\ntitel = 'x'\n", "unknown-key", 2, 1, "did you mean `title`")]
#[case::unknown_inner_key(
    "[vm.a]\nsubnet = 'source/web'\ntarget = { subnt = 'web' }\n",
    "unknown-key",
    3,
    12,
    "`subnet`"
)]
#[case::missing_key("[vm.a]\n", "missing-key", 1, 1, "lacks the key `subnet`")]
#[case::missing_inner_key(
    "[site.a]\nprefixes = ['1.0.0.0/8']\nroutes = [{ via = 'hub' }]\n",
    "missing-key",
    3,
    11,
    "`prefix`"
)]
#[case::missing_space("[vnet.a]\nregion = 'west'\n", "missing-key", 1, 7, "`address-space`")]
#[case::missing_group("[plan.a]\n", "missing-key", 1, 1, "`group`")]
#[case::wrong_type("[app.a]\ntitle = 5\n", "syntax", 2, 9, "expected a string, found integer `5`")]
#[case::wrong_word("[region.a]\nside = 'sorce'\n", "invalid-value", 2, 8, "did you mean `source`")]
#[case::not_a_table("[app]\na = 5\n", "syntax", 2, 5, "`app.a` is a table, not an integer")]
#[case::not_an_array("[needs]\nfrom = 'web'\n", "syntax", 1, 1, "[[needs]]")]
#[case::syntax("[app.a]\ntitle = = 5\n", "syntax", 2, 9, "")]
#[case::id_twice("[app.shop]\n", "invalid-id", 1, 6, "declared twice")]
#[case::id_not_ascii("[app.\"größe\"]\n", "invalid-id", 1, 6, "a-z, 0-9 and -")]
#[case::id_upper_case("[app.Shop]\n", "invalid-id", 1, 6, "`Shop` is no id")]
#[case::gateway_subnet_misspelled(
    "[vnet.a]\nregion = 'west'\naddress-space = ['10.9.0.0/16']\nsubnets = { gatewaysubnet = '10.9.0.0/24' }\n",
    "invalid-id",
    4,
    13,
    "`GatewaySubnet`"
)]
#[case::vm_named_as_app("[vm.shop]\nsubnet = 'source/web'\n", "invalid-id", 1, 5, "share one space of names")]
#[case::site_named_as_vnet("[site.hub]\nprefixes = ['172.16.0.0/16']\n", "invalid-id", 1, 7, "VNets and sites")]
#[case::counted_name_taken(
    "[vm.a-2]\nsubnet = 'source/data'\n[vm.a]\nsubnet = 'source/data'\ncount = 2\n",
    "invalid-id",
    3,
    5,
    "`a-2`"
)]
#[case::unknown_region(
    "[vnet.a]\nregion = 'wets'\naddress-space = ['10.9.0.0/16']\n",
    "unknown-id",
    2,
    10,
    "did you mean `west`"
)]
#[case::unknown_vnet("[vm.a]\nsubnet = 'sorce/web'\n", "unknown-id", 2, 10, "did you mean `source`")]
#[case::unknown_subnet("[vm.a]\nsubnet = 'source/wbe'\n", "unknown-id", 2, 10, "did you mean `web`")]
#[case::unknown_app("[vm.a]\napp = 'shp'\nsubnet = 'source/web'\n", "unknown-id", 2, 7, "did you mean `shop`")]
#[case::unknown_end(
    "[link.a]\nkind = 'vpn'\nbetween = ['source', 'hubb']\n",
    "unknown-id",
    3,
    22,
    "did you mean `hub`"
)]
#[case::unknown_need("[[needs]]\nfrom = 'shop'\nto = 'offce'\n", "unknown-id", 3, 6, "did you mean `office`")]
#[case::unknown_recovers(
    "[vnet.a]\nregion = 'west'\nrecovers = 'surce'\n",
    "unknown-id",
    3,
    12,
    "did you mean `source`"
)]
#[case::host_bits("[site.a]\nprefixes = ['10.1.0.1/16']\n", "invalid-prefix", 2, 13, "the prefix is 10.1.0.0/16")]
#[case::ipv6("[site.a]\nprefixes = ['fd00::/8']\n", "invalid-prefix", 2, 13, "IPv4 only")]
#[case::no_length("[site.a]\nprefixes = ['10.1.0.0']\n", "invalid-prefix", 2, 13, "has no length")]
#[case::length_33("[site.a]\nprefixes = ['10.1.0.0/33']\n", "invalid-prefix", 2, 13, "is no prefix")]
#[case::no_prefix("[site.a]\nprefixes = []\n", "invalid-prefix", 2, 12, "no prefix")]
#[case::space_of_everything_a3(
    "[vnet.a]\nregion = 'west'\naddress-space = ['0.0.0.0/0']\n",
    "invalid-prefix",
    3,
    18,
    "A3"
)]
#[case::space_of_one_address_a2(
    "[vnet.a]\nregion = 'west'\naddress-space = ['10.9.0.1/32']\n",
    "invalid-prefix",
    3,
    18,
    "too small"
)]
#[case::multicast_a3(
    "[vnet.a]\nregion = 'west'\naddress-space = ['224.1.0.0/16']\n",
    "invalid-prefix",
    3,
    18,
    "multicast (A3)"
)]
#[case::space_overlaps_itself(
    "[vnet.a]\nregion = 'west'\naddress-space = ['10.9.0.0/16', '10.9.1.0/24']\n",
    "invalid-prefix",
    3,
    33,
    "overlaps 10.9.0.0/16"
)]
#[case::subnet_outside_a4(
    "[vnet.a]\nregion = 'west'\naddress-space = ['10.9.0.0/16']\nsubnets = { s = '10.8.1.0/24' }\n",
    "invalid-subnet",
    4,
    17,
    "outside the address space"
)]
#[case::siblings_overlap_a4(
    "[vnet.a]\nregion = 'west'\naddress-space = ['10.9.0.0/16']\nsubnets = { s = '10.9.1.0/24', r = '10.9.1.128/25' }\n",
    "invalid-subnet",
    4,
    36,
    "overlaps s"
)]
#[case::subnet_too_small_a2(
    "[vnet.a]\nregion = 'west'\naddress-space = ['10.9.0.0/16']\nsubnets = { s = '10.9.1.0/30' }\n",
    "invalid-subnet",
    4,
    17,
    "A2"
)]
#[case::no_room_for_gateway_b28(
    "[vnet.a]\nregion = 'west'\naddress-space = ['10.9.0.0/24']\nsubnets = { s = '10.9.0.0/24' }\ngateways = ['vpn']\n",
    "invalid-subnet",
    5,
    13,
    "B28"
)]
#[case::two_gateways_b29(
    "[vnet.a]\nregion = 'west'\naddress-space = ['10.9.0.0/16']\ngateways = ['vpn', 'vpn']\n",
    "invalid-value",
    4,
    20,
    "B29"
)]
#[case::unknown_gateway(
    "[vnet.a]\nregion = 'west'\naddress-space = ['10.9.0.0/16']\ngateways = ['vnp']\n",
    "invalid-value",
    4,
    13,
    "did you mean `vpn`"
)]
#[case::unknown_sku_b30(
    "[vnet.a]\nregion = 'west'\naddress-space = ['10.9.0.0/16']\ngateways = [{ kind = 'vpn', sku = 'VpnGw9AZ' }]\n",
    "invalid-value",
    4,
    35,
    "VpnGw1AZ"
)]
#[case::expressroute_sku_b51(
    "[vnet.a]\nregion = 'west'\naddress-space = ['10.9.0.0/16']\ngateways = [{ kind = 'expressroute', sku = 'VpnGw1AZ' }]\n",
    "invalid-value",
    4,
    44,
    "ErGw1AZ"
)]
#[case::vm_in_gateway_subnet_b28("[vm.a]\nsubnet = 'hub/GatewaySubnet'\n", "invalid-subnet", 2, 10, "gateways alone")]
#[case::address_outside("[vm.a]\nsubnet = 'source/web'\nip = '10.1.2.4'\n", "invalid-address", 3, 6, "outside")]
#[case::address_reserved_a1(
    "[vm.a]\nsubnet = 'source/web'\nip = '10.1.1.1'\n",
    "invalid-address",
    3,
    6,
    "the default gateway (A1)"
)]
#[case::address_taken("[vm.a]\nsubnet = 'source/web'\nip = '10.1.1.4'\n", "invalid-address", 3, 6, "taken by `web`")]
#[case::address_misspelled(
    "[vm.a]\nsubnet = 'source/web'\nip = 'dynamc'\n",
    "invalid-address",
    3,
    6,
    "did you mean `dynamic`"
)]
#[case::address_ipv6("[vm.a]\nsubnet = 'source/web'\nip = 'fd00::4'\n", "invalid-address", 3, 6, "IPv4 only")]
#[case::counted_address_leaves(
    "[vm.a]\nsubnet = 'source/web'\nip = '10.1.1.250'\ncount = 9\n",
    "invalid-address",
    3,
    6,
    "broadcast"
)]
#[case::subnet_full("[vm.a]\nsubnet = 'source/web'\ncount = 251\n", "invalid-address", 2, 10, "has 251")]
#[case::count_of_none("[vm.a]\nsubnet = 'source/web'\ncount = 0\n", "invalid-value", 3, 9, "at least 1")]
#[case::count_beyond_a_vnet_a9("[vm.a]\nsubnet = 'source/web'\ncount = 4000000000\n", "invalid-value", 3, 9, "65536")]
#[case::count_negative("[vm.a]\nsubnet = 'source/web'\ncount = -1\n", "syntax", 3, 9, "a whole number")]
#[case::target_without_network(
    "[vm.a]\nsubnet = 'hub/tools'\ntarget = { subnet = 'tools' }\n",
    "invalid-value",
    3,
    21,
    "no failover network"
)]
#[case::target_unknown(
    "[vm.a]\nsubnet = 'source/web'\ntarget = { subnet = 'wbe' }\n",
    "unknown-id",
    3,
    21,
    "did you mean `web`"
)]
#[case::target_in_source_region(
    "[vm.a]\nsubnet = 'hub/tools'\ntarget = { subnet = 'source/web' }\n",
    "invalid-value",
    3,
    21,
    "no recovery region"
)]
#[case::target_outside_a25(
    "[vm.a]\nsubnet = 'source/web'\ntarget = { ip = '10.1.2.9' }\n",
    "invalid-address",
    3,
    17,
    "outside web"
)]
#[case::target_reserved_a25(
    "[vm.a]\nsubnet = 'source/web'\ntarget = { ip = '10.1.1.2' }\n",
    "invalid-address",
    3,
    17,
    "Azure DNS"
)]
#[case::target_twice_a25(
    "[vm.a]\nsubnet = 'source/web'\ncount = 2\ntarget = { ip = '10.1.1.9' }\n[vm.b]\nsubnet = 'source/web'\ntarget = { ip = '10.1.1.10' }\n",
    "invalid-address",
    7,
    17,
    "target address of `a-2`"
)]
#[case::recovers_itself("[vnet.a]\nregion = 'west'\nrecovers = 'a'\n", "invalid-twin", 3, 12, "cannot recover itself")]
#[case::recovers_in_a_circle(
    "[vnet.a]\nregion = 'west'\nrecovers = 'b'\n[vnet.b]\nregion = 'east'\nrecovers = 'a'\n",
    "invalid-twin",
    3,
    12,
    "`a`, `b` recover one another"
)]
#[case::recovers_in_its_region(
    "[vnet.a]\nregion = 'west'\nrecovers = 'hub'\n",
    "invalid-twin",
    3,
    12,
    "another region"
)]
#[case::second_twin_a12("[vnet.a]\nregion = 'west'\nrecovers = 'source'\n", "invalid-twin", 3, 12, "A12")]
#[case::twin_without_room(
    "[region.north]\nside = 'recovery'\n[vnet.a]\nregion = 'north'\nrecovers = 'source'\nsubnets = {}\n",
    "no-subnet",
    5,
    12,
    "no subnet a VM"
)]
#[case::link_to_itself("[link.a]\nkind = 'vpn'\nbetween = ['hub', 'hub']\n", "invalid-link", 3, 12, "to itself")]
#[case::link_of_three(
    "[link.a]\nkind = 'vpn'\nbetween = ['hub', 'source', 'twin']\n",
    "invalid-link",
    3,
    11,
    "two networks, not 3"
)]
#[case::link_without_gateway(
    "[link.a]\nkind = 'expressroute'\nbetween = ['source', 'office']\n",
    "invalid-link",
    3,
    12,
    "needs an ExpressRoute gateway in source"
)]
#[case::expressroute_between_vnets(
    "[link.a]\nkind = 'expressroute'\nbetween = ['source', 'hub']\n",
    "invalid-link",
    3,
    12,
    "a VNet and a site"
)]
#[case::peering_to_a_site(
    "[link.a]\nkind = 'peering'\nbetween = ['hub', 'office']\n",
    "invalid-link",
    3,
    12,
    "joins two VNets"
)]
#[case::circuit_of_a_vpn(
    "[link.a]\nkind = 'vpn'\nbetween = ['hub', 'office']\ncircuit = 'c'\n",
    "invalid-link",
    4,
    11,
    "only ExpressRoute"
)]
#[case::twins_joined_b6(
    "[link.a]\nkind = 'peering'\nbetween = ['source', 'twin']\n",
    "invalid-link",
    1,
    7,
    "share addresses"
)]
#[case::neighbour_b9(
    "[link.a]\nkind = 'vpn'\nbetween = ['hub', 'source']\n[link.b]\nkind = 'vpn'\nbetween = ['hub', 'twin']\n",
    "invalid-link",
    4,
    7,
    "Hub already reaches 10.1.0.0/16"
)]
#[case::one_link_a_pair(
    "[link.a]\nkind = 'vpn'\nbetween = ['hub', 'source']\n[link.b]\nkind = 'vpn'\nbetween = ['source', 'hub']\n",
    "invalid-link",
    4,
    7,
    "as `a`"
)]
#[case::pending_is_no_declared_state(
    "[link.a]\nkind = 'vpn'\nbetween = ['hub', 'source']\nstate = 'pending'\n",
    "invalid-value",
    4,
    9,
    "connected, absent"
)]
#[case::app_without_vm("[app.empty]\n[[needs]]\nfrom = 'shop'\nto = 'empty'\n", "invalid-value", 4, 6, "has no VM")]
#[case::command(
    "[[plan.a.group]]\ndo = ['manual ok', 'conect hub twin']\n",
    "invalid-command",
    2,
    20,
    "did you mean `connect`"
)]
#[case::name_in_command("[[plan.a.group]]\ndo = ['connect hub twn']\n", "unknown-id", 2, 7, "did you mean `twin`")]
#[case::plan_runs_itself(
    "[[plan.a.group]]\ndo = ['run b']\n[[plan.b.group]]\ndo = ['run a']\n",
    "invalid-command",
    4,
    7,
    "never end"
)]
#[case::route_of_a_vnet("[[plan.a.group]]\ndo = ['unroute hub 10.1.0.0/16']\n", "invalid-command", 2, 7, "only a site")]
#[case::route_twice(
    "[site.a]\nprefixes = ['172.16.0.0/16']\nroutes = [{ prefix = '10.1.0.0/16', via = 'source' }, { prefix = '10.1.0.0/16', via = 'twin' }]\n",
    "invalid-value",
    3,
    66,
    "already"
)]
#[case::unknown_timing("[timing]\nvpn-gatway = '45m'\n", "unknown-key", 2, 1, "did you mean `vpn-gateway`")]
#[case::no_span("[timing]\nvpn-gateway = '45'\n", "invalid-value", 2, 15, "1h30m")]
#[case::unknown_policy(
    "[policy]\ndynamic-sorce = 'not-retained'\n",
    "unknown-key",
    2,
    1,
    "did you mean `dynamic-source`"
)]
#[case::policy_word("[policy]\nnext-available = 'lowst'\n", "invalid-value", 2, 18, "did you mean `lowest`")]
fn each_problem_has_its_code_place_and_words(
    #[case] extra: &str,
    #[case] code: &str,
    #[case] line: usize,
    #[case] column: usize,
    #[case] part: &str,
) {
    let found = problems(&based(extra));
    let [Problem { finding, .. }] = found.as_slice() else { panic!("one problem, nothing that follows: {found:#?}") };
    let place = finding.position.expect("a place");
    let line = line + BASE.lines().count();
    assert_eq!((finding.code.to_string().as_str(), place.line, place.column), (code, line, column), "{finding:?}");
    assert!(finding.message.contains(part), "{}", finding.message);
}

#[test]
fn an_empty_file_lacks_all_that_a_topology_needs() {
    let found: Vec<String> = problems("").into_iter().map(|problem| problem.finding.message).collect();
    assert_eq!(found.len(), 4, "{found:?}");
    for key in ["format", "title", "region", "vnet"] {
        assert!(found.iter().any(|message| message.contains(&format!("`{key}`"))), "{key}: {found:?}");
    }
}

#[test]
fn wrong_values_of_one_table_are_all_named() {
    let text = based(
        "[site.a]\ntitle = 1\nprefixes = ['x', '10.0.0.0/8', 7, '10.1.0.1/8']\nroutes = [{ prefix = 5, via = 6 }]\n",
    );
    let places: Vec<_> = problems(&text)
        .iter()
        .filter_map(|problem| problem.finding.position)
        .map(|place| (place.line - BASE.lines().count(), place.column))
        .collect();
    assert_eq!(places, [(2, 9), (3, 13), (3, 32), (3, 35), (4, 22), (4, 31)]);
}

#[test]
fn a_syntax_error_hides_nothing_that_other_tables_say() {
    let text = based("[app.a]\ntitle = = 5\n[region.c]\nside = 'sorce'\n[vnet.hubb\nregion = 7\n[app.z]\ntitl = 1\n");
    let lines: Vec<usize> = problems(&text)
        .iter()
        .filter_map(|problem| problem.finding.position)
        .map(|place| place.line - BASE.lines().count())
        .collect();
    assert_eq!(lines, [2, 4, 5, 8]);
}

#[test]
fn columns_count_characters_not_bytes() {
    let found = problems(&based("[app.a]\ntitle = { 'ü' = '→', x = '€' }\n"));
    assert_eq!(found[0].finding.position.map(|place| place.column), Some(9));
    let found = problems(&based("[vm.a]\nsubnet = 'source/web' # ü\n[vm.b]\napp = \"ü→\"\nsubnet = 'source/wb'\n"));
    assert_eq!(found.len(), 2);
}

#[test]
fn a_file_keeps_its_order_on_the_screen() {
    let topology = load(
        "[app.zebra]\n[app.ant]\n[vnet.b]\nregion = 'west'\naddress-space = ['10.9.0.0/16']\nsubnets = { z = '10.9.1.0/24', a = '10.9.2.0/24' }\n",
    );
    let apps: Vec<_> = topology.apps.iter().map(|app| app.id.as_str()).collect();
    assert_eq!(apps, ["shop", "zebra", "ant"]);
    let last: Vec<_> = topology.subnets.iter().rev().take(2).map(|subnet| subnet.id.as_str()).collect();
    assert_eq!(last, ["a", "z"]);
}

#[test]
fn count_makes_vms_on_consecutive_addresses_and_dynamic_ones_fill_the_gaps() {
    let topology = load(
        "[vm.early]\nsubnet = 'source/web'\n[vm.many]\nsubnet = 'source/web'\nip = '10.1.1.6'\ncount = 3\n[vm.late]\nsubnet = 'source/web'\ncount = 2\n",
    );
    let vms: Vec<_> = topology.vms.iter().map(|vm| format!("{} {}", vm.id, vm.ip)).collect();
    let expected = ["web 10.1.1.4", "early 10.1.1.5", "many-1 10.1.1.6", "many-2 10.1.1.7", "many-3 10.1.1.8"];
    assert_eq!(vms[..5], expected);
    assert_eq!(vms[5..], ["late-1 10.1.1.9", "late-2 10.1.1.10"]);
}

#[test]
fn a_twin_copies_what_it_does_not_declare_and_infers_its_own_gateway_subnet() {
    let text = "[region.north]\nside = 'recovery'\n[vnet.early]\nregion = 'north'\nrecovers = 'late'\n[vnet.late]\nregion = 'east'\naddress-space = ['10.7.0.0/16']\nsubnets = { GatewaySubnet = '10.7.9.0/26', s = { prefix = '10.7.1.0/24', title = 'Stage' } }\n";
    let topology = load(text);
    let early = topology.vnets.iter().find(|vnet| vnet.id == "early").expect("declared");
    let subnets: Vec<_> = early.subnets.iter().map(|at| &topology.subnets[at.at()]).collect();
    let shown: Vec<_> =
        subnets.iter().map(|subnet| format!("{} {} {}", subnet.id, subnet.title, subnet.prefix)).collect();
    assert_eq!(shown, ["GatewaySubnet GatewaySubnet 10.7.9.0/26", "s Stage 10.7.1.0/24"]);
    let twin = &topology.vnets[1];
    assert_eq!(twin.subnets.len(), 3, "two copied, one inferred for its own gateway");
    assert!(topology.vms[0].protected, "its VNet has a failover network");
}

#[test]
fn a_site_gets_a_route_for_every_prefix_its_links_bring_unless_it_declares_its_own() {
    let link = "[link.a]\nkind = 'vpn'\nbetween = ['office', 'source']\n";
    let topology = load(link);
    assert_eq!(topology.sites[0].routes.len(), 1);
    let own = load(&format!(
        "{link}[site.depot]\nprefixes = ['172.16.0.0/16']\nroutes = []\n[link.b]\nkind = 'vpn'\nbetween = ['depot', 'hub']\n"
    ));
    assert!(own.sites[1].routes.is_empty());
    let planned = load(&format!("{link}state = 'absent'\n"));
    assert!(planned.sites[0].routes.is_empty());
}

/// The finding each extra brings: code, severity, line, part of the message.
#[rstest]
#[case::vnet_without_subnet(
    "[vnet.a]\nregion = 'west'\naddress-space = ['10.9.0.0/16']\n",
    "no-subnet",
    Severity::Note,
    1,
    "no subnet"
)]
#[case::dynamic_a23("[vm.a]\nsubnet = 'source/web'\n", "dynamic-address", Severity::Warning, 1, "A23")]
#[case::dynamic_not_retained_a23(
    "[vm.a]\nsubnet = 'source/web'\nip = 'dynamic'\n[policy]\ndynamic-source = 'not-retained'\n",
    "dynamic-address",
    Severity::Warning,
    3,
    "is not kept"
)]
#[case::superset_b11(
    "[site.wide]\nprefixes = ['10.0.0.0/8']\n[link.a]\nkind = 'vpn'\nbetween = ['wide', 'hub']\n",
    "superset-prefix",
    Severity::Warning,
    3,
    "B11"
)]
#[case::shadow_b13(
    "[link.p]\nkind = 'peering'\nbetween = ['hub', 'twin']\n[link.v]\nkind = 'vpn'\nbetween = ['source', 'hub']\n",
    "shadowed",
    Severity::Warning,
    1,
    "B13"
)]
#[case::nowhere_to_go(
    "[vm.a]\nsubnet = 'hub/tools'\nprotected = true\n",
    "no-failover-network",
    Severity::Warning,
    3,
    "nowhere to go"
)]
#[case::taken_in_target_a19(
    "[vm.a]\nsubnet = 'twin/web'\nip = '10.1.1.4'\n",
    "address-taken",
    Severity::Warning,
    0,
    "`web` cannot keep 10.1.1.4"
)]
#[case::pinned_but_taken_a26(
    "[vm.a]\nsubnet = 'twin/web'\nip = '10.1.1.9'\n[vm.b]\nsubnet = 'source/web'\nip = '10.1.1.8'\ntarget = { ip = '10.1.1.9' }\n",
    "address-taken",
    Severity::Warning,
    7,
    "A26"
)]
#[case::small_gateway_subnet_b28(
    "[vnet.a]\nregion = 'west'\naddress-space = ['10.9.0.0/16']\nsubnets = { GatewaySubnet = '10.9.0.0/29', s = '10.9.1.0/24' }\n",
    "small-gateway-subnet",
    Severity::Note,
    4,
    "B28"
)]
fn each_finding_has_its_code_severity_place_and_words(
    #[case] extra: &str,
    #[case] code: &str,
    #[case] severity: Severity,
    #[case] line: usize,
    #[case] part: &str,
) {
    let findings = load(extra).findings;
    let [finding] = findings.as_slice() else { panic!("one finding: {findings:#?}") };
    assert_eq!((finding.code.to_string().as_str(), finding.severity), (code, severity));
    let place = finding.position.expect("a place").line;
    if line > 0 {
        assert_eq!(place, line + BASE.lines().count());
    }
    assert!(finding.message.contains(part), "{}", finding.message);
}

#[test]
fn a_failover_network_without_the_same_subnet_is_a_warning_for_the_subnet_not_for_each_vm_a13() {
    let text = BASE.replace(
        "recovers = \"source\"\n",
        "recovers = \"source\"\nsubnets = { zoo = '10.1.1.0/24', abc = '10.1.3.0/24' }\n",
    );
    let topology =
        parse("test", &format!("{text}[vm.b]\nsubnet = 'source/web'\nip = '10.1.1.9'\n")).expect("the model stands");
    let codes: Vec<_> = topology.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [FindingCode::SubnetNameMismatch, FindingCode::AddressLost]);
    assert!(topology.findings[0].message.contains("`abc`, the alphabetically first (A13)"));
}

#[test]
fn what_is_broken_is_not_reported_again_where_it_is_used() {
    let text = BASE.replace("region = \"east\"", "region = \"eats\"");
    let found = problems(&format!(
        "{text}[link.a]\nkind = 'vpn'\nbetween = ['source', 'hub']\n[[needs]]\nfrom = 'web'\nto = 'shop'\n"
    ));
    assert_eq!(found.len(), 1, "{found:#?}");
    let misplaced = based("[vm.a]\nsubnet = 'source/web'\nip = '10.9.9.9'\n[[needs]]\nfrom = 'a'\nto = 'shop'\n");
    assert_eq!(problems(&misplaced).len(), 1);
}

#[test]
fn a_file_of_errors_keeps_the_first_and_counts_the_rest() {
    let mut text = based("");
    for at in 0..1_000 {
        write!(text, "[vm.x{at}]\nsubnet = 'nowhere/s'\n").expect("text grows");
    }
    let found = problems(&text);
    assert_eq!(found.len(), MOST_PROBLEMS + 1);
    assert!(found[MOST_PROBLEMS].finding.message.contains("800 more"), "{}", found[MOST_PROBLEMS].finding.message);
}

#[test]
fn files_that_are_no_text_and_no_files_at_all_get_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let sentence = |path: &std::path::Path| match read(path) {
        Err(OpenError::Unreadable(why)) => why,
        other => panic!("{other:?}"),
    };
    let problem = |path: &std::path::Path| match read(path) {
        Err(OpenError::Invalid(error)) => error.problems[0].finding.clone(),
        other => panic!("{other:?}"),
    };
    assert!(sentence(folder.path()).contains("directory"));
    assert!(sentence(&folder.path().join("none.toml")).contains("no file"));
    let binary = folder.path().join("binary.toml");
    std::fs::write(&binary, b"title = 1\n\n\xff\xfe").expect("a file");
    let found = problem(&binary);
    assert!(found.message.contains("line 3"), "{}", found.message);
    assert_eq!(found.position.map(|at| (at.line, at.column)), Some((3, 1)));
    let huge = folder.path().join("huge.toml");
    std::fs::File::create(&huge).and_then(|file| file.set_len(100 << 20)).expect("a sparse file");
    assert!(problem(&huge).message.contains("16 MiB"));
    match open("azure-ful") {
        Err(OpenError::UnknownName(why)) => assert!(why.contains("did you mean `azure-full`"), "{why}"),
        other => panic!("{other:?}"),
    }
}
