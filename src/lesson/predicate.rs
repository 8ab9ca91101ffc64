//! What can be true of a moment: one small vocabulary for goals, invariants, wrong turns and injects (4.3).

use ipnet::Ipv4Net;
use schemars::JsonSchema;
use serde::Deserialize;
use strum::Display;

use super::Sheet;
use crate::topology::{GatewayKind, LinkKind};

/// A predicate as a file writes it: a table with exactly one of these keys.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Is {
    /// Two networks are linked, and the link carries traffic unless another state is named.
    pub link: Option<LinkIs>,
    /// Nothing of a link is left between two networks.
    pub no_link: Option<Pair>,
    /// Only one of the two objects of a link is there.
    pub half_link: Option<Pair>,
    /// Where machines serve and with which addresses.
    pub vms: Option<VmsAre>,
    /// How many machines run with the identity of a VM.
    pub running: Option<Running>,
    /// Two parties reach each other.
    pub reach: Option<Reach>,
    /// Two parties do not reach each other.
    pub no_reach: Option<Reach>,
    /// Nobody who is linked to two networks sees one prefix in both.
    pub no_overlap: Option<Around>,
    /// No address of a machine lives a second time where both can be seen.
    pub no_duplicate_ip: Option<VisibleFrom>,
    /// A gateway is there, or is not.
    pub gateway: Option<GatewayIs>,
    /// Where a site sends a prefix.
    pub route: Option<RouteIs>,
    /// The target settings of a VM.
    pub ip_plan: Option<IpPlan>,
    /// What a plan says.
    pub plan: Option<PlanIs>,
    /// Where Site Recovery stands with the machines of a scope.
    pub phase: Option<PhaseIs>,
    /// A test copy is still there.
    pub clean_up_owed: Option<Owed>,
    /// The world's clock stands before a time.
    pub clock: Option<ClockIs>,
    /// A question was answered.
    pub asked: Option<Asked>,
    /// A sheet of the explorer was looked at.
    pub looked: Option<Looked>,
    /// A VNet is there.
    pub vnet: Option<VnetIs>,
    /// A subnet is there.
    pub subnet: Option<SubnetIs>,
    /// A region is up, and its control plane answers.
    pub up: Option<RegionIs>,
    /// Every need of the topology is met.
    pub needs_met: Option<Nothing>,
    /// The model reports a finding.
    pub finding: Option<FindingIs>,
    /// A command that matches was done and not undone.
    pub did: Option<Did>,
    /// A command that matches was tried: done, or refused.
    pub tried: Option<Tried>,
    /// All of these.
    pub all: Option<Vec<Is>>,
    /// At least one of these.
    pub any: Option<Vec<Is>>,
    /// The opposite.
    pub not: Option<Box<Is>>,
    /// At least so many of these.
    pub count: Option<CountIs>,
}

/// A predicate with nothing to say.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// What must be true.
#[derive(Debug, Clone)]
pub enum Predicate {
    /// See [`Is::link`].
    Link(LinkIs),
    /// See [`Is::no_link`].
    NoLink(Pair),
    /// See [`Is::half_link`].
    HalfLink(Pair),
    /// See [`Is::vms`].
    Vms(VmsAre),
    /// See [`Is::running`].
    Running(Running),
    /// See [`Is::reach`].
    Reach(Reach),
    /// See [`Is::no_reach`].
    NoReach(Reach),
    /// See [`Is::no_overlap`].
    NoOverlap(Around),
    /// See [`Is::no_duplicate_ip`].
    NoDuplicateIp(VisibleFrom),
    /// See [`Is::gateway`].
    Gateway(GatewayIs),
    /// See [`Is::route`].
    Route(RouteIs),
    /// See [`Is::ip_plan`].
    IpPlan(IpPlan),
    /// See [`Is::plan`].
    Plan(PlanIs),
    /// See [`Is::phase`].
    Phase(PhaseIs),
    /// See [`Is::clean_up_owed`].
    CleanUpOwed(Owed),
    /// See [`Is::clock`].
    Clock(ClockIs),
    /// See [`Is::asked`].
    Asked(Asked),
    /// See [`Is::looked`].
    Looked(Looked),
    /// See [`Is::vnet`].
    Vnet(VnetIs),
    /// See [`Is::subnet`].
    Subnet(SubnetIs),
    /// See [`Is::up`].
    Up(RegionIs),
    /// See [`Is::needs_met`].
    NeedsMet,
    /// See [`Is::finding`].
    Finding(FindingIs),
    /// See [`Is::did`].
    Did(Did),
    /// See [`Is::tried`].
    Tried(Tried),
    /// See [`Is::all`].
    All(Vec<Predicate>),
    /// See [`Is::any`].
    Any(Vec<Predicate>),
    /// See [`Is::not`].
    Not(Box<Predicate>),
    /// See [`Is::count`].
    Count(usize, Vec<Predicate>),
}

