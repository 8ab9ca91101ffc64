//! Contrast and colour-blind distance of every theme that comes with the program, on frames as they are painted.

use std::collections::BTreeSet;

use palette::color_difference::EuclideanDistance;
use palette::{IntoColor, Lab, LinSrgb, Srgb};
use ratatui::buffer::Cell;

use super::depth::rgb;
use super::*;
use crate::app::App;
use crate::ui::Look;
use crate::ui::glyphs::Glyphs;
use crate::ui::tests::{SHEETS, exploring, press};

type Rgb = (u8, u8, u8);

/// The grounds a theme must be readable on: those of common terminals.
const DARK: [Rgb; 3] = [(0x00, 0x00, 0x00), (0x1E, 0x1E, 0x1E), (0x2E, 0x34, 0x40)];
const LIGHT: [Rgb; 2] = [(0xFF, 0xFF, 0xFF), (0xFD, 0xF6, 0xE3)];

/// Machado, Oliveira, Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency" (2009): the
/// matrices of full severity, on linear RGB.
const SEEN: [(&str, [[f64; 3]; 3]); 4] = [
    ("normal", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "protan",
        [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]],
    ),
    (
        "deutan",
        [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
    ),
    (
        "tritan",
        [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]],
    ),
];

fn linear((red, green, blue): Rgb) -> LinSrgb<f64> {
    Srgb::new(red, green, blue).into_format::<f64>().into_linear()
}

/// The contrast of WCAG 2: from 1 to 21.
fn contrast(one: Rgb, other: Rgb) -> f64 {
    let luminance = |colour: Rgb| {
        let seen = linear(colour);
        0.2126 * seen.red + 0.7152 * seen.green + 0.0722 * seen.blue
    };
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    one.max(other) / one.min(other)
}

/// CIE76, as somebody sees the two.
fn distance(one: Rgb, other: Rgb, matrix: &[[f64; 3]; 3]) -> f64 {
    let seen = |colour: Rgb| -> Lab<palette::white_point::D65, f64> {
        let c = linear(colour);
        let [red, green, blue] = matrix.map(|[r, g, b]| (r * c.red + g * c.green + b * c.blue).clamp(0.0, 1.0));
        LinSrgb::new(red, green, blue).into_color()
    };
    seen(one).distance(seen(other))
}

/// The grounds a theme is for: its own, and those of terminals of its kind. What sixteen colours look like is known for
/// xterm's own black only.
fn grounds(name: &str, theme: &Theme) -> Vec<Rgb> {
    match (name, theme.is_dark()) {
        ("sixteen", _) => vec![DARK[0]],
        (_, true) => DARK.into_iter().chain([theme.ground]).collect(),
        (_, false) => LIGHT.into_iter().chain([theme.ground]).collect(),
    }
}

fn is_line(cell: &Cell) -> bool {
    cell.symbol().chars().all(|letter| ('\u{2500}'..='\u{257F}').contains(&letter))
}

/// A foreground and a background as a frame shows them, none where they are the terminal's own; whether it is a line.
type Pair = (Option<Rgb>, Option<Rgb>, bool);

/// The explorer on every kind of screen.
fn screens() -> Vec<App> {
    let further = ["f enter r", "F r d", "o enter", "/ \"app2\" enter", ": \"connect_a_b\" enter"];
    let screens = SHEETS.into_iter().chain(further).map(|keys| {
        let mut app = exploring("azure-isolated-app");
        press(&mut app, keys);
        app
    });
    screens.collect()
}

/// Every pair of colours in frames of these screens.
fn pairs(theme: &Theme, screens: &[App]) -> BTreeSet<Pair> {
    let look = Look { theme: theme.clone(), glyphs: Glyphs::unicode() };
    let cells = screens.iter().flat_map(|app| crate::ui::frame(app, &look, 100, 30).content);
    let shown = cells.filter(|cell| !cell.symbol().trim().is_empty());
    let pair = |cell: Cell| {
        let (fg, bg) = (rgb(cell.fg), rgb(cell.bg));
        let reversed = cell.modifier.contains(Modifier::REVERSED);
        if reversed { (bg, fg, is_line(&cell)) } else { (fg, bg, is_line(&cell)) }
    };
    shown.map(pair).collect()
}

