//! Whether the texts of a lesson can be read where they are shown, and say what they should.

use super::Line;
use crate::lesson::content::Lesson;
use crate::lesson::{Deed, article};

/// No text is wider than this, in columns: what the panel leaves at 80 columns.
const WIDEST: usize = 72;
/// A sentence of more words is hard to follow.
const MOST_WORDS: usize = 32;

/// How many rows each kind of text may take at 80x24.
const ROWS: [(&str, usize); 5] = [("brief", 9), ("say", 5), ("after-say", 5), ("hint", 3), ("wrong turn", 4)];

pub(super) fn check(lesson: &Lesson, lines: &mut Vec<Line>) {
    let before = lines.len();
    for (kind, place, text) in texts(lesson) {
        let most = ROWS.iter().find(|(known, _)| *known == kind).map_or(4, |(_, rows)| *rows);
        let rows = textwrap::wrap(text, WIDEST).len();
        if rows > most {
            lines.push(Line::bad(format!(
                "the {kind} of {place} takes {rows} rows of {WIDEST} columns; at most {most} fit"
            )));
        }
        if let Some(long) =
            text.split(['.', '?', '!', ':', ';']).find(|part| part.split_whitespace().count() > MOST_WORDS)
        {
            let start: Vec<&str> = long.split_whitespace().take(5).collect();
            lines.push(Line::bad(format!("the {kind} of {place} has a long sentence: \"{} …\"", start.join(" "))));
        }
    }
    for (step, goal) in lesson.goals() {
        if goal.label.chars().count() > WIDEST - 4 {
            lines.push(Line::bad(format!("the goal \"{}\" of step {} is wider than its row", goal.label, step.id)));
        }
    }
    hints(lesson, lines);
    for (first, last) in &lesson.covers {
        if !(*first..=*last).any(|line| article::gist(line).is_some()) {
            lines.push(Line::bad(format!("lines {first}-{last} of the article hold nothing to cover")));
        }
    }
    if lines.len() == before {
        lines.push(Line::good(format!("{} texts fit and read well", texts(lesson).len())));
    }
}

/// The last hint may say it all; those before it must not.
fn hints(lesson: &Lesson, lines: &mut Vec<Line>) {
    let commands: Vec<String> = lesson
        .solutions
        .iter()
        .flat_map(|solution| &solution.deeds)
        .filter(|deed| matches!(deed, Deed::Do(_)))
        .map(ToString::to_string)
        .collect();
    for step in &lesson.steps {
        let early = step.hints.split_last().map_or(&[][..], |(_, early)| early);
        for hint in early.iter().filter(|hint| commands.iter().any(|command| hint.contains(command.as_str()))) {
            lines.push(Line::bad(format!("a hint of step {} gives the command away too early: {hint}", step.id)));
        }
    }
}

/// Every text of a lesson with its kind and place.
fn texts(lesson: &Lesson) -> Vec<(&'static str, &str, &str)> {
    let mut texts = vec![("brief", lesson.id.as_str(), lesson.brief.as_str())];
    for step in &lesson.steps {
        texts.push(("say", &step.id, &step.say));
        texts.push(("after-say", &step.id, &step.after_say));
        texts.extend(step.hints.iter().map(|hint| ("hint", step.id.as_str(), hint.as_str())));
    }
    texts.extend(lesson.wrong_turns.iter().map(|turn| ("wrong turn", turn.id.as_str(), turn.say.as_str())));
    texts.extend(lesson.quizzes.iter().flat_map(|quiz| {
        [("question", quiz.id.as_str(), quiz.ask.as_str()), ("reason", quiz.id.as_str(), quiz.why.as_str())]
    }));
    texts.extend(lesson.injects.iter().map(|inject| ("inject", inject.id.as_str(), inject.brief.as_str())));
    texts.retain(|(_, _, text)| !text.is_empty());
    texts
}
