//! What a cell says: whether the machines of two parts reach each other, and the link between two networks.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use ratatui::style::Style;

use crate::app::Session;
use crate::app::facts::{Standing, is_over};
use crate::app::grid::{Grid, Part, talk};
use crate::app::networks::Networks;
use crate::history::Revision;
use crate::topology::overlap::direct_overlap;
use crate::topology::{Endpoint, Link, LinkIx, LinkKind, LinkState, Node};
use crate::ui::links;
use crate::ui::theme::Theme;
use crate::world::World;

/// Cells of a column that names the kind of link.
pub(super) const WIDE: usize = 9;
/// So many pairs of machines are judged for a cell.
const PAIRS: usize = 4_000;

/// How many pairs talk, and how many there are.
pub(super) type Share = (usize, usize);

/// Judges cells in the state shown, and in the one that changes are marked against.
pub(super) struct Judge<'a> {
    pub now: &'a Revision,
    pub then: &'a Revision,
    ends: HashMap<Part, Vec<Endpoint>>,
    networks: Rc<Networks>,
    /// The links between networks that are judged, now and then.
    links: [Vec<LinkIx>; 2],
    /// So many pairs of a cell are judged at most.
    most: usize,
}

impl<'a> Judge<'a> {
    /// For the parts that can be seen, in so many cells, with so many pairs in all of them.
    pub fn of(session: &'a Session, grid: &Grid, seen: &HashSet<Part>, cells: usize, budget: usize) -> Self {
        let history = &session.history;
        let chosen = grid.since.and_then(|since| history.revisions().get(since));
        let now = history.now();
        let ends = seen.iter().map(|part| (*part, Vec::new())).collect();
        let mut judge = Self {
            now,
            then: chosen.unwrap_or_else(|| session.before()),
            ends,
            networks: session.networks(),
            links: [Vec::new(), Vec::new()],
            most: (budget / cells.max(1)).clamp(1, PAIRS),
        };
        judge.links = [judge.now, judge.then].map(|state| between(&state.world, seen));
        judge.collect();
        judge
    }

    /// One walk over all machines, whatever the parts are.
    fn collect(&mut self) {
        let world = &self.now.world;
        let mut put = |part: Part, end: Endpoint| {
            if let Some(ends) = self.ends.get_mut(&part) {
                ends.push(end);
            }
        };
        for (vm, state) in world.vms() {
            let vnet = world.vnet_of(vm);
            let end = Endpoint::Vm(vm);
            put(Part::Vm(vm), end);
            put(Part::Subnet(state.at.subnet), end);
            put(Part::Network(Node::Vnet(vnet)), end);
            put(Part::Region(world.vnet(vnet).region), end);
        }
        for site in (0..world.sites().len()).map(crate::topology::SiteIx::new) {
            put(Part::Network(Node::Site(site)), Endpoint::Site(site));
        }
    }

    /// The link of two networks that are judged, as it is now.
    pub fn link_now(&self, a: Node, b: Node) -> Option<(LinkKind, LinkIx)> {
        link_between(&self.now.world, &self.links[0], a, b)
    }

    /// The machines and sites of a part.
    pub fn ends(&self, part: Part) -> &[Endpoint] {
        self.ends.get(&part).map_or(&[], Vec::as_slice)
    }

    /// How many of the first pairs of two parts talk in a state.
    pub fn share(&self, state: &Revision, [a, b]: [Part; 2]) -> Share {
        let known = |end: Endpoint| match end {
            Endpoint::Vm(vm) => vm.at() < state.world.topology().vms.len(),
            _ => true,
        };
        let pairs = self.ends(a).iter().flat_map(|from| self.ends(b).iter().map(move |to| (*from, *to)));
        let pairs = pairs.filter(|(from, to)| from != to && known(*from) && known(*to)).take(self.most);
        pairs.fold((0, 0), |(good, all), (from, to)| (good + usize::from(talk(state, from, to)), all + 1))
    }

    /// Whether there are more pairs in a cell than are judged.
    pub fn is_partial(&self, [a, b]: [Part; 2]) -> bool {
        let (rows, columns) = (self.ends(a).len(), self.ends(b).len());
        let alone = if a == b { rows } else { 0 };
        rows * columns > self.most + alone
    }

