//! What each action does, and when it is not available.

use std::str::FromStr;

use super::action::Action;
use super::chooser::{Chooser, Purpose};
use super::differing::End;
use super::facts::took;
use super::ground::{self, Toward};
use super::overlay::Overlay;
use super::prompt::{Prompt, PromptKind};
use super::{App, Effect, Layer, Notice, Session, Since, Tone, naming};
use crate::diagram::Item;
use crate::lesson::{Deed, Mode};
use crate::topology::{Command, RegionIx};
use crate::world::{Operation, Refusal};

const NO_SESSION: &str = "open a scenario first";

impl App {
    /// Why an action cannot be done now, in the reader's terms; none where it can.
    pub fn unavailable(&self, action: Action) -> Option<String> {
        let Some(session) = &self.session else {
            let anywhere = matches!(
                action,
                Action::Up
                    | Action::Down
                    | Action::PageUp
                    | Action::PageDown
                    | Action::Top
                    | Action::Bottom
                    | Action::Choose
                    | Action::Open
                    | Action::Lessons
                    | Action::TakeChallenge
                    | Action::TestMe
                    | Action::Help
                    | Action::Mouse
                    | Action::Back
                    | Action::Quit
                    | Action::QuitNow
                    | Action::Suspend
                    | Action::Redraw
            );
            return (!anywhere).then(|| NO_SESSION.to_owned());
        };
        if super::learning::is_of_lesson(action) {
            return self.no_lesson_action(action);
        }
        let world = session.world();
        let history = &session.history;
        let said = |text: &str| Some(text.to_owned());
        if let Some(operation) = super::life::operation(action) {
            return super::life::unavailable(session, operation);
        }
        match action {
            Action::Next | Action::Play => match &session.playback {
                None if history.position() + 1 < history.revisions().len() => None,
                None => said("no plan is loaded: press {fail-over} or {fail-over-region} to plan a failover"),
                Some(playback) if playback.finished(history) => said(
                    "the plan is done; {previous} goes back, {fail-over-region} or {fail-over} plans another failover",
                ),
                Some(_) => None,
            },
            Action::Previous | Action::Undo if history.position() == 0 => said("this is the start"),
            Action::Redo if history.position() + 1 >= history.revisions().len() => said("nothing was undone"),
            Action::Mend if matches!(self.top(), Some(Overlay::Findings { .. })) => self.no_mend(),
            Action::Choose => match self.top() {
                Some(Overlay::Findings { .. }) if self.marked_finding().is_none() => said("nothing is in the way"),
                Some(Overlay::Why { from, to }) if self.why_mend(*from, *to).is_none() => {
                    said("no command mends it; esc goes back")
                }
                _ => None,
            },
            Action::Mend if self.notice.as_ref().is_none_or(|notice| notice.mend.is_empty()) => {
                said("no command is waiting to help")
            }
            Action::Plans if world.topology().plans.is_empty() => {
                said("the file holds no plan of its own; {fail-over} and {fail-over-region} derive one")
            }
            Action::FailOver if session.selection.is_none_or(|item| naming::scopes_of(world, item).is_empty()) => {
                said("select a region, a VNet, a subnet or a VM first")
            }
            Action::CompareRuns
                if self.layers.is_empty()
                    && session.selection.is_none_or(|item| naming::scopes_of(world, item).is_empty()) =>
            {
                said("select a region, a VNet, a subnet or a VM first")
            }
            Action::FailOverRegion if session.source_region().is_none() => said("there is no source region"),
            Action::Disconnect if session.node().is_some_and(|node| naming::links_of(world, node).is_empty()) => {
                said("this network has no link to cut")
            }
            Action::Inspect if session.selection.is_none() => said("select something first"),
            Action::Outage if session.region().is_none() => said("select a region, or something in one"),
            Action::Addresses if world.vms().next().is_none() => said("there is no VM"),
            Action::Connect | Action::Order if self.shows_other_parts() => {
                said("networks are linked and ordered: go to the level of networks")
            }
            Action::Matrix if world.vnets().is_empty() => said("there is no network"),
            _ => None,
        }
    }

