//! The configuration folder: settings, keys and themes of the user's own.
//!
//! A file that is not there sets nothing. One with a problem stops the program before it takes the screen: it says what
//! is wrong and where, and nobody works with keys other than those he wrote down.

use std::fs;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use schemars::JsonSchema;
use serde::Deserialize;

use super::look::AmbiguousWidth;
use crate::app::action::Keymap;
use crate::report::problems;
use crate::topology::FindingCode;
use crate::topology::command::did_you_mean;
use crate::topology::format::At;
use crate::topology::load::{LoadError, OpenError, Sink, one_table, read};
use crate::topology::schema::schema_of;
use crate::ui::theme::{THEMES, Theme};

/// The file of settings.
const SETTINGS: &str = "config.toml";
/// The file of keys.
const KEYS: &str = "keys.toml";
/// The folder of themes.
const OWN_THEMES: &str = "themes";

/// Why the configuration cannot be used: what to print, complete with its places.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct ConfigError {
    /// What is wrong in one sentence.
    pub summary: String,
    /// All of it, with file, line and column where it is about a file's text.
    pub text: String,
}

impl ConfigError {
    fn plain(text: String) -> Self {
        Self { summary: text.clone(), text }
    }

    fn invalid(error: &LoadError, what: &str) -> Self {
        let first = error.problems.first();
        let place = first
            .and_then(|problem| problem.finding.position)
            .map_or(String::new(), |position| format!(":{}:{}", position.line, position.column));
        let message = first.map_or("", |problem| problem.finding.message.as_str());
        let summary = format!("{}{place}: {message}", error.origin);
        Self { summary, text: problems::render_as(error, what, true) }
    }

    fn of(error: OpenError, what: &str) -> Self {
        match error {
            OpenError::UnknownName(text) | OpenError::Unreadable(text) => Self::plain(text),
            OpenError::Invalid(error) => Self::invalid(&error, what),
        }
    }
}

/// What the user set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Settings {
    /// A theme by name or path.
    pub theme: Option<String>,
    /// Whether only ASCII is drawn.
    pub ascii: bool,
    /// Whether the mouse is taken; it is where nothing is set.
    pub mouse: Option<bool>,
    /// Whether changes are shown at once instead of in stages.
    pub reduced_motion: bool,
    /// How wide the terminal draws ambiguous characters.
    pub ambiguous_width: AmbiguousWidth,
}

/// The JSON Schema of the settings, `config.toml`.
pub fn schema() -> serde_json::Value {
    schema_of::<Settings>()
}

/// Where the theme stands in the settings.
#[derive(Deserialize)]
struct Themed {
    theme: Option<At<String>>,
}

/// The configuration folder of a user.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    root: Option<PathBuf>,
}

impl Config {
    /// `$XDG_CONFIG_HOME/failscope`, else `~/.config/failscope`, or what the system has in its stead. Where the system
    /// names no home nothing is configured.
    pub fn of_user() -> Self {
        let places = etcetera::choose_base_strategy().ok();
        Self { root: places.map(|places| places.config_dir().join("failscope")) }
    }

