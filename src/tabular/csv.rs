//! CSV (RFC 4180), a row at a time, each field with its place.
//!
//! Accepted beyond the RFC: any one-byte delimiter, LF and CR as ends of lines beside CR LF, a byte order mark, empty lines
//! (passed over), a quotation mark inside of an unquoted field (itself). Refused with a position: a quoted field that does not
//! end, text behind a closing quotation mark, bytes that are not UTF-8, rows of another length than the header. The reader is
//! our own because those refusals and places are what people who edit files by hand need; libraries accept a missing
//! quotation mark silently and know the line of a row only.
//!
//! An empty field without quotation marks is null, `""` is the empty string; so [`Field::text`] tells them apart.

use std::io::{self, BufRead, Cursor, Read};
use std::sync::Arc;

use smol_str::SmolStr;

use super::blocks::{RawBlock, RawBlocks, RowEnd};
use super::error::{Position, TabularError, TabularErrorKind};
use super::scan::{Input, Outcome, Raw, RawField, Scan, State, advanced, without_byte_order_mark};
use super::typed::ColumnType;
use crate::value::Value;

/// The most bytes that one row may have; a forgotten quotation mark must not read a large file into memory.
pub const ROW_LIMIT_BYTES: usize = 64 << 20;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CsvOptions {
    /// What stands between fields.
    pub delimiter: u8,
    /// Whether the first row names the columns.
    pub header: bool,
    /// Whether rows may be shorter or longer than the header; missing fields are null.
    pub flexible: bool,
}

impl Default for CsvOptions {
    fn default() -> Self {
        CsvOptions { delimiter: b',', header: true, flexible: false }
    }
}

/// Reads rows of CSV.
pub struct CsvReader<R> {
    input: Input<R>,
    file: SmolStr,
    options: CsvOptions,
    columns: Vec<SmolStr>,
    header_position: Position,
    position: Position,
    after_return: bool,
    row: Raw,
}

/// A file cut into blocks of whole rows, which several threads may read.
pub struct CsvBlocks<R> {
    raw: RawBlocks<Input<R>>,
    head: Arc<Head>,
}

/// Rows of a file, and where they stand in it.
pub struct CsvBlock {
    raw: RawBlock,
    head: Arc<Head>,
}

/// What all blocks of a file have in common.
#[derive(Debug)]
struct Head {
    file: SmolStr,
    options: CsvOptions,
    columns: Vec<SmolStr>,
    header_position: Position,
}

/// A row of a file.
pub struct CsvRow<'r> {
    text: &'r str,
    fields: &'r [RawField],
    columns: &'r [SmolStr],
    file: &'r SmolStr,
}

/// A field of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'r> {
    /// The text; nothing if the field is empty and without quotation marks.
    pub text: Option<&'r str>,
    /// Where the field begins, its quotation mark included.
    pub position: Position,
}

impl<R: BufRead> CsvReader<R> {
    /// Returns a reader, with the header already read if there is to be one; an empty file has no columns and no rows.
    ///
    /// # Errors
    /// If the header cannot be read, or names a column twice or not at all.
    pub fn new(input: R, file: impl Into<SmolStr>, options: CsvOptions) -> Result<Self, TabularError> {
        let file = file.into();
        let (input, position) = without_byte_order_mark(input).map_err(|error| TabularError {
            kind: TabularErrorKind::Read(Arc::new(error)),
            file: file.clone(),
            position: Position::START,
        })?;
        let mut reader = CsvReader {
            input,
            file,
            options,
            columns: Vec::new(),
            header_position: Position::START,
            position,
            after_return: false,
            row: Raw::default(),
        };
        if options.header {
            reader.read_header()?;
        }
        Ok(reader)
    }

    /// Returns the names of the columns; none without a header.
    pub fn columns(&self) -> &[SmolStr] {
        &self.columns
    }

