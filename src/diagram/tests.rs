use proptest::prelude::*;

use super::sample::{course, courses, topology};
use super::*;
use crate::network::sample::Sample;
use crate::topology::builtin::BUILTINS;
use crate::topology::{LinkKind, LinkState, Scope};

const SIZES: [Cell; 4] = [(80, 21), (100, 27), (98, 36), (138, 50)];

fn lay(name: &str, (width, height): Cell) -> Layout {
    let topology = topology(name);
    Layout::new(&topology, &topology.links, Size { width, height }, None)
}

fn assert_sound(layout: &Layout, topology: &Topology, about: &str) {
    let wrong = [
        metrics::shared_cells(layout, topology),
        metrics::overlaps(layout, topology),
        metrics::texts_hit(layout),
        metrics::outside(layout),
        metrics::bends(layout),
    ]
    .concat();
    assert!(wrong.is_empty(), "{about}: {wrong:#?}\n{layout:#?}");
}

#[test]
fn built_in_maps_share_no_cell_overlap_nothing_and_bend_no_more_than_they_must() {
    for builtin in BUILTINS {
        for size in SIZES {
            let topology = topology(builtin.name);
            assert_sound(&lay(builtin.name, size), &topology, &format!("{} {size:?}", builtin.name));
        }
    }
}

#[test]
fn every_link_of_every_state_of_every_failover_has_a_track_at_the_sizes_of_wide_terminals() {
    for course in courses() {
        for size in [(98, 36), (138, 50)] {
            for world in &course.worlds {
                let size = Size { width: size.0, height: size.1 };
                let layout = Layout::new(world.topology(), world.links(), size, None);
                assert!(metrics::fits(&layout, size), "{} {size:?}", course.name);
                for (link, declared) in world.live_links() {
                    let route = layout.route(link).unwrap();
                    assert!(!route.path.is_empty(), "{} {size:?}: {} has no track", course.name, declared.id);
                    assert!(route.label.is_some(), "{} {size:?}: {} has no label", course.name, declared.id);
                }
            }
        }
    }
}

#[test]
fn no_coordinate_moves_between_the_states_of_a_failover() {
    for course in courses() {
        for size in SIZES {
            let size = Size { width: size.0, height: size.1 };
            let layouts: Vec<Layout> =
                course.worlds.iter().map(|world| Layout::new(world.topology(), world.links(), size, None)).collect();
            let first = &layouts[0];
            for later in &layouts[1..] {
                assert_eq!((&first.frames, &first.boxes), (&later.frames, &later.boxes), "{}", course.name);
                assert_eq!((&first.rows, first.text), (&later.rows, later.text), "{}", course.name);
                assert_eq!(first.gutter, later.gutter, "{}", course.name);
                for (one, other) in first.routes.iter().zip(&later.routes) {
                    assert_eq!((&one.path, one.label), (&other.path, other.label), "{}", course.name);
                }
            }
        }
    }
}

#[test]
fn a_link_made_by_hand_moves_nothing_that_was_there() {
    for builtin in BUILTINS {
        let topology = topology(builtin.name);
        for size in SIZES {
            let size = Size { width: size.0, height: size.1 };
            let before = Layout::new(&topology, &topology.links, size, None);
            for a in 0..topology.vnets.len() {
                for b in 0..a {
                    let mut links = topology.links.clone();
                    let between = [Node::Vnet(VnetIx::new(a)), Node::Vnet(VnetIx::new(b))];
                    links.push(Link::new("by-hand", LinkKind::Peering, between, LinkState::Connected));
                    let after = Layout::new(&topology, &links, size, None);
                    assert_eq!((&before.boxes, &before.rows), (&after.boxes, &after.rows), "{}", builtin.name);
                    for (one, other) in before.routes.iter().zip(&after.routes) {
                        assert_eq!(one.path, other.path, "{} {size:?}", builtin.name);
                    }
                    let added = after.route(LinkIx::new(links.len() - 1)).unwrap();
                    assert!(added.path.is_empty() || added.label.is_some(), "{}", builtin.name);
                    assert_sound(&after, &topology, builtin.name);
                }
            }
        }
    }
}

