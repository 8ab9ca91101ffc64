//! What stands in each box, row by row, and how much room its text needs.

use unicode_width::UnicodeWidthStr;

use super::foresight::Union;
use super::{Boxed, Detail, Item, Level, Rect};
use crate::topology::{Node, SubnetIx, Topology, VnetIx};

/// A row of text in a box, or on its border.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// What it is about.
    pub item: Item,
    /// The cells its text may use.
    pub rect: Rect,
    /// What it shows.
    pub shows: Shows,
}

/// What a text row shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// Title and address space, on the top border of the box.
    Title,
    /// Title, address space and counts of a VNet without a box.
    Summary,
    /// The VNet's gateways, on the bottom border of the box.
    Gateways,
    /// A subnet's title and prefix.
    Subnet,
    /// The same with counts of its VMs at the end.
    SubnetCounts,
    /// The same on the top border of the subnet's own box, whose height is the number.
    SubnetBox(i32),
    /// A VM's marks, name, address and word.
    Vm,
    /// A VM's marks and the end of its address.
    VmInline,
    /// How many VMs of the subnet have no room here.
    More(usize),
    /// A site's prefixes.
    Prefixes,
    /// A site's routes, beginning with this one of them.
    Routes(usize),
    /// That a VNet has no subnet a VM could use.
    Nothing,
}

/// The columns of the text of VM rows, in cells from the beginning of the row; the same in every box.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TextColumns {
    /// Where addresses begin.
    pub address: i32,
    /// Where words about the state begin.
    pub word: i32,
}

impl TextColumns {
    /// Where a VM's name begins: after a space, the change mark, the state mark and the reachability mark.
    pub const NAME: i32 = 4;
}

/// What text needs at a level.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Widths {
    /// The narrowest box in which no text is cut.
    pub least: i32,
    /// The box in which no name is shortened.
    pub names: i32,
    /// The box in which words about the state fit too.
    pub good: i32,
    /// The longest VM name.
    pub name: i32,
    /// The longest address.
    pub address: i32,
    /// The longest title, for rows.
    pub title: i32,
}

/// Names of VMs are shortened to this where space is short, so that the gutter stays wide enough for its labels.
const SHORT_NAME: i32 = 12;
/// Titles are shortened to this where space is short; the address space beside them never is.
const SHORT_TITLE: i32 = 13;
/// The room for a VM on its subnet's line: change mark, state mark, and the last number of its address.
const INLINE: i32 = 5;

pub(crate) fn width(text: &str) -> i32 {
    i32::try_from(text.width()).unwrap_or(i32::MAX / 4)
}

/// The cells of an address as text.
fn address_width(address: std::net::Ipv4Addr) -> i32 {
    3 + address.octets().into_iter().map(digits).sum::<i32>()
}

fn digits(number: u8) -> i32 {
    1 + i32::from(number >= 10) + i32::from(number >= 100)
}

pub(crate) fn space_text(prefixes: &[ipnet::Ipv4Net]) -> String {
    match prefixes {
        [one] => one.to_string(),
        [one, rest @ ..] => format!("{one} +{}", rest.len()),
        [] => String::new(),
    }
}

impl Detail {
    pub(crate) fn of(self, union: &Union, vnet: VnetIx) -> Level {
        if union.protected[vnet.at()] { self.main } else { self.bystanders }
    }
}

/// The subnets of a VNet that are drawn.
fn drawn(topology: &Topology, vnet: VnetIx) -> impl Iterator<Item = SubnetIx> + '_ {
    topology.vnets[vnet.at()].subnets.iter().copied().filter(|subnet| topology.subnets[subnet.at()].hosts_vms())
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX / 4)
}

/// The rows a VNet needs, its border included.
pub(crate) fn height(topology: &Topology, union: &Union, vnet: VnetIx, level: Level) -> i32 {
    height_for(topology, vnet, level, &|subnet| union.slots[subnet.at()].len())
}

/// The rows it needed at the start.
pub(crate) fn first_height(topology: &Topology, union: &Union, vnet: VnetIx, level: Level) -> i32 {
    height_for(topology, vnet, level, &|subnet| union.first.slots[subnet.at()])
}

fn height_for(topology: &Topology, vnet: VnetIx, level: Level, slots: &dyn Fn(SubnetIx) -> usize) -> i32 {
    let subnets = || drawn(topology, vnet);
    let vms = || subnets().map(|subnet| count(slots(subnet))).sum::<i32>();
    let inside = match level {
        Level::Tiles | Level::Rows => return 1,
        Level::Subnets | Level::Inline => count(subnets().count()),
        Level::Lines => count(subnets().count()) + vms(),
        Level::Nested => 2 * count(subnets().count()) + vms(),
    };
    2 + inside.max(1)
}

