//! Problems of a file as text: every one with file, line, column and the line itself.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use crate::topology::load::{LoadError, Problem};

/// The longest part of a line that is shown, in bytes; a file may be one line of many megabytes.
const MOST_SHOWN: usize = 160;

/// Every problem of a topology file, one after the other, as text without colour, or with it.
pub fn render(error: &LoadError, colour: bool) -> String {
    render_as(error, "topology", colour)
}

/// The same for a file that was to be something else.
pub fn render_as(error: &LoadError, what: &str, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() }.term_width(MOST_SHOWN + 40);
    let mut text: Vec<String> = error.problems.iter().map(|problem| one(&renderer, error, problem)).collect();
    let count = error.problems.len();
    let problems = if count == 1 { "1 problem".to_owned() } else { format!("{count} problems") };
    text.push(format!("{}: {problems}; this is no {what} yet\n", error.origin));
    text.join("\n\n")
}

fn one(renderer: &Renderer, error: &LoadError, problem: &Problem) -> String {
    let title = Level::ERROR.primary_title(problem.finding.message.as_str()).id(problem.finding.code.to_string());
    let position = problem.finding.position;
    let (line, column) = position.map_or((1, 1), |position| (position.line, position.column));
    let (shown, span) = window(&error.source, &problem.span);
    let snippet = Snippet::source(shown).line_start(line).annotation(AnnotationKind::Primary.span(span.clone()));
    // The renderer counts the column from what is shown, which is right unless the line was cut.
    if !shown.is_empty() && shown[..span.start].chars().count() + 1 == column {
        return renderer.render(&[title.element(snippet.path(error.origin.as_str()))]);
    }
    let origin = Origin::path(error.origin.as_str()).line(line).char_column(column);
    match shown.is_empty() {
        true => renderer.render(&[title.element(origin)]),
        false => renderer.render(&[title.element(origin).element(snippet)]),
    }
}

/// The line a span begins in, cut to what is worth showing, and the span within it.
fn window<'s>(source: &'s str, span: &Range<usize>) -> (&'s str, Range<usize>) {
    let before = &source[..span.start];
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let end = source[span.start..].find('\n').map_or(source.len(), |newline| span.start + newline);
    let boundary = |mut at: usize| {
        while !source.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let from = match end - start {
        0..=MOST_SHOWN => start,
        _ => boundary(start.max(span.start.saturating_sub(MOST_SHOWN / 2))),
    };
    let to = boundary(end.min(from + MOST_SHOWN)).max(span.start);
    let shown = source[from..to].trim_end_matches('\r');
    let inner = (span.start - from).min(shown.len())..(span.end.min(to) - from).min(shown.len());
    (shown, inner)
}
