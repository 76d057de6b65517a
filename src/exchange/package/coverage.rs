//! Coverage: whether every figure, date and title that a document prints is stated by a claim, or listed with a reason why not.
//!
//! Looked for are runs of digits (with the points, commas and strokes inside of them, so that dates are runs too) and titles in 《》. One is
//! covered if it lies inside of something that a claim of the document gives as printed on that line; a date also, if a claim on that line is as of
//! it; a title also, if it is given as printed on any line. What is not meant to be stated stands in `uncovered.csv`:
//! `source,lines,text,reason`, where `lines` is `187` or `187-190` and an empty `text` means all of them.

use std::ops::RangeInclusive;

use hashbrown::{HashMap, HashSet};
use smol_str::SmolStr;

use crate::exchange::Finding;
use crate::tabular::{CsvOptions, CsvReader};

use super::documents::{Documents, line_of};
use super::files::{PackageFiles, UNCOVERED};
use super::printed::dates;
use super::rows::{EMPTY, Package, STATEMENT_COLUMNS, TextId, finding};

/// Something that need not be stated.
struct Exception {
    source: SmolStr,
    lines: RangeInclusive<u64>,
    text: String,
    row: u64,
    used: bool,
}

/// Returns what the documents print and nothing states, and what `uncovered.csv` lists in vain.
pub fn uncovered(package: &Package, files: &PackageFiles, documents: &Documents) -> Vec<Finding> {
    let (mut exceptions, mut findings) = read_exceptions(files);
    let printed = printed_by_line(package);
    let column = |name: &str| STATEMENT_COLUMNS.iter().position(|known| *known == name).unwrap_or_default();
    for (source, document) in documents.iter() {
        let own = package.statements.iter().filter(|row| row.cells[column("source")] == source);
        let titles: HashSet<TextId> = own.map(|row| row.cells[column("as_printed")]).collect();
        for (index, line) in document.lines.iter().enumerate() {
            let number = index as u64 + 1;
            let covered = printed.get(&(source, number)).map_or(Vec::new(), |said| spans(line, package, said));
            for token in tokens(line) {
                let text = &line[token.0..token.1];
                let is_title = line[..token.0].ends_with('《');
                let said_elsewhere =
                    is_title && titles.iter().any(|title| package.text(*title).trim_matches(['《', '》']) == text);
                if said_elsewhere || covered.iter().any(|span| span.0 <= token.0 && token.1 <= span.1) {
                    continue;
                }
                if excused(&mut exceptions, package.text(source), number, text) {
                    continue;
                }
                let column = line[..token.0].chars().count() as u64 + 1;
                let message = format!("no claim states `{text}`");
                findings.push(Finding::in_file(document.name.clone(), message).at(number, column));
            }
        }
    }
    let idle = exceptions.iter().filter(|exception| !exception.used);
    findings.extend(idle.map(|exception| {
        Finding::in_file(UNCOVERED, "nothing on these lines needs this exception").at(exception.row, 1)
    }));
    findings
}

fn excused(exceptions: &mut [Exception], source: &str, line: u64, text: &str) -> bool {
    let mut found = false;
    for exception in exceptions {
        let fits = exception.source == source && exception.lines.contains(&line);
        // A figure is excused by itself, not by a longer one that contains it.
        let named = || tokens(&exception.text).iter().any(|token| &exception.text[token.0..token.1] == text);
        if fits && (exception.text.is_empty() || exception.text == text || named()) {
            exception.used = true;
            found = true;
        }
    }
    found
}

/// What claims give on a line: what is printed, and the dates they are as of.
#[derive(Default)]
struct Said {
    printed: Vec<TextId>,
    as_of: HashSet<TextId>,
}

fn printed_by_line(package: &Package) -> HashMap<(TextId, u64), Said> {
    let column = |name: &str| STATEMENT_COLUMNS.iter().position(|known| *known == name).unwrap_or_default();
    let (source, locator, as_printed, as_of) =
        (column("source"), column("locator"), column("as_printed"), column("as_of"));
    let mut lines: HashMap<(TextId, u64), Said> = HashMap::new();
    for row in &package.statements {
        if let Some(line) = line_of(package.text(row.cells[locator])) {
            let said = lines.entry((row.cells[source], line)).or_default();
            said.printed.extend(Some(row.cells[as_printed]).filter(|text| *text != EMPTY));
            said.as_of.insert(row.cells[as_of]);
        }
    }
    lines
}

