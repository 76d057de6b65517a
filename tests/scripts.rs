//! Scripts: text in, text out. Each file under `tests/scripts/<topic>/` is a test.
//!
//! ```text
//! // A sentence of intent.
//! CREATE (:City {name: 'Suzhou'});
//! ---- +1 nodes, 1 properties, +1 labels
//!
//! MATCH (c:City) RETURN c.name AS name;
//! ----
//! name
//! 'Suzhou'
//! ```
//!
//! Every file is played twice: over a graph in memory, and over one in a file that is closed and opened again after every statement; both
//! must give the same.
//!
//! A statement ends with its `;`; what it gives stands below `----`, up to an empty line. A file's statements run in one session over an
//! empty graph. `UPDATE=1 cargo test --test scripts` writes what comes out into the files; read the difference before committing it.

#[path = "tck/kept.rs"]
mod kept;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use kept::{Kept, Store};
use libtest_mimic::{Arguments, Failed, Trial};
use yuanpu::{Connection, ResultValue};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    let mut files = Vec::new();
    find(&root, &mut files);
    files.sort();
    let trials = files.into_iter().map(|file| {
        let name = file.strip_prefix(&root).unwrap_or(&file).display().to_string();
        Trial::test(name, move || check(&file))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            find(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "txt") {
            files.push(path);
        }
    }
}

/// Runs a file and compares what comes out with what it says.
fn check(file: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let (given, in_file) = (played(&text, Store::Memory)?, played(&text, Store::File)?);
    if given != in_file {
        return Err(Failed::from(format!("a graph in a file gives something else:\n{}", difference(&given, &in_file))));
    }
    if given == text {
        return Ok(());
    }
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(file, given).map_err(|error| error.to_string())?;
        return Ok(());
    }
    Err(Failed::from(difference(&text, &given)))
}

/// Returns the file with what comes out in place of what it says.
fn played(text: &str, store: Store) -> Result<String, String> {
    let mut kept = Kept::empty(store);
    let mut played = String::new();
    let mut statement = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim_end() != "----" && !line.starts_with("---- ") {
            played.push_str(line);
            played.push('\n');
            if !line.trim_start().starts_with("//") {
                statement.push_str(line);
                statement.push('\n');
            }
            continue;
        }
        played.push_str(&outcome(&mut kept.connection, statement.trim()));
        kept.reopen()?;
        statement.clear();
        // What stood there is given anew.
        if lines.by_ref().any(|line| line.trim().is_empty()) {
            played.push('\n');
        }
    }
    Ok(played)
}

fn outcome(connection: &mut Connection, statement: &str) -> String {
    let answer = match connection.run(statement, ()) {
        Ok(answer) => answer,
        Err(error) => {
            let place = error.span().map_or(String::new(), |span| format!(" at {}..{}", span.start, span.end));
            let hints = error.to_diagnostic().hints;
            let hints: String = hints.iter().map(|hint| format!("hint: {hint}\n")).collect();
            return format!("---- error{place} ({})\n{error}\n{hints}", error.phase());
        }
    };
    let mut text = "----".to_owned();
    let counted = counters(&answer.counters);
    if !counted.is_empty() {
        let _ = write!(text, " {counted}");
    }
    text.push('\n');
    for warning in &answer.warnings {
        let hints: String = warning.hints.iter().map(|hint| format!("; {hint}")).collect();
        let _ = writeln!(text, "warning: {}{hints}", warning.message);
    }
    if !answer.columns.is_empty() {
        let _ = writeln!(text, "{}", answer.columns.join(" | "));
        for row in &answer.rows {
            let cells: Vec<String> = row.iter().map(written).collect();
            let _ = writeln!(text, "{}", cells.join(" | "));
        }
    }
    text
}

/// Says what a statement changed: `+2 nodes, +1 labels`.
fn counters(counters: &yuanpu::Counters) -> String {
    let all = [
        ("+", counters.nodes_created, "nodes"),
        ("-", counters.nodes_deleted, "nodes"),
        ("+", counters.relationships_created, "relationships"),
        ("-", counters.relationships_deleted, "relationships"),
        ("", counters.properties_set, "properties"),
        ("+", counters.labels_added, "labels"),
        ("-", counters.labels_removed, "labels"),
        ("+", counters.indexes_added, "indexes"),
        ("-", counters.indexes_removed, "indexes"),
        ("+", counters.constraints_added, "constraints"),
        ("-", counters.constraints_removed, "constraints"),
    ];
    let parts: Vec<String> = all
        .into_iter()
        .filter(|(_, count, _)| *count > 0)
        .map(|(sign, count, what)| format!("{sign}{count} {what}"))
        .collect();
    parts.join(", ")
}

/// Writes a value as the language does; elements without identity.
fn written(value: &ResultValue) -> String {
    let entries = |entries: &[_]| {
        let parts: Vec<String> = entries.iter().map(entry).collect();
        format!("{{{}}}", parts.join(", "))
    };
    match value {
        ResultValue::Null => "null".to_owned(),
        ResultValue::Boolean(truth) => truth.to_string(),
        ResultValue::Integer(number) => number.to_string(),
        ResultValue::Float(number) => format!("{number:?}"),
        ResultValue::String(text) => format!("'{text}'"),
        ResultValue::List(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        ResultValue::Map(map) => entries(map),
        ResultValue::Node(node) => {
            let labels: String = node.labels.iter().map(|label| format!(":{label}")).collect();
            let properties = if node.properties.is_empty() { String::new() } else { entries(&node.properties) };
            format!("({})", [labels, properties].join(" ").trim())
        }
        ResultValue::Relationship(held) => {
            let properties = if held.properties.is_empty() { String::new() } else { entries(&held.properties) };
            format!("[{}]", format!(":{} {properties}", held.kind).trim())
        }
        ResultValue::Path(path) => {
            let mut text = written(&ResultValue::Node(path.nodes[0].clone()));
            for (place, relationship) in path.relationships.iter().enumerate() {
                let forwards = relationship.start == path.nodes[place].element_id;
                let (left, right) = if forwards { ("-", "->") } else { ("<-", "-") };
                let step = written(&ResultValue::Relationship(relationship.clone()));
                let _ =
                    write!(text, "{left}{step}{right}{}", written(&ResultValue::Node(path.nodes[place + 1].clone())));
            }
            text
        }
        ResultValue::Date(date) => date.to_string(),
        ResultValue::LocalTime(time) => time.to_string(),
        ResultValue::Time(time) => time.to_string(),
        ResultValue::LocalDateTime(moment) => moment.to_string(),
        ResultValue::DateTime(moment) => moment.to_string(),
        ResultValue::Duration(duration) => duration.to_string(),
        ResultValue::PartialDate(date) => date.to_string(),
        ResultValue::Literal(literal) => format!("'{}'^^{}", literal.text, literal.datatype),
    }
}

fn entry<Key: std::fmt::Display>((key, value): &(Key, ResultValue)) -> String {
    format!("{key}: {}", written(value))
}

/// Returns the lines that differ.
fn difference(wanted: &str, given: &str) -> String {
    let (mut wanted, mut given) = (wanted.lines(), given.lines());
    let mut text = String::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return text,
            (left, right) if left == right => {}
            (left, right) => {
                let _ = left.map(|line| writeln!(text, "- {line}"));
                let _ = right.map(|line| writeln!(text, "+ {line}"));
            }
        }
    }
}
