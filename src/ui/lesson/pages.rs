//! The pages of the panel: the brief, a step with its goals, why they are open, a question, and the end.

use super::{Hint, blocks, hint, told};
use crate::app::action::{ACTIONS, Group, Keymap};
use crate::app::learning::{Card, Learning, Page, QuizRef};
use crate::app::{Action, App, Session};
use crate::lesson::{GoalState, Mode, Offer, article, in_turn};
use crate::ui::Look;
use crate::ui::doc::{Doc, piece};

/// The page shown now, with the keys that lead on.
pub(super) fn page<'a>(
    app: &App,
    learning: &Learning,
    session: &Session,
    look: &'a Look,
    width: u16,
) -> (Doc<'a>, Vec<Hint>) {
    let mut doc = Doc::new(width, &look.theme);
    let hints = match learning.page() {
        Page::Card(Card::Brief) => brief(learning, &mut doc),
        Page::Card(Card::Resumed(deeds)) => {
            let deeds = if *deeds == 1 { "1 deed is".to_owned() } else { format!("{deeds} deeds are") };
            doc.para(&format!("You take up where you left: {deeds} done again for you."), look.theme.text);
            vec![hint(Action::GoOn, "go on"), hint(Action::BeginAgain, "begin again")]
        }
        Page::Card(Card::Told(feedback)) => {
            let offer = told::write(feedback, app, learning, &mut doc);
            let mut hints = vec![hint(Action::GoOn, "go on")];
            match offer {
                Some(Offer::Undo) => hints.insert(0, hint(Action::Undo, "undo it")),
                Some(Offer::Hint) => hints.push(hint(Action::Hint, "hint")),
                _ => {}
            }
            hints
        }
        Page::Card(Card::Passed { step, hints, turns }) => passed(learning, (*step, *hints, *turns), &mut doc),
        Page::Step(at) => step(learning, session, at, &mut doc),
        Page::Missing(at) => missing(learning, session, at, &mut doc),
        Page::Question(asked) => question(&asked, &mut doc),
        Page::AskedToShow => {
            doc.para(
                "Show the solution? It is played from here, one deed at a time. The lesson is completed then, and has no \
                 score.",
                look.theme.text,
            );
            vec![hint(Action::ShowMe, "show it"), hint(Action::GoOn, "no, go on alone")]
        }
        Page::Showing(deed, at, of) => {
            doc.row(vec![piece(format!("The solution, {at} of {of}"), look.theme.dim)]);
            doc.row(vec![piece(deed.to_string(), look.theme.title)]);
            if let Some((at, _)) = learning.attempt.step() {
                doc.gap();
                goals(&learning.attempt.goals(at, &session.history), &mut doc);
            }
            vec![hint(Action::GoOn, "do it"), hint(Action::ShowMe, "do it")]
        }
        Page::End => end(learning, session, &mut doc),
    };
    (doc, hints)
}

fn para(text: &str, doc: &mut Doc<'_>) {
    for block in blocks(text) {
        doc.para(&block, doc.theme.text);
    }
}

/// Where a text comes from.
fn source(why: Option<&String>, doc: &mut Doc<'_>) {
    if let Some(why) = why {
        doc.para(&format!("({})", article::shown(why)), doc.theme.dim);
    }
}

fn brief(learning: &Learning, doc: &mut Doc<'_>) -> Vec<Hint> {
    let lesson = learning.lesson();
    for (at, block) in blocks(&lesson.brief).into_iter().enumerate() {
        if at > 0 {
            doc.gap();
        }
        doc.para(&block, doc.theme.text);
    }
    let other = match learning.attempt.mode {
        Mode::Guided => "as a challenge",
        Mode::Challenge => "guided",
    };
    let mut hints = vec![hint(Action::GoOn, "begin")];
    if learning.is_fresh() {
        hints.push(hint(Action::ChangeMode, other));
    }
    hints.push(hint(Action::PanelRoom, "panel"));
    hints.push(hint(Action::Quit, "lessons"));
    hints
}

