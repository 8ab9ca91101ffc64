//! Keeps `docs/rules.md` whole: every rule once, every link alive, and every linked file names its rule.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The numbered rules of the reference: what their names begin with, and how many there are.
const NUMBERED: [(&str, u32); 14] = [
    ("A", 40),
    ("A.7-", 23),
    ("B", 59),
    ("C", 17),
    ("D", 18),
    ("E", 13),
    ("F", 23),
    ("G.1-", 17),
    ("G.2-", 12),
    ("G.3-", 11),
    ("G.4-", 5),
    ("G.6-", 15),
    ("INV-", 11),
    ("H", 24),
];

/// Sections that are a rule as a whole.
const SECTIONS: [&str; 13] = ["B.7", "C.2", "C.3", "D.2", "G.5", "I-0", "I-1", "I-2", "I-3", "I-4", "I-5", "J", "K"];

struct Row {
    rule: String,
    sure: String,
    says: String,
    code: String,
    proof: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rows() -> Vec<Row> {
    let text = std::fs::read_to_string(root().join("docs/rules.md")).expect("docs/rules.md is there");
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [rule, sure, says, code, proof] = cells.as_slice() else { panic!("five cells: {line}") };
        let [rule, sure, says, code, proof] = [rule, sure, says, code, proof].map(|cell| (*cell).to_owned());
        Row { rule, sure, says, code, proof }
    };
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| rule "));
    rows.map(row).collect()
}

fn known() -> Vec<String> {
    let numbered = NUMBERED.iter().flat_map(|(name, last)| (1..=*last).map(move |number| format!("{name}{number}")));
    numbered.chain(SECTIONS.iter().map(|section| (*section).to_owned())).collect()
}

/// The files a cell links to.
fn links(cell: &str) -> Vec<PathBuf> {
    let targets = cell.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.map(|target| root().join("docs").join(target)).collect()
}

/// The rules a cell leaves the answer to: `see B7, B13`.
fn referred(cell: &str) -> Vec<String> {
    let list = cell.strip_prefix("see ").map(|list| list.split(", ").map(str::to_owned).collect());
    list.unwrap_or_default()
}

/// A rule named in a text, as its family and number; `A.7-12` is (`A.7-`, 12), `B58.4` is (`B`, 58).
fn rule(word: &str) -> Option<(&'static str, u32)> {
    let word = word.to_ascii_uppercase();
    let mut families: Vec<&'static str> = NUMBERED.iter().map(|(family, _)| *family).collect();
    families.sort_by_key(|family| std::cmp::Reverse(family.len()));
    families.into_iter().find_map(|family| {
        let digits = word.strip_prefix(family)?.split('.').next()?;
        let plain = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        plain.then(|| Some((family, digits.parse().ok()?))).flatten()
    })
}

/// Whether a text names a rule: by itself, or inside a range such as `B5 to B13`, `A1-A27` or `rows 1 to 12 of table A.7`.
fn names(text: &str, wanted: &str) -> bool {
    let text = match wanted {
        "J" => return text.contains("section J"),
        _ => text.replace(['_', '–'], " "),
    };
    let letters = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-');
    let words: Vec<&str> = text.split(|letter| !letters(letter)).map(|word| word.trim_matches(['.', '-'])).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    if SECTIONS.contains(&wanted) {
        return words.contains(&wanted);
    }
    let Some((family, number)) = rule(wanted) else { return false };
    let within = |from: Option<(&str, u32)>, to: Option<(&str, u32)>| matches!((from, to), (Some((a, from)), Some((b, to))) if a == b && a == family && (from..=to).contains(&number));
    let row = |word: &str| word.parse().ok().map(|row| ("A.7-", row));
    words.iter().enumerate().any(|(at, word)| {
        let next = |by: usize| words.get(at + by).copied().unwrap_or_default();
        let both = word.split_once('-').is_some_and(|(from, to)| within(rule(from), rule(to)));
        let range = next(1) == "to" && within(rule(word), rule(next(2)));
        let table = matches!(*word, "row" | "rows")
            && match next(2) {
                "to" => next(6) == "A.7" && within(row(next(1)), row(next(3))),
                _ => next(4) == "A.7" && row(next(1)) == Some((family, number)),
            };
        rule(word) == Some((family, number)) || both || range || table
    })
}

