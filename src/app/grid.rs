//! The matrix of who reaches whom: which parts of the networks stand against each other, from regions down to machines.

use super::chooser::Purpose;
use super::order::Order;
use super::{App, Layer, Overlay, Tone, all_nodes, ground::Toward};
use crate::diagram::Item;
use crate::history::Revision;
use crate::network::needs;
use crate::topology::{Endpoint, Node, RegionIx, SubnetIx, VmIx};
use crate::world::World;

/// With more networks than this the matrix begins with the regions.
const MOST_NETWORKS: usize = 40;

/// A row and a column of the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// All networks of a region.
    Region(RegionIx),
    /// A VNet or a site.
    Network(Node),
    /// The machines of a subnet.
    Subnet(SubnetIx),
    /// A machine.
    Vm(VmIx),
}

impl Part {
    /// Its name on the screen.
    pub fn title(self, world: &World) -> &str {
        match self {
            Self::Region(region) => &world.regions()[region.at()].title,
            Self::Network(node) => world.node_title(node),
            Self::Subnet(subnet) => &world.subnet(subnet).title,
            Self::Vm(vm) => world.vm_id(vm),
        }
    }

    /// Where it lies, in addresses; nothing for a region.
    pub fn place(self, world: &World) -> String {
        match self {
            Self::Region(_) => String::new(),
            Self::Network(node) => super::space(world, node),
            Self::Subnet(subnet) => world.subnet(subnet).prefix.to_string(),
            Self::Vm(vm) => world.vm(vm).at.ip.to_string(),
        }
    }

    /// What it consists of; nothing for a machine, itself for a site.
    fn inside(self, world: &World) -> Vec<Self> {
        match self {
            Self::Region(region) => {
                let nodes = all_nodes(world).into_iter();
                let here = |node: &Node| node.vnet().is_some_and(|vnet| world.vnet(vnet).region == region);
                nodes.filter(here).map(Self::Network).collect()
            }
            Self::Network(Node::Vnet(vnet)) => {
                let subnets = (0..world.subnets().len()).map(SubnetIx::new);
                let hosts = subnets.filter(|at| world.subnet(*at).vnet == vnet && world.subnet(*at).hosts_vms());
                hosts.map(Self::Subnet).collect()
            }
            Self::Network(Node::Site(_)) => vec![self],
            Self::Subnet(subnet) => {
                world.vms().filter(|(_, state)| state.at.subnet == subnet).map(|(vm, _)| Self::Vm(vm)).collect()
            }
            Self::Vm(_) => Vec::new(),
        }
    }

    /// The machines and sites in it.
    pub fn ends(self, world: &World) -> Vec<Endpoint> {
        let vms = |fits: &dyn Fn(VmIx) -> bool| -> Vec<Endpoint> {
            world.vms().map(|(vm, _)| vm).filter(|vm| fits(*vm)).map(Endpoint::Vm).collect()
        };
        match self {
            Self::Region(region) => vms(&|vm| world.vnet(world.vnet_of(vm)).region == region),
            Self::Network(Node::Vnet(vnet)) => vms(&|vm| world.vnet_of(vm) == vnet),
            Self::Network(Node::Site(site)) => vec![Endpoint::Site(site)],
            Self::Subnet(subnet) => vms(&|vm| world.vm(vm).at.subnet == subnet),
            Self::Vm(vm) => vec![Endpoint::Vm(vm)],
        }
    }
}

/// Whether two parties reach each other, both ways, in a state.
pub fn talk(state: &Revision, a: Endpoint, b: Endpoint) -> bool {
    let Revision { world, network, .. } = state;
    let one_way = |from, to| needs::first_failing_on(world, network, from, to, None).is_none();
    match (a, b) {
        (Endpoint::Vm(a), Endpoint::Vm(b)) => network.reaches(a, b),
        _ => one_way(a, b) && one_way(b, a),
    }
}

/// The parts on one level, and the marked cell by the places of its row and column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Depth {
    /// Rows and columns, in order.
    pub parts: Vec<Part>,
    /// The marked row.
    pub row: usize,
    /// The marked column.
    pub column: usize,
}

