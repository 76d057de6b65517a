//! A Markdown table: pipes and HTML are escaped, so that a cell stays a cell.

use std::io::{self, Write};

use super::RowWriter;
use super::notation::cell;
use crate::text::visible;
use crate::value::ResultValue;

/// Writes the header and the line below it, then each row as it comes.
pub(super) struct MarkdownWriter<'w> {
    columns: Vec<String>,
    out: &'w mut dyn Write,
    started: bool,
}

impl<'w> MarkdownWriter<'w> {
    /// Returns the writer; nothing is written before the first row or the end.
    pub(super) fn new(columns: Vec<String>, out: &'w mut dyn Write) -> Self {
        MarkdownWriter { columns, out, started: false }
    }

    fn header(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.started, true) || self.columns.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = self.columns.iter().map(|column| escaped(&visible(column))).collect();
        let rules = vec!["---"; names.len()];
        writeln!(self.out, "| {} |\n| {} |", names.join(" | "), rules.join(" | "))
    }
}

impl MarkdownWriter<'_> {
    /// Writes one row with a last cell that is Markdown already.
    ///
    /// # Errors
    /// If the writer beneath fails.
    pub(super) fn row_with(&mut self, row: &[ResultValue], last: &str) -> io::Result<()> {
        self.header()?;
        let cells: Vec<String> = row.iter().map(|value| escaped(&cell(value))).chain([last.to_owned()]).collect();
        writeln!(self.out, "| {} |", cells.join(" | "))
    }
}

impl RowWriter for MarkdownWriter<'_> {
    fn row(&mut self, row: &[ResultValue]) -> io::Result<()> {
        self.header()?;
        if row.is_empty() {
            return Ok(());
        }
        let cells: Vec<String> = row.iter().map(|value| escaped(&cell(value))).collect();
        writeln!(self.out, "| {} |", cells.join(" | "))
    }

    fn finish(&mut self) -> io::Result<()> {
        self.header()?;
        self.out.flush()
    }
}

/// Escapes what Markdown would read as its own.
pub(super) fn escaped(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => line.push_str("&amp;"),
            '<' => line.push_str("&lt;"),
            '>' => line.push_str("&gt;"),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '$' => {
                line.push('\\');
                line.push(character);
            }
            _ => line.push(character),
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::tests::written;
    use crate::value::ResultValue;

    #[test]
    fn keeps_cells_in_their_cells() {
        let rows = [
            vec![ResultValue::string("a|b\n<i>*x*"), ResultValue::Null],
            vec![ResultValue::string("园"), ResultValue::Integer(1)],
        ];
        let expected = "| name | n |\n| --- | --- |\n| a\\|b\\\\n&lt;i&gt;\\*x\\* | NULL |\n| 园 | 1 |\n";
        assert_eq!(written(Format::Markdown, &["name", "n"], &rows), expected);
    }
}
