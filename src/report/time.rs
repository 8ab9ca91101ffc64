//! The recovery time of a plan, part by part (F23), as text.

use super::run::lasting;
use super::style::Tone;
use super::table::{Cell, Table, heading, sentence};
use crate::plan::Rto;
use crate::plan::rto::Part;
use crate::topology::timing::spoken;
use crate::world::World;

/// The parts, the whole, and the targets of the file.
pub fn rto(world: &World, rto: &Rto) -> String {
    let mut table = Table::bare();
    let mut row = |name: &str, part: Part, note: &str| {
        let assumed = part.assumed && part.seconds > 0;
        table.row([name.into(), lasting(part.seconds, assumed).into(), Cell::new(note, Tone::Quiet)]);
    };
    row("detect", rto.detect, "`detect` in [timing]");
    row("decide", rto.decide, "`decide`");
    let machines = span(rto.fail_over);
    let links = span(rto.connect);
    row("fail over and connect", rto.work, &format!("machines {machines}, gateways and links {links}"));
    row("re-route on premises", rto.routing, "after that");
    row("validate", rto.validate, "`validate`");
    row("in all", rto.total(), "");
    let mut out = heading("Recovery time, from the disaster on (F23)") + &table.print(2);
    if let Some(target) = rto.target {
        let (text, tone) = match rto.met() {
            Some(false) => (format!("✗ the target of {} is missed", spoken(target)), Tone::Bad),
            _ => (format!("✓ within the target of {}", spoken(target)), Tone::Good),
        };
        out += &sentence(&text, 2, tone);
    }
    for app in rto.apps.iter().filter(|app| app.target.is_some()) {
        let id = &world.topology().apps[app.app.at()].id;
        let target = app.target.unwrap_or_default();
        let (text, tone) = match app.seconds {
            Some(seconds) if seconds <= target => {
                (format!("✓ {id} is back after {}, within {}", spoken(seconds), spoken(target)), Tone::Good)
            }
            Some(seconds) => {
                (format!("✗ {id} is back after {}, later than {}", spoken(seconds), spoken(target)), Tone::Bad)
            }
            None => (format!("✗ {id} does not come back whole; it should after {}", spoken(target)), Tone::Bad),
        };
        out += &sentence(&text, 2, tone);
    }
    out + &sentence(
        "Site Recovery promises an hour for the machines alone (F1); a test failover measures them (E12).",
        2,
        Tone::Quiet,
    )
}

fn span(part: Part) -> String {
    if part.seconds == 0 { "none".to_owned() } else { spoken(part.seconds) }
}
