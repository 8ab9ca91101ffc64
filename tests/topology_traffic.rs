//! Route tables and security groups of topology files: what is refused, what is worth a finding, and where (B4, B28, B57,
//! C4, C13).

use failscope::topology::load::parse;
use failscope::topology::{FindingCode, Severity};
use rstest::rstest;

const BASE: &str = r#"format = 1
title = "Base"
[region.east]
side = "source"
[vnet.hub]
region = "east"
address-space = ["10.1.0.0/16"]
gateways = ["vpn", "expressroute"]
[vm.web]
subnet = "hub/web"
ip = "10.1.1.4"
[vnet.hub.subnets]
"#;

fn problems(extra: &str) -> Vec<(String, usize, String)> {
    let text = format!("{BASE}{extra}");
    let lines = BASE.lines().count();
    let error = parse("test", &text).expect_err("the file is broken");
    let position =
        |problem: &failscope::topology::load::Problem| problem.finding.position.map_or(0, |at| at.line - lines);
    let told = error.problems.iter();
    told.map(|problem| (problem.finding.code.to_string(), position(problem), problem.finding.message.clone())).collect()
}

#[rstest]
#[case(
    "web = { prefix = '10.1.1.0/24', routes = 'tabel' }\n[route-table.table]\n",
    "unknown-id",
    1,
    "did you mean `table`"
)]
#[case("web = { prefix = '10.1.1.0/24', nsg = 'wbe' }\n[nsg.web]\n", "unknown-id", 1, "did you mean `web`")]
#[case("web = '10.1.1.0/24'\n[route-table.t]\nroute = []\n", "unknown-key", 3, "did you mean `routes`")]
#[case(
    "web = '10.1.1.0/24'\n[route-table.t]\nroutes = [{ prefix = '10.9.0.0/16', via = 'gatway' }]\n",
    "invalid-value",
    3,
    "did you mean `gateway`"
)]
#[case(
    "web = '10.1.1.0/24'\n[route-table.t]\nroutes = [{ prefix = 'VirtualNetwrok', via = 'none' }]\n",
    "invalid-prefix",
    3,
    "did you mean `VirtualNetwork`"
)]
#[case(
    "web = '10.1.1.0/24'\n[route-table.t]\nroutes = [\n{ prefix = '10.9.0.0/16', via = 'none' },\n{ prefix = '10.9.0.0/16', via = 'vnet' }]\n",
    "invalid-value",
    5,
    "has a route in this table already"
)]
#[case(
    "web = '10.1.1.0/24'\n[nsg.n]\nrules = [{ priority = 99, direction = 'inbound', access = 'deny' }]\n",
    "invalid-value",
    3,
    "from 100 to 4096 (C13)"
)]
#[case(
    "web = '10.1.1.0/24'\n[nsg.n]\nrules = [\n{ priority = 100, direction = 'inbound', access = 'deny' },\n{ priority = 100, direction = 'inbound', access = 'allow' }]\n",
    "invalid-value",
    5,
    "another inbound rule has the priority 100"
)]
#[case(
    "web = '10.1.1.0/24'\n[nsg.n]\nrules = [{ priority = 100, direction = 'inbound', access = 'allow', ports = [70000] }]\n",
    "invalid-value",
    3,
    "is no port"
)]
#[case(
    "web = '10.1.1.0/24'\n[nsg.n]\nrules = [{ priority = 100, direction = 'inbound', access = 'allow', source = 'Internt' }]\n",
    "invalid-value",
    3,
    "did you mean `Internet`"
)]
#[case("web = '10.1.1.0/24'\n[[needs]]\nfrom = 'web'\nto = 'web'\nport = 0\n", "invalid-value", 5, "from 1 to 65535")]
fn a_wrong_table_or_group_is_named_with_its_place(
    #[case] extra: &str,
    #[case] code: &str,
    #[case] line: usize,
    #[case] part: &str,
) {
    let found = problems(extra);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((found[0].0.as_str(), found[0].1), (code, line), "{found:#?}");
    assert!(found[0].2.contains(part), "{}", found[0].2);
}

#[test]
fn tables_and_groups_hold_no_more_than_azure_allows_b4() {
    let routes: Vec<String> =
        (0..401).map(|at| format!("{{ prefix = '10.{}.{}.0/24', via = 'none' }}", 2 + at / 256, at % 256)).collect();
    let found = problems(&format!("web = '10.1.1.0/24'\n[route-table.t]\nroutes = [{}]\n", routes.join(", ")));
    assert!(found.len() == 1 && found[0].2.contains("400 routes at most"), "{found:#?}");
    let rules: Vec<String> =
        (0..1001).map(|at| format!("{{ priority = {}, direction = 'inbound', access = 'deny' }}", 100 + at)).collect();
    let found = problems(&format!("web = '10.1.1.0/24'\n[nsg.n]\nrules = [{}]\n", rules.join(", ")));
    assert!(found.len() == 1 && found[0].2.contains("1000 rules at most"), "{found:#?}");
}

#[test]
fn what_azure_refuses_or_nothing_takes_is_a_finding_b28_b57_c4() {
    let extra = "web = { prefix = '10.1.1.0/24', routes = 'odd' }
GatewaySubnet = { prefix = '10.1.255.0/27', routes = 'default', nsg = 'n' }
[nsg.n]
[route-table.default]
routes = [{ prefix = '0.0.0.0/0', via = 'internet' }]
[route-table.odd]
routes = [
  { prefix = '10.7.0.0/16', via = '10.6.0.4' },
  { prefix = '10.8.0.0/16', via = '10.1.1.9' },
  { prefix = '10.9.0.0/16', via = '10.1.1.4' },
  { prefix = '10.10.0.0/16', via = 'gateway' },
]
";
    let topology = parse("test", &format!("{BASE}{extra}")).unwrap_or_else(|error| panic!("{error:#?}"));
    let told = |code: FindingCode, severity: Severity, part: &str| {
        let fits = |finding: &&failscope::topology::Finding| finding.code == code && finding.severity == severity;
        let mut found = topology.findings.iter().filter(fits);
        assert!(found.any(|finding| finding.message.contains(part)), "{part}: {:#?}", topology.findings);
    };
    told(FindingCode::GatewaySubnetRules, Severity::Error, "no route for 0.0.0.0/0 (B28)");
    told(FindingCode::GatewaySubnetRules, Severity::Error, "no security group (B28)");
    told(FindingCode::DeadNextHop, Severity::Warning, "10.6.0.4, which is in no network it reaches directly");
    told(FindingCode::DeadNextHop, Severity::Warning, "10.1.1.9, and no machine has that address");
    told(FindingCode::DeadNextHop, Severity::Warning, "web does not forward");
    told(FindingCode::DeadNextHop, Severity::Warning, "never ExpressRoute");
}
