//! One JSON array with an object a row, each on its own line.

use std::io::{self, Write};

use super::RowWriter;
use super::json_text::write_row;
use crate::value::ResultValue;

/// Writes `[`, the rows, `]`.
pub(super) struct JsonWriter<'w> {
    columns: Vec<String>,
    out: &'w mut dyn Write,
    line: String,
    started: bool,
}

impl<'w> JsonWriter<'w> {
    /// Returns the writer; nothing is written before the first row or the end.
    pub(super) fn new(columns: Vec<String>, out: &'w mut dyn Write) -> Self {
        JsonWriter { columns, out, line: String::new(), started: false }
    }
}

impl RowWriter for JsonWriter<'_> {
    fn row(&mut self, row: &[ResultValue]) -> io::Result<()> {
        self.line.clear();
        self.line.push_str(if self.started { ",\n" } else { "[\n" });
        self.started = true;
        write_row(&mut self.line, &self.columns, row);
        self.out.write_all(self.line.as_bytes())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.write_all(if self.started { b"\n]\n" } else { b"[]\n" })?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::tests::written;
    use crate::value::ResultValue;

    #[test]
    fn writes_an_array_of_objects() {
        let rows = [vec![ResultValue::Integer(1)], vec![ResultValue::Null]];
        assert_eq!(
            written(Format::Json, &["园 \"x\""], &rows),
            "[\n{\"园 \\\"x\\\"\":1},\n{\"园 \\\"x\\\"\":null}\n]\n"
        );
        assert_eq!(written(Format::Json, &["a"], &[]), "[]\n");
    }
}