    /// Returns the index of a column.
    ///
    /// # Errors
    /// If the header does not have it.
    pub fn column(&self, name: &str) -> Result<usize, TabularError> {
        self.columns
            .iter()
            .position(|column| column == name)
            .ok_or_else(|| self.error(TabularErrorKind::MissingColumn(name.into()), self.header_position))
    }

    /// Returns the next row, nothing behind the last.
    ///
    /// # Errors
    /// If the row is not CSV or not UTF-8, has another length than the header, or cannot be read.
    pub fn next_row(&mut self) -> Result<Option<CsvRow<'_>>, TabularError> {
        if !self.read_raw()? {
            return Ok(None);
        }
        let (expected, found) = (self.columns.len(), self.row.fields.len());
        if self.options.header && !self.options.flexible && expected != found {
            return Err(self.error(TabularErrorKind::FieldCount { expected, found }, self.row.fields[0].position));
        }
        let text = match std::str::from_utf8(&self.row.bytes) {
            Ok(text) => text,
            Err(bad) => return Err(self.not_utf8(bad.valid_up_to())),
        };
        Ok(Some(CsvRow { text, fields: &self.row.fields, columns: &self.columns, file: &self.file }))
    }

    /// Returns what is left of the file in blocks.
    pub fn into_blocks(self) -> CsvBlocks<R> {
        let row_end = RowEnd::Csv { delimiter: self.options.delimiter };
        let raw = RawBlocks::new(self.input, self.file.clone(), row_end, self.position, self.after_return);
        let (file, options, columns, header_position) = (self.file, self.options, self.columns, self.header_position);
        CsvBlocks { raw, head: Arc::new(Head { file, options, columns, header_position }) }
    }

    fn read_header(&mut self) -> Result<(), TabularError> {
        if !self.read_raw()? {
            return Ok(());
        }
        self.header_position = self.row.fields[0].position;
        let text = match std::str::from_utf8(&self.row.bytes) {
            Ok(text) => text,
            Err(bad) => return Err(self.not_utf8(bad.valid_up_to())),
        };
        let mut columns: Vec<SmolStr> = Vec::with_capacity(self.row.fields.len());
        for field in &self.row.fields {
            let name = text.get(field.start..field.end).unwrap_or_default();
            if name.is_empty() {
                return Err(self.error(TabularErrorKind::UnnamedColumn(columns.len() + 1), field.position));
            }
            if columns.iter().any(|column| column == name) {
                return Err(self.error(TabularErrorKind::DuplicateColumn(name.into()), field.position));
            }
            columns.push(name.into());
        }
        self.columns = columns;
        Ok(())
    }

    fn error(&self, kind: TabularErrorKind, position: Position) -> TabularError {
        TabularError { kind, file: self.file.clone(), position }
    }

    /// Returns the error for the first byte of the row that is not UTF-8, at this index of the row's bytes.
    fn not_utf8(&self, index: usize) -> TabularError {
        let fields = &self.row.fields;
        // A sequence cut off by a delimiter is found at the field it begins in.
        let field = fields.iter().rfind(|field| field.start <= index && index < field.end).unwrap_or(&fields[0]);
        let mut position = field.position;
        if field.quoted {
            position = advanced(position, b'"');
        }
        let mut before = b'"';
        for &byte in &self.row.bytes[field.start..index] {
            let line = position.line;
            position = advanced(position, byte);
            if byte == b'\n' && before == b'\r' {
                position.line = line;
            }
            if field.quoted && byte == b'"' {
                position = advanced(position, byte);
            }
            before = byte;
        }
        let byte = self.row.bytes.get(index).copied().unwrap_or_default();
        self.error(TabularErrorKind::NotUtf8 { byte, offset_bytes: position.offset_bytes }, position)
    }

    /// Reads the bytes of the next row that is not empty; says whether there was one.
    fn read_raw(&mut self) -> Result<bool, TabularError> {
        self.row.bytes.clear();
        self.row.fields.clear();
        let mut scan = Scan {
            state: State::FieldStart,
            delimiter: self.options.delimiter,
            position: self.position,
            after_return: self.after_return,
            opened: self.position,
        };
        loop {
            let buffer = match self.input.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.error(TabularErrorKind::Read(Arc::new(error)), scan.position)),
            };
            if buffer.is_empty() {
                return self.at_end(scan);
            }
            let (used, outcome) = scan.run(buffer, &mut self.row);
            self.input.consume(used);
            self.position = scan.position;
            self.after_return = scan.after_return;
            match outcome {
                Outcome::Row => return Ok(true),
                Outcome::Bad(kind, position) => return Err(self.error(kind, position)),
                Outcome::More if self.row.bytes.len() > ROW_LIMIT_BYTES => {
                    let start = self.row.fields.first().map_or(scan.opened, |field| field.position);
                    return Err(self.error(TabularErrorKind::RowTooLong { limit_bytes: ROW_LIMIT_BYTES }, start));
                }
                Outcome::More => {}
            }
        }
    }

    fn at_end(&mut self, mut scan: Scan) -> Result<bool, TabularError> {
        self.position = scan.position;
        match scan.state {
            State::Quoted => Err(self.error(TabularErrorKind::UnclosedQuote, scan.opened)),
            State::FieldStart if self.row.fields.is_empty() => Ok(false),
            State::FieldStart => {
                scan.opened = scan.position;
                scan.end_field(&mut self.row, false);
                Ok(true)
            }
            State::Plain | State::QuoteInQuoted => {
                let quoted = scan.state == State::QuoteInQuoted;
                scan.end_field(&mut self.row, quoted);
                Ok(true)
            }
        }
    }
}

