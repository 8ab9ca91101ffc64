//! What differs between two states of one history, in words, in the groups a reader looks for.

use strum::{Display, EnumIter};

use super::parties::need_title;
use super::standing::{is_over, standing};
use crate::history::{Revision, difference};
use crate::topology::{Allocation, LinkIx, LinkState, SubnetIx, VmIx};
use crate::world::{Change, Place, Subject, World};

/// A group of differences; the order is that of the reader's questions, and its word is the heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, Display)]
pub enum Group {
    /// Links that were made.
    #[strum(to_string = "Links made")]
    Made,
    /// Links that were cut.
    #[strum(to_string = "Links cut")]
    Cut,
    /// Links that carry otherwise, or are set otherwise.
    #[strum(to_string = "Links changed")]
    Links,
    /// VMs that moved and kept their address.
    #[strum(to_string = "VMs moved, address kept")]
    Kept,
    /// VMs that moved and have another address.
    #[strum(to_string = "VMs moved, address changed")]
    Renumbered,
    /// Who can talk, and who cannot any more.
    #[strum(to_string = "Who can talk")]
    Needs,
    /// Where Site Recovery stands, and what its failovers left.
    #[strum(to_string = "Site Recovery")]
    Recovery,
    /// VNets, subnets and the addresses taken in them.
    #[strum(to_string = "Networks and addresses")]
    Networks,
    /// Gateways.
    #[strum(to_string = "Gateways")]
    Gateways,
    /// Routes and route tables.
    #[strum(to_string = "Routes")]
    Routes,
    /// Network security groups.
    #[strum(to_string = "Security")]
    Security,
    /// Regions, circuits and SKUs.
    #[strum(to_string = "Regions and circuits")]
    Platform,
    /// Plans of the file.
    #[strum(to_string = "Plans")]
    Plans,
}

/// What a difference is about; never its place in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum About {
    /// What a command can change.
    Subject(Subject),
    /// What a link comes to although nobody changed it.
    Standing(LinkIx),
    /// A need, by its place in the file.
    Need(usize),
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its group.
    pub group: Group,
    /// What it is about.
    pub about: About,
    /// `+` for what came, `−` for what went, `~` for what is otherwise, `→` for what moved.
    pub mark: char,
    /// In words.
    pub text: String,
}

/// Everything that differs between two revisions of one history, grouped; the first may be the later one.
pub fn differences(from: &Revision, to: &Revision) -> Vec<Difference> {
    let worlds = Worlds::new(&from.world, &to.world);
    let changes = difference(&from.world, &to.world);
    let mut found: Vec<Difference> = changes.iter().map(|change| worlds.told(change)).collect();
    found.extend(worlds.standings());
    let needs = from.world.topology().needs.iter().zip(from.needs.iter().zip(&to.needs)).enumerate();
    for (at, (need, (_, now))) in needs.filter(|(_, (_, (before, now)))| before.met != now.met) {
        let (mark, word) = if now.met { ('+', "can talk") } else { ('−', "cut off") };
        let text = format!("{}: {word}", need_title(from.world.topology(), *need));
        found.push(Difference { group: Group::Needs, about: About::Need(at), mark, text });
    }
    found.sort_by_key(|difference| difference.group);
    found
}

/// How many differences there are of the kinds that matter most: `+2 links, −2 links, 2 VMs moved (2 kept their address)`.
pub fn summary(differences: &[Difference]) -> String {
    let count = |group| differences.iter().filter(|difference| difference.group == group).count();
    let some = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{count} {many}")),
    };
    let (kept, renumbered) = (count(Group::Kept), count(Group::Renumbered));
    let moved = some(kept + renumbered, "VM moved", "VMs moved").map(|moved| match (kept, renumbered) {
        (_, 0) => format!("{moved} with its address").replace("VMs moved with its", "VMs moved with their"),
        (0, _) => format!("{moved} to another address"),
        (kept, changed) => format!("{moved} ({kept} kept the address, {changed} did not)"),
    });
    let known = [Group::Made, Group::Cut, Group::Kept, Group::Renumbered];
    let rest = differences.iter().filter(|difference| !known.contains(&difference.group)).count();
    let parts = [
        some(count(Group::Made), "link made", "links made"),
        some(count(Group::Cut), "link cut", "links cut"),
        moved,
        some(rest, "other difference", "other differences"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "nothing differs".to_owned() } else { parts.join(", ") }
}

