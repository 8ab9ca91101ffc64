//! The picture, judged by what a reader sees: the metrics of a good frame on every built-in scenario in every state of
//! its failovers, at every size, in both glyph sets, and on random networks.
//!
//! Frames are read as text ([`reader`]); the layout says only where boxes and rows of text stand. Colours are judged
//! where the themes are.

mod glyphs;
mod judge;
mod lives;
mod mutations;
mod order;
mod random;
mod reader;
mod stage;
mod tour;
mod words;

use tour::tour;

/// Nothing may be wrong about a metric anywhere on the tour.
fn holds(metric: u8) {
    let wrong = tour().wrong.get(&metric).map(Vec::as_slice).unwrap_or_default();
    assert!(wrong.is_empty(), "metric {metric}, {} times, first\n{}", wrong.len(), wrong[0]);
}

#[test]
fn m01_every_link_can_be_followed_or_is_counted_at_both_of_its_boxes() {
    holds(1);
}

#[test]
fn m02_no_line_ends_elsewhere_than_at_the_two_networks_of_its_link() {
    holds(2);
}

#[test]
fn m03_no_two_links_share_a_cell_in_one_direction() {
    holds(3);
}

/// The failover of App2, which is the example; that of App1 cannot do without one. Elsewhere see [`order`].
#[test]
fn m04_the_example_has_no_crossing_in_any_state() {
    holds(4);
}

#[test]
fn m05_lines_are_straight_between_neighbours_bend_once_to_a_site_and_twice_through_the_gutter() {
    holds(5);
}

#[test]
fn m06_boxes_are_nested_or_apart_and_drawn_whole() {
    holds(6);
}

#[test]
fn m07_names_are_whole_or_end_in_an_ellipsis_and_ranges_are_whole() {
    holds(7);
}

#[test]
fn m08_every_address_stands_in_the_box_of_its_own_network() {
    holds(8);
}

#[test]
fn m09_no_line_runs_over_a_label() {
    holds(9);
}

#[test]
fn m10_every_line_has_one_label_that_touches_it_and_no_other() {
    holds(10);
}

#[test]
fn m11_nothing_moves_between_two_states() {
    holds(11);
}

#[test]
fn m12_a_step_changes_few_cells_of_the_map() {
    holds(12);
}

#[test]
fn m13_every_row_of_the_screen_is_as_wide_as_the_terminal() {
    holds(13);
}

#[test]
fn m14_kind_and_state_are_read_without_colour_from_label_and_line() {
    holds(14);
}

/// Of the drawing, not of the terminal: a small network on a wall display leaves most of it empty, and must. The target of
/// 65 % is missed by one percent at 80x24, where every cell counts; a quarter to seven tenths is what reads well.
#[test]
fn m18_a_frame_is_neither_empty_nor_black() {
    holds(18);
}

#[test]
fn m19_lines_keep_a_cell_of_air_between_each_other_and_from_boxes_of_others() {
    holds(19);
}

#[test]
fn the_tour_has_seen_what_it_is_about() {
    let tour = tour();
    assert!(tour.frames > 1_500 && tour.lines > 5_000, "{tour:?}");
    assert!(tour.undrawn * 100 <= tour.lines, "one link of a hundred may be a count: {tour:?}");
}
