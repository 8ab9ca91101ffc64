//! The forwarding state of one world: where each network sends each address, and who has it.
//!
//! Every VM of a VNet sends by the same routes, so what is computed is one table per network, never a cell per pair
//! of VMs. A table cuts the whole address space into disjoint intervals at the borders of the network's active
//! routes (`routes.rs` selects them) and says of each interval where its packets end. What arrives over a link is
//! delivered only inside the arriving network's own space (B16, B37), so one look into one table is a packet's whole
//! way, and no loop can arise. Beside the tables stands one seat per VM: its VNet, its address, whether it runs. A
//! verdict on a pair is then two seats and two binary searches: each one's table must deliver to the other's VNet.
//!
//! A change of one link alters the tables of its two ends only, a moving VM alters its own seat only; [`Network::updated`]
//! redoes just these and shares the rest.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::sync::Arc;

use super::routes;
use super::seats::{Seat, Seats};
use super::table::Table;
use super::wiring::{self, Wiring};
use crate::topology::overlap::Spaces;
use crate::topology::{Endpoint, Link, Node, VmIx, VnetIx};
use crate::world::{Change, Subject, World};

pub use super::table::Delivery;

/// Who has an address in a VNet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tenant {
    /// A VM that serves there.
    Vm(VmIx),
    /// The source VM of a failed-over VM, left running there (D8).
    LeftRunning(VmIx),
    /// A machine outside the model, put there by `occupy`.
    Stranger,
}

/// The forwarding state of one world. Cloning and updating share whatever did not change.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    vnets: usize,
    tables: Vec<Table>,
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
        for (at, vm) in world.topology().vms.iter().enumerate() {
            if let Some(app) = vm.app {
                apps[app.at()].push(VmIx::new(at));
            }
        }
        let seats = Seats::of(world);
        Self {
            vnets: world.vnets().len(),
            tables: wiring::nodes(world).map(|node| table(&wiring, node)).collect(),
            homes: Arc::new(homes(&apps, &seats)),
            seats,
            apps: Arc::new(apps),
        }
    }

    /// The forwarding state of `world`, which came from the world of `self` by `changes`: the same as
    /// [`Network::of`], with the work of what changed.
    #[must_use]
    pub fn updated(&self, world: &World, changes: &[Change]) -> Self {
        if self.vnets != world.vnets().len()
            || self.tables.len() != world.vnets().len() + world.sites().len()
            || self.seats.len() != world.topology().vms.len()
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
                Subject::Vm(vm) | Subject::Target(vm) => moved.push(vm),
                Subject::Region(down_or_up) => {
                    region = true;
                    for node in wiring::nodes(world).filter(|node| world.region_of(*node) == Some(down_or_up)) {
                        for (_, link) in wiring.links(node) {
                            touch_link(&wiring, link, &mut touched);
                        }
                    }
                }
                Subject::Gateway(vnet, _) => {
                    wiring.links(Node::Vnet(vnet)).for_each(|(_, link)| touch_link(&wiring, link, &mut touched));
                }
                Subject::Circuit(circuit) => {
                    let own = world.live_links().filter(|(_, link)| link.circuit == Some(circuit));
                    own.for_each(|(_, link)| touch_link(&wiring, link, &mut touched));
                }
                Subject::Address(..) | Subject::Sku(_) => {}
            }
        }
        let mut next = self.clone();
        for node in touched {
            next.tables[wiring::position(world, node)] = table(&wiring, node);
        }
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
        next
    }

    /// Whether two VMs reach each other, both ways; for a VM and itself whether it runs.
    pub fn reaches(&self, a: VmIx, b: VmIx) -> bool {
        let (from, to) = (self.seats.get(a), self.seats.get(b));
        from.runs
            && to.runs
            && (a == b
                || self.tables[from.vnet.at()].at(to.ip) == Delivery::Delivered(Node::Vnet(to.vnet))
                    && self.tables[to.vnet.at()].at(from.ip) == Delivery::Delivered(Node::Vnet(from.vnet)))
    }

    /// The networks a party is in.
    pub(super) fn nodes_of(&self, endpoint: Endpoint) -> BTreeSet<Node> {
        match endpoint {
            Endpoint::Site(site) => BTreeSet::from([Node::Site(site)]),
            Endpoint::Vm(vm) => BTreeSet::from([Node::Vnet(self.seats.get(vm).vnet)]),
            Endpoint::App(app) => self.homes[app.at()].iter().copied().map(Node::Vnet).collect(),
        }
    }

    /// What becomes of a packet that a machine in `from` sends to `address`.
    pub fn delivery(&self, from: Node, address: Ipv4Addr) -> Delivery {
        self.table(from).at(address.into())
    }

    /// Who answers at an address of a VNet now; looks at every VM, so it is for explanations, not for matrices.
    pub fn tenant(&self, world: &World, vnet: VnetIx, address: Ipv4Addr) -> Option<Tenant> {
        let serving = self.seats.serving(vnet, address).map(Tenant::Vm);
        let left = || self.seats.left_running(vnet, address).map(Tenant::LeftRunning);
        let stranger = || {
            let up = world.is_up(world.vnet(vnet).region);
            let mut subnets = world.vnet(vnet).subnets.iter();
            (up && subnets.any(|subnet| world.occupied().contains(&(*subnet, address)))).then_some(Tenant::Stranger)
        };
        serving.or_else(left).or_else(stranger)
    }

    pub(super) fn table(&self, node: Node) -> &Table {
        match node {
            Node::Vnet(vnet) => &self.tables[vnet.at()],
            Node::Site(site) => &self.tables[self.vnets + site.at()],
        }
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

fn table(wiring: &Wiring<'_>, node: Node) -> Table {
    Table::of(node, &routes::of_node(wiring, node), |far| wiring.world.space(far))
}
