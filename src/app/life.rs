//! The operations of the life cycle as the explorer offers them: choose what, then where to or from which point.

use strum::IntoEnumIterator;

use super::chooser::{Chooser, Pick, Purpose, Row};
use super::overlay::Overlay;
use super::{Action, App, Session, Tone, naming, scope_title};
use crate::diagram::Item;
use crate::topology::{AppIx, Command, Node, RecoveryPoint, RegionIx, Scope, VmIx, VnetIx};
use crate::world::{Operation, Phase, World, apply};

/// The operation an action offers.
pub(super) fn operation(action: Action) -> Option<Operation> {
    Some(match action {
        Action::TestFailOver => Operation::TestFailOver,
        Action::CleanUp => Operation::CleanUp,
        Action::Commit => Operation::Commit,
        Action::ReProtect => Operation::ReProtect,
        Action::FailBack => Operation::FailBack,
        Action::Protect => Operation::Protect,
        Action::Unprotect => Operation::Unprotect,
        Action::ChangePoint => Operation::ChangePoint,
        _ => return None,
    })
}

/// The scopes an operation is offered for: those that hold the selection, else every region and app.
fn scopes(world: &World, selection: Option<Item>) -> Vec<(Scope, String)> {
    let near = selection.map(|item| naming::scopes_of(world, item)).unwrap_or_default();
    if !near.is_empty() {
        return near;
    }
    let regions = (0..world.regions().len()).map(|at| naming::scopes_of(world, Item::Region(RegionIx::new(at))));
    let regions = regions.filter_map(|scopes| scopes.into_iter().next());
    let apps = (0..world.topology().apps.len()).map(|at| {
        let app = &world.topology().apps[AppIx::new(at).at()];
        (Scope::App(app.id.clone()), app.title.clone())
    });
    regions.chain(apps).collect()
}

/// Why an operation takes nothing of the selection, nor of anything where nothing is selected.
pub(super) fn unavailable(session: &Session, operation: Operation) -> Option<String> {
    let world = session.world();
    let mut reason = None;
    for (scope, _) in scopes(world, session.selection) {
        match world.ready(operation, &scope) {
            Ok(_) => return None,
            Err(refusal) => reason = reason.or(Some(refusal.message)),
        }
    }
    reason.or_else(|| Some("there is no VM".to_owned()))
}

impl App {
    /// Opens the list of what an operation can be done to.
    pub(super) fn choose_operation(&mut self, operation: Operation) {
        let title = match operation {
            Operation::Protect => "Protect what?",
            Operation::Unprotect => "Stop replicating what?",
            Operation::TestFailOver => "Test the failover of what?",
            Operation::CleanUp => "Clean up the test of what?",
            Operation::FailOver => "Fail over what?",
            Operation::ChangePoint => "Start what from another recovery point?",
            Operation::Commit => "Commit what?",
            Operation::ReProtect => "Re-protect what?",
            Operation::FailBack => "Fail back what?",
        };
        self.choose_scope_for(title, Purpose::Operation(operation));
    }

    /// Opens a list of scopes, each with what the operation of the purpose, else a failover, would take of it.
    pub(super) fn choose_scope_for(&mut self, title: &str, purpose: Purpose) {
        let Some(session) = &self.session else { return };
        let world = session.world();
        let operation = match purpose {
            Purpose::Operation(operation) => operation,
            _ => Operation::FailOver,
        };
        let moves = matches!(operation, Operation::FailOver | Operation::FailBack);
        let rows = scopes(world, session.selection).into_iter().map(|(scope, title)| {
            let (note, fine) = match world.ready(operation, &scope) {
                Ok(vms) => {
                    let (s, verb) = if vms.len() == 1 { ("", " moves") } else { ("s", " move") };
                    (format!("{} VM{s}{}", vms.len(), if moves { verb } else { "" }), true)
                }
                Err(refusal) => (refusal.message, false),
            };
            let kind = naming::kind_of(&scope);
            Row { pick: Pick::Scope(scope), text: format!("{title} ({kind})"), note, fine }
        });
        let list = Chooser::new(title, purpose, rows.collect());
        self.show_list(list);
    }

