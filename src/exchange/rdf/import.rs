//! RDF files into a graph: the triples of a file are taken as facts in one transaction, a part at a time where they are many.
//!
//! ```text
//!   file ── quads, one by one ── progress ──> a part of them ── read as facts ──> Snapshot
//!            └ what is not of the syntax ─┐                          └ a triple that no fact can be made of ─┐
//!                                         └──────────> refused, or put aside <──────────────────────────────┘
//! ```
//!
//! A long file is read several times instead of being held, since what a subject is may stand behind what is said of it.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};

use crate::exchange::ExchangeError;
use crate::exchange::progress::{ByteCount, ImportProgress, ImportReport};
use crate::graph::{Snapshot, Transaction};
use crate::rdf::{Quad, Unread, read_long};

use super::read::{SyntaxFault, flaw, quads_of, quads_unchecked};
use super::syntax::RdfSyntax;

/// How many triples are read between two words on the progress.
const TRIPLES_AT_A_TIME: u64 = 1 << 12;

/// How many triples are held at a time.
const PART_SIZE: usize = 1 << 17;

/// An import of one RDF file.
pub struct RdfImport<'a> {
    /// The file.
    pub path: PathBuf,
    /// Its syntax.
    pub syntax: RdfSyntax,
    /// What relative IRIs are resolved against.
    pub base: Option<&'a str>,
    /// Is told how far it is.
    pub progress: &'a mut dyn FnMut(&ImportProgress),
    /// Takes statements that cannot be read; without it they are refused.
    pub bad_rows: Option<&'a mut dyn Write>,
}

