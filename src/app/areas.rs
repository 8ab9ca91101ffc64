//! Where the parts of the screen are, by its size (`design/picture.md` 2.3): mouse and painter read the same figures.

use super::learning::Room;
use crate::diagram::Rect;

/// Rows of a panel that is folded: what is asked, and the next key.
const FOLDED: i32 = 2;

/// The smallest terminal that shows the map.
pub const SMALLEST: (u16, u16) = (60, 16);

/// The parts of the screen, in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Areas {
    /// The whole screen.
    pub screen: Rect,
    /// The line on top.
    pub header: Rect,
    /// The map, and whatever sheet covers it.
    pub map: Rect,
    /// The panels to the right; empty where there is no room.
    pub side: Rect,
    /// The timeline strip under the map; empty where there is no room.
    pub strip: Rect,
    /// The matrix beside that strip; empty where there is no room.
    pub matrix: Rect,
    /// The panel of a lesson; empty where none runs.
    pub lesson: Rect,
    /// The two lines at the bottom.
    pub footer: Rect,
}

fn rect(x: i32, y: i32, width: i32, height: i32) -> Rect {
    Rect { x, y, width: width.max(0), height: height.max(0) }
}

impl Areas {
    /// The parts of a screen of a size; all zero-sized ones draw nothing.
    pub fn of(width: u16, height: u16) -> Self {
        let (width, height) = (i32::from(width), i32::from(height));
        let footer = if height >= 5 { 2 } else { 0 };
        let header = if height >= 2 { 1 } else { 0 };
        let body = height - footer - header;
        let side = match width {
            ..120 => 0,
            120..200 => 40,
            _ => 60,
        };
        let side = if height >= 30 { side } else { 0 };
        let map = width - side - i32::from(side > 0);
        // A tall screen has more under the map than the map needs.
        let strip = match height {
            _ if side == 0 => 0,
            ..42 => 0,
            42..60 => 10,
            _ => 14,
        };
        let matrix = if width >= 200 && height >= 50 { map * 2 / 5 } else { 0 };
        let timeline = map - matrix - i32::from(matrix > 0);
        Self {
            screen: rect(0, 0, width, height),
            header: rect(0, 0, width, header),
            map: rect(0, header, map, body - strip),
            side: rect(width - side, header, side, body),
            strip: rect(0, header + body - strip, timeline, strip),
            matrix: rect(map - matrix, header + body - strip, matrix, strip),
            lesson: Rect::default(),
            footer: rect(0, height - footer, width, footer),
        }
    }

    /// The same with room for the panel of a lesson: beside the map where there are panels, else under it.
    pub fn with_lesson(mut self, room: Room) -> Self {
        if self.side.width > 0 {
            let rows = match room {
                Room::Share => self.side.height / 2,
                Room::Folded => FOLDED,
                Room::Whole => self.side.height,
            };
            self.lesson = Rect { height: rows, ..self.side };
            self.side = Rect { y: self.side.y + rows, height: self.side.height - rows, ..self.side };
            return self;
        }
        let rows = match room {
            Room::Folded => FOLDED,
            // The map keeps its place while the panel covers it.
            Room::Share | Room::Whole => (self.map.height * 3 / 7).min(10),
        };
        let rows = rows.min(self.map.height);
        let top = self.map.y + self.map.height - rows;
        self.lesson = Rect { x: self.map.x, y: top, width: self.map.width, height: rows };
        self.map.height -= rows;
        if room == Room::Whole {
            self.lesson = Rect { y: self.map.y, height: self.map.height + rows, ..self.lesson };
        }
        self
    }

    /// Whether the screen is too small for the map.
    pub fn cramped(&self) -> bool {
        self.screen.width < i32::from(SMALLEST.0) || self.screen.height < i32::from(SMALLEST.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_never_leave_the_screen_nor_overlap() {
        for width in (1..=260).step_by(7) {
            for height in 1..=80 {
                let areas = Areas::of(width, height);
                let parts = [areas.header, areas.map, areas.side, areas.strip, areas.matrix, areas.footer];
                for part in parts {
                    assert!(part.x >= 0 && part.x + part.width <= i32::from(width), "{width}x{height}");
                    assert!(part.y >= 0 && part.y + part.height <= i32::from(height), "{width}x{height}");
                }
                let cells: i32 = parts.iter().map(|part| part.width * part.height).sum();
                assert!(cells <= i32::from(width) * i32::from(height), "{width}x{height}");
            }
        }
    }

    #[test]
    fn a_small_terminal_gives_the_whole_body_to_the_map() {
        let areas = Areas::of(80, 24);
        assert_eq!((areas.map.width, areas.map.height, areas.side.width), (80, 21, 0));
        assert!(Areas::of(199, 60).matrix.width == 0 && Areas::of(200, 50).matrix.width > 50);
        assert!(Areas::of(140, 45).side.width == 40 && Areas::of(59, 24).cramped() && !areas.cramped());
    }
}
