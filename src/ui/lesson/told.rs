//! What came of a deed, in the panel: the wrong turn first, with its reason and where it is said.

use super::blocks;
use crate::app::learning::Learning;
use crate::app::{Action, App};
use crate::lesson::{Feedback, Offer, Severity, article, in_turn};
use crate::ui::doc::{Doc, piece};

/// Writes feedback; says what the last wrong turn offers.
pub(super) fn write(told: &[Feedback], app: &App, learning: &Learning, doc: &mut Doc<'_>) -> Option<Offer> {
    let theme = doc.theme;
    let mut offer = None;
    let points = |cost: u32| if cost > 0 { format!(" −{cost} points") } else { String::new() };
    for one in told {
        match one {
            Feedback::Turn { severity, say, why, offer: offered, cost, .. } => {
                let (mark, word, style) = match severity {
                    Severity::Coach => ("!", "Wait", theme.pending),
                    Severity::Penalty => ("✗", "Wrong turn", theme.blocked),
                    Severity::Fail => ("✗", "This fails the lesson", theme.blocked),
                };
                doc.row(vec![piece(format!("{mark} {word}"), style), piece(points(*cost), style)]);
                for block in blocks(say) {
                    doc.para(&block, theme.text);
                }
                if let Some(why) = why {
                    doc.para(&format!("({})", article::shown(why)), theme.dim);
                }
                offer = Some(*offered);
            }
            Feedback::Broken { label, because, fix, cost, .. } => {
                let text = format!("No longer true: {label}{}. {because}", points(*cost));
                doc.item("✗", theme.blocked, &text, theme.text);
                if !fix.is_empty() && learning.is_guided() {
                    doc.item(" ", theme.dim, &format!("would mend it: {}", in_turn(fix)), theme.dim);
                }
                offer = offer.or(Some(Offer::Undo));
            }
            Feedback::Refused { code, message } => {
                let own = if told.len() == 1 { theme.text } else { theme.dim };
                doc.item("⊘", theme.blocked, &format!("refused, {code}: {message}"), own);
                let mend = app.notice.as_ref().and_then(|notice| notice.mend.first());
                if let Some(mend) = mend.filter(|_| learning.is_guided()) {
                    let text =
                        format!("would help: `{mend}` ({} puts it into the prompt)", app.keymap.first(Action::Mend));
                    doc.item(" ", theme.dim, &text, theme.dim);
                }
            }
            Feedback::Closed { command } => {
                let open = &learning.lesson().allow;
                doc.item("⊘", theme.blocked, &format!("`{command}` is closed in this lesson."), theme.text);
                doc.para(&format!("Open here: {}", open.join(", ")), theme.dim);
            }
            Feedback::NoWayBack => {
                let text = "Undo ends here: what was there at the start, or came from outside, cannot be taken back.";
                doc.item("!", theme.pending, text, theme.text);
            }
            Feedback::Answered { right: true, shown, why, .. } => {
                let shown = shown.as_ref().map(|shown| format!(" {shown}.")).unwrap_or_default();
                doc.item("✓", theme.connected, &format!("Right.{shown}"), theme.title);
                why.iter().for_each(|why| doc.para(&blocks(why).join(" "), theme.text));
            }
            Feedback::Answered { shown: None, .. } => {
                doc.item("✗", theme.blocked, "Not right. Look at the board, and try once more.", theme.text);
            }
            Feedback::Answered { shown: Some(shown), why, .. } => {
                doc.item("✗", theme.blocked, &format!("Not right. The answer is {shown}."), theme.title);
                why.iter().for_each(|why| doc.para(&blocks(why).join(" "), theme.text));
            }
            Feedback::Injected { brief, .. } => {
                doc.row(vec![piece("▲ From outside", theme.changed)]);
                blocks(brief).iter().for_each(|block| doc.para(block, theme.text));
            }
            Feedback::Hint { text, cost } => {
                doc.row(vec![piece("Hint", theme.title), piece(points(*cost), theme.dim)]);
                doc.para(&blocks(text).join(" "), theme.text);
            }
            Feedback::NoHint => {
                let text = format!("No hint is left; {} shows the solution.", app.keymap.first(Action::ShowMe));
                doc.para(&text, theme.text);
            }
            Feedback::Reached { label } => doc.item("✓", theme.connected, label, theme.text),
            Feedback::Passed { .. } | Feedback::Solved => {}
        }
    }
    offer
}
