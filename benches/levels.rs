//! How long one key takes on a network of 1,000 VNets, from the key to the painted frame: moving over tiles and rows, and
//! zooming from level to level (`design/picture.md` 2.3).

#[path = "../tests/common/mod.rs"]
mod common;

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use failscope::app::{App, Key, Message};
use failscope::topology::load;
use failscope::ui::{Look, paint};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Pairs of twins; a hub makes one more.
const PAIRS: usize = 500;

fn app(zoom: &str, (width, height): (u16, u16)) -> App {
    let text = common::large(PAIRS, 2, 2);
    let mut app = App::exploring(Arc::new(load::parse("large", &text).expect("it stands")));
    app.size = (width, height);
    zoom.split_whitespace().for_each(|key| press(&mut app, key));
    app
}

fn press(app: &mut App, key: &str) {
    app.update(Message::Key(key.parse::<Key>().expect("a key")));
}

fn levels(bench: &mut Criterion) {
    let look = Look::default();
    for size in [(80, 24), (240, 70)] {
        let mut buffer = Buffer::empty(Rect::new(0, 0, size.0, size.1));
        for (name, zoom) in [("tiles", ""), ("rows", "z"), ("lines", "z z z z")] {
            let mut app = app(zoom, size);
            let mut forth = false;
            bench.bench_function(&format!("move over {name} at {}x{}", size.0, size.1), |bencher| {
                bencher.iter(|| {
                    forth = !forth;
                    press(&mut app, if forth { "down" } else { "up" });
                    paint(&app, &look, &mut buffer);
                    black_box(&buffer);
                });
            });
        }
        for (name, from) in [("tiles to rows", ""), ("rows to subnets", "z"), ("inline to lines", "z z z")] {
            let mut app = app(from, size);
            let mut deeper = false;
            bench.bench_function(&format!("zoom {name} and back, per key, at {}x{}", size.0, size.1), |bencher| {
                bencher.iter(|| {
                    deeper = !deeper;
                    press(&mut app, if deeper { "z" } else { "Z" });
                    paint(&app, &look, &mut buffer);
                    black_box(&buffer);
                });
            });
        }
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = levels
}
criterion_main!(benches);
