//! What a cell says: whether the machines of two parts reach each other, and the link between two networks.

use std::collections::HashMap;

use ratatui::style::Style;

use crate::app::Session;
use crate::app::facts::{Standing, is_over, standing};
use crate::app::grid::{Grid, Part, talk};
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
    /// So many pairs of a cell are judged at most.
    most: usize,
}

impl<'a> Judge<'a> {
    /// For so many cells at once, with so many pairs in all of them.
    pub fn of(session: &'a Session, grid: &Grid, cells: usize, budget: usize) -> Self {
        let history = &session.history;
        let chosen = grid.since.and_then(|since| history.revisions().get(since));
        let now = history.now();
        let ends = grid.here().parts.iter().map(|part| (*part, Vec::new())).collect();
        let mut judge = Self {
            now,
            then: chosen.unwrap_or_else(|| session.before()),
            ends,
            most: (budget / cells.max(1)).clamp(1, PAIRS),
        };
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
        self.ends(a).len() * self.ends(b).len() > self.most + self.ends(a).len()
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
                let count = if wide && now.1 > 0 { format!(" {}/{}", now.0, now.1) } else { String::new() };
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
        let was = there(&self.then.world, link_between(&self.then.world, a, b));
        let Some((kind, link)) = link_between(world, a, b) else {
            let never = direct_overlap(world, ends).is_some();
            let space = if never && wide { " space" } else { "" };
            return (format!("{turned}{reach}{}{space}", if never { "≠" } else { " " }), judged);
        };
        let (mark, mut style) = links::mark(standing(world, link), theme);
        if reach == '–' && standing(world, link) == Standing::Carries {
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
        let reach = "● all of their machines reach each other both ways, ◑ some, – none";
        let change = "+ and − tell what changed since the state that d chooses";
        match first {
            Part::Network(_) => format!(
                "{reach}; then the link: ✓ connected, ⊘ blocked, ✗ cut, ○ planned, … pending, ≠ same address space and never \
                 linked; {change}."
            ),
            Part::Region(_) => {
                format!("█ ▓ ▒ ░ how many pairs of machines reach each other, – none; {change}.")
            }
            Part::Subnet(_) | Part::Vm(_) => format!("{reach}; {change}."),
        }
    }
}

/// The sign of how many pairs reach each other.
fn sign((good, all): Share) -> char {
    match (good, all) {
        (_, 0) => ' ',
        (0, _) => '–',
        _ if good == all => '●',
        _ => '◑',
    }
}

/// The same in four shades.
fn shade((good, all): Share) -> char {
    match (good, all) {
        (_, 0) => ' ',
        (0, _) => '–',
        _ if good == all => '█',
        _ if good * 3 >= all * 2 => '▓',
        _ if good * 3 >= all => '▒',
        _ => '░',
    }
}

/// The link of two networks, the one that is there before one that is not.
pub(super) fn link_between(world: &World, a: Node, b: Node) -> Option<(LinkKind, LinkIx)> {
    let numbered = || world.links().iter().enumerate().filter(|(_, link)| link.joins(a, b));
    let told = |(at, _): &(usize, &Link)| !is_over(world, LinkIx::new(*at));
    let live = numbered().find(|(_, link)| link.state != LinkState::Absent).or_else(|| numbered().find(told));
    live.map(|(at, link)| (link.kind, LinkIx::new(at)))
}

fn there(world: &World, link: Option<(LinkKind, LinkIx)>) -> bool {
    link.is_some_and(|(_, link)| world.link(link).state != LinkState::Absent)
}