impl Is {
    /// The predicate that is written.
    ///
    /// # Errors
    /// What is wrong, when there is not exactly one key, or a list of predicates is empty.
    pub fn read(self) -> Result<Predicate, String> {
        let many = |list: Vec<Self>| -> Result<Vec<Predicate>, String> {
            match list.is_empty() {
                true => Err("a list of predicates is empty".to_owned()),
                false => list.into_iter().map(Self::read).collect(),
            }
        };
        let mut found: Vec<Result<Predicate, String>> = Vec::new();
        let mut take = |predicate: Option<Result<Predicate, String>>| found.extend(predicate);
        take(self.link.map(|is| Ok(Predicate::Link(is))));
        take(self.no_link.map(|is| Ok(Predicate::NoLink(is))));
        take(self.half_link.map(|is| Ok(Predicate::HalfLink(is))));
        take(self.vms.map(|is| is.checked().map(Predicate::Vms)));
        take(self.running.map(|is| Ok(Predicate::Running(is))));
        take(self.reach.map(|is| Ok(Predicate::Reach(is))));
        take(self.no_reach.map(|is| Ok(Predicate::NoReach(is))));
        take(self.no_overlap.map(|is| Ok(Predicate::NoOverlap(is))));
        take(self.no_duplicate_ip.map(|is| Ok(Predicate::NoDuplicateIp(is))));
        take(self.gateway.map(|is| Ok(Predicate::Gateway(is))));
        take(self.route.map(|is| Ok(Predicate::Route(is))));
        take(self.ip_plan.map(|is| Ok(Predicate::IpPlan(is))));
        take(self.plan.map(|is| Ok(Predicate::Plan(is))));
        take(self.phase.map(|is| Ok(Predicate::Phase(is))));
        take(self.clean_up_owed.map(|is| Ok(Predicate::CleanUpOwed(is))));
        take(self.clock.map(|is| Ok(Predicate::Clock(is))));
        take(self.asked.map(|is| Ok(Predicate::Asked(is))));
        take(self.looked.map(|is| Ok(Predicate::Looked(is))));
        take(self.vnet.map(|is| Ok(Predicate::Vnet(is))));
        take(self.subnet.map(|is| Ok(Predicate::Subnet(is))));
        take(self.up.map(|is| Ok(Predicate::Up(is))));
        take(self.needs_met.map(|_| Ok(Predicate::NeedsMet)));
        take(self.finding.map(|is| Ok(Predicate::Finding(is))));
        take(self.did.map(|is| Ok(Predicate::Did(is))));
        take(self.tried.map(|is| Ok(Predicate::Tried(is))));
        take(self.all.map(|of| many(of).map(Predicate::All)));
        take(self.any.map(|of| many(of).map(Predicate::Any)));
        take(self.not.map(|is| is.read().map(|is| Predicate::Not(Box::new(is)))));
        take(self.count.map(|is| many(is.of).map(|of| Predicate::Count(is.min, of))));
        match (found.pop(), found.len()) {
            (Some(only), 0) => only,
            (None, _) => Err("a predicate is missing; write it like { no-link = { a = \"x\", b = \"y\" } }".to_owned()),
            (Some(_), more) => Err(format!("one predicate stands here, not {}; write `all = […]`", more + 1)),
        }
    }
}

impl Predicate {
    /// It and everything in it.
    pub fn parts(&self) -> Vec<&Predicate> {
        let mut parts = vec![self];
        match self {
            Self::All(of) | Self::Any(of) | Self::Count(_, of) => parts.extend(of.iter().flat_map(Self::parts)),
            Self::Not(is) => parts.extend(is.parts()),
            _ => {}
        }
        parts
    }
}

/// A state a link can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum LinkWord {
    /// It carries traffic.
    Connected,
    /// Both objects are there, and it carries nothing all the same.
    Down,
    /// A peering takes its traffic (B13).
    Shadowed,
}

/// A link between two networks.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkIs {
    /// A VNet or site.
    pub a: String,
    /// A VNet or site.
    pub b: String,
    /// Its kind; any when not given.
    pub kind: Option<LinkKind>,
    /// Its state; `connected` when not given.
    pub state: Option<LinkWord>,
}

/// Two networks.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// A VNet or site.
    pub a: String,
    /// A VNet or site.
    pub b: String,
    /// A kind of link; any when not given.
    pub kind: Option<LinkKind>,
}

/// Machines, by exactly one of the first four keys.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VmsAre {
    /// The VMs of an app.
    pub app: Option<String>,
    /// One VM.
    pub vm: Option<String>,
    /// The VMs that the file puts in a subnet, as VNET/SUBNET.
    pub subnet: Option<String>,
    /// The VMs that the file puts in a VNet.
    pub vnet: Option<String>,
    /// The VNet, VNET/SUBNET or region they serve in.
    pub r#in: Option<String>,
    /// `retained`, `changed`, or the address itself.
    pub ip: Option<String>,
}

