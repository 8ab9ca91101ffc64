//! Reading a lesson file: every problem at once, each with its place.

mod names;
mod steps;
mod turns;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use indexmap::IndexMap;
use toml::de::DeValue;

use super::article;
use super::content::Lesson;
use super::format::File;
use super::random::{Draw, drawn, fingerprint};
use super::shelf::BOARDS;
use super::{Deed, Predicate};
use crate::topology::builtin::BUILTINS;
use crate::topology::command::did_you_mean;
use crate::topology::format::{At, is_id};
use crate::topology::load::{self, LoadError, OpenError, Sink, document};
use crate::topology::{Command, FindingCode, Topology};

/// The number of mistakes the design names, M1 to M26.
const MISTAKES: usize = 26;

/// What the checks of a file share.
struct Reading {
    sink: Sink,
    names: names::Names,
}

impl Reading {
    fn error(&mut self, span: &Range<usize>, message: impl Into<String>) {
        self.sink.error(FindingCode::InvalidValue, span, message, &[]);
    }

    fn command(&mut self, text: &At<String>) -> Option<Command> {
        match text.value.parse::<Command>() {
            Ok(command) => Some(command),
            Err(error) => {
                self.sink.error(FindingCode::InvalidCommand, &text.span, error.0, &[]);
                None
            }
        }
    }

    fn deeds(&mut self, texts: &[At<String>]) -> Vec<Deed> {
        let mut deeds = Vec::with_capacity(texts.len());
        for text in texts {
            match text.value.parse::<Deed>() {
                Ok(deed) => deeds.push(deed),
                Err(message) => self.sink.error(FindingCode::InvalidCommand, &text.span, message, &[]),
            }
        }
        deeds
    }

    fn predicate(&mut self, is: At<super::predicate::Is>) -> Option<Predicate> {
        let span = is.span;
        match is.value.read() {
            Ok(predicate) => {
                for message in self.names.unknown(&predicate) {
                    self.sink.error(FindingCode::UnknownId, &span, message, &[]);
                }
                Some(predicate)
            }
            Err(message) => {
                self.error(&span, message);
                None
            }
        }
    }

    fn source(&mut self, why: Option<At<String>>) -> Option<String> {
        let why = why?;
        if let Err(message) = article::source(&why.value) {
            self.error(&why.span, message);
        }
        Some(why.value)
    }

    /// Ids that must differ from each other.
    fn distinct<'i>(&mut self, what: &str, ids: impl Iterator<Item = &'i At<String>>) -> Vec<String> {
        let mut seen: Vec<String> = Vec::new();
        for id in ids {
            if !is_id(&id.value) {
                let message = format!("`{}` is no id; ids are spelled with a-z, 0-9 and - between them", id.value);
                self.sink.error(FindingCode::InvalidId, &id.span, message, &[]);
            }
            if seen.contains(&id.value) {
                let message = format!("the {what} `{}` is there twice", id.value);
                self.sink.error(FindingCode::InvalidId, &id.span, message, &[]);
            }
            seen.push(id.value.clone());
        }
        seen
    }

    /// A name that must be one of those that are known.
    fn known(&mut self, what: &str, id: &At<String>, known: &[String]) {
        if !known.contains(&id.value) {
            let hint = did_you_mean(&id.value, known.iter().map(String::as_str));
            self.sink.error(FindingCode::UnknownId, &id.span, format!("there is no {what} `{}`{hint}", id.value), &[]);
        }
    }
}

/// The words of each draw of a lesson file; none where it has no random words, or cannot be read.
fn words(text: &str) -> Vec<IndexMap<String, String>> {
    let mut sink = Sink::default();
    let root = document(text, &mut sink).root;
    let draws = root.as_ref().and_then(|root| root.get("random")?.get_ref().as_array());
    let strings = |value: &DeValue<'_>| {
        let table = value.as_table()?;
        let pairs =
            table.iter().filter_map(|(key, value)| Some((key.get_ref().to_string(), value.get_ref().as_str()?)));
        Some(pairs.map(|(key, word)| (key, word.to_owned())).collect())
    };
    draws.map(|draws| draws.iter().filter_map(|draw| strings(draw.get_ref())).collect()).unwrap_or_default()
}

/// How many draws the random words of a lesson file have: one where there are none.
pub fn draws(text: &str) -> usize {
    words(text).len().max(1)
}

/// Reads a lesson from text, with the words of one draw; `origin` is what the file is called in messages.
///
/// # Errors
/// Everything wrong with the text.
pub fn parse(origin: &str, text: &str, draw: Draw) -> Result<Lesson, LoadError> {
    let hash = fingerprint(text);
    let words = words(text);
    // A key may stand for a word that is no text, so the words are put in before anything is read.
    let text = words.get(draw.0).or(words.first()).map_or_else(|| text.to_owned(), |words| drawn(text, words));
    let file: File = load::one_table(origin, &text, "lesson")?;
    let mut lesson = checked(origin, &text, file, draw, hash)?;
    lesson.draws = words.len().max(1);
    Ok(lesson)
}

fn failed(origin: &str, text: &str, sink: Sink) -> LoadError {
    LoadError { origin: origin.to_owned(), source: text.to_owned(), problems: sink.problems(text) }
}

fn checked(origin: &str, text: &str, file: File, draw: Draw, hash: u64) -> Result<Lesson, LoadError> {
    let mut sink = Sink::default();
    if file.format != 1 {
        let message = format!("format {} is not known; this version reads format 1", file.format);
        sink.error(FindingCode::InvalidValue, &(0..0), message, &[]);
    }
    let topology = scenario(origin, &file.scenario, &mut sink);
    let Some(topology) = topology else { return Err(failed(origin, text, sink)) };
    let mut reading = Reading { sink, names: names::Names::of(&topology, &file) };
    let lesson = lesson(file, topology, draw, hash, &mut reading);
    let sink = reading.sink;
    if sink.is_broken() { Err(failed(origin, text, sink)) } else { Ok(lesson) }
}

