//! Signals of the system: being asked to end, and being resumed after a suspension.

#[cfg(unix)]
mod system {
    use std::io;
    use std::sync::mpsc::Sender;
    use std::thread;

    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGSTOP, SIGTERM};

    use crate::runtime::inbox::Incoming;
    use crate::runtime::terminal;

    /// Listens for signals as long as the program runs. One that asks to end gives the terminal back and ends the program
    /// at once, with the status a shell expects; being resumed is told to `inbox`.
    ///
    /// It happens in a thread of its own because a terminal that is gone can keep the reading of input busy for ever.
    ///
    /// # Errors
    /// Where the system does not let it.
    pub fn listen(inbox: Sender<Incoming>) -> io::Result<()> {
        let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGHUP, SIGINT, SIGCONT])?;
        thread::spawn(move || {
            for signal in signals.forever() {
                if signal == SIGCONT {
                    // Nobody listens any more where the program is about to end.
                    let _ = inbox.send(Incoming::Resumed);
                } else {
                    terminal::restore();
                    std::process::exit(128 + signal);
                }
            }
        });
        Ok(())
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
    use std::sync::mpsc::Sender;

    use crate::runtime::inbox::Incoming;

    /// No signals here; the terminal reports what matters as keys.
    ///
    /// # Errors
    /// Never.
    pub fn listen(_inbox: Sender<Incoming>) -> io::Result<()> {
        Ok(())
    }

    /// Programs are not suspended here.
    ///
    /// # Errors
    /// Never.
    pub fn stop_self() -> io::Result<()> {
        Ok(())
    }
}

pub use system::{listen, stop_self};
