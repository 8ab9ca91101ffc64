//! Every JSON document of the command line: its keys, their order, and what is null.

use assert_cmd::Command;
use serde_json::{Value, json};

fn document(words: &[&str]) -> Value {
    let mut command = Command::cargo_bin("failscope").expect("the program is built");
    let output = command.env_clear().current_dir(env!("CARGO_MANIFEST_DIR")).args(words).output().expect("it runs");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{words:?}: not one document: {error}"))
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

fn named<'a>(list: &'a Value, id: &str) -> &'a Value {
    list.as_array().expect("a list").iter().find(|one| one["id"] == id).unwrap_or_else(|| panic!("no {id}"))
}

#[test]
fn run_tells_every_step_and_the_world_at_the_end() {
    let answer =
        document(&["run", "azure-isolated-app", "connect recovery-2 azure", "disconnect source-2 azure", "--json"]);
    assert_eq!(keys(&answer), ["topology", "steps", "world"]);
    let topology = json!({"name": "azure-isolated-app", "title": "Company A: isolated app failover"});
    assert_eq!(answer["topology"], topology);

    let steps = &answer["steps"];
    assert_eq!(keys(&steps[0]), ["command", "outcome", "code", "message", "mend", "seconds", "changes"]);
    assert_eq!(steps[0]["command"], "connect recovery-2 azure");
    assert_eq!(steps[0]["outcome"], "refused");
    assert_eq!(steps[0]["code"], "overlap-neighbour");
    assert!(steps[0]["message"].as_str().is_some_and(|message| message.contains("Source VNet 2")));
    assert_eq!((&steps[0]["seconds"], &steps[0]["changes"]), (&json!(0), &json!([])));
    assert_eq!(steps[0]["mend"], json!(["disconnect source-2 azure"]), "what would make it possible");
    let change = json!({"what": "link", "id": "source-2--azure", "from": "connected", "to": "absent"});
    let done = json!({"command": "disconnect source-2 azure", "outcome": "done", "code": null, "message": null,
        "seconds": 60, "changes": [change]});
    assert_eq!(steps[1], done);

    let world = &answer["world"];
    assert_eq!(keys(world), ["seconds", "regions", "vnets", "sites", "links", "vms", "needs", "findings"]);
    assert_eq!(world["seconds"], 60);
    assert_eq!(world["regions"][0], json!({"id": "east-asia", "side": "source", "up": true}));
    let link = json!({"id": "source-2--azure", "kind": "vpn", "between": ["source-2", "azure"], "state": "absent"});
    assert_eq!(named(&world["links"], "source-2--azure"), &link);
    assert_eq!(keys(&world["needs"][0]), ["from", "to", "met"]);
}

#[test]
fn a_vnet_lists_its_inferred_gateway_subnet_and_whom_it_recovers() {
    let answer = document(&["run", "azure-isolated-app", "--json"]);
    let vnets = &answer["world"]["vnets"];
    let source = named(vnets, "source-2");
    assert_eq!(keys(source), ["id", "region", "address_space", "subnets", "gateways", "recovers"]);
    assert_eq!(source["address_space"], json!(["10.2.0.0/16"]));
    assert_eq!(source["subnets"][0], json!({"id": "subnet-1", "prefix": "10.2.1.0/24"}));
    assert!(source["subnets"].as_array().is_some_and(|all| all.iter().any(|subnet| subnet["id"] == "GatewaySubnet")));
    assert_eq!(source["gateways"], json!([{"kind": "vpn", "state": "ready"}]));
    assert_eq!((&source["recovers"], &named(vnets, "recovery-2")["recovers"]), (&Value::Null, &json!("source-2")));
}