fn goals(states: &[GoalState], doc: &mut Doc<'_>) {
    for state in states {
        let (mark, style) = match state.unmet {
            None => ("✓", doc.theme.connected),
            Some(_) => ("○", doc.theme.pending),
        };
        doc.item(mark, style, &state.label, doc.theme.text);
    }
}

fn step(learning: &Learning, session: &Session, at: usize, doc: &mut Doc<'_>) -> Vec<Hint> {
    let lesson = learning.lesson();
    let step = &lesson.steps[at];
    match learning.attempt.mode {
        Mode::Guided => {
            para(&step.say, doc);
            goals(&learning.attempt.goals(at, &session.history), doc);
            let keys = captions(&step.say, &session.keymap);
            if !keys.is_empty() {
                doc.para(&format!("keys: {}", keys.join(" · ")), doc.theme.dim);
            }
            source(step.why.as_ref(), doc);
        }
        Mode::Challenge => {
            let all = lesson.steps.iter().enumerate().filter(|(_, step)| !step.optional);
            let states: Vec<GoalState> = all.flat_map(|(at, _)| learning.attempt.goals(at, &session.history)).collect();
            goals(&states, doc);
        }
    }
    let mut hints = Vec::new();
    let left = step.hints.len().saturating_sub(learning.attempt.hints_given(at));
    match learning.attempt.questions().len() {
        0 => {}
        1 => hints.push(hint(Action::GoOn, "1 question")),
        many => hints.push(hint(Action::GoOn, format!("{many} questions"))),
    }
    if left > 0 {
        let costs = &lesson.scoring.cost;
        let cost = if left == 1 && step.hints.len() > 1 { costs.reveal } else { costs.hint };
        hints.push(hint(Action::Hint, format!("hint (−{cost})")));
    }
    hints.push(hint(Action::Missing, "what is missing"));
    if lesson.scoring.show_solution {
        hints.push(hint(Action::ShowMe, "show me"));
    }
    if session.history.position() > learning.attempt.floor() {
        hints.push(hint(Action::Undo, "undo"));
    }
    hints.push(hint(Action::GoBack, "read again"));
    hints
}

/// The keys of the actions that a text speaks of, from the table.
fn captions(text: &str, keymap: &Keymap) -> Vec<String> {
    let text = format!(" {} ", text.to_lowercase().replace(|letter: char| !letter.is_alphanumeric(), " "));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = format!(" {text} ");
    let says = |words: &str| text.contains(&format!(" {words} "));
    let groups = [Group::Failover, Group::Change, Group::Look];
    let spoken = |action: Action| -> &[&str] {
        match action {
            Action::Disconnect => &["cut", "disconnect"],
            Action::Connect => &["connect", "join"],
            Action::Inspect => &["inspect", "look at"],
            Action::Help => &["help"],
            Action::FailOverRegion => &["fail over the region", "fail over everything"],
            Action::CompareRuns => &["compare", "compared"],
            Action::Commit => &["commit"],
            Action::Mend | Action::Next | Action::Previous | Action::Play | Action::Command | Action::Plans => &[""],
            _ => &[],
        }
    };
    let mut found = Vec::new();
    for entry in ACTIONS.iter().filter(|entry| groups.contains(&entry.group) || entry.action == Action::Help) {
        let own = entry.name().replace('-', " ");
        let words = spoken(entry.action);
        if (words.is_empty() && says(&own)) || words.iter().any(|words| !words.is_empty() && says(words)) {
            found.push(format!("{} {own}", keymap.first(entry.action)));
        }
    }
    found
}

