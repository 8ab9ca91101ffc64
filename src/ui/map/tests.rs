use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::*;
use crate::diagram::Size;
use crate::diagram::sample::{course, courses, topology};
use crate::topology::Scope;

fn paint(world: &World, before: Option<&World>, width: u16, height: u16, glyphs: Glyphs) -> Vec<String> {
    let size = Size { width: i32::from(width), height: i32::from(height) };
    let layout = Layout::new(world.topology(), world.links(), size, None);
    let theme = Theme::dark();
    let networks = Networks::of(world, vec![true; world.topology().vms.len()]);
    let view = MapView {
        world,
        before,
        networks: &networks,
        selection: None,
        matches: None,
        offset: (0, 0),
        theme: &theme,
        glyphs: &glyphs,
    };
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    draw(&mut buffer, Rect::new(0, 0, width, height), &layout, &view);
    (0..height).map(|y| (0..width).map(|x| buffer[(x, y)].symbol()).collect()).collect()
}

#[test]
fn the_isolated_app_failover_looks_as_designed_before_and_after() {
    let course = course("azure-isolated-app", &Scope::App("app2".into()));
    let (first, last) = (&course.worlds[0], course.worlds.last().unwrap());
    for (name, glyphs) in [("unicode", Glyphs::unicode()), ("ascii", Glyphs::ascii())] {
        for (width, height) in [(80, 21), (98, 36)] {
            for (state, world) in [("before", first), ("after", last)] {
                let lines = paint(world, Some(first), width, height, glyphs);
                let text: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
                insta::assert_snapshot!(format!("{state}-{width}x{height}-{name}"), text.join("\n"));
            }
        }
    }
}

#[test]
fn every_size_is_painted_without_a_panic_and_in_ascii_if_asked() {
    for name in ["azure-isolated-app", "hybrid-isolated-app"] {
        let world = World::start(topology(name));
        for (width, height) in
            (1..90).step_by(7).flat_map(|width| (1..30).step_by(4).map(move |height| (width, height)))
        {
            let lines = paint(&world, None, width, height, Glyphs::ascii());
            assert!(lines.iter().all(|line| line.is_ascii()), "{name} {width}x{height}");
        }
    }
}

#[test]
fn every_address_stands_on_the_map_and_a_step_changes_little() {
    for course in courses() {
        let frames: Vec<Vec<String>> =
            course.worlds.iter().map(|world| paint(world, None, 98, 36, Glyphs::unicode())).collect();
        for (world, frame) in course.worlds.iter().zip(&frames) {
            for (_, vm) in world.vms() {
                let address = vm.at.ip.to_string();
                assert!(frame.iter().any(|line| line.contains(&address)), "{} {address}", course.name);
            }
        }
        for pair in frames.windows(2) {
            let cells = |frame: &[String]| frame.iter().flat_map(|line| line.chars()).collect::<Vec<_>>();
            let (one, other) = (cells(&pair[0]), cells(&pair[1]));
            let changed = one.iter().zip(&other).filter(|(a, b)| a != b).count();
            let inked = one.iter().filter(|cell| **cell != ' ').count();
            assert!(changed * 100 <= inked * 15, "{}: {changed} of {inked}", course.name);
        }
    }
}
