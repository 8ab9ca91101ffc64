//! The command line as a script sees it: streams, exit status and words.

use assert_cmd::Command;

/// What one call printed and how it ended.
struct Answer {
    status: i32,
    out: String,
    err: String,
}

fn call(words: &[&str]) -> Answer {
    feed(words, "")
}

fn feed(words: &[&str], input: &str) -> Answer {
    let mut command = Command::cargo_bin("failscope").expect("the program is built");
    let command = command.env_clear().current_dir(env!("CARGO_MANIFEST_DIR")).args(words).write_stdin(input);
    let output = command.output().expect("the program runs");
    Answer {
        status: output.status.code().expect("it ends by itself"),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

/// A result on standard output and nothing else.
fn fine(words: &[&str]) -> String {
    let Answer { status, out, err } = call(words);
    assert_eq!((status, err.as_str()), (0, ""), "{words:?}");
    assert!(!out.is_empty() || words.contains(&"1x1"), "{words:?}");
    assert!(!out.contains('\u{1b}'), "{words:?}: no colour where standard output is no terminal");
    out
}

/// An error on standard error and no result.
fn wrong(words: &[&str]) -> Answer {
    let answer = call(words);
    assert_eq!(answer.out, "", "{words:?}");
    assert!(answer.err.starts_with("error"), "{words:?}: {}", answer.err);
    answer
}

fn file(name: &str, text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, text).expect("a file");
    let path = path.to_string_lossy().into_owned();
    (folder, path)
}

#[test]
fn help_and_version_are_results() {
    let help = fine(&["--help"]);
    for word in [
        "list",
        "check",
        "show",
        "run",
        "plan",
        "compare",
        "reach",
        "routes",
        "learn",
        "lesson",
        "explain",
        "schema",
        "completions",
        "man",
    ] {
        assert!(help.contains(&format!("  {word} ")), "{word} is not in the help");
        fine(&[word, "--help"]);
    }
    assert_eq!(fine(&["--version"]), format!("failscope {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_call_that_is_wrong_ends_with_2() {
    for words in [
        &["--nope"][..],
        &["run"],
        &["check"],
        &["plan", "azure-full"],
        &["plan", "azure-full", "ap", "x"],
        &["plan", "azure-full", "app", "x", "y"],
        &["plan", "azure-full", "region", "east-asia", "--timing", "later"],
        &["compare", "azure-full"],
        &["compare", "azure-full", "region", "east-asia", "--timing", "later"],
        &["compare", "azure-full", "region", "east-asia", "--kind", "expressroute"],
        &["compare", "azure-full", "region", "east-asia", "--kind", "vpn", "--timing", "before"],
        &["reach", "azure-full", "--from", "shop"],
        &["reach", "azure-full", "--from", "shop", "--to", "nobody"],
        &["routes", "azure-full"],
        &["routes", "azure-full", "--at", "nowhere"],
        &["routes", "azure-full", "--at", "source/nowhere"],
        &["show", "azure-full", "--size", "big"],
        &["show", "azure-full", "--color", "sometimes"],
        &["run", "azure-full", "--file", "there-is-no-such-script"],
        &["check", "there-is-no-such-file.toml"],
        &["check", "src"],
        &["explain", "no-such-code-at-all"],
        &["completions", "cobol"],
    ] {
        assert_eq!(wrong(words).status, 2, "{words:?}");
    }
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest() {
    for (words, near) in [
        (&["run", "azure-ful"][..], "azure-full"),
        (&["explain", "overlap-neighbor"], "overlap-neighbour"),
        (&["reach", "azure-isolated-app", "--from", "app1", "--to", "ap2"], "app2"),
        (&["routes", "azure-isolated-app", "--at", "source1"], "source-1"),
        (&["plan", "azure-full", "ap", "x"], "app"),
    ] {
        let answer = wrong(words);
        assert_eq!(answer.status, 2, "{words:?}");
        assert!(answer.err.contains(&format!("`{near}`")), "{words:?}: {}", answer.err);
    }
}

#[test]
fn a_file_that_is_no_topology_ends_with_1_and_shows_the_line() {
    let (_folder, path) = file("bad.toml", "format = 1\ntitle = \"Bad\"\n\n[regoin.a]\nside = \"source\"\n");
    for words in [&["check", &path][..], &["run", &path], &["reach", &path], &["show", &path]] {
        let answer = wrong(words);
        assert_eq!(answer.status, 1, "{words:?}");
        assert!(answer.err.contains("bad.toml:4") && answer.err.contains("[regoin.a]"), "{}", answer.err);
        assert!(answer.err.contains("`region`"), "the nearest word: {}", answer.err);
    }
}

#[test]
fn the_explorer_does_not_start_where_standard_output_is_no_terminal() {
    for words in [&[][..], &["azure-full"]] {
        let answer = wrong(words);
        assert_eq!(answer.status, 2, "{words:?}");
        assert!(answer.err.contains("failscope show"), "{}", answer.err);
    }
}

#[test]
fn every_built_in_topology_is_listed_and_all_but_the_one_with_faults_check_without_an_error() {
    let list = fine(&["list"]);
    let lists: Vec<Vec<&str>> = list
        .split("\n\n")
        .map(|list| list.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect())
        .collect();
    let [names, lessons] = lists.as_slice() else { panic!("two lists\n{list}") };
    let shelf: Vec<_> = failscope::lesson::shelf::SHELF.iter().map(|shelved| shelved.id).collect();
    assert_eq!(*lessons, shelf);
    let known: Vec<_> = failscope::topology::builtin::BUILTINS.iter().map(|builtin| builtin.name).collect();
    assert_eq!(*names, known);
    let mut words = vec!["check"];
    words.extend(names.iter().filter(|name| **name != "check-faults"));
    fine(&words);
    let faults = call(&["check", "check-faults"]);
    assert_eq!(faults.status, 1, "{}", faults.out);
}

#[test]
fn a_refused_command_stands_out_and_does_not_stop_the_others() {
    let answer = call(&["run", "azure-isolated-app", "connect recovery-2 azure", "disconnect source-2 azure"]);
    assert_eq!((answer.status, answer.err.as_str()), (1, ""));
    assert!(answer.out.contains("✗ REFUSED") && answer.out.contains("overlap-neighbour"), "{}", answer.out);
    assert!(answer.out.contains("what would help: `disconnect source-2 azure`"), "{}", answer.out);
    assert!(answer.out.contains("✓ done") && answer.out.contains("connected → absent"), "{}", answer.out);
    assert!(answer.out.contains("(assumed)") && answer.out.contains("NOT MET"), "{}", answer.out);
}

#[test]
fn needs_that_are_not_met_do_not_change_the_exit_status() {
    let out = fine(&["run", "azure-isolated-app", "disconnect source-1 azure"]);
    assert!(out.contains("NOT MET"), "{out}");
}

#[test]
fn an_error_finding_at_the_end_ends_with_1() {
    let words = ["outage east-asia", "fail-over region east-asia", "restore east-asia"];
    let mut all = vec!["run", "azure-isolated-app"];
    all.extend(words);
    let answer = call(&all);
    assert_eq!(answer.status, 1, "D8: source machines and copies both run\n{}", answer.out);
    assert!(answer.out.contains("twin-running"), "{}", answer.out);
}

#[test]
fn a_script_is_run_line_by_line_and_its_errors_name_the_line() {
    let script =
        "# the article's order\n\ndisconnect source-2 azure\n  conect recovery-2 azure\nconnect nowhere azure\n";
    let (_folder, path) = file("steps.txt", script);
    for answer in [
        call(&["run", "azure-isolated-app", "--file", &path]),
        feed(&["run", "azure-isolated-app", "--file", "-"], script),
    ] {
        assert_eq!(answer.status, 1);
        assert!(answer.out.contains(":4: ") && answer.out.contains("did you mean `connect`"), "{}", answer.out);
        assert!(answer.out.contains(":5: ") && answer.out.contains("unknown-id"), "{}", answer.out);
        assert!(answer.out.contains("✓ done  disconnect source-2 azure"), "{}", answer.out);
    }
}

#[test]
fn a_plan_of_the_file_runs_as_its_commands() {
    let by_option = fine(&["run", "azure-isolated-app", "--plan", "app2"]);
    assert_eq!(by_option, fine(&["run", "azure-isolated-app", "run app2"]));
    assert!(by_option.contains("fail-over app app2") && by_option.contains("every step done"), "{by_option}");
    let unknown = call(&["run", "azure-isolated-app", "--plan", "ap2"]);
    assert_eq!(unknown.status, 1);
    assert!(unknown.out.contains("unknown-id") && unknown.out.contains("`app2`"), "{}", unknown.out);
}

#[test]
fn commands_to_prepare_a_question_are_complained_about_on_standard_error() {
    let answer = call(&["routes", "azure-isolated-app", "--at", "azure", "--do", "connect recovery-2 azure", "--json"]);
    assert_eq!(answer.status, 1);
    assert!(answer.err.contains("overlap-neighbour") && answer.err.contains("disconnect source-2 azure"));
    assert!(serde_json::from_str::<serde_json::Value>(&answer.out).is_ok(), "one document all the same");
}

#[test]
fn a_plan_that_traps_a_subnet_ends_with_1_and_is_printed() {
    let answer = call(&["plan", "azure-subnet-trap", "subnet", "source/subnet-1"]);
    assert_eq!((answer.status, answer.err.as_str()), (1, ""));
    assert!(answer.out.contains("✗ error  subnet-trap"), "{}", answer.out);
}

#[test]
fn a_scope_in_which_nothing_can_move_is_refused() {
    let answer = wrong(&["plan", "azure-isolated-app", "vnet", "azure"]);
    assert_eq!(answer.status, 1);
    assert!(answer.err.contains("not-protected"), "{}", answer.err);
}

#[test]
fn colour_is_printed_only_where_it_is_asked_for() {
    let colourful = Command::cargo_bin("failscope")
        .expect("the program is built")
        .env_clear()
        .env("CLICOLOR_FORCE", "1")
        .args(["explain", "overlap"])
        .output()
        .expect("the program runs");
    assert!(String::from_utf8_lossy(&colourful.stdout).contains("\u{1b}["));
    fine(&["explain", "overlap"]);
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    use std::io::Read;
    use std::process::{Command as Process, Stdio};
    let program = assert_cmd::cargo::cargo_bin("failscope");
    let mut child = Process::new(program)
        .arg("schema")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut said).expect("text");
    assert_eq!(said, "");
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn completions_man_page_and_schema_are_printed() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(fine(&["completions", shell]).contains("failscope"), "{shell}");
    }
    assert!(call(&["man"]).out.starts_with(".ie"), "roff");
    let schema: serde_json::Value = serde_json::from_str(&fine(&["schema"])).expect("JSON");
    assert!(schema["properties"]["vnet"].is_object());
}

#[test]
fn one_frame_is_printed_in_any_size_with_every_address_where_there_is_room() {
    for size in ["1x1", "20x5", "80x24", "100x30", "140x45", "200x60"] {
        let frame = fine(&["show", "azure-isolated-app", "--size", size]);
        let (width, height) = size.split_once('x').expect("a size");
        assert_eq!(frame.lines().count(), height.parse::<usize>().expect("rows"), "{size}");
        let columns = width.parse::<usize>().expect("columns");
        assert!(frame.lines().all(|line| line.chars().count() <= columns), "{size}\n{frame}");
        if columns >= 140 {
            for address in ["10.1.1.4", "10.1.2.4", "10.2.1.4", "10.2.2.4", "10.3.4.4", "10.3.4.5"] {
                assert!(frame.contains(address), "{size} {address}\n{frame}");
            }
        }
    }
    assert!(fine(&["show", "azure-full", "--ascii"]).is_ascii());
    assert!(call(&["show", "azure-full", "--color", "always"]).out.contains('\u{1b}'));
}

#[test]
fn show_describes_the_state_in_sentences_for_a_screen_reader_or_a_ticket() {
    let said = fine(&["show", "azure-isolated-app", "--describe", "--do", "disconnect source-2 azure"]);
    for sentence in [
        "- Source VNet 2 - Azure VNet: VPN, cut.",
        "App2 and Replicas are cut off since step 1",
        "Links cut: Source VNet 2",
    ] {
        assert!(said.contains(sentence), "{sentence}\n{said}");
    }
    assert!(!said.contains('\u{1b}'), "plain text, whatever it is written to");
}

#[test]
fn texts_are_as_they_were() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (name, words) in [
            ("list", &["list"][..]),
            ("check", &["check", "azure-full", "azure-isolated-app"]),
            ("plan", &["plan", "azure-full", "region", "east-asia", "--timing", "after"]),
            ("plan-hybrid", &["plan", "hybrid-isolated-app", "app", "app2"]),
            ("compare", &["compare", "azure-full", "region", "east-asia"]),
            ("compare-kinds", &["compare", "azure-isolated-app", "app", "app2", "--kind", "vpn,peering"]),
            ("run", &["run", "azure-isolated-app", "connect recovery-2 azure", "run app2"]),
            (
                "run-re-route",
                &[
                    "run",
                    "hybrid-full",
                    "disconnect source datacenter",
                    "connect recovery datacenter",
                    "fail-over region east-asia",
                ],
            ),
            ("reach", &["reach", "azure-isolated-app", "--do", "disconnect source-1 source-2"]),
            (
                "reach-pair",
                &["reach", "azure-isolated-app", "--do", "fail-over app app2", "--from", "app1", "--to", "app2"],
            ),
            (
                "routes",
                &["routes", "azure-full", "--at", "azure/subnet-4", "--do", "connect recovery azure by peering"],
            ),
            ("explain", &["explain", "region-down"]),
            ("explain-all", &["explain"]),
        ] {
            insta::assert_snapshot!(name, call(words).out);
        }
    });
}

#[test]
fn runs_of_one_failover_stand_side_by_side_in_80_columns() {
    for aspect in [&[][..], &["--timing", "after,before"], &["--kind", "vpn,peering"], &["--gateways", "cold,warm"]] {
        for scope in [["azure-full", "region", "east-asia"], ["azure-isolated-app", "app", "app2"]] {
            let words = [&["compare"][..], &scope, aspect].concat();
            let out = fine(&words);
            for line in out.lines() {
                assert!(line.chars().count() <= 80, "{words:?}: {line}");
            }
        }
    }
    let two = fine(&["compare", "azure-full", "region", "east-asia", "--timing", "after,before,after"]);
    assert!(two.contains("links after") && two.contains("links before") && !two.contains("links during"));
    let answer = wrong(&["compare", "azure-full", "app", "replicas"]);
    assert_eq!(answer.status, 1, "nothing of it can move: {}", answer.err);
}
