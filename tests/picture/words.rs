//! The labels of links in a frame: a kind word and a mark of the state, wherever no box stands.

use failscope::diagram::{Layout, Rect};

use super::glyphs::Weight;
use super::reader::Picture;

/// The state a label's mark stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mark {
    Connected,
    Pending,
    Half,
    Cut,
    Blocked,
    Planned,
}

/// A label as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub rect: Rect,
    /// The same without blanks at its ends.
    pub inked: Rect,
    /// The kind, unless the label is a mark alone.
    pub kind: Option<Weight>,
    pub mark: Mark,
}

const KINDS: [(&str, Weight); 6] = [
    ("VPN", Weight::Light),
    ("Peer", Weight::Double),
    ("ExpR", Weight::Heavy),
    ("V", Weight::Light),
    ("P", Weight::Double),
    ("E", Weight::Heavy),
];

const MARKS: [(&str, &str, Mark); 6] = [
    ("✓", "ok", Mark::Connected),
    ("…", "~~", Mark::Pending),
    ("◐", "1/", Mark::Half),
    ("✗", "xx", Mark::Cut),
    ("⊘", "!!", Mark::Blocked),
    ("○", "..", Mark::Planned),
];

/// Every label outside boxes and titles of regions.
pub fn find(picture: &Picture, layout: &Layout) -> Vec<Word> {
    let mut found = Vec::new();
    for (row, letters) in picture.rows.iter().enumerate() {
        let y = row as i32;
        let boxes = layout.boxes.iter().map(|boxed| boxed.rect).filter(|rect| (rect.y..=rect.bottom()).contains(&y));
        let titles = layout.frames.iter().map(|frame| frame.rect).filter(|rect| rect.y == y);
        let covered: Vec<Rect> = boxes.chain(titles).collect();
        let free = |x: usize| !covered.iter().any(|rect| rect.contains(x as i32, y));
        let mut x = 0;
        while x < letters.len() {
            match free(x).then(|| label(letters, x, picture.ascii)).flatten() {
                Some((width, kind, mark)) if free(x + width - 1) => {
                    let (before, after) = padding(letters, x, x + width, picture.ascii);
                    let rect = Rect { x: (x - before) as i32, y, width: (width + before + after) as i32, height: 1 };
                    let blank = |at: i32| letters.get(at as usize) == Some(&' ');
                    let (begin, end) =
                        (rect.x + i32::from(blank(rect.x)), rect.right() - i32::from(blank(rect.right())));
                    let inked = Rect { x: begin, width: end - begin + 1, ..rect };
                    found.push(Word { rect, inked, kind, mark });
                    x += width + after;
                }
                _ => x += 1,
            }
        }
    }
    found
}

/// The change mark, and the blanks a label in a line keeps at both ends, belong to it.
fn padding(letters: &[char], from: usize, to: usize, ascii: bool) -> (usize, usize) {
    // In ASCII a minus is a mark unless it goes on a line.
    let goes_on = from > 1 && matches!(letters[from - 2], '-' | '+');
    let mark = |letter: char| matches!(letter, ' ' | '+' | '−') || (ascii && letter == '-' && !goes_on);
    let before = usize::from(from > 0 && mark(letters[from - 1]));
    (before, usize::from(letters.get(to) == Some(&' ')))
}

fn starts(letters: &[char], at: usize, text: &str) -> Option<usize> {
    let length = text.chars().count();
    let here = letters.get(at..at + length)?;
    here.iter().copied().eq(text.chars()).then_some(length)
}

/// The label that begins at a cell: its cells, its kind and its state.
fn label(letters: &[char], at: usize, ascii: bool) -> Option<(usize, Option<Weight>, Mark)> {
    let kind = KINDS.iter().find_map(|(word, kind)| Some((starts(letters, at, word)?, Some(*kind))));
    let (mut length, kind) = kind.unwrap_or((0, None));
    let mark = |at: usize| {
        let marks = MARKS.iter().filter(|(_, _, mark)| kind.is_some() || !ascii || *mark != Mark::Planned);
        marks
            .into_iter()
            .find_map(|(own, plain, mark)| Some((starts(letters, at, if ascii { plain } else { own })?, *mark)))
    };
    let blank = usize::from(kind.is_some() && letters.get(at + length) == Some(&' '));
    let (cells, mark) = mark(at + length).or_else(|| mark(at + length + blank).map(|(n, m)| (n + blank, m)))?;
    length += cells;
    // The state as a word or two.
    if letters.get(at + length) == Some(&' ') && letters.get(at + length + 1).is_some_and(|l| l.is_ascii_lowercase()) {
        let rest = &letters[at + length + 1..];
        let lower = |at: usize| rest.get(at).is_some_and(|letter| letter.is_ascii_lowercase());
        let end = (0..).find(|nth| !(lower(*nth) || rest.get(*nth) == Some(&' ') && lower(nth + 1)));
        length += 1 + end.unwrap_or(0);
    }
    Some((length, kind, mark))
}