#[test]
fn twins_start_on_one_row_and_the_example_has_no_crossing() {
    let topology = topology("azure-isolated-app");
    for size in SIZES {
        let layout = lay("azure-isolated-app", size);
        for (at, vnet) in topology.vnets.iter().enumerate() {
            let Some(source) = vnet.recovers else { continue };
            let top = |vnet| layout.boxed(Node::Vnet(vnet)).unwrap().rect.y;
            assert_eq!(top(source), top(VnetIx::new(at)));
        }
        for world in course("azure-isolated-app", &Scope::App("app2".into())).worlds {
            let layout = Layout::new(&topology, world.links(), Size { width: size.0, height: size.1 }, None);
            let drawn: Vec<&Route> = layout.routes.iter().filter(|route| route.link.is_some()).collect();
            assert_eq!(metrics::crossings(&drawn), 0);
        }
    }
}

#[test]
fn of_several_regions_each_pair_shares_its_rows_in_whatever_order_the_file_names_them() {
    let mut sample = Sample::new();
    for (id, side) in [("west", crate::topology::Side::Source), ("far-west", crate::topology::Side::Recovery)] {
        let region = crate::topology::Region { id: id.into(), title: id.into(), side, area: None };
        sample.0.regions.push(region);
    }
    // The file names the recovery region of the second source region first.
    let sources = [sample.vnet("a", 0, &["10.1.0.0/24"]), sample.vnet("b", 2, &["10.2.0.0/24"])];
    let twins = [sample.vnet("a-2", 3, &["10.1.0.0/24"]), sample.vnet("b-2", 1, &["10.2.0.0/24"])];
    for (source, twin) in sources.iter().zip(&twins) {
        sample.0.vnets[twin.at()].recovers = Some(*source);
    }
    for size in SIZES {
        let layout = Layout::new(&sample.0, &[], Size { width: size.0, height: size.1 }, None);
        for (source, twin) in sources.iter().zip(&twins) {
            let row = |vnet: VnetIx| layout.boxed(Node::Vnet(vnet)).unwrap().rect.y;
            assert_eq!(row(*source), row(*twin), "{size:?}");
        }
    }
}

#[test]
fn tracks_keep_a_cell_of_air() {
    for builtin in BUILTINS {
        for size in SIZES {
            assert!(metrics::narrowest_pitch(&lay(builtin.name, size)) >= 2, "{} {size:?}", builtin.name);
        }
    }
}

#[test]
fn every_vm_has_its_slots_and_every_item_is_hit_where_it_is_drawn() {
    for builtin in BUILTINS {
        let topology = topology(builtin.name);
        let layout = lay(builtin.name, (98, 36));
        for (at, vm) in topology.vms.iter().enumerate() {
            let item = Item::Vm(VmIx::new(at), vm.subnet);
            let rect = layout.rect(item).unwrap_or_else(|| panic!("{} has no slot", vm.id));
            assert_eq!(layout.hit(rect.x + 1, rect.y), Some(item));
            let slots = layout.rows.iter().filter(|row| matches!(row.item, Item::Vm(vm, _) if vm.at() == at)).count();
            // One that is not protected may still be: its place at the failover network is kept for it.
            let home = topology.subnets[vm.subnet.at()].vnet;
            let goes = vm.target.subnet.is_some() || topology.twins_of(home).next().is_some();
            assert_eq!(slots, if goes { 2 } else { 1 }, "{} {}", builtin.name, vm.id);
        }
    }
}

#[test]
fn arrows_lead_from_any_thing_to_any_other() {
    for builtin in BUILTINS {
        let layout = lay(builtin.name, (98, 36));
        let things: Vec<Item> =
            layout.items().into_iter().map(|(item, _)| item).filter(|item| !matches!(item, Item::Link(_))).collect();
        let mut reached = vec![things[0]];
        let mut at = 0;
        while at < reached.len() {
            for direction in [Direction::Up, Direction::Down, Direction::Left, Direction::Right] {
                let next = layout.neighbour(reached[at], direction);
                reached.extend(next.filter(|next| !reached.contains(next)));
            }
            at += 1;
        }
        let missed: Vec<&Item> = things.iter().filter(|item| !reached.contains(item)).collect();
        assert!(missed.is_empty(), "{}: {missed:?}", builtin.name);
    }
}

#[test]
fn a_thousand_vnets_are_laid_out_and_scrolled() {
    let mut sample = Sample::new();
    let vnets: Vec<VnetIx> = (0..1000)
        .map(|at| sample.vnet(&format!("v{at}"), at % 2, &[&format!("10.{}.{}.0/24", at / 256, at % 256)]))
        .collect();
    for pair in vnets.windows(3) {
        sample.link(LinkKind::Vpn, Node::Vnet(pair[0]), Node::Vnet(pair[2]));
    }
    let size = Size { width: 138, height: 50 };
    assert_eq!(Layout::new(&sample.0, &sample.0.links, size, None).level, Level::Tiles);
    let layout = seen(&sample, size, Level::Rows, &[]);
    assert_eq!(layout.boxes.len(), 1000);
    let (above, below) = layout.hidden(10, 50);
    assert!(above > 0 && below > 800);
}

