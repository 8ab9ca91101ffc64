//! Which machines of a scope an operation would take, and why it would take none (the state machine of D.2).

use crate::topology::{Command, Scope, VmIx};
use crate::world::{Phase, Refusal, RefusalCode, VmState, World};

/// One operation of the life cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// `protect`
    Protect,
    /// `unprotect`
    Unprotect,
    /// `test-fail-over`
    TestFailOver,
    /// `clean-up`
    CleanUp,
    /// `fail-over`
    FailOver,
    /// `change-point`
    ChangePoint,
    /// `commit`
    Commit,
    /// `re-protect`
    ReProtect,
    /// `fail-back`
    FailBack,
}

impl Operation {
    /// Whether it takes a machine in this state.
    fn takes(self, vm: &VmState) -> bool {
        use Phase::{
            Committed, FailedBack, FailedBackCommitted, FailedOver, Protected, Protecting, ReProtected, Unprotected,
        };
        match self {
            Self::Protect => matches!(vm.phase, Unprotected | Protecting),
            Self::Unprotect => {
                !vm.testing
                    && matches!(vm.phase, Protecting | Protected | Committed | ReProtected | FailedBackCommitted)
            }
            Self::TestFailOver => !vm.testing && vm.phase.replicated(),
            Self::CleanUp => vm.testing,
            Self::FailOver => vm.phase == Protected,
            Self::ChangePoint | Self::Commit => matches!(vm.phase, FailedOver | FailedBack),
            Self::ReProtect => matches!(vm.phase, Committed | FailedBackCommitted),
            Self::FailBack => vm.phase == ReProtected,
        }
    }

    /// What it does, after "cannot" or "to".
    fn does(self) -> &'static str {
        match self {
            Self::Protect => "be protected",
            Self::Unprotect => "be unprotected",
            Self::TestFailOver => "be tested",
            Self::CleanUp => "be cleaned up",
            Self::FailOver => "fail over",
            Self::ChangePoint => "change its recovery point",
            Self::Commit => "be committed",
            Self::ReProtect => "be re-protected",
            Self::FailBack => "fail back",
        }
    }
}

impl World {
    /// The VMs of a scope that an operation takes now, in file order.
    ///
    /// # Errors
    /// `unknown-id`, or the reason why it takes none of them, with the commands that come first.
    pub fn ready(&self, operation: Operation, scope: &Scope) -> Result<Vec<VmIx>, Refusal> {
        let members = self.members(operation, scope)?;
        let ready: Vec<VmIx> =
            self.states(&members).filter(|(_, state)| operation.takes(state)).map(|(vm, _)| vm).collect();
        if !ready.is_empty() {
            return Ok(ready);
        }
        // The machine furthest on its way says most about what is missing.
        let states = members.iter().map(|vm| self.vm(*vm));
        let telling = states.filter(|vm| vm.phase != Phase::Unprotected).max_by_key(|vm| vm.testing);
        let who = match members.as_slice() {
            [one] => self.vm_id(*one).to_owned(),
            _ => scope.to_string(),
        };
        let telling = telling.or_else(|| members.first().map(|vm| self.vm(*vm)));
        Err(match telling {
            None => {
                let message = format!("no VM serves in {scope}, so there is nothing to {}", operation.does());
                Refusal::new(RefusalCode::NotProtected, "D.2", message)
            }
            Some(state) => refusal(operation, state, scope, &who),
        })
    }

    /// The VMs of a scope; for a clean-up also those whose test copy stands there.
    fn members(&self, operation: Operation, scope: &Scope) -> Result<Vec<VmIx>, Refusal> {
        let mut members = self.vms_in(scope)?;
        if operation == Operation::CleanUp {
            let inside = self.place_test(scope)?;
            members.extend(self.test_copies().filter(|(_, copy)| inside(copy.at.subnet)).map(|(vm, _)| vm));
            members.sort_unstable();
            members.dedup();
        }
        Ok(members)
    }

    /// The VMs of a scope that a failover would move now.
    ///
    /// # Errors
    /// As [`World::ready`].
    pub fn movable(&self, scope: &Scope) -> Result<Vec<VmIx>, Refusal> {
        self.ready(Operation::FailOver, scope)
    }
}

