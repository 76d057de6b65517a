//! Rows with the claims that they rest on: numbers in a last column and footnotes below for people, an array of objects for programs.
//!
//! ```text
//! name   | n | claims
//! -------+---+-------
//! 西溪谷 | 3 | 1-2 5
//!
//! [1] …
//!     > the passage, where the document is at hand
//! ```
//! In Markdown they are footnotes (`[^1]`), so that a table goes into a report with what it rests on.
//!
//! Equal claims of several rows are one footnote. The rows are held back until the last has come.

use std::hash::BuildHasher;
use std::io::{self, Write};

use hashbrown::hash_table::{Entry, HashTable};
use hashbrown::{DefaultHashBuilder, HashMap};

use super::claims::{claim_line, passage_line, write_claim};
use super::json_text::{write_plain, write_string};
use super::markdown::{MarkdownWriter, escaped};
use super::{Format, OutputOptions, RowWriter, json_text, row_writer};
use crate::knowledge::ClaimRecord;
use crate::value::ResultValue;

/// The name of the column or member that holds claims, with a number behind it where the query has a column of that name.
const COLUMN: &str = "claims";

/// Holds back rows with their claims and writes them at the end.
pub struct CitedWriter<'w> {
    format: Format,
    columns: Vec<String>,
    /// The name of the column of claims.
    name: String,
    out: &'w mut dyn Write,
    options: OutputOptions,
    rows: Vec<(Vec<ResultValue>, Vec<usize>)>,
    claims: Claims,
}

/// The claims of all rows, equal ones once.
#[derive(Default)]
struct Claims {
    all: Vec<ClaimRecord>,
    places: HashTable<usize>,
    hashes: DefaultHashBuilder,
}

impl Claims {
    /// Returns the place of a claim, which is added if it is not there.
    fn place(&mut self, claim: ClaimRecord) -> usize {
        let Claims { all, places, hashes } = self;
        let hash = |claim: &ClaimRecord| hashes.hash_one((claim.state, claim.claim, &claim.element, &claim.property));
        match places.entry(hash(&claim), |place| all[*place] == claim, |place| hash(&all[*place])) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                new.insert(all.len());
                all.push(claim);
                all.len() - 1
            }
        }
    }

    /// Returns each of them as JSON.
    fn as_json(&self) -> Vec<String> {
        let written = |claim: &ClaimRecord| {
            let mut json = String::new();
            write_claim(&mut json, claim, write_plain);
            json
        };
        self.all.iter().map(written).collect()
    }
}

/// Appends the claims at these places as an array.
fn write_at(json: &mut String, claims: &[String], places: &[usize]) {
    json.push('[');
    for (number, place) in places.iter().enumerate() {
        if number > 0 {
            json.push(',');
        }
        json.push_str(&claims[*place]);
    }
    json.push(']');
}

