//! A frame as text, one line for each row, with ANSI sequences where colour is wanted; and as a picture.

mod cells;
mod html;
mod strokes;
mod svg;

use anstyle::{Ansi256Color, AnsiColor, Effects, RgbColor};
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

pub use html::html;
pub use svg::svg;

/// What a picture says about itself to whoever does not see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// What it shows, in a few words.
    pub title: String,
    /// What it shows, in a sentence or more.
    pub description: String,
}

/// A text as it stands in XML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push('\n'),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// The rows of a buffer as lines that end without spaces; styles become ANSI sequences, or are left out.
pub fn text(buffer: &Buffer, coloured: bool) -> String {
    let width = usize::from(buffer.area.width);
    if width == 0 {
        return String::new();
    }
    buffer.content.chunks(width).map(|row| if coloured { painted(row) } else { plain(row) } + "\n").collect()
}

/// The cells of a row that show something of their own; the second half of a wide character does not.
fn shown(row: &[Cell]) -> impl Iterator<Item = &Cell> {
    let mut covered = 0;
    row.iter().filter(move |cell| {
        let own = covered == 0;
        covered = if own { cell.symbol().width().saturating_sub(1) } else { covered - 1 };
        own
    })
}

fn plain(row: &[Cell]) -> String {
    shown(row).map(Cell::symbol).collect::<String>().trim_end().to_owned()
}

fn painted(row: &[Cell]) -> String {
    let (mut line, mut current) = (String::new(), anstyle::Style::new());
    let blank = |cell: &Cell| cell.symbol() == " " && style(cell) == anstyle::Style::new();
    let end = row.iter().rposition(|cell| !blank(cell)).map_or(0, |last| last + 1);
    for cell in shown(&row[..end]) {
        let next = style(cell);
        if next != current {
            line += &format!("{current:#}{next}");
            current = next;
        }
        line += cell.symbol();
    }
    line + &format!("{current:#}")
}

fn style(cell: &Cell) -> anstyle::Style {
    let effects = [
        (Modifier::BOLD, Effects::BOLD),
        (Modifier::DIM, Effects::DIMMED),
        (Modifier::ITALIC, Effects::ITALIC),
        (Modifier::UNDERLINED, Effects::UNDERLINE),
        (Modifier::REVERSED, Effects::INVERT),
        (Modifier::CROSSED_OUT, Effects::STRIKETHROUGH),
    ];
    let set = effects.into_iter().filter(|(modifier, _)| cell.modifier.contains(*modifier));
    let effects = set.fold(Effects::new(), |all, (_, effect)| all | effect);
    anstyle::Style::new().fg_color(colour(cell.fg)).bg_color(colour(cell.bg)).effects(effects)
}

/// The terminal's colour; none is the terminal's own default.
fn colour(colour: Color) -> Option<anstyle::Color> {
    let ansi = match colour {
        Color::Reset => return None,
        Color::Rgb(red, green, blue) => return Some(RgbColor(red, green, blue).into()),
        Color::Indexed(index) => return Some(Ansi256Color(index).into()),
        Color::Black => AnsiColor::Black,
        Color::Red => AnsiColor::Red,
        Color::Green => AnsiColor::Green,
        Color::Yellow => AnsiColor::Yellow,
        Color::Blue => AnsiColor::Blue,
        Color::Magenta => AnsiColor::Magenta,
        Color::Cyan => AnsiColor::Cyan,
        Color::Gray => AnsiColor::White,
        Color::DarkGray => AnsiColor::BrightBlack,
        Color::LightRed => AnsiColor::BrightRed,
        Color::LightGreen => AnsiColor::BrightGreen,
        Color::LightYellow => AnsiColor::BrightYellow,
        Color::LightBlue => AnsiColor::BrightBlue,
        Color::LightMagenta => AnsiColor::BrightMagenta,
        Color::LightCyan => AnsiColor::BrightCyan,
        Color::White => AnsiColor::BrightWhite,
    };
    Some(ansi.into())
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;
    use crate::ui::theme::Theme;

    fn sample() -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 2));
        buffer.set_string(0, 0, "ab", Style::new().fg(Color::Red).add_modifier(Modifier::BOLD));
        buffer.set_string(2, 0, "本c", Style::new());
        buffer
    }

    #[test]
    fn a_row_becomes_a_line_without_spaces_at_its_end() {
        assert_eq!(text(&sample(), false), "ab本c\n\n");
    }

    #[test]
    fn colour_adds_sequences_and_changes_no_character() {
        let painted = text(&sample(), true);
        assert!(painted.starts_with("\u{1b}[1m\u{1b}[31mab\u{1b}[0m"), "{painted:?}");
        assert_eq!(anstream::adapter::strip_str(&painted).to_string(), text(&sample(), false));
    }

    fn about() -> About {
        About { title: "A & B".to_owned(), description: "one < two".to_owned() }
    }

    #[test]
    fn pictures_and_pages_are_xml_that_names_itself_and_holds_the_text_of_every_row() {
        let mut buffer = sample();
        buffer.set_string(0, 1, "┌─<&>┐✓", Style::new());
        let theme = Theme::dark();
        for written in [svg(&buffer, &theme, &about()), html(&buffer, &theme, &about())] {
            let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
            let read = roxmltree::Document::parse_with_options(&written, options).expect("it is XML");
            let text: String =
                read.descendants().filter(|node| node.is_text()).filter_map(|node| node.text()).collect();
            for part in ["ab本c", "┌─", "<&>", "┐", "✓", "A & B"] {
                assert!(text.contains(part), "{part}\n{written}");
            }
            assert!(written.contains("one &lt; two"));
        }
    }

    #[test]
    fn every_run_of_a_picture_stands_on_the_grid() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
        buffer.set_string(0, 0, "a●b──本c", Style::new());
        let written = svg(&buffer, &Theme::dark(), &about());
        let read = roxmltree::Document::parse(&written).expect("it is XML");
        let spans = read.descendants().filter(|node| node.has_tag_name("tspan"));
        let places: Vec<(&str, &str, Option<&str>)> = spans
            .map(|span| {
                (span.text().unwrap_or_default(), span.attribute("x").unwrap_or_default(), span.attribute("textLength"))
            })
            .collect();
        // A cell is 8.4 pixels wide, and 8 are free at the left.
        assert_eq!(
            places,
            [
                ("a", "8", Some("8.4")),
                ("●", "16.4", None),
                ("b", "24.8", Some("8.4")),
                ("──", "33.2", Some("16.8")),
                ("本", "50", None),
                ("c", "66.8", Some("8.4")),
            ]
        );
    }

    #[test]
    fn lines_of_neighbours_are_one_stroke_across_cells_and_rows() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 3, 2));
        buffer.set_string(0, 0, "──┐", Style::new());
        buffer.set_string(0, 1, "  │", Style::new());
        let written = svg(&buffer, &Theme::dark(), &about());
        assert!(written.contains("d=\"M8 17H29M29 17V44\""), "{written}");
    }

    #[test]
    fn every_line_that_links_and_boxes_are_drawn_with_has_strokes() {
        let drawn = "─│╌╎┄┆━┃╍╏┅┇═║┌┐└┘├┤┬┴┼┏┓┗┛┝┥┰┸┿╂╋╔╗╚╝╞╡╥╨╪╫╬";
        for letter in drawn.chars() {
            assert!(strokes::strokes(letter).is_some(), "{letter}");
        }
    }

    #[test]
    fn a_frame_without_columns_is_empty() {
        assert_eq!(text(&Buffer::empty(Rect::new(0, 0, 0, 3)), true), "");
    }
}
