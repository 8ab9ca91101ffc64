//! Everything a reader can do, in one table: footer, help, palette, documentation and tests read it.

use strum::{EnumIter, IntoStaticStr};

use super::{Code, Key};

/// Where a key has its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter)]
pub enum Context {
    /// Everywhere.
    Everywhere,
    /// On the scenario picker.
    Picker,
    /// On the map.
    Map,
    /// In a list to choose from.
    List,
    /// On a sheet that is read and scrolled.
    Sheet,
    /// On the preview sheet.
    Preview,
    /// On the sheet that compares links.
    Compare,
    /// On the sheet that compares runs of a failover.
    Runs,
    /// On the address sheet.
    Addresses,
    /// On the matrix.
    Matrix,
    /// On the explanation.
    Why,
    /// On the findings panel.
    Findings,
    /// When asked to confirm.
    Confirm,
}

/// Under which heading the help lists an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, strum::Display)]
pub enum Group {
    /// Moving about.
    Move,
    /// Failing over and playing it.
    Failover,
    /// Changing networks.
    Change,
    /// Asking questions.
    Look,
    /// Inside sheets and lists.
    Sheets,
    /// The program itself.
    Program,
}

/// Something a reader can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Action {
    /// Move left.
    Left,
    /// Move or scroll down.
    Down,
    /// Move or scroll up.
    Up,
    /// Move right.
    Right,
    /// Go to the next region.
    NextRegion,
    /// Go to the region before.
    PreviousRegion,
    /// Everything about the selected thing.
    Inspect,
    /// Show more detail.
    ZoomIn,
    /// Show less detail.
    ZoomOut,
    /// Preview the failover of the selected region, else of the first source region.
    FailOverRegion,
    /// Preview the failover of the selected app, VNet, subnet or VM.
    FailOver,
    /// Start test copies in a network to choose.
    TestFailOver,
    /// Delete test copies.
    CleanUp,
    /// Accept a failover or failback.
    Commit,
    /// Start failed-over machines from another recovery point.
    ChangePoint,
    /// Replicate the other way.
    ReProtect,
    /// Preview the failback of the selected app, VNet, subnet or VM.
    FailBack,
    /// Start replication.
    Protect,
    /// Stop replication.
    Unprotect,
    /// Compare runs of a failover: links before, during or after, VPN or peering, cold or warm gateways.
    CompareRuns,
    /// Run the next step of the plan.
    Next,
    /// Go back one step.
    Previous,
    /// Play the plan step by step, or pause it.
    Play,
    /// Undo the last step.
    Undo,
    /// Redo what was undone.
    Redo,
    /// Jump to any step.
    Jump,
    /// Choose a plan written in the file.
    Plans,
    /// Type a command or the name of an action.
    Command,
    /// The address every VM will get, and by which rule.
    Addresses,
    /// Compare what can join the selected network to another, and join them.
    Connect,
    /// Cut a link of the selected network.
    Disconnect,
    /// Take the selected region down, or bring it back.
    Outage,
    /// Put the command that would help into the prompt.
    Mend,
    /// Why can two parties talk, or why not: pick two ends.
    Why,
    /// Who can reach whom, as a matrix.
    Matrix,
    /// The plan over time, and who is cut off.
    Timeline,
    /// What would go wrong at a failover, and what mends it.
    Findings,
    /// Check again what would go wrong.
    Recheck,
    /// Mark what differs from the start instead of from the last step.
    Difference,
    /// Find something by name or address.
    Search,
    /// Do it, or take the marked row.
    Choose,
    /// One page up.
    PageUp,
    /// One page down.
    PageDown,
    /// To the top.
    Top,
    /// To the bottom.
    Bottom,
    /// Run the whole plan at once.
    RunAll,
    /// Make the links before the machines move.
    Before,
    /// Make the links while the machines move.
    During,
    /// Make the links after the machines moved.
    After,
    /// The next thing to compare.
    NextComparison,
    /// The thing compared before.
    PreviousComparison,
    /// Verify all target addresses against what is free now.
    Verify,
    /// Ask the other way round.
    Swap,
    /// Open a topology file by its path.
    Open,
    /// All keys.
    Help,
    /// Give the mouse to the terminal, or take it back.
    Mouse,
    /// Close what is open, clear the message or the search.
    Back,
    /// Close what is open, else go back to the picker or quit.
    Quit,
    /// Suspend; `fg` comes back.
    Suspend,
    /// Draw the screen anew.
    Redraw,
    /// Quit at once, from anywhere.
    QuitNow,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The action.
    pub action: Action,
    /// What it does, for the reader.
    pub does: &'static str,
    /// One or two words for the footer; empty where it never stands there.
    pub hint: &'static str,
    /// Its keys, the first shown in the footer.
    pub keys: &'static [&'static str],
    /// Where the keys have this meaning.
    pub contexts: &'static [Context],
    /// Its heading.
    pub group: Group,
}

