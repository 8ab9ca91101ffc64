use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::*;
use crate::diagram::Size;
use crate::topology::load::open;

pub(crate) fn paint(world: &World, before: Option<&World>, width: u16, height: u16, glyphs: Glyphs) -> Vec<String> {
    let size = Size { width: i32::from(width), height: i32::from(height) };
    let layout = Layout::new(world.topology(), world.links(), size, None);
    let theme = Theme::dark();
    let view = MapView {
        world,
        before,
        reachable: &|_| true,
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
fn look() {
    for name in std::env::var("LOOK").unwrap_or_default().split_whitespace() {
        let world = World::start(Arc::new(open(name).unwrap()));
        for size in std::env::var("SIZES").unwrap().split_whitespace() {
            let (w, h) = size.split_once('x').unwrap();
            println!("--- {name} {size}");
            for line in paint(&world, None, w.parse().unwrap(), h.parse().unwrap(), Glyphs::unicode()) {
                println!("{}", line.trim_end());
            }
        }
    }
}
