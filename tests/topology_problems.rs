//! How the problems of a file look to its reader.

use failscope::report::problems::render;
use failscope::topology::load::{OpenError, open, parse};

fn rendered(name: &str, text: &str) -> String {
    render(&parse(name, text).expect_err("the file is broken"), false)
}

#[test]
fn all_problems_of_a_file_are_shown_at_once_with_line_column_and_the_line() {
    let text = include_str!("data/topologies/many-problems.toml");
    insta::assert_snapshot!(rendered("many-problems.toml", text));
}

#[test]
fn a_line_of_megabytes_is_cut_to_what_matters() {
    let text = format!("a = \"{}\" oops\n", "x".repeat(5_000_000));
    let shown = rendered("long.toml", &text);
    assert!(shown.len() < 2_000, "{} bytes", shown.len());
    assert!(shown.contains("long.toml:1:5000008"), "{shown}");
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let shown = rendered("evil.toml", "\"\\u001b[2J\" = 1\n[vnet.\"\\u0007\"]\nregion = \"\u{202e}\"\n");
    assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{shown:?}");
}

#[test]
fn colour_is_there_only_when_asked_for() {
    let error = parse("x", "").expect_err("an empty file is no topology");
    assert!(!render(&error, false).contains('\u{1b}'));
    assert!(render(&error, true).contains('\u{1b}'));
}

#[test]
fn a_file_is_named_by_its_path_in_problems_and_by_its_stem_as_topology() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mine.toml");
    std::fs::write(&path, "").expect("a file");
    match open(&path.to_string_lossy()) {
        Err(OpenError::Invalid(error)) => assert_eq!(error.origin, path.to_string_lossy()),
        other => panic!("{other:?}"),
    }
    let good = include_str!("../topologies/azure-full.toml");
    std::fs::write(&path, format!("\u{feff}{}", good.replace('\n', "\r\n"))).expect("a file");
    assert_eq!(open(&path.to_string_lossy()).expect("a byte order mark and CRLF are fine").name, "mine");
}

#[test]
fn an_id_declared_twice_or_not_spelled_as_ids_are_hides_nothing_else() {
    let text = "format = 1\ntitle = \"t\"\n[region.ea]\nside = \"source\"\n[region.ea]\nside = \"source\"\n\
                [vnet.Ü]\nregion = \"ea\"\n[vnet.a]\nregion = \"eaa\"\naddress-space = [\"10.1.0.0/16\"]\n";
    let error = failscope::topology::load::parse("twice", text).expect_err("it is no topology");
    let found: Vec<(String, usize)> = error
        .problems
        .iter()
        .map(|problem| (problem.finding.code.to_string(), problem.finding.position.map_or(0, |at| at.line)))
        .collect();
    let expected = [("invalid-id", 5), ("invalid-id", 7), ("unknown-id", 10)];
    assert_eq!(found, expected.map(|(code, line)| (code.to_owned(), line)));
}
