//! Questions: what the right answer is, computed by the model where it can be, and whether words mean it.

use super::content::{Answer, Quiz};
use super::format::{AnswerTable, EngineWord};
use super::judge::Moment;
use crate::network::{VerdictCode, explain};
use crate::plan::{Plan, Timing, derive};
use crate::topology::{Command, Node, Scope, VmIx};
use crate::world::{World, apply, assign, assign_test};

/// The right answer to a question at the moment it is asked: the words that all have to be said, in order where the order
/// counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Right {
    words: Vec<String>,
    ordered: bool,
}

impl Right {
    /// How it reads.
    pub fn shown(&self) -> String {
        self.words.join(if self.ordered { ", then " } else { ", " })
    }
}

/// The right answer at a moment.
///
/// # Errors
/// Why the model has no answer: a name it does not know, or a plan that cannot be derived.
pub fn right(quiz: &Quiz, moment: &Moment<'_>) -> Result<Right, String> {
    let plain = |words: Vec<String>, ordered| Ok(Right { words, ordered });
    match &quiz.answer {
        Answer::Text(text) => plain(vec![text.clone()], false),
        Answer::All(all) => plain(all.clone(), false),
        Answer::Order(all) => plain(all.clone(), true),
        Answer::Engine(word, asked) => plain(vec![ask(*word, asked, moment)?], false),
    }
}

/// Whether the words of a learner mean the right answer. Names are compared without spaces and case; a number or letter
/// stands for the choice it counts.
pub fn means(quiz: &Quiz, right: &Right, said: &str) -> bool {
    let said: Vec<String> = match right.words.len() {
        1 => vec![chosen(quiz, said)],
        _ => said.split([',', ';']).map(|part| chosen(quiz, part)).collect(),
    };
    let mut wanted: Vec<String> = right.words.iter().map(|word| plain(word)).collect();
    let mut said: Vec<String> = said.iter().map(|word| plain(word)).filter(|word| !word.is_empty()).collect();
    if !right.ordered {
        wanted.sort();
        said.sort();
    }
    wanted == said
}

/// The choice that a number or a letter counts, or the words themselves.
fn chosen(quiz: &Quiz, said: &str) -> String {
    let said = said.trim();
    let exact = quiz.choices.iter().any(|choice| plain(choice) == plain(said));
    let number = said.parse::<usize>().ok();
    let letter = said.chars().next().filter(|_| said.len() == 1).map(|letter| letter.to_ascii_lowercase());
    let at = number.or(letter.filter(char::is_ascii_lowercase).map(|letter| usize::from(letter as u8 - b'a') + 1));
    match at.and_then(|at| quiz.choices.get(at.checked_sub(1)?)).filter(|_| !exact) {
        Some(choice) => choice.clone(),
        None => said.to_owned(),
    }
}

fn plain(words: &str) -> String {
    words.to_lowercase().chars().filter(|letter| !letter.is_whitespace()).collect()
}

fn ask(word: EngineWord, asked: &AnswerTable, moment: &Moment<'_>) -> Result<String, String> {
    let world = moment.world();
    let needed = |value: &Option<String>, key: &str| {
        value.clone().ok_or_else(|| format!("the engine `{word}` needs the key `{key}`"))
    };
    let vm = || world.vm_named(&needed(&asked.vm, "vm")?).map_err(|refusal| refusal.message);
    let command = || -> Result<Command, String> {
        needed(&asked.command, "command")?.parse().map_err(|error: crate::topology::command::SyntaxError| error.0)
    };
    match word {
        EngineWord::PredictIp => first(assign(world, &[vm()?])).map(|assigned| assigned.to.ip.to_string()),
        EngineWord::PredictSubnet => {
            first(assign(world, &[vm()?])).map(|assigned| world.subnet(assigned.to.subnet).id.clone())
        }
        EngineWord::PredictTestIp => {
            let into = world.vnet_named(&needed(&asked.net, "net")?).map_err(|refusal| refusal.message)?;
            first(assign_test(world, &[vm()?], into)).map(|assigned| assigned.to.ip.to_string())
        }
        EngineWord::Address => Ok(world.vm(vm()?).at.ip.to_string()),
        EngineWord::Reaches | EngineWord::Verdict => {
            let party = |id: String| super::judge::party(world, &id);
            let (from, to) = (party(needed(&asked.from, "from")?)?, party(needed(&asked.to, "to")?)?);
            let code = explain(world, moment.network(), from, to).code;
            Ok(match word {
                EngineWord::Verdict => code.to_string(),
                _ if code == VerdictCode::Reachable => "yes".to_owned(),
                _ => "no".to_owned(),
            })
        }
        EngineWord::Refusal => {
            let outcome = apply(world, &command()?);
            Ok(outcome.err().map_or_else(|| "accepted".to_owned(), |refusal| refusal.code.to_string()))
        }
        EngineWord::Minutes => {
            let done = apply(world, &command()?).map_err(|refusal| refusal.message)?;
            Ok(minutes(done.seconds))
        }
        EngineWord::PlanMinutes => plan(world, asked).map(|plan| minutes(plan.seconds)),
        EngineWord::GapMinutes => {
            let party = |id: String| super::judge::party(world, &id);
            let (from, to) = (party(needed(&asked.from, "from")?)?, party(needed(&asked.to, "to")?)?);
            let plan = plan(world, asked)?;
            let need = world.topology().needs.iter().find(|need| (need.from, need.to) == (from, to));
            let need = need.ok_or("no need of the topology says that these two must talk")?;
            let gap = plan.gaps.iter().find(|gap| gap.need == *need);
            Ok(minutes(gap.map_or(0, |gap| gap.outage(plan.seconds))))
        }
        EngineWord::LinksCut => plan(world, asked).map(|plan| plan.cut.len().to_string()),
        EngineWord::LinksMade => plan(world, asked).map(|plan| plan.made.len().to_string()),
        EngineWord::MachinesMoved => plan(world, asked).map(|plan| plan.addresses.len().to_string()),
        EngineWord::LinksAt => {
            let node: Node = world.node_named(&needed(&asked.net, "net")?).map_err(|refusal| refusal.message)?;
            Ok(world.live_links().filter(|(_, link)| link.other(node).is_some()).count().to_string())
        }
    }
}

fn first(
    outcomes: Vec<(VmIx, Result<crate::world::Assigned, crate::world::Unassigned>)>,
) -> Result<crate::world::Assigned, String> {
    match outcomes.into_iter().next() {
        Some((_, outcome)) => outcome.map_err(|why| why.message),
        None => Err("nothing moves".to_owned()),
    }
}

fn plan(world: &World, asked: &AnswerTable) -> Result<Plan, String> {
    let scope = asked.scope.clone().ok_or("the engine needs the key `scope`")?;
    let command: Command = format!("fail-over {scope}").parse().map_err(|_| format!("`{scope}` is no scope"))?;
    let Command::FailOver { scope, .. } = command else { return Err("no scope".to_owned()) };
    let scope: Scope = scope;
    let timing = match &asked.timing {
        Some(word) => word.parse().map_err(|_| format!("`{word}` is none of before, during, after"))?,
        None => Timing::default(),
    };
    derive(world, &scope, timing).map_err(|refusal| refusal.message)
}

fn minutes(seconds: u64) -> String {
    seconds.div_ceil(60).to_string()
}
