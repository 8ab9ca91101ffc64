//! What reaches the program from outside, in one queue: it sleeps until something comes or is due.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Instant;

use ratatui::crossterm::event::{self, Event};

/// Something from outside.
#[derive(Debug)]
pub enum Incoming {
    /// The terminal reports something.
    Event(Event),
    /// The terminal cannot be read any more.
    Lost(io::Error),
    /// The shell brought the program back to the foreground.
    Resumed,
}

/// The queue.
#[derive(Debug)]
pub struct Inbox {
    sender: Sender<Incoming>,
    queue: Receiver<Incoming>,
}

impl Inbox {
    /// An empty queue.
    pub fn new() -> Self {
        let (sender, queue) = channel();
        Self { sender, queue }
    }

    /// A way into the queue.
    pub fn sender(&self) -> Sender<Incoming> {
        self.sender.clone()
    }

    /// Begins to read the terminal, in a thread that sleeps as long as nothing comes. Nobody else may read it from then on.
    pub fn read_terminal(&self) {
        let sender = self.sender();
        thread::spawn(move || {
            loop {
                let read = event::read();
                let lost = read.is_err();
                if sender.send(read.map_or_else(Incoming::Lost, Incoming::Event)).is_err() || lost {
                    return;
                }
            }
        });
    }

    /// The next thing that comes; nothing once `due` is over. Without it there is no end to waiting.
    pub fn next(&self, due: Option<Instant>) -> Option<Incoming> {
        match due {
            None => self.queue.recv().ok(),
            Some(due) => self.queue.recv_timeout(due.saturating_duration_since(Instant::now())).ok(),
        }
    }
}
