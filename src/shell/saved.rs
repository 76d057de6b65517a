//! `query --save FILE` and `query --compare FILE`: an answer with its citations is kept, and asked again.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Write};
use std::path::Path;

use crate::engine::{Answer, Connection, Database, Error};
use crate::exchange::rdf::{SavedAnswer, SavedRow};
use crate::syntax::{parse_statement, print};
use crate::text::visible;

use super::ending::Ending;
use super::output_file::OutputFile;
use super::{report, settings};

/// Runs a query and returns the answer with what is kept of it; refuses as a statement is refused.
///
/// What comes out of a file may be anybody's: nothing that writes is run.
fn ask(connection: &mut Connection, text: &str, parameters: &str) -> Result<(Answer, SavedAnswer), Ending> {
    let refused = |words: &str| {
        report::message(&format!("error: {words}"));
        Ending::WrongCall
    };
    let told = |error: Error| {
        report::diagnostic(&error.to_diagnostic(), text, None);
        Ending::from(&error)
    };
    let statement = connection.prepare(text).map_err(told)?;
    if statement.writes() || statement.columns().is_empty() {
        return Err(refused("only a query that returns rows and writes nothing can be kept"));
    }
    let values = settings::parameters_of_json(parameters).map_err(|words| refused(&words))?;
    let answer = connection.run_prepared(&statement, values).map_err(told)?;
    let snapshot = connection.database().snapshot();
    let graph = &snapshot.catalogue().schema().graph;
    let claims = |row: usize| answer.claims.as_ref().and_then(|claims| claims.row(row)).unwrap_or_default();
    let lens = parse_statement(text).map(|statement| print::lens(&statement.lens)).unwrap_or_default();
    let saved = SavedAnswer {
        query: text.trim().to_owned(),
        parameters: parameters.to_owned(),
        lens: lens.trim_start_matches("CITE ").trim().to_owned(),
        graph: graph.name.clone(),
        version: graph.version.clone(),
        asked: now(),
        columns: answer.columns.clone(),
        rows: answer.rows.iter().enumerate().map(|(place, row)| SavedRow::new(row, &claims(place))).collect(),
    };
    Ok((answer, saved))
}

/// Runs a query and keeps its answer in a file; returns the answer, to be shown.
pub(super) fn save(
    connection: &mut Connection,
    text: &str,
    parameters: &str,
    (path, in_use): (&Path, &[&Path]),
) -> Result<Answer, Ending> {
    // Before the query, which may take long.
    let mut file = OutputFile::begin(path, in_use).map_err(|words| {
        report::message(&format!("error: {words}"));
        Ending::WrongCall
    })?;
    let (answer, saved) = ask(connection, text, parameters)?;
    let written =
        connection.database().reading(|graph| saved.write(graph, &mut file)).map_err(|error| error.to_string());
    let written = written.and_then(|written| written.map_err(|error| error.to_string()));
    if let Err(words) = written.and_then(|()| file.finish().map_err(|error| error.to_string())) {
        report::message(&format!("error: `{}` cannot be written: {words}", path.display()));
        return Err(Ending::Failed);
    }
    if answer.claims.is_none() {
        report::message(
            "note: the query does not ask to be cited, so that the file says nothing of what its rows rest on",
        );
    }
    Ok(answer)
}

/// Asks a kept question again, and says which rows and citations are the same.
pub(super) fn compare(database: &Database, path: &Path) -> Ending {
    let opened = File::open(path).map_err(|error| error.to_string());
    let kept = opened.and_then(|file| SavedAnswer::read(BufReader::new(file)).map_err(|error| error.to_string()));
    let kept = match kept {
        Ok(kept) => kept,
        Err(words) => {
            report::message(&format!("error: `{}` cannot be read: {words}", path.display()));
            return Ending::WrongCall;
        }
    };
    let now = match ask(&mut database.connect(), &kept.query, &kept.parameters) {
        Ok((_, now)) => now,
        Err(ending) => return ending,
    };
    let found = difference(&kept, &now);
    let mut out = anstream::stdout();
    for line in &found.lines {
        if writeln!(out, "{}", visible(line)).is_err() {
            break;
        }
    }
    let graphs = match (kept.graph == now.graph, kept.version == now.version) {
        (true, true) => format!("{} {}", now.graph, now.version),
        _ => format!("{} {} then, {} {} now", kept.graph, kept.version, now.graph, now.version),
    };
    report::message(&format!("{} ({})", found.summary, graphs.trim()));
    if found.lines.is_empty() { Ending::Done } else { Ending::Found }
}

