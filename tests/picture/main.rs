//! The picture, judged by what a reader sees: the metrics of a good frame on every built-in scenario in every state of
//! its failovers, at every size, in both glyph sets, and on random networks.

mod glyphs;
mod judge;
mod reader;
mod stage;
mod words;

use std::collections::BTreeMap;

use failscope::diagram::Layout;
use judge::{Frame, Wrong};
use stage::{SIZES, courses, map_size, picture};

#[test]
fn explore() {
    let mut all: BTreeMap<(u8, String), (usize, String)> = BTreeMap::new();
    let only = std::env::var("ONLY").ok();
    for course in courses() {
        if only.as_ref().is_some_and(|only| !course.name.contains(only.as_str())) {
            continue;
        }
        for size in SIZES {
            let cells = map_size(size);
            let last = course.worlds.last().unwrap();
            let layout = Layout::new(last.topology(), last.links(), cells, None);
            if std::env::var("ROUTES").is_ok() && size.0 == 100 {
                for route in &layout.routes {
                    println!("{:?} {:?} {:?} {:?}", route.ends, route.link, route.path, route.label.map(|l| l.variant));
                }
            }
            for (at, world) in course.worlds.iter().enumerate() {
                let before = at.checked_sub(1).map(|at| &course.worlds[at]);
                for ascii in [false, true] {
                    let picture = picture(&layout, world, before, ascii, cells);
                    let frame = Frame::new(&picture, &layout, world, before);
                    let mut wrong = Wrong::new();
                    frame.links(&mut wrong);
                    frame.courses(&mut wrong);
                    frame.boxes(&mut wrong);
                    frame.texts(&mut wrong);
                    if frame.undrawn() > 0 {
                        wrong.entry(1).or_default().push(format!("{} undrawn", frame.undrawn()));
                    }
                    for (metric, list) in wrong {
                        for text in list {
                            let key = (metric, format!("{} {size:?}", course.name));
                            all.entry(key)
                                .or_insert((0, format!("{at} ascii {ascii}: {text}\n{}", picture.lines())))
                                .0 += 1;
                        }
                    }
                }
            }
        }
    }
    let full = std::env::var("FULL").is_ok();
    for ((metric, about), (count, text)) in &all {
        println!("{metric:2} {about} x{count}: {}", if full { text.as_str() } else { text.lines().next().unwrap() });
    }
    assert!(all.is_empty());
}