    pub fn cell(&self, parts: [Part; 2], wide: bool, theme: &Theme) -> (String, Style) {
        let [a, b] = parts;
        let same = a == b;
        if same && !matches!(a, Part::Region(_) | Part::Subnet(_)) {
            return (" ■".to_owned(), theme.dim);
        }
        let (now, then) = (self.share(self.now, parts), self.share(self.then, parts));
        let reach = sign(now);
        let turned = match now.0.cmp(&then.0) {
            std::cmp::Ordering::Greater => "+",
            std::cmp::Ordering::Less => "−",
            std::cmp::Ordering::Equal => " ",
        };
        let judged = match reach {
            '●' => theme.connected,
            '◑' => theme.pending,
            _ => theme.dim,
        };
        match parts {
            [Part::Network(a), Part::Network(b)] => self.link([a, b], turned, now, wide, judged, theme),
            [Part::Region(_), _] | [_, Part::Region(_)] => {
                let more = if self.is_partial(parts) { "…" } else { "" };
                let count = if wide && now.1 > 0 { format!(" {}/{}{more}", now.0, now.1) } else { String::new() };
                (format!("{turned}{}{count}", shade(now)), judged)
            }
            _ => (format!("{turned}{reach}"), judged),
        }
    }

    fn link(
        &self,
        ends: [Node; 2],
        turned: &str,
        now: Share,
        wide: bool,
        judged: Style,
        theme: &Theme,
    ) -> (String, Style) {
        let [a, b] = ends;
        let world = &self.now.world;
        let reach = sign(now);
        let [known, known_then] = &self.links;
        let was = there(&self.then.world, link_between(&self.then.world, known_then, a, b));
        let Some((kind, link)) = link_between(world, known, a, b) else {
            let never = direct_overlap(world, ends).is_some();
            let space = if never && wide { " addr" } else { "" };
            return (format!("{turned}{reach}{}{space}", if never { "≠" } else { " " }), judged);
        };
        let standing = self.networks.standing(link);
        let (mark, mut style) = links::mark(standing, theme);
        if reach == '×' && standing == Standing::Carries {
            style = theme.blocked;
        }
        let change = match (was, there(world, Some((kind, link)))) {
            (true, false) => "−",
            (false, true) => "+",
            _ => turned,
        };
        let word = match kind {
            LinkKind::Vpn => "VPN",
            LinkKind::Peering => "peer",
            LinkKind::Expressroute => "ExpR",
        };
        (if wide { format!("{change}{reach}{mark} {word}") } else { format!("{change}{reach}{mark}") }, style)
    }

    /// What the signs of a level mean.
    pub fn legend(&self, first: Part) -> String {
        let reach = "● all of their machines reach each other both ways, ◑ some, × none";
        let change = "+ and − tell what changed since the state that d chooses";
        match first {
            Part::Network(_) => format!(
                "{reach}; then the link: ✓ connected, ⊘ blocked, ✗ cut, ○ planned, … pending, ≠ same address space and never \
                 linked; {change}."
            ),
            Part::Region(_) => {
                format!(
                    "█ ▓ ▒ ░ how many pairs of machines reach each other, × none, … of more than were judged; {change}."
                )
            }
            Part::Subnet(_) | Part::Vm(_) => format!("{reach}; {change}."),
        }
    }
}

/// The sign of how many pairs reach each other.
fn sign((good, all): Share) -> char {
    match (good, all) {
        (_, 0) => ' ',
        (0, _) => '×',
        _ if good == all => '●',
        _ => '◑',
    }
}

/// The same in four shades.
fn shade((good, all): Share) -> char {
    match (good, all) {
        (_, 0) => ' ',
        (0, _) => '×',
        _ if good == all => '█',
        _ if good * 3 >= all * 2 => '▓',
        _ if good * 3 >= all => '▒',
        _ => '░',
    }
}

/// The links between networks that are seen: one walk over all, instead of one for each cell.
fn between(world: &World, seen: &HashSet<Part>) -> Vec<LinkIx> {
    let inside = |link: &Link| link.between.iter().all(|end| seen.contains(&Part::Network(*end)));
    (0..world.links().len()).map(LinkIx::new).filter(|at| inside(world.link(*at))).collect()
}

/// The link of two networks among those known, the one that is there before one that is not.
fn link_between(world: &World, known: &[LinkIx], a: Node, b: Node) -> Option<(LinkKind, LinkIx)> {
    let joining = || known.iter().copied().filter(|at| world.link(*at).joins(a, b));
    let stands = |at: &LinkIx| world.link(*at).state != LinkState::Absent;
    let found = joining().find(stands).or_else(|| joining().find(|at| !is_over(world, *at)))?;
    Some((world.link(found).kind, found))
}

fn there(world: &World, link: Option<(LinkKind, LinkIx)>) -> bool {
    link.is_some_and(|(_, link)| world.link(link).state != LinkState::Absent)
}
