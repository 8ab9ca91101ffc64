//! Links and gateways of a moment.

use super::naming::node_title;
use super::{Judged, Unmet, holds};
use crate::lesson::predicate::{GatewayIs, GatewayWord, LinkIs, LinkWord, Pair};
use crate::topology::{Command, GatewayKind, GatewayState, Link, LinkIx, LinkKind, LinkState};
use crate::world::{Refusal, World};

/// The links between two networks of which something is left.
fn between<'w>(world: &'w World, a: &str, b: &str, kind: Option<LinkKind>) -> Result<Vec<(LinkIx, &'w Link)>, Refusal> {
    let (a, b) = (world.node_named(a)?, world.node_named(b)?);
    let wanted = |link: &Link| link.joins(a, b) && kind.is_none_or(|kind| link.kind == kind);
    Ok(world.live_links().filter(|(_, link)| wanted(link)).collect())
}

fn titles(world: &World, a: &str, b: &str) -> String {
    format!("{} and {}", node_title(world, a), node_title(world, b))
}

pub(super) fn link(world: &World, is: &LinkIs) -> Judged {
    let found = between(world, &is.a, &is.b, is.kind)?;
    let word = is.state.unwrap_or(LinkWord::Connected);
    let fits = |at: LinkIx| match word {
        LinkWord::Connected => world.carries(at) && !world.is_shadowed(at),
        LinkWord::Down => !world.carries(at),
        LinkWord::Shadowed => world.is_shadowed(at),
    };
    if found.iter().any(|(at, _)| fits(*at)) {
        return Ok(());
    }
    let titles = titles(world, &is.a, &is.b);
    let kind = is.kind.map(|kind| format!(" by {}", kind.title())).unwrap_or_default();
    Err(match found.first() {
        None => {
            let fix = Command::Connect { a: is.a.clone(), b: is.b.clone(), kind: is.kind, circuit: None, bgp: false };
            Unmet::new(format!("{titles} are not linked{kind}.")).mended_by(Some(fix))
        }
        Some((at, link)) => {
            let shadow = if world.is_shadowed(*at) { ", and a peering takes its traffic" } else { "" };
            Unmet::new(format!("The link of {titles} is not {word}{kind}."))
                .shown_by(format!("it is {}{shadow}", link.state))
        }
    })
}

pub(super) fn no_link(world: &World, pair: &Pair) -> Judged {
    let found = between(world, &pair.a, &pair.b, pair.kind)?;
    match found.first() {
        None => Ok(()),
        Some((at, link)) => Err(Unmet::new(format!("{} are still linked.", titles(world, &pair.a, &pair.b)))
            .shown_by(format!("{}: {}", link.id, link.state))
            .mended_by(Some(world.disconnect_command(*at)))),
    }
}

pub(super) fn half_link(world: &World, pair: &Pair) -> Judged {
    let found = between(world, &pair.a, &pair.b, pair.kind)?;
    let half = found.iter().any(|(_, link)| link.is_half() || link.state == LinkState::Initiated);
    holds(half, || Unmet::new(format!("No half of a link is left between {}.", titles(world, &pair.a, &pair.b))))
}

pub(super) fn gateway(world: &World, is: &GatewayIs) -> Judged {
    let vnet = world.vnet_named(&is.net)?;
    let kind = is.kind.unwrap_or(GatewayKind::Vpn);
    let found = world.gateway(vnet, kind).map(|gateway| gateway.state);
    let title = &world.vnet(vnet).title;
    let word = is.state.unwrap_or(GatewayWord::Ready);
    let fits = match word {
        GatewayWord::Ready => found == Some(GatewayState::Ready),
        GatewayWord::Broken => found.is_some_and(|state| state != GatewayState::Ready),
        GatewayWord::None => found.is_none(),
    };
    holds(fits, || match (word, found) {
        (GatewayWord::Ready, None) => Unmet::new(format!("{title} has no {kind} gateway."))
            .mended_by(Some(Command::create_gateway(&is.net, kind))),
        (_, Some(state)) => Unmet::new(format!("The {kind} gateway of {title} is {state}.")),
        (_, None) => Unmet::new(format!("{title} has no {kind} gateway.")),
    })
}
