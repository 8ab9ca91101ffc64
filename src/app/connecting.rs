//! Joining two networks and cutting what joins them: what can be chosen, and what speaks against it.

use super::chooser::{Chooser, Pick, Purpose, Row};
use super::choosing::{nodes, space};
use super::naming;
use super::overlay::{Compare, Overlay};
use super::{App, Tone};
use crate::plan::{LinkOption, options};
use crate::topology::{LinkKind, LinkState, Node};
use crate::world::{Refusal, World};

impl App {
    pub(super) fn choose_connection(&mut self) {
        let Some(session) = self.view() else { return };
        let world = session.world();
        let list = match session.node() {
            Some(from) => connect_to(world, from),
            None => {
                let row = |node: Node| Row::new(Pick::Node(node), world.node_title(node), space(world, node));
                Chooser::new(
                    "Connect which network?",
                    Purpose::ConnectFrom,
                    nodes(world).into_iter().map(row).collect(),
                )
            }
        };
        self.show_list(list);
    }

    pub(super) fn choose_link(&mut self) {
        let Some(session) = self.view() else { return };
        let world = session.world();
        let (title, links) = match (session.selection, session.node()) {
            (Some(crate::diagram::Item::Link(link)), _) if world.link(link).state != LinkState::Absent => {
                ("Cut this link?".to_owned(), vec![link])
            }
            (_, Some(node)) => {
                (format!("Cut which link of {}?", world.node_title(node)), naming::links_of(world, node))
            }
            _ => ("Cut which link?".to_owned(), world.live_links().map(|(at, _)| at).collect()),
        };
        let row = |link| {
            let command = world.disconnect_command(link).to_string();
            Row::new(Pick::Link(link), naming::link_title(world, link), command)
        };
        let list = Chooser::new(title, Purpose::Disconnect, links.into_iter().map(row).collect());
        self.show_list(list);
    }

    /// Opens the comparison of what can join two networks.
    pub(super) fn compare(&mut self, a: Node, b: Node) {
        let Some(session) = self.view() else { return };
        if a == b {
            self.tell(Tone::Plain, "a network needs no link to itself");
            return;
        }
        let found = options(session.world(), a, b);
        if found.is_empty() {
            self.tell(Tone::Plain, "no kind of link can join these two");
            return;
        }
        // The like-for-like kind where the rules take it, else whatever they take, perhaps with a gateway first.
        let taken = |option: &&LinkOption| option.allowed.is_ok();
        let in_reach = |option: &&LinkOption| matches!(option.with_gateways, Some(Ok(())));
        let like = || found.iter().filter(|option| option.like_for_like);
        let at = like().find(taken).or_else(|| like().find(in_reach)).or_else(|| found.iter().find(taken));
        let at = at.or_else(|| found.iter().find(in_reach)).or(found.first()).map(|option| option.kind);
        self.show(Overlay::Compare(Compare { a, b, options: found, at }));
    }

    /// After a refusal for want of a gateway, the commands that create it are offered too.
    pub(super) fn offer_gateways(&mut self, option: &LinkOption) {
        let missing = match (&self.session, &self.notice) {
            (Some(session), Some(notice)) if notice.tone == Tone::Bad && notice.mend.is_empty() => {
                option.missing(session.world())
            }
            _ => return,
        };
        if let Some(notice) = &mut self.notice {
            notice.mend = missing;
        }
    }
}

/// The kind that would be like for like, else the first, where a rule forbids it that no gateway mends.
fn in_the_way(found: &[LinkOption]) -> Option<(LinkKind, &Refusal)> {
    let option = found.iter().find(|option| option.like_for_like).or(found.first())?;
    let refusal = option.with_gateways.as_ref().unwrap_or(&option.allowed).as_ref().err()?;
    Some((option.kind, refusal))
}

/// The networks one can be joined to, each with what speaks for or against it.
pub(super) fn connect_to(world: &World, from: Node) -> Chooser {
    let joined = |other: Node| world.live_links().find(|(_, link)| link.joins(from, other)).map(|(_, link)| link.kind);
    let rows = nodes(world).into_iter().filter(|node| *node != from).map(|node| {
        let spaces = space(world, node);
        let found = options(world, from, node);
        let allowed = found.iter().any(|option| option.with_gateways.as_ref().unwrap_or(&option.allowed).is_ok());
        let reason = found.iter().find_map(|option| option.allowed.as_ref().err());
        let note = match (joined(node), allowed, reason) {
            (Some(kind), ..) => format!("{spaces} · joined by {}", kind.title()),
            (None, true, _) => match in_the_way(&found) {
                Some((kind, refusal)) => {
                    format!("{spaces} · not by {}: {}: {}", kind.title(), refusal.code, refusal.message)
                }
                None => spaces,
            },
            (None, false, Some(refusal)) => format!("{spaces} · {}: {}", refusal.code, refusal.message),
            (None, false, None) => format!("{spaces} · no kind of link can join them"),
        };
        Row { pick: Pick::Node(node), text: world.node_title(node).to_owned(), note, fine: allowed }
    });
    Chooser::new(format!("Connect {} to what?", world.node_title(from)), Purpose::ConnectTo(from), rows.collect())
}
