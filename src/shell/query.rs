//! `query TEXT`: runs the text and writes its rows.

use super::arguments::{Arguments, QueryArguments};
use super::ending::Ending;
use super::passages::Passages;
use super::printer::Printer;
use super::session::{Session, Source};
use super::{database, interrupt, report, settings};

/// Runs the text.
pub(super) fn run(arguments: &Arguments, query: &QueryArguments) -> Ending {
    let parameters = match settings::parameters(&query.rows.parameters) {
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
    let mut session = Session::new(database.connect(), parameters, Printer::new(query.rows.format));
    session.at_first_write = database::words_at_first_write(arguments);
    session.printer.passages = Passages::of(arguments.global.documents.as_deref(), &mut session.connection);
    if query.text == "-" {
        return session.run_file("-".as_ref()).0;
    }
    session.run_source(Source { text: &query.text, file: None }).0
}
