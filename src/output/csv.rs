//! Comma-separated values (RFC 4180) with a header line; lines end with a line feed.
//!
//! Null is an empty field, the empty string is `""`. In a result of one column null is `""` too, because most readers pass
//! over empty lines. Lists, maps and elements are written as plain JSON.

use std::io::{self, Write};

use super::json_text::write_plain;
use super::notation::scalar;
use super::{OutputOptions, RowWriter};
use crate::text::visible;
use crate::value::ResultValue;

/// Writes the header, then each row as it comes.
pub(super) struct CsvWriter<'w> {
    columns: Vec<String>,
    out: &'w mut dyn Write,
    terminal: bool,
    line: String,
    started: bool,
}

impl<'w> CsvWriter<'w> {
    /// Returns the writer; nothing is written before the first row or the end.
    pub(super) fn new(columns: Vec<String>, out: &'w mut dyn Write, options: OutputOptions) -> Self {
        CsvWriter { columns, out, terminal: options.terminal, line: String::new(), started: false }
    }

    fn header(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.started, true) || self.columns.is_empty() {
            return Ok(());
        }
        self.line.clear();
        for (index, column) in self.columns.iter().enumerate() {
            if index > 0 {
                self.line.push(',');
            }
            write_field(&mut self.line, column, self.terminal);
        }
        self.line.push('\n');
        self.out.write_all(self.line.as_bytes())
    }
}

impl RowWriter for CsvWriter<'_> {
    fn row(&mut self, row: &[ResultValue]) -> io::Result<()> {
        self.header()?;
        self.line.clear();
        for (index, value) in row.iter().enumerate() {
            if index > 0 {
                self.line.push(',');
            }
            match value {
                ResultValue::Null if row.len() == 1 => self.line.push_str("\"\""),
                ResultValue::Null => {}
                _ => write_field(&mut self.line, &field(value), self.terminal),
            }
        }
        self.line.push('\n');
        self.out.write_all(self.line.as_bytes())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.header()?;
        self.out.flush()
    }
}

/// Returns the text of a value that is not null, before quoting.
pub(super) fn field(value: &ResultValue) -> String {
    match value {
        ResultValue::String(text) => text.to_string(),
        ResultValue::Literal(literal) => literal.text.to_string(),
        _ => scalar(value).unwrap_or_else(|| {
            let mut json = String::new();
            write_plain(&mut json, value);
            json
        }),
    }
}

fn write_field(line: &mut String, text: &str, terminal: bool) {
    let text = if terminal { visible(text) } else { text.into() };
    let quoted = text.is_empty()
        || text.contains([',', '"', '\n', '\r'])
        || text.starts_with([' ', '\u{feff}'])
        || text.ends_with(' ');
    if quoted {
        line.push('"');
        line.push_str(&text.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(&text);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{node, written, written_with};
    use super::super::{Format, OutputOptions};
    use crate::value::ResultValue;

    #[test]
    fn quotes_where_needed_and_tells_null_from_nothing() {
        let rows = [
            vec![ResultValue::string("a,\"b\"\nc"), ResultValue::Null, ResultValue::string("")],
            vec![ResultValue::string("NULL"), ResultValue::Float(1.0), ResultValue::Node(node("1", "A", "谷"))],
        ];
        let expected = "x,\"y,z\",n\n\"a,\"\"b\"\"\nc\",,\"\"\nNULL,1.0,\
            \"{\"\"id\"\":\"\"1\"\",\"\"labels\"\":[\"\"A\"\"],\"\"properties\"\":{\"\"name\"\":\"\"谷\"\"}}\"\n";
        assert_eq!(written(Format::Csv, &["x", "y,z", "n"], &rows), expected);
    }

    #[test]
    fn writes_a_header_without_rows_and_a_field_in_every_line() {
        assert_eq!(written(Format::Csv, &["园"], &[]), "园\n");
        assert_eq!(written(Format::Csv, &["a"], &[vec![ResultValue::Null]]), "a\n\"\"\n");
        assert_eq!(written(Format::Csv, &[], &[]), "");
    }

    #[test]
    fn shows_controls_on_a_terminal_only() {
        let rows = [vec![ResultValue::string("\u{1b}[2J")]];
        assert_eq!(written(Format::Csv, &["a"], &rows), "a\n\u{1b}[2J\n");
        let options = OutputOptions { terminal: true, ..OutputOptions::default() };
        assert_eq!(written_with(Format::Csv, &["a"], &rows, options), "a\n\\u{1b}[2J\n");
    }
}
