//! `query --save FILE` and `query --compare FILE`: an answer with its citations is kept, and asked again.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

use crate::engine::{Answer, Connection, Database, Parameters};
use crate::exchange::rdf::{SavedAnswer, SavedRow};
use crate::syntax::{parse_statement, print};
use crate::text::visible;

use super::ending::Ending;
use super::{report, settings};

/// Runs a query and returns the answer with what is kept of it; refuses as a statement is refused.
fn ask(connection: &mut Connection, text: &str, written: &[String]) -> Result<(Answer, SavedAnswer), Ending> {
    let refused = |words: &str| {
        report::message(&format!("error: {words}"));
        Ending::WrongCall
    };
    let parameters: Parameters = settings::parameters(written, None).map_err(|words| refused(&words))?;
    let answer = connection.run(text, parameters).map_err(|error| {
        report::diagnostic(&error.to_diagnostic(), text, None);
        Ending::from(&error)
    })?;
    if answer.columns.is_empty() {
        return Err(refused("only a query that returns rows can be kept"));
    }
    let snapshot = connection.database().snapshot();
    let graph = &snapshot.catalogue().schema().graph;
    let claims = |row: usize| answer.claims.as_ref().and_then(|claims| claims.row(row)).unwrap_or_default();
    let lens = parse_statement(text).map(|statement| print::lens(&statement.lens)).unwrap_or_default();
    let saved = SavedAnswer {
        query: text.trim().to_owned(),
        parameters: json_of(written),
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
pub(super) fn save(connection: &mut Connection, text: &str, written: &[String], path: &Path) -> Result<Answer, Ending> {
    let (answer, saved) = ask(connection, text, written)?;
    let database = connection.database();
    let kept = File::create(path).map_err(|error| error.to_string()).and_then(|file| {
        let written = database.reading(|graph| saved.write(graph, BufWriter::new(file)));
        written.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
    });
    if let Err(words) = kept {
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
    let parameters = match serde_json::from_str::<BTreeMap<String, serde_json::Value>>(&kept.parameters) {
        Ok(parameters) => parameters.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>(),
        Err(_) => Vec::new(),
    };
    let now = match ask(&mut database.connect(), &kept.query, &parameters) {
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

/// Returns parameters as they were written, as one JSON object.
fn json_of(written: &[String]) -> String {
    let pairs = written.iter().filter_map(|pair| {
        let (name, json) = pair.split_once('=')?;
        Some((name.trim().to_owned(), serde_json::from_str(json).ok()?))
    });
    serde_json::Value::Object(pairs.collect()).to_string()
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