fn seen(sample: &Sample, size: Size, level: Level, focus: &[(VnetIx, Level)]) -> Layout {
    let sight = Sight { level: Some(level), focus: focus.to_vec(), ..Sight::default() };
    Layout::seen(&sample.0, &sample.0.links, &Later::default(), size, &sight).expect("tiles and rows fit any width")
}

/// So many VNets, half of them in each region.
fn many(count: usize) -> Sample {
    let mut sample = Sample::new();
    for at in 0..count {
        sample.vnet(&format!("v{at}"), at % 2, &[&format!("10.{}.{}.0/24", at / 256, at % 256)]);
    }
    sample
}

#[test]
fn tiles_show_a_hundred_vnets_a_region_on_80x24_and_more_than_two_thousand_on_240x70() {
    for (count, size, spaced) in [(200, (80, 21), true), (400, (80, 21), false), (2100, (179, 57), true)] {
        let size = Size { width: size.0, height: size.1 };
        let layout = Layout::new(&many(count).0, &[], size, None);
        let overview = layout.overview.as_ref().expect("tiles");
        assert_eq!((layout.boxes.len(), overview.spaced), (count, spaced), "{size:?}");
        assert!(layout.size.height <= layout.window(size.height), "{count}: {:?}", layout.size);
        assert!(layout.size.width <= size.width, "{count}: {:?}", layout.size);
    }
    let size = Size { width: 80, height: 21 };
    let layout = Layout::new(&many(3000).0, &[], size, None);
    let (above, below) = layout.hidden(10, layout.window(size.height));
    assert!(above > 0 && below > 0, "more than that scrolls");
}

#[test]
fn a_machine_that_comes_and_a_link_that_goes_move_no_row() {
    for course in courses() {
        let focus = [(VnetIx::new(0), Level::Lines), (VnetIx::new(1), Level::Subnets)];
        let size = Size { width: 80, height: 21 };
        let layouts = course.worlds.iter().map(|world| {
            let sight = Sight { level: Some(Level::Rows), focus: focus.to_vec(), ..Sight::default() };
            Layout::seen(world.topology(), world.links(), &Later::default(), size, &sight).expect("rows fit")
        });
        let boxes: Vec<_> = layouts.map(|layout| (layout.boxes, layout.rows, layout.gutter)).collect();
        assert!(boxes.windows(2).all(|pair| pair[0] == pair[1]), "{}", course.name);
    }
}

fn random() -> impl Strategy<Value = (Sample, Size)> {
    let vnets = proptest::collection::vec((0usize..2, 0usize..3, 0usize..40, 1usize..4, 0usize..4), 1..40);
    let links = proptest::collection::vec((0usize..44, 0usize..44, 0usize..3, 0usize..3), 0..60);
    (vnets, links, 0usize..4, 1i32..200, 1i32..70).prop_map(|(vnets, links, sites, width, height)| {
        let mut sample = Sample::new();
        let mut made: Vec<VnetIx> = Vec::new();
        for (at, (region, twin, of, subnets, vms)) in vnets.into_iter().enumerate() {
            let recovered = made.get(of % made.len().max(1)).copied().filter(|_| twin > 0);
            let base = recovered.map_or(at, |source| source.at());
            let ranges: Vec<String> = (0..subnets).map(|nth| format!("10.{base}.{nth}.0/24")).collect();
            let vnet =
                sample.vnet(&format!("net-{at}"), region, &ranges.iter().map(String::as_str).collect::<Vec<_>>());
            let apart = |source: &VnetIx| sample.0.vnets[source.at()].region.at() != region;
            let twin = recovered.filter(apart);
            sample.0.vnets[vnet.at()].recovers = twin;
            for nth in 0..vms {
                let vm = sample.vm(
                    &format!("machine-{at}-{nth}"),
                    vnet,
                    &format!("10.{base}.{}.{}", nth % subnets, nth + 4),
                );
                sample.0.vms[vm.at()].protected = true;
            }
            made.push(vnet);
        }
        let mut nodes: Vec<Node> = made.into_iter().map(Node::Vnet).collect();
        for site in 0..sites {
            nodes.push(Node::Site(sample.site(&format!("site-{site}"), &[&format!("192.168.{site}.0/24")])));
        }
        for (a, b, kind, state) in links {
            let (a, b) = (nodes[a % nodes.len()], nodes[b % nodes.len()]);
            let kind = [LinkKind::Vpn, LinkKind::Peering, LinkKind::Expressroute][kind];
            let state = [LinkState::Connected, LinkState::Pending, LinkState::Absent][state];
            if a != b {
                sample.link_in(state, kind, a, b);
            }
        }
        (sample, Size { width, height })
    })
}

