//! The whole map in small: a cell for each VNet, or for a few of them, and brackets around what the window shows.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{MapView, tiles};
use crate::app::networks::Condition;
use crate::diagram::Layout;
use crate::topology::Node;
use crate::ui::canvas::Canvas;
use crate::ui::sheet;

/// Rows of cells at most.
const MOST_ROWS: usize = 14;

/// A VNet on the small map.
struct Spot {
    condition: Condition,
    seen: bool,
}

/// Draws the map in small at the bottom of an area while the window of `rows` rows does not show all of it; returns what
/// is left of the area.
pub fn minimap(buffer: &mut Buffer, area: Rect, layout: &Layout, view: &MapView, rows: i32) -> Rect {
    let window = layout.window(rows);
    if area.width < 24 || area.height < 20 || layout.size.height <= window {
        return area;
    }
    let top = view.offset.1;
    let column = |left: bool| -> Vec<Spot> {
        let here = layout.boxes.iter().filter(|boxed| boxed.left == left);
        let spot = |boxed: &crate::diagram::Boxed| match boxed.node {
            Node::Vnet(vnet) => Some(Spot {
                condition: view.networks.vnet(vnet).condition(),
                seen: boxed.rect.y >= top && boxed.rect.bottom() < top + window,
            }),
            Node::Site(_) => None,
        };
        here.filter_map(spot).collect()
    };
    let columns = [column(true), column(false)];
    // A cell and a bracket or space, in each of two columns with a gap between them.
    let per_row = (usize::from(area.width) - 4 - 3) / 4;
    let most = columns.iter().map(Vec::len).max().unwrap_or(0);
    let each = most.div_ceil(per_row * MOST_ROWS).max(1);
    let tall = most.div_ceil(each).div_ceil(per_row);
    let height = u16::try_from(tall + 2).unwrap_or(area.height).min(area.height / 2);
    let frame = Rect { y: area.bottom() - height, height, ..area };
    let title = match each {
        1 => "Map · [shown]".to_owned(),
        _ => format!("Map · [shown] · {each} VNets a cell"),
    };
    let inner = sheet(buffer, frame, &title, view.theme.dim);
    let mut canvas = Canvas::new(buffer, inner, (0, 0), view.glyphs);
    let wide = i32::try_from(per_row).unwrap_or(0);
    for (spots, from) in columns.iter().zip([0, 2 * wide + 3]) {
        let cells: Vec<&[Spot]> = spots.chunks(each).collect();
        let seen = |at: usize| cells.get(at).is_some_and(|cell| cell.iter().any(|spot| spot.seen));
        for (at, cell) in cells.iter().enumerate() {
            let (row, place) = (at / per_row, i32::try_from(at % per_row).unwrap_or(0));
            let (x, y) = (from + 2 * place + 1, i32::try_from(row).unwrap_or(0));
            let Some(worst) = cell.iter().map(|spot| spot.condition).min() else { continue };
            let (mark, style) = tiles::cell(worst, view);
            canvas.put(x, y, mark, if seen(at) { style } else { view.theme.dim });
            if seen(at) && (at == 0 || !seen(at - 1)) {
                canvas.put(x - 1, y, '[', view.theme.changed);
            }
            if seen(at) && !seen(at + 1) {
                canvas.put(x + 1, y, ']', view.theme.changed);
            }
        }
    }
    Rect { height: area.height - height, ..area }
}
