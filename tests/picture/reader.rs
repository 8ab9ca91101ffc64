//! A reader of painted frames: it follows the lines of a picture cell by cell, knowing its text and where boxes stand.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use failscope::diagram::{Cell, Layout, Rect};
use failscope::topology::Node;
use ratatui::buffer::Buffer;

use super::glyphs::{DIRECTIONS, DOWN, Dash, LEFT, RIGHT, Strokes, UP, Weight, back, strokes};
use super::words::{self, Word};

/// The text of a frame.
#[derive(Debug, Clone)]
pub struct Picture {
    pub rows: Vec<Vec<char>>,
    pub ascii: bool,
}

impl Picture {
    pub fn of(buffer: &Buffer, ascii: bool) -> Self {
        let width = usize::from(buffer.area.width).max(1);
        let letter = |cell: &ratatui::buffer::Cell| cell.symbol().chars().next().unwrap_or('\0');
        Self { rows: buffer.content.chunks(width).map(|row| row.iter().map(letter).collect()).collect(), ascii }
    }

    pub fn at(&self, (x, y): Cell) -> Option<char> {
        let row = self.rows.get(usize::try_from(y).ok()?)?;
        row.get(usize::try_from(x).ok()?).copied()
    }

    pub fn put(&mut self, (x, y): Cell, symbol: char) {
        self.rows[y as usize][x as usize] = symbol;
    }

    pub fn strokes(&self, cell: Cell) -> Option<Strokes> {
        strokes(self.at(cell)?, self.ascii)
    }

    /// The text of some cells of a row.
    pub fn text(&self, rect: Rect, y: i32) -> String {
        (rect.x..=rect.right()).filter_map(|x| self.at((x, y))).filter(|letter| *letter != '\0').collect()
    }

    pub fn inked(&self) -> usize {
        self.rows.iter().flatten().filter(|letter| !matches!(letter, ' ' | '\0')).count()
    }

    pub fn lines(&self) -> String {
        let lines = self.rows.iter().map(|row| row.iter().collect::<String>().trim_end().to_owned() + "\n");
        lines.collect()
    }
}

/// A line that was followed from one box to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub ends: [Node; 2],
    pub ports: [Cell; 2],
    pub weight: Option<Weight>,
    /// Every cell in order, both ports included.
    pub cells: Vec<Cell>,
    pub bends: usize,
    /// The words that stand in the line.
    pub words: BTreeSet<usize>,
    /// How its straight strokes are broken; more than one would be a line that changes.
    pub dashes: BTreeSet<Dash>,
}

/// What a reader makes of a frame.
#[derive(Debug, Default)]
pub struct Reading {
    pub lines: Vec<Line>,
    pub words: Vec<Word>,
    /// Ports whose line leads nowhere, with the reason.
    pub lost: Vec<String>,
}

/// Follows every line of a picture of a layout.
pub fn read(picture: &Picture, layout: &Layout) -> Reading {
    let words = words::find(picture, layout);
    let mut at: HashMap<Cell, usize> = HashMap::new();
    for (nth, word) in words.iter().enumerate() {
        at.extend((word.rect.x..=word.rect.right()).map(|x| ((x, word.rect.y), nth)));
    }
    let walk = Walk { picture, layout, borders: borders(layout), words: at };
    let mut reading = Reading { words, ..Reading::default() };
    let mut known: BTreeMap<[Cell; 2], Line> = BTreeMap::new();
    for (port, node, direction) in walk.ports() {
        match walk.follow(port, node, direction) {
            Ok(line) => {
                let mut ends = line.ports;
                ends.sort_unstable();
                // The way back must be the same way.
                if let Some(other) = known.insert(ends, line.clone()) {
                    let forth: BTreeSet<Cell> = other.cells.iter().copied().collect();
                    if forth != line.cells.iter().copied().collect() {
                        reading.lost.push(format!("{port:?}: another way back"));
                    }
                }
            }
            Err(why) => reading.lost.push(format!("{node:?} {port:?}: {why}")),
        }
    }
    reading.lines = known.into_values().collect();
    reading
}

