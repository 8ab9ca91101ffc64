//! The forwarding state of one world: where each network sends each address, and who has it.
//!
//! Every VM of a VNet sends by the same routes unless its subnet has a route table, so what is computed is one table per
//! network, one for each subnet with a route table, and where gateways pass packets on four for what arrives there,
//! never a cell per pair of VMs. A table cuts the whole address space into disjoint intervals at the borders of the
//! active routes (`routes.rs` selects them) and says of each interval what becomes of its packets: mostly the network
//! they end in, which is one look, else who is asked next (`walk.rs`). Beside the tables stands one seat per VM: its
//! subnet, its address, whether it runs. A verdict on a pair is then two seats and two walks, and where there are
//! security groups a look at their rules (`guards.rs`).
//!
//! A change of one link alters the tables of its two ends only, unless gateways pass on what they learn from one
//! another; then those of all that do. A moving VM alters its own seat only. [`Network::updated`] redoes just these and
//! shares the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::sync::Arc;

use super::guards::{Guards, Seated};
use super::learned;
use super::router::{Arrival, Router};
use super::routes;
use super::seats::{Seat, Seats};
use super::table::{End, Table};
use super::wiring::{self, Wiring};
use crate::topology::{Endpoint, Link, Node, SubnetIx, VmIx, VnetIx};
use crate::world::{Change, InstanceKind, Subject, World};

pub use super::table::Delivery;

/// Who has an address in a VNet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tenant {
    /// A VM that serves there.
    Vm(VmIx),
    /// The machine a VM left behind at its last failover, running there (D8).
    LeftRunning(VmIx),
    /// The test copy of a VM (D12).
    TestCopy(VmIx),
    /// A further NIC of a VM, or a secondary address of it (A29).
    Card(VmIx),
    /// A machine outside the model, put there by `occupy`.
    Stranger,
}

/// The forwarding state of one world. Cloning and updating share whatever did not change.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    vnets: usize,
    tables: Vec<Table>,
    /// Subnets with a route table, with their VNet.
    subnets: Arc<BTreeMap<SubnetIx, (VnetIx, Table)>>,
    /// VNets whose gateways pass packets on, by how those arrive.
    gateways: Arc<BTreeMap<VnetIx, [Table; 4]>>,
    /// Networks whose gateways pass on what they learn, or that learn from such.
    tangled: Arc<BTreeSet<Node>>,
    /// The VMs that forward.
    forwarding: Arc<Vec<VmIx>>,
    /// Where those that run are.
    appliances: Arc<BTreeMap<(VnetIx, u32), VmIx>>,
    /// What security groups say; none where there are none.
    guards: Option<Arc<Guards>>,
    seats: Seats,
    apps: Arc<Vec<Vec<VmIx>>>,
    /// The VNets each app serves in.
    homes: Arc<Vec<BTreeSet<VnetIx>>>,
}

/// The VNets in which the machines of each app have their seats.
fn homes(apps: &[Vec<VmIx>], seats: &Seats) -> Vec<BTreeSet<VnetIx>> {
    let of_app = |vms: &Vec<VmIx>| {
        let mut vnets: Vec<VnetIx> = vms.iter().map(|vm| seats.get(*vm).vnet).collect();
        vnets.dedup();
        vnets.into_iter().collect()
    };
    apps.iter().map(of_app).collect()
}

impl Network {
    /// The forwarding state of `world`.
    pub fn of(world: &World) -> Self {
        let wiring = Wiring::of(world);
        let mut apps = vec![Vec::new(); world.topology().apps.len()];
        let mut forwarding = Vec::new();
        for (at, vm) in world.topology().vms.iter().enumerate() {
            if let Some(app) = vm.app {
                apps[app.at()].push(VmIx::new(at));
            }
            if vm.forwards {
                forwarding.push(VmIx::new(at));
            }
        }
        let seats = Seats::of(world);
        let vnets = || (0..world.vnets().len()).map(VnetIx::new);
        let gateways = vnets().filter_map(|vnet| Some((vnet, gateway_tables(&wiring, vnet)?)));
        let subnets = with_table(world).map(|subnet| (subnet, subnet_table(&wiring, subnet)));
        Self {
            vnets: world.vnets().len(),
            tables: wiring::nodes(world).map(|node| table(&wiring, Router::Network(node))).collect(),
            subnets: Arc::new(subnets.collect()),
            gateways: Arc::new(gateways.collect()),
            tangled: Arc::new(learned::tangled(&wiring)),
            appliances: Arc::new(appliances(&forwarding, &seats)),
            forwarding: Arc::new(forwarding),
            guards: Guards::of(&wiring).map(Arc::new),
            homes: Arc::new(homes(&apps, &seats)),
            seats,
            apps: Arc::new(apps),
        }
    }