impl VmsAre {
    fn checked(self) -> Result<Self, String> {
        let ip = self.ip.as_deref().filter(|ip| !matches!(*ip, "retained" | "changed"));
        if let Some(ip) = ip.filter(|ip| ip.parse::<std::net::Ipv4Addr>().is_err()) {
            return Err(format!("`{ip}` is none of retained, changed and an address like 10.1.1.4"));
        }
        match [&self.app, &self.vm, &self.subnet, &self.vnet].into_iter().flatten().count() {
            1 => Ok(self),
            _ => Err("`vms` names its machines by one of app, vm, subnet and vnet".to_owned()),
        }
    }
}

/// How many machines run with the identity of a VM.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Running {
    /// The VM.
    pub vm: String,
    /// How many.
    pub count: usize,
}

/// Two parties of a connection.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reach {
    /// A VM, app or site.
    pub from: String,
    /// A VM, app or site.
    pub to: String,
    /// A network the way there leads through.
    pub via: Option<String>,
    /// The port; any when not given.
    pub port: Option<u16>,
}

/// Around which network.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Around {
    /// A VNet or site; every one when not given.
    pub at: Option<String>,
}

/// Seen from where.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct VisibleFrom {
    /// A VNet or site; anywhere when not given.
    pub visible_from: Option<String>,
}

/// The words for a gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum GatewayWord {
    /// It is there and works.
    Ready,
    /// It is there and does not work.
    Broken,
    /// There is none.
    None,
}

/// A gateway of a VNet.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GatewayIs {
    /// The VNet.
    pub net: String,
    /// Its kind; `vpn` when not given.
    pub kind: Option<GatewayKind>,
    /// Its state; `ready` when not given.
    pub state: Option<GatewayWord>,
}

/// A route of a site.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteIs {
    /// The site.
    pub at: String,
    /// The destination.
    #[schemars(with = "String")]
    pub prefix: Ipv4Net,
    /// The VNet it leads to.
    pub next: String,
}

/// The target settings of a VM.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IpPlan {
    /// The VM.
    pub vm: String,
    /// The address it would get if it failed over now.
    pub addr: Option<String>,
    /// The subnet it would go to, as VNET/SUBNET.
    pub subnet: Option<String>,
    /// Whether its targets were verified and nothing changed since.
    pub verified: Option<bool>,
}

/// What a plan says.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanIs {
    /// The plan; any when not given.
    pub id: Option<String>,
    /// The group, counted from 1; any when not given.
    pub group: Option<usize>,
    /// A command in it; `*` stands for any letters.
    pub contains: String,
    /// The list it stands in: `before`, `do` or `after`; any when not given.
    pub list: Option<String>,
}

/// Where Site Recovery stands with machines.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PhaseIs {
    /// A scope of the command language, like `app app2`.
    pub scope: String,
    /// The phase, as JSON spells it.
    pub is: String,
}

/// Whose test copies.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Owed {
    /// A scope of the command language; any machine when not given.
    pub scope: Option<String>,
}

/// A time of the world's clock.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockIs {
    /// As `45m`, `90s` or `1h30m`, counted from the start of the lesson.
    pub before: crate::topology::timing::Span,
}

/// A question of the lesson.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Its id.
    pub quiz: String,
}

/// A sheet of the explorer.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Looked {
    /// Which sheet.
    pub sheet: Sheet,
    /// What it was about: an id, or two for `why`; anything when not given.
    #[serde(default)]
    pub at: Vec<String>,
}

/// A VNet.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VnetIs {
    /// Its id.
    pub id: String,
    /// The region it lies in.
    pub region: Option<String>,
    /// A prefix of its address space.
    #[schemars(with = "Option<String>")]
    pub prefix: Option<Ipv4Net>,
    /// The VNet it is the failover network of.
    pub recovers: Option<String>,
}

/// A subnet.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubnetIs {
    /// Its name, as VNET/SUBNET.
    pub at: String,
    /// Its prefix.
    #[schemars(with = "Option<String>")]
    pub prefix: Option<Ipv4Net>,
}

/// A region.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegionIs {
    /// Its id.
    pub region: String,
}

/// A finding of the model.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FindingIs {
    /// Its code.
    pub code: String,
    /// An id it is about.
    pub at: Option<String>,
}

/// A command that was done.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Did {
    /// The command; `*` stands for any letters.
    pub action: String,
}

/// A command that was tried.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tried {
    /// The command; `*` stands for any letters.
    pub action: String,
    /// The code with which it was refused; done or refused when not given.
    pub refused: Option<String>,
}

/// So many of a list.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CountIs {
    /// The least number.
    pub min: usize,
    /// The list.
    pub of: Vec<Is>,
}