impl<R: Read> Iterator for CsvBlocks<R> {
    type Item = Result<CsvBlock, TabularError>;

    /// Returns the next block, nothing behind the last or behind an error.
    fn next(&mut self) -> Option<Self::Item> {
        let next = self.raw.next()?;
        Some(next.map(|raw| CsvBlock { raw, head: Arc::clone(&self.head) }))
    }
}

#[cfg(test)]
impl<R: Read> CsvBlocks<R> {
    /// Returns them with blocks and rows of other sizes.
    pub(super) fn sized(mut self, size_bytes: usize, limit_bytes: usize) -> Self {
        self.raw = self.raw.sized(size_bytes, limit_bytes);
        self
    }
}

impl CsvBlock {
    /// Returns a reader of all its rows.
    pub fn reader(&self) -> CsvReader<&[u8]> {
        self.reader_from(&self.raw.bytes, self.raw.position, self.raw.after_return)
    }

    /// Returns a reader that begins at a row of this block.
    pub fn reader_at(&self, row: Position) -> CsvReader<&[u8]> {
        let skipped = (row.offset_bytes - self.raw.position.offset_bytes) as usize;
        self.reader_from(self.raw.bytes.get(skipped..).unwrap_or_default(), row, false)
    }

    fn reader_from<'b>(&self, bytes: &'b [u8], position: Position, after_return: bool) -> CsvReader<&'b [u8]> {
        let Head { file, options, columns, header_position } = &*self.head;
        CsvReader {
            input: Cursor::new(Vec::new()).chain(bytes),
            file: file.clone(),
            options: *options,
            columns: columns.clone(),
            header_position: *header_position,
            position,
            after_return,
            row: Raw::default(),
        }
    }
}