/// Returns what of a line is said, in bytes.
fn spans(line: &str, package: &Package, said: &Said) -> Vec<(usize, usize)> {
    let of = |text: &TextId| {
        let text = package.text(*text).as_str();
        line.match_indices(text).map(|(at, found)| (at, at + found.len())).collect::<Vec<_>>()
    };
    let mut spans: Vec<(usize, usize)> = said.printed.iter().flat_map(of).collect();
    let place = |index: usize| line.char_indices().nth(index).map_or(line.len(), |(at, _)| at);
    let dated = dates(line).into_iter().filter(|date| {
        let text = date.value.to_string();
        said.as_of.iter().any(|as_of| *package.text(*as_of) == text)
    });
    spans.extend(dated.map(|date| (place(date.start), place(date.end))));
    spans
}

/// Returns the figures, dates and titles of a line, in bytes.
fn tokens(line: &str) -> Vec<(usize, usize)> {
    let mut tokens = titles(line);
    let characters: Vec<(usize, char)> = line.char_indices().collect();
    let mut place = 0;
    while place < characters.len() {
        if !characters[place].1.is_ascii_digit() {
            place += 1;
            continue;
        }
        let start = place;
        let digit = |at: usize| characters.get(at).is_some_and(|(_, character)| character.is_ascii_digit());
        while digit(place) || (characters.get(place).is_some_and(|(_, one)| ".,".contains(*one)) && digit(place + 1)) {
            place += 1;
        }
        let end = characters.get(place).map_or(line.len(), |(at, _)| *at);
        tokens.push((characters[start].0, end));
    }
    tokens.sort_unstable();
    tokens
}

/// Returns the titles of a line without their brackets.
fn titles(line: &str) -> Vec<(usize, usize)> {
    let mut titles = Vec::new();
    let mut from = 0;
    while let Some(open) = line[from..].find('《') {
        let start = from + open + '《'.len_utf8();
        let Some(length) = line[start..].find('》') else { break };
        titles.push((start, start + length));
        from = start + length;
    }
    titles
}

fn read_exceptions(files: &PackageFiles) -> (Vec<Exception>, Vec<Finding>) {
    let (mut exceptions, mut findings) = (Vec::new(), Vec::new());
    let Some(bytes) = files.get(UNCOVERED) else { return (exceptions, findings) };
    let opened = CsvReader::new(bytes, UNCOVERED, CsvOptions::default());
    let columns = opened.and_then(|reader| {
        let columns = ["source", "lines", "text", "reason"].map(|name| reader.column(name));
        let [source, lines, text, reason] = columns;
        Ok((reader, source?, lines?, text?, reason?))
    });
    let (mut reader, source, lines, text, reason) = match columns {
        Ok(opened) => opened,
        Err(error) => return (exceptions, vec![finding(&error)]),
    };
    loop {
        let row = match reader.next_row() {
            Ok(Some(row)) => row,
            Ok(None) => break,
            Err(error) => {
                findings.push(finding(&error));
                break;
            }
        };
        let line = row.position().line;
        let Some(range) = line_range(row.text(lines)) else {
            let message = format!("`{}` is neither a line nor a range such as `187-190`", row.text(lines));
            findings.push(Finding::in_file(UNCOVERED, message).at(line, 0));
            continue;
        };
        if row.text(reason).is_empty() {
            findings.push(Finding::in_file(UNCOVERED, "the reason is missing").at(line, 0));
        }
        let (source, text) = (SmolStr::new(row.text(source)), row.text(text).to_owned());
        exceptions.push(Exception { source, lines: range, text, row: line, used: false });
    }
    (exceptions, findings)
}

fn line_range(text: &str) -> Option<RangeInclusive<u64>> {
    match text.split_once('-') {
        None => text.parse().ok().map(|line| line..=line),
        Some((first, last)) => Some(first.parse().ok()?..=last.parse().ok()?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_dates_and_titles_are_what_must_be_covered() {
        let line = "截至2019年5月，《政策（2017）》给予1,000.5万元，占45%，3D。";
        let found: Vec<&str> = tokens(line).into_iter().map(|(start, end)| &line[start..end]).collect();
        assert_eq!(found, ["2019", "5", "政策（2017）", "2017", "1,000.5", "45", "3"]);
    }
}
