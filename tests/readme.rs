//! Keeps what the README shows of the program as the program is.
//!
//! `UPDATE_README=1 cargo test --test readme` writes the parts the program knows better.

use std::fs;
use std::path::Path;

use failscope::app::action::key_table;
use failscope::topology::load::parse;

/// The README with the part between `<!-- NAME` and `<!-- /NAME -->` replaced.
fn with_part(readme: &str, name: &str, part: &str) -> String {
    let begin = readme.find(&format!("<!-- {name}")).expect("the part begins");
    let begin = begin + readme[begin..].find("-->").expect("the comment ends") + "-->".len();
    let end = readme.find(&format!("<!-- /{name} -->")).expect("the part ends");
    format!("{}\n{}\n{}", &readme[..begin], part.trim_end(), &readme[end..])
}

fn is_current(name: &str, part: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).expect("the README is there");
    let wanted = with_part(&readme, name, part);
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(&path, &wanted).expect("the README can be written");
        return;
    }
    assert!(readme == wanted, "the part `{name}` is old: UPDATE_README=1 cargo test --test readme");
}

#[test]
fn the_keys_are_those_of_the_action_table() {
    is_current("keys", &key_table());
}

#[test]
fn the_topology_file_it_shows_is_one() {
    let readme = include_str!("../README.md");
    let toml = readme.split("```toml").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let topology = parse("my-network", toml).unwrap_or_else(|error| panic!("{:?}", error.problems));
    assert!(topology.findings.iter().all(|finding| finding.severity < failscope::topology::Severity::Warning));
}