impl Entry {
    /// Its name in the palette.
    pub fn name(&self) -> &'static str {
        self.action.into()
    }
}

const fn entry(
    action: Action,
    group: Group,
    contexts: &'static [Context],
    keys: &'static [&'static str],
    hint: &'static str,
    does: &'static str,
) -> Entry {
    Entry { action, does, hint, keys, contexts, group }
}

use Context::{
    Addresses, Compare, Confirm, Everywhere, Findings, List, Map, Matrix, Picker, Preview, Runs, Sheet, Why,
};

const MOVING: &[Context] = &[Map, Matrix, Compare, Preview, Runs];
const SCROLLING: &[Context] = &[Picker, Map, List, Sheet, Preview, Compare, Runs, Addresses, Matrix, Why, Findings];
const PAGING: &[Context] = &[Picker, List, Sheet, Preview, Compare, Runs, Addresses, Matrix, Why, Findings];

/// Every action; the order is that of the help, and within it that of the footer.
pub const ACTIONS: &[Entry] = &[
    entry(
        Action::FailOverRegion,
        Group::Failover,
        &[Map],
        &["F"],
        "full failover",
        "preview the failover of the selected region, else of the first source region",
    ),
    entry(
        Action::FailOver,
        Group::Failover,
        &[Map],
        &["f"],
        "fail over",
        "preview the failover of the selected app, VNet, subnet or VM",
    ),
    entry(Action::TestFailOver, Group::Failover, &[Map], &["T"], "", "start test copies in a network to choose"),
    entry(Action::CleanUp, Group::Failover, &[Map], &["D"], "clean up", "delete test copies"),
    entry(Action::Commit, Group::Failover, &[Map], &["K"], "commit", "commit a failover or failback"),
    entry(
        Action::ChangePoint,
        Group::Failover,
        &[Map],
        &["V"],
        "",
        "start failed-over machines from another recovery point",
    ),
    entry(Action::ReProtect, Group::Failover, &[Map], &["R"], "re-protect", "re-protect: replicate the other way"),
    entry(
        Action::FailBack,
        Group::Failover,
        &[Map],
        &["b"],
        "fail back",
        "preview the failback of the selected region, app, VNet, subnet or VM",
    ),
    entry(Action::Protect, Group::Failover, &[Map], &["P"], "", "protect: start replication"),
    entry(Action::Unprotect, Group::Failover, &[Map], &["U"], "", "unprotect: stop replication"),
    entry(Action::Next, Group::Failover, &[Map], &["n"], "next", "run the next step of the plan"),
    entry(Action::Previous, Group::Failover, &[Map], &["p"], "previous", "go back one step"),
    entry(Action::Play, Group::Failover, &[Map], &["space"], "play", "play the plan step by step, or pause it"),
    entry(Action::Plans, Group::Failover, &[Map], &["r"], "", "choose a plan written in the file"),
    entry(Action::Inspect, Group::Look, &[Map], &["enter"], "inspect", "everything about the selected thing"),
    entry(Action::Why, Group::Look, &[Map], &["w"], "why", "why can two parties talk, or why not: pick two ends"),
    entry(Action::Matrix, Group::Look, &[Map], &["m"], "matrix", "who can reach whom, as a matrix"),
    entry(
        Action::Findings,
        Group::Look,
        &[Map],
        &["!"],
        "ready?",
        "what would go wrong at a failover, and what mends it",
    ),
    entry(Action::Timeline, Group::Look, &[Map], &["t"], "timeline", "the plan over time, and who is cut off"),
    entry(
        Action::Difference,
        Group::Look,
        &[Map],
        &["d"],
        "",
        "mark what differs from the start instead of from the last step",
    ),
    entry(Action::Search, Group::Look, &[Map], &["/"], "search", "find something by name or address"),
    entry(Action::Command, Group::Change, &[Map], &[":"], "command", "type a command or the name of an action"),
    entry(
        Action::Connect,
        Group::Change,
        &[Map],
        &["c"],
        "connect",
        "compare what can join the selected network to another, and join them",
    ),
    entry(Action::Disconnect, Group::Change, &[Map], &["x"], "disconnect", "cut a link of the selected network"),
    entry(
        Action::Addresses,
        Group::Change,
        &[Map],
        &["a"],
        "addresses",
        "the address every VM will get, and by which rule",
    ),
    entry(Action::Outage, Group::Change, &[Map], &["o"], "", "take the selected region down, or bring it back"),
    entry(
        Action::Mend,
        Group::Change,
        &[Map, Findings],
        &["e"],
        "mend",
        "put the command that would help into the prompt",
    ),
    entry(Action::Undo, Group::Change, &[Map], &["u"], "undo", "undo the last step"),
    entry(Action::Redo, Group::Change, &[Map], &["ctrl-r"], "", "redo what was undone"),
    entry(Action::Jump, Group::Change, &[Map], &["g"], "", "jump to any step"),
    entry(Action::Left, Group::Move, MOVING, &["left", "h"], "", "move left"),
    entry(Action::Down, Group::Move, SCROLLING, &["down", "j"], "", "move or scroll down"),
    entry(Action::Up, Group::Move, SCROLLING, &["up", "k"], "", "move or scroll up"),
    entry(Action::Right, Group::Move, MOVING, &["right", "l"], "", "move right"),
    entry(Action::NextRegion, Group::Move, &[Map], &["tab"], "region", "go to the next region"),
    entry(Action::PreviousRegion, Group::Move, &[Map], &["shift-tab"], "", "go to the region before"),
    entry(Action::ZoomIn, Group::Move, &[Map], &["z"], "", "show more detail"),
    entry(Action::ZoomOut, Group::Move, &[Map], &["Z"], "", "show less detail"),
    entry(Action::RunAll, Group::Sheets, &[Preview], &["r"], "run all", "run the whole plan at once"),
    entry(Action::Before, Group::Sheets, &[Preview], &["b"], "before", "make the links before the machines move"),
    entry(Action::During, Group::Sheets, &[Preview], &["d"], "during", "make the links while the machines move"),
    entry(Action::After, Group::Sheets, &[Preview], &["a"], "after", "make the links after the machines moved"),
    entry(
        Action::CompareRuns,
        Group::Failover,
        &[Map, Preview],
        &["="],
        "compare",
        "compare runs of a failover: links before, during or after; VPN or peering; cold or warm gateways",
    ),
    entry(Action::NextComparison, Group::Sheets, &[Runs], &["tab"], "other", "compare by something else"),
    entry(Action::PreviousComparison, Group::Sheets, &[Runs], &["shift-tab"], "", "compare by what was there before"),
    entry(
        Action::Verify,
        Group::Sheets,
        &[Addresses],
        &["v"],
        "verify",
        "verify all target addresses against what is free now",
    ),
    entry(Action::Recheck, Group::Sheets, &[Findings], &["r"], "check again", "check again what would go wrong"),
    entry(Action::Swap, Group::Sheets, &[Why], &["s"], "swap", "ask the other way round"),
    entry(
        Action::Choose,
        Group::Sheets,
        &[Picker, List, Preview, Compare, Runs, Addresses, Matrix, Why, Findings, Confirm],
        &["enter"],
        "choose",
        "do it, or take the marked row",
    ),
    entry(Action::PageUp, Group::Sheets, PAGING, &["page-up", "ctrl-b"], "", "one page up"),
    entry(Action::PageDown, Group::Sheets, PAGING, &["page-down", "ctrl-f"], "", "one page down"),
    entry(Action::Top, Group::Sheets, PAGING, &["home"], "", "to the top"),
    entry(Action::Bottom, Group::Sheets, PAGING, &["end"], "", "to the bottom"),
    entry(Action::Open, Group::Program, &[Picker], &["o", ":"], "open a file", "open a topology file by its path"),
    entry(
        Action::Help,
        Group::Program,
        &[Picker, Map, Sheet, Preview, Compare, Runs, Addresses, Matrix, Why, Findings],
        &["?"],
        "help",
        "all keys",
    ),
    entry(Action::Mouse, Group::Program, &[Picker, Map], &["M"], "", "give the mouse to the terminal, or take it back"),
    entry(
        Action::Back,
        Group::Program,
        &[Picker, Map, List, Sheet, Preview, Compare, Runs, Addresses, Matrix, Why, Findings, Confirm],
        &["esc"],
        "back",
        "close what is open, clear the message or the search",
    ),
    entry(
        Action::Quit,
        Group::Program,
        &[Picker, Map, Sheet, Preview, Compare, Runs, Addresses, Matrix, Why, Findings, Confirm],
        &["q"],
        "quit",
        "close what is open, else go back to the picker or quit",
    ),
    entry(Action::Redraw, Group::Program, &[Everywhere], &["ctrl-l"], "", "draw the screen anew"),
    entry(Action::Suspend, Group::Program, &[Everywhere], &["ctrl-z"], "", "suspend; `fg` comes back"),
    entry(Action::QuitNow, Group::Program, &[Everywhere], &["ctrl-c"], "", "quit at once, from anywhere"),
];

