//! Signals of the system: being asked to end, and being resumed after a suspension.

#[cfg(unix)]
mod system {
    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGSTOP, SIGTERM};

    use crate::runtime::terminal;

    /// Listens for signals as long as the program runs.
    pub struct Signals {
        resumed: Arc<AtomicBool>,
    }

    impl Signals {
        /// Begins to listen. A signal that asks to end gives the terminal back and ends the program at once, with the
        /// status a shell expects.
        ///
        /// It happens in a thread of its own because a terminal that is gone can keep the reading of input busy for ever.
        ///
        /// # Errors
        /// Where the system does not let it.
        pub fn listen() -> io::Result<Self> {
            let resumed = Arc::new(AtomicBool::new(false));
            signal_hook::flag::register(SIGCONT, Arc::clone(&resumed))?;
            let mut ending = signal_hook::iterator::Signals::new([SIGTERM, SIGHUP, SIGINT])?;
            thread::spawn(move || {
                if let Some(signal) = ending.forever().next() {
                    terminal::restore();
                    std::process::exit(128 + signal);
                }
            });
            Ok(Self { resumed })
        }

        /// Whether the shell brought the program back to the foreground since it was asked last.
        pub fn resumed(&self) -> bool {
            self.resumed.swap(false, Ordering::Relaxed)
        }
    }

    /// Stops this program until the shell resumes it.
    ///
    /// # Errors
    /// Where the system does not let it.
    pub fn stop_self() -> io::Result<()> {
        signal_hook::low_level::raise(SIGSTOP)
    }
}

#[cfg(not(unix))]
mod system {
    use std::io;

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

        /// Programs are not suspended here, so never.
        pub fn resumed(&self) -> bool {
            false
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
