//! The words of the command line.

mod lessons;
mod look;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::plan::Timing;
use crate::plan::compare::{Aspect, Variant};
use crate::topology::Scope;
use crate::topology::command::{VERBS, Verb};

pub use lessons::{LearnArgs, LessonTask, RecordArgs};
pub use look::{Color, Format, Look, Manner, Width};

/// See a failover before you run it.
///
/// Failscope draws the networks of a source and a recovery region side by side and lets you fail over everything or one
/// app, step by step, offline: which links are cut and made, which addresses are kept, who can reach whom, and why a
/// step is refused. It talks to no cloud and changes nothing real.
///
/// Without a subcommand it opens the explorer.
#[derive(Debug, Parser)]
#[command(name = "failscope", version, args_conflicts_with_subcommands = true, after_help = AFTER_HELP)]
pub struct Cli {
    /// What to do; the explorer opens without it.
    #[command(subcommand)]
    pub task: Option<Task>,

    /// The explorer's own arguments.
    #[command(flatten)]
    pub explorer: ExplorerArgs,
}

const AFTER_HELP: &str = "\
TOPOLOGY is a built-in name (`failscope list`) or a path to a .toml file.
Exit status: 0 all fine; 1 an error finding, a refused command or a file that is no topology; 2 the call is wrong.";

/// What the explorer is started with.
#[derive(Debug, Args)]
pub struct ExplorerArgs {
    /// A built-in name or a .toml path; without it the scenario picker opens
    pub topology: Option<String>,

    /// How the explorer looks.
    #[command(flatten)]
    pub look: Look,

    /// How the explorer behaves.
    #[command(flatten)]
    pub manner: Manner,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// List the built-in topologies and lessons
    List,
    /// Load topologies and report what is worth knowing about them
    Check(CheckArgs),
    /// Print one frame of the explorer as text, SVG or HTML
    Show(ShowArgs),
    /// Apply commands without a screen and report every step
    Run(RunArgs),
    /// Derive the plan for failing over a scope, without running it
    Plan(PlanArgs),
    /// Run one failover in up to three ways and show them side by side
    Compare(CompareArgs),
    /// Show who reaches whom, or why one pair does or does not
    Reach(ReachArgs),
    /// Show the effective routes of a VNet or subnet
    Routes(RoutesArgs),
    /// Learn failover by doing it: open a lesson in the explorer, or list all
    Learn(LearnArgs),
    /// Check, record and replay lessons, export exercises and progress
    #[command(subcommand)]
    Lesson(LessonTask),
    /// Explain a refusal, verdict or finding code; without CODE list all
    Explain {
        /// The code, as a refusal or finding shows it
        code: Option<String>,
    },
    /// Print the JSON Schema of the topology file, or of the lesson file
    Schema {
        /// Which file
        #[arg(default_value = "topology")]
        of: SchemaOf,
    },
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the man page
    Man,
}

impl Task {
    /// Whether its answer is asked for as JSON.
    pub fn is_json(&self) -> bool {
        match self {
            Self::Check(args) => args.json,
            Self::Run(args) => args.json,
            Self::Plan(args) => args.json,
            Self::Compare(args) => args.json,
            Self::Reach(args) => args.json,
            Self::Routes(args) => args.json,
            Self::Lesson(LessonTask::Check { json, .. }) => *json,
            Self::Lesson(_)
            | Self::Learn(_)
            | Self::List
            | Self::Show(_)
            | Self::Explain { .. }
            | Self::Schema { .. }
            | Self::Completions { .. }
            | Self::Man => false,
        }
    }
}

/// A file with a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// The topology file.
    Topology,
    /// The lesson file.
    Lesson,
    /// A theme of the user's own.
    Theme,
    /// The settings, `config.toml`.
    Settings,
    /// The keys, `keys.toml`.
    Keys,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Built-in names or .toml paths
    #[arg(required = true, value_name = "TOPOLOGY")]
    pub topologies: Vec<String>,

    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// A topology and commands to apply to it first.
