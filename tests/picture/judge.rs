//! The metrics of section 4 on what was read from a frame, each as the list of what is wrong.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use failscope::diagram::{Boxed, Cell, Layout, Level, Rect, Shows, second_slots};
use failscope::topology::{LinkIx, LinkKind, LinkState, Node, SubnetIx};
use failscope::world::World;

use super::glyphs::{Dash, Weight};
use super::reader::{Line, Picture, Reading, read};
use super::words::{Mark, Word};

/// One frame with all that is needed to judge it.
pub struct Frame<'a> {
    pub picture: &'a Picture,
    pub layout: &'a Layout,
    pub world: &'a World,
    pub before: Option<&'a World>,
    pub reading: Reading,
}

/// What is wrong, by the number of the metric.
pub type Wrong = BTreeMap<u8, Vec<String>>;

/// A link that a frame must show, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Wanted {
    ends: [Node; 2],
    weight: Weight,
    mark: Mark,
}

fn ordered([a, b]: [Node; 2]) -> [Node; 2] {
    if a <= b { [a, b] } else { [b, a] }
}

fn weight(kind: LinkKind) -> Weight {
    match kind {
        LinkKind::Vpn => Weight::Light,
        LinkKind::Peering => Weight::Double,
        LinkKind::Expressroute => Weight::Heavy,
    }
}

/// How a link stands, from the model alone; nothing for one that came later and is gone in both states.
fn mark(world: &World, before: Option<&World>, at: LinkIx) -> Option<Mark> {
    let link = world.link(at);
    let stood =
        before.and_then(|before| before.links().get(at.at())).is_some_and(|link| link.state != LinkState::Absent);
    let declared = world.topology().links.get(at.at()).map(|link| link.state);
    match link.state {
        LinkState::Connected if world.carries(at) && !world.is_shadowed(at) => Some(Mark::Connected),
        LinkState::Connected => Some(Mark::Blocked),
        LinkState::Pending => Some(Mark::Pending),
        LinkState::Absent => match declared {
            _ if stood => Some(Mark::Cut),
            Some(LinkState::Absent) => Some(Mark::Planned),
            Some(_) => Some(Mark::Cut),
            None => None,
        },
        _ if link.is_half() => Some(Mark::Half),
        _ => Some(Mark::Blocked),
    }
}

impl<'a> Frame<'a> {
    pub fn new(picture: &'a Picture, layout: &'a Layout, world: &'a World, before: Option<&'a World>) -> Self {
        Self { picture, layout, world, before, reading: read(picture, layout) }
    }

    fn wanted(&self) -> Vec<Wanted> {
        let all = (0..self.world.links().len()).map(LinkIx::new);
        let wanted = all.filter_map(|at| {
            let link = self.world.link(at);
            let mark = mark(self.world, self.before, at)?;
            Some(Wanted { ends: ordered(link.between), weight: weight(link.kind), mark })
        });
        wanted.collect()
    }

