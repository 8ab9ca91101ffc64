//! The state in sentences: for a screen reader, and for a ticket. No colour, no columns, no drawing.

use super::differences::{differences, link_words, subnet_words};
use super::parties::endpoint_title;
use super::run::{clock_assumed, lasting};
use super::standing::{shown_links, standing};
use crate::history::{History, Revision};
use crate::network::explain_on;
use crate::topology::{AppIx, Command, RegionIx, Side, SiteIx, VmIx, VnetIx};
use crate::world::{Cards, World};

/// Where the reader stands in a plan.
#[derive(Debug, Clone, Copy)]
pub struct InPlan<'a> {
    /// The title of the plan.
    pub title: &'a str,
    /// How many of its steps are over.
    pub done: usize,
    /// How many of those were refused.
    pub refused: usize,
    /// How many steps it has.
    pub steps: usize,
    /// The next one.
    pub next: Option<&'a Command>,
}

/// A heading and the sentences under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// One sentence or a short run of them each.
    pub sentences: Vec<String>,
}

/// The state the reader stands on, in sentences.
pub fn describe(history: &History, plan: Option<InPlan>) -> Vec<Section> {
    let now = history.now();
    let world = &now.world;
    let all = [
        (world.topology().title.clone(), position(history, plan)),
        ("Regions and networks".to_owned(), networks(world)),
        ("Links".to_owned(), links(world)),
        ("Apps and machines".to_owned(), machines(world)),
        ("Who must talk".to_owned(), needs(history, now)),
        ("Changed since the start".to_owned(), changed(history)),
    ];
    let sections = all.into_iter().map(|(title, sentences)| Section { title, sentences });
    sections.filter(|section| !section.sentences.is_empty()).collect()
}

/// The same as plain text, wrapped, that any mail, ticket or screen reader takes.
pub fn text(sections: &[Section]) -> String {
    let mut out = String::new();
    for section in sections {
        if !out.is_empty() {
            out.push('\n');
        }
        out += &format!("{}\n", section.title);
        for sentence in &section.sentences {
            let options = textwrap::Options::new(100).initial_indent("- ").subsequent_indent("  ");
            // A name or an address is never broken at its hyphen or slash.
            let options = options.word_splitter(textwrap::WordSplitter::NoHyphenation);
            for line in textwrap::wrap(sentence, options.word_separator(textwrap::WordSeparator::AsciiSpace)) {
                out += &format!("{line}\n");
            }
        }
    }
    out
}

fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

fn joined(texts: impl IntoIterator<Item = impl ToString>) -> String {
    texts.into_iter().map(|text| text.to_string()).collect::<Vec<_>>().join(", ")
}

fn position(history: &History, plan: Option<InPlan>) -> Vec<String> {
    let now = history.now();
    let position = history.position();
    let clock = lasting(now.world.seconds(), clock_assumed(history, position));
    let name = &now.world.topology().name;
    let mut said = vec![match &now.step {
        None => format!("Topology {name} as its file declares it; nothing was done yet."),
        Some(step) => {
            let steps = counted(position, "step", "steps");
            format!("Topology {name} after {steps}, {clock} after the start. The last step: `{}`.", step.command)
        }
    }];
    let undone = history.revisions().len() - 1 - position;
    if undone > 0 {
        said.push(format!("{} that came later can be done again.", counted(undone, "step", "steps")));
    }
    if let Some(plan) = plan {
        let refused = match plan.refused {
            0 => String::new(),
            refused => format!(", {refused} of them refused"),
        };
        let next = plan.next.map(|next| format!("; next: `{next}`")).unwrap_or_default();
        said.push(format!("Plan \"{}\": {} of {} steps are over{refused}{next}.", plan.title, plan.done, plan.steps));
    }
    said
}