/// How wide the boxes of a column must and should be.
pub(crate) fn widths(topology: &Topology, union: &Union, detail: Detail) -> Widths {
    let mut found = Widths::default();
    // A name that came later is shortened rather than make every box wider.
    let known = if union.first.vms == 0 { topology.vms.len() } else { union.first.vms };
    for vm in topology.vms.iter().take(known) {
        found.name = found.name.max(width(&vm.id));
        found.address = found.address.max(address_width(vm.ip));
    }
    // A target subnet may hand out longer addresses than the source.
    for (at, slots) in union.slots.iter().enumerate() {
        if !slots.is_empty() {
            let prefix = topology.subnets[at].prefix;
            found.address = found.address.max(address_width(prefix.broadcast()));
        }
    }
    let (mut lines, mut titles) = (0, 0);
    for (at, vnet) in topology.vnets.iter().enumerate() {
        let level = detail.of(union, VnetIx::new(at));
        found.title = found.title.max(width(&vnet.title));
        let space = width(&space_text(&vnet.address_space));
        // Corner, mark of the selection, title, a cell of border, corner.
        let title = |room: i32| width(&vnet.title).min(room) + 1 + space + 4;
        found.least = found.least.max(title(SHORT_TITLE));
        titles = titles.max(title(i32::MAX));
        for subnet in drawn(topology, VnetIx::new(at)).filter(|_| level > Level::Rows) {
            let slots = count(union.slots[subnet.at()].len());
            let subnet = &topology.subnets[subnet.at()];
            let prefix = address_width(subnet.prefix.addr()) + 1 + digits(subnet.prefix.prefix_len());
            let text = width(&subnet.title).min(SHORT_TITLE) + 1 + prefix;
            let need = match level {
                Level::Tiles | Level::Rows => 0,
                Level::Subnets => text + 3 + 10,
                Level::Inline if union.protected[at] => text + 3 + slots.min(2) * INLINE,
                Level::Inline => text + 3 + slots.min(1) * INLINE,
                Level::Lines => text + 4,
                Level::Nested => text + 9,
            };
            found.least = found.least.max(need);
            if slots > 0 && level >= Level::Lines {
                lines = lines.max(if level == Level::Nested { 4 } else { 0 } + 4 + 1 + found.address + 2);
            }
        }
    }
    let boxed = |name: i32| if lines > 0 { lines + name + 2 } else { 0 };
    found.least = found.least.max(boxed(found.name.min(SHORT_NAME))).max(12);
    found.names = found.least.max(boxed(found.name)).max(titles);
    found.good = if lines > 0 { found.names.max(boxed(found.name) + 6 + found.address) } else { found.least + 6 };
    found
}

/// Where addresses and words stand, given the width of the boxes.
pub(crate) fn text_columns(widths: Widths, detail: Detail, box_width: i32) -> TextColumns {
    let inner = box_width - 2 - if detail.main == Level::Nested { 4 } else { 0 };
    let name = widths.name.min((inner - 4 - 1 - widths.address - 2).max(1));
    let tight = 4 + name + 1 + widths.address + 1;
    let spare = (inner - tight - 5 - widths.address).max(0);
    let address = 4 + name + 1 + spare.min(3);
    let room = inner - address - widths.address;
    TextColumns { address, word: address + widths.address + if room > 8 { 2 } else { i32::from(room > 1) } }
}

