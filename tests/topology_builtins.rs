//! The built-in topologies load and hold what is promised.

use failscope::topology::builtin::BUILTINS;
use failscope::topology::load::open;
use failscope::topology::{Allocation, Finding, FindingCode, LinkKind, Severity, Topology};

fn load(name: &str) -> Topology {
    open(name).unwrap_or_else(|error| panic!("{name}: {error:#?}"))
}

fn spaces(topology: &Topology) -> Vec<String> {
    let space = |vnet: &failscope::topology::Vnet| {
        let prefixes: Vec<String> = vnet.address_space.iter().map(ToString::to_string).collect();
        let gateways: Vec<String> = vnet.gateways.iter().map(|gateway| gateway.kind.to_string()).collect();
        let recovers = vnet.recovers.map_or(String::new(), |source| format!(" < {}", topology.vnets[source.at()].id));
        format!("{} {} {}{recovers}", vnet.id, prefixes.join(","), gateways.join(","))
    };
    topology.vnets.iter().map(space).collect()
}

fn links(topology: &Topology) -> Vec<(&str, LinkKind)> {
    topology.links.iter().map(|link| (link.id.as_str(), link.kind)).collect()
}

#[test]
fn every_built_in_loads_and_only_the_one_with_deliberate_faults_with_a_warning() {
    let names: Vec<&str> = BUILTINS.iter().map(|builtin| builtin.name).collect();
    assert_eq!(
        names,
        [
            "azure-full",
            "azure-isolated-app",
            "azure-subnet-trap",
            "azure-three-apps",
            "hybrid-full",
            "hybrid-full-vpn",
            "hybrid-isolated-app",
            "hub-and-spokes",
            "two-circuits",
            "peering-shadow",
            "check-faults",
        ]
    );
    for name in names {
        let topology = load(name);
        // Each has dynamic addresses to show, of which A23 demands a warning.
        let meant = |finding: &&Finding| finding.code != FindingCode::DynamicAddress;
        let loud = topology.findings.iter().filter(|finding| finding.severity > Severity::Note).filter(meant);
        let loud: Vec<_> = loud.collect();
        assert_eq!(loud.is_empty(), name != "check-faults", "{name}: {loud:#?}");
        assert_eq!(topology.name, name);
        assert!(topology.about.contains("sample data"), "{name} says that its VMs are sample data");
        assert!(!topology.needs.is_empty(), "{name} says what must talk");
        let has = |allocation| topology.vms.iter().any(|vm| vm.allocation == allocation);
        assert!(has(Allocation::Static) && has(Allocation::Dynamic), "{name} has static and dynamic addresses");
        let regions: Vec<_> =
            topology.regions.iter().map(|region| (region.id.as_str(), region.title.as_str())).collect();
        assert_eq!(regions, [("east-asia", "East Asia"), ("southeast-asia", "Southeast Asia")], "{name}");
    }
}

#[test]
fn built_ins_hold_the_networks_of_the_article() {
    let full = load("azure-full");
    assert_eq!(
        spaces(&full),
        ["source 10.1.0.0/16 vpn", "recovery 10.1.0.0/16  < source", "azure 10.2.0.0/16 vpn"],
        "no gateway in Recovery VNet yet"
    );
    let subnets: Vec<String> = full
        .subnets
        .iter()
        .map(|subnet| format!("{}/{} {}", full.vnets[subnet.vnet.at()].id, subnet.id, subnet.prefix))
        .collect();
    assert_eq!(
        subnets,
        [
            "source/subnet-1 10.1.1.0/24",
            "source/subnet-2 10.1.2.0/24",
            "source/subnet-3 10.1.3.0/24",
            "source/GatewaySubnet 10.1.255.224/27",
            "recovery/subnet-1 10.1.1.0/24",
            "recovery/subnet-2 10.1.2.0/24",
            "recovery/subnet-3 10.1.3.0/24",
            "azure/subnet-4 10.2.4.0/24",
            "azure/GatewaySubnet 10.2.255.224/27"
        ]
    );
    assert_eq!(links(&full), [("source--azure", LinkKind::Vpn)]);

    let isolated = load("azure-isolated-app");
    assert_eq!(
        spaces(&isolated),
        [
            "source-1 10.1.0.0/16 vpn",
            "source-2 10.2.0.0/16 vpn",
            "recovery-1 10.1.0.0/16 vpn < source-1",
            "recovery-2 10.2.0.0/16 vpn < source-2",
            "azure 10.3.0.0/16 vpn"
        ]
    );
    assert_eq!(
        links(&isolated),
        [("source-1--azure", LinkKind::Vpn), ("source-2--azure", LinkKind::Vpn), ("source-1--source-2", LinkKind::Vpn)]
    );
    let commands: usize = isolated.plans.iter().flat_map(|plan| &plan.groups).map(|group| group.run.len()).sum();
    assert_eq!(commands, 5, "the article's five steps");

    for (name, kind) in [("hybrid-full", LinkKind::Expressroute), ("hybrid-full-vpn", LinkKind::Vpn)] {
        let hybrid = load(name);
        assert_eq!(links(&hybrid), [("source--datacenter", kind)]);
        assert_eq!(spaces(&hybrid).len(), 2);
        let site = &hybrid.sites[0];
        assert_eq!((site.id.as_str(), site.title.as_str()), ("datacenter", "On-premises datacenter"));
        assert_eq!(site.routes.len(), 1, "the route to Source VNet comes with the link");
    }
    assert_eq!(load("hybrid-isolated-app").vnets.len(), 4, "no other VNet");
    assert_eq!(load("azure-three-apps").vnets.len(), 7);
}

#[test]
fn the_subnet_trap_has_an_app_that_falls_in_and_one_that_does_not() {
    let trap = load("azure-subnet-trap");
    for vm in &trap.vms {
        let app = vm.app.map(|app| trap.apps[app.at()].id.as_str());
        let target = vm.target.subnet.map(|subnet| trap.vnets[trap.subnets[subnet.at()].vnet.at()].id.as_str());
        let expected = (app == Some("app2")).then_some("alternate");
        assert_eq!((target, vm.protected), (expected, app != Some("sql")), "{}", vm.id);
    }
}
