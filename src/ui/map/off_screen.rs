//! What lies beyond the window of the map: how many networks, told at the edge they lie beyond.

use super::MapView;
use crate::diagram::{Boxed, Layout, Level, Rect, Row, Shows, width};
use crate::ui::canvas::{Canvas, shortened};

/// An edge of the window above or below which the map goes on.
#[derive(Clone, Copy)]
struct Edge {
    arrow: char,
    /// The row of the window next to it.
    row: i32,
    upper: bool,
}

impl Edge {
    fn hides(self, boxed: &Boxed) -> bool {
        if self.upper { boxed.rect.y < self.row } else { boxed.rect.bottom() > self.row }
    }

    /// `▼ 3 VNets, 1 site`; nothing where all boxes that are meant can be seen whole.
    fn told(self, layout: &Layout, meant: impl Fn(&Boxed) -> bool) -> Option<String> {
        let hidden = || layout.boxes.iter().filter(|boxed| meant(boxed) && self.hides(boxed));
        let sites = hidden().filter(|boxed| boxed.node.site().is_some()).count();
        let counts = [(hidden().count() - sites, "VNet"), (sites, "site")];
        let counts = counts.into_iter().filter(|(count, _)| *count > 0);
        let told: Vec<String> =
            counts.map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" })).collect();
        (!told.is_empty()).then(|| format!("{} {}", self.arrow, told.join(", ")))
    }
}

/// Tells how many boxes lie, at least in part, beyond each edge of the window.
pub(super) fn draw(canvas: &mut Canvas, layout: &Layout, view: &MapView) {
    let (left, top, wide, height) = canvas.window();
    let edges = [Edge { arrow: '▲', row: top, upper: true }, Edge { arrow: '▼', row: top + height - 1, upper: false }];
    for edge in edges {
        let Some(all) = edge.told(layout, |_| true) else { continue };
        let (above, below) = layout.hidden(top, height);
        let count = if edge.upper { above } else { below };
        let brief = format!("{}{count}", edge.arrow);
        let (first, last) = layout.gutter;
        if layout.level <= Level::Rows && last - first >= 8 {
            // The spine keeps to its own side of the gutter.
            canvas.text(first, edge.row, (last - first) / 2, &brief, view.theme.changed);
        } else if let Some((x, text)) =
            [all, brief.clone()].into_iter().find_map(|text| Some((free(canvas, layout, edge, &text)?, text)))
        {
            canvas.text(x, edge.row, width(&text), &text, view.theme.changed);
        } else {
            cover(canvas, layout, edge, &brief, view);
        }
    }
    let (before, after) = layout.hidden_beside(left, wide);
    let middle = top + height / 2;
    for (count, text, right) in [(before, format!("◀{before}"), false), (after, format!("{after}▶"), true)] {
        if count > 0 {
            let room = width(&text);
            let x = if right { left + wide - room } else { left };
            canvas.text(x, middle, room, &shortened(&text, wide), view.theme.changed);
        }
    }
}

/// Where a text and a blank at both of its ends find room in the gutter.
fn free(canvas: &Canvas, layout: &Layout, edge: Edge, text: &str) -> Option<i32> {
    let (first, last) = layout.gutter;
    let room = width(text) + 2;
    let mut starts = first..=last + 1 - room;
    let in_box = |x: i32| layout.boxes.iter().any(|boxed| boxed.rect.contains(x, edge.row));
    starts.find(|x| (*x..x + room).all(|x| canvas.is_blank(x, edge.row) && !in_box(x))).map(|x| x + 1)
}

/// Where links take all of the gutter: a row of the boxes, all of it, for half a line would be read as one. Where nothing
/// can be read beyond the edge no row is given up for that, and an arrow on the border of the region will do.
fn cover(canvas: &mut Canvas, layout: &Layout, edge: Edge, brief: &str, view: &MapView) {
    let frames = layout.frames.iter().map(|frame| frame.rect);
    let frames: Vec<Rect> = frames.filter(|frame| frame.contains(frame.x, edge.row)).collect();
    if frames.is_empty() {
        // Beside the sites, which lie below all regions.
        let (left, _, wide, _) = canvas.window();
        canvas.text(left, edge.row, wide, &format!("{brief} "), view.theme.changed);
    }
    for (nth, frame) in frames.iter().enumerate() {
        // Sites lie below both columns, and are told of once.
        let inside = |boxed: &Boxed| match boxed.node.site() {
            Some(_) => nth == 0,
            None => boxed.rect.x > frame.x && boxed.rect.right() < frame.right(),
        };
        let beyond = |y: i32| if edge.upper { y < edge.row } else { y > edge.row };
        let read = |row: &&Row| !matches!(row.shows, Shows::Nothing | Shows::Gateways);
        let mut hidden = layout.rows.iter().filter(read).filter(|row| beyond(row.rect.y));
        let column = frame.x..=frame.right();
        if let Some(told) = edge.told(layout, inside) {
            if !hidden.any(|row| column.contains(&row.rect.x)) {
                canvas.put(frame.x, edge.row, edge.arrow, view.theme.changed);
                continue;
            }
            let room = frame.width - 4;
            let text = format!(" {told}");
            let pad = usize::try_from(room - width(&text)).unwrap_or(0);
            canvas.text(frame.x + 2, edge.row, room, &(text + &" ".repeat(pad)), view.theme.changed);
        }
    }
}
