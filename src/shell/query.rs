//! `query TEXT`: runs the text and writes its rows.

use std::io;
use std::path::Path;

use super::arguments::{Arguments, QueryArguments};
use super::ending::Ending;
use super::session::{Session, Source};
use super::{report, saved, settings};

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
        (Some(text), Some(path)) => save(&mut session, text, query, (path, &arguments.files_in_use())),
        (Some(text), None) if text != "-" => {
            let (ending, _) = session.run_source(Source { text, file: None });
            session.end(ending)
        }
        _ => {
            let (ending, _) = session.run_file("-".as_ref());
            session.end(ending)
        }
    }
}

/// Runs the text, keeps the answer in a file, and writes the rows.
fn save(session: &mut Session, text: &str, query: &QueryArguments, place: (&Path, &[&Path])) -> Ending {
    let refused = |words: &str| {
        report::message(&format!("error: {words}"));
        Ending::WrongCall
    };
    let text = &match text {
        "-" => match io::read_to_string(io::stdin()) {
            Ok(text) => text,
            Err(error) => return refused(&format!("the query cannot be read: {error}")),
        },
        text => text.to_owned(),
    };
    let parameters = match settings::as_json(&query.rows.parameters, query.rows.parameter_file.as_deref()) {
        Ok(parameters) => parameters,
        Err(words) => return refused(&words),
    };
    let answer = match saved::save(&mut session.connection, text, &parameters, place) {
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
