//! How the screen looks: decided from what the call asks for, what the reader set, and what the terminal says of itself.

use super::settings::{Config, ConfigError, Settings};
use crate::ui::Look;
use crate::ui::glyphs::Glyphs;
use crate::ui::theme::{Depth, Theme};

/// How wide the terminal draws characters that East Asian fonts draw wide, such as lines, `●` and `…`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AmbiguousWidth {
    /// The terminal is asked where the language makes wide ones likely.
    #[default]
    Auto,
    /// One cell.
    Narrow,
    /// Two cells: only ASCII keeps boxes whole then.
    Wide,
}

/// What a call asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// A theme by name or path.
    pub theme: Option<String>,
    /// Whether only ASCII is drawn.
    pub ascii: bool,
    /// Whether colours are used; without a choice the environment decides.
    pub color: Option<bool>,
    /// How wide ambiguous characters are; as the reader set it where the call does not say.
    pub ambiguous_width: Option<AmbiguousWidth>,
}

/// What the environment says of the terminal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// `NO_COLOR`, <https://no-color.org>.
    pub no_color: Option<String>,
    /// `TERM`.
    pub term: Option<String>,
    /// `COLORTERM`.
    pub colorterm: Option<String>,
    /// `COLORFGBG`: the numbers of the foreground and the background, as rxvt and others set it.
    pub colorfgbg: Option<String>,
    /// `FAILSCOPE_THEME`.
    pub theme: Option<String>,
    /// The language of the terminal: `LC_ALL`, else `LC_CTYPE`, else `LANG`.
    pub language: Option<String>,
    /// `FAILSCOPE_REDUCED_MOTION` or `NO_ANIMATIONS` is set: changes are shown at once.
    pub reduced_motion: bool,
}

impl Environment {
    /// That of this program.
    pub fn of_process() -> Self {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            no_color: set("NO_COLOR"),
            term: set("TERM"),
            colorterm: set("COLORTERM"),
            colorfgbg: set("COLORFGBG"),
            theme: set("FAILSCOPE_THEME"),
            language: set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG")),
            reduced_motion: set("FAILSCOPE_REDUCED_MOTION").or_else(|| set("NO_ANIMATIONS")).is_some(),
        }
    }

    fn is_dumb(&self) -> bool {
        self.term.as_deref() == Some("dumb")
    }

    /// How many colours are used. `color` is what the call asks for, which wins over `NO_COLOR`.
    pub fn depth(&self, color: Option<bool>) -> Depth {
        let term = self.term.as_deref().unwrap_or_default();
        let says = |word: &str| self.colorterm.as_deref().is_some_and(|value| value.contains(word));
        if !color.unwrap_or(self.no_color.is_none() && !self.is_dumb()) {
            Depth::None
        } else if says("truecolor") || says("24bit") || term.ends_with("-direct") {
            Depth::Full
        } else if term.contains("256color") {
            Depth::Indexed
        } else {
            Depth::Sixteen
        }
    }

    /// Whether the terminal says that its ground is light. Most say nothing; asking one that does not answer would make
    /// everybody wait.
    pub fn is_light(&self) -> bool {
        // `foreground;background`, or with a word between them; 7 and 15 are the light ones of the sixteen.
        let ground = self.colorfgbg.as_deref().and_then(|value| value.rsplit(';').next());
        matches!(ground, Some("7" | "15"))
    }

    /// Whether the language is one whose fonts draw ambiguous characters wide, so that asking the terminal is worth it.
    fn may_be_wide(&self) -> bool {
        let language = self.language.as_deref().unwrap_or_default();
        ["zh", "ja", "ko"].iter().any(|wide| language.starts_with(wide))
    }

    /// The theme to use: of the call, of the environment, of the settings, or what fits the ground.
    fn theme<'a>(&'a self, wish: &'a Wish, settings: &'a Settings) -> &'a str {
        let chosen = wish.theme.as_deref().or(self.theme.as_deref()).or(settings.theme.as_deref());
        chosen.unwrap_or(if self.is_light() { "light" } else { "dark" })
    }
}

/// How the screen looks now, and what is needed to change it while it is shown.
#[derive(Debug, Clone)]
pub struct Appearance {
    /// Colours and characters.
    pub look: Look,
    /// The name of the theme.
    pub theme: String,
    /// How many colours are used.
    depth: Depth,
    config: Config,
    /// Whether the terminal is to be asked how wide it draws.
    pub asks_width: bool,
}

impl Appearance {
    /// How a screen of this user looks in this environment.
    ///
    /// # Errors
    /// There is no such theme, or it has problems.
    pub fn new(
        wish: &Wish,
        environment: &Environment,
        config: Config,
        settings: &Settings,
    ) -> Result<Self, ConfigError> {
        let depth = environment.depth(wish.color);
        let theme = environment.theme(wish, settings).to_owned();
        let chosen = config.theme(&theme)?;
        let width = wish.ambiguous_width.unwrap_or(settings.ambiguous_width);
        let ascii = wish.ascii || settings.ascii || environment.is_dumb() || width == AmbiguousWidth::Wide;
        let glyphs = if ascii { Glyphs::ascii() } else { Glyphs::unicode() };
        let asks_width = !ascii && width == AmbiguousWidth::Auto && environment.may_be_wide();
        Ok(Self { look: Look { theme: chosen.at(depth), glyphs }, theme, depth, config, asks_width })
    }

