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
    // Nobody's own settings are there.
    configured(words, input, env!("CARGO_TARGET_TMPDIR"), &[])
}

/// A call with a configuration folder and further variables of the environment.
fn configured(words: &[&str], input: &str, config: &str, set: &[(&str, &str)]) -> Answer {
    let mut command = Command::cargo_bin("failscope").expect("the program is built");
    let command = command.env_clear().env("XDG_CONFIG_HOME", config).envs(set.iter().copied());
    let command = command.current_dir(env!("CARGO_MANIFEST_DIR")).args(words).write_stdin(input);
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

/// A configuration folder that holds these files.
fn configuration(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join("failscope").join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    folder
}

const MINE: &str =
    "title = \"Mine\"\nink = \"#010203\"\nground = \"#FAFBFC\"\n[styles]\nconnected = { fg = \"#0A0B0C\" }\n";

#[test]
fn a_frame_is_a_picture_or_a_page_in_the_colours_of_the_theme() {
    for (format, begins) in [("svg", "<svg "), ("html", "<!DOCTYPE html>")] {
        let dark = fine(&["show", "azure-isolated-app", "--format", format]);
        assert!(dark.starts_with(begins) && dark.contains("#56B4E9") && dark.contains("#1E1E1E"), "{format}");
        let light = fine(&["show", "azure-isolated-app", "--format", format, "--theme", "light"]);
        assert!(light.contains("#0072B2") && !light.contains("#56B4E9"), "{format}");
        let none = fine(&["show", "azure-isolated-app", "--format", format, "--color", "never"]);
        assert!(!none.contains("#56B4E9") && !none.contains("#0072B2"), "{format}");
    }
    let ansi = call(&["show", "azure-isolated-app", "--format", "ansi"]);
    assert!(ansi.out.contains('\u{1b}'));
    let text = fine(&["show", "azure-isolated-app", "--format", "text"]);
    let plain = anstream::adapter::strip_str(&ansi.out).to_string();
    let trimmed: Vec<&str> = plain.lines().map(str::trim_end).collect();
    assert_eq!(trimmed, text.lines().collect::<Vec<_>>());
}

#[test]
fn a_theme_comes_from_the_call_the_environment_or_the_settings_by_name_or_path() {
    let own = configuration(&[("themes/mine.toml", MINE), ("config.toml", "theme = \"mine\"\n")]);
    let own = own.path().to_string_lossy();
    let show = ["show", "azure-isolated-app", "--format", "svg"];
    assert!(configured(&show, "", &own, &[]).out.contains("#0A0B0C"));
    assert!(configured(&show, "", &own, &[("FAILSCOPE_THEME", "light")]).out.contains("#0072B2"));
    let (_folder, path) = file("other.toml", &MINE.replace("#0A0B0C", "#0D0E0F"));
    let asked = [&show[..], &["--theme", &path]].concat();
    assert!(configured(&asked, "", &own, &[("FAILSCOPE_THEME", "light")]).out.contains("#0D0E0F"));
    let unknown = wrong(&["show", "azure-full", "--theme", "drak"]);
    assert!(unknown.status == 2 && unknown.err.contains("did you mean `dark`?"), "{}", unknown.err);
}

#[test]
fn the_terminal_gets_as_many_colours_as_it_has() {
    let show = ["show", "azure-isolated-app", "--color", "always"];
    let shown = |set: &[(&str, &str)]| configured(&show, "", env!("CARGO_TARGET_TMPDIR"), set).out;
    assert!(shown(&[("COLORTERM", "truecolor")]).contains("38;2;86;180;233"));
    assert!(shown(&[("TERM", "xterm-256color")]).contains("38;5;74m"));
    let few = shown(&[("TERM", "linux")]);
    assert!(few.contains("\u{1b}[96m") && !few.contains("38;"));
}

#[test]
fn own_keys_are_the_keys_of_the_footer_and_of_texts() {
    let own = configuration(&[(
        "keys.toml",
        "[map]\ninspect = [\"i\"]\nfail-over-region = [\"alt-f\"]\nhelp = [\"ctrl-h\"]\n",
    )]);
    let shown = configured(&["show", "azure-isolated-app"], "", &own.path().to_string_lossy(), &[]);
    for part in ["i inspect", "alt-f full failover", "ctrl-h help", "alt-f previews"] {
        assert!(shown.out.contains(part), "{part}\n{}", shown.out);
    }
}

#[test]
fn a_configuration_with_problems_stops_the_call_with_2_and_names_each_place() {
    for (name, text, place, hint) in [
        ("keys.toml", "[map]\ninspekt = [\"i\"]\n", "keys.toml:2:1", "did you mean `inspect`?"),
        ("keys.toml", "[map]\ninspect = [\"x\"]\n", "keys.toml:2:12", "`disconnect`"),
        ("config.toml", "reduced-moton = true\n", "config.toml:1:1", "did you mean `reduced-motion`?"),
        ("config.toml", "ascii = true\ntheme = \"lihgt\"\n", "config.toml:2:9", "did you mean `light`?"),
        ("themes/dark.toml", "title = 3\n", "dark.toml:1:9", "expected a string"),
    ] {
        let own = configuration(&[(name, text)]);
        let answer = configured(&["show", "azure-full"], "", &own.path().to_string_lossy(), &[]);
        assert_eq!((answer.status, answer.out.as_str()), (2, ""), "{name}: {}", answer.err);
        assert!(answer.err.contains(place) && answer.err.contains(hint), "{name}: {}", answer.err);
    }
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
