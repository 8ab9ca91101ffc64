//! An exercise that was ended or broken off, as Markdown: what was done and what it came to, what it cost, how long who was
//! cut off, how things stand, what all this assumes, and what was not tried.

use std::fmt::Write;

use super::catalogue;
use super::run::findings;
use crate::history::{Revision, Step};
use crate::lesson::protocol::{End, Protocol, Replay};
use crate::lesson::{Attempt, Deed, Feedback, Inject, Lesson, article, parts};
use crate::plan::gaps::gaps;
use crate::plan::schedule::Scheduled;
use crate::topology::Command;
use crate::topology::timing::{Basis, spoken};

/// The whole report of an attempt that was played again from its log.
pub fn exercise(protocol: &Protocol, replay: &Replay) -> String {
    let report = Report { protocol, replay, lesson: replay.play.attempt.lesson(), attempt: &replay.play.attempt };
    let parts = [
        report.head(),
        report.score(),
        report.deeds(),
        report.timeline(),
        report.outages(),
        report.findings(),
        report.assumptions(),
        report.not_tried(),
    ];
    parts.join("\n")
}

struct Report<'a> {
    protocol: &'a Protocol,
    replay: &'a Replay,
    lesson: &'a Lesson,
    attempt: &'a Attempt,
}

/// A heading with what stands below it, or that nothing does.
fn section(title: &str, body: &str, nothing: &str) -> String {
    let body = if body.is_empty() { format!("{nothing}\n") } else { body.to_owned() };
    format!("## {title}\n\n{body}")
}