/// Why an operation takes no machine in this state.
fn refusal(operation: Operation, state: &VmState, scope: &Scope, who: &str) -> Refusal {
    use Operation as O;
    use Phase as P;
    let commit = || Command::Commit(scope.clone());
    let re_protect = || Command::ReProtect(scope.clone());
    let no = |code, rule, message: String| Refusal::new(code, rule, message);
    let cannot = |why: &str| format!("{who} cannot {}: {why}", operation.does());
    if state.testing && matches!(operation, O::TestFailOver | O::Unprotect) {
        let message = cannot("a test copy is still there, and its clean-up is owed");
        return no(RefusalCode::CleanUpOwed, "D12", message).mended_by(Command::CleanUp(scope.clone()));
    }
    match (operation, state.phase) {
        (O::CleanUp, _) => no(RefusalCode::NothingToCleanUp, "D12", format!("no test copy of {who} is there")),
        (O::FailOver, P::Unprotected) => {
            let message = format!("Site Recovery does not protect {who}, so it cannot fail over");
            no(RefusalCode::NotProtected, "D.2", message)
                .mended_by(Command::Protect { scope: scope.clone(), into: None })
        }
        (O::Unprotect, P::Unprotected) => {
            no(RefusalCode::NotProtected, "D.2", format!("Site Recovery does not protect {who}"))
        }
        (O::TestFailOver | O::FailBack, P::Unprotected)
        | (O::TestFailOver | O::FailOver | O::FailBack, P::Protecting) => {
            let why = match state.phase {
                P::Protecting => "Site Recovery is still copying it for the first time",
                _ => "Site Recovery does not protect it",
            };
            no(RefusalCode::NotProtected, "D3", cannot(why))
                .mended_by(Command::Protect { scope: scope.clone(), into: None })
        }
        (O::FailOver, P::FailedOver | P::Committed) => {
            let message = format!("everything protected in {scope} has failed over already");
            no(RefusalCode::AlreadyFailedOver, "D.2", message)
        }
        (O::FailOver, P::ReProtected) => {
            let message = format!("everything protected in {scope} has failed over already; it can fail back");
            no(RefusalCode::AlreadyFailedOver, "D14", message).mended_by(Command::FailBack(scope.clone()))
        }
        (O::FailBack, P::Protected) => no(RefusalCode::NotFailedOver, "D14", cannot("it has not failed over"))
            .mended_by(Command::fail_over(scope.clone())),
        (O::FailBack, P::FailedBack | P::FailedBackCommitted) => {
            no(RefusalCode::AlreadyFailedBack, "D14", format!("{who} has failed back already"))
        }
        (O::FailBack | O::TestFailOver, P::FailedOver) | (O::FailOver | O::TestFailOver, P::FailedBack) => {
            let why = cannot("its last failover is not committed, and nothing replicates it until it is re-protected");
            no(RefusalCode::NotCommitted, "D13, D14", why).mended_by(commit()).mended_by(re_protect())
        }
        (O::FailBack | O::TestFailOver, P::Committed) | (O::FailOver | O::TestFailOver, P::FailedBackCommitted) => {
            let why = cannot("nothing replicates it until it is re-protected");
            no(RefusalCode::NotReProtected, "D13, D14", why).mended_by(re_protect())
        }
        (O::ReProtect, P::FailedOver | P::FailedBack) => {
            no(RefusalCode::NotCommitted, "D13", cannot("its failover is not committed")).mended_by(commit())
        }
        (O::Unprotect, P::FailedOver | P::FailedBack) => {
            no(RefusalCode::NotCommitted, "D.2", cannot("its failover is not committed")).mended_by(commit())
        }
        (O::Commit | O::ChangePoint, P::Committed | P::ReProtected | P::FailedBackCommitted) => {
            let message = match operation {
                O::Commit => format!("{who} was committed already"),
                _ => cannot("the commit deleted all recovery points"),
            };
            no(RefusalCode::AlreadyCommitted, "D11", message)
        }
        (O::Protect | O::ReProtect, P::ReProtected) | (O::Protect, P::Protected) => {
            no(RefusalCode::AlreadyProtected, "D.2", format!("{who} is replicated already"))
        }
        (O::Protect, _) => {
            let code = RefusalCode::AlreadyFailedOver;
            let message = cannot("it has failed over; re-protect replicates it again");
            match state.phase {
                P::FailedOver | P::FailedBack => no(code, "D13", message).mended_by(commit()).mended_by(re_protect()),
                _ => no(code, "D13", message).mended_by(re_protect()),
            }
        }
        (O::Commit | O::ChangePoint | O::ReProtect, _)
        | (O::FailOver | O::TestFailOver | O::FailBack | O::Unprotect, _) => {
            no(RefusalCode::NotFailedOver, "D.2", cannot("it has not failed over"))
        }
    }
}
