//! Machines of a moment: where they serve, with which addresses, and where Site Recovery stands with them.

use super::naming::{self, members};
use super::{Judged, Unmet, holds};
use crate::lesson::predicate::{IpPlan, Owed, PhaseIs, Running, VmsAre};
use crate::topology::{Command, Scope, VmIx};
use crate::world::{World, assign};

pub(super) fn vms(world: &World, are: &VmsAre) -> Judged {
    let declared = &world.topology().vms;
    let of_place = |inside: &dyn Fn(VmIx) -> bool| world.vms().map(|(vm, _)| vm).filter(|vm| inside(*vm)).collect();
    let (who, vms): (String, Vec<VmIx>) = match are {
        VmsAre { app: Some(id), .. } => {
            let app = world.app_named(id)?;
            (naming::app_title(world, app).to_owned(), of_place(&|vm| world.app_of(vm) == Some(app)))
        }
        VmsAre { vm: Some(id), .. } => (id.clone(), vec![world.vm_named(id)?]),
        VmsAre { subnet: Some(name), .. } => {
            let subnet = naming::subnet(world, name)?;
            (name.clone(), of_place(&|vm| declared[vm.at()].subnet == subnet))
        }
        VmsAre { vnet: Some(id), .. } => {
            let vnet = world.vnet_named(id)?;
            (world.vnet(vnet).title.clone(), of_place(&|vm| world.home_of(vm) == vnet))
        }
        _ => (String::new(), Vec::new()),
    };
    if vms.is_empty() {
        return Err(Unmet::new(format!("{who} has no machine.")));
    }
    if let Some(place) = &are.r#in {
        elsewhere(world, &vms, place)?;
    }
    match are.ip.as_deref() {
        None => Ok(()),
        Some("retained") => addresses(world, &vms, |vm| world.retained(vm) != Some(false), "has not kept its address"),
        Some("changed") => addresses(world, &vms, |vm| world.retained(vm) == Some(false), "has kept its address"),
        Some(ip) => addresses(world, &vms, |vm| world.vm(vm).at.ip.to_string() == ip, "has another address"),
    }
}

/// The first machine that serves elsewhere than in a VNet, a subnet or a region.
fn elsewhere(world: &World, vms: &[VmIx], place: &str) -> Judged {
    let inside: Box<dyn Fn(VmIx) -> bool> = if place.contains('/') {
        let subnet = naming::subnet(world, place)?;
        Box::new(move |vm| world.vm(vm).at.subnet == subnet)
    } else if let Ok(vnet) = world.vnet_named(place) {
        Box::new(move |vm| world.vnet_of(vm) == vnet)
    } else {
        let region = world.region_named(place)?;
        Box::new(move |vm| world.vnet(world.vnet_of(vm)).region == region)
    };
    match vms.iter().find(|vm| !inside(**vm)) {
        None => Ok(()),
        Some(vm) => {
            let id = world.vm_id(*vm);
            let here = world.place_words(world.vm(*vm).at);
            let moves = world.movable(&Scope::Vm(id.to_owned())).is_ok();
            Err(Unmet::new(format!("{id} is not in {place}."))
                .shown_by(format!("it serves in {here}"))
                .mended_by(moves.then(|| Command::fail_over(Scope::Vm(id.to_owned())))))
        }
    }
}

fn addresses(world: &World, vms: &[VmIx], fits: impl Fn(VmIx) -> bool, says: &str) -> Judged {
    match vms.iter().find(|vm| !fits(**vm)) {
        None => Ok(()),
        Some(vm) => {
            let (before, now) = (world.topology().vms[vm.at()].ip, world.vm(*vm).at.ip);
            Err(Unmet::new(format!("{} {says}.", world.vm_id(*vm)))
                .shown_by(format!("the file says {before}, now {now}")))
        }
    }
}

pub(super) fn running(world: &World, is: &Running) -> Judged {
    let vm = world.vm_named(&is.vm)?;
    let instances: Vec<String> = world.instances(vm).map(|other| world.place_words(other.at)).collect();
    let count = usize::from(world.runs(vm)) + instances.len();
    holds(count == is.count, || {
        let mut unmet = Unmet::new(format!("{count} machines run as {}, not {}.", is.vm, is.count));
        unmet.evidence = instances;
        unmet
    })
}

pub(super) fn ip_plan(world: &World, is: &IpPlan) -> Judged {
    let vm = world.vm_named(&is.vm)?;
    if is.addr.is_some() || is.subnet.is_some() {
        let outcome = assign(world, &[vm]).into_iter().next().map(|(_, outcome)| outcome);
        let to = match outcome {
            Some(Ok(assigned)) => assigned.to,
            Some(Err(why)) => return Err(Unmet::new(format!("{}.", why.message))),
            None => return Err(Unmet::new(format!("{} does not move.", is.vm))),
        };
        if let Some(wanted) = &is.addr {
            let fix = wanted.parse().ok().map(|ip| Command::SetTarget {
                vm: is.vm.clone(),
                card: None,
                subnet: None,
                ip: Some(ip),
            });
            holds(to.ip.to_string() == *wanted, || {
                Unmet::new(format!("{} would get {}, not {wanted}.", is.vm, to.ip)).mended_by(fix)
            })?;
        }
        if let Some(wanted) = &is.subnet {
            let there = naming::subnet(world, wanted)?;
            let name = world.subnet_name(to.subnet);
            holds(to.subnet == there, || Unmet::new(format!("{} would go to {name}, not {wanted}.", is.vm)))?;
        }
    }
    match is.verified {
        None => Ok(()),
        Some(wanted) => holds(world.vm(vm).verified == wanted, || {
            let says = if wanted { "is not verified, or something changed since" } else { "is verified already" };
            let fix = wanted.then(|| Command::VerifyTargets(Scope::Vm(is.vm.clone())));
            Unmet::new(format!("The target of {} {says}.", is.vm)).mended_by(fix)
        }),
    }
}

pub(super) fn phase(world: &World, is: &PhaseIs) -> Judged {
    let vms = members(world, &is.scope)?;
    let protected = vms.iter().filter(|vm| is.is == "unprotected" || world.vm(**vm).phase_word() != "unprotected");
    let mut protected = protected.peekable();
    if protected.peek().is_none() {
        return Err(Unmet::new(format!("Site Recovery protects nothing in {}.", is.scope)));
    }
    match protected.find(|vm| world.vm(**vm).phase_word() != is.is) {
        None => Ok(()),
        Some(vm) => {
            let word = world.vm(*vm).phase_word();
            Err(Unmet::new(format!("{} is {word}, not {}.", world.vm_id(*vm), is.is))
                .shown_by(world.vm(*vm).phase_words()))
        }
    }
}

pub(super) fn clean_up_owed(world: &World, owed: &Owed) -> Judged {
    let vms = match &owed.scope {
        Some(scope) => members(world, scope)?,
        None => world.vms().map(|(vm, _)| vm).collect(),
    };
    holds(vms.iter().any(|vm| world.vm(*vm).testing), || Unmet::new("No test copy is there."))
}