impl Depth {
    fn of(parts: Vec<Part>, row: Option<Part>) -> Self {
        let row = parts.iter().position(|part| Some(*part) == row).unwrap_or(0);
        let column = usize::from(row == 0 && parts.len() > 1);
        Self { parts, row, column }
    }

    /// The parts of the marked cell.
    pub fn cell(&self) -> [Part; 2] {
        [self.parts[self.row], self.parts[self.column]]
    }
}

/// The matrix: the levels that were gone into, the present one last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// Never empty, and none of them is.
    pub levels: Vec<Depth>,
    /// The state that changes are marked against, by its place in the history; that of the map where none was chosen.
    pub since: Option<usize>,
    /// The order of networks.
    pub order: Order,
}

impl Grid {
    /// The matrix of a world, with the row of a network marked; nothing where there is no network.
    pub fn of(world: &World, marked: Option<Node>) -> Option<Self> {
        let networks = networks(world);
        let regions = (0..world.regions().len()).map(|at| Part::Region(RegionIx::new(at)));
        let sites = networks.iter().copied().filter(|part| matches!(part, Part::Network(Node::Site(_))));
        let mut levels = vec![Depth::of(regions.chain(sites).collect(), None)];
        if networks.is_empty() || levels[0].parts.is_empty() {
            return None;
        }
        if networks.len() <= MOST_NETWORKS {
            levels.push(Depth::of(networks, marked.map(Part::Network)));
        }
        Some(Self { levels, since: None, order: Order::default() })
    }

    /// The matrix of all networks and nothing above it; nothing where there is none.
    pub fn networks(world: &World, marked: Option<Node>) -> Option<Self> {
        let mut level = Depth::of(networks(world), marked.map(Part::Network));
        level.column = level.row;
        (!level.parts.is_empty()).then(|| Self { levels: vec![level], since: None, order: Order::default() })
    }

    /// Puts the networks of the present level in an order; the marked cell stays marked.
    fn sort(&mut self, world: &World, order: Order) {
        self.order = order;
        let here = self.here_mut();
        let [row, column] = here.cell();
        sort(&mut here.parts, world, order);
        let place = |part: Part| here.parts.iter().position(|other| *other == part).unwrap_or(0);
        (here.row, here.column) = (place(row), place(column));
    }

    /// The present level.
    pub fn here(&self) -> &Depth {
        &self.levels[self.levels.len() - 1]
    }

    fn here_mut(&mut self) -> &mut Depth {
        let last = self.levels.len() - 1;
        &mut self.levels[last]
    }

    /// Goes into the parts of the marked cell; not where they are machines or hold nothing.
    fn go_in(&mut self, world: &World) -> bool {
        let [row, column] = self.here().cell();
        let rows = row.inside(world);
        let mut parts = rows.clone();
        parts.extend(column.inside(world).into_iter().filter(|part| !rows.contains(part)));
        if parts.is_empty() || parts == self.here().parts {
            return false;
        }
        sort(&mut parts, world, self.order);
        let marked = parts.iter().find(|part| rows.contains(part)).copied();
        let across = parts.iter().position(|part| !rows.contains(part));
        let mut next = Depth::of(parts, marked);
        if let Some(across) = across.filter(|_| row != column && !rows.is_empty()) {
            next.column = across;
        }
        self.levels.push(next);
        true
    }

    /// Marks the row so many rows on.
    pub(super) fn page(&mut self, by: isize) {
        let here = self.here_mut();
        here.row = here.row.saturating_add_signed(by).min(here.parts.len() - 1);
    }

    fn step(&mut self, toward: Toward) {
        let here = self.here_mut();
        let last = here.parts.len() - 1;
        match toward {
            Toward::Up => here.row = here.row.saturating_sub(1),
            Toward::Down => here.row = (here.row + 1).min(last),
            Toward::Left => here.column = here.column.saturating_sub(1),
            Toward::Right => here.column = (here.column + 1).min(last),
        }
    }
}

/// The networks among parts; nothing where anything else is among them.
fn as_networks(parts: &[Part]) -> Option<Vec<Node>> {
    parts.iter().map(|part| if let Part::Network(node) = part { Some(*node) } else { None }).collect()
}

