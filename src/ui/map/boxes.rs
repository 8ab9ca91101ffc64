//! Regions, boxes and the text in them.

use ratatui::style::Style;

use super::MapView;
use super::lines::Seen;
use super::slots::{self, Slot};
use super::subnets;
use crate::app::facts::Standing;
use crate::app::networks;
use crate::diagram::{Item, Layout, Level, Row, Shows, TextColumns, space_text, width};
use crate::topology::{GatewayKind, GatewayState, Node, SiteIx, SubnetIx, VmIx, VnetIx};
use crate::ui::canvas::{Canvas, shortened};
use crate::world::World;

/// Region frames with their names.
pub(super) fn frames(canvas: &mut Canvas, layout: &Layout, view: &MapView) {
    for frame in &layout.frames {
        border(canvas, frame.rect, view.glyphs.frame(), view.theme.dim);
        let region = &view.world.regions()[frame.region.at()];
        let item = Item::Region(frame.region);
        let up = view.world.answers(frame.region);
        let room = frame.rect.width - 4;
        let state = match (up, view.world.is_up(frame.region)) {
            (true, _) => "",
            (false, true) => "⊘ DEGRADED ",
            (false, false) => "⊘ DOWN ",
        };
        let pointer = if view.selected(item) { "▶" } else { " " };
        let own = if up { view.theme.title } else { view.theme.blocked };
        let name = format!("{pointer}{} {state}", region.title);
        canvas.text(frame.rect.x + 2, frame.rect.y, room, &name, view.style(item, own));
    }
}

fn border(canvas: &mut Canvas, rect: crate::diagram::Rect, set: [char; 6], style: Style) {
    let [top_left, top_right, bottom_left, bottom_right, across, upright] = set;
    for x in rect.x + 1..rect.right() {
        canvas.put(x, rect.y, across, style);
        canvas.put(x, rect.bottom(), across, style);
    }
    for y in rect.y + 1..rect.bottom() {
        canvas.put(rect.x, y, upright, style);
        canvas.put(rect.right(), y, upright, style);
    }
    canvas.put(rect.x, rect.y, top_left, style);
    canvas.put(rect.right(), rect.y, top_right, style);
    canvas.put(rect.x, rect.bottom(), bottom_left, style);
    canvas.put(rect.right(), rect.bottom(), bottom_right, style);
}

const LIGHT: [char; 6] = ['┌', '┐', '└', '┘', '─', '│'];

/// The boxes of VNets, sites and nested subnets.
pub(super) fn borders(canvas: &mut Canvas, layout: &Layout, view: &MapView) {
    for boxed in layout.boxes.iter().filter(|boxed| boxed.level > Level::Rows) {
        border(canvas, boxed.rect, LIGHT, view.dimmed(Item::network(boxed.node), view.theme.border));
    }
    for row in &layout.rows {
        if let Shows::SubnetBox(height) = row.shows {
            border(canvas, crate::diagram::Rect { height, ..row.rect }, LIGHT, view.theme.dim);
        }
    }
}

/// Every row of text that can be seen.
pub(super) fn rows(canvas: &mut Canvas, layout: &Layout, view: &MapView, seen: &Seen) {
    let (_, top, _, height) = canvas.window();
    let rowless = subnets::Rowless::of(layout, view);
    // What stands on a border ends before the ports there.
    let room = |row: &Row| match row.item {
        Item::Vnet(vnet) => layout.boxed(Node::Vnet(vnet)).map_or(row.rect.width, |boxed| seen.room(row.rect, boxed)),
        _ => row.rect.width,
    };
    for row in layout.rows.iter().filter(|row| (top..top + height).contains(&row.rect.y)) {
        let shown = match (row.item, row.shows) {
            (Item::Vm(vm, subnet), Shows::Vm) => {
                machine(canvas, layout.text, view, row, vm, subnet);
                continue;
            }
            (Item::Vm(vm, subnet), _) => {
                inline(canvas, view, row, vm, subnet);
                continue;
            }
            (Item::Subnet(_), Shows::More(count)) => format!(" +{count}"),
            (Item::Subnet(subnet), _) => {
                subnets::line(canvas, view, row, subnet, &rowless);
                continue;
            }
            (Item::Vnet(vnet), Shows::Title) => network_title(view, row, Node::Vnet(vnet), room(row)),
            (Item::Vnet(vnet), Shows::Gateways) => {
                gateways(canvas, view, row, vnet, room(row));
                continue;
            }
            (Item::Vnet(_), Shows::Nothing) => " no subnet for VMs".to_owned(),
            (Item::Site(site), Shows::Title) => network_title(view, row, Node::Site(site), row.rect.width),
            (Item::Site(site), Shows::Prefixes) => {
                let prefixes: Vec<String> = view.world.site(site).prefixes.iter().map(ToString::to_string).collect();
                format!(" {}", prefixes.join(" "))
            }
            (Item::Site(site), Shows::Routes(from)) => site_route(view, row, site, from, layout),
            (Item::Site(site), _) => summary(view, row, site),
            (Item::Vnet(_) | Item::Region(_) | Item::Link(_), _) => continue,
        };
        let own = match row.shows {
            Shows::Title | Shows::Summary => view.theme.title,
            Shows::More(_) | Shows::Nothing | Shows::Routes(_) => view.theme.dim,
            _ => view.theme.text,
        };
        canvas.text(row.rect.x, row.rect.y, row.rect.width, &shown, view.style(row.item, own));
    }
}

