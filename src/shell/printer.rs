//! Rows onto standard output as they come, and a line about what a statement did.

use std::io::{self, Write};

use crate::engine::{Answer, ClaimRecord, Connection, Counters, Error, Parameters};
use crate::output::{CitedWriter, Format, Layout, OutputOptions, Overflow, RowWriter, row_writer};

use crate::value::ResultValue;

use super::caught::{Fault, caught};
use super::passages::Passages;
use super::{interrupt, terminal};

/// How rows are written.
#[derive(Clone, Debug)]
pub(super) struct Printer {
    format: Option<Format>,
    to_terminal: bool,
    /// How tables are laid out.
    pub(super) layout: Layout,
    /// What happens to a cell that is wider than its column.
    pub(super) overflow: Overflow,
    /// The passages that claims point to.
    pub(super) passages: Passages,
}

/// Why a statement's rows are not all there.
#[derive(Debug)]
pub(super) enum Failure {
    /// The statement failed.
    Statement(Error),
    /// The rows could not be written.
    Output(io::Error),
    /// A fault of ours.
    Fault(Fault),
}

impl Printer {
    /// Returns a printer in a format; without one, a table on a terminal and JSON lines elsewhere.
    pub(super) fn new(format: Option<Format>) -> Printer {
        Printer {
            format,
            to_terminal: terminal::output_is_terminal(),
            layout: Layout::Auto,
            overflow: Overflow::Cut,
            passages: Passages::default(),
        }
    }

    /// Returns the format in which rows are written.
    pub(super) fn format(&self) -> Format {
        self.format.unwrap_or(if self.to_terminal { Format::Table } else { Format::Jsonl })
    }

    /// Chooses the format.
    pub(super) fn set_format(&mut self, format: Format) {
        self.format = Some(format);
    }

    /// Writes the rows of an answer.
    ///
    /// # Errors
    /// If they cannot be written.
    pub(super) fn write(&mut self, answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
        let mut rows = Rows { printer: self, out: Some(out), writer: Writer::None, count: 0, failed: None };
        let mut claims = answer.claims.as_ref().map(|claims| claims.iter());
        for row in &answer.rows {
            let claims = claims.as_mut().map(|claims| claims.next().unwrap_or_default());
            if !rows.write(&answer.columns, row, claims) {
                break;
            }
        }
        rows.finish(answer).map(drop)
    }

    /// Runs a statement and writes its rows; returns the answer without them, and how many there were.
    pub(super) fn run(
        &mut self,
        connection: &mut Connection,
        text: &str,
        parameters: &Parameters,
        out: &mut dyn Write,
    ) -> Result<(Answer, u64), Failure> {
        let mut rows = Rows { printer: self, out: Some(out), writer: Writer::None, count: 0, failed: None };
        let handle = connection.cancel_handle();
        let ran = interrupt::stoppable(handle, || {
            caught(|| {
                connection.stream_cited(text, parameters, |columns, row, claims| rows.write(columns, &row, claims))
            })
        });
        let answer = ran.map_err(Failure::Fault)?.map_err(Failure::Statement)?;
        let count = rows.finish(&answer).map_err(Failure::Output)?;
        Ok((answer, count))
    }
}

/// The rows of one statement on their way out.
struct Rows<'w> {
    printer: &'w mut Printer,
    out: Option<&'w mut dyn Write>,
    writer: Writer<'w>,
    count: u64,
    failed: Option<io::Error>,
}

/// What writes the rows of a statement.
enum Writer<'w> {
    /// Nothing yet.
    None,
    /// A writer of rows.
    Plain(Box<dyn RowWriter + 'w>),
    /// A writer of rows with claims.
    Cited(CitedWriter<'w>),
}

impl Rows<'_> {
    fn begin(&mut self, columns: &[String], cited: bool) {
        if let Some(out) = self.out.take() {
            let terminal = self.printer.to_terminal;
            let width = if terminal { terminal::width() } else { None };
            let (layout, overflow) = (self.printer.layout, self.printer.overflow);
            let options = OutputOptions { width, layout, overflow, terminal };
            let format = self.printer.format();
            self.writer = match cited {
                true => Writer::Cited(CitedWriter::new(format, columns, out, options)),
                false => Writer::Plain(row_writer(format, columns, out, options)),
            };
        }
    }

    /// Writes a row; says whether the next can be written too.
    fn write(&mut self, columns: &[String], row: &[ResultValue], mut claims: Option<Vec<ClaimRecord>>) -> bool {
        self.begin(columns, claims.is_some());
        self.count += 1;
        if let Some(claims) = &mut claims {
            self.printer.passages.fill(claims);
        }
        match &mut self.writer {
            Writer::None => {}
            Writer::Plain(writer) => self.failed = writer.row(row).err(),
            Writer::Cited(writer) => writer.row(row, claims.unwrap_or_default()),
        }
        self.failed.is_none()
    }

    /// Writes what belongs behind the last row; a statement without columns writes nothing.
    fn finish(mut self, answer: &Answer) -> io::Result<u64> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        if answer.columns.is_empty() {
            return Ok(0);
        }
        self.begin(&answer.columns, answer.claims.is_some());
        match self.writer {
            Writer::None => {}
            Writer::Plain(mut writer) => writer.finish()?,
            Writer::Cited(writer) => writer.finish()?,
        }
        Ok(self.count)
    }
}

/// Says in words what was changed; nothing if nothing was.
pub(super) fn changes(counters: &Counters) -> Option<String> {
    let counted = [
        (counters.nodes_created, "node", "created"),
        (counters.nodes_deleted, "node", "deleted"),
        (counters.relationships_created, "relationship", "created"),
        (counters.relationships_deleted, "relationship", "deleted"),
        (counters.properties_set, "property", "set"),
        (counters.labels_added, "label", "added"),
        (counters.labels_removed, "label", "removed"),
        (counters.indexes_added, "index", "created"),
        (counters.indexes_removed, "index", "dropped"),
        (counters.constraints_added, "constraint", "created"),
        (counters.constraints_removed, "constraint", "dropped"),
        (counters.claims_added, "claim", "added"),
        (counters.claims_retracted, "claim", "retracted"),
    ];
    let parts: Vec<String> = counted
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, what, done)| format!("{} {done}", counted_words(count, what)))
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Returns a number with its noun, in the plural where it is not one.
pub(super) fn counted_words(count: u64, noun: &str) -> String {
    match (count, noun) {
        (1, noun) => format!("1 {noun}"),
        (count, "property") => format!("{count} properties"),
        (count, "index") => format!("{count} indexes"),
        (count, noun) => format!("{count} {noun}s"),
    }
}
