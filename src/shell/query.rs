//! `query TEXT`: runs the text and writes its rows.

use std::io;
use std::path::Path;

use super::arguments::{Arguments, QueryArguments};
use super::ending::Ending;
use super::passages::Passages;
use super::printer::Printer;
use super::session::{Session, Source};
use super::{database, interrupt, report, saved, settings};

/// Runs the text.
pub(super) fn run(arguments: &Arguments, query: &QueryArguments) -> Ending {
    let parameters = match settings::parameters(&query.rows.parameters, query.rows.parameter_file.as_deref()) {
        Ok(parameters) => parameters,
        Err(words) => {
            report::message(&format!("error: {words}"));
            return Ending::WrongCall;
        }
    };
    let database = match database::open(arguments) {
        Ok(database) => database,
        Err(ending) => return ending,
    };
    interrupt::listen();
    if let Some(path) = &query.compare {
        return saved::compare(&database, path);
    }
    let mut session = Session::new(database.connect(), parameters, Printer::new(query.rows.format));
    session.at_first_write = database::words_at_first_write(arguments);
    session.printer.passages = Passages::of(arguments.global.documents.as_deref(), &mut session.connection);
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
