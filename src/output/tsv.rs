//! Tab-separated values with a header line: one line a row, whatever the values hold.
//!
//! Tab, line feed, carriage return and backslash are written `\t`, `\n`, `\r`, `\\`; null is `\N`, which no string gives.
//! Lists, maps and elements are written as plain JSON.

use std::io::{self, Write};

use super::csv::field;
use super::{OutputOptions, RowWriter};
use crate::text::visible;
use crate::value::ResultValue;

/// Writes the header, then each row as it comes.
pub(super) struct TsvWriter<'w> {
    columns: Vec<String>,
    out: &'w mut dyn Write,
    terminal: bool,
    started: bool,
}

impl<'w> TsvWriter<'w> {
    /// Returns the writer; nothing is written before the first row or the end.
    pub(super) fn new(columns: Vec<String>, out: &'w mut dyn Write, options: OutputOptions) -> Self {
        TsvWriter { columns, out, terminal: options.terminal, started: false }
    }

    fn header(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.started, true) || self.columns.is_empty() {
            return Ok(());
        }
        let fields: Vec<String> = self.columns.iter().map(|column| escaped(column, self.terminal)).collect();
        writeln!(self.out, "{}", fields.join("\t"))
    }
}

impl RowWriter for TsvWriter<'_> {
    fn row(&mut self, row: &[ResultValue]) -> io::Result<()> {
        self.header()?;
        let terminal = self.terminal;
        let fields: Vec<String> = row
            .iter()
            .map(|value| if value.is_null() { "\\N".to_owned() } else { escaped(&field(value), terminal) })
            .collect();
        writeln!(self.out, "{}", fields.join("\t"))
    }

    fn finish(&mut self) -> io::Result<()> {
        self.header()?;
        self.out.flush()
    }
}

fn escaped(text: &str, terminal: bool) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\t' => line.push_str("\\t"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\\' => line.push_str("\\\\"),
            _ => line.push(character),
        }
    }
    if terminal { visible(&line).into_owned() } else { line }
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::tests::written;
    use crate::value::ResultValue;

    #[test]
    fn escapes_and_tells_null_from_all_strings() {
        let rows = [vec![ResultValue::string("a\tb\\N\n"), ResultValue::Null, ResultValue::string("")]];
        assert_eq!(written(Format::Tsv, &["x", "y", "z"], &rows), "x\ty\tz\na\\tb\\\\N\\n\t\\N\t\n");
    }
}
