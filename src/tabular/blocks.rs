//! A file cut into blocks of whole rows, so that several threads can read it at once.
//!
//! ```text
//!   file     id,name⏎1,"a⏎b"⏎2,c⏎3,d⏎ …
//!   blocks           [1,"a⏎b"⏎2,c⏎] [3,d⏎ …     each knows where in the file it begins
//! ```
//! A line ends a row of CSV unless it ends within a quoted field. Whether a quotation mark opens one is seen at the byte before it, as
//! the reader of rows sees it: only behind a delimiter, or at the beginning of a row. So it is enough to go from mark to mark; a block
//! without any is looked at from its end only. Where blocks are cut depends on the bytes alone, never on who reads them.
//!
//! A file that is not CSV may be cut otherwise than a reader of rows would read it, but only behind the place where such a reader stops.

use std::io::Read;
use std::sync::Arc;

use smol_str::SmolStr;

use super::csv::ROW_LIMIT_BYTES;
use super::error::{Position, TabularError, TabularErrorKind};

/// How many bytes a block has, about.
pub const BLOCK_SIZE_BYTES: usize = 2 << 20;

/// What ends a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowEnd {
    /// The end of a line outside of quotation marks, which stand behind this delimiter.
    Csv { delimiter: u8 },
    /// LF.
    Line,
}

/// Bytes of whole rows, and where they stand.
#[derive(Debug)]
pub(super) struct RawBlock {
    pub(super) bytes: Vec<u8>,
    pub(super) position: Position,
    /// Whether the byte before was CR, so that LF at the beginning belongs to it.
    pub(super) after_return: bool,
}

/// Cuts an input into blocks.
#[derive(Debug)]
pub(super) struct RawBlocks<R> {
    input: R,
    file: SmolStr,
    row_end: RowEnd,
    size_bytes: usize,
    limit_bytes: usize,
    left: Vec<u8>,
    position: Position,
    after_return: bool,
    ended: bool,
}

impl<R: Read> RawBlocks<R> {
    /// Returns what cuts the rest of an input, which begins at a row.
    pub(super) fn new(input: R, file: SmolStr, row_end: RowEnd, position: Position, after_return: bool) -> Self {
        let (size_bytes, limit_bytes) = (BLOCK_SIZE_BYTES, ROW_LIMIT_BYTES);
        let (left, ended) = (Vec::new(), false);
        RawBlocks { input, file, row_end, size_bytes, limit_bytes, left, position, after_return, ended }
    }

    /// Returns them with blocks of another size.
    #[cfg(test)]
    pub(super) fn sized(mut self, size_bytes: usize, limit_bytes: usize) -> Self {
        (self.size_bytes, self.limit_bytes) = (size_bytes.max(1), limit_bytes);
        self
    }

    fn fill(&mut self, wanted: usize) -> std::io::Result<()> {
        let missing = wanted.saturating_sub(self.left.len());
        self.left.reserve_exact(missing);
        let read = self.input.by_ref().take(missing as u64).read_to_end(&mut self.left)?;
        self.ended = read < missing;
        Ok(())
    }

    fn taken(&mut self, end: usize) -> RawBlock {
        let rest = self.left.split_off(end);
        let bytes = std::mem::replace(&mut self.left, rest);
        let block = RawBlock { position: self.position, after_return: self.after_return, bytes };
        self.position = Position {
            line: self.position.line + line_count(&block.bytes, self.row_end, self.after_return),
            column: 1,
            offset_bytes: self.position.offset_bytes + end as u64,
        };
        // A block is never cut between CR and LF.
        self.after_return = false;
        block
    }

    fn refused(&mut self, kind: TabularErrorKind) -> TabularError {
        (self.ended, self.left) = (true, Vec::new());
        TabularError { kind, file: self.file.clone(), position: self.position }
    }
}

impl<R: Read> Iterator for RawBlocks<R> {
    type Item = Result<RawBlock, TabularError>;

