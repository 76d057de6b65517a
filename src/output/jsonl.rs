//! JSON lines: one object a row, one row a line.

use std::io::{self, Write};

use super::RowWriter;
use super::json_text::write_row;
use crate::value::ResultValue;

/// Writes each row as a line.
pub(super) struct JsonlWriter<'w> {
    columns: Vec<String>,
    out: &'w mut dyn Write,
    line: String,
}

impl<'w> JsonlWriter<'w> {
    /// Returns the writer.
    pub(super) fn new(columns: Vec<String>, out: &'w mut dyn Write) -> Self {
        JsonlWriter { columns, out, line: String::new() }
    }
}

impl RowWriter for JsonlWriter<'_> {
    fn row(&mut self, row: &[ResultValue]) -> io::Result<()> {
        self.line.clear();
        write_row(&mut self.line, &self.columns, row);
        self.line.push('\n');
        self.out.write_all(self.line.as_bytes())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::tests::written;
    use crate::value::ResultValue;

    #[test]
    fn writes_an_object_a_line() {
        let rows = [vec![ResultValue::string("a\nb"), ResultValue::Float(2.0)]];
        assert_eq!(written(Format::Jsonl, &["s", "f"], &rows), "{\"s\":\"a\\nb\",\"f\":2.0}\n");
        assert_eq!(written(Format::Jsonl, &["a"], &[]), "");
    }
}