    /// The one label of each line, by the line's position, and what is wrong with labels (metric 10).
    fn labels(&self) -> (HashMap<usize, &Word>, Vec<String>) {
        let lines = &self.reading.lines;
        let (mut of, mut wrong) = (HashMap::new(), Vec::new());
        for (nth, word) in self.reading.words.iter().enumerate() {
            let within: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].words.contains(&nth)).collect();
            let mut near: Vec<(i32, usize)> =
                (0..lines.len()).filter_map(|at| Some((distance(&lines[at], word)?, at))).collect();
            near.sort_unstable();
            let own = match (&within[..], &near[..]) {
                ([only], _) => *only,
                ([], [(near, only), rest @ ..]) if *near <= 2 && rest.first().is_none_or(|(next, _)| next > near) => {
                    *only
                }
                _ => {
                    wrong.push(format!("{word:?} belongs to no one line: in {within:?}, near {near:?}"));
                    continue;
                }
            };
            for (far, at) in near.iter().filter(|(_, at)| *at != own) {
                if *far < 2 {
                    wrong.push(format!("{word:?} is {far} cells from {:?}", lines[*at].ends));
                }
            }
            if of.insert(own, word).is_some() {
                wrong.push(format!("{:?} has two labels", lines[own].ends));
            }
        }
        for (at, line) in lines.iter().enumerate().filter(|(at, _)| !of.contains_key(at)) {
            wrong.push(format!("{:?} from {:?} has no label ({at})", line.ends, line.ports[0]));
        }
        (of, wrong)
    }

    /// Metrics 1, 2, 5, 10 and 14: what the lines say, and whether it is so.
    pub fn links(&self, wrong: &mut Wrong) {
        let mut note = |metric: u8, text: String| wrong.entry(metric).or_default().push(text);
        self.reading.lost.iter().for_each(|lost| note(2, lost.clone()));
        let (labels, bad) = self.labels();
        bad.into_iter().for_each(|text| note(10, text));
        let mut wanted = self.wanted();
        for (at, line) in self.reading.lines.iter().enumerate() {
            let ends = ordered(line.ends);
            let label = labels.get(&at);
            let weight = line.weight.or(label.and_then(|label| label.kind));
            let fits = |wanted: &Wanted| {
                wanted.ends == ends
                    && weight.is_none_or(|weight| weight == wanted.weight)
                    && label.is_none_or(|label| label.mark == wanted.mark)
            };
            let Some(found) = wanted.iter().position(fits) else {
                note(2, format!("a line {ends:?} {weight:?} {label:?} that is no link of the state"));
                continue;
            };
            let link = wanted.swap_remove(found);
            if label.is_some_and(|label| label.kind.is_some_and(|kind| kind != link.weight)) {
                note(14, format!("{link:?} is labelled {label:?}"));
            }
            if !self.picture.ascii && !dashes(link).is_superset(&line.dashes) {
                note(14, format!("{link:?} is drawn with {:?}", line.dashes));
            }
            if link.weight == Weight::Double && broken(link.mark) && line.dashes == [Dash::Solid].into() {
                let longest = self.longest_run(line);
                if longest >= 3 {
                    note(14, format!("{link:?} looks solid over {longest} cells"));
                }
            }
            if line.bends > self.most_bends(line) {
                note(5, format!("{link:?} bends {} times", line.bends));
            }
        }
        if self.layout.level == Level::Rows {
            return;
        }
        for boxed in &self.layout.boxes {
            let missing = wanted.iter().filter(|link| link.ends.contains(&boxed.node)).count();
            if missing > 0 {
                let text = self.picture.text(boxed.rect, boxed.rect.bottom());
                if counted(&text) != missing {
                    note(1, format!("{missing} links of {:?} are neither drawn nor counted: {text}", boxed.node));
                }
            }
        }
    }

    /// The states of the lines, as their labels tell them.
    pub fn marks(&self) -> Vec<Mark> {
        self.labels().0.into_values().map(|word| word.mark).collect()
    }

    /// The links that are not drawn, only counted.
    pub fn undrawn(&self) -> usize {
        self.wanted().len().saturating_sub(self.reading.lines.len())
    }

    /// The cells of the longest straight part of a line between corners, ports, labels and crossings.
    fn longest_run(&self, line: &Line) -> usize {
        let words = || line.words.iter().map(|nth| self.reading.words[*nth].rect);
        let (mut longest, mut run) = (0, 0);
        for three in line.cells.windows(3) {
            let (before, cell, after) = (three[0], three[1], three[2]);
            let plain = self.picture.strokes(cell).is_some_and(|strokes| strokes.dash.is_some());
            let straight = before.0 == after.0 || before.1 == after.1;
            let free = straight && plain && !words().any(|rect| rect.contains(cell.0, cell.1));
            run = if free { run + 1 } else { 0 };
            longest = longest.max(run);
        }
        longest
    }

    fn most_bends(&self, line: &Line) -> usize {
        let sites = self.layout.boxes.iter().filter(|boxed| boxed.node.site().is_some()).count();
        let upright = line.cells.iter().all(|cell| cell.0 == line.ports[0].0);
        match line.ends.iter().any(|end| end.site().is_some()) {
            true if sites == 1 => 1,
            true => 3,
            false if upright => 0,
            false => 2,
        }
    }

    /// Metrics 3, 4, 9 and 19 of the lines as they were read: shared cells, crossings, and cells too near each other.
    pub fn courses(&self, wrong: &mut Wrong) -> usize {
        let mut used: HashMap<Cell, [Vec<usize>; 2]> = HashMap::new();
        for (at, line) in self.reading.lines.iter().enumerate() {
            for pair in line.cells.windows(2) {
                let along = usize::from(pair[0].0 == pair[1].0);
                for cell in pair {
                    let users = &mut used.entry(*cell).or_default()[along];
                    if !users.contains(&at) {
                        users.push(at);
                    }
                }
            }
        }
        // Metric 9: no line runs over a label that is not in it.
        for line in &self.reading.lines {
            for (nth, word) in self.reading.words.iter().enumerate().filter(|(nth, _)| !line.words.contains(nth)) {
                if let Some(cell) = line.cells.iter().find(|(x, y)| word.inked.contains(*x, *y)) {
                    wrong.entry(9).or_default().push(format!("{:?} runs over label {nth} at {cell:?}", line.ends));
                }
            }
        }
        let mut crossings = 0;
        for (cell, [across, upright]) in &used {
            if across.len() > 1 || upright.len() > 1 {
                wrong.entry(3).or_default().push(format!("{cell:?} is shared by {across:?} and {upright:?}"));
            }
            crossings += usize::from(across.iter().any(|one| upright.iter().any(|other| other != one)));
            // Two uprights side by side read as one.
            let beside = used.get(&(cell.0 + 1, cell.1));
            for (own, other) in upright
                .iter()
                .flat_map(|one| beside.map(|[_, up]| up).into_iter().flatten().map(move |other| (one, other)))
            {
                if own != other {
                    wrong.entry(19).or_default().push(format!("no air between two lines at {cell:?}"));
                }
            }
        }
        for line in &self.reading.lines {
            let inner = &line.cells[1..line.cells.len() - 1];
            for (at, cell) in inner.iter().enumerate() {
                let upright = line.cells[at].0 == cell.0;
                let near = |boxed: &&Boxed| {
                    let rect = Rect { x: boxed.rect.x - 1, width: boxed.rect.width + 2, ..boxed.rect };
                    upright && rect.height > 1 && !line.ends.contains(&boxed.node) && rect.contains(cell.0, cell.1)
                };
                if let Some(boxed) = self.layout.boxes.iter().find(near) {
                    wrong.entry(19).or_default().push(format!("{:?} runs along {:?}", line.ends, boxed.node));
                }
            }
        }
        crossings
    }

    /// Metric 6: boxes drawn with corners are the layout's, nested or apart, each child strictly inside.
    pub fn boxes(&self, wrong: &mut Wrong) {
        if self.picture.ascii {
            return;
        }
        let drawn = rectangles(self.picture);
        let mut note = |text: String| wrong.entry(6).or_default().push(text);
        for (at, one) in drawn.iter().enumerate() {
            for other in &drawn[at + 1..] {
                if !apart(*one, *other) && !strictly(*one, *other) && !strictly(*other, *one) {
                    note(format!("{one:?} and {other:?} overlap"));
                }
            }
        }
        for boxed in self.layout.boxes.iter().filter(|boxed| boxed.rect.height > 1) {
            if !drawn.contains(&boxed.rect) {
                note(format!("{boxed:?} is not drawn whole"));
            }
            let inside = match boxed.node {
                Node::Vnet(vnet) => {
                    let region = self.world.vnet(vnet).region;
                    self.layout.frames.iter().any(|frame| frame.region == region && strictly(boxed.rect, frame.rect))
                }
                Node::Site(_) => self.layout.frames.iter().all(|frame| apart(frame.rect, boxed.rect)),
            };
            if !inside {
                note(format!("{boxed:?} is not where it belongs"));
            }
        }
    }

    /// Metrics 7 and 8: names whole or ended by `…`, ranges whole, addresses in the box of their own network.
    pub fn texts(&self, wrong: &mut Wrong) {
        let cut = if self.picture.ascii { '~' } else { '…' };
        let mut note = |metric: u8, text: String| wrong.entry(metric).or_default().push(text);
        for frame in &self.layout.frames {
            let title = &self.world.regions()[frame.region.at()].title;
            let shown = self.picture.text(frame.rect, frame.rect.y);
            if !named(&shown, title, cut) {
                note(7, format!("region {title}: {shown}"));
            }
        }
        for row in &self.layout.rows {
            let shown = self.picture.text(row.rect, row.rect.y);
            match (row.item, row.shows) {
                (failscope::diagram::Item::Vnet(vnet), Shows::Title) => {
                    let vnet = self.world.vnet(vnet);
                    let space = vnet.address_space.first().map(ToString::to_string).unwrap_or_default();
                    if !named(&shown, &vnet.title, cut) || !shown.contains(&space) {
                        note(7, format!("{} {space}: {shown}", vnet.title));
                    }
                }
                (failscope::diagram::Item::Site(site), Shows::Title) => {
                    let title = &self.world.site(site).title;
                    if !named(&shown, title, cut) {
                        note(7, format!("{title}: {shown}"));
                    }
                }
                (
                    failscope::diagram::Item::Subnet(subnet),
                    Shows::Subnet | Shows::SubnetCounts | Shows::SubnetBox(_),
                ) => {
                    let subnet = self.world.subnet(subnet);
                    let prefix = subnet.prefix.to_string();
                    if !named(&shown, &subnet.title, cut) || !shown.contains(&prefix) {
                        note(7, format!("{} {prefix}: {shown}", subnet.title));
                    }
                }
                _ => {}
            }
        }
        let second = second_slots(self.world.topology());
        for (vm, state) in self.world.vms() {
            if !self.shows(state.at.subnet, state.at.ip) {
                note(8, format!("{} at {}", self.world.vm_id(vm), state.at.ip));
            }
            let home = self.world.topology().vms[vm.at()].subnet;
            let away = second.get(vm.at()).copied().flatten();
            let other = [Some(home), away].into_iter().flatten().find(|subnet| *subnet != state.at.subnet);
            // The other place is there for the same address, unless the range differs or another was chosen.
            if let Some(other) = other
                && self.world.subnet(other).prefix.contains(&state.at.ip)
                && self.world.retained(vm) != Some(false)
                && self.world.target_of(vm).ip.is_none_or(|ip| ip == state.at.ip)
                && !self.shows(other, state.at.ip)
            {
                note(8, format!("the other place of {} for {}", self.world.vm_id(vm), state.at.ip));
            }
        }
    }

    /// Whether an address stands on the line of its machine, or as an end on the subnet's line, or is counted there.
    fn shows(&self, subnet: SubnetIx, ip: std::net::Ipv4Addr) -> bool {
        let declared = self.world.subnet(subnet);
        let Some(boxed) = self.layout.boxed(Node::Vnet(declared.vnet)) else { return false };
        let inside = |y: i32| self.picture.text(boxed.rect, y);
        let rows = boxed.rect.y + 1..boxed.rect.bottom();
        match boxed.level {
            Level::Lines | Level::Nested => rows.map(inside).any(|text| has_word(&text, &ip.to_string())),
            Level::Inline => {
                let [_, _, third, fourth] = ip.octets();
                let whole = declared.prefix.prefix_len() >= 24;
                let end = if whole { format!(".{fourth}") } else { format!(".{third}.{fourth}") };
                let prefix = declared.prefix.to_string();
                let lines: Vec<String> = rows.map(inside).filter(|text| text.contains(&prefix)).collect();
                lines.iter().any(|text| has_word(text, &end) || text.contains('+') || has_word(text, "…"))
            }
            _ => true,
        }
    }
}

