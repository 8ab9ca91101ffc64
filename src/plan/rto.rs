//! How long a failover takes as those who wait for it count: from the disaster to the moment everything works (F23).
//!
//! `detect + decide + max(failover, links) + routing + validate`. The middle is the plan itself, whose schedule knows
//! what runs side by side, and which a test failover measures (E12; the documented example took 8 min 59 s, F3). The
//! target stands in the file; Site Recovery's own promise is an hour (F1).

use super::schedule::{moves_machines, total};
use super::{Gap, Scheduled};
use crate::topology::timing::{Basis, Duration, spoken};
use crate::topology::{AppIx, Command, Endpoint, Finding, FindingCode, Severity};
use crate::world::{Subject, World, apply_step};

/// What Site Recovery's service level promises for the failover of machines, in seconds: one hour. It speaks of Site
/// Recovery alone, not of gateways, DNS or runbooks (F1).
pub const SERVICE_LEVEL: u64 = 3600;

/// A part of the recovery time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Part {
    /// Seconds it takes.
    pub seconds: u64,
    /// Whether a figure in it has no source.
    pub assumed: bool,
}

/// The recovery time of one app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppRto {
    /// The app.
    pub app: AppIx,
    /// Seconds from the disaster until its machines run and everyone it needs is reached; none if that never comes.
    pub seconds: Option<u64>,
    /// What the file asks for, in seconds.
    pub target: Option<u64>,
}

/// The recovery time of a plan and what it is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rto {
    /// Finding out that something happened.
    pub detect: Part,
    /// Deciding to fail over.
    pub decide: Part,
    /// The failover of machines, from the first shutdown to the last start.
    pub fail_over: Part,
    /// Gateways and links, from the first to the last.
    pub connect: Part,
    /// The plan up to its last machine, gateway and link: what of the two above runs side by side counts once, and
    /// other steps of the plan count too.
    pub work: Part,
    /// What routes on premises add after that.
    pub routing: Part,
    /// Making sure that everything works.
    pub validate: Part,
    /// What the file asks for, in seconds.
    pub target: Option<u64>,
    /// Whether everybody who is cut off meanwhile talks again at the end.
    pub comes_back: bool,
    /// The apps whose machines move or that are cut off meanwhile, in file order.
    pub apps: Vec<AppRto>,
    /// How many actions wait for a person.
    pub persons: usize,
    /// How long those actions are taken to last, one after the other.
    pub waiting: Part,
}

impl Rto {
    /// The recovery time of placed commands with the gaps they leave.
    pub fn of(world: &World, placed: &[Scheduled], gaps: &[Gap]) -> Self {
        let timing = &world.topology().timing;
        let fixed = |what| Part { seconds: timing.seconds(what), assumed: timing.basis(what) == Basis::Assumed };
        let other = |command: &Command| !is_routing(command);
        let work = Part { seconds: until(placed, other), ..span(placed, other) };
        let routing = Part { seconds: total(placed).saturating_sub(work.seconds), ..span(placed, is_routing) };
        let mut rto = Self {
            detect: fixed(Duration::Detect),
            decide: fixed(Duration::Decide),
            fail_over: span(placed, moves_machines),
            connect: span(placed, is_linking),
            work,
            routing,
            validate: fixed(Duration::Validate),
            target: world.topology().objective.rto,
            comes_back: gaps.iter().all(|gap| gap.until.is_some()),
            apps: Vec::new(),
            persons: waiting(placed).count(),
            waiting: Part {
                seconds: waiting(placed).map(|part| part.seconds).sum(),
                assumed: waiting(placed).any(|part| part.basis == Some(Basis::Assumed)),
            },
        };
        rto.apps = rto.of_apps(world, placed, gaps);
        rto
    }

    /// The whole of it.
    pub fn total(&self) -> Part {
        let parts = [self.detect, self.decide, self.work, self.routing, self.validate];
        Part {
            seconds: parts.iter().map(|part| part.seconds).sum(),
            assumed: parts.iter().any(|part| part.assumed && part.seconds > 0),
        }
    }

    /// Whether the target of the file is met, where it names one.
    pub fn met(&self) -> Option<bool> {
        self.target.map(|target| self.comes_back && self.total().seconds <= target)
    }