    /// The forwarding state of `world`, which came from the world of `self` by `changes`: the same as
    /// [`Network::of`], with the work of what changed.
    #[must_use]
    pub fn updated(&self, world: &World, changes: &[Change]) -> Self {
        let of_tables = |change: &Change| matches!(change.subject, Subject::RouteTable(_));
        if self.vnets != world.vnets().len()
            || self.tables.len() != world.vnets().len() + world.sites().len()
            || self.seats.len() != world.topology().vms.len()
            || changes.iter().any(of_tables)
        {
            return Self::of(world);
        }
        let wiring = Wiring::of(world);
        let mut touched = BTreeSet::new();
        let mut moved = Vec::new();
        let mut region = false;
        for change in changes {
            match change.subject {
                Subject::Link(link) => touch_link(&wiring, world.link(link), &mut touched),
                Subject::Route(site, _) => {
                    touched.insert(Node::Site(site));
                }
                Subject::Vm(vm)
                | Subject::Target(vm)
                | Subject::Copy(vm)
                | Subject::Source(vm)
                | Subject::Phase(vm) => {
                    moved.push(vm);
                }
                Subject::Region(down_or_up) => {
                    region = true;
                    for node in wiring::nodes(world).filter(|node| world.region_of(*node) == Some(down_or_up)) {
                        touch_links_of(&wiring, node, &mut touched);
                    }
                }
                Subject::Gateway(vnet, _) => {
                    touched.insert(Node::Vnet(vnet));
                    touch_links_of(&wiring, Node::Vnet(vnet), &mut touched);
                }
                Subject::Circuit(circuit) => {
                    let own = world.live_links().filter(|(_, link)| link.circuit == Some(circuit));
                    own.for_each(|(_, link)| touch_link(&wiring, link, &mut touched));
                }
                Subject::Address(..)
                | Subject::Sku(_)
                | Subject::RouteTable(_)
                | Subject::SecurityGroup(_)
                | Subject::NicGroup(_)
                | Subject::Vnet(_)
                | Subject::Plan(_)
                | Subject::Subnet(_)
                | Subject::Lag(_) => {}
            }
        }
        let mut next = self.clone();
        if !touched.is_empty() {
            next.touch(&wiring, touched);
        }
        next.guards = Guards::of(&wiring).map(Arc::new);
        let anybody_moved = !moved.is_empty();
        // Beyond a few VMs reading all of them in one go is quicker than replacing one by one.
        if region || moved.len() * 8 > next.seats.len() {
            next.seats = Seats::of(world);
        } else {
            for vm in moved {
                next.seats.update(world, vm);
            }
        }
        if anybody_moved {
            next.homes = Arc::new(homes(&next.apps, &next.seats));
        }
        if (region || anybody_moved) && !self.forwarding.is_empty() {
            next.appliances = Arc::new(appliances(&self.forwarding, &next.seats));
        }
        next
    }

