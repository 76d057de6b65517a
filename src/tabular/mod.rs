//! Rows out of CSV and JSON lines, with the position of everything in its file; serves `LOAD CSV`, import and packages.
//!
//! Readers stream from any [`std::io::BufRead`] and hold one row at a time. What a row means is decided by who reads it;
//! [`ColumnType`] turns the text of a field into a value of a declared type.

mod error;
mod scan;
mod blocks;
mod csv;
mod jsonl;
mod typed;

pub use csv::{CsvBlock, CsvBlocks, CsvOptions, CsvReader, CsvRow};
pub use error::{Position, TabularError, TabularErrorKind};
pub use jsonl::{JsonRow, JsonlBlock, JsonlReader};
pub use typed::{ColumnType, NotOfType, escape_bar, split_list, unescape_bar};