    /// What an operation was chosen for: some ask on, a failback shows its plan, the rest is done.
    pub(super) fn operate(&mut self, operation: Operation, scope: Scope) {
        let Some(session) = &self.session else { return };
        let world = session.world();
        let title = scope_title(Some(world), &scope);
        match operation {
            Operation::FailOver | Operation::FailBack => self.preview(scope, &title, operation),
            Operation::TestFailOver => {
                let rows = test_networks(world, &scope);
                self.show_list(Chooser::new(format!("Test {title} in which network?"), Purpose::TestInto(scope), rows));
            }
            Operation::ChangePoint => {
                let first = world.ready(operation, &scope).ok().and_then(|vms| vms.first().copied());
                let row = |point: RecoveryPoint| {
                    let note = first.map(|vm| world.point_words(vm, point)).unwrap_or_default();
                    Row::new(Pick::Point(point), point.to_string(), note)
                };
                let rows = RecoveryPoint::iter().map(row).collect();
                self.show_list(Chooser::new(format!("Start {title} from which point?"), Purpose::Point(scope), rows));
            }
            Operation::Protect => match protect_networks(world, &scope) {
                rows if rows.iter().filter(|row| row.fine).count() > 1 => {
                    let title = format!("Replicate {title} to which network?");
                    self.show_list(Chooser::new(title, Purpose::ProtectInto(scope), rows));
                }
                _ => self.run(&Command::Protect { scope, into: None }),
            },
            Operation::Unprotect => {
                let question = format!("Site Recovery stops replicating {title}; it cannot fail over then.");
                self.show(Overlay::Confirm { command: Command::Unprotect(scope), question });
            }
            Operation::CleanUp => self.run(&Command::CleanUp(scope)),
            Operation::Commit => {
                let question =
                    format!("Commit {title}: all recovery points are deleted, there is no way to another one.");
                self.show(Overlay::Confirm { command: Command::Commit(scope), question });
            }
            Operation::ReProtect => {
                let question = format!(
                    "Re-protect {title}: it is replicated the other way. The machines it left behind are deleted with their \
                     NICs, which frees their addresses."
                );
                self.show(Overlay::Confirm { command: Command::ReProtect(scope), question });
            }
        }
    }

    /// What was chosen in the list an operation asked on with.
    pub(super) fn chosen_for(&mut self, purpose: &Purpose, pick: &Pick) {
        let network = |app: &Self, vnet: VnetIx| app.session.as_ref().map(|s| s.world().vnet(vnet).id.clone());
        match (purpose, pick) {
            (Purpose::TestInto(scope), Pick::Node(Node::Vnet(vnet))) => {
                if let Some(into) = network(self, *vnet) {
                    self.run(&Command::TestFailOver { scope: scope.clone(), into });
                    if self.notice.as_ref().is_none_or(|notice| notice.tone != Tone::Bad) {
                        self.tell(
                            Tone::Done,
                            "the test copies run; {clean-up} cleans them up, and that is owed until it is done",
                        );
                    }
                }
            }
            (Purpose::ProtectInto(scope), Pick::Scope(_)) => {
                self.run(&Command::Protect { scope: scope.clone(), into: None });
            }
            (Purpose::ProtectInto(scope), Pick::Node(Node::Vnet(vnet))) => {
                let into = network(self, *vnet);
                self.run(&Command::Protect { scope: scope.clone(), into });
            }
            (Purpose::Point(scope), Pick::Point(point)) => {
                self.run(&Command::ChangePoint { scope: scope.clone(), point: *point });
            }
            _ => {}
        }
    }
}

