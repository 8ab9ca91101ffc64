//! The explorer in a real terminal: it starts, answers a key, follows a resize, and gives the terminal back.
#![cfg(unix)]

use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

const LEAVES: &str = "\x1b[?1049l";

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).expect("at least one cell")
}

/// The program in a terminal of its own.
struct Session {
    terminal: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    written: Vec<u8>,
}

impl Session {
    fn start(arguments: &[&str], color: bool) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_failscope"));
        command.args(arguments);
        command.env("TERM", "xterm-256color");
        // Nobody's own settings are there.
        command.env("XDG_CONFIG_HOME", env!("CARGO_TARGET_TMPDIR"));
        ["FAILSCOPE_THEME", "COLORFGBG", "COLORTERM", "LC_ALL"].into_iter().for_each(|name| command.env_remove(name));
        match color {
            true => command.env_remove("NO_COLOR"),
            false => command.env("NO_COLOR", "1"),
        }
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("its output");
        let keys = pair.master.take_writer().expect("its input");
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut chunk) {
                if sender.send(chunk[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let screen = vt100::Parser::new(cells(24), cells(80), 0);
        Self { terminal: pair.master, child, keys, output, screen, written: Vec::new() }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("it takes keys");
    }

    /// Reads until the screen is as wanted, or ten seconds are over.
    fn until(&mut self, wanted: impl Fn(&vt100::Screen) -> bool) -> bool {
        let end = Instant::now() + Duration::from_secs(10);
        while !wanted(self.screen.screen()) && Instant::now() < end {
            if let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(50)) {
                self.screen.process(&bytes);
                self.written.extend(bytes);
            }
        }
        wanted(self.screen.screen())
    }

    fn shows(&mut self, text: &str) {
        let found = self.until(|screen| screen.contents().contains(text));
        assert!(found, "`{text}` is not on the screen:\n{}", self.screen.screen().contents());
    }

    /// Whether it ended well and left its screen.
    fn ends(&mut self) {
        self.ends_with(0);
    }

    /// Whether it ended with this status and left its screen.
    fn ends_with(&mut self, code: u32) {
        assert!(self.until(|screen| !screen.alternate_screen()), "it stays on its own screen");
        let end = Instant::now() + Duration::from_secs(10);
        while Instant::now() < end {
            if let Some(status) = self.child.try_wait().expect("its status") {
                assert_eq!(status.exit_code(), code);
                assert!(String::from_utf8_lossy(&self.written).contains(LEAVES));
                assert!(!self.screen.screen().hide_cursor(), "the cursor is back");
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        self.child.kill().expect("it can be ended");
        panic!("it does not end");
    }
}

#[test]
fn it_starts_answers_a_key_follows_a_resize_and_quits_with_the_terminal_restored() {
    let mut session = Session::start(&["azure-isolated-app"], true);
    session.shows("Source VNet 1");
    session.press("?");
    session.shows("Keys");
    session.press("\x1b");
    session.shows("Source VNet 1");
    session
        .terminal
        .resize(PtySize { rows: 45, cols: 140, pixel_width: 0, pixel_height: 0 })
        .expect("it can be resized");
    session.screen.screen_mut().set_size(cells(45), cells(140));
    session.shows("Events");
    session.press("q");
    session.ends();
}

#[test]
fn another_theme_is_taken_while_the_screen_is_shown_and_an_unknown_one_is_named() {
    let mut session = Session::start(&["azure-isolated-app"], true);
    session.shows("Source VNet 1");
    session.press(":theme lihgt\r");
    session.shows("did you mean `light`?");
    session.press(":theme light\r");
    session.shows("the theme is light now");
    session.press("q");
    session.ends();
    let written = String::from_utf8_lossy(&session.written).into_owned();
    let [dark, light] = ["38;5;74", "38;5;25"].map(|colour| {
        written.match_indices(colour).any(|(at, _)| written[at + colour.len()..].starts_with([';', 'm']))
    });
    assert!(dark && light, "dark, then light, in 256 colours");
}

#[test]
fn ctrl_c_quits_from_a_text_field() {
    let mut session = Session::start(&["azure-full"], true);
    session.shows("Source VNet");
    session.press(":connect");
    session.shows(":connect");
    session.press("\x03");
    session.ends();
}

#[test]
fn a_request_to_end_restores_the_terminal() {
    let mut session = Session::start(&["azure-full"], true);
    session.shows("Source VNet");
    let id = session.child.process_id().expect("it runs").to_string();
    let sent = std::process::Command::new("kill").args(["-TERM", &id]).status().expect("kill runs");
    assert!(sent.success());
    session.ends_with(128 + 15);
}

#[test]
fn it_ends_when_its_terminal_is_gone() {
    let mut session = Session::start(&["azure-full"], true);
    session.shows("Source VNet");
    let Session { terminal, mut child, keys, output, .. } = session;
    drop((terminal, keys, output));
    let end = Instant::now() + Duration::from_secs(10);
    while child.try_wait().expect("its status").is_none() {
        assert!(Instant::now() < end, "it goes on without a terminal");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn without_colour_the_selection_still_stands_out() {
    let mut session = Session::start(&["azure-full"], false);
    session.shows("Source VNet");
    let reversed = session.until(|screen| {
        let (rows, columns) = (screen.size().0.get(), screen.size().1.get());
        (0..rows).any(|row| (0..columns).any(|column| screen.cell(row, column).is_some_and(vt100::Cell::inverse)))
    });
    assert!(reversed, "something is reversed");
    session.press("q");
    session.ends();
    let written = String::from_utf8_lossy(&session.written).into_owned();
    assert!(!written.contains("\x1b[38;2"), "no colour is written");
}

/// The processor time a process has used, in ticks of the system.
#[cfg(target_os = "linux")]
fn ticks(process: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("the process is there");
    // The name stands in brackets and may hold spaces; the times are the 14th and 15th word of all.
    let after = stat.rsplit(')').next().expect("a name in brackets");
    after.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>().expect("a number")).sum()
}

#[test]
#[cfg(target_os = "linux")]
fn at_idle_it_draws_nothing_and_uses_no_processor_time() {
    let mut session = Session::start(&["azure-isolated-app"], true);
    session.shows("Source VNet 1");
    session.press("\x1b[B");
    // Whatever was under way is over once nothing came for a while.
    while session.output.recv_timeout(Duration::from_millis(500)).is_ok() {}
    let process = session.child.process_id().expect("it runs");
    let before = ticks(process);
    let written = session.output.recv_timeout(Duration::from_secs(2));
    assert!(written.is_err(), "it writes {written:?}");
    assert_eq!(ticks(process), before, "it does not wake up");
    session.press("q");
    session.ends();
}

#[test]
fn a_step_moves_in_stages_unless_the_reader_wants_no_motion_and_ends_in_the_same_picture() {
    let mut pictures = Vec::new();
    for options in [&["azure-isolated-app"][..], &["azure-isolated-app", "--reduced-motion"]] {
        let mut session = Session::start(options, true);
        session.shows("Source VNet 1");
        session.press(":disconnect source-1 azure\r");
        session.shows("VPN✗");
        while let Ok(bytes) = session.output.recv_timeout(Duration::from_millis(900)) {
            session.screen.process(&bytes);
        }
        pictures.push(session.screen.screen().contents());
        session.press("q");
        session.ends();
    }
    assert_eq!(pictures[0], pictures[1]);
}