    /// Takes another theme.
    ///
    /// # Errors
    /// There is no such theme, or it has problems; nothing changes then.
    pub fn take(&mut self, theme: &str) -> Result<(), ConfigError> {
        self.look.theme = self.config.theme(theme)?.at(self.depth);
        theme.clone_into(&mut self.theme);
        Ok(())
    }

    /// Draws with ASCII from now on.
    pub fn use_ascii(&mut self) {
        self.look.glyphs = Glyphs::ascii();
    }

    /// The themes that can be taken by name.
    pub fn themes(&self) -> Vec<String> {
        self.config.themes()
    }

    /// The theme in all its colours, for pictures, which no terminal shows.
    ///
    /// # Errors
    /// As [`Self::take`].
    pub fn in_full(&self) -> Result<Theme, ConfigError> {
        self.config.theme(&self.theme)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(term: &str, colorterm: &str, no_color: bool) -> Environment {
        let set = |value: &str| (!value.is_empty()).then(|| value.to_owned());
        Environment {
            term: set(term),
            colorterm: set(colorterm),
            no_color: no_color.then(|| "1".to_owned()),
            ..Environment::default()
        }
    }

    #[test]
    fn the_terminal_says_how_many_colours_there_are_and_the_call_has_the_last_word() {
        for (term, colorterm, no_color, asked, depth) in [
            ("xterm-256color", "truecolor", false, None, Depth::Full),
            ("xterm", "24bit", false, None, Depth::Full),
            ("xterm-direct", "", false, None, Depth::Full),
            ("xterm-256color", "", false, None, Depth::Indexed),
            ("screen-256color", "1", false, None, Depth::Indexed),
            ("linux", "", false, None, Depth::Sixteen),
            ("", "", false, None, Depth::Sixteen),
            ("dumb", "truecolor", false, None, Depth::None),
            ("xterm-256color", "truecolor", true, None, Depth::None),
            ("xterm-256color", "truecolor", true, Some(true), Depth::Full),
            ("dumb", "", false, Some(true), Depth::Sixteen),
            ("xterm-256color", "truecolor", false, Some(false), Depth::None),
        ] {
            assert_eq!(environment(term, colorterm, no_color).depth(asked), depth, "{term} {colorterm} {asked:?}");
        }
    }

    #[test]
    fn the_ground_is_dark_unless_the_terminal_says_otherwise() {
        for (value, light) in
            [("0;15", true), ("0;default;15", true), ("0;7", true), ("15;0", false), ("15;default", false), ("", false)]
        {
            let environment = Environment { colorfgbg: Some(value.to_owned()), ..Environment::default() };
            assert_eq!(environment.is_light(), light, "{value}");
        }
    }

    #[test]
    fn the_theme_is_that_of_the_call_then_of_the_environment_then_of_the_settings_then_what_fits_the_ground() {
        let named = |name: &str| Some(name.to_owned());
        let mut wish = Wish { theme: named("none"), ..Wish::default() };
        let mut environment =
            Environment { theme: named("sixteen"), colorfgbg: named("0;15"), ..Environment::default() };
        let mut settings = Settings { theme: named("contrast"), ..Settings::default() };
        assert_eq!(environment.theme(&wish, &settings), "none");
        wish.theme = None;
        assert_eq!(environment.theme(&wish, &settings), "sixteen");
        environment.theme = None;
        assert_eq!(environment.theme(&wish, &settings), "contrast");
        settings.theme = None;
        assert_eq!(environment.theme(&wish, &settings), "light");
        environment.colorfgbg = None;
        assert_eq!(environment.theme(&wish, &settings), "dark");
    }

    #[test]
    fn wide_and_dumb_terminals_get_ascii_and_only_east_asian_languages_are_asked() {
        let look = |width: AmbiguousWidth, term: &str, language: &str| {
            let environment = Environment { language: Some(language.to_owned()), ..environment(term, "", false) };
            let wish = Wish { ambiguous_width: Some(width), ..Wish::default() };
            let appearance = Appearance::new(&wish, &environment, Config::none(), &Settings::default()).unwrap();
            (appearance.look.glyphs.is_ascii(), appearance.asks_width)
        };
        assert_eq!(look(AmbiguousWidth::Wide, "xterm", "en_GB.UTF-8"), (true, false));
        assert_eq!(look(AmbiguousWidth::Auto, "xterm", "en_GB.UTF-8"), (false, false));
        assert_eq!(look(AmbiguousWidth::Auto, "xterm", "ja_JP.UTF-8"), (false, true));
        assert_eq!(look(AmbiguousWidth::Narrow, "xterm", "ja_JP.UTF-8"), (false, false));
        assert_eq!(look(AmbiguousWidth::Auto, "dumb", "ja_JP.UTF-8"), (true, false));
    }
}
