//! Azure's limits: what a file exceeds is found, and one more link is refused (A9, B4, B23, B30, B33, B49 to B52).

use std::fmt::Write;
use std::sync::Arc;

use failscope::topology::{FindingCode, Topology, load};
use failscope::world::{RefusalCode, World, apply};

/// A hub, `spokes` VNets beside it, a site; `hub` and `links` complete it.
fn topology(spokes: usize, gateways: &str, hub: &str, links: impl Fn(usize) -> String) -> Topology {
    let mut text = format!(
        "format = 1\ntitle = \"Limits\"\nregion.near.side = \"source\"\n\n[vnet.hub]\ntitle = \"Hub\"\nregion = \"near\"\n\
         address-space = [\"172.16.0.0/16\"]\n{hub}\n[site.office]\ntitle = \"Office\"\nprefixes = [\"192.168.0.0/16\"]\n"
    );
    for n in 0..spokes {
        let (second, third) = (n / 200, n % 200);
        write!(
            text,
            "[vnet.s-{n}]\nregion = \"near\"\naddress-space = [\"10.{second}.{third}.0/24\"]\n{gateways}\n{}\n",
            links(n)
        )
        .unwrap();
    }
    load::parse("limits", &text).unwrap_or_else(|error| panic!("{:#?}", error.problems))
}

fn over_limit(topology: &Topology) -> Vec<&str> {
    let over = topology.findings.iter().filter(|finding| finding.code == FindingCode::OverLimit);
    over.map(|finding| finding.message.as_str()).collect()
}

fn refused(topology: Topology, command: &str, says: &str) {
    let world = World::start(Arc::new(topology));
    let refusal = apply(&world, &command.parse().expect("a command")).expect_err(command);
    assert_eq!(refusal.code, RefusalCode::Limit, "{refusal}");
    assert!(refusal.message.contains(says), "{refusal}");
}

fn to_hub(kind: &str, n: usize, absent_from: usize) -> String {
    let state = if n >= absent_from { "state = \"absent\"\n" } else { "" };
    format!("[link.l-{n}]\nkind = \"{kind}\"\nbetween = [\"s-{n}\", \"hub\"]\n{state}")
}

#[test]
fn a_vnet_holds_500_peerings_b23() {
    refused(topology(501, "", "", |n| to_hub("peering", n, 500)), "connect s-500 hub", "500 peerings");
    let over = topology(501, "", "", |n| to_hub("peering", n, 501));
    assert_eq!(over_limit(&over), ["Hub holds 500 peerings, and 500 is the most (B23)"]);
}

#[test]
fn the_sku_of_a_gateway_says_how_many_tunnels_it_has_b30() {
    let vpn = "gateways = [\"vpn\"]";
    for (sku, most) in [("Basic", 10), ("VpnGw1AZ", 30), ("VpnGw3", 30), ("VpnGw4AZ", 100)] {
        let hub = format!("gateways = [{{ kind = \"vpn\", sku = \"{sku}\" }}]");
        let full = topology(most + 1, vpn, &hub, |n| to_hub("vpn", n, most));
        assert!(over_limit(&full).is_empty());
        refused(full, &format!("connect s-{most} hub"), &format!("{sku}) holds {most} of {most} tunnels"));
        let over = topology(most + 1, vpn, &hub, |n| to_hub("vpn", n, most + 1));
        assert_eq!(over_limit(&over).len(), 1, "{sku}");
    }
}

#[test]
fn tunnels_of_active_active_gateways_and_redundant_ones_count_b33_b41() {
    let active = "gateways = [{ kind = \"vpn\", active-active = true }]";
    // Four tunnels each between two active-active gateways: seven links make 28 of 30.
    let full = topology(8, active, active, |n| to_hub("vpn", n, 7));
    assert!(over_limit(&full).is_empty());
    refused(full, "connect s-7 hub", "holds 28 of 30 tunnels already, and the new link needs 4");
    // Two tunnels each where one side is active-active.
    let full = topology(16, "gateways = [\"vpn\"]", active, |n| to_hub("vpn", n, 15));
    assert!(over_limit(&full).is_empty());
    refused(full, "connect s-15 hub", "holds 30 of 30");
    // Redundant tunnels to a site.
    let site = "gateways = [{ kind = \"vpn\", asn = 65010 }]\n\n[link.wan]\nkind = \"vpn\"\nbetween = [\"hub\", \"office\"]\n\
                bgp = true\ntunnels = 30\n";
    refused(topology(1, "gateways = [\"vpn\"]", site, |_| String::new()), "connect s-0 hub by vpn", "holds 30 of 30");
}

