//! The arguments of `learn` and `lesson`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Look, Manner};

/// Arguments of `learn`.
#[derive(Debug, Args)]
pub struct LearnArgs {
    /// A built-in lesson (`failscope list`) or a .toml path; without it the list of lessons opens
    pub lesson: Option<String>,

    /// Step by step, with everything said, whatever the lesson begins with
    #[arg(long, conflicts_with = "challenge")]
    pub guided: bool,

    /// The brief and the goals only
    #[arg(long)]
    pub challenge: bool,

    /// How the explorer looks.
    #[command(flatten)]
    pub look: Look,

    /// How the explorer behaves.
    #[command(flatten)]
    pub manner: Manner,
}

/// What to do with lessons.
#[derive(Debug, Subcommand)]
pub enum LessonTask {
    /// Play the solutions, mistakes and demos of lessons and report each in a line; without FILE all built-in lessons
    Check {
        /// Built-in lesson ids or .toml paths
        #[arg(value_name = "FILE")]
        files: Vec<String>,

        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Write a lesson file by playing commands: the start, the solution, and mistakes
    Record(RecordArgs),
    /// Write an exercise down as Markdown: protocol, score, timeline, outage, findings, what was not tried
    Export {
        /// A session, the path of its log, or a lesson, which stands for its latest session
        #[arg(value_name = "SESSION|LESSON")]
        session: String,

        /// A file to write; standard output without it
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Play a session again from its log and see whether it comes out the same
    Replay {
        /// A session, the path of its log, or a lesson, which stands for its latest session
        session: String,
    },
    /// Show what was done so far and the sessions; carry it to another machine as one line
    Progress {
        /// Print the progress as one line
        #[arg(long)]
        export: bool,

        /// Take over the progress of such a line; - reads it from standard input
        #[arg(long, value_name = "LINE", conflicts_with = "export")]
        import: Option<String>,
    },
}

/// Arguments of `lesson record`.
#[derive(Debug, Args)]
pub struct RecordArgs {
    /// The topology it is played on: a built-in name or a .toml path
    pub topology: String,

    /// A command done before the lesson begins; may be given several times
    #[arg(long, value_name = "COMMAND")]
    pub start: Vec<String>,

    /// A command of the solution; may be given several times
    #[arg(long = "do", required = true, value_name = "COMMAND")]
    pub solution: Vec<String>,

    /// A command that is wrong; may be given several times
    #[arg(long, value_name = "COMMAND")]
    pub mistake: Vec<String>,

    /// The name of the lesson
    #[arg(long, default_value = "Recorded lesson")]
    pub title: String,

    /// A file to write; standard output without it
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}
