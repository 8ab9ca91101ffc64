//! Comparing runs of one failover: opening the sheet, what it compares, and taking one of the runs.

use strum::IntoEnumIterator;

use super::chooser::Purpose;
use super::overlay::{Overlay, Runs};
use super::{App, Layer, Notice, Tone};
use crate::plan::Timing;
use crate::plan::compare::{Aspect, Variant, compare};
use crate::topology::Scope;

impl App {
    /// From the preview the same failover is compared; from the map the reader chooses one.
    pub(super) fn compare_runs(&mut self) {
        match self.top() {
            Some(Overlay::Preview(preview)) => {
                let (scope, title, timing) = (preview.scope.clone(), preview.title.clone(), preview.timing);
                self.open_runs(&scope, title, Aspect::Timing, timing);
            }
            _ => self.choose_scope_for("Compare the failover of what?", Purpose::CompareRuns),
        }
    }

    pub(super) fn show_runs(&mut self, scope: &Scope, title: &str, aspect: Aspect, timing: Timing) {
        self.open_runs(scope, format!("Failover of {title}"), aspect, timing);
    }

    fn open_runs(&mut self, scope: &Scope, title: String, aspect: Aspect, timing: Timing) {
        let Some(session) = &self.session else { return };
        let comparison = compare(session.world(), scope, aspect, &aspect.variants(), timing);
        if let Some(refusal) = comparison.runs.first().and_then(|run| run.plan.as_ref().err()) {
            let refusal = refusal.clone();
            self.refused(&refusal);
            return;
        }
        // The run the reader looked at is marked.
        let here = comparison.runs.iter().position(|run| run.variant == Variant::Timing(timing));
        self.show(Overlay::Runs(Box::new(Runs { title, timing, comparison, at: here.unwrap_or(0) })));
    }

    /// Compares the same failover by something else.
    pub(super) fn next_comparison(&mut self, by: isize) {
        let Some(Overlay::Runs(runs)) = self.top() else { return };
        let Some(session) = &self.session else { return };
        let all: Vec<Aspect> = Aspect::iter().collect();
        let here = all.iter().position(|aspect| *aspect == runs.comparison.aspect).unwrap_or(0);
        let step = if by < 0 { all.len() - 1 } else { 1 };
        let aspect = all[(here + step) % all.len()];
        let comparison = compare(session.world(), &runs.comparison.scope, aspect, &aspect.variants(), runs.timing);
        if let Some(Layer { overlay: Overlay::Runs(runs), scroll }) = self.layers.last_mut() {
            runs.comparison = comparison;
            runs.at = 0;
            *scroll = 0;
        }
    }

    /// Takes the marked run as the plan; one that begins from another world says what leads there.
    pub(super) fn take_run(&mut self, runs: &Runs) {
        let Some(run) = runs.marked() else { return };
        match &run.plan {
            Err(refusal) => self.refused(refusal),
            Ok(_) if !run.first.is_empty() => {
                self.layers.clear();
                self.notice = Some(Notice {
                    tone: Tone::Plain,
                    code: None,
                    text: "this run begins with other gateways than there are now".to_owned(),
                    mend: run.first.clone(),
                });
            }
            Ok(plan) => {
                self.layers.clear();
                self.with_session(|session| session.load(&runs.title, plan));
                self.tell(Tone::Plain, "the plan is ready: n runs a step, space plays it, p goes back");
            }
        }
    }
}