    /// Does an action, or says why it cannot be done.
    pub fn act(&mut self, action: Action) -> Vec<Effect> {
        if let Some(reason) = self.unavailable(action) {
            self.tell(Tone::Plain, reason);
            return Vec::new();
        }
        if super::learning::is_of_lesson(action) {
            self.notice_done(action);
            return self.act_on_lesson(action);
        }
        if !keeps_notice(action) {
            self.notice_done(action);
        }
        match action {
            Action::QuitNow => return vec![Effect::Quit],
            Action::Suspend => return vec![Effect::Suspend],
            Action::Redraw => return vec![Effect::Redraw],
            Action::Mouse => {
                self.mouse = !self.mouse;
                let owner = if self.mouse { "failscope has the mouse" } else { "the terminal has the mouse" };
                self.tell(Tone::Plain, format!("{owner}; {{mouse}} changes it"));
                return vec![Effect::SetMouse(self.mouse)];
            }
            Action::Quit => return self.quit(),
            Action::Back => self.back(),
            Action::Help => self.show(Overlay::Help),
            Action::Open => self.prompt = Some(Prompt::new(PromptKind::Path, "")),
            Action::Choose => return self.choose(),
            Action::Lessons => self.show_lessons(),
            Action::TakeChallenge => return self.open_lesson(Some(Mode::Challenge)),
            Action::TestMe => return self.test_me(),
            Action::Left => self.toward(Toward::Left),
            Action::Right => self.toward(Toward::Right),
            Action::Up => self.toward(Toward::Up),
            Action::Down => self.toward(Toward::Down),
            Action::PageUp => self.page(-1),
            Action::PageDown => self.page(1),
            Action::Top => self.page(-1000),
            Action::Bottom => self.page(1000),
            Action::Before | Action::During | Action::After => self.retime(action),
            Action::RunAll => self.run_all(),
            Action::Verify => self.verify(),
            Action::CompareRuns => self.compare_runs(),
            Action::NextComparison => self.next_comparison(1),
            Action::PreviousComparison => self.next_comparison(-1),
            Action::Words => self.words = !self.words,
            Action::Swap => {
                if let Some(Layer { overlay: Overlay::Why { from, to }, .. }) = self.layers.last_mut() {
                    std::mem::swap(from, to);
                }
                self.note_look();
            }
            _ => self.act_on_map(action),
        }
        Vec::new()
    }

    fn act_on_map(&mut self, action: Action) {
        if let Some(operation) = super::life::operation(action) {
            return self.choose_operation(operation);
        }
        match action {
            Action::NextRegion => self.change_region(1),
            Action::PreviousRegion => self.change_region(-1),
            Action::ZoomIn => self.zoom(1),
            Action::ZoomOut => self.zoom(-1),
            Action::OnlyFound => self.only_found(),
            Action::NextTrouble => self.next_trouble(),
            Action::LayOut => self.lay_out_anew(),
            Action::Command => self.open_prompt(PromptKind::Command, ""),
            Action::Search => self.open_prompt(PromptKind::Search, ""),
            Action::Mend => self.mend(),
            Action::Next => self.step(None),
            Action::Previous | Action::Undo => self.undo(),
            Action::Redo => self.redo(),
            Action::Play => self.play(),
            Action::Difference if self.context() == super::Context::Matrix => self.choose_since(),
            Action::Difference => {
                let Some(session) = &mut self.session else { return };
                session.from_start = !session.from_start;
                let text = match session.since() {
                    Since::Start => "marks show what differs from the start; {difference} goes back",
                    Since::Plan => "marks show what differs since the plan began",
                    Since::LastStep => "marks show what the last step changed",
                };
                self.tell(Tone::Plain, text);
            }
            Action::Timeline => self.show(Overlay::Timeline),
            Action::Differences => self.show_differences(),
            Action::ChooseFrom => self.choose_difference(End::From),
            Action::ChooseTo => self.choose_difference(End::To),
            Action::Events => self.show_events(),
            Action::Describe => self.show(Overlay::Describe),
            Action::Findings => self.show_findings(),
            Action::Recheck => self.recheck(true),
            // A tile says little; the next level is what inspecting it means.
            Action::Inspect if self.shows_tiles() => self.zoom(1),
            Action::Inspect => {
                if let Some(item) = self.session.as_ref().and_then(|session| session.selection) {
                    self.show(Overlay::Inspect(item));
                }
            }
            Action::Outage => self.ask_outage(),
            Action::FailOverRegion => self.preview_region(),
            Action::FailOver => self.choose_operation(Operation::FailOver),
            Action::Plans => self.choose_plan(),
            Action::Connect if self.context() == super::Context::Matrix => self.connect_cell(),
            Action::Connect => self.choose_connection(),
            Action::Disconnect => self.choose_link(),
            Action::Why if self.context() == super::Context::Matrix => self.why_cell(),
            Action::Why => self.choose_asker(),
            Action::Out => self.leave_cell(),
            Action::Order => self.order_cells(),
            Action::Jump => {
                let here = self.view().map_or(0, |session| session.history.position());
                self.choose_revision("Go to which step?", Purpose::Jump, here);
            }
            Action::Matrix => self.show_matrix(),
            Action::Addresses => self.show_addresses(),
            _ => {}
        }
    }

