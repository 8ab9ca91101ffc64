//! Keeps the frames in `docs` as the program draws them.
//!
//! `UPDATE_ASSETS=1 cargo test --test gallery` writes them.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use failscope::app::App;
use failscope::history::History;
use failscope::plan::{Timing, derive};
use failscope::topology::builtin::BUILTINS;
use failscope::topology::{Scope, Side, Topology, load};
use failscope::ui::glyphs::Glyphs;
use failscope::ui::print::{self, About};
use failscope::ui::theme::Theme;
use failscope::ui::{Look, frame};

/// The sizes of the frames: the smallest the map has room in, and a roomy one.
const SIZES: [(u16, u16); 2] = [(80, 24), (140, 45)];

fn topology(name: &str, text: &str) -> Arc<Topology> {
    Arc::new(load::parse(name, text).expect("a built-in topology stands"))
}

/// What fails over: the app of a scenario about an isolated app, else the first source region.
fn scope(topology: &Arc<Topology>) -> Scope {
    let world = &History::start(Arc::clone(topology)).now().world.clone();
    let mut apps = topology.apps.iter().map(|app| Scope::App(app.id.clone()));
    let movable = apps.rfind(|app| derive(world, app, Timing::During).is_ok());
    let source = topology.regions.iter().find(|region| region.side == Side::Source).expect("it has a source region");
    let isolated = topology.name.contains("isolated-app").then_some(movable).flatten();
    isolated.unwrap_or_else(|| Scope::Region(source.id.clone()))
}

/// A scenario before and after its failover.
struct Course {
    scope: Scope,
    before: App,
    after: App,
    steps: usize,
    refused: usize,
}

fn course(topology: &Arc<Topology>) -> Course {
    let scope = scope(topology);
    let mut history = History::start(Arc::clone(topology));
    let plan = derive(&history.now().world, &scope, Timing::During);
    let commands: Vec<_> = plan.iter().flat_map(|plan| plan.commands().cloned()).collect();
    let refused =
        commands.iter().flat_map(|command| history.run(command)).filter(|attempt| attempt.outcome.is_err()).count();
    let before = App::exploring(Arc::clone(topology));
    let mut after = before.clone();
    if let Some(session) = &mut after.session {
        session.adopt(history);
        // The marks tell what the whole failover changed, not its last step.
        session.from_start = true;
    }
    Course { scope, before, after, steps: commands.len(), refused }
}

/// Fails where a file is not as the program would write it, or writes it if asked to.
fn is_current(path: &str, wanted: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE_ASSETS").is_some() {
        fs::write(&file, wanted).expect("it can be written");
        return;
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert!(found == wanted, "{path} is old: UPDATE_ASSETS=1 cargo test --test gallery");
}

fn text(app: &App, (width, height): (u16, u16)) -> String {
    let look = Look { theme: Theme::mono(), glyphs: Glyphs::unicode() };
    print::text(&frame(app, &look, width, height), false)
}

#[test]
fn the_gallery_shows_every_scenario_before_and_after() {
    let mut page = "# Gallery\n\nEvery built-in scenario before its failover and after it, as the explorer draws it at 80x24 and 140x45. Scenarios\n\
        about an isolated app fail that app over, the others their first source region, by the plan the program derives.\n\
        After it `+` and `−` mark what came and what went since the start.\n\n\
        `UPDATE_ASSETS=1 cargo test --test gallery` writes this page; a test fails where it is old.\n"
        .to_owned();
    let courses: Vec<_> = BUILTINS.iter().map(|builtin| topology(builtin.name, builtin.text)).collect();
    for topology in &courses {
        let _ = writeln!(page, "- [{}](#{})", topology.title, topology.name);
    }
    page = page.replacen("old.\n- [", "old.\n\n- [", 1);
    for topology in &courses {
        let Course { scope, before, after, steps, refused } = course(topology);
        let _ = writeln!(page, "\n## {}\n\n{}\n\n`failscope {}`", topology.name, topology.title, topology.name);
        let plan = if steps == 1 { "one step".to_owned() } else { format!("{steps} steps") };
        let outcome = match (steps, refused) {
            (0, _) => format!("`fail-over {scope}` is refused, so there is no plan"),
            (_, 0) => format!("After `fail-over {scope}` by its plan of {plan}"),
            _ => format!("After `fail-over {scope}` by its plan of {plan}, {refused} of them refused"),
        };
        for (title, app) in [("Before", &before), (outcome.as_str(), &after)] {
            for size in SIZES {
                let (width, height) = size;
                let _ = writeln!(page, "\n{title}, {width}x{height}:\n\n```text\n{}\n```", text(app, size).trim_end());
            }
        }
    }
    is_current("docs/gallery.md", &page);
}

#[test]
fn the_pictures_of_the_readme_are_frames_of_the_explorer() {
    let builtin = BUILTINS.iter().find(|builtin| builtin.name == "azure-isolated-app").expect("it is there");
    let course = course(&topology(builtin.name, builtin.text));
    let about = About {
        title: "An isolated app after its failover".to_owned(),
        description:
            "The source region at the left, the recovery region at the right. Two links were cut and two made; \
                      App2 runs in the recovery region, on the addresses it had."
                .to_owned(),
    };
    for name in ["dark", "light"] {
        let look = Look { theme: Theme::named(name).expect("a built-in theme"), glyphs: Glyphs::unicode() };
        let picture = print::svg(&frame(&course.after, &look, 100, 30), &look.theme, &about);
        is_current(&format!("docs/after-{name}.svg"), &picture);
    }
}
