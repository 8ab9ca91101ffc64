//! Signals of the system: being asked to end, and being resumed after a suspension.

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// End, and give the terminal back.
    Quit,
    /// The shell brought the program back to the foreground.
    #[cfg_attr(not(unix), expect(dead_code, reason = "only Unix resumes programs"))]
    Resumed,
}

#[cfg(unix)]
mod system {
    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM};

    use super::Signal;

    /// The signals that have arrived.
    pub struct Signals {
        quit: Arc<AtomicBool>,
        resumed: Arc<AtomicBool>,
    }

    impl Signals {
        /// Begins to listen.
        ///
        /// # Errors
        /// Where the system does not let it.
        pub fn listen() -> io::Result<Self> {
            let (quit, resumed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
            for signal in [SIGTERM, SIGHUP, SIGINT] {
                signal_hook::flag::register(signal, Arc::clone(&quit))?;
            }
            signal_hook::flag::register(SIGCONT, Arc::clone(&resumed))?;
            Ok(Self { quit, resumed })
        }

        /// The next signal that arrived.
        pub fn next(&self) -> Option<Signal> {
            if self.quit.swap(false, Ordering::Relaxed) {
                return Some(Signal::Quit);
            }
            self.resumed.swap(false, Ordering::Relaxed).then_some(Signal::Resumed)
        }
    }

    /// Stops this program until the shell resumes it.
    ///
    /// # Errors
    /// Where the system does not let it.
    pub fn stop_self() -> io::Result<()> {
        signal_hook::low_level::raise(signal_hook::consts::SIGSTOP)
    }
}

#[cfg(not(unix))]
mod system {
    use std::io;

    use super::Signal;

    /// No signals here; the terminal reports what matters as keys.
    pub struct Signals;

    impl Signals {
        /// Begins to listen.
        ///
        /// # Errors
        /// Never.
        pub fn listen() -> io::Result<Self> {
            Ok(Self)
        }

        /// No signal ever.
        pub fn next(&self) -> Option<Signal> {
            None
        }
    }

    /// Programs are not suspended here.
    ///
    /// # Errors
    /// Never.
    pub fn stop_self() -> io::Result<()> {
        Ok(())
    }
}

pub use system::{Signals, stop_self};
