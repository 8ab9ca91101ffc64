//! Every sheet and panel at every size: nothing is cut without a sign, and the keys are at hand (`picture.md` 2.3).

use std::collections::HashSet;
use std::sync::Arc;

use failscope::app::{App, Key, Message};
use failscope::topology::builtin::BUILTINS;
use failscope::topology::load;
use failscope::ui::{Look, paint};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use rstest::rstest;

const SIZES: [(u16, u16); 8] = [(60, 16), (80, 24), (100, 30), (120, 40), (140, 45), (200, 50), (200, 60), (240, 70)];

/// The ways into every sheet of the explorer.
const WAYS: [&[&str]; 19] = [
    &["?"],
    &["m"],
    &["w", "enter", "enter"],
    &["w", "enter", "down", "enter"],
    &["!"],
    &["a"],
    &["enter"],
    &["tab", "down", "down", "enter"],
    &["F"],
    &["f"],
    &["F", "enter", "n", "n", "t"],
    &["F", "enter", "n", "n", "enter"],
    &["F", "r", "!"],
    &["F", "r", "m"],
    &["F", "r", "g"],
    &["F", "="],
    &["c", "enter"],
    &["T"],
    &["L"],
];

fn opened(name: &str, way: &[&str]) -> App {
    let text = BUILTINS.iter().find(|builtin| builtin.name == name).expect("a built-in").text;
    let mut app = App::exploring(Arc::new(load::parse(name, text).expect("a topology")));
    app.update(Message::Resize(80, 24));
    for key in way {
        app.update(Message::Key(key.parse::<Key>().expect("a key")));
    }
    app
}

/// Every frame of a sheet from its top to its end.
fn frames(app: &App, width: u16, height: u16) -> Vec<Buffer> {
    let mut app = app.clone();
    app.update(Message::Resize(width, height));
    app.notice = None;
    app.words = true;
    let mut all = Vec::new();
    let mut at = 0;
    loop {
        if let Some(layer) = app.layers.last_mut() {
            layer.scroll = at;
        }
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        let limits = paint(&app, &Look::default(), &mut buffer);
        all.push(buffer);
        if at >= limits.sheet {
            return all;
        }
        at = (at + height / 3).min(limits.sheet);
    }
}

fn rows(buffer: &Buffer) -> impl Iterator<Item = String> + '_ {
    let width = usize::from(buffer.area.width);
    buffer.content.chunks(width).map(|row| row.iter().map(|cell| cell.symbol()).collect())
}

/// The words of the sheet that covers the map: what stands between its borders.
fn words(buffer: &Buffer) -> HashSet<String> {
    let sheet = rows(buffer).filter(|row| row.starts_with('│'));
    let inner = sheet.map(|row| row.trim_start_matches('│').split('│').next().unwrap_or_default().to_owned());
    // A word that fits on no line may be broken behind these two.
    let parts = |row: String| row.split([' ', '\u{a0}', '-', '/']).map(str::to_owned).collect::<Vec<_>>();
    inner.flat_map(parts).collect()
}

#[rstest]
#[case("azure-isolated-app")]
#[case("hub-and-spokes")]
#[case("check-faults")]
#[case("hybrid-full-vpn")]
fn no_word_of_a_sheet_is_cut_without_a_sign_at_any_size(#[case] name: &str) {
    let mut wrong = Vec::new();
    for way in WAYS {
        let app = opened(name, way);
        let whole: HashSet<String> = frames(&app, 240, 70).iter().flat_map(words).collect();
        for (width, height) in SIZES {
            let shown: HashSet<String> = frames(&app, width, height).iter().flat_map(words).collect();
            let written = |word: &&String| word.chars().filter(char::is_ascii_alphabetic).count() > 1;
            let cut: Vec<&String> =
                shown.difference(&whole).filter(written).filter(|word| !word.contains('…')).collect();
            if !cut.is_empty() {
                wrong.push(format!("{way:?} at {width}x{height}: {cut:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{name}: words that do not stand in the sheet at 240x70:\n{}", wrong.join("\n"));
}
