//! `check PATH`: verifies a graph package, one finding a line on standard output.
//!
//! What the files say for themselves and against the documents is the exchange's business; the package's own queries are run here, because
//! running them takes the whole engine.

use std::io::Write;
use std::path::Path;

use crate::diagnostic::line_and_column;
use crate::engine::{Answer, Connection, Database};
use crate::exchange::package::{CHECKS, CheckOptions, PackageFiles, check_package};
use crate::exchange::{ExchangeError, Finding};
use crate::output::cell;
use crate::text::visible;

use super::arguments::{Arguments, CheckArguments};
use super::ending::Ending;
use super::{database, interrupt, report, script, wrong_call};

/// Verifies a package.
pub(super) fn run(arguments: &Arguments, package: &CheckArguments, folder: &Path) -> Ending {
    interrupt::listen();
    let documents = arguments.global.documents.as_deref();
    if package.coverage && documents.is_none() {
        return wrong_call("--coverage wants the documents: `--documents DIR`");
    }
    if !folder.exists() {
        return wrong_call(&format!("there is neither a file nor a folder `{}`", folder.display()));
    }
    let options = CheckOptions { documents, coverage: package.coverage };
    let mut findings = match check_package(folder, options) {
        Ok(findings) => findings,
        Err(error) => return refused(&error),
    };
    match Database::from_package(folder, database::options(arguments)) {
        Ok(database) => match own_checks(folder, &mut database.connect()) {
            Ok(own) => findings.extend(own),
            Err(error) => return refused(&error),
        },
        // What keeps the package from loading is among the findings already.
        Err(_) if !findings.is_empty() => {}
        Err(error) => {
            report::diagnostic(&error.to_diagnostic(), "", None);
            return Ending::Failed;
        }
    }
    if findings.is_empty() {
        let against = documents.map(|folder| format!(" and the documents in `{}`", folder.display()));
        report::message(&format!("`{}` agrees with its schema{}", folder.display(), against.unwrap_or_default()));
    }
    let mut output = anstream::stdout();
    for finding in &findings {
        if writeln!(output, "{}", visible(&finding.to_string())).is_err() {
            break;
        }
    }
    match findings.len() {
        0 => Ending::Done,
        1 => found("1 finding"),
        count => found(&format!("{count} findings")),
    }
}

fn found(words: &str) -> Ending {
    report::message(words);
    Ending::Found
}

fn refused(error: &ExchangeError) -> Ending {
    wrong_call(&error.to_string())
}

/// Runs the package's own checks: each row that one returns is a finding, and the comment above it says what is wrong.
fn own_checks(folder: &Path, connection: &mut Connection) -> Result<Vec<Finding>, ExchangeError> {
    let files = PackageFiles::read(folder)?;
    let mut findings = Vec::new();
    for (path, bytes) in files.part(CHECKS) {
        let Ok(text) = std::str::from_utf8(bytes) else {
            findings.push(Finding::in_file(path.clone(), "the file is not UTF-8"));
            continue;
        };
        let mut before = 0;
        for range in script::statements(text) {
            let (line, column) = line_and_column(text, range.start);
            let finding = |message: String| Finding::in_file(path.clone(), message).at(line as u64, column as u64);
            let comment = comment_of(&text[before..range.start]);
            before = range.end;
            match connection.run(&text[range], ()) {
                Ok(answer) => {
                    findings.extend(answer.warnings.iter().map(|warning| finding(warning.to_string())));
                    findings.extend(rows_of(&answer).map(|row| finding(format!("{comment}: {row}"))));
                }
                Err(error) => findings.push(finding(error.to_string())),
            }
        }
    }
    Ok(findings)
}

/// Returns the words of the comment lines that stand before a statement.
fn comment_of(text: &str) -> String {
    let lines = text.lines().filter_map(|line| line.trim().strip_prefix("//"));
    lines.map(str::trim).collect::<Vec<_>>().join(" ")
}

fn rows_of(answer: &Answer) -> impl Iterator<Item = String> + '_ {
    answer.rows.iter().map(|row| {
        let cells = answer.columns.iter().zip(row).map(|(column, value)| format!("{column} {}", cell(value)));
        cells.collect::<Vec<_>>().join(", ")
    })
}