fn missing(learning: &Learning, session: &Session, at: usize, doc: &mut Doc<'_>) -> Vec<Hint> {
    let theme = doc.theme;
    for state in learning.attempt.goals(at, &session.history) {
        let Some(unmet) = &state.unmet else {
            doc.item("✓", theme.connected, &state.label, theme.text);
            continue;
        };
        doc.item("○", theme.pending, &state.label, theme.text);
        doc.item(" ", theme.dim, &unmet.because, theme.text);
        for evidence in &unmet.evidence {
            doc.item(" ", theme.dim, evidence, theme.dim);
        }
        if !unmet.fix.is_empty() && learning.is_guided() {
            doc.item(
                " ",
                theme.dim,
                &format!(
                    "would do it: {} ({} types a command)",
                    in_turn(&unmet.fix),
                    session.keymap.first(Action::Command)
                ),
                theme.dim,
            );
        }
    }
    vec![hint(Action::GoOn, "back to the step"), hint(Action::Hint, "hint")]
}

fn passed(learning: &Learning, (at, hints, turns): (usize, usize, usize), doc: &mut Doc<'_>) -> Vec<Hint> {
    let theme = doc.theme;
    let lesson = learning.lesson();
    let step = &lesson.steps[at];
    let counted = |count: usize, word: &str| match count {
        0 => format!("no {word}"),
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    };
    let how = format!("with {} and {}", counted(hints, "hint"), counted(turns, "wrong turn"));
    let done = format!("Step {} of {} is done", at + 1, lesson.steps.len());
    let mut title = vec![piece("✓ ", theme.connected), piece(done.clone(), theme.title)];
    // Beside the title where there is room, else below it.
    let beside = doc.width > done.len() + how.len() + 3;
    title.extend(beside.then(|| piece(format!(" {how}"), theme.dim)));
    doc.row(title);
    if !beside {
        doc.item(" ", theme.dim, &how, theme.dim);
    }
    for goal in &step.goals {
        doc.item("  ✓", theme.connected, &goal.label, theme.dim);
    }
    para(&step.after_say, doc);
    source(step.why.as_ref(), doc);
    let next = match (learning.attempt.solved(), learning.attempt.questions().is_empty()) {
        (true, _) => "what it came to",
        (false, true) => "the next step",
        (false, false) => "a question",
    };
    vec![hint(Action::GoOn, next), hint(Action::GoBack, "read again")]
}

fn question(asked: &QuizRef<'_>, doc: &mut Doc<'_>) -> Vec<Hint> {
    let theme = doc.theme;
    let quiz = asked.quiz;
    let place = if asked.of > 1 { format!("Question {} of {}: ", asked.at, asked.of) } else { "Question: ".to_owned() };
    doc.para(&format!("{place}{}", blocks(&quiz.ask).join(" ")), theme.title);
    for (at, choice) in quiz.choices.iter().enumerate() {
        doc.item(&format!("{}", at + 1), theme.title, choice, theme.text);
    }
    let several = quiz.wants_several();
    let hints = match (quiz.choices.len(), several) {
        (0, _) => vec![hint(Action::Answer, "type the answer")],
        (count, false) => vec![Hint { key: format!("1-{count}"), does: "answer".to_owned() }],
        (_, true) => vec![hint(Action::Answer, "type the answers, as 1, 3")],
    };
    if several {
        doc.para("More than one: their numbers with commas between, in order where order matters.", theme.dim);
    }
    hints.into_iter().chain([hint(Action::GoOn, "on without answering")]).collect()
}

fn end(learning: &Learning, session: &Session, doc: &mut Doc<'_>) -> Vec<Hint> {
    let theme = doc.theme;
    super::debrief::verdict(learning, session, doc);
    super::debrief::costs(learning, session, doc);
    doc.para("The map is yours now: try what you like, nothing counts any more.", theme.dim);
    vec![
        hint(Action::GoOn, "next lesson"),
        hint(Action::Missing, "debrief"),
        hint(Action::BeginAgain, "again"),
        hint(Action::Quit, "lessons"),
    ]
}