    /// What is worth knowing: targets that are missed, and a failover longer than Site Recovery promises (F1).
    pub fn findings(&self, world: &World) -> Vec<Finding> {
        let mut found = Vec::new();
        let total = self.total();
        let assumed = if total.assumed { " (partly assumed)" } else { "" };
        if let (Some(target), false) = (self.target, self.comes_back) {
            let message =
                format!("somebody stays cut off at the end, so recovery is not there after {} either", spoken(target));
            found.push(Finding::new(Severity::Error, FindingCode::RtoMissed, message, Vec::new()));
        } else if let (Some(target), Some(false)) = (self.target, self.met()) {
            let message = format!(
                "recovery takes {}{assumed} and should take {}: {}{}, {} for detecting, deciding and validating",
                spoken(total.seconds),
                spoken(target),
                self.longest(),
                self.person().map(|person| format!(", {person}")).unwrap_or_default(),
                spoken(self.detect.seconds + self.decide.seconds + self.validate.seconds),
            );
            found.push(Finding::new(Severity::Warning, FindingCode::RtoMissed, message, Vec::new()));
        } else if let (Some(target), Some(person)) = (self.target, self.person()) {
            let message = format!(
                "recovery takes {}{assumed} and should take {}, but only if nobody is late: {person}",
                spoken(total.seconds),
                spoken(target)
            );
            found.push(Finding::new(Severity::Note, FindingCode::RtoMissed, message, Vec::new()));
        }
        for app in &self.apps {
            let Some(target) = app.target.filter(|target| app.seconds.is_none_or(|seconds| seconds > *target)) else {
                continue;
            };
            let declared = &world.topology().apps[app.app.at()];
            let takes = match app.seconds {
                Some(seconds) => {
                    let person = self.person().map(|person| format!(" ({person})")).unwrap_or_default();
                    format!("is back after {}{assumed}{person}", spoken(seconds))
                }
                None => "does not come back whole with this plan".to_owned(),
            };
            let message = format!("{} {takes} and should be after {}", declared.title, spoken(target));
            found.push(Finding::new(Severity::Warning, FindingCode::RtoMissed, message, vec![declared.id.clone()]));
        }
        if self.fail_over.seconds > SERVICE_LEVEL {
            let message = format!(
                "the failover of machines takes {}, longer than the {} of Site Recovery's service level (F1)",
                spoken(self.fail_over.seconds),
                spoken(SERVICE_LEVEL),
            );
            found.push(Finding::new(Severity::Note, FindingCode::RtoMissed, message, Vec::new()));
        }
        found
    }

    /// What a plan with manual actions must say: its time is that of a person who comes at once (E5).
    fn person(&self) -> Option<String> {
        let (times, wait) = match self.persons {
            0 => return None,
            1 => ("a manual action".to_owned(), "it waits"),
            many => (format!("{many} manual actions"), "they wait"),
        };
        let counted = spoken(self.waiting.seconds);
        Some(format!("{counted} of it for {times}, and {wait} for a person however long that takes (assumed)"))
    }

    /// Which of machines and links takes longer.
    fn longest(&self) -> String {
        match self.connect.seconds > self.fail_over.seconds {
            true => format!("{} for gateways and links", spoken(self.connect.seconds)),
            false => format!("{} for the failover of machines", spoken(self.fail_over.seconds)),
        }
    }

    /// An app is back when its machines run and each of its needs is met for good.
    fn of_apps(&self, world: &World, placed: &[Scheduled], gaps: &[Gap]) -> Vec<AppRto> {
        let topology = world.topology();
        // When the app is back, for those it concerns; never is an inner none.
        let mut back: Vec<Option<Option<u64>>> = vec![None; topology.apps.len()];
        let mut later = |app: AppIx, moment: Option<u64>| {
            let known = back[app.at()].get_or_insert(Some(0));
            *known = known.and_then(|known| Some(known.max(moment?)));
        };
        let mut now = world.clone();
        for part in placed.iter().filter(|part| part.refused.is_none()) {
            let Ok(done) = apply_step(&now, &part.command) else { continue };
            now = done.world;
            if !moves_machines(&part.command) {
                continue;
            }
            let moved = done.changes.iter().filter_map(|change| match change.subject {
                Subject::Vm(vm) => now.app_of(vm),
                _ => None,
            });
            moved.for_each(|app| later(app, Some(part.end())));
        }
        for gap in gaps {
            for end in [gap.need.from, gap.need.to] {
                match end {
                    Endpoint::App(app) => later(app, gap.until),
                    Endpoint::Vm(vm) => {
                        if let Some(app) = world.app_of(vm) {
                            later(app, gap.until);
                        }
                    }
                    Endpoint::Site(_) => {}
                }
            }
        }
        let around = self.detect.seconds + self.decide.seconds + self.validate.seconds;
        let concerned = back.into_iter().enumerate().filter_map(|(at, back)| Some((AppIx::new(at), back?)));
        let rto = |(app, back): (AppIx, Option<u64>)| AppRto {
            app,
            seconds: back.map(|back| back + around),
            target: topology.apps[app.at()].rto,
        };
        concerned.map(rto).collect()
    }
}

fn is_linking(command: &Command) -> bool {
    use Command::{Connect, CreateGateway, DeleteGateway, Disconnect};
    matches!(command, Connect { .. } | Disconnect { .. } | CreateGateway { .. } | DeleteGateway { .. })
}

/// The actions that pause until a person confirms them.
fn waiting(placed: &[Scheduled]) -> impl Iterator<Item = &Scheduled> {
    placed.iter().filter(|part| part.refused.is_none() && matches!(part.command, Command::Manual(_)))
}

fn is_routing(command: &Command) -> bool {
    matches!(command, Command::Route { .. } | Command::Unroute { .. })
}

/// From the start of the first of these commands to the end of the last.
fn span(placed: &[Scheduled], which: impl Fn(&Command) -> bool) -> Part {
    let these = || placed.iter().filter(|part| part.refused.is_none() && which(&part.command));
    let start = these().map(|part| part.start).min().unwrap_or(0);
    Part {
        seconds: these().map(Scheduled::end).max().unwrap_or(0).saturating_sub(start),
        assumed: these().any(|part| part.basis == Some(Basis::Assumed)),
    }
}

/// When the last of these commands is done.
fn until(placed: &[Scheduled], which: impl Fn(&Command) -> bool) -> u64 {
    placed.iter().filter(|part| part.refused.is_none() && which(&part.command)).map(Scheduled::end).max().unwrap_or(0)
}
