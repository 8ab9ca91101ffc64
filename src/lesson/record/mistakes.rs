//! Commands that are wrong, as wrong turns with a demo, and as runs that come right all the same and must cost.

use super::Played;
use super::goals::Found;
use super::write::{fitting, quoted};
use crate::history::History;
use crate::topology::Command;

/// A mistake that was played from the start.
#[derive(Debug, Clone)]
pub(super) struct Mistake {
    /// The id of its wrong turn.
    pub id: String,
    /// The command.
    pub command: String,
    /// When the wrong turn is taken, as a file writes it.
    pub when: String,
    /// What the learner is told.
    pub say: String,
    /// How many steps back take it back; none where it was refused.
    pub undos: usize,
    /// Which of the invariants it breaks, by their place.
    pub breaks: Vec<usize>,
}

/// Plays every mistake from the start.
///
/// # Errors
/// A mistake that cannot be told from the solution.
pub(super) fn played(played: &Played<'_>, kept: &[Found]) -> Result<Vec<Mistake>, String> {
    let mut mistakes: Vec<Mistake> = Vec::new();
    for command in &played.recording.mistakes {
        let mut mistake = one(played, command, kept)?;
        let same = mistakes.iter().filter(|other| other.command == mistake.command).count();
        if same > 0 {
            return Err(format!("the mistake `{command}` is there twice"));
        }
        if mistakes.iter().any(|other| other.id == mistake.id) {
            mistake.id = format!("{}-{}", mistake.id, mistakes.len() + 1);
        }
        mistakes.push(mistake);
    }
    Ok(mistakes)
}

fn one(played: &Played<'_>, command: &Command, kept: &[Found]) -> Result<Mistake, String> {
    let mut history = History::from(played.start().clone());
    let refusal = history.run(command).into_iter().find_map(|part| part.outcome.err());
    let text = command.to_string();
    let breaks: Vec<usize> = kept
        .iter()
        .enumerate()
        .filter(|(_, goal)| (0..=history.position()).any(|at| !goal.holds(&history, at)))
        .map(|(place, _)| place)
        .collect();
    let undos = history.position();
    let (when, say) = match refusal {
        Some(refusal) => {
            let say = fitting(&format!("Refused: {}.", refusal.message.trim_end_matches('.')), 4);
            let code = refusal.code;
            let say = say.unwrap_or_else(|| format!("Refused; `failscope explain {code}` says why."));
            (format!("{{ refused = \"{code}\" }}"), say)
        }
        None => {
            let (when, first) = when(played, command)?;
            let mut say = match first {
                Some(goal) => format!("This is too early. First comes: {}.", goal.label),
                None => "This is not the way here.".to_owned(),
            };
            if let Some(lost) = breaks.first() {
                say.push_str(&format!(" Not true any more: {}.", kept[*lost].label));
            }
            (when, fitting(&say, 4).unwrap_or_else(|| "This is not the way here.".to_owned()))
        }
    };
    Ok(Mistake { id: slug(&text), command: text, when, say, undos, breaks })
}

/// When a command that is done is wrong: always, or as long as something is not true that the solution does before.
fn when<'p>(played: &'p Played<'_>, command: &Command) -> Result<(String, Option<&'p Found>), String> {
    let action = quoted(&command.to_string());
    let own = played.before(command);
    if own.is_empty() {
        return Ok((format!("{{ action = {action} }}"), None));
    }
    let goals = played.parts.iter().flat_map(|part| &part.goals);
    let before: Vec<&Found> = goals
        .filter(|goal| !goal.holds(played.history, 0) && own.iter().all(|at| goal.holds(played.history, *at)))
        .collect();
    let goal = before
        .last()
        .ok_or_else(|| format!("the mistake `{command}` is what the solution begins with; nothing tells them apart"))?;
    Ok((format!("{{ action = {action}, while = {{ not = {} }} }}", goal.is), Some(goal)))
}

/// A text as an id.
pub(super) fn slug(text: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    let dashed: String = text.chars().map(plain).collect();
    let words: Vec<&str> = dashed.split('-').filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "lesson".to_owned() } else { words.join("-") }
}
