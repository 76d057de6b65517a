//! Long results on a terminal: what does not fit on the screen goes through the person's pager, which keeps the first lines in sight.

use std::io::{self, Stdout, Write};
use std::process::{Child, Command, Stdio};

use super::terminal;

/// What is run where the person names no pager: it ends by itself at the end of the text, and leaves the rows on the screen.
const USUAL_PAGER: &str = "less -RFX";

/// Standard output that holds back as much as a screen shows; beyond that it hands all over to the pager.
pub(super) struct Paged {
    state: State,
    lines_that_fit: usize,
    lines: usize,
}

enum State {
    Holding(Vec<u8>),
    Paging(Child),
    /// No pager can be run, or none is wanted.
    Plain(Stdout),
}

impl Paged {
    /// Returns an output that pages if a person reads it and can answer the pager.
    pub(super) fn new() -> Paged {
        let wanted = terminal::output_is_terminal() && terminal::input_is_terminal();
        let height = if wanted { terminal::height() } else { None };
        match height {
            // The prompt and the line about the rows want room, too.
            Some(height) => {
                Paged { state: State::Holding(Vec::new()), lines_that_fit: height.saturating_sub(3), lines: 0 }
            }
            None => Paged { state: State::Plain(io::stdout()), lines_that_fit: 0, lines: 0 },
        }
    }

    /// Writes what was held back and waits for the pager, so that nothing is written into its screen.
    pub(super) fn finish(self) -> io::Result<()> {
        match self.state {
            State::Holding(held) => {
                let mut out = io::stdout();
                out.write_all(&held)?;
                out.flush()
            }
            State::Paging(mut pager) => {
                drop(pager.stdin.take());
                pager.wait().map(drop)
            }
            State::Plain(mut out) => out.flush(),
        }
    }

    fn spill(&mut self) -> io::Result<()> {
        let State::Holding(held) = &mut self.state else { return Ok(()) };
        let held = std::mem::take(held);
        self.state = match pager() {
            Some(pager) => State::Paging(pager),
            None => State::Plain(io::stdout()),
        };
        self.write_all(&held)
    }
}

impl Write for Paged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.state {
            State::Holding(held) => {
                held.extend_from_slice(bytes);
                self.lines += bytes.iter().filter(|byte| **byte == b'\n').count();
                if self.lines > self.lines_that_fit {
                    self.spill()?;
                }
                Ok(bytes.len())
            }
            State::Paging(pager) => match &mut pager.stdin {
                Some(input) => input.write(bytes),
                None => Err(io::ErrorKind::BrokenPipe.into()),
            },
            State::Plain(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.state {
            State::Holding(_) | State::Paging(_) => Ok(()),
            State::Plain(out) => out.flush(),
        }
    }
}

/// Starts the pager that `PAGER` names; an empty name means none.
fn pager() -> Option<Child> {
    let named = std::env::var("PAGER").unwrap_or_else(|_| USUAL_PAGER.to_owned());
    let mut words = named.split_whitespace();
    let program = words.next()?;
    Command::new(program).args(words).stdin(Stdio::piped()).spawn().ok()
}
