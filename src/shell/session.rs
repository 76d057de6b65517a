//! A session: a connection with parameters and a way to print, in which statements and commands run one after the other.
//!
//! The REPL and scripts share it, so that a script does what the same lines typed would do.

use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Phase, Span, line_and_column};
use crate::engine::{Connection, Parameters, Support};

use super::arguments::{Arguments, RowArguments};
use super::commands::{self, After};
use super::ending::Ending;
use super::pager::Paged;
use super::passages::Passages;
use super::printer::{Failure, Printer, changes, counted_words};
use super::script::{Piece, pieces};
use super::{database, interrupt, report, settings};

/// What statements and commands run in.
pub(super) struct Session {
    /// The connection.
    pub(super) connection: Connection,
    /// The values of parameters.
    pub(super) parameters: Parameters,
    /// How rows are written.
    pub(super) printer: Printer,
    /// Whether to say how long each statement took.
    pub(super) timing: bool,
    /// Whether a person reads: then each statement is followed by a line about it.
    pub(super) talks: bool,
    /// Whether an error in a script ends only the statement.
    pub(super) goes_on: bool,
    /// What the rows of the last answer rest on, where it was kept.
    pub(super) support: Option<Support>,
    /// Whether the last answer came from a statement that wrote.
    pub(super) last_writes: bool,
    /// What is to be said at the first write, if the graph does not outlive the session.
    pub(super) at_first_write: Option<&'static str>,
    /// The scripts that are being run, each by the one before.
    pub(super) running: Vec<PathBuf>,
}

/// A text that is being run: a script of a name, or what was typed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'t> {
    /// The text.
    pub(super) text: &'t str,
    /// The name of the file, if it is one.
    pub(super) file: Option<&'t str>,
}

impl Session {
    /// Returns a session over a connection.
    pub(super) fn new(connection: Connection, parameters: Parameters, printer: Printer) -> Session {
        Session {
            connection,
            parameters,
            printer,
            timing: false,
            talks: false,
            goes_on: false,
            support: None,
            last_writes: false,
            at_first_write: None,
            running: Vec::new(),
        }
    }

    /// Returns the session that the arguments of a command describe; what is wrong with them has been said.
    pub(super) fn of(arguments: &Arguments, rows: &RowArguments) -> Result<Session, Ending> {
        let parameters = settings::parameters(&rows.parameters, rows.parameter_file.as_deref());
        let parameters = parameters.map_err(|words| {
            report::message(&format!("error: {words}"));
            Ending::WrongCall
        })?;
        let database = database::open(arguments)?;
        interrupt::listen();
        let mut session = Session::new(database.connect(), parameters, Printer::new(rows.format));
        session.at_first_write = database::words_at_first_write(arguments);
        session.printer.passages = Passages::of(arguments.global.documents.as_deref(), &mut session.connection);
        Ok(session)
    }

    /// Says so where a transaction is left open that nobody can commit any more: what it wrote is not in the graph.
    pub(super) fn end(&self, ending: Ending) -> Ending {
        if !self.connection.in_transaction() {
            return ending;
        }
        if ending != Ending::Done {
            report::message("note: the open transaction is rolled back");
            return ending;
        }
        report::message("error: the open transaction is rolled back: `BEGIN` without `COMMIT` or `ROLLBACK`");
        Ending::Failed
    }

    /// Runs all statements and commands of a text; says how that ended, and whether to go on.
    pub(super) fn run_source(&mut self, source: Source<'_>) -> (Ending, After) {
        let mut worst = Ending::Done;
        // Keeping what rows rest on costs something, so that it is done only where it can be asked for.
        let asks =
            |piece: Piece| matches!(piece, Piece::Command(range) if commands::asks_why(&source.text[range.clone()]));
        if pieces(source.text).into_iter().any(asks) {
            self.connection.keep_support(true);
        }
        for piece in pieces(source.text) {
            let ended = match piece {
                Piece::Statement(range) => self.run_statement(source, range).map(|()| After::GoOn),
                Piece::Command(range) => {
                    let line = &source.text[range.clone()];
                    let ran = commands::run(self, line);
                    ran.map_err(|error| self.say(error.in_source(source, range)))
                }
            };
            match ended {
                Ok(After::GoOn) => {}
                Ok(After::Leave) => return (worst, After::Leave),
                // Nobody reads the rows any more.
                Err(Stop::OutputGone) => return (worst, After::Leave),
                Err(Stop::Failed(ending)) => {
                    worst = worst.max(ending);
                    if !self.goes_on || ending == Ending::Interrupted {
                        return (worst, After::GoOn);
                    }
                }
            }
        }
        (worst, After::GoOn)
    }