fn networks(world: &World) -> Vec<String> {
    let mut said = Vec::new();
    for at in (0..world.regions().len()).map(RegionIx::new) {
        let region = &world.regions()[at.at()];
        let side = match region.side {
            Side::Source => "source",
            Side::Recovery => "recovery",
        };
        let own = |vnet: &VnetIx| world.vnet(*vnet).region == at;
        let vnets: Vec<VnetIx> = (0..world.vnets().len()).map(VnetIx::new).filter(own).collect();
        let count = counted(vnets.len(), "VNet", "VNets");
        said.push(format!("{}, {side} region, is {}; it has {count}.", region.title, world.region_word(at)));
        said.extend(vnets.into_iter().map(|vnet| network(world, vnet)));
    }
    for site in (0..world.sites().len()).map(|at| world.site(SiteIx::new(at))) {
        said.push(format!("{}, on premises, has {}.", site.title, joined(&site.prefixes)));
    }
    said
}

fn network(world: &World, at: VnetIx) -> String {
    let vnet = world.vnet(at);
    let mut text = format!("{} has {}", vnet.title, joined(&vnet.address_space));
    let subnets: Vec<String> = vnet
        .subnets
        .iter()
        .map(|at| world.subnet(*at))
        .filter(|subnet| subnet.hosts_vms())
        .map(|subnet| format!("{} {}", subnet.title, subnet.prefix))
        .collect();
    if !subnets.is_empty() {
        text += &format!(" with {}", joined(subnets));
    }
    let gateways = joined(vnet.gateways.iter().map(|gateway| format!("{} {}", gateway.kind.title(), gateway.state)));
    if !gateways.is_empty() {
        text += &format!("; gateways: {gateways}");
    }
    let twins = joined(world.twins_of(at).map(|twin| world.vnet(twin).title.clone()));
    if !twins.is_empty() {
        text += &format!("; same address space as {twins}");
    }
    text + "."
}

fn links(world: &World) -> Vec<String> {
    let mut shown: Vec<_> = shown_links(world).map(|link| (standing(world, link), link)).collect();
    if shown.is_empty() {
        return vec!["There is no link.".to_owned()];
    }
    // What carries first, then what does not, each in the order of the file.
    shown.sort_by_key(|(standing, _)| *standing != super::standing::Standing::Carries);
    shown.into_iter().map(|(standing, link)| format!("{}, {}.", link_words(world, link), standing.word())).collect()
}

fn machines(world: &World) -> Vec<String> {
    let topology = world.topology();
    let mut said = Vec::new();
    let apps = (0..topology.apps.len()).map(|at| Some(AppIx::new(at))).chain([None]);
    let all: Vec<VmIx> = world.vms().map(|(vm, _)| vm).collect();
    for app in apps {
        let members: Vec<VmIx> = all.iter().copied().filter(|vm| world.app_of(*vm) == app).collect();
        if members.is_empty() {
            continue;
        }
        let running = members.iter().filter(|vm| world.runs(**vm)).count();
        let mut places: Vec<VnetIx> = members.iter().map(|vm| world.vnet_of(*vm)).collect();
        places.sort_unstable_by_key(|vnet| vnet.at());
        places.dedup();
        let places = places.iter().map(|vnet| {
            let vnet = world.vnet(*vnet);
            format!("{} ({})", vnet.title, world.region_title(vnet.region))
        });
        let name = app.map_or("What belongs to no app", |app| topology.apps[app.at()].title.as_str());
        let count = counted(members.len(), "machine", "machines");
        said.push(format!("{name}: {running} of {count} running, in {}.", joined(places)));
        said.extend(members.into_iter().map(|vm| machine(world, vm)));
    }
    said
}

fn machine(world: &World, vm: VmIx) -> String {
    let state = world.vm(vm);
    let declared = &world.topology().vms[vm.at()];
    let runs = if world.runs(vm) { "runs" } else { "does not run" };
    let at = format!("{} at {}", subnet_words(world, state.at.subnet), state.at.ip);
    let address = match world.retained(vm) {
        Some(true) => format!("; moved from {}, address kept", subnet_words(world, declared.subnet)),
        Some(false) => {
            format!("; moved from {}, address changed from {}", subnet_words(world, declared.subnet), declared.ip)
        }
        None => String::new(),
    };
    let mut text = format!("{} {runs} in {at}{address}", world.vm_id(vm));
    for card in world.cards(vm).into_iter().flat_map(Cards::iter) {
        let serves = match (card.at, card.v6) {
            (Some(at), _) => at.ip.to_string(),
            (None, Some(v6)) => v6.to_string(),
            (None, None) => "not carried".to_owned(),
        };
        let kept = match card.retained() {
            Some(true) => " (kept)",
            Some(false) => " (changed)",
            None => "",
        };
        text += &format!("; {}: {serves}{kept}", card.title());
    }
    text + &format!("; {}.", state.phase_words())
}

