//! Names of a lesson file found in the world, and predicates in words.

use super::{Predicate, Unmet};
use crate::topology::command::did_you_mean;
use crate::topology::{AppIx, Endpoint, Scope, SubnetIx, VmIx};
use crate::world::World;

/// The VM, app or site of this name.
pub(super) fn endpoint(world: &World, id: &str) -> Result<Endpoint, Unmet> {
    if let Ok(vm) = world.vm_named(id) {
        return Ok(Endpoint::Vm(vm));
    }
    if let Ok(app) = world.app_named(id) {
        return Ok(Endpoint::App(app));
    }
    world.site_named(id).map(Endpoint::Site).map_err(|_| {
        let topology = world.topology();
        let vms = topology.vms.iter().map(|vm| vm.id.as_str());
        let others = topology.apps.iter().map(|app| app.id.as_str());
        let known = vms.chain(others).chain(topology.sites.iter().map(|site| site.id.as_str()));
        Unmet::new(super::sentence(&format!("there is no VM, app or site `{id}`{}", did_you_mean(id, known))))
    })
}

/// The subnet called VNET/SUBNET.
pub(super) fn subnet(world: &World, name: &str) -> Result<SubnetIx, Unmet> {
    let name = name.parse().map_err(|error: crate::topology::command::SyntaxError| Unmet::new(error.0))?;
    Ok(world.subnet_named(&name)?)
}

/// The VMs of a scope of the command language, wherever they serve now.
pub(super) fn members(world: &World, scope: &str) -> Result<Vec<VmIx>, Unmet> {
    let scope: Scope = match scope.split_once(' ') {
        Some(("app", id)) => Scope::App(id.to_owned()),
        Some(("vm", id)) => Scope::Vm(id.to_owned()),
        Some(("vnet", id)) => Scope::Vnet(id.to_owned()),
        Some(("region", id)) => Scope::Region(id.to_owned()),
        Some(("subnet", name)) => {
            let name = name.parse().map_err(|error: crate::topology::command::SyntaxError| Unmet::new(error.0))?;
            Scope::Subnet(name)
        }
        _ => return Err(Unmet::new(format!("`{scope}` is no scope; write it like `app app2`."))),
    };
    Ok(world.vms_in(&scope)?)
}

/// The title of an app.
pub(super) fn app_title(world: &World, app: AppIx) -> &str {
    &world.topology().apps[app.at()].title
}

/// The title of a VNet or site, or the id where there is none.
pub(super) fn node_title(world: &World, id: &str) -> String {
    world.node_named(id).map_or_else(|_| id.to_owned(), |node| world.node_title(node).to_owned())
}

impl Predicate {
    /// What it says, as the end of a sentence.
    pub fn words(&self, world: &World) -> String {
        let title = |id: &str| node_title(world, id);
        match self {
            Self::Link(is) => format!("{} and {} are linked", title(&is.a), title(&is.b)),
            Self::NoLink(pair) => format!("nothing links {} and {}", title(&pair.a), title(&pair.b)),
            Self::HalfLink(pair) => format!("half a link is between {} and {}", title(&pair.a), title(&pair.b)),
            Self::Vms(are) => {
                let who = [&are.app, &are.vm, &are.subnet, &are.vnet].into_iter().flatten().next();
                let place = are.r#in.as_ref().map(|place| format!(" in {}", title(place))).unwrap_or_default();
                let ip = are.ip.as_ref().map(|ip| format!(" with address {ip}")).unwrap_or_default();
                format!("{} runs{place}{ip}", who.map_or("", String::as_str))
            }
            Self::Running(is) => format!("{} machines run as {}", is.count, is.vm),
            Self::Reach(is) => format!("{} reaches {}", is.from, is.to),
            Self::NoReach(is) => format!("{} does not reach {}", is.from, is.to),
            Self::NoOverlap(_) => "no prefix can be seen twice".to_owned(),
            Self::NoDuplicateIp(_) => "no address lives twice".to_owned(),
            Self::Gateway(is) => format!("the gateway of {} is ready", title(&is.net)),
            Self::Route(is) => format!("{} sends {} to {}", title(&is.at), is.prefix, title(&is.next)),
            Self::IpPlan(is) => format!("the target of {} is as planned", is.vm),
            Self::Plan(is) => format!("the plan says `{}`", is.contains),
            Self::Phase(is) => format!("{} is {}", is.scope, is.is),
            Self::CleanUpOwed(_) => "a test copy is still there".to_owned(),
            Self::Clock(is) => format!("less than {} passed", crate::topology::timing::spoken(is.before.0)),
            Self::Asked(is) => format!("the question {} is answered", is.quiz),
            Self::Looked(is) => format!("the sheet \"{}\" was opened", is.sheet),
            Self::Vnet(is) => format!("there is a VNet {}", is.id),
            Self::Subnet(is) => format!("there is a subnet {}", is.at),
            Self::Up(is) => format!("{} is up", is.region),
            Self::NeedsMet => "everyone who must talk does".to_owned(),
            Self::Finding(is) => format!("the model finds `{}`", is.code),
            Self::Did(is) => format!("`{}` was done", is.action),
            Self::Tried(is) => format!("`{}` was tried", is.action),
            Self::All(of) => of.iter().map(|is| is.words(world)).collect::<Vec<_>>().join(", and "),
            Self::Any(of) => of.iter().map(|is| is.words(world)).collect::<Vec<_>>().join(", or "),
            Self::Not(is) => format!("it is not so that {}", is.words(world)),
            Self::Count(min, of) => format!("at least {min} of {} hold", of.len()),
        }
    }
}
