//! Everything a reader can do, in one table: footer, help, palette, documentation and tests read it.

use strum::{EnumIter, IntoStaticStr};

mod keymap;
mod table;

pub use keymap::{Keymap, schema};
pub use table::ACTIONS;

use super::{Code, Key};

/// Where a key has its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
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
    /// On the difference view.
    Differences,
    /// On the plan over time.
    Timeline,
    /// In the list of lessons.
    Lessons,
    /// When asked to confirm.
    Confirm,
}

impl Context {
    /// Its name in keymaps.
    pub fn name(self) -> &'static str {
        self.into()
    }
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
    /// Lessons.
    Learn,
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
    /// Show only what the search found, or everything again.
    OnlyFound,
    /// Go to the next network with trouble, the worst first.
    NextTrouble,
    /// Lay the map out anew.
    LayOut,
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
    /// One level out of the matrix.
    Out,
    /// Orders the matrix anew.
    Order,
    /// The plan over time, and who is cut off.
    Timeline,
    /// What would go wrong at a failover, and what mends it.
    Findings,
    /// Check again what would go wrong.
    Recheck,
    /// Mark what differs from the start instead of from the last step.
    Difference,
    /// Everything that differs between two states.
    Differences,
    /// Choose the state to compare with.
    ChooseFrom,
    /// Choose the state to look at.
    ChooseTo,
    /// Every command done or refused.
    Events,
    /// The state in sentences, for a screen reader or a ticket.
    Describe,
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
    /// The words of an explanation alone, or the way on the map.
    Words,
    /// Open a topology file by its path.
    Open,
    /// The lessons.
    Lessons,
    /// Go on in the lesson: read on, or to the question.
    GoOn,
    /// Go back to what the lesson said before.
    GoBack,
    /// The next hint.
    Hint,
    /// Why the goals of the step are not reached; after the end, the debrief.
    Missing,
    /// Choose an answer by its number.
    Choice,
    /// Type an answer.
    Answer,
    /// Draw the goals on the map, or hide them.
    Goals,
    /// Show the solution, deed by deed.
    ShowMe,
    /// Give the panel of the lesson more room, or less.
    PanelRoom,
    /// Guided or as a challenge.
    ChangeMode,
    /// Begin the lesson again.
    BeginAgain,
    /// Take the marked lesson as a challenge.
    TakeChallenge,
    /// Take the last lesson of the track as a challenge, to skip the track.
    TestMe,
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
            let here =
                |entry: &&Entry| entry.contexts.contains(&context) || entry.contexts.contains(&Context::Everywhere);
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
        let keymap = Keymap::default();
        for entry in ACTIONS {
            for context in entry.contexts {
                assert_eq!(keymap.meaning(*context, entry.keys[0].parse().unwrap()), Some(entry.action), "{context:?}");
            }
        }
    }
}
