//! The connect sheet: what can join two networks, side by side.

use super::doc::{Doc, Piece, piece, wrap};
use crate::app::overlay::Compare;
use crate::app::{Session, naming};
use crate::plan::{LinkOption, spoils};
use crate::topology::LinkKind;
use crate::topology::timing::spoken;

/// Writes the sheet.
pub fn write(compare: &Compare, session: &Session, doc: &mut Doc) {
    let theme = doc.theme;
    let world = session.world();
    let ends = [compare.a, compare.b].map(|node| world.node_title(node));
    doc.row(vec![piece(format!("{} ─ {}", ends[0], ends[1]), theme.title)]);
    doc.para("← → marks a kind, enter makes the link, esc changes nothing.", theme.dim);
    doc.gap();
    let label = 18.min(doc.width / 4).max(2);
    let count = compare.options.len().max(1);
    let column = (doc.width.saturating_sub(label) / count).max(12).saturating_sub(2);
    let mut write_row = |name: &str, cells: Vec<(String, bool)>| {
        let broken: Vec<Vec<String>> = cells.iter().map(|(text, _)| wrap(text, column)).collect();
        let names = wrap(name, label - 1);
        let height = broken.iter().map(Vec::len).max().unwrap_or(0).max(names.len());
        for line in 0..height {
            let lead = names.get(line).map_or("", String::as_str);
            let mut pieces: Vec<Piece> = vec![piece(format!("{lead:<label$}"), theme.dim)];
            for (parts, (_, strong)) in broken.iter().zip(&cells) {
                let text = parts.get(line).map_or("", String::as_str);
                let pad = (column + 2).saturating_sub(unicode_width::UnicodeWidthStr::width(text));
                pieces.push(piece(text, if *strong { theme.title } else { theme.text }));
                pieces.push(piece(" ".repeat(pad), theme.text));
            }
            doc.row(pieces);
        }
    };
    let vpn = compare.options.iter().find(|option| option.kind == LinkKind::Vpn);
    let gateway_wait = vpn.map_or(0, |vpn| vpn.seconds.saturating_sub(vpn.warm_seconds));
    let mut row = |name: &str, cell: &dyn Fn(&LinkOption) -> String| {
        let cells = compare.options.iter().map(|option| (cell(option), Some(option.kind) == compare.at)).collect();
        write_row(name, cells);
    };
    row("", &|option| {
        let mark = if Some(option.kind) == compare.at { "▶ " } else { "  " };
        format!("{mark}{}", naming::capital(option.kind.title()))
    });
    row("now", &|option| match (&option.allowed, &option.with_gateways) {
        (Ok(()), _) => match spoils(world, option).as_slice() {
            [] => "✓ allowed".to_owned(),
            spoiled => format!("⚠ allowed, but: {}", spoiled.join("; ")),
        },
        (Err(_), Some(Ok(()))) => "allowed once the missing gateway is there".to_owned(),
        (Err(refusal), None | Some(Err(_))) => {
            let reason = option.with_gateways.as_ref().and_then(|with| with.as_ref().err()).unwrap_or(refusal);
            let mend: String = reason.mend.iter().map(|command| format!("\n:{command}")).collect();
            format!("⊘ {} ({}){mend}", reason.message, reason.code)
        }
    });
    row("like for like", &|option| match option.like_for_like {
        true => "yes: the kind of the link it replaces (F20)".to_owned(),
        false => "no".to_owned(),
    });
    row("needs", &|option| match option.gateways.as_slice() {
        [] => "no gateway".to_owned(),
        gateways => {
            let part = |gateway: &crate::plan::GatewayNeed| {
                let state = if gateway.present { "✓ present" } else { "○ missing" };
                format!("{} gateway in {}: {state}", gateway.kind.title(), world.vnet(gateway.vnet).title)
            };
            gateways.iter().map(part).collect::<Vec<_>>().join("\n")
        }
    });
    row("takes now", &|option| {
        let assumed = if option.assumed { " (assumed)" } else { "" };
        match option.saves {
            0 => format!("{}{assumed}", spoken(option.seconds)),
            saved => {
                let gateway = match gateway_wait {
                    0 => String::new(),
                    wait => format!(", {} of them for the missing gateway", spoken(wait)),
                };
                format!("{}{assumed}; saves {} against VPN{gateway}", spoken(option.seconds), spoken(saved))
            }
        }
    });
    row("warm / cold", &|option| match option.warm_seconds == option.cold_seconds {
        true => format!("{}: no gateway to wait for", spoken(option.warm_seconds)),
        false => format!("{} / {}", spoken(option.warm_seconds), spoken(option.cold_seconds)),
    });
    row("gateway hops", &|option| option.gateway_hops.to_string());
    row("public addresses", &|option| option.public_addresses.to_owned());
    row("limits", &|option| option.limits.join("\n"));
    row("charged", &|option| option.charged.join("\n"));
    row("command", &|option| option.command.to_string());
    let missing = compare.marked().map(|option| option.missing(world)).unwrap_or_default();
    if !missing.is_empty() {
        doc.heading("First");
        for command in missing {
            doc.row(vec![piece(command.to_string(), theme.title)]);
        }
    }
}
