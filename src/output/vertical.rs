//! A table on its side, for rows that are wider than the screen: a heading for each row, a value a line.
//!
//! ```text
//! -- row 1 --------
//! name     | 西溪谷
//! launched | 2017-04-28
//! ```

use std::io::{self, Write};

use super::notation::cell;
use super::{OutputOptions, RowWriter};
use crate::text::{cut, padding, visible, width, wrap};
use crate::value::ResultValue;

/// The width of the heading's line where no width is asked for.
const HEADING_COLUMNS: usize = 40;

/// Writes each row as it comes.
pub(super) struct VerticalWriter<'w> {
    names: Vec<String>,
    name_columns: usize,
    out: &'w mut dyn Write,
    width: Option<usize>,
    row_number: usize,
}

impl<'w> VerticalWriter<'w> {
    /// Returns the writer.
    pub(super) fn new(columns: Vec<String>, out: &'w mut dyn Write, options: OutputOptions) -> Self {
        // Names are source text where no alias was given; they may take half of the width.
        let most = options.width.map_or(usize::MAX, |columns| (columns / 2).max(8));
        let names: Vec<String> = columns.iter().map(|column| cut(&visible(column), most).into_owned()).collect();
        let name_columns = names.iter().map(|name| width(name)).max().unwrap_or(0);
        VerticalWriter { names, name_columns, out, width: options.width, row_number: 0 }
    }
}

impl RowWriter for VerticalWriter<'_> {
    fn row(&mut self, row: &[ResultValue]) -> io::Result<()> {
        self.row_number += 1;
        let heading = format!("-- row {} ", self.row_number);
        let columns = self.width.unwrap_or(HEADING_COLUMNS).min(HEADING_COLUMNS);
        writeln!(self.out, "{heading}{}", "-".repeat(columns.saturating_sub(heading.len())))?;
        for (name, value) in self.names.iter().zip(row) {
            let text = cell(value);
            let lines = match self.width {
                Some(columns) => wrap(&text, columns.saturating_sub(self.name_columns + 3).max(8)),
                None => vec![text.as_str()],
            };
            for (index, line) in lines.into_iter().enumerate() {
                let name = if index == 0 { name.as_str() } else { "" };
                writeln!(self.out, "{name}{} | {line}", padding(name, self.name_columns))?;
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::written_with;
    use super::super::{Format, Layout, OutputOptions};
    use crate::value::ResultValue;

    #[test]
    fn writes_a_value_a_line_and_wraps_it() {
        let options = OutputOptions { width: Some(20), layout: Layout::Vertical, ..OutputOptions::default() };
        let rows = [
            vec![ResultValue::string("西溪谷区块链产业园"), ResultValue::Null],
            vec![ResultValue::string("谷"), ResultValue::Integer(1)],
        ];
        let expected = "\
-- row 1 -----------
名称 | 西溪谷区块链
     | 产业园
n    | NULL
-- row 2 -----------
名称 | 谷
n    | 1
";
        assert_eq!(written_with(Format::Table, &["名称", "n"], &rows, options), expected);
    }
}
