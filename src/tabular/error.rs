//! What can be wrong with a file of rows, and where.

use std::fmt;
use std::io;
use std::sync::Arc;

use smol_str::SmolStr;

use super::typed::NotOfType;
use crate::diagnostic::{Diagnostic, Phase};

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, counted from 1.
    pub line: u64,
    /// The column in characters, counted from 1.
    pub column: u64,
    /// The offset from the start of the file, in bytes, a byte order mark included.
    pub offset_bytes: u64,
}

impl Position {
    /// The start of a file.
    pub const START: Position = Position { line: 1, column: 1, offset_bytes: 0 };
}

/// What is wrong with a file of rows.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TabularErrorKind {
    /// The file cannot be read further.
    #[error("the file cannot be read: {0}")]
    Read(#[source] Arc<io::Error>),
    /// A byte that is not UTF-8.
    #[error("byte {byte:#04x} at offset {offset_bytes} is not UTF-8")]
    NotUtf8 {
        /// The byte.
        byte: u8,
        /// Its offset from the start of the file.
        offset_bytes: u64,
    },
    /// A quoted field that does not end.
    #[error("the quoted field that begins here does not end")]
    UnclosedQuote,
    /// Text between a closing quotation mark and the next delimiter.
    #[error("a closing quotation mark must be followed by the delimiter or the end of the line")]
    TextAfterQuote,
    /// A row with another number of fields than the header.
    #[error("the row has {found} fields, the header has {expected}")]
    FieldCount {
        /// The number of columns in the header.
        expected: usize,
        /// The number of fields in the row.
        found: usize,
    },
    /// A header with the same name twice.
    #[error("column `{0}` appears twice in the header")]
    DuplicateColumn(SmolStr),
    /// A header with an empty name.
    #[error("column {0} has no name in the header")]
    UnnamedColumn(usize),
    /// A header without a column that is needed.
    #[error("column `{0}` is missing in the header")]
    MissingColumn(SmolStr),
    /// A row longer than the limit.
    #[error("the row that begins here is longer than {limit_bytes} bytes")]
    RowTooLong {
        /// The limit.
        limit_bytes: usize,
    },
    /// A line that is not JSON.
    #[error("the line is not JSON: {0}")]
    NotJson(String),
    /// A line of JSON that is not an object.
    #[error("the line must be a JSON object; it is {0}")]
    NotAnObject(&'static str),
    /// A field that is not of its column's type.
    #[error("column `{column}`: {problem}")]
    NotOfType {
        /// The column's name.
        column: SmolStr,
        /// What is wrong with the field.
        problem: NotOfType,
    },
}

impl TabularErrorKind {
    /// Returns the detail by which programs know the kind.
    pub fn detail(&self) -> &'static str {
        match self {
            TabularErrorKind::Read(_) => "ReadFailed",
            TabularErrorKind::NotUtf8 { .. } => "InvalidUtf8",
            TabularErrorKind::NotJson(_) | TabularErrorKind::NotAnObject(_) => "InvalidJson",
            TabularErrorKind::NotOfType { .. } => "InvalidArgumentValue",
            _ => "InvalidCsv",
        }
    }
}

/// Something wrong in a file of rows: what, in which file, where.
#[derive(Clone, Debug)]
pub struct TabularError {
    /// What is wrong.
    pub kind: TabularErrorKind,
    /// The file's name as it was given.
    pub file: SmolStr,
    /// Where in the file.
    pub position: Position,
}

impl fmt::Display for TabularError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.position.line, self.position.column, self.kind)
    }
}

impl std::error::Error for TabularError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.kind.source()
    }
}

impl From<&TabularError> for Diagnostic {
    fn from(error: &TabularError) -> Self {
        let finding = Diagnostic::error(Phase::Runtime, "ArgumentError", error.kind.detail(), error.to_string());
        match &error.kind {
            TabularErrorKind::NotUtf8 { .. } => finding.with_hint("save the file as UTF-8"),
            TabularErrorKind::UnclosedQuote => {
                finding.with_hint("write a quotation mark inside of a quoted field twice")
            }
            TabularErrorKind::FieldCount { .. } => {
                finding.with_hint("put a field that holds the delimiter into quotation marks")
            }
            _ => finding,
        }
    }
}
