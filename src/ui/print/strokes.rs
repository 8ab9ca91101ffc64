//! The characters of box drawing as strokes, so that a picture joins them whatever its font does.

/// How heavy one arm of a character is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    None,
    Light,
    Heavy,
    Double,
}

/// What a character of box drawing is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Strokes {
    /// Up, down, left, right.
    pub arms: [Weight; 4],
    /// Into how many dashes a straight line is broken; 1 where it is whole.
    pub dashes: u8,
}

/// The characters with their arms up, down, left and right: `.` none, `l` light, `h` heavy, `d` double.
const ARMS: [(char, &str); 49] = [
    ('─', "..ll"),
    ('│', "ll.."),
    ('━', "..hh"),
    ('┃', "hh.."),
    ('═', "..dd"),
    ('║', "dd.."),
    ('┌', ".l.l"),
    ('┐', ".ll."),
    ('└', "l..l"),
    ('┘', "l.l."),
    ('├', "ll.l"),
    ('┤', "lll."),
    ('┬', ".lll"),
    ('┴', "l.ll"),
    ('┼', "llll"),
    ('┏', ".h.h"),
    ('┓', ".hh."),
    ('┗', "h..h"),
    ('┛', "h.h."),
    ('┝', "ll.h"),
    ('┥', "llh."),
    ('┰', ".hll"),
    ('┸', "h.ll"),
    ('┿', "llhh"),
    ('╂', "hhll"),
    ('╋', "hhhh"),
    ('╔', ".d.d"),
    ('╗', ".dd."),
    ('╚', "d..d"),
    ('╝', "d.d."),
    ('╞', "ll.d"),
    ('╡', "lld."),
    ('╥', ".dll"),
    ('╨', "d.ll"),
    ('╪', "lldd"),
    ('╫', "ddll"),
    ('╬', "dddd"),
    ('┣', "hh.h"),
    ('┫', "hhh."),
    ('╌', "..ll"),
    ('╎', "ll.."),
    ('┄', "..ll"),
    ('┆', "ll.."),
    ('╍', "..hh"),
    ('╏', "hh.."),
    ('┅', "..hh"),
    ('┇', "hh.."),
    ('╴', "..l."),
    ('╶', "...l"),
];

/// The strokes of a character; none if it is no box drawing.
pub(super) fn strokes(letter: char) -> Option<Strokes> {
    let (_, arms) = ARMS.iter().find(|(known, _)| *known == letter)?;
    let dashes = match letter {
        '╌' | '╎' | '╍' | '╏' => 2,
        '┄' | '┆' | '┅' | '┇' => 3,
        _ => 1,
    };
    let mut weights = [Weight::None; 4];
    for (weight, written) in weights.iter_mut().zip(arms.chars()) {
        *weight = match written {
            'l' => Weight::Light,
            'h' => Weight::Heavy,
            'd' => Weight::Double,
            _ => Weight::None,
        };
    }
    Some(Strokes { arms: weights, dashes })
}