#[derive(Debug, Args)]
pub struct Prepared {
    /// A built-in name or a .toml path
    pub topology: String,

    /// A command to apply first; may be given several times
    #[arg(long = "do", value_name = "COMMAND")]
    pub commands: Vec<String>,
}

/// Arguments of `show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// What to show.
    #[command(flatten)]
    pub prepared: Prepared,

    /// Columns and rows of the frame
    #[arg(long, value_name = "WIDTHxHEIGHT", default_value = "140x45", value_parser = size)]
    pub size: (u16, u16),

    /// What to write it as
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,

    /// Print the state in sentences instead of a frame, for a screen reader or a ticket
    #[arg(long, conflicts_with = "format")]
    pub describe: bool,

    /// How it looks.
    #[command(flatten)]
    pub look: Look,
}

/// Every command of the command language, for the help of `run`.
fn commands() -> String {
    let line = |verb: &Verb| format!("  {} {}\n      {}", verb.word, verb.arguments, verb.does);
    let lines: Vec<String> = VERBS.iter().map(line).collect();
    format!(
        "Commands run in this order: the COMMAND arguments, the SCRIPT, the plan NAME. A refused command does not stop \
         those after it.\n\nCommands:\n{}",
        lines.join("\n")
    )
}

/// Arguments of `run`.
#[derive(Debug, Args)]
#[command(after_help = "Commands run in this order: the COMMAND arguments, the SCRIPT, the plan NAME. \
A refused command does not stop those after it. --help lists every command.")]
#[command(after_long_help = commands())]
pub struct RunArgs {
    /// A built-in name or a .toml path
    pub topology: String,

    /// Commands, each as one argument, for example 'disconnect source-2 azure'
    #[arg(value_name = "COMMAND")]
    pub commands: Vec<String>,

    /// A file with one command a line, where blank lines and # comments are ignored; - is standard input
    #[arg(long, value_name = "SCRIPT")]
    pub file: Option<String>,

    /// A plan of the topology file
    #[arg(long, value_name = "NAME")]
    pub plan: Option<String>,

    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// A built-in name or a .toml path
    pub topology: String,

    /// What fails over: region R, app X, vnet V, subnet V/S or vm M
    #[arg(required = true, num_args = 1.., value_name = "SCOPE")]
    pub scope: Vec<String>,

    /// When the links of the recovery side are made
    #[arg(long, value_name = "WHEN", default_value = "during",
          value_parser = PossibleValuesParser::new(["before", "during", "after"]))]
    pub timing: String,

    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// The scope that words name.
fn scope(words: &[String]) -> Result<Scope, String> {
    words.join(" ").parse().map_err(|wrong: crate::topology::command::SyntaxError| wrong.to_string())
}

/// Arguments of `compare`.
#[derive(Debug, Args)]
#[command(after_help = "Without --timing, --kind or --gateways the three timings are compared.")]
pub struct CompareArgs {
    /// A built-in name or a .toml path
    pub topology: String,

    /// What fails over: region R, app X, vnet V, subnet V/S or vm M
    #[arg(required = true, num_args = 1.., value_name = "SCOPE")]
    pub scope: Vec<String>,