/// The cells between a label and the nearest upright cell of a line on its row; nothing where there is none.
fn distance(line: &Line, word: &Word) -> Option<i32> {
    let on_row = line.cells.iter().enumerate().filter(|(_, cell)| cell.1 == word.rect.y);
    let upright = on_row.filter(|(at, cell)| {
        let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|at| line.cells.get(at));
        beside.into_iter().any(|other| other.0 == cell.0)
    });
    let all = upright.map(|(_, (x, _))| (word.inked.x - x).max(x - word.inked.right()));
    all.min().filter(|far| *far < 12)
}

/// Whether the line of a link in such a state is a broken one.
fn broken(mark: Mark) -> bool {
    matches!(mark, Mark::Pending | Mark::Cut | Mark::Half)
}

/// The dashes a line may be drawn with; a double line shows its gaps only where it is long enough.
fn dashes(link: Wanted) -> BTreeSet<Dash> {
    let own = match link.mark {
        Mark::Connected | Mark::Blocked => Dash::Solid,
        Mark::Pending => Dash::Pending,
        Mark::Cut | Mark::Half => Dash::Cut,
        Mark::Planned => Dash::Planned,
    };
    let mut all = BTreeSet::from([own]);
    if link.mark == Mark::Blocked {
        // What carries nothing has a notch in every third cell.
        all.insert(Dash::Pending);
    }
    if link.weight == Weight::Double && own != Dash::Planned {
        all.extend([Dash::Solid, Dash::Pending].into_iter().filter(|dash| *dash <= own));
    }
    all
}