/// What is wrong with the links of a cell.
fn wrong_links(row: &Row, cell: &str, proof: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for path in links(cell) {
        let shown = path.strip_prefix(root().join("docs")).unwrap_or(&path).display().to_string();
        let Ok(text) = std::fs::read_to_string(&path) else {
            wrong.push(format!("{}: there is no {shown}", row.rule));
            continue;
        };
        let in_source = shown.starts_with("../src/");
        let own_tests = text.find("#[cfg(test)]\nmod tests {");
        let part = match (in_source, proof, own_tests) {
            (true, true, Some(at)) => &text[at..],
            (true, true, None) if shown.ends_with("tests.rs") => &text,
            (true, true, None) => "",
            (true, false, Some(at)) => &text[..at],
            _ => &text,
        };
        if !names(part, &row.rule) {
            wrong.push(format!("{}: {shown} does not name it", row.rule));
        }
        if !proof && !in_source {
            wrong.push(format!("{}: {shown} is no source", row.rule));
        }
    }
    wrong
}

#[test]
fn every_rule_stands_in_the_table_exactly_once_and_in_order() {
    let listed: Vec<String> = rows().into_iter().map(|row| row.rule).collect();
    let (known, unique) = (known(), listed.iter().collect::<BTreeSet<_>>());
    assert_eq!(unique.len(), listed.len(), "a rule is listed twice");
    let missing: Vec<_> = known.iter().filter(|rule| !unique.contains(rule)).collect();
    let strange: Vec<_> = listed.iter().filter(|rule| !known.contains(rule)).collect();
    assert!(missing.is_empty() && strange.is_empty(), "missing {missing:?}, not of the reference {strange:?}");
}

#[test]
fn every_rule_says_how_sure_it_is_and_what_it_says() {
    for row in rows() {
        assert!(["D", "C", "I", "K"].contains(&row.sure.as_str()), "{}: {}", row.rule, row.sure);
        assert!(row.says.chars().count() > 12, "{}: {}", row.rule, row.says);
    }
}

#[test]
fn every_rule_has_code_and_a_proof_or_a_reason_to_be_out_of_scope() {
    let rows = rows();
    let by_rule: BTreeMap<&str, &Row> = rows.iter().map(|row| (row.rule.as_str(), row)).collect();
    let mut wrong = String::new();
    for row in &rows {
        if let Some(reason) = row.code.strip_prefix("out of scope: ") {
            if reason.chars().count() < 20 || row.proof != "–" {
                let _ = writeln!(wrong, "{}: out of scope needs a reason, and `–` for its proof", row.rule);
            }
            continue;
        }
        for (what, cell) in [("code", &row.code), ("proof", &row.proof)] {
            let referred = referred(cell);
            if links(cell).is_empty() && referred.is_empty() {
                let _ = writeln!(wrong, "{}: no {what}", row.rule);
            }
            for other in referred {
                let fine = by_rule.get(other.as_str()).is_some_and(|other| !links(&other.code).is_empty());
                if !fine {
                    let _ = writeln!(wrong, "{}: its {what} refers to {other}, which has none", row.rule);
                }
            }
        }
        for problem in wrong_links(row, &row.code, false).into_iter().chain(wrong_links(row, &row.proof, true)) {
            let _ = writeln!(wrong, "{problem}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn a_rule_is_named_by_itself_or_in_a_range() {
    assert!(names("which links (B5 to B13, B47)", "B9") && names("(B28, B35)", "B35") && names("(A13-A29)", "A20"));
    assert!(names("rows 1 to 12 of table A.7", "A.7-7") && names("A.7-12", "A.7-12") && names("B58.4, D18", "B58"));
    assert!(
        names("fn twins_are_never_joined_b5()", "B5") && names("(C.3)", "C.3") && names("INV-1, modelled", "INV-1")
    );
    assert!(!names("B12 and B5", "B1") && !names("A7", "A.7-7") && !names("row 3 of table A.7", "A.7-4"));
    assert!(names("row 3 of table A.7", "A.7-3") && !names("C1", "G.1-1") && names("G.1-1", "G.1-1"));
}