impl<'w> CitedWriter<'w> {
    /// Returns a writer of rows with claims.
    pub fn new(format: Format, columns: &[String], out: &'w mut dyn Write, options: OutputOptions) -> CitedWriter<'w> {
        let numbered = (2_u64..).map(|number| format!("{COLUMN}_{number}"));
        let is_free = |name: &String| !columns.contains(name);
        let name = std::iter::once(COLUMN.to_owned()).chain(numbered).find(is_free).unwrap_or_default();
        CitedWriter {
            format,
            columns: columns.to_vec(),
            name,
            out,
            options,
            rows: Vec::new(),
            claims: Claims::default(),
        }
    }

    /// Takes a row with its claims.
    pub fn row(&mut self, row: &[ResultValue], claims: Vec<ClaimRecord>) {
        let places = claims.into_iter().map(|claim| self.claims.place(claim)).collect();
        self.rows.push((row.to_vec(), places));
    }

    /// Writes all rows and what belongs below them.
    ///
    /// # Errors
    /// If the writer beneath fails.
    pub fn finish(self) -> io::Result<()> {
        match self.format {
            Format::Table | Format::Markdown => self.with_footnotes(),
            Format::Csv | Format::Tsv => self.with_texts(),
            Format::Json | Format::Jsonl => self.with_members(),
        }
    }

    fn with_footnotes(self) -> io::Result<()> {
        // In the order in which they come first, equal lines have one number.
        let mut notes = Footnotes::default();
        let notes_of: Vec<usize> = self.claims.all.iter().map(|claim| notes.number(claim)).collect();
        let numbered: Vec<(Vec<ResultValue>, Vec<usize>)> = self
            .rows
            .into_iter()
            .map(|(mut row, claims)| {
                let mut numbers: Vec<usize> = claims.iter().map(|place| notes_of[*place]).collect();
                numbers.sort_unstable();
                numbers.dedup();
                (std::mem::take(&mut row), numbers)
            })
            .collect();
        let columns: Vec<String> = self.columns.into_iter().chain([self.name]).collect();
        if self.format == Format::Markdown {
            let mut writer = MarkdownWriter::new(columns, &mut *self.out);
            numbered.iter().try_for_each(|(row, numbers)| {
                let marks: String = numbers.iter().map(|number| format!("[^{number}]")).collect();
                writer.row_with(row, &marks)
            })?;
            writer.finish()?;
        } else {
            let mut writer = row_writer(self.format, &columns, &mut *self.out, self.options);
            numbered.into_iter().try_for_each(|(mut row, numbers)| {
                row.push(ResultValue::string(ranges(&numbers)));
                writer.row(&row)
            })?;
            writer.finish()?;
        }
        if !notes.lines.is_empty() {
            writeln!(self.out)?;
        }
        for (place, (line, passage)) in notes.lines.iter().enumerate() {
            match self.format {
                Format::Markdown => writeln!(self.out, "[^{}]: {}", place + 1, escaped(line))?,
                _ => writeln!(self.out, "[{}] {line}", place + 1)?,
            }
            match (self.format, passage) {
                (_, None) => {}
                // A paragraph of a footnote is set in by four.
                (Format::Markdown, Some(passage)) => writeln!(self.out, "\n    > {}\n", escaped(passage))?,
                (_, Some(passage)) => writeln!(self.out, "    > {passage}")?,
            }
        }
        self.out.flush()
    }

    fn with_texts(self) -> io::Result<()> {
        let columns: Vec<String> = self.columns.into_iter().chain([self.name]).collect();
        let mut writer = row_writer(self.format, &columns, self.out, self.options);
        let written = self.claims.as_json();
        for (mut row, claims) in self.rows {
            let mut json = String::new();
            write_at(&mut json, &written, &claims);
            row.push(ResultValue::string(&json));
            writer.row(&row)?;
        }
        writer.finish()
    }

    fn with_members(self) -> io::Result<()> {
        let is_array = self.format == Format::Json;
        let written = self.claims.as_json();
        for (place, (row, claims)) in self.rows.iter().enumerate() {
            let mut line = String::from(match (is_array, place) {
                (false, _) => "",
                (true, 0) => "[\n",
                (true, _) => ",\n",
            });
            json_text::write_row(&mut line, &self.columns, row);
            line.pop();
            if !self.columns.is_empty() {
                line.push(',');
            }
            write_string(&mut line, &self.name);
            line.push(':');
            write_at(&mut line, &written, claims);
            line.push_str(if is_array { "}" } else { "}\n" });
            self.out.write_all(line.as_bytes())?;
        }
        if is_array {
            self.out.write_all(if self.rows.is_empty() { b"[]\n" } else { b"\n]\n" })?;
        }
        self.out.flush()
    }
}

/// Lines with their numbers, equal ones once, and the passages that belong below them.
#[derive(Debug, Default)]
struct Footnotes {
    lines: Vec<(String, Option<String>)>,
    numbers: HashMap<String, usize>,
}

impl Footnotes {
    fn number(&mut self, claim: &ClaimRecord) -> usize {
        *self.numbers.entry(claim_line(claim)).or_insert_with_key(|line| {
            self.lines.push((line.clone(), passage_line(claim)));
            self.lines.len()
        })
    }
}

/// Returns ascending numbers, runs of them joined: `1-3 5`.
fn ranges(numbers: &[usize]) -> String {
    let runs = numbers.chunk_by(|lhs, rhs| lhs + 1 == *rhs).map(|run| match run {
        [first, .., last] => format!("{first}-{last}"),
        [one] => one.to_string(),
        [] => String::new(),
    });
    runs.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::ClaimState;

    fn written(format: Format) -> String {
        let claim = |element: &str| ClaimRecord {
            element: element.into(),
            source: "s1".into(),
            locator: "L1".into(),
            ..ClaimRecord::new(ClaimState::Exists)
        };
        let mut out = Vec::new();
        let mut writer = CitedWriter::new(format, &["n".to_owned()], &mut out, OutputOptions::default());
        writer.row(&[ResultValue::Integer(1)], vec![claim("a"), claim("b"), claim("c")]);
        writer.row(&[ResultValue::Integer(2)], vec![claim("c"), claim("a")]);
        writer.finish().expect("a vector takes all");
        String::from_utf8(out).expect("formats write text")
    }

    #[test]
    fn a_column_of_that_name_keeps_it() {
        let mut out = Vec::new();
        let mut writer = CitedWriter::new(Format::Jsonl, &["claims".to_owned()], &mut out, OutputOptions::default());
        writer.row(&[ResultValue::Integer(1)], Vec::new());
        writer.finish().expect("a vector takes all");
        assert_eq!(String::from_utf8(out).expect("formats write text"), "{\"claims\":1,\"claims_2\":[]}\n");
    }

    #[test]
    fn people_get_numbers_and_footnotes() {
        let expected = "n | claims\n--+-------\n1 | 1-3\n2 | 1 3\n\n[1] s1 L1: a\n[2] s1 L1: b\n[3] s1 L1: c\n";
        assert_eq!(written(Format::Table), expected);
        let expected = "| n | claims |\n| --- | --- |\n| 1 | [^1][^2][^3] |\n| 2 | [^1][^3] |\n\n\
                        [^1]: s1 L1: a\n[^2]: s1 L1: b\n[^3]: s1 L1: c\n";
        assert_eq!(written(Format::Markdown), expected);
    }

    #[test]
    fn a_passage_stands_under_its_footnote() {
        let mut claim =
            ClaimRecord { source: "s1".into(), element: "a".into(), ..ClaimRecord::new(ClaimState::Exists) };
        claim.passage = "the *first* line".into();
        let mut out = Vec::new();
        for format in [Format::Table, Format::Markdown] {
            let mut writer = CitedWriter::new(format, &["n".to_owned()], &mut out, OutputOptions::default());
            writer.row(&[ResultValue::Integer(1)], vec![claim.clone()]);
            writer.finish().expect("a vector takes all");
        }
        let text = String::from_utf8(out).expect("formats write text");
        assert!(text.contains("[1] s1: a\n    > the *first* line\n"));
        assert!(text.contains("[^1]: s1: a\n\n    > the \\*first\\* line\n"));
    }

    #[test]
    fn programs_get_an_array_a_row() {
        let first =
            "{\"n\":1,\"claims\":[{\"state\":\"exists\",\"element\":\"a\",\"source\":\"s1\",\"locator\":\"L1\"},";
        assert!(written(Format::Jsonl).starts_with(first));
        assert_eq!(written(Format::Json).lines().count(), 4);
        assert!(written(Format::Csv).starts_with("n,claims\n1,\"[{\"\"state\"\""));
    }
}