fn needs(history: &History, now: &Revision) -> Vec<String> {
    let world = &now.world;
    let topology = world.topology();
    let assumed = clock_assumed(history, history.position());
    let mut said = Vec::new();
    for (need, record) in topology.needs.iter().zip(&now.needs) {
        let port = need.port.map(|port| format!(" on port {port}")).unwrap_or_default();
        let pair = format!("{} and {}{port}", endpoint_title(topology, need.from), endpoint_title(topology, need.to));
        if record.met {
            said.push(format!("{pair} can talk."));
            continue;
        }
        let long = lasting(world.seconds().saturating_sub(record.since_seconds), assumed);
        let since = match record.since {
            0 => "since the start".to_owned(),
            step => format!("since step {step}, for {long}"),
        };
        let why = explain_on(world, &now.network, need.from, need.to, need.port);
        let mend: Vec<&Command> = why.blockers.iter().flat_map(|blocker| &blocker.mend).take(2).collect();
        let mend = match mend.is_empty() {
            true => String::new(),
            false => format!(" What would help: {}.", joined(mend.iter().map(|command| format!("`{command}`")))),
        };
        let message = why.message.trim_end_matches('.');
        said.push(format!("{pair} are cut off {since}: {message} ({}).{mend}", why.code));
    }
    said
}

fn changed(history: &History) -> Vec<String> {
    let position = history.position();
    let Some(start) = history.revisions().first().filter(|_| position > 0) else { return Vec::new() };
    let found = differences(start, history.now());
    if found.is_empty() {
        return vec!["Nothing differs from the start.".to_owned()];
    }
    // In words throughout: an arrow is read out as a sign, or not at all.
    let words = |text: &str| text.replace(" → ", " to ");
    found.into_iter().map(|difference| format!("{}: {}.", difference.group, words(&difference.text))).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::topology::builtin::BUILTINS;
    use crate::topology::load;

    fn after(name: &str, commands: &[&str]) -> History {
        let builtin = BUILTINS.iter().find(|builtin| builtin.name == name).expect("a built-in topology");
        let mut history = History::start(Arc::new(load::parse(name, builtin.text).expect("it stands")));
        for command in commands {
            history.run(&command.parse().expect(command));
        }
        history
    }

    #[test]
    fn the_start_of_the_isolated_app_in_sentences() {
        let history = after("azure-isolated-app", &[]);
        insta::assert_snapshot!(text(&describe(&history, None)));
    }

    #[test]
    fn a_half_done_failover_says_what_is_cut_off_why_and_what_changed() {
        let history = after("azure-isolated-app", &["disconnect source-2 azure", "fail-over app app2"]);
        let next: Command = "connect recovery-2 azure".parse().expect("a command");
        let plan = InPlan { title: "Failover of App2", done: 2, refused: 0, steps: 5, next: Some(&next) };
        insta::assert_snapshot!(text(&describe(&history, Some(plan))));
    }

    #[test]
    fn a_region_that_is_down_stops_its_machines_and_its_links() {
        let history = after("hybrid-full", &["outage east-asia"]);
        let said = text(&describe(&history, None));
        assert!(said.contains("is down") && said.contains("does not run in"), "{said}");
        assert!(
            said.contains("Links changed: ") && said.contains("blocked: an end is in a region that is down"),
            "{said}"
        );
    }

    #[test]
    fn no_description_needs_more_than_plain_letters_and_no_name_is_broken() {
        for builtin in BUILTINS {
            let history = after(builtin.name, &[]);
            let said = text(&describe(&history, None));
            assert!(said.lines().all(|line| line.chars().count() <= 100), "{said}");
            assert!(!said.contains(['│', '→', '✓', '\u{1b}']), "{said}");
            for (vm, _) in history.now().world.vms() {
                assert!(said.contains(history.now().world.vm_id(vm)), "{said}");
            }
        }
    }
}
