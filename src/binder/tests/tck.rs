//! The openCypher TCK, as far as the text alone decides: a statement is refused exactly where a scenario says so, for the reason it says.
//!
//! The suite's folder comes from `YUANPU_TCK`, else from `../shared/tck` beside the checkout; where there is none, nothing is tested.

use std::path::{Path, PathBuf};

use smol_str::SmolStr;

use crate::binder::tests::NoNames;
use crate::binder::{Binder, Environment};
use crate::procedure::Signature;
use crate::syntax::parse_statement;
use crate::value::Kind;

/// One statement of the suite.
#[derive(Default)]
struct Case {
    place: String,
    procedures: Vec<Signature>,
    parameters: Vec<(SmolStr, Kind)>,
    query: String,
    /// The family and detail of the error at compile time, if one is expected.
    refused: Option<(String, String)>,
    /// Whether the error may also come at run time.
    any_time: bool,
}

#[test]
fn statements_are_refused_where_the_suite_says() {
    let given = std::env::var_os("YUANPU_TCK").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/tck");
    let folder = given.unwrap_or_else(|| beside.clone()).join("features");
    if !folder.is_dir() {
        return;
    }
    let mut files = Vec::new();
    collect(&folder, &mut files);
    files.sort();
    let (mut failures, mut count) = (Vec::new(), 0);
    for file in &files {
        let text = std::fs::read_to_string(file).expect("the suite can be read");
        let name = file.file_stem().map(|name| name.to_string_lossy().to_string()).unwrap_or_default();
        for case in cases(&name, &text) {
            count += 1;
            let outcome = outcome(&case);
            let fits = match (&case.refused, &outcome) {
                (None, None) => true,
                (Some(_), None) => case.any_time,
                (Some((family, detail)), Some((found_family, found, _))) => {
                    (family == found_family) && (detail == found || detail == "*")
                }
                (None, Some(_)) => false,
            };
            if !fits {
                failures.push(format!("{}\n{}\n  wanted {:?}, got {outcome:?}", case.place, case.query, case.refused));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {count}\n\n{}", failures.len(), failures.join("\n\n"));
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the suite can be read").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "feature") {
            files.push(path);
        }
    }
}

/// Returns family, detail and message of the error, if the statement is refused.
fn outcome(case: &Case) -> Option<(String, String, String)> {
    let statement = match parse_statement(&case.query) {
        Ok(statement) => statement,
        Err(error) => {
            return Some(("SyntaxError".to_string(), error.kind.name().to_string(), error.message));
        }
    };
    let environment = Environment { names: &NoNames, procedures: &case.procedures, parameters: Some(&case.parameters) };
    let error = Binder::bind(&statement, &case.query, &environment).err()?;
    Some((error.kind.family().to_string(), error.kind.detail().to_string(), error.message))
}

/// Returns the statements of a feature file, outlines written out.
fn cases(name: &str, text: &str) -> Vec<Case> {
    let mut found = Vec::new();
    let text = text.replace("\r\n", "\n");
    let scenarios = text.split("\n  Scenario").skip(1);
    for scenario in scenarios {
        // A scenario ends before the tags and comments of the next.
        let rows = examples(scenario);
        let body = scenario.split("\n    Examples:").next().unwrap_or(scenario);
        if rows.is_empty() {
            found.extend(case(name, body));
        }
        for row in rows {
            let filled =
                row.iter().fold(body.to_string(), |text, (key, value)| text.replace(&format!("<{key}>"), value));
            found.extend(case(name, &filled));
        }
    }
    found
}

fn examples(scenario: &str) -> Vec<Vec<(String, String)>> {
    let mut rows = Vec::new();
    for table in scenario.split("\n    Examples:").skip(1) {
        let mut lines = table.lines().map(str::trim).filter(|line| line.starts_with('|'));
        let Some(header) = lines.next().map(cells) else { continue };
        rows.extend(lines.map(|line| header.iter().cloned().zip(cells(line)).collect()));
    }
    rows
}

fn cells(line: &str) -> Vec<String> {
    let line = line.trim().trim_start_matches('|');
    let (mut cells, mut cell, mut escaped) = (Vec::new(), String::new(), false);
    for character in line.chars() {
        match character {
            '|' if !escaped => cells.push(std::mem::take(&mut cell).trim().to_string()),
            '|' if escaped => {
                cell.pop();
                cell.push('|');
            }
            _ => cell.push(character),
        }
        escaped = character == '\\' && !escaped;
    }
    cells
}

fn case(name: &str, body: &str) -> Option<Case> {
    let mut case = Case { place: format!("{name} {}", body.lines().next().unwrap_or("")), ..Case::default() };
    let mut lines = body.lines().peekable();
    while let Some(line) = lines.next() {
        let line = line.trim();
        if let Some(signature) = line.split("there exists a procedure ").nth(1) {
            let signature = signature.trim().trim_end_matches(':').trim();
            case.procedures.push(Signature::parse(signature).unwrap_or_else(|error| panic!("{signature}: {error}")));
        } else if line.ends_with("parameters are:") {
            while let Some(row) = lines.next_if(|line| line.trim().starts_with('|')) {
                case.parameters.extend(cells(row).first().map(|name| (SmolStr::new(name), Kind::Null)));
            }
        } else if line.ends_with("executing query:") && case.query.is_empty() {
            lines.next();
            let text: Vec<&str> = lines.by_ref().take_while(|line| !line.trim().starts_with("\"\"\"")).collect();
            case.query = text.join("\n");
        } else if let Some((family, rest)) = line.split_once(" should be raised at ") {
            let family = family.rsplit(' ').next().unwrap_or(family).to_string();
            let (phase, detail) = rest.split_once(": ").unwrap_or((rest, ""));
            case.any_time = phase == "any time";
            if phase != "runtime" {
                case.refused = Some((family, detail.trim().to_string()));
            }
        }
    }
    (!case.query.is_empty()).then_some(case)
}