    /// The configuration in a folder.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: Some(root.into()) }
    }

    /// Nothing configured.
    pub fn none() -> Self {
        Self::default()
    }

    /// The text of a file of the folder with its path, if it is there.
    fn file(&self, name: &str, what: &str) -> Result<Option<(String, String)>, ConfigError> {
        let Some(path) = self.root.as_ref().map(|root| root.join(name)).filter(|path| path.exists()) else {
            return Ok(None);
        };
        let text = read(&path).map_err(|error| ConfigError::of(error, what))?;
        Ok(Some((path.display().to_string(), text)))
    }

    /// The settings.
    ///
    /// # Errors
    /// The file cannot be read, or everything wrong with it, also where its theme is none.
    pub fn settings(&self) -> Result<Settings, ConfigError> {
        let Some((path, text)) = self.file(SETTINGS, "configuration")? else { return Ok(Settings::default()) };
        let settings: Settings =
            one_table(&path, &text, SETTINGS).map_err(|error| ConfigError::invalid(&error, "configuration"))?;
        let wrong = settings.theme.as_deref().and_then(|name| self.theme(name).err());
        let Some(wrong) = wrong else { return Ok(settings) };
        let theme = toml::from_str::<Themed>(&text).ok().and_then(|themed| themed.theme);
        let mut sink = Sink::default();
        sink.error(FindingCode::InvalidValue, &theme.map_or(0..0, |theme| theme.span), wrong.summary, &[]);
        let error = LoadError { origin: path, problems: sink.problems(&text), source: text };
        Err(ConfigError::invalid(&error, "configuration"))
    }

    /// The keys.
    ///
    /// # Errors
    /// The file cannot be read, or everything wrong with it.
    pub fn keymap(&self) -> Result<Keymap, ConfigError> {
        match self.file(KEYS, "keymap")? {
            Some((path, text)) => Keymap::parse(&path, &text).map_err(|error| ConfigError::invalid(&error, "keymap")),
            None => Ok(Keymap::default()),
        }
    }

    /// A theme: a file by its path, else one of the user's own, else one that comes with the program.
    ///
    /// # Errors
    /// There is none of that name, or everything wrong with it.
    pub fn theme(&self, name: &str) -> Result<Theme, ConfigError> {
        let path = Path::new(name);
        if name.ends_with(".toml") || name.contains(std::path::is_separator) {
            let text = read(path).map_err(|error| ConfigError::of(error, "theme"))?;
            return Theme::parse(name, &text).map_err(|error| ConfigError::invalid(&error, "theme"));
        }
        if let Some((path, text)) = self.file(&format!("{OWN_THEMES}/{name}.toml"), "theme")? {
            return Theme::parse(&path, &text).map_err(|error| ConfigError::invalid(&error, "theme"));
        }
        Theme::named(name).ok_or_else(|| {
            let known = self.themes();
            let hint = did_you_mean(name, known.iter().map(String::as_str));
            ConfigError::plain(format!("there is no theme `{name}`{hint} (known: {})", known.join(", ")))
        })
    }

    /// The names of all themes: those of the program, then the user's own.
    pub fn themes(&self) -> Vec<String> {
        let mut names: Vec<String> = THEMES.iter().map(|theme| theme.name.to_owned()).collect();
        let entries = self.root.as_ref().and_then(|root| fs::read_dir(root.join(OWN_THEMES)).ok());
        let paths = entries.into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
        let themes = paths.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
        let mut own: Vec<String> =
            themes.filter_map(|path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned())).collect();
        own.sort();
        own.retain(|name| !names.contains(name));
        names.extend(own);
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn plain(error: &ConfigError) -> String {
        anstream::adapter::strip_str(&error.text).to_string()
    }

    #[test]
    fn nothing_is_set_where_no_file_is() {
        let empty = folder(&[]);
        let config = Config::at(empty.path());
        assert_eq!(config.settings(), Ok(Settings::default()));
        assert_eq!(config.keymap(), Ok(Keymap::default()));
        assert_eq!(config.themes(), Config::none().themes());
    }

    #[test]
    fn a_theme_of_the_user_is_found_by_its_name_and_comes_before_one_of_the_program() {
        let text = "title = \"Mine\"\nink = \"#000000\"\nground = \"#FFFFFF\"\n[styles]\n";
        let own = folder(&[("themes/mine.toml", text), ("themes/dark.toml", text)]);
        let config = Config::at(own.path());
        assert_eq!(config.theme("mine").unwrap().called, "Mine");
        assert_eq!(config.theme("dark").unwrap().called, "Mine");
        assert_eq!(config.themes().last().map(String::as_str), Some("mine"));
        let wrong = config.theme("lihgt").unwrap_err();
        assert!(wrong.text.contains("did you mean `light`?"), "{wrong}");
    }

    #[test]
    fn every_problem_of_a_file_is_said_with_its_place_and_what_would_be_right() {
        let wrong = folder(&[
            ("config.toml", "theme = \"dark\"\nmose = true\nascii = \"yes\"\nambiguous-width = \"wild\"\n"),
            (
                "themes/mine.toml",
                "title = \"Mine\"\nink = \"#00000\"\nground = \"#FFFFFF\"\n[styles]\nblockd = { bold = true }\ncut = { fg = \"bright-bleu\" }\n",
            ),
        ]);
        let config = Config::at(wrong.path());
        let said = plain(&config.settings().unwrap_err());
        for part in ["config.toml:2:1", "did you mean `mouse`?", "config.toml:3:9", "config.toml:4:19", "narrow"] {
            assert!(said.contains(part), "{part}\n{said}");
        }
        let said = plain(&config.theme("mine").unwrap_err());
        for part in
            ["mine.toml:2:7", "#00000", "mine.toml:5:1", "did you mean `blocked`?", "did you mean `bright-blue`?"]
        {
            assert!(said.contains(part), "{part}\n{said}");
        }
    }
}
