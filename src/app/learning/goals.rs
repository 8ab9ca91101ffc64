//! The goal as a picture: what the predicates of the open goals ask for, as marks on the map.

use super::Learning;
use crate::diagram::Item;
use crate::history::History;
use crate::lesson::{Mode, Predicate, ShowGoal};
use crate::topology::Node;
use crate::world::World;

/// What is to be done at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// The link between two networks is to be cut.
    Cut(Node, Node),
    /// A link is to be made between two networks, of a kind where one is named.
    Make(Node, Node),
    /// Something is to run or stand here, in a few words.
    Here(Item, String),
}

/// A mark of an open goal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoalMark {
    /// What it asks for.
    pub wanted: Wanted,
}

impl Learning {
    /// What the map shows of the goals that are open: those of the open step, or all of them where the lesson shows its
    /// whole goal or is a challenge.
    pub fn goal_marks(&self, history: &History) -> Vec<GoalMark> {
        let lesson = self.lesson();
        if !self.goals_drawn || lesson.show_goal == ShowGoal::None || self.attempt.solved() {
            return Vec::new();
        }
        let all = lesson.show_goal == ShowGoal::Full || self.attempt.mode == Mode::Challenge;
        let here = self.attempt.step().map(|(at, _)| at);
        let world = &history.now().world;
        let mut marks = Vec::new();
        for (at, step) in lesson.steps.iter().enumerate().filter(|(at, _)| all || Some(*at) == here) {
            for (goal, state) in step.goals.iter().zip(self.attempt.goals(at, history)) {
                if state.unmet.is_some() {
                    gather(world, &goal.is, true, &mut marks);
                }
            }
        }
        marks
    }
}

/// Collects the marks of a predicate that is to be true, or false.
fn gather(world: &World, is: &Predicate, wanted: bool, marks: &mut Vec<GoalMark>) {
    let node = |id: &String| world.node_named(id).ok();
    let mut mark = |found: Option<Wanted>| {
        if let Some(wanted) = found.filter(|wanted| marks.iter().all(|mark| mark.wanted != *wanted)) {
            marks.push(GoalMark { wanted });
        }
    };
    match (is, wanted) {
        (Predicate::Link(is), true) => {
            mark(node(&is.a).zip(node(&is.b)).map(|(a, b)| Wanted::Make(a, b)));
        }
        (Predicate::Link(is), false) => mark(node(&is.a).zip(node(&is.b)).map(|(a, b)| Wanted::Cut(a, b))),
        (Predicate::NoLink(is), wanted) => {
            let ends = node(&is.a).zip(node(&is.b));
            mark(ends.map(|(a, b)| if wanted { Wanted::Cut(a, b) } else { Wanted::Make(a, b) }));
        }
        (Predicate::Vms(is), true) => {
            let who = [&is.app, &is.vm, &is.subnet, &is.vnet].into_iter().flatten().next();
            let place = is.r#in.as_ref().and_then(|place| place_of(world, place));
            mark(who.zip(place).map(|(who, place)| Wanted::Here(place, called(world, who))));
        }
        (Predicate::Gateway(is), true) => {
            let word = match is.state {
                Some(crate::lesson::GatewayWord::None) => "no gateway",
                _ => "gateway",
            };
            mark(place_of(world, &is.net).map(|place| Wanted::Here(place, word.to_owned())));
        }
        (Predicate::All(of), true) | (Predicate::Any(of), false) => {
            of.iter().for_each(|is| gather(world, is, wanted, marks));
        }
        // One of several ways is enough: the map shows the first.
        (Predicate::Any(of), true) | (Predicate::All(of), false) => {
            if let Some(first) = of.first() {
                gather(world, first, wanted, marks);
            }
        }
        (Predicate::Not(is), wanted) => gather(world, is, !wanted, marks),
        (Predicate::Count(_, of), true) => of.iter().for_each(|is| gather(world, is, true, marks)),
        _ => {}
    }
}

/// A VNet, subnet or region by its id.
fn place_of(world: &World, id: &str) -> Option<Item> {
    let subnet = || {
        let named = |at: &usize| world.subnet_name(crate::topology::SubnetIx::new(*at)) == id;
        (0..world.subnets().len()).find(named).map(|at| Item::Subnet(crate::topology::SubnetIx::new(at)))
    };
    match world.node_named(id) {
        Ok(Node::Vnet(vnet)) => Some(Item::Vnet(vnet)),
        Ok(Node::Site(site)) => Some(Item::Site(site)),
        Err(_) => subnet().or_else(|| world.region_named(id).ok().map(Item::Region)),
    }
}

/// What machines are called: the title of an app, else the id.
fn called(world: &World, id: &str) -> String {
    world.topology().apps.iter().find(|app| app.id == id).map_or_else(|| id.to_owned(), |app| app.title.clone())
}
