//! Why two parties reach each other or not: the path there and back, the routes that lost, and what would mend it.

use super::doc::{Doc, piece};
use crate::app::Session;
use crate::app::facts::endpoint_title;
use crate::app::trail::explanation;
use crate::network::{Hop, NextHop, Route, VerdictCode, WhyLost};
use crate::topology::{Endpoint, Node};
use crate::world::World;

/// Writes the explanation; a short one has the answer, its reason and what would mend it on its first rows.
pub fn write(from: Endpoint, to: Endpoint, session: &Session, short: bool, doc: &mut Doc) {
    let theme = doc.theme;
    let now = session.history.now();
    let topology = now.world.topology();
    let explanation = explanation(now, from, to);
    let fine = explanation.code == VerdictCode::Reachable;
    let style = if fine { theme.connected } else { theme.blocked };
    let mark = if fine { "✓" } else { "!" };
    let mut answer = vec![
        piece(format!("{} → {}", endpoint_title(topology, from), endpoint_title(topology, to)), theme.title),
        piece(format!("   {mark} {}", explanation.code), style),
    ];
    if let Some(mend) = explanation.blockers.iter().flat_map(|blocker| &blocker.mend).next().filter(|_| short) {
        answer.extend([piece("   mend: ", theme.dim), piece(mend.to_string(), theme.title)]);
    }
    doc.row(answer);
    if (explanation.from, explanation.to) != (from, to) && !short {
        let pair = format!(
            "shown for {} and {}",
            endpoint_title(topology, explanation.from),
            endpoint_title(topology, explanation.to)
        );
        doc.row(vec![piece(pair, theme.dim)]);
    }
    if !short {
        doc.gap();
    }
    doc.para(&explanation.message, theme.text);
    path("The way there", &explanation.forward, explanation.to, &now.world, doc);
    path("The way back", &explanation.back, explanation.from, &now.world, doc);
    if explanation.blockers.is_empty() {
        return;
    }
    doc.heading("What is in the way");
    for blocker in &explanation.blockers {
        doc.item("⊘", theme.blocked, &format!("{} ({})", blocker.message, blocker.code), theme.text);
        for command in &blocker.mend {
            doc.row(vec![piece("    mend: ", theme.dim), piece(command.to_string(), theme.title)]);
        }
    }
    doc.gap();
    if explanation.blockers.iter().any(|blocker| !blocker.mend.is_empty()) {
        doc.para(
            &session.keymap.told("{choose} puts the first command into the prompt, {swap} asks the other way round."),
            theme.dim,
        );
    }
}

/// What a network does with a packet for which it has no route of its own to tell.
fn without_route(hop: &Hop, to: Endpoint, world: &World) -> String {
    use crate::topology::overlap::Spaces;
    let (delivered, address) = match to {
        Endpoint::Site(site) => {
            let prefixes: Vec<String> = world.site(site).prefixes.iter().map(ToString::to_string).collect();
            (hop.at == Node::Site(site), prefixes.join(", "))
        }
        Endpoint::Vm(vm) => {
            let ip = world.vm(vm).at.ip;
            let own = hop.at.site().is_some() && world.space(hop.at).iter().any(|range| range.contains(&ip));
            (own, ip.to_string())
        }
        Endpoint::App(_) => (false, endpoint_title(world.topology(), to).to_owned()),
    };
    if delivered { "delivers it here".to_owned() } else { format!("has no usable route to {address}") }
}

fn path(title: &str, hops: &[Hop], to: Endpoint, world: &World, doc: &mut Doc) {
    let theme = doc.theme;
    if hops.is_empty() {
        return;
    }
    doc.heading(title);
    for (number, hop) in hops.iter().enumerate() {
        let at = hop.title(world);
        let decision = match &hop.route {
            None => without_route(hop, to, world),
            Some(route) if route.next_hop == NextHop::None => {
                format!("drops it: {} leads nowhere ({} route)", route.prefix, route.origin)
            }
            Some(route) => format!("{} ({} route)", taken(route, world), route.origin),
        };
        doc.item(&format!("{} {at}:", number + 1), theme.title, &decision, theme.text);
        // One line for each reason: a way over several networks must stay in sight.
        let mut reasons: Vec<WhyLost> = Vec::new();
        for loser in &hop.losers {
            if !reasons.contains(&loser.why) {
                reasons.push(loser.why);
            }
        }
        for why in reasons {
            let lost = hop.losers.iter().filter(|loser| loser.why == why);
            let routes: Vec<String> = lost.map(|loser| taken(&loser.route, world)).collect();
            doc.item("   ·", theme.dim, &format!("{} lost: {why}", routes.join(", ")), theme.dim);
        }
    }
}

/// What a route does: `10.1.0.0/16 by vnet-peering to Hub`.
fn taken(route: &Route, world: &World) -> String {
    let to = match (route.appliance, route.to) {
        (Some(ip), _) => format!(" to {ip}"),
        (None, Some(node)) => format!(" to {}", world.node_title(node)),
        (None, None) => String::new(),
    };
    if let Some(means) = route.means(world) {
        return format!("{} by {}{to} ({means})", route.prefix, route.next_hop);
    }
    format!("{} by {}{to}", route.prefix, route.next_hop)
}
