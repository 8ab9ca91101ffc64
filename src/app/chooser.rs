//! A list to choose from, narrowed by typing; every list of the explorer is one of these.

use tui_input::{Input, InputRequest};

use super::differing::End;
use super::{Code, Key};
use crate::diagram::Item;
use crate::topology::{Endpoint, LinkIx, Node, RecoveryPoint, Scope};
use crate::world::Operation;

/// What a row of a list stands for: an id, never its place in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// A network.
    Node(Node),
    /// A link.
    Link(LinkIx),
    /// A party that may ask or be asked.
    Endpoint(Endpoint),
    /// What may fail over.
    Scope(Scope),
    /// A recovery point.
    Point(RecoveryPoint),
    /// A revision of the history.
    Revision(usize),
    /// An event, by its number.
    Event(usize),
    /// A plan of the file, by its id.
    Plan(String),
    /// Something on the map.
    Item(Item),
    /// A built-in topology, by its name.
    Builtin(String),
}

/// What choosing a row does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// Compares what can join this network to the chosen one.
    ConnectTo(Node),
    /// Takes a network to connect from.
    ConnectFrom,
    /// Cuts the chosen link.
    Disconnect,
    /// Takes the asking party.
    WhyFrom,
    /// Asks whether this party reaches the chosen one.
    WhyTo(Endpoint),
    /// Goes to the chosen revision.
    Jump,
    /// Marks what differs from the chosen revision in the matrix.
    Since,
    /// Takes the chosen revision as one of the two states of the difference view.
    Differ(End),
    /// Goes to the step an event tells of.
    Event,
    /// Does an operation of the life cycle to the chosen scope, or shows what it would do.
    Operation(Operation),
    /// Tests the failover of this scope in the chosen network.
    TestInto(Scope),
    /// Replicates this scope to the chosen network, or to where Site Recovery would.
    ProtectInto(Scope),
    /// Starts this scope from the chosen recovery point.
    Point(Scope),
    /// Compares runs of the failover of the chosen scope.
    CompareRuns,
    /// Loads the chosen plan.
    Plan,
    /// Opens the chosen topology.
    Open,
}

/// One row.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it stands for.
    pub pick: Pick,
    /// What it is called.
    pub text: String,
    /// What a reader should know to choose.
    pub note: String,
    /// Whether choosing it is sensible; one that is not stays visible with its reason in the note.
    pub fine: bool,
}

impl Row {
    /// A row that may be chosen.
    pub fn new(pick: Pick, text: impl Into<String>, note: impl Into<String>) -> Self {
        Self { pick, text: text.into(), note: note.into(), fine: true }
    }
}

/// A list to choose from.
#[derive(Debug, Clone)]
pub struct Chooser {
    /// Its heading.
    pub title: String,
    /// What choosing does.
    pub purpose: Purpose,
    /// All rows.
    pub rows: Vec<Row>,
    /// What narrows them.
    pub filter: Input,
    /// The marked row.
    pub at: Option<Pick>,
}

impl Chooser {
    /// A list with its first sensible row marked.
    pub fn new(title: impl Into<String>, purpose: Purpose, rows: Vec<Row>) -> Self {
        let at = rows.iter().find(|row| row.fine).or(rows.first()).map(|row| row.pick.clone());
        Self { title: title.into(), purpose, rows, filter: Input::default(), at }
    }

    /// The rows the filter leaves: those that hold every word of it.
    pub fn shown(&self) -> Vec<&Row> {
        let filter = self.filter.value().to_lowercase();
        let holds = |row: &&Row| {
            let text = format!("{} {}", row.text, row.note).to_lowercase();
            filter.split_whitespace().all(|word| text.contains(word))
        };
        self.rows.iter().filter(holds).collect()
    }

    /// The marked row's place among those shown.
    pub fn cursor(&self) -> Option<usize> {
        let shown = self.shown();
        shown.iter().position(|row| Some(&row.pick) == self.at.as_ref())
    }

    /// Marks the row `by` rows further down, stopping at the ends.
    pub fn step(&mut self, by: isize) {
        let shown = self.shown();
        let last = shown.len().saturating_sub(1);
        let from = self.cursor().unwrap_or(0);
        let to = from.saturating_add_signed(by).min(last);
        self.at = shown.get(to).map(|row| row.pick.clone());
    }

    /// Puts a key into the filter; false where it is none for a text field.
    pub fn type_key(&mut self, key: Key) -> bool {
        // Home and End go through the rows; the filter is too short to need them.
        if matches!(key.code, Code::Home | Code::End) {
            return false;
        }
        let typed = edit(&mut self.filter, key);
        if typed && self.cursor().is_none() {
            self.at = self.shown().first().map(|row| row.pick.clone());
        }
        typed
    }
}

/// Puts a key into a text field; false where it is none for a text field.
pub fn edit(input: &mut Input, key: Key) -> bool {
    let request = match (key.code, key.ctrl) {
        (Code::Char('a'), true) | (Code::Home, _) => InputRequest::GoToStart,
        (Code::Char('e'), true) | (Code::End, _) => InputRequest::GoToEnd,
        (Code::Char('w'), true) => InputRequest::DeletePrevWord,
        (Code::Char('u'), true) => InputRequest::DeleteLine,
        (Code::Char('k'), true) => InputRequest::DeleteTillEnd,
        (Code::Backspace, _) => InputRequest::DeletePrevChar,
        (Code::Delete, _) => InputRequest::DeleteNextChar,
        (Code::Left, true) => InputRequest::GoToPrevWord,
        (Code::Right, true) => InputRequest::GoToNextWord,
        (Code::Left, _) => InputRequest::GoToPrevChar,
        (Code::Right, _) => InputRequest::GoToNextChar,
        _ => match key.text() {
            Some(letter) => InputRequest::InsertChar(letter),
            None => return false,
        },
    };
    input.handle(request);
    true
}
