//! The article's lines: which of them a lesson can name, and where each is said in our own words.

/// The last line of the article.
pub const LAST_LINE: usize = 168;

/// Lines that hold content: every one of them is covered by a lesson (the matrix of `walkthroughs.md`, section 5). Headings
/// and pictures are left out.
pub const CONTENT: &[(usize, usize, &str)] = &[
    (16, 16, "An outage leads to a failover, and the way back comes later."),
    (18, 18, "The addresses in the target region may have to stay what they were."),
    (20, 20, "A static address is kept in the target region if it is free there."),
    (21, 21, "What is enough for a simple app is not always enough for a complex one."),
    (24, 27, "The examples: all in Azure, and hybrid."),
    (31, 31, "Company A runs everything in Azure."),
    (36, 36, "Any two regions can be source and target."),
    (40, 40, "The networks and subnets of both regions are identical."),
    (
        41,
        41,
        "Replica nodes live in a VNet of their own, because two networks with one address space cannot be joined.",
    ),
    (42, 56, "Company A before the failover: networks, subnets, the link, and verified target addresses."),
    (62, 62, "When the source region is out, everything fails over."),
    (64, 64, "Target addresses that are in place let the links be made by a plan."),
    (65, 65, "The links in the target region are made before, during or after the failover."),
    (66, 66, "A recovery plan says when."),
    (67, 67, "The link is a peering or a VPN."),
    (68, 68, "A peering needs no gateway and has limits of its own."),
    (69, 69, "They are priced differently; the kind of the source side brings the fewest surprises."),
    (77, 77, "An app, or a tier of it in a subnet, may have to fail over alone."),
    (79, 79, "A subnet that keeps its addresses loses its siblings."),
    (80, 80, "Better: other addresses, or a VNet for each app."),
    (82, 82, "Each app in its own VNet can fail over alone and keep its addresses."),
    (86, 105, "Company A with one VNet per app: networks, three tunnels, and gateways that are ready."),
    (111, 111, "Only the app that is affected is recovered."),
    (114, 114, "First the tunnels of the old App2 network are cut."),
    (115, 115, "Then the tunnels of the recovery network are made."),
    (116, 116, "Then the machines fail over."),
    (121, 121, "More apps work the same way; links are replaced like for like."),
    (122, 122, "Peering avoids public addresses and gateway hops."),
    (126, 142, "Company B: an on-premises datacenter, three subnets, and a gateway that is ready."),
    (150, 150, "Company B fails over all its resources."),
    (152, 153, "The text names a network that Company B does not have."),
    (154, 154, "The old connection to on-premises is cut before the new one is made."),
    (155, 155, "The routes on premises are pointed at the target region."),
    (161, 161, "With one address space and a live link to on-premises, one app alone cannot move."),
    (163, 164, "Each app in a VNet of its own can."),
    (168, 168, "Recovery plans put it all in order."),
];

/// What the article says at a line, in our own words.
pub fn gist(line: usize) -> Option<&'static str> {
    CONTENT.iter().find(|(first, last, _)| (*first..=*last).contains(&line)).map(|(_, _, gist)| *gist)
}

/// Lines written as `62` or `114-115`.
///
/// # Errors
/// What is wrong.
pub fn lines(text: &str) -> Result<(usize, usize), String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (first.trim().parse(), last.trim().parse()) {
        (Ok(first), Ok(last)) if 1 <= first && first <= last && last <= LAST_LINE => Ok((first, last)),
        (Ok(_), Ok(_)) => Err(format!("the article has the lines 1 to {LAST_LINE}, not {text}")),
        _ => Err(format!("`{text}` names no lines; write them like 62 or 114-115")),
    }
}

/// Where a reason comes from: `article:114-115`, or a rule like `rule:B7`.
///
/// # Errors
/// What is wrong.
pub fn source(text: &str) -> Result<(), String> {
    match text.split_once(':') {
        Some(("article", rest)) => lines(rest).map(|_| ()),
        Some(("rule", rule)) => {
            let (letter, number) = rule.split_at(rule.len().min(1));
            let known = matches!(letter, "A" | "B" | "C" | "D" | "E" | "F" | "G" | "H" | "I");
            let numbered = number.chars().next().is_some_and(|digit| digit.is_ascii_digit() || digit == '.');
            if known && numbered { Ok(()) } else { Err(format!("`{rule}` is no rule; write it like rule:B7")) }
        }
        _ => Err(format!("`{text}` names no source; write it like article:114 or rule:B7")),
    }
}

/// A source as the screen shows it.
pub fn shown(text: &str) -> String {
    match text.split_once(':') {
        Some(("article", lines)) if lines.contains('-') => format!("article, lines {lines}"),
        Some(("article", line)) => format!("article, line {line}"),
        Some((_, rule)) => format!("rule {rule}"),
        None => text.to_owned(),
    }
}