    /// Returns the next block, nothing behind the last; after an error there is nothing any more.
    fn next(&mut self) -> Option<Self::Item> {
        let mut wanted = self.size_bytes;
        while !self.ended {
            if let Err(error) = self.fill(wanted) {
                return Some(Err(self.refused(TabularErrorKind::Read(Arc::new(error)))));
            }
            if self.ended {
                break;
            }
            if let Some(end) = last_row_end(&self.left, self.row_end) {
                return Some(Ok(self.taken(end)));
            }
            if self.left.len() > self.limit_bytes {
                return Some(Err(self.refused(TabularErrorKind::RowTooLong { limit_bytes: self.limit_bytes })));
            }
            // Twice as much each time: what is looked at again and again stays in proportion.
            wanted *= 2;
        }
        let end = self.left.len();
        (end > 0).then(|| Ok(self.taken(end)))
    }
}

/// Returns the place behind the last row that is certainly whole, if there is one.
fn last_row_end(bytes: &[u8], row_end: RowEnd) -> Option<usize> {
    let RowEnd::Csv { delimiter } = row_end else {
        return bytes.iter().rposition(|byte| *byte == b'\n').map(|place| place + 1);
    };
    if !bytes.contains(&b'"') {
        return last_line_end(bytes, 0, bytes.len());
    }
    let mut found = None;
    let mut outside = 0;
    let mut from = 0;
    while let Some(mark) = place_of_mark(bytes, from) {
        let before = mark.checked_sub(1).map(|place| bytes[place]);
        if before.is_some_and(|before| before != delimiter && before != b'\n' && before != b'\r') {
            from = mark + 1;
            continue;
        }
        found = last_line_end(bytes, outside, mark).or(found);
        let Some(closing) = closing_mark(bytes, mark + 1) else { return found };
        (outside, from) = (closing + 1, closing + 1);
    }
    last_line_end(bytes, outside, bytes.len()).or(found)
}

fn place_of_mark(bytes: &[u8], from: usize) -> Option<usize> {
    bytes[from..].iter().position(|byte| *byte == b'"').map(|place| from + place)
}

/// Returns the place of the quotation mark that closes a field, if it is certain that it does.
fn closing_mark(bytes: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let mark = place_of_mark(bytes, from)?;
        // Two marks are one of the text.
        if *bytes.get(mark + 1)? != b'"' {
            return Some(mark);
        }
        from = mark + 2;
    }
}

/// Returns the place behind the last end of a line in a range.
fn last_line_end(bytes: &[u8], from: usize, to: usize) -> Option<usize> {
    let ends = |place: &usize| match bytes[*place] {
        b'\n' => true,
        // Whether LF follows must be known: it belongs to CR.
        b'\r' => bytes.get(*place + 1).is_some_and(|next| *next != b'\n'),
        _ => false,
    };
    (from..to).rev().find(ends).map(|place| place + 1)
}

