//! Finding things: what lies under a cell, and what stands next to something.

use super::{Item, Layout, Level, Rect, Shows};
use crate::topology::{LinkIx, Node};

/// A direction on the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Towards the top.
    Up,
    /// Towards the bottom.
    Down,
    /// Towards the left.
    Left,
    /// Towards the right.
    Right,
}

impl Layout {
    /// Everything that can be pointed at, in reading order, with its cells; links last, by the place of their label.
    pub fn items(&self) -> Vec<(Item, Rect)> {
        let mut items: Vec<(Item, Rect)> = Vec::with_capacity(self.rows.len() + self.frames.len());
        let mut rows = self.rows.iter().peekable();
        let mut frames = self.frames.iter().peekable();
        for boxed in &self.boxes {
            while let Some(frame) = frames.next_if(|frame| match boxed.node {
                Node::Vnet(_) => {
                    frame.rect.x < boxed.rect.x && frame.rect.y < boxed.rect.y || frame.rect.x + 1 < boxed.rect.x
                }
                Node::Site(_) => true,
            }) {
                items.push((Item::Region(frame.region), frame.rect));
            }
            items.push((Item::network(boxed.node), boxed.rect));
            while let Some(row) = rows.next_if(|row| boxed.rect.contains(row.rect.x, row.rect.y)) {
                match row.shows {
                    Shows::SubnetBox(height) => items.push((row.item, Rect { height, ..row.rect })),
                    Shows::Subnet | Shows::SubnetCounts | Shows::Vm | Shows::VmInline => {
                        items.push((row.item, row.rect));
                    }
                    _ => {}
                }
            }
        }
        items.extend(frames.map(|frame| (Item::Region(frame.region), frame.rect)));
        items.extend(
            self.links_in_order().into_iter().filter_map(|link| Some((Item::Link(link), self.link_rect(link)?))),
        );
        items
    }

    /// The links that have a place on the map, from top to bottom and left to right.
    pub fn links_in_order(&self) -> Vec<LinkIx> {
        let mut links: Vec<LinkIx> = self.routes.iter().filter_map(|route| route.link).collect();
        links.sort_by_key(|link| self.link_rect(*link).map(|rect| (rect.y, rect.x)));
        links
    }

    fn link_rect(&self, link: LinkIx) -> Option<Rect> {
        let route = self.route(link)?;
        let corner = route.path.get(route.path.len() / 2)?;
        Some(route.label.map_or(Rect { x: corner.0, y: corner.1, width: 1, height: 1 }, |label| label.rect))
    }

    /// The cells of an item.
    pub fn rect(&self, item: Item) -> Option<Rect> {
        match item {
            Item::Vnet(vnet) => self.boxed(Node::Vnet(vnet)).map(|boxed| boxed.rect),
            Item::Site(site) => self.boxed(Node::Site(site)).map(|boxed| boxed.rect),
            Item::Region(region) => self.frames.iter().find(|frame| frame.region == region).map(|frame| frame.rect),
            Item::Link(link) => self.link_rect(link),
            Item::Subnet(_) | Item::Vm(..) => self.rows.iter().find(|row| row.item == item).map(|row| row.rect),
        }
    }

    /// What lies under a cell of the map: the innermost thing, a link before what it runs through.
    pub fn hit(&self, x: i32, y: i32) -> Option<Item> {
        let on_link = |route: &&super::Route| {
            route.label.is_some_and(|label| label.rect.contains(x, y)) || route.cells().contains(&(x, y))
        };
        if let Some(link) = self.routes.iter().filter(|route| route.link.is_some()).find(on_link) {
            return link.link.map(Item::Link);
        }
        let under = self.items().into_iter().filter(|(_, rect)| rect.contains(x, y));
        under.min_by_key(|(_, rect)| i64::from(rect.width) * i64::from(rect.height)).map(|(item, _)| item)
    }

    /// The next thing in a direction: rows within a column, across the gutter on about the same row. From a link, left
    /// and right lead to its ends, up and down to other links.
    pub fn neighbour(&self, item: Item, direction: Direction) -> Option<Item> {
        if let Item::Link(link) = item {
            return self.beside_link(link, direction);
        }
        let items = self.items();
        let from = items.iter().find(|(other, _)| *other == item)?.1;
        let column = |rect: Rect| rect.x + rect.width / 2;
        let reach = (self.gutter.1 - self.gutter.0) / 2;
        // Rows are walked from VNet to VNet, whichever of them is drawn larger.
        let inner = |other: &Item| self.level <= Level::Rows && matches!(other, Item::Subnet(_) | Item::Vm(..));
        let other = |other: &Item| *other != item && !matches!(other, Item::Link(_)) && !inner(other);
        let candidates = items.iter().filter(|(candidate, _)| other(candidate));
        let weighed = candidates.filter_map(|(other, rect)| {
            let (down, aside) = (rect.y - from.y, column(*rect) - column(from));
            let same_column = rect.x <= from.right() && from.x <= rect.right();
            let weight = match direction {
                Direction::Up if down < 0 && same_column => (-down, aside.abs()),
                Direction::Down if down > 0 && same_column => (down, aside.abs()),
                Direction::Left if aside < 0 && (down == 0 || aside.abs() > reach && !same_column) => {
                    (down.abs(), -aside)
                }
                Direction::Right if aside > 0 && (down == 0 || aside > reach && !same_column) => (down.abs(), aside),
                _ => return None,
            };
            Some((weight, *other))
        });
        weighed.min_by_key(|(weight, other)| (*weight, *other)).map(|(_, other)| other)
    }

    fn beside_link(&self, link: LinkIx, direction: Direction) -> Option<Item> {
        let mut ends = self.route(link)?.ends;
        ends.sort_by_key(|end| self.boxed(*end).map(|boxed| (boxed.rect.x, boxed.rect.y)));
        let order = self.links_in_order();
        let at = order.iter().position(|other| *other == link)?;
        match direction {
            Direction::Left => Some(Item::network(ends[0])),
            Direction::Right => Some(Item::network(ends[1])),
            Direction::Up => at.checked_sub(1).map(|at| Item::Link(order[at])),
            Direction::Down => order.get(at + 1).map(|link| Item::Link(*link)),
        }
    }
}
