//! The reader is no use if it sees nothing wrong: frames with one thing spoilt, and what it must say.

use failscope::diagram::{Cell, Layout, Size};
use failscope::history::History;
use failscope::topology::{Command, LinkKind, Scope};
use failscope::world::World;

use super::glyphs::Weight;
use super::judge::{Frame, Wrong};
use super::reader::{Line, Picture, read};
use super::stage::{builtin, course, picture};

const SIZE: Size = Size { width: 80, height: 21 };

struct Stage {
    worlds: Vec<World>,
    layout: Layout,
}

impl Stage {
    fn example() -> Self {
        let worlds = course(&builtin("azure-isolated-app"), &Scope::App("app2".into())).worlds;
        let last = worlds.last().unwrap();
        let layout = Layout::new(last.topology(), last.links(), SIZE, None);
        Self { worlds, layout }
    }

    fn picture(&self, ascii: bool) -> Picture {
        picture(&self.layout, self.worlds.last().unwrap(), None, ascii, SIZE)
    }

    /// What is wrong with a picture, by metric.
    fn wrong(&self, picture: &Picture) -> Vec<u8> {
        let mut wrong = Wrong::new();
        let frame = Frame::new(picture, &self.layout, self.worlds.last().unwrap(), None);
        frame.links(&mut wrong);
        frame.courses(&mut wrong);
        frame.boxes(&mut wrong);
        frame.texts(&mut wrong);
        wrong.into_keys().collect()
    }

    /// The lines that run through the gutter.
    fn lines(&self, picture: &Picture) -> Vec<Line> {
        let lines = read(picture, &self.layout).lines;
        lines.into_iter().filter(|line| line.bends > 0).collect()
    }
}

/// A cell of the upright part of a line, away from its corners.
fn middle(line: &Line) -> Cell {
    let upright = |at: &usize| (at - 2..at + 2).all(|at| line.cells[at].0 == line.cells[at + 1].0);
    let at = (4..line.cells.len() - 4).find(upright).expect("a long upright");
    line.cells[at]
}

fn spoilt(ascii: bool, spoil: impl Fn(&Stage, &mut Picture)) -> Vec<u8> {
    let stage = Stage::example();
    let mut picture = stage.picture(ascii);
    assert!(stage.wrong(&picture).is_empty(), "nothing is wrong before");
    spoil(&stage, &mut picture);
    stage.wrong(&picture)
}

#[test]
fn a_line_cut_by_four_cells_is_noticed() {
    for ascii in [false, true] {
        let wrong = spoilt(ascii, |stage, picture| {
            let (x, y) = middle(&stage.lines(picture)[0]);
            (0..4).for_each(|by| picture.put((x, y + by - 2), ' '));
        });
        assert!(wrong.contains(&1) && wrong.contains(&2), "{wrong:?}");
    }
}

#[test]
fn a_blanked_address_is_noticed_although_its_twin_shows_the_same() {
    let wrong = spoilt(false, |stage, picture| {
        let vnet = stage.worlds[0].vnet_named("recovery-2").unwrap();
        let rect = stage.layout.boxed(failscope::topology::Node::Vnet(vnet)).unwrap().rect;
        let y = (rect.y..rect.bottom()).find(|y| picture.text(rect, *y).contains("10.2.1.4 ")).unwrap();
        (rect.x + 3..rect.right()).for_each(|x| picture.put((x, y), ' '));
    });
    assert_eq!(wrong, [8]);
}

#[test]
fn a_box_that_does_not_belong_there_is_noticed() {
    let wrong = spoilt(false, |_, picture| {
        let (left, right, top, bottom) = (20, 39, 3, 9);
        for x in left..=right {
            picture.put((x, top), '─');
            picture.put((x, bottom), '─');
        }
        for y in top..=bottom {
            picture.put((left, y), '│');
            picture.put((right, y), '│');
        }
        for (cell, corner) in [((left, top), '┌'), ((right, top), '┐'), ((left, bottom), '└'), ((right, bottom), '┘')]
        {
            picture.put(cell, corner);
        }
    });
    assert!(wrong.contains(&6), "{wrong:?}");
}

#[test]
fn two_tracks_that_are_joined_are_noticed() {
    let wrong = spoilt(false, |stage, picture| {
        let lines = stage.lines(picture);
        let mut ends = [middle(&lines[0]), middle(&lines[1])];
        ends.sort_unstable();
        let row = ends[0].1;
        for x in ends[0].0 + 1..ends[1].0 {
            picture.put((x, row), '─');
        }
        picture.put((ends[0].0, row), '├');
        picture.put((ends[1].0, row), '┤');
    });
    assert!(wrong.contains(&2), "{wrong:?}");
}

#[test]
fn a_double_line_that_is_cut_and_looks_solid_is_noticed() {
    let mut history = History::start(builtin("hub-and-spokes"));
    let start = history.now().world.clone();
    let peering = start.links().iter().find(|link| link.kind == LinkKind::Peering).expect("a peering");
    let [a, b] = peering.between.map(|end| start.topology().vnets[end.vnet().unwrap().at()].id.clone());
    history.execute(&Command::Disconnect { a, b, kind: None, circuit: None }).expect("it is cut");
    let (world, size) = (&history.now().world, Size { width: 140, height: 45 });
    let layout = Layout::new(world.topology(), world.links(), size, None);
    let mut picture = picture(&layout, world, Some(&start), false, size);
    let wrong = |picture: &Picture| {
        let mut wrong = Wrong::new();
        Frame::new(picture, &layout, world, Some(&start)).links(&mut wrong);
        wrong.into_keys().collect::<Vec<u8>>()
    };
    assert_eq!(wrong(&picture), [0; 0], "nothing is wrong before");
    let lines = read(&picture, &layout).lines.into_iter();
    for line in lines.filter(|line| line.weight == Some(Weight::Double) && line.words.is_empty()) {
        for three in line.cells.windows(3).filter(|three| three[0].0 == three[2].0) {
            if picture.at(three[1]) == Some(' ') {
                picture.put(three[1], '║');
            }
        }
    }
    assert_eq!(wrong(&picture), [14]);
}

#[test]
fn a_label_that_says_another_state_or_stands_between_two_lines_is_noticed() {
    let wrong = spoilt(false, |_, picture| {
        let marks = picture.rows.iter_mut().flatten().filter(|letter| **letter == '✗');
        marks.for_each(|letter| *letter = '✓');
    });
    assert!(wrong.contains(&2) || wrong.contains(&1), "{wrong:?}");
    let wrong = spoilt(false, |_, picture| {
        "VPN✓".chars().zip(5..).for_each(|(letter, x)| picture.put((x, 14), letter));
    });
    assert_eq!(wrong, [10], "a label in the air");
}

#[test]
fn a_name_that_is_cut_without_a_sign_is_noticed() {
    let wrong = spoilt(false, |_, picture| {
        let row = &mut picture.rows[1];
        let at = row.iter().position(|letter| *letter == 'V').unwrap();
        row[at..at + 4].fill('─');
    });
    assert_eq!(wrong, [7]);
}

#[test]
fn a_line_drawn_with_another_stroke_is_noticed() {
    let wrong = spoilt(false, |stage, picture| {
        let line = stage.lines(picture).into_iter().next().unwrap();
        line.cells.iter().for_each(|cell| {
            if picture.at(*cell) == Some('│') {
                picture.put(*cell, '╎');
            }
        });
    });
    assert_eq!(wrong, [14]);
}
