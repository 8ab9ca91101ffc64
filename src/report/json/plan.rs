//! `plan --json`: the derived plan of a scope.

use std::net::Ipv4Addr;

use serde::Serialize;

use super::time::{self, OutageJson, RtoJson, TimedStepJson};
use super::{FindingJson, circuit, ids, texts};
use crate::plan::{List, Plan, PlannedLink, hook};
use crate::topology::{Command, Group, LinkKind, Scope, Severity};
use crate::world::{Refusal, World};

/// What `plan --json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanJson {
    /// What fails over, as commands write it.
    pub scope: String,
    /// The steps.
    pub groups: Vec<GroupJson>,
    /// How long it takes.
    pub seconds: u64,
    /// The address each VM will get.
    pub addresses: Vec<AddressJson>,
    /// Links that change and links that stay.
    pub links: LinksJson,
    /// What a reader should know.
    pub findings: Vec<FindingJson>,
    /// Every step with its place in time, in the order they run.
    pub steps: Vec<TimedStepJson>,
    /// Who is cut off meanwhile.
    pub outages: Vec<OutageJson>,
    /// The recovery time; null where nothing can move.
    pub rto: Option<RtoJson>,
}

/// One group of steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupJson {
    /// Its title.
    pub title: String,
    /// Pre-actions.
    pub before: Vec<String>,
    /// What the group does.
    #[serde(rename = "do")]
    pub run: Vec<String>,
    /// Post-actions.
    pub after: Vec<String>,
    /// What each list is in Azure's plan.
    pub azure: HooksJson,
}

/// What the lists of a group are in a recovery plan of Azure; null where a list is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HooksJson {
    /// The actions before.
    pub before: Option<String>,
    /// What the group does.
    #[serde(rename = "do")]
    pub run: Option<String>,
    /// The actions after.
    pub after: Option<String>,
}

/// The address a VM will get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AddressJson {
    /// The VM's id.
    pub vm: String,
    /// The further NIC, or the NIC a secondary address is of; left out for the VM's first address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nic: Option<String>,
    /// Whether it is a secondary address; left out where it is none.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub secondary: bool,
    /// Its address now.
    pub from: Ipv4Addr,
    /// Its address after the failover.
    pub to: Ipv4Addr,
    /// Whether it stays the same.
    pub retained: bool,
    /// The rule that decided.
    pub rule: String,
}

/// What happens to links.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LinksJson {
    /// Links that are cut.
    pub cut: Vec<PlannedLinkJson>,
    /// Links that are made.
    pub made: Vec<PlannedLinkJson>,
    /// Links that stay.
    pub kept: Vec<PlannedLinkJson>,
}

/// A link of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedLinkJson {
    /// `vpn`, `peering` or `expressroute`.
    pub kind: LinkKind,
    /// The ids of its ends.
    pub between: [String; 2],
    /// The id of its circuit; left out where it has none of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub circuit: Option<String>,
}

/// What `plan --json` prints for a plan derived from `world`.
pub fn plan(world: &World, plan: &Plan) -> PlanJson {
    let links = |links: &[PlannedLink]| {
        let links = links.iter();
        let shown = |link: &PlannedLink| PlannedLinkJson {
            kind: link.kind,
            between: ids(world, link.between),
            circuit: circuit(world, link.circuit),
        };
        links.map(shown).collect()
    };
    let addresses = plan.given().map(|(holding, assigned)| AddressJson {
        vm: world.vm_id(holding.vm).to_owned(),
        nic: world.card(holding).map(|card| card.nic.clone()),
        secondary: world.card(holding).is_some_and(|card| card.secondary),
        from: assigned.from.ip,
        to: assigned.to.ip,
        retained: assigned.retained,
        rule: assigned.rule.to_string(),
    });
    PlanJson {
        scope: plan.scope.to_string(),
        groups: (0..plan.groups.len()).map(|at| group(&plan.groups, at)).collect(),
        seconds: plan.seconds,
        addresses: addresses.collect(),
        links: LinksJson { cut: links(&plan.cut), made: links(&plan.made), kept: links(&plan.kept) },
        findings: plan.findings.iter().map(FindingJson::from).collect(),
        steps: time::steps(world, plan),
        outages: time::outages(world, plan),
        rto: Some(time::rto(world, &plan.rto)),
    }
}

/// What `plan --json` prints where nothing in the scope can move: the same shape, with the refusal as its only finding.
pub fn refused_plan(scope: &Scope, refusal: &Refusal) -> PlanJson {
    PlanJson {
        scope: scope.to_string(),
        groups: Vec::new(),
        seconds: 0,
        addresses: Vec::new(),
        links: LinksJson::default(),
        findings: vec![FindingJson {
            severity: Severity::Error.to_string(),
            code: refusal.code.to_string(),
            message: refusal.message.clone(),
            at: Vec::new(),
            consequence: None,
            mend: texts(&refusal.mend),
        }],
        steps: Vec::new(),
        outages: Vec::new(),
        rto: None,
    }
}

fn group(groups: &[Group], at: usize) -> GroupJson {
    let group = &groups[at];
    let azure = |list: List, commands: &[Command]| (!commands.is_empty()).then(|| hook(groups, at, list));
    GroupJson {
        title: group.title.clone(),
        before: texts(&group.before),
        run: texts(&group.run),
        after: texts(&group.after),
        azure: HooksJson {
            before: azure(List::Before, &group.before),
            run: azure(List::Run, &group.run),
            after: azure(List::After, &group.after),
        },
    }
}