impl<'r> CsvRow<'r> {
    /// Returns the file's name as it was given.
    pub fn file(&self) -> &'r str {
        self.file
    }

    /// Returns the name of a column, or its number where there is no header.
    pub fn column_name(&self, index: usize) -> SmolStr {
        self.columns.get(index).cloned().unwrap_or_else(|| (index + 1).to_string().into())
    }

    /// Returns the number of fields.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Returns where the row begins.
    pub fn position(&self) -> Position {
        self.fields.first().map_or(Position::START, |field| field.position)
    }

    /// Returns a field; one beyond the end of a short row is null, at the row's beginning.
    pub fn field(&self, index: usize) -> Field<'r> {
        let Some(raw) = self.fields.get(index) else { return Field { text: None, position: self.position() } };
        let text = self.text.get(raw.start..raw.end).unwrap_or_default();
        Field { text: (raw.quoted || !text.is_empty()).then_some(text), position: raw.position }
    }

    /// Returns the text of a field, empty where it is null.
    pub fn text(&self, index: usize) -> &'r str {
        self.field(index).text.unwrap_or_default()
    }

    /// Returns the fields in order.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = Field<'r>> + '_ {
        (0..self.fields.len()).map(|index| self.field(index))
    }

    /// Returns the field as a value of a type; null where it is null.
    ///
    /// # Errors
    /// If its text is not of that type.
    pub fn value(&self, index: usize, column_type: &ColumnType) -> Result<Value, TabularError> {
        let Some(text) = self.field(index).text else { return Ok(Value::Null) };
        column_type.parse(text).map_err(|problem| {
            self.error(index, TabularErrorKind::NotOfType { column: self.column_name(index), problem })
        })
    }

    /// Returns an error at a field of this row.
    pub fn error(&self, index: usize, kind: TabularErrorKind) -> TabularError {
        TabularError { kind, file: self.file.clone(), position: self.field(index).position }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use proptest::prelude::*;

    use super::*;

    fn read_with(bytes: &[u8], options: CsvOptions) -> Result<Vec<Vec<Option<String>>>, TabularError> {
        // A small buffer, so that every construct is cut somewhere.
        let mut reader = CsvReader::new(BufReader::with_capacity(3, bytes), "f.csv", options)?;
        let mut rows = Vec::new();
        while let Some(row) = reader.next_row()? {
            rows.push(row.fields().map(|field| field.text.map(str::to_owned)).collect());
        }
        Ok(rows)
    }

    fn read(text: &str) -> Vec<Vec<Option<String>>> {
        read_with(text.as_bytes(), CsvOptions { header: false, ..CsvOptions::default() }).expect("it is CSV")
    }

    fn refusal(bytes: &[u8]) -> String {
        read_with(bytes, CsvOptions::default()).map_err(|error| error.to_string()).expect_err("it is not CSV")
    }

    fn row(fields: &[&str]) -> Vec<Option<String>> {
        fields.iter().map(|&field| (field != "-").then(|| field.to_owned())).collect()
    }

    #[test]
    fn reads_quotes_line_ends_and_nulls() {
        assert_eq!(read("a,b\r\nc,d"), [row(&["a", "b"]), row(&["c", "d"])]);
        assert_eq!(read("a\rb\n\n\r\nc\n"), [row(&["a"]), row(&["b"]), row(&["c"])]);
        assert_eq!(read("\"a,\"\"b\"\"\r\n园\",\"\",,x\"y"), [row(&["a,\"b\"\r\n园", "", "-", "x\"y"])]);
        assert_eq!(read(",\n"), [row(&["-", "-"])]);
        assert_eq!(read("a,"), [row(&["a", "-"])]);
        assert_eq!(read("\"\""), [row(&[""])]);
        assert_eq!(read("\u{feff}\"a\",b"), [row(&["a", "b"])]);
        // The first byte of this character is that of the byte order mark, too.
        assert_eq!(read("ｘ,b"), [row(&["ｘ", "b"])]);
        assert_eq!(read(""), Vec::<Vec<Option<String>>>::new());
        assert_eq!(read("\"a\"\r\n\"b\"\r\n"), [row(&["a"]), row(&["b"])]);
    }

    #[test]
    fn knows_the_place_of_each_field() {
        let text = "\u{feff}名,b\r\n\"园\n\"\"区\",x\r\n";
        let mut reader = CsvReader::new(text.as_bytes(), "f.csv", CsvOptions::default()).expect("the header is good");
        assert_eq!(reader.columns(), ["名", "b"]);
        assert_eq!(reader.column("b").ok(), Some(1));
        let row = reader.next_row().expect("it is CSV").expect("there is a row");
        assert_eq!(row.position(), Position { line: 2, column: 1, offset_bytes: 10 });
        assert_eq!(row.field(1).position, Position { line: 3, column: 6, offset_bytes: 22 });
        assert!(reader.next_row().expect("it is CSV").is_none());
        assert_eq!(
            reader.column("c").map_err(|error| error.to_string()),
            Err("f.csv:1:1: column `c` is missing in the header".to_owned())
        );
    }

    #[test]
    fn refuses_with_the_place() {
        for (bytes, message) in [
            (&b"a,b\n1,\"x\n"[..], "f.csv:2:3: the quoted field that begins here does not end"),
            (
                b"a,b\n\"1\"2,x\n",
                "f.csv:2:4: a closing quotation mark must be followed by the delimiter or the end of the line",
            ),
            (b"a,b\n\n1,2,3\n", "f.csv:3:1: the row has 3 fields, the header has 2"),
            (b"a,b\n1,\"x\n\"\"y\xff\"\n", "f.csv:3:4: byte 0xff at offset 12 is not UTF-8"),
            (b"a,b\r\n1,\"x\r\ny\xff\"\r\n", "f.csv:3:2: byte 0xff at offset 12 is not UTF-8"),
            (b"a,\xe5\x9b,b\n", "f.csv:1:3: byte 0xe5 at offset 2 is not UTF-8"),
            (b"a,b,a\n", "f.csv:1:5: column `a` appears twice in the header"),
            (b"a,,b\n", "f.csv:1:3: column 2 has no name in the header"),
        ] {
            assert_eq!(refusal(bytes), message);
        }
    }

    #[test]
    fn takes_other_delimiters_and_uneven_rows() {
        let options = CsvOptions { delimiter: b'\t', flexible: true, ..CsvOptions::default() };
        let rows = read_with(b"a\tb\n1\n1\t2,2\t3\n", options).expect("it is good");
        assert_eq!(rows, [row(&["1"]), row(&["1", "2,2", "3"])]);
    }

    #[test]
    fn reads_typed_values_with_the_column_in_the_error() {
        let text = "n,d\n7,2017-04\nx,\n";
        let mut reader = CsvReader::new(text.as_bytes(), "f.csv", CsvOptions::default()).expect("the header is good");
        let row = reader.next_row().expect("it is CSV").expect("there is a row");
        assert!(matches!(row.value(0, &ColumnType::Integer), Ok(Value::Integer(7))));
        assert!(matches!(row.value(1, &ColumnType::PartialDate), Ok(Value::PartialDate(_))));
        let row = reader.next_row().expect("it is CSV").expect("there is a row");
        assert!(matches!(row.value(1, &ColumnType::Integer), Ok(Value::Null)));
        let message = row.value(0, &ColumnType::Integer).map_err(|error| error.to_string());
        assert_eq!(message.err().as_deref(), Some("f.csv:3:1: column `n`: `x` is not an integer"));
    }

    fn written(rows: &[Vec<String>]) -> String {
        let field = |text: &String| format!("\"{}\"", text.replace('"', "\"\""));
        rows.iter().map(|row| row.iter().map(field).collect::<Vec<_>>().join(",") + "\r\n").collect()
    }

    proptest! {
        #[test]
        fn reads_back_what_was_quoted(rows in prop::collection::vec(prop::collection::vec("[a园\",\r\n]{0,4}", 1..4), 0..4)) {
            let expected: Vec<Vec<Option<String>>> =
                rows.iter().map(|row| row.iter().cloned().map(Some).collect()).collect();
            prop_assert_eq!(read(&written(&rows)), expected);
        }

        #[test]
        fn bears_any_bytes(bytes in prop::collection::vec(prop::sample::select(&b"a\",\r\n\xef\xbb\xbf\xe5\x9b\xad"[..]), 0..24)) {
            let _ = read_with(&bytes, CsvOptions::default());
            let _ = read_with(&bytes, CsvOptions { header: false, ..CsvOptions::default() });
        }
    }
}