#[test]
fn a_vm_is_listed_where_it_serves_now() {
    let before = document(&["run", "azure-isolated-app", "--json"]);
    let wanted = json!({"id": "app2-web-1", "app": "app2", "region": "east-asia", "vnet": "source-2",
        "subnet": "subnet-1", "ip": "10.2.1.4", "allocation": "static", "running": true, "phase": "protected",
        "ip_before": "10.2.1.4", "retained": null});
    let vm = named(&before["world"]["vms"], "app2-web-1");
    assert_eq!(vm, &wanted);
    assert_eq!(keys(vm), keys(&wanted), "in this order");

    let after = document(&["run", "azure-isolated-app", "run app2", "--json"]);
    let vm = named(&after["world"]["vms"], "app2-web-1");
    assert_eq!(
        (&vm["vnet"], &vm["phase"], &vm["retained"]),
        (&json!("recovery-2"), &json!("failed-over"), &json!(true))
    );
    let steps = after["steps"].as_array().expect("a list");
    let moved = steps.iter().flat_map(|step| step["changes"].as_array().expect("a list"));
    let vm: Vec<_> = moved.filter(|change| change["what"] == "vm" && change["id"] == "app2-web-1").collect();
    assert_eq!(vm.len(), 1);
    assert_eq!(
        (&vm[0]["from"], &vm[0]["to"]),
        (&json!("source-2/subnet-1 10.2.1.4"), &json!("recovery-2/subnet-1 10.2.1.4"))
    );
}

#[test]
fn a_second_live_instance_stands_beside_its_vm() {
    let words = ["outage east-asia", "fail-over region east-asia", "restore east-asia", "--json"];
    let answer = document(&[&["run", "azure-isolated-app"][..], &words].concat());
    let vm = named(&answer["world"]["vms"], "app2-web-1");
    assert_eq!(vm["instances"], json!([{"vnet": "source-2", "subnet": "subnet-1", "ip": "10.2.1.4"}]), "D8");
    let findings = answer["world"]["findings"].as_array().expect("a list");
    assert!(!findings.is_empty() && keys(&findings[0]) == ["severity", "code", "message", "at"]);
}

#[test]
fn a_site_lists_its_routes() {
    let answer = document(&["run", "hybrid-full", "--json"]);
    let site = &answer["world"]["sites"][0];
    assert_eq!(keys(site), ["id", "prefixes", "routes"]);
    assert_eq!(site["routes"], json!([{"prefix": "10.1.0.0/16", "via": "source"}]));
}

