//! A frame as SVG: text that can be selected, on an exact grid, with lines that meet.
//!
//! Fonts draw box drawing with gaps or too wide; here its characters are strokes, and the text of them, which is there
//! for whoever copies a frame, is not painted.

use std::collections::BTreeMap;
use std::fmt::Write;

use ratatui::buffer::Buffer;

use super::cells::{Ink, Kind, Rgb, Run, runs};
use super::strokes::{Strokes, Weight, strokes};
use super::{About, escaped};
use crate::ui::theme::Theme;

/// The cell of the grid in tenths of a pixel: width and height; both are even so that its middle is whole.
const CELL: (usize, usize) = (84, 180);
/// The base line of the text below the upper edge of its cell, in tenths of a pixel.
const BASE: usize = 134;
/// What is free around the grid, in tenths of a pixel.
const MARGIN: usize = 80;
/// Half the distance of the lines of a double line, in tenths of a pixel.
const APART: usize = 14;

/// Writes a frame in the colours of a theme.
pub fn svg(buffer: &Buffer, theme: &Theme, about: &About) -> String {
    let rows = runs(buffer, theme);
    let width = usize::from(buffer.area.width) * CELL.0 + 2 * MARGIN;
    let height = usize::from(buffer.area.height) * CELL.1 + 2 * MARGIN;
    let (wide, high) = (pixels(width), pixels(height));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" viewBox=\"0 0 {wide} {high}\" \
         role=\"group\" aria-labelledby=\"title desc\">\n<title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n",
        escaped(&about.title),
        escaped(&about.description)
    );
    let classes = classes(&rows);
    out += "<style>text{font:14px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre}\
            .x{fill-opacity:0}path{fill:none;stroke-width:1.2}.h{stroke-width:2.8}";
    for (ink, class) in &classes {
        let _ = write!(out, ".{class}{{fill:{}", hex(ink.fg));
        for (set, rule) in [
            (ink.bold, "font-weight:700"),
            (ink.italic, "font-style:italic"),
            (ink.underlined, "text-decoration:underline"),
        ] {
            if set {
                let _ = write!(out, ";{rule}");
            }
        }
        out += "}";
    }
    let _ = writeln!(out, "</style>\n<rect width=\"{wide}\" height=\"{high}\" fill=\"{}\"/>", hex(theme.ground));
    grounds(&rows, &mut out);
    lines(&rows, &mut out);
    for (row, runs) in rows.iter().enumerate().filter(|(_, runs)| !runs.is_empty()) {
        let _ = write!(out, "<text xml:space=\"preserve\" y=\"{}\">", pixels(MARGIN + row * CELL.1 + BASE));
        for run in runs {
            let (x, wide) = (pixels(MARGIN + run.column * CELL.0), pixels(run.width * CELL.0));
            let length = match run.kind {
                Kind::Sign => String::new(),
                _ => format!(" textLength=\"{wide}\""),
            };
            let class = match run.kind {
                Kind::Lines => "x",
                _ => classes.get(&run.ink).map_or("x", String::as_str),
            };
            let _ = write!(out, "<tspan class=\"{class}\" x=\"{x}\"{length}>{}</tspan>", escaped(&run.text));
        }
        out += "</text>\n";
    }
    out + "</svg>\n"
}

/// A class for every look of letters.
fn classes(rows: &[Vec<Run>]) -> BTreeMap<Ink, String> {
    let looks = rows.iter().flatten().filter(|run| run.kind != Kind::Lines).map(|run| Ink { bg: None, ..run.ink });
    let looks: std::collections::BTreeSet<Ink> = looks.collect();
    let mut classes: BTreeMap<Ink, String> = BTreeMap::new();
    for (at, look) in looks.into_iter().enumerate() {
        for run in rows.iter().flatten().filter(|run| (Ink { bg: None, ..run.ink }) == look) {
            classes.insert(run.ink, format!("c{at}"));
        }
    }
    classes
}

/// The backgrounds that are not the theme's own.
fn grounds(rows: &[Vec<Run>], out: &mut String) {
    for (row, runs) in rows.iter().enumerate() {
        for run in runs {
            let Some(bg) = run.ink.bg else { continue };
            let (x, y) = (pixels(MARGIN + run.column * CELL.0), pixels(MARGIN + row * CELL.1));
            let (wide, high) = (pixels(run.width * CELL.0), pixels(CELL.1));
            let _ =
                writeln!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"{high}\" fill=\"{}\"/>", hex(bg));
        }
    }
}

