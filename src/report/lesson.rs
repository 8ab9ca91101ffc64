//! Lessons as text: the author's proof, the list of all, and what a learner has done.

use super::style::Tone;
use super::table::{Cell, Table, heading};
use crate::lesson::progress::{Progress, Record, Standing};
use crate::lesson::proof::Line;
use crate::lesson::protocol::{End, Protocol, Replay};
use crate::lesson::{Draw, Lesson};

/// Each check of a lesson in a line; `draw` of `draws` where its words are random.
pub fn proof(name: &str, draw: Draw, draws: usize, lines: &[Line]) -> String {
    let failed = lines.iter().filter(|line| !line.ok).count();
    let which = if draws > 1 { format!(" (draw {} of {draws})", draw.0 + 1) } else { String::new() };
    let verdict = match failed {
        0 => Tone::Good.paint("proved"),
        1 => Tone::Bad.paint("1 check fails"),
        _ => Tone::Bad.paint(&format!("{failed} checks fail")),
    };
    let mut text = format!("{}{which}: {verdict}\n", Tone::Strong.paint(name));
    for line in lines {
        let mark = if line.ok { Tone::Good.paint("✓") } else { Tone::Bad.paint("✗") };
        text.push_str(&format!("  {mark} {}\n", line.says));
    }
    text
}

/// Every lesson with its track and how long it takes.
pub fn shelf(lessons: &[Lesson]) -> String {
    let mut table = Table::titled(["lesson", "title", "track", "minutes"]);
    for lesson in lessons {
        let (track, minutes) = (lesson.track.to_string(), lesson.minutes.to_string());
        table.row([Cell::new(&*lesson.id, Tone::Strong), (&*lesson.title).into(), track.into(), minutes.into()]);
    }
    table.print(0)
}

/// Every lesson with its track and how the learner stands with it.
pub fn listed(lessons: &[Lesson], progress: &Progress) -> String {
    let mut table = Table::titled(["lesson", "title", "track", "minutes", "standing", "best"]);
    for lesson in lessons {
        let standing = progress.standing(lesson);
        let tone = match standing {
            Standing::Passed | Standing::Mastered => Tone::Good,
            Standing::Stale => Tone::Bad,
            Standing::New | Standing::Tried => Tone::Quiet,
        };
        table.row([
            Cell::new(&*lesson.id, Tone::Strong),
            (&*lesson.title).into(),
            lesson.track.to_string().into(),
            lesson.minutes.to_string().into(),
            Cell::new(standing.to_string(), tone),
            points(progress.record(&lesson.id).and_then(|record| record.best)).into(),
        ]);
    }
    table.print(0)
}

/// What was done with every lesson that was begun: those of the program with their standing, others as they are noted.
pub fn progress(lessons: &[Lesson], progress: &Progress) -> String {
    let mut table = Table::titled(["lesson", "standing", "begun", "best", "last", "on", "passed with"]);
    let standing = |id: &str, record: &Record| match lessons.iter().find(|lesson| lesson.id == id) {
        Some(lesson) => progress.standing(lesson).to_string(),
        None if record.passes.is_empty() => Standing::Tried.to_string(),
        None => Standing::Passed.to_string(),
    };
    let mut none = true;
    for (id, record) in progress.records() {
        none = false;
        let passes: Vec<String> =
            record.passes.iter().map(|pass| format!("draw {} on {}", pass.draw + 1, pass.day)).collect();
        table.row([
            Cell::new(id, Tone::Strong),
            standing(id, record).into(),
            record.attempts.to_string().into(),
            points(record.best).into(),
            points(record.last).into(),
            record.day.map(|day| day.to_string()).unwrap_or_default().into(),
            passes.join(", ").into(),
        ]);
    }
    match none {
        true => "No lesson was begun yet; `failscope learn` lists them.\n".to_owned(),
        false => table.print(0),
    }
}

/// The sessions, as (name, log), one in a line.
pub fn sessions<'a>(sessions: impl IntoIterator<Item = (&'a str, Result<&'a Protocol, &'a str>)>) -> String {
    let mut table = Table::titled(["session", "mode", "deeds", "ended"]);
    let mut none = true;
    for (name, protocol) in sessions {
        none = false;
        let name = Cell::new(name, Tone::Strong);
        match protocol {
            Ok(protocol) => {
                let ended = protocol.end.map_or("open".to_owned(), |end| match end {
                    End::Solved => "solved".to_owned(),
                    End::GivenUp => "given up".to_owned(),
                });
                table.row([
                    name,
                    protocol.opening.mode.to_string().into(),
                    protocol.deeds.len().to_string().into(),
                    ended.into(),
                ]);
            }
            Err(why) => table.row([name, Cell::new(format!("cannot be read: {why}"), Tone::Bad)]),
        }
    }
    if none { String::new() } else { heading("Sessions") + &table.print(0) }
}

fn points(points: Option<u32>) -> String {
    points.map_or("–".to_owned(), |points| points.to_string())
}

/// Whether a session came out the same when it was played again.
pub fn replayed(name: &str, protocol: &Protocol, replay: &Replay) -> String {
    let verdict = match replay.differences.len() {
        0 => Tone::Good.paint("comes out the same"),
        _ => Tone::Bad.paint("comes out otherwise"),
    };
    let mut text = format!("{}: {} deeds, {verdict}\n", Tone::Strong.paint(name), protocol.deeds.len());
    for difference in &replay.differences {
        text.push_str(&format!("  {} {difference}\n", Tone::Bad.paint("✗")));
    }
    let attempt = &replay.play.attempt;
    let stands = match (attempt.solved(), attempt.step()) {
        (true, _) => "solved".to_owned(),
        (false, Some((_, step))) => format!("at the step {}", step.id),
        (false, None) => "with questions open".to_owned(),
    };
    let points = attempt.score(&replay.play.history).map_or("no score".to_owned(), |score| {
        format!("{} points, {}", score.points, if score.passed { "passed" } else { "not passed" })
    });
    text.push_str(&format!("  {stands}, {points}\n"));
    text
}
