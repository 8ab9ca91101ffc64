//! What would go wrong at a failover, as the explorer remembers it: computed when somebody asks, and old as soon as the
//! reader stands on another state.

use std::sync::Arc;

use super::facts::Protection;
use super::overlay::{Marked, Overlay};
use super::prompt::PromptKind;
use super::{App, Layer, Session, Tone};
use crate::diagram::Item;
use crate::history::Revision;
use crate::network::Network;
use crate::plan::readiness::Count;
use crate::report::run::{findings_now, findings_of_file};
use crate::topology::{Finding, LinkIx, Node, RegionIx, SubnetIx, VnetIx};
use crate::world::World;

/// Findings with the state they were found in.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The gravest first.
    pub findings: Vec<Finding>,
    /// How many of them matter.
    pub count: Count,
    /// Whether what would move is replicated at all.
    pub protection: Protection,
    /// The forwarding state of the revision they belong to: each revision has one of its own.
    of: Arc<Network>,
}

/// How the last check stands to what the reader looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Nothing was checked yet.
    Unknown,
    /// Something changed since.
    Stale,
    /// It is about what the reader looks at.
    Fresh(Count, Protection),
}

impl Session {
    /// How the last check stands.
    pub fn mark(&self) -> Mark {
        match &self.checked {
            None => Mark::Unknown,
            Some(checked) if Arc::ptr_eq(&checked.of, &self.history.now().network) => {
                Mark::Fresh(checked.count, checked.protection)
            }
            Some(_) => Mark::Stale,
        }
    }

    /// Looks for what would go wrong from where the reader stands.
    pub fn check(&mut self) {
        let Revision { world, network, .. } = self.history.now();
        // What the file says about the start counts as long as nothing was done; then only what holds in every state.
        let mut findings = match self.history.position() {
            0 => findings_of_file(world),
            _ => findings_now(world),
        };
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        let (count, protection) = (Count::of(&findings), Protection::of(world));
        self.checked = Some(Checked { count, protection, findings, of: Arc::clone(network) });
    }
}

impl App {
    /// Opens the findings, looking again where something changed.
    pub(super) fn show_findings(&mut self) {
        self.recheck(false);
        let first =
            self.session.as_ref().and_then(|session| session.checked.as_ref()?.findings.first()).map(Marked::of);
        self.show(Overlay::Findings { at: first });
    }

    /// Looks again; always where `anyway`, else only where something changed.
    pub(super) fn recheck(&mut self, anyway: bool) {
        let Some(session) = &mut self.session else { return };
        if !anyway && matches!(session.mark(), Mark::Fresh(..)) {
            return;
        }
        session.check();
        if let Some(Layer { overlay: Overlay::Findings { at }, .. }) = self.layers.last_mut() {
            let found = session.checked.as_ref().map(|checked| checked.findings.as_slice()).unwrap_or_default();
            let still = at.take().filter(|marked| found.iter().any(|finding| marked.is(finding)));
            *at = still.or_else(|| found.first().map(Marked::of));
        }
    }

    /// The finding that is marked in the panel.
    pub fn marked_finding(&self) -> Option<&Finding> {
        let Some(Overlay::Findings { at: Some(marked) }) = self.top() else { return None };
        let checked = self.session.as_ref()?.checked.as_ref()?;
        checked.findings.iter().find(|finding| marked.is(finding))
    }

    /// Marks another finding.
    pub(super) fn move_finding(&mut self, by: isize) {
        let checked = self.session.as_ref().and_then(|session| session.checked.as_ref());
        let Some(found) = checked.map(|checked| &checked.findings).filter(|found| !found.is_empty()) else { return };
        let Some(Layer { overlay: Overlay::Findings { at }, .. }) = self.layers.last_mut() else { return };
        let here = found.iter().position(|finding| at.as_ref().is_some_and(|marked| marked.is(finding))).unwrap_or(0);
        let next = here.saturating_add_signed(by).min(found.len() - 1);
        *at = Some(Marked::of(&found[next]));
    }

    /// Goes to the place of the marked finding on the map.
    pub(super) fn go_to_finding(&mut self) {
        let Some(session) = &self.session else { return };
        let Some(item) = self.marked_finding().and_then(|finding| item_of(session.world(), finding)) else {
            self.tell(Tone::Plain, "it has no place on the map; its line in the file says where it comes from");
            return;
        };
        self.layers.pop();
        self.select(item);
    }

    /// Why no command mends the marked finding; none where one does.
    pub(super) fn no_mend(&self) -> Option<String> {
        match self.marked_finding() {
            None => Some("nothing is in the way".to_owned()),
            Some(finding) if !finding.mend.is_empty() => None,
            Some(Finding { change: Some(change), .. }) => Some(format!("no command mends it; in the file: {change}")),
            Some(_) => Some("no command mends it".to_owned()),
        }
    }

    /// Puts what mends the marked finding into the prompt.
    pub(super) fn mend_finding(&mut self) {
        let command = self.marked_finding().and_then(|finding| finding.mend.first()).map(ToString::to_string);
        if let Some(command) = command {
            self.layers.pop();
            self.open_prompt(PromptKind::Command, command);
        }
    }
}

/// The first thing on the map that a finding is about.
fn item_of(world: &World, finding: &Finding) -> Option<Item> {
    let found = |id: &String| {
        let vm = world.vm_named(id).ok().map(|vm| Item::Vm(vm, world.vm(vm).at.subnet));
        let link = || world.links().iter().position(|link| link.id == *id).map(|at| Item::Link(LinkIx::new(at)));
        let subnet = || {
            let named = |at: &usize| world.subnet_name(SubnetIx::new(*at)) == *id;
            (0..world.subnets().len()).find(named).map(|at| Item::Subnet(SubnetIx::new(at)))
        };
        let node = || match world.node_named(id).ok()? {
            Node::Vnet(vnet) => Some(Item::Vnet(VnetIx::new(vnet.at()))),
            Node::Site(site) => Some(Item::Site(site)),
        };
        let region = || world.region_named(id).ok().map(|region| Item::Region(RegionIx::new(region.at())));
        let app = || {
            let app = world.app_named(id).ok()?;
            let first = world.vms().map(|(vm, _)| vm).find(|vm| world.app_of(*vm) == Some(app))?;
            Some(Item::Vm(first, world.vm(first).at.subnet))
        };
        vm.or_else(link).or_else(subnet).or_else(node).or_else(app).or_else(region)
    };
    finding.at.iter().find_map(found)
}