#[test]
fn a_circuit_carries_10_vnets_or_100_b49() {
    let er = "gateways = [\"expressroute\"]";
    let link = |most: usize, circuit: &'static str| {
        move |n: usize| {
            let state = if n >= most { "state = \"absent\"\n" } else { "" };
            format!("[link.l-{n}]\nkind = \"expressroute\"\nbetween = [\"s-{n}\", \"office\"]\n{circuit}{state}")
        }
    };
    refused(
        topology(11, er, "", link(10, "")),
        "connect s-10 office",
        "carries 10 VNets, and a Standard circuit takes 10",
    );
    assert_eq!(over_limit(&topology(11, er, "", link(11, ""))).len(), 1);
    let premium = "[circuit.c]\ntitle = \"Global\"\nsku = \"premium\"\n";
    let full = topology(101, er, premium, link(100, "circuit = \"c\"\n"));
    assert!(over_limit(&full).is_empty());
    refused(full, "connect s-100 office", "Global carries 100 VNets, and a Premium circuit takes 100");
}

#[test]
fn a_gateway_holds_circuits_by_its_sku_and_four_of_one_location_b50() {
    let circuits = |sku: &str, locations: usize, live: usize, all: usize| {
        let mut hub = format!("gateways = [{{ kind = \"expressroute\", sku = \"{sku}\" }}]\n");
        for n in 0..all {
            let state = if n >= live { "state = \"absent\"\n" } else { "" };
            write!(
                hub,
                "[circuit.c-{n}]\nlocation = \"City {}\"\n[link.c-{n}]\nkind = \"expressroute\"\n\
                 between = [\"hub\", \"office\"]\ncircuit = \"c-{n}\"\n{state}",
                n % locations
            )
            .unwrap();
        }
        topology(0, "", &hub, |_| String::new())
    };
    for (sku, most) in [("ErGw1AZ", 4), ("ErGw2AZ", 8), ("ErGw3AZ", 16)] {
        let full = circuits(sku, 20, most, most + 1);
        assert!(over_limit(&full).is_empty(), "{sku}");
        refused(full, &format!("connect hub office over c-{most}"), &format!("{sku}) holds {most} circuits"));
    }
    refused(circuits("ErGw3AZ", 1, 4, 5), "connect hub office over c-4", "4 circuits from City 0");
}

#[test]
fn a_connection_advertises_a_thousand_prefixes_b52() {
    let space: Vec<String> = (0..1001).map(|n| format!("\"10.{}.{}.0/24\"", n / 200, n % 200)).collect();
    let text = format!(
        "format = 1\ntitle = \"Many\"\nregion.near.side = \"source\"\n[vnet.many]\nregion = \"near\"\naddress-space = [{}]\n\
         gateways = [\"expressroute\"]\nsubnets = {{ GatewaySubnet = \"10.0.0.0/27\" }}\n[site.office]\n\
         prefixes = [\"192.168.0.0/16\"]\n",
        space.join(", ")
    );
    let topology = load::parse("many", &text).unwrap_or_else(|error| panic!("{:#?}", error.problems));
    refused(topology, "connect many office", "1001 prefixes");
}

fn loaded(text: &str) -> Topology {
    load::parse("limits", text).unwrap_or_else(|error| panic!("{:#?}", error.problems))
}

const HEAD: &str = "format = 1\ntitle = \"Limits\"\nregion.near.side = \"source\"\n";