/// The text rows of a VNet's box.
pub(crate) fn rows(topology: &Topology, union: &Union, boxed: &Boxed, vnet: VnetIx, out: &mut Vec<Row>) {
    let Rect { x, y, width: box_width, .. } = boxed.rect;
    let item = Item::Vnet(vnet);
    let inner = (box_width - 2).max(0);
    if boxed.level == Level::Rows {
        out.push(Row { item, rect: boxed.rect, shows: Shows::Summary });
        return;
    }
    out.push(Row { item, rect: Rect { x: x + 1, y, width: inner, height: 1 }, shows: Shows::Title });
    let mut line = y + 1;
    for subnet in drawn(topology, vnet) {
        let slots = &union.slots[subnet.at()];
        let item = Item::Subnet(subnet);
        let rect = Rect { x: x + 1, y: line, width: inner, height: 1 };
        match boxed.level {
            Level::Subnets => out.push(Row { item, rect, shows: Shows::SubnetCounts }),
            Level::Inline => inline(topology, subnet, slots, rect, out),
            Level::Lines => {
                out.push(Row { item, rect, shows: Shows::Subnet });
                for vm in slots {
                    line += 1;
                    out.push(Row { item: Item::Vm(*vm, subnet), rect: Rect { y: line, ..rect }, shows: Shows::Vm });
                }
            }
            _ => {
                let tall = count(slots.len()) + 2;
                let nested = Rect { x: x + 2, y: line, width: inner - 2, height: 1 };
                out.push(Row { item, rect: nested, shows: Shows::SubnetBox(tall) });
                for vm in slots {
                    line += 1;
                    let rect = Rect { x: x + 3, y: line, width: inner - 4, height: 1 };
                    out.push(Row { item: Item::Vm(*vm, subnet), rect, shows: Shows::Vm });
                }
                line += 1;
            }
        }
        line += 1;
    }
    if line == y + 1 {
        let rect = Rect { x: x + 1, y: line, width: inner, height: 1 };
        out.push(Row { item: Item::Vnet(vnet), rect, shows: Shows::Nothing });
    }
    let bottom = Rect { x: x + 1, y: boxed.rect.bottom(), width: inner, height: 1 };
    out.push(Row { item: Item::Vnet(vnet), rect: bottom, shows: Shows::Gateways });
}

fn inline(topology: &Topology, subnet: SubnetIx, slots: &[crate::topology::VmIx], rect: Rect, out: &mut Vec<Row>) {
    let declared = &topology.subnets[subnet.at()];
    let text = width(&declared.title) + 1 + width(&declared.prefix.to_string());
    let each = INLINE + if declared.prefix.prefix_len() < 24 { 4 } else { 0 };
    let room = ((rect.width - text - 1) / each).max(0);
    let shown = if count(slots.len()) <= room { slots.len() } else { usize::try_from(room - 1).unwrap_or(0) };
    let hidden = slots.len() - shown;
    let cells = count(shown) * each + if hidden > 0 { each.min(rect.width) } else { 0 };
    let mut x = (rect.right() + 1 - cells).max(rect.x);
    out.push(Row { item: Item::Subnet(subnet), rect: Rect { width: x - rect.x, ..rect }, shows: Shows::Subnet });
    for vm in &slots[..shown] {
        let rect = Rect { x, width: each, ..rect };
        out.push(Row { item: Item::Vm(*vm, subnet), rect, shows: Shows::VmInline });
        x += each;
    }
    if hidden > 0 {
        let rect = Rect { x, width: rect.right() + 1 - x, ..rect };
        out.push(Row { item: Item::Subnet(subnet), rect, shows: Shows::More(hidden) });
    }
}

/// How many rows of routes a site gets: one per prefix that any link could bring, at most three.
pub(crate) fn site_routes(topology: &Topology, union: &Union, site: crate::topology::SiteIx) -> i32 {
    let mut prefixes = std::collections::BTreeSet::new();
    for link in &union.links {
        let other = match link.ends {
            [Node::Site(one), other] | [other, Node::Site(one)] if one == site => other,
            _ => continue,
        };
        prefixes.extend(topology.space(other).iter().copied());
    }
    count(prefixes.len()).clamp(1, 3)
}

/// The text rows of a site's box; its title has `title` cells of the top border, so that it covers no
/// port, or else stands on the bottom border.
pub(crate) fn site_rows(boxed: &Boxed, site: crate::topology::SiteIx, title: Option<i32>, out: &mut Vec<Row>) {
    let Rect { x, y, width, .. } = boxed.rect;
    let item = Item::Site(site);
    let rect = Rect { x: x + 1, y, width: (width - 2).max(0), height: 1 };
    if boxed.level == Level::Rows {
        out.push(Row { item, rect: boxed.rect, shows: Shows::Summary });
        return;
    }
    let name = match title {
        Some(width) => Rect { width: width.clamp(0, rect.width), ..rect },
        None => Rect { y: boxed.rect.bottom(), ..rect },
    };
    out.push(Row { item, rect: name, shows: Shows::Title });
    out.push(Row { item, rect: Rect { y: y + 1, ..rect }, shows: Shows::Prefixes });
    for (at, line) in (y + 2..boxed.rect.bottom()).enumerate() {
        out.push(Row { item, rect: Rect { y: line, ..rect }, shows: Shows::Routes(at) });
    }
}
