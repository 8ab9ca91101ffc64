//! What a scenario says about plans of the file, their findings, and runs side by side.

use failscope::plan::compare::{Aspect, Variant, compare};
use failscope::plan::{List, Plan, Timing, gaps, hook, schedule};
use failscope::topology::{Scope, Topology};
use failscope::world::World;
use serde::Deserialize;

/// A finding of the file with its line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checked {
    code: String,
    severity: Option<String>,
    line: usize,
    #[serde(default)]
    says: Vec<String>,
}

/// Findings of the file stand at these lines.
pub fn check_file(topology: &Topology, wanted: &[Checked], without: &[String]) {
    for wanted in wanted {
        let fits = |finding: &&failscope::topology::Finding| {
            finding.code.to_string() == wanted.code
                && finding.position.map(|place| place.line) == Some(wanted.line)
                && wanted.severity.as_ref().is_none_or(|severity| finding.severity.to_string() == *severity)
        };
        let found = topology.findings.iter().find(fits);
        let found =
            found.unwrap_or_else(|| panic!("no {} in line {}: {:#?}", wanted.code, wanted.line, topology.findings));
        for part in &wanted.says {
            assert!(found.message.contains(part.as_str()), "should say {part:?}: {}", found.message);
        }
    }
    for code in without {
        assert!(topology.findings.iter().all(|finding| finding.code.to_string() != *code), "{:#?}", topology.findings);
    }
}

/// How a plan of the file would run from here.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilePlan {
    id: String,
    /// `START END COMMAND` of each step, in order.
    steps: Option<Vec<String>>,
    /// The commands of the critical path, in order.
    critical: Option<Vec<String>>,
    /// What each list that is not empty is in Azure's plan.
    hooks: Option<Vec<String>>,
    #[serde(default)]
    outage: Vec<Outage>,
}

/// How long somebody is cut off.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Outage {
    from: String,
    to: String,
    /// From the first loss to the return.
    seconds: u64,
    /// Each loss as `FROM UNTIL`.
    losses: Option<Vec<String>>,
}

/// A plan of the file does what the scenario says.
pub fn check_file_plan(world: &World, wanted: &FilePlan) {
    let groups = world.groups_of(&wanted.id).expect("a plan of the file");
    let placed = schedule(world, &groups).placed;
    let steps: Vec<String> =
        placed.iter().map(|part| format!("{} {} {}", part.start, part.end(), part.command)).collect();
    assert!(wanted.steps.as_ref().is_none_or(|wanted| *wanted == steps), "the plan runs {steps:#?}");
    let critical: Vec<String> =
        placed.iter().filter(|part| part.critical).map(|part| part.command.to_string()).collect();
    assert!(wanted.critical.as_ref().is_none_or(|wanted| *wanted == critical), "critical: {critical:#?}");
    let lists = |at: usize| {
        let group = &groups[at];
        [(List::Before, &group.before), (List::Run, &group.run), (List::After, &group.after)]
            .into_iter()
            .filter(|(_, commands)| !commands.is_empty())
            .map(move |(list, _)| list)
    };
    let hooks: Vec<String> = (0..groups.len())
        .flat_map(|at| lists(at).map(move |list| (at, list)))
        .map(|(at, list)| hook(&groups, at, list))
        .collect();
    assert!(wanted.hooks.as_ref().is_none_or(|wanted| *wanted == hooks), "hooks: {hooks:#?}");
    let end = failscope::plan::schedule::total(&placed);
    check_outages(world, &gaps::gaps(world, &placed), end, &wanted.outage);
}

/// Somebody is cut off for so long.
pub fn check_outages(world: &World, gaps: &[failscope::plan::Gap], end: u64, wanted: &[Outage]) {
    let topology = world.topology();
    for wanted in wanted {
        let ends = |need: failscope::topology::Need| [need.from, need.to].map(|end| topology.endpoint_id(end));
        let gap = gaps.iter().find(|gap| ends(gap.need) == [wanted.from.as_str(), wanted.to.as_str()]);
        let Some(gap) = gap else {
            assert_eq!(wanted.seconds, 0, "{} and {} are never cut off", wanted.from, wanted.to);
            continue;
        };
        assert_eq!(gap.outage(end), wanted.seconds, "{} and {}: {gap:?}", wanted.from, wanted.to);
        let losses: Vec<String> = gap
            .losses
            .iter()
            .map(|loss| format!("{} {}", loss.from, loss.until.map_or("never".to_owned(), |until| until.to_string())))
            .collect();
        assert!(wanted.losses.as_ref().is_none_or(|wanted| *wanted == losses), "losses: {losses:?}");
    }
}

