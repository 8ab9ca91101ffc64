//! What the characters of a frame say to somebody who sees nothing but the text: which way their strokes lead.

/// Up, down, left, right.
pub const DIRECTIONS: [(i32, i32); 4] = [(0, -1), (0, 1), (-1, 0), (1, 0)];
pub const UP: usize = 0;
pub const DOWN: usize = 1;
pub const LEFT: usize = 2;
pub const RIGHT: usize = 3;

/// The direction that leads back.
pub const fn back(direction: usize) -> usize {
    direction ^ 1
}

/// The stroke of a line: VPN light, peering double, ExpressRoute heavy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Weight {
    Light,
    Double,
    Heavy,
}

/// How a straight stroke is broken along its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dash {
    Solid,
    /// Two dashes to a cell, or every other cell.
    Pending,
    /// Three dashes to a cell, or every third cell.
    Cut,
    /// Dots.
    Planned,
}

/// The strokes that leave a cell: for each direction what it can be, if there is one. ASCII joins are of any weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strokes {
    pub arms: [Option<&'static [Weight]>; 4],
    /// Set for characters that say nothing but "a line runs here".
    pub dash: Option<Dash>,
}

const L: Option<&[Weight]> = Some(&[Weight::Light]);
const D: Option<&[Weight]> = Some(&[Weight::Double]);
const H: Option<&[Weight]> = Some(&[Weight::Heavy]);
const ANY: Option<&[Weight]> = Some(&[Weight::Light, Weight::Double, Weight::Heavy]);
const N: Option<&[Weight]> = None;

/// The strokes of a character; none for text and blanks.
pub fn strokes(symbol: char, ascii: bool) -> Option<Strokes> {
    let straight = |arms, dash| Some(Strokes { arms, dash: Some(dash) });
    let joint = |arms| Some(Strokes { arms, dash: None });
    let across = |weight| [N, N, weight, weight];
    let upright = |weight| [weight, weight, N, N];
    if ascii {
        return match symbol {
            '-' => straight(across(L), Dash::Solid),
            '|' => straight(upright(L), Dash::Solid),
            '=' => straight(across(D), Dash::Solid),
            '"' => straight(upright(D), Dash::Solid),
            '#' => straight([H; 4], Dash::Solid),
            '_' => straight(across(L), Dash::Pending),
            ';' => straight(upright(L), Dash::Pending),
            '%' => straight([H; 4], Dash::Pending),
            ',' => straight([H; 4], Dash::Cut),
            // Cut, and planned, which differ by the label.
            '.' => straight(across(ANY), Dash::Cut),
            ':' => straight(upright(ANY), Dash::Cut),
            '+' => joint([ANY; 4]),
            _ => None,
        };
    }
    match symbol {
        '─' => straight(across(L), Dash::Solid),
        '╌' => straight(across(L), Dash::Pending),
        '┄' => straight(across(L), Dash::Cut),
        '━' => straight(across(H), Dash::Solid),
        '╍' => straight(across(H), Dash::Pending),
        '┅' => straight(across(H), Dash::Cut),
        '═' => straight(across(D), Dash::Solid),
        '│' => straight(upright(L), Dash::Solid),
        '╎' => straight(upright(L), Dash::Pending),
        '┆' => straight(upright(L), Dash::Cut),
        '┃' => straight(upright(H), Dash::Solid),
        '╏' => straight(upright(H), Dash::Pending),
        '┇' => straight(upright(H), Dash::Cut),
        '║' => straight(upright(D), Dash::Solid),
        '·' => straight([ANY; 4], Dash::Planned),
        '┌' => joint([N, L, N, L]),
        '┐' => joint([N, L, L, N]),
        '└' => joint([L, N, N, L]),
        '┘' => joint([L, N, L, N]),
        '┏' => joint([N, H, N, H]),
        '┓' => joint([N, H, H, N]),
        '┗' => joint([H, N, N, H]),
        '┛' => joint([H, N, H, N]),
        '╔' => joint([N, D, N, D]),
        '╗' => joint([N, D, D, N]),
        '╚' => joint([D, N, N, D]),
        '╝' => joint([D, N, D, N]),
        '├' => joint([L, L, N, L]),
        '┤' => joint([L, L, L, N]),
        '┬' => joint([N, L, L, L]),
        '┴' => joint([L, N, L, L]),
        '┝' => joint([L, L, N, H]),
        '┥' => joint([L, L, H, N]),
        '┰' => joint([N, H, L, L]),
        '┸' => joint([H, N, L, L]),
        '╞' => joint([L, L, N, D]),
        '╡' => joint([L, L, D, N]),
        '╥' => joint([N, D, L, L]),
        '╨' => joint([D, N, L, L]),
        '┼' => joint([L; 4]),
        '╂' => joint([H, H, L, L]),
        '┿' => joint([L, L, H, H]),
        '╋' => joint([H; 4]),
        '╫' => joint([D, D, L, L]),
        '╪' => joint([L, L, D, D]),
        '╬' => joint([D; 4]),
        _ => None,
    }
}
