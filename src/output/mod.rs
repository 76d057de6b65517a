//! Rows as text in a chosen format, into any writer: tables for people, CSV, TSV, JSON and Markdown for programs, and the
//! tagged JSON of the `stdio` protocol.
//!
//! A format is one file with one [`RowWriter`]. Rows are written as they come wherever the format allows it; only a table
//! holds back its first thousand to find the widths of its columns. The same rows give the same bytes. Nothing here looks at
//! a terminal or the environment: width and layout are options.

use std::io::{self, Write};
use std::str::FromStr;

use crate::value::ResultValue;

mod notation;
mod json_text;
pub mod tagged;
mod table;
mod vertical;
mod csv;
mod tsv;
mod json;
mod jsonl;
mod markdown;
mod claims;
mod cited;

pub use cited::CitedWriter;
pub use claims::{claim_line, passage_line, write_claim, write_claims};
pub use notation::cell;

/// The formats that rows can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Columns lined up for people.
    Table,
    /// Comma-separated values (RFC 4180) with a header.
    Csv,
    /// Tab-separated values with backslash escapes and a header.
    Tsv,
    /// One JSON array of objects.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// A Markdown table.
    Markdown,
}

impl Format {
    /// All formats, in the order in which help names them.
    pub const ALL: [Format; 6] =
        [Format::Table, Format::Csv, Format::Tsv, Format::Json, Format::Jsonl, Format::Markdown];

    /// Returns the name that a person types.
    pub fn name(self) -> &'static str {
        match self {
            Format::Table => "table",
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Json => "json",
            Format::Jsonl => "jsonl",
            Format::Markdown => "markdown",
        }
    }
}

/// A name that no format has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a format; formats are `table`, `csv`, `tsv`, `json`, `jsonl`, `markdown`")]
pub struct UnknownFormat(pub String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let found = Format::ALL.into_iter().find(|format| format.name().eq_ignore_ascii_case(name));
        found.ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// How a table is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Layout {
    /// A row a line; turned on its side where not even narrow columns fit into the width.
    #[default]
    Auto,
    /// A row a line, whatever its width.
    Horizontal,
    /// A value a line, under a heading for each row.
    Vertical,
}

/// What happens to a cell that is wider than its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Overflow {
    /// It is cut, with `…` at its end.
    #[default]
    Cut,
    /// It goes on in the lines below.
    Wrap,
}

/// How to write rows, decided by whoever holds the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct OutputOptions {
    /// The width to keep to, in columns; `None`: cells are as wide as they are, and nothing is cut.
    pub width: Option<usize>,
    /// How a table is laid out.
    pub layout: Layout,
    /// What happens to cells that are too wide.
    pub overflow: Overflow,
    /// Whether the text is for a terminal: CSV and TSV then show control and bidirectional characters as escapes, too.
    pub terminal: bool,
}

/// Writes the rows of one result.
pub trait RowWriter {
    /// Writes one row; it has as many values as there are columns.
    ///
    /// # Errors
    /// If the writer beneath fails.
    fn row(&mut self, row: &[ResultValue]) -> io::Result<()>;

    /// Writes what belongs behind the last row, also if there was none.
    ///
    /// # Errors
    /// If the writer beneath fails.
    fn finish(&mut self) -> io::Result<()>;
}

/// Returns the writer of a format over `out`.
pub fn row_writer<'w>(
    format: Format,
    columns: &[String],
    out: &'w mut dyn Write,
    options: OutputOptions,
) -> Box<dyn RowWriter + 'w> {
    let columns = columns.to_vec();
    match (format, options.layout) {
        (Format::Table, Layout::Vertical) => Box::new(vertical::VerticalWriter::new(columns, out, options)),
        (Format::Table, _) => Box::new(table::TableWriter::new(columns, out, options)),
        (Format::Csv, _) => Box::new(csv::CsvWriter::new(columns, out, options)),
        (Format::Tsv, _) => Box::new(tsv::TsvWriter::new(columns, out, options)),
        (Format::Json, _) => Box::new(json::JsonWriter::new(columns, out)),
        (Format::Jsonl, _) => Box::new(jsonl::JsonlWriter::new(columns, out)),
        (Format::Markdown, _) => Box::new(markdown::MarkdownWriter::new(columns, out)),
    }
}

/// Writes all rows in a format.
///
/// # Errors
/// If the writer beneath fails.
#[cfg(test)]
pub fn write_rows<'r>(
    format: Format,
    columns: &[String],
    rows: impl IntoIterator<Item = &'r [ResultValue]>,
    out: &mut dyn Write,
    options: OutputOptions,
) -> io::Result<()> {
    let mut writer = row_writer(format, columns, out, options);
    rows.into_iter().try_for_each(|row| writer.row(row))?;
    writer.finish()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::value::{ResultNode, ResultPath, ResultRelationship};

    /// Writes rows in a format without options.
    pub(super) fn written(format: Format, columns: &[&str], rows: &[Vec<ResultValue>]) -> String {
        written_with(format, columns, rows, OutputOptions::default())
    }

    /// Writes rows in a format.
    pub(super) fn written_with(
        format: Format,
        columns: &[&str],
        rows: &[Vec<ResultValue>],
        options: OutputOptions,
    ) -> String {
        let columns: Vec<String> = columns.iter().map(|&column| column.to_owned()).collect();
        let mut out = Vec::new();
        write_rows(format, &columns, rows.iter().map(Vec::as_slice), &mut out, options).expect("a vector takes all");
        String::from_utf8(out).expect("formats write text")
    }

    /// A node of one label and one property.
    pub(super) fn node(id: &str, label: &str, name: &str) -> Arc<ResultNode> {
        let properties = vec![("name".into(), ResultValue::string(name))];
        Arc::new(ResultNode { element_id: id.into(), labels: vec![label.into()], properties })
    }

    /// A path of one relationship, walked against its direction.
    pub(super) fn path() -> ResultValue {
        let relationship = ResultRelationship {
            element_id: "3".into(),
            kind: "IN".into(),
            start: "2".into(),
            end: "1".into(),
            properties: Vec::new(),
        };
        let nodes = vec![node("1", "市", "杭州"), node("2", "A b", "x")];
        ResultValue::Path(Arc::new(ResultPath { nodes, relationships: vec![Arc::new(relationship)] }))
    }

    #[test]
    fn finds_formats_by_name() {
        for format in Format::ALL {
            assert_eq!(format.name().to_uppercase().parse(), Ok(format));
        }
        assert_eq!("xml".parse::<Format>(), Err(UnknownFormat("xml".to_owned())));
    }
}