/// The topology a lesson is played on: a built-in one, a board of the shelf, or a file beside the lesson.
fn scenario(origin: &str, name: &At<String>, sink: &mut Sink) -> Option<Arc<Topology>> {
    let known = BUILTINS.iter().map(|builtin| (builtin.name, builtin.text));
    let boards = BOARDS.iter().map(|board| (board.name, board.text));
    let found = known.clone().chain(boards.clone()).find(|(known, _)| *known == name.value);
    let read = match found {
        Some((name, text)) => load::parse(stem(name), text).map_err(OpenError::Invalid),
        None if name.value.ends_with(".toml") => {
            let beside = Path::new(origin).parent().unwrap_or(Path::new("")).join(&name.value);
            load::open(&beside.to_string_lossy())
        }
        None => {
            let hint = did_you_mean(&name.value, known.chain(boards).map(|(name, _)| name));
            let message = format!("there is no topology `{}`, and a file is named by its path{hint}", name.value);
            Err(OpenError::UnknownName(message))
        }
    };
    match read {
        Ok(topology) => Some(Arc::new(topology)),
        Err(OpenError::UnknownName(why) | OpenError::Unreadable(why)) => {
            sink.error(FindingCode::UnknownId, &name.span, why, &[]);
            None
        }
        Err(OpenError::Invalid(error)) => {
            let first = error.problems.first().map(|problem| problem.finding.message.clone()).unwrap_or_default();
            let message = format!("`{}` is no topology: {first} (`failscope check` says more)", name.value);
            sink.error(FindingCode::InvalidValue, &name.span, message, &[]);
            None
        }
    }
}

/// The name of a board without its folder and ending.
fn stem(name: &str) -> &str {
    Path::new(name).file_stem().and_then(|stem| stem.to_str()).unwrap_or(name)
}

fn lesson(file: File, topology: Arc<Topology>, draw: Draw, hash: u64, reading: &mut Reading) -> Lesson {
    reading.distinct("lesson", std::iter::once(&file.id));
    let mut covers = Vec::new();
    for lines in &file.covers {
        match article::lines(&lines.value) {
            Ok(lines) => covers.push(lines),
            Err(message) => reading.error(&lines.span, message),
        }
    }
    for mistake in &file.mistakes {
        mistakes(mistake, reading);
    }
    let events = file.start.events.iter().filter_map(|text| reading.command(text)).collect();
    let step_ids = reading.distinct("step", file.step.iter().map(|step| &step.id));
    let quiz_ids = reading.distinct("question", file.quiz.iter().map(|quiz| &quiz.id));
    let always_ids = reading.distinct("invariant", file.always.iter().map(|always| &always.id));
    let turn_ids = reading.distinct("wrong turn", file.wrong_turn.iter().map(|turn| &turn.id));
    reading.distinct("inject", file.inject.iter().map(|inject| &inject.id));
    let turns_or_invariants: Vec<String> = turn_ids.iter().chain(&always_ids).cloned().collect();
    let solutions = file.solution.into_iter().map(|trial| turns::trial(trial, reading)).collect();
    let not_solutions = file.not_solution.into_iter().map(|trial| turns::trial(trial, reading)).collect();
    let flawed = file.flawed.into_iter().map(|run| turns::flawed(run, &turns_or_invariants, reading)).collect();
    Lesson {
        id: file.id.value,
        title: file.title,
        track: file.track,
        topology,
        covers,
        needs: file.needs.into_iter().map(|need| need.value).collect(),
        mistakes: file.mistakes.into_iter().map(|mistake| mistake.value).collect(),
        minutes: file.minutes,
        difficulty: file.difficulty.unwrap_or(1),
        variant_of: file.variant_of.map(|id| id.value),
        draw,
        draws: 1,
        events,
        clock: file.start.clock.map_or(0, |span| span.0),
        brief: tidy(&file.brief.text.value),
        show_goal: file.brief.show_goal,
        allow: file.brief.allow,
        mode: file.brief.mode,
        steps: file.step.into_iter().map(|step| steps::step(step, reading)).collect(),
        always: file.always.into_iter().filter_map(|always| steps::always(always, reading)).collect(),
        wrong_turns: file
            .wrong_turn
            .into_iter()
            .filter_map(|turn| turns::wrong_turn(turn, &always_ids, &quiz_ids, reading))
            .collect(),
        quizzes: file.quiz.into_iter().map(|quiz| steps::quiz(quiz, &step_ids, reading)).collect(),
        injects: file.inject.into_iter().filter_map(|inject| turns::inject(inject, reading)).collect(),
        scoring: file.score,
        solutions,
        not_solutions,
        flawed,
        hash,
    }
}

fn mistakes(mistake: &At<String>, reading: &mut Reading) {
    let number = mistake.value.strip_prefix('M').and_then(|number| number.parse::<usize>().ok());
    if !number.is_some_and(|number| (1..=MISTAKES).contains(&number)) {
        reading.error(&mistake.span, format!("`{}` is none of the mistakes M1 to M{MISTAKES}", mistake.value));
    }
}

/// A text of several lines as one paragraph; an empty line begins another.
pub(super) fn tidy(text: &str) -> String {
    let paragraphs = text.trim().split("\n\n");
    paragraphs.map(|part| part.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("\n\n")
}
