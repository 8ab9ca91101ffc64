//! Everything about one thing on the map.

use super::doc::{Doc, piece};
use crate::app::facts::{Standing, endpoint_title, is_over, need_title, standing};
use crate::app::{Session, naming, space};
use crate::diagram::Item;
use crate::network::{RouteState, effective_routes};
use crate::topology::address::capacity;
use crate::topology::{
    Direction, Endpoint, GatewayKind, GatewayState, LinkIx, LinkKind, Node, RegionIx, Side, SiteIx, SubnetIx, VmIx,
    VnetIx,
};
use crate::world::{Cards, Place, World};

/// Writes the sheet.
pub fn write(item: Item, session: &Session, doc: &mut Doc) {
    summary(item, session, doc);
    let world = session.world();
    match item {
        Item::Vnet(vnet) => routes(world, vnet, None, doc),
        Item::Subnet(subnet) => {
            machines(world, |at| at == subnet, doc);
            security(world, subnet, doc);
            routes(world, world.subnet(subnet).vnet, Some(subnet), doc);
        }
        Item::Region(region) => {
            machines(world, |at| world.vnet(world.subnet(at).vnet).region == region, doc);
            doc.heading("About this topology");
            let about = world.topology().about.split_whitespace().collect::<Vec<_>>().join(" ");
            doc.para(&about, doc.theme.text);
        }
        Item::Vm(..) | Item::Site(_) | Item::Link(_) => {}
    }
}

/// The most important about a thing, for the panel and the top of the sheet.
pub fn summary(item: Item, session: &Session, doc: &mut Doc) {
    match item {
        Item::Region(region) => about_region(region, session, doc),
        Item::Vnet(vnet) => about_vnet(vnet, session, doc),
        Item::Subnet(subnet) => about_subnet(subnet, session, doc),
        Item::Vm(vm, slot) => about_vm(vm, slot, session, doc),
        Item::Site(site) => about_site(site, session, doc),
        Item::Link(link) => about_link(link, session, doc),
    }
}

/// Rows of a name and what it is.
fn facts(rows: Vec<(&str, String)>, doc: &mut Doc) {
    let theme = doc.theme;
    doc.table(rows.into_iter().map(|(name, text)| vec![piece(name, theme.dim), piece(text, theme.text)]).collect());
}

fn about_region(region: RegionIx, session: &Session, doc: &mut Doc) {
    let world = session.world();
    let side = match world.regions()[region.at()].side {
        Side::Source => "source region",
        Side::Recovery => "recovery region",
    };
    let vnets = world.vnets().iter().filter(|vnet| vnet.region == region).count();
    let counted = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let running = world.vms().filter(|(vm, _)| world.region_of(Node::Vnet(world.vnet_of(*vm))) == Some(region)).count();
    let (state, serve) = (world.region_word(region), if running == 1 { "serves" } else { "serve" });
    facts(
        vec![
            ("is", format!("{side}, {state}")),
            ("holds", format!("{}; {} {serve} here", counted(vnets, "VNet"), counted(running, "VM"))),
        ],
        doc,
    );
}