    /// Runs the script in a file.
    pub(super) fn run_file(&mut self, path: &Path) -> (Ending, After) {
        let name = path.display().to_string();
        let bytes = if name == "-" { read_input() } else { std::fs::read(path) };
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(error) => {
                report::message(&format!("error: `{name}` cannot be read: {error}"));
                return (Ending::WrongCall, After::GoOn);
            }
        };
        match std::str::from_utf8(&bytes) {
            Ok(text) => {
                let text = text.strip_prefix('\u{feff}').unwrap_or(text);
                self.run_source(Source { text, file: Some(&name) })
            }
            Err(error) => {
                let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
                let (line, column) = line_and_column(&before, before.len());
                report::message(&format!("error: {name}:{line}:{column}: this is not UTF-8 text"));
                (Ending::WrongCall, After::GoOn)
            }
        }
    }

    /// Runs one statement and writes its rows.
    pub(super) fn run_statement(&mut self, source: Source<'_>, place: std::ops::Range<usize>) -> Result<(), Stop> {
        let text = &source.text[place.clone()];
        let mut out = BufWriter::new(Paged::new());
        let ran = self.printer.run(&mut self.connection, text, &self.parameters, &mut out);
        let flushed = out.into_inner().map_err(io::IntoInnerError::into_error).and_then(Paged::finish);
        match ran {
            Ok((mut answer, rows)) => {
                if !answer.columns.is_empty() {
                    self.last_writes = answer.support.is_none() && answer.counters.any();
                    self.support = answer.support.take();
                }
                match flushed {
                    Err(error) if self.talks && error.kind() == io::ErrorKind::BrokenPipe => {}
                    flushed => flushed.map_err(output_failed)?,
                }
                for warning in &answer.warnings {
                    report::diagnostic(&warning.clone().shifted(place.start), source.text, source.file);
                }
                if self.talks || self.timing {
                    self.summarise(&answer, rows);
                }
                if answer.counters.any() {
                    self.at_first_write.take().into_iter().for_each(report::message);
                }
                Ok(())
            }
            // Whoever leaves the pager has seen enough of these rows, and no more.
            Err(Failure::Output(error)) if self.talks && error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Err(Failure::Output(error)) => Err(output_failed(error)),
            Err(Failure::Fault(fault)) => {
                report::message(&format!("error: {}", fault.0));
                Err(Stop::Failed(Ending::InternalError))
            }
            Err(Failure::Statement(error)) => {
                let mut finding = error.to_diagnostic().shifted(place.start);
                // A script's reader wants to know which statement it was, also where no part of it is to blame.
                if finding.span.is_none() && source.file.is_some() {
                    let first_line = text.find('\n').map_or(place.end, |length| place.start + length);
                    finding = finding.at(Span::new(place.start, first_line));
                }
                report::diagnostic(&finding, source.text, source.file);
                Err(Stop::Failed(Ending::from(&error)))
            }
        }
    }

    /// Says in a line what a statement gave, changed and took.
    fn summarise(&self, answer: &crate::engine::Answer, rows: u64) {
        let mut parts = Vec::new();
        if !answer.columns.is_empty() {
            parts.push(counted_words(rows, "row"));
        }
        parts.extend(changes(&answer.counters));
        if parts.is_empty() {
            parts.push("done".to_owned());
        }
        if self.timing {
            parts.push(duration_words(answer.elapsed));
        }
        report::message(&parts.join(", "));
    }

    fn say(&self, stop: (Option<(Diagnostic, String, Option<String>)>, Stop)) -> Stop {
        if let (Some((finding, text, file)), _) = &stop {
            report::diagnostic(finding, text, file.as_deref());
        }
        stop.1
    }
}

/// Why a text was not run to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// A statement or command failed; what is to be said about it was said.
    Failed(Ending),
    /// Standard output is closed.
    OutputGone,
}

/// What is wrong with a command.
#[derive(Clone, Debug)]
pub(super) enum CommandError {
    /// Something to be said.
    Wrong(String),
    /// Something that was said already.
    Stopped(Stop),
}

impl CommandError {
    /// Returns what is to be said, over the text that the command stands in, and why it stopped.
    fn in_source(
        self,
        source: Source<'_>,
        place: std::ops::Range<usize>,
    ) -> (Option<(Diagnostic, String, Option<String>)>, Stop) {
        match self {
            CommandError::Stopped(stop) => (None, stop),
            CommandError::Wrong(message) => {
                let finding = Diagnostic::error(Phase::Compile, "CommandError", "", message)
                    .at(Span::new(place.start, place.end));
                let words = (finding, source.text.to_owned(), source.file.map(str::to_owned));
                (Some(words), Stop::Failed(Ending::WrongText))
            }
        }
    }
}

fn output_failed(error: io::Error) -> Stop {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Stop::OutputGone;
    }
    report::message(&format!("error: the rows cannot be written: {error}"));
    Stop::Failed(Ending::Failed)
}

fn read_input() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut io::stdin().lock(), &mut bytes)?;
    Ok(bytes)
}

/// Returns a time as people read it.
fn duration_words(elapsed: std::time::Duration) -> String {
    match elapsed.as_micros() {
        micros @ 0..1000 => format!("{micros} µs"),
        micros @ 1000..1_000_000 => format!("{:.1} ms", micros as f64 / 1e3),
        micros => format!("{:.2} s", micros as f64 / 1e6),
    }
}