/// One change of a step in words; `world` is one that knows everything it is about.
pub fn change_words(change: &Change, world: &World) -> String {
    let name = Worlds::new(world, world).name(change.subject);
    let word = |value: &Option<crate::world::Value>| value.as_ref().map_or("nothing".to_owned(), |it| it.words(world));
    format!("{name}: {} → {}", word(&change.from), word(&change.to))
}

/// `Source VNet 1 - Azure VNet: VPN`
pub fn link_words(world: &World, link: LinkIx) -> String {
    let link = world.link(link);
    let [a, b] = link.between.map(|node| world.node_title(node));
    format!("{a} - {b}: {}", link.kind.title())
}

/// `Recovery VNet 2, Subnet 1`
pub fn subnet_words(world: &World, subnet: SubnetIx) -> String {
    let subnet = world.subnet(subnet);
    format!("{}, {}", world.vnet(subnet.vnet).title, subnet.title)
}

/// The two states, and the one of them that knows everything: within a history nothing is ever forgotten.
struct Worlds<'a> {
    from: &'a World,
    to: &'a World,
    all: &'a World,
}

impl<'a> Worlds<'a> {
    fn new(from: &'a World, to: &'a World) -> Self {
        let known = |world: &World| {
            let topology = world.topology();
            (world.links().len(), world.vnets().len(), world.subnets().len(), topology.vms.len(), topology.plans.len())
        };
        let (before, now) = (known(from), known(to));
        let earlier = before.0 > now.0 || before.1 > now.1 || before.2 > now.2 || before.3 > now.3 || before.4 > now.4;
        Self { from, to, all: if earlier { from } else { to } }
    }

    fn told(&self, change: &Change) -> Difference {
        let about = About::Subject(change.subject);
        let [from, to] = [(&change.from, self.from), (&change.to, self.to)]
            .map(|(value, world)| value.as_ref().map(|value| value.words(world)));
        let (group, mark, text) = match change.subject {
            Subject::Link(link) => self.link(link, from, to),
            Subject::Vm(vm) => self.moved(vm, from, to),
            _ => {
                let name = self.name(change.subject);
                let mark = mark(&from, &to);
                let text = match (from, to) {
                    (Some(from), Some(to)) => format!("{name}: {from} → {to}"),
                    (None, Some(to)) => format!("{name}: {to}"),
                    (Some(from), None) => format!("{name}: no longer {from}"),
                    (None, None) => name,
                };
                (group(change.subject), mark, text)
            }
        };
        Difference { group, about, mark, text }
    }

    fn link(&self, link: LinkIx, from: Option<String>, to: Option<String>) -> (Group, char, String) {
        let there = |world: &World| world.links().get(link.at()).is_some_and(|link| link.state != LinkState::Absent);
        let name = link_words(self.all, link);
        let stands = |world: &World| standing(world, link).word();
        match (there(self.from), there(self.to)) {
            (false, true) => (Group::Made, '+', format!("{name}, {}", stands(self.to))),
            (true, false) => (Group::Cut, '−', format!("{name}, was {}", stands(self.from))),
            _ => {
                let words = |words: Option<String>| words.unwrap_or_else(|| "nothing".to_owned());
                (Group::Links, '~', format!("{name}, {} → {}", words(from), words(to)))
            }
        }
    }

