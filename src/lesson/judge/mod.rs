//! Whether a predicate holds at a moment, judged by the real model; a false one says why, with evidence and, where there is
//! one, the command that would mend it (4.1, 4.3).

mod links;
mod machines;
mod naming;
mod networks;

use std::collections::BTreeSet;

use super::deed::fits;
use super::predicate::{Did, FindingIs, Looked, PlanIs, Tried};
use super::{Look, Predicate};
use crate::history::{History, Revision};
use crate::network::Network;
use crate::plan::readiness::{DECIDED_HERE, readiness};
use crate::topology::timing::spoken;
use crate::topology::{Command, Finding};
use crate::world::{Refusal, World};

/// A moment of an attempt: the world as it is, how it came there, and what the learner looked at and answered.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// The world's history.
    pub history: &'a History,
    /// The revision that is looked at.
    pub at: usize,
    /// The questions that are answered.
    pub answered: &'a BTreeSet<String>,
    /// The sheets that were looked at.
    pub looked: &'a BTreeSet<Look>,
    /// The commands that were refused so far, each with its code.
    pub refused: &'a [(String, String)],
    /// The plans that were run so far, as commands; their parts stand in the history.
    pub ran: &'a [String],
    /// The revision the learner began at.
    pub began: usize,
}

/// Why a predicate does not hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unmet {
    /// A sentence for the learner.
    pub because: String,
    /// What the model shows for it.
    pub evidence: Vec<String>,
    /// The commands that would mend it, in order; none where no command helps.
    pub fix: Vec<Command>,
}

impl Unmet {
    fn new(because: impl Into<String>) -> Self {
        Self { because: because.into(), ..Self::default() }
    }

    fn shown_by(mut self, evidence: impl Into<String>) -> Self {
        self.evidence.push(evidence.into());
        self
    }

    fn mended_by(mut self, fix: impl IntoIterator<Item = Command>) -> Self {
        self.fix = fix.into_iter().collect();
        self
    }
}

/// A name that nothing has makes a predicate false, with the nearest name.
impl From<Refusal> for Unmet {
    fn from(refusal: Refusal) -> Self {
        Self::new(sentence(&refusal.message))
    }
}

/// What a judgement comes to.
type Judged = Result<(), Unmet>;

/// Holds, or the reason given.
fn holds(is: bool, otherwise: impl FnOnce() -> Unmet) -> Judged {
    if is { Ok(()) } else { Err(otherwise()) }
}

/// A text with a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    let end = if text.ends_with('?') { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

impl<'a> Moment<'a> {
    /// The revision that is looked at; the last one where there is none.
    pub fn revision(&self) -> &'a Revision {
        self.history.revisions().get(self.at).unwrap_or_else(|| self.history.now())
    }

    /// The world.
    pub fn world(&self) -> &'a World {
        &self.revision().world
    }

    /// Its forwarding state.
    pub fn network(&self) -> &'a Network {
        &self.revision().network
    }

    /// World seconds since the learner began.
    pub fn seconds(&self) -> u64 {
        let began = self.history.revisions().get(self.began).map_or(0, |revision| revision.world.seconds());
        self.world().seconds().saturating_sub(began)
    }

    /// The commands done since the learner began, in order.
    fn done(&self) -> impl Iterator<Item = &'a Command> {
        let revisions = self.history.revisions().iter().take(self.at + 1);
        revisions.skip(self.began + 1).filter_map(|revision| revision.step.as_ref()).map(|step| &step.command)
    }
}

impl Predicate {
    /// Whether it holds.
    ///
    /// # Errors
    /// Why not.
    pub fn judge(&self, moment: &Moment<'_>) -> Result<(), Unmet> {
        let world = moment.world();
        match self {
            Self::Link(is) => links::link(world, is),
            Self::NoLink(pair) => links::no_link(world, pair),
            Self::HalfLink(pair) => links::half_link(world, pair),
            Self::Gateway(is) => links::gateway(world, is),
            Self::Vms(are) => machines::vms(world, are),
            Self::Running(is) => machines::running(world, is),
            Self::IpPlan(is) => machines::ip_plan(world, is),
            Self::Phase(is) => machines::phase(world, is),
            Self::CleanUpOwed(owed) => machines::clean_up_owed(world, owed),
            Self::Reach(reach) => networks::reach(moment, reach),
            Self::NoReach(reach) => match networks::reach(moment, reach) {
                Ok(()) => Err(Unmet::new(format!("{} still reaches {}.", reach.from, reach.to))),
                Err(_) => naming::endpoint(world, &reach.from).and(naming::endpoint(world, &reach.to)).map(|_| ()),
            },
            Self::NoOverlap(around) => networks::no_overlap(world, around),
            Self::NoDuplicateIp(from) => networks::no_duplicate_ip(world, from),
            Self::Route(is) => networks::route(world, is),
            Self::Vnet(is) => networks::vnet(world, is),
            Self::Subnet(is) => networks::subnet(world, is),
            Self::Up(is) => networks::up(world, &is.region),
            Self::NeedsMet => networks::needs_met(moment),
            Self::Plan(is) => plan(world, is),
            Self::Clock(is) => clock(moment, is.before.0),
            Self::Asked(asked) => holds(moment.answered.contains(&asked.quiz), || {
                Unmet::new(format!("The question {} is not answered yet.", asked.quiz))
            }),
            Self::Looked(is) => looked(moment, is),
            Self::Finding(is) => finding(world, is),
            Self::Did(is) => did(moment, is),
            Self::Tried(is) => tried(moment, is),
            Self::All(of) => of.iter().try_for_each(|is| is.judge(moment)),
            Self::Any(of) => any(of, moment),
            Self::Not(is) => match is.judge(moment) {
                Ok(()) => Err(Unmet::new(format!("It is so that {}.", is.words(world)))),
                Err(_) => Ok(()),
            },
            Self::Count(min, of) => count(*min, of, moment),
        }
    }
}

