//! What things on the map are called, what joins them, and how to find them by name or address.

use crate::diagram::Item;
use crate::topology::command::SubnetName;
use crate::topology::{LinkIx, Node, RegionIx, Scope, SiteIx, SubnetIx, VnetIx};
use crate::world::World;

/// What a thing is called on the screen.
pub fn title(world: &World, item: Item) -> String {
    match item {
        Item::Region(region) => world.regions()[region.at()].title.clone(),
        Item::Vnet(vnet) => world.vnet(vnet).title.clone(),
        Item::Subnet(subnet) => {
            let subnet = world.subnet(subnet);
            format!("{} · {}", world.vnet(subnet.vnet).title, subnet.title)
        }
        Item::Vm(vm, _) => world.vm_id(vm).to_owned(),
        Item::Site(site) => world.site(site).title.clone(),
        Item::Link(link) => link_title(world, link),
    }
}

/// `VPN Source VNet 1 ─ Azure VNet`
pub fn link_title(world: &World, link: LinkIx) -> String {
    let link = world.link(link);
    let [a, b] = link.between.map(|node| world.node_title(node));
    format!("{} {a} ─ {b}", capital(link.kind.title()))
}

/// The same text with a capital letter first.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What kind of scope it is, in a word.
pub fn kind_of(scope: &Scope) -> &'static str {
    match scope {
        Scope::Region(_) => "region",
        Scope::App(_) => "app",
        Scope::Vnet(_) => "VNet",
        Scope::Subnet(_) => "subnet",
        Scope::Vm(_) => "VM",
    }
}

/// The network a thing belongs to, if it belongs to one.
pub fn node_of(world: &World, item: Item) -> Option<Node> {
    match item {
        Item::Region(_) => None,
        Item::Vnet(vnet) => Some(Node::Vnet(vnet)),
        Item::Subnet(subnet) | Item::Vm(_, subnet) => Some(Node::Vnet(world.subnet(subnet).vnet)),
        Item::Site(site) => Some(Node::Site(site)),
        Item::Link(link) => Some(world.link(link).between[0]),
    }
}

/// The region a thing is in; a site is in none.
pub fn region_of(world: &World, item: Item) -> Option<RegionIx> {
    match item {
        Item::Region(region) => Some(region),
        Item::Link(link) => world.link(link).between.iter().find_map(|node| world.region_of(*node)),
        _ => node_of(world, item).and_then(|node| world.region_of(node)),
    }
}

/// The scopes that hold a thing, the nearest first, each with its name on the screen.
pub fn scopes_of(world: &World, item: Item) -> Vec<(Scope, String)> {
    let topology = world.topology();
    let region = |at: RegionIx| {
        let region = &world.regions()[at.at()];
        (Scope::Region(region.id.clone()), region.title.clone())
    };
    let vnet = |at: VnetIx| (Scope::Vnet(world.vnet(at).id.clone()), world.vnet(at).title.clone());
    let subnet = |at: SubnetIx| {
        let here = world.subnet(at);
        let name = SubnetName { vnet: world.vnet(here.vnet).id.clone(), subnet: here.id.clone() };
        (Scope::Subnet(name), title(world, Item::Subnet(at)))
    };
    let apps = |inside: &dyn Fn(SubnetIx) -> bool| -> Vec<(Scope, String)> {
        let mut found = Vec::new();
        for (vm, state) in world.vms() {
            let left = state.behind.is_some_and(|behind| inside(behind.at.subnet))
                || (world.is_away(vm) && inside(topology.vms[vm.at()].subnet))
                || world.test_copy(vm).is_some_and(|copy| inside(copy.at.subnet));
            let Some(app) = world.app_of(vm).filter(|_| left || inside(state.at.subnet)) else { continue };
            let app = &topology.apps[app.at()];
            let scope = (Scope::App(app.id.clone()), app.title.clone());
            if !found.contains(&scope) {
                found.push(scope);
            }
        }
        found
    };
    let vnet_at = |at: SubnetIx| world.subnet(at).vnet;
    // Where one app alone lives, the app is what a reader most often means.
    let first = |own: (Scope, String), apps: Vec<(Scope, String)>| {
        let alone = apps.len() == 1;
        let mut found = apps;
        found.insert(usize::from(alone), own);
        found
    };
    match item {
        Item::Region(at) => {
            let mut found = vec![region(at)];
            found.extend(apps(&|s| world.vnet(vnet_at(s)).region == at));
            let vnets = (0..world.vnets().len()).map(VnetIx::new).filter(|v| world.vnet(*v).region == at);
            found.extend(vnets.map(vnet));
            found
        }
        Item::Vnet(at) => {
            let mut found = first(vnet(at), apps(&|s| vnet_at(s) == at));
            let subnets = world.vnet(at).subnets.iter().filter(|s| world.subnet(**s).hosts_vms());
            found.extend(subnets.map(|s| subnet(*s)));
            found.push(region(world.vnet(at).region));
            found
        }
        Item::Subnet(at) => {
            let mut found = first(subnet(at), apps(&|s| s == at));
            found.push(vnet(vnet_at(at)));
            found.push(region(world.vnet(vnet_at(at)).region));
            found
        }
        Item::Vm(vm, at) => {
            let mut found = vec![(Scope::Vm(world.vm_id(vm).to_owned()), world.vm_id(vm).to_owned())];
            if let Some(app) = world.app_of(vm) {
                let app = &topology.apps[app.at()];
                found.insert(0, (Scope::App(app.id.clone()), app.title.clone()));
            }
            found.push(subnet(at));
            found.push(vnet(vnet_at(at)));
            found
        }
        Item::Site(_) | Item::Link(_) => Vec::new(),
    }
}

/// The live links of a network.
pub fn links_of(world: &World, node: Node) -> Vec<LinkIx> {
    world.live_links().filter(|(_, link)| link.other(node).is_some()).map(|(at, _)| at).collect()
}

/// Everything on the map whose name, id, prefix or address holds the text.
pub fn matches(world: &World, text: &str) -> Vec<Item> {
    let wanted = text.trim().to_lowercase();
    if wanted.is_empty() {
        return Vec::new();
    }
    let hit = |texts: &[&str]| texts.iter().any(|text| text.to_lowercase().contains(&wanted));
    let mut found = Vec::new();
    for (at, region) in world.regions().iter().enumerate() {
        if hit(&[&region.id, &region.title]) {
            found.push(Item::Region(RegionIx::new(at)));
        }
    }
    for (at, vnet) in world.vnets().iter().enumerate() {
        let space: Vec<String> = vnet.address_space.iter().map(ToString::to_string).collect();
        if hit(&[&vnet.id, &vnet.title, &space.join(" ")]) {
            found.push(Item::Vnet(VnetIx::new(at)));
        }
        for at in &vnet.subnets {
            let subnet = world.subnet(*at);
            if subnet.hosts_vms() && hit(&[&subnet.id, &subnet.title, &subnet.prefix.to_string()]) {
                found.push(Item::Subnet(*at));
            }
        }
    }
    for (vm, state) in world.vms() {
        let app = world.app_of(vm).map_or("", |app| &world.topology().apps[app.at()].title);
        if hit(&[world.vm_id(vm), &state.at.ip.to_string(), app]) {
            found.push(Item::Vm(vm, state.at.subnet));
        }
    }
    for (at, site) in world.sites().iter().enumerate() {
        let space: Vec<String> = site.prefixes.iter().map(ToString::to_string).collect();
        if hit(&[&site.id, &site.title, &space.join(" ")]) {
            found.push(Item::Site(SiteIx::new(at)));
        }
    }
    found
}