    /// Redoes the tables of the networks that changes touch, and of those that depend on them.
    fn touch(&mut self, wiring: &Wiring<'_>, mut touched: BTreeSet<Node>) {
        let world = wiring.world;
        let tangled = learned::tangled(wiring);
        if touched.iter().any(|node| self.tangled.contains(node) || tangled.contains(node)) {
            touched.extend(self.tangled.union(&tangled));
        }
        if *self.tangled != tangled {
            self.tangled = Arc::new(tangled);
        }
        if !self.subnets.is_empty() {
            let subnets = Arc::make_mut(&mut self.subnets);
            for (subnet, kept) in subnets.iter_mut().filter(|(_, kept)| touched.contains(&Node::Vnet(kept.0))) {
                *kept = subnet_table(wiring, *subnet);
            }
        }
        for node in touched {
            self.tables[wiring::position(world, node)] = table(wiring, Router::Network(node));
            let Node::Vnet(vnet) = node else { continue };
            let tables = gateway_tables(wiring, vnet);
            if tables.is_some() || self.gateways.contains_key(&vnet) {
                let gateways = Arc::make_mut(&mut self.gateways);
                match tables {
                    Some(tables) => gateways.insert(vnet, tables),
                    None => gateways.remove(&vnet),
                };
            }
        }
    }

    /// Whether packets of two VMs reach each other, and the first may open a connection to the second; for a VM and
    /// itself whether it runs.
    ///
    /// Replies are free (C13), so only where security groups filter can the answer depend on who asks.
    pub fn reaches(&self, a: VmIx, b: VmIx) -> bool {
        let (from, to) = (self.seats.get(a), self.seats.get(b));
        from.runs
            && to.runs
            && (a == b
                || self.ends(self.router_of(from), from.vnet, to.ip) == Delivery::Delivered(Node::Vnet(to.vnet))
                    && self.ends(self.router_of(to), to.vnet, from.ip) == Delivery::Delivered(Node::Vnet(from.vnet))
                    && self
                        .guards
                        .as_ref()
                        .is_none_or(|guards| guards.lets_through(&Seated::vm(a, from), &Seated::vm(b, to), None)))
    }

    /// Where a packet ends that a machine in `vnet` sends by a router.
    fn ends(&self, router: Router, vnet: VnetIx, address: u32) -> Delivery {
        self.walk(router, Node::Vnet(vnet), address)
    }

    /// What the machine on a seat asks for the way.
    pub(super) fn router_of(&self, seat: Seat) -> Router {
        if !self.subnets.is_empty() && self.subnets.contains_key(&seat.subnet) {
            Router::Subnet(seat.subnet)
        } else {
            Router::Network(Node::Vnet(seat.vnet))
        }
    }

    /// Whether every need depends on the routes of its own networks alone: no route tables, nothing passed on, no groups.
    pub(super) fn is_plain(&self) -> bool {
        self.subnets.is_empty() && self.gateways.is_empty() && self.tangled.is_empty() && self.guards.is_none()
    }

    /// The networks a party is in.
    pub(super) fn nodes_of(&self, endpoint: Endpoint) -> BTreeSet<Node> {
        match endpoint {
            Endpoint::Site(site) => BTreeSet::from([Node::Site(site)]),
            Endpoint::Vm(vm) => BTreeSet::from([Node::Vnet(self.seats.get(vm).vnet)]),
            Endpoint::App(app) => self.homes[app.at()].iter().copied().map(Node::Vnet).collect(),
        }
    }

    /// What becomes of a packet that a machine in `from` sends to `address`; a VNet's machine outside of subnets with
    /// route tables.
    pub fn delivery(&self, from: Node, address: Ipv4Addr) -> Delivery {
        self.walk(Router::Network(from), from, address.into())
    }

    /// Who answers at an address of a VNet now; looks at every VM, so it is for explanations, not for matrices.
    pub fn tenant(&self, world: &World, vnet: VnetIx, address: Ipv4Addr) -> Option<Tenant> {
        let serving = self.seats.serving(vnet, address).map(Tenant::Vm);
        let beside = || {
            self.seats.beside(vnet, address).map(|(vm, kind)| match kind {
                InstanceKind::LeftRunning => Tenant::LeftRunning(vm),
                InstanceKind::TestCopy => Tenant::TestCopy(vm),
            })
        };
        let card = || world.card_at(vnet, address).map(Tenant::Card);
        let stranger = || {
            let up = world.is_up(world.vnet(vnet).region);
            let mut subnets = world.vnet(vnet).subnets.iter();
            (up && subnets.any(|subnet| world.occupied().contains(&(*subnet, address)))).then_some(Tenant::Stranger)
        };
        serving.or_else(beside).or_else(card).or_else(stranger)
    }

