//! JSON lines, a row at a time: each line an object, its members the fields.
//!
//! Numbers with a fraction or an exponent are floats, others integers of 64 bits; objects inside are maps. Lines of white
//! space are passed over.

use std::io::{BufRead, Read};
use std::sync::Arc;

use smol_str::SmolStr;

use super::blocks::{RawBlock, RawBlocks, RowEnd};
use super::csv::ROW_LIMIT_BYTES;
use super::error::{Position, TabularError, TabularErrorKind};
use crate::value::{Value, from_json};

/// Reads rows of JSON lines.
pub struct JsonlReader<R> {
    input: R,
    file: SmolStr,
    line: u64,
    offset_bytes: u64,
    buffer: Vec<u8>,
}

/// A file cut into blocks of whole lines, which several threads may read.
pub struct JsonlBlocks<R> {
    raw: RawBlocks<R>,
    file: SmolStr,
}

/// Lines of a file, and where they stand in it.
pub struct JsonlBlock {
    raw: RawBlock,
    file: SmolStr,
}

/// A row of a file.
#[derive(Clone, Debug)]
pub struct JsonRow {
    /// The members in the order in which they stand.
    pub fields: Vec<(SmolStr, Value)>,
    /// Where the line begins.
    pub position: Position,
}

impl JsonRow {
    /// Returns the value of a member; nothing if the object does not have it.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value)
    }
}

impl<R: BufRead> JsonlReader<R> {
    /// Returns a reader.
    pub fn new(input: R, file: impl Into<SmolStr>) -> Self {
        JsonlReader { input, file: file.into(), line: 0, offset_bytes: 0, buffer: Vec::new() }
    }

    /// Returns what is left of the file in blocks.
    pub fn into_blocks(self) -> JsonlBlocks<R> {
        let position = Position { line: self.line + 1, column: 1, offset_bytes: self.offset_bytes };
        let raw = RawBlocks::new(self.input, self.file.clone(), RowEnd::Line, position, false);
        JsonlBlocks { raw, file: self.file }
    }

    /// Returns the next row, nothing behind the last.
    ///
    /// # Errors
    /// If the line is not UTF-8, not JSON, not an object, or cannot be read.
    pub fn next_row(&mut self) -> Result<Option<JsonRow>, TabularError> {
        loop {
            self.line += 1;
            let start = Position { line: self.line, column: 1, offset_bytes: self.offset_bytes };
            self.buffer.clear();
            let limit = ROW_LIMIT_BYTES as u64 + 1;
            let read = self.input.by_ref().take(limit).read_until(b'\n', &mut self.buffer);
            let count = read.map_err(|error| self.error(TabularErrorKind::Read(Arc::new(error)), start))?;
            if count == 0 {
                return Ok(None);
            }
            if count > ROW_LIMIT_BYTES {
                return Err(self.error(TabularErrorKind::RowTooLong { limit_bytes: ROW_LIMIT_BYTES }, start));
            }
            self.offset_bytes += count as u64;
            let text = match std::str::from_utf8(&self.buffer) {
                Ok(text) => text,
                Err(bad) => return Err(self.not_utf8(bad.valid_up_to(), start)),
            };
            let text = if self.line == 1 { text.strip_prefix('\u{feff}').unwrap_or(text) } else { text };
            if !text.trim().is_empty() {
                let fields = fields(text).map_err(|(kind, column)| {
                    let offset_bytes = start.offset_bytes + text.len().min(column) as u64;
                    let column = text.get(..column).map_or(1, |before| before.chars().count() as u64 + 1);
                    self.error(kind, Position { line: start.line, column, offset_bytes })
                })?;
                return Ok(Some(JsonRow { fields, position: start }));
            }
        }
    }

    fn not_utf8(&self, index: usize, start: Position) -> TabularError {
        let before = String::from_utf8_lossy(&self.buffer[..index]);
        let offset_bytes = start.offset_bytes + index as u64;
        let position = Position { line: start.line, column: before.chars().count() as u64 + 1, offset_bytes };
        let byte = self.buffer.get(index).copied().unwrap_or_default();
        self.error(TabularErrorKind::NotUtf8 { byte, offset_bytes }, position)
    }

    fn error(&self, kind: TabularErrorKind, position: Position) -> TabularError {
        TabularError { kind, file: self.file.clone(), position }
    }
}