impl RdfImport<'_> {
    /// Reads the file into a graph and returns the graph with it.
    ///
    /// # Errors
    /// Whatever is wrong with the file; the graph given is as it was.
    pub fn run(mut self, base: &Snapshot) -> Result<(Snapshot, ImportReport), ExchangeError> {
        let mut report = ImportReport::default();
        let mut told = ImportProgress { file: name_of(&self.path), ..ImportProgress::default() };
        let mut transaction = Transaction::begin_load(base.clone());
        let mut readings = 0;
        let made = read_long(&mut transaction, PART_SIZE, &mut |take| {
            readings += 1;
            self.read(readings, &mut told, &mut report, take)
        })?;
        self.put_unread_aside(&made.unread, &mut report)?;
        let (graph, _) = transaction.commit()?;
        (report.nodes, report.relationships) = (made.nodes, made.relationships);
        Ok((graph, report))
    }

    /// Gives all quads on; what is not of the syntax is put aside where that is asked for, by the first reading.
    fn read(
        &mut self,
        reading: u64,
        told: &mut ImportProgress,
        report: &mut ImportReport,
        take: &mut dyn FnMut(Quad) -> Result<(), ExchangeError>,
    ) -> Result<(), ExchangeError> {
        let bytes = ByteCount::default();
        let file = bytes.open(&self.path).map_err(|cause| ExchangeError::file(&self.path, cause))?;
        let size_bytes = std::fs::metadata(&self.path).map_or(0, |file| file.len());
        // A long file is read twice at least.
        told.bytes_total = size_bytes * reading.max(2);
        let looks_itself = self.looks_at_terms();
        let quads: Box<dyn Iterator<Item = Result<Quad, SyntaxFault>>> = match looks_itself {
            true => Box::new(quads_unchecked(self.syntax, self.base, file)?),
            false => Box::new(quads_of(self.syntax, self.base, file)?),
        };
        let is_first = reading == 1;
        for quad in quads {
            match quad {
                Ok(quad) => match flaw(&quad.triple).filter(|_| looks_itself) {
                    None => take(quad)?,
                    Some(reason) if is_first => {
                        self.put_unread_aside(&[Unread { triple: quad.triple, reason }], report)?;
                    }
                    Some(_) => {}
                },
                Err(SyntaxFault::Read(cause)) => return Err(ExchangeError::file(&self.path, cause)),
                Err(SyntaxFault::Text { place, message }) if is_first => self.refuse(place, message, report)?,
                Err(SyntaxFault::Text { .. }) => {}
            }
            told.rows += u64::from(is_first);
            told.bytes_read = size_bytes * (reading - 1) + bytes.get();
            if told.rows.is_multiple_of(TRIPLES_AT_A_TIME) {
                (self.progress)(told);
            }
        }
        told.bytes_read = size_bytes * (reading - 1) + bytes.get();
        (self.progress)(told);
        Ok(())
    }

    /// Says whether terms are looked at here. The reader of RDF/XML loses its way behind an element with a bad term, so it is not asked to look
    /// where bad triples are put aside.
    fn looks_at_terms(&self) -> bool {
        self.bad_rows.is_some() && self.syntax == RdfSyntax::RdfXml
    }

    /// Refuses a text that is not of the syntax, or puts it aside if the reader can go on behind it.
    fn refuse(
        &mut self,
        place: Option<(u64, u64)>,
        message: String,
        report: &mut ImportReport,
    ) -> Result<(), ExchangeError> {
        let goes_on = self.syntax.goes_on_after(place.is_some());
        let place = match place {
            Some(place) => Some(place),
            None => self.place_of_fault(),
        };
        let name = name_of(&self.path);
        let place = place.map_or_else(|| format!("{name}: "), |(line, column)| format!("{name}:{line}:{column}: "));
        let syntax = self.syntax.name();
        match &mut self.bad_rows {
            Some(writer) if goes_on => {
                report.bad_rows += 1;
                put_aside(*writer, &ExchangeError::Syntax { syntax, place, message }.to_string(), None)
            }
            Some(_) => {
                let advice = "nothing behind such a fault can be read, so it cannot be put aside: mend it there";
                Err(ExchangeError::Syntax { syntax, place, message: format!("{message}; {advice}") })
            }
            None => Err(ExchangeError::Syntax { syntax, place, message }),
        }
    }

    /// Returns the line and column up to which the file had to be read to find its first fault, for readers that do not say where it is.
    fn place_of_fault(&self) -> Option<(u64, u64)> {
        let place = Place::default();
        let input = ByteByByte { input: BufReader::new(File::open(&self.path).ok()?), place: place.clone() };
        let found = quads_of(self.syntax, self.base, input).ok()?.any(|quad| quad.is_err());
        found.then(|| place.get())
    }

    fn put_unread_aside(&mut self, unread: &[Unread], report: &mut ImportReport) -> Result<(), ExchangeError> {
        let Some(first) = unread.first() else { return Ok(()) };
        let file = name_of(&self.path);
        let Some(writer) = &mut self.bad_rows else {
            let (triple, count) = (first.triple.to_string(), unread.len());
            return Err(ExchangeError::Unread { file, triple, reason: first.reason, count });
        };
        for Unread { triple, reason } in unread {
            let fields = [triple.subject.to_string(), format!("<{}>", triple.predicate), triple.object.to_string()];
            put_aside(*writer, &format!("{file}: {reason}"), Some(&fields))?;
        }
        report.bad_rows += unread.len() as u64;
        Ok(())
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Writes what cannot be read, with what is wrong with it.
fn put_aside(writer: &mut dyn Write, error: &str, fields: Option<&[String]>) -> Result<(), ExchangeError> {
    let line = serde_json::json!({ "error": error, "fields": fields });
    writeln!(writer, "{line}").map_err(ExchangeError::from)
}

/// The place that a reader has come to: line and column, both counted from 1.
#[derive(Clone, Debug, Default)]
struct Place(std::rc::Rc<std::cell::Cell<(u64, u64)>>);

impl Place {
    fn get(&self) -> (u64, u64) {
        let (lines, characters) = self.0.get();
        (lines + 1, characters.max(1))
    }

    fn pass(&self, byte: u8) {
        let (lines, characters) = self.0.get();
        // Bytes that go on with a character begin with the bits 10.
        let begins = byte & 0b1100_0000 != 0b1000_0000;
        self.0.set(if byte == b'\n' { (lines + 1, 0) } else { (lines, characters + u64::from(begins)) });
    }
}

/// Hands out one byte at a time, so that a reader has taken no more than it needed when it finds a fault.
struct ByteByByte<R> {
    input: R,
    place: Place,
}

impl<R: Read> Read for ByteByByte<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let Some(first) = buffer.first_mut() else { return Ok(0) };
        let size = self.input.read(std::slice::from_mut(first))?;
        if size == 1 {
            self.place.pass(*first);
        }
        Ok(size)
    }
}