fn about_vnet(vnet: VnetIx, session: &Session, doc: &mut Doc) {
    let world = session.world();
    let theme = doc.theme;
    let here = world.vnet(vnet);
    let node = Node::Vnet(vnet);
    let gateways = [GatewayKind::Vpn, GatewayKind::Expressroute].into_iter().filter_map(|kind| {
        let gateway = world.gateway(vnet, kind)?;
        let sku = gateway.sku.as_ref().map(|sku| format!(" {sku}")).unwrap_or_default();
        let asn = gateway.asn.map(|asn| format!(" AS {asn}")).unwrap_or_default();
        let both = if gateway.active_active { " active-active" } else { "" };
        let state = if gateway.state == GatewayState::Ready { String::new() } else { format!(" ({})", gateway.state) };
        Some(format!("{}{sku}{asn}{both}{state}", kind.title()))
    });
    let gateways: Vec<String> = gateways.collect();
    let gateways = if gateways.is_empty() { "none".to_owned() } else { gateways.join(", ") };
    let twins: Vec<String> = world.twins_of(vnet).map(|twin| world.vnet(twin).title.clone()).collect();
    let mut rows =
        vec![("space", space(world, node)), ("in", world.region_title(here.region).to_owned()), ("gateways", gateways)];
    if let Some(source) = here.recovers {
        rows.push(("recovers", world.vnet(source).title.clone()));
    }
    if !twins.is_empty() {
        rows.push(("twin", twins.join(", ")));
    }
    facts(rows, doc);
    links(world, node, doc);
    if !here.subnets.is_empty() {
        doc.heading("Subnets, and their free addresses");
        let rows = here.subnets.iter().map(|subnet| {
            let shown = world.subnet(*subnet);
            let used = held(world, *subnet);
            let free = capacity(&shown.prefix).saturating_sub(used);
            let note = if shown.hosts_vms() { free.to_string() } else { "–".to_owned() };
            vec![piece(&shown.title, theme.text), piece(shown.prefix.to_string(), theme.text), piece(note, theme.dim)]
        });
        doc.table(rows.collect());
    }
}

/// How many addresses of a subnet somebody holds: VMs that serve there, stopped source VMs, and others.
fn held(world: &World, subnet: SubnetIx) -> u64 {
    let vms = world.vms().filter(|(_, state)| {
        state.at.subnet == subnet || state.behind.is_some_and(|behind| behind.at.subnet == subnet)
    });
    let others = world.occupied().iter().filter(|(at, _)| *at == subnet);
    u64::try_from(vms.count() + others.count()).unwrap_or(u64::MAX)
}

fn about_subnet(subnet: SubnetIx, session: &Session, doc: &mut Doc) {
    let world = session.world();
    let here = world.subnet(subnet);
    let used = held(world, subnet);
    let all = capacity(&here.prefix);
    let topology = world.topology();
    let mut rows = vec![
        ("range", here.prefix.to_string()),
        ("in", world.vnet(here.vnet).title.clone()),
        ("addresses", format!("{used} used, {} of {all} free", all.saturating_sub(used))),
    ];
    if let Some(table) = here.route_table.map(|table| &topology.route_tables[table.at()]) {
        let propagates = if table.propagates { "" } else { ", takes nothing from gateways" };
        rows.push(("routes", format!("{}{propagates}", table.title)));
    }
    if let Some(group) = here.security_group {
        rows.push(("filter", topology.security_groups[group.at()].title.clone()));
    }
    let declared = &topology.subnets[subnet.at()].id;
    if *declared != here.id {
        rows.push(("name", format!("{}, renamed from {declared}", here.id)));
    }
    if world.blocked().contains(&subnet) {
        rows.push(("blocked", "a rule drops everything that comes in".to_owned()));
    }
    facts(rows, doc);
}

/// The rules of the security group of a subnet, in the order they are asked (C13, C14).
fn security(world: &World, subnet: SubnetIx, doc: &mut Doc) {
    let Some(group) = world.subnet(subnet).security_group else { return };
    let theme = doc.theme;
    let group = &world.topology().security_groups[group.at()];
    for (direction, title) in [(Direction::Inbound, "Comes in"), (Direction::Outbound, "Goes out")] {
        doc.heading(format!("{title}: rules of {}", group.title));
        let rows = group.rules_of(direction).map(|rule| {
            let (mark, style) = if rule.allow { ("✓ allow", theme.connected) } else { ("⊘ deny", theme.blocked) };
            let ports = match rule.ports_words() {
                words if words.is_empty() => words,
                words => format!(" on {words}"),
            };
            vec![
                piece(mark, style),
                piece(rule.priority.to_string(), theme.dim),
                piece(rule.name.clone(), theme.text),
                piece(format!("{} → {}{ports}", rule.source.words(), rule.destination.words()), theme.text),
            ]
        });
        doc.table(rows.collect());
    }
}