    pub(super) fn with_session<T>(&mut self, change: impl FnOnce(&mut Session) -> T) -> Option<T> {
        self.session.as_mut().map(|session| change(session))
    }

    fn notice_done(&mut self, action: Action) {
        if action != Action::Mend {
            self.notice = None;
        }
    }

    pub(super) fn open_prompt(&mut self, kind: PromptKind, text: impl Into<String>) {
        let mut prompt = Prompt::new(kind, text);
        if let (Some(session), PromptKind::Command) = (&self.session, kind) {
            let (world, themes) = (session.world(), &self.themes);
            prompt.refresh(|text| super::completion::command(world, themes, text));
        }
        self.prompt = Some(prompt);
    }

    fn quit(&mut self) -> Vec<Effect> {
        if !self.layers.is_empty() {
            self.layers.pop();
            return Vec::new();
        }
        if self.learning.is_some() {
            self.leave_lesson();
            return Vec::new();
        }
        if self.session.is_some() && self.from_picker {
            self.session = None;
            self.notice = None;
            return Vec::new();
        }
        vec![Effect::Quit]
    }

    fn back(&mut self) {
        if self.layers.pop().is_some() {
            return;
        }
        if let Some(session) = &mut self.session {
            session.stop();
            session.search.clear();
            session.only_found = false;
        }
    }

    fn toward(&mut self, toward: Toward) {
        let by = if matches!(toward, Toward::Up | Toward::Left) { -1 } else { 1 };
        let sideways = matches!(toward, Toward::Left | Toward::Right);
        match self.layers.last_mut().map(|layer| &mut layer.overlay) {
            None if self.session.is_none() => self.picker.step(by),
            None => self.move_selection(toward),
            Some(Overlay::List(list)) => list.step(by),
            Some(Overlay::Matrix(_)) => self.move_cell(toward),
            Some(Overlay::Addresses { .. }) => self.move_address(by),
            Some(Overlay::Findings { .. }) => self.move_finding(by),
            Some(Overlay::Lessons { .. }) => self.move_lesson(by),
            Some(Overlay::Compare(compare)) if sideways => {
                let at = compare.options.iter().position(|option| Some(option.kind) == compare.at).unwrap_or(0);
                let to = at.saturating_add_signed(by).min(compare.options.len().saturating_sub(1));
                compare.at = compare.options.get(to).map(|option| option.kind);
            }
            Some(Overlay::Preview(preview)) if sideways => preview.turn(by),
            Some(Overlay::Runs(runs)) if sideways => runs.turn(by),
            Some(Overlay::Timeline) if sideways && by < 0 => self.undo(),
            Some(Overlay::Timeline) if sideways => self.step(None),
            Some(Overlay::Differences { .. }) if sideways => self.turn_difference(by),
            Some(Overlay::Differences { .. }) => self.mark_difference(by),
            Some(_) => self.scroll(by),
        }
    }

    fn page(&mut self, pages: isize) {
        let page = isize::try_from(self.areas().map.height.saturating_sub(4).max(1)).unwrap_or(1);
        let by = page.saturating_mul(pages);
        match self.layers.last_mut().map(|layer| &mut layer.overlay) {
            None => self.picker.step(by),
            Some(Overlay::List(list)) => list.step(by),
            Some(Overlay::Addresses { .. }) => self.move_address(by),
            Some(Overlay::Findings { .. }) => self.move_finding(by),
            Some(Overlay::Differences { .. }) => self.mark_difference(by),
            Some(Overlay::Lessons { .. }) => self.move_lesson(by),
            Some(Overlay::Matrix(grid)) => grid.page(by),
            Some(_) => self.scroll(by),
        }
    }