fn any(of: &[Predicate], moment: &Moment<'_>) -> Judged {
    let unmet: Vec<Unmet> = of.iter().filter_map(|is| is.judge(moment).err()).collect();
    holds(unmet.len() < of.len(), || Unmet {
        because: unmet.first().map(|unmet| unmet.because.clone()).unwrap_or_default(),
        evidence: unmet.iter().skip(1).map(|unmet| unmet.because.clone()).collect(),
        fix: unmet.iter().map(|unmet| &unmet.fix).find(|fix| !fix.is_empty()).cloned().unwrap_or_default(),
    })
}

fn count(min: usize, of: &[Predicate], moment: &Moment<'_>) -> Judged {
    let unmet: Vec<Unmet> = of.iter().filter_map(|is| is.judge(moment).err()).collect();
    let met = of.len() - unmet.len();
    holds(met >= min, || Unmet {
        because: format!("{met} of {} hold, {min} must.", of.len()),
        evidence: unmet.iter().map(|unmet| unmet.because.clone()).collect(),
        fix: unmet.iter().map(|unmet| &unmet.fix).find(|fix| !fix.is_empty()).cloned().unwrap_or_default(),
    })
}

fn clock(moment: &Moment<'_>, before: u64) -> Judged {
    let passed = moment.seconds();
    holds(passed < before, || {
        Unmet::new(format!("{} passed; it was to be done in less than {}.", spoken(passed), spoken(before)))
    })
}

fn looked(moment: &Moment<'_>, is: &Looked) -> Judged {
    let seen = moment.looked.iter().any(|look| look.sheet == is.sheet && is.at.iter().all(|id| look.at.contains(id)));
    holds(seen, || {
        let at = if is.at.is_empty() { String::new() } else { format!(" about {}", is.at.join(" and ")) };
        Unmet::new(format!("The sheet \"{}\"{at} was not opened yet.", is.sheet))
    })
}

fn did(moment: &Moment<'_>, is: &Did) -> Judged {
    let ran = moment.ran.iter().any(|command| fits(&is.action, command));
    holds(ran || moment.done().any(|command| fits(&is.action, &command.to_string())), || {
        Unmet::new(format!("`{}` was not done yet.", is.action))
    })
}

fn tried(moment: &Moment<'_>, is: &Tried) -> Judged {
    let fits_it = |(command, code): &(String, String)| {
        fits(&is.action, command) && is.refused.as_ref().is_none_or(|wanted| wanted == code)
    };
    let done = is.refused.is_none() && moment.done().any(|command| fits(&is.action, &command.to_string()));
    holds(done || moment.refused.iter().any(fits_it), || Unmet::new(format!("`{}` was not tried yet.", is.action)))
}

fn finding(world: &World, is: &FindingIs) -> Judged {
    let about = |finding: &Finding| is.at.as_ref().is_none_or(|id| finding.at.iter().any(|at| at == id));
    // What depends on the world as it is now is found anew; the file's own word on it may be outdated.
    let lasting = |finding: &&Finding| !DECIDED_HERE.contains(&finding.code);
    let declared = world.topology().findings.iter().filter(lasting).cloned();
    let all = world.findings().into_iter().chain(readiness(world)).chain(declared);
    let found = all.into_iter().any(|finding| finding.code.to_string() == is.code && about(&finding));
    holds(found, || Unmet::new(format!("Nothing is found of the kind `{}`.", is.code)))
}

fn plan(world: &World, is: &PlanIs) -> Judged {
    let plans = world.topology().plans.iter().filter(|plan| is.id.as_ref().is_none_or(|id| *id == plan.id));
    let found = plans.into_iter().any(|plan| {
        let groups = plan.groups.iter().enumerate().filter(|(at, _)| is.group.is_none_or(|group| group == at + 1));
        groups.into_iter().any(|(_, group)| {
            let named = ["before", "do", "after"].into_iter().zip(group.stages());
            named
                .filter(|(name, _)| is.list.as_ref().is_none_or(|list| list == name))
                .flat_map(|(_, steps)| steps)
                .any(|step| fits(&is.contains, &step.command.to_string()))
        })
    });
    holds(found, || {
        let place = match (&is.id, is.group) {
            (Some(id), Some(group)) => format!("group {group} of the plan {id}"),
            (Some(id), None) => format!("the plan {id}"),
            _ => "the plan".to_owned(),
        };
        Unmet::new(format!("{} says no `{}`.", sentence(&place).trim_end_matches('.'), is.contains))
    })
}

/// The VM, app or site of a name.
///
/// # Errors
/// That there is none, with the nearest name.
pub(super) fn party(world: &World, id: &str) -> Result<crate::topology::Endpoint, String> {
    naming::endpoint(world, id).map_err(|unmet| unmet.because)
}