/// What a derived plan says about time.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Times {
    /// The recovery time in seconds.
    rto: Option<u64>,
    /// Whether the target of the file is met.
    met: Option<bool>,
    /// `detect`, `decide`, `fail-over`, `connect`, `work`, `routing`, `validate` in seconds.
    parts: Option<[u64; 7]>,
    /// `APP SECONDS` of every app concerned.
    apps: Option<Vec<String>>,
    outage: Vec<Outage>,
}

/// A derived plan takes the time the scenario says.
pub fn check_times(world: &World, plan: &Plan, wanted: &Times) {
    let rto = &plan.rto;
    assert!(wanted.rto.is_none_or(|seconds| seconds == rto.total().seconds), "recovery takes {}", rto.total().seconds);
    assert!(wanted.met.is_none() || wanted.met == rto.met(), "the target: {:?}", rto.met());
    let parts = [rto.detect, rto.decide, rto.fail_over, rto.connect, rto.work, rto.routing, rto.validate];
    let parts = parts.map(|part| part.seconds);
    assert!(wanted.parts.is_none_or(|wanted| wanted == parts), "the parts: {parts:?}");
    let apps: Vec<String> = rto
        .apps
        .iter()
        .map(|app| {
            let id = &world.topology().apps[app.app.at()].id;
            format!("{id} {}", app.seconds.map_or("never".to_owned(), |seconds| seconds.to_string()))
        })
        .collect();
    assert!(wanted.apps.as_ref().is_none_or(|wanted| *wanted == apps), "the apps: {apps:?}");
    check_outages(world, &plan.gaps, plan.seconds, &wanted.outage);
}

/// Runs of one failover side by side.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Compared {
    scope: String,
    /// `timing`, `kind` or `gateways`.
    by: String,
    /// Seconds of each plan.
    seconds: Option<Vec<u64>>,
    /// The longest outage of each in seconds.
    outage: Option<Vec<u64>>,
    /// Links each makes, as `COUNT KIND`.
    made: Option<Vec<String>>,
    /// Commands that lead to the world of each run.
    first: Option<Vec<Vec<String>>>,
    /// What each says about costs.
    #[serde(default)]
    charged: Vec<Vec<String>>,
}

/// Runs side by side do as the scenario says.
pub fn check_compared(world: &World, wanted: &Compared) {
    let scope: Scope = wanted.scope.parse().expect("a scope");
    let aspect =
        [Aspect::Timing, Aspect::Kind, Aspect::Gateways].into_iter().find(|aspect| aspect.to_string() == wanted.by);
    let aspect = aspect.expect("timing, kind or gateways");
    let variants: Vec<Variant> = aspect.variants();
    let found = compare(world, &scope, aspect, &variants, Timing::default());
    let plans: Vec<&Plan> = found.runs.iter().map(|run| run.plan.as_ref().expect("it can run")).collect();
    let seconds: Vec<u64> = plans.iter().map(|plan| plan.seconds).collect();
    assert!(wanted.seconds.as_ref().is_none_or(|wanted| *wanted == seconds), "seconds: {seconds:?}");
    let outage: Vec<u64> = plans.iter().map(|plan| plan.longest_outage().0).collect();
    assert!(wanted.outage.as_ref().is_none_or(|wanted| *wanted == outage), "outages: {outage:?}");
    let made = |plan: &&Plan| {
        let parts = Plan::by_kind(&plan.made).into_iter().map(|(kind, count)| format!("{count} {kind}"));
        parts.collect::<Vec<_>>().join(", ")
    };
    let made: Vec<String> = plans.iter().map(made).collect();
    assert!(wanted.made.as_ref().is_none_or(|wanted| *wanted == made), "made: {made:?}");
    let first: Vec<Vec<String>> =
        found.runs.iter().map(|run| run.first.iter().map(ToString::to_string).collect()).collect();
    assert!(wanted.first.as_ref().is_none_or(|wanted| *wanted == first), "first: {first:?}");
    for (plan, wanted) in plans.iter().zip(&wanted.charged) {
        let charged = plan.charged().join("\n");
        for part in wanted {
            assert!(charged.contains(part.as_str()), "{part:?} is not charged: {charged}");
        }
    }
}