impl std::fmt::Debug for Sample {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "{} VNets, {} sites, links {:?}",
            self.0.vnets.len(),
            self.0.sites.len(),
            self.0.links.iter().map(|link| (link.kind, link.between)).collect::<Vec<_>>()
        )
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_topology_at_any_size_shares_no_cell_and_overlaps_nothing((sample, size) in random()) {
        let layout = Layout::new(&sample.0, &sample.0.links, size, None);
        assert_sound(&layout, &sample.0, &format!("{size:?}"));
        prop_assert!(layout.routes.iter().all(|route| route.path.is_empty() || route.label.is_some()));
    }

    #[test]
    fn any_topology_as_tiles_or_rows_shows_every_vnet_once_and_overlaps_nothing(
        (sample, size) in random(),
        focused in proptest::collection::vec(0usize..40, 0..5),
    ) {
        let focus: Vec<(VnetIx, Level)> = focused.iter().map(|at| (VnetIx::new(*at), Level::Lines)).collect();
        for level in [Level::Tiles, Level::Rows] {
            let layout = seen(&sample, size, level, &focus);
            assert_sound(&layout, &sample.0, &format!("{level:?} {size:?}"));
            prop_assert_eq!(layout.boxes.len(), sample.0.vnets.len() + sample.0.sites.len());
            let extra: i32 = layout.boxes.iter().map(|boxed| boxed.rect.height - 1).sum();
            prop_assert!(extra <= size.height * 2 / 3, "the others keep a third of the window");
        }
    }

    #[test]
    fn the_spine_of_any_network_leads_to_every_other_end_or_counts_it((sample, size) in random(), top in 0i32..40) {
        let layout = seen(&sample, size, Level::Rows, &[(VnetIx::new(0), Level::Lines)]);
        let (first, last) = layout.gutter;
        let nodes = layout.boxes.iter().map(|boxed| boxed.node);
        for node in nodes.filter(|_| last - first >= 4) {
            let links = sample.0.links.iter().enumerate();
            let links: Vec<(LinkIx, Node)> =
                links.filter_map(|(at, link)| Some((LinkIx::new(at), link.other(node)?))).collect();
            let Some(spine) = Spine::of(&layout, node, &links) else {
                prop_assert!(links.is_empty());
                continue;
            };
            let (above, below) = spine.hidden(top, 10);
            let inside = spine.branches.iter().filter(|branch| (top..top + 10).contains(&branch.row));
            prop_assert_eq!(above + below + inside.map(|branch| branch.links.len()).sum::<usize>(), links.len());
            let mut places: Vec<(i32, bool)> =
                spine.branches.iter().chain([&spine.own]).map(|branch| (branch.row, branch.left)).collect();
            places.sort_unstable();
            prop_assert!(places.windows(2).all(|pair| pair[0] != pair[1]), "no two stubs share a row of one side");
            for branch in spine.branches.iter().chain([&spine.own]) {
                prop_assert!(first <= branch.cells.0 && branch.cells.1 <= last);
                prop_assert!(branch.cells.1 < spine.x || branch.cells.0 > spine.x);
                prop_assert!(layout.boxed(branch.node).unwrap().rect.contains(layout.boxed(branch.node).unwrap().rect.x, branch.row));
            }
        }
    }

    #[test]
    fn a_filter_draws_what_it_keeps_and_no_link_to_what_it_hides((sample, size) in random(), nth in 1usize..5) {
        let hidden = (0..sample.0.vnets.len()).step_by(nth).map(VnetIx::new).collect();
        let sight = Sight { hidden, ..Sight::default() };
        let layout = Layout::seen(&sample.0, &sample.0.links, &Later::default(), size, &sight).unwrap();
        for at in (0..sample.0.vnets.len()).map(VnetIx::new) {
            prop_assert_eq!(layout.boxed(Node::Vnet(at)).is_none(), sight.hidden.contains(&at));
        }
        assert_sound(&layout, &sample.0, &format!("{size:?}"));
        let ends = layout.routes.iter().flat_map(|route| route.ends).filter_map(Node::vnet);
        prop_assert!(ends.into_iter().all(|vnet| !sight.hidden.contains(&vnet)));
    }
}
