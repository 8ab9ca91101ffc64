//! The state directory: what a learner has done, and the log of every session.
//!
//! The progress file is replaced as a whole or not at all; one that cannot be read is set aside and never overwritten. A
//! session's log grows deed by deed, and what was written is on the disk before the next key is read.

use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use jiff::ZonedDateTime;
use jiff::civil::Date;

use crate::lesson::progress::{Progress, Unreadable};
use crate::lesson::protocol::{End, Opening, Protocol, deed_line, end_line, opening_line};
use crate::lesson::{Lesson, Logged, Mode};

/// The name of the progress file.
const PROGRESS: &str = "progress.json";
/// The folder of the sessions.
const SESSIONS: &str = "sessions";

/// The directory in which state is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    root: PathBuf,
}

/// Why state could not be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The system names no place for it.
    #[error("there is no place to keep progress: {0}")]
    NoPlace(String),
    /// A file or folder cannot be read or written.
    #[error("{path} cannot be {done}: {error}")]
    Files {
        /// Which.
        path: PathBuf,
        /// What was to be done with it.
        done: &'static str,
        /// Why not.
        error: io::Error,
    },
    /// A file is of a later version, and is left alone.
    #[error("{path}: {why}")]
    Newer {
        /// Which.
        path: PathBuf,
        /// What it says.
        why: Unreadable,
    },
    /// There is no such session.
    #[error("{0}")]
    NoSession(String),
}

/// Says which file an error is about.
fn about(path: &Path, done: &'static str) -> impl FnOnce(io::Error) -> StateError {
    let path = path.to_owned();
    move |error| StateError::Files { path, done, error }
}

/// The progress, and what happened to the file on the way.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The progress.
    pub progress: Progress,
    /// That the file was damaged and set aside, where it was.
    pub message: Option<String>,
}

/// Today, as the learner's calendar says.
pub fn today() -> Date {
    ZonedDateTime::now().date()
}

impl State {
    /// The state directory of this user: `$XDG_STATE_HOME/failscope`, else `~/.local/state/failscope`, or what the system
    /// has in its stead. Nothing is created yet.
    ///
    /// # Errors
    /// The system names no home.
    pub fn of_user() -> Result<Self, StateError> {
        let places = etcetera::choose_base_strategy().map_err(|error| StateError::NoPlace(error.to_string()))?;
        let root = places.state_dir().unwrap_or_else(|| places.data_dir());
        Ok(Self::at(root.join("failscope")))
    }

    /// State in a directory.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The progress so far; nothing done yet where there is no file.
    ///
    /// # Errors
    /// The file cannot be read, or is of a later version.
    pub fn progress(&self) -> Result<Kept, StateError> {
        if !self.root.join(PROGRESS).exists() {
            // Reading creates nothing: the seed becomes sticky with the first change.
            return Ok(Kept { progress: fresh(), message: None });
        }
        let _lock = self.lock()?;
        self.read()
    }

    /// Changes the progress and keeps it. Two programs may do so at the same time.
    ///
    /// # Errors
    /// The file cannot be read or written, or is of a later version; it is as it was.
    pub fn change(&self, change: impl FnOnce(&mut Progress)) -> Result<Kept, StateError> {
        let _lock = self.lock()?;
        let mut kept = self.read()?;
        change(&mut kept.progress);
        let path = self.root.join(PROGRESS);
        replace(&path, &kept.progress.pretty()).map_err(about(&path, "written"))?;
        Ok(kept)
    }