fn network_title(view: &MapView, row: &Row, node: Node, room: i32) -> String {
    let pointer = if view.selected(row.item) { "▶" } else { "" };
    let title = view.world.node_title(node);
    let Node::Vnet(vnet) = node else { return format!(" {pointer}{title} ") };
    let space = &view.world.vnet(vnet).address_space;
    let all = space.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let fits = width(pointer) + width(title) + 1 + width(&all) <= room;
    let shown = if fits { all } else { space_text(space) };
    format!("{pointer}{}", named(title, &shown, room - width(pointer)))
}

/// A title and a range: the title gives way where both do not fit.
pub(super) fn named(title: &str, range: &str, room: i32) -> String {
    format!("{} {range}", shortened(title, (room - width(range) - 1).max(1)))
}

/// A site in one row: how many links stand, and how many were cut.
fn summary(view: &MapView, row: &Row, site: SiteIx) -> String {
    let links = networks::links_of(view.world, Node::Site(site));
    let up = links.iter().filter(|(link, _)| view.live(*link).0).count();
    let down = links.iter().filter(|(link, _)| view.networks.standing(*link) == Standing::Cut).count();
    let pointer = if view.selected(row.item) { "▶" } else { " " };
    let down = if down > 0 { format!(" ✗{down}") } else { String::new() };
    let counts = format!("↔{up}{down}");
    let room = row.rect.width - width(pointer) - width(&counts) - 2;
    let (title, range) = (&view.world.site(site).title, space_text(&view.world.site(site).prefixes));
    // A name that is cut short says less than a range that is left out.
    let name = match width(title) + 1 + width(&range) > room && width(title) <= room {
        true => title.to_owned(),
        false => named(title, &range, room),
    };
    ends(&format!("{pointer}{name}"), &counts, row.rect.width)
}

/// One text at the left edge and one at the right; the right one is left out if both do not fit.
pub(super) fn ends(left: &str, right: &str, room: i32) -> String {
    let free = room - width(left) - width(right) - 1;
    match usize::try_from(free) {
        Ok(free) if free > 0 => format!("{left}{}{right} ", " ".repeat(free)),
        _ => left.to_owned(),
    }
}

fn gateways(canvas: &mut Canvas, view: &MapView, row: &Row, vnet: VnetIx, room: i32) {
    let changed = |kind: GatewayKind| {
        let stands = |world: &World| world.gateway(vnet, kind).is_some();
        let (now, before) = (stands(view.world), view.before.map(stands));
        let state = view.world.gateway(vnet, kind).map(|gateway| gateway.state);
        let state =
            state.filter(|state| *state != GatewayState::Ready).map_or(String::new(), |state| format!(" ⊘{state}"));
        match (MapView::change(now, before), now) {
            (Some(mark), _) => Some(format!("{mark}{}{state}", short(kind))),
            (None, true) => Some(format!("{}{state}", short(kind))),
            (None, false) => None,
        }
    };
    let broken = [GatewayKind::Vpn, GatewayKind::Expressroute]
        .into_iter()
        .any(|kind| view.world.gateway(vnet, kind).is_some_and(|gateway| gateway.state == GatewayState::Broken));
    let names: Vec<String> = [GatewayKind::Vpn, GatewayKind::Expressroute].into_iter().filter_map(changed).collect();
    if names.is_empty() {
        return;
    }
    let text = format!(" {} ", names.join(" + "));
    // A cell of border before it and one before the corner.
    let room = room.min(row.rect.width - 1) - 1;
    if width(&text) <= room {
        let style = if broken { view.theme.blocked } else { view.theme.dim };
        canvas.text(row.rect.x + 1, row.rect.y, room, &text, style);
    }
}

fn short(kind: GatewayKind) -> &'static str {
    match kind {
        GatewayKind::Vpn => "VPN gw",
        GatewayKind::Expressroute => "ER gw",
    }
}

fn site_route(view: &MapView, row: &Row, site: crate::topology::SiteIx, from: usize, layout: &Layout) -> String {
    let routes = &view.world.site(site).routes;
    let last =
        layout.rows.iter().filter(|other| other.item == row.item && matches!(other.shows, Shows::Routes(_))).count();
    let text = |route: &crate::topology::SiteRoute| {
        let stands = view.world.live_links().any(|(_, link)| link.joins(Node::Site(site), Node::Vnet(route.via)));
        let dead = if stands { "" } else { " – no link" };
        format!("{} → {}{dead}", route.prefix, view.world.vnet(route.via).title)
    };
    if routes.is_empty() && from == 0 {
        return " no route to any VNet".to_owned();
    }
    match routes.get(from) {
        Some(_) if from + 1 == last && routes.len() > last => {
            let rest: Vec<String> = routes[from..].iter().map(text).collect();
            let all = format!(" route {}", rest.join("   "));
            if width(&all) <= row.rect.width { all } else { format!(" route {}   +{} more", rest[0], rest.len() - 1) }
        }
        Some(route) => format!(" route {}", text(route)),
        None => String::new(),
    }
}