/// All strokes, one path for each colour and weight.
fn lines(rows: &[Vec<Run>], out: &mut String) {
    let mut paths: BTreeMap<(Rgb, bool), Vec<Segment>> = BTreeMap::new();
    for (row, runs) in rows.iter().enumerate() {
        for run in runs.iter().filter(|run| run.kind == Kind::Lines) {
            for (at, letter) in run.text.chars().enumerate() {
                let Some(strokes) = strokes(letter) else { continue };
                let corner = (MARGIN + (run.column + at) * CELL.0, MARGIN + row * CELL.1);
                for (heavy, segment) in segments(strokes, corner) {
                    paths.entry((run.ink.fg, heavy)).or_default().push(segment);
                }
            }
        }
    }
    for ((colour, heavy), segments) in paths {
        let class = if heavy { " class=\"h\"" } else { "" };
        let _ = write!(out, "<path{class} stroke=\"{}\" d=\"", hex(colour));
        for ((x, y), (to_x, to_y)) in joined(segments) {
            match y == to_y {
                true => _ = write!(out, "M{} {}H{}", pixels(x), pixels(y), pixels(to_x)),
                false => _ = write!(out, "M{} {}V{}", pixels(x), pixels(y), pixels(to_y)),
            }
        }
        out.push_str("\"/>\n");
    }
}

/// A line from a point to one at its right or below it.
type Segment = ((usize, usize), (usize, usize));

/// Segments that go on in each other as one.
fn joined(mut segments: Vec<Segment>) -> Vec<Segment> {
    let level = |((_, y), (_, to_y)): &Segment| y == to_y;
    segments.sort_by_key(|segment| {
        let ((x, y), _) = *segment;
        if level(segment) { (0, y, x) } else { (1, x, y) }
    });
    let mut out: Vec<Segment> = Vec::new();
    for segment in segments {
        match out.last_mut().filter(|last| last.1 == segment.0 && level(last) == level(&segment)) {
            Some(last) => last.1 = segment.1,
            None => out.push(segment),
        }
    }
    out
}

/// The strokes of a character in the cell with its upper left `corner`; each says whether it is heavy.
fn segments(strokes: Strokes, corner: (usize, usize)) -> Vec<(bool, Segment)> {
    let (left, top) = corner;
    let (middle, centre) = (left + CELL.0 / 2, top + CELL.1 / 2);
    let (right, bottom) = (left + CELL.0, top + CELL.1);
    let [up, down, to_left, to_right] = strokes.arms;
    if strokes.dashes > 1 {
        let heavy = up == Weight::Heavy || to_left == Weight::Heavy;
        let count = usize::from(strokes.dashes);
        let dash = |at: usize| {
            let part = |from: usize, whole: usize, half: usize| from + whole * (2 * at + half) / (2 * count);
            match up == Weight::None {
                true => ((part(left, CELL.0, 0), centre), (part(left, CELL.0, 1), centre)),
                false => ((middle, part(top, CELL.1, 0)), (middle, part(top, CELL.1, 1))),
            }
        };
        return (0..count).map(|at| (heavy, dash(at))).collect();
    }
    let mut out = Vec::new();
    let mut arm = |weight: Weight, segment: Segment, is_level: bool| match weight {
        Weight::None => {}
        Weight::Light | Weight::Heavy => out.push((weight == Weight::Heavy, segment)),
        Weight::Double => {
            let aside =
                |(x, y): (usize, usize), by: usize| if is_level { (x, y + by - APART) } else { (x + by - APART, y) };
            for by in [0, 2 * APART] {
                out.push((false, (aside(segment.0, by), aside(segment.1, by))));
            }
        }
    };
    arm(up, ((middle, top), (middle, centre)), false);
    arm(down, ((middle, centre), (middle, bottom)), false);
    arm(to_left, ((left, centre), (middle, centre)), true);
    arm(to_right, ((middle, centre), (right, centre)), true);
    out
}

/// Tenths of a pixel as a number of pixels.
fn pixels(tenths: usize) -> String {
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}.{rest}", tenths / 10),
    }
}

fn hex((red, green, blue): Rgb) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}