    /// Compare when the links of the recovery side are made: before,during,after or two of them
    #[arg(long, value_name = "WHEN", num_args = 1, value_delimiter = ',', group = "aspect",
          value_parser = PossibleValuesParser::new(["before", "during", "after"]))]
    pub timing: Vec<String>,

    /// Compare which kind of link joins the VNets: vpn,peering
    #[arg(long, value_name = "KIND", num_args = 1, value_delimiter = ',', group = "aspect",
          value_parser = PossibleValuesParser::new(["vpn", "peering"]))]
    pub kind: Vec<String>,

    /// Compare gateways that have to be created with gateways that are there: cold,warm
    #[arg(long, value_name = "STATE", num_args = 1, value_delimiter = ',', group = "aspect",
          value_parser = PossibleValuesParser::new(["cold", "warm"]))]
    pub gateways: Vec<String>,

    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl CompareArgs {
    /// The scope the words name.
    ///
    /// # Errors
    /// A sentence about what is wrong with them.
    pub fn scope(&self) -> Result<Scope, String> {
        scope(&self.scope)
    }

    /// What is compared, and the runs, each once; the parser let only known words through.
    pub fn variants(&self) -> (Aspect, Vec<Variant>) {
        let timing = self.timing.iter().filter_map(|word| Some(Variant::Timing(word.parse().ok()?)));
        let kind = self.kind.iter().filter_map(|word| Some(Variant::Kind(word.parse().ok()?)));
        let gateways = self.gateways.iter().filter_map(|word| Some(Variant::Gateways(word.parse().ok()?)));
        let mut variants: Vec<Variant> = Vec::new();
        for variant in timing.chain(kind).chain(gateways) {
            if !variants.contains(&variant) {
                variants.push(variant);
            }
        }
        let aspect = match variants.first() {
            Some(Variant::Kind(_)) => Aspect::Kind,
            Some(Variant::Gateways(_)) => Aspect::Gateways,
            Some(Variant::Timing(_)) | None => Aspect::Timing,
        };
        let variants = if variants.is_empty() { aspect.variants() } else { variants };
        (aspect, variants)
    }
}

impl PlanArgs {
    /// The scope the words name.
    ///
    /// # Errors
    /// A sentence about what is wrong with them.
    pub fn scope(&self) -> Result<Scope, String> {
        scope(&self.scope)
    }

    /// When the links are made; the parser let only the three words through.
    pub fn timing(&self) -> Timing {
        self.timing.parse().unwrap_or_default()
    }
}

/// Arguments of `reach`.
#[derive(Debug, Args)]
pub struct ReachArgs {
    /// Where to look.
    #[command(flatten)]
    pub prepared: Prepared,

    /// A VM, app or site that asks
    #[arg(long, value_name = "ID", requires = "to")]
    pub from: Option<String>,

    /// A VM, app or site that should answer
    #[arg(long, value_name = "ID", requires = "from")]
    pub to: Option<String>,

    /// The port that is asked on; security groups look at it. Without one any port will do
    #[arg(long, value_name = "N", requires = "from", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Option<u16>,

    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `routes`.
#[derive(Debug, Args)]
pub struct RoutesArgs {
    /// Where to look.
    #[command(flatten)]
    pub prepared: Prepared,

    /// The VNet, or VNET/SUBNET
    #[arg(long, value_name = "VNET[/SUBNET]")]
    pub at: String,

    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Reads `140x45`.
fn size(text: &str) -> Result<(u16, u16), String> {
    let wrong = || format!("`{text}` is no size; write columns and rows like 140x45");
    let (width, height) = text.split_once(['x', 'X']).ok_or_else(wrong)?;
    match (width.parse(), height.parse()) {
        (Ok(width @ 1..=1000), Ok(height @ 1..=1000)) => Ok((width, height)),
        (Ok(_), Ok(_)) => Err(format!("`{text}` is no size for a frame; both numbers are from 1 to 1000")),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_put_together_without_contradiction() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_size_is_columns_x_rows() {
        assert_eq!(size("140x45"), Ok((140, 45)));
        for text in ["", "140", "x", "140x", "0x10", "1001x5", "-1x5", "99999999x1"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn options_stand_anywhere_and_a_scope_is_two_words() {
        for words in ["plan t app x --json", "plan --json t app x", "plan t --timing after app x --json"] {
            let cli = Cli::try_parse_from(std::iter::once("failscope").chain(words.split(' '))).unwrap();
            let Some(Task::Plan(plan)) = cli.task else { panic!("{words}") };
            assert!(plan.json, "{words}");
            assert_eq!(plan.scope(), Ok(Scope::App("x".to_owned())), "{words}");
        }
    }
}