/// How a slot looks: mark, its style, the mark beside it and the word.
struct Look {
    mark: char,
    style: Style,
    alarm: bool,
    word: String,
    brief: char,
}

fn look(view: &MapView, vm: VmIx, subnet: SubnetIx) -> Look {
    let theme = view.theme;
    let plain = |mark, style, word: &str| Look { mark, style, alarm: false, word: word.to_owned(), brief: ' ' };
    let slot = slots::slot(view.world, vm, subnet);
    if !slots::up(view.world, subnet) && slot != Slot::Empty {
        return plain('⊘', theme.blocked, "down");
    }
    match slot {
        Slot::Serving => {
            let (brief, kept) = slots::phase(view.world, vm).unwrap_or((' ', String::new()));
            let cut_off = !view.networks.reaches(vm);
            let word = match (cut_off, kept.as_str()) {
                (true, "" | "kept") => "cut off".to_owned(),
                _ => kept,
            };
            // An appliance is told from the rest: what others send may go through it.
            let mark = if view.world.topology().vms[vm.at()].forwards { '◆' } else { '●' };
            Look { mark, style: theme.connected, alarm: cut_off, word, brief }
        }
        Slot::Stopped => plain('◌', theme.cut, "stopped"),
        Slot::SecondCopy => Look { alarm: true, ..plain('●', theme.blocked, "2nd copy") },
        Slot::TestCopy => Look { brief: 't', ..plain('▲', theme.pending, "test copy") },
        Slot::Replica => plain('◌', theme.cut, "replica"),
        Slot::Empty => plain('·', theme.cut, ""),
    }
}

fn change(view: &MapView, vm: VmIx, subnet: SubnetIx) -> Option<char> {
    let before = view.before?;
    let serves = |world| slots::slot(world, vm, subnet) == Slot::Serving;
    let other = slots::address(before, vm, subnet) != slots::address(view.world, vm, subnet);
    match (serves(view.world), serves(before)) {
        (true, true) if other => Some('+'),
        (now, then) => MapView::change(now, Some(then)),
    }
}

fn marks(canvas: &mut Canvas, view: &MapView, row: &Row, look: &Look, at: (VmIx, SubnetIx)) {
    let (x, y) = (row.rect.x, row.rect.y);
    if let Some(mark) = change(view, at.0, at.1) {
        canvas.put(x, y, mark, view.theme.changed);
    }
    canvas.put(x + 1, y, look.mark, view.style(row.item, look.style));
}

fn machine(canvas: &mut Canvas, text: TextColumns, view: &MapView, row: &Row, vm: VmIx, subnet: SubnetIx) {
    let look = look(view, vm, subnet);
    let (x, y) = (row.rect.x, row.rect.y);
    let at = crate::diagram::Rect { x: x + 1, ..row.rect };
    let style = view.style(row.item, if look.mark == '●' { view.theme.text } else { view.theme.cut });
    if view.selected(row.item) {
        canvas.put(x, y, '▶', view.theme.title);
    }
    marks(canvas, view, &Row { rect: at, ..*row }, &look, (vm, subnet));
    if look.alarm {
        canvas.put(x + 3, y, '!', view.theme.blocked);
    }
    let name_room = (text.address - TextColumns::NAME - 1).max(0).min(row.rect.width - TextColumns::NAME);
    canvas.text(x + TextColumns::NAME, y, name_room, view.world.vm_id(vm), style);
    let address = slots::address(view.world, vm, subnet).map_or_else(|| "auto".to_owned(), |ip| ip.to_string());
    let room = (row.rect.width - text.address).min(15);
    canvas.text(x + text.address, y, room, &address, style);
    let left = row.rect.width - text.word;
    if width(&look.word) <= left {
        canvas.text(x + text.word, y, left, &look.word, if look.alarm { view.theme.blocked } else { view.theme.dim });
    } else if look.brief != ' ' && left > 0 {
        canvas.put(row.rect.right(), y, look.brief, view.theme.changed);
    }
}

fn inline(canvas: &mut Canvas, view: &MapView, row: &Row, vm: VmIx, subnet: SubnetIx) {
    let look = look(view, vm, subnet);
    marks(canvas, view, row, &look, (vm, subnet));
    let prefix = view.world.subnet(subnet).prefix;
    let address = slots::address(view.world, vm, subnet).map_or_else(
        || "?".to_owned(),
        |ip| {
            let [_, _, third, fourth] = ip.octets();
            if prefix.prefix_len() >= 24 { format!(".{fourth}") } else { format!(".{third}.{fourth}") }
        },
    );
    let style = view.style(row.item, if look.mark == '●' { view.theme.text } else { view.theme.cut });
    let address = if look.alarm { format!("!{}", address.trim_start_matches('.')) } else { address };
    canvas.text(row.rect.x + 2, row.rect.y, row.rect.width - 2, &address, style);
}