/// The number of a count of links without a line.
fn counted(text: &str) -> usize {
    let number = text.find(" more").map(|end| text[..end].trim_start_matches(|letter: char| !letter.is_ascii_digit()));
    let digits = |text: &str| text.rsplit(|letter: char| !letter.is_ascii_digit()).next().and_then(|n| n.parse().ok());
    number.and_then(digits).unwrap_or(0)
}

/// Whether a name stands in a text, whole or cut with the sign that it was.
fn named(text: &str, name: &str, cut: char) -> bool {
    let begin = |at: usize| {
        let rest: Vec<char> = text[at..].chars().collect();
        let same = rest.iter().zip(name.chars()).take_while(|(a, b)| **a == *b).count();
        same == name.chars().count() || (same > 0 && rest.get(same) == Some(&cut))
    };
    text.char_indices().any(|(at, _)| begin(at))
}

/// Whether a word stands in a text with nothing beside it that would make it another one.
fn has_word(text: &str, word: &str) -> bool {
    let part = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit() || letter == '.');
    let mut from = 0;
    while let Some(at) = text[from..].find(word) {
        let begin = from + at;
        let end = begin + word.len();
        let before = text[..begin].chars().next_back();
        if !part(before) && !part(text[end..].chars().next()) {
            return true;
        }
        from = end;
    }
    false
}