fn about_vm(vm: VmIx, slot: SubnetIx, session: &Session, doc: &mut Doc) {
    let world = session.world();
    let theme = doc.theme;
    let topology = world.topology();
    let state = world.vm(vm);
    let place = |subnet: SubnetIx| naming::title(world, Item::Subnet(subnet));
    let runs = if world.runs(vm) { "running" } else { "not running" };
    let phase = state.phase_words();
    let app = world.app_of(vm).map_or("none".to_owned(), |app| topology.apps[app.at()].title.clone());
    let mut rows = vec![
        ("serves", format!("{} in {}", state.at.ip, place(state.at.subnet))),
        ("address", format!("{}", state.at.allocation)),
        ("state", format!("{runs}, {phase}")),
        ("app", app),
    ];
    let declared = &topology.vms[vm.at()];
    if declared.forwards {
        rows.push(("forwards", "yes, it is an appliance: route tables may send through it".to_owned()));
    }
    if let Some(groups) = world.nic_group_words(vm) {
        let here = (vm, world.vnet_of(vm));
        let stays = if world.nic_groups().contains_key(&here) { "" } else { "; none where it is now" };
        rows.push(("NIC group", format!("{groups}{stays}")));
    }
    if slot != state.at.subnet {
        rows.push(("this slot", format!("{}: nothing runs here now", place(slot))));
    }
    match world.retained(vm) {
        Some(true) => rows.push(("kept", "yes, the address is the one it had".to_owned())),
        Some(false) => {
            rows.push(("kept", format!("no, it had {}", topology.vms[vm.at()].ip)));
        }
        None if state.phase.replicated() => {
            if let Some((_, Ok(result))) = crate::world::assign(world, &[vm]).into_iter().next() {
                let verified = if state.verified { ", verified" } else { "" };
                rows.push(("would get", format!("{} in {}{verified}", result.to.ip, place(result.to.subnet))));
                rows.push(("by rule", format!("{}: {}", result.rule, result.because())));
            }
        }
        None => {}
    }
    life(session, vm, &mut rows);
    facts(rows, doc);
    let now = session.history.now();
    let own = |endpoint: Endpoint| world.vms_of(endpoint).contains(&vm);
    let mut first = true;
    for (need, record) in topology.needs.iter().zip(&now.needs).filter(|(need, _)| own(need.from) || own(need.to)) {
        if std::mem::take(&mut first) {
            doc.heading("Needs");
        }
        let (mark, style) = if record.met { ("✓", theme.connected) } else { ("!", theme.blocked) };
        let since = if record.met { String::new() } else { format!(", cut off since step {}", record.since) };
        doc.item(mark, style, &format!("{}{since}", need_title(topology, *need)), theme.text);
        if !record.met {
            let (from, to, other) = match own(need.from) {
                true => (Endpoint::Vm(vm), need.to, need.to),
                false => (need.from, Endpoint::Vm(vm), need.from),
            };
            let explanation = crate::network::explain_on(&now.world, &now.network, from, to, need.port);
            doc.para(&format!("  to {}: {}", endpoint_title(topology, other), explanation.message), theme.dim);
        }
    }
}

