//! `completions SHELL` and `man`: what shells and readers of manuals want to know, out of the command line's own description.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_mangen::Man;

use super::arguments::{Arguments, CompletionsArguments};
use super::ending::Ending;
use super::report;

/// Writes the script that lets a shell complete the command line.
pub(super) fn completions(wanted: &CompletionsArguments) -> Ending {
    let mut script = Vec::new();
    clap_complete::generate(wanted.shell, &mut Arguments::command(), "yuanpu", &mut script);
    write(&script)
}

/// Writes the manual page.
pub(super) fn page() -> Ending {
    let mut page = Vec::new();
    match Man::new(Arguments::command()).render(&mut page) {
        Ok(()) => write(&page),
        Err(error) => failed(&error),
    }
}

fn write(bytes: &[u8]) -> Ending {
    let mut out = io::stdout();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Ending::Done,
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ending::Done,
        Err(error) => failed(&error),
    }
}

fn failed(error: &io::Error) -> Ending {
    report::message(&format!("error: the output cannot be written: {error}"));
    Ending::Failed
}