impl<R: Read> Iterator for JsonlBlocks<R> {
    type Item = Result<JsonlBlock, TabularError>;

    /// Returns the next block, nothing behind the last or behind an error.
    fn next(&mut self) -> Option<Self::Item> {
        let next = self.raw.next()?;
        Some(next.map(|raw| JsonlBlock { raw, file: self.file.clone() }))
    }
}

#[cfg(test)]
impl<R: Read> JsonlBlocks<R> {
    /// Returns them with blocks and lines of other sizes.
    pub(super) fn sized(mut self, size_bytes: usize, limit_bytes: usize) -> Self {
        self.raw = self.raw.sized(size_bytes, limit_bytes);
        self
    }
}

impl JsonlBlock {
    /// Returns a reader of all its lines.
    pub fn reader(&self) -> JsonlReader<&[u8]> {
        let Position { line, offset_bytes, .. } = self.raw.position;
        JsonlReader {
            input: &self.raw.bytes,
            file: self.file.clone(),
            line: line - 1,
            offset_bytes,
            buffer: Vec::new(),
        }
    }
}

/// Returns the members of a line's object, or what is wrong and after how many bytes of the line.
fn fields(line: &str) -> Result<Vec<(SmolStr, Value)>, (TabularErrorKind, usize)> {
    let json: serde_json::Value = serde_json::from_str(line).map_err(|error| {
        let text = error.to_string();
        // The library adds its own position, which counts within the one line that it sees.
        let message = text.split(" at line ").next().unwrap_or_default().to_owned();
        (TabularErrorKind::NotJson(message), error.column().saturating_sub(1))
    })?;
    let serde_json::Value::Object(members) = json else {
        return Err((TabularErrorKind::NotAnObject(kind_of(&json)), 0));
    };
    members
        .iter()
        .map(|(name, value)| {
            let value = from_json(value).map_err(|error| (TabularErrorKind::NotJson(error.to_string()), 0))?;
            Ok((SmolStr::new(name), value))
        })
        .collect()
}

fn kind_of(json: &serde_json::Value) -> &'static str {
    match json {
        serde_json::Value::Null => "null",
        serde_json::Value::Bool(_) => "a boolean",
        serde_json::Value::Number(_) => "a number",
        serde_json::Value::String(_) => "a string",
        serde_json::Value::Array(_) => "an array",
        serde_json::Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_objects_a_line() {
        let text = "\u{feff}{\"名\":\"园\",\"n\":1,\"f\":1.0}\r\n\n{\"l\":[null,{\"a\":true}]}";
        let mut reader = JsonlReader::new(text.as_bytes(), "f.jsonl");
        let row = reader.next_row().expect("it is JSON").expect("there is a row");
        assert!(matches!(row.get("名"), Some(Value::String(text)) if text == "园"));
        assert!(matches!(row.get("n"), Some(Value::Integer(1))));
        assert!(matches!(row.get("f"), Some(Value::Float(_))));
        assert!(row.get("x").is_none());
        let row = reader.next_row().expect("it is JSON").expect("there is a row");
        assert_eq!(row.position.line, 3);
        assert_eq!(row.get("l").map(Value::to_string).as_deref(), Some("[null, {a: true}]"));
        assert!(reader.next_row().expect("it is JSON").is_none());
    }

    #[test]
    fn refuses_with_the_place() {
        for (bytes, message) in [
            (&b"{}\n[1]\n"[..], "f.jsonl:2:1: the line must be a JSON object; it is an array"),
            ("{\"园\":x}".as_bytes(), "f.jsonl:1:6: the line is not JSON: expected value"),
            (b"{\"a\":\"\xff\"}", "f.jsonl:1:7: byte 0xff at offset 6 is not UTF-8"),
            (
                b"{\"a\":9223372036854775808}",
                "f.jsonl:1:1: the line is not JSON: integer `9223372036854775808` does not fit into 64 bits",
            ),
        ] {
            let mut reader = JsonlReader::new(bytes, "f.jsonl");
            let error = loop {
                match reader.next_row() {
                    Ok(row) => assert!(row.is_some(), "nothing was refused"),
                    Err(error) => break error,
                }
            };
            assert_eq!(error.to_string(), message);
        }
    }
}
