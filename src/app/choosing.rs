//! Opening lists and sheets, and what choosing a row or pressing Enter in a sheet does.

use strum::IntoEnumIterator;

use super::chooser::{Chooser, Pick, Purpose, Row};
use super::connecting::connect_to;
use super::facts::endpoint_title;
use super::naming;
use super::overlay::{Overlay, Preview};
use super::prompt::PromptKind;
use super::trail::explanation;
use super::{Action, App, Effect, Layer, Session, Tone};
use crate::plan::compare::Aspect;
use crate::plan::{Timing, derive, derive_back};
use crate::topology::timing::spoken;
use crate::topology::{AppIx, Command, Endpoint, Node, Scope, SiteIx, VmIx, VnetIx};
use crate::world::{Operation, World};

impl Preview {
    /// What a failover, or a failback, of a scope would do, for each timing.
    pub fn of(world: &World, scope: Scope, title: String, operation: Operation) -> Self {
        let plan = |timing| match operation {
            Operation::FailBack => derive_back(world, &scope, timing),
            _ => derive(world, &scope, timing),
        };
        let plans = Timing::iter().map(|timing| (timing, plan(timing))).collect();
        Self { scope, title, timing: Timing::default(), plans }
    }

    /// Shows the next or the previous timing.
    pub(super) fn turn(&mut self, by: isize) {
        let at = self.plans.iter().position(|(timing, _)| *timing == self.timing).unwrap_or(0);
        let to = at.saturating_add_signed(by).min(self.plans.len().saturating_sub(1));
        if let Some((timing, _)) = self.plans.get(to) {
            self.timing = *timing;
        }
    }
}

/// Every network, VNets first.
pub fn nodes(world: &World) -> Vec<Node> {
    let vnets = (0..world.vnets().len()).map(|at| Node::Vnet(VnetIx::new(at)));
    vnets.chain((0..world.sites().len()).map(|at| Node::Site(SiteIx::new(at)))).collect()
}