#[test]
fn reach_is_a_square_of_both_ways() {
    let answer = document(&["reach", "azure-isolated-app", "--do", "disconnect source-1 source-2", "--json"]);
    assert_eq!(keys(&answer), ["vms", "reachable"]);
    let vms: Vec<_> = answer["vms"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    let at = |id| vms.iter().position(|vm| *vm == id).expect(id);
    let (app1, app2) = (at("app1-web-1"), at("app2-web-1"));
    let rows = &answer["reachable"];
    assert_eq!((&rows[app1][app2], &rows[app2][app1]), (&json!(false), &json!(false)));
    assert_eq!(rows[app1][app1], json!(true), "the diagonal is whether the VM runs");
    assert!(rows.as_array().expect("rows").iter().all(|row| row.as_array().is_some_and(|row| row.len() == vms.len())));
}

#[test]
fn reach_of_a_pair_tells_the_hops_there_and_back() {
    let answer = document(&["reach", "azure-isolated-app", "--from", "app1-web-1", "--to", "app2-web-1", "--json"]);
    assert_eq!(keys(&answer), ["from", "to", "verdict", "code", "message", "forward", "return"]);
    assert_eq!((&answer["from"], &answer["to"]), (&json!("app1-web-1"), &json!("app2-web-1")));
    assert_eq!((&answer["verdict"], &answer["code"]), (&json!("reachable"), &json!("reachable")));
    let hop = json!({"at": "source-1", "prefix": "10.2.0.0/16", "next_hop": "virtual-network-gateway", "to": "source-2",
        "link": {"id": "source-1--source-2", "kind": "vpn"}});
    assert_eq!(answer["forward"][0], hop);
    assert_eq!(keys(&answer["return"][0]), ["at", "prefix", "next_hop", "to", "link"]);
    assert_eq!(keys(&answer["return"][1]), ["at", "prefix", "next_hop", "to"], "it ends there");
    let words =
        ["reach", "azure-isolated-app", "--from", "app1", "--to", "app2", "--json", "--do", "fail-over app app2"];
    let failing = document(&words);
    assert_eq!(failing["verdict"], "unreachable");
    assert_eq!(
        (&failing["from"], &failing["to"]),
        (&json!("app1-web-1"), &json!("app2-web-1")),
        "the first that fails"
    );
}

#[test]
fn links_and_hops_of_two_circuits_are_told_apart() {
    let answer = document(&["run", "two-circuits", "--json"]);
    let links = answer["world"]["links"].as_array().expect("a list");
    assert_eq!(keys(&links[0]), ["id", "kind", "between", "circuit", "weight", "state"]);
    assert_eq!((&links[0]["circuit"], &links[0]["weight"]), (&json!("hong-kong"), &json!(100)));
    assert_eq!(links[1]["circuit"], json!("singapore"));
    let answer = document(&["reach", "two-circuits", "--from", "orders-web-1", "--to", "datacenter", "--json"]);
    assert_eq!(answer["forward"][0]["link"]["circuit"], json!("hong-kong"));
    assert!(answer["message"].as_str().is_some_and(|said| said.contains("ExpressRoute over Hong Kong")));
}

#[test]
fn routes_are_azures_own_list() {
    let answer = document(&["routes", "azure-full", "--at", "azure/subnet-4", "--json"]);
    assert_eq!(keys(&answer), ["at", "routes"]);
    assert_eq!(answer["at"], "azure/subnet-4");
    let routes = answer["routes"].as_array().expect("a list");
    let gateway = json!({"prefix": "10.1.0.0/16", "next_hop_type": "virtual-network-gateway", "to": "source",
        "link": {"id": "source--azure", "kind": "vpn"}, "origin": "gateway", "state": "active"});
    assert!(routes.contains(&gateway), "{routes:?}");
    let dropped =
        json!({"prefix": "10.0.0.0/8", "next_hop_type": "none", "to": null, "origin": "default", "state": "active"});
    assert!(routes.contains(&dropped), "C1: {routes:?}");
}

#[test]
fn check_places_findings_also_where_a_file_does_not_load() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mine.toml");
    std::fs::write(&path, "format = 1\ntitle = \"Bad\"\n\n[regoin.a]\nside = \"source\"\n").expect("a file");
    let answer = document(&["check", &path.to_string_lossy(), "azure-full", "--json"]);
    assert_eq!(keys(&answer), ["topologies"]);
    let bad = &answer["topologies"][0];
    assert_eq!((keys(bad), &bad["name"]), (vec!["name", "findings"], &json!("mine")));
    let first =
        &bad["findings"].as_array().expect("a list").iter().find(|one| one["code"] == "unknown-key").expect("it");
    assert_eq!(keys(first), ["severity", "code", "message", "at", "line", "column"]);
    assert_eq!((&first["severity"], &first["line"]), (&json!("error"), &json!(4)));
    assert_eq!(answer["topologies"][1]["name"], "azure-full");
}

#[test]
fn a_plan_has_groups_addresses_links_and_findings() {
    let answer = document(&["plan", "azure-isolated-app", "app", "app2", "--json"]);
    assert_eq!(
        keys(&answer),
        ["scope", "groups", "seconds", "addresses", "links", "findings", "steps", "outages", "rto"]
    );
    assert_eq!(answer["scope"], "app app2");
    assert_eq!(keys(&answer["groups"][0]), ["title", "before", "do", "after", "azure"]);
    assert!(answer["seconds"].as_u64().is_some_and(|seconds| seconds > 0));
    let address = json!({"vm": "app2-web-1", "from": "10.2.1.4", "to": "10.2.1.4", "retained": true, "rule": "A.7-4"});
    assert_eq!(answer["addresses"][0], address);
    let links = &answer["links"];
    assert_eq!(keys(links), ["cut", "made", "kept"]);
    let link = |a, b| json!({"kind": "vpn", "between": [a, b]});
    let count = |part: &str| links[part].as_array().map(Vec::len);
    assert_eq!((count("cut"), count("made"), count("kept")), (Some(2), Some(2), Some(1)), "the article's five links");
    assert!(links["cut"].as_array().is_some_and(|cut| cut.contains(&link("source-2", "azure"))));
    assert_eq!(links["kept"], json!([link("source-1", "azure")]));
}

