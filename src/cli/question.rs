//! `failscope plan`, `compare`, `reach` and `routes`: questions that change nothing.

use super::args::{CompareArgs, PlanArgs, ReachArgs, RoutesArgs};
use super::open::{history, prepared};
use super::output::{self, Exit, Failure, complain};
use crate::network::{Route, effective_routes, explain_on};
use crate::plan::{self, Timing, derive};
use crate::report::run::has_errors;
use crate::report::{compare as compare_text, json, plan as plan_text, reach as reach_text, routes as routes_text};
use crate::topology::command::did_you_mean;
use crate::topology::{AppIx, Endpoint, Severity, SiteIx, Topology, VmIx};
use crate::world::{Refusal, World};

/// Derives a plan and prints it.
///
/// # Errors
/// The scope is none, the topology cannot be opened, or standard output cannot be written.
pub fn plan(args: &PlanArgs) -> Result<Exit, Failure> {
    let scope = args.scope().map_err(Failure::misused)?;
    let history = history(&args.topology)?;
    let world = &history.now().world;
    match derive(world, &scope, args.timing()) {
        Ok(plan) => {
            if args.json {
                output::json(&json::plan(world, &plan))?;
            } else {
                output::result(&plan_text::plan(world, &plan))?;
            }
            Ok(Exit::failed_if(has_errors(&plan.findings)))
        }
        Err(refusal) => {
            if args.json {
                output::json(&json::refused_plan(&scope, &refusal))?;
            }
            complain(&format!("{scope} cannot fail over ({}): {refusal}", refusal.code));
            Ok(Exit::Failed)
        }
    }
}

/// Compares runs of one failover and prints them side by side.
///
/// # Errors
/// The scope is none, the topology cannot be opened, or standard output cannot be written.
pub fn compare(args: &CompareArgs) -> Result<Exit, Failure> {
    let scope = args.scope().map_err(Failure::misused)?;
    let history = history(&args.topology)?;
    let world = &history.now().world;
    let (aspect, variants) = args.variants();
    let comparison = plan::compare(world, &scope, aspect, &variants, Timing::default());
    if args.json {
        output::json(&json::compare(world, &comparison))?;
    }
    let mut refusals = comparison.runs.iter().filter_map(|run| run.plan.as_ref().err());
    if let (Some(refusal), true) = (refusals.next(), comparison.runs.iter().all(|run| run.plan.is_err())) {
        complain(&format!("{scope} cannot fail over ({}): {refusal}", refusal.code));
        return Ok(Exit::Failed);
    }
    if !args.json {
        output::result(&compare_text::compare(world, &comparison))?;
    }
    let plans = comparison.runs.iter().filter_map(|run| run.plan.as_ref().ok());
    let failed = plans.flat_map(|plan| &plan.findings).any(|finding| finding.severity == Severity::Error);
    Ok(Exit::failed_if(failed || comparison.runs.iter().any(|run| run.plan.is_err())))
}

/// Prints the matrix, or the explanation of a pair.
///
/// # Errors
/// A name is unknown, the topology cannot be opened, or standard output cannot be written.
pub fn reach(args: &ReachArgs) -> Result<Exit, Failure> {
    let (history, exit) = prepared(&args.prepared)?;
    let now = history.now();
    match (&args.from, &args.to) {
        (Some(from), Some(to)) => {
            let topology = now.world.topology();
            let (from, to) = (endpoint(topology, from)?, endpoint(topology, to)?);
            let explanation = explain_on(&now.world, &now.network, from, to, args.port);
            if args.json {
                output::json(&json::pair(&now.world, &explanation))?;
            } else {
                output::result(&reach_text::pair(&now.world, &explanation))?;
            }
        }
        _ if args.json => output::json(&json::matrix(&now.world, &now.network))?,
        _ => output::result(&reach_text::matrix(&now.world, &now.network))?,
    }
    Ok(exit)
}

/// Prints effective routes.
///
/// # Errors
/// A name is unknown, the topology cannot be opened, or standard output cannot be written.
pub fn routes(args: &RoutesArgs) -> Result<Exit, Failure> {
    let (history, exit) = prepared(&args.prepared)?;
    let world = &history.now().world;
    let routes = routes_at(world, &args.at).map_err(|refusal| Failure::misused(refusal.message))?;
    if args.json {
        output::json(&json::routes(world, &args.at, &routes))?;
    } else {
        output::result(&routes_text::routes(world, &args.at, &routes))?;
    }
    Ok(exit)
}

/// The effective routes of a VNet or of `VNET/SUBNET`.
fn routes_at(world: &World, at: &str) -> Result<Vec<Route>, Refusal> {
    let (vnet, subnet) = match at.split_once('/') {
        None => (at, None),
        Some((vnet, subnet)) => (vnet, Some(subnet)),
    };
    let vnet = world.vnet_named(vnet)?;
    let subnet = subnet.map(|id| world.subnet_in(vnet, id)).transpose()?;
    Ok(effective_routes(world, vnet, subnet))
}

/// The VM, app or site of a name.
fn endpoint(topology: &Topology, id: &str) -> Result<Endpoint, Failure> {
    let vms = topology.vms.iter().enumerate().map(|(at, vm)| (&vm.id, Endpoint::Vm(VmIx::new(at))));
    let apps = topology.apps.iter().enumerate().map(|(at, app)| (&app.id, Endpoint::App(AppIx::new(at))));
    let sites = topology.sites.iter().enumerate().map(|(at, site)| (&site.id, Endpoint::Site(SiteIx::new(at))));
    let known: Vec<_> = vms.chain(apps).chain(sites).collect();
    let found = known.iter().find(|(name, _)| *name == id).map(|(_, endpoint)| *endpoint);
    found.ok_or_else(|| {
        let hint = did_you_mean(id, known.iter().map(|(name, _)| name.as_str()));
        Failure::misused(format!("there is no VM, app or site `{id}`{hint}"))
    })
}