#[test]
fn a_vnet_and_its_peers_hold_128_000_addresses_and_a_nic_256_a9() {
    let peered = |each: usize| {
        let vnet = |n: usize| {
            format!(
                "[vnet.v{n}]\nregion = \"near\"\naddress-space = [\"10.{n}.0.0/16\"]\nsubnets = {{ s = \"10.{n}.0.0/16\" }}\n\
                 [vm.m{n}]\nsubnet = \"v{n}/s\"\ncount = {each}\n"
            )
        };
        let link = |n: usize| format!("[link.l{n}]\nkind = \"peering\"\nbetween = [\"v0\", \"v{n}\"]\n");
        let vnets: String = (0..4).map(vnet).collect();
        loaded(&format!("{HEAD}{vnets}{}", (1..4).map(link).collect::<String>()))
    };
    assert!(over_limit(&peered(32_000)).is_empty());
    let over = peered(32_001);
    let said = "v0 and its peers hold 128004 private addresses, and 128000 is the most in a group of peered VNets (A9)";
    assert_eq!(over_limit(&over), [said], "the peers themselves see two VNets each");

    let machine = |secondary: usize| {
        let address = |n: usize| format!("{{ ip = \"10.0.{}.{}\" }}", 1 + n / 250, 4 + n % 250);
        let list: Vec<String> = (0..secondary).map(address).collect();
        loaded(&format!(
            "{HEAD}[vnet.v]\nregion = \"near\"\naddress-space = [\"10.0.0.0/16\"]\nsubnets = {{ s = \"10.0.0.0/20\" }}\n\
             [vm.x]\nsubnet = \"v/s\"\nip = \"10.0.0.4\"\nsecondary = [{}]\n",
            list.join(", ")
        ))
    };
    assert!(over_limit(&machine(255)).is_empty());
    assert_eq!(over_limit(&machine(256)).len(), 1);
}

#[test]
fn a_subscription_has_1000_vnets_200_route_tables_and_5000_groups_in_a_region_b4() {
    let vnets = |count: usize| {
        let vnet = |n: usize| {
            format!("[vnet.v{n}]\nregion = \"near\"\naddress-space = [\"10.{}.{}.0/24\"]\n", n / 250, n % 250)
        };
        loaded(&format!("{HEAD}{}", (0..count).map(vnet).collect::<String>()))
    };
    assert!(over_limit(&vnets(1000)).is_empty());
    assert_eq!(over_limit(&vnets(1001)).len(), 1);
    let tables = |count: usize, what: &str, list: &str| {
        let table = |n: usize| format!("[{what}.t{n}]\n{list} = []\n");
        loaded(&format!(
            "{HEAD}[vnet.v]\nregion = \"near\"\naddress-space = [\"10.0.0.0/16\"]\n{}",
            (0..count).map(table).collect::<String>()
        ))
    };
    for (what, list, most) in [("route-table", "routes", 200), ("nsg", "rules", 5000)] {
        assert!(over_limit(&tables(most, what, list)).is_empty(), "{what}");
        assert_eq!(over_limit(&tables(most + 1, what, list)).len(), 1, "{what}");
    }
    let subnet = |n: usize| format!("s{n} = \"10.{}.{}.0/29\"\n", n / 250, n % 250);
    let vnet = format!(
        "{HEAD}[vnet.v]\nregion = \"near\"\naddress-space = [\"10.0.0.0/8\"]\n[vnet.v.subnets]\n{}",
        (0..3001).map(subnet).collect::<String>()
    );
    assert_eq!(over_limit(&loaded(&vnet)), ["v has 3001 subnets, and a VNet takes 3000 (B4)"]);
}

#[test]
fn an_expressroute_gateway_learns_4000_routes_or_more_by_its_sku_b51() {
    let announced = |sku: &str| {
        let prefixes: Vec<String> = (0..4001).map(|n| format!("\"172.{}.{}.0/24\"", 16 + n / 250, n % 250)).collect();
        loaded(&format!(
            "{HEAD}[vnet.v]\nregion = \"near\"\naddress-space = [\"10.0.0.0/16\"]\n\
             gateways = [{{ kind = \"expressroute\", sku = \"{sku}\" }}]\n[site.s]\nprefixes = [{}]\n\
             [circuit.c]\nsku = \"premium\"\n[link.l]\nkind = \"expressroute\"\nbetween = [\"v\", \"s\"]\ncircuit = \"c\"\n",
            prefixes.join(", ")
        ))
    };
    assert!(over_limit(&announced("ErGw2AZ")).is_empty());
    let over = announced("ErGw1AZ");
    assert_eq!(over_limit(&over).len(), 1);
    assert!(
        over_limit(&over)[0].contains("would learn 4001 routes, and 4000 is the most (B51)"),
        "{:?}",
        over_limit(&over)
    );
}
