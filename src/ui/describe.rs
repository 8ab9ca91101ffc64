//! The state in sentences, as a sheet to be read.

use super::doc::Doc;
use crate::app::Session;
use crate::report::describe::{InPlan, describe};

/// Writes the sheet.
pub fn write(session: &Session, doc: &mut Doc) {
    let theme = doc.theme;
    let history = &session.history;
    let plan = session.playback.as_ref().map(|playback| {
        let done = playback.done(history);
        InPlan {
            title: &playback.title,
            done,
            refused: playback.refused(history),
            steps: playback.steps.len(),
            next: playback.steps.get(done).map(|step| &step.command),
        }
    });
    let name = &session.world().topology().name;
    doc.para(&format!("As text to keep or to send: `failscope show {name} --describe --do …`"), theme.dim);
    for section in describe(history, plan) {
        doc.heading(section.title);
        for sentence in section.sentences {
            doc.item("-", theme.dim, &sentence, theme.text);
        }
    }
}