fn apart(a: Rect, b: Rect) -> bool {
    a.right() < b.x || b.right() < a.x || a.bottom() < b.y || b.bottom() < a.y
}

fn strictly(inner: Rect, outer: Rect) -> bool {
    inner.x > outer.x && inner.y > outer.y && inner.right() < outer.right() && inner.bottom() < outer.bottom()
}

/// The light rectangles of a frame, found by their corners and upright sides.
pub fn rectangles(picture: &Picture) -> Vec<Rect> {
    let side = |from: Cell, corner: char| -> BTreeSet<i32> {
        let mut ends = BTreeSet::new();
        for y in from.1 + 1.. {
            match picture.at((from.0, y)) {
                Some(symbol) if symbol == corner => {
                    ends.insert(y);
                    break;
                }
                Some('│' | '├' | '┤' | '╞' | '╡' | '┝' | '┥') => {}
                _ => break,
            }
        }
        ends
    };
    let mut found = Vec::new();
    for (y, row) in picture.rows.iter().enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, letter)| **letter == '┌') {
            let (x, y) = (x as i32, y as i32);
            let left = side((x, y), '└');
            let corner = |right: &i32| picture.at((*right, y)) == Some('┐');
            // The nearest corner to the right with a side as long closes the box.
            let right = (x + 1..row.len() as i32)
                .filter(corner)
                .find_map(|right| Some((right, side((right, y), '┘').intersection(&left).next().copied()?)));
            if let Some((right, bottom)) = right {
                found.push(Rect { x, y, width: right - x + 1, height: bottom - y + 1 });
            }
        }
    }
    found
}
