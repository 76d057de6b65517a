//! The built-in package, as `build.rs` has put it into the program.
//!
//! Reading CSV at every start would cost more than all the rest of loading, so the rows are stored as they are wanted: texts in order,
//! cells as their numbers. All numbers are 32 bits, little-endian.
//!
//! ```text
//!   magic       "yuanpu rows 1\n", 14 bytes
//!   manifest    length, bytes
//!   texts       count, then count lengths, then all bytes behind each other; the first text is empty, they ascend
//!   sources     column count, columns (texts), row count, then for each row: file (text), line, cells
//!   entities    row count, then for each row: file, line, 2 cells
//!   statements  row count, then for each row: file, line, 14 cells in the order of `STATEMENT_COLUMNS`
//! ```

use smol_str::SmolStr;

use crate::exchange::{ExchangeError, Finding};

use super::rows::{Package, Row, RowPlace, TextId};

static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/builtin.rows"));

const MAGIC: &[u8] = b"yuanpu rows 1\n";

/// Returns the rows of the built-in package.
///
/// # Errors
/// If the program was built with bytes that are not in this form.
pub fn builtin() -> Result<Package, ExchangeError> {
    decode(BYTES).ok_or_else(|| {
        ExchangeError::Findings(vec![Finding::in_file("built-in package", "it is not in the form that is read here")])
    })
}

fn decode(bytes: &'static [u8]) -> Option<Package> {
    let mut reader = Reader { rest: bytes.strip_prefix(MAGIC)? };
    let manifest_size = reader.number()? as usize;
    let manifest = SmolStr::new_static(std::str::from_utf8(reader.take(manifest_size)?).ok()?);
    let texts = reader.texts()?;
    let column_count = reader.number()? as usize;
    let source_columns = reader.numbers(column_count)?;
    let sources = reader.rows(|reader| reader.numbers(column_count))?;
    let entities = reader.rows(Reader::array)?;
    let statements = reader.rows(Reader::array)?;
    reader.rest.is_empty().then_some(Package { manifest, texts, source_columns, sources, entities, statements })
}

struct Reader {
    rest: &'static [u8],
}

impl Reader {
    fn take(&mut self, size: usize) -> Option<&'static [u8]> {
        let (taken, rest) = self.rest.split_at_checked(size)?;
        self.rest = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        let (taken, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(u32::from_le_bytes(*taken))
    }

    fn numbers(&mut self, count: usize) -> Option<Vec<TextId>> {
        (0..count).map(|_| self.number()).collect()
    }

    fn array<const COUNT: usize>(&mut self) -> Option<[TextId; COUNT]> {
        let mut cells = [0; COUNT];
        for cell in &mut cells {
            *cell = self.number()?;
        }
        Some(cells)
    }

    fn texts(&mut self) -> Option<Vec<SmolStr>> {
        let count = self.number()? as usize;
        let lengths = self.numbers(count)?;
        let total = lengths.iter().map(|length| *length as usize).sum();
        let mut all = std::str::from_utf8(self.take(total)?).ok()?;
        let mut texts = Vec::with_capacity(count);
        for length in lengths {
            let (text, rest) = all.split_at_checked(length as usize)?;
            texts.push(SmolStr::new_static(text));
            all = rest;
        }
        Some(texts)
    }

    fn rows<Cells>(&mut self, mut cells: impl FnMut(&mut Reader) -> Option<Cells>) -> Option<Vec<Row<Cells>>> {
        let count = self.number()? as usize;
        let mut rows = Vec::with_capacity(count.min(self.rest.len()));
        for _ in 0..count {
            let place = RowPlace { file: self.number()?, line: self.number()? };
            rows.push(Row { cells: cells(self)?, place });
        }
        Some(rows)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::exchange::package::PackageFiles;

    #[test]
    fn the_program_holds_the_rows_of_the_folder_it_was_built_from() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        let files = PackageFiles::read(&folder).expect("the folder is there");
        let read = Package::read(&files).expect("its files are good CSV");
        let held = builtin().expect("it is in the form wanted");
        assert_eq!((&held.manifest, &held.texts), (&read.manifest, &read.texts));
        assert_eq!((&held.source_columns, &held.sources), (&read.source_columns, &read.sources));
        assert!(held.entities == read.entities && held.statements == read.statements);
    }
}
