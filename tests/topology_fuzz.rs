//! Whatever a file holds, it is answered, quickly and without a panic.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use failscope::report::problems::render;
use failscope::topology::builtin::BUILTINS;
use failscope::topology::load::parse;
use proptest::prelude::*;

mod common;

fn answered(text: &str) {
    if let Err(error) = parse("fuzz", text) {
        assert!(!error.problems.is_empty(), "a file is refused for a reason");
        let places: Vec<_> = error.problems.iter().map(|problem| problem.finding.position).collect();
        assert!(places.is_sorted(), "problems stand in file order");
        for problem in error.problems.iter().take(5) {
            assert!(text.get(problem.span.clone()).is_some(), "{problem:?}");
        }
        assert!(!render(&error, false).is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text_never_panics(text in "\\PC*") {
        answered(&text);
    }

    #[test]
    fn words_of_the_format_in_any_order_never_panic(
        words in prop::collection::vec(prop::sample::select(vec![
            "[vnet.a]", "[vnet.b]", "[vnet.a.subnets]", "[vm.a]", "[[needs]]", "[link.a]", "[site.b]", "[[plan.a.group]]",
            "[region.r]", "side = 'source'", "region = 'r'", "address-space = ['10.0.0.0/8']", "recovers = 'a'",
            "recovers = 'b'", "s = '10.0.0.0/29'", "subnet = 'a/s'", "count = 9", "ip = 'dynamic'", "kind = 'vpn'",
            "between = ['a', 'b']", "gateways = ['vpn']", "prefixes = ['0.0.0.0/0']", "do = ['run a']", "from = 'a'",
            "to = 'a'", "format = 1", "title = ''", "= =", "[", "vnet = 5", "vnet.a = 1", "vnet.a.b.c = {}", "'''", "\u{feff}",
        ]), 0..40)
    ) {
        answered(&words.join("\n"));
    }

    #[test]
    fn a_built_in_file_with_pieces_cut_out_and_put_in_never_panics(
        which in 0..BUILTINS.len(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0..40_usize, "[\\[\\]{}='\"0-9a-z./\n,ü-]{0,6}"), 1..6)
    ) {
        let mut text: Vec<char> = BUILTINS[which].text.chars().collect();
        for (at, length, put) in cuts {
            let start = at.index(text.len());
            let end = (start + length).min(text.len());
            text.splice(start..end, put.chars());
        }
        answered(&text.iter().collect::<String>());
    }
}

fn within(limit: Duration, what: &str, text: &str) {
    let start = Instant::now();
    answered(text);
    assert!(start.elapsed() < limit, "{what}: {:?}", start.elapsed());
}

/// Some of each; the answer's time must not grow with the square of the size. Measured without
/// optimisation, so the limit is generous.
#[test]
fn garbage_of_any_kind_is_answered_quickly() {
    let size = 400_000;
    let repeated = |piece: &str| piece.repeat(size / piece.len());
    for piece in
        ["=", "[", "a", "\"", "'''", "a=1\n", "a = = 1\n", "[[a]]\n", "{", "a.", "ü", "\n", "#", "a=[", "[a.b]\nc=1\n"]
    {
        within(Duration::from_secs(20), piece, &repeated(piece));
    }
    let mut keys = String::new();
    for at in 0..20_000 {
        writeln!(keys, "k{at} = 1").expect("text grows");
    }
    within(Duration::from_secs(20), "unknown keys", &keys);
}

#[test]
fn a_chain_of_a_thousand_failover_networks_is_followed() {
    let mut text = "format = 1\ntitle = 'x'\n[region.a]\nside = 'source'\n[region.b]\nside = 'recovery'\n".to_owned();
    text += "[vnet.n0]\nregion = 'a'\naddress-space = ['10.0.0.0/16']\nsubnets = { s = '10.0.0.0/24' }\n";
    for at in 1..1_000 {
        let region = if at % 2 == 0 { 'a' } else { 'b' };
        writeln!(text, "[vnet.n{at}]\nregion = '{region}'\nrecovers = 'n{}'", at - 1).expect("text grows");
    }
    assert_eq!(parse("chain", &text).expect("each has one failover network").subnets.len(), 1_000);
}

#[test]
fn a_large_network_loads() {
    let topology =
        parse("large", &common::large(100, 10, 100)).unwrap_or_else(|error| panic!("{:?}", &error.problems[..3]));
    assert_eq!((topology.vnets.len(), topology.vms.len()), (201, 100_000));
}

/// The figure the loader must reach, in release builds: `cargo test --release --test topology_fuzz -- --ignored`.
#[test]
#[ignore = "a measurement for release builds"]
fn a_thousand_vnets_with_a_hundred_thousand_vms_load_within_a_second() {
    let text = common::large(1_000, 10, 10);
    let start = Instant::now();
    let topology = parse("large", &text).unwrap_or_else(|error| panic!("{:?}", &error.problems[..3]));
    let took = start.elapsed();
    assert_eq!(topology.vms.len(), 100_000);
    println!("{} MB, {took:?}", text.len() / 1_000_000);
    assert!(took < Duration::from_secs(1), "{took:?}");
}
