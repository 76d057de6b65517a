//! `query TEXT`: runs the text and writes its rows.

use std::io;
use std::path::Path;

use super::arguments::{Arguments, QueryArguments};
use super::ending::Ending;
use super::session::{Session, Source};
use super::{report, saved};

/// Runs the text.
pub(super) fn run(arguments: &Arguments, query: &QueryArguments) -> Ending {
    let mut session = match Session::of(arguments, &query.rows) {
        Ok(session) => session,
        Err(ending) => return ending,
    };
    if let Some(path) = &query.compare {
        return saved::compare(session.connection.database(), path);
    }
    match (&query.text, &query.save) {
        (Some(text), Some(path)) => save(&mut session, text, &query.rows.parameters, path),
        (Some(text), None) if text != "-" => session.run_source(Source { text, file: None }).0,
        _ => session.run_file("-".as_ref()).0,
    }
}

/// Runs the text, keeps the answer in a file, and writes the rows.
fn save(session: &mut Session, text: &str, parameters: &[String], path: &Path) -> Ending {
    let answer = match saved::save(&mut session.connection, text, parameters, path) {
        Ok(answer) => answer,
        Err(ending) => return ending,
    };
    for warning in &answer.warnings {
        report::diagnostic(warning, text, None);
    }
    match session.printer.write(&answer, &mut io::stdout().lock()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            report::message(&format!("error: the rows cannot be written: {error}"));
            Ending::Failed
        }
        _ => Ending::Done,
    }
}