/// The prefixes of a network, in one text.
pub fn space(world: &World, node: Node) -> String {
    use crate::topology::overlap::Spaces;
    world.space(node).iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn parties(world: &World) -> Vec<Row> {
    let topology = world.topology();
    let apps = topology.apps.iter().enumerate().map(|(at, app)| {
        Row::new(Pick::Endpoint(Endpoint::App(AppIx::new(at))), app.title.clone(), format!("app {}", app.id))
    });
    let sites = topology.sites.iter().enumerate().map(|(at, site)| {
        let prefixes = site.prefixes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        Row::new(Pick::Endpoint(Endpoint::Site(SiteIx::new(at))), site.title.clone(), format!("site {prefixes}"))
    });
    let vms = world.vms().map(|(vm, state)| {
        let note = format!("{} in {}", state.at.ip, world.vnet(world.vnet_of(vm)).title);
        Row::new(Pick::Endpoint(Endpoint::Vm(vm)), world.vm_id(vm), note)
    });
    apps.chain(sites).chain(vms).collect()
}

impl App {
    pub(super) fn view(&self) -> Option<&Session> {
        self.session.as_deref()
    }

    pub(super) fn preview_region(&mut self) {
        let Some(session) = self.view() else { return };
        let selected = match session.selection {
            Some(crate::diagram::Item::Region(region)) => Some(region),
            _ => session.source_region(),
        };
        let Some(region) = selected else { return };
        let region = &session.world().regions()[region.at()];
        let (scope, title) = (Scope::Region(region.id.clone()), region.title.clone());
        self.preview(scope, &title, Operation::FailOver);
    }

    /// Shows what a failover or failback would do; refused where nothing can move.
    pub(super) fn preview(&mut self, scope: Scope, title: &str, operation: Operation) {
        self.with_session(|session| session.search.clear());
        let Some(session) = self.view() else { return };
        let home = operation == Operation::FailBack;
        let title = format!("{} of {title}", if home { "Failback" } else { "Failover" });
        let preview = Preview::of(session.world(), scope, title, operation);
        let refusal = preview.plans.iter().all(|(_, plan)| plan.is_err());
        match preview.shown() {
            Some(Err(reason)) if refusal => {
                let reason = reason.clone();
                self.refused(&reason);
            }
            _ => self.show(Overlay::Preview(Box::new(preview))),
        }
    }

    pub(super) fn choose_plan(&mut self) {
        let Some(session) = self.view() else { return };
        let row = |plan: &crate::topology::FilePlan| {
            let steps: usize = plan.groups.iter().map(|group| group.steps().count()).sum();
            let note = format!("{} groups, {steps} steps", plan.groups.len());
            Row::new(Pick::Plan(plan.id.clone()), plan.title.clone(), note)
        };
        let rows = session.world().topology().plans.iter().map(row).collect();
        self.show_list(Chooser::new("Plans of the file", Purpose::Plan, rows));
    }

    pub(super) fn choose_asker(&mut self) {
        let Some(session) = self.view() else { return };
        let mut list = Chooser::new("Who asks?", Purpose::WhyFrom, parties(session.world()));
        let wanted = match session.selection {
            Some(crate::diagram::Item::Vm(vm, _)) => Some(Pick::Endpoint(Endpoint::Vm(vm))),
            Some(crate::diagram::Item::Site(site)) => Some(Pick::Endpoint(Endpoint::Site(site))),
            _ => None,
        };
        list.at = wanted.or(list.at);
        self.show_list(list);
    }

    /// A list of the states of the history, one of them marked.
    pub(super) fn choose_revision(&mut self, title: &str, purpose: Purpose, at: usize) {
        let Some(session) = self.view() else { return };
        let row = |(at, revision): (usize, &crate::history::Revision)| {
            let text = match &revision.step {
                None => "start".to_owned(),
                Some(step) => format!("{at}  {}", step.command),
            };
            let (met, all) = super::facts::needs_met(revision);
            let note = format!("at {} · needs {met}/{all}", spoken(revision.world.seconds()));
            Row::new(Pick::Revision(at), text, note)
        };
        let rows = session.history.revisions().iter().enumerate().map(row).collect();
        let mut list = Chooser::new(title, purpose, rows);
        list.at = Some(Pick::Revision(at));
        self.show_list(list);
    }

    pub(super) fn ask_outage(&mut self) {
        let Some(session) = self.view() else { return };
        let Some(region) = session.region() else { return };
        let (id, title) = {
            let region = &session.world().regions()[region.at()];
            (region.id.clone(), region.title.clone())
        };
        let (command, question) = match session.world().answers(region) {
            true => {
                (Command::Outage(id), format!("{title} goes down: nothing in it runs, and its links carry nothing."))
            }
            false => (Command::Restore(id), format!("{title} comes back.")),
        };
        self.show(Overlay::Confirm { command, question });
    }

    pub(super) fn show_addresses(&mut self) {
        let Some(session) = self.view() else { return };
        let selected = match session.selection {
            Some(crate::diagram::Item::Vm(vm, _)) => vm,
            _ => VmIx::new(0),
        };
        self.show(Overlay::Addresses { at: selected });
    }

    pub(super) fn move_address(&mut self, by: isize) {
        let count = self.view().map_or(0, |session| session.world().topology().vms.len());
        if let Some(Layer { overlay: Overlay::Addresses { at }, .. }) = self.layers.last_mut() {
            *at = VmIx::new(at.at().saturating_add_signed(by).min(count.saturating_sub(1)));
        }
    }

    pub(super) fn retime(&mut self, action: Action) {
        let wanted = match action {
            Action::Before => Timing::Before,
            Action::After => Timing::After,
            _ => Timing::During,
        };
        if let Some(Layer { overlay: Overlay::Preview(preview), .. }) = self.layers.last_mut() {
            preview.timing = wanted;
        }
    }

    /// Verifies the target addresses of every region that still has something to fail over.
    pub(super) fn verify(&mut self) {
        let Some(session) = &self.session else { return };
        let regions: Vec<Scope> =
            session.world().regions().iter().map(|region| Scope::Region(region.id.clone())).collect();
        let ready: Vec<Scope> = regions
            .into_iter()
            .filter(|scope| {
                let world = session.world();
                world.movable(scope).or_else(|_| world.ready(Operation::FailBack, scope)).is_ok()
            })
            .collect();
        if ready.is_empty() {
            self.tell(Tone::Plain, "nothing is left to fail over, so there is no target to verify");
        }
        for scope in ready {
            self.run(&Command::VerifyTargets(scope));
        }
    }

    /// Enter on a list, a sheet or the picker.
    pub(super) fn choose(&mut self) -> Vec<Effect> {
        match self.top().cloned() {
            None => return self.choose_scenario(),
            Some(Overlay::List(list)) => {
                if let Some(pick) = list.at {
                    self.layers.pop();
                    self.chosen(&list.purpose, pick);
                }
            }
            Some(Overlay::Preview(_)) => {
                if self.load_preview() {
                    self.tell(Tone::Plain, "the plan is ready: n runs a step, space plays it, p goes back");
                }
            }
            Some(Overlay::Compare(compare)) => {
                if let Some(option) = compare.marked() {
                    self.layers.clear();
                    self.run(&option.command);
                    self.offer_gateways(option);
                }
            }
            Some(Overlay::Addresses { at }) => self.edit_target(at),
            Some(Overlay::Findings { .. }) => self.go_to_finding(),
            Some(Overlay::Differences { .. }) => self.go_to_difference(),
            Some(Overlay::Matrix(_)) => self.enter_cell(),
            Some(Overlay::Why { from, to }) => self.mend_why(from, to),
            Some(Overlay::Confirm { command, .. }) => {
                self.layers.pop();
                self.run(&command);
                // Anything else that was confirmed is no step the plan waits for.
                if matches!(command, Command::Manual(_)) {
                    self.resume();
                }
            }
            Some(Overlay::Runs(runs)) => self.take_run(&runs),
            Some(Overlay::Lessons { .. }) => return self.open_lesson(None),
            Some(_) => {}
        }
        Vec::new()
    }

    fn choose_scenario(&mut self) -> Vec<Effect> {
        match &self.picker.at {
            Some(Pick::Builtin(name)) => {
                self.from_picker = true;
                self.loading = Some(name.clone());
                vec![Effect::Load(name.clone())]
            }
            _ => Vec::new(),
        }
    }

    fn chosen(&mut self, purpose: &Purpose, pick: Pick) {
        match (purpose, pick) {
            (Purpose::ConnectTo(from), Pick::Node(to)) => self.compare(*from, to),
            (Purpose::ConnectFrom, Pick::Node(from)) => {
                if let Some(list) = self.view().map(|session| connect_to(session.world(), from)) {
                    self.show_list(list);
                }
            }
            (Purpose::Disconnect, Pick::Link(link)) => {
                if let Some(command) = self.view().map(|session| session.world().disconnect_command(link)) {
                    self.run(&command);
                }
            }
            (Purpose::WhyFrom, Pick::Endpoint(from)) => {
                let Some(session) = self.view() else { return };
                let title = format!("{} talks to whom?", endpoint_title(session.world().topology(), from));
                let mut rows = parties(session.world());
                rows.retain(|row| row.pick != Pick::Endpoint(from));
                self.show_list(Chooser::new(title, Purpose::WhyTo(from), rows));
            }
            (Purpose::WhyTo(from), Pick::Endpoint(to)) => self.show(Overlay::Why { from: *from, to }),
            (Purpose::Jump, Pick::Revision(position)) => {
                self.jump(position);
            }
            (Purpose::Since, Pick::Revision(position)) => self.mark_since(position),
            (Purpose::Differ(end), Pick::Revision(position)) => self.differ(*end, position),
            (Purpose::Event, Pick::Event(number)) => self.go_to_event(number),
            (Purpose::Operation(operation), Pick::Scope(scope)) => self.operate(*operation, scope),
            (Purpose::TestInto(_) | Purpose::ProtectInto(_) | Purpose::Point(_), pick) => {
                self.chosen_for(purpose, &pick);
            }
            (Purpose::CompareRuns, Pick::Scope(scope)) => {
                let title = scope_title(self.view().map(Session::world), &scope);
                self.show_runs(&scope, &title, Aspect::Timing, Timing::default());
            }
            (Purpose::Plan, Pick::Plan(id)) => match self.load_plan(&id) {
                Ok(()) => self.tell(Tone::Plain, "the plan is ready: n runs a step, space plays it, p goes back"),
                Err(refusal) => self.refused(&refusal),
            },
            _ => {}
        }
    }

    fn edit_target(&mut self, vm: VmIx) {
        let Some(session) = self.view() else { return };
        let world = session.world();
        let id = world.vm_id(vm);
        let target = crate::world::assign(world, &[vm]).into_iter().find_map(|(_, result)| result.ok());
        let text = match target {
            Some(assigned) => format!("set-target {id} {} {}", world.subnet_name(assigned.to.subnet), assigned.to.ip),
            None => format!("set-target {id} "),
        };
        self.layers.pop();
        self.open_prompt(PromptKind::Command, text);
    }

    /// The first command that would let two parties talk.
    pub(super) fn why_mend(&self, from: Endpoint, to: Endpoint) -> Option<Command> {
        let session = self.view()?;
        let explanation = explanation(session.history.now(), from, to);
        explanation.blockers.iter().flat_map(|blocker| &blocker.mend).next().cloned()
    }

    fn mend_why(&mut self, from: Endpoint, to: Endpoint) {
        if let Some(command) = self.why_mend(from, to) {
            self.layers.clear();
            self.open_prompt(PromptKind::Command, command.to_string());
        }
    }
}

/// What a scope is called on the screen.
pub fn scope_title(world: Option<&World>, scope: &Scope) -> String {
    let found = world.and_then(|world| match scope {
        Scope::Region(id) => world.region_named(id).ok().map(|at| world.regions()[at.at()].title.clone()),
        Scope::App(id) => world.app_named(id).ok().map(|at| world.topology().apps[at.at()].title.clone()),
        Scope::Vnet(id) => world.vnet_named(id).ok().map(|at| world.vnet(at).title.clone()),
        Scope::Subnet(name) => {
            world.subnet_named(name).ok().map(|at| naming::title(world, crate::diagram::Item::Subnet(at)))
        }
        Scope::Vm(id) => Some(id.clone()),
    });
    found.unwrap_or_else(|| scope.to_string())
}