/// Counts the ends of lines: LF, and in CSV CR and CR LF too.
fn line_count(bytes: &[u8], row_end: RowEnd, after_return: bool) -> u64 {
    let count = |wanted: u8| bytes.iter().filter(|byte| **byte == wanted).count();
    let feeds = count(b'\n');
    if row_end == RowEnd::Line {
        return feeds as u64;
    }
    let begun = usize::from(after_return && bytes.first() == Some(&b'\n'));
    if !bytes.contains(&b'\r') {
        return (feeds - begun) as u64;
    }
    let joined = bytes.windows(2).filter(|pair| pair == b"\r\n").count();
    (feeds + count(b'\r') - joined - begun) as u64
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use proptest::prelude::*;

    use super::super::csv::{CsvOptions, CsvReader};
    use super::super::jsonl::JsonlReader;
    use super::*;

    /// What a reader says: each row with its places, and the error that ends it.
    fn told<R: std::io::BufRead>(reader: &mut CsvReader<R>, lines: &mut Vec<String>) -> bool {
        loop {
            match reader.next_row() {
                Ok(Some(row)) => {
                    let fields: Vec<_> = row.fields().map(|field| (field.text, field.position)).collect();
                    lines.push(format!("{fields:?}"));
                }
                Ok(None) => return true,
                Err(error) => {
                    lines.push(error.to_string());
                    if !matches!(error.kind, TabularErrorKind::FieldCount { .. }) {
                        return false;
                    }
                }
            }
        }
    }

    fn at_once(bytes: &[u8], options: CsvOptions) -> Vec<String> {
        let mut lines = Vec::new();
        match CsvReader::new(bytes, "f.csv", options) {
            Ok(mut reader) => drop(told(&mut reader, &mut lines)),
            Err(error) => lines.push(error.to_string()),
        }
        lines
    }

    fn in_blocks(bytes: &[u8], options: CsvOptions, size_bytes: usize) -> Vec<String> {
        let mut lines = Vec::new();
        let reader = match CsvReader::new(BufReader::with_capacity(3, bytes), "f.csv", options) {
            Ok(reader) => reader,
            Err(error) => return vec![error.to_string()],
        };
        let blocks = reader.into_blocks().sized(size_bytes, 1 << 20);
        for block in blocks {
            let block = block.expect("no row is longer than the limit");
            if !told(&mut block.reader(), &mut lines) {
                break;
            }
        }
        lines
    }

    #[test]
    fn quoted_lines_at_the_borders_of_blocks_are_not_cut() {
        let text = "a,b\r\n1,\"x\ny\"\r\n\"\"\"\n\",z\"z\n\n3,\"\"\n\"4\",\"园\n\r\n区\"\r5,6\r\n";
        let expected = at_once(text.as_bytes(), CsvOptions::default());
        assert_eq!(expected.len(), 5);
        for size_bytes in 1..=text.len() {
            assert_eq!(in_blocks(text.as_bytes(), CsvOptions::default(), size_bytes), expected, "{size_bytes} bytes");
        }
    }

    #[test]
    fn a_row_beyond_the_limit_is_refused_where_it_begins() {
        let text = format!("a\n1\n\"{}\"\n", "x\n".repeat(100));
        let reader = CsvReader::new(text.as_bytes(), "f.csv", CsvOptions::default()).expect("a header");
        let mut blocks = reader.into_blocks().sized(8, 64);
        assert!(blocks.next().is_some_and(|block| block.is_ok()));
        let refused = blocks.next().and_then(Result::err).map(|error| error.to_string());
        assert_eq!(refused.as_deref(), Some("f.csv:3:1: the row that begins here is longer than 64 bytes"));
        assert!(blocks.next().is_none());
    }

    #[test]
    fn json_lines_keep_their_places() {
        let text = "{\"a\":1}\n\n{\"a\":\"\\n\"}\r\n[1]\n{\"a\":2}";
        let read = |mut reader: JsonlReader<&[u8]>, lines: &mut Vec<String>| {
            loop {
                match reader.next_row() {
                    Ok(Some(row)) => lines.push(format!("{row:?}")),
                    Ok(None) => break,
                    Err(error) => lines.push(error.to_string()),
                }
            }
        };
        let mut expected = Vec::new();
        read(JsonlReader::new(text.as_bytes(), "f.jsonl"), &mut expected);
        assert_eq!(expected.len(), 4);
        for size_bytes in 1..=text.len() {
            let blocks = JsonlReader::new(text.as_bytes(), "f.jsonl").into_blocks().sized(size_bytes, 1 << 20);
            let mut lines = Vec::new();
            for block in blocks {
                read(block.expect("no line is longer than the limit").reader(), &mut lines);
            }
            assert_eq!(lines, expected, "{size_bytes} bytes");
        }
    }

    proptest! {
        #[test]
        fn blocks_say_what_the_file_says(
            text in proptest::collection::vec(proptest::sample::select(vec!["\"", ",", "\n", "\r", "\r\n", "a", "园", ";"]), 0..60),
            size_bytes in 1usize..20,
            header in any::<bool>(),
        ) {
            let text = text.concat();
            let options = CsvOptions { header, ..CsvOptions::default() };
            prop_assert_eq!(in_blocks(text.as_bytes(), options, size_bytes), at_once(text.as_bytes(), options));
        }
    }
}