    fn move_selection(&mut self, toward: Toward) {
        let Some(session) = &self.session else { return };
        let next = match session.selection {
            Some(item) => ground::neighbour(self, item, toward),
            None => session.source_region().map(Item::Region),
        };
        if let Some(next) = next {
            self.select(next);
        }
    }

    fn change_region(&mut self, by: isize) {
        let Some(session) = &self.session else { return };
        let count = session.world().regions().len();
        if count == 0 {
            return;
        }
        let at = session.region().map_or(if by > 0 { count - 1 } else { 0 }, RegionIx::at);
        let step = if by > 0 { 1 } else { count - 1 };
        let region = RegionIx::new((at + step) % count);
        let vnets = session.world().vnets();
        let first = vnets.iter().position(|vnet| vnet.region == region);
        let item = first.map_or(Item::Region(region), |at| Item::Vnet(crate::topology::VnetIx::new(at)));
        self.select(item);
    }

    fn mend(&mut self) {
        if matches!(self.top(), Some(Overlay::Findings { .. })) {
            self.mend_finding();
            return;
        }
        let first = self.notice.as_ref().and_then(|notice| notice.mend.first()).map(ToString::to_string);
        if let Some(command) = first {
            self.open_prompt(PromptKind::Command, command);
        }
    }

    /// Shows a refusal with the commands that would help.
    pub(super) fn refused(&mut self, refusal: &Refusal) {
        self.notice = Some(Notice {
            tone: Tone::Bad,
            code: Some(refusal.code.to_string()),
            text: refusal.message.clone(),
            mend: refusal.mend.clone(),
        });
    }

    /// Runs a command typed by the reader.
    pub(super) fn command(&mut self, text: &str) -> Vec<Effect> {
        self.notice = None;
        match Command::from_str(text) {
            Err(_) if self.says_deed(text) => {}
            Err(error) => {
                self.notice = Some(Notice {
                    tone: Tone::Bad,
                    code: Some("syntax".into()),
                    text: error.to_string(),
                    mend: Vec::new(),
                });
            }
            Ok(command) => self.run(&command),
        }
        Vec::new()
    }

    /// Runs a command; a plan of the file is loaded and run whole.
    pub(super) fn run(&mut self, command: &Command) {
        if self.session.is_none() {
            self.tell(Tone::Plain, NO_SESSION);
            return;
        }
        if !self.lesson_lets(command) {
            return;
        }
        let Some(session) = &mut self.session else { return };
        let before = session.history.position();
        if let (Command::Run(_), Some(_)) = (command, &self.learning) {
            // In a lesson it is one deed, as its files write it.
            let parts = session.run_whole(command);
            let refused = parts.into_iter().find_map(|part| part.outcome.err());
            self.tell(Tone::Done, format!("{command}: done"));
            if let Some(refusal) = &refused {
                self.refused(refusal);
            }
            self.lesson_takes(&Deed::Do(command.clone()), refused.as_ref(), before);
            return;
        }
        if let Command::Run(plan) = command {
            match self.load_plan(plan) {
                Ok(()) => self.run_rest(),
                Err(refusal) => self.refused(&refusal),
            }
            return;
        }
        let outcome = session.run(command);
        match &outcome {
            Err(refusal) => self.refused(refusal),
            Ok(()) => {
                let text = match session.history.now().step.as_ref().filter(|step| step.command == *command) {
                    Some(step) => format!("{command}: done in {}", took(step)),
                    None => format!("{command}: done"),
                };
                self.tell(Tone::Done, text);
            }
        }
        self.lesson_takes(&Deed::Do(command.clone()), outcome.as_ref().err(), before);
    }

    pub(super) fn show_list(&mut self, list: Chooser) {
        if list.rows.is_empty() {
            self.tell(Tone::Plain, "there is nothing to choose from");
        } else {
            self.show(Overlay::List(list));
        }
    }
}

/// Whether a message stays on the screen through this action: looking around does not answer it.
fn keeps_notice(action: Action) -> bool {
    matches!(
        action,
        Action::Left
            | Action::Right
            | Action::Up
            | Action::Down
            | Action::NextRegion
            | Action::PreviousRegion
            | Action::ZoomIn
            | Action::ZoomOut
            | Action::NextTrouble
            | Action::Mend
            | Action::Command
            | Action::Help
            | Action::Inspect
            | Action::Redraw
            | Action::Suspend
    )
}
