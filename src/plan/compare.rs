//! Up to three runs of one failover side by side: links made before, during or after; VPN or peering; gateways that are
//! there or still have to be created (article, lines 65, 69 and 105).

use strum::{Display, EnumIter, EnumString};

use super::{Options, Plan, PlannedLink, Timing, derive};
use crate::topology::{Command, GatewayKind, LinkKind, Scope, Severity, VnetIx};
use crate::world::{Refusal, World, apply};

/// What the runs of a comparison differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumIter)]
#[strum(serialize_all = "kebab-case")]
pub enum Aspect {
    /// When the links are made (E11).
    Timing,
    /// Which kind of link joins the VNets (F18 to F20).
    Kind,
    /// Whether the gateways are there already (F9, F13).
    Gateways,
}

impl Aspect {
    /// The runs it offers.
    pub fn variants(self) -> Vec<Variant> {
        match self {
            Self::Timing => [Timing::Before, Timing::During, Timing::After].map(Variant::Timing).to_vec(),
            Self::Kind => [LinkKind::Vpn, LinkKind::Peering].map(Variant::Kind).to_vec(),
            Self::Gateways => [Gateways::Cold, Gateways::Warm].map(Variant::Gateways).to_vec(),
        }
    }
}

/// Whether the gateways of the recovery side are there when the failover begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, EnumIter)]
#[strum(serialize_all = "kebab-case")]
pub enum Gateways {
    /// None is: each has to be created first.
    Cold,
    /// All are.
    Warm,
}

/// One run of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// The links are made at this time.
    Timing(Timing),
    /// The VNets are joined by this kind.
    Kind(LinkKind),
    /// The gateways stand so.
    Gateways(Gateways),
}

impl Variant {
    /// Its word on the command line.
    pub fn word(self) -> String {
        match self {
            Self::Timing(timing) => timing.to_string(),
            Self::Kind(kind) => kind.to_string(),
            Self::Gateways(gateways) => gateways.to_string(),
        }
    }
}

/// What became of one variant.
#[derive(Debug, Clone)]
pub struct Run {
    /// The variant.
    pub variant: Variant,
    /// What has to be done before, so that the world is as the variant takes it; nothing where it is so.
    pub first: Vec<Command>,
    /// The plan, or why there is none.
    pub plan: Result<Plan, Refusal>,
}

/// Runs side by side.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// What fails over.
    pub scope: Scope,
    /// In what the runs differ.
    pub aspect: Aspect,
    /// The runs.
    pub runs: Vec<Run>,
}

/// Compares the variants of one aspect for the failover of a scope; where the timing is not compared, links are made at
/// `timing`.
pub fn compare(world: &World, scope: &Scope, aspect: Aspect, variants: &[Variant], timing: Timing) -> Comparison {
    let run = |variant: &Variant| {
        let (first, plan) = match *variant {
            Variant::Timing(timing) => (Vec::new(), derive(world, scope, timing)),
            Variant::Kind(kind) => (Vec::new(), derive(world, scope, Options { timing, kind: Some(kind) })),
            Variant::Gateways(gateways) => with_gateways(world, scope, timing, gateways),
        };
        Run { variant: *variant, first, plan }
    };
    Comparison { scope: scope.clone(), aspect, runs: variants.iter().map(run).collect() }
}

/// The plan from a world whose gateways stand so, and the commands that make it such a world.
fn with_gateways(
    world: &World,
    scope: &Scope,
    timing: Timing,
    gateways: Gateways,
) -> (Vec<Command>, Result<Plan, Refusal>) {
    let plan = match derive(world, scope, timing) {
        Ok(plan) => plan,
        Err(refusal) => return (Vec::new(), Err(refusal)),
    };
    let wanted: Vec<Command> = match gateways {
        Gateways::Warm => {
            plan.commands().filter(|command| matches!(command, Command::CreateGateway { .. })).cloned().collect()
        }
        Gateways::Cold => {
            let id = |vnet| world.vnet(vnet).id.clone();
            let delete = |(vnet, kind): (VnetIx, GatewayKind)| Command::DeleteGateway { vnet: id(vnet), kind };
            gateways_of(&plan.made).into_iter().map(delete).collect()
        }
    };
    let (mut there, mut first) = (world.clone(), Vec::new());
    for command in wanted {
        // A gateway that other links use is there whatever the plan does.
        if let Ok(done) = apply(&there, &command) {
            there = done.world;
            first.push(command);
        }
    }
    let plan = if first.is_empty() { Ok(plan) } else { derive(&there, scope, timing) };
    (first, plan)
}

/// The gateways that links need, each once.
fn gateways_of(links: &[PlannedLink]) -> Vec<(VnetIx, GatewayKind)> {
    let mut found = Vec::new();
    for link in links {
        let Some(kind) = link.kind.gateway() else { continue };
        for vnet in link.between.into_iter().filter_map(|node| node.vnet()) {
            if !found.contains(&(vnet, kind)) {
                found.push((vnet, kind));
            }
        }
    }
    found
}

impl Plan {
    /// How many of its links are of each kind, VPN first; kinds that do not occur are left out.
    pub fn by_kind(links: &[PlannedLink]) -> Vec<(LinkKind, usize)> {
        let kinds = [LinkKind::Vpn, LinkKind::Peering, LinkKind::Expressroute];
        let count = |kind: LinkKind| (kind, links.iter().filter(|link| link.kind == kind).count());
        kinds.map(count).into_iter().filter(|(_, count)| *count > 0).collect()
    }

    /// The longest outage of a need in seconds, and whether one is not met at the end.
    pub fn longest_outage(&self) -> (u64, bool) {
        let longest = self.gaps.iter().map(|gap| gap.outage(self.seconds)).max().unwrap_or(0);
        (longest, self.gaps.iter().any(|gap| gap.until.is_none()))
    }

    /// How many addresses are kept, those of further NICs among them.
    pub fn retained(&self) -> usize {
        self.given().filter(|(_, assigned)| assigned.retained).count()
    }

    /// How many findings of a severity it has.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// What its new links cost, and what a failover costs whatever the links, in words (F18 to F22).
    pub fn charged(&self) -> Vec<String> {
        let links = Self::by_kind(&self.made).into_iter().map(|(kind, _)| {
            let title = kind.title();
            format!("{title}: {}", super::charges(kind).join("; "))
        });
        let gateway = self.made.iter().any(|link| link.kind.gateway().is_some());
        let warm = gateway.then(|| {
            "a gateway that waits for the failover costs by the hour all the time; that is the price of the shorter \
             outage (F22, modelled)"
                .to_owned()
        });
        let machines = "Site Recovery: free of licence for the first 31 days of each machine; storage and outgoing data \
                        always cost, computing after the failover (F22)";
        links.chain(warm).chain([machines.to_owned()]).collect()
    }
}
