//! Where a cell of a row stands in its file, found again when a finding is to be printed.
//!
//! Rows keep their line only; what is wrong is rare, and looking for its column then costs less than keeping the place of every cell.

use crate::exchange::Finding;
use crate::tabular::{CsvOptions, CsvReader};

use super::files::PackageFiles;
use super::rows::{Package, RowPlace};

/// Something wrong with a cell: the row, the column by name (the whole row if empty), what it is, what to try.
#[derive(Clone, Debug)]
pub struct Misfit {
    /// The row.
    pub row: RowPlace,
    /// The column's name, empty for the row as a whole.
    pub column: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to try.
    pub hint: Option<String>,
}

impl Misfit {
    /// Returns a misfit of a cell.
    pub fn new(row: RowPlace, column: &'static str, message: impl Into<String>) -> Misfit {
        Misfit { row, column, message: message.into(), hint: None }
    }

    /// Returns it with the hint that names the nearest known name.
    #[must_use]
    pub fn nearest<'n>(mut self, name: &str, known: impl IntoIterator<Item = &'n str>) -> Misfit {
        self.hint = crate::diagnostic::nearest(name, known).map(|near| format!("did you mean `{near}`?"));
        self
    }

    /// Returns the finding, with the cell's place in its file.
    pub fn locate(self, package: &Package, files: &PackageFiles) -> Finding {
        let file = package.text(self.row.file);
        let line = u64::from(self.row.line);
        let (line, column) = cell_place(files.get(file).unwrap_or_default(), line, self.column).unwrap_or((line, 0));
        Finding::in_file(file.clone(), self.message).at(line, column).with_hint(self.hint)
    }
}

/// Returns line and column of the cell of a column, in the row that begins at a line.
pub fn cell_place(bytes: &[u8], line: u64, column: &str) -> Option<(u64, u64)> {
    let mut reader = CsvReader::new(bytes, "", CsvOptions { flexible: true, ..CsvOptions::default() }).ok()?;
    let index = reader.column(column).ok()?;
    while let Ok(Some(row)) = reader.next_row() {
        if row.position().line == line {
            let position = row.field(index).position;
            return Some((position.line, position.column));
        }
    }
    None
}
