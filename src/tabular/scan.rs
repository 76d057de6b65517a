//! The automaton that cuts bytes into the fields of one row of CSV, and counts lines and columns as it goes.
//!
//! ```text
//!              "                   "
//! FieldStart -----> Quoted <-----------> QuoteInQuoted
//!     |  ^                                   | delimiter, end of line
//!     |  +--------- end of the field <-------+
//!     v                  ^
//!   Plain ---------------+ delimiter, end of line
//! ```

use std::io::{self, Chain, Cursor, Read};

use super::error::{Position, TabularErrorKind};

/// An input whose first bytes have been looked at and stand before the rest again.
pub(super) type Input<R> = Chain<Cursor<Vec<u8>>, R>;

/// The row last read: all bytes of its fields, one after the other, and where each lies.
#[derive(Default)]
pub(super) struct Raw {
    pub(super) bytes: Vec<u8>,
    pub(super) fields: Vec<RawField>,
}

#[derive(Clone, Copy)]
pub(super) struct RawField {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) quoted: bool,
    pub(super) position: Position,
}

/// The state of reading one row, apart from its bytes.
pub(super) struct Scan {
    pub(super) state: State,
    pub(super) delimiter: u8,
    pub(super) position: Position,
    /// Whether the last byte was CR, so that LF next belongs to it.
    pub(super) after_return: bool,
    /// Where the field begins.
    pub(super) opened: Position,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    FieldStart,
    Plain,
    Quoted,
    QuoteInQuoted,
}

pub(super) enum Outcome {
    More,
    Row,
    Bad(TabularErrorKind, Position),
}

impl Scan {
    /// Takes bytes until the row ends or the buffer does; returns how many were used.
    pub(super) fn run(&mut self, buffer: &[u8], row: &mut Raw) -> (usize, Outcome) {
        for (index, &byte) in buffer.iter().enumerate() {
            let before = self.position;
            self.position = advanced(before, byte);
            let joined_to_return = std::mem::replace(&mut self.after_return, byte == b'\r') && byte == b'\n';
            if joined_to_return {
                // CR already ended the line; LF only completes it.
                self.position.line = before.line;
                if self.state != State::Quoted {
                    continue;
                }
            }
            match self.step(byte, before, row) {
                Outcome::More => {}
                outcome => return (index + 1, outcome),
            }
        }
        (buffer.len(), Outcome::More)
    }

    fn step(&mut self, byte: u8, before: Position, row: &mut Raw) -> Outcome {
        let ends_line = byte == b'\n' || byte == b'\r';
        match self.state {
            State::FieldStart => {
                self.opened = before;
                if byte == b'"' {
                    self.state = State::Quoted;
                } else if byte == self.delimiter {
                    self.end_field(row, false);
                } else if ends_line {
                    if row.fields.is_empty() {
                        return Outcome::More;
                    }
                    self.end_field(row, false);
                    return Outcome::Row;
                } else {
                    row.bytes.push(byte);
                    self.state = State::Plain;
                }
            }
            State::Plain if byte == self.delimiter => self.end_field(row, false),
            State::Plain if ends_line => {
                self.end_field(row, false);
                return Outcome::Row;
            }
            State::Plain => row.bytes.push(byte),
            State::Quoted if byte == b'"' => self.state = State::QuoteInQuoted,
            State::Quoted => row.bytes.push(byte),
            State::QuoteInQuoted if byte == b'"' => {
                row.bytes.push(byte);
                self.state = State::Quoted;
            }
            State::QuoteInQuoted if byte == self.delimiter => self.end_field(row, true),
            State::QuoteInQuoted if ends_line => {
                self.end_field(row, true);
                return Outcome::Row;
            }
            State::QuoteInQuoted => return Outcome::Bad(TabularErrorKind::TextAfterQuote, before),
        }
        Outcome::More
    }

    /// Ends the field that began at `opened` with the bytes so far.
    pub(super) fn end_field(&mut self, row: &mut Raw, quoted: bool) {
        let start = row.fields.last().map_or(0, |field| field.end);
        row.fields.push(RawField { start, end: row.bytes.len(), quoted, position: self.opened });
        self.state = State::FieldStart;
    }
}

/// Returns the input without the byte order mark that it may begin with, and the position there.
pub(super) fn without_byte_order_mark<R: Read>(mut input: R) -> io::Result<(Input<R>, Position)> {
    let mark = "\u{feff}".as_bytes();
    let mut first = Vec::with_capacity(mark.len());
    input.by_ref().take(mark.len() as u64).read_to_end(&mut first)?;
    let mut position = Position::START;
    if first == mark {
        position.offset_bytes = mark.len() as u64;
        first.clear();
    }
    Ok((Cursor::new(first).chain(input), position))
}

/// Returns the position behind a byte; only the first byte of a character counts as a column.
pub(super) fn advanced(position: Position, byte: u8) -> Position {
    let offset_bytes = position.offset_bytes + 1;
    match byte {
        b'\n' | b'\r' => Position { line: position.line + 1, column: 1, offset_bytes },
        0x80..=0xbf => Position { offset_bytes, ..position },
        _ => Position { column: position.column + 1, offset_bytes, ..position },
    }
}