#[test]
fn a_plan_that_is_refused_has_the_same_shape() {
    let answer = document(&["plan", "azure-isolated-app", "vnet", "azure", "--json"]);
    assert_eq!(
        keys(&answer),
        ["scope", "groups", "seconds", "addresses", "links", "findings", "steps", "outages", "rto"]
    );
    assert_eq!((&answer["groups"], &answer["findings"][0]["code"]), (&json!([]), &json!("not-protected")));
    assert_eq!(answer["findings"][0]["severity"], "error");
}

#[test]
fn findings_of_the_world_are_those_of_its_last_state() {
    let codes = |document: &Value| -> Vec<String> {
        let found = document["world"]["findings"].as_array().expect("a list");
        found.iter().map(|finding| finding["code"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let pinned = document(&["run", "azure-full", "set-ip shop-web-2 10.1.1.5", "--json"]);
    assert_eq!(codes(&pinned), Vec::<String>::new(), "the address is pinned now");
    let peered = ["run", "azure-full", "connect recovery azure by peering", "--json"];
    assert_eq!(codes(&document(&peered)), ["shadowed"]);
    let cut = ["run", "azure-full", "connect recovery azure by peering", "disconnect source azure", "--json"];
    assert_eq!(codes(&document(&cut)), Vec::<String>::new());
}

#[test]
fn a_file_that_is_no_text_is_no_topology_and_stands_in_the_document() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("binary.toml");
    std::fs::write(&file, b"title = 1\n\xff\xfe").expect("a file");
    let mut command = Command::cargo_bin("failscope").expect("the program is built");
    let output = command.arg("check").arg(&file).arg("--json").output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("one document");
    let finding = &answer["topologies"][0]["findings"][0];
    assert_eq!((&finding["severity"], &finding["line"]), (&json!("error"), &json!(2)));
}

#[test]
fn a_plan_tells_its_steps_in_time_who_is_cut_off_and_the_recovery_time() {
    let answer = document(&["plan", "azure-full", "region", "east-asia", "--json"]);
    let first = json!({"command": "create-gateway recovery vpn", "group": 1, "start": 0, "seconds": 2700,
        "basis": "documented", "critical": true});
    assert_eq!(answer["steps"][0], first);
    assert_eq!(keys(&answer["outages"][0]), ["from", "to", "lost", "back", "seconds", "losses"]);
    assert_eq!(keys(&answer["outages"][0]["losses"][0]), ["from", "until"]);
    let rto = &answer["rto"];
    let parts = ["detect", "decide", "fail_over", "connect", "work", "routing", "validate"];
    assert_eq!(keys(rto), [&["seconds", "assumed", "target", "met"][..], &parts, &["apps"]].concat());
    assert_eq!(rto["detect"], json!({"seconds": 300, "assumed": true}));
    assert_eq!((&rto["target"], &rto["met"]), (&Value::Null, &Value::Null));
    assert_eq!(keys(&rto["apps"][0]), ["app", "seconds", "target"]);
    let sum: u64 = ["detect", "decide", "work", "routing", "validate"]
        .iter()
        .map(|part| rto[part]["seconds"].as_u64().expect("a number"))
        .sum();
    assert_eq!(rto["seconds"], sum);
}

#[test]
fn compare_tells_each_run_by_its_word() {
    let answer = document(&["compare", "azure-full", "region", "east-asia", "--gateways", "cold,warm", "--json"]);
    assert_eq!(keys(&answer), ["scope", "compares", "runs"]);
    assert_eq!((&answer["scope"], &answer["compares"]), (&json!("region east-asia"), &json!("gateways")));
    let [cold, warm] = answer["runs"].as_array().expect("a list").as_slice() else { panic!("two runs") };
    assert_eq!(keys(cold), ["run", "first", "refused", "plan"]);
    assert_eq!((&cold["run"], &cold["first"], &cold["refused"]), (&json!("cold"), &json!([]), &Value::Null));
    assert_eq!((&warm["run"], &warm["first"]), (&json!("warm"), &json!(["create-gateway recovery vpn"])));
    let outline = ["seconds", "assumed", "rto", "outages", "links", "gateways", "addresses", "findings", "charged"];
    assert_eq!(keys(&cold["plan"]), outline);
    assert_eq!(cold["plan"]["links"]["made"], json!([{"kind": "vpn", "count": 1}]));
    assert_eq!(cold["plan"]["addresses"], json!({"kept": 4, "all": 4}));
    assert_eq!((&cold["plan"]["gateways"], &warm["plan"]["gateways"]), (&json!(1), &json!(0)));
    let nobody = document(&["compare", "azure-full", "app", "replicas", "--json"]);
    assert!(nobody["runs"][0]["plan"].is_null() && nobody["runs"][0]["refused"]["code"].is_string());
}

#[test]
fn a_link_of_the_world_says_whether_it_speaks_bgp_b38() {
    let directory = std::env::temp_dir().join(format!("failscope-bgp-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory");
    let file = directory.join("bgp.toml");
    let vnet = |id: &str, second: u8| {
        format!(
            "[vnet.{id}]\nregion = \"near\"\naddress-space = [\"10.{second}.0.0/16\"]\n\
             gateways = [{{ kind = \"vpn\", asn = {} }}]\n",
            65010 + u32::from(second)
        )
    };
    let text = format!(
        "format = 1\ntitle = \"BGP\"\nregion.near.side = \"source\"\n{}{}{}[link.ab]\nkind = \"vpn\"\n\
         between = [\"a\", \"b\"]\nbgp = true\n[link.bc]\nkind = \"vpn\"\nbetween = [\"b\", \"c\"]\n",
        vnet("a", 1),
        vnet("b", 2),
        vnet("c", 3)
    );
    std::fs::write(&file, text).expect("a file");
    let answer = document(&["run", file.to_str().expect("a path"), "--json"]);
    let links = &answer["world"]["links"];
    assert_eq!(named(links, "ab")["bgp"], json!(true));
    assert_eq!(named(links, "bc").get("bgp"), None, "left out where there is none");
    std::fs::remove_dir_all(directory).expect("it goes");
}

/// What a call without an answer prints, and its exit status.
fn without_answer(words: &[&str]) -> (Value, Option<i32>) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_failscope")).args(words).output().expect("it runs");
    let document = serde_json::from_slice(&output.stdout);
    (document.unwrap_or_else(|error| panic!("{words:?}: not one document: {error}")), output.status.code())
}

#[test]
fn a_file_that_is_no_topology_is_one_document_for_every_question() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("mine.toml");
    std::fs::write(&file, "format = 1\ntitle = \"Bad\"\n\n[regoin.a]\nside = \"source\"\n").expect("a file");
    let file = file.to_string_lossy().into_owned();
    let scope = ["app", "x"];
    for words in [
        vec!["check", &file, "--json"],
        vec!["run", &file, "--json"],
        vec!["reach", &file, "--json"],
        vec!["routes", &file, "--at", "x", "--json"],
        vec!["plan", &file, scope[0], scope[1], "--json"],
        vec!["compare", &file, scope[0], scope[1], "--json"],
    ] {
        let (answer, status) = without_answer(&words);
        assert_eq!(status, Some(1), "{words:?}");
        let topology = &answer["topologies"][0];
        assert_eq!(topology["name"], json!("mine"), "{words:?}");
        let findings = topology["findings"].as_array().expect("findings");
        let wrong_key = findings.iter().find(|finding| finding["code"] == json!("unknown-key")).expect("the key");
        assert_eq!((&wrong_key["line"], &wrong_key["severity"]), (&json!(4), &json!("error")), "{words:?}");
    }
    let (answer, status) = without_answer(&["run", "no-such-thing", "--json"]);
    assert_eq!((status, &answer["topologies"]), (Some(2), &json!([])));
    assert!(answer["errors"][0].as_str().is_some_and(|error| error.contains("no-such-thing")), "{answer}");
}

#[test]
fn a_region_that_does_not_answer_shows_it_d18() {
    let answer = document(&["run", "azure-full", "degrade east-asia", "--json"]);
    let region = json!({"id": "east-asia", "side": "source", "up": true, "degraded": true});
    assert_eq!(answer["world"]["regions"][0], region);
    let findings = answer["world"]["findings"].as_array().expect("findings");
    let finding = findings.iter().find(|finding| finding["code"] == json!("region-degraded")).expect("a finding");
    assert_eq!(finding["mend"], json!(["restore east-asia"]));
}