    /// Nobody else reads or writes the progress while the lock is held; it goes with the file, also after a crash.
    fn lock(&self) -> Result<File, StateError> {
        fs::create_dir_all(&self.root).map_err(about(&self.root, "created"))?;
        let path = self.root.join("progress.lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(about(&path, "opened"))?;
        match file.lock() {
            // Some file systems know no locks; the file is replaced as a whole there too.
            Err(error) if error.kind() != ErrorKind::Unsupported => Err(about(&path, "locked")(error)),
            _ => Ok(file),
        }
    }

    fn read(&self) -> Result<Kept, StateError> {
        let path = self.root.join(PROGRESS);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Kept { progress: fresh(), message: None }),
            Err(error) => return Err(about(&path, "read")(error)),
        };
        match Progress::parse(&String::from_utf8_lossy(&bytes)) {
            Ok(progress) => Ok(Kept { progress, message: None }),
            Err(why @ Unreadable::Newer(_)) => Err(StateError::Newer { path, why }),
            Err(why) => {
                let aside = self.set_aside(&path)?;
                let message = format!("{} is damaged and was set aside as {} ({why})", path.display(), aside.display());
                Ok(Kept { progress: fresh(), message: Some(message) })
            }
        }
    }

    /// Gives a damaged file a name that nothing has yet.
    fn set_aside(&self, path: &Path) -> Result<PathBuf, StateError> {
        let mut names = (1_u32..).map(|number| self.root.join(format!("{PROGRESS}.damaged-{number}")));
        let free = names.find(|name| !name.exists()).unwrap_or_else(|| self.root.join("progress.json.damaged"));
        fs::rename(path, &free).map_err(about(path, "set aside"))?;
        Ok(free)
    }

    /// Every session, the latest first.
    ///
    /// # Errors
    /// The folder is there and cannot be read.
    pub fn sessions(&self) -> Result<Vec<Listed>, StateError> {
        let folder = self.root.join(SESSIONS);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(about(&folder, "read")(error)),
        };
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let logs = paths.filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
        let mut listed: Vec<Listed> = logs.map(Listed::of).collect();
        listed.sort_by(|one, other| other.name.cmp(&one.name));
        Ok(listed)
    }

    /// A session by its name, the path of its log, or the id of a lesson, which stands for the latest of it.
    ///
    /// # Errors
    /// There is none.
    pub fn session(&self, name: &str) -> Result<Listed, StateError> {
        let path = Path::new(name);
        if path.extension().is_some_and(|extension| extension == "jsonl") && path.is_file() {
            return Ok(Listed::of(path.to_owned()));
        }
        let plain = name.strip_suffix(".jsonl").unwrap_or(name);
        let sessions = self.sessions()?;
        let found = sessions.iter().find(|session| session.name == plain);
        let found = found.or_else(|| sessions.iter().find(|session| session.lesson() == Some(plain)));
        found.cloned().ok_or_else(|| {
            let known = sessions.iter().flat_map(|session| [Some(session.name.as_str()), session.lesson()]).flatten();
            let hint = crate::topology::command::did_you_mean(plain, known);
            StateError::NoSession(format!(
                "there is no session `{plain}`{hint}; `failscope lesson progress` lists them"
            ))
        })
    }

    /// The session of a lesson that can be taken up again: its latest, if that has not ended and its file is the same.
    /// With it comes the log that leads to where it was left; a line that a crash cut off is gone from the file.
    ///
    /// # Errors
    /// A log cannot be read or written.
    pub fn unfinished(&self, lesson: &Lesson) -> Result<Option<(Session, Protocol)>, StateError> {
        let latest = self.sessions()?.into_iter().find(|session| session.lesson() == Some(&lesson.id));
        let Some((Ok(protocol), path)) = latest.map(|session| (session.protocol, session.path)) else {
            return Ok(None);
        };
        let same = protocol.opening.lesson_hash == crate::lesson::progress::hash(lesson);
        if protocol.end.is_some() || !same {
            return Ok(None);
        }
        let file = OpenOptions::new().append(true).open(&path).map_err(about(&path, "opened"))?;
        file.set_len(protocol.whole as u64).map_err(about(&path, "mended"))?;
        Ok(Some((Session { file, path }, protocol)))
    }

    /// Begins the log of a session; `source` is the lesson's path where it does not come with the program.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn begin(&self, lesson: &Lesson, mode: Mode, source: Option<String>) -> Result<Session, StateError> {
        let now = ZonedDateTime::now();
        let folder = self.root.join(SESSIONS);
        fs::create_dir_all(&folder).map_err(about(&folder, "created"))?;
        let began = now.strftime("%Y-%m-%d %H:%M:%S %:z").to_string();
        let opening = Opening::of(lesson, mode, source, began);
        let time = now.strftime("%Y-%m-%dT%H-%M-%S").to_string();
        let mut number = 0_u32;
        loop {
            let again = if number == 0 { String::new() } else { format!(".{number}") };
            let path = folder.join(format!("{time}{again}-{}.jsonl", lesson.id));
            match OpenOptions::new().create_new(true).append(true).open(&path) {
                Ok(file) => {
                    let mut session = Session { file, path };
                    session.write(&opening_line(&opening))?;
                    sync_folder(&folder).map_err(about(&folder, "written"))?;
                    return Ok(session);
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(about(&path, "created")(error)),
            }
        }
    }
}

/// Replaces a file as a whole: what a crash leaves is the old one or the new one.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".progress-").suffix(".new").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync_folder(folder)
}

/// Writes a result where a call wants it.
///
/// # Errors
/// It cannot be written.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    fs::write(path, text)
}

/// Nothing done yet, with a seed that nobody can foresee.
fn fresh() -> Progress {
    let random = RandomState::new().hash_one(());
    Progress::new(u32::try_from(random >> 32).unwrap_or_default())
}

/// Makes sure that a name is on the disk too, where the system can.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// A session as it lies in the folder.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its name: when it began, and the lesson.
    pub name: String,
    /// Its log.
    pub path: PathBuf,
    /// What the log holds, or why it cannot be read.
    pub protocol: Result<Protocol, String>,
}

impl Listed {
    fn of(path: PathBuf) -> Self {
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let bytes = fs::read(&path).map_err(|error| error.to_string());
        let text = bytes.and_then(|mut bytes| {
            // A crash may cut the last line, within a letter even.
            bytes.truncate(bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1));
            String::from_utf8(bytes).map_err(|error| error.to_string())
        });
        let protocol = text.and_then(|text| Protocol::parse(&text).map_err(|error| error.to_string()));
        Self { name, path, protocol }
    }

    /// The id of its lesson, where the log can be read.
    pub fn lesson(&self) -> Option<&str> {
        self.protocol.as_ref().ok().map(|protocol| protocol.opening.lesson.as_str())
    }
}

/// The log of a session that is being played.
#[derive(Debug)]
pub struct Session {
    file: File,
    path: PathBuf,
}

impl Session {
    /// Its log.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a deed down; it is on the disk when this returns.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn append(&mut self, logged: &Logged) -> Result<(), StateError> {
        self.write(&deed_line(logged))
    }

    /// Writes down that the session has ended.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn end(&mut self, end: End) -> Result<(), StateError> {
        self.write(&end_line(end))
    }

    fn write(&mut self, line: &str) -> Result<(), StateError> {
        let written = self.file.write_all(line.as_bytes()).and_then(|()| self.file.sync_data());
        written.map_err(about(&self.path, "written"))
    }
}
