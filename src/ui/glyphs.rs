//! The two glyph sets: box drawing, and plain ASCII as a projection of the same picture.

/// The state of a link as a line shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Line {
    /// Declared, never made.
    Planned,
    /// Removed.
    Cut,
    /// Half of it is there.
    Half,
    /// Being made.
    Pending,
    /// Up.
    Connected,
    /// There, and yet it carries nothing: a region at its end is down, a peering shadows it, or something is broken.
    Blocked,
}

impl Line {
    /// The state in a word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Cut => "disconnected",
            Self::Half => "half",
            Self::Pending => "pending",
            Self::Connected => "connected",
            Self::Blocked => "blocked",
        }
    }
}

/// Which characters a terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    ascii: bool,
}

impl Glyphs {
    /// Box drawing and symbols, each one cell wide.
    pub const fn unicode() -> Self {
        Self { ascii: false }
    }

    /// Nothing but ASCII.
    pub const fn ascii() -> Self {
        Self { ascii: true }
    }

    /// Whether this is the ASCII set.
    pub const fn is_ascii(&self) -> bool {
        self.ascii
    }

    /// What the set shows for a character of the picture.
    pub fn project(&self, symbol: char) -> char {
        if !self.ascii || symbol.is_ascii() {
            return symbol;
        }
        match symbol {
            // Each dash has a sign of its own, so that kind and state of a line can be told without its label.
            '─' => '-',
            '│' => '|',
            '╌' => '_',
            '╎' => ';',
            '┄' => '.',
            '┆' => ':',
            // Heavy lines are ExpressRoute: the painter of regions takes `frame`, which is `@`, `-` and `!` here.
            '━' | '┃' => '#',
            '┏' | '┓' | '┗' | '┛' => '+',
            '╍' | '╏' => '%',
            '┅' | '┇' => ',',
            '·' => '.',
            '═' => '=',
            '║' => '"',
            '╪' | '╫' | '╬' | '┿' | '╋' | '╂' => '+',
            '┌' | '┐' | '└' | '┘' | '├' | '┤' | '┬' | '┴' | '┼' => '+',
            '╞' | '╡' | '╥' | '╨' | '┝' | '┥' | '┰' | '┸' | '╔' | '╗' | '╚' | '╝' => '+',
            '●' => '*',
            '◎' => '@',
            '◆' => '&',
            '◌' => 'o',
            '✗' => 'x',
            '○' => 'o',
            '−' => '-',
            '…' => '~',
            '→' => '>',
            '▶' => '>',
            '←' => '<',
            '↑' => '^',
            '↓' => 'v',
            '▌' => '|',
            '★' => '*',
            '□' | '☆' => '.',
            '◀' => '<',
            '▲' => '^',
            '▼' => 'v',
            '↔' => '=',
            '–' => '-',
            '↕' => '|',
            '≠' => '%',
            '✓' => 'v',
            '⊘' | '⚠' => '!',
            '█' | '▇' | '■' | '▓' => '#',
            '▒' => ':',
            '░' => '.',
            '▣' => 'H',
            '⌂' => '=',
            '◐' => '>',
            '◑' => '/',
            '\u{a0}' => ' ',
            '×' => 'x',
            '≈' => '~',
            '’' => '\'',
            'à'..='å' => 'a',
            'è'..='ë' => 'e',
            'ì'..='ï' => 'i',
            'ò'..='ö' => 'o',
            'ù'..='ü' => 'u',
            _ => '?',
        }
    }

    /// The border of a region: corners, horizontal, vertical.
    pub const fn frame(&self) -> [char; 6] {
        if self.ascii { ['@', '@', '@', '@', '-', '!'] } else { ['┏', '┓', '┗', '┛', '━', '┃'] }
    }

    /// The mark of a link in a state.
    pub const fn link_mark(&self, state: Line) -> &'static str {
        match (state, self.ascii) {
            (Line::Connected, false) => "✓",
            (Line::Connected, true) => "ok",
            (Line::Pending, false) => "…",
            (Line::Pending, true) => "~~",
            (Line::Half, false) => "◐",
            (Line::Half, true) => "1/",
            (Line::Cut, false) => "✗",
            (Line::Cut, true) => "xx",
            (Line::Blocked, false) => "⊘",
            (Line::Blocked, true) => "!!",
            (Line::Planned, false) => "○",
            (Line::Planned, true) => "..",
        }
    }
}