    /// The table of a router, and the network it belongs to.
    pub(super) fn table(&self, router: Router) -> Option<(Node, &Table)> {
        match router {
            Router::Network(node @ Node::Vnet(vnet)) => Some((node, &self.tables[vnet.at()])),
            Router::Network(node @ Node::Site(site)) => Some((node, &self.tables[self.vnets + site.at()])),
            Router::Subnet(subnet) => self.subnets.get(&subnet).map(|(vnet, table)| (Node::Vnet(*vnet), table)),
            Router::Gateway(vnet, arrival) => {
                self.gateways.get(&vnet).map(|tables| (Node::Vnet(vnet), &tables[arrival as usize]))
            }
        }
    }

    /// The running machine that forwards at an address of a VNet.
    pub(super) fn appliance(&self, vnet: VnetIx, ip: u32) -> Option<VmIx> {
        self.appliances.get(&(vnet, ip)).copied()
    }

    pub(super) fn guards(&self) -> Option<&Guards> {
        self.guards.as_deref()
    }

    pub(super) fn seat(&self, vm: VmIx) -> Seat {
        self.seats.get(vm)
    }

    /// The VMs of an endpoint, in file order; none for a site.
    pub(super) fn vms_of(&self, endpoint: Endpoint) -> Vec<VmIx> {
        match endpoint {
            Endpoint::Vm(vm) => vec![vm],
            Endpoint::App(app) => self.apps[app.at()].clone(),
            Endpoint::Site(_) => Vec::new(),
        }
    }
}

/// The networks whose tables a link bears on: its ends, and who meets them on its circuit (B54).
fn touch_link<'w>(wiring: &Wiring<'w>, link: &'w Link, touched: &mut BTreeSet<Node>) {
    touched.extend(link.between);
    if wiring.world.topology().policy.expressroute_vnet_to_vnet {
        for node in link.between {
            touched.extend(wiring.circuit_mates(node, link).map(|(mate, _)| mate));
        }
    }
}

fn touch_links_of(wiring: &Wiring<'_>, node: Node, touched: &mut BTreeSet<Node>) {
    for (_, link) in wiring.links(node) {
        touch_link(wiring, link, touched);
    }
}

fn table(wiring: &Wiring<'_>, router: Router) -> Table {
    // What no route of a gateway matches is not passed on; every VNet's machine has a route for everything.
    let otherwise = if matches!(router, Router::Gateway(..)) { End::Strayed } else { End::NoRoute };
    Table::of(wiring, router, &routes::of_router(wiring, router), otherwise)
}

fn subnet_table(wiring: &Wiring<'_>, subnet: SubnetIx) -> (VnetIx, Table) {
    (wiring.world.subnet(subnet).vnet, table(wiring, Router::Subnet(subnet)))
}

/// The tables of what arrives at the gateways of a VNet, where those pass anything on.
fn gateway_tables(wiring: &Wiring<'_>, vnet: VnetIx) -> Option<[Table; 4]> {
    wiring.passes_on(vnet).then(|| Arrival::ALL.map(|arrival| table(wiring, Router::Gateway(vnet, arrival))))
}

/// The subnets of machines that have a route table.
fn with_table(world: &World) -> impl Iterator<Item = SubnetIx> {
    let none = world.topology().route_tables.is_empty();
    let all = (0..world.subnets().len()).filter(move |_| !none).map(SubnetIx::new);
    all.filter(|subnet| matches!(Router::of_subnet(world, *subnet), Router::Subnet(_)))
}

/// Where the machines that forward are, those that run.
fn appliances(forwarding: &[VmIx], seats: &Seats) -> BTreeMap<(VnetIx, u32), VmIx> {
    let placed = forwarding.iter().map(|vm| (*vm, seats.get(*vm)));
    placed.filter(|(_, seat)| seat.runs).map(|(vm, seat)| ((seat.vnet, seat.ip), vm)).collect()
}