/// Puts parts in an order, where all of them are networks.
fn sort(parts: &mut Vec<Part>, world: &World, order: Order) {
    if let Some(mut networks) = as_networks(parts) {
        order.sort(world, &mut networks);
        *parts = networks.into_iter().map(Part::Network).collect();
    }
}

/// All networks, ordered by region.
fn networks(world: &World) -> Vec<Part> {
    let mut networks = all_nodes(world).into_iter().map(Part::Network).collect();
    sort(&mut networks, world, Order::default());
    networks
}

impl App {
    pub(super) fn show_matrix(&mut self) {
        let Some(session) = self.view() else { return };
        if let Some(grid) = Grid::of(session.world(), session.node()) {
            self.show(Overlay::Matrix(Box::new(grid)));
        }
    }

    fn grid(&mut self) -> Option<&mut Grid> {
        match self.layers.last_mut() {
            Some(Layer { overlay: Overlay::Matrix(grid), .. }) => Some(grid),
            _ => None,
        }
    }

    pub(super) fn move_cell(&mut self, toward: Toward) {
        if let Some(grid) = self.grid() {
            grid.step(toward);
        }
    }

    /// Goes into the marked cell; a machine is shown on the map.
    pub(super) fn enter_cell(&mut self) {
        let Some(world) = self.view().map(|session| session.world().clone()) else { return };
        let Some(grid) = self.grid() else { return };
        let [row, _] = grid.here().cell();
        match row {
            Part::Vm(vm) => {
                self.layers.pop();
                self.select(Item::Vm(vm, world.vm(vm).at.subnet));
            }
            _ if grid.go_in(&world) => {}
            _ => self.tell(Tone::Plain, "there is no machine in these two to go on to"),
        }
    }

    /// Goes back to the level before; the first one is left as any sheet.
    pub(super) fn leave_cell(&mut self) {
        match self.grid() {
            Some(grid) if grid.levels.len() > 1 => {
                grid.levels.pop();
            }
            _ => {
                self.layers.pop();
            }
        }
    }

    /// Whether the matrix shows something else than networks, so that nothing can be joined or ordered.
    pub(super) fn shows_other_parts(&self) -> bool {
        matches!(self.top(), Some(Overlay::Matrix(grid)) if as_networks(&grid.here().parts).is_none())
    }

    /// Orders the networks of the matrix anew.
    pub(super) fn order_cells(&mut self) {
        let Some(world) = self.view().map(|session| session.world().clone()) else { return };
        let Some(grid) = self.grid() else { return };
        let order = grid.order.next();
        grid.sort(&world, order);
        self.tell(Tone::Plain, format!("networks ordered {}", order.words()));
    }

    /// Compares what can join the two networks of the marked cell.
    pub(super) fn connect_cell(&mut self) {
        if let Some([Part::Network(row), Part::Network(column)]) = self.grid().map(|grid| grid.here().cell()) {
            self.compare(row, column);
        }
    }

    /// Asks why the first pair of the marked cell that does not talk cannot, or how the first pair does.
    pub(super) fn why_cell(&mut self) {
        let Some([row, column]) = self.grid().map(|grid| grid.here().cell()) else { return };
        let Some(now) = self.view().map(|session| session.history.now()) else { return };
        let (rows, columns) = (row.ends(&now.world), column.ends(&now.world));
        let pairs = || rows.iter().flat_map(|a| columns.iter().map(move |b| (*a, *b))).filter(|(a, b)| a != b);
        match pairs().find(|(a, b)| !talk(now, *a, *b)).or_else(|| pairs().next()) {
            Some((from, to)) => self.show(Overlay::Why { from, to }),
            None => self.tell(Tone::Plain, "no machine of the one could ask a machine of the other"),
        }
    }

    /// Asks for the state that changes are marked against.
    pub(super) fn choose_since(&mut self) {
        let Some(position) = self.view().map(|session| session.history.position()) else { return };
        let Some(since) = self.grid().map(|grid| grid.since) else { return };
        self.choose_revision("Mark what differs from", Purpose::Since, since.unwrap_or(position));
    }

    pub(super) fn mark_since(&mut self, position: usize) {
        if let Some(grid) = self.grid() {
            grid.since = Some(position);
        }
    }
}