/// The theme in full depth and in the colours of a terminal of 256.
fn depths(theme: &Theme) -> [(&'static str, Theme); 2] {
    [("full", theme.clone()), ("256", theme.at(Depth::Indexed))]
}

#[test]
fn every_theme_that_comes_with_the_program_can_be_read() {
    for theme in THEMES {
        assert!(Theme::parse(theme.name, theme.text).is_ok(), "{}", theme.name);
    }
    assert_eq!(READ.len(), THEMES.len());
}

#[test]
fn every_pair_of_colours_in_every_frame_is_readable_text_4_5_and_lines_3() {
    let mut table = String::new();
    let screens = screens();
    for (name, theme) in READ.iter() {
        for (depth, theme) in depths(theme) {
            let (mut text, mut line) = (f64::MAX, f64::MAX);
            let found = pairs(&theme, &screens);
            for ground in grounds(name, &theme) {
                for (fg, bg, is_line) in &found {
                    if fg.is_none() && bg.is_none() {
                        // Both are the terminal's own.
                        continue;
                    }
                    // The terminal's own foreground is taken as the ground's best: black or white.
                    let own = if theme.is_dark() { (0xFF, 0xFF, 0xFF) } else { (0, 0, 0) };
                    let ratio = match bg {
                        // Reversed: the letters are of the ground's colour.
                        Some(bg) => contrast(fg.unwrap_or(ground), *bg),
                        None => contrast(fg.unwrap_or(own), ground),
                    };
                    let least = if *is_line { &mut line } else { &mut text };
                    *least = least.min(ratio);
                }
            }
            let shown = |ratio: f64| if ratio == f64::MAX { "-".to_owned() } else { format!("{ratio:.1}") };
            table += &format!("{name:9} {depth:5} text {:>4}  lines {:>4}\n", shown(text), shown(line));
            assert!(text >= 4.5 && line >= 3.0, "{table}");
        }
    }
    insta::assert_snapshot!("contrast", table);
}

#[test]
fn the_states_stay_apart_for_people_who_see_few_colours() {
    let mut table = String::new();
    for (name, theme) in READ.iter() {
        for (depth, theme) in depths(theme) {
            // The colour of a state is that of its line; labels say it in words too.
            let states = [theme.connected, theme.pending, theme.cut_line, theme.blocked];
            let colours: Vec<Rgb> = states.iter().filter_map(|style| rgb(style.fg?)).collect();
            if colours.is_empty() {
                continue;
            }
            table += &format!("{name:9} {depth:5}");
            for (sight, matrix) in &SEEN {
                let pairs = (0..4).flat_map(|one| (0..one).map(move |other| (one, other)));
                let least =
                    pairs.map(|(one, other)| distance(colours[one], colours[other], matrix)).fold(f64::MAX, f64::min);
                table += &format!(" {sight} {least:>3.0}");
                assert!(least >= 20.0, "{table}");
            }
            table += "\n";
        }
    }
    insta::assert_snapshot!("distance", table);
}

#[test]
fn without_colours_the_states_still_differ() {
    let theme = Theme::mono();
    let states = [theme.connected, theme.pending, theme.cut, theme.blocked];
    for (at, style) in states.iter().enumerate() {
        assert!(style.fg.is_none() && style.bg.is_none());
        assert!(!states[..at].contains(style), "{style:?}");
    }
}

#[test]
fn fewer_colours_give_the_nearest_or_the_theme_for_sixteen_and_none_gives_no_colour() {
    let dark = Theme::dark();
    assert_eq!(dark.at(Depth::Full), dark);
    assert_eq!(dark.at(Depth::Indexed).connected.fg, Some(Color::Indexed(74)));
    assert_eq!(dark.at(Depth::Sixteen), Theme::named("sixteen").unwrap());
    assert_eq!(dark.at(Depth::None), Theme::mono());
    assert_eq!(Theme::named("light").unwrap().at(Depth::Sixteen), Theme::mono());
    let sixteen = Theme::named("sixteen").unwrap();
    assert_eq!((sixteen.at(Depth::Sixteen), sixteen.at(Depth::Indexed)), (sixteen.clone(), sixteen));
}

#[test]
fn contrast_and_distance_are_those_of_the_standards() {
    assert!((contrast((0, 0, 0), (0xFF, 0xFF, 0xFF)) - 21.0).abs() < 0.001);
    assert!((contrast((0x56, 0xB4, 0xE9), (0, 0, 0)) - 9.1).abs() < 0.05);
    // Red and green, which the states must not be: far apart for most, close for who sees green weakly.
    let (red, green) = ((0xCC, 0x33, 0x11), (0x22, 0x88, 0x33));
    assert!(distance(red, green, &SEEN[0].1) > 100.0);
    assert!(distance(red, green, &SEEN[2].1) < 35.0);
}