/// A text that does not end a cell of a table or a line of a list.
fn inline(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

impl Report<'_> {
    /// The revisions that stand at the end, from the one the learner began at.
    fn revisions(&self) -> &[Revision] {
        let history = &self.replay.play.history;
        &history.revisions()[..=history.position()]
    }

    /// The steps that stand at the end.
    fn steps(&self) -> impl Iterator<Item = &Step> {
        self.revisions().iter().filter_map(|revision| revision.step.as_ref())
    }

    /// World seconds since the learner began.
    fn since(&self, seconds: u64) -> u64 {
        seconds.saturating_sub(self.revisions().first().map_or(0, |revision| revision.world.seconds()))
    }

    fn head(&self) -> String {
        let Protocol { opening, end, .. } = self.protocol;
        let mut out = format!("# {}\n\n", inline(&self.lesson.title));
        let draw = opening.draw + 1;
        let _ = writeln!(
            out,
            "- Lesson: `{}`, track {}, draw {draw}, {} mode",
            self.lesson.id, self.lesson.track, opening.mode
        );
        let _ = writeln!(out, "- Topology: `{}`, {}", self.lesson.topology.name, inline(&self.lesson.topology.title));
        let _ = writeln!(out, "- Begun: {}, failscope {}", inline(&opening.began), opening.program);
        let ended = match (self.attempt.solved(), end) {
            (true, _) => "solved".to_owned(),
            (false, Some(End::GivenUp)) => format!("given up{}", self.place()),
            (false, _) => format!("broken off{}", self.place()),
        };
        let _ = writeln!(out, "- Ended: {ended}");
        let taken = self.attempt.marks(&self.replay.play.history).seconds;
        let _ = writeln!(out, "- Time on the world's clock: {}", spoken(taken));
        for difference in &self.replay.differences {
            let _ = writeln!(out, "- **Played again, it does not come out the same**: {}", inline(difference));
        }
        out
    }

    /// Where a learner is who has not come to the end.
    fn place(&self) -> String {
        self.attempt.step().map(|(_, step)| format!(" in the step `{}`", step.id)).unwrap_or_default()
    }

    fn score(&self) -> String {
        let history = &self.replay.play.history;
        let marks = self.attempt.marks(history);
        let mut out = match self.attempt.score(history) {
            None => "The solution was shown, so there is no score.\n\n".to_owned(),
            Some(score) => {
                let passed = if score.passed { "passed" } else { "not passed" };
                let time = match score.in_time {
                    Some(true) => ", within the target time",
                    Some(false) => ", later than the target time",
                    None => "",
                };
                let of =
                    format!("**{} of 100 points**, {passed} ({} are needed)", score.points, self.lesson.scoring.pass);
                format!("{of}{time}.\n\n")
            }
        };
        for part in parts(self.lesson, &marks) {
            let _ = writeln!(out, "- {}: {} of {}", part.name, part.got, part.of);
        }
        let _ = writeln!(out, "- Actions: {}; a good run has {}", marks.actions, self.lesson.par());
        for (what, cost) in &marks.costs {
            let _ = writeln!(out, "- −{cost}: {}", self.cost_words(what));
        }
        if marks.failed {
            out.push_str("- A turn was taken that fails the exercise\n");
        }
        for (at, step) in self.lesson.steps.iter().enumerate().filter(|(at, _)| !self.attempt.is_passed(*at)) {
            for goal in self.attempt.goals(at, history) {
                if let Some(unmet) = goal.unmet {
                    let optional = if step.optional { " (optional)" } else { "" };
                    let _ = writeln!(out, "- Open{optional}: {}. {}", inline(&goal.label), inline(&unmet.because));
                }
            }
        }
        section("Score", &out, "")
    }

    /// What something that cost points was.
    fn cost_words(&self, what: &str) -> String {
        let always = self.lesson.always.iter().find(|always| always.id == what);
        let turn = self.lesson.wrong_turns.iter().find(|turn| turn.id == what);
        match (always, turn) {
            (Some(always), _) => format!("no longer true: {}", inline(&always.label)),
            (None, Some(turn)) => format!("wrong turn `{}`{}", turn.id, mistake(turn.mistake.as_ref())),
            (None, None) => inline(what),
        }
    }

    fn deeds(&self) -> String {
        let mut out = String::new();
        for (at, (logged, told)) in self.protocol.deeds.iter().zip(&self.replay.told).enumerate() {
            let outcome = match &logged.refused {
                Some(code) => format!("refused (`{code}`)"),
                None => format!("at {}", spoken(logged.seconds)),
            };
            let _ = writeln!(out, "{}. `{}`: {outcome}", at + 1, inline(&logged.deed.to_string()));
            for line in told.iter().filter_map(|feedback| self.told(feedback)) {
                let _ = writeln!(out, "   - {line}");
            }
        }
        section("Protocol", &out, "Nothing was done.")
    }

    /// What a feedback says in the protocol.
    fn told(&self, feedback: &Feedback) -> Option<String> {
        Some(match feedback {
            Feedback::Reached { label } => format!("Reached: {}", inline(label)),
            Feedback::Passed { step, .. } => format!("Step `{step}` passed"),
            Feedback::Turn { id, say, why, cost, .. } => {
                let turn = self.lesson.wrong_turns.iter().find(|turn| turn.id == *id);
                let mistake = mistake(turn.and_then(|turn| turn.mistake.as_ref()));
                let source = why.as_ref().map(|why| format!(" ({})", article::shown(why))).unwrap_or_default();
                format!("Wrong turn `{id}`{mistake}{}: {}{source}", paid(*cost), inline(say))
            }
            Feedback::Broken { label, because, cost, .. } => {
                format!("No longer true: {}{}. {}", inline(label), paid(*cost), inline(because))
            }
            Feedback::Refused { message, .. } => format!("Refused: {}", inline(message)),
            Feedback::Closed { command } => format!("`{command}` is closed in this lesson"),
            Feedback::NoWayBack => "There is no way back from here".to_owned(),
            Feedback::Answered { right, shown, .. } => match (right, shown) {
                (true, _) => "Right".to_owned(),
                (false, Some(shown)) => format!("Wrong; right is {}", inline(shown)),
                (false, None) => "Wrong".to_owned(),
            },
            Feedback::Injected { id, .. } => self.injected(self.lesson.injects.iter().find(|inject| inject.id == *id)?),
            Feedback::Hint { text, cost } => format!("Hint{}: {}", paid(*cost), inline(text)),
            Feedback::NoHint => "No hint was left".to_owned(),
            Feedback::Solved => "**Solved**".to_owned(),
        })
    }

    fn injected(&self, inject: &Inject) -> String {
        let mut text = format!("From outside, `{}` (`{}`): {}", inject.id, inject.event, inline(&inject.brief));
        if !inject.expect.is_empty() {
            let _ = write!(text, "\n   - Expected: {}", inline(&inject.expect));
        }
        if !inject.note.is_empty() {
            let _ = write!(text, "\n   - To talk about: {}", inline(&inject.note));
        }
        text
    }

    /// Whether a command came from outside.
    fn is_inject(&self, command: &Command) -> bool {
        let fired = |inject: &&Inject| self.attempt.has_happened(&inject.id);
        self.lesson.injects.iter().filter(fired).any(|inject| inject.event == *command)
    }

    fn timeline(&self) -> String {
        let mut rows = String::new();
        for step in self.steps() {
            let who = if self.is_inject(&step.command) { " (from outside)" } else { "" };
            let (start, end) = (spoken(self.since(step.started)), spoken(self.since(step.finished)));
            let command = inline(&step.command.to_string());
            let _ = writeln!(rows, "| {start} | {end} | `{command}`{who} | {} |", step.changes.len());
        }
        let head = "| from | to | what | changes |\n|---|---|---|---|\n";
        let body = if rows.is_empty() {
            rows
        } else {
            format!("What stands at the end; what was undone is in the protocol.\n\n{head}{rows}")
        };
        section("Timeline", &body, "Nothing happened that lasted.")
    }

    fn outages(&self) -> String {
        let Some(first) = self.revisions().first() else { return String::new() };
        let placed: Vec<Scheduled> = self
            .steps()
            .map(|step| Scheduled {
                command: step.command.clone(),
                group: 0,
                start: self.since(step.started),
                seconds: step.finished.saturating_sub(step.started),
                basis: step.basis,
                refused: None,
                critical: false,
            })
            .collect();
        let topology = self.lesson.topology.as_ref();
        let end = self.since(self.replay.play.history.now().world.seconds());
        let found = gaps(&first.world, &placed);
        let mut rows = String::new();
        for need in &topology.needs {
            let who = format!("{} ↔ {}", topology.endpoint_id(need.from), topology.endpoint_id(need.to));
            let port = need.port.map(|port| format!(" on port {port}")).unwrap_or_default();
            let gap = found.iter().find(|gap| gap.need == *need);
            let (length, when) = match gap {
                None => ("none".to_owned(), String::new()),
                Some(gap) => {
                    let until = |until: Option<u64>| until.map_or("still so at the end".to_owned(), spoken);
                    let times: Vec<String> = gap
                        .losses
                        .iter()
                        .map(|loss| format!("{} – {}", spoken(loss.from), until(loss.until)))
                        .collect();
                    (spoken(gap.cut_off(end)), times.join(", "))
                }
            };
            let _ = writeln!(rows, "| {who}{port} | {length} | {when} |");
        }
        let head = "| who must talk | cut off for | from – to |\n|---|---|---|\n";
        let body = if rows.is_empty() { rows } else { format!("{head}{rows}") };
        section("Outage", &body, "The topology names nobody who must talk.")
    }

    fn findings(&self) -> String {
        let found = findings(&self.replay.play.history.now().world);
        let lines: Vec<String> = found
            .iter()
            .map(|finding| format!("- {} `{}`: {}\n", finding.severity, finding.code, inline(&finding.message)))
            .collect();
        section("Findings at the end", &lines.concat(), "The model finds nothing.")
    }

    fn assumptions(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        let mut add = |line: String| {
            if !lines.contains(&line) {
                lines.push(line);
            }
        };
        for step in self.steps() {
            let verb = step.command.to_string();
            let verb = verb.split_whitespace().next().unwrap_or_default();
            let seconds = step.finished.saturating_sub(step.started);
            match step.basis {
                Some(Basis::Assumed) => add(format!("- `{verb}` takes {}: assumed, without a source", spoken(seconds))),
                Some(Basis::Declared) => add(format!("- `{verb}` takes {}: the topology says so", spoken(seconds))),
                Some(Basis::Documented) | None => {}
            }
        }
        let refused = self.replay.told.iter().flatten().filter_map(|one| match one {
            Feedback::Refused { code, message } => Some((code.clone(), message.clone())),
            _ => None,
        });
        let found = findings(&self.replay.play.history.now().world);
        let found = found.into_iter().map(|finding| (finding.code.to_string(), finding.message));
        for (code, message) in refused.chain(found) {
            let sources = catalogue::find(&code).unwrap_or_default().into_iter().map(|entry| entry.meaning.source);
            let sources: Vec<&str> = sources.collect();
            if message.contains("modelled") || sources.iter().any(|source| source.contains("modelled")) {
                add(format!("- `{code}` is modelled: {}", inline(&sources.join(" "))));
            }
        }
        let texts = [self.lesson.brief.as_str(), self.lesson.topology.about.as_str()];
        if texts.iter().any(|text| inline(text).contains("sample data")) {
            add("- VM names and addresses are sample data".to_owned());
        }
        add("- Nothing here ran in a cloud: states, times and reachability are those of the model".to_owned());
        section("Assumptions", &(lines.join("\n") + "\n"), "")
    }

    fn not_tried(&self) -> String {
        let mut out = String::new();
        for turn in self.lesson.wrong_turns.iter().filter(|turn| !self.attempt.turns().contains(&turn.id)) {
            let _ =
                writeln!(out, "- Wrong turn `{}`{}: {}", turn.id, mistake(turn.mistake.as_ref()), inline(&turn.say));
        }
        for (at, step) in self.lesson.steps.iter().enumerate() {
            let (given, all) = (self.attempt.hints_given(at), step.hints.len());
            if given < all {
                let _ = writeln!(out, "- Hints of step `{}`: {} of {all} not asked for", step.id, all - given);
            }
        }
        for inject in self.lesson.injects.iter().filter(|inject| !self.attempt.has_happened(&inject.id)) {
            let _ = writeln!(out, "- Inject `{}` did not happen: {}", inject.id, inline(&inject.brief));
        }
        let answered = |id: &str| {
            let deeds = self.protocol.deeds.iter();
            deeds.into_iter().any(|logged| matches!(&logged.deed, Deed::Answer(quiz, _) if quiz == id))
        };
        for quiz in self.lesson.quizzes.iter().filter(|quiz| !answered(&quiz.id)) {
            let _ = writeln!(out, "- Question `{}`: {}", quiz.id, inline(&quiz.ask));
        }
        let done: Vec<String> = self.steps().map(|step| step.command.to_string()).collect();
        for solution in &self.lesson.solutions {
            let commands: Vec<String> =
                solution.deeds.iter().filter(|deed| matches!(deed, Deed::Do(_))).map(ToString::to_string).collect();
            // Whoever did all of it in this order, with more between, has gone this way.
            let mut rest = done.iter();
            if !commands.iter().all(|command| rest.any(|done| done == command)) {
                let way: Vec<String> = commands.iter().map(|command| format!("`{}`", inline(command))).collect();
                let _ = writeln!(out, "- Another way, \"{}\": {}", inline(&solution.name), way.join(", "));
            }
        }
        section("Not tried", &out, "Everything this exercise has was tried.")
    }
}

/// A mistake's number, where a wrong turn recognises one.
fn mistake(number: Option<&String>) -> String {
    number.map(|number| format!(" ({number})")).unwrap_or_default()
}

fn paid(cost: u32) -> String {
    if cost == 0 { String::new() } else { format!(" (−{cost})") }
}
