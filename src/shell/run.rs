//! `run SCRIPT…`: runs script files, stops at the first error.

use super::arguments::{Arguments, RunArguments};
use super::commands::After;
use super::ending::Ending;
use super::passages::Passages;
use super::printer::Printer;
use super::session::Session;
use super::{database, interrupt, report, settings};

/// Runs the scripts in order, in one session.
pub(super) fn run(arguments: &Arguments, scripts: &RunArguments) -> Ending {
    let parameters = match settings::parameters(&scripts.rows.parameters, scripts.rows.parameter_file.as_deref()) {
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
    let mut session = Session::new(database.connect(), parameters, Printer::new(scripts.rows.format));
    session.at_first_write = database::words_at_first_write(arguments);
    session.printer.passages = Passages::of(arguments.global.documents.as_deref(), &mut session.connection);
    session.goes_on = scripts.fail_at_end;
    let mut worst = Ending::Done;
    for script in &scripts.scripts {
        let (ending, after) = session.run_file(script);
        worst = worst.max(ending);
        let stops = ending != Ending::Done && !scripts.fail_at_end;
        if stops || after == After::Leave || ending == Ending::Interrupted {
            break;
        }
    }
    worst
}