    /// Links that nobody changed and that stand otherwise nevertheless: a region went down, a gateway broke.
    fn standings(&self) -> impl Iterator<Item = Difference> + '_ {
        let both = self.from.links().len().min(self.to.links().len());
        let links = (0..both).map(LinkIx::new);
        let same = |link: &LinkIx| {
            self.from.link(*link).state == self.to.link(*link).state
                && !is_over(self.to, *link)
                && standing(self.from, *link) != standing(self.to, *link)
        };
        links.filter(same).map(|link| {
            let [before, now] = [self.from, self.to].map(|world| standing(world, link).word());
            let text = format!("{}, {before} → {now}", link_words(self.to, link));
            Difference { group: Group::Links, about: About::Standing(link), mark: '~', text }
        })
    }

    fn moved(&self, vm: VmIx, from: Option<String>, to: Option<String>) -> (Group, char, String) {
        let place = |world: &World| -> Option<Place> {
            let known = vm.at() < world.topology().vms.len();
            known.then(|| world.vm(vm).at)
        };
        let name = self.all.vm_id(vm);
        let (Some(before), Some(now)) = (place(self.from), place(self.to)) else {
            let there = from.or(to).unwrap_or_default();
            return match place(self.to) {
                Some(_) => (Group::Networks, '+', format!("{name}: a new VM at {there}")),
                None => (Group::Networks, '−', format!("{name}: not there, was at {there}")),
            };
        };
        if (before.subnet, before.ip) == (now.subnet, now.ip) {
            let word = match now.allocation {
                Allocation::Static => "pinned now",
                Allocation::Dynamic => "not pinned any more",
            };
            return (Group::Networks, '~', format!("{name}: its address {} is {word}", now.ip));
        }
        let (group, address) = match before.ip == now.ip {
            true => (Group::Kept, format!("still {}", now.ip)),
            false => (Group::Renumbered, format!("{} → {}", before.ip, now.ip)),
        };
        let [old, new] = [(self.from, before), (self.to, now)].map(|(world, at)| subnet_words(world, at.subnet));
        let further = self.further(vm);
        (group, '→', format!("{name}: {old} → {new}, {address}{further}"))
    }

    /// What became of the further NICs and addresses of a VM.
    fn further(&self, vm: VmIx) -> String {
        let pairs = self.from.cards(vm).into_iter().flat_map(|cards| cards.iter());
        let pairs = pairs.zip(self.to.cards(vm).into_iter().flat_map(|cards| cards.iter()));
        let told = pairs.filter(|(before, now)| before != now).map(|(before, now)| {
            let ip = |card: &crate::world::Card| card.at.map(|at| at.ip);
            match (ip(before), ip(now)) {
                (_, None) if now.is_lost() => format!("; {} not carried", now.title()),
                (Some(was), Some(is)) if was != is => format!("; {} {was} → {is}", now.title()),
                (_, Some(is)) => format!("; {} still {is}", now.title()),
                (_, None) => String::new(),
            }
        });
        told.collect()
    }

    /// What a subject is called in a sentence.
    fn name(&self, subject: Subject) -> String {
        let world = self.all;
        let vm = |vm: VmIx, what: &str| format!("{}, {what}", world.vm_id(vm));
        let subnet = |at: SubnetIx, what: &str| format!("{}: {what}", subnet_words(world, at));
        match subject {
            Subject::Link(link) => link_words(world, link),
            Subject::Vm(at) => world.vm_id(at).to_owned(),
            Subject::Gateway(vnet, kind) => format!("{}: {} gateway", world.vnet(vnet).title, kind.title()),
            Subject::Route(site, prefix) => format!("{}: route to {prefix}", world.site(site).title),
            Subject::Region(region) => format!("region {}", world.region_title(region)),
            Subject::Address(at, ip) => subnet(at, &format!("{ip} taken by someone else")),
            Subject::Target(at) => vm(at, "target settings"),
            Subject::RouteTable(at) => subnet(at, "route table"),
            Subject::SecurityGroup(at) => subnet(at, "security group"),
            Subject::NicGroup(at) => vm(at, "security group of its NIC"),
            Subject::Circuit(circuit) => format!("circuit {}", world.topology().circuits[circuit.at()].id),
            Subject::Sku(sku) => format!("gateway SKU {sku}"),
            Subject::Phase(at) => vm(at, "Site Recovery"),
            Subject::Copy(at) => vm(at, "test copy"),
            Subject::Vnet(vnet) => format!("VNet {}", world.vnet(vnet).title),
            Subject::Plan(plan) => format!("plan {}", world.topology().plans[plan].id),
            Subject::Subnet(at) => subnet(at, "subnet"),
            Subject::Lag(app) => format!("{}, replication behind", world.topology().apps[app.at()].title),
            Subject::Source(at) => vm(at, "the machine that served before"),
        }
    }
}

fn group(subject: Subject) -> Group {
    match subject {
        Subject::Link(_) => Group::Links,
        Subject::Vm(_) | Subject::Vnet(_) | Subject::Subnet(_) | Subject::Address(..) => Group::Networks,
        Subject::Gateway(..) => Group::Gateways,
        Subject::Route(..) | Subject::RouteTable(_) => Group::Routes,
        Subject::SecurityGroup(_) | Subject::NicGroup(_) => Group::Security,
        Subject::Region(_) | Subject::Circuit(_) | Subject::Sku(_) => Group::Platform,
        Subject::Target(_) | Subject::Phase(_) | Subject::Copy(_) | Subject::Lag(_) | Subject::Source(_) => {
            Group::Recovery
        }
        Subject::Plan(_) => Group::Plans,
    }
}

fn mark(from: &Option<String>, to: &Option<String>) -> char {
    match (from, to) {
        (None, _) => '+',
        (_, None) => '−',
        _ => '~',
    }
}