/// The border cells of boxes, by the box.
fn borders(layout: &Layout) -> HashMap<Cell, Node> {
    let mut found = HashMap::new();
    for boxed in layout.boxes.iter().filter(|boxed| boxed.rect.height > 1) {
        let rect = boxed.rect;
        for x in rect.x..=rect.right() {
            found.extend([((x, rect.y), boxed.node), ((x, rect.bottom()), boxed.node)]);
        }
        for y in rect.y..=rect.bottom() {
            found.extend([((rect.x, y), boxed.node), ((rect.right(), y), boxed.node)]);
        }
    }
    found
}

struct Walk<'a> {
    picture: &'a Picture,
    layout: &'a Layout,
    borders: HashMap<Cell, Node>,
    words: HashMap<Cell, usize>,
}

fn step(cell: Cell, direction: usize) -> Cell {
    let (dx, dy) = DIRECTIONS[direction];
    (cell.0 + dx, cell.1 + dy)
}

impl Walk<'_> {
    /// The ports on all borders: cells from which a stroke leads out of the box.
    fn ports(&self) -> Vec<(Cell, Node, usize)> {
        let mut found = Vec::new();
        for boxed in self.layout.boxes.iter().filter(|boxed| boxed.rect.height > 1) {
            let rect = boxed.rect;
            let sides = (rect.y + 1..rect.bottom()).flat_map(|y| [((rect.x, y), LEFT), ((rect.right(), y), RIGHT)]);
            let ends = (rect.x + 1..rect.right()).flat_map(|x| [((x, rect.y), UP), ((x, rect.bottom()), DOWN)]);
            for (cell, out) in sides.chain(ends).filter(|(cell, out)| self.is_port(*cell, *out)) {
                found.push((cell, boxed.node, out));
            }
        }
        found
    }

    fn is_port(&self, cell: Cell, out: usize) -> bool {
        let Some(found) = self.picture.strokes(cell) else { return false };
        let along = if out < LEFT { [LEFT, RIGHT] } else { [UP, DOWN] };
        let border = |direction: usize| {
            self.picture.strokes(step(cell, direction)).is_some_and(|next| next.arms[back(direction)].is_some())
        };
        found.dash.is_none() && found.arms[out].is_some() && (!self.picture.ascii || along.into_iter().all(border))
    }

    /// Whether the cell lies on the upright border of a region, which lines go straight through.
    fn on_frame(&self, (x, y): Cell) -> bool {
        let rects = self.layout.frames.iter().map(|frame| frame.rect);
        rects.into_iter().any(|rect| rect.contains(x, y) && (x == rect.x || x == rect.right()))
    }

    /// Whether a line that comes in this direction is continued in the cell.
    fn goes_on(&self, cell: Cell, direction: usize, weight: Option<Weight>) -> bool {
        let arm = self.picture.strokes(cell).and_then(|found| found.arms[back(direction)]);
        arm.is_some_and(|arm| weight.is_none_or(|weight| arm.contains(&weight)))
    }

    fn follow(&self, port: Cell, node: Node, mut direction: usize) -> Result<Line, String> {
        let start = self.picture.strokes(port).and_then(|found| found.arms[direction]).ok_or("no stroke")?;
        let mut weight = if let [only] = start { Some(*only) } else { None };
        let mut line = Line {
            ends: [node; 2],
            ports: [port; 2],
            weight,
            cells: vec![port],
            bends: 0,
            words: BTreeSet::new(),
            dashes: BTreeSet::new(),
        };
        let (mut at, mut gap, mut blanks) = (port, 0, 0);
        // No way through a picture is longer than the picture.
        let most = self.picture.rows.len() * self.picture.rows.first().map_or(0, Vec::len);
        while line.cells.len() <= most {
            at = step(at, direction);
            line.cells.push(at);
            let Some(symbol) = self.picture.at(at) else { return Err(format!("leaves the picture at {at:?}")) };
            if let Some(node) = self.borders.get(&at) {
                if !self.is_port(at, back(direction)) || !self.goes_on(at, direction, weight) {
                    return Err(format!("runs into {node:?} at {at:?}, {symbol:?}"));
                }
                (line.ends[1], line.ports[1], line.weight) = (*node, at, weight);
                return Ok(line);
            }
            if direction >= LEFT
                && let Some(word) = self.words.get(&at)
            {
                line.words.insert(*word);
                continue;
            }
            if direction >= LEFT && self.on_frame(at) || crossing(symbol) {
                (gap, blanks) = (0, 0);
                continue;
            }
            let found = self.picture.strokes(at);
            let arms = found.map(|found| found.arms).unwrap_or_default();
            let fits = |arm: Option<&'static [Weight]>, weight: Option<Weight>| {
                arm.is_some_and(|arm| weight.is_none_or(|weight| arm.contains(&weight)))
            };
            if !fits(arms[back(direction)], weight) {
                // Double lines have gaps, and are broken where they cross heavy ones.
                let crossed = found.is_some_and(|found| found.dash.is_some());
                gap += 1;
                blanks += usize::from(symbol == ' ');
                let ahead = (1..=3).any(|by| {
                    let there = (0..by).fold(at, |cell, _| step(cell, direction));
                    self.borders.contains_key(&there) || self.goes_on(there, direction, weight)
                });
                let may = if symbol == ' ' {
                    weight != Some(Weight::Light) && weight != Some(Weight::Heavy)
                } else {
                    crossed
                };
                if may && gap <= 2 && ahead {
                    continue;
                }
                return Err(format!("ends at {at:?}, {symbol:?}"));
            }
            if let (Some(dash), [only]) =
                (found.and_then(|found| found.dash), arms[back(direction)].unwrap_or_default())
            {
                if weight.is_none() {
                    weight = Some(*only);
                }
                line.dashes.insert(dash);
            } else if let Some(dash) = found.and_then(|found| found.dash) {
                line.dashes.insert(dash);
            }
            if blanks > 0 {
                line.dashes.insert(if blanks == 1 { Dash::Pending } else { Dash::Cut });
            }
            (gap, blanks) = (0, 0);
            let turns: Vec<usize> = if direction < LEFT { vec![LEFT, RIGHT] } else { vec![UP, DOWN] };
            let turns: Vec<usize> = turns.into_iter().filter(|turn| fits(arms[*turn], weight)).collect();
            let joint = found.is_some_and(|found| found.dash.is_none());
            if !joint {
                continue;
            }
            if self.picture.ascii {
                let next = step(at, direction);
                let on = self.goes_on(next, direction, weight) || (direction >= LEFT && self.on_frame(next));
                let sides = if direction < LEFT { [LEFT, RIGHT] } else { [UP, DOWN] };
                if on && sides.into_iter().all(|side| self.goes_on(step(at, side), side, None)) {
                    continue;
                }
                let open: Vec<usize> = turns.into_iter().filter(|turn| self.seen(at, *turn, weight)).collect();
                match open[..] {
                    // What touches a corner from behind belongs to another line.
                    [turn] => direction = turn,
                    _ if on => continue,
                    _ => return Err(format!("no way on at {at:?}: {open:?}")),
                }
                line.bends += 1;
                continue;
            }
            match (fits(arms[direction], weight), &turns[..]) {
                (false, [turn]) => {
                    direction = *turn;
                    line.bends += 1;
                }
                _ => return Err(format!("a join at {at:?}, {symbol:?}")),
            }
        }
        Err("runs in circles".to_owned())
    }

    /// Whether a line leaves an ASCII corner in a direction; no line has a gap beside its corners.
    fn seen(&self, at: Cell, direction: usize, weight: Option<Weight>) -> bool {
        let next = step(at, direction);
        if self.words.contains_key(&next) {
            return direction >= LEFT;
        }
        // `#`, `%` and `,` lead every way: a run of them across, or into a label, is no line that comes up or down.
        let beside = if direction < LEFT { [LEFT, RIGHT] } else { [UP, DOWN] };
        let hash = |cell: Cell| matches!(self.picture.at(cell), Some('#' | '%' | ','));
        let beside = beside.map(|side| step(next, side));
        let passes = hash(next)
            && beside.into_iter().any(hash)
            && beside.into_iter().all(|cell| hash(cell) || direction < LEFT && self.words.contains_key(&cell));
        let corner = self.borders.contains_key(&next) && !self.is_port(next, back(direction));
        self.goes_on(next, direction, weight) && !passes && !corner
    }
}

fn crossing(symbol: char) -> bool {
    matches!(symbol, '┼' | '╂' | '┿' | '╋' | '╫' | '╪' | '╬')
}
