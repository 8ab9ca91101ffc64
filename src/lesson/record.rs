//! A lesson written by playing it: a start, a solution and mistakes become a file that proves itself.
//!
//! Steps are runs of one verb. The goals of a step are what its commands made true ([`goals`]); a command that leaves no
//! trace in the world is a goal itself. What was true all the way is an invariant. Each mistake becomes a wrong turn with
//! its demo. The texts are a machine's; the author makes them better.

mod goals;
mod mistakes;
mod write;

use std::sync::Arc;

use goals::Found;

use super::{Deed, Draw, Lesson, Mode, Play, load};
use crate::history::History;
use crate::topology::{Command, Topology};
use crate::world::World;

/// What is played.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The topology it is played on.
    pub topology: Arc<Topology>,
    /// How the lesson names that: a built-in name, or a path.
    pub scenario: String,
    /// What the lesson's file will be called: the path of a topology counts from there.
    pub origin: String,
    /// The name of the lesson.
    pub title: String,
    /// Commands that were done before it begins.
    pub start: Vec<Command>,
    /// The solution.
    pub solution: Vec<Command>,
    /// Commands that are wrong.
    pub mistakes: Vec<Command>,
}

/// A step of the lesson: commands of one verb, one after the other, and what they made true.
#[derive(Debug, Clone)]
struct Part {
    verb: String,
    commands: Vec<Command>,
    goals: Vec<goals::Found>,
}

/// The lesson file of what is played.
///
/// # Errors
/// Why it makes no lesson: a command that is refused, no solution, or a mistake that is how the solution begins.
pub fn record(recording: &Recording) -> Result<String, String> {
    let mut history = History::start(Arc::clone(&recording.topology));
    play(&mut history, &recording.start, "start")?;
    let mut history = History::from(history.now().world.clone().at_seconds(0));
    let marks = play(&mut history, &recording.solution, "solution")?;
    let parts = parts(&history, &recording.solution, &marks);
    if parts.is_empty() {
        return Err("the solution has no command; give one with --do".to_owned());
    }
    let mut played = Played { recording, history: &history, marks, parts };
    let kept = goals::kept(&history);
    loop {
        let mistakes = mistakes::played(&played, &kept)?;
        let text = write::lesson(&played, &kept, &mistakes);
        let lesson = load::parse(&recording.origin, &text, Draw::default()).map_err(|error| {
            let said: Vec<&str> = error.problems.iter().map(|problem| problem.finding.message.as_str()).collect();
            said.join("; ")
        })?;
        if !played.demand(&spare(&Arc::new(lesson), &recording.solution)) {
            return Ok(text);
        }
    }
}

/// The commands of a solution without which it solves the lesson too, by their place.
fn spare(lesson: &Arc<Lesson>, solution: &[Command]) -> Vec<usize> {
    let solves = |left_out: &usize| {
        let Ok(mut play) = Play::begin(Arc::clone(lesson), Mode::Guided) else { return false };
        let deeds = solution.iter().enumerate().filter(|(at, _)| at != left_out);
        deeds.for_each(|(_, command)| drop(play.take(&Deed::Do(command.clone()))));
        play.attempt.solved()
    };
    (0..solution.len()).filter(solves).collect()
}

/// A solution that was played.
struct Played<'a> {
    recording: &'a Recording,
    history: &'a History,
    /// The revision after each command.
    marks: Vec<usize>,
    parts: Vec<Part>,
}

impl Played<'_> {
    /// The world the learner begins in.
    fn start(&self) -> &World {
        &self.history.revisions()[0].world
    }

    /// The revisions at which the solution does a command.
    fn before(&self, command: &Command) -> Vec<usize> {
        let solution = self.recording.solution.iter().enumerate().filter(|(_, own)| *own == command);
        solution.map(|(at, _)| at.checked_sub(1).map_or(0, |before| self.marks[before])).collect()
    }

    /// Makes commands goals themselves; says whether that asks for anything new.
    fn demand(&mut self, spare: &[usize]) -> bool {
        let mut news = false;
        for at in spare {
            let goal = Found::did(&self.recording.solution[*at]);
            let mut from = 0;
            let part = self.parts.iter_mut().find(|part| {
                from += part.commands.len();
                *at < from
            });
            if let (Some(goal), Some(part)) = (goal, part)
                && part.goals.iter().all(|known| known.is != goal.is)
            {
                part.goals.push(goal);
                news = true;
            }
        }
        news
    }
}

/// Plays commands; returns the position of the history after each.
fn play(history: &mut History, commands: &[Command], what: &str) -> Result<Vec<usize>, String> {
    let mut marks = Vec::with_capacity(commands.len());
    for command in commands {
        for part in history.run(command) {
            part.outcome.map_err(|refusal| {
                format!("the {what} cannot be played: `{}` is refused ({}): {refusal}", part.command, refusal.code)
            })?;
        }
        marks.push(history.position());
    }
    Ok(marks)
}

/// The verb of a command.
fn verb(command: &Command) -> String {
    command.to_string().split_whitespace().next().unwrap_or_default().to_owned()
}

/// The steps of a solution: runs of one verb with what became true. A run that leaves no trace is a goal itself.
fn parts(history: &History, solution: &[Command], marks: &[usize]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let (mut begin, mut before) = (0, 0);
    for (command, after) in solution.iter().zip(marks) {
        let verb = verb(command);
        match parts.last_mut().filter(|part| part.verb == verb) {
            Some(part) => part.commands.push(command.clone()),
            None => {
                parts.push(Part { verb, commands: vec![command.clone()], goals: Vec::new() });
                begin = before;
            }
        }
        if let Some(part) = parts.last_mut() {
            part.goals = goals::between(history, begin, *after);
        }
        before = *after;
    }
    for part in parts.iter_mut().filter(|part| part.goals.is_empty()) {
        part.goals.extend(part.commands.last().and_then(Found::did));
    }
    if let Some(last) = parts.last_mut() {
        last.goals.extend(goals::needs_met(history));
    }
    parts
}