/// How two answers differ.
#[derive(Debug)]
struct Difference {
    lines: Vec<String>,
    summary: String,
}

/// Compares rows by what they hold: nobody promised their order, and a row may stand several times.
fn difference(kept: &SavedAnswer, now: &SavedAnswer) -> Difference {
    let mut lines = Vec::new();
    if kept.columns != now.columns {
        lines.push(format!("- columns {}", kept.columns.join(", ")));
        lines.push(format!("+ columns {}", now.columns.join(", ")));
    }
    let mut rows: BTreeMap<&Vec<Option<_>>, (Vec<&SavedRow>, Vec<&SavedRow>)> = BTreeMap::new();
    kept.rows.iter().for_each(|row| rows.entry(&row.cells).or_default().0.push(row));
    now.rows.iter().for_each(|row| rows.entry(&row.cells).or_default().1.push(row));
    let (mut same, mut cited_otherwise, mut gone, mut new) = (0, 0, Vec::new(), Vec::new());
    for (before, after) in rows.values_mut() {
        let least = before.len().min(after.len());
        before.sort_by_key(|row| &row.claims);
        after.sort_by_key(|row| &row.claims);
        for (old, fresh) in before.iter().zip(after.iter()) {
            if old.claims == fresh.claims {
                same += 1;
                continue;
            }
            cited_otherwise += 1;
            lines.push(format!("~ {}", old.line()));
            let told = |sign: &str, claim: &crate::exchange::rdf::SavedClaim| {
                let value = claim.value.as_ref().map_or("", |value| value.text.as_str());
                let words = [&claim.state, &claim.source, &claim.locator, &claim.element, &claim.property];
                let words: Vec<&str> = words.into_iter().map(String::as_str).chain([value]).collect();
                format!("  {sign} {}", words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
            };
            let left = old.claims.iter().filter(|claim| !fresh.claims.contains(claim));
            lines.extend(left.map(|claim| told("-", claim)));
            let came = fresh.claims.iter().filter(|claim| !old.claims.contains(claim));
            lines.extend(came.map(|claim| told("+", claim)));
        }
        gone.extend(before.iter().skip(least).map(|row| format!("- {}", row.line())));
        new.extend(after.iter().skip(least).map(|row| format!("+ {}", row.line())));
    }
    let (gone_count, new_count) = (gone.len(), new.len());
    lines.extend(gone.into_iter().chain(new));
    let summary = match lines.is_empty() {
        true => format!("the same: {same} of {same} rows, with the same citations"),
        false => format!("{same} rows the same, {cited_otherwise} cited otherwise, {gone_count} gone, {new_count} new"),
    };
    Difference { lines, summary }
}

/// Returns the time of day and date, in UTC, to the second.
fn now() -> String {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (days, second) = ((seconds / 86_400) as i64, seconds % 86_400);
    let date = crate::value::temporal::Date { days };
    format!("{date}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::ResultValue;

    #[test]
    fn rows_are_compared_as_often_as_they_stand() {
        let answer = |numbers: &[i64]| SavedAnswer {
            columns: vec!["n".to_owned()],
            rows: numbers.iter().map(|number| SavedRow::new(&[ResultValue::Integer(*number)], &[])).collect(),
            ..SavedAnswer::default()
        };
        assert_eq!(difference(&answer(&[2, 1, 2]), &answer(&[1, 2, 2])).lines, Vec::<String>::new());
        let found = difference(&answer(&[1, 2, 2]), &answer(&[2, 3]));
        assert_eq!(found.lines, ["- 1", "- 2", "+ 3"]);
        assert_eq!(found.summary, "1 rows the same, 0 cited otherwise, 2 gone, 1 new");
    }
}