/// The networks a scope could be tested in, each tried; one of its own comes first, the failover network next (A32).
fn test_networks(world: &World, scope: &Scope) -> Vec<Row> {
    let mut rows: Vec<(u8, Row)> = Vec::new();
    for (at, vnet) in world.vnets().iter().enumerate() {
        let node = Node::Vnet(VnetIx::new(at));
        let command = Command::TestFailOver { scope: scope.clone(), into: vnet.id.clone() };
        let joined = world.live_links().any(|(_, link)| link.other(node).is_some());
        let (rank, note, fine) = match apply(world, &command) {
            Err(refusal) => (3, refusal.message, false),
            Ok(_) if joined => (2, "joined to other networks: two machines with one identity (A32)".to_owned(), true),
            Ok(_) if vnet.recovers.is_some() => {
                (1, "a failover network: holds the addresses until it is cleaned up (A35)".to_owned(), true)
            }
            Ok(_) => (0, "joined to nothing: the way Azure recommends (A32)".to_owned(), true),
        };
        rows.push((rank, Row { pick: Pick::Node(node), text: vnet.title.clone(), note, fine }));
    }
    rows.sort_by_key(|(rank, _)| *rank);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// What is due next on the way round, as far as anything waits for it: owed clean-ups first (D.2).
pub fn due(session: &Session) -> Vec<Action> {
    let world = session.world();
    let (mut commit, mut re_protect, mut back, mut test) = (false, false, false, false);
    for (_, state) in world.vms() {
        test |= state.testing;
        match state.phase {
            Phase::FailedOver | Phase::FailedBack => commit = true,
            Phase::Committed | Phase::FailedBackCommitted => re_protect = true,
            Phase::ReProtected => back = true,
            _ => {}
        }
    }
    let all =
        [(test, Action::CleanUp), (commit, Action::Commit), (re_protect, Action::ReProtect), (back, Action::FailBack)];
    all.into_iter().filter(|(due, _)| *due).map(|(_, action)| action).collect()
}

/// Whether any VM at all could fail over now.
pub fn can_fail_over(session: &Session) -> bool {
    session.world().vms().any(|(_, state)| state.phase == Phase::Protected)
}

/// More machines than this are not tried in every network for a list; the command itself says why it is refused.
const TRIED: usize = 5_000;

/// The networks a scope could be replicated to: where Site Recovery would put it first, then those of other regions, each
/// with its region and tried (A10, A11). Nothing where there is no choice: machines away from home go back there.
fn protect_networks(world: &World, scope: &Scope) -> Vec<Row> {
    let Ok(vms) = world.ready(Operation::Protect, scope) else { return Vec::new() };
    let at_home: Vec<VmIx> = vms.into_iter().filter(|vm| !world.is_away(*vm)).collect();
    let Some(first) = at_home.first().map(|vm| world.vnet_of(*vm)) else { return Vec::new() };
    let alone = at_home.iter().all(|vm| world.vnet_of(*vm) == first);
    let known = world.vnets().iter().position(|vnet| vnet.recovers == Some(first)).filter(|_| alone);
    let place = |at: usize| world.regions()[world.vnet(VnetIx::new(at)).region.at()].title.clone();
    let (text, note) = match (known, alone) {
        (Some(at), _) => (world.vnet(VnetIx::new(at)).title.clone(), format!("{}, its failover network", place(at))),
        (None, true) => ("A new network".to_owned(), "Site Recovery makes it, with the same range (A10)".to_owned()),
        (None, false) => ("Each to its own failover network".to_owned(), "a missing one is made (A10)".to_owned()),
    };
    let mut rows = vec![Row::new(Pick::Scope(scope.clone()), text, note)];
    let from = world.vnet(first).region;
    let others = world.vnets().iter().enumerate().filter(|(at, vnet)| vnet.region != from && Some(*at) != known);
    for (at, vnet) in others {
        let command = Command::Protect { scope: scope.clone(), into: Some(vnet.id.clone()) };
        let tried = if at_home.len() * world.vnets().len() > TRIED { Ok(()) } else { apply(world, &command).map(drop) };
        let (note, fine) = match tried {
            Ok(()) => (place(at), true),
            Err(refusal) => (format!("{}: {}", place(at), refusal.message), false),
        };
        rows.push(Row { pick: Pick::Node(Node::Vnet(VnetIx::new(at))), text: vnet.title.clone(), note, fine });
    }
    rows
}

/// The operations that take a VM now.
pub fn next_steps(world: &World, vm: VmIx) -> Vec<Action> {
    let scope = world.vm_scope(vm);
    let actions = [
        Action::FailOver,
        Action::TestFailOver,
        Action::CleanUp,
        Action::ChangePoint,
        Action::Commit,
        Action::ReProtect,
        Action::FailBack,
        Action::Protect,
        Action::Unprotect,
    ];
    let fits = |action: &Action| {
        let wanted = operation(*action).unwrap_or(Operation::FailOver);
        world.ready(wanted, &scope).is_ok()
    };
    actions.into_iter().filter(fits).collect()
}
