//! The difference view: what differs between two states, grouped and counted.

use super::doc::{Doc, piece};
use crate::app::differing::Marked;
use crate::app::{App, Session, naming};
use crate::report::differences::summary;

/// Writes the view.
pub fn write(app: &App, (from, to): (usize, usize), at: Option<Marked>, session: &Session, doc: &mut Doc) {
    let theme = doc.theme;
    for (lead, position) in [("from", from), ("to", to)] {
        doc.row(vec![piece(format!("{lead:<5}"), theme.dim), piece(state(session, position), theme.title)]);
    }
    let found = app.differing();
    doc.para(&format!("{}.", naming::capital(&summary(&found))), theme.text);
    doc.para("enter shows it on the map; a and b choose the states, ← → moves the second by a step.", theme.dim);
    let mut last = None;
    for difference in &found {
        let here = at == Some((difference.group, difference.about));
        if last != Some(difference.group) {
            last = Some(difference.group);
            let count = found.iter().filter(|other| other.group == difference.group).count();
            doc.heading(format!("{} ({count})", difference.group));
        }
        let lead = if here { "▶" } else { " " };
        let style = if here { theme.selected } else { theme.text };
        let before = doc.lines.len();
        doc.item(&format!("{lead} {}", difference.mark), theme.changed, &difference.text, style);
        doc.choice_from(before, here);
    }
}

/// A state in words.
fn state(session: &Session, position: usize) -> String {
    let now = if position == session.history.position() { " (now)" } else { "" };
    match session.history.revisions().get(position).and_then(|revision| revision.step.as_ref()) {
        None => format!("the start{now}"),
        Some(step) => format!("after step {position}: {}{now}", step.command),
    }
}

#[cfg(test)]
mod tests {
    use crate::diagram::Item;
    use crate::ui::tests::{exploring, press, screen};

    #[test]
    fn the_whole_failover_of_an_app_as_one_difference() {
        let mut app = exploring("azure-isolated-app");
        press(&mut app, "f \"app1\" enter r v");
        insta::assert_snapshot!("isolated-app-80x24", screen(&app, 80, 24));
        insta::assert_snapshot!("isolated-app-140x45", screen(&app, 140, 45));
    }

    #[test]
    fn both_states_are_chosen_and_compared_in_either_direction() {
        let mut app = exploring("azure-isolated-app");
        press(&mut app, "f \"app1\" enter r v");
        assert!(screen(&app, 100, 40).contains("Links cut (2)"));
        press(&mut app, "a end enter b home enter");
        let shown = screen(&app, 100, 40);
        assert!(shown.contains("What differs: step 5 → step 0") && shown.contains("to   the start"), "{shown}");
        assert!(shown.contains("Links made (2)") && shown.contains("VMs moved, address kept (2)"), "{shown}");
        press(&mut app, "right");
        assert!(screen(&app, 100, 40).contains("to   after step 1"), "{}", screen(&app, 100, 40));
    }

    #[test]
    fn enter_shows_the_marked_difference_on_the_map_and_nothing_where_nothing_differs() {
        let mut app = exploring("azure-isolated-app");
        press(&mut app, "v enter");
        assert!(screen(&app, 80, 24).contains("nothing differs"));
        press(&mut app, "esc f \"app1\" enter r v down down enter");
        assert!(app.layers.is_empty() && matches!(app.session.as_ref().unwrap().selection, Some(Item::Link(_))));
    }
}
