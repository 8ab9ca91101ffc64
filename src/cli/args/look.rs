//! How a screen looks and behaves, as options.

use clap::{Args, ValueEnum};

/// How the explorer behaves.
#[derive(Debug, Clone, Copy, Args)]
pub struct Manner {
    /// Show changes at once instead of in stages; also as FAILSCOPE_REDUCED_MOTION or NO_ANIMATIONS
    #[arg(long)]
    pub reduced_motion: bool,

    /// Leave the mouse to the terminal
    #[arg(long)]
    pub no_mouse: bool,
}

/// How a screen looks.
#[derive(Debug, Clone, Args)]
pub struct Look {
    /// Draw with ASCII characters only
    #[arg(long)]
    pub ascii: bool,

    /// When to use colour; NO_COLOR is respected
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Color,

    /// The colours: dark, light, contrast, sixteen, none, a theme of your own, or the path of a theme file; also as
    /// FAILSCOPE_THEME
    #[arg(long, value_name = "NAME|FILE")]
    pub theme: Option<String>,

    /// How wide the terminal draws lines and marks: wide ones are drawn with ASCII, auto asks the terminal where the
    /// language is Chinese, Japanese or Korean
    #[arg(long, value_name = "WIDTH")]
    pub ambiguous_width: Option<Width>,
}

/// How wide a terminal draws characters that East Asian fonts draw wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Width {
    /// As the terminal says.
    Auto,
    /// One cell.
    Narrow,
    /// Two cells.
    Wide,
}

/// What a frame is written as.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Lines of text, with colours where --color and the terminal want them.
    #[default]
    Text,
    /// Lines of text with the colours of a terminal.
    Ansi,
    /// A picture whose text can be selected.
    Svg,
    /// A page.
    Html,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