/// The row of an action.
pub fn entry_of(action: Action) -> Option<&'static Entry> {
    ACTIONS.iter().find(|entry| entry.action == action)
}

/// The action a key means in a context.
pub fn meaning(context: Context, key: Key) -> Option<Action> {
    let written = key.to_string();
    let here = |entry: &&Entry| entry.contexts.iter().any(|at| *at == context || *at == Everywhere);
    ACTIONS.iter().filter(here).find(|entry| entry.keys.contains(&written.as_str())).map(|entry| entry.action)
}

/// Whether a key moves or scrolls, so that holding it down may repeat it.
pub fn repeats(key: Key) -> bool {
    matches!(
        key.code,
        Code::Up
            | Code::Down
            | Code::Left
            | Code::Right
            | Code::PageUp
            | Code::PageDown
            | Code::Backspace
            | Code::Delete
    ) || (!key.ctrl && matches!(key.code, Code::Char('h' | 'j' | 'k' | 'l')))
}

/// The keys as a Markdown table, for the README.
pub fn key_table() -> String {
    let mut table = String::from("| key | does |\n|---|---|\n");
    for entry in ACTIONS {
        let keys: Vec<String> = entry.keys.iter().map(|key| format!("`{key}`")).collect();
        table.push_str(&format!("| {} | {} |\n", keys.join(" "), entry.does));
    }
    table
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_action_has_exactly_one_row_with_keys_and_a_text() {
        for action in Action::iter() {
            let rows: Vec<_> = ACTIONS.iter().filter(|entry| entry.action == action).collect();
            assert_eq!(rows.len(), 1, "{action:?}");
            assert!(!rows[0].keys.is_empty() && !rows[0].does.is_empty() && !rows[0].contexts.is_empty(), "{action:?}");
        }
    }

    #[test]
    fn no_key_means_two_things_in_one_place() {
        for context in Context::iter() {
            let mut seen = std::collections::HashMap::new();
            let here = |entry: &&Entry| entry.contexts.contains(&context) || entry.contexts.contains(&Everywhere);
            for entry in ACTIONS.iter().filter(here) {
                for key in entry.keys {
                    let parsed: Key = key.parse().unwrap();
                    assert_eq!(parsed.to_string(), *key);
                    assert_eq!(seen.insert(*key, entry.action), None, "{key} in {context:?}");
                }
            }
        }
    }

    #[test]
    fn every_action_can_be_reached_by_its_first_key() {
        for entry in ACTIONS {
            for context in entry.contexts {
                assert_eq!(meaning(*context, entry.keys[0].parse().unwrap()), Some(entry.action), "{context:?}");
            }
        }
    }
}