/// Where a VM is on its way round: its other machines and NICs, what is owed, and what comes next.
fn life(session: &Session, vm: VmIx, rows: &mut Vec<(&'static str, String)>) {
    let world = session.world();
    let state = world.vm(vm);
    let place = |at: Place| format!("{} in {}", at.ip, naming::title(world, Item::Subnet(at.subnet)));
    if let Some(behind) = state.behind {
        let runs = if world.twin_instance(vm).is_some() { "RUNS: two machines, one identity" } else { "stopped" };
        rows.push(("left", format!("{}, {runs}; holds its address until re-protect", place(behind.at))));
    }
    if let Some(copy) = world.test_copy(vm) {
        let why = format!("{}: {}", copy.rule, copy.rule.meaning());
        rows.push(("test copy", format!("{}, clean-up owed; {why}", place(copy.at))));
        for (card, copy) in world.cards(vm).into_iter().flat_map(Cards::copies) {
            rows.push(("copy NIC", format!("{}: {}, by {}", card.title(), place(copy.at), copy.rule)));
        }
    }
    if let Some(point) = state.point {
        rows.push(("point", world.point_words(vm, point)));
    }
    if let Some(group) = world.group_of(vm) {
        rows.push(("group", format!("{}: {} VMs fail over together", group.id, group.vms.len())));
    }
    for card in world.cards(vm).into_iter().flat_map(Cards::iter) {
        let text = match (card.at, card.v6) {
            (Some(at), _) => place(at),
            (None, Some(v6)) => format!("{v6}, never carried"),
            (None, None) => "not carried by the failover".to_owned(),
        };
        let changed = match card.retained() {
            Some(false) => format!(", ≠ was {}", card.before),
            _ => String::new(),
        };
        let name = if card.secondary { "secondary" } else { "NIC" };
        rows.push((name, format!("{}: {text}{changed}", card.title())));
    }
    let next: Vec<String> = crate::app::life::next_steps(world, vm)
        .into_iter()
        .map(|action| format!("{} {}", session.keymap.first(action), <&str>::from(action)))
        .collect();
    if !next.is_empty() {
        rows.push(("next", next.join(" · ")));
    }
}

fn about_site(site: SiteIx, session: &Session, doc: &mut Doc) {
    let world = session.world();
    let theme = doc.theme;
    let node = Node::Site(site);
    facts(vec![("is", "on-premises site".to_owned()), ("prefixes", space(world, node))], doc);
    links(world, node, doc);
    doc.heading("Routes of the site");
    if world.site(site).routes.is_empty() {
        doc.para("none: the site sends nothing to Azure", theme.dim);
    }
    for route in &world.site(site).routes {
        let joined = world.live_links().any(|(_, link)| link.joins(node, Node::Vnet(route.via)));
        let note = if joined { "" } else { "  leads nowhere: no link" };
        doc.row(vec![
            piece(format!("{} via {}", route.prefix, world.vnet(route.via).title), theme.text),
            piece(note, theme.blocked),
        ]);
    }
}

fn about_link(link: LinkIx, session: &Session, doc: &mut Doc) {
    let world = session.world();
    let here = world.link(link);
    let state = standing(world, link).word();
    let [a, b] = here.between.map(|node| format!("{} ({})", world.node_title(node), space(world, node)));
    let circuit = here
        .circuit
        .and_then(|circuit| world.topology().circuits.get(circuit.at()).map(|circuit| circuit.title.clone()));
    let mut rows =
        vec![("kind", naming::capital(here.kind.title())), ("state", state.to_owned()), ("from", a), ("to", b)];
    if let Some(circuit) = circuit {
        rows.push(("circuit", circuit));
    }
    let options = options(here);
    if !options.is_empty() {
        rows.push(("with", options.join(", ")));
    }
    facts(rows, doc);
    if here.kind != LinkKind::Expressroute && here.between.iter().all(|node| node.vnet().is_some()) {
        halves(link, world, doc);
    }
    let mend = world.link_mend(link);
    if !mend.is_empty() {
        doc.heading("What mends it");
        mend.iter().for_each(|command| doc.para(&format!(":{command}"), doc.theme.text));
    }
}

/// What a link has beside its kind and ends (B38, B41, B45, B56).
fn options(link: &crate::topology::Link) -> Vec<String> {
    let mut said = Vec::new();
    if link.bgp {
        said.push("BGP".to_owned());
    }
    if link.tunnels > 1 {
        said.push(format!("{} tunnels", link.tunnels));
    }
    if link.weight > 0 {
        said.push(format!("weight {}", link.weight));
    }
    if !link.prefixes.is_empty() {
        let list = link.prefixes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        said.push(format!("site prefixes {list}"));
    }
    if link.faults.undeletable {
        said.push("its removal fails".to_owned());
    }
    said
}

/// The two objects of a link with their settings (B15, B17, B35).
fn halves(link: LinkIx, world: &World, doc: &mut Doc) {
    let theme = doc.theme;
    let here = world.link(link);
    doc.heading("Its two halves");
    for (side, node) in here.between.into_iter().enumerate() {
        let half = here.halves[side];
        let there = half.exists && here.stands_at(node);
        let (mark, style) = if there { ("●", theme.connected) } else { ("○", theme.dim) };
        let settings = match (there, here.kind) {
            (false, _) => "not there".to_owned(),
            (true, LinkKind::Peering) => {
                let words = half.words();
                if words.is_empty() { "access".to_owned() } else { words.join(", ") }
            }
            (true, _) => "connection object".to_owned(),
        };
        doc.item(mark, style, &format!("at {}: {settings}", world.node_title(node)), theme.text);
    }
}

fn links(world: &World, node: Node, doc: &mut Doc) {
    let theme = doc.theme;
    let all = world.links().iter().enumerate().map(|(at, link)| (LinkIx::new(at), link));
    let told = all.filter(|(at, _)| !is_over(world, *at));
    let own: Vec<_> = told.filter_map(|(at, link)| Some((standing(world, at), link, link.other(node)?))).collect();
    let carrying = own.iter().filter(|(standing, ..)| *standing == Standing::Carries).count();
    doc.heading(format!("Links {carrying}"));
    for (standing, link, other) in own {
        let (mark, style) = super::links::mark(standing, theme);
        let note = if standing == Standing::Carries { String::new() } else { format!(", {}", standing.word()) };
        let text = format!("{} to {}{note}", world.means(link.kind, link.circuit), world.node_title(other));
        doc.item(mark, style, &text, if standing == Standing::Carries { theme.text } else { theme.dim });
    }
}

fn machines(world: &World, inside: impl Fn(SubnetIx) -> bool, doc: &mut Doc) {
    let theme = doc.theme;
    doc.heading("Machines");
    let rows = world.vms().filter(|(_, state)| inside(state.at.subnet)).map(|(vm, state)| {
        let appliance = world.topology().vms[vm.at()].forwards;
        let mark = match (world.runs(vm), appliance) {
            (false, _) => "⊘",
            (true, true) => "◆",
            (true, false) => "●",
        };
        let forwards = if appliance { "forwards" } else { "" };
        vec![
            piece(mark, theme.connected),
            piece(world.vm_id(vm), theme.text),
            piece(state.at.ip.to_string(), theme.dim),
            piece(forwards, theme.dim),
        ]
    });
    // What a failover left holds its address until it is re-protected (A6, A36).
    let left = world.vms().filter_map(|(vm, state)| Some((vm, state.behind.filter(|left| inside(left.at.subnet))?)));
    let left = left.map(|(vm, left)| {
        let note = if left.shut_down { "left, stopped" } else { "left, not shut down" };
        vec![
            piece("◌", theme.cut),
            piece(world.vm_id(vm), theme.dim),
            piece(left.at.ip.to_string(), theme.dim),
            piece(note, theme.dim),
        ]
    });
    doc.table(rows.chain(left).collect());
}

fn routes(world: &World, vnet: VnetIx, subnet: Option<SubnetIx>, doc: &mut Doc) {
    let theme = doc.theme;
    doc.heading("Effective routes");
    let rows = effective_routes(world, vnet, subnet).into_iter().map(|route| {
        let style = if route.state == RouteState::Active { theme.text } else { theme.dim };
        let network = route.to.map_or("", |node| world.node_title(node));
        let to = route.appliance.map_or(network.to_owned(), |ip| ip.to_string());
        vec![
            piece(route.prefix.to_string(), style),
            piece(route.next_hop.to_string(), style),
            piece(to, style),
            piece(format!("{}, {}", route.origin, route.state), theme.dim),
        ]
    });
    doc.table(rows.collect());
}
