//! The names a lesson may use: those of its topology, and whatever its commands bring into the world.

use std::collections::BTreeSet;

use crate::lesson::Predicate;
use crate::lesson::format::File;
use crate::topology::Topology;
use crate::topology::command::did_you_mean;

/// The names that are known.
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// The names of a topology and of the commands of a file.
    pub fn of(topology: &Topology, file: &File) -> Self {
        let mut names = BTreeSet::new();
        names.extend(topology.regions.iter().map(|region| region.id.clone()));
        names.extend(topology.vnets.iter().map(|vnet| vnet.id.clone()));
        names.extend(
            topology.subnets.iter().map(|subnet| format!("{}/{}", topology.vnets[subnet.vnet.at()].id, subnet.id)),
        );
        names.extend(topology.sites.iter().map(|site| site.id.clone()));
        names.extend(topology.apps.iter().map(|app| app.id.clone()));
        names.extend(topology.vms.iter().map(|vm| vm.id.clone()));
        names.extend(all(file).flat_map(str::split_whitespace).map(str::to_owned));
        // A VNet that comes brings the subnets of the one it recovers.
        let subnets: BTreeSet<&str> = topology.subnets.iter().map(|subnet| subnet.id.as_str()).collect();
        let made = all(file).filter_map(|text| text.strip_prefix("create-vnet ")?.split_whitespace().next());
        let copied: Vec<String> =
            made.flat_map(|vnet| subnets.iter().map(move |subnet| format!("{vnet}/{subnet}"))).collect();
        names.extend(copied);
        names.extend(file.quiz.iter().map(|quiz| quiz.id.value.clone()));
        Self(names)
    }

    /// What to say about the names of a predicate that nothing has.
    pub fn unknown(&self, predicate: &Predicate) -> Vec<String> {
        let names = predicate.parts().into_iter().flat_map(named);
        let unknown = names.filter(|name| !self.0.contains(*name));
        unknown
            .map(|name| format!("nothing is called `{name}`{}", did_you_mean(name, self.0.iter().map(String::as_str))))
            .collect()
    }
}

/// The commands of a file.
fn all(file: &File) -> impl Iterator<Item = &str> {
    let trials = file.solution.iter().chain(&file.not_solution).flat_map(|trial| &trial.r#do);
    let texts = file.start.events.iter().chain(trials).chain(file.inject.iter().map(|inject| &inject.event));
    texts.map(|text| text.value.as_str())
}

/// The names a predicate uses itself.
fn named(predicate: &Predicate) -> Vec<&str> {
    match predicate {
        Predicate::Link(is) => vec![&is.a, &is.b],
        Predicate::NoLink(pair) | Predicate::HalfLink(pair) => vec![&pair.a, &pair.b],
        Predicate::Vms(are) => {
            let names = [&are.app, &are.vm, &are.subnet, &are.vnet, &are.r#in];
            names.into_iter().flatten().map(String::as_str).collect()
        }
        Predicate::Running(is) => vec![&is.vm],
        Predicate::Reach(is) | Predicate::NoReach(is) => {
            [Some(&is.from), Some(&is.to), is.via.as_ref()].into_iter().flatten().map(String::as_str).collect()
        }
        Predicate::NoOverlap(around) => around.at.iter().map(String::as_str).collect(),
        Predicate::NoDuplicateIp(from) => from.visible_from.iter().map(String::as_str).collect(),
        Predicate::Gateway(is) => vec![&is.net],
        Predicate::Route(is) => vec![&is.at, &is.next],
        Predicate::IpPlan(is) => [Some(&is.vm), is.subnet.as_ref()].into_iter().flatten().map(String::as_str).collect(),
        Predicate::Phase(is) => is.scope.split_whitespace().nth(1).into_iter().collect(),
        Predicate::CleanUpOwed(owed) => owed.scope.iter().filter_map(|scope| scope.split_whitespace().nth(1)).collect(),
        Predicate::Asked(asked) => vec![&asked.quiz],
        Predicate::Vnet(is) => {
            let names = [Some(&is.id), is.region.as_ref(), is.recovers.as_ref()];
            names.into_iter().flatten().map(String::as_str).collect()
        }
        Predicate::Subnet(is) => vec![&is.at],
        Predicate::Up(is) => vec![&is.region],
        _ => Vec::new(),
    }
}
